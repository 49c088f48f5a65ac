package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"

	"github.com/gen2brain/avif"
	"github.com/gen2brain/heic"
	"golang.org/x/image/webp"
)

// errOwnDecoder stops a program that was built without the tag nodynamic on a
// machine with the system's libraries: those are no sandbox.
var errOwnDecoder = errors.New("this program was built to decode HEIC and AVIF with the system's library; build it with -tags nodynamic")

// decode makes pixels of a file whose header was looked at. Of an animation it
// takes the first picture.
func decode(file []byte, h head) (img image.Image, err error) {
	in := bytes.NewReader(file)
	switch h.kind {
	case JPEG:
		img, err = jpeg.Decode(in)
	case PNG:
		img, err = png.Decode(in)
	case GIF:
		img, err = gif.Decode(in)
	case WebP:
		img, err = DecodeWebP(still(file))
	case HEIC:
		if heic.Dynamic() == nil {
			return nil, errOwnDecoder
		}
		img, err = heic.Decode(bytes.NewReader(named(file)))
	default:
		if avif.Dynamic() == nil {
			return nil, errOwnDecoder
		}
		img, err = avif.Decode(in)
	}
	if err != nil {
		return nil, broken(h.kind, err)
	}
	// A header that lies about its size has passed the limits for nothing.
	if b := img.Bounds(); b.Dx()*b.Dy() > maxPixels[h.kind] || b.Empty() {
		return nil, refuse("This %s file says another size than it has.", h.kind)
	}
	return img, nil
}

// DecodeWebP decodes a WebP that does not move. Lossy ones hold luma from 16 to
// 235 (RFC 9649), which the decoder passes on as it is, while Go's pictures take
// it as 0 to 255: dull colours, unless it is stretched.
func DecodeWebP(file []byte) (image.Image, error) {
	img, err := webp.Decode(bytes.NewReader(file))
	switch p := img.(type) {
	case *image.YCbCr:
		stretch(p)
	case *image.NYCbCrA:
		stretch(&p.YCbCr)
	}
	return img, err
}

func stretch(p *image.YCbCr) {
	var luma, chroma [256]byte
	for i := range 256 {
		luma[i] = byte(min(max((float64(i)-16)*255/219+0.5, 0), 255))
		chroma[i] = byte(min(max((float64(i)-128)*255/224+128.5, 0), 255))
	}
	for i, v := range p.Y {
		p.Y[i] = luma[v]
	}
	for i := range p.Cb {
		p.Cb[i], p.Cr[i] = chroma[p.Cb[i]], chroma[p.Cr[i]]
	}
}

// still is an animated WebP with its first frame alone, in the form of a file
// that does not move; other files are returned as they are.
func still(b []byte) []byte {
	if len(b) < 30 || string(b[12:16]) != "VP8X" || b[20]&2 == 0 {
		return b
	}
	for at := 12; at+8 <= len(b); {
		size := int(binary.LittleEndian.Uint32(b[at+4:]))
		if size > len(b)-at-8 {
			break
		}
		if string(b[at:at+4]) == "ANMF" && size > 16 {
			frame := b[at+8 : at+8+size]
			body := []byte("WEBP")
			if string(frame[16:20]) == "ALPH" {
				body = append(body, "VP8X\x0a\x00\x00\x00\x10\x00\x00\x00"...)
				body = append(body, frame[6:12]...)
			}
			body = append(body, frame[16:]...)
			return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
		}
		at += 8 + size + size&1
	}
	return b
}

// named is a HEIC file that names its codec as its main brand: files that name
// the container there are as good, but the decoder wants to be told.
func named(b []byte) []byte {
	if string(b[8:12]) == "heic" {
		return b
	}
	b = bytes.Clone(b)
	copy(b[8:12], "heic")
	return b
}
