package main

import "math"

func spires() []*scene {
	crosses := &scene{
		name: "hill-of-crosses", solids: hillOfCrosses, eye: vec{-1.5, 1.7, -12}, look: vec{.2, 2.6, 0}, view: .36, sun: vec{-.7, .6, -.5},
		materials: []material{soil(0xaab07e), flat(0x9a7048), flat(0x75553c), flat(0xd9d0bb), flat(0x6c7874)},
		sky:       grey(72), haze: .008, stride: .7, largest: 960,
	}
	towers := &scene{
		name: "watts-towers", solids: wattsTowers, eye: vec{-6, 1.7, -21}, look: vec{.6, 8.4, 0}, view: .46, sun: vec{-.8, .6, -.5},
		materials: []material{soil(0xd3c7ab), flat(0xcf9a7c), {tint: rgb(0x8f8577), round: true, grain: .2}, flat(0x6fa3a3), flat(0xe2c25f), flat(0xb7573f), leaf(0x84a074), round(0x7a5a42)},
		sky:       noon(87), haze: .003, stride: .8, largest: 960,
	}
	return []*scene{crosses, towers}
}

// hillOfCrosses is a mound that is hardly seen for crosses.
func hillOfCrosses(n *nearest, p vec) {
	const meadow = 0
	hill := func(x, z float64) float64 { return 3.4 * math.Exp(-(x*x/90 + (z-5)*(z-5)/40)) }
	n.add((p.y-hill(p.x, p.z)-.1*rough(p.x, p.z))*.7, meadow)
	for i, cell := range []float64{.62, 1.15, 2.6} {
		f := float64(i)
		ix, iz := math.Round(p.x/cell), math.Round(p.z/cell)
		for k := range 9 {
			x, iz := ix+float64(k%3)-1, iz+float64(k/3)-1
			at := vec{(x + .5*(chance(x+f*99, iz)-.5)) * cell, 0, (iz + .5*(chance(iz, x+f*77)-.5)) * cell}
			if hill(at.x, at.z) < .55 || chance(x*5+f, iz*9) < .2 || (math.Abs(at.x) < .75 && at.z < 5) {
				continue
			}
			h := []float64{.6, 1.35, 3.1}[i] * (.7 + .6*chance(x, iz+f*31))
			q := p.from(at.x, hill(at.x, at.z)-.05, at.z).turned(.8 * (chance(x+3, iz) - .5)).leaned(.22 * (chance(iz+f, x) - .5))
			n.cross(q, h, 1+int(chance(x+11, iz+f)*3.99))
		}
	}
	// Steps lead up between them.
	for i := range 8 {
		f := float64(i)
		z := -2.4 + f*.75
		n.add(box(p.from(0, hill(0, z)-.02, z), vec{.62, .09, .36}), 3)
	}
}

// cross is h metres high; the larger ones have a roof.
func (n *nearest) cross(p vec, h float64, m int) {
	if n.beyond(p, h*.5, h*.62, m) {
		return
	}
	t := .035*h + .012
	d := math.Min(box(p.from(0, h*.5, 0), vec{t, h * .5, t * .7}), box(p.from(0, h*.7, 0), vec{h * .24, t, t * .7}))
	if h > 1.6 {
		roof := math.Abs(p.x)*.6 + p.y - h*1.06
		d = math.Min(d, math.Max(math.Abs(roof)-t*.6, math.Max(math.Abs(p.x)-h*.2, math.Abs(p.z)-t*2.4))*.8)
		ring := math.Max(math.Abs(math.Hypot(p.x, p.y-h*.7)-h*.13)-t*.35, math.Abs(p.z)-t*.4)
		d = math.Min(d, ring)
	}
	n.add(d*.9, m)
}

// wattsTowers are spires of hoops and spokes within their wall of mosaic.
func wattsTowers(n *nearest, p vec) {
	const (
		street = iota
		wall
		mortar
		glass
		yellow
		clay
		crown
		bark
	)
	n.add(p.y, street)
	// The wall is set with broken plates and bottles, and ends in scallops.
	top := 1.9 + .45*math.Abs(sine(p.x*1.3))
	d := math.Max(math.Abs(p.z+4)-.22, p.y-top)
	shard := 0
	ix, iy := floor(p.x*3.4), floor(p.y*3.4)
	if c := chance(ix, iy+50); c > .5 && p.y < top-.2 {
		fx, fy := p.x*3.4-ix-.5, p.y*3.4-iy-.5
		if math.Hypot(fx, fy) < .2+.2*chance(iy, ix) {
			shard = glass + int(c*97)%3
			d -= .02
		}
	}
	if shard == 0 {
		shard = wall
	}
	n.add(d*.8, shard)
	n.spire(p.from(-3.6, 0, 2), 1.9, 17, mortar)
	n.spire(p.from(1.4, 0, 3.5), 2.1, 19.5, mortar)
	n.spire(p.from(5.8, 0, 1.2), 1.5, 12, mortar)
	n.spire(p.from(-8, 0, 0), 1.2, 7.5, mortar)
	n.spire(p.from(9.6, 0, .4), 1, 6, mortar)
	n.tree(p.from(-15, 0, 8), 1.9, crown, bark)
	n.tree(p.from(16, 0, 9), 2.1, crown, bark)
}

// spire is a cage of ribs that lean together, in hoops, about a mast.
func (n *nearest) spire(p vec, r, h float64, m int) {
	if n.beyondColumn(p, r+.4, h+1.5, m) {
		return
	}
	taper := func(y float64) float64 { return r * math.Pow(clamp(1-y/h, 0, 1), .8) * (1 + .1*sine(y*1.1)) }
	round := math.Hypot(p.x, p.z)
	level := math.Round(p.y / .95)
	d := 9.0
	for _, k := range [3]float64{level - 1, level, level + 1} {
		if y := k * .95; y > .2 && y < h {
			d = math.Min(d, math.Hypot(round-taper(y), p.y-y)-.06)
			if int(k)%3 == 0 {
				d = math.Min(d, math.Hypot(round-taper(y)*.55, p.y-y)-.045)
			}
		}
	}
	angle := math.Atan2(p.z, p.x)
	const ribs = 10
	near := math.Round(angle/(2*math.Pi/ribs)) * (2 * math.Pi / ribs)
	at := taper(p.y)
	rib := math.Hypot(p.x-at*math.Cos(near), p.z-at*math.Sin(near)) - .06
	d = math.Min(d, math.Max(rib, p.y-h))
	// Spokes from the mast at every third hoop.
	third := math.Round(p.y/2.85) * 2.85
	if third < h {
		across := -p.x*math.Sin(near) + p.z*math.Cos(near)
		d = math.Min(d, math.Max(math.Hypot(across, p.y-third)-.04, round-taper(third)))
	}
	d = math.Min(d, rod(p, vec{}, vec{0, h + 1.1, 0}, .1, .04))
	n.add(math.Min(d, p.from(0, h+1.1, 0).length()-.16)*.75, m)
}

// beyondColumn is beyond for what is slender: a cylinder of radius r and
// height h about it.
func (n *nearest) beyondColumn(p vec, r, h float64, m int) bool {
	d := cone(p.from(0, h/2, 0), r, r, h/2)
	if d < .3 {
		return false
	}
	n.add(d+.1, m)
	return true
}
