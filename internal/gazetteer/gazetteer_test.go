package gazetteer

import (
	"math"
	"strings"
	"sync"
	"testing"

	"mirabilia/internal/gazetteer/table"
	"mirabilia/internal/text"
)

// every visits all destinations: countries, regions, cities.
func every(g *Gazetteer, visit func(n *Node)) {
	for i := range g.countries {
		visit(&g.countries[i].node)
	}
	for i := range g.regions {
		if r := &g.regions[i]; r.node.Name != "" && r.sameName < 0 {
			visit(&r.node)
		}
	}
	for i := range g.nodes {
		if !g.town(i).Section {
			visit(g.cityNode(i))
		}
	}
}

func TestPathsAreUniqueAndLeadBack(t *testing.T) {
	g := Open()
	seen, cities := map[string]*Node{}, 0
	every(g, func(n *Node) {
		if other := seen[n.Path]; other != nil {
			t.Fatalf("%s is the path of %q and of %q", n.Path, other.Name, n.Name)
		}
		seen[n.Path] = n
		if got, ok := g.ByPath(n.Path); !ok || got != n {
			t.Fatalf("ByPath(%s) = %v, %v; want %q", n.Path, got, ok, n.Name)
		}
		if n.Level == City {
			cities++
		}
		for _, part := range strings.Split(n.Path, "/") {
			if !text.IsSlug(part) {
				t.Fatalf("%s: %q is no slug", n.Path, part)
			}
		}
	})
	if len(g.countries) < 249 || cities < 60_000 {
		t.Fatalf("only %d countries and %d cities", len(g.countries), cities)
	}
}

func TestEveryNodeLiesInItself(t *testing.T) {
	g := Open()
	strayed := 0
	every(g, func(n *Node) {
		w := g.Locate(n.Lat, n.Lon)
		if w.Country == nil || w.Country.CountryCode != n.CountryCode {
			t.Errorf("%s (%v, %v) is in %v", n.Path, n.Lat, n.Lon, w.Country)
			return
		}
		if n.Level == City && w.City != n {
			strayed++
		}
	})
	// Near a border of regions a town may be taken for the next region's;
	// a town right beside a larger one of another region likewise.
	if strayed > 60 {
		t.Errorf("%d cities are not the city of their own centre", strayed)
	}
}

func TestSectionsLieInTheirCity(t *testing.T) {
	g := Open()
	for i := range g.nodes {
		town := g.town(i)
		if !town.Section || i%10 != 0 {
			continue
		}
		n := g.nodeOf(i)
		if n.Level != Section || n.Path == "" {
			continue
		}
		if city, ok := g.ByPath(n.Path); !ok || city.Level != City {
			t.Fatalf("section %s has the path %s, which is no city", n.Name, n.Path)
		}
	}
}

func TestCityIsTheLargestInReach(t *testing.T) {
	g := Open()
	for _, p := range [][2]float64{{51.2, 6.8}, {35.6, 139.6}, {-23.6, -46.7}, {40.9, -74.1}, {28.5, 77.1}, {0.3, 32.6}, {64.1, -21.9}} {
		w := g.Locate(p[0], p[1])
		if w.City == nil {
			t.Fatalf("no city at %v", p)
		}
		for i := range g.nodes {
			town := g.town(i)
			if town.Section || town.Population <= w.City.Population || &g.regions[town.Region].node != w.Region {
				continue
			}
			if table.Distance(p[0], p[1], town.Lat, town.Lon) < table.Radius(town.Population)*0.999 {
				t.Errorf("%v is in %s, but %s is larger and reaches it", p, w.City.Path, g.cityNode(i).Path)
			}
		}
	}
}

func TestNowhere(t *testing.T) {
	g := Open()
	for _, p := range [][2]float64{
		{math.NaN(), 0}, {0, math.NaN()}, {math.Inf(1), 0}, {0, math.Inf(-1)}, {90.01, 0}, {-90.01, 0}, {0, 180.01}, {0, -999}, {1e300, 1e300},
	} {
		if w := g.Locate(p[0], p[1]); w != (Where{}) {
			t.Errorf("Locate%v = %v, want nothing", p, w)
		}
	}
}

func TestUnknownPaths(t *testing.T) {
	g := Open()
	for _, path := range []string{
		"", "/", "atlantis", "mexico/", "/mexico", "mexico/atlantis", "mexico/mexico-city/", "mexico/mexico-city/mexico-city",
		"france/ile-de-france/paris/louvre", "germany/bavaria/munich-2", "germany/bavaria/munich-02", "germany/bavaria/munich-", "Mexico",
		"united-states/new-york/brooklyn", "mexico/mexico-city/coyoacan", strings.Repeat("a/", 5000), "mexico/\x00", "germany/bavaria/\xff",
	} {
		if n, ok := g.ByPath(path); ok {
			t.Errorf("ByPath(%.60q) = %s", path, n.Path)
		}
		if a := g.Ancestors(path); a != nil {
			t.Errorf("Ancestors(%.60q) = %v", path, a)
		}
		if names := g.Names(path); names != nil {
			t.Errorf("Names(%.60q) = %v", path, names)
		}
	}
}

func TestAncestors(t *testing.T) {
	g := Open()
	for path, want := range map[string]string{
		"france":                               "France",
		"france/ile-de-france":                 "France, Île-de-France",
		"france/ile-de-france/paris":           "France, Île-de-France, Paris",
		"mexico/mexico-city":                   "Mexico, Mexico City",
		"singapore/singapore":                  "Singapore, Singapore",
		"united-states/new-york/new-york-city": "United States, New York, New York City",
	} {
		var names []string
		for _, n := range g.Ancestors(path) {
			names = append(names, n.Name)
		}
		if got := strings.Join(names, ", "); got != want {
			t.Errorf("Ancestors(%s) = %s, want %s", path, got, want)
		}
	}
}

func TestSharedPathStandsForTheCity(t *testing.T) {
	g := Open()
	n, ok := g.ByPath("mexico/mexico-city")
	if !ok || n.Level != City || n.Population < 5_000_000 {
		t.Fatalf("mexico/mexico-city is %+v", n)
	}
	w := g.Locate(19.4326, -99.1332)
	if w.Region == nil || w.Region.Level != Region || w.Region.Path != n.Path || w.City != n {
		t.Fatalf("the Zócalo is in %v, %v", w.Region, w.City)
	}
}

func TestCountryByCode(t *testing.T) {
	g := Open()
	for code, want := range map[string]string{
		"MX": "mexico", "us": "united-states", "CZ": "czechia", "GB": "united-kingdom", "KR": "south-korea", "CI": "ivory-coast",
		"XK": "kosovo", "HK": "hong-kong", "TR": "turkey", "MM": "myanmar", "SZ": "eswatini", "VA": "vatican-city", "AN": "", "": "", "UK": "",
	} {
		n, ok := g.CountryByCode(code)
		if ok != (want != "") || ok && n.Path != want {
			t.Errorf("CountryByCode(%q) = %v, %v; want %q", code, n, ok, want)
		}
	}
}

func TestByHints(t *testing.T) {
	g := Open()
	for _, c := range []struct{ country, region, city, want string }{
		{"MX", "", "Ciudad de México", "mexico/mexico-city"},
		{"MX", "Mexico City", "Coyoacán", "mexico/mexico-city"},
		{"us", "Texas", "paris", "united-states/texas/paris"},
		{"US", "", "Springfield", "united-states/missouri/springfield"},
		{"Germany", "Bayern", "München", "germany/bavaria/munich"},
		{"DE", "Bayern", "", "germany/bavaria"},
		{"DE", "Narnia", "Atlantis", "germany"},
		{"FR", "", "Лион", "france/auvergne-rhone-alpes/lyon"},
		{"JP", "", "京都市", "japan/kyoto"},
		{"", "Bavaria", "Munich", ""},
		{"Nowhere", "", "", ""},
	} {
		w, got := g.ByHints(c.country, c.region, c.city), ""
		for _, n := range []*Node{w.Country, w.Region, w.City} {
			if n != nil {
				got = n.Path
			}
		}
		if got != c.want {
			t.Errorf("ByHints(%s, %s, %s) = %q, want %q", c.country, c.region, c.city, got, c.want)
		}
	}
}

func TestNames(t *testing.T) {
	g := Open()
	for path, want := range map[string][]Name{
		"germany/bavaria/munich": {{"München", "de"}, {"Monaco di Baviera", "it"}, {"Мюнхен", "ru"}, {"ミュンヘン", "ja"}},
		"mexico/mexico-city":     {{"Ciudad de México", "es"}, {"墨西哥城", "zh"}},
		"germany":                {{"Deutschland", "de"}, {"Alemania", "es"}, {"ألمانيا", "ar"}},
		"germany/bavaria":        {{"Bayern", "de"}, {"Бавария", "ru"}},
		"czechia/prague":         {{"Prag", "de"}, {"Praha", "cs"}},
	} {
		got := g.Names(path)
		for _, w := range want {
			found := false
			for _, n := range got {
				found = found || n == w || n.Name == w.Name
			}
			if !found {
				t.Errorf("Names(%s) = %v, without %v", path, got, w)
			}
		}
	}
}

func TestAttributionNamesGeoNames(t *testing.T) {
	for _, s := range Attribution() {
		if s.Name == "" || s.Licence == "" || !strings.HasPrefix(s.URL, "https://") {
			t.Errorf("incomplete: %+v", s)
		}
	}
}

func TestTablesAreSmall(t *testing.T) {
	if n := len(borderTable) + len(stateTable) + len(townTable) + len(nameTable) + len(nameIndex); n > 8_000_000 {
		t.Errorf("the embedded tables are %d bytes, above 8 MB", n)
	}
}

func FuzzLocate(f *testing.F) {
	for _, p := range [][2]float64{{0, 0}, {90, 180}, {-90, -180}, {math.NaN(), math.Inf(1)}, {71.2, 179.99}, {-16.85, -179.97}} {
		f.Add(p[0], p[1])
	}
	g := Open()
	f.Fuzz(func(t *testing.T, lat, lon float64) {
		w := g.Locate(lat, lon)
		if w.City != nil && w.City.CountryCode != w.Country.CountryCode || w.Region != nil && w.Region.CountryCode != w.Country.CountryCode {
			t.Fatalf("Locate(%v, %v) mixes countries: %v", lat, lon, w)
		}
	})
}

func FuzzByPath(f *testing.F) {
	for _, s := range []string{"mexico/mexico-city", "france/ile-de-france/paris", "united-states/texas/san-antonio-2", "a/b/c/d", "-2", "/-2", "singapore/singapore-300"} {
		f.Add(s)
	}
	g := Open()
	f.Fuzz(func(t *testing.T, path string) {
		if n, ok := g.ByPath(path); ok && n.Path != path {
			t.Fatalf("ByPath(%q) gives %q", path, n.Path)
		}
		g.Ancestors(path)
		g.Names(path)
		g.ByHints(path, path, path)
	})
}

func TestManyAskAtOnce(t *testing.T) {
	g := Open()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for _, c := range truth {
				w := g.Locate(c.lat, c.lon)
				if w.City != nil {
					if n, _ := g.ByPath(w.City.Path); n != w.City {
						t.Errorf("%s is two nodes", w.City.Path)
					}
					g.Search(w.City.Name, 3)
				}
			}
		})
	}
	all.Wait()
}
