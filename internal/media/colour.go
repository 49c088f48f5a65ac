package media

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"image"
	"io"
	"math"

	"github.com/kovidgoyal/imaging"
	"github.com/kovidgoyal/imaging/prism/meta/icc"
)

// maxProfile bounds a colour profile, also what a packed one unpacks to.
const maxProfile = 4 << 20

// profileOf finds the ICC profile of a file; JPEG, HEIC and AVIF have told it
// with their headers.
func profileOf(file []byte, h head) []byte {
	switch h.kind {
	case PNG:
		packed, ok := chunkPNG(file, "iCCP")
		name := bytes.IndexByte(packed, 0)
		if !ok || name < 0 || name+2 > len(packed) {
			return nil
		}
		z, err := zlib.NewReader(bytes.NewReader(packed[name+2:]))
		if err != nil {
			return nil
		}
		out, err := io.ReadAll(io.LimitReader(z, maxProfile+1))
		if err != nil || len(out) > maxProfile {
			return nil
		}
		return out
	case WebP:
		for at := 12; at+8 <= len(file); {
			size := int(binary.LittleEndian.Uint32(file[at+4:]))
			if size > len(file)-at-8 {
				return nil
			}
			if string(file[at:at+4]) == "ICCP" && size <= maxProfile {
				return file[at+8 : at+8+size]
			}
			at += 8 + size + size&1
		}
	}
	return h.profile
}

// chunkPNG finds a chunk that stands before the pixels.
func chunkPNG(b []byte, name string) ([]byte, bool) {
	for at := 8; at+8 <= len(b); {
		size, kind := int(binary.BigEndian.Uint32(b[at:])), string(b[at+4:at+8])
		if size > len(b)-at-8 || kind == "IDAT" {
			return nil, false
		}
		if kind == name {
			return b[at+8 : at+8+size], true
		}
		at += 12 + size
	}
	return nil, false
}

// toSRGB brings an image that was made small already into the colours that
// everything shows. A profile that cannot be read is passed over, as browsers
// do; ink without a profile keeps the plain conversion.
func toSRGB(img image.Image, profile []byte, wide bool) (out image.Image) {
	if len(profile) == 0 {
		switch p := img.(type) {
		case *imaging.NRGB:
			if wide {
				fromP3(p.Pix, 3)
			}
		case *image.NRGBA:
			if wide {
				fromP3(p.Pix, 4)
			}
		}
		return img
	}
	defer func() { // the reader of profiles is not made for strangers' bytes
		if recover() != nil {
			out = img
		}
	}()
	p, err := icc.NewProfileReader(bytes.NewReader(profile)).ReadProfile()
	if err != nil || !fits(p, img) {
		return img
	}
	done, err := imaging.ConvertToSRGB(p, imaging.Relative, true, img)
	if err != nil {
		return img
	}
	return done
}

// fits reports whether a profile speaks of as many channels as there are.
func fits(p *icc.Profile, img image.Image) bool {
	_, ink := img.(*image.CMYK)
	return ink == (p.Header.DataColorSpace == icc.ColorSpaceCMYK)
}

// fromP3 converts Display P3 to sRGB in place. The matrix follows from the
// primaries of both and their common white (SMPTE EG 432-1, IEC 61966-2-1).
func fromP3(pix []byte, step int) {
	var linear [256]float64
	for i := range linear {
		linear[i] = degamma(float64(i) / 255)
	}
	for i := 0; i+2 < len(pix); i += step {
		r, g, b := linear[pix[i]], linear[pix[i+1]], linear[pix[i+2]]
		pix[i] = gamma8(1.2249402*r - 0.2249402*g)
		pix[i+1] = gamma8(-0.0420570*r + 1.0420570*g)
		pix[i+2] = gamma8(-0.0196376*r - 0.0786361*g + 1.0982737*b)
	}
}

func degamma(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

func gamma8(v float64) byte {
	v = min(max(v, 0), 1)
	if v <= 0.0031308 {
		return byte(v*12.92*255 + 0.5)
	}
	return byte((1.055*math.Pow(v, 1/2.4)-0.055)*255 + 0.5)
}

// shrinkInk makes a picture in ink smaller by a whole factor, so that few
// pixels are left to send through a profile, which is slow: its channels are
// averaged as they are, since only the profile knows what they mean together.
func shrinkInk(img *image.CMYK, width int) *image.CMYK {
	b := img.Bounds()
	f := b.Dx() / (2 * width)
	if f < 2 {
		return img
	}
	out := image.NewCMYK(image.Rect(0, 0, b.Dx()/f, max(1, b.Dy()/f)))
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			var sum [4]int
			n := 0
			for yy := y * f; yy < min((y+1)*f, b.Dy()); yy++ {
				row := img.Pix[yy*img.Stride+4*x*f:][:4*f]
				for i := 0; i < len(row); i += 4 {
					sum[0] += int(row[i])
					sum[1] += int(row[i+1])
					sum[2] += int(row[i+2])
					sum[3] += int(row[i+3])
				}
				n += f
			}
			for c, v := range sum {
				out.Pix[y*out.Stride+4*x+c] = byte((v + n/2) / n)
			}
		}
	}
	return out
}
