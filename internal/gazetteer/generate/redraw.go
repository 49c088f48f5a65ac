package main

import (
	"sort"

	"mirabilia/internal/gazetteer/border"
)

// The map draws Western Sahara along the front line; GeoNames, as the UN,
// has all south of this parallel.
const (
	saharaParallel  = 27.667
	saharaEast      = -8.6
	saharaMapped    = "MA"
	saharaByRights  = "EH"
	saharaSouthEdge = 20.0
)

// vatican is the Vatican's outline, some 100 m fine; at the map's scale it is
// hardly more than a point. Longitude, latitude.
var vatican = []border.Point{
	{Lon: 12.4457, Lat: 41.9020}, {Lon: 12.4466, Lat: 41.9042}, {Lon: 12.4494, Lat: 41.9055}, {Lon: 12.4523, Lat: 41.9073},
	{Lon: 12.4545, Lat: 41.9072}, {Lon: 12.4560, Lat: 41.9050}, {Lon: 12.4575, Lat: 41.9038}, {Lon: 12.4584, Lat: 41.9029},
	{Lon: 12.4585, Lat: 41.9015}, {Lon: 12.4556, Lat: 41.9009}, {Lon: 12.4525, Lat: 41.9003}, {Lon: 12.4480, Lat: 41.9004},
	{Lon: 12.4457, Lat: 41.9020},
}

// redraw gives the part of Morocco's land south of the parallel to Western
// Sahara: lines are cut at the parallel, what lies south changes sides, and
// along the parallel a border is drawn from cut to cut.
func redraw(lines []border.Line, number map[string]border.Land) []border.Line {
	from, to := number[saharaMapped], number[saharaByRights]
	south := func(p border.Point) bool {
		return p.Lat < saharaParallel && p.Lat > saharaSouthEdge && p.Lon < saharaEast
	}
	var out []border.Line
	var cuts []float64
	for _, l := range lines {
		if l.A == number["VA"] || l.B == number["VA"] {
			l.Points = vatican
		}
		if l.A != from && l.B != from {
			out = append(out, l)
			continue
		}
		part := border.Line{A: l.A, B: l.B, Points: l.Points[:1]}
		flush := func(southern bool) {
			if southern {
				part.A, part.B = swap(part.A, from, to), swap(part.B, from, to)
			}
			if part.A != part.B && len(part.Points) > 1 {
				out = append(out, part)
			}
		}
		for i := 1; i < len(l.Points); i++ {
			p, q := l.Points[i-1], l.Points[i]
			if south(p) != south(q) {
				lon := p.Lon + (saharaParallel-p.Lat)/(q.Lat-p.Lat)*(q.Lon-p.Lon)
				cuts = append(cuts, lon)
				cut := border.Point{Lon: lon, Lat: saharaParallel}
				part.Points = append(part.Points[:len(part.Points):len(part.Points)], cut)
				flush(south(p))
				part = border.Line{A: l.A, B: l.B, Points: []border.Point{cut}}
			}
			part.Points = append(part.Points[:len(part.Points):len(part.Points)], q)
		}
		flush(south(l.Points[len(l.Points)-1]))
	}
	sort.Float64s(cuts)
	for i := 0; i+1 < len(cuts); i += 2 {
		out = append(out, border.Line{A: from, B: to, Points: []border.Point{
			{Lon: cuts[i], Lat: saharaParallel}, {Lon: cuts[i+1], Lat: saharaParallel},
		}})
	}
	return out
}

func swap(land, from, to border.Land) border.Land {
	if land == from {
		return to
	}
	return land
}
