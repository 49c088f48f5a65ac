package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"

	"golang.org/x/image/vector"

	"mirabilia/internal/web/assets"
)

// The colours of src/files/icon.svg.
var (
	iconNight = color.RGBA{0x0f, 0x2f, 0x36, 0xff}
	iconPaper = color.RGBA{0xf1, 0xf0, 0xe6, 0xff}
	iconPin   = color.RGBA{0xff, 0x8b, 0x70, 0xff}
)

// drawAppIcons writes the icon of src/files/icon.svg in the sizes under which
// phones install it. The maskable one keeps all it draws within the middle
// four fifths, since launchers cut the rest to their own shape
// (w3.org/TR/appmanifest, "safe zone").
func drawAppIcons(to string, m *assets.Manifest) error {
	for _, icon := range []struct {
		name  string
		size  int
		scale float32
	}{{"icon-180.png", 180, 1}, {"icon-192.png", 192, 1}, {"icon-512.png", 512, 1}, {"icon-maskable-512.png", 512, 0.68}} {
		var b bytes.Buffer
		enc := png.Encoder{CompressionLevel: png.BestCompression}
		if err := enc.Encode(&b, drawIcon(icon.size, icon.scale)); err != nil {
			return err
		}
		sum := sha256.Sum256(b.Bytes())
		name := fmt.Sprintf("%s-%s.png", icon.name[:len(icon.name)-len(".png")], base32.StdEncoding.EncodeToString(sum[:5]))
		if err := os.WriteFile(filepath.Join(to, name), b.Bytes(), 0o644); err != nil {
			return err
		}
		m.Files[icon.name] = name
	}
	return nil
}

// iconBoard draws on a grid of 64 by 64, scaled about its middle.
type iconBoard struct {
	img   *image.RGBA
	unit  float32
	shift float32
}

func drawIcon(size int, scale float32) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	draw.Draw(img, img.Bounds(), image.NewUniform(iconNight), image.Point{}, draw.Src)
	unit := float32(size) / 64 * scale
	b := &iconBoard{img, unit, float32(size) * (1 - scale) / 2}
	b.box(iconPaper, 4, 4, 60, 60)
	b.box(iconNight, 9, 9, 55, 55)
	for _, tick := range [][4]float32{
		{14, 4, 24, 9}, {34, 4, 44, 9}, {20, 55, 30, 60}, {40, 55, 50, 60}, {4, 20, 9, 30}, {4, 40, 9, 50}, {55, 14, 60, 24}, {55, 34, 60, 44},
	} {
		b.box(iconNight, tick[0], tick[1], tick[2], tick[3])
	}
	b.shape(iconPin, func(p *pen) {
		p.move(32, 52)
		p.curve(28.6, 44.4, 20, 39.7, 20, 29)
		p.arc(32, 29, 12)
		p.curve(44, 39.7, 35.4, 44.4, 32, 52)
	})
	b.shape(iconNight, func(p *pen) {
		p.move(27.4, 29)
		p.arc(32, 29, 4.6)
		p.arc(32, 29, -4.6)
	})
	return img
}

func (b *iconBoard) box(c color.Color, x0, y0, x1, y1 float32) {
	b.shape(c, func(p *pen) {
		p.move(x0, y0)
		p.line(x1, y0)
		p.line(x1, y1)
		p.line(x0, y1)
	})
}

func (b *iconBoard) shape(c color.Color, path func(*pen)) {
	size := b.img.Bounds()
	r := vector.NewRasterizer(size.Dx(), size.Dy())
	path(&pen{r, b})
	r.ClosePath()
	r.Draw(b.img, size, image.NewUniform(c), image.Point{})
}

type pen struct {
	r *vector.Rasterizer
	b *iconBoard
}

func (p *pen) at(x, y float32) (float32, float32) {
	return x*p.b.unit + p.b.shift, y*p.b.unit + p.b.shift
}

func (p *pen) move(x, y float32) { p.r.MoveTo(p.at(x, y)) }
func (p *pen) line(x, y float32) { p.r.LineTo(p.at(x, y)) }

func (p *pen) curve(x1, y1, x2, y2, x, y float32) {
	ax, ay := p.at(x1, y1)
	bx, by := p.at(x2, y2)
	cx, cy := p.at(x, y)
	p.r.CubeTo(ax, ay, bx, by, cx, cy)
}

// arc draws the upper half of a circle from its left to its right; a negative
// radius the lower one from its right to its left.
func (p *pen) arc(x, y, r float32) {
	const quarter = 0.5522847 // of a circle as a cubic curve
	k := r * quarter
	p.curve(x-r, y-k, x-k, y-r, x, y-r)
	p.curve(x+k, y-r, x+r, y-k, x+r, y)
}
