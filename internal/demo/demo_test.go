package demo

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"mirabilia/internal/gazetteer"
	"mirabilia/internal/geo"
	"mirabilia/internal/interchange"
	"mirabilia/internal/place"
	"mirabilia/internal/text"
)

// cities are those that the demo covers, with five places or more in each.
var cities = []string{"Paris", "London", "New York City", "Berlin", "Rome", "Los Angeles", "Mexico City"}

var slug = regexp.MustCompile(`^[a-z0-9-]+$`)

func records(t *testing.T) []interchange.Record {
	t.Helper()
	list, err := Records()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestRecords_areWhole(t *testing.T) {
	seen := map[string]bool{}
	titles := map[string]bool{}
	for _, r := range records(t) {
		if seen[r.ID] || titles[r.Title] || !slug.MatchString(r.ID) {
			t.Errorf("%s: an id of its own, of letters, digits and hyphens, and a title of its own", r.ID)
		}
		seen[r.ID], titles[r.Title] = true, true
		if n := len(strings.Fields(text.Plain(r.Body))); n < 100 || n > 200 {
			t.Errorf("%s: %d words, want 100 to 200", r.ID, n)
		}
		if n := len([]rune(r.Subtitle)); n == 0 || n > 160 {
			t.Errorf("%s: a hook of %d characters, want 1 to 160", r.ID, n)
		}
		if len(r.Tags) == 0 || r.KnowBeforeYouGo == "" || len(r.Sources) == 0 {
			t.Errorf("%s: tags, know-before-you-go and sources must be there", r.ID)
		}
		for _, s := range r.Sources {
			if !strings.HasPrefix(s.URL, "https://") || s.Title == "" || s.Author == "" {
				t.Errorf("%s: source %+v", r.ID, s)
			}
		}
		for _, tag := range r.Tags {
			if strings.Contains(tag, "-") || !slug.MatchString(text.Slug(tag)) {
				t.Errorf("%s: tag %q is not written as people read it", r.ID, tag)
			}
		}
		checkFacts(t, &r)
	}
	if len(seen) < 120 {
		t.Errorf("%d places, want 120 at least", len(seen))
	}
}

// checkFacts wants facts that have a meaning, and no day on which they were
// checked: nobody of the demo went there to check.
func checkFacts(t *testing.T, r *interchange.Record) {
	t.Helper()
	for name, fact := range r.Facts {
		if !slices.Contains(place.FactNames, name) || fact.Value == "" {
			t.Errorf("%s: fact %s is %q", r.ID, name, fact.Value)
		}
		if place.YesNo[name] && fact.Value != "yes" && fact.Value != "no" && fact.Value != "partly" {
			t.Errorf("%s: %s is %q, want yes, no or partly", r.ID, name, fact.Value)
		}
		if fact.Checked != "" {
			t.Errorf("%s: %s claims to have been checked on %s", r.ID, name, fact.Checked)
		}
	}
}

func TestRecords_haveEveryStatusAndTier(t *testing.T) {
	status, tiers := map[string]int{}, map[string]int{}
	for _, r := range records(t) {
		status[r.Status]++
		tiers[r.LocationTier]++
	}
	for _, s := range []string{"lost", "closed", "temporarily_closed", "no_access", "moved", "seasonal", "by_appointment", "altered"} {
		if status[s] == 0 {
			t.Errorf("no place of status %s", s)
		}
	}
	for _, tier := range []string{"approximate", "region", "hidden"} {
		if tiers[tier] == 0 {
			t.Errorf("no place of tier %s", tier)
		}
	}
}

func TestRecords_lieWhereTheySay(t *testing.T) {
	g := gazetteer.Open()
	countries, in := map[string]bool{}, map[string]int{}
	for _, r := range records(t) {
		where := g.Locate(*r.Lat, *r.Lon)
		if where.Country == nil || where.Country.CountryCode != r.CountryCode {
			t.Errorf("%s: %v, %v is not in %q", r.ID, *r.Lat, *r.Lon, r.CountryCode)
		}
		countries[r.CountryCode] = true
		if where.City != nil {
			in[where.City.Name]++
		}
	}
	if len(countries) < 45 {
		t.Errorf("places in %d countries, want 45 at least", len(countries))
	}
	for _, city := range cities {
		if in[city] < 5 {
			t.Errorf("%d places in %s, want five at least", in[city], city)
		}
	}
}

func TestRoutes_havePlacesAlongThem(t *testing.T) {
	g := gazetteer.Open()
	list := records(t)
	if len(Routes()) < 3 {
		t.Errorf("%d routes, want three at least", len(Routes()))
	}
	for _, r := range Routes() {
		var line []geo.Public
		for _, stop := range r.Stops {
			found := g.Search(stop, 1)
			if len(found) == 0 || found[0].Name != stop {
				t.Fatalf("%s: no city of the name %s", r.Name, stop)
			}
			line = append(line, geo.Public{Lat: found[0].Lat, Lon: found[0].Lon})
		}
		// Those at its ends are found without a route; here the way counts.
		near := 0
		for _, p := range list {
			at := geo.Public{Lat: *p.Lat, Lon: *p.Lon}
			if p.LocationTier == "" && distance(line, at) <= 30_000 && geo.Metres(at, line[0]) > 15_000 {
				near++
			}
		}
		if near < 5 {
			t.Errorf("%s: %d places along it past its first stop, want five at least", r.Name, near)
		}
	}
}

// distance is that of p from the line in metres, the line being taken at
// points of at most half a kilometre apart.
func distance(line []geo.Public, p geo.Public) float64 {
	best := geo.Metres(line[0], p)
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		const parts = 1000
		for k := range parts + 1 {
			t := float64(k) / parts
			best = min(best, geo.Metres(p, geo.Public{Lat: a.Lat + (b.Lat-a.Lat)*t, Lon: a.Lon + (b.Lon-a.Lon)*t}))
		}
	}
	return best
}
