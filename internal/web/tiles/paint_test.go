package tiles

import (
	"image/color"
	"testing"

	"mirabilia/internal/geo"
)

// What is painted has the colours of the drawing where they belong.
func TestPaint(t *testing.T) {
	d := NewDrawer()
	athens := geo.Public{Lat: 37.98, Lon: 23.73}
	at := func(s Spot, lon, lat float64) color.RGBA {
		t.Helper()
		img, err := d.Paint(s)
		if err != nil {
			t.Fatal(err)
		}
		pic, err := d.locator(s, Share)
		if err != nil {
			t.Fatal(err)
		}
		p := pic.near(lon, lat)
		return img.RGBAAt(int(p.x), int(p.y))
	}
	exact := Spot{CountryCode: "GR", At: &athens}
	for _, c := range []struct {
		name     string
		spot     Spot
		lon, lat float64
		want     string
	}{
		{"its country", exact, 22.0, 39.5, light.shaded},
		{"another country", exact, 29.5, 38.5, light.land},
		{"the open sea", exact, 20.3, 36.0, light.sea},
		{"no pin without a position", Spot{CountryCode: "GR"}, 22.0, 39.5, light.shaded},
	} {
		if got := at(c.spot, c.lon, c.lat); got != hex(c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, hex(c.want))
		}
	}
	if got := count(t, d, exact); got < 500 {
		t.Errorf("the pin has %d pixels", got)
	}
	if got := count(t, d, Spot{CountryCode: "GR"}); got != 0 {
		t.Errorf("a place without a position has %d pixels of a pin", got)
	}
	if got := count(t, d, Spot{CountryCode: "GR", At: &athens, Rough: true}); got == 0 || got == count(t, d, exact) {
		t.Errorf("a rough position has %d pixels of a disc", got)
	}
}

// count counts the pixels in the colour of the pin.
func count(t *testing.T, d *Drawer, s Spot) (n int) {
	t.Helper()
	img, err := d.Paint(s)
	if err != nil {
		t.Fatal(err)
	}
	pin := hex(light.pin)
	for i := 0; i < len(img.Pix); i += 4 {
		if img.Pix[i] == pin.R && img.Pix[i+1] == pin.G && img.Pix[i+2] == pin.B {
			n++
		}
	}
	return n
}

func TestPaintWorld(t *testing.T) {
	d := NewDrawer()
	img, err := d.PaintWorld([]geo.Public{{Lat: 5, Lon: 20}})
	if err != nil {
		t.Fatal(err)
	}
	w, h := Share.Pixels()
	if b := img.Bounds(); b.Dx() != w || b.Dy() != h {
		t.Fatalf("the size is %v", b)
	}
	for i := 3; i < len(img.Pix); i += 4 {
		if img.Pix[i] != 255 {
			t.Fatal("a pixel lets something through")
		}
	}
}
