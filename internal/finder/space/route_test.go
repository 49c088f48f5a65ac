package space

import (
	"math/rand/v2"
	"testing"

	"mirabilia/internal/geo"
)

// Nothing of a part of a route lies outside its tube, whatever the line does:
// straight on, in circles, out and back, over a pole, from end to end.
func TestTubesHoldTheirParts(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 29))
	for range 60 {
		p := geo.Public{Lat: r.Float64()*180 - 90, Lon: r.Float64()*360 - 180}
		line := []geo.Public{p}
		step := []float64{0.001, 0.02, 0.5, 40}[r.IntN(4)]
		// Long arcs are cut into many pieces.
		for range 1 + r.IntN(map[bool]int{true: 400, false: 12}[step < 0.5]) {
			switch r.IntN(40) {
			case 0: // back to where it was
				p = line[r.IntN(len(line))]
			case 1: // to the other side of the Earth
				p = geo.Public{Lat: -p.Lat, Lon: p.Lon - 180}
			default:
				p.Lat += (r.Float64() - 0.3) * step
				p.Lon += (r.Float64() - 0.4) * step
			}
			p.Lat = min(max(p.Lat, -90), 90)
			if p.Lon > 180 {
				p.Lon -= 360
			} else if p.Lon < -180 {
				p.Lon += 360
			}
			line = append(line, p)
		}
		route := NewRoute(line, 1e12)
		var within func(at, first, n int)
		within = func(at, first, n int) {
			for k := first * perBlock; k < min(len(route.pieces), (first+n)*perBlock); k++ {
				arc := &route.pieces[k].Arc
				for _, share := range []float64{0, 0.4, 1} {
					if gap := route.tubes[at].gap(arc.At(arc.Angle * share)); gap > 1e-15 {
						t.Fatalf("a part of %d blocks of %d: piece %d is %g outside of its tube", n, route.blocks, k, gap)
					}
				}
			}
			if n > 1 {
				within(at+1, first, n/2)
				within(at+2*(n/2), first+n/2, n-n/2)
			}
		}
		within(0, 0, route.blocks)
	}
}
