package tiles_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/paulmach/orb/encoding/mvt"

	"mirabilia/internal/finder"
	"mirabilia/internal/geo"
	"mirabilia/internal/web/tiles"
)

// scattered is a finder with n places in clumps, as cities make them.
func scattered(n int) *finder.Finder {
	r := rand.New(rand.NewPCG(3, 5))
	i := 0
	f := finder.New()
	f.Load(func() (finder.Doc, bool) {
		if i++; i > n {
			return finder.Doc{}, false
		}
		at := geo.Public{Lat: float64(i*i%140) - 70 + r.NormFloat64(), Lon: float64(i*7%360) - 180 + r.Float64()}
		return finder.Doc{Ref: finder.Ref{ID: int64(i)}, Slug: fmt.Sprintf("place-%d", i), Title: fmt.Sprintf("The place of number %d", i), At: &at, Status: "open", Rank: r.Float32(), Published: int64(i)}, true
	})
	return f
}

// Every place is on the tile of the world, at each grid, exactly once.
func TestTilesOfTheFinderCountEveryPlace(t *testing.T) {
	const n = 3000
	h := mount("GET /tiles/places/{z}/{x}/{y}", tiles.Places(scattered(n), nil))
	for _, query := range []string{"", "?cells=8", "?cells=32"} {
		for z := range 3 {
			sum := 0
			for x := range 1 << z {
				for y := range 1 << z {
					layers, err := mvt.Unmarshal(body(t, get(t, h, fmt.Sprintf("/tiles/places/%d/%d/%d.mvt%s", z, x, y, query))))
					if err != nil {
						t.Fatal(err)
					}
					for _, l := range layers {
						for _, f := range l.Features {
							sum += int(f.Properties["count"].(float64))
						}
					}
				}
			}
			if sum != n {
				t.Errorf("zoom %d%s: %d places of %d", z, query, sum, n)
			}
		}
	}
}

// A place that stands only about there says so, alone and at any grid; a
// cluster of several does not.
func TestPlacesAboutThereSaySo(t *testing.T) {
	f := finder.New()
	at := func(lat, lon float64) *geo.Public { return &geo.Public{Lat: lat, Lon: lon} }
	f.Apply([]finder.Doc{
		{Ref: finder.Ref{ID: 1}, Slug: "about-there", Title: "About there", At: at(10, 10), Rough: true, Rank: 9},
		{Ref: finder.Ref{ID: 2}, Slug: "just-there", Title: "Just there", At: at(-40, 100)},
		{Ref: finder.Ref{ID: 3}, Slug: "one-of-two", Title: "One of two", At: at(50, -120), Rough: true, Rank: 9},
		{Ref: finder.Ref{ID: 4}, Slug: "two-of-two", Title: "Two of two", At: at(50, -120)},
	}, nil)
	h := mount("GET /tiles/places/{z}/{x}/{y}", tiles.Places(f, nil))
	for _, query := range []string{"", "?cells=8"} {
		layers, err := mvt.Unmarshal(body(t, get(t, h, "/tiles/places/0/0/0.mvt"+query)))
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]any{}
		for _, f := range layers[0].Features {
			got[f.Properties["id"].(string)] = f.Properties["tier"]
		}
		if len(got) != 3 || got["p1"] != "approximate" || got["p2"] != nil || got["p3"] != nil {
			t.Errorf("tiers%s: %v", query, got)
		}
	}
}

func BenchmarkPlaceTileOfFinder(b *testing.B) {
	h := mount("GET /tiles/places/{z}/{x}/{y}", tiles.Places(scattered(200_000), nil))
	for _, path := range []string{"/tiles/places/0/0/0.mvt", "/tiles/places/5/16/11.mvt", "/tiles/places/10/530/350.mvt"} {
		b.Run(path[14:], func(b *testing.B) {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			b.ReportAllocs()
			for b.Loop() {
				h.ServeHTTP(discard{}, r)
			}
		})
	}
}
