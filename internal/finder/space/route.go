package space

import (
	"math"

	"mirabilia/internal/geo"
)

// Route is a line on the globe that questions are asked along: the great
// circles between its points, one after the other. It is immutable.
//
// It is cut into pieces of at most maxPiece, and tubes around eight pieces,
// sixteen, and so on tell how near a part of it can be. The points of a line
// follow each other, so halving it again and again makes narrow tubes.
type Route struct {
	pieces []piece
	tubes  []tube // of blocks of pieces, as a tree in the order of a walk
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

// tube is all of space that is not farther than r from the straight line from
// one point over step to another. A sphere would be as wide as the part is
// long: from far away, many parts of a route are nearly as near as the nearest.
type tube struct {
	from, step geo.Vec
	share      float64 // one by the square of the line's length, 0 for a point
	r          float64
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
	r.tubes = make([]tube, 2*r.blocks-1)
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

// wrap makes the tubes of n blocks from the first, and below.
func (r *Route) wrap(at, first, n int) {
	if n == 1 {
		r.tubes[at] = r.wrapBlock(first)
		return
	}
	left := n / 2
	a, b := at+1, at+2*left
	r.wrap(a, first, left)
	r.wrap(b, first+left, n-left)
	r.tubes[at] = around(&r.tubes[a], &r.tubes[b])
}

func (r *Route) block(i int) []piece {
	return r.pieces[i*perBlock : min(len(r.pieces), (i+1)*perBlock)]
}

func (r *Route) wrapBlock(i int) tube {
	ps := r.block(i)
	t := between(ps[0].From, ps[len(ps)-1].To)
	for k := range ps {
		p := &ps[k]
		// An arc is farther from its own straight line by its height at most.
		height := p.Angle * p.Angle / 8
		t.r = max(t.r, t.apart(p.From)+height, t.apart(p.To)+height)
	}
	t.r += 1e-12
	return t
}

// between is the tube of no width from one point to another.
func between(from, to geo.Vec) tube {
	t := tube{from: from}
	for k := range from {
		t.step[k] = to[k] - from[k]
	}
	if l2 := from.Chord2(to); l2 > 0 {
		t.share = 1 / l2
	}
	return t
}

// around is a tube that holds two, from the beginning of one to the end of the
// other. On a straight line, what is farthest from another one is an end.
func around(a, b *tube) tube {
	t := between(a.from, b.end())
	t.r = max(a.r+t.apart(a.end()), b.r+t.apart(b.from), a.r, b.r) + 1e-12
	return t
}

func (t *tube) end() geo.Vec {
	v := t.from
	for k, s := range t.step {
		v[k] += s
	}
	return v
}

// apart is how far p is from the line within the tube.
func (t *tube) apart(p geo.Vec) float64 {
	x, y, z := p[0]-t.from[0], p[1]-t.from[1], p[2]-t.from[2]
	u, v, w := t.step[0], t.step[1], t.step[2]
	f := min(max((x*u+y*v+z*w)*t.share, 0), 1)
	x, y, z = x-f*u, y-f*v, z-f*w
	return math.Sqrt(x*x + y*y + z*z)
}

// gap is what p is at least away from everything within; below zero inside.
func (t *tube) gap(p geo.Vec) float64 { return t.apart(p) - t.r }

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
	todo := append(room[:0], visit{0, 0, r.blocks, r.tubes[0].gap(p)})
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

func (r *Route) halves(v visit, p geo.Vec) (a, b visit) {
	left := v.n / 2
	a = visit{at: v.at + 1, first: v.first, n: left}
	b = visit{at: v.at + 2*left, first: v.first + left, n: v.n - left}
	a.gap, b.gap = r.tubes[a.at].gap(p), r.tubes[b.at].gap(p)
	return a, b
}

// first is the first piece that is as near to p as the nearest one, whose
// squared chord is given. A line that goes out and back by one road passes
// each place twice: it is met on the way out.
func (r *Route) first(p geo.Vec, chord2 float64) int {
	limit := math.Sqrt(chord2) + sameChord
	limit2 := limit * limit
	var room [40]visit
	todo := append(room[:0], visit{0, 0, r.blocks, r.tubes[0].gap(p)})
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
	todo := append(room[:0], visit{0, 0, r.blocks, r.tubes[0].gap(c)})
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
