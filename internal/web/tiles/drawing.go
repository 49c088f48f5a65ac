package tiles

import (
	"math"
	"strconv"
	"strings"
)

// Size is the shape of a drawn picture.
type Size string

// The sizes. Thumb is square, Card and Cover 3:2; Where is the map at the side
// of a place's page, with names;
// Share is what stands in a picture for networks.
const (
	Thumb Size = "thumb"
	Card  Size = "card"
	Cover Size = "cover"
	Where Size = "where"
	Share Size = "share"
)

// Pixels is the width and height of a size; 0, 0 of an unknown one.
func (s Size) Pixels() (w, h int) {
	switch s {
	case Thumb:
		return 240, 240
	case Card:
		return 480, 320
	case Cover:
		return 1280, 854
	case Where:
		return 640, 427
	case Share:
		return 720, 616
	}
	return 0, 0
}

// pen is the factor by which lines, pin and frame grow on a large picture.
func (s Size) pen() float64 {
	switch s {
	case Cover:
		return 2
	case Share:
		return 1.5
	}
	return 1
}

// picture is what one drawing holds, in pixels, ready to be written as SVG or
// painted.
type picture struct {
	plane
	pen       float64
	frame     float64 // width of the neatline, 0 for none
	lines     []float64
	land      [][]spot2
	lakes     [][]spot2
	shaded    [][]spot2
	borders   [][]spot2
	graticule [][]spot2
	waves     [][]spot2
	ways      [][]spot2 // of a route
	dots      []spot2
	pins      []spot2
	discs     []spot2
	circles   []circle
	labels    []placed
	outline   []spot2 // of the round Earth, for the world
}

type circle struct {
	at     spot2
	radius float64
}

type placed struct {
	at       spot2
	text     string
	class    string // "t" town, "c" country, "w" water
	dot      bool
	anchored bool // text is centred on at
}

// seaLines are the distances off the coast, in pixels, at which lines run,
// outermost first: wider apart outwards.
var seaLines = []float64{16, 11, 6.5, 3}

// draw fills in what the window shows of the table.
func (pic *picture) draw(o *outlines, tolerance float64, shade func(n *nation) []shape) {
	pic.land = pic.shapes(o.land, tolerance)
	pic.lakes = pic.shapes(o.lakes, tolerance)
	for _, b := range o.borders {
		for _, t := range pic.turns(b.box, edge) {
			pic.borders = append(pic.borders, pic.clipLine(pic.drawn(b, t, tolerance))...)
		}
	}
	if shade != nil {
		for i := range o.nations {
			pic.shaded = append(pic.shaded, pic.shapes(shade(&o.nations[i]), tolerance)...)
		}
	}
	pic.drawGraticule()
}

func (pic *picture) shapes(in []shape, tolerance float64) [][]spot2 {
	var out [][]spot2
	for _, s := range in {
		if b := s.box(); math.Max(b.width(), b.height())*pic.perDegree < 4*tolerance {
			continue // a speck
		}
		for _, t := range pic.turns(s.box(), edge) {
			for _, l := range s {
				if r := pic.clipRing(pic.drawn(l, t, tolerance)); len(r) > 2 {
					out = append(out, r)
				}
			}
		}
	}
	return out
}

// drawGraticule draws meridians and parallels: 15° apart on the world, 5° on a
// continent, 1° on a region, finer below.
func (pic *picture) drawGraticule() {
	v := pic.view()
	step := 15.0
	for _, s := range []struct{ wide, step float64 }{{70, 5}, {14, 1}, {3, .25}, {.8, .05}} {
		if v.width() < s.wide {
			step = s.step
		}
	}
	for lon := math.Ceil(v.west/step) * step; lon <= v.east; lon += step {
		pic.graticule = append(pic.graticule, pic.parallel(lon, lon, v.south, v.north))
	}
	for lat := math.Ceil(v.south/step) * step; lat <= v.north; lat += step {
		pic.graticule = append(pic.graticule, pic.parallel(v.west, v.east, lat, lat))
	}
}

// parallel is a straight line of the graticule, in steps where the projection
// bends it.
func (pic *picture) parallel(west, east, south, north float64) []spot2 {
	steps := 1
	if pic.round {
		steps = 24
	}
	out := make([]spot2, 0, steps+1)
	for i := 0; i <= steps; i++ {
		f := float64(i) / float64(steps)
		out = append(out, pic.project(west+(east-west)*f, south+(north-south)*f))
	}
	return out
}

// path writes lines as the d of an SVG path, in steps of a tenth of a pixel
// relative to the point before. Rings are closed.
func path(b *strings.Builder, lines [][]spot2, closed bool) {
	for _, l := range lines {
		var x, y int
		for i, s := range l {
			nx, ny := int(math.Round(s.x*10)), int(math.Round(s.y*10))
			if i > 0 && nx == x && ny == y {
				continue
			}
			switch i {
			case 0:
				b.WriteByte('M')
			case 1:
				b.WriteByte('l')
			}
			tenths(b, nx-x, i != 0 && i != 1)
			tenths(b, ny-y, true)
			x, y = nx, ny
		}
		if closed {
			b.WriteByte('z')
		}
	}
}

// tenths writes n/10 as short as SVG allows.
func tenths(b *strings.Builder, n int, spaced bool) {
	if n < 0 {
		b.WriteByte('-')
		n = -n
	} else if spaced {
		b.WriteByte(' ')
	}
	if n >= 10 || n == 0 {
		b.WriteString(strconv.Itoa(n / 10))
	}
	if n%10 != 0 {
		b.WriteByte('.')
		b.WriteByte(byte('0' + n%10))
	}
}
