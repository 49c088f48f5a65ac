package main

import "math"

func stones() []*scene {
	moeraki := &scene{
		name: "moeraki-boulders", solids: boulders, eye: vec{-1.0, 1.7, -5.2}, look: vec{.75, .85, 3}, view: .45, sun: vec{.85, .55, -.25},
		materials: []material{soil(0xdccfae), {tint: rgb(0xa9aca4), round: true, grain: .5}, flat(0xb7cdcb), stone(0xb5a582), flat(0xf4f1e6), leaf(0x8c9a6a)},
		sky:       grey(8), haze: .008, reach: 90, stride: .75,
	}
	hand := &scene{
		name: "mano-del-desierto", solids: handOfTheDesert, eye: vec{-7, 1.8, -19}, look: vec{.3, 4.3, 0}, view: .40, sun: vec{-.4, .6, -.75},
		materials: []material{soil(0xdfc79c), {tint: rgb(0xd9b48c), round: true, grain: .3}, flat(0xb59c86), {tint: rgb(0xc9a878), round: true, grain: .4}},
		sky:       sky{top: rgb(0x9fc6cf), low: rgb(0xf6e8cc), clouds: .6, wind: 41}, haze: .004, reach: 220, stride: .75,
	}
	ales := &scene{
		name: "ales-stenar", solids: shipOfStones, eye: vec{-6.5, 4.2, -19}, look: vec{.4, .9, 4}, view: .36, sun: vec{.75, .5, -.4},
		materials: []material{soil(0xa5b07c), stone(0xaaa79c), flat(0xa9c3c6), leaf(0x8c9a5c)},
		sky:       evening(33), haze: .0015, reach: 900, stride: .8,
	}
	return []*scene{moeraki, hand, ales}
}

// boulders are the spheres of Moeraki on their beach, one broken open.
func boulders(n *nearest, p vec) {
	const (
		sand = iota
		rock
		sea
		bank
		foam
		scrub
	)
	beach := p.y + .05*sine(p.z*.9+sine(p.x*.5)) + .06*(p.x-2)*smooth(1, 8, p.x)
	n.add(beach*.9, sand)
	swell := p.y + .38 - .07*sine(p.x*1.3+p.z*.4) - .04*sine(p.z*2.1)
	n.add(math.Max(swell, 4.5-p.x+.8*sine(p.z*.35))*.7, sea)
	n.add(math.Max(p.y+.3-.06*sine(p.z*3+p.x), math.Abs(4.4-p.x+.8*sine(p.z*.35))-.22-.15*noise(p.z, 3))*.6, foam)
	cliff := -p.x - 5.6 - .22*p.z + 1.1*rough(p.z*.5, p.y*.4)
	n.add(math.Max(-cliff*.6, p.y-2.6-.9*rough(p.x*.3, p.z*.3))*.6, bank)
	n.add(math.Max(-cliff*.6+.3, p.y-2.9-.9*rough(p.x*.3, p.z*.3)-.25*rough(p.x*4, p.z*4))*.5, scrub)
	for _, b := range [][4]float64{
		{-.9, .45, 1.2, .98}, {1.35, .3, 2.4, .82}, {-2.9, .35, 4.6, .9}, {3.1, .2, 5.4, .85}, {.4, .35, 7.6, .95}, {2.5, .3, 9.6, .8},
		{-2.2, .4, 11, 1}, {5.2, 0, 9.5, .8}, {1.2, .3, 14, .9}, {-3.6, .35, 15, 1}, {4.4, .1, 16, .95}, {.2, .3, 20, .9}, {3, .2, 24, 1},
	} {
		n.boulder(p.from(b[0], b[1], b[2]), b[3], rock)
	}
	// One has burst into its crystal-lined pieces.
	broken := p.from(3.0, -.05, -.2)
	shell := cut(broken.length()-.75, broken.from(-.12, .25, -.12).length()-.6)
	n.add(math.Max(shell, broken.y-.28+.2*noise(broken.x*5, broken.z*5)), rock)
}

// boulder is a ball of radius r, veined like the shell of a tortoise.
func (n *nearest) boulder(p vec, r float64, m int) {
	d := p.length() - r
	if d < .25 {
		q := p.times(3.4 / r)
		seam := math.Min(math.Abs(lumps(q.plus(vec{1, 2, r * 9}))), math.Abs(lumps(q.times(.8).plus(vec{r * 7, 1, 2}))))
		d += r * (.045*(1-smooth(0, .05, seam)) + .02*lumps(q.times(2)))
		d *= .7
	}
	n.add(d, m)
}

// handOfTheDesert comes out of the gravel to the wrist.
func handOfTheDesert(n *nearest, p vec) {
	const (
		gravel = iota
		skin
		hills
		pebble
	)
	mound := 1.1 * math.Exp(-(p.x*p.x+p.z*p.z)/26)
	n.add((p.y-mound-.12*rough(p.x*.7, p.z*.7))*.85, gravel)
	ix, iz := math.Round(p.x/1.6), math.Round(p.z/1.6)
	if c := chance(ix, iz); c > .45 {
		at := vec{(ix + .5*(chance(iz, ix)-.5)) * 1.6, .04, (iz + .5*(chance(ix+9, iz)-.5)) * 1.6}
		at.y += 1.1 * math.Exp(-(at.x*at.x+at.z*at.z)/26)
		n.add((ellipsoid(p.minus(at), vec{.2 * c, .13 * c, .16 * c}))*.7, pebble)
	}
	if d := box(p.from(0, 5, 0), vec{4, 5.8, 2}); d > .6 {
		n.add(d+.1, skin)
	} else {
		n.add(hand(vec{-p.x, p.y, p.z}.turned(.25))*.8, skin)
	}
	ridge := 3.2*rough(p.x*.045+40, 2) + 1.3*rough(p.x*.2, 7) - .4
	if p.z > 60 {
		n.add(math.Max((p.y-ridge*1.5)*.5, math.Abs(p.z-85)-4), hills)
	} else {
		n.add(80-p.z, hills)
	}
}

// hand is a left hand, palm to the viewer: the thumb to the right before it is
// mirrored, fingers
// leaning a little apart and forward.
func hand(p vec) float64 {
	d := ellipsoid(p.from(0, 3.4, 0), vec{1.75, 2.6, .78})
	d = melt(d, rod(p, vec{0, -1, .1}, vec{0, 2, .1}, 1.2, 1.3), .8)
	fingers := [][7]float64{ // knuckle x y, joint x y, tip x y, girth
		{-1.32, 5.0, -2.0, 6.7, -2.35, 8.0, .44}, {-.48, 5.5, -.72, 7.7, -.85, 9.3, .5},
		{.4, 5.55, .5, 7.9, .55, 9.7, .52}, {1.2, 5.2, 1.62, 7.3, 1.8, 8.8, .49},
	}
	for _, f := range fingers {
		joint, tip := vec{f[2], f[3], -.12}, vec{f[4], f[5], -.42}
		finger := melt(rod(p, vec{f[0], f[1] - 1, 0}, joint, f[6]*1.08, f[6]*.95), rod(p, joint, tip, f[6]*.98, f[6]*.74), .12)
		d = melt(d, finger, .3)
	}
	thumb := melt(rod(p, vec{.9, 2.6, -.2}, vec{2.35, 4.3, -.45}, .72, .55), rod(p, vec{2.35, 4.3, -.45}, vec{2.95, 6.0, -.6}, .55, .4), .2)
	d = melt(d, thumb, .5)
	// Creases of the palm.
	d += .07 * math.Exp(-math.Pow((p.y-4.3-.25*p.x*p.x*.3-.2*p.x)/.07, 2)) * smooth(-.2, -.5, p.z)
	return d + .06*math.Exp(-math.Pow((p.y-3.5+.5*p.x)/.07, 2))*smooth(-.2, -.5, p.z)
}

// shipOfStones rides on the cliff above the Baltic.
func shipOfStones(n *nearest, p vec) {
	const (
		turf = iota
		rock
		sea
		blades
	)
	edge := 31 + 2*sine(p.x*.12)
	n.add(math.Max((p.y-.25*rough(p.x*.3, p.z*.3))*.85, (p.z-edge)*.7), turf)
	n.add((p.y + 12 + .1*sine(p.z*.8+sine(p.x*.3)) + .05*sine(p.z*2.3)), sea)
	if p.z < 4 {
		n.tufts(p.from(0, .08, 0), .12, blades)
	}
	const half, beam = 17.0, 4.6
	for i := range 15 {
		t := (float64(i) - 7) / 7.6
		for _, side := range []float64{-1, 1} {
			at := vec{side * beam * (1 - t*t), 0, 8 + half*t}
			n.menhir(p.minus(at), float64(i)+side*40, 1.25+.3*t*t, rock)
		}
	}
	n.menhir(p.from(0, 0, 8-half-.6), 3, 2.6, rock)
	n.menhir(p.from(0, 0, 8+half+.6), 4, 2.9, rock)
}

// menhir is an upright boulder, h metres high; seed gives it its own shape.
func (n *nearest) menhir(p vec, seed, h float64, m int) {
	if n.beyond(p, h/2, h*.75, m) {
		return
	}
	q := p.turned(seed * 1.7).leaned(.16 * (chance(seed, 1) - .5))
	slab := box(q.from(0, h*.42, 0), vec{h * mix(.19, .27, chance(seed, 2)) * (1 - .3*q.y/h), h * .5, h * .13}) - .13*h
	n.add((slab+.07*h*lumps(q.times(3.6/h).plus(vec{seed, 0, 0})))*.7, m)
}
