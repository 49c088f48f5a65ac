package storybook

import (
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/ui"
)

func markStories() []Story {
	p := view.MarkPage{
		Base: base("Your marks", "/places/x/mark"), Place: cards()[0], Action: "/places/x", Been: true,
		Crumbs: []ui.Crumb{{Name: "All", Path: "/places"}, {Name: "Museo Casa de León Trotsky", Path: "/places/x"}, {Name: "Your marks"}},
		Visits: []view.Visit{
			{ID: "1", Day: "15 November 2026", Outcome: ui.Badge{Text: "Found it", Tone: "been", Icon: "check"}, Still: &ui.Badge{Text: "Still there as described", Tone: "been", Icon: "check"}, Note: "The study is shut, but the gardener showed me where the rabbits lived.", Seen: "Everyone sees it"},
			{ID: "2", Day: "2019", Outcome: ui.Badge{Text: "It was closed", Tone: "warn"}, Seen: "Only you see it", Photos: visitPhotos()},
		},
		Photos: true,
		Form:   visitForm(),
	}
	p.NoIndex = true
	refused := p
	refused.Visits, refused.Been, refused.Want = nil, false, true
	refused.Form.Day.Value, refused.Form.Day.Error = "tomorrow", "Write the date as 2026-11-03, 2026-11 or 2026."
	refused.Form.Faults = []ui.Field{refused.Form.Day}
	refused.Results = []view.PhotoResult{{Name: "rain.jpg", Text: "Not kept, since the visit was not. Choose it again."}}
	return []Story{
		page("view.Mark", "been, two visits", view.Mark(p)),
		page("view.Mark", "a visit was refused", view.Mark(refused)),
	}
}

func visitForm() view.VisitForm {
	return view.VisitForm{
		Day:     ui.Field{ID: "v-day", Name: "day", Label: "When", Hint: "A day, a month or a year: 2026-11-03, 2026-11 or 2026.", Required: true},
		Outcome: ui.Field{ID: "v-outcome", Name: "outcome", Label: "What came of it", Options: []ui.Option{{Value: "found", Text: "Found it", Selected: true}, {Value: "closed", Text: "It was closed"}}},
		Still:   ui.Field{ID: "v-still", Name: "still", Label: "Beside its entry", Hint: "That it is still there is counted, without your name.", Options: []ui.Option{{Value: "", Text: "I would rather not say", Selected: true}, {Value: "same", Text: "Still there as described"}}},
		Told:    ui.Field{ID: "v-told", Name: "told", Label: "What is different", Hint: "For the editor alone.", Lines: 2},
		Privacy: ui.Field{ID: "v-privacy", Name: "privacy", Label: "Who may see it", Options: []ui.Option{{Value: "me", Text: "Only you see it", Selected: true}, {Value: "public", Text: "Everyone sees it"}}},
		Note:    ui.Field{ID: "v-note", Name: "note", Label: "A note", Hint: "What you would tell a friend before going.", Lines: 4},
	}
}

func visitPhotos() []view.VisitPhoto {
	words := func(id string) (caption, alt ui.Field) {
		return ui.Field{ID: "vp-caption-" + id, Name: "caption", Label: "Caption"}, ui.Field{ID: "vp-alt-" + id, Name: "alt", Label: "Description for those who cannot see it", Lines: 2}
	}
	seen, making, refused := view.VisitPhoto{ID: "7", Picture: gallery()[0]}, view.VisitPhoto{ID: "8", Work: view.PhotoWork{Making: true, Text: "It is being prepared: 1 of 3 sizes.", Made: 1, Of: 3}},
		view.VisitPhoto{ID: "9", Work: view.PhotoWork{Refused: true}, Reason: "gate.jpg: The file did not arrive whole; send it again."}
	for _, p := range []*view.VisitPhoto{&seen, &making, &refused} {
		p.Caption, p.Alt = words(p.ID)
	}
	return []view.VisitPhoto{seen, making, refused}
}
