package space

import (
	"math"

	"mirabilia/internal/finder/facet"
	"mirabilia/internal/geo"
)

// Circle adds to b the points not farther than metres from p.
func (x *Index) Circle(p geo.Public, metres float64, b facet.Bits) {
	if len(x.tree) == 0 || !(metres >= 0) {
		return
	}
	ux, uy, uz := p.Unit()
	q := [3]float32{float32(ux), float32(uy), float32(uz)}
	c2 := chord2(metres)
	within, bound := slackBelow(c2), slack(c2)
	if metres >= math.Pi*geo.EarthRadius {
		within, bound = 8, 8
	}
	test := func(n *node) {
		dx, dy, dz := n.v[0]-q[0], n.v[1]-q[1], n.v[2]-q[2]
		d := dx*dx + dy*dy + dz*dz
		if d < within || d <= bound && x.Metres(p, n.ord()) <= metres {
			b.Set(n.ord())
		}
	}
	var walk func(a []node)
	walk = func(a []node) {
		for len(a) > leaf {
			m := len(a) / 2
			n := &a[m]
			axis := n.word >> axisBits
			off := q[axis] - n.v[axis]
			near, far := a[:m], a[m+1:]
			if off > 0 {
				near, far = far, near
			}
			walk(near)
			if off*off > bound {
				return
			}
			test(n)
			a = far
		}
		for i := range a {
			test(&a[i])
		}
	}
	walk(x.tree)
}

// Box adds to b the points in the box, its edges included.
func (x *Index) Box(box geo.Box, b facet.Bits) {
	if len(x.code) == 0 || box.South > box.North {
		return
	}
	if box.West > box.East { // two boxes, one on each side of the date line
		x.Box(geo.Box{West: box.West, South: box.South, East: 180, North: box.North}, b)
		x.Box(geo.Box{West: -180, South: box.South, East: box.East, North: box.North}, b)
		return
	}
	s := boxSearch{x: x, box: box, into: b,
		x0: projectX(box.West), x1: projectX(box.East), y0: projectY(box.North), y1: projectY(box.South)}
	// The logarithm may be off by a unit.
	s.y0 -= min(s.y0, 1)
	s.y1 += min(math.MaxUint32-s.y1, 1)
	s.cell(0, len(x.code), 0, 0)
}

// boxSearch descends the quadtree that the Morton order is.
type boxSearch struct {
	x              *Index
	box            geo.Box
	into           facet.Bits
	x0, y0, x1, y1 uint32
}

// cell looks through the points from place i to place j, which are those of
// the square that begins with code base and is level halvings small.
func (s *boxSearch) cell(i, j int, base uint64, level uint) {
	if i >= j {
		return
	}
	side := uint32(math.MaxUint32) >> level // less one
	x0, y0 := squash(base), squash(base>>1)
	x1, y1 := x0+side, y0+side
	if x1 < s.x0 || x0 > s.x1 || y1 < s.y0 || y0 > s.y1 {
		return
	}
	// Inside by three units, more than the rounding of the projection, no point
	// needs a closer look. The edge of the square, where the poles lie, is
	// never inside.
	if inside(x0, x1, s.x0, s.x1) && inside(y0, y1, s.y0, s.y1) {
		for _, o := range s.x.ord[i:j] {
			s.into.Set(o)
		}
		return
	}
	if j-i <= 32 || level == 32 {
		for _, o := range s.x.ord[i:j] {
			if s.box.Contains(s.x.at.At(o)) {
				s.into.Set(o)
			}
		}
		return
	}
	quarter := uint64(1) << (62 - 2*level)
	for k := range uint64(4) {
		from := base + k*quarter
		end := gallop(s.x.code[:j], i, from+quarter-1)
		s.cell(i, end, from, level+1)
		i = end
	}
}

func inside(a0, a1, b0, b1 uint32) bool {
	return a0 >= 3 && a0-3 >= b0 && a1 <= math.MaxUint32-3 && a1+3 <= b1
}

// bounds is the range of places of a tile in the Morton order.
func (x *Index) bounds(z, tx, ty int) (i, j int) {
	if z == 0 {
		return 0, len(x.code)
	}
	shift := uint(64 - 2*z)
	first := morton(uint32(tx), uint32(ty)) << shift
	last := first | (1<<shift - 1)
	i = 0
	if first > 0 {
		i = search64(x.code, first-1)
	}
	return i, search64(x.code[i:], last) + i
}

// search64 is the first place whose code is greater than last.
func search64(code []uint64, last uint64) int {
	lo, hi := 0, len(code)
	for lo < hi {
		m := int(uint(lo+hi) / 2)
		if code[m] <= last {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo
}
