package outbound

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"mirabilia/internal/geo"
)

// polyline6 writes points as routers do.
func polyline6(points ...geo.Public) string { return polyline(1e6, points...) }

func polyline(steps float64, points ...geo.Public) string {
	var b strings.Builder
	var at [2]int64
	for _, p := range points {
		for k, v := range [2]int64{int64(p.Lat * steps), int64(p.Lon * steps)} {
			d := v - at[k]
			at[k] = v
			u := uint64(d<<1) ^ uint64(d>>63)
			for u >= 32 {
				b.WriteByte(byte(63 + (32 | u&31)))
				u >>= 5
			}
			b.WriteByte(byte(63 + u))
		}
	}
	return b.String()
}

var (
	paris = geo.Public{Lat: 48.85, Lon: 2.35}
	dijon = geo.Public{Lat: 47.32, Lon: 5.04}
	lyon  = geo.Public{Lat: 45.76, Lon: 4.83}
	road  = polyline6(paris, dijon, lyon)
)

func osrm(asked *atomic.Int32) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.URL.Path != "/route/v1/driving/2.35000,48.85000;4.83000,45.76000" || r.URL.Query().Get("geometries") != "polyline6" {
			http.NotFound(w, r)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"code": "Ok", "routes": []any{map[string]any{"geometry": road, "distance": 1}}})
	}
}

// So is one that counts in the steps of older servers; a line that is nowhere
// near the stops is no answer to the question.
func TestReadGeometry_coarse(t *testing.T) {
	text, err := json.Marshal(polyline(1e5, paris, dijon, lyon))
	if err != nil {
		t.Fatal(err)
	}
	line, err := readGeometry(text, []geo.Public{paris, lyon})
	if err != nil || len(line) != 3 || geo.Metres(line[1], dijon) > 2 {
		t.Errorf("%v, %v", line, err)
	}
}

// A server that gives GeoJSON whatever is asked for is understood too; what is
// no line is not.
func TestReadGeometry(t *testing.T) {
	ends := []geo.Public{paris, lyon}
	got, err := readGeometry(json.RawMessage(`{"type":"LineString","coordinates":[[2.35,48.85],[5.04,47.32,200],[4.83,45.76]]}`), ends)
	if want := []geo.Public{paris, dijon, lyon}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
	for _, bad := range []string{``, `7`, `null`, `{}`, `{"type":"Point","coordinates":[1,2]}`, `{"type":"LineString","coordinates":[[1,2]]}`,
		`{"type":"LineString","coordinates":[[1,2],[3]]}`, `{"type":"LineString","coordinates":[[1,2],[3,91]]}`} {
		if got, err := readGeometry(json.RawMessage(bad), ends); err == nil {
			t.Errorf("%s is read as %v", bad, got)
		}
	}
}

func valhalla(asked *atomic.Int32) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		var q struct {
			Locations []struct{ Lat, Lon float64 }
			Costing   string
		}
		raw, _ := io.ReadAll(r.Body)
		if r.URL.Path != "/route" || r.Method != http.MethodPost {
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(`{"error_code":106,"error":"Try any of: '/route'","status_code":404}`))
			return
		}
		if json.Unmarshal(raw, &q) != nil || len(q.Locations) != 2 || q.Costing != "auto" || q.Locations[1].Lat != 45.76 {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"error_code":154,"status_code":400}`))
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"trip": map[string]any{"legs": []any{
			map[string]any{"shape": polyline6(paris, dijon)}, map[string]any{"shape": polyline6(dijon, lyon)},
		}}})
	}
}

func TestRouter_asksEitherServer(t *testing.T) {
	for name, c := range map[string]struct {
		handler func(*atomic.Int32) http.HandlerFunc
		prefix  string
	}{"OSRM": {osrm, ""}, "OSRM by name": {osrm, "osrm+"}, "Valhalla": {valhalla, ""}, "Valhalla by name": {valhalla, "valhalla+"}} {
		t.Run(name, func(t *testing.T) {
			var asked atomic.Int32
			s := httptest.NewServer(c.handler(&asked))
			defer s.Close()
			now := time.Unix(1e9, 0)
			r := NewRouter(c.prefix+s.URL+"/", func() time.Time { return now })
			line, err := r.Find(context.Background(), []geo.Public{paris, lyon})
			if err != nil || len(line) < 3 || geo.Metres(line[0], paris) > 1 || geo.Metres(line[len(line)-1], lyon) > 1 || geo.Metres(line[1], dijon) > 1 {
				t.Fatalf("%v, %v", line, err)
			}
			n := asked.Load()
			if again, err := r.Find(context.Background(), []geo.Public{paris, lyon}); err != nil || len(again) != len(line) || asked.Load() != n {
				t.Errorf("asked %d times, then %d: %v", n, asked.Load(), err)
			}
			now = now.Add(25 * time.Hour)
			if _, err := r.Find(context.Background(), []geo.Public{paris, lyon}); err != nil || asked.Load() == n {
				t.Errorf("what is a day old is asked again: %d, %v", asked.Load(), err)
			}
		})
	}
}

func TestRouter_failures(t *testing.T) {
	for name, answer := range map[string]func(w http.ResponseWriter){
		"broken":  func(w http.ResponseWriter) { w.WriteHeader(http.StatusInternalServerError) },
		"a page":  func(w http.ResponseWriter) { _, _ = io.WriteString(w, "<html>") },
		"no road": func(w http.ResponseWriter) { _, _ = io.WriteString(w, `{"code":"NoRoute"}`) },
		"nonsense": func(w http.ResponseWriter) {
			_, _ = io.WriteString(w, `{"code":"Ok","routes":[{"geometry":"\u0000"}]}`)
		},
		"off globe": func(w http.ResponseWriter) {
			_, _ = io.WriteString(w, `{"code":"Ok","routes":[{"geometry":"`+strings.Repeat("~", 40)+`"}]}`)
		},
		"an ocean": func(w http.ResponseWriter) {
			_, _ = io.WriteString(w, `{"code":"Ok","routes":[{"geometry":"`+strings.Repeat("?", maxRoute))
		},
		"elsewhere": func(w http.ResponseWriter) {
			_, _ = io.WriteString(w, `{"code":"Ok","routes":[{"geometry":{"type":"LineString","coordinates":[[10,10],[11,11]]}}]}`)
		},
		"redirected": func(w http.ResponseWriter) {
			w.Header().Set("Location", "http://127.0.0.1:1/")
			w.WriteHeader(http.StatusFound)
		},
	} {
		t.Run(name, func(t *testing.T) {
			var asked atomic.Int32
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { asked.Add(1); answer(w) }))
			defer s.Close()
			now := time.Unix(1e9, 0)
			r := NewRouter(s.URL, func() time.Time { return now })
			line, err := r.Find(context.Background(), []geo.Public{paris, lyon})
			if err == nil || line != nil {
				t.Fatalf("%d points, %v", len(line), err)
			}
			if NoRoad(err) != (name == "no road") {
				t.Errorf("%v is taken for %t", err, NoRoad(err))
			}
			if strings.Contains(err.Error(), "48.85") || strings.Contains(err.Error(), "127.0.0.1") {
				t.Errorf("%v names the position or the server", err)
			}
			n := asked.Load()
			_, _ = r.Find(context.Background(), []geo.Public{paris, dijon})
			if rested := asked.Load() == n; rested != (name != "no road") {
				t.Errorf("asked %d times, then %d", n, asked.Load())
			}
			now = now.Add(time.Minute)
			_, _ = r.Find(context.Background(), []geo.Public{paris, dijon})
			if asked.Load() == n {
				t.Error("it is never asked again")
			}
		})
	}
}

func FuzzDecodePolyline(f *testing.F) {
	f.Add(road)
	f.Add("????")
	f.Add("~~~~~~~~~~")
	f.Fuzz(func(t *testing.T, s string) {
		line, err := decodePolyline(s, 1e6)
		for _, p := range line {
			if err == nil && !p.Valid() {
				t.Fatalf("%v is no position", p)
			}
		}
	})
}
