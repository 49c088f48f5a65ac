package storybook

import (
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/ui"
)

func deadLinkStories() []Story {
	p := view.DeadLinksPage{
		Base: base("Dead links", "/desk/links"), Crumbs: []ui.Crumb{{Name: "Review desk", Path: "/desk"}, {Name: "Dead links"}}, Next: "/desk/links?after=2",
		Notice: &ui.Banner{Tone: "ok", Statement: "It is looked at again soon."},
		Rows: []view.DeadLinkRow{
			{ID: "1", Address: "https://museum.example/opening-hours", Archive: "https://web.archive.org/web/*/https://museum.example/opening-hours", Says: "Says that there is nothing (404), since 3 May 2026", Places: []view.DeadLinkUse{{Place: ui.Link{Text: "Sunken Church", Path: "/places/sunken-church"}, Edit: "/places/sunken-church/edit", Archived: true}}},
			{ID: "2", Address: "https://a-very-long-name.of-a-newspaper.example/archive/1987/06/05/the-church-that-was-drowned-twice.html", Says: "Does not answer, since 1 May 2026"},
		},
	}
	p.NoIndex = true
	none := p
	none.Rows, none.Next, none.Notice, none.Empty = nil, "", nil, nothing()
	return []Story{page("view.DeadLinks", "two", view.DeadLinks(p)), page("view.DeadLinks", "none", view.DeadLinks(none))}
}
