package main

// Materials of the house in Coyoacán.
const (
	gravel = iota
	plaster
	brick
	hollow
	cactusGreen
	marble
	bark
	tile
	flagRed
	foliage
)

func houseMaterials() []material {
	return []material{
		soil(0xddcfa6), flat(0xc1694b), flat(0xa9573c), flat(0x35494a), leaf(0x6f9166),
		flat(0xf0e9d8), round(0x7a5a42), flat(0x8a4a36), flat(0xb3332b), leaf(0x84a074),
	}
}

func trotsky() []*scene {
	garden := &scene{
		name: "trotsky-garden", solids: garden, eye: vec{-.5, 1.6, -3.6}, look: vec{.65, 2.0, 4}, view: .58, sun: vec{.8, .9, -.6},
		materials: houseMaterials(), sky: noon(3), haze: .004,
	}
	tower := &scene{
		name: "trotsky-watchtower", solids: watchtower, eye: vec{-4.6, 1.6, -7.5}, look: vec{.2, 3.0, 2}, view: .5, sun: vec{-.75, .8, -.45},
		materials: houseMaterials(), sky: evening(11), haze: .004,
	}
	study := &scene{
		name: "trotsky-study", solids: study, eye: vec{-1.9, 1.7, -2.9}, look: vec{.55, .98, 1.6}, view: .56, sun: vec{-.42, .62, .66},
		indoor: true, sky: sky{top: rgb(0xfdf6e2), low: rgb(0xfdf3dc)},
		materials: []material{flat(0xc39a6c), flat(0xe9dcb8), flat(0x94653f), flat(0xfaf6ea), flat(0x3a4c4b), flat(0xb4604a), flat(0x54746f), flat(0xb3332b), flat(0xc8a85a), flat(0x5f8a6a)},
	}
	return []*scene{garden, study, tower}
}

// garden is the stele with its flag among cactuses, before the house.
func garden(n *nearest, p vec) {
	n.add(p.y+.015*rough(p.x*2, p.z*2), gravel)
	n.add(box(p.from(0, 1.7, 10), vec{40, 1.7, .3}), plaster)
	n.add(box(p.from(0, 3.45, 10), vec{40, .07, .42}), tile)
	// The house with its shutters.
	if d := box(p.from(-6.2, 1.7, 4), vec{2.9, 1.8, 5}); d > .5 {
		n.add(d+.05, plaster)
	} else {
		wall := box(p.from(-6.2, 1.7, 4), vec{2.6, 1.7, 4.6})
		for _, z := range []float64{.9, 3.6, 6.3} {
			wall = cut(wall, box(p.from(-3.6, 1.5, z), vec{.22, 1, .48}))
			n.add(box(p.from(-3.76, 1.5, z), vec{.03, .98, .46}), cactusGreen)
			n.add(box(p.from(-3.72, 1.5, z), vec{.02, 1, .03}), hollow)
		}
		n.add(wall, plaster)
		n.add(box(p.from(-6.2, 3.45, 4), vec{2.75, .07, 4.75}), tile)
		n.add(box(p.from(-6.2, .2, 4), vec{2.64, .2, 4.64}), brick)
	}
	stele(n, p.from(1.1, 0, 3.2))
	n.cactus(p.from(3.6, 0, 4.6), 1.45, cactusGreen)
	n.pipes(p.from(-1.5, 0, 6.8), 1.0, 5, cactusGreen)
	n.pipes(p.from(5.4, 0, 7.6), 1.15, 6, cactusGreen)
	for _, a := range [][3]float64{{-.9, 1.3, .95}, {2.9, 1.7, 1.0}, {-.7, 4.3, 1.0}, {4.6, 2.9, 1.1}, {2.3, 5.6, .9}} {
		n.agave(p.from(a[0], 0, a[1]), a[2], cactusGreen)
	}
	n.tree(p.from(8.2, 0, 12), 2.3, foliage, bark)
	n.tree(p.from(1.2, .6, 14.5), 2.2, foliage, bark)
	n.tree(p.from(-6, 1, 14), 2.5, foliage, bark)
}

// stele marks the grave: a slab with a carved sign, and the flag behind it.
func stele(n *nearest, p vec) {
	if n.beyond(p, 2.2, 2.9, marble) {
		return
	}
	n.add(box(p.from(0, .1, 0), vec{1.5, .1, 1.2}), marble)
	n.add(box(p.from(0, .28, 0), vec{1.05, .1, .8}), marble)
	n.add(box(p.from(0, 1.45, .1), vec{.66, 1.2, .15}), marble)
	sign := p.from(0, 1.95, -.05)
	sickle := cut(cone(vec{sign.x, sign.z, sign.y}, .3, .3, .03), cone(vec{sign.x + .06, sign.z, sign.y - .07}, .26, .26, .2))
	n.add(sickle, hollow)
	hammer := sign.leaned(-.75)
	n.add(box(hammer, vec{.03, .34, .03}), hollow)
	n.add(box(hammer.from(0, .3, 0), vec{.13, .06, .035}), hollow)
	n.add(box(p.from(0, 1.2, -.05), vec{.4, .03, .02}), hollow)
	n.add(box(p.from(0, 1.05, -.05), vec{.27, .02, .02}), hollow)
	n.add(rod(p, vec{0, .3, .6}, vec{0, 4.5, .6}, .04, .03), bark)
	wave := .1*sine(p.x*4.2) + .05*sine(p.x*7+p.y)
	n.add(box(p.from(.68, 3.95, .6+wave*clamp(p.x, 0, 1.4)), vec{.66, .42, .015})*.75, flagRed)
}

// watchtower is the corner of the wall with the tower, its windows walled up.
func watchtower(n *nearest, p vec) {
	n.add(p.y+.015*rough(p.x*2, p.z*2), gravel)
	n.add(cut(box(p.from(0, 1.9, 5), vec{40, 1.9, .3}), box(p.from(.6, 1, 5), vec{1.2, 1, 2})), plaster)
	n.add(box(p.from(0, 3.87, 5), vec{40, .08, .42}), tile)
	tower(n, p.from(1.2, 0, 3))
	// The house at the side: windows filled with brick to a slit.
	side := p.from(-7.2, 0, 3.5)
	wall := box(side.from(0, 1.75, 0), vec{2.4, 1.75, 1.2})
	for _, x := range []float64{-.9, .9} {
		hole := box(side.from(x, 1.75, -1.2), vec{.5, .85, .14})
		wall = cut(wall, hole)
		n.add(courses(box(side.from(x, 1.6, -1.1), vec{.5, .7, .04}), side), brick)
		n.add(box(side.from(x, 2.45, -1.08), vec{.5, .15, .02}), hollow)
	}
	n.add(wall, plaster)
	n.add(box(side.from(0, 3.56, 0), vec{2.6, .08, 1.4}), tile)
	n.pipes(p.from(4.9, 0, 1.8), 1.15, 6, cactusGreen)
	n.cactus(p.from(-2.6, 0, .6), 1.35, cactusGreen)
	for _, a := range [][3]float64{{-1.3, -1.6, .9}, {3.6, .2, 1.1}, {-3.7, -.6, .8}, {5.9, .3, 1}} {
		n.agave(p.from(a[0], 0, a[1]), a[2], cactusGreen)
	}
	n.tree(p.from(7.4, 0, 8), 2.4, foliage, bark)
	n.tree(p.from(-3.8, .6, 9), 2.3, foliage, bark)
}

// tower is of brick, its windows walled up but for slits to shoot from.
func tower(n *nearest, p vec) {
	if d := box(p.from(0, 3.3, 0), vec{2, 3.4, 2}); d > .5 {
		n.add(d+.05, brick)
		return
	}
	body := courses(box(p.from(0, 2.9, 0), vec{1.55, 2.9, 1.55}), p)
	for _, y := range []float64{2.2, 4.6} {
		for _, q := range []vec{p, {p.z, p.y, p.x}} {
			body = cut(body, box(q.from(0, y, -1.55), vec{.5, .68, .1}))
			n.add(cut(box(q.from(0, y, -1.42), vec{.5, .68, .06}), box(q.from(0, y+.1, -1.5), vec{.09, .34, .5})), plaster)
			n.add(box(q.from(0, y, -1.3), vec{.5, .68, .02}), hollow)
			n.add(box(q.from(0, y-.74, -1.58), vec{.62, .06, .1}), marble)
		}
	}
	n.add(body, brick)
	n.add(box(p.from(0, 5.85, 0), vec{1.75, .12, 1.75}), marble)
	top := box(p.from(0, 6.25, 0), vec{1.55, .35, 1.55})
	for _, q := range []vec{p, {p.z, p.y, p.x}} {
		for _, x := range []float64{-.75, 0, .75} {
			top = cut(top, box(q.from(x, 6.5, 0), vec{.17, .25, 3}))
		}
	}
	n.add(top, brick)
}

// courses scores a wall with the joints of its bricks.
func courses(d float64, p vec) float64 {
	if d > .1 {
		return d
	}
	row := p.y/.22 - floor(p.y/.22)
	if row < .1 {
		return d + .02
	}
	return d
}

// study is the room as it was left: desk, lamp, papers, books, a bed.
func study(n *nearest, p vec) {
	const (
		boards = iota
		wall
		wood
		sheet
		iron
		blanket
		blue
		red
		straw
		shade
	)
	plank := .004 * smooth(.94, 1, p.x*2.2-floor(p.x*2.2))
	n.add(p.y+plank, boards)
	room := -box(p.from(0, 1.6, 0), vec{4.2, 1.6, 4})
	room = cut(room, box(p.from(-1.2, 1.8, 4), vec{.8, .8, .8}))
	n.add(cut(room, box(p.from(4.2, 1.8, .4), vec{.8, .8, .9})), wall)
	pane := p.from(-1.2, 1.8, 4.08)
	n.add(cut(box(pane, vec{.86, .86, .05}), box(pane, vec{.76, .76, 1})), wood)
	n.add(box(pane, vec{.8, .025, .03}), wood)
	n.add(box(pane, vec{.025, .8, .03}), wood)
	n.add(box(p.from(-1.2, .95, 3.9), vec{1, .05, .16}), wood)
	n.add(box(p.from(0, .12, 3.97), vec{4.2, .12, .04}), wood)
	n.add(box(p.from(.2, .01, .8), vec{2.2, .01, 1.4}), blanket)
	n.add(box(p.from(.2, .01, .8), vec{2.0, .013, 1.2}), straw)
	n.add(box(p.from(.2, .01, .8), vec{1.9, .016, 1.1}), blanket)
	desk(n, p, wood, sheet, iron, red, blue, shade)
	chair(n, p.from(-.1, 0, -.05).turned(.35), wood, straw)
	shelves(n, p, wood, blue)
	n.add(box(p.from(-3.3, .48, 2.3), vec{.75, .12, 1.5})-.05, blanket)
	n.add(box(p.from(-3.3, .2, 2.3), vec{.78, .2, 1.55}), wood)
	n.add(ellipsoid(p.from(-3.3, .68, 3.4), vec{.55, .13, .3}), sheet)
}

func desk(n *nearest, p vec, wood, sheet, iron, red, blue, shade int) {
	if n.beyond(p.from(.2, 0, 1), .85, 2.1, wood) {
		return
	}
	n.add(box(p.from(.2, .78, 1), vec{1.5, .04, .62})-.01, wood)
	for _, x := range []float64{-.95, 1.35} {
		n.add(box(p.from(x, .38, 1), vec{.28, .37, .52}), wood)
		for _, y := range []float64{.2, .45, .66} {
			n.add(box(p.from(x, y, .47), vec{.23, .09, .015}), wood)
			n.add(p.from(x, y, .44).length()-.025, iron)
		}
	}
	n.add(box(p.from(.1, .835, .9).turned(.2), vec{.26, .01, .19}), sheet)
	n.add(box(p.from(.42, .835, .98).turned(-.15), vec{.2, .012, .26}), sheet)
	n.add(box(p.from(-.55, .84, 1.1).turned(-.3), vec{.2, .02, .28}), sheet)
	n.add(box(p.from(-1, .89, 1.2).turned(.1), vec{.17, .06, .24}), blue)
	n.add(box(p.from(-1, .985, 1.2).turned(.3), vec{.15, .035, .22}), red)
	n.add(cone(p.from(.75, .87, .7), .05, .035, .045), iron)
	n.add(rod(p, vec{.75, .9, .7}, vec{.86, 1.08, .74}, .008, .004), sheet)
	n.add(cone(p.from(1.25, .84, 1.1), .14, .1, .02), iron)
	n.add(rod(p, vec{1.25, .84, 1.1}, vec{1.25, 1.3, 1.1}, .02, .02), iron)
	n.add(cone(p.from(1.25, 1.38, 1.1), .27, .11, .11), shade)
}

func chair(n *nearest, p vec, wood, seat int) {
	if n.beyond(p, .55, .75, wood) {
		return
	}
	n.add(box(p.from(0, .47, 0), vec{.27, .025, .27}), seat)
	n.add(box(p.from(0, 1.0, -.3), vec{.28, .07, .02}), wood)
	n.add(box(p.from(0, .74, -.3), vec{.28, .05, .02}), wood)
	for _, x := range []float64{-.27, .27} {
		n.add(rod(p, vec{x, 0, .27}, vec{x, .5, .27}, .025, .025), wood)
		n.add(rod(p, vec{x, 0, -.3}, vec{x, 1.12, -.3}, .025, .025), wood)
	}
}

// shelves are five boards of books in the corner; their colours are the three
// materials from spine on.
func shelves(n *nearest, p vec, wood, spine int) {
	const wide, high = 1.25, 1.2
	s := p.from(2.5, high, 3.75)
	if d := box(s, vec{wide, high, .24}); d > .4 {
		n.add(d+.05, wood)
		return
	}
	n.add(cut(box(s, vec{wide, high, .22}), box(s.from(0, 0, -.2), vec{wide - .06, high - .05, .34})), wood)
	for i := range 5 {
		board := -high + .05 + float64(i)*.46
		n.add(box(s.from(0, board, 0), vec{wide - .03, .022, .2}), wood)
		k := floor(s.x / .085)
		tall := .12 + .065*chance(k, float64(i))
		book := box(vec{s.x - (k+.5)*.085, s.y - board - .022 - tall, s.z - .04*chance(k, 7)}, vec{.036, tall, .13})
		if chance(k, float64(i)+40) < .9 && s.x > -wide+.1 && s.x < wide-.1 {
			n.add(book*.6, spine+int(chance(k, float64(i)+3)*3))
		}
	}
}
