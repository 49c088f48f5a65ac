package storybook

import (
	"time"

	"mirabilia/internal/geo"
	"mirabilia/internal/place"
	"mirabilia/internal/text"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/ui"
)

func metres(v float64) *float64 { return &v }

func count(n int) *int { return &n }

// Site is the atlas of the fixtures.
func Site() *view.Site {
	s := view.DefaultSite()
	s.URL = "http://127.0.0.1:8080"
	return s
}

// Assets are set by whoever serves the stories.
func base(title, path string) view.Base {
	return view.Base{
		Title: title, Path: path, Site: Site(), Canonical: "http://127.0.0.1:8080" + path,
		Description: "A page of the storybook.", Lang: "en",
		Share: view.Share{Type: "article", Image: "http://127.0.0.1:8080/share/x.png", Width: 1200, Height: 630, Alt: "The share picture."},
	}
}

func locator() ui.Picture {
	return ui.Picture{Src: "/pictures/locator.svg", Width: 600, Height: 400, Locator: true}
}

func drawing(file string, w, h int, alt, caption string) ui.Picture {
	return ui.Picture{
		Src: "/pictures/" + file, Width: w, Height: h, Alt: alt, Caption: caption,
		Credit: "Drawing: the demo atlas", Licence: "CC0", LicenceURL: "https://creativecommons.org/publicdomain/zero/1.0/",
	}
}

func gallery() []ui.Picture {
	return []ui.Picture{
		drawing("courtyard.svg", 930, 620, "A brick watchtower, cacti and a pale stone stand in the courtyard of a low red house.", "The garden, between the tower and the bricked-up street side."),
		drawing("study.svg", 930, 620, "A study with a desk, a chair pushed back, a lamp and a bookcase between two windows.", "The study, left as it was."),
		drawing("tower.svg", 720, 900, "A square brick watchtower rises over a red wall.", "One of the towers built in 1940."),
		drawing("courtyard.svg", 930, 620, "The courtyard again, from the gate.", "From the gate."),
	}
}

func cards() []ui.Card {
	unit := []ui.Card{
		{Path: "/places/hallwyl", Title: "Hallwyl House", Lang: "", Where: "Stockholm, Sweden", Hook: "A countess catalogued everything she owned, down to the kitchen string."},
		{Path: "/places/casa", Title: "Casa de la Independencia", Lang: "es", Where: "Asunción, Paraguay", Hook: "Out by the alley at night, and a country by morning."},
		{Path: "/places/printing", Title: "The underground printing house", Where: "Tbilisi, Georgia", Hook: "A well, a tunnel, and a press no neighbour heard."},
		{Path: "/places/zhou", Title: "Zhou Enlai’s house", Where: "Shanghai, China", Hook: "A garden villa, watched day and night from across the street."},
	}
	for i := range unit {
		unit[i].Picture = locator()
		unit[i].Want = "/join"
	}
	unit[1].Picture = drawing("study.svg", 930, 620, "", "")
	unit[3].Picture = drawing("tower.svg", 720, 900, "", "")
	unit[3].Picture.Focus = ui.FocusClass(0.5, 0.25)
	return unit
}

func rows() []ui.Row {
	return []ui.Row{
		{Path: "/places/casa-azul", Title: "La Casa Azul", Lang: "es", Hook: "Frida Kahlo’s cobalt courtyard", Metres: metres(420), Picture: drawing("courtyard.svg", 930, 620, "", "")},
		{Path: "/places/cineteca", Title: "Cineteca Nacional", Hook: "A film archive with an open-air screen", Metres: metres(630), Picture: locator()},
		{Path: "/places/cuicuilco", Title: "Cuicuilco", Hook: "The round pyramid under the lava", Metres: metres(6700), Picture: locator()},
	}
}

const about = `<p>Leon Trotsky had been thrown out of four countries when Mexico let him in. He and Natalia Sedova lived first with <a href="/places/casa-azul" rel="ugc nofollow noopener">the painters of the blue house</a>; in 1939, after a quarrel, they rented this villa a few streets away.</p>
<p>In May 1940 some twenty men broke in before dawn and emptied their guns into the bedrooms. Nobody in the family died. After that night the windows were walled up, the doors plated, and a guard stood in each new tower.</p>
<p>It was a visitor with an article to show who succeeded, in August. The study has been left as it was; the ashes lie in the garden, among the cacti he used to bring home.</p>`

const know = `<p>The entrance is at the back, on Avenida Río Churubusco. Guided tours start at the desk when a few people have gathered.</p>`

// Trotsky is a place with everything.
func Trotsky() *place.Place {
	return &place.Place{
		ID: 1, Slug: "museo-casa-de-leon-trotsky", State: place.Published,
		Fields: place.Fields{
			Kind: place.KindPlace, Title: "Museo Casa de León Trotsky", Lang: "en",
			Subtitle: "An exile walled up his own windows, fed his rabbits, and waited.",
			Tier:     place.Exact, Address: "Avenida Río Churubusco 410\nDel Carmen, Coyoacán\n04100 Mexico City, Mexico",
			Website: "https://museotrotsky.org.mx/", Status: place.TemporarilyClosed, StatusUntil: "2027-01-15", StatusDate: "2026-11-03", StatusSource: "notice at the museum",
			Tags:    []string{"houses", "museums", "politics", "exile", "gardens"},
			Licence: "CC-BY-SA-4.0",
			Facts: map[string]place.Fact{
				"hours": {Value: "Tue–Sun 10:00–17:00", Checked: "2026-11-03", Source: "https://museotrotsky.org.mx/"},
				"price": {Value: "MX$70; children free", Checked: "2026-10-12", Source: "a visitor’s ticket"},
				"free":  {Value: "no", Checked: "2026-10-12"}, "booking": {Value: "no", Checked: "2026-10-12", Source: "visitor"},
				"stepfree": {Value: "partly", Checked: "2026-02-02", Source: "editor on site"},
				"transit":  {Value: "Metro 3 Coyoacán, 20 minutes’ walk", Source: "OpenStreetMap"},
				"dogs":     {Value: "no"}, "children": {Value: "yes", Checked: "2026-10-12", Source: "visitor"},
			},
			Sources: []place.Source{
				{Title: "The museum’s own pages", URL: "https://museotrotsky.org.mx/", Date: "2026-11-03", Archived: "https://museotrotsky.org.mx/"},
				{Author: "Isaac Deutscher", Title: "The Prophet Outcast", Date: "1963"},
			},
			Aliases: []place.Alias{{Name: "Leon Trotsky House Museum", Lang: "en"}},
		},
		At: &geo.Public{Lat: 19.3577, Lon: -99.15962}, CountryCode: "MX", Country: "Mexico", Region: "Mexico City", City: "Mexico City",
		Destination: "mexico/mexico-city", Been: 312, Want: 1204, Obscurity: 38,
		AddedBy: place.Credit{Name: "hadaly"}, EditedBy: []place.Credit{{Name: "linkogecko"}, {Name: "Mario Yair"}, {Name: "Ágnes"}},
		Confirmed: &place.Confirmation{Month: "2026-11", Visitors: 3, Health: place.Fresh}, Revision: 14,
		Published: time.Date(2016, 7, 13, 0, 0, 0, 0, time.UTC), Updated: time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC),
	}
}

func chips() []ui.Chip {
	return []ui.Chip{
		{Text: "Houses", Path: "/tags/houses"}, {Text: "Museums", Path: "/tags/museums"}, {Text: "Politics", Path: "/tags/politics"},
		{Text: "Exile", Path: "/tags/exile"}, {Text: "Gardens", Path: "/tags/gardens"},
	}
}

func mapPicture() *ui.MapPicture {
	return &ui.MapPicture{
		Src: "/pictures/locator.svg", Width: 600, Height: 400, Alt: "Map of central Mexico with a pin on Mexico City.",
		Path: "/map?lat=19.3577&lon=-99.15962&z=14", Lat: 19.3577, Lon: -99.15962, Zoom: 14,
	}
}

// FullPlace is the place page with every part filled.
func FullPlace() view.PlacePage {
	p := Trotsky()
	return view.PlacePage{
		Base: base(p.Title+", Mexico City", p.Path()),
		PlaceItself: &view.PlaceItself{
			Place: p, Page: "http://127.0.0.1:8080" + p.Path(), Spoken: "en",
			Crumbs: []ui.Crumb{{Name: "All", Path: "/destinations"}, {Name: "Mexico", Path: "/destinations/mexico"}, {Name: "Mexico City", Path: "/destinations/mexico/mexico-city"}, {Name: p.Title}},
			Body:   text.SafeHTML(about), Know: text.SafeHTML(know),
			Pictures: gallery(), Locator: locator(), Map: mapPicture(),
			Reasons: []string{"312 readers have been, 1,204 want to go.", "It lies in a city of nine million.", "Two sources name it."},
		},
		Tags:   chips(),
		Nearby: rows(), Eateries: []ui.Row{{Path: "/places/tostadas", Title: "Tostadas de Coyoacán", Hook: "A market counter since 1956", Metres: metres(800), Picture: locator()}},
		NearbyAll: &ui.Link{Text: "All 26 within 5 km", Path: "/near?lat=19.35770&lon=-99.15962&radius=5"},
		Guide:     &view.Guide{Name: "Mexico City", Path: "/destinations/mexico/mexico-city", Places: 182, Stories: 17, Foods: 9, Also: []ui.Chip{{Text: "Valley of Mexico", Path: "/destinations/mexico/valley-of-mexico"}}, Picture: drawing("courtyard.svg", 930, 620, "", "")},
		Stories: []ui.Card{
			{Path: "/lists/houses", Title: "Ten museums of Mexico City that are somebody’s house", Kicker: "List by Ike Allen", Picture: drawing("tower.svg", 720, 900, "", "")},
			{Path: "/stories/library", Title: "The library with nothing at its heart", Kicker: "Story by Marta Oyelaran", Picture: drawing("study.svg", 930, 620, "", "")},
		},
		Related: append(cards(), cards()...),
		Trip:    &view.TripCard{Kicker: "A trip that comes here", Title: "Mexico City in eight houses", Text: "Five days behind closed doors, with a key-holder at each.", Path: "/trips/eight-houses", Button: "Book now", Picture: drawing("courtyard.svg", 930, 620, "", "")},
		Lists:   89, OnLists: naming(),
	}
}

// BarePlace is the place page with nothing but a name and a position.
func BarePlace() view.PlacePage {
	p := &place.Place{
		ID: 2, Slug: "derweze", State: place.Published, Fields: place.Fields{Kind: place.KindPlace, Title: "The burning crater", Tier: place.Exact, Status: place.Open},
		At: &geo.Public{Lat: 40.25259, Lon: 58.43968}, CountryCode: "TM", Country: "Turkmenistan", Destination: "turkmenistan", Obscurity: 71, Revision: 1,
		Published: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), Updated: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC),
	}
	return view.PlacePage{
		Base: base(p.Title, p.Path()),
		PlaceItself: &view.PlaceItself{
			Place: p, Page: "http://127.0.0.1:8080" + p.Path(), Spoken: "en",
			Crumbs:  []ui.Crumb{{Name: "All", Path: "/destinations"}, {Name: "Turkmenistan", Path: "/destinations/turkmenistan"}, {Name: p.Title}},
			Locator: locator(), Map: mapPicture(),
		},
	}
}

// ProtectedPlace tells its country and nothing more.
func ProtectedPlace() view.PlacePage {
	page := BarePlace()
	p := *page.Place
	p.Title, p.Tier, p.TierReason, p.At = "A cave of sleeping bats", place.Hidden, "Bats winter here; a lamp can kill them.", nil
	p.Status, p.StatusDate, p.StatusSource = place.NoAccess, "2024-05", "the landowner"
	page.Place, page.Map = &p, nil
	page.Title = p.Title
	return page
}
