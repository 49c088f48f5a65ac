package geo_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"mirabilia/internal/geo"
)

var someLine = rapid.Custom(func(t *rapid.T) []geo.Public {
	p := anywhere.Draw(t, "from")
	line := []geo.Public{p}
	step := rapid.Float64Range(1e-4, 0.5).Draw(t, "step")
	for range rapid.IntRange(1, 300).Draw(t, "n") {
		p.Lat = math.Max(-90, math.Min(90, p.Lat+rapid.Float64Range(-step, step).Draw(t, "y")))
		p.Lon = math.Mod(p.Lon+rapid.Float64Range(-step, step).Draw(t, "x")+540, 360) - 180
		line = append(line, p)
	}
	return line
})

// What is left out lies as near to the new line as is said.
func TestSimplify_keepsItsWord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := someLine.Draw(t, "line")
		most := rapid.IntRange(4, 80).Draw(t, "most")
		kept, metres := geo.Simplify(line, func(l []geo.Public) bool { return len(l) <= most })
		if kept == nil || len(kept) > most || kept[0] != line[0] || kept[len(kept)-1] != line[len(line)-1] {
			t.Fatalf("%d points became %d, of at most %d", len(line), len(kept), most)
		}
		for _, p := range line {
			best := math.Inf(1)
			for i := 1; i < len(kept); i++ {
				arc := geo.NewArc(kept[i-1].Vec(), kept[i].Vec())
				best = math.Min(best, geo.ChordMetres(arc.Chord2(p.Vec())))
			}
			if best > metres+0.01 {
				t.Fatalf("%v is %f m off, said were %f m", p, best, metres)
			}
		}
	})
}

func TestSimplify_givesUp(t *testing.T) {
	line := make([]geo.Public, 5000)
	for i := range line {
		line[i].Lon = float64(i) / 100
	}
	if kept, _ := geo.Simplify(line, func(l []geo.Public) bool { return len(l) <= 2 }); kept != nil {
		t.Errorf("%d points are kept though none fit", len(kept))
	}
	if kept, m := geo.Simplify(line, func(l []geo.Public) bool { return len(l) <= 20 }); len(kept) < 2 || m > 1 {
		t.Errorf("a straight line keeps %d points and is %f m off", len(kept), m)
	}
}

func TestEncodeLine_comesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := someLine.Draw(t, "line")
		back, err := geo.DecodeLine(geo.EncodeLine(line), len(line))
		if err != nil || len(back) != len(line) {
			t.Fatalf("%d of %d points: %v", len(back), len(line), err)
		}
		for i := range line {
			if math.Abs(line[i].Lat-back[i].Lat) > 5.1e-6 || math.Abs(line[i].Lon-back[i].Lon) > 5.1e-6 {
				t.Fatalf("%v came back as %v", line[i], back[i])
			}
		}
	})
}

func TestBetween_isClose(t *testing.T) {
	line := []geo.Public{{Lat: 48.85, Lon: 2.35}, {Lat: 45.76, Lon: 4.83}, {Lat: -33, Lon: 151}}
	out := geo.Between(line, 50_000, 1000)
	for i := 1; i < len(out); i++ {
		if m := geo.Metres(out[i-1], out[i]); m > 50_000 {
			t.Errorf("%v is %f m from %v", out[i], m, out[i-1])
		}
	}
	if n := len(geo.Between(line, 1, 300)); n > 301 {
		t.Errorf("%d points of at most 300", n)
	}
}

func FuzzDecodeLine(f *testing.F) {
	for _, s := range []string{"", "A", "AA", "______________", "AAAAAAAA", geo.EncodeLine([]geo.Public{{Lat: 90, Lon: 180}, {Lat: -90, Lon: -180}}), "\xff\x00", "w_w_w_w_"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		line, err := geo.DecodeLine(s, 100)
		if err != nil {
			return
		}
		if len(line) > 100 {
			t.Fatalf("%d points", len(line))
		}
		for _, p := range line {
			if !p.Valid() {
				t.Fatalf("%v is no position", p)
			}
		}
		again, err := geo.DecodeLine(geo.EncodeLine(line), 100)
		if err != nil || len(again) != len(line) {
			t.Fatalf("%v came back as %v, %v", line, again, err)
		}
	})
}
