package main

import (
	"image"
	"image/color"
	"math"
)

// plate turns a traced scene into lines of ink on tinted paper.
type plate struct {
	*scene
	seen *view
	// w and h are the picture's measures, gauge the distance between two lines
	// of a hatching, all in pixels.
	w, h  int
	gauge float64
	edges []float64
}

// engrave draws the traced scene w pixels wide.
func (s *scene) engrave(seen *view, w int) *image.RGBA {
	p := &plate{scene: s, seen: seen, w: w, h: (w*seen.h + seen.w/2) / seen.w, gauge: 2.6 + 2.6*float64(w)/1280}
	p.outline()
	img := image.NewRGBA(image.Rect(0, 0, p.w, p.h))
	for y := range p.h {
		for x := range p.w {
			img.SetRGBA(x, y, p.pixel(x, y))
		}
	}
	return img
}

// spot is what is seen at a pixel of the picture.
func (p *plate) spot(x, y int) *spot {
	sx, sy := (x*2+1)*p.seen.w/(p.w*2), (y*2+1)*p.seen.h/(p.h*2)
	return &p.seen.spots[min(sy, p.seen.h-1)*p.seen.w+min(sx, p.seen.w-1)]
}

// outline finds where one thing ends before another, and softens the steps.
func (p *plate) outline() {
	hard := make([]float64, p.w*p.h)
	for y := range p.h {
		for x := range p.w {
			hard[y*p.w+x] = p.edge(x, y)
		}
	}
	p.edges = make([]float64, len(hard))
	for y := 1; y < p.h-1; y++ {
		for x := 1; x < p.w-1; x++ {
			i := y*p.w + x
			sum := hard[i]*4 + (hard[i-1]+hard[i+1]+hard[i-p.w]+hard[i+p.w])*2 +
				hard[i-p.w-1] + hard[i-p.w+1] + hard[i+p.w-1] + hard[i+p.w+1]
			p.edges[i] = clamp(sum/16*1.25, 0, 1)
		}
	}
}

// edge is how strong a contour is at a pixel, 0 to 1.
func (p *plate) edge(x, y int) float64 {
	a := p.spot(x, y)
	if a.t < 0 {
		return 0
	}
	// What is far off, or small, is drawn with a finer needle.
	far := (1 - .8*smooth(25, 60, a.t)) * clamp(.45+float64(p.w)/1600, 0, 1)
	strength := 0.0
	for _, by := range [4][2]int{{1, 0}, {0, 1}, {-1, 0}, {0, -1}} {
		bx, by := x+by[0], y+by[1]
		if bx < 0 || by < 0 || bx >= p.w || by >= p.h {
			continue
		}
		b := p.spot(bx, by)
		// A plane seen along itself steps far from pixel to pixel.
		step := .025 * a.t * 1280 / float64(p.w) / math.Max(.03, a.toward)
		switch {
		case b.t < 0, b.t-a.t > step, b.m != a.m && b.t > a.t-.01*a.t:
			return far
		case b.normal.dot(a.normal) < .6:
			strength = .75
		}
	}
	return strength * far
}

func (p *plate) pixel(x, y int) color.RGBA {
	s := p.spot(x, y)
	if s.t < 0 {
		return p.skyAt(float64(x), float64(y))
	}
	haze := 1 - math.Exp(-s.t*p.haze)
	m := p.materials[s.m]
	dark := p.dark(s, m) * (1 - haze*.85)
	// Three stones of a lithograph: light, tint and shade.
	tint := blend(m.tint, paper, .45*(1-smooth(.02, .12, dark)))
	tint = blend(tint, ink, .16*smooth(.40, .46, dark)+.16*smooth(.66, .72, dark))
	tint = blend(tint, p.sky.low, haze*.8)
	lines := math.Max(p.hatching(float64(x), float64(y), s, m, dark)*(1-haze*.6), p.edges[y*p.w+x]*(1-haze*.75))
	return blend(tint, ink, lines*.92)
}

// dark is the tone a surface asks for, 0 to 1.
func (p *plate) dark(s *spot, m material) float64 {
	grain := 0.0
	if m.grain > 0 {
		grain = (rough(s.at.x*2.4+s.at.z*.9, s.at.y*2.6+s.at.z*1.7) - .47) * m.grain
	}
	return clamp(1-s.light*1.06+grain, 0, 1)
}

// hatching is the ink of up to three layers of lines, each for darker tones.
func (p *plate) hatching(x, y float64, s *spot, m material, dark float64) float64 {
	angle := -.62
	across := vec{math.Abs(s.normal.x), math.Abs(s.normal.y), math.Abs(s.normal.z)}
	switch {
	case m.round:
		angle = .12
	case across.y > across.x && across.y > across.z:
		angle = .02
	case across.x > across.z:
		angle = 1.15
	}
	swell := 0.0
	if m.round {
		swell = s.toward * p.gauge * 7
	}
	free := 1 - p.lines(x, y+swell, angle, clamp((dark-.17)*.95, 0, .8))
	if dark > .5 {
		free *= 1 - p.lines(x, y-swell*.6, angle+.95, clamp((dark-.5)*1.3, 0, .65))
	}
	if dark > .8 {
		free *= 1 - p.lines(x, y, angle-1.0, clamp((dark-.8)*1.6, 0, .5))
	}
	return 1 - free
}

// lines is the ink of parallel lines that cover the share full of the paper;
// they tremble a little, as a hand does.
func (p *plate) lines(x, y, angle, full float64) float64 {
	if full <= 0 {
		return 0
	}
	sin, cos := math.Sincos(angle)
	along, across := x*cos+y*sin, y*cos-x*sin
	across += p.gauge * .22 * math.Sin(along/(p.gauge*9)+2*math.Sin(across/(p.gauge*17)))
	from := math.Abs(across/p.gauge-math.Floor(across/p.gauge)-.5) * p.gauge
	return clamp(full*p.gauge/2-from+.5, 0, 1) * clamp(full*p.gauge*1.6, 0, 1)
}

// skyAt is a wash with ruled lines that thin out towards the horizon and stop
// for clouds.
func (p *plate) skyAt(x, y float64) color.RGBA {
	down := y / float64(p.h)
	tint := blend(p.sky.top, p.sky.low, clamp(down*1.7, 0, 1))
	cloud := p.sky.clouds * smooth(.47, .66, rough(x/float64(p.w)*2.6+p.sky.wind, down*6+p.sky.wind*.7))
	tint = blend(tint, paper, cloud*.8)
	full := clamp(.22*(1-down*1.9), 0, 1) * (1 - cloud)
	return blend(tint, ink, p.lines(x, y, 0, full)*.6)
}

func blend(a, b color.RGBA, t float64) color.RGBA {
	part := func(a, b uint8) uint8 { return uint8(math.Round(mix(float64(a), float64(b), t))) }
	return color.RGBA{part(a.R, b.R), part(a.G, b.G), part(a.B, b.B), 255}
}
