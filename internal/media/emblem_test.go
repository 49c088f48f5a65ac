package media_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"testing"

	"github.com/gen2brain/webp"

	"mirabilia/internal/errs"
	"mirabilia/internal/media"
)

// ring is a logo: a red disc with a hole that one sees through.
func ring(w, h int) []byte {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			if x < w/4 {
				img.SetNRGBA(x, y, color.NRGBA{200, 0, 0, 255})
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err) // pixels of our own
	}
	return b.Bytes()
}

// A logo fits its room, is not made larger, and stays as transparent as it was;
// mails get it on white.
func TestDraw(t *testing.T) {
	s := media.NewStudio()
	for _, c := range []struct{ w, h, wantW, wantH int }{{960, 96, 480, 48}, {100, 40, 100, 40}, {400, 400, 96, 96}, {4000, 10, 480, 1}} {
		file := ring(c.w, c.h)
		m, err := s.Draw(t.Context(), bytes.NewReader(file), int64(len(file)))
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Variants) != 1 || m.Variants[0].Width != c.wantW || m.Variants[0].Height != c.wantH || m.Width != c.wantW || m.Height != c.wantH {
			t.Errorf("%d × %d became %d × %d", c.w, c.h, m.Width, m.Height)
			continue
		}
		img, err := webp.Decode(bytes.NewReader(m.Variants[0].WebP))
		if err != nil {
			t.Fatal(err)
		}
		if _, _, _, a := img.At(c.wantW-2, c.wantH/2).RGBA(); a != 0 {
			t.Errorf("%d × %d: what one saw through has alpha %d", c.w, c.h, a)
		}
		if r, g, _, a := img.At(1, c.wantH/2).RGBA(); a != 0xffff || r < 0xb000 || g > 0x1000 {
			t.Errorf("%d × %d: the red is %d %d, alpha %d", c.w, c.h, r, g, a)
		}
		flat, err := jpeg.Decode(bytes.NewReader(m.Variants[0].JPEG))
		if err != nil {
			t.Fatal(err)
		}
		if r, g, b, _ := flat.At(c.wantW-2, c.wantH/2).RGBA(); min(r, g, b) < 0xf000 {
			t.Errorf("%d × %d: not on white: %d %d %d", c.w, c.h, r, g, b)
		}
	}
	for name, file := range map[string]string{"SVG": `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "nothing": "", "half a PNG": string(ring(100, 100)[:60])} {
		if _, err := s.Draw(t.Context(), bytes.NewReader([]byte(file)), int64(len(file))); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The child makes logos too, and a picture that was turned lies upright.
func TestDraw_turnedInTheChild(t *testing.T) {
	s := media.NewStudio(os.Args[0], "picture-child")
	defer s.Rest()
	file := withExif(packJPEG(t, image.NewGray(image.Rect(0, 0, 300, 100))), 6)
	m, err := s.Draw(t.Context(), bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	if m.Width != 32 || m.Height != 96 || m.Variants[0].Width != 32 || m.Variants[0].Height != 96 {
		t.Errorf("%d × %d, the picture %d × %d", m.Width, m.Height, m.Variants[0].Width, m.Variants[0].Height)
	}
}
