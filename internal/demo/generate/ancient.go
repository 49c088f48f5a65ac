package main

import "math"

func ancient() []*scene {
	giyorgis := &scene{
		name: "bete-giyorgis", solids: monolith, eye: vec{-13.5, 11.5, -24}, look: vec{-.4, -3.6, 0}, view: .44, sun: vec{-.8, .95, -.25},
		materials: []material{{tint: rgb(0xc9a27c), grain: .7}, {tint: rgb(0xc58d6c), grain: .6}, flat(0x4a3a34), leaf(0x8a9a64), round(0x6a5644), flat(0xf4efe2), soil(0xb7a276)},
		sky:       noon(13), haze: .0025, reach: 160, stride: .75, largest: 960,
	}
	jars := &scene{
		name: "plain-of-jars", solids: jarField, eye: vec{-3.2, 1.9, -8.2}, look: vec{.7, 1.05, 3}, view: .42, sun: vec{.8, .6, -.4},
		materials: []material{soil(0xaeb07a), {tint: rgb(0xa9a291), grain: .9, round: true}, flat(0x9fb0a6), leaf(0x8c9a5c), leaf(0x7f9a66), round(0x6a5644)},
		sky:       evening(58), haze: .004, reach: 200, stride: .75, largest: 960,
	}
	rakotz := &scene{
		name: "rakotzbruecke", solids: ringBridge, eye: vec{-1.6, 1.5, -17}, look: vec{0, .55, 0}, view: .42, sun: vec{-.6, .75, -.6},
		materials: []material{stone(0xa49a88), soil(0xa8a06a), leaf(0xc99a52), leaf(0x9a9a56), round(0x6a5644), stone(0x7d8a84), soil(0x7f8e72), leaf(0x97937a), leaf(0x7f8e74), round(0x5a5f5c), flat(0xa9bdb9)},
		sky:       evening(61), haze: .004, reach: 110, stride: .7, largest: 960,
	}
	window := &scene{
		name: "azure-window", solids: azureWindow, eye: vec{-20, 5.5, -52}, look: vec{3, 9, 0}, view: .40, sun: vec{-.8, .65, -.45},
		materials: []material{stone(0xd6bd8e), flat(0x9fc0c6), flat(0xf2f0e6), stone(0xc4a878)},
		sky:       noon(19), haze: .0012, reach: 700, stride: .7, largest: 960,
	}
	return []*scene{giyorgis, jars, rakotz, window}
}

// plus is a cross of equal arms standing upright, its arms as long as arm from
// the middle, half as wide as half, half as high as high.
func plus(p vec, arm, half, high float64) float64 {
	return math.Min(box(p, vec{arm, high, half}), box(p, vec{half, high, arm}))
}

// monolith is the church cut free of its rock, down in its pit.
func monolith(n *nearest, p vec) {
	const (
		rock = iota
		church
		hollow
		crown
		bark
		robe
		hills
	)
	land := p.y - .25*rough(p.x*.3+5, p.z*.3) - .05*rough(p.x*2, p.z*2)
	edge := .5 * rough(p.y*.3, p.x*.2+p.z*.2)
	pit := box(p.from(0, -5, 0), vec{12 + edge, 7, 12 + edge})
	n.add(cut(land, pit)*.8, rock)
	n.cutChurch(p, church, hollow)
	// Pilgrims in white on the edge.
	for _, at := range [][2]float64{{-3.4, -13.6}, {-2.5, -13.9}, {6.5, -13.4}, {13.6, 3}, {13.9, 4.1}, {-5, 13.8}} {
		q := p.from(at[0], .2, at[1])
		if n.beyond(q, .9, 1.1, robe) {
			continue
		}
		n.pilgrim(q.turned(at[0]), robe, hollow)
	}
	for i := range 9 {
		f := float64(i)
		n.tree(p.from(-30+f*8, .1, 22+9*chance(f, 2)), 1.6+1.2*chance(f, 4), crown, bark)
	}
	ridge := 8*rough(p.x*.03+2, 1) + 3*rough(p.x*.1, 4) - 4
	if p.z > 70 {
		n.add(math.Max((p.y-ridge)*.5, math.Abs(p.z-100)-6), hills)
	} else {
		n.add(92-p.z, hills)
	}
}

// cutChurch has the plan of a cross, with ledges, windows and a door.
func (n *nearest) cutChurch(p vec, church, hollow int) {
	if d := plus(p.from(0, -6, 0), 6.4, 3, 6.4); d > .8 {
		n.add(d+.1, church)
		return
	}
	body := plus(p.from(0, -6, 0), 6, 2.5, 6)
	for _, y := range []float64{-10.6, -7.4, -4.4} {
		body = math.Min(body, plus(p.from(0, y, 0), 6.14, 2.64, .13))
	}
	body = math.Min(body, plus(p.from(0, -11.6, 0), 6.5, 3, .4))
	// Three crosses, one in the other, stand up from the roof.
	for i := range 3 {
		f := float64(i)
		outer := plus(p.from(0, .1, 0), 5.9-f*1.25, 2.4-f*.72, .22)
		body = math.Min(body, cut(outer, plus(p.from(0, .1, 0), 5.6-f*1.25, 2.1-f*.72, 1)))
	}
	for _, q := range []vec{p, {p.z, p.y, p.x}} {
		for _, z := range []float64{-6, -2.5} {
			for _, x := range []float64{-1.1, 1.1} {
				at := x
				if z > -5 {
					at = x * 3.9
				}
				body = cut(body, box(q.from(at, -5.6, z), vec{.42, .85, .3}))
				body = cut(body, box(q.from(at, -8.9, z), vec{.38, .6, .3}))
			}
		}
		body = cut(body, box(q.from(0, -10.2, -6), vec{.75, 1.35, .6}))
	}
	n.add(body, church)
	n.add(plus(p.from(0, -6, 0), 5.8, 2.3, 5.8), hollow)
}

// pilgrim stands wrapped in a cloth, staff in hand.
func (n *nearest) pilgrim(p vec, robe, skin int) {
	d := melt(cone(p.from(0, .55, 0), .27, .2, .55), ellipsoid(p.from(0, 1.2, 0), vec{.29, .24, .19}), .2)
	d = melt(d, rod(p, vec{.26, 1.25, -.02}, vec{.3, .85, -.24}, .1, .08), .1)
	veil := cut(p.from(0, 1.6, .03).length()-.18, box(p.from(0, 1.58, -.2), vec{.1, .13, .14}))
	n.add(melt(d, veil, .12)*.9, robe)
	n.add(p.from(0, 1.59, -.02).length()-.135, skin)
	n.add(rod(p, vec{.38, 0, -.28}, vec{.33, 1.75, -.26}, .022, .022), skin)
}

// jarField is the rise with the stone jars, upright, leaning and fallen.
func jarField(n *nearest, p vec) {
	const (
		grass = iota
		rock
		hills
		blades
		crown
		bark
	)
	n.add((p.y-.5*smooth(2, 26, p.z)-.16*rough(p.x*.5, p.z*.5))*.8, grass)
	if p.z < 6 {
		n.tufts(p.from(0, .1, 0), .1, blades)
	}
	for i, j := range [][5]float64{ // x, z, height, lean, girth
		{-2.1, -1.2, 1.7, .12, .8}, {1.3, .6, 2.3, -.1, 1.02}, {4.2, -1, 1.4, .3, .78}, {-4.6, 3.4, 1.9, -.22, .9},
		{.1, 5.2, 1.6, .2, .8}, {3.9, 5.4, 2, .06, .95}, {6.8, 3.4, 1.7, -.32, .85}, {-2.5, 8.2, 1.8, .1, .85}, {2.2, 10, 1.5, -.1, .8},
		{-6.8, 9.4, 2.1, .18, .95}, {6.2, 10.5, 1.9, -.14, .9}, {-.4, 14, 1.8, .2, .9}, {-4.6, 15, 1.6, -.2, .8}, {9.6, 8, 1.6, .2, .8}, {4, 16, 1.9, .1, .9},
	} {
		n.jar(p.from(j[0], .5*smooth(2, 26, j[1])+.05, j[1]).turned(float64(i)*1.3), j[2], j[3], j[4], rock)
	}
	// One lies on its side, its mouth to the viewer.
	lying := p.from(-.7, .62, -2.6)
	if !n.beyond(lying, 0, 1.5, rock) {
		s, c := math.Sincos(1.45)
		q := vec{lying.x, c*lying.y - s*lying.z, s*lying.y + c*lying.z}.turned(.4)
		n.jar(q.from(0, -.85, 0), 1.6, 0, .74, rock)
	}
	for i := range 12 {
		f := float64(i)
		n.tree(p.from(-26+f*4.8, .6, 27+8*chance(f, 2)), 1.2+1.1*chance(f, 4), crown, bark)
	}
	ridge := 7*math.Exp(-math.Pow((p.x-30)/26, 2)) + 8*math.Exp(-math.Pow((p.x+40)/30, 2)) + 3*rough(p.x*.06, 1)
	if p.z > 70 {
		n.add(math.Max((p.y-ridge)*.5, math.Abs(p.z-96)-5), hills)
	} else {
		n.add(90-p.z, hills)
	}
}

// jar is hollowed out of a boulder, h metres high and girth thick.
func (n *nearest) jar(p vec, h, lean, girth float64, m int) {
	if n.beyond(p, h/2, h*.85, m) {
		return
	}
	q := p.leaned(lean)
	r := girth * (1 - .16*math.Pow((q.y-h*.42)/(h*.6), 2))
	d := math.Max(math.Hypot(q.x, q.z)-r, math.Abs(q.y-h/2)-h/2)
	rim := math.Max(math.Hypot(q.x, q.z)-girth*.93, math.Abs(q.y-h)-.07)
	d = melt(d, rim, .12)
	d = cut(d, math.Max(math.Hypot(q.x, q.z)-girth*.66, h*.35-q.y))
	n.add((d-.04+.028*lumps(q.times(2.9).plus(vec{h * 9, girth * 30, lean * 50})))*.65, m)
}

// ringBridge stands over still water; what is below the surface is its mirror
// image, in the tints of reflections.
func ringBridge(n *nearest, p vec) {
	const (
		arch = iota
		bank
		gold
		green
		bark
		mirrored // from here on, the same again as the water shows it
	)
	shift := 0
	q := p
	if p.y < 0 {
		shift = mirrored
		q.y = -p.y
		q.x += .05 * sine(p.y*9+p.z*.7)
	}
	before := n.d
	ring(n, q)
	// Basalt in bundles at both ends.
	for _, b := range [][3]float64{{-9.6, -2.4, 1}, {9.3, -3.2, 1.25}, {-12.2, 1, 1.5}, {12.4, .5, 1.6}} {
		n.basalt(q.from(b[0], 0, b[1]), b[2], arch)
	}
	side := 8.3 + .9*rough(q.z*.4, 2) - .35*q.y - .12*q.z
	land := math.Max(side-math.Abs(q.x), q.y-1.2-.5*rough(q.x*.4, q.z*.4)-.12*(q.z+4)) * .6
	back := math.Max(12-q.z, q.y-1.5-.8*rough(q.x*.3, q.z*.3)) * .6
	n.add(math.Min(land, back), bank)
	for i := range 11 {
		f := float64(i)
		n.tree(q.from(-20+f*4, 1.4, 15+4*chance(f, 2)), 2.3+1.1*chance(f, 4), gold+i%2, bark)
	}
	n.tree(q.from(-13.4, 1.2, 3), 2.6, gold, bark)
	n.tree(q.from(13.8, 1.2, 4), 2.9, green, bark)
	if n.d < before {
		n.m += shift
	}
	n.add(p.y+14, 2*mirrored)
}

// ring is the arch, thin at its crown, with a steep path over it.
func ring(n *nearest, p vec) {
	if d := box(p.from(0, 3, 0), vec{9, 4, 1.6}); d > .6 {
		n.add(d+.1, 0)
		return
	}
	r := math.Hypot(p.x, p.y)
	back := 5.35 + .04*p.x*p.x - .0008*p.x*p.x*p.x*p.x
	top := p.y - (back - .085*p.x*p.x)
	body := math.Max(4.85-r, math.Max(top*.8, math.Abs(p.z)-.95-.02*math.Abs(p.x)))
	body = math.Max(body, math.Abs(p.x)-8.6)
	stones := .06 * noise(math.Atan2(p.y, p.x)*14, floor(r*2)*3+1)
	n.add((body+stones+.06*lumps(p.times(2.4)))*.7, 0)
}

// basalt is a bundle of columns that lean apart, about 3·s high.
func (n *nearest) basalt(p vec, s float64, m int) {
	if n.beyond(p, 1.5*s, 2.2*s, m) {
		return
	}
	for i := range 9 {
		f := float64(i)
		at := vec{.55 * s * (math.Mod(f, 3) - 1), 0, .5 * s * (floor(f/3) - 1)}
		h := s * (1.1 + 1.5*chance(f, s*40))
		q := p.minus(at).leaned(.14 * (math.Mod(f, 3) - 1)).turned(f)
		n.add((box(q.from(0, h/2, 0), vec{.2 * s, h / 2, .2 * s})-.05)*.85, m)
	}
}

// azureWindow is the arch of Gozo as it stood until it fell.
func azureWindow(n *nearest, p vec) {
	const (
		rock = iota
		sea
		foam
		shelf
	)
	swell := p.y + .5*sine(p.x*.16+p.z*.3)*.4 + .16*sine(p.z*.9+sine(p.x*.4)) + .1*sine(p.x*.8+p.z*.5)
	n.add(swell*.8, sea)
	if d := box(p.from(14, 10, 4), vec{44, 16, 22}); d > 2 {
		n.add(d+.4, rock)
	} else {
		rugged := 1.1*lumps(p.times(.22)) + .45*lumps(p.times(.7)) + .14*lumps(p.times(2.1))
		beds := .28 * smooth(.55, 1, p.y*.42-floor(p.y*.42))
		cliff := box(p.from(32, 8, 8), vec{20, 15.5, 14}) - 1
		lintel := box(p.from(2, 20.6, 4), vec{16, 3.2, 5.5}) - .8
		pillar := box(p.from(-10.5, 9, 4).leaned(-.03), vec{4.4, 13, 5}) - .8
		d := melt(melt(cliff, lintel, 5), pillar, 4)
		n.add((d+rugged+beds)*.55, rock)
	}
	for _, b := range [][4]float64{{-19, 1, 2, 3.2}, {-22, .4, -2, 2.1}, {5, .3, -4, 1.8}, {10, .5, -8, 2.6}} {
		q := p.from(b[0], b[1]-1, b[2])
		n.add((ellipsoid(q, vec{b[3] * 1.3, b[3] * .8, b[3]})+.3*lumps(q.times(1.2)))*.6, shelf)
	}
	at := math.Min(math.Abs(box(p.from(-10.5, 0, 4), vec{5.6, 9, 6.4})), math.Abs(box(p.from(32, 0, 8), vec{21, 9, 15})))
	n.add(math.Max(swell-.12, at-.5-.6*noise(p.x*.8, p.z*.8))*.6, foam)
	// The near shore, from which one looks.
	n.add((ellipsoid(p.from(-30, -1.2, -38), vec{16, 3.2, 9})+.5*lumps(p.times(.8))+.15*lumps(p.times(2.6)))*.6, shelf)
}
