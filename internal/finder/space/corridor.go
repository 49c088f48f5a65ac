package space

import (
	"math"

	"mirabilia/internal/finder/facet"
	"mirabilia/internal/geo"
)

// Passed is a point beside a route: how far from it, and how far along it the
// nearest point of the route is, in metres.
type Passed struct {
	Ord           uint32
	Metres, Along float64
}

// Corridor is the points not farther than metres from the route, in no order.
// keep narrows them unless it is nil; those of not are left out.
func (x *Index) Corridor(r *Route, metres float64, keep, not facet.Bits) []Passed {
	if len(x.tree) == 0 || !(metres >= 0) {
		return nil
	}
	s := corridor{x: x, route: r, metres: metres, keep: keep, not: not, hint: -1}
	s.chord = math.Sqrt(chord2(metres)) + 1e-12
	if keep != nil {
		// Asking for one point costs some hundred nanoseconds; below a share of
		// all, asking for each is less than walking the tree.
		if few := keep.Count(); few < 4096 || few < len(x.tree)/64 {
			keep.Each(func(ord uint32) bool {
				if x.has(ord) && !not.Has(ord) {
					s.test(ord)
				}
				return true
			})
			return s.out
		}
	}
	s.walk(x.tree, [3]float32{-1, -1, -1}, [3]float32{1, 1, 1})
	return s.out
}

// corridor is one walk along a route.
type corridor struct {
	x         *Index
	route     *Route
	metres    float64
	chord     float64
	keep, not facet.Bits
	hint      int // the piece nearest to the point before
	out       []Passed
}

// walk looks through a part of the tree that lies in the box from lo to hi.
func (s *corridor) walk(a []node, lo, hi [3]float32) {
	for len(a) > leaf {
		if !s.touches(lo, hi) {
			return
		}
		m := len(a) / 2
		n := &a[m]
		axis := n.word >> axisBits
		cut := n.v[axis]
		below := hi
		below[axis] = cut
		s.walk(a[:m], lo, below)
		s.meet(n)
		lo[axis] = cut
		a = a[m+1:]
	}
	if len(a) == 0 {
		return
	}
	lo, hi = a[0].v, a[0].v
	for i := 1; i < len(a); i++ {
		for k, c := range a[i].v {
			lo[k], hi[k] = min(lo[k], c), max(hi[k], c)
		}
	}
	if !s.touches(lo, hi) {
		return
	}
	for i := range a {
		s.meet(&a[i])
	}
}

// touches says whether the route may come as near to the box as the corridor
// is wide.
func (s *corridor) touches(lo, hi [3]float32) bool {
	var c geo.Vec
	d2 := 0.0
	for k := range c {
		c[k] = (float64(lo[k]) + float64(hi[k])) / 2
		d := (float64(hi[k]) - float64(lo[k])) / 2
		d2 += d * d
	}
	// The vectors of the tree are rounded to about a metre.
	return s.route.passes(c, math.Sqrt(d2)+s.chord+4e-7)
}

func (s *corridor) meet(n *node) {
	ord := n.ord()
	if s.keep != nil && !s.keep.Has(ord) || s.not.Has(ord) {
		return
	}
	s.test(ord)
}

// test measures one point.
func (s *corridor) test(ord uint32) {
	p := s.x.at.At(ord).Vec()
	k, c2 := s.route.nearest(p, s.chord*s.chord, s.hint)
	if k < 0 {
		return
	}
	s.hint = k
	if m := geo.ChordMetres(c2); m <= s.metres {
		s.out = append(s.out, Passed{ord, m, s.route.along(p, c2)})
	}
}
