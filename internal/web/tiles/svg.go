package tiles

import (
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// colours of a scheme, from DESIGN's map palette.
type colours struct {
	sea, seaLine, land, shaded, border, graticule, label, seaLabel, pin, sheet, ink string
}

var (
	light = colours{"#d5e4e3", "#8fb2b4", "#f6f3e6", "#e2dcc0", "#a79f86", "#b9cfce", "#3c4a45", "#2f6269", "#c03823", "#fff", "#14262b"}
	dark  = colours{"#15292f", "#35575e", "#273336", "#3b4b4d", "#65736f", "#24424a", "#d5d8cc", "#8fb9be", "#ff8b70", "#172326", "#ecebe1"}
)

// css is the colour part of a picture's style.
func (c colours) css() string {
	return fmt.Sprintf(".s{fill:%[1]s}.a{stroke:%[2]s}.b{stroke:%[1]s}.l{fill:%[3]s;stroke:%[5]s}.h{fill:%[4]s;stroke:%[5]s}.o{stroke:%[5]s}.g{stroke:%[6]s}"+
		".t{fill:%[7]s;stroke:%[3]s}.w{fill:%[8]s;stroke:%[1]s}.d{fill:%[7]s}.p{fill:%[9]s;stroke:%[10]s}.q{fill:%[10]s}.x{stroke:%[9]s}.y,.v{stroke:%[9]s}.u{stroke:%[10]s}.f{fill:%[10]s}.i{fill:%[11]s}.r{stroke:%[11]s}",
		c.sea, c.seaLine, c.land, c.shaded, c.border, c.graticule, c.label, c.seaLabel, c.pin, c.sheet, c.ink)
}

// svg writes the picture, both schemes in its own style. The scheme is the one
// of the page around it. There is no script, link or text but ours and the
// table's.
func (pic *picture) svg() []byte {
	var b strings.Builder
	b.Grow(24 << 10)
	w, h := strconv.Itoa(int(pic.w)), strconv.Itoa(int(pic.h))
	k := pic.pen
	num := func(f float64) string { return strconv.FormatFloat(math.Round(f*100)/100, 'f', -1, 64) }
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ` + w + ` ` + h + `" width="` + w + `" height="` + h + `" preserveAspectRatio="xMidYMid slice"><style>`)
	b.WriteString(`.a,.b,.o,.g,.x,.y,.r,.u,.v{fill:none}.u,.v{stroke-linejoin:round;stroke-linecap:round;stroke-width:` + num(5.5*k) + `}.v{stroke-width:` + num(2.6*k) + `}.a,.b,.l{stroke-linejoin:round}.a{stroke-opacity:.75}.l,.o{stroke-width:` + num(.6*k) + `}.h{stroke-width:` + num(.8*k) + `}.g{stroke-width:` + num(.6*k) + `}.o{stroke-dasharray:` + num(3*k) + ` ` + num(2*k) + `;stroke-width:` + num(.7*k) + `}` +
		`.p{stroke-width:1.5}.x{stroke-width:1.4}.y{stroke-width:4.4;stroke-linecap:round;stroke-opacity:.8}.r{stroke-width:1}text{font:500 13px "Brygada 1918",Georgia,"Noto Serif",serif;paint-order:stroke;stroke-width:3px;stroke-linejoin:round}.c{letter-spacing:.14em;font-size:14px}.w{font-style:italic;letter-spacing:.04em}.m{text-anchor:middle}`)
	b.WriteString(light.css() + `@media(prefers-color-scheme:dark){` + dark.css() + `}</style>`)
	pic.svgGround(&b, num)
	for _, l := range pic.labels {
		pic.svgLabel(&b, l, num)
	}
	pic.svgMarks(&b, num)
	if pic.frame > 0 {
		pic.svgFrame(&b, num)
	}
	b.WriteString(`</svg>`)
	return []byte(b.String())
}

// svgGround writes sea, sea lines, graticule, land, country, lakes, borders.
func (pic *picture) svgGround(b *strings.Builder, num func(float64) string) {
	write := func(class string, lines [][]spot2, closed bool) {
		if len(lines) == 0 {
			return
		}
		b.WriteString(`<path class="` + class + `" d="`)
		path(b, lines, closed)
		b.WriteString(`"/>`)
	}
	if pic.outline != nil {
		b.WriteString(`<clipPath id="e"><path d="`)
		path(b, [][]spot2{pic.outline}, true)
		b.WriteString(`"/></clipPath><g clip-path="url(#e)">`)
		defer b.WriteString(`</g>`)
		write("s", [][]spot2{pic.outline}, true)
	} else {
		b.WriteString(`<rect class="s" width="` + num(pic.w) + `" height="` + num(pic.h) + `"/>`)
	}
	write("g", pic.graticule, false)
	write("a", pic.waves, false)
	if len(pic.land) > 0 {
		// One path, drawn again and again under itself, each time narrower and
		// in turn in the colour of the lines and of the sea, leaves engraved
		// lines off the coast.
		b.WriteString(`<defs><path id="l" d="`)
		path(b, pic.land, true)
		b.WriteString(`"/></defs>`)
		for _, l := range pic.lines {
			b.WriteString(`<use href="#l" class="a" stroke-width="` + num(2*l*pic.pen) + `"/><use href="#l" class="b" stroke-width="` + num((2*l-1.5)*pic.pen) + `"/>`)
		}
		b.WriteString(`<use href="#l" class="l"/>`)
	}
	write("h", pic.shaded, true)
	if len(pic.lakes) > 0 {
		write("s", pic.lakes, true)
	}
	write("o", pic.borders, false)
}

func (pic *picture) svgLabel(b *strings.Builder, l placed, num func(float64) string) {
	if l.dot {
		b.WriteString(`<circle class="d" cx="` + num(l.at.x) + `" cy="` + num(l.at.y) + `" r="2.4"/>`)
	}
	class, x, y := "t", l.at.x+6, l.at.y+4
	if l.anchored {
		x = l.at.x
	}
	switch l.class {
	case "c":
		class = "t c m"
	case "w":
		class = "w m"
	}
	b.WriteString(`<text class="` + class + `" x="` + num(x) + `" y="` + num(y) + `">`)
	_ = xml.EscapeText(b, []byte(l.text)) // a builder takes all
	b.WriteString(`</text>`)
}

// pinPath is a drop 24 × 34 with its point at 0,0.
const pinPath = "M0 0C-3-7-12-12-12-22a12 12 0 1 1 24 0C12-12 3-7 0 0z"

// hatchPath fills a disc of radius 12 with slanted lines.
const hatchPath = "M-8.5 8.5L8.5-8.5M-11.6 3.2L3.2-11.6M-3.2 11.6L11.6-3.2M-11.9-1.4L-1.4-11.9M1.4 11.9L11.9 1.4"

func (pic *picture) svgMarks(b *strings.Builder, num func(float64) string) {
	if len(pic.dots) > 0 {
		b.WriteString(`<path class="y" d="`)
		for _, s := range pic.dots {
			b.WriteString("M" + num(math.Round(s.x)) + " " + num(math.Round(s.y)) + "h0")
		}
		b.WriteString(`"/>`)
	}
	if len(pic.ways) > 0 {
		for _, class := range []string{"u", "v"} {
			b.WriteString(`<path class="` + class + `" d="`)
			path(b, pic.ways, false)
			b.WriteString(`"/>`)
		}
	}
	for _, c := range pic.circles {
		b.WriteString(`<circle class="x" stroke-dasharray="4 4" cx="` + num(c.at.x) + `" cy="` + num(c.at.y) + `" r="` + num(c.radius) + `"/>`)
	}
	at := func(s spot2, inner string) {
		scale := ""
		if k := pic.pinScale(); k != 1 {
			scale = " scale(" + num(k) + ")"
		}
		b.WriteString(`<g transform="translate(` + num(math.Round(s.x*10)/10) + ` ` + num(math.Round(s.y*10)/10) + `)` + scale + `">` + inner + `</g>`)
	}
	for _, s := range pic.discs {
		at(s, `<circle class="q" r="12" fill-opacity=".55"/><path class="x" d="`+hatchPath+`"/><circle class="x" r="12"/>`)
	}
	for _, s := range pic.pins {
		at(s, `<path class="p" d="`+pinPath+`"/><circle class="q" cy="-22" r="4.6"/>`)
	}
}

// pinScale grows the one pin of a locator, so that it is seen on a card.
func (pic *picture) pinScale() float64 {
	if len(pic.pins)+len(pic.discs) > 1 {
		return pic.pen
	}
	return 1.3 * pic.pen
}

// svgFrame writes the neatline: a border of ink and sheet in turn.
func (pic *picture) svgFrame(b *strings.Builder, num func(float64) string) {
	f, w, h := pic.frame, pic.w, pic.h
	b.WriteString(`<path class="f" fill-rule="evenodd" d="M0 0H` + num(w) + `V` + num(h) + `H0zM` + num(f) + ` ` + num(f) + `V` + num(h-f) + `H` + num(w-f) + `V` + num(f) + `z"/><path class="i" d="`)
	along := func(length float64, write func(from, size float64)) {
		// An odd number of fields of about 40 px: each corner is inked.
		n := max(3, int(math.Round(length/(40*pic.pen)))|1)
		size := length / float64(n)
		for i := 0; i < n; i += 2 {
			write(float64(i)*size, size)
		}
	}
	along(w, func(x, s float64) {
		for _, y := range []float64{0, h - f} {
			b.WriteString("M" + num(x) + " " + num(y) + "h" + num(s) + "v" + num(f) + "h-" + num(s) + "z")
		}
	})
	along(h, func(y, s float64) {
		for _, x := range []float64{0, w - f} {
			b.WriteString("M" + num(x) + " " + num(y) + "h" + num(f) + "v" + num(s) + "h-" + num(f) + "z")
		}
	})
	b.WriteString(`"/><path class="r" d="M.5.5H` + num(w-.5) + `V` + num(h-.5) + `H.5zM` + num(f) + ` ` + num(f) + `H` + num(w-f) + `V` + num(h-f) + `H` + num(f) + `z"/>`)
}
