package tiles_test

import (
	"strings"
	"testing"

	"mirabilia/internal/geo"
	"mirabilia/internal/place"
	"mirabilia/internal/web/tiles"
)

// The map of somebody's places holds its dots in the address, roughly, each
// square of the grid once, and however many there are it can be asked for.
func TestDots(t *testing.T) {
	h := pictures(&place.Place{ID: 7})
	one := tiles.DotsPath([]geo.Public{{Lat: 48.8566, Lon: 2.3522}})
	if one != tiles.DotsPath([]geo.Public{{Lat: 48.1, Lon: 3.9}, {Lat: 49.9, Lon: 2.1}}) {
		t.Error("the address tells where in its square a place lies")
	}
	var all []geo.Public
	for lat := -90.0; lat <= 90; lat++ {
		for lon := -180.0; lon <= 180; lon += 2 {
			all = append(all, geo.Public{Lat: lat, Lon: lon})
		}
	}
	sizes := map[string]int{}
	for name, path := range map[string]string{"none": tiles.DotsPath(nil), "one": one, "all": tiles.DotsPath(all)} {
		res := get(t, h, path)
		b := body(t, res)
		if res.StatusCode != 200 || !strings.HasPrefix(res.Header.Get("Cache-Control"), "private") || len(path) > 4000 {
			t.Errorf("%s: %d, %s, %d letters", name, res.StatusCode, res.Header.Get("Cache-Control"), len(path))
		}
		wellFormed(t, name, b)
		sizes[name] = len(b)
	}
	if sizes["none"] >= sizes["one"] || sizes["one"] >= sizes["all"] {
		t.Errorf("no dots are drawn: %v", sizes)
	}
}
