package media

import (
	"bytes"
	"image"
	"image/color"

	"github.com/gen2brain/webp"
	"github.com/kovidgoyal/imaging"
)

// emblem makes the one variant of a logo. A logo has few colours and sharp
// edges, so that lossless WebP is small; JPEG, on white, is for mails.
func (m *Made) emblem(whole image.Image, h head, profile []byte, each Each) error {
	w, ht := within(m.Width, m.Height, EmblemWidth, EmblemHeight)
	m.Width, m.Height = w, ht
	if h.lying() {
		w, ht = ht, w
	}
	if ink, ok := whole.(*image.CMYK); ok { // ink covers what is under it
		whole, profile = toSRGB(shrinkInk(ink, w), profile, false), nil
	}
	small := plainPixels(h.upright(toSRGB(scale(whole, w, ht), profile, h.boxes.wide)))
	b := small.Bounds()
	v := Variant{Width: b.Dx(), Height: b.Dy()}
	var out bytes.Buffer
	err := webp.Encode(&out, small, webp.Options{Lossless: true, Quality: 100, Method: methodWebP})
	if err != nil {
		return err
	}
	v.WebP = out.Bytes()
	flat := imaging.Overlay(imaging.New(b.Dx(), b.Dy(), color.White), small, image.Point{}, 1)
	if v.JPEG, err = packJPEG(flat, qualityJPEG); err != nil {
		return err
	}
	m.Variants = []Variant{v}
	if each != nil {
		return each(m, v)
	}
	return nil
}

// within is the largest size of a picture's shape that a room holds, and never
// larger than the picture.
func within(w, h, roomW, roomH int) (int, int) {
	if w > roomW {
		w, h = roomW, max(1, (h*roomW+w/2)/w)
	}
	if h > roomH {
		w, h = max(1, (w*roomH+h/2)/h), roomH
	}
	return w, h
}
