package storybook

import (
	"mirabilia/internal/text"
	"mirabilia/internal/web/view/ui"
)

func entryStories() []Story {
	c := cards()
	near := c[0]
	near.Metres = metres(1430)
	along := c[2]
	along.Along, along.Metres = metres(48200), metres(900)
	badged := c[1]
	badged.Badge = &ui.Badge{Text: "Closed for good", Tone: "bad"}
	bare := ui.Card{Path: "/places/x", Title: "A place with a name and nothing else"}
	tale := ui.Card{Path: "/stories/x", Title: "The dunes that hum when you walk away", Kicker: "Podcast · 14 minutes", Picture: drawing("tower.svg", 720, 900, "", "")}
	letters := []ui.Letter{{Letter: "A", Names: []ui.Name{{Text: "Ålesund", Path: "/x", Count: 12}, {Text: "Asunción", Path: "/y", Count: 3}}}, {Letter: "B", Names: []ui.Name{{Text: "Berlin", Path: "/z", Count: 1176}}}}
	return []Story{
		story("ui.EntryCard", "upright, locator", ui.EntryCard(c[0], ui.Upright, "km")),
		story("ui.EntryCard", "lead, drawing, badge", ui.EntryCard(badged, ui.Lead, "km")),
		story("ui.EntryCard", "tall story", ui.EntryCard(tale, ui.Tall, "km")),
		story("ui.EntryCard", "wide", ui.EntryCard(c[1], ui.Wide, "km")),
		story("ui.EntryCard", "line with distance in miles", ui.EntryCard(near, ui.Line, "mi")),
		story("ui.EntryCard", "line along a route", ui.EntryCard(along, ui.Line, "km")),
		story("ui.EntryCard", "nothing but a name", ui.EntryCard(bare, ui.Line, "km")),
		story("ui.Pic", "photograph", ui.Pic(gallery()[0], true)),
		story("ui.Pic", "none: open sea", ui.Pic(ui.Picture{}, false)),
		story("ui.Mark", "plain", ui.Mark(ui.Badge{Text: "Itinerary"})),
		story("ui.Mark", "been", ui.Mark(ui.Badge{Text: "Confirmed", Tone: "been", Icon: "check"})),
		story("ui.Mark", "warn", ui.Mark(ui.Badge{Text: "Seasonal", Tone: "warn"})),
		story("ui.Mark", "bad", ui.Mark(ui.Badge{Text: "Lost", Tone: "bad"})),
		story("ui.Mark", "info", ui.Mark(ui.Badge{Text: "No photo yet: send yours", Tone: "info"})),
		story("ui.Near", "three neighbours", ui.Near(rows(), "km")),
		story("ui.Near", "with a note", ui.Near([]ui.Row{{Path: "/x", Title: "Ahu Tongariki", Note: "6 min on foot", Metres: metres(90), Picture: locator()}}, "mi")),
		story("ui.NearRow", "one neighbour", ui.NearRow(rows()[0], "km")),
		story("ui.Chips", "tags", ui.Chips("Themes", chips())),
		story("ui.Chips", "filters, one on", ui.Chips("Filters", []ui.Chip{{Text: "Free", Path: "?", Current: true, Remove: true}, {Text: "Ruins", Path: "?tag=ruins", Count: count(1204)}, {Text: "Eateries", Path: "?kind=eatery", Icon: "utensils"}})),
		story("ui.Names", "destinations", ui.Names([]ui.Name{{Text: "London", Path: "/a", Count: 341}, {Text: "Kyōto", Path: "/b", Count: 64}, {Text: "İstanbul", Path: "/c", Count: 1118}})),
		story("ui.Index", "two letters", ui.Index(letters)),
	}
}

func partStories() []Story {
	return []Story{
		story("ui.Neatline", "the ornament", ui.Neatline()),
		story("ui.Icon", "a word beside it", ui.Icon("map")),
		story("ui.IconFlip", "turns in right-to-left", ui.IconFlip("arrow-right")),
		story("ui.Distance", "kilometres", ui.Distance(6700, "km")),
		story("ui.Distance", "miles", ui.Distance(6700, "mi")),
		story("ui.Head", "name alone", ui.Head("s-1", "In stories and lists", "", nil)),
		story("ui.Head", "name, sentence, way on", ui.Head("s-2", "New in the atlas", "Eleven places this week.", &ui.Link{Text: "Latest places", Path: "/places"})),
		story("ui.Crumbs", "down to a city", ui.Crumbs([]ui.Crumb{{Name: "All", Path: "/destinations"}, {Name: "Mexico", Path: "/destinations/mexico"}, {Name: "Mexico City"}})),
		story("ui.Notice", "warn", ui.Notice(ui.Banner{Tone: "warn", Statement: "Closed until 15 January 2027.", Rest: "The garden is open.", Source: "Museum notice, 3 November 2026."})),
		story("ui.Notice", "bad", ui.Notice(ui.Banner{Tone: "bad", Statement: "Gone since 27 December 2022.", Rest: "This page stays, as history."})),
		story("ui.Notice", "info with a way on", ui.Notice(ui.Banner{Tone: "info", Statement: "Shown only roughly, to protect what is there.", Link: &ui.Link{Text: "Why", Path: "/faq"}})),
		story("ui.Notice", "ok", ui.Notice(ui.Banner{Tone: "ok", Statement: "Kept."})),
		story("ui.Facts", "with dates and sources", ui.Facts([]ui.Fact{{Name: "Open", Value: "Tue–Sun 10:00–17:00", Checked: "3 Nov 2026", Source: "museotrotsky.org.mx", URL: "https://museotrotsky.org.mx/"}, {Name: "Dogs", Value: "No"}, {Name: "Transit", Value: "Metro 3", Source: "OpenStreetMap"}})),
		story("ui.Meter", "38", ui.Meter(38, "Obscurity 38 of 100")),
		story("ui.Meter", "full", ui.Meter(140, "100 of 100")),
		story("ui.Pages", "in the middle", ui.Pages(ui.Pager{Text: "25–48 of 182", Prev: "?", Next: "?cursor=x", More: "More places"})),
		story("ui.Pages", "the end", ui.Pages(ui.Pager{Text: "All 4"})),
		story("ui.Nothing", "with a map", ui.Nothing(ui.Empty{Title: "Nothing here called “Zwibbelhausen”", Text: "Check the spelling, or start from a place.", Ways: []ui.Link{{Text: "Near me", Path: "/near", Icon: "locate-fixed"}, {Text: "Random place", Path: "/random"}}, Picture: ptr(locator())})),
		story("ui.Nothing", "words alone", ui.Nothing(ui.Empty{Title: "No trips yet"})),
		story("ui.Where", "city and country", ui.Where([]ui.Crumb{{Name: "Mexico City", Path: "/destinations/mexico/mexico-city"}, {Name: "Mexico"}})),
		story("ui.None", "with a way to mend it", ui.None("No source is named yet.", ui.Link{Text: "Name one", Path: "/x"})),
		story("ui.None", "words alone", ui.None("Nothing else is near.", ui.Link{})),
		story("ui.Prose", "with a large first letter", ui.Prose(text.SafeHTML(about), true)),
		story("ui.Prose", "plain", ui.Prose(text.SafeHTML(know), false)),
		story("ui.Avatar", "with a profile", ui.Avatar(ui.Person{Name: "hadaly", Path: "/users/hadaly"})),
		story("ui.Avatar", "with a picture", ui.Avatar(ui.Person{Name: "hadaly", Path: "/users/hadaly", Picture: gallery()[0].Src})),
		story("ui.Avatar", "without", ui.Avatar(ui.Person{Name: "Ágnes"})),
		story("ui.Credits", "two people", ui.Credits("Edited by", []ui.Person{{Name: "linkogecko"}, {Name: "Mario"}})),
		story("ui.Sources", "a page and a book", ui.Sources([]ui.Source{{URL: "https://example.org/", Title: "A page", Date: "2026-11-03", Archived: "https://example.org/archived"}, {Author: "Isaac Deutscher", Title: "The Prophet Outcast", Date: "1963"}, {URL: "https://example.org/untitled"}})),
	}
}

func formStories() []Story {
	return []Story{
		story("ui.Find", "in the bar", ui.Find("s-q", "", false)),
		story("ui.Find", "large, with a query", ui.Find("s-q2", "skulls prague", true)),
		story("ui.Control", "text with hint", ui.Control(ui.Field{ID: "f1", Name: "title", Label: "Title", Hint: "As a sign would say it.", Value: "The burning crater", Required: true})),
		story("ui.Control", "with an error", ui.Control(ui.Field{ID: "f2", Name: "hook", Label: "Hook", Error: "214 of 160 characters. Try ending after “rolled seventy metres inland”.", Lines: 3, Value: "…"})),
		story("ui.Control", "select", ui.Control(ui.Field{ID: "f3", Name: "sort", Label: "Order", Options: []ui.Option{{Value: "newest", Text: "Newest"}, {Value: "obscure", Text: "Most unusual", Selected: true}}})),
		story("ui.Check", "box with a count", ui.Check("free", ui.Option{Value: "yes", Text: "Free", Selected: true, Count: count(204)}, "checkbox")),
		story("ui.Check", "one of several", ui.Check("unit", ui.Option{Value: "km", Text: "Kilometres"}, "radio")),
		story("ui.Errors", "two fields", ui.Errors("Two things need mending.", []ui.Field{{ID: "f1", Label: "Title", Error: "It is missing."}, {ID: "f2", Label: "Hook", Error: "It is too long."}})),
		story("ui.Button", "primary", ui.Button(ui.Link{Text: "Add a place", Path: "/places/new", Icon: "plus"}, "")),
		story("ui.Button", "line", ui.Button(ui.Link{Text: "Website", Path: "https://example.org/", Rel: "noopener"}, "line")),
		story("ui.Button", "text", ui.Button(ui.Link{Text: "Report", Path: "/x", Icon: "flag"}, "text")),
		story("ui.Tabs", "first open", ui.Tabs("Guide", []ui.Link{{Text: "Places", Path: "?", Current: true}, {Text: "Stories", Path: "?x"}})),
	}
}

func pictureStories() []Story {
	moving := *mapPicture()
	moving.Script, moving.Style, moving.Worker, moving.Caption, moving.Priority = "/assets/map.js", "/assets/map.css", "/assets/map-worker.js", "Every dot is a place.", true
	uncredited := gallery()[0]
	uncredited.Credit, uncredited.Licence = "", ""
	five := append(gallery(), gallery()...)
	return []Story{
		story("ui.Figure", "caption and credit", ui.Figure(gallery()[0], false)),
		story("ui.Figure", "caption alone", ui.Figure(uncredited, false)),
		story("ui.Rights", "with a licence", ui.Rights(gallery()[0])),
		story("ui.Gallery", "one", ui.Gallery(gallery()[:1], locator())),
		story("ui.Gallery", "two", ui.Gallery(gallery()[:2], locator())),
		story("ui.Gallery", "three", ui.Gallery(gallery()[:3], locator())),
		story("ui.Gallery", "four", ui.Gallery(gallery(), locator())),
		story("ui.Gallery", "eight", ui.Gallery(five, locator())),
		story("ui.Lightbox", "closed until its address", ui.Lightbox(gallery()[:2])),
		story("ui.MapFigure", "with the map page only", ui.MapFigure(*mapPicture())),
		story("ui.MapFigure", "moves when touched", ui.MapFigure(moving)),
	}
}

func ptr[T any](v T) *T { return &v }
