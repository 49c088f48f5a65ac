package web

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/url"
	"path"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"mirabilia/internal/place"
	"mirabilia/internal/walk"
	"mirabilia/internal/web/pack"
)

// unzip reads a ZIP that the atlas gives.
func unzip(t *testing.T, a *atlas, address string) map[string][]byte {
	t.Helper()
	w := a.get(address)
	if w.Code != 200 {
		t.Fatalf("%s: %d %s", address, w.Code, w.Body)
	}
	z, err := zip.NewReader(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()))
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		if files[f.Name] != nil || !regexp.MustCompile(`^[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)?\.[a-z]+$`).MatchString(f.Name) {
			t.Errorf("%s holds a file named %q", address, f.Name)
		}
		if f.Modified.IsZero() {
			t.Errorf("%s has no date", f.Name)
		}
		files[f.Name] = data
	}
	return files
}

// Every link inside a ZIP leads to a file in it, or to an absolute address.
func TestZIPStandsAlone(t *testing.T) {
	a := newAtlas(t, twinRecords(0), nil)
	for _, address := range []string{"/places.zip", "/tags/nature.zip", "/destinations/mexico.zip", "/places/casa-azul.zip", "/places.zip?q=museum", "/tags/museums/in/mexico.zip"} {
		files := unzip(t, a, address)
		for name, body := range files {
			if path.Ext(name) == ".html" {
				checkAlone(t, address+": "+name, name, body, files)
			}
		}
		for _, name := range []string{"index.html", "style.css", "search.js", "places.gpx", "places.geojson", "licence.txt"} {
			if files[name] == nil {
				t.Errorf("%s lacks %s", address, name)
			}
		}
		checkPoints(t, address, files)
	}
}

func checkAlone(t *testing.T, where, name string, body []byte, files map[string][]byte) {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	headings := 0
	for n := range doc.Descendants() {
		if n.Data == "h1" {
			headings++
		}
		for _, attr := range n.Attr {
			if strings.HasPrefix(attr.Key, "on") || attr.Key == "style" {
				t.Errorf("%s: <%s> has %s", where, n.Data, attr.Key)
			}
			if attr.Key != "href" && attr.Key != "src" {
				continue
			}
			u, err := url.Parse(attr.Val)
			switch {
			case err != nil:
				t.Errorf("%s: %v", where, err)
			case u.Scheme != "" && attr.Key == "src":
				t.Errorf("%s loads %s", where, attr.Val)
			case u.Scheme != "" || strings.HasPrefix(attr.Val, "#"):
			case files[path.Join(path.Dir(name), u.Path)] == nil:
				t.Errorf("%s: %s leads nowhere", where, attr.Val)
			}
		}
	}
	if headings != 1 {
		t.Errorf("%s has %d h1", where, headings)
	}
}

// checkPoints reads the GPX and the GeoJSON as other programs do: they hold what
// the index lists, as far as it has a position.
func checkPoints(t *testing.T, address string, files map[string][]byte) {
	t.Helper()
	var gpx struct {
		Points []struct {
			Lat float64 `xml:"lat,attr"`
		} `xml:"wpt"`
	}
	if err := xml.Unmarshal(files["places.gpx"], &gpx); err != nil {
		t.Errorf("%s: %v", address, err)
	}
	var geojson struct {
		Features []struct {
			Geometry *struct{} `json:"geometry"`
		} `json:"features"`
	}
	if err := json.Unmarshal(files["places.geojson"], &geojson); err != nil {
		t.Errorf("%s: %v", address, err)
	}
	pages, points := 0, 0
	for name := range files {
		if strings.HasPrefix(name, "places/") {
			pages++
		}
	}
	for _, f := range geojson.Features {
		if f.Geometry != nil {
			points++
		}
	}
	if pages == 0 || len(geojson.Features) != pages || len(gpx.Points) != points {
		t.Errorf("%s: %d pages, %d features, %d points of which %d have a position", address, pages, len(geojson.Features), len(gpx.Points), points)
	}
}

// A stranger's words may be read in a ZIP, never run.
func TestCanaryInPacks(t *testing.T) {
	a := newAtlas(t, []place.Record{{
		ID: "1", Title: "T" + canary, Subtitle: "S" + canary, Body: "B" + canary + "\n\n[in](/places/x) [x](javascript:alert(1))", KnowBeforeYouGo: "K" + canary, Address: "A" + canary,
		Tags: []string{"G" + canary}, Lat: f64(48.85), Lon: f64(2.35), Status: "closed", StatusSource: "N" + canary, Aliases: []place.Alias{{Name: "Z" + canary}},
		Facts: map[string]place.Fact{"hours": {Value: "H" + canary, Source: "F" + canary}}, PublishedAt: "2026-01-01T00:00:00Z",
	}}, nil)
	for name, body := range unzip(t, a, "/places.zip") {
		if path.Ext(name) == ".html" {
			checkInertFile(t, name, body)
		}
	}
	var got struct{ Items []pack.Leaf }
	if err := json.Unmarshal(a.get("/packs/items.json?id="+manifest(t, a, "/places.pack.json").Items[0].ID).Body.Bytes(), &got); err != nil || len(got.Items) != 1 {
		t.Fatal(err, len(got.Items))
	}
	checkInertFile(t, "item", []byte(got.Items[0].HTML))
	if !strings.Contains(got.Items[0].HTML, "alert(1)") {
		t.Error("the words themselves are gone")
	}
}

func checkInertFile(t *testing.T, name string, body []byte) {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.Data == "script" && (attribute(n, "src") != "search.js" || n.FirstChild != nil) || n.Data == "iframe" || n.Data == "object" {
			t.Errorf("%s has <%s>", name, n.Data)
		}
		for _, attr := range n.Attr {
			if strings.HasPrefix(attr.Key, "on") || strings.HasPrefix(strings.ToLower(attr.Val), "javascript:") || attr.Key == "src" && attr.Val == "x" {
				t.Errorf("%s: <%s> has %s=%q", name, n.Data, attr.Key, attr.Val)
			}
		}
	}
}

// No pack holds the digits of a truth: what is packed is looked into.
func TestNoTraceOfATruthInPacks(t *testing.T) {
	a := newAtlas(t, twinRecords(0), nil)
	answers := map[string]walk.Answer{}
	for _, address := range []string{"/places.zip", "/destinations/united-kingdom.zip", "/places/the-osprey-nest.zip", "/places/the-family-chapel.zip", "/places/the-unguarded-broch.zip"} {
		for name, body := range unzip(t, a, address) {
			answers[address+"!"+name] = walk.Answer{Status: 200, Body: body}
		}
	}
	if len(answers) < 30 {
		t.Fatalf("only %d files", len(answers))
	}
	for _, g := range guardedPlaces {
		if where := walk.Find(answers, walk.Traces(g.truth.Lat, g.truth.Lon)); where != "" {
			t.Errorf("%s: %s", g.title, where)
		}
		if where := walk.Find(answers, []string{"Secret Lane", "moved by"}); where != "" {
			t.Errorf("%s: %s", g.title, where)
		}
	}
}

func manifest(t *testing.T, a *atlas, address string) pack.Manifest {
	t.Helper()
	var m pack.Manifest
	w := a.get(address)
	if err := json.Unmarshal(w.Body.Bytes(), &m); err != nil {
		t.Fatalf("%s: %v: %s", address, err, w.Body)
	}
	return m
}

// What is announced is what is kept, and what has changed and only that has
// another hash.
func TestManifest(t *testing.T) {
	records := twinRecords(0)
	a := newAtlas(t, records, nil)
	m := manifest(t, a, "/places.pack.json")
	if len(m.Items) != len(records) || m.Page != "/places" || m.Name != "All places" || m.Tiles.Box == nil {
		t.Fatalf("%d items of %d, %q, %q, %v", len(m.Items), len(records), m.Page, m.Name, m.Tiles.Box)
	}
	real := a.get("/places.pack.json").Body.Len()
	for _, i := range m.Items {
		var got struct{ Items []pack.Leaf }
		if err := json.Unmarshal(a.get("/packs/items.json?id="+i.ID).Body.Bytes(), &got); err != nil || len(got.Items) != 1 {
			t.Fatalf("%s: %v", i.ID, err)
		}
		raw, err := json.Marshal(got.Items[0])
		if err != nil {
			t.Fatal(err)
		}
		if got.Items[0].Hash != i.Hash || len(raw) != i.Bytes {
			t.Errorf("%s: %s of %d bytes, announced %s of %d", i.ID, got.Items[0].Hash, len(raw), i.Hash, i.Bytes)
		}
		real += len(raw)
	}
	if d := real - m.Size.Texts; d < -200 || d > 200 {
		t.Errorf("texts take %d bytes, announced %d", real, m.Size.Texts)
	}
	pictures := 0
	for _, p := range pack.Pictures(m.Items) {
		pictures += a.get(p).Body.Len()
	}
	if r := float64(m.Size.Pictures) / float64(pictures); r < 0.75 || r > 1.33 {
		t.Errorf("pictures take %d bytes, announced %d", pictures, m.Size.Pictures)
	}
	changed := append([]place.Record(nil), records...)
	changed[0].Body += " A word more."
	b := newAtlas(t, changed, nil)
	after := manifest(t, b, "/places.pack.json")
	hashes := map[string]string{}
	for _, i := range m.Items {
		hashes[i.ID] = i.Hash
	}
	var other []string
	for _, i := range after.Items {
		if hashes[i.ID] != i.Hash {
			other = append(other, i.Title)
		}
	}
	if len(other) != 1 || other[0] != changed[0].Title {
		t.Errorf("%q have another hash, want %q alone", other, changed[0].Title)
	}
	for _, path := range m.Tiles.Paths {
		if !strings.HasPrefix(path, "/tiles/world/") {
			t.Errorf("%s is no tile", path)
		}
	}
}

func TestPacksOfEveryPage(t *testing.T) {
	a := newAtlas(t, twinRecords(0), nil)
	for address, page := range map[string]string{
		"/destinations/mexico.pack.json": "/destinations/mexico", "/tags/museums.pack.json": "/tags/museums", "/tags/museums/in/mexico.pack.json": "/tags/museums/in/mexico",
		"/places/casa-azul.pack.json": "/places/casa-azul", "/places.pack.json?tag=museums": "/places?tag=museums", "/places.pack.json?q=museum": "/places?q=museum",
	} {
		m := manifest(t, a, address)
		if m.Page != page || len(m.Items) == 0 || m.Name == "" {
			t.Errorf("%s: page %q, %d items, name %q", address, m.Page, len(m.Items), m.Name)
		}
		if w := a.get(page); !strings.Contains(w.Body.String(), `data-take="`+html.EscapeString(address)+`"`) {
			t.Errorf("%s does not offer %s", page, address)
		}
	}
}

func TestBadPacks(t *testing.T) {
	a := newAtlas(t, someRecords(), nil)
	many := strings.TrimSuffix(strings.Repeat("id=p1&", pack.Part+1), "&")
	for address, want := range map[string]int{
		"/places.zip?limit=0": 400, "/places.pack.json?bbox=1": 400, "/places.zip?near=x": 400, "/tags/nothing.zip": 404, "/destinations/no-such-country.zip": 404, "/places/none.zip": 404,
		"/packs/items.json": 400, "/packs/items.json?id=1": 400, "/packs/items.json?id=p0": 400, "/packs/items.json?" + many: 400, "/packs/items.json?id=p999999": 200, "/search.zip?q=x": 404, "/sw.js?x=1": 200,
	} {
		if w := a.get(address); w.Code != want {
			t.Errorf("%s: %d, want %d: %s", address, w.Code, want, w.Body)
		}
	}
}

// More places than a pack holds are refused, with a sentence that says what to do.
func TestPackIsBounded(t *testing.T) {
	var records []place.Record
	for i := range pack.Most + 1 {
		records = append(records, place.Record{ID: fmt.Sprint(i), Title: fmt.Sprint("Place ", i), Tags: []string{"Many"}, Lat: f64(float64(i%90) / 2), Lon: f64(float64(i%180) / 2), PublishedAt: "2026-01-01T00:00:00Z"})
	}
	a := newAtlas(t, records, nil)
	for _, form := range []string{".zip", ".pack.json"} {
		w := a.get("/places" + form)
		if w.Code != 400 || !strings.Contains(w.Body.String(), "2,000 places") {
			t.Errorf("%s: %d %s", form, w.Code, w.Body)
		}
	}
	if page := a.get("/tags/many").Body.String(); !strings.Contains(page, "A pack holds 2,000 places") || strings.Contains(page, "/tags/many.zip") {
		t.Error("the page offers more than a pack holds")
	}
	m := manifest(t, a, "/places.pack.json?limit=100")
	if len(m.Items) != 100 {
		t.Errorf("%d items, want the 100 asked for", len(m.Items))
	}
}
