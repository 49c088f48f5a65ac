package polygon

import (
	"cmp"
	"math"
	"slices"

	"mirabilia/internal/geo"
)

// border is where the outline really ends: all edges but those along a pole,
// which has no length, and those that only cut what belongs together, as files
// do at the date line.
type border struct{ bands }

// newBorder leaves the cuts out: on each meridian the stretches that have
// what is enclosed on both sides.
func newBorder(edges []edge) border {
	var kept []edge
	upright := map[int64][]turnPoint{}
	for _, e := range edges {
		switch {
		case e.a.y == e.b.y && (e.a.y == pole || e.a.y == -pole):
		case e.a.x == e.b.x:
			x, by := e.a.x+frame(e.a.x), 1
			if e.a.y > e.b.y {
				by = -1
			}
			upright[x] = append(upright[x], turnPoint{e.low(), by}, turnPoint{e.high(), -by})
		default:
			kept = append(kept, e)
		}
	}
	for x, at := range upright {
		slices.SortFunc(at, func(a, b turnPoint) int { return cmp.Compare(a.y, b.y) })
		sum := 0
		for i, t := range at {
			sum += t.by
			if sum != 0 && at[i+1].y > t.y {
				kept = append(kept, edge{point{x, t.y}, point{x, at[i+1].y}})
			}
		}
	}
	if len(kept) == 0 {
		return border{}
	}
	return border{newBands(kept)}
}

// turnPoint is where an upright edge begins or ends.
type turnPoint struct {
	y  int64
	by int
}

// HoldsDisc reports whether everything within some metres of a position lies
// inside. Within a few centimetres of the truth it says no.
func (s *Shape) HoldsDisc(at geo.Public, metres float64) bool {
	return s.Holds(at) && !s.border.within(at, metres)
}

// oneDegree is the length of a degree of latitude in metres.
const oneDegree = geo.EarthRadius * math.Pi / 180

// within reports whether an edge comes as near as that.
func (b *border) within(at geo.Public, metres float64) bool {
	if len(b.edges) == 0 {
		return false
	}
	up := int64(metres/oneDegree*unit) + 2
	p := onGrid(at)
	from, to := max(b.of(p.y-up), 0), min(b.of(p.y+up), b.count()-1)
	for i := from; i <= to; i++ {
		for _, k := range b.in(i) {
			e := b.edges[k]
			if e.high() >= p.y-up && e.low() <= p.y+up && e.comesWithin(at, metres) {
				return true
			}
		}
	}
	return false
}

// comesWithin halves the edge until it is clear how near it comes: a piece of
// it is nowhere nearer than the mean of what its ends are away less half its
// length.
func (e edge) comesWithin(at geo.Public, metres float64) bool {
	a, b := offTurn(e.a), offTurn(e.b)
	return pieceWithin(at, metres, a, b, geo.Metres(at, a), geo.Metres(at, b))
}

// slack is how near two lengths count as equal, in metres.
const slack = 0.02

func pieceWithin(at geo.Public, metres float64, a, b geo.Public, fromA, fromB float64) bool {
	if fromA < metres+slack || fromB < metres+slack {
		return true
	}
	flattest := 0.0 // the latitude at which a degree of longitude is longest
	if a.Lat*b.Lat > 0 {
		flattest = min(math.Abs(a.Lat), math.Abs(b.Lat))
	}
	length := math.Hypot(b.Lat-a.Lat, (b.Lon-a.Lon)*math.Cos(flattest*math.Pi/180)) * oneDegree
	if (fromA+fromB-length)/2 > metres {
		return false
	}
	if length < slack {
		return true
	}
	m := geo.Public{Lat: (a.Lat + b.Lat) / 2, Lon: (a.Lon + b.Lon) / 2}
	fromM := geo.Metres(at, m)
	return pieceWithin(at, metres, a, m, fromA, fromM) || pieceWithin(at, metres, m, b, fromM, fromB)
}

// offTurn leaves longitudes run on over the date line, as lengths want them.
func offTurn(p point) geo.Public {
	return geo.Public{Lat: float64(p.y) / unit, Lon: float64(p.x) / unit}
}
