package media

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"slices"

	"github.com/gen2brain/webp"
	"github.com/kovidgoyal/imaging"
)

// Each is called with every variant as soon as it is there, the smallest first;
// of the picture everything but its variants is known by then. An error of it
// ends the work.
type Each func(*Made, Variant) error

// Make makes everything of one file. Its errors are the reasons not to take
// it, except for those of the machine. each may be nil.
func Make(file []byte, each Each) (made *Made, err error) { return makeOf(file, Whole, each) }

func makeOf(file []byte, cut Cut, each Each) (made *Made, err error) {
	h, err := look(file)
	if err != nil {
		return nil, err
	}
	// Decoders are not all made for damaged files; what they trip over is one.
	defer func() {
		if r := recover(); r != nil {
			made, err = nil, broken(h.kind, fmt.Errorf("panic: %v", r))
		}
	}()
	sum := sha256.Sum256(file)
	m := &Made{Kind: h.kind, SHA256: hex.EncodeToString(sum[:])}
	m.Taken, h.turn = readExif(file, h.kind)
	profile := profileOf(file, h)
	whole, err := decode(file, h)
	if err != nil {
		return nil, err
	}
	b := whole.Bounds()
	m.Width, m.Height = b.Dx(), b.Dy()
	lying := h.lying()
	if lying {
		m.Width, m.Height = m.Height, m.Width
	}
	if cut == Emblem {
		return m, m.emblem(whole, h, profile, each)
	}
	w, ht := fit(m.Width, m.Height, Widths[0])
	if cut == Square {
		w, ht = cover(m.Width, m.Height, FaceSides[0])
	}
	if lying {
		w, ht = ht, w
	}
	img := h.upright(reduce(whole, w, ht, profile, h.boxes.wide))
	if cut == Square {
		side := min(img.Bounds().Dx(), img.Bounds().Dy())
		m.Width, m.Height = side, side
		return m, m.fill(imaging.CropCenter(img, side, side), FaceSides, each)
	}
	return m, m.fill(plainPixels(img), Widths, each)
}

// cover is the size of a picture whose short side is at most side.
func cover(w, h, side int) (int, int) {
	short := min(w, h)
	side = min(side, short)
	return max(side, (w*side+short/2)/short), max(side, (h*side+short/2)/short)
}

// fill makes what is told of the picture and the variants, each from the pixels
// of the one above it, but written in the order in which they are waited for:
// the smallest first.
func (m *Made) fill(img *image.NRGBA, widths []int, each Each) error {
	pixels := []*image.NRGBA{img}
	for _, width := range widths[1:] {
		w, ht := fit(m.Width, m.Height, width)
		if w >= img.Bounds().Dx() {
			continue
		}
		img = smaller(img, w, ht)
		pixels = append(pixels, img)
	}
	m.Hash = hash(img)
	w, ht := blurSize(img.Bounds())
	dot, err := packWebP(imaging.ResizeWithOpacity(img, w, ht, imaging.Box, true), 50)
	if err != nil {
		return err
	}
	m.Blur = "data:image/webp;base64," + base64.StdEncoding.EncodeToString(dot)
	for i, img := range slices.Backward(pixels) {
		pixels[i] = nil // what is written is garbage while the next is
		v := Variant{Width: img.Bounds().Dx(), Height: img.Bounds().Dy()}
		if v.JPEG, err = packJPEG(img, qualityJPEG); err != nil {
			return err
		}
		if v.WebP, err = packWebP(img, qualityWebP(v.Width)); err != nil {
			return err
		}
		if each != nil {
			if err := each(m, v); err != nil {
				return err
			}
		}
		m.Variants = append(m.Variants, v)
	}
	slices.Reverse(m.Variants)
	return nil
}

// Sizes is how many variants a picture of that size has.
func Sizes(width, height int) int {
	n := 1
	last, _ := fit(width, height, Widths[0])
	for _, most := range Widths[1:] {
		if w, _ := fit(width, height, most); w < last {
			n, last = n+1, w
		}
	}
	return n
}

// fit is the size of a variant of at most width, which is never larger than
// the picture.
func fit(w, h, width int) (int, int) {
	width = min(w, width)
	if h*width > tallest*width*w && h > tallest*width {
		return max(1, w*tallest*width/h), tallest * width
	}
	return width, max(1, (h*width+w/2)/w)
}

func blurSize(b image.Rectangle) (w, h int) {
	if b.Dx() >= b.Dy() {
		return 16, max(1, 16*b.Dy()/b.Dx())
	}
	return max(1, 16*b.Dx()/b.Dy()), 16
}

// reduce makes the largest variant of the whole picture: opaque, on white, in
// sRGB. Colours are converted after scaling, when few pixels are left, except
// where the channels are ink.
func reduce(whole image.Image, w, h int, profile []byte, wide bool) image.Image {
	if ink, ok := whole.(*image.CMYK); ok {
		whole = toSRGB(shrinkInk(ink, w), profile, false)
		profile = nil
	}
	small := toSRGB(scale(whole, w, h), profile, wide)
	if opaque(whole) {
		return small
	}
	flat := imaging.New(small.Bounds().Dx(), small.Bounds().Dy(), color.White)
	return imaging.ResizeWithOpacity(imaging.Overlay(flat, small, image.Point{}, 1), w, h, imaging.Lanczos, true)
}

// scale makes a picture of that size with plain channels, also when it has the
// size already.
func scale(whole image.Image, w, h int) image.Image {
	if p, ok := whole.(*image.YCbCr); ok && p.Rect.Min == (image.Point{}) {
		return smallerPlanes(p, w, h)
	}
	small := imaging.ResizeWithOpacity(whole, w, h, imaging.Lanczos, opaque(whole))
	switch small.(type) {
	case *imaging.NRGB, *image.NRGBA:
		return small
	}
	return imaging.Clone(small)
}

func opaque(img image.Image) bool {
	switch p := img.(type) {
	case *image.YCbCr, *image.Gray, *image.Gray16, *image.CMYK:
		return true
	case interface{ Opaque() bool }:
		return p.Opaque()
	}
	return false
}

// lying reports whether the picture lies on its side.
func (h head) lying() bool { return h.turn >= 5 || h.boxes.quarters%2 == 1 }

// upright turns a picture as its file says. HEIC is turned by its decoder.
func (h head) upright(img image.Image) image.Image {
	switch h.turn {
	case 2:
		return imaging.FlipH(img)
	case 3:
		return imaging.Rotate180(img)
	case 4:
		return imaging.FlipV(img)
	case 5:
		return imaging.Transpose(img)
	case 6:
		return imaging.Rotate270(img)
	case 7:
		return imaging.Transverse(img)
	case 8:
		return imaging.Rotate90(img)
	}
	switch h.boxes.quarters {
	case 1:
		img = imaging.Rotate90(img)
	case 2:
		img = imaging.Rotate180(img)
	case 3:
		img = imaging.Rotate270(img)
	}
	switch h.boxes.mirror {
	case 'h':
		img = imaging.FlipH(img)
	case 'v':
		img = imaging.FlipV(img)
	}
	return img
}

// methodWebP is how hard the encoder tries, 0 to 6. In WebAssembly 4, its usual
// one, takes three times as long for 6 % fewer bytes of WebP; see
// docs/performance.md.
const methodWebP = 2

// packJPEG and packWebP encode an opaque picture.
func packJPEG(img image.Image, quality int) ([]byte, error) {
	var b bytes.Buffer
	plain := plainPixels(img)
	// The encoder has a fast way for this type alone; opaque pixels are the same in both.
	err := jpeg.Encode(&b, &image.RGBA{Pix: plain.Pix, Stride: plain.Stride, Rect: plain.Rect}, &jpeg.Options{Quality: quality})
	return b.Bytes(), err
}

func packWebP(img image.Image, quality int) ([]byte, error) {
	var b bytes.Buffer
	err := webp.Encode(&b, planes(plainPixels(img)), webp.Options{Quality: quality, Method: methodWebP})
	return b.Bytes(), err
}

// plainPixels is an opaque picture with four bytes a pixel.
func plainPixels(img image.Image) *image.NRGBA {
	if p, ok := img.(*image.NRGBA); ok {
		return p
	}
	p, ok := img.(*imaging.NRGB)
	if !ok {
		return imaging.Clone(img)
	}
	b := p.Bounds()
	out := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	for y := range b.Dy() {
		from, to := p.Pix[y*p.Stride:], out.Pix[y*out.Stride:]
		for x := range b.Dx() {
			d, s := to[4*x:4*x+4:4*x+4], from[3*x:3*x+3:3*x+3]
			d[0], d[1], d[2], d[3] = s[0], s[1], s[2], 255
		}
	}
	return out
}
