package web

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"mirabilia/internal/finder"
	"mirabilia/internal/geo"
	"mirabilia/internal/interchange"
	"mirabilia/internal/outbound"
	"mirabilia/internal/place"
	"mirabilia/internal/web/tiles"
)

// wayRecords are places beside the way from Paris to Lyon, and off it; two are
// protected.
func wayRecords() []place.Record {
	at := func(id, title, tier string, lat, lon float64) place.Record {
		return place.Record{ID: id, Title: title, LocationTier: tier, Tags: []string{"Ruins"}, Lat: f64(lat), Lon: f64(lon)}
	}
	return append(someRecords(),
		at("w1", "Mill of Auxerre", "exact", 47.80, 3.57), at("w2", "Abbey of Cluny", "exact", 46.43, 4.66),
		at("w3", "Kiln of Nevers", "exact", 46.99, 3.16), at("w4", "Hidden Cave", "hidden", 47.30, 3.59), at("w5", "Rough Grove", "region", 47.31, 3.60))
}

// post sends a file to the page.
func (a *atlas) post(name, file string, fields ...string) *httptest.ResponseRecorder {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for i := 0; i < len(fields); i += 2 {
		_ = form.WriteField(fields[i], fields[i+1])
	}
	w, err := form.CreateFormFile("file", name)
	if err != nil {
		a.t.Fatal(err)
	}
	_, _ = w.Write([]byte(file))
	_ = form.Close()
	r := httptest.NewRequest(http.MethodPost, "/along", &b)
	r.Header.Set("Content-Type", form.FormDataContentType())
	out := httptest.NewRecorder()
	a.site.ServeHTTP(out, r)
	return out
}

func titles(a *atlas, path string) []string {
	a.t.Helper()
	w := request(a.site, http.MethodGet, path)
	var list struct {
		Items []struct {
			Title    string
			Distance *float64 `json:"distance_m"`
			Along    *float64 `json:"along_m"`
		}
	}
	if w.Code != http.StatusOK || json.Unmarshal(w.Body.Bytes(), &list) != nil {
		a.t.Fatalf("%s: %d %.300s", path, w.Code, w.Body)
	}
	out := []string{}
	for _, i := range list.Items {
		if i.Distance == nil || i.Along == nil {
			a.t.Errorf("%s: %s has no distances", path, i.Title)
		}
		out = append(out, i.Title)
	}
	return out
}

func TestAlong_stops(t *testing.T) {
	a := newAtlas(t, wayRecords(), nil)
	const ask = "stop=Paris&stop=Lyon&within=40"
	if got := titles(a, "/along.json?"+ask); !slices.Equal(got, []string{"Mill of Auxerre", "Abbey of Cluny"}) {
		t.Errorf("along the way lie %v", got)
	}
	if got := titles(a, "/along.json?stop=Lyon&stop=48.8566,+2.3522&within=90"); !slices.Equal(got, []string{"Abbey of Cluny", "Kiln of Nevers", "Mill of Auxerre"}) {
		t.Errorf("back lie %v", got)
	}
	if got := titles(a, "/along.json?stop=kiln-of-nevers&stop=Abbey+of+Cluny&within=5"); !slices.Equal(got, []string{"Kiln of Nevers", "Abbey of Cluny"}) {
		t.Errorf("between places of the atlas lie %v", got)
	}
	if got := titles(a, "/along.json?"+ask+"&tag=museums"); len(got) != 0 {
		t.Errorf("filtered: %v", got)
	}
	body := request(a.site, http.MethodGet, "/along?"+ask).Body.String()
	for _, want := range []string{"<bdi>Paris", "Mill of Auxerre", "not the road", "/along.gpx?", "/pictures/way/", `data-way="`} {
		if !strings.Contains(body, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	if mill, lyon := strings.Index(body, "Mill of Auxerre</"), strings.LastIndex(body, "<bdi>Lyon"); mill < 0 || lyon < mill {
		t.Error("Lyon stands before what is passed before it")
	}
}

// Every file that can holds the way beside the places, so that a device shows
// it: as a way it leads to the same places again, and whoever imports the file
// gets the places and no complaint about the line.
func TestAlong_filesHoldTheWay(t *testing.T) {
	a := newAtlas(t, wayRecords(), nil)
	for ask, want := range map[string][]string{
		"stop=Paris&stop=Lyon&within=40":                   {"Mill of Auxerre", "Abbey of Cluny"},
		"stop=kiln-of-nevers&stop=Abbey+of+Cluny&within=5": {"Kiln of Nevers", "Abbey of Cluny"},
		"stop=10,+170&stop=10,+-170&within=5":              {},
		"line=" + geo.EncodeLine([]geo.Public{{Lat: 48.8566, Lon: 2.3522}, {Lat: 47.8, Lon: 3.5}, {Lat: 45.76, Lon: 4.83}}) + "&within=40": {"Mill of Auxerre", "Abbey of Cluny"},
	} {
		within := ask[strings.LastIndex(ask, "=")+1:]
		for _, form := range []string{".gpx", ".kml", ".geojson"} {
			file := a.get("/along" + form + "?" + ask).Body.String()
			back, err := interchange.Open("a"+form, strings.NewReader(file), "")
			if err != nil {
				t.Fatal(err)
			}
			read := []string{}
			rec, err := back.Next()
			for ; err == nil; rec, err = back.Next() {
				read = append(read, rec.Title)
			}
			if !errors.Is(err, io.EOF) || !slices.Equal(read, want) {
				t.Errorf("%s of %s holds %v, %v; want %v", form, ask, read, err, want)
			}
			w := a.post("a"+form, file, "within", within)
			to, err := url.Parse(w.Header().Get("Location"))
			if w.Code != http.StatusSeeOther || err != nil {
				t.Fatalf("%s of %s as a way: %d %s", form, ask, w.Code, w.Body)
			}
			if got := titles(a, "/along.json?"+to.RawQuery); !slices.Equal(got, want) {
				t.Errorf("%s of %s leads to %v, want %v", form, ask, got, want)
			}
		}
		zipped := a.get("/along.zip?" + ask).Body.Bytes()
		z, err := zip.NewReader(bytes.NewReader(zipped), int64(len(zipped)))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"places.gpx", "places.geojson"} {
			data, err := fs.ReadFile(z, name)
			if err != nil {
				t.Fatal(err)
			}
			if line, err := interchange.ReadWay(name, data, 100_000); err != nil || len(line) < 10 {
				t.Errorf("%s of %s holds a way of %d points, %v", name, ask, len(line), err)
			}
		}
	}
}

// The way in files keeps the schemas, and no part of it goes around the Earth.
func TestAlong_wayByOtherParsers(t *testing.T) {
	a := newAtlas(t, wayRecords(), nil)
	for ask, parts := range map[string]int{"stop=Paris&stop=Lyon&within=40": 1, "stop=10,+170&stop=-10,+-170": 2, "stop=0,+179&stop=1,+-179&stop=2,+179": 3} {
		gpx := a.xml("/along.gpx?" + ask)
		inOrder(t, ask, "gpx", gpx)
		track := gpx.Nodes[len(gpx.Nodes)-1]
		if track.XMLName.Local != "trk" || len(track.Nodes) != 2 {
			t.Fatalf("%s: the GPX ends with <%s> of %d", ask, track.XMLName.Local, len(track.Nodes))
		}
		for _, p := range track.Nodes[1].Nodes {
			decimalIn(t, ask, p.attr("lat"), -90, 90)
			decimalIn(t, ask, p.attr("lon"), -180, 180)
		}
		kml := a.xml("/along.kml?" + ask)
		inOrder(t, ask, "kml", kml)
		marks := kml.Nodes[0].Nodes
		mark := marks[len(marks)-1]
		lines := mark.Nodes[len(mark.Nodes)-1].Nodes
		if mark.XMLName.Local != "Placemark" || len(lines) != parts {
			t.Errorf("%s: KML has %d lines, want %d", ask, len(lines), parts)
		}
		for _, l := range lines {
			for _, c := range strings.Fields(l.Nodes[len(l.Nodes)-1].Text) {
				lon, lat, _ := strings.Cut(c, ",")
				decimalIn(t, ask, lon, -180, 180)
				decimalIn(t, ask, lat, -90, 90)
			}
		}
		c, err := geojson.UnmarshalFeatureCollection(a.get("/along.geojson?" + ask).Body.Bytes())
		if err != nil || len(c.Features) == 0 {
			t.Fatalf("%s: %v", ask, err)
		}
		var drawn orb.MultiLineString
		switch shape := c.Features[len(c.Features)-1].Geometry.(type) {
		case orb.LineString:
			drawn = orb.MultiLineString{shape}
		case orb.MultiLineString:
			drawn = shape
		}
		if len(drawn) != parts {
			t.Errorf("%s: GeoJSON has %d lines, want %d", ask, len(drawn), parts)
		}
		for _, line := range drawn {
			for i := 1; i < len(line); i++ {
				if len(line) < 2 || math.Abs(line[i].Lon()-line[i-1].Lon()) > 1 {
					t.Errorf("%s: from %v to %v", ask, line[i-1], line[i])
				}
			}
		}
	}
}

func TestAlong_bad(t *testing.T) {
	a := newAtlas(t, wayRecords(), nil)
	for path, code := range map[string]int{
		"/along": 200, "/along?stop=Paris": 200, "/along?stop=Paris&stop=Qqzzxx": 200, "/along.gpx": 400, "/along.gpx?stop=Paris": 400, "/along.gpx?stop=Paris&stop=Qqzzxx": 400,
		"/along?within=0": 400, "/along?within=x&stop=Paris": 400, "/along?line=!!": 400, "/along?line=AA": 400, "/along.json?stop=Paris&stop=Lyon&cursor=x": 400, "/along?stop=Paris&stop=Lyon&limit=0": 400,
		"/along.atom?stop=Paris&stop=Lyon": 404, "/along.csv?stop=Paris&stop=Lyon": 200, "/along.kml?stop=Paris&stop=Lyon": 200, "/along.geojson?stop=Paris&stop=Lyon": 200,
		"/along?stop=" + strings.Repeat("x", 300): 400,
	} {
		if w := request(a.site, http.MethodGet, path); w.Code != code {
			t.Errorf("%s: %d, want %d", path, w.Code, code)
		}
	}
	if body := request(a.site, http.MethodGet, "/along?stop=Paris&stop=Qqzzxx").Body.String(); !strings.Contains(body, "Nowhere is known as “Qqzzxx”") {
		t.Error("the page does not say which stop is unknown")
	}
}

func TestAlong_file(t *testing.T) {
	a := newAtlas(t, wayRecords(), nil)
	var gpx strings.Builder
	gpx.WriteString(`<gpx version="1.1"><trk><trkseg>`)
	for i := range 20_000 { // winding
		f := float64(i) / 19_999
		fmt.Fprintf(&gpx, `<trkpt lat="%.6f" lon="%.6f"/>`, 48.8566-3.1*f+float64(i%7)*.0004, 2.3522+2.48*f+float64(i%5)*.0004)
	}
	gpx.WriteString(`</trkseg></trk></gpx>`)
	w := a.post("day.gpx", gpx.String(), "within", "40", "tag", "ruins", "stop", "ignored")
	to, err := url.Parse(w.Header().Get("Location"))
	if w.Code != http.StatusSeeOther || err != nil || to.Path != "/along" || to.Query().Get("off") == "" || to.Query().Get("tag") != "ruins" {
		t.Fatalf("%d %v %s", w.Code, to, w.Body)
	}
	if got := titles(a, "/along.json?"+to.RawQuery); !slices.Equal(got, []string{"Mill of Auxerre", "Abbey of Cluny"}) {
		t.Errorf("beside the line lie %v", got)
	}
	page := request(a.site, http.MethodGet, to.String())
	if page.Code != http.StatusOK || !strings.Contains(page.Body.String(), "nowhere farther than "+to.Query().Get("off")+" m") {
		t.Errorf("%d, and the page does not say how far the line is off", page.Code)
	}
	for name, file := range map[string]string{
		"laughs.gpx": `<!DOCTYPE x [<!ENTITY a "aaaa">]><gpx>&a;</gpx>`, "nan.gpx": `<gpx><wpt lat="NaN" lon="1"/><wpt lat="1" lon="1"/></gpx>`,
		"deep.kml": "<kml>" + strings.Repeat("<Folder>", 9999), "empty.gpx": "", "words.txt": "not a line at all", "bomb.kmz": "PK\x03\x04",
	} {
		if w := a.post(name, file); w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	if w := a.post("huge.gpx", "<gpx>"+strings.Repeat(" ", maxWay)); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a huge file: %d", w.Code)
	}
	r := httptest.NewRequest(http.MethodPost, "/along", strings.NewReader("a=b"))
	out := httptest.NewRecorder()
	if a.site.ServeHTTP(out, r); out.Code != http.StatusBadRequest {
		t.Errorf("no form: %d", out.Code)
	}
}

// A router of the operator's gives roads; when it fails, the page says so.
func TestAlong_roads(t *testing.T) {
	broken := false
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if broken {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		_, _ = fmt.Fprintf(w, `{"code":"Ok","routes":[{"geometry":%q}]}`, polyline6(geo.Public{Lat: 48.86, Lon: 2.35}, geo.Public{Lat: 46.99, Lon: 3.16}, geo.Public{Lat: 45.76, Lon: 4.83}))
	}))
	defer server.Close()
	a := newAtlas(t, wayRecords(), func(d *Deps) { d.Router = outbound.NewRouter(server.URL, d.Now) })
	if got := titles(a, "/along.json?stop=Paris&stop=Lyon&within=10"); !slices.Equal(got, []string{"Kiln of Nevers"}) {
		t.Errorf("beside the road lie %v", got)
	}
	if body := request(a.site, http.MethodGet, "/along?stop=Paris&stop=Lyon").Body.String(); !strings.Contains(body, "follows roads") {
		t.Error("the page does not say that it follows roads")
	}
	broken = true
	if body := request(a.site, http.MethodGet, "/along?stop=Lyon&stop=Paris").Body.String(); !strings.Contains(body, "The roads could not be found") || !strings.Contains(body, "straight line") {
		t.Error("the page does not say that the roads failed")
	}
}

// Between an island and the shore there may be no road; that is no failure.
func TestAlong_noRoad(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"code":"NoRoute","message":"Impossible route between points"}`)
	}))
	defer server.Close()
	a := newAtlas(t, wayRecords(), func(d *Deps) { d.Router = outbound.NewRouter(server.URL, d.Now) })
	if body := request(a.site, http.MethodGet, "/along?stop=Paris&stop=Lyon").Body.String(); !strings.Contains(body, "No road leads from stop to stop") || strings.Contains(body, "just now") {
		t.Error("the page does not say that there is no road")
	}
}

// A geocoder that is down is said to be, wherever an address may be typed, and
// what the atlas knows by itself is found all the same.
func TestGeocoderIsDown(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }))
	defer server.Close()
	a := newAtlas(t, wayRecords(), func(d *Deps) { d.Geocoder = outbound.NewGeocoder(server.URL) })
	const said = "Addresses cannot be looked up just now"
	for _, path := range []string{"/near?q=Rua+Xyzzy+7777", "/along?stop=Paris&stop=Rua+Xyzzy+7777", "/along.json?stop=Paris&stop=Rua+Xyzzy+7777"} {
		if body := request(a.site, http.MethodGet, path).Body.String(); !strings.Contains(body, said) {
			t.Errorf("%s does not say that addresses cannot be looked up", path)
		}
	}
	for _, path := range []string{"/near?q=Lyon", "/along?stop=Paris&stop=Lyon"} {
		if w := request(a.site, http.MethodGet, path); w.Code != http.StatusOK || strings.Contains(w.Body.String(), said) {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	b := newAtlas(t, wayRecords(), nil)
	if body := request(b.site, http.MethodGet, "/near?q=Rua+Xyzzy+7777").Body.String(); !strings.Contains(body, "Nowhere known as") || strings.Contains(body, said) {
		t.Error("an atlas without a geocoder speaks of one")
	}
}

func polyline6(points ...geo.Public) string {
	var b strings.Builder
	var at [2]int64
	for _, p := range points {
		for k, v := range [2]int64{int64(p.Lat * 1e6), int64(p.Lon * 1e6)} {
			u := uint64((v-at[k])<<1) ^ uint64((v-at[k])>>63)
			for at[k] = v; u >= 32; u >>= 5 {
				b.WriteByte(byte(63 + (32 | u&31)))
			}
			b.WriteByte(byte(63 + u))
		}
	}
	return b.String()
}

func TestWayPicture(t *testing.T) {
	a := newAtlas(t, wayRecords(), nil)
	for _, line := range [][]geo.Public{
		{{Lat: 48.86, Lon: 2.35}, {Lat: 45.76, Lon: 4.83}}, {{Lat: 0, Lon: 179}, {Lat: 1, Lon: -179}}, {{Lat: 89, Lon: 0}, {Lat: 89, Lon: 180}}, {{Lat: 1, Lon: 1}, {Lat: 1, Lon: 1}},
		{{Lat: 35, Lon: 139}, {Lat: 37, Lon: -122}},
	} {
		path := tiles.WayPath(line, line, tiles.Where)
		if w := request(a.site, http.MethodGet, path); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `class="v"`) || strings.Contains(w.Body.String(), "NaN") {
			t.Errorf("%v: %d %.200s", line, w.Code, w.Body)
		}
	}
	for _, path := range []string{"/pictures/way/where.svg", "/pictures/way/where.svg?line=AA", "/pictures/way/where.svg?line=!", "/pictures/way/huge.svg?line=AAAA", "/pictures/way/where.svg?line=" + strings.Repeat("A", 4000)} {
		if w := request(a.site, http.MethodGet, path); w.Code != http.StatusBadRequest {
			t.Errorf("%.60s: %d", path, w.Code)
		}
	}
	if _, err := finder.NewRoute(nil); err == nil {
		t.Error("a route of nothing")
	}
}
