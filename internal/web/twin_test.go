package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"mirabilia/internal/geo"
	"mirabilia/internal/place"
	"mirabilia/internal/walk"
)

// guarded is one protected place with its truth and a public point that came
// with it, about two kilometres off.
type guarded struct {
	tier        string
	title       string
	truth, near geo.Public
}

var guardedPlaces = []guarded{
	{"approximate", "The osprey nest", geo.Public{Lat: 57.2741, Lon: -3.6913}, geo.Public{Lat: 57.2611, Lon: -3.6713}},
	{"region", "The unguarded broch", geo.Public{Lat: 58.4387, Lon: -3.9172}, geo.Public{Lat: 58.4247, Lon: -3.9372}},
	{"hidden", "The family chapel", geo.Public{Lat: 56.8629, Lon: -4.4837}, geo.Public{Lat: 56.8769, Lon: -4.4637}},
}

// twinRecords are the usual places, and the guarded ones with their truths moved
// by an offset that leaves them in their discs.
func twinRecords(move float64) []place.Record {
	records := append(someRecords(),
		place.Record{ID: "20", Title: "Highland folk museum", Body: "Reed roofs.", Tags: []string{"Museums"}, Lat: f64(57.0683), Lon: f64(-4.1016), PublishedAt: "2026-02-01T00:00:00Z"})
	for i, g := range guardedPlaces {
		records = append(records, place.Record{
			ID: fmt.Sprint(30 + i), Title: g.title, Subtitle: "Please leave it in peace.", Body: "It is there.", Tags: []string{"Nature"}, LocationTier: g.tier, TierReason: "wildlife",
			Lat: f64(g.truth.Lat + move), Lon: f64(g.truth.Lon - move), Address: fmt.Sprintf("%d Secret Lane", 100+int(move*10000)), PublishedAt: "2026-02-02T00:00:00Z", CountryCode: "GB",
			ImageURL: fmt.Sprintf("https://example.org/%f.jpg", move), SourceURL: fmt.Sprintf("https://example.org/%f", move),
			Extra: map[string]any{"public_lat": g.near.Lat, "public_lon": g.near.Lon, "note": fmt.Sprint("moved by ", move)},
		})
	}
	return records
}

// walkSeeds are where a walk begins: what pages link to, and what is asked for
// by those who probe for a position.
func walkSeeds() []string {
	seeds := []string{"/", "/places?limit=100", "/map", "/near", "/sitemap.xml", "/sitemaps/places-1.xml", "/sitemaps/destinations.xml", "/sitemaps/tags.xml", "/sitemaps/pages.xml", "/robots.txt", "/opensearch.xml",
		"/pictures/world.svg", "/places.json?limit=100", "/places.csv", "/places.gpx", "/places.kml", "/places.geojson", "/places.atom", "/places.rss", "/places.feed.json", "/search?q=osprey", "/search?q=broch", "/search?q=chapel", "/search.json?q=secret", "/embed/map", "/embed/map?in=united-kingdom", "/embed/places/the-osprey-nest", "/embed/places/the-unguarded-broch", "/embed/places/the-family-chapel", "/dumps", "/dumps.json", "/dumps/places.ndjson.gz", "/dumps/places.csv.gz", "/dumps/places.geojson.gz", "/dumps/SHA256SUMS", "/dumps/LICENCE",
		"/offline", "/places.pack.json", "/places.zip", "/destinations/united-kingdom.zip", "/destinations/united-kingdom.pack.json", "/tags/nature.zip", "/tags/nature.pack.json", "/tags/nature/in/united-kingdom.pack.json",
		"/places/the-osprey-nest.zip", "/places/the-unguarded-broch.pack.json", "/places/the-family-chapel.zip", "/packs/items.json?id=p1&id=p2&id=p3&id=p4&id=p5&id=p6&id=p7&id=p8&id=p9"}
	for _, g := range guardedPlaces {
		for _, p := range []geo.Public{g.truth, g.near} {
			at := fmt.Sprintf("%.4f,%.4f", p.Lat, p.Lon)
			seeds = append(seeds, "/places?near="+at+"&radius=1", "/places.json?near="+at, "/places.json?near="+at+"&radius=3", fmt.Sprintf("/near?lat=%.4f&lon=%.4f", p.Lat, p.Lon),
				fmt.Sprintf("/places.json?bbox=%.3f,%.3f,%.3f,%.3f", p.Lon-.01, p.Lat-.01, p.Lon+.01, p.Lat+.01))
			for z := range 15 {
				seeds = append(seeds, tileOf(z, p))
			}
		}
	}
	return seeds
}

func tileOf(z int, p geo.Public) string {
	x, y := walk.Tile(z, p.Lat, p.Lon)
	return fmt.Sprintf("/tiles/places/%d/%d/%d.mvt", z, x, y)
}

func walkAll(a *atlas, headers http.Header) map[string]walk.Answer {
	return walk.Visit(a.site, walk.Options{
		Seeds: walkSeeds(), Forms: []string{".json", ".geojson", ".gpx", ".kml", ".csv", ".atom", ".rss", ".feed.json"},
		Skip: func(path string) bool { return strings.HasPrefix(path, "/random") || badForm(path) && !hasForms(path) }, Headers: headers, Most: 2500,
	})
}

// Two atlases that differ only in where the protected places really are must
// be the same to everyone outside, to the byte.
func TestTwinsAreTheSame(t *testing.T) {
	one, two := newAtlas(t, twinRecords(0), nil), newAtlas(t, twinRecords(0.004), nil)
	a, b := walkAll(one, nil), walkAll(two, nil)
	t.Logf("%d answers", len(a))
	if len(a) < 300 {
		t.Fatalf("the walk saw only %d answers", len(a))
	}
	if d := walk.Difference(a, b); d != "" {
		t.Errorf("the truth shows: %s", d)
	}
	// The instrument itself: a public place that moved must be seen.
	moved := twinRecords(0)
	moved[0].Lat = f64(*moved[0].Lat + 0.01)
	if walk.Difference(a, walkAll(newAtlas(t, moved, nil), nil)) == "" {
		t.Error("the walk does not see a place that moved")
	}
}

// No answer may hold the digits of a truth, in any notation, unless somebody
// asked with those digits.
func TestNoTraceOfATruth(t *testing.T) {
	a := newAtlas(t, twinRecords(0), nil)
	answers := walkAll(a, nil)
	for address := range answers {
		for _, g := range guardedPlaces {
			for _, asked := range []geo.Public{g.truth, g.near} {
				if strings.Contains(address, walk.Traces(asked.Lat, asked.Lon)[0]) || strings.Contains(address, "bbox=") || strings.HasPrefix(address, "/tiles/places/14/") {
					delete(answers, address) // it echoes what was asked
				}
			}
		}
	}
	for _, g := range guardedPlaces {
		if where := walk.Find(answers, walk.Traces(g.truth.Lat, g.truth.Lon)); where != "" {
			t.Errorf("%s: %s", g.title, where)
		}
		if where := walk.Find(answers, []string{"Secret Lane", "moved by"}); where != "" {
			t.Errorf("%s: %s", g.title, where)
		}
		if g.tier != "approximate" {
			if where := walk.Find(answers, walk.Traces(g.near.Lat, g.near.Lon)[:2]); where != "" {
				t.Errorf("%s: its public point shows: %s", g.title, where)
			}
		}
	}
	for path, answer := range answers {
		if answer.Status >= 500 {
			t.Errorf("%s: %d", path, answer.Status)
		}
		if answer.Status == http.StatusOK && strings.HasPrefix(path, "/places/the-family-chapel") && strings.Contains(string(answer.Body), "Highland") {
			t.Errorf("%s tells the region of a hidden place", path)
		}
	}
}

// Whatever a signed-in browser would send, public bytes are the same.
func TestWalkWithCookiesIsTheSame(t *testing.T) {
	a := walkAll(newAtlas(t, someRecords(), nil), nil)
	b := walkAll(newAtlas(t, someRecords(), nil), http.Header{"Cookie": {"__Host-session=abc"}, "Authorization": {"Bearer mir_x"}, "Accept-Language": {"de"}})
	if d := walk.Difference(a, b); d != "" {
		t.Errorf("a cookie shows: %s", d)
	}
}

// No link of a page may be dead.
func TestNoDeadLinks(t *testing.T) {
	a := newAtlas(t, twinRecords(0), nil)
	for path, answer := range walkAll(a, nil) {
		if answer.Status == http.StatusNotFound && !strings.HasPrefix(path, "/assets/") && !strings.HasPrefix(path, "/api/") && !strings.HasPrefix(path, "/tiles/") && !badForm(path) {
			t.Errorf("%s is a dead link", path)
		}
	}
}

// hasForms tells the paths under which other forms are served.
func hasForms(path string) bool {
	for _, p := range []string{"/places", "/destinations", "/tags", "/search", "/sitemap"} {
		if strings.HasPrefix(path, p) {
			return true
		}
	}
	return false
}

// badForm tells the forms that the walk tries where there are none.
func badForm(path string) bool {
	path, _, _ = strings.Cut(path, "?")
	name := path[strings.LastIndexByte(path, '/')+1:]
	_, suffix, dotted := strings.Cut(name, ".")
	return dotted && forms["."+suffix].kind != 0
}

const canary = `"'><img src=x onerror=alert(1)><script>alert(1)</script>`

// A stranger's words may be read, never run.
func TestCanary(t *testing.T) {
	records := []place.Record{{
		ID: "1", Title: "T" + canary, Subtitle: "S" + canary, Body: "B" + canary + "\n\n[x](javascript:alert(1)) ![y](https://evil.example/p.png)", KnowBeforeYouGo: "K" + canary, Address: "A" + canary,
		Website: "https://example.org/?" + canary, Tags: []string{"G" + canary}, Lat: f64(48.85), Lon: f64(2.35), Lang: "en", StatusSource: "N" + canary, Status: "closed", Licence: "L" + canary,
		Aliases: []place.Alias{{Name: "Z" + canary}}, Sources: []place.Source{{Title: "Q" + canary, Author: "W" + canary, URL: "https://example.org/"}},
		Facts: map[string]place.Fact{"hours": {Value: "H" + canary, Source: "F" + canary}}, PublishedAt: "2026-01-01T00:00:00Z",
	}}
	a := newAtlas(t, records, nil)
	answers := walk.Visit(a.site, walk.Options{
		Seeds: []string{"/", "/search?q=" + "%22%27%3E%3Cimg%20src=x%20onerror=alert(1)%3E", "/near?q=%3Cscript%3Ealert(1)%3C/script%3E", "/places?q=%3Csvg%20onload=alert(1)%3E", "/%3Cscript%3Ealert(1)%3C/script%3E"},
		Skip:  func(path string) bool { return strings.HasPrefix(path, "/random") }, Most: 400,
	})
	seen := 0
	for path, answer := range answers {
		if answer.Kind() == "text/html" {
			seen++
			checkInert(t, path, answer.Body)
		}
	}
	if seen < 40 {
		t.Errorf("only %d pages were looked at", seen)
	}
}

// checkInert parses a page as a browser does and looks for what would run.
func checkInert(t *testing.T, path string, body []byte) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	inline := 0
	var visit func(n *html.Node)
	visit = func(n *html.Node) {
		if n.Type == html.ElementNode {
			for _, attr := range n.Attr {
				v := strings.ToLower(strings.TrimSpace(attr.Val))
				switch {
				case strings.HasPrefix(attr.Key, "on"), attr.Key == "style":
					t.Errorf("%s: <%s> has %s", path, n.Data, attr.Key)
				case strings.HasPrefix(v, "javascript:"), (attr.Key == "src" || attr.Key == "srcset") && (v == "x" || strings.Contains(v, "//")):
					t.Errorf("%s: <%s> has %s=%q", path, n.Data, attr.Key, attr.Val)
				}
			}
			if n.Data == "script" && n.FirstChild != nil {
				if kind := attribute(n, "type"); kind != "application/ld+json" {
					inline++
					if strings.Contains(n.FirstChild.Data, "alert(1)") {
						t.Errorf("%s runs the canary", path)
					}
				}
			}
			if n.Data == "style" || n.Data == "iframe" || n.Data == "object" || n.Data == "base" {
				t.Errorf("%s has <%s>", path, n.Data)
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			visit(c)
		}
	}
	visit(root)
	if inline > 1 {
		t.Errorf("%s has %d inline scripts", path, inline)
	}
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
