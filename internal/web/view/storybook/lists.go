package storybook

import (
	"strings"

	"mirabilia/internal/text"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/ui"
)

func names() []ui.Name {
	return []ui.Name{{Text: "London", Path: "/a", Count: 341}, {Text: "Mexico City", Path: "/b", Count: 182}, {Text: "Kraków", Path: "/c", Count: 58}}
}

func letters() []ui.Letter {
	return []ui.Letter{
		{Letter: "K", Names: []ui.Name{{Text: "Kraków", Path: "/c", Count: 58}, {Text: "Kyōto", Path: "/d", Count: 64}}},
		{Letter: "L", Names: []ui.Name{{Text: "London", Path: "/a", Count: 341}, {Text: "Lisbon", Path: "/e", Count: 97}}},
	}
}

func counts() []view.Count {
	return []view.Count{{N: 182, Singular: "place", Plural: "places"}, {N: 1, Singular: "to eat", Plural: "to eat"}, {N: 0, Singular: "story", Plural: "stories"}}
}

func sorts() []ui.Chip {
	return []ui.Chip{{Text: "Newest", Path: "?sort=newest", Current: true}, {Text: "Most wanted", Path: "?sort=wanted"}, {Text: "Most unusual", Path: "?sort=obscure"}}
}

func on() []ui.Chip {
	return []ui.Chip{{Text: "Free", Path: "?", Current: true, Remove: true}}
}

func full() view.Listing {
	return view.Listing{Cards: cards(), Total: 182, Pager: ui.Pager{Text: "1–4 of 182", Next: "?cursor=x", More: "More places"}}
}

func nothing() ui.Empty {
	return ui.Empty{Title: "Nothing here fits all of that", Text: "Take a condition away.", Ways: []ui.Link{{Text: "Clear all", Path: "/places"}, {Text: "Random place", Path: "/random"}}}
}

func filters() view.Filters {
	field := func(id, label string, options ...ui.Option) ui.Field {
		return ui.Field{ID: id, Name: id, Label: label, Options: options}
	}
	return view.Filters{
		Action: "/places", Keep: []ui.Option{{Value: "bbox", Text: "1,2,3,4"}}, Query: ui.Field{ID: "fq", Name: "q", Label: "Words"},
		In:      field("in", "Where", ui.Option{Value: "", Text: "Anywhere"}, ui.Option{Value: "mexico", Text: "Mexico", Selected: true}, ui.Option{Value: "mexico/puebla", Text: "Puebla"}),
		Kind:    field("kind", "Kind", ui.Option{Value: "", Text: "All"}, ui.Option{Value: "eatery", Text: "To eat"}),
		Obscure: field("obscurity", "How obscure", ui.Option{Value: "", Text: "Any"}, ui.Option{Value: "60-100", Text: "Obscure"}),
		Sort:    field("sort", "Order", ui.Option{Value: "newest", Text: "Newest", Selected: true}),
		Tags:    []ui.Option{{Value: "ruins", Text: "Ruins", Count: count(204)}}, Status: []ui.Option{{Value: "lost", Text: "Lost"}},
		Facts: []ui.Option{{Value: "free", Text: "Free", Selected: true}}, On: 1, Clear: "/places",
	}
}

func listStories() []Story {
	places := view.PlacesPage{
		Base: base("All places", "/places"), Crumbs: []ui.Crumb{{Name: "All", Path: "/destinations"}, {Name: "Places"}}, Heading: "All places",
		Dek: "Everything in the atlas.", Sorts: sorts(), On: on(), Filters: filters(), Map: ui.Link{Text: "On the map", Path: "/map"},
		Forms: []ui.Link{{Text: "GeoJSON", Path: "/places.geojson"}, {Text: "CSV", Path: "/places.csv"}}, Listing: full(),
	}
	none := places
	none.Listing = view.Listing{Empty: nothing()}
	tag := view.TagPage{
		Base: base("Ruins", "/tags/ruins"), Crumbs: []ui.Crumb{{Name: "Themes", Path: "/tags"}, {Name: "Ruins"}}, Kicker: "Theme", Heading: "Ruins",
		Intro: text.SafeHTML("<p>What is left when the roof goes.</p>"), Counts: counts(), Related: chips(), Where: chips()[:2], Sorts: sorts(), Listing: full(),
		Forms: places.Forms, Map: places.Map, Random: ui.Link{Text: "Random ruin", Path: "/random?tag=ruins"},
	}
	return []Story{
		page("view.Places", "one page", view.Places(places)),
		page("view.Places", "nothing fits", view.Places(none)),
		page("view.Tag", "a theme", view.Tag(tag)),
		page("view.Tags", "the index", view.Tags(view.TagsPage{Base: base("Themes", "/tags"), Common: names(), Letters: letters()})),
		page("view.Tags", "empty", view.Tags(view.TagsPage{Base: base("Themes", "/tags"), Empty: nothing()})),
		page("view.Destination", "a city", view.Destination(destination())),
		page("view.Destination", "an empty city", view.Destination(emptyCity())),
		page("view.Destinations", "the index", view.Destinations(view.DestinationsPage{Base: base("Destinations", "/destinations"), Popular: names(), Letters: letters(), Counts: counts(), Map: mapPicture()})),
		page("view.Destinations", "empty", view.Destinations(view.DestinationsPage{Base: base("Destinations", "/destinations"), Empty: nothing()})),
	}
}

func destination() view.DestinationPage {
	more := ui.Link{Text: "All places to eat", Path: "/places-to-eat?in=mexico/mexico-city"}
	return view.DestinationPage{
		Base: base("Mexico City", "/destinations/mexico/mexico-city"), Crumbs: []ui.Crumb{{Name: "All", Path: "/destinations"}, {Name: "Mexico", Path: "/destinations/mexico"}, {Name: "Mexico City"}},
		Name: "Mexico City", Kicker: "The guide to", Picture: gallery()[0], Intro: text.SafeHTML("<p>A lake that became a city.</p>"), Counts: counts(),
		Tabs:    []ui.Link{{Text: "Places", Path: "#places", Current: true}, {Text: "To eat", Path: "#eat"}},
		Unusual: append(cards(), cards()[:2]...), Map: mapPicture(), Before: "A city in Mexico.",
		PartsTitle: "Parts, A–Z", Parts: letters(), Tags: chips(), Eat: cards()[:2], EatMore: &more, Sorts: sorts(), Listing: full(),
		Forms: []ui.Link{{Text: "GPX", Path: "/x.gpx"}}, Stories: ui.Empty{Title: "No story from here yet"}, Near: names(), Lists: naming(),
	}
}

func naming() []view.ListCard {
	return []view.ListCard{{Path: "/lists/eight-houses", Title: "Eight houses with a key-holder", By: "hadaly", Places: "8 places"}, {Path: "/lists/rain", Title: "For a day of rain", By: "Ágnes", Places: "1 place"}}
}

func emptyCity() view.DestinationPage {
	metres := 41_000.0
	p := destination()
	p.Unusual, p.Eat, p.EatMore, p.Parts, p.Lists, p.Listing = nil, nil, nil, nil, nil, view.Listing{Empty: nothing()}
	p.Nearest = []ui.Row{{Path: "/places/a", Title: "Cuicuilco", Hook: "A round pyramid", Metres: &metres, Picture: gallery()[0]}}
	return p
}

func searchStories() []Story {
	found := view.SearchPage{
		Base: base("skulls", "/search"), Asked: "skuls prague", Line: "14 for “skulls”, in Prague", Read: "skulls prague", Exact: "/search?q=skuls&exact=1",
		Kinds: sorts(), On: on(), Pager: ui.Pager{Text: "1–2 of 14", Next: "?offset=2", More: "More"}, Map: &ui.Link{Text: "On the map", Path: "/map"}, Tags: chips(),
		Groups: []view.SearchGroup{
			{ID: "place", Title: "Places", Cards: cards(), More: &ui.Link{Text: "All 12", Path: "?kind=place"}},
			{ID: "destination", Title: "Destinations", Rows: []ui.Row{{Path: "/a", Title: "Prague", Hook: "Czechia"}}},
		},
	}
	empty := nothing()
	near := view.NearPage{
		Base: base("Near Coyoacán", "/near"), Asked: "Coyoacán", Where: "Coyoacán, Mexico City", Map: mapPicture(), Rows: cards(), Total: 26,
		Pager: ui.Pager{Text: "1–4 of 26", Next: "?cursor=x", More: "More places"}, Forms: []ui.Link{{Text: "GPX", Path: "/x.gpx"}},
		Form: view.NearForm{
			Query:  ui.Field{ID: "q-near", Name: "q", Label: "Where", Value: "Coyoacán"},
			Radius: ui.Field{ID: "radius", Name: "radius", Label: "How far", Options: []ui.Option{{Value: "5", Text: "5 km", Selected: true}}},
			Unit:   ui.Field{ID: "unit", Name: "unit", Label: "Unit", Options: []ui.Option{{Value: "km", Text: "Kilometres"}}},
		},
	}
	for i := range near.Rows {
		near.Rows[i].Metres = metres(float64(350 * (i + 1)))
	}
	unknown := view.NearPage{Base: near.Base, Form: near.Form, Choices: []ui.Link{{Text: "Springfield, Illinois", Path: "/near?lat=39.8&lon=-89.6"}}}
	guessed := near
	guessed.Asked, guessed.Read, guessed.Choices = "chandelier", "Chandler, Arizona", unknown.Choices
	nowhere := view.NearPage{Base: near.Base, Asked: "Zwibbelhausen", Form: near.Form, Nothing: &empty}
	return []Story{
		page("view.Search", "found", view.Search(found)),
		page("view.Search", "nothing found", view.Search(view.SearchPage{Base: found.Base, Asked: "Zwibbelhausen", Nothing: &empty, Meant: []ui.Link{{Text: "Zwiefalten", Path: "?q=Zwiefalten"}}, Popular: []ui.Link{{Text: "Paris", Path: "/a"}}})),
		page("view.Search", "a city without places", view.Search(view.SearchPage{Base: found.Base, Asked: "skulls prague", Line: "“skulls” elsewhere", Groups: found.Groups, Place: &view.SearchPlace{
			Title: "Nothing in Prague is written down yet", Text: "Below is “skulls” elsewhere.", Ways: []ui.Link{{Text: "Near Prague", Path: "/near?lat=50.1&lon=14.4", Icon: "locate-fixed"}, {Text: "The guide to Prague", Path: "/a"}},
			NearTitle: "Nearest to Prague", Near: rows()}})),
		page("view.Search", "nothing asked", view.Search(view.SearchPage{Base: base("Search", "/search")})),
		page("view.Near", "around a point", view.Near(near)),
		page("view.Near", "several points", view.Near(unknown)),
		page("view.Near", "a name that was guessed", view.Near(guessed)),
		page("view.Near", "no such point", view.Near(nowhere)),
		page("view.Map", "the world", view.Map(worldMap(full()))),
		page("view.Map", "nothing fits", view.Map(worldMap(view.Listing{Empty: empty}))),
		page("view.Text", "running text", view.Text(view.TextPage{Base: base("About", "/about"), Heading: "About", Dek: "What this is.", Body: text.SafeHTML(about), Contact: "atlas@example.org", Credits: []view.Work{{Name: "GeoNames", What: "Names of cities", Licence: "CC BY 4.0", URL: "https://www.geonames.org/"}}})),
		page("view.Dumps", "two files", view.Dumps(view.DumpsPage{Base: base("The atlas to take home", "/dumps"), Made: "24 November 2026, 03:00 UTC", MadeISO: "2026-11-24T03:00:00Z", Places: 73, Licence: "CC-BY-SA-4.0", LicenceURL: "https://creativecommons.org/licenses/by-sa/4.0/", Files: []view.DumpFile{
			{Name: "places.ndjson.gz", Path: "/dumps/places.ndjson.gz", What: "A record a line", Size: "81.3 kB", SHA256: strings.Repeat("0123456789abcdef", 4)}, {Name: "SHA256SUMS", Path: "/dumps/SHA256SUMS", What: "Checksums", Size: "412 B", SHA256: strings.Repeat("fedcba9876543210", 4)},
		}})),
		page("view.Dumps", "none yet", view.Dumps(view.DumpsPage{Base: base("The atlas to take home", "/dumps")})),
		page("view.API", "for programs", view.API(view.APIPage{
			Base: base("Data and API", "/api"), Root: "http://127.0.0.1:8080/api/v1", Spec: "/api/v1/openapi.json",
			Calls: []view.APICall{{Method: "GET", Path: "/places", What: "Lists places.", Example: "/api/v1/places"}}, Forms: []view.APIForm{{Suffix: ".geojson", What: "For maps.", Example: "/places.geojson"}},
			Query: []view.APIParam{{Name: "tag", Values: "a slug", What: "Repeat it: all must hold."}},
		})),
	}
}

func worldMap(l view.Listing) view.MapPage {
	p := view.MapPage{
		Base: base("Map", "/map"), Zoom: 1.5, Query: "free=yes", Picture: locator(), Ground: ui.Ground{Tiles: "/tiles/world/{z}/{x}/{y}.mvt", MaxZoom: 6, Credit: "© A foreign map"}, Credit: "Natural Earth",
		Heading: "On the map", Total: len(l.Cards), Kinds: sorts(), On: on(), Filters: filters(), Cards: l.Cards, Empty: l.Empty,
		Forms: []ui.Link{{Text: "GeoJSON", Path: "/places.geojson"}}, All: ui.Link{Text: "As a list", Path: "/places"},
	}
	p.Picture.Alt = "Map of the world."
	return p
}
