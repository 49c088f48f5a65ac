package tiles_test

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"

	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/geo"
	"mirabilia/internal/web/tiles"
)

// fixed answers every tile with the same clusters, and notes the filter.
type fixed struct {
	clusters []finder.Cluster
	asked    finder.Filter
}

func (f *fixed) Tile(into []finder.Cluster, _, _, _, _ int, flt finder.Filter) []finder.Cluster {
	f.asked = flt
	return append(into, f.clusters...)
}

func mount(pattern string, h http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(pattern, h)
	return mux
}

func get(t *testing.T, h http.Handler, path string, headers ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) []byte {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func someClusters(n int, within geo.Box) []finder.Cluster {
	r := rand.New(rand.NewPCG(7, 8))
	out := make([]finder.Cluster, n)
	statuses := []string{"open", "closed", "lost", ""}
	for i := range out {
		at := geo.Public{Lat: within.South + r.Float64()*(within.North-within.South), Lon: within.West + r.Float64()*(within.East-within.West)}
		x, y := inSquare(at)
		out[i] = finder.Cluster{X: x, Y: y, Exact: at, Count: 1 + i%3*(i*i%700), Best: finder.Ref{ID: int64(i)*7919 + 1, Kind: finder.Kind(i % 2)},
			Title: fmt.Sprintf("Lieu n° %d “é”", i), Slug: fmt.Sprintf("lieu-%d", i), Status: statuses[i%4], Rank: r.Float32()}
	}
	return out
}

// inSquare projects to the unit square of the map (EPSG:3857).
func inSquare(p geo.Public) (x, y float64) {
	return p.Lon/360 + .5, .5 - math.Log(math.Tan(math.Pi/4+p.Lat*math.Pi/360))/(2*math.Pi)
}

func TestPlaceTileHoldsTheClusters(t *testing.T) {
	for _, c := range []struct {
		path string
		box  geo.Box
		n    int
	}{
		{"/tiles/places/0/0/0.mvt", geo.Box{West: -180, South: -85, East: 180, North: 85}, 4096},
		{"/tiles/places/5/16/11.mvt", geo.Box{West: 0.01, South: 41, East: 11.2, North: 48.9}, 300},
		{"/tiles/places/22/2097152/2097151.mvt", geo.Box{West: 0, South: 0, East: 0.00008, North: 0.00008}, 3},
	} {
		want := someClusters(c.n, c.box)
		h := mount("GET /tiles/places/{z}/{x}/{y}", tiles.Places(&fixed{clusters: want}, nil))
		res := get(t, h, c.path)
		if res.StatusCode != 200 {
			t.Fatalf("%s: %d", c.path, res.StatusCode)
		}
		layers, err := mvt.Unmarshal(body(t, res))
		if err != nil || len(layers) != 1 || layers[0].Name != "places" || layers[0].Version != 2 {
			t.Fatalf("%s: %v %v", c.path, err, layers)
		}
		if len(layers[0].Features) != len(want) {
			t.Fatalf("%s: %d features of %d", c.path, len(layers[0].Features), len(want))
		}
		for i, f := range layers[0].Features {
			w := want[i]
			p := f.Properties
			if p["count"] != float64(w.Count) || p["id"] != fmt.Sprintf("p%d", w.Best.ID) {
				t.Fatalf("feature %d: %v, want %+v", i, p, w)
			}
			if w.Count > 1 {
				if len(p) != 2 {
					t.Fatalf("feature %d: %v of a cluster of several", i, p)
				}
				continue
			}
			if p["slug"] != w.Slug || p["title"] != w.Title || p["kind"] != w.Best.Kind.String() {
				t.Fatalf("feature %d: %v, want %+v", i, p, w)
			}
			if status, _ := p["status"].(string); status != w.Status {
				t.Fatalf("feature %d: status %q, want %q", i, status, w.Status)
			}
		}
		z, x, y := 0, 0, 0
		if _, err := fmt.Sscanf(c.path, "/tiles/places/%d/%d/%d.mvt", &z, &x, &y); err != nil {
			t.Fatal(err)
		}
		for i, f := range layers[0].Features {
			near(t, z, x, y, f.Geometry.(orb.Point), want[i].Exact)
		}
	}
}

// near checks that a point of a tile is within a step of the position.
func near(t *testing.T, z, x, y int, p orb.Point, want geo.Public) {
	t.Helper()
	n := math.Exp2(float64(z))
	lon := (float64(x)+p[0]/4096)/n*360 - 180
	lat := math.Atan(math.Sinh(math.Pi*(1-2*(float64(y)+p[1]/4096)/n))) * 180 / math.Pi
	step := 360 / n / 4096
	if math.Abs(lon-want.Lon) > step || math.Abs(lat-want.Lat) > step {
		t.Fatalf("%v,%v is not %+v", lat, lon, want)
	}
}

func TestEmptyPlaceTileIsEmpty(t *testing.T) {
	res := get(t, mount("GET /tiles/places/{z}/{x}/{y}", tiles.Places(&fixed{}, nil)), "/tiles/places/3/1/1.mvt")
	if b := body(t, res); res.StatusCode != 200 || len(b) != 0 {
		t.Fatalf("%d, %d bytes", res.StatusCode, len(b))
	}
}

func TestCoarserGrid(t *testing.T) {
	h := mount("GET /tiles/places/{z}/{x}/{y}", tiles.Places(scattered(3000), nil))
	for cells, most := range map[int]int{8: 64, 16: 256, 32: 1024} {
		layers, err := mvt.Unmarshal(body(t, get(t, h, fmt.Sprintf("/tiles/places/0/0/0.mvt?cells=%d", cells))))
		if err != nil {
			t.Fatal(err)
		}
		seen := map[[2]int]bool{}
		for _, f := range layers[0].Features {
			p := f.Geometry.(orb.Point)
			cell := [2]int{int(p[0]) * cells / 4096, int(p[1]) * cells / 4096}
			if seen[cell] {
				t.Errorf("two clusters in cell %v of %d", cell, cells)
			}
			seen[cell] = true
		}
		if len(seen) < most/4 || len(seen) > most {
			t.Errorf("%d clusters in %d cells each way", len(seen), cells)
		}
	}
}

func TestPlaceTileAddresses(t *testing.T) {
	h := mount("GET /tiles/places/{z}/{x}/{y}", tiles.Places(&fixed{clusters: someClusters(2, geo.Box{East: 1, North: 1})}, nil))
	for path, want := range map[string]int{
		"/tiles/places/0/0/0.mvt": 200, "/tiles/places/22/4194303/0.mvt": 200,
		"/tiles/places/22/4194304/0.mvt": 404, "/tiles/places/23/0/0.mvt": 404, "/tiles/places/1/2/0.mvt": 404,
		"/tiles/places/-1/0/0.mvt": 404, "/tiles/places/00/0/0.mvt": 404, "/tiles/places/0/0/0": 404, "/tiles/places/0/0/0.png": 404,
		"/tiles/places/a/b/c.mvt": 404, "/tiles/places/99999999999999999999/0/0.mvt": 404, "/tiles/places/1/+1/0.mvt": 404,
		"/tiles/places/0/0/0.mvt?tag=ruins&status=open&in=mexico": 200, "/tiles/places/0/0/0.mvt?unknown=1": 200,
		"/tiles/places/0/0/0.mvt?tag=NOT%20A%20SLUG": 400, "/tiles/places/0/0/0.mvt?status=sleepy": 400,
		"/tiles/places/0/0/0.mvt?cells=9": 400, "/tiles/places/0/0/0.mvt?cells=8&cells=8": 400, "/tiles/places/0/0/0.mvt?kind=%00": 400,
	} {
		res := get(t, h, path)
		if res.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, res.StatusCode, want)
		}
		if want >= 400 && (res.Header.Get("Content-Type") != "application/problem+json" || res.Header.Get("Cache-Control") != "no-store") {
			t.Errorf("%s: %v", path, res.Header)
		}
	}
}

func TestPlaceTileFilterReachesTheFinder(t *testing.T) {
	f := &fixed{}
	get(t, mount("GET /tiles/places/{z}/{x}/{y}", tiles.Places(f, nil)), "/tiles/places/0/0/0.mvt?tag=ruins&kind=eatery&in=mexico&status=lost&free=yes")
	a := f.asked
	if len(a.Tags) != 1 || a.Tags[0] != "ruins" || len(a.Kinds) != 1 || a.Kinds[0] != finder.Eatery || a.In != "mexico" || a.Status[0] != "lost" || a.Facts["free"] != "yes" {
		t.Errorf("%+v", a)
	}
}

func TestPlaceTileIsRevalidated(t *testing.T) {
	f := &fixed{clusters: someClusters(50, geo.Box{East: 1, North: 1})}
	h := mount("GET /tiles/places/{z}/{x}/{y}", tiles.Places(f, nil))
	for _, coding := range []string{"", "gzip"} {
		first := get(t, h, "/tiles/places/0/0/0.mvt", "Accept-Encoding", coding)
		if got := first.Header.Get("Content-Encoding"); got != coding {
			t.Fatalf("Content-Encoding %q, asked %q", got, coding)
		}
		if cc := first.Header.Get("Cache-Control"); cc != "public, max-age=60" {
			t.Errorf("Cache-Control %q", cc)
		}
		again := get(t, h, "/tiles/places/0/0/0.mvt", "Accept-Encoding", coding, "If-None-Match", `"other", `+first.Header.Get("Etag"))
		if again.StatusCode != http.StatusNotModified || len(body(t, again)) != 0 {
			t.Errorf("%s: %d", coding, again.StatusCode)
		}
		f.clusters[3].Title += "!"
		changed := get(t, h, "/tiles/places/0/0/0.mvt", "Accept-Encoding", coding, "If-None-Match", first.Header.Get("Etag"))
		if changed.StatusCode != 200 {
			t.Errorf("a changed tile answered %d", changed.StatusCode)
		}
	}
}

func FuzzPlaceTileAddress(f *testing.F) {
	for _, s := range []string{"0/0/0.mvt", "22/1/2.mvt?cells=8", "1/1/1.mvt?tag=a&tag=b", "9/9/../9.mvt", "\x00/\xff/0.mvt", "1/1/1.mvt?%zz", "5/31/31.mvt?bbox=170,-10,-170,10&near=1,2"} {
		f.Add(s)
	}
	places := tiles.Places(&fixed{clusters: someClusters(3, geo.Box{East: 1, North: 1})}, nil)
	f.Fuzz(func(t *testing.T, s string) {
		path, rawQuery, _ := strings.Cut(s, "?")
		parts := strings.SplitN(path, "/", 3)
		for len(parts) < 3 {
			parts = append(parts, "")
		}
		r := httptest.NewRequest(http.MethodGet, "/tiles/places/x/x/x", nil)
		r.URL.RawQuery = rawQuery
		for i, name := range []string{"z", "x", "y"} {
			r.SetPathValue(name, parts[i])
		}
		w := httptest.NewRecorder()
		places.ServeHTTP(w, r)
		if w.Code != 200 && w.Code != 400 && w.Code != 404 {
			t.Errorf("%q: %d", s, w.Code)
		}
	})
}

func BenchmarkPlaceTileWorld(b *testing.B) {
	h := mount("GET /tiles/places/{z}/{x}/{y}", tiles.Places(&fixed{clusters: someClusters(4096, geo.Box{West: -180, South: -85, East: 180, North: 85})}, nil))
	r := httptest.NewRequest(http.MethodGet, "/tiles/places/0/0/0.mvt", nil)
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(discard{}, r)
	}
}

type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) WriteHeader(int)             {}

// Tiles of what a reader has not been to are the reader's own.
func TestPlaces_unvisited(t *testing.T) {
	f := &fixed{}
	been := func(r *http.Request) ([]int64, error) {
		if r.Header.Get("Cookie") == "" {
			return nil, errs.New(errs.Unsigned, "Sign in.")
		}
		return []int64{7}, nil
	}
	h := mount("GET /tiles/places/{z}/{x}/{y}", tiles.Places(f, been))
	for cookie, want := range map[string]int{"": http.StatusUnauthorized, "session=x": http.StatusOK} {
		r := httptest.NewRequest(http.MethodGet, "/tiles/places/0/0/0.mvt?unvisited=yes", nil)
		if cookie != "" {
			r.Header.Set("Cookie", cookie)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != want || want == http.StatusOK && w.Header().Get("Cache-Control") != "private, no-store" {
			t.Errorf("with %q: %d %v", cookie, w.Code, w.Header())
		}
	}
	if len(f.asked.Without) != 1 || f.asked.Without[0] != 7 {
		t.Errorf("the finder was asked to leave out %v", f.asked.Without)
	}
}
