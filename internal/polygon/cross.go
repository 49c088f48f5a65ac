package polygon

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
)

// maxPairs bounds how many pairs of edges are held against each other. Real
// coasts need some five an edge.
const maxPairs = 20_000_000

// words is a corner as a sentence names it: latitude, longitude.
func (p point) words() string {
	at := offGrid(p)
	return fmt.Sprintf("%.5f, %.5f", at.Lat, at.Lon)
}

// side tells on which side of the line from a to b c lies: 1 left, -1 right, 0
// on it. Differences of coordinates are below 2^33, so products need more than
// 64 bits only for edges that span half the Earth.
func side(a, b, c point) int {
	return compareProducts(b.x-a.x, c.y-a.y, b.y-a.y, c.x-a.x)
}

// compareProducts compares a·b with c·d exactly.
func compareProducts(a, b, c, d int64) int {
	p, q := float64(a)*float64(b), float64(c)*float64(d)
	const doubt = 1e-14 // some twenty times what two products and a difference may be off
	if diff, most := p-q, doubt*(abs(p)+abs(q)); diff > most {
		return 1
	} else if diff < -most {
		return -1
	}
	hi1, lo1 := multiply(a, b)
	hi2, lo2 := multiply(c, d)
	return cmp.Or(cmp.Compare(hi1, hi2), cmp.Compare(lo1, lo2))
}

func abs(x float64) float64 { return max(x, -x) }

// multiply gives all 128 bits of a product.
func multiply(a, b int64) (hi int64, lo uint64) {
	h, l := bits.Mul64(uint64(max(a, -a)), uint64(max(b, -b)))
	if (a < 0) != (b < 0) {
		l = ^l + 1
		h = ^h
		if l == 0 {
			h++
		}
	}
	return int64(h), l
}

// check refuses a polygon whose rings cross themselves or each other, run back
// on themselves, or whose holes lie outside.
func (p part) check() error {
	edges := p.realEdges()
	west, east := p[0].span()
	if east-west == turn { // what lies over the seam is met on both sides of it
		for _, e := range edges {
			if e.east() > east {
				edges = append(edges, edge{point{e.a.x - turn, e.a.y}, point{e.b.x - turn, e.b.y}})
			}
		}
	}
	if len(edges) == 0 {
		return nil // all the Earth
	}
	b := newBands(edges)
	if at, crossed, done := b.crossing(); crossed {
		return invalid("The outline crosses itself near %s.", at.words())
	} else if !done {
		return invalid("The outline is too intricate to be checked for crossing itself. Simplify it and try again.")
	}
	if len(p) == 1 {
		return nil
	}
	outer := newBands(part{p[0]}.edges())
	for _, hole := range p[1:] {
		if !outer.holds(hole[0]) {
			return invalid("A hole lies outside of the ring that it should be in, near %s.", hole[0].words())
		}
	}
	return nil
}

// realEdges leaves out what only closes rings around a pole: their seam and the
// pole itself.
func (p part) realEdges() []edge {
	var out []edge
	for _, r := range p {
		west, east := r.span()
		for i, a := range r {
			e := edge{a, r[(i+1)%len(r)]}
			atPole := e.high() == pole || e.low() == -pole
			along := e.a.y == e.b.y
			seam := e.a.x == e.b.x && east-west == turn && (e.a.x == west || e.a.x == east)
			if !atPole || !along && !seam {
				out = append(out, e)
			}
		}
	}
	return out
}

// crossing finds a point at which two edges cross or run along each other; done
// is false when there were too many pairs to look at.
func (b *bands) crossing() (at point, crossed, done bool) {
	pairs := 0
	var row []int32
	for i := range b.count() {
		row = append(row[:0], b.in(i)...)
		slices.SortFunc(row, func(i, j int32) int { return cmp.Compare(b.edges[i].west(), b.edges[j].west()) })
		for k, i := range row {
			e := b.edges[i]
			for _, j := range row[k+1:] {
				f := b.edges[j]
				if f.west() > e.east() {
					break
				}
				if pairs++; pairs > maxPairs {
					return at, false, false
				}
				if e.high() < f.low() || f.high() < e.low() {
					continue
				}
				if at, crossed = meet(e, f); crossed {
					return at, true, true
				}
			}
		}
	}
	return at, false, true
}

// meet reports whether two edges cross in their inside, or share a stretch.
// That a corner of one touches the other is no crossing.
func meet(e, f edge) (at point, crossed bool) {
	s1, s2 := side(e.a, e.b, f.a), side(e.a, e.b, f.b)
	if s1 == 0 && s2 == 0 {
		return overlap(e, f)
	}
	s3, s4 := side(f.a, f.b, e.a), side(f.a, f.b, e.b)
	if s1*s2 >= 0 || s3*s4 >= 0 {
		return at, false
	}
	// Where they cross, for the message only.
	dx, dy := float64(e.b.x-e.a.x), float64(e.b.y-e.a.y)
	gx, gy := float64(f.b.x-f.a.x), float64(f.b.y-f.a.y)
	t := (float64(f.a.x-e.a.x)*gy - float64(f.a.y-e.a.y)*gx) / (dx*gy - dy*gx)
	return point{e.a.x + int64(t*dx), e.a.y + int64(t*dy)}, true
}

// overlap reports whether two edges of one line share more than a point.
func overlap(e, f edge) (at point, crossed bool) {
	along := func(p point) int64 { return p.x }
	if e.a.x == e.b.x {
		along = func(p point) int64 { return p.y }
	}
	from := max(min(along(e.a), along(e.b)), min(along(f.a), along(f.b)))
	to := min(max(along(e.a), along(e.b)), max(along(f.a), along(f.b)))
	return e.a, from < to
}
