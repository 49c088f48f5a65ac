package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/planar"
)

// sources is all that the two files are made from.
type sources struct {
	coarse, middle, fine *topology // 1:110, 1:50 and 1:10 million
	lakes, rivers        []*geojson.Feature
	urban, marine, towns []*geojson.Feature
	regions              []orb.LineString // borders inside large countries
}

func readSources(atlas, facts string) (*sources, error) {
	s := &sources{}
	var err error
	for _, t := range []struct {
		to   **topology
		name string
	}{{&s.coarse, "110m"}, {&s.middle, "50m"}, {&s.fine, "10m"}} {
		if *t.to, err = readTopology(filepath.Join(atlas, "countries-"+t.name+".json")); err != nil {
			return nil, err
		}
	}
	var shapes, regions []*geojson.Feature
	for _, f := range []struct {
		to   *[]*geojson.Feature
		name string
	}{
		{&s.lakes, "lakes-50m"}, {&s.rivers, "rivers-50m"}, {&s.urban, "urban-areas-50m"},
		{&s.marine, "marine-labels-50m"}, {&s.towns, "populated-places-10m"},
		{&shapes, "countries-50m"}, {&regions, "admin1-50m-9-large-countries"},
	} {
		raw, err := os.ReadFile(filepath.Join(facts, f.name+".geojson"))
		if err != nil {
			return nil, err
		}
		fc, err := geojson.UnmarshalFeatureCollection(raw)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
		*f.to = fc.Features
	}
	nameCountries(s, shapes)
	s.regions = innerBorders(regions)
	return s, nil
}

// missing codes: what Natural Earth leaves open, told by name.
var missing = map[string]string{
	"France": "FR", "Norway": "NO", "N. Cyprus": "CY", "Cyprus U.N. Buffer Zone": "CY", "Akrotiri": "CY", "Dhekelia": "CY",
	"Somaliland": "SO", "Gibraltar": "GI", "Tuvalu": "TV", "eSwatini": "SZ", "U.S. Minor Outlying Is.": "UM",
	"Baikonur": "KZ", "USNB Guantanamo Bay": "CU", "Ashmore and Cartier Is.": "AU", "Coral Sea Is.": "AU",
	"Indian Ocean Ter.": "CC", "Clipperton I.": "FR", "Kosovo": "XK",
}

// apart are areas with a country code of their own that Natural Earth draws
// as part of another country.
var apart = []struct {
	from, code, name string
	box              orb.Bound
}{
	{"FR", "GF", "French Guiana", bound(-55, 2, -51, 6)},
	{"FR", "GP", "Guadeloupe", bound(-62, 15.8, -60.9, 16.6)},
	{"FR", "MQ", "Martinique", bound(-61.4, 14.3, -60.7, 15)},
	{"FR", "RE", "Réunion", bound(55, -21.6, 56, -20.7)},
	{"FR", "YT", "Mayotte", bound(44.9, -13.2, 45.4, -12.5)},
	{"NO", "SJ", "Svalbard and Jan Mayen", bound(-10, 70.5, 40, 82)},
	{"NO", "BV", "Bouvet Island", bound(3, -55, 4, -54)},
	{"NL", "BQ", "Caribbean Netherlands", bound(-69, 11, -62, 18)},
	{"CC", "CX", "Christmas Island", bound(105, -11, 106, -10)},
	{"NZ", "TK", "Tokelau", bound(-173, -10, -171, -8)},
}

func bound(west, south, east, north float64) orb.Bound {
	return orb.Bound{Min: orb.Point{west, south}, Max: orb.Point{east, north}}
}

// nameCountries gives every country of the topologies its code.
func nameCountries(s *sources, shapes []*geojson.Feature) {
	codes := map[string]string{}
	for _, f := range shapes {
		if code := f.Properties.MustString("iso_a2", ""); len(code) == 2 && code != "-9" {
			codes[f.Properties.MustString("name", "")] = code
		}
	}
	for _, t := range []*topology{s.coarse, s.middle, s.fine} {
		for i := range t.countries {
			c := &t.countries[i]
			c.code = codes[c.name]
			if c.code == "" {
				c.code = missing[c.name]
			}
		}
		for _, a := range apart {
			t.split(a.from, country{name: a.name, code: a.code}, a.box)
		}
	}
}

// split moves the areas of a country that lie in a box into one of their own.
func (t *topology) split(from string, to country, box orb.Bound) {
	for i := range t.countries {
		c := &t.countries[i]
		if c.code != from {
			continue
		}
		var stay []orb.Polygon
		for _, a := range c.areas {
			b := a.Bound()
			if box.Contains(b.Min) && box.Contains(b.Max) {
				to.areas = append(to.areas, a)
			} else {
				stay = append(stay, a)
			}
		}
		c.areas = stay
	}
	if len(to.areas) > 0 {
		t.countries = append(t.countries, to)
	}
}

// innerBorders chains the edges that two areas share.
func innerBorders(areas []*geojson.Feature) []orb.LineString {
	type edge struct{ a, b orb.Point }
	seen := map[edge]bool{}
	var out []orb.LineString
	for _, f := range areas {
		for _, p := range polygonsOf(f.Geometry) {
			for _, ring := range p {
				var line orb.LineString
				for i := 1; i < len(ring); i++ {
					a, b := ring[i-1], ring[i]
					if !seen[edge{b, a}] {
						seen[edge{a, b}] = true
						if len(line) > 1 {
							out = append(out, line)
						}
						line = nil
						continue
					}
					if line == nil {
						line = orb.LineString{a}
					}
					line = append(line, b)
				}
				if len(line) > 1 {
					out = append(out, line)
				}
			}
		}
	}
	return out
}

func polygonsOf(g orb.Geometry) []orb.Polygon {
	switch g := g.(type) {
	case orb.Polygon:
		return []orb.Polygon{g}
	case orb.MultiPolygon:
		return g
	}
	return nil
}

func linesOf(g orb.Geometry) []orb.LineString {
	switch g := g.(type) {
	case orb.LineString:
		return []orb.LineString{g}
	case orb.MultiLineString:
		return g
	}
	return nil
}

// middleOf is a point well inside the largest of the polygons, and the area of
// that one in square degrees on the map (Mercator stretch left out): of the
// widest horizontal span through it, the middle.
func middleOf(polygons []orb.Polygon) (orb.Point, float64) {
	var best orb.Polygon
	var area float64
	for _, p := range polygons {
		if a := planar.Area(p); a > area {
			best, area = p, a
		}
	}
	if best == nil {
		return orb.Point{}, 0
	}
	b := best.Bound()
	at, width := b.Center(), 0.0
	const rows = 24
	for i := 1; i < rows; i++ {
		// Rows far from the middle make poor labels even when wide.
		share := float64(i) / rows
		y := b.Min[1] + (b.Max[1]-b.Min[1])*share
		weight := 1 - (share-.5)*(share-.5)*2.4
		for _, span := range spans(best, y) {
			if w := (span[1] - span[0]) * weight; w > width {
				at, width = orb.Point{(span[0] + span[1]) / 2, y}, w
			}
		}
	}
	if at[0] > 180 {
		at[0] -= 360
	}
	if at[0] < -180 {
		at[0] += 360
	}
	return at, area
}

// spans are the parts of the parallel y that lie inside a polygon.
func spans(p orb.Polygon, y float64) [][2]float64 {
	var xs []float64
	for _, r := range p {
		for i := 1; i < len(r); i++ {
			a, b := r[i-1], r[i]
			if (a[1] > y) != (b[1] > y) {
				xs = append(xs, a[0]+(y-a[1])/(b[1]-a[1])*(b[0]-a[0]))
			}
		}
	}
	sortFloats(xs)
	var out [][2]float64
	for i := 0; i+1 < len(xs); i += 2 {
		out = append(out, [2]float64{xs[i], xs[i+1]})
	}
	return out
}

// title writes the capitals of a chart as a name: "ARCTIC OCEAN" is "Arctic
// Ocean".
func title(s string) string {
	if s != strings.ToUpper(s) {
		return s
	}
	words := strings.Fields(strings.ToLower(s))
	for i, w := range words {
		if i > 0 && (w == "of" || w == "the") {
			continue
		}
		r := []rune(w)
		words[i] = strings.ToUpper(string(r[0])) + string(r[1:])
	}
	return strings.Join(words, " ")
}
