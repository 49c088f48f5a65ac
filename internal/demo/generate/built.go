package main

import "math"

func built() []*scene {
	habitat := &scene{
		name: "habitat-67", solids: habitat, eye: vec{-16, 4, -42}, look: vec{0, 12.5, 0}, view: .44, sun: vec{-.8, .7, -.5},
		materials: []material{soil(0xa8b483), flat(0xd8cfba), flat(0x3f5256), flat(0xb9cdcd), leaf(0x7f9a66), round(0x6a5644), flat(0xe9e3d2)},
		sky:       noon(63), haze: .002, reach: 160,
	}
	return []*scene{habitat}
}

// habitat is a cliff of concrete boxes, each a step aside from that below it.
func habitat(n *nearest, p vec) {
	const (
		lawn = iota
		concrete
		pane
		river
		crown
		bark
		rail
	)
	n.add(p.y+.1*rough(p.x*.3, p.z*.3), lawn)
	n.add(math.Max(p.y-.06-.02*sine(p.z*2+p.x*.3), p.z+23)*.8, river)
	const wide, high, deep = 5.2, 3.3, 5.2
	level := floor(p.y / high)
	for dy := -1.0; dy <= 1; dy++ {
		l := level + dy
		if l < 0 || l > 8 {
			continue
		}
		shift := 2.7 * math.Mod(l, 2)
		k := math.Round((p.x - shift) / (wide * 1.12))
		for dx := -1.0; dx <= 1; dx++ {
			column := k + dx
			if math.Abs(column+.4*math.Mod(l, 2)) > 4.6-.45*l || chance(column*3+50, l*5) < .04 {
				continue
			}
			back := l*1.1 + 2.6*chance(column, l) + 1.1*math.Abs(column)
			n.dwelling(p.from(column*wide*1.12+shift, (l+.5)*high, back), vec{wide / 2, high / 2, deep}, chance(column, l+9), concrete, pane, rail)
		}
	}
	for i := range 7 {
		f := float64(i)
		n.tree(p.from(-25+f*8.6, 0, -12+4*chance(f, 3)), 1.3+.6*chance(f, 8), crown, bark)
	}
	if d := box(p, vec{32, 32, 20}); d > 1 {
		n.d = math.Min(n.d, math.Max(d, .5))
	}
}

// dwelling is one box with its windows and the rail of a terrace.
func (n *nearest) dwelling(p, size vec, kind float64, concrete, pane, rail int) {
	d := box(p, size)
	if d > .8 {
		n.add(d, concrete)
		return
	}
	at := mix(-.9, .9, kind)
	hole := box(p.from(at, .1, -size.z), vec{1.15, .95, .3})
	side := box(p.from(-size.x, .1, -size.z*.4), vec{.3, .9, 1})
	n.add(cut(cut(d, hole), side), concrete)
	n.add(box(p.from(at, .1, -size.z+.2), vec{1.15, .95, .05}), pane)
	n.add(box(p.from(at, .1, -size.z+.1), vec{.05, .95, .05}), rail)
	n.add(box(p.from(-size.x+.2, .1, -size.z*.4), vec{.05, .9, 1}), pane)
	if kind > .35 {
		n.add(cut(box(p.from(0, size.y+.35, -size.z*.5), vec{size.x, .35, size.z * .5}), box(p.from(0, size.y+.35, -size.z*.5), vec{size.x - .12, 1, size.z*.5 - .12})), rail)
	}
}
