package space

import (
	"math"

	"mirabilia/internal/geo"
)

// Route is a line on the globe that questions are asked along: the great
// circles between its points, one after the other. It is immutable.
//
// It is cut into pieces of at most maxPiece, and spheres around eight pieces,
// sixteen, and so on tell how near a part of it can be. The points of a line
// follow each other, so halving it again and again makes tight spheres.
type Route struct {
	pieces []piece
	balls  []ball // of blocks of pieces, as a tree in the order of a walk
	blocks int
	metres float64
}

// piece is a part of a route, and how far along the route it begins, in
// metres.
type piece struct {
	geo.Arc
	from float64
	mid  geo.Vec
	half float64 // radius of the sphere around mid that holds it
}

// ball is a sphere in space.
type ball struct {
	c geo.Vec
	r float64
}

const (
	// maxPiece is 8 km in radians: the sphere around a piece is then narrower
	// than corridors usually are.
	maxPiece = 8000 / geo.EarthRadius
	perBlock = 8
	// sameChord is a micrometre: what is nearest by less than that is as near.
	sameChord = 1e-6 / geo.EarthRadius
)

// NewRoute makes a route of the points, which must be valid and at least one;
// nil where it would be longer than most metres.
func NewRoute(points []geo.Public, most float64) *Route {
	r := &Route{pieces: make([]piece, 0, len(points)+len(points)/4)}
	from := points[0].Vec()
	for _, p := range points[1:] {
		to := p.Vec()
		if to != from {
			if r.add(geo.NewArc(from, to)); r.metres > most {
				return nil
			}
		}
		from = to
	}
	if len(r.pieces) == 0 { // all points are the same one
		r.add(geo.NewArc(from, from))
	}
	r.blocks = (len(r.pieces) + perBlock - 1) / perBlock
	r.balls = make([]ball, 2*r.blocks-1)
	r.wrap(0, 0, r.blocks)
	return r
}

// add appends an arc, cut where it is too long.
func (r *Route) add(a geo.Arc) {
	n := max(1, int(math.Ceil(a.Angle/maxPiece)))
	from := a.From
	for i := 1; i <= n; i++ {
		part := a
		if n > 1 {
			to := a.To
			if i < n {
				to = a.At(a.Angle * float64(i) / float64(n))
			}
			part = geo.NewArc(from, to)
			from = to
		}
		p := piece{Arc: part, from: r.metres}
		for k := range p.mid {
			p.mid[k] = (part.From[k] + part.To[k]) / 2
		}
		p.half = part.Angle/2 + part.Angle*part.Angle/8 + 1e-12
		r.pieces = append(r.pieces, p)
		r.metres += part.Angle * geo.EarthRadius
	}
}

// wrap makes the spheres of n blocks from the first, and below.
func (r *Route) wrap(at, first, n int) ball {
	var b ball
	if n == 1 {
		b = r.wrapBlock(first)
	} else {
		left := n / 2
		b = around(r.wrap(at+1, first, left), r.wrap(at+2*left, first+left, n-left))
	}
	r.balls[at] = b
	return b
}

func (r *Route) block(i int) []piece {
	return r.pieces[i*perBlock : min(len(r.pieces), (i+1)*perBlock)]
}

func (r *Route) wrapBlock(i int) ball {
	ps := r.block(i)
	lo, hi := ps[0].From, ps[0].From
	for _, p := range ps {
		for k := range lo {
			lo[k], hi[k] = min(lo[k], p.To[k]), max(hi[k], p.To[k])
		}
	}
	var b ball
	for k := range lo {
		b.c[k] = (lo[k] + hi[k]) / 2
	}
	for _, p := range ps {
		b.r = max(b.r, math.Sqrt(b.c.Chord2(p.mid))+p.half)
	}
	return b
}

// around is a sphere that holds two.
func around(a, b ball) ball {
	d := math.Sqrt(a.c.Chord2(b.c))
	if d+b.r <= a.r {
		return a
	}
	if d+a.r <= b.r {
		return b
	}
	out := ball{r: (d + a.r + b.r) / 2}
	t := 0.0
	if d > 0 {
		t = (out.r - a.r) / d
	}
	for k := range out.c {
		out.c[k] = a.c[k] + (b.c[k]-a.c[k])*t
	}
	out.r += 1e-12
	return out
}

// Metres is the length of the route.
func (r *Route) Metres() float64 { return r.metres }

// visit is a part of the tree that is still to be looked at.
type visit struct {
	at, first, n int
	gap          float64 // no point of it is nearer, as a chord
}

// nearest is the piece nearest to p and its squared chord; false when none is
// as near as the square limit2. hint is a piece to begin with, -1 for none.
func (r *Route) nearest(p geo.Vec, limit2 float64, hint int) (best int, chord2 float64) {
	best, chord2 = -1, limit2
	if hint >= 0 {
		if c2 := r.pieces[hint].Chord2(p); c2 <= chord2 {
			best, chord2 = hint, c2
		}
	}
	var room [40]visit
	todo := append(room[:0], visit{0, 0, r.blocks, r.balls[0].gap(p)})
	for len(todo) > 0 {
		v := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if v.gap > 0 && v.gap*v.gap > chord2 {
			continue
		}
		if v.n == 1 {
			for i := range r.block(v.first) {
				k := v.first*perBlock + i
				if c2 := r.pieces[k].Chord2(p); c2 < chord2 || c2 == chord2 && best < 0 {
					best, chord2 = k, c2
				}
			}
			continue
		}
		a, b := r.halves(v, p)
		if a.gap <= b.gap {
			a, b = b, a
		}
		todo = append(todo, a, b)
	}
	return best, chord2
}

func (b *ball) gap(p geo.Vec) float64 { return math.Sqrt(b.c.Chord2(p)) - b.r }

func (r *Route) halves(v visit, p geo.Vec) (a, b visit) {
	left := v.n / 2
	a = visit{at: v.at + 1, first: v.first, n: left}
	b = visit{at: v.at + 2*left, first: v.first + left, n: v.n - left}
	a.gap, b.gap = r.balls[a.at].gap(p), r.balls[b.at].gap(p)
	return a, b
}

// first is the first piece that is as near to p as the nearest one, whose
// squared chord is given. A line that goes out and back by one road passes
// each place twice: it is met on the way out.
func (r *Route) first(p geo.Vec, chord2 float64) int {
	limit := math.Sqrt(chord2) + sameChord
	limit2 := limit * limit
	var room [40]visit
	todo := append(room[:0], visit{0, 0, r.blocks, r.balls[0].gap(p)})
	for len(todo) > 0 {
		v := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if v.gap > limit {
			continue
		}
		if v.n > 1 {
			a, b := r.halves(v, p)
			todo = append(todo, b, a)
			continue
		}
		for i := range r.block(v.first) {
			k := v.first*perBlock + i
			c2 := r.pieces[k].Chord2(p)
			if c2 > limit2 {
				continue
			}
			// The end of a piece may be as near as the next piece, all but a hair.
			for k+1 < len(r.pieces) {
				next := r.pieces[k+1].Chord2(p)
				if next >= c2 {
					break
				}
				k, c2 = k+1, next
			}
			return k
		}
	}
	return 0
}

// passes says whether a piece may come as near to c as radius, a chord. c
// need not lie on the sphere.
func (r *Route) passes(c geo.Vec, radius float64) bool {
	var room [40]visit
	todo := append(room[:0], visit{0, 0, r.blocks, r.balls[0].gap(c)})
	for len(todo) > 0 {
		v := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if v.gap > radius {
			continue
		}
		if v.n == 1 {
			for i := range r.block(v.first) {
				q := &r.pieces[v.first*perBlock+i]
				if d := radius + q.half; q.mid.Chord2(c) <= d*d {
					return true
				}
			}
			continue
		}
		a, b := r.halves(v, c)
		if a.gap <= b.gap {
			a, b = b, a
		}
		todo = append(todo, a, b)
	}
	return false
}

// Locate is the point of the route nearest to p, the first of several: its
// distance from p and from the beginning of the route, in metres.
func (r *Route) Locate(p geo.Public) (metres, along float64) {
	v := p.Vec()
	_, c2 := r.nearest(v, 4, -1)
	return geo.ChordMetres(c2), r.along(v, c2)
}

// along is how far along the route the point nearest to p is, in metres.
func (r *Route) along(p geo.Vec, chord2 float64) float64 {
	q := &r.pieces[r.first(p, chord2)]
	return q.from + q.Along(p)*geo.EarthRadius
}
