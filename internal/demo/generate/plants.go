package main

import "math"

// tree is a broad crown on a trunk, about 3·s high.
func (n *nearest) tree(p vec, s float64, leaf, bark int) {
	if n.beyond(p, 1.6*s, 2*s, leaf) {
		return
	}
	q := p.times(1 / s)
	ruffle := lumps(q.times(7))*.13 + lumps(q.times(17))*.05
	crown := melt(ellipsoid(q.from(0, 2.15, 0), vec{1.05, .78, 1}), ellipsoid(q.from(.7, 1.75, .2), vec{.75, .52, .7}), .3)
	crown = melt(crown, ellipsoid(q.from(-.65, 1.7, -.1), vec{.7, .5, .7}), .3)
	n.add((crown+ruffle)*s*.6, leaf)
	n.add(rod(q, vec{0, -.1, 0}, vec{.06, 1.7, 0}, .12, .07)*s, bark)
}

// cypress is a slender tree, about 3·s high.
func (n *nearest) cypress(p vec, s float64, leaf, bark int) {
	if n.beyond(p, 1.6*s, 1.7*s, leaf) {
		return
	}
	q := p.times(1 / s)
	n.add((ellipsoid(q.from(0, 1.7, 0), vec{.42, 1.45, .42})+lumps(q.times(11))*.07)*s*.6, leaf)
	n.add(rod(q, vec{}, vec{0, .6, 0}, .08, .08)*s, bark)
}

// pipes are organ-pipe cactuses: ribbed columns side by side, up to 3·s high.
func (n *nearest) pipes(p vec, s float64, count int, m int) {
	if n.beyond(p, 1.3*s, 1.8*s, m) {
		return
	}
	q := p.times(1 / s)
	for i := range count {
		f := float64(i)
		at := vec{.34 * (f - float64(count-1)/2), 0, .22 * (chance(f, 5) - .5)}
		top := 1.5 + 1.2*chance(f, 3)
		r := q.minus(at)
		rib := .016 * math.Cos(10*math.Atan2(r.z, r.x))
		n.add((rod(r, vec{}, vec{.12 * (chance(f, 9) - .5), top, 0}, .13, .12)+rib)*s*.8, m)
	}
}

// cactus has a column and two arms, about 1.9·s high.
func (n *nearest) cactus(p vec, s float64, m int) {
	if n.beyond(p, .95*s, 1.2*s, m) {
		return
	}
	q := p.times(1 / s)
	rib := .018 * math.Cos(12*math.Atan2(q.z, q.x))
	d := rod(q, vec{}, vec{0, 1.75, 0}, .17, .15) + rib
	d = melt(d, rod(q, vec{.08, .72, 0}, vec{.44, .86, 0}, .1, .11), .08)
	d = melt(d, rod(q, vec{.45, .86, 0}, vec{.47, 1.4, 0}, .11, .09), .08)
	d = melt(d, rod(q, vec{-.08, .5, 0}, vec{-.4, .62, .05}, .1, .1), .08)
	d = melt(d, rod(q, vec{-.41, .62, .05}, vec{-.42, 1.1, .05}, .1, .08), .08)
	n.add(d*s*.85, m)
}

// agave is a rosette of leaves that end in points, about 0.8·s high.
func (n *nearest) agave(p vec, s float64, m int) {
	if n.beyond(p, .35*s, .9*s, m) {
		return
	}
	q := p.times(1 / s)
	d := 9.0
	for i := range 15 {
		f := float64(i)
		r := q.turned(f * 2.4)
		out, up := mix(.75, .22, f/15), mix(.3, .85, f/15)
		bend := vec{out * .55, up * .6, 0}
		leaf := math.Min(rod(r, vec{.04, .02, 0}, bend, .05, .065), rod(r, bend, vec{out, up, 0}, .065, .008))
		d = math.Min(d, leaf)
	}
	n.add(d*s, m)
}

// tufts are blades of grass on a lattice over the ground, up to h metres high.
func (n *nearest) tufts(p vec, h float64, m int) {
	if p.y > h*1.6 || p.y < -.5 {
		return
	}
	const cell = .9
	ix, iz := math.Round(p.x/cell), math.Round(p.z/cell)
	if chance(ix*3+1, iz*7) < .55 {
		return
	}
	q := p.from((ix+.3*(chance(ix, iz)-.5))*cell, 0, (iz+.3*(chance(iz, ix)-.5))*cell)
	for i := range 4 {
		f := float64(i)
		tip := vec{.22 * (f - 1.5) / 1.5, h * (.6 + .4*chance(ix+f, iz)), .1 * (chance(f, iz) - .5)}
		n.add(rod(q, vec{}, tip, .022, .006)*.6, m)
	}
}
