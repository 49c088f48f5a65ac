package share

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"

	"golang.org/x/image/draw"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// Width and Height are those of every picture, in pixels.
const (
	Width  = 1200
	Height = 630
	// start is the width of the paper before the picture.
	start = 480
	// neatline is the height of the scale along the foot.
	neatline = 14
	margin   = 44
)

// PictureWidth and PictureHeight are the room for the picture.
const (
	PictureWidth  = Width - start
	PictureHeight = Height - neatline
)

// The light scheme of the design.
var (
	paper = color.RGBA{0xfb, 0xfb, 0xf7, 255}
	ink   = color.RGBA{0x14, 0x26, 0x2b, 255}
	quiet = color.RGBA{0x40, 0x54, 0x5a, 255}
)

// Card is what stands on a picture.
type Card struct {
	Kicker string // "Place", "Guide", "Theme"
	// Titles are the names there are, the best first: the first that the faces
	// can write is taken. None of them leaves the title out.
	Titles []string
	Line   string // where it is, or how much there is
	Atlas  string // the name of the atlas
	// Picture fills the end of the card, cut to its shape.
	Picture image.Image
}

// PNG draws a card.
func (f *Faces) PNG(c Card) ([]byte, error) {
	img := image.NewRGBA(image.Rect(0, 0, Width, Height))
	draw.Draw(img, img.Bounds(), image.NewUniform(paper), image.Point{}, draw.Src)
	place(img, image.Rect(start, 0, Width, PictureHeight), c.Picture)
	f.words(img, c)
	scale(img)
	var out bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, img)
	return out.Bytes(), err
}

// place puts the middle of a picture into a frame, scaled to fill it.
func place(img *image.RGBA, frame image.Rectangle, pic image.Image) {
	if pic == nil {
		return
	}
	b := pic.Bounds()
	if b.Empty() {
		return
	}
	if b.Size() == frame.Size() {
		draw.Draw(img, frame, pic, b.Min, draw.Src)
		return
	}
	want := float64(frame.Dx()) / float64(frame.Dy())
	w, h := b.Dx(), b.Dy()
	if float64(w) > want*float64(h) {
		w = max(1, int(want*float64(h)))
	} else {
		h = max(1, int(float64(w)/want))
	}
	from := image.Rect(0, 0, w, h).Add(b.Min).Add(image.Pt((b.Dx()-w)/2, (b.Dy()-h)/2))
	draw.CatmullRom.Scale(img, frame, pic, from, draw.Src, nil)
}

// words writes kicker, title, line and the atlas's name.
func (f *Faces) words(img *image.RGBA, c Card) {
	var b sfnt.Buffer
	const room = start - margin - 28
	y := 40.0
	if f.kicker.has(&b, c.Kicker) {
		write(img, &b, f.kicker.lay(&b, f.kicker.shortened(&b, c.Kicker, 30, room), 30), margin, y+38, 30, quiet)
		y += 52
	}
	for _, title := range c.Titles {
		if !f.title.has(&b, title) {
			continue
		}
		lines, size := f.title.wrap(&b, title, room)
		for _, l := range lines {
			y += size * 1.08
			write(img, &b, l, margin, y, size, ink)
		}
		y += 24
		break
	}
	if f.line.has(&b, c.Line) {
		y += 30
		write(img, &b, f.line.lay(&b, f.line.shortened(&b, c.Line, 26, room), 26), margin, y, 26, quiet)
	}
	if f.title.has(&b, c.Atlas) {
		write(img, &b, f.title.lay(&b, f.title.shortened(&b, c.Atlas, 34, room), 34), margin, PictureHeight-44, 34, ink)
	}
}

// shortened is a text in one line of a width.
func (f face) shortened(b *sfnt.Buffer, text string, size, width float64) string {
	text = cut(text, longest)
	if f.lay(b, text, size).width <= width {
		return text
	}
	return f.shorten(b, text, size, width)
}

// write draws a line of text with its foot at y.
func write(img *image.RGBA, b *sfnt.Buffer, s set, x, y, size float64, col color.RGBA) {
	box := image.Rect(int(x)-8, int(y-1.2*size), int(x+s.width)+10, int(y+.5*size)).Intersect(img.Bounds())
	if box.Empty() {
		return
	}
	r := vector.NewRasterizer(box.Dx(), box.Dy())
	ppem := fixed.Int26_6(size*64 + .5)
	for i, g := range s.glyphs {
		segments, err := g.in.LoadGlyph(b, g.index, ppem, nil)
		if err != nil {
			continue // a sign that is not drawn, such as one in colour
		}
		dx, dy := float32(x+s.at[i])-float32(box.Min.X), float32(y)-float32(box.Min.Y)
		p := func(k int, seg sfnt.Segment) (float32, float32) {
			return dx + float32(seg.Args[k].X)/64, dy + float32(seg.Args[k].Y)/64
		}
		for _, seg := range segments {
			trace(r, seg, p)
		}
		r.ClosePath()
	}
	r.Draw(img, box, image.NewUniform(col), image.Point{})
}

func trace(r *vector.Rasterizer, seg sfnt.Segment, p func(int, sfnt.Segment) (float32, float32)) {
	ax, ay := p(0, seg)
	switch seg.Op {
	case sfnt.SegmentOpMoveTo:
		r.ClosePath()
		r.MoveTo(ax, ay)
	case sfnt.SegmentOpLineTo:
		r.LineTo(ax, ay)
	case sfnt.SegmentOpQuadTo:
		bx, by := p(1, seg)
		r.QuadTo(ax, ay, bx, by)
	case sfnt.SegmentOpCubeTo:
		bx, by := p(1, seg)
		cx, cy := p(2, seg)
		r.CubeTo(ax, ay, bx, by, cx, cy)
	}
}

// scale draws the neatline along the foot: fields of ink and paper in turn,
// between two hairlines.
func scale(img *image.RGBA) {
	fill := func(r image.Rectangle, c color.RGBA) {
		draw.Draw(img, r, image.NewUniform(c), image.Point{}, draw.Src)
	}
	fill(image.Rect(0, PictureHeight, Width, Height), paper)
	const fields = 25
	for i := 0; i < fields; i += 2 {
		fill(image.Rect(edge(i, fields), PictureHeight, edge(i+1, fields), Height), ink)
	}
	fill(image.Rect(0, PictureHeight, Width, PictureHeight+2), ink)
	fill(image.Rect(0, Height-2, Width, Height), ink)
}

func edge(i, of int) int { return int(math.Round(float64(i) * Width / float64(of))) }
