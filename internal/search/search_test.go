package search

import (
	"slices"
	"strings"
	"testing"

	"mirabilia/internal/destination"
	"mirabilia/internal/finder"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/geo"
)

var world = gazetteer.Open()

// atlas is a few places with the destinations they lie in, as the server
// would load them.
func atlas(t testing.TB) *Search {
	t.Helper()
	type written struct {
		title, body string
		lat, lon    float64
		tags        []string
	}
	places := []written{
		{"Sedlec Ossuary", "Skulls and bones, an hour from Prague.", 49.962, 15.288, []string{"bones"}},
		{"Plague Column", "A column against the plague, with skulls.", 48.2088, 16.3698, []string{"columns"}},
		{"Museo Casa de León Trotsky", "The fortress house.", 19.3577, -99.1596, []string{"museums"}},
		{"Frida Kahlo Museum", "The blue house.", 19.3551, -99.1625, []string{"museums"}},
		{"Museum of Mexico City Maps", "Far from the city it shows.", 51.5007, -0.1246, []string{"museums"}},
		{"Musée Rodin", "Hands.", 48.8553, 2.3158, []string{"museums"}},
		{"Orangery Tree", "An orange tree.", 48.8637, 2.3226, nil},
	}
	var docs []finder.Doc
	count := map[string]int{}
	for i, p := range places {
		w := world.Locate(p.lat, p.lon)
		d := finder.Doc{Ref: finder.Ref{Kind: finder.Place, ID: int64(i + 1)}, Slug: strings.ReplaceAll(strings.ToLower(p.title), " ", "-"),
			Title: p.title, Body: p.body, Tags: p.tags, At: &geo.Public{Lat: p.lat, Lon: p.lon}, Status: "open"}
		for _, n := range []*gazetteer.Node{w.Country, w.Region, w.City} {
			if n != nil && !slices.Contains(d.In, n.Path) {
				d.In = append(d.In, n.Path)
				count[n.Path]++
			}
		}
		docs = append(docs, d)
	}
	return filled(docs, count)
}

// filled searches documents and the destinations that so many of them lie in.
func filled(docs []finder.Doc, count map[string]int) *Search {
	for path, n := range count {
		if d, ok := destination.New(nil, world).Doc(path, n); ok {
			docs = append(docs, d)
		}
	}
	f := finder.New()
	f.Load(func() (finder.Doc, bool) {
		if len(docs) == 0 {
			return finder.Doc{}, false
		}
		d := docs[0]
		docs = docs[1:]
		return d, true
	})
	return &Search{f, world}
}

func titles(cards []finder.Card) (out []string) {
	for _, c := range cards {
		out = append(out, c.Title)
	}
	return out
}

func TestNamesOfTheWorldAreNoMisspellings(t *testing.T) {
	s := atlas(t)
	for _, c := range []struct {
		q, in, rest, first string
		empty              bool
	}{
		{"skulls prague", "czechia/prague", "skulls", "Sedlec Ossuary", true},
		{"Skulls in Prag", "czechia/prague", "Skulls", "Sedlec Ossuary", true},
		{"prague skulls", "czechia/prague", "skulls", "Sedlec Ossuary", true},
		{"skulls Прага", "czechia/prague", "skulls", "Sedlec Ossuary", true},
		{"museums in mexico city", "mexico/mexico-city", "museums", "Frida Kahlo Museum", false},
		{"museums paris texas", "united-states/texas/paris", "museums", "", true},
		{"lodz", "poland/lodz-voivodeship/lodz", "", "Lodz", true},
		{"Łódź", "poland/lodz-voivodeship/lodz", "", "Lodz", true},
		{"Αθήνα", "greece/attica/athens", "", "Athens", true},
		{"münchen", "germany/bavaria/munich", "", "Munich", true},
		{"กรุงเทพ", "thailand/bangkok", "", "Bangkok", true},
		{"京都", "japan/kyoto-prefecture/kyoto", "", "", true},
		{"القاهرة", "egypt/cairo", "", "", true},
		{"Москва", "russia/moscow", "", "Moscow", true},
		{"Vídeň", "austria/vienna", "", "Vienna", false},
	} {
		a := s.Find(c.q, finder.SearchOptions{})
		if !strings.HasPrefix(c.in, a.In) || a.In == "" || a.Rest != c.rest || (a.Empty != nil) != c.empty || a.Suggestion != "" {
			t.Errorf("%q: in %q rest %q empty %v suggestion %q", c.q, a.In, a.Rest, a.Empty, a.Suggestion)
		}
		if c.first != "" && (len(a.Cards) == 0 || a.Cards[0].Title != c.first) {
			t.Errorf("%q finds %q, want %q first", c.q, titles(a.Cards), c.first)
		}
		if c.empty && len(a.Near) == 0 {
			t.Errorf("%q names an empty place and nothing near it", c.q)
		}
		if !slices.IsSortedFunc(a.Cards, func(x, y finder.Card) int {
			switch {
			case x.Score > y.Score:
				return -1
			case x.Score < y.Score:
				return 1
			}
			return 0
		}) {
			t.Errorf("%q: not best first: %v", c.q, a.Cards)
		}
	}
}

func TestWhatLiesThereComesFirst(t *testing.T) {
	s := atlas(t)
	got := titles(s.Find("museums in mexico city", finder.SearchOptions{}).Cards)
	inside := []string{"Frida Kahlo Museum", "Museo Casa de León Trotsky"}
	if len(got) < 2 || !slices.Contains(inside, got[0]) || !slices.Contains(inside, got[1]) {
		t.Errorf("museums in mexico city: %q", got)
	}
	// Without a word that says "in" the whole may be a name.
	if got := titles(s.Find("museum of mexico city maps", finder.SearchOptions{}).Cards); len(got) == 0 || got[0] != "Museum of Mexico City Maps" {
		t.Errorf("a name that holds one of a city: %q", got)
	}
}

func TestWordsThatAreAlsoNamesStayWords(t *testing.T) {
	s := atlas(t)
	for q, first := range map[string]string{"orange tree": "Orangery Tree", "trotzky": "Museo Casa de León Trotsky", "sedlec osuary": "Sedlec Ossuary", "musee rodn": "Musée Rodin", "plauge column": "Plague Column"} {
		if got := titles(s.Find(q, finder.SearchOptions{}).Cards); len(got) == 0 || got[0] != first {
			t.Errorf("%q finds %q, want %q first", q, got, first)
		}
	}
}

func TestPositionsAreRead(t *testing.T) {
	s := atlas(t)
	zurich := geo.Public{Lat: 47.3656, Lon: 8.5248}
	for _, q := range []string{"8FVC9G8F+6W", "8FVC9G8F 6W", "9G8F+6W Zurich", "9G8F 6W Zürich", "47.3656, 8.5248", "47°21'56\"N 8°31'29\"E", "N 47 21.936 E 8 31.488", "geo:47.3656,8.5248", "https://www.openstreetmap.org/?mlat=47.3656&mlon=8.5248", "32TMT 64136 46009"} {
		a := s.Find(q, finder.SearchOptions{})
		if a.At == nil || geo.Metres(*a.At, zurich) > 150 {
			t.Errorf("%q is at %v", q, a.At)
			continue
		}
		if len(a.Cards) == 0 || a.Cards[0].Title != "Orangery Tree" {
			t.Errorf("%q: nearest are %q", q, titles(a.Cards))
		}
		if b := s.Suggest(q, nil, 5); b.At == nil || len(b.Cards) == 0 {
			t.Errorf("%q suggests nothing", q)
		}
	}
	for _, q := range []string{"24 7", "9/11", "1 2 3", "Apollo 11", "C+C Music Factory", "5, rue de Rivoli", "2.5", "12e arrondissement"} {
		if a := s.Find(q, finder.SearchOptions{}); a.At != nil {
			t.Errorf("%q is read as the position %v", q, *a.At)
		}
	}
}

func TestSuggestionsLeadSomewhere(t *testing.T) {
	s := atlas(t)
	for q, first := range map[string]string{"กรุงเทพ": "Bangkok", "Моск": "Moscow", "Αθή": "Athens", "pragu": "Prague", "münch": "Munich", "trots": "Museo Casa de León Trotsky", "skulls prag": "Sedlec Ossuary", "pari": "Paris"} {
		a := s.Suggest(q, nil, 8)
		if len(a.Cards) == 0 || a.Cards[0].Title != first {
			t.Errorf("%q suggests %q, want %q first", q, titles(a.Cards), first)
		}
		for _, c := range a.Cards {
			_, known := world.ByPath(c.Slug)
			_, here := s.Finder.Doc(c.Ref)
			if !here && (c.Kind != finder.Destination || !known) {
				t.Errorf("%q suggests %q, which has no page", q, c.Title)
			}
			if w, ok := a.World[c.Slug]; ok == (c.Kind == finder.Destination && here) && c.Kind == finder.Destination {
				t.Errorf("%q suggests %q: here %v, of the world %v %v", q, c.Title, here, ok, w)
			}
		}
	}
	for _, q := range []string{"tour eiffel", "xyzzy"} {
		if a := s.Suggest(q, nil, 8); len(a.Cards) > 0 {
			t.Errorf("%q suggests %q", q, titles(a.Cards))
		}
	}
}

func FuzzFind(f *testing.F) {
	s := atlas(f)
	for _, q := range []string{"skulls prague", "8FVC9G8F 6W", "in in in", "กรุงเทพ", "9G8F+6W", "\xff\x00 paris", "°'\"", strings.Repeat("in paris ", 99)} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, q string) {
		if a := s.Find(q, finder.SearchOptions{Limit: 5}); len(a.Cards) > 6 {
			t.Fatalf("%q gives %d cards", q, len(a.Cards))
		}
		if a := s.Suggest(q, nil, 5); len(a.Cards) > 5 {
			t.Fatalf("%q suggests %d", q, len(a.Cards))
		}
	})
}
