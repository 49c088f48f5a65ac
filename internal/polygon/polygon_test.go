package polygon_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"mirabilia/internal/errs"
	"mirabilia/internal/geo"
	"mirabilia/internal/polygon"
)

func parse(t testing.TB, text string) *polygon.Shape {
	t.Helper()
	s, err := polygon.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%.200s: %v", text, err)
	}
	return s
}

// rings writes a polygon of rings of "lon lat" pairs.
func rings(lines ...string) string {
	var out []string
	for _, line := range lines {
		var at []string
		for p := range strings.SplitSeq(line, ",") {
			x, y, _ := strings.Cut(strings.TrimSpace(p), " ")
			at = append(at, "["+x+","+y+"]")
		}
		out = append(out, "["+strings.Join(append(at, at[0]), ",")+"]")
	}
	return `{"type":"Polygon","coordinates":[` + strings.Join(out, ",") + `]}`
}

func TestHolds(t *testing.T) {
	for _, c := range []struct {
		name, outline string
		in, out       []geo.Public // latitude, longitude
	}{
		{"a square with a hole", rings("0 0, 10 0, 10 10, 0 10", "4 4, 6 4, 6 6, 4 6"),
			[]geo.Public{{Lat: 1, Lon: 1}, {Lat: 0, Lon: 0}, {Lat: 5, Lon: 10}, {Lat: 4, Lon: 5}, {Lat: 3.9999999, Lon: 5}},
			[]geo.Public{{Lat: 5, Lon: 5}, {Lat: -0.0000001, Lon: 5}, {Lat: 5, Lon: 10.0000001}, {Lat: 4.0000001, Lon: 5}}},
		{"clockwise is the same", rings("0 0, 0 10, 10 10, 10 0"), []geo.Public{{Lat: 5, Lon: 5}}, []geo.Public{{Lat: 11, Lon: 5}}},
		{"over the date line, the short way", rings("179 -1, -179 -1, -179 1, 179 1"),
			[]geo.Public{{Lat: 0, Lon: 180}, {Lat: 0, Lon: -180}, {Lat: 0, Lon: 179.5}, {Lat: 0, Lon: -179}},
			[]geo.Public{{Lat: 0, Lon: 0}, {Lat: 0, Lon: 178.9}, {Lat: 0, Lon: -178.9}}},
		{"over the date line, running on", rings("179 -1, 181 -1, 181 1, 179 1"), []geo.Public{{Lat: 0, Lon: -179.5}, {Lat: 0, Lon: 180}}, []geo.Public{{Lat: 0, Lon: -178.5}}},
		{"a hole over the date line", rings("170 -10, -170 -10, -170 10, 170 10", "-179 -1, -179 1, 179 1, 179 -1"),
			[]geo.Public{{Lat: 5, Lon: 180}, {Lat: 0, Lon: 175}}, []geo.Public{{Lat: 0, Lon: 180}, {Lat: 0, Lon: -179.5}}},
		{"around the north pole", rings("0 60, 90 60, 180 60, -90 60"),
			[]geo.Public{{Lat: 90, Lon: 0}, {Lat: 90, Lon: 123}, {Lat: 61, Lon: 17}, {Lat: 60, Lon: -170}, {Lat: 75, Lon: 180}},
			[]geo.Public{{Lat: 59.9, Lon: 17}, {Lat: -90, Lon: 0}, {Lat: -75, Lon: 180}}},
		{"around the south pole", rings("0 -60, 120 -65, -120 -65"), []geo.Public{{Lat: -90, Lon: 5}, {Lat: -70, Lon: 179}}, []geo.Public{{Lat: 90, Lon: 5}, {Lat: -50, Lon: 0}}},
		{"the south as files cut it", rings("-180 -90, -180 -70, 0 -65, 180 -70, 180 -90"), []geo.Public{{Lat: -90, Lon: 77}, {Lat: -80, Lon: 180}, {Lat: -66, Lon: 0}}, []geo.Public{{Lat: -64, Lon: 0}}},
		{"a cap with a hole at the pole", rings("0 60, 120 60, -120 60", "0 80, 120 80, -120 80"), []geo.Public{{Lat: 70, Lon: 10}}, []geo.Public{{Lat: 90, Lon: 0}, {Lat: 85, Lon: 10}}},
		{"a hole over the seam of a cap", rings("10 60, 130 60, -110 60", "5 70, 15 70, 15 75, 5 75"), []geo.Public{{Lat: 72, Lon: 20}, {Lat: 72, Lon: 0}}, []geo.Public{{Lat: 72, Lon: 8}, {Lat: 72, Lon: 12}}},
		{"a belt", rings("-180 -10, 180 -10, 180 10, -180 10"), []geo.Public{{Lat: 0, Lon: 0}, {Lat: 0, Lon: 180}}, []geo.Public{{Lat: 11, Lon: 0}}},
		{"a wedge to the pole", rings("0 80, 90 80, 45 90"), []geo.Public{{Lat: 90, Lon: -120}, {Lat: 85, Lon: 45}}, []geo.Public{{Lat: 85, Lon: -120}}},
		{"two that overlap", `{"type":"MultiPolygon","coordinates":[[[[0,0],[2,0],[2,2],[0,2],[0,0]]],[[[1,1],[3,1],[3,3],[1,3],[1,1]]]]}`,
			[]geo.Public{{Lat: 1.5, Lon: 1.5}, {Lat: 0.5, Lon: 0.5}, {Lat: 2.5, Lon: 2.5}}, []geo.Public{{Lat: 0.5, Lon: 2.5}}},
		{"features", `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"x"},"geometry":` + rings("0 0,1 0,0 1") + `},{"type":"Feature","geometry":null},{"type":"Feature","geometry":{"type":"GeometryCollection","geometries":[` + rings("5 5,6 5,5 6") + `]}}]}`,
			[]geo.Public{{Lat: 0.2, Lon: 0.2}, {Lat: 5.2, Lon: 5.2}}, []geo.Public{{Lat: 3, Lon: 3}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := parse(t, c.outline)
			again := parse(t, string(s.GeoJSON()))
			if string(again.GeoJSON()) != string(s.GeoJSON()) {
				t.Errorf("it does not read back to the same:\n%s\n%s", s.GeoJSON(), again.GeoJSON())
			}
			for _, s := range []*polygon.Shape{s, again} {
				for _, p := range c.in {
					if !s.Holds(p) {
						t.Errorf("%v is not held", p)
					}
				}
				for _, p := range c.out {
					if s.Holds(p) {
						t.Errorf("%v is held", p)
					}
				}
				if !s.Holds(s.Centre()) || !s.Reach().Contains(s.Centre()) {
					t.Errorf("the centre %v is outside", s.Centre())
				}
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	circle := func(n int) string {
		var b strings.Builder
		b.WriteString(`{"type":"Polygon","coordinates":[[`)
		for i := range n {
			s, c := math.Sincos(float64(i) * 2 * math.Pi / float64(n))
			fmt.Fprintf(&b, "[%.7f,%.7f],", 30*c, 30*s)
		}
		return b.String() + "[30,0]]]}"
	}
	comb := func(n int) string { // long teeth: every pair of edges lies side by side
		var top, back []string
		for i := range n {
			top = append(top, fmt.Sprintf("%.5f %.5f, %.5f %.5f", -80.0, float64(i)/1000, 80.0, float64(i)/1000+30.0005))
		}
		back = append(back, "81 60, 81 -1, -80 -1")
		return rings(strings.Join(append(top, back...), ", "))
	}
	for name, c := range map[string]struct{ outline, says string }{
		"nothing":              {"", "no GeoJSON"},
		"no JSON":              {"POLYGON((0 0))", "no GeoJSON"},
		"no type":              {"{}", "no type"},
		"a point":              {`{"type":"Point","coordinates":[1,2]}`, "holds a Point"},
		"no polygon":           {`{"type":"FeatureCollection","features":[]}`, "no Polygon"},
		"no coordinates":       {`{"type":"Polygon"}`, "coordinates"},
		"text for numbers":     {`{"type":"Polygon","coordinates":[[["a","b"]]]}`, "coordinates"},
		"one number":           {`{"type":"Polygon","coordinates":[[[1],[2],[3]]]}`, "coordinates"},
		"too flat":             {`{"type":"Polygon","coordinates":[[1,2],[2,3]]}`, "coordinates"},
		"too deep":             {strings.Repeat(`{"type":"GeometryCollection","geometries":[`, 9) + strings.Repeat("]}", 9), "too deep"},
		"latitudes first":      {rings("10 95, 11 95, 11 96"), "longitude first"},
		"metres":               {rings("500000 4000000, 500001 4000000, 500001 4000001"), "longitude first"},
		"another system":       {`{"type":"Polygon","crs":{"properties":{"name":"urn:ogc:def:crs:EPSG::3857"}},"coordinates":[]}`, "another system"},
		"two points":           {rings("0 0, 1 1"), "fewer than three"},
		"a line":               {rings("0 0, 1 1, 2 2"), "no extent"},
		"a bow tie":            {rings("0 0, 10 10, 10 0, 0 10"), "crosses itself near 5.00000, 5.00000"},
		"a bow tie over 180":   {rings("175 0, -175 10, -175 0, 175 10"), "crosses itself near 5.00000, 180.00000"},
		"back on itself":       {rings("0 0, 10 0, 10 10, 10 0, 0 -10"), "crosses itself"},
		"a hole that crosses":  {rings("0 0, 10 0, 10 10, 0 10", "5 5, 15 5, 15 6, 5 6"), "hole lies outside"},
		"a hole that cuts":     {rings("0 0, 10 0, 10 10, 5 1, 0 10", "1 1, 9 1, 9 2, 1 2"), "crosses itself"},
		"a hole far away":      {rings("0 0, 10 0, 10 10, 5 2, 0 10", "4.9 9, 5.1 9, 5 9.5"), "hole lies outside"},
		"twice around":         {rings("0 60, 120 60, -120 60, 0 61, 120 61, -120 61"), "more than once"},
		"too many points":      {circle(polygon.MaxPoints + 1), "more than 50000 points"},
		"too many rings":       {`{"type":"Polygon","coordinates":[` + strings.Repeat("[[0,0],[1,0],[0,1]],", polygon.MaxRings) + `[[0,0],[1,0],[0,1]]]}`, "2000 rings"},
		"too large":            {strings.Repeat(" ", polygon.MaxBytes+1), "larger than"},
		"too intricate a comb": {comb(10_000), "cross"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := polygon.Parse(strings.NewReader(c.outline))
			if !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("it says %v, not %q", err, c.says)
			}
		})
	}
	if s := parse(t, circle(polygon.MaxPoints-1)); s.Points() != polygon.MaxPoints-1 || !s.Holds(geo.Public{}) {
		t.Errorf("a circle of many points has %d and holds its middle: %v", s.Points(), s.Holds(geo.Public{}))
	}
}

func TestTouchesAreNoCrossing(t *testing.T) {
	for _, outline := range []string{
		rings("0 0, 10 0, 5 5, 10 10, 0 10, 5 5"),               // an hourglass on its side: one corner twice
		rings("0 0, 10 0, 10 10, 0 10", "0 0, 3 2, 2 3"),        // a hole at a corner
		rings("0 0, 10 0, 10 10, 0 10", "5 0, 6 2, 4 2"),        // a hole on an edge
		rings("0 0, 10 0, 10 10, 0 10, 0 10, 0 0, 0 0"),         // corners given twice
		rings("179 0, 180 0, -180 0, -179 0, -179 5, 179 5"),    // the date line given on both sides
		rings("-180 60, 0 65, 180 60, 180 90, 0 90, -180 90"),   // a corner on the pole's line
		rings("-180 60, 180 60, 180 90, -180 90"),               // a cap as a rectangle
		rings("0 60, 360 60, 360 90, 0 90", "10 70,20 70,9 75"), // the same from Greenwich
	} {
		parse(t, outline)
	}
}

func TestBox(t *testing.T) {
	for outline, want := range map[string]geo.Box{
		rings("1 2, 5 2, 3 8"):           {West: 1, South: 2, East: 5, North: 8},
		rings("170 -1, -170 -1, -170 1"): {West: 170, South: -1, East: -170, North: 1},
		rings("0 60, 120 60, -120 60"):   {West: -180, South: 60, East: 180, North: 90},
		rings("180 0, -170 0, -170 5"):   {West: -180, South: 0, East: -170, North: 5},
		rings("170 0, 180 0, 180 5"):     {West: 170, South: 0, East: 180, North: 5},
		`{"type":"MultiPolygon","coordinates":[[[[170,0],[180,0],[180,5]]],[[[-180,0],[-170,0],[-180,5]]],[[[20,0],[21,0],[20,1]]]]}`: {West: 20, South: 0, East: -170, North: 5},
	} {
		if got := parse(t, outline).Box(); got != want {
			t.Errorf("%s: the box is %+v, not %+v", outline, got, want)
		}
	}
	if s := parse(t, rings("180 0, -170 0, -170 5, 180 5")); !s.Holds(geo.Public{Lat: 1, Lon: 180}) || !s.Holds(geo.Public{Lat: 1, Lon: -180}) || !s.Reach().Contains(geo.Public{Lat: 1, Lon: 180}) {
		t.Error("the date line itself is not held under both names")
	}
}

func TestHoldsDisc(t *testing.T) {
	seam := `{"type":"MultiPolygon","coordinates":[[[[170,-10],[180,-10],[180,10],[170,10]]],[[[-180,-10],[-170,-10],[-170,10],[-180,10]]]]}`
	for _, c := range []struct {
		name, outline string
		at            geo.Public
		metres        float64
		want          bool
	}{
		{"well inside", rings("0 0, 1 0, 1 1, 0 1"), geo.Public{Lat: 0.5, Lon: 0.5}, 50_000, true},
		{"an edge too near", rings("0 0, 1 0, 1 1, 0 1"), geo.Public{Lat: 0.5, Lon: 0.5}, 56_000, false},
		{"outside", rings("0 0, 1 0, 1 1, 0 1"), geo.Public{Lat: 0.5, Lon: 1.5}, 1, false},
		{"a hole too near", rings("0 0, 1 0, 1 1, 0 1", "0.5 0.54, 0.51 0.54, 0.5 0.55"), geo.Public{Lat: 0.5, Lon: 0.5}, 5000, false},
		{"a hole far enough", rings("0 0, 1 0, 1 1, 0 1", "0.5 0.55, 0.51 0.55, 0.5 0.56"), geo.Public{Lat: 0.5, Lon: 0.5}, 5000, true},
		{"a slanted edge beside the disc's box", rings("0 0, 1 0, 0 1"), geo.Public{Lat: 0.46, Lon: 0.46}, 5000, true},
		{"the date line is no border", seam, geo.Public{Lat: 0, Lon: 179.99}, 5000, true},
		{"the date line is none from the other side", seam, geo.Public{Lat: 0, Lon: -180}, 5000, true},
		{"but where one side ends it is", `{"type":"MultiPolygon","coordinates":[[[[170,-10],[180,-10],[180,10],[170,10]]],[[[-180,-10],[-170,-10],[-170,-1],[-180,-1]]]]}`, geo.Public{Lat: 0, Lon: 179.99}, 5000, false},
		{"over the date line", rings("179.9 -1, -179.9 -1, -179.9 1, 179.9 1"), geo.Public{Lat: 0, Lon: -179.99}, 5000, true},
		{"over the date line too near", rings("179.9 -1, -179.9 -1, -179.9 1, 179.9 1"), geo.Public{Lat: 0, Lon: -179.91}, 5000, false},
		{"the pole is no border", rings("0 89, 120 89, -120 89"), geo.Public{Lat: 89.99, Lon: 40}, 5000, true},
		{"the seam of a cap is none", rings("0 80, 120 80, -120 80"), geo.Public{Lat: 85, Lon: 0}, 5000, true},
		{"near the pole an edge is near all around", rings("0 89.99, 120 89.99, -120 89.99"), geo.Public{Lat: 89.999, Lon: 40}, 5000, false},
		{"all the Earth", rings("-180 -90, 180 -90, 180 90, -180 90"), geo.Public{Lat: 12, Lon: 180}, 5000, true},
	} {
		if got := parse(t, c.outline).HoldsDisc(c.at, c.metres); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(rings("0 0, 10 0, 10 10, 0 10", "4 4, 6 4, 6 6, 4 6")))
	f.Add([]byte(rings("179 -1, -179 -1, -179 1, 179 1")))
	f.Add([]byte(rings("0 60, 90 60, 180 60, -90 60")))
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[[[[0,0],[2,0],[2,2],[0,2],[0,0]]]]}}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := polygon.Parse(strings.NewReader(string(b)))
		if err != nil {
			if !errs.Is(err, errs.Invalid) {
				t.Fatal(err)
			}
			return
		}
		again, err := polygon.Parse(strings.NewReader(string(s.GeoJSON())))
		if err != nil || string(again.GeoJSON()) != string(s.GeoJSON()) {
			t.Fatalf("%s does not read back: %v", s.GeoJSON(), err)
		}
		if c := s.Centre(); !c.Valid() || !s.Box().Valid() {
			t.Fatalf("centre %v, box %v", c, s.Box())
		}
	})
}
