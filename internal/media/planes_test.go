package media

import (
	"image"
	"image/color"
	"testing"
	"unsafe"
)

// The colour bars of ITU-R BT.601, at every parity of the sides.
func TestPlanes(t *testing.T) {
	for _, bar := range []struct {
		name      string
		c         color.NRGBA
		y, cb, cr byte
	}{
		{"white", color.NRGBA{255, 255, 255, 255}, 235, 128, 128},
		{"black", color.NRGBA{0, 0, 0, 255}, 16, 128, 128},
		{"grey", color.NRGBA{128, 128, 128, 255}, 126, 128, 128},
		{"red", color.NRGBA{255, 0, 0, 255}, 81, 90, 240},
		{"green", color.NRGBA{0, 255, 0, 255}, 145, 54, 34},
		{"blue", color.NRGBA{0, 0, 255, 255}, 41, 240, 110},
		{"yellow", color.NRGBA{255, 255, 0, 255}, 210, 16, 146},
	} {
		for _, size := range []image.Point{{1, 1}, {1, 4}, {5, 1}, {4, 6}, {7, 3}} {
			img := image.NewNRGBA(image.Rectangle{Max: size})
			for i := 0; i < len(img.Pix); i += 4 {
				img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = bar.c.R, bar.c.G, bar.c.B, bar.c.A
			}
			p := planes(img)
			for _, plane := range []struct {
				name string
				got  []byte
				want byte
				n    int
			}{
				{"luma", p.Y, bar.y, size.X * size.Y},
				{"blue", p.Cb, bar.cb, (size.X + 1) / 2 * ((size.Y + 1) / 2)},
				{"red", p.Cr, bar.cr, (size.X + 1) / 2 * ((size.Y + 1) / 2)},
				{"alpha", p.A, 255, size.X * size.Y},
			} {
				if len(plane.got) != plane.n {
					t.Fatalf("%s, %v: %d bytes of %s, want %d", bar.name, size, len(plane.got), plane.name, plane.n)
				}
				for i, v := range plane.got {
					if v != plane.want {
						t.Fatalf("%s, %v: %s %d is %d, want %d", bar.name, size, plane.name, i, v, plane.want)
					}
				}
			}
		}
	}
}

// Chroma is the mean of its four pixels, luma each one's own.
func TestPlanesMix(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 3, 2))
	for i := range 6 {
		img.Pix[4*i+3] = 255
	}
	img.Pix[0] = 255 // one red pixel among blacks
	p := planes(img)
	if want := []byte{81, 16, 16, 16, 16, 16}; string(p.Y) != string(want) {
		t.Errorf("luma %v, want %v", p.Y, want)
	}
	if want := []byte{119, 128}; string(p.Cb) != string(want) { // 128 - 37.8/4, rounded
		t.Errorf("blue %v, want %v", p.Cb, want)
	}
	if want := []byte{156, 128}; string(p.Cr) != string(want) { // 128 + 112/4
		t.Errorf("red %v, want %v", p.Cr, want)
	}
}

// The encoder reads all four planes from the first byte on.
func TestPlanesAreOnePiece(t *testing.T) {
	p := planes(image.NewNRGBA(image.Rect(0, 0, 5, 3)))
	at := uintptr(unsafe.Pointer(&p.Y[0]))
	for _, part := range [][]byte{p.Y, p.Cb, p.Cr, p.A} {
		if uintptr(unsafe.Pointer(&part[0])) != at {
			t.Fatal("the planes do not follow each other")
		}
		at += uintptr(len(part))
	}
}
