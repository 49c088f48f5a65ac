package polygon_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"mirabilia/internal/geo"
	"mirabilia/internal/polygon"
)

// corner is a corner in tenths of a degree, as the brute force takes it.
type corner struct{ x, y int }

// star draws a ring around 0,0 whose corners go around once.
func star(t *rapid.T, name string, least, most int) []corner {
	n := rapid.IntRange(3, 12).Draw(t, name+" corners")
	seen := map[int]bool{}
	var out []corner
	for range n {
		a := rapid.IntRange(0, 71).Draw(t, name+" angle")
		if seen[a] {
			continue
		}
		seen[a] = true
		d := float64(rapid.IntRange(least, most).Draw(t, name+" distance"))
		s, c := math.Sincos(float64(a) * math.Pi / 36)
		out = append(out, corner{int(math.Round(d * c)), int(math.Round(d * s))})
	}
	slices.SortFunc(out, func(a, b corner) int {
		return cmp.Compare(math.Atan2(float64(a.y), float64(a.x)), math.Atan2(float64(b.y), float64(b.x)))
	})
	return slices.Compact(out)
}

// written is a ring as GeoJSON, moved east by some degrees and back into ±180.
func written(r []corner, east int) string {
	at := make([]string, 0, len(r)+1)
	for _, c := range append(slices.Clone(r), r[0]) {
		x := c.x + 10*east
		for x > 1800 {
			x -= 3600
		}
		for x < -1800 {
			x += 3600
		}
		at = append(at, fmt.Sprintf("[%s,%s]", tenths(x), tenths(c.y)))
	}
	return "[" + strings.Join(at, ",") + "]"
}

func tenths(n int) string { return fmt.Sprintf("%.1f", float64(n)/10) }

// bruteOn and bruteIn say whether a point lies on a ring, and within it, by
// going through all its edges.
func bruteOn(r []corner, p corner) bool {
	for i, a := range r {
		b := r[(i+1)%len(r)]
		if (b.x-a.x)*(p.y-a.y) == (b.y-a.y)*(p.x-a.x) && p.x >= min(a.x, b.x) && p.x <= max(a.x, b.x) && p.y >= min(a.y, b.y) && p.y <= max(a.y, b.y) {
			return true
		}
	}
	return false
}

func bruteIn(r []corner, p corner) bool {
	in := false
	for i, a := range r {
		b := r[(i+1)%len(r)]
		if (a.y > p.y) == (b.y > p.y) {
			continue
		}
		// The edge's x at p's height, times its height, which is made positive.
		num, den := a.x*(b.y-a.y)+(p.y-a.y)*(b.x-a.x), b.y-a.y
		if den < 0 {
			num, den = -num, -den
		}
		if num > p.x*den {
			in = !in
		}
	}
	return in
}

func TestHolds_asBruteForceDoes(t *testing.T) {
	read := 0
	rapid.Check(t, func(t *rapid.T) {
		outer, hole := star(t, "outer", 100, 400), star(t, "hole", 5, 60)
		east := rapid.IntRange(-180, 180).Draw(t, "east")
		text := `{"type":"Polygon","coordinates":[` + written(outer, east)
		if len(hole) >= 3 && rapid.Bool().Draw(t, "with a hole") {
			text += "," + written(hole, east)
		} else {
			hole = nil
		}
		s, err := polygon.Parse(strings.NewReader(text + "]}"))
		if err != nil {
			return // rounding made it touch or cross itself, or the hole lies outside
		}
		read++
		for range 40 {
			p := corner{rapid.IntRange(-410, 410).Draw(t, "x"), rapid.IntRange(-410, 410).Draw(t, "y")}
			if rapid.Bool().Draw(t, "at a corner's height") {
				p.y = outer[rapid.IntRange(0, len(outer)-1).Draw(t, "which")].y
			}
			want := bruteOn(outer, p) || bruteIn(outer, p) && (hole == nil || bruteOn(hole, p) || !bruteIn(hole, p))
			lon := float64(p.x+10*east) / 10
			for lon > 180 {
				lon -= 360
			}
			for lon < -180 {
				lon += 360
			}
			if at := (geo.Public{Lat: float64(p.y) / 10, Lon: lon}); s.Holds(at) != want {
				t.Fatalf("%s]}: %v is held: %v, by brute force %v", text, at, !want, want)
			}
		}
	})
	if read < 30 {
		t.Fatalf("only %d outlines could be read", read)
	}
}

// A disc is held just when no point of it is outside: tried with points of the
// disc, and with points along the border.
func TestHoldsDisc_asBruteForceDoes(t *testing.T) {
	yes, no := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		r := star(t, "ring", 20, 80)
		if len(r) < 3 {
			return
		}
		s, err := polygon.Parse(strings.NewReader(`{"type":"Polygon","coordinates":[` + written(r, 180) + "]}"))
		if err != nil {
			return
		}
		at := geo.Public{Lat: rapid.Float64Range(-8, 8).Draw(t, "lat"), Lon: 180 - rapid.Float64Range(0, 8).Draw(t, "west")}
		if !s.Holds(at) {
			return
		}
		nearest := math.Inf(1)
		for i, a := range r {
			b := r[(i+1)%len(r)]
			for k := range 2001 {
				f := float64(k) / 2000
				on := geo.Public{Lat: (float64(a.y) + f*float64(b.y-a.y)) / 10, Lon: 180 + (float64(a.x)+f*float64(b.x-a.x))/10}
				nearest = min(nearest, geo.Metres(at, on))
			}
		}
		// The samples lie some 500 m apart: the border is nearer than them by little.
		if m := nearest*0.98 - 300; m > 0 {
			if !s.HoldsDisc(at, m) {
				t.Fatalf("the disc of %v m around %v is not held, the border is %v m away", m, at, nearest)
			}
			yes++
		}
		if s.HoldsDisc(at, nearest+1) {
			t.Fatalf("the disc of %v m around %v is held, the border is %v m away", nearest+1, at, nearest)
		}
		no++
		metres := rapid.Float64Range(1000, 200_000).Draw(t, "metres")
		if s.HoldsDisc(at, metres) {
			for a := range 36 {
				sin, cos := math.Sincos(float64(a) * math.Pi / 18)
				d := metres * 0.98 / 111195 // the plane is not quite the globe
				p := geo.Public{Lat: at.Lat + d*sin, Lon: at.Lon + d*cos/math.Cos((math.Abs(at.Lat)+2)*math.Pi/180)*0.99}
				if p.Lon > 180 {
					p.Lon -= 360
				}
				if !s.Holds(p) {
					t.Fatalf("%v lies in the disc of %v m around %v and outside", p, metres, at)
				}
			}
		}
	})
	if yes == 0 || no == 0 {
		t.Fatalf("%d discs were held, %d not: nothing was tried", yes, no)
	}
}

func BenchmarkHolds(b *testing.B) {
	var at []string
	const n = 20_000
	for i := range n {
		s, c := math.Sincos(float64(i) * 2 * math.Pi / n)
		d := 3 + 0.3*math.Sin(float64(i)/3)
		at = append(at, fmt.Sprintf("[%.6f,%.6f]", 2+d*c, 48+d*s))
	}
	s := parse(b, `{"type":"Polygon","coordinates":[[`+strings.Join(at, ",")+"]]}")
	b.ResetTimer()
	held := 0
	for i := range b.N {
		if s.Holds(geo.Public{Lat: 45 + float64(i%6007)/1000, Lon: -1 + float64(i%5987)/1000}) {
			held++
		}
	}
	b.ReportMetric(float64(held)/float64(b.N), "held/op")
}
