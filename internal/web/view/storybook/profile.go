package storybook

import (
	"mirabilia/internal/text"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/ui"
)

func profileHead(at string) view.ProfileHead {
	h := view.ProfileHead{
		Person: ui.Person{Name: "Inés Aguirre"}, Seal: "Trusted: 46 accepted", Since: "Here since 3 November 2026",
		Bio: text.Markdown("Surveyor. Looks for things that are *exactly* where the map says they are not."), Links: []ui.Link{{Text: "ines.example", Path: "https://ines.example/"}},
		Badges: []ui.Badge{{Text: "10 places added", Icon: "map-pin"}, {Text: "100 photographs", Icon: "camera"}}, Follow: &view.Follow{Kind: "member", Name: "ines", What: "Inés Aguirre"},
		Followers: "Followed by 31", Feed: ui.Link{Text: "Feed", Path: "/users/ines/added.atom", Icon: "rss"}, Acts: ui.Link{Text: "Report or block", Path: "/users/ines/block"},
	}
	for _, t := range []struct{ part, word, count string }{{"", "Overview", ""}, {"/added", "Added", "23"}, {"/edited", "Edited", "46"}, {"/photos", "Photos", "207"}, {"/been", "Been", "118"}, {"/want", "Want to go", ""}} {
		h.Tabs = append(h.Tabs, view.ProfileTab{Link: ui.Link{Text: t.word, Path: "/users/ines" + t.part, Current: t.part == at}, Count: t.count})
	}
	return h
}

func travels() *view.Travels {
	return &view.Travels{Map: mapPicture(), Counts: []view.Count{{N: 118, Singular: "place", Plural: "places"}, {N: 9, Singular: "country", Plural: "countries"}}, All: &ui.Link{Text: "All 9 countries", Path: "/users/ines/countries"},
		Countries: []view.CountryRow{{Name: "Mexico", Path: "/destinations/mexico", Been: "74", Of: "180", Share: 41, Label: "74 of 180 places in Mexico"}, {Name: "Germany", Path: "/destinations/germany", Been: "12", Of: "554", Share: 2, Label: "12 of 554 places in Germany"}}}
}

func profileStories() []Story {
	b := base("Inés Aguirre", "/users/ines")
	lists := []view.ListCard{{Path: "/lists/locks", Title: "Houses with too many locks", Places: "12 places"}}
	full := view.ProfilePage{Base: b, Head: profileHead(""), Travels: travels(), Been: cards()[:1], BeenTo: &ui.Link{Text: "All 118", Path: "/users/ines/been"}, Added: cards(), AddedTo: &ui.Link{Text: "All 23", Path: "/users/ines/added"}, Edited: cards()[:1],
		EditTo: &ui.Link{Text: "All 46", Path: "/users/ines/edited"}, Lists: lists, ListsTo: &ui.Link{Text: "All 5 lists", Path: "/users/ines/lists"}, Year: &ui.Link{Text: "2026 in review", Path: "/users/ines/year/2026"}}
	bare := view.ProfilePage{Base: b, Head: view.ProfileHead{Person: ui.Person{Name: "Otto"}, Since: "Here since 3 November 2026", Tabs: profileHead("").Tabs, Notice: &ui.Banner{Tone: "info", Statement: "This member cannot write at present.", Rest: "What they gave to the atlas stays."}},
		Empty:    &ui.Empty{Title: "Otto has not added anything yet.", Ways: []ui.Link{{Text: "All places", Path: "/places"}}},
		OwnEmpty: &ui.Empty{Title: "Nothing of yours is public yet.", Ways: []ui.Link{{Text: "Add a place", Path: "/places/new"}}}}
	part := func(p view.ProfilePart) view.ProfilePart {
		p.Base, p.Head = b, profileHead("/been")
		return p
	}
	been := part(view.ProfilePart{Title: "Places been to", Seen: "Only you see this.", Choose: ui.Link{Text: "Choose who sees it", Path: "/settings"}, Ways: []ui.Link{{Text: "Bring saved places", Path: "/me/import", Icon: "upload"}},
		Listing: view.Listing{Cards: cards(), Pager: ui.Pager{Text: "118 places", Prev: "/users/ines/been", Next: "/users/ines/been?cursor=a.b", More: "Earlier"}}, Forms: []ui.Link{{Text: "GPX", Path: "/users/ines/been.gpx"}}})
	kept := part(view.ProfilePart{Title: "Places been to", Kept: "Inés Aguirre has not chosen to show this to you."})
	photos := part(view.ProfilePart{Title: "Photographs", Photos: []view.ProfilePhoto{{Picture: gallery()[0], Place: ui.Link{Text: "Casa Azul", Path: "/places/casa-azul"}}}, Pager: &ui.Pager{Text: "1 photograph"}})
	visits := part(view.ProfilePart{Title: "Visits", Visits: []view.ProfileVisit{{Card: cards()[0], Day: "15 November 2026", Note: "The study is shut, but the gardener showed me where the rabbits lived.", Report: "/report?of=visit-1"}}})
	year := view.ProfileYear{Base: b, Head: profileHead(""), Title: "2026 in review", Dek: "What Inés gave to the atlas, and where the way led.", Counts: []view.Count{{N: 3, Singular: "place added", Plural: "places added"}}, Map: mapPicture(),
		Parts: []view.ProfileYearPart{{ID: "h-added", Title: "Added", Cards: cards(), More: "and 12 more"}}, Before: &ui.Link{Text: "2025", Path: "/users/ines/year/2025", Icon: "arrow-left"}, After: &ui.Link{Text: "2027", Path: "/users/ines/year/2027", Icon: "arrow-right"}}
	none := view.ProfileYear{Base: b, Head: profileHead(""), Title: "2019 in review", Nothing: &ui.Empty{Title: "Nothing is told of this year."}}
	return []Story{
		story("ui.Face", "a letter", ui.Face(ui.Person{Name: "Inés Aguirre"}, "")), story("ui.Face", "a picture", ui.Face(ui.Person{Name: "Inés Aguirre"}, gallery()[0].Src)),
		page("view.Profile", "everything", view.Profile(full)), page("view.Profile", "nothing yet, suspended", view.Profile(bare)),
		page("view.ProfilePartPage", "been, one's own", view.ProfilePartPage(been)), page("view.ProfilePartPage", "kept", view.ProfilePartPage(kept)), page("view.ProfilePartPage", "photographs", view.ProfilePartPage(photos)),
		page("view.ProfilePartPage", "visits", view.ProfilePartPage(visits)), page("view.ProfilePartPage", "lists", view.ProfilePartPage(part(view.ProfilePart{Title: "Public lists", Lists: lists}))),
		page("view.ProfilePartPage", "countries", view.ProfilePartPage(part(view.ProfilePart{Title: "By country", Travels: travels()}))),
		page("view.ProfileYearPage", "a full year", view.ProfileYearPage(year)), page("view.ProfileYearPage", "nothing told", view.ProfileYearPage(none)),
	}
}
