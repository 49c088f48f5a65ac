package tiles

import (
	"image/color"
	"math"
)

// coast measures how far each pixel is from the nearest coast, in pixels
// squared, as far as the outermost sea line reaches: from that, all engraved
// lines are drawn at once, where SVG strokes the coast eight times.
func (pic *picture) coast() []float32 {
	w, h := int(pic.w), int(pic.h)
	if len(pic.lines) == 0 || len(pic.land) == 0 {
		return nil
	}
	reach := (pic.lines[0] + 1) * pic.pen
	out := make([]float32, w*h)
	for i := range out {
		out[i] = math.MaxFloat32
	}
	for _, l := range pic.land {
		for i, a := range l {
			b := l[(i+1)%len(l)]
			near(out, w, h, a, b, reach)
		}
	}
	return out
}

// near lowers the distances around one segment.
func near(out []float32, w, h int, a, b spot2, reach float64) {
	west, east := math.Min(a.x, b.x)-reach, math.Max(a.x, b.x)+reach
	top, bottom := math.Min(a.y, b.y)-reach, math.Max(a.y, b.y)+reach
	if east < 0 || west >= float64(w) || bottom < 0 || top >= float64(h) {
		return
	}
	x0, x1 := max(0, int(west)), min(w-1, int(east))
	y0, y1 := max(0, int(top)), min(h-1, int(bottom))
	dx, dy := float32(b.x-a.x), float32(b.y-a.y)
	long := dx*dx + dy*dy
	inverse := float32(0)
	if long > 1e-9 {
		inverse = 1 / long
	}
	limit := float32(reach * reach)
	// A pixel's own middle is half a pixel in.
	ax, ay := float32(a.x-.5), float32(a.y-.5)
	for y := y0; y <= y1; y++ {
		py := float32(y) - ay
		row := out[y*w : y*w+w]
		for x := x0; x <= x1; x++ {
			px := float32(x) - ax
			f := min(1, max(0, (px*dx+py*dy)*inverse))
			qx, qy := px-f*dx, py-f*dy
			if d := qx*qx + qy*qy; d < row[x] && d <= limit {
				row[x] = d
			}
		}
	}
}

// seaLines draws the engraved lines at their distances off the coast. Land is
// painted over them.
func (c *canvas) seaLines(coast []float32, lines []float64, pen float64, line, sea color.RGBA) {
	if coast == nil {
		return
	}
	const steps = 8 // of a pixel
	reach := (lines[0] + 1) * pen
	tones := make([]color.RGBA, int(reach*steps)+2)
	for i := range tones {
		d, strength := float64(i)/steps, 0.0
		for _, l := range lines {
			// A stroke of 2l in the lines' colour under one of 2l-1.5 in the
			// sea's leaves what lies between them.
			outer, inner := l*pen, (l-.75)*pen
			strength = math.Max(strength, math.Min(soft(outer-d), soft(d-inner)))
		}
		tones[i] = mix(sea, line, .75*strength)
	}
	for i, d := range coast {
		if d == math.MaxFloat32 {
			continue
		}
		t := tones[min(len(tones)-1, int(math.Sqrt(float64(d))*steps+.5))]
		if t == sea {
			continue
		}
		p := c.img.Pix[4*i : 4*i+4 : 4*i+4]
		p[0], p[1], p[2], p[3] = t.R, t.G, t.B, 255
	}
}

// soft is how much of a pixel lies on the inner side of an edge that runs a
// distance from its middle.
func soft(d float64) float64 { return math.Max(0, math.Min(1, d+.5)) }

func mix(a, b color.RGBA, f float64) color.RGBA {
	m := func(a, b uint8) uint8 { return uint8(float64(a)*(1-f) + float64(b)*f + .5) }
	return color.RGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), 255}
}
