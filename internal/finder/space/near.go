package space

import (
	"math"
	"slices"

	"mirabilia/internal/finder/facet"
	"mirabilia/internal/geo"
)

// Hit is a point of an answer.
type Hit struct {
	Ord    uint32
	Metres float64
}

// Within narrows a question about distance. Its zero value does not.
type Within struct {
	Keep facet.Bits // only these ordinals; nil: all
	Not  facet.Bits // none of these
	Max  float64    // metres, included; 0: no limit
	// Least, when positive, leaves out what is nearer: for the next page. What
	// is just as far stays in.
	Least float64
}

// chord2 is the squared chord (straight distance on the unit sphere) of a
// great-circle distance.
func chord2(metres float64) float64 {
	s := math.Sin(math.Min(metres/geo.EarthRadius, math.Pi) / 2)
	return 4 * s * s
}

// slack turns the squared chord of an exact distance into one that, computed
// in 32 bits, no point nearer than that can exceed: 32-bit vectors are off by
// up to 1.1e-7 in all, the arithmetic by 3e-7 of the chord.
func slack(c2 float64) float32 {
	c := math.Sqrt(c2)
	c += 2e-7 + 5e-7*c
	return float32(c * c)
}

// slackBelow is the same downwards: no point farther than that can fall below.
func slackBelow(c2 float64) float32 {
	c := math.Sqrt(c2)
	c = math.Max(0, c-2e-7-5e-7*c)
	return float32(c * c)
}

// search is one walk through the tree.
type search struct {
	x      *Index
	q      [3]float32
	from   geo.Public
	within Within
	least  float32 // squared chord below which a point is surely too near
	k      int
	// heap holds the k nearest so far by 32-bit distance, the farthest first;
	// bound is the distance beyond which no point can be in the answer.
	heap  []proposal
	bound float32
	// also holds points that fell out of the heap, or did not get into it, by
	// less than the margin.
	also  []proposal
	steps int // how many more points may be looked at
}

type proposal struct {
	d   float32
	ord uint32
}

// Nearest is the k nearest points, and as many more as are exactly as far as
// the last of them, nearest first, equal ones by ordinal.
func (x *Index) Nearest(p geo.Public, k int, within Within) []Hit {
	if k <= 0 || len(x.tree) == 0 {
		return nil
	}
	s := search{x: x, from: p, within: within, k: k, bound: 8, steps: math.MaxInt}
	s.aim()
	if within.Keep != nil {
		few := within.Keep.Count()
		// Among n points, a walk for the nearest k of few looks at some
		// n·k/few of them (10 ns each), or at very many when they are all on
		// the other side of the Earth; going through the few costs 60 ns each.
		if 6*few*few <= k*len(x.tree) || few <= 4*k {
			return s.measureAll()
		}
		s.steps = 32 * few
	}
	if !s.walk(x.tree) {
		return s.measureAll()
	}
	return s.measure()
}

func (s *search) aim() {
	x, y, z := s.from.Unit()
	s.q = [3]float32{float32(x), float32(y), float32(z)}
	if s.within.Max > 0 {
		s.bound = slack(chord2(s.within.Max))
	}
	if s.within.Least > 0 {
		s.least = slackBelow(chord2(s.within.Least))
	}
	s.heap = make([]proposal, 0, min(s.k, 1024))
}

// walk looks through a part of the tree; false when it ran out of steps.
func (s *search) walk(a []node) bool {
	for len(a) > leaf {
		m := len(a) / 2
		n := &a[m]
		axis := n.word >> axisBits
		off := s.q[axis] - n.v[axis]
		near, far := a[:m], a[m+1:]
		if off > 0 {
			near, far = far, near
		}
		if !s.walk(near) {
			return false
		}
		// The vectors are rounded, the bound has the margin for it.
		if off*off > s.bound {
			return true
		}
		if d := s.distance(n); d <= s.bound {
			s.meet(d, n.ord())
		}
		a = far
	}
	for i := range a {
		n := &a[i]
		dx, dy, dz := n.v[0]-s.q[0], n.v[1]-s.q[1], n.v[2]-s.q[2]
		if d := dx*dx + dy*dy + dz*dz; d <= s.bound {
			s.meet(d, n.ord())
		}
	}
	s.steps -= len(a)
	return s.steps > 0
}

func (s *search) distance(n *node) float32 {
	dx, dy, dz := n.v[0]-s.q[0], n.v[1]-s.q[1], n.v[2]-s.q[2]
	return dx*dx + dy*dy + dz*dz
}

// meet considers a point not farther than the bound.
func (s *search) meet(d float32, ord uint32) {
	if d < s.least || s.within.Keep != nil && !s.within.Keep.Has(ord) || s.within.Not.Has(ord) {
		return
	}
	if s.within.Least > 0 && s.x.Metres(s.from, ord) < s.within.Least {
		return
	}
	if len(s.heap) < s.k {
		s.heap = append(s.heap, proposal{d, ord})
		s.up(len(s.heap) - 1)
		if len(s.heap) == s.k {
			s.tighten()
		}
		return
	}
	if d >= s.heap[0].d {
		s.also = append(s.also, proposal{d, ord})
		return
	}
	out := s.heap[0]
	s.heap[0] = proposal{d, ord}
	s.down()
	s.tighten()
	if out.d <= s.bound {
		s.also = append(s.also, out)
	}
}

// tighten sets the bound by the farthest of the k nearest.
func (s *search) tighten() {
	// The farthest's own 32-bit distance may be off as well: twice the margin.
	c := float32(math.Sqrt(float64(s.heap[0].d)))
	c += 4e-7 + 1e-6*c
	s.bound = min(s.bound, c*c)
}

func (s *search) up(i int) {
	h := s.heap
	for i > 0 {
		p := (i - 1) / 2
		if h[p].d >= h[i].d {
			return
		}
		h[p], h[i] = h[i], h[p]
		i = p
	}
}

func (s *search) down() {
	h := s.heap
	v := h[0]
	i := 0
	for {
		c := 2*i + 1
		if c >= len(h) {
			break
		}
		if c+1 < len(h) && h[c+1].d > h[c].d {
			c++
		}
		if h[c].d <= v.d {
			break
		}
		h[i] = h[c]
		i = c
	}
	h[i] = v
}

// measure turns the proposals into the answer.
func (s *search) measure() []Hit {
	hits := make([]Hit, 0, len(s.heap)+8)
	add := func(p proposal) {
		if m := s.x.Metres(s.from, p.ord); s.within.Max <= 0 || m <= s.within.Max {
			hits = append(hits, Hit{p.ord, m})
		}
	}
	for _, p := range s.heap {
		add(p)
	}
	for _, p := range s.also {
		if p.d <= s.bound {
			add(p)
		}
	}
	return cut(hits, s.k)
}

// measureAll goes through the kept points one by one.
func (s *search) measureAll() []Hit {
	var hits []Hit
	worst := math.Inf(1)
	if s.within.Max > 0 {
		worst = s.within.Max
	}
	s.within.Keep.Each(func(ord uint32) bool {
		if s.within.Not.Has(ord) || !s.x.has(ord) {
			return true
		}
		p := s.x.at.At(ord)
		// A degree of latitude is 111.19 km at the least on this sphere.
		if math.Abs(p.Lat-s.from.Lat)*111_190 > worst {
			return true
		}
		m := geo.Metres(s.from, p)
		if m > worst || m < s.within.Least {
			return true
		}
		hits = append(hits, Hit{ord, m})
		if len(hits) >= 4*s.k+64 {
			hits = cut(hits, s.k)
			if n := len(hits); n >= s.k {
				worst = hits[n-1].Metres
			}
		}
		return true
	})
	return cut(hits, s.k)
}

// cut sorts the hits and drops those farther than the k-th.
func cut(hits []Hit, k int) []Hit {
	slices.SortFunc(hits, func(a, b Hit) int {
		switch {
		case a.Metres < b.Metres:
			return -1
		case a.Metres > b.Metres:
			return 1
		}
		return int(int64(a.Ord) - int64(b.Ord))
	})
	for len(hits) > k && hits[len(hits)-1].Metres > hits[k-1].Metres {
		hits = hits[:len(hits)-1]
	}
	return hits
}
