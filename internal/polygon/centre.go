package polygon

import (
	"cmp"
	"math"
	"slices"

	"mirabilia/internal/geo"
)

// boxOf is the smallest box around polygons: all the way around but for the
// widest gap between them.
func boxOf(parts []part) geo.Box {
	type stretch struct{ west, east int64 }
	var on []stretch
	low, high := int64(pole), int64(-pole)
	for _, p := range parts {
		w, e := p[0].span()
		if e-w >= turn {
			on = append(on, stretch{-turn / 2, turn / 2})
		} else {
			by := frame(w)
			on = append(on, stretch{w + by, e + by})
		}
		for _, pt := range p[0] {
			low, high = min(low, pt.y), max(high, pt.y)
		}
	}
	slices.SortFunc(on, func(a, b stretch) int { return cmp.Compare(a.west, b.west) })
	box := geo.Box{South: float64(low) / unit, North: float64(high) / unit, West: -180, East: 180}
	reach, gap := on[0].east, int64(0)
	west, east := on[0].west, int64(0)
	for _, s := range on[1:] {
		if s.west-reach > gap {
			gap, west, east = s.west-reach, s.west, reach
		}
		reach = max(reach, s.east)
	}
	if last := on[0].west + turn - reach; last > gap {
		gap, west, east = last, on[0].west, reach
	}
	if gap > 0 {
		box.West, box.East = offGrid(point{west, 0}).Lon, offGrid(point{east, 0}).Lon
		if east == west+turn { // only the meridian itself is left out: that is all around
			box.West, box.East = -180, 180
		}
	}
	return box
}

// hair is more than a position moves when it is put on the grid, in degrees.
const hair = 1e-6

func widened(b geo.Box) geo.Box {
	b.South, b.North = max(b.South-hair, -90), min(b.North+hair, 90)
	width := b.East - b.West
	if width < 0 {
		width += 360
	}
	if width+2*hair >= 360 || b.North == 90 || b.South == -90 { // a pole has every longitude
		b.West, b.East = -180, 180
		return b
	}
	if b.West -= hair; b.West < -180 {
		b.West += 360
	}
	if b.East += hair; b.East > 180 {
		b.East -= 360
	}
	return b
}

// findCentre finds a point inside, of which Centre tells.
func (s *Shape) findCentre() geo.Public {
	largest, most := s.parts[0], -1.0
	for _, p := range s.parts {
		extent := 0.0
		for i, r := range p {
			if i == 0 {
				extent += r.trueArea()
			} else {
				extent -= r.trueArea()
			}
		}
		if extent > most {
			largest, most = p, extent
		}
	}
	y := largest[0].middle()
	b := newBands(largest.edges())
	var cross []float64
	for _, e := range b.edges { // between two steps of the grid, where no corner is
		at := float64(y) + 0.5
		if float64(e.low()) < at && at < float64(e.high()) {
			cross = append(cross, float64(e.a.x)+(at-float64(e.a.y))*float64(e.b.x-e.a.x)/float64(e.b.y-e.a.y))
		}
	}
	slices.Sort(cross)
	best, width := largest[0][0], -1.0
	for i := 0; i+1 < len(cross); i += 2 {
		if w := cross[i+1] - cross[i]; w > width {
			best, width = point{int64((cross[i] + cross[i+1]) / 2), y}, w
		}
	}
	return offGrid(best)
}

// middle is the latitude of the centre of gravity, kept off the ends.
func (r ring) middle() int64 {
	low, high := r[0].y, r[0].y
	sum, area := 0.0, 0.0
	for i, a := range r {
		b := r[(i+1)%len(r)]
		c := float64(a.x-r[0].x)*float64(b.y-r[0].y) - float64(b.x-r[0].x)*float64(a.y-r[0].y)
		area += c
		sum += c * float64(a.y-r[0].y+b.y-r[0].y) / 3
		low, high = min(low, a.y), max(high, a.y)
	}
	y := (low + high) / 2
	if area != 0 {
		y = r[0].y + int64(math.Round(sum/area))
	}
	if y <= low || y >= high {
		y = (low + high) / 2
	}
	return y
}

// trueArea is about the ring's extent on the globe.
func (r ring) trueArea() float64 {
	return math.Abs(r.area()) * math.Max(math.Cos(float64(r.middle())/unit*math.Pi/180), 1e-6)
}
