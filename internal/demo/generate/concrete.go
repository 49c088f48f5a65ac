package main

import "math"

func concrete() []*scene {
	buzludzha := &scene{
		name: "buzludzha", solids: saucer, eye: vec{-26, 2.2, -74}, look: vec{6, 15, 0}, view: .35, sun: vec{-.8, .6, -.4},
		materials: []material{soil(0xb3ae79), flat(0xcfc7b4), flat(0x4a5a5c), flat(0xb3332b), flat(0x8fa3a6), flat(0xb5ab97)},
		sky:       grey(17), haze: .0016, reach: 420, stride: .75, largest: 960,
	}
	capsules := &scene{
		name: "nakagin-capsule-tower", solids: capsuleTower, eye: vec{-18, 2.4, -40}, look: vec{1.2, 15.6, 0}, view: .5, sun: vec{-.85, .6, -.35},
		materials: []material{flat(0xb9b4a6), flat(0xddd6c4), flat(0x3f5256), flat(0xa9a192), leaf(0x84a074), round(0x6a5644), flat(0x8d9896)},
		sky:       noon(54), haze: .002, reach: 120, largest: 960,
	}
	mirrors := &scene{
		name: "denge-sound-mirrors", solids: soundMirrors, eye: vec{-9, 2.6, -27}, look: vec{.5, 3.4, 0}, view: .38, sun: vec{-.75, .55, -.6},
		materials: []material{{tint: rgb(0xcdbd98), grain: .8}, stone(0xbdb6a6), flat(0xa9c3c6), leaf(0x8c9a5c), flat(0x5a5f5c), stone(0xaaa292)},
		sky:       grey(36), haze: .003, reach: 260, stride: .75, largest: 960,
	}
	vault := &scene{
		name: "svalbard-global-seed-vault", solids: seedVault, eye: vec{-8.5, 1.9, -15}, look: vec{1.4, 4.1, 0}, view: .46, sun: vec{-.9, .35, -.35},
		materials: []material{{tint: rgb(0xf0f2ee), grain: .35}, flat(0xa9aca8), flat(0x63c2ae), flat(0x3a4c4b), flat(0xc9d3d3), flat(0x7d8582)},
		sky:       sky{top: rgb(0x8fb0bd), low: rgb(0xf2d9bf), clouds: .5, wind: 29}, haze: .003, reach: 240, stride: .75, largest: 960,
	}
	return []*scene{buzludzha, capsules, mirrors, vault}
}

// saucer is the party's house on its mountain, with the tower and its star.
func saucer(n *nearest, p vec) {
	const (
		turf = iota
		shell
		glass
		star
		mountain
		base
	)
	top := 5*math.Exp(-(p.x*p.x+p.z*p.z)/2600) - 5
	n.add((p.y-top-.35*rough(p.x*.12, p.z*.12)-.1*rough(p.x, p.z))*.8, turf)
	n.dish(p.from(0, 6.4, 0), shell, glass, base)
	// The tower, two slabs with a slit between them.
	t := p.from(24, 0, 9)
	if d := box(t.from(0, 20, 0), vec{4.4, 22, 3}); d > 1 {
		n.add(d+.2, shell)
	} else {
		slab := box(t.from(0, 19, 0), vec{3.6, 21, 1.9})
		slab = cut(slab, box(t.from(0, 19, -1.9), vec{.5, 18.5, .6}))
		for _, y := range []float64{8, 14, 20, 26} {
			slab = cut(slab, box(t.from(0, y, -1.9), vec{3.7, .1, .12}))
		}
		n.add(slab, shell)
		n.add(math.Max(fivePoints(t.x, t.y-32.5, 3.1), math.Abs(t.z+1.9)-.35)*.8, star)
		side := vec{t.z, t.y, t.x}
		n.add(math.Max(fivePoints(side.x, side.y-32.5, 1.7), math.Abs(side.z+3.6)-.3)*.8, star)
	}
	ridge := 16*math.Exp(-math.Pow((p.x+90)/70, 2)) + 12*math.Exp(-math.Pow((p.x-120)/60, 2)) + 5*rough(p.x*.03, 3) - 6
	if p.z > 150 {
		n.add(math.Max((p.y-ridge)*.5, math.Abs(p.z-210)-12), mountain)
	} else {
		n.add(190-p.z, mountain)
	}
}

// dish is two shallow bowls rim to rim, with windows between them, on a foot.
func (n *nearest) dish(p vec, shell, glass, base int) {
	if d := cone(p, 22, 22, 7.5); d > 1 {
		n.add(d+.2, shell)
		return
	}
	angle := math.Atan2(p.z, p.x)
	rib := math.Abs(angle*24/math.Pi-math.Round(angle*24/math.Pi)) * math.Pi / 24 * math.Hypot(p.x, p.z)
	under := cone(p.from(0, -2.2, 0), 9.5, 20.5, 2.2)
	if rib < .22 {
		under += .22
	}
	n.add(under*.7, shell)
	n.add(cone(p.from(0, .75, 0), 20, 20, .8), glass)
	if rib < 1.6 && math.Mod(math.Abs(angle*24/math.Pi)+.5, 2) < 1 {
		n.add((cone(p.from(0, .75, 0), 20.3, 20.3, .8)+.02)*.7, shell)
	}
	n.add(cone(p.from(0, 1.7, 0), 21.2, 21.2, .28), shell)
	n.add(cone(p.from(0, 3.2, 0), 20.6, 7, 1.3), shell)
	n.add(cone(p.from(0, 4.7, 0), 7, 5.4, .35), base)
	n.add(cone(p.from(0, -5.4, 0), 9.6, 9.2, 2.2), base)
}

// fivePoints is a star with its points at radius r, flat and upright.
func fivePoints(x, y, r float64) float64 {
	a := math.Atan2(x, y)
	const step = 2 * math.Pi / 5
	a = math.Abs(a - step*math.Round(a/step))
	l := math.Hypot(x, y)
	px, py := l*math.Sin(a), l*math.Cos(a)
	// The edge runs from the tip (0, r) to the notch, at 36 degrees.
	nx, ny := .382*r*math.Sin(step/2), .382*r*math.Cos(step/2)
	ex, ey := nx, ny-r
	return (px*(-ey) + (py-r)*ex) / math.Hypot(ex, ey)
}

// capsuleTower is two shafts hung with boxes, each with one round window.
func capsuleTower(n *nearest, p vec) {
	const (
		street = iota
		box1
		pane
		shaft
		crown
		bark
		rail
	)
	n.add(p.y, street)
	n.shaft(p.from(-4.2, 5.2, -1).turned(.42), 9, box1, pane, shaft)
	n.shaft(p.from(6.2, 5.2, 3).turned(.42), 11, box1, pane, shaft)
	// The two floors of offices below, on columns.
	hall := p.from(1, 2.6, 1.5).turned(.42)
	if d := box(hall, vec{11.5, 2.7, 7.2}); d > .6 {
		n.add(d+.1, shaft)
	} else {
		n.add(box(hall.from(0, 2.3, 0), vec{11.2, .35, 6.9}), box1)
		n.add(box(hall.from(0, 0, .4), vec{10.4, 2.2, 6}), pane)
		n.add(box(hall.from(0, -.1, 0), vec{11.0, .22, 6.6}), box1)
		for i := range 8 {
			n.add(box(hall.from(-10.4+float64(i)*2.97, 0, -6.3), vec{.18, 2.4, .2}), shaft)
		}
	}
	for i := range 5 {
		f := float64(i)
		n.tree(p.from(-17+f*8.6, 0, -8-2*chance(f, 3)), 1.1+.4*chance(f, 8), crown, bark)
	}
	for i := range 2 {
		n.add(box(p.from(0, .55+.45*float64(i), -13), vec{40, .04, .04}), rail)
	}
	post := vec{p.x - 2*math.Round(p.x/2), p.y, p.z + 13}
	n.add(box(post.from(0, .5, 0), vec{.05, .5, .05}), rail)
}

// shaft is one tower of so many floors; boxes hang on the two sides that are
// seen, some a step further out.
func (n *nearest) shaft(p vec, floors, capsule, pane, core int) {
	const high, wide = 2.75, 2.8
	top := float64(floors) * high
	if d := box(p.from(0, top/2+1.5, 0), vec{6.6, top/2 + 3.4, 6.6}); d > .8 {
		n.add(d+.2, capsule)
		return
	}
	slant := (p.y - top - 2.6 + .5*p.x) * .85
	n.add(math.Max(box(p.from(0, top/2, 0), vec{2.2, top/2 + 6, 2.2}), slant), core)
	level := floor(p.y / high)
	for dl := -1.0; dl <= 1; dl++ {
		l := level + dl
		if l < 0 || l >= float64(floors) {
			continue
		}
		for side, q := range []vec{p, {-p.z, p.y, p.x}} {
			k := clamp(math.Round(q.x/wide), -1, 1)
			for _, c := range []float64{k - 1, k, k + 1} {
				if math.Abs(c) > 1 || (l > float64(floors)-3 && chance(c+float64(side)*7, l) < .3) {
					continue
				}
				out := .5 * math.Floor(3*chance(c+float64(side)*11+20, l+float64(floors)*3))
				n.capsule(q.from(c*wide, (l+.5)*high, -4.1-out), capsule, pane)
			}
		}
	}
}

// capsule is a room of two and a half metres with a porthole.
func (n *nearest) capsule(p vec, shell, pane int) {
	d := box(p, vec{1.22, 1.2, 1.9}) - .03
	if d > .5 {
		n.add(d, shell)
		return
	}
	port := vec{p.x, p.z, p.y}
	hole := cone(port.from(0, -1.95, 0), .66, .66, .22)
	n.add(cut(d, hole), shell)
	n.add(cone(port.from(0, -1.76, 0), .7, .7, .05), pane)
	ring := math.Max(math.Abs(math.Hypot(p.x, p.y)-.72)-.06, math.Abs(p.z+1.95)-.05)
	n.add(ring, shell)
}

// soundMirrors listen to the sea: a bowl, a slab with a hollow, a long wall.
func soundMirrors(n *nearest, p vec) {
	const (
		shingle = iota
		grey
		water
		blades
		mast
		worn
	)
	ground := .35*rough(p.x*.2, p.z*.25) + .06*rough(p.x*3, p.z*3) - .1
	n.add((p.y-ground+.9*smooth(-13, -19, p.z)*smooth(-.2, .3, noise(p.x*.06+2, 4)))*.75, shingle)
	n.add((p.y + .3 + .02*sine(p.z*4+sine(p.x*.7))), water)
	if p.z > -12 {
		n.tufts(p.from(0, .12, 0), .16, blades)
	}
	// The wall of two hundred feet, hollow towards the viewer.
	w := p.from(16, 0, -22)
	wall := math.Max(math.Abs(math.Hypot(w.x, w.z)-36)-.45, p.y-6.6)
	wall = math.Max(wall, math.Abs(w.x+3)-25)
	wall = math.Max(wall, -w.z)
	n.add((wall+.05*rough(w.x*.6, p.y*1.5))*.85, grey)
	// Buttresses are behind it; the slab and the bowl are before it.
	slab := p.from(-8.2, 0, -2).turned(.28)
	if d := box(slab.from(0, 3, 0), vec{3.7, 3.6, 2.5}); d > .5 {
		n.add(d+.1, grey)
	} else {
		body := box(slab.from(0, 3.1, .2), vec{3.2, 3.3, 1})
		n.add(cut(body, slab.from(0, 3.3, -5.3).length()-5.45)+.04*rough(slab.x*2, slab.y*2), grey)
		n.add(box(slab.from(0, 3.2, 1.6), vec{.3, 3, 1}), worn)
	}
	bowl := p.from(5.2, 0, -4.6).turned(-.12)
	if d := box(bowl.from(0, 4, 0), vec{5.4, 4.6, 4}); d > .5 {
		n.add(d+.1, grey)
		return
	}
	q := bowl.from(0, 4.3, 0)
	// Tilted back, to hear what is above the horizon.
	s, c := math.Sincos(.3)
	q = vec{q.x, c*q.y + s*q.z, c*q.z - s*q.y}
	disc := math.Max(math.Hypot(q.x, q.y)-4.4, math.Abs(q.z-.3)-1.3)
	n.add((cut(disc, q.from(0, 0, -7.2).length()-7.5)+.04*rough(q.x*1.4, q.y*1.4))*.9, grey)
	for _, x := range []float64{-3.4, 3.4} {
		n.add(box(bowl.from(x, 1.7, .9), vec{.35, 1.9, 1.7}), worn)
	}
	n.add(box(bowl.from(0, .35, .4), vec{4.4, .4, 2.4}), worn)
	n.add(rod(bowl, vec{0, 0, -4.2}, vec{0, 3.8, -4.0}, .09, .07), mast)
}

// seedVault is a wedge of concrete that comes out of the snow of a mountain.
func seedVault(n *nearest, p vec) {
	const (
		snow = iota
		wall
		light
		dark
		mountain
		rail
	)
	slope := 6.5*smooth(-1, 17, p.z+.2*p.x) + 9*smooth(14, 60, p.z) + .5*rough(p.x*.16, p.z*.16) + .06*rough(p.x*1.4, p.z*1.4)
	n.add((p.y-slope)*.7, snow)
	v := p.turned(-.12)
	if d := box(v.from(0, 3.6, 6), vec{2.6, 5.2, 11}); d > .6 {
		n.add(d+.1, wall)
	} else {
		body := math.Max(box(v.from(0, 3.2, 6), vec{1.65, 4.6, 9.6}), (v.y-7.1-.06*(v.z+3.6))*.98)
		body = cut(body, box(v.from(0, 6.1, -3.6), vec{1.3, .85, .5}))
		body = cut(body, box(v.from(0, 1.75, -3.6), vec{1.05, 1.45, .6}))
		n.add(body, wall)
		pane := math.Mod(math.Abs(floor(v.x/.24)+floor(v.y/.22)*3), 5)
		shift := .05 * pane / 5
		n.add(box(v.from(0, 6.1, -3.25+shift), vec{1.3, .85, .12})*.9, light)
		n.add(math.Max(box(v.from(0, 7.14+.06*(v.z+3.6), 0), vec{1.2, .06, 3.2}), 0)*.9+.001, light)
		n.add(box(v.from(0, 1.7, -3.1), vec{1.05, 1.4, .1}), dark)
		n.add(box(v.from(0, 1.7, -3.24), vec{.03, 1.4, .03}), rail)
	}
	n.bridge(v.from(0, .22, -8), rail)
	ridge := 26*math.Exp(-math.Pow((p.x+60)/34, 2)) + 32*math.Exp(-math.Pow((p.x-48)/40, 2)) + 6*rough(p.x*.06, 5)
	if p.z > 90 {
		n.add(math.Max((p.y-ridge+2.2*rough(p.x*.16, p.y*.2))*.4, math.Abs(p.z-125)-10), mountain)
	} else {
		n.add(113-p.z, mountain)
	}
}

// bridge leads to the vault's door, with a railing at both sides.
func (n *nearest) bridge(deck vec, rail int) {
	n.add(box(deck, vec{1.3, .1, 4.6}), rail)
	for _, x := range []float64{-1.3, 1.3} {
		n.add(box(deck.from(x, 1.05, 0), vec{.04, .04, 4.6}), rail)
		n.add(box(deck.from(x, .6, 0), vec{.025, .025, 4.6}), rail)
		q := deck.from(x, .5, 0)
		q.z -= 1.1 * clamp(math.Round(q.z/1.1), -4, 4)
		n.add(box(q, vec{.04, .55, .04}), rail)
	}
}
