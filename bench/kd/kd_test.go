package kd

import (
	"math"
	"math/rand/v2"
	"testing"

	"mirabilia/bench/draw"
)

// A reference that is wrong would make everything beside it look right.
func TestNearest_isExact(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	at := func() draw.Point {
		return draw.Point{Lat: math.Asin(2*r.Float64()-1) * 180 / math.Pi, Lon: r.Float64()*360 - 180}
	}
	points := make([]draw.Point, 5000)
	for i := range points {
		points[i] = at()
	}
	tree := Build(points)
	for range 200 {
		p := at()
		want := tree.Brute(p, 20, func(int32) bool { return true })
		for i, got := range tree.Nearest(p, 20) {
			if math.Abs(got.Metres-want[i].Metres) > 2 {
				t.Fatalf("%v: number %d is %.1f m away, want %.1f", p, i, got.Metres, want[i].Metres)
			}
		}
	}
}
