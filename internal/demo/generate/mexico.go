package main

import "math"

func mexico() []*scene {
	azul := &scene{
		name: "casa-azul-courtyard", solids: courtyard, eye: vec{-1.6, 1.8, -5.2}, look: vec{.3, 1.65, 4}, view: .56, sun: vec{.7, .9, -.6},
		materials: []material{soil(0xd9c79b), flat(0x2f6fae), flat(0xb04a3a), flat(0x3f6b52), leaf(0x6f9a62), flat(0xefe6cf), round(0x7a5a42), leaf(0x84a870), flat(0x2b3f45), stone(0x8f8a7e)},
		sky:       noon(21), haze: .003,
	}
	cuicuilco := &scene{
		name: "cuicuilco-pyramid", solids: pyramid, eye: vec{-5, 3.2, -17}, look: vec{.2, 2.3, 0}, view: .42, sun: vec{-.8, .55, -.35},
		materials: []material{soil(0xb9b27c), stone(0xbfae8c), stone(0xa89a80), flat(0x8fa3a6), leaf(0x6f8a58), leaf(0x7f9a66), round(0x6a5644), stone(0x6b6a66)},
		sky:       evening(27), haze: .006, reach: 90, stride: .65,
	}
	return []*scene{azul, cuicuilco}
}

// courtyard is the blue house about its garden, with the stepped pyramid that
// Rivera had built for his idols.
func courtyard(n *nearest, p vec) {
	const (
		ground = iota
		blue
		red
		green
		plant
		idol
		bark
		crown
		dark
		lava
	)
	n.add(p.y, ground)
	wall := box(p.from(0, 2.1, 6.5), vec{30, 2.1, .4})
	for _, x := range []float64{-5.2, -2.1, 5} {
		wall = cut(wall, box(p.from(x, 1.6, 6.1), vec{.65, 1.3, .25}))
		window(n, p.from(x, 1.6, 6.25), green, dark)
	}
	n.add(wall, blue)
	n.add(box(p.from(0, 4.22, 6.4), vec{30, .1, .62}), red)
	n.add(box(p.from(0, .25, 6.08), vec{30, .25, .05}), red)
	wing := box(p.from(-8, 2.1, 2), vec{2, 2.1, 4.6})
	for _, z := range []float64{1, 4} {
		wing = cut(wing, box(p.from(-6, 1.6, z), vec{.25, 1.3, .6}))
		q := p.from(-6.15, 1.6, z)
		window(n, vec{q.z, q.y, -q.x}, green, dark)
	}
	n.add(wing, blue)
	n.add(box(p.from(-8, 4.22, 2), vec{2.15, .1, 4.8}), red)
	n.add(box(p.from(-8, .25, 2), vec{2.05, .25, 4.65}), red)
	steps(n, p.from(1.5, 0, 3.4), red, idol, lava)
	n.agave(p.from(-1.7, 0, 2.3), 1.2, plant)
	n.agave(p.from(4.4, 0, 1.6), 1.1, plant)
	n.agave(p.from(-3.3, 0, 4.6), 1.1, plant)
	n.pipes(p.from(4.9, 0, 4.4), 1.05, 5, plant)
	n.cactus(p.from(-.9, 0, 5.0), 1.3, plant)
	n.tree(p.from(8.4, 0, 9), 2.5, crown, bark)
	n.tree(p.from(-3.2, .4, 10), 2.4, crown, bark)
	n.cypress(p.from(2.6, .4, 9.2), 2.2, crown, bark)
}

// window is a green one of eight panes, facing the viewer.
func window(n *nearest, p vec, frame, glass int) {
	if d := box(p, vec{.7, 1.4, .2}); d > .3 {
		n.add(d+.05, frame)
		return
	}
	n.add(box(p.from(0, 0, .06), vec{.64, 1.3, .02}), glass)
	n.add(box(p, vec{.04, 1.3, .04}), frame)
	for _, y := range []float64{-1.25, -.4, .25, .85, 1.26} {
		n.add(box(p.from(0, y, 0), vec{.64, .035, .03}), frame)
	}
	for _, x := range []float64{-.61, -.32, .32, .61} {
		n.add(box(p.from(x, 0, 0), vec{.035, 1.3, .03}), frame)
	}
}

// steps is the little pyramid with idols on it.
func steps(n *nearest, p vec, red, idol, lava int) {
	if d := box(p.from(0, 1.3, 0), vec{2.2, 1.5, 2}); d > .5 {
		n.add(d+.05, red)
		return
	}
	for i := range 4 {
		f := float64(i)
		n.add(box(p.from(0, .25+f*.46, f*.12), vec{2 - f*.44, .2, 1.5 - f*.3}), red)
		n.add(box(p.from(0, .46+f*.46, f*.12), vec{2.05 - f*.44, .04, 1.55 - f*.3}), idol)
	}
	stair := math.Max(box(p.from(0, .95, -1), vec{.4, .95, 1}), (p.y-1.9-(p.z+.75)*1.25)*.62)
	n.add(stair, lava)
	for _, at := range [][3]float64{{-1.55, .5, -.85}, {1.55, .5, -.85}, {-.72, 1.42, -.35}, {.72, 1.42, -.35}, {0, 1.88, .35}} {
		q := p.from(at[0], at[1], at[2])
		n.add(melt(ellipsoid(q.from(0, .2, 0), vec{.16, .22, .14}), q.from(0, .5, 0).length()-.13, .06), lava)
	}
}

// pyramid is the round one of Cuicuilco on the edge of the lava.
func pyramid(n *nearest, p vec) {
	const (
		grass = iota
		course
		ramp
		mountain
		plant
		crown
		bark
		lava
	)
	n.add((p.y-.3*rough(p.x*.5+9, p.z*.5))*.75, grass)
	if d := cone(p.from(0, 2.3, 0), 8.2, 4, 2.6); d > .6 {
		n.add(d*.9, course)
	} else {
		bed := .05 * smooth(.75, 1, p.y*2.6-floor(p.y*2.6))
		face := .07 * noise(math.Atan2(p.z, p.x)*24+3, floor(p.y*2.6)*5)
		for i := range 4 {
			f := float64(i)
			n.add(cone(p.from(0, .6+f*1.08, 0), 7.6-f*1.5, 7.0-f*1.5, .56)+bed+face, course)
		}
	}
	q := p.turned(.42)
	n.add(math.Max(box(q.from(0, 1.2, -6.6), vec{.95, 1.6, 3.6}), (p.y-.1-(q.z+9.6)*.48)*.85)+.04*noise(q.x*6, q.z*6), ramp)
	for i := range 8 {
		f := float64(i)
		n.tree(p.from(-15+f*4.4, .1, 12+5*chance(f, 2)), 1.2+chance(f, 4), crown, bark)
	}
	lumpy := ellipsoid(p.from(7.6, -.1, -7), vec{4.4, .9, 2.2}) + .25*lumps(p.times(2.1)) + .1*lumps(p.times(5))
	n.add(lumpy*.6, lava)
	n.cactus(p.from(6.9, .6, -7.6), .9, plant)
	n.agave(p.from(-5.2, .1, -9.4), 1.2, plant)
	n.agave(p.from(-7.4, .1, -8), .9, plant)
	n.agave(p.from(2.6, .1, -10.4), .8, plant)
	// The volcano that ended the town, far off.
	peak := 11*math.Exp(-math.Pow((p.x-22)/13, 2)) + 7*math.Exp(-math.Pow((p.x+24)/15, 2))
	if p.z > 40 {
		n.add(math.Max((p.y-peak-.8*rough(p.x*.3, 1))*.5, math.Abs(p.z-62)-3), mountain)
	} else {
		n.add(58-p.z, mountain)
	}
}
