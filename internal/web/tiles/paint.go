package tiles

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"strconv"

	"golang.org/x/image/vector"

	"mirabilia/internal/geo"
)

// Paint draws the locator of a spot in pixels, in the light scheme, at the size
// Share: what Locator writes as SVG, for readers that take no SVG.
func (d *Drawer) Paint(s Spot) (*image.RGBA, error) {
	pic, err := d.locator(s, Share)
	if err != nil {
		return nil, err
	}
	return pic.paint(light), nil
}

// PaintWorld draws the Earth with a dot at each position in pixels, at the
// size Share.
func (d *Drawer) PaintWorld(dots []geo.Public) (*image.RGBA, error) {
	pic, err := d.world(dots)
	if err != nil {
		return nil, err
	}
	w, h := Share.Pixels()
	// The Earth is wider than the picture: it is shown from the Americas to
	// India, where its two sides meet the edges.
	pic.shift(float64(w), float64(h), 1.07*float64(h)/pic.h)
	return pic.paint(light), nil
}

// shift scales a finished picture about its middle and cuts it to a size.
func (pic *picture) shift(w, h, scale float64) {
	move := func(lines ...[]spot2) {
		for _, l := range lines {
			for i, s := range l {
				l[i] = spot2{w/2 + (s.x-pic.w/2)*scale, h/2 + (s.y-pic.h/2)*scale}
			}
		}
	}
	for _, lines := range [][][]spot2{pic.land, pic.lakes, pic.shaded, pic.borders, pic.graticule} {
		move(lines...)
	}
	move(pic.dots, pic.outline)
	pic.w, pic.h, pic.pen = w, h, pic.pen*scale
}

// canvas paints shapes with soft edges.
type canvas struct {
	img  *image.RGBA
	fill *vector.Rasterizer
	mask *image.Alpha // how much of each pixel the shape being painted covers
}

func newCanvas(w, h int) *canvas {
	r := image.Rect(0, 0, w, h)
	c := &canvas{img: image.NewRGBA(r), fill: vector.NewRasterizer(w, h), mask: image.NewAlpha(r)}
	c.fill.DrawOp = draw.Src
	return c
}

// hex reads "#1af" or "#11aaff".
func hex(s string) color.RGBA {
	v, err := strconv.ParseUint(s[1:], 16, 32)
	if err != nil {
		return color.RGBA{}
	}
	if len(s) == 4 {
		r, g, b := uint8(v>>8&15), uint8(v>>4&15), uint8(v&15)
		return color.RGBA{r * 17, g * 17, b * 17, 255}
	}
	return color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}
}

// flush puts what was traced onto the picture in a colour, with so much of its
// strength. Most pixels are wholly in a shape or out of it: looking for those
// costs half of what blending all does.
func (c *canvas) flush(col color.RGBA, strength float64) {
	b := c.img.Bounds()
	c.fill.Draw(c.mask, b, image.Opaque, image.Point{})
	c.fill.Reset(b.Dx(), b.Dy())
	c.fill.DrawOp = draw.Src
	of := uint32(strength*256 + .5)
	for i, m := range c.mask.Pix {
		if m == 0 {
			continue
		}
		p := c.img.Pix[4*i : 4*i+4 : 4*i+4]
		a := uint32(m) * of / 255 // to 256
		if a >= 256 {
			p[0], p[1], p[2], p[3] = col.R, col.G, col.B, 255
			continue
		}
		p[0] = uint8((uint32(p[0])*(256-a) + uint32(col.R)*a) >> 8)
		p[1] = uint8((uint32(p[1])*(256-a) + uint32(col.G)*a) >> 8)
		p[2] = uint8((uint32(p[2])*(256-a) + uint32(col.B)*a) >> 8)
	}
}

// rings fills closed lines.
func (c *canvas) rings(lines [][]spot2, col color.RGBA) {
	if len(lines) == 0 {
		return
	}
	for _, l := range lines {
		for i, s := range l {
			if i == 0 {
				c.fill.MoveTo(float32(s.x), float32(s.y))
			} else {
				c.fill.LineTo(float32(s.x), float32(s.y))
			}
		}
		c.fill.ClosePath()
	}
	c.flush(col, 1)
}

// segment traces a thin line between two positions.
func (c *canvas) segment(a, b spot2, width float64) {
	dx, dy := b.x-a.x, b.y-a.y
	long := math.Hypot(dx, dy)
	if long < 1e-6 {
		return
	}
	dx, dy = dx/long*width/2, dy/long*width/2
	c.fill.MoveTo(float32(a.x-dy), float32(a.y+dx))
	c.fill.LineTo(float32(b.x-dy), float32(b.y+dx))
	c.fill.LineTo(float32(b.x+dy), float32(b.y-dx))
	c.fill.LineTo(float32(a.x+dy), float32(a.y-dx))
	c.fill.ClosePath()
}

// strokes draws lines of a width; with a dash on and a gap off in turn when
// dash is given.
func (c *canvas) strokes(lines [][]spot2, width, dash, gap float64, closed bool, col color.RGBA) {
	if len(lines) == 0 {
		return
	}
	for _, l := range lines {
		if closed && len(l) > 0 {
			l = append(l[:len(l):len(l)], l[0])
		}
		along := 0.0 // how far into dash and gap
		for i := 1; i < len(l); i++ {
			if dash == 0 {
				c.segment(l[i-1], l[i], width)
				continue
			}
			along = c.dashes(l[i-1], l[i], width, dash, gap, along)
		}
	}
	c.flush(col, 1)
}

// dashes traces the dashes of one segment and returns how far into dash and
// gap it ends.
func (c *canvas) dashes(a, b spot2, width, dash, gap, along float64) float64 {
	long := math.Hypot(b.x-a.x, b.y-a.y)
	at := func(d float64) spot2 { return spot2{a.x + (b.x-a.x)*d/long, a.y + (b.y-a.y)*d/long} }
	for done := 0.0; done < long; {
		left := dash - along
		if along >= dash {
			left = dash + gap - along
		}
		end := math.Min(long, done+left)
		if along < dash {
			c.segment(at(done), at(end), width)
		}
		along += end - done
		if along >= dash+gap-1e-9 {
			along = 0
		}
		if end-done < 1e-9 { // rounding must not hold us up
			along = math.Mod(along+1e-6, dash+gap)
		}
		done = end
	}
	return along
}

// paint draws the picture in the colours of a scheme, in the order in which
// svg writes it. Names are left out: a picture for sharing has none.
func (pic *picture) paint(col colours) *image.RGBA {
	c := newCanvas(int(pic.w), int(pic.h))
	k := pic.pen
	sea := hex(col.sea)
	if pic.outline != nil {
		draw.Draw(c.img, c.img.Bounds(), image.NewUniform(hex(col.sheet)), image.Point{}, draw.Src)
		c.rings([][]spot2{pic.outline}, sea)
	} else {
		draw.Draw(c.img, c.img.Bounds(), image.NewUniform(sea), image.Point{}, draw.Src)
	}
	c.strokes(pic.graticule, .6*k, 0, 0, false, hex(col.graticule))
	coast := pic.coast()
	c.seaLines(coast, pic.lines, k, hex(col.seaLine), sea)
	c.rings(pic.land, hex(col.land))
	c.strokes(pic.land, .6*k, 0, 0, true, hex(col.border))
	c.rings(pic.shaded, hex(col.shaded))
	c.strokes(pic.shaded, .8*k, 0, 0, true, hex(col.border))
	c.rings(pic.lakes, sea)
	c.strokes(pic.borders, .7*k, 3*k, 2*k, false, hex(col.border))
	c.marks(pic, hex(col.pin), hex(col.sheet))
	return c.img
}

// marks draws dots, discs and pins.
func (c *canvas) marks(pic *picture, pin, sheet color.RGBA) {
	for _, s := range pic.dots {
		c.disc(s, 2.2*pic.pen)
	}
	c.flush(pin, .8)
	k := pic.pinScale()
	for _, s := range pic.discs {
		c.disc(s, 12*k)
		c.flush(sheet, .55)
		for _, l := range [][4]float64{{-8.5, 8.5, 8.5, -8.5}, {-11.6, 3.2, 3.2, -11.6}, {-3.2, 11.6, 11.6, -3.2}, {-11.9, -1.4, -1.4, -11.9}, {1.4, 11.9, 11.9, 1.4}} {
			c.segment(spot2{s.x + l[0]*k, s.y + l[1]*k}, spot2{s.x + l[2]*k, s.y + l[3]*k}, 1.4*k)
		}
		c.flush(pin, 1)
		c.disc(s, 12.7*k)
		c.hole(s, 11.3*k)
		c.flush(pin, 1)
	}
	for _, s := range pic.pins {
		c.drop(spot2{s.x, s.y + 1.6*k}, k*(1+1.5/24)) // its edge of sheet
		c.flush(sheet, 1)
		c.drop(s, k*(1-.75/24))
		c.flush(pin, 1)
		c.disc(spot2{s.x, s.y - 22*k}, 4.6*k)
		c.flush(sheet, 1)
	}
}

// kappa makes a cubic curve a quarter of a circle.
const kappa = .5522848

func (c *canvas) disc(at spot2, r float64) { c.circle(at, r, 1) }

// hole traces a circle the other way round, which leaves it out of one around
// it.
func (c *canvas) hole(at spot2, r float64) { c.circle(at, r, -1) }

func (c *canvas) circle(at spot2, r, way float64) {
	p := func(x, y float64) (float32, float32) { return float32(at.x + x*r), float32(at.y + y*r*way) }
	cube := func(x1, y1, x2, y2, x3, y3 float64) {
		a, b := p(x1, y1)
		d, e := p(x2, y2)
		f, g := p(x3, y3)
		c.fill.CubeTo(a, b, d, e, f, g)
	}
	c.fill.MoveTo(p(1, 0))
	cube(1, kappa, kappa, 1, 0, 1)
	cube(-kappa, 1, -1, kappa, -1, 0)
	cube(-1, -kappa, -kappa, -1, 0, -1)
	cube(kappa, -1, 1, -kappa, 1, 0)
	c.fill.ClosePath()
}

// drop traces pinPath.
func (c *canvas) drop(at spot2, k float64) {
	p := func(x, y float64) (float32, float32) { return float32(at.x + x*k), float32(at.y + y*k) }
	cube := func(x1, y1, x2, y2, x3, y3 float64) {
		a, b := p(x1, y1)
		d, e := p(x2, y2)
		f, g := p(x3, y3)
		c.fill.CubeTo(a, b, d, e, f, g)
	}
	c.fill.MoveTo(p(0, 0))
	cube(-3, -7, -12, -12, -12, -22)
	cube(-12, -22-12*kappa, -12*kappa, -34, 0, -34)
	cube(12*kappa, -34, 12, -22-12*kappa, 12, -22)
	cube(12, -12, 3, -7, 0, 0)
	c.fill.ClosePath()
}
