package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"mirabilia/internal/place"
)

// goodPages are addresses that answer with a page, and a word on each.
var goodPages = map[string]string{
	"/": "New in the atlas", "/places": "5 places", "/places?tag=museums&sort=obscure&free=yes": "Casa Azul", "/places?in=mexico/mexico-city": "3 places",
	"/places?near=19.35,-99.16&radius=5": "Nearest", "/places?status=lost": "windmill", "/places/casa-azul": "Frida Kahlo", "/places/sedlec-ossuary": "chandelier",
	"/places-to-eat": "Guadalupana", "/near": "Near me", "/near?lat=19.355&lon=-99.162&radius=3": "Casa Azul", "/near?q=19.355,-99.162": "Casa Azul", "/near?q=prague": "Sedlec",
	"/near?q=zzzzqqqq": "Nowhere known", "/near?q=forty+thousand+people": "Nowhere known", "/near?q=trotzky+house": "Near Museo Casa de León Trotsky", "/map": "Map", "/map?lat=19&lon=-99&z=10": "Map", "/search": "Search the atlas", "/search?q=skulls": "Sedlec",
	"/search?q=museum&kind=tag": "Museums", "/search?q=Zwibbelhausen": "Nothing here called", "/destinations": "Mexico", "/destinations/mexico": "The guide to",
	"/destinations/mexico/mexico-city": "Casa Azul", "/destinations/france": "Nothing in France", "/tags": "Museums", "/tags/museums": "Casa Azul",
	"/tags/museums/in/mexico": "Museums in Mexico", "/tags/museums/in/france": "Nothing here", "/api": "Data and API", "/dumps": "places.ndjson.gz", "/about": "GeoNames", "/faq": "Questions",
	"/privacy": "cookie", "/trips": "guided trip", "/trips?theme=family": "guided trip", "/stories": "story", "/foods": "dish", "/lists": "Nobody has drawn up a list",
	"/itineraries": "journey", "/videos": "film", "/podcast": "episode", "/newsletters": "feed", "/membership": "not open", "/join": "Mail address", "/login": "Stay signed in", "/forgotten": "Send the link",
	"/places/casa-azul/photos": "Photographs of Casa Azul", "/places/casa-azul/history": "the newest first", "/queue": "Nothing has been decided yet", "/app": "Install",
}

func TestPages(t *testing.T) {
	a := newAtlas(t, someRecords(), nil)
	for path, want := range goodPages {
		w := a.get(path)
		body := w.Body.String()
		if w.Code != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: %d, without %q: %.300s", path, w.Code, want, body[strings.Index(body, "<main")+1:])
		}
		if strings.Count(body, "<h1") != 1 {
			t.Errorf("%s has %d h1", path, strings.Count(body, "<h1"))
		}
	}
}

func TestEmptyAtlas(t *testing.T) {
	a := newAtlas(t, nil, nil)
	for _, path := range []string{"/", "/places", "/places-to-eat", "/destinations", "/tags", "/map", "/near?lat=1&lon=1", "/search?q=x", "/sitemap.xml", "/places.atom", "/places.json", "/places.gpx", "/destinations/mexico"} {
		if w := a.get(path); w.Code != http.StatusOK {
			t.Errorf("%s: %d %.300s", path, w.Code, w.Body)
		}
	}
	if w := a.get("/random"); w.Code != http.StatusNotFound {
		t.Errorf("/random of nothing: %d", w.Code)
	}
}

func TestShortenedCityPaths(t *testing.T) {
	a := newAtlas(t, someRecords(), nil)
	for path, want := range map[string]string{
		"/destinations/france/paris":        "/destinations/france/ile-de-france/paris",
		"/destinations/paris":               "/destinations/france/ile-de-france/paris",
		"/destinations/france/paris.json":   "/destinations/france/ile-de-france/paris.json",
		"/destinations/united-states/paris": "/destinations/united-states/texas/paris",
		"/destinations/mexico/mexico-city":  "",
		"/destinations/france/nowhere":      "",
	} {
		h := a.get(path).Result().Header
		if got := h.Get("Location"); got != want {
			t.Errorf("%s leads to %q, want %q", path, got, want)
		}
	}
}

func TestEmptyCityShowsWhatIsNear(t *testing.T) {
	a := newAtlas(t, someRecords(), nil)
	empty, full := a.get("/destinations/mexico/puebla").Body.String(), a.get("/destinations/mexico/mexico-city").Body.String()
	if !strings.Contains(empty, `id="nearest"`) || !strings.Contains(empty, "Casa Azul") || strings.Contains(full, `id="nearest"`) {
		t.Error("the guide of an empty city lists what is nearest, that of another does not")
	}
}

// A row has its drawn map as a square, with the frame on all sides; a card has
// it 3:2.
func TestRowsHaveSquareMaps(t *testing.T) {
	a := newAtlas(t, someRecords(), nil)
	for path, want := range map[string]string{"/search?q=azul": "-thumb-", "/near?q=Coyoacan": "-thumb-", "/places": "-card-"} {
		pics := regexp.MustCompile(`<img src="/pictures/locator/p\d+(-[a-z]+-)[0-9a-z]+\.svg" width="(\d+)" height="(\d+)"`).FindAllStringSubmatch(a.get(path).Body.String(), -1)
		if len(pics) == 0 {
			t.Errorf("%s draws no maps", path)
		}
		for _, m := range pics {
			if m[1] != want || (m[2] == m[3]) != (want == "-thumb-") {
				t.Errorf("%s has the map %s of %s × %s, want %s", path, m[1], m[2], m[3], want)
			}
		}
	}
}

// A page has one search box: that of a search, with what was asked, and that of
// what is not found have their own, every other page has the bar's.
func TestSearchHasOneBox(t *testing.T) {
	a := newAtlas(t, someRecords(), nil)
	for path, want := range map[string]string{"/search?q=azul": `id="query"`, "/search": `id="query"`, "/places": `id="q"`, "/nowhere": `id="lost-q"`, "/places?limit=0": `id="lost-q"`} {
		body := a.get(path).Body.String()
		if n := strings.Count(body, `role="search"`); n != 1 || !strings.Contains(body, want) {
			t.Errorf("%s has %d search boxes; want one with %s", path, n, want)
		}
	}
	if body := a.get("/search?q=azul").Body.String(); !strings.Contains(body, `value="azul"`) {
		t.Error("the box does not hold what was asked")
	}
}

func TestThemesAreHeadedByCapitals(t *testing.T) {
	for name, want := range map[string]string{"street art": "Street art", "Cold War": "Cold War", "été": "Été", "東京": "東京", "": "", "1920s": "1920s"} {
		if got := headed(name); got != want {
			t.Errorf("%q is headed %q, want %q", name, got, want)
		}
	}
	r := someRecords()
	r[0].Tags = []string{"small things"}
	a := newAtlas(t, r, nil)
	for _, path := range []string{"/tags/small-things", "/tags/small-things/in/mexico"} {
		if body := a.get(path).Body.String(); !strings.Contains(body, "<h1><bdi>Small things") || !strings.Contains(body, "<title>Small things") {
			t.Errorf("%s has no capital", path)
		}
	}
}

// What a city does not have is offered where it is nearest to it, and not from
// the other end of the world.
func TestSearchOffersWhatIsNearest(t *testing.T) {
	far := func(id, title string, lat, lon float64) place.Record {
		return place.Record{ID: id, Title: title, Body: "Skulls in a wall.", Lat: f64(lat), Lon: f64(lon)}
	}
	a := newAtlas(t, append(someRecords(), place.Record{ID: "6", Title: "Strahov Library", Lat: f64(50.0862), Lon: f64(14.3893)},
		far("7", "Skull Tower", 43.3119, 21.9239), far("8", "Paris bones", 48.8338, 2.3324)), nil)
	body := a.get("/search?q=skulls+prague").Body.String()
	_, panel, ok := strings.Cut(body, "“skulls” nearest to Prague")
	panel, _, _ = strings.Cut(panel, "</ul>")
	if !ok || !strings.Contains(panel, "Sedlec Ossuary") || !strings.Contains(panel, `value="63535"`) || strings.Contains(panel, "Skull Tower") || strings.Contains(panel, "Paris bones") {
		t.Errorf("nearest to Prague are %.600q", panel)
	}
	if body := a.get("/search?q=skulls+prague&tag=museums").Body.String(); strings.Contains(body, "nearest to Prague") {
		t.Error("what has another theme is offered")
	}
}
