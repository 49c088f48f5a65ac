package main

import "math"

// The shapes are signed distances from p to a solid about the origin: negative
// inside it. Exact ones may be stepped along whole; the others say so.

// box has half the measures of size.
func box(p, size vec) float64 {
	q := vec{math.Abs(p.x) - size.x, math.Abs(p.y) - size.y, math.Abs(p.z) - size.z}
	out := vec{math.Max(q.x, 0), math.Max(q.y, 0), math.Max(q.z, 0)}
	return out.length() + math.Min(math.Max(q.x, math.Max(q.y, q.z)), 0)
}

// cone stands upright, half its height above and below the origin, with a
// radius at the foot and one at the top; a cylinder where they are the same.
func cone(p vec, foot, top, half float64) float64 {
	r := mix(foot, top, clamp((p.y+half)/(2*half), 0, 1))
	d := (math.Hypot(p.x, p.z) - r) * half * 2 / math.Hypot(half*2, foot-top)
	e := math.Abs(p.y) - half
	return math.Min(math.Max(d, e), 0) + math.Hypot(math.Max(d, 0), math.Max(e, 0))
}

// ellipsoid is nearly exact.
func ellipsoid(p, r vec) float64 {
	k0 := vec{p.x / r.x, p.y / r.y, p.z / r.z}.length()
	k1 := vec{p.x / (r.x * r.x), p.y / (r.y * r.y), p.z / (r.z * r.z)}.length()
	if k1 == 0 {
		return -r.x
	}
	return k0 * (k0 - 1) / k1
}

// rod is thick about the line from a to b, thinning from r to s.
func rod(p, a, b vec, r, s float64) float64 {
	pa, ba := p.minus(a), b.minus(a)
	h := clamp(pa.dot(ba)/ba.dot(ba), 0, 1)
	return pa.minus(ba.times(h)).length() - mix(r, s, h)
}

// melt joins two solids with a fillet of about k.
func melt(a, b, k float64) float64 {
	h := math.Max(k-math.Abs(a-b), 0) / k
	return math.Min(a, b) - h*h*k/4
}

// cut takes b away from a.
func cut(a, b float64) float64 { return math.Max(a, -b) }

// nearest collects the solids of a scene and keeps the one nearest to a point.
type nearest struct {
	d float64
	m int
}

// add offers a solid at distance d of material m.
func (n *nearest) add(d float64, m int) {
	if d < n.d {
		n.d, n.m = d, m
	}
}

// beyond tells whether everything within radius of the point (0, height, 0) is
// far from p; then it stands in for what is there, so that it need not be
// looked at closely.
func (n *nearest) beyond(p vec, height, radius float64, m int) bool {
	d := p.from(0, height, 0).length() - radius
	if d < .4 {
		return false
	}
	n.add(d+.15, m)
	return true
}
