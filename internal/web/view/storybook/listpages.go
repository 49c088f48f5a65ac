package storybook

import (
	"mirabilia/internal/text"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/ui"
)

func memberListStories() []Story {
	all := view.ListsPage{Base: base("Lists", "/lists"), Heading: "Lists", Dek: "Places that belong together, drawn up by members.", Lists: []view.ListCard{
		{Path: "/lists/a", Title: "Houses with too many locks", By: "Inés Aguirre", Places: "12 places"}, {Path: "/lists/b", Title: "Trains that should not exist", Places: "31 places", Privacy: "Whoever has its secret link"},
	}}
	none := view.ListsPage{Base: base("Your lists", "/me/lists"), Heading: "Your lists", Dek: "The lists that you own or work on.", Mine: true, Empty: ui.Empty{Title: "You have no list yet.", Text: "Make one here, or from the page of any place.", Ways: []ui.Link{{Text: "All places", Path: "/places"}}}}
	entries := []view.ListEntry{
		{Card: cards()[0], ID: "p1", Note: text.SafeHTML("<p>Go up by the east ramp.</p>"), Written: "Go up by the east ramp.", Pictured: true, Covers: true},
		{Card: cards()[1], ID: "p2", Waits: true, Pictured: true},
	}
	whole := view.ListPage{Base: base("Houses with too many locks", "/lists/a"), Heading: "Houses with too many locks", By: "Inés Aguirre", Report: "/report?of=list-1", Places: "2 places", Intro: text.SafeHTML("<p>Each was walled up by who lived in it.</p>"),
		Crumbs: []ui.Crumb{{Name: "Lists", Path: "/lists"}, {Name: "Houses with too many locks"}}, Entries: entries, Forms: []ui.Link{{Text: "GPX", Path: "/lists/a.gpx"}},
		Take: view.NewTake("/lists/a", "", "/assets/offline.js", 2, 2000), ByPath: "/users/ines", Copy: "a"}
	plain := whole
	plain.ByPath, plain.Copy, plain.Secret = "", "", "abc"
	cover := gallery()[0]
	whole.Cover, whole.Map, whole.Route, whole.Track = &cover, mapPicture(), &ui.Link{Text: "The way through them", Path: "/along?stop=a-b&stop=c-d", Icon: "route"}, "/lists/a.gpx?route=yes"
	whole.Embed = &view.Embed{Src: "https://atlas.example/embed/lists/a", Title: whole.Heading, Width: 640, Height: 460}
	privacy := []ui.Option{{Value: "private", Text: "Private: those who work on it", Selected: true}, {Value: "public", Text: "Public: everyone"}}
	edit := view.ListEdit{Base: base("Houses with too many locks", "/lists/a/edit"), Path: "/lists/a", View: "/lists/a", Heading: whole.Heading, Entries: entries, Edits: true, Owns: true, Edition: "1",
		Crumbs:  []ui.Crumb{{Name: "Your lists", Path: "/me/lists"}, {Name: whole.Heading}},
		Title:   ui.Field{ID: "l-title", Name: "title", Label: "Title", Value: whole.Heading},
		Intro:   ui.Field{ID: "l-intro", Name: "intro", Label: "Introduction", Lines: 4},
		Privacy: ui.Field{ID: "l-privacy", Name: "privacy", Label: "Who sees it", Options: privacy}, Link: "https://atlas.example/shared/lists/abc",
		Workers: []view.ListWorker{{Name: "tomasz", Shown: "Tomasz", Role: "Editor"}},
		Name:    ui.Field{ID: "w-name", Name: "name", Label: "A member"}, Role: ui.Field{ID: "w-role", Name: "role", Label: "As", Options: []ui.Option{{Value: "editor", Text: "Editor"}}},
	}
	suggests := edit
	suggests.Edits, suggests.Owns = false, false
	clash := edit
	clash.Refused, clash.Link, clash.Workers = "Somebody else has changed title or introduction meanwhile.", "", nil
	clash.Entries = []view.ListEntry{entries[0]}
	clash.Entries[0].Error, clash.Entries[0].Sent = "Somebody else has written this note meanwhile.", "Go up by the west ramp."
	made := view.ListNew{Base: base("Make a list", "/me/lists/new"), Title: edit.Title, Intro: edit.Intro, Privacy: edit.Privacy, Place: "p1"}
	refused := made
	refused.Title.Value, refused.Title.Error = "", "Give it a title."
	refused.Faults = []ui.Field{refused.Title}
	return []Story{
		page("view.Lists", "some", view.Lists(all)), page("view.Lists", "none of one's own", view.Lists(none)),
		page("view.List", "with cover, map and a note", view.List(whole)), page("view.List", "by its link, without positions", view.List(plain)),
		page("view.EditList", "owner", view.EditList(edit)), page("view.EditList", "suggester", view.EditList(suggests)), page("view.EditList", "conflict", view.EditList(clash)),
		page("view.NewList", "from a place", view.NewList(made)), page("view.NewList", "refused", view.NewList(refused)),
		page("view.ChooseList", "two lists", view.ChooseList(view.PlaceLists{Base: base("Add to list", "/places/x/lists"), Place: cards()[0], ID: "p1",
			Crumbs: []ui.Crumb{{Name: "All", Path: "/places"}, {Name: "Add to list"}}, Lists: []view.PlaceList{{Path: "/lists/a", Title: "Houses", Places: "12 places", On: true, Edits: true}, {Path: "/lists/c", Title: "Wells", Places: "3 places"}, {Path: "/lists/d", Title: "Stairs", Places: "8 places", On: true, Waits: true, Mine: true}, {Path: "/lists/e", Title: "Domes", Places: "9 places", On: true}, {Path: "/lists/b", Title: "Trains", Places: "31 places", Edits: true}}})),
	}
}
