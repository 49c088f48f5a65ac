// Package polygon holds outlines on the globe: read from GeoJSON in bounded
// time and memory, checked, and made ready so that a million points can be
// asked for at once whether they lie inside.
//
// Coordinates are whole numbers of ten-millionths of a degree (11 mm), so that
// every answer about sides and crossings is exact. An edge is straight in
// longitude and latitude, as RFC 7946 has it. An edge longer than 180° goes the
// short way, over the date line; one along a pole is taken as written, and so
// is a rectangle around the whole Earth. A ring that goes once around the Earth encloses the pole
// that is on its smaller side. The outline itself belongs to what it encloses.
package polygon

import (
	"math"

	"mirabilia/internal/geo"
)

// Limits of what is read.
const (
	MaxBytes  = 4 << 20
	MaxPoints = 50_000
	MaxRings  = 2_000
)

// unit is how many steps of the grid a degree has; turn is once around.
const (
	unit = 10_000_000
	turn = 360 * unit
	pole = 90 * unit
)

// point is a corner on the grid: x eastwards, y northwards. Within a ring x
// runs on over the date line.
type point struct{ x, y int64 }

// ring is a closed line: the last corner is joined to the first.
type ring []point

// part is one polygon: what its first ring encloses without what the others do.
type part []ring

// Shape is an outline, ready to be asked. It is immutable and safe for
// concurrent use.
type Shape struct {
	parts  []part
	points int
	// west and east are how far x runs.
	west, east int64
	box        geo.Box
	reach      geo.Box
	centre     geo.Public
	bands      bands
	border     border
}

// Points is the number of corners.
func (s *Shape) Points() int { return s.points }

// Box is the smallest box around the outline; West > East where it crosses the
// date line.
func (s *Shape) Box() geo.Box { return s.box }

// Reach is the box with a hair's breadth around it: no position outside of it
// is held.
func (s *Shape) Reach() geo.Box { return s.reach }

// Centre is a point inside for a name to stand at: the middle of the widest
// stretch of the largest polygon at the height of its centre of gravity.
func (s *Shape) Centre() geo.Public { return s.centre }

// newShape makes checked polygons ready.
func newShape(parts []part) *Shape {
	s := &Shape{parts: parts, west: math.MaxInt64, east: math.MinInt64}
	for _, p := range parts {
		for _, r := range p {
			s.points += len(r)
			w, e := r.span()
			s.west, s.east = min(s.west, w), max(s.east, e)
		}
	}
	s.bands = newBands(s.edges())
	s.border = newBorder(s.bands.edges)
	s.box = boxOf(parts)
	s.reach = widened(s.box)
	s.centre = s.findCentre()
	return s
}

// edge is a directed edge; wherever it leads, what the outline encloses is on
// its left.
type edge struct{ a, b point }

func (e edge) low() int64  { return min(e.a.y, e.b.y) }
func (e edge) high() int64 { return max(e.a.y, e.b.y) }
func (e edge) west() int64 { return min(e.a.x, e.b.x) }
func (e edge) east() int64 { return max(e.a.x, e.b.x) }

// edges lists the edges of all rings.
func (s *Shape) edges() []edge {
	out := make([]edge, 0, s.points)
	for _, p := range s.parts {
		out = append(out, p.edges()...)
	}
	return out
}

func (p part) edges() []edge {
	var out []edge
	for _, r := range p {
		for i, a := range r {
			out = append(out, edge{a, r[(i+1)%len(r)]})
		}
	}
	return out
}

// onGrid is a position on the grid.
func onGrid(p geo.Public) point { return point{steps(p.Lon), steps(p.Lat)} }

func offGrid(p point) geo.Public {
	x := p.x
	for x > turn/2 {
		x -= turn
	}
	for x < -turn/2 {
		x += turn
	}
	return geo.Public{Lat: float64(p.y) / unit, Lon: float64(x) / unit}
}
