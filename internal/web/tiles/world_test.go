package tiles_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"

	"mirabilia/internal/web/tiles"
)

// reach is how far shapes may go over the edge of their tile, in its units.
const reach = 14*4096/512 + 2

func TestEveryWorldTileIsThereAndInside(t *testing.T) {
	world, err := tiles.OpenWorld()
	if err != nil {
		t.Fatal(err)
	}
	names, lands := map[string]bool{}, 0
	for z := 0; z <= tiles.WorldMaxZoom; z++ {
		for x := range 1 << z {
			for y := range 1 << z {
				data, packed, err := world.Tile(z, x, y)
				if err != nil || data == nil || !packed {
					t.Fatalf("%d/%d/%d: %v, %d bytes", z, x, y, err, len(data))
				}
				layers, err := mvt.UnmarshalGzipped(data)
				if err != nil {
					t.Fatalf("%d/%d/%d: %v", z, x, y, err)
				}
				for _, l := range layers {
					for _, f := range l.Features {
						b := f.Geometry.Bound()
						if b.Min[0] < -reach || b.Min[1] < -reach || b.Max[0] > 4096+reach || b.Max[1] > 4096+reach {
							t.Fatalf("%d/%d/%d %s: %v", z, x, y, l.Name, b)
						}
						if name, ok := f.Properties["name"].(string); ok {
							names[name] = true
							if _, point := f.Geometry.(orb.Point); !point {
								t.Errorf("%s is no point", name)
							}
						}
						if l.Name == "earth" {
							lands++
						}
					}
				}
			}
		}
	}
	for _, want := range []string{"France", "Fiji", "Mexico City", "Mediterranean Sea", "Bosnia and Herzegovina", "North Pacific Ocean", "Ulaanbaatar"} {
		if !names[want] {
			t.Errorf("%q has no label", want)
		}
	}
	if lands < 500 {
		t.Errorf("only %d tiles have land", lands)
	}
}

// The bars over Russia and the flooded North Atlantic that shapes stitched over
// the date line give would show here.
func TestWorldTilesHaveLandWhereLandIs(t *testing.T) {
	world, err := tiles.OpenWorld()
	if err != nil {
		t.Fatal(err)
	}
	const z = 5
	land := func(x, y int) float64 {
		data, _, err := world.Tile(z, x, y)
		if err != nil {
			t.Fatal(err)
		}
		layers, err := mvt.UnmarshalGzipped(data)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range layers {
			if l.Name == "earth" {
				b := l.Features[0].Geometry.Bound()
				return (b.Max[0] - b.Min[0]) * (b.Max[1] - b.Min[1]) / 4096 / 4096
			}
		}
		return 0
	}
	for _, c := range []struct {
		what string
		x, y int
		has  bool
	}{
		{"North Atlantic", 12, 11, false}, {"South Pacific", 5, 20, false}, {"Siberia", 24, 8, true}, {"Sahara", 16, 13, true},
		{"Chukotka east of the date line", 0, 7, true}, {"Chukotka west of it", 31, 7, true}, {"Antarctica", 16, 29, true}, {"Antarctica at the date line", 0, 30, true}, {"the Arctic Ocean", 0, 0, false},
	} {
		if got := land(c.x, c.y) > 0; got != c.has {
			t.Errorf("%s: land %v", c.what, got)
		}
	}
}

func TestBasemapServesTiles(t *testing.T) {
	world, err := tiles.OpenWorld()
	if err != nil {
		t.Fatal(err)
	}
	h := mount("GET /tiles/world/{z}/{x}/{y}", tiles.Basemap(world))
	gz := get(t, h, "/tiles/world/3/4/2.mvt", "Accept-Encoding", "br, gzip;q=0.5")
	if gz.StatusCode != 200 || gz.Header.Get("Content-Encoding") != "gzip" || gz.Header.Get("Cache-Control") != "public, max-age=604800" {
		t.Errorf("%d %v", gz.StatusCode, gz.Header)
	}
	z, err := gzip.NewReader(gz.Body)
	if err != nil {
		t.Fatal(err)
	}
	a, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	plain := get(t, h, "/tiles/world/3/4/2.mvt", "Accept-Encoding", "gzip;q=0")
	if b := body(t, plain); !bytes.Equal(a, b) || plain.Header.Get("Content-Encoding") != "" {
		t.Error("the plain tile differs from the packed one")
	}
	for _, path := range []string{"/tiles/world/" + strconv.Itoa(tiles.WorldMaxZoom+1) + "/0/0.mvt", "/tiles/world/1/2/0.mvt", "/tiles/world/0/0/0.pbf", "/tiles/world/x/0/0.mvt"} {
		if res := get(t, h, path); res.StatusCode != http.StatusNotFound || res.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v", path, res.StatusCode, res.Header)
		}
	}
}
