package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/png"
	"io"
	"strings"

	"golang.org/x/image/webp"

	"mirabilia/internal/errs"
)

// head is what a file says about itself before anything is decoded.
type head struct {
	kind          Kind
	width, height int
	need          int // bytes that decoding takes at most, about
	turn          int // EXIF orientation, 1 when upright
	profile       []byte
	boxes         boxes // of HEIC and AVIF
}

// look reads the header of a file and refuses what is too large to decode.
func look(file []byte) (head, error) {
	if len(file) > MaxBytes {
		return head{}, TooLarge()
	}
	h := head{kind: sniff(file), turn: 1}
	var err error
	switch h.kind {
	case JPEG:
		err = h.readJPEG(file)
	case PNG:
		err = h.readConfig(png.DecodeConfig(bytes.NewReader(file)))
		h.need = h.width * h.height * 12 // 16 bits a channel, and a pass of an interlaced file
	case GIF:
		err = h.readConfig(gif.DecodeConfig(bytes.NewReader(file)))
		h.need = h.width * h.height * 6
	case WebP:
		err = h.readConfig(webpConfig(file))
		h.need = h.width * h.height * 10
	case HEIC, AVIF:
		err = h.readBoxes(file)
		h.need = h.width * h.height * 30
	default:
		return head{}, refuse("%s", unknown(file))
	}
	if err != nil {
		return head{}, err
	}
	return h, h.bounded()
}

// prefix is how much of a file Glance is shown at most, in bytes.
const prefix = 256 << 10

// GlanceAt is Glance of a file of size bytes that is read from its beginning.
func GlanceAt(in io.Reader, size int64) (Kind, error) {
	start, err := io.ReadAll(io.LimitReader(in, prefix))
	if err != nil {
		return "", err
	}
	return Glance(start, size)
}

// Glance looks at the beginning of a file of size bytes and refuses what is
// certain to be refused: no picture at all, or one that is too large. It reads
// headers alone, so that a stranger is told at once; everything else is found
// by the child that decodes.
func Glance(start []byte, size int64) (kind Kind, err error) {
	if size > MaxBytes {
		return "", TooLarge()
	}
	defer func() {
		if r := recover(); r != nil {
			kind, err = "", broken(sniff(start), fmt.Errorf("panic: %v", r))
		}
	}()
	kind = sniff(start)
	whole := int64(len(start)) >= size
	if !whole && (kind == HEIC || kind == AVIF) { // what they say of themselves may stand at their end
		return kind, nil
	}
	h, err := look(start)
	var e *errs.Error
	if errors.As(err, &e) && e.Cause != nil && !whole { // its header is longer
		return kind, nil
	}
	return h.kind, err
}

func (h *head) readConfig(c image.Config, err error) error {
	if err != nil {
		return broken(h.kind, err)
	}
	h.width, h.height = c.Width, c.Height
	return nil
}

func (h *head) bounded() error {
	if h.width < 1 || h.height < 1 {
		return refuse("This %s file has no pixels.", h.kind)
	}
	if h.width > MaxSide || h.height > MaxSide {
		return refuse("The picture is %d × %d pixels; no side may be longer than %d.", h.width, h.height, MaxSide)
	}
	if most := maxPixels[h.kind]; h.width*h.height > most {
		return refuse("The picture has %d megapixels; %d is the most for %s. Save it smaller.", (h.width*h.height+999_999)/1_000_000, most/1_000_000, h.kind)
	}
	if h.need > maxNeed {
		return refuse("This %s file would take too much memory to read. Save it as an ordinary (not progressive) JPEG, or smaller.", h.kind)
	}
	return nil
}

// sniff knows a format by its first bytes; names and declared types are not
// believed.
func sniff(b []byte) Kind {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xd8\xff")):
		return JPEG
	case bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")):
		return PNG
	case bytes.HasPrefix(b, []byte("GIF87a")), bytes.HasPrefix(b, []byte("GIF89a")):
		return GIF
	case len(b) >= 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WEBP":
		return WebP
	case len(b) >= 16 && string(b[4:8]) == "ftyp":
		return brand(b)
	}
	return ""
}

// unknown says what a file is that is not taken, as far as it can be told.
func unknown(b []byte) string {
	start := strings.ToLower(string(b[:min(len(b), 512)]))
	switch {
	case len(b) == 0:
		return "The file is empty."
	case strings.HasPrefix(start, "ii*\x00"), strings.HasPrefix(start, "mm\x00*"):
		return "This is a TIFF or raw camera file. Save it as JPEG."
	case strings.HasPrefix(start, "\x00\x00\x00\x0cjp  "), strings.HasPrefix(start, "\xff\x4f\xff\x51"):
		return "This is a JPEG 2000 file. Save it as JPEG."
	case strings.Contains(start, "<svg"):
		return "This is an SVG drawing, which is a program and no picture. Save it as PNG."
	case strings.HasPrefix(start, "%pdf"):
		return "This is a PDF document. Send the picture in it as JPEG."
	case strings.HasPrefix(start, "bm"):
		return "This is a BMP file. Save it as PNG."
	case len(start) >= 12 && start[4:8] == "ftyp":
		return "This is a film or another kind of media file. Send a picture as JPEG, PNG, WebP, GIF, HEIC or AVIF."
	}
	return "This is no picture that can be read. JPEG, PNG, WebP, GIF, HEIC and AVIF are taken."
}

// broken explains an error of a decoder.
func broken(k Kind, err error) error {
	why := "is damaged"
	if text := err.Error(); strings.Contains(text, "unexpected EOF") || text == "EOF" || strings.Contains(text, "not enough") || strings.Contains(text, "short Huffman") {
		why = "is cut off before its end"
	} else if strings.Contains(text, "unsupported") {
		why = "uses a rare form of its format"
	}
	e := refuse("This %s file %s and cannot be read. Open it in a picture program and save it again.", k, why)
	e.Cause = err
	return e
}

// readJPEG walks the segments up to the frame's header: size, and whether the
// whole picture must be held as coefficients before it can be drawn.
func (h *head) readJPEG(b []byte) error {
	parts := map[int][]byte{}
	for at := 2; ; {
		for at < len(b) && b[at] != 0xff { // what some cameras leave between segments
			at++
		}
		for at < len(b) && b[at] == 0xff {
			at++
		}
		if at+3 > len(b) {
			return broken(JPEG, errCut)
		}
		marker, length := b[at], int(binary.BigEndian.Uint16(b[at+1:]))
		if marker == 0x01 || marker >= 0xd0 && marker <= 0xd8 { // markers without content
			at++
			continue
		}
		body := b[at+3:]
		if length < 2 || length-2 > len(body) {
			return broken(JPEG, errCut)
		}
		body = body[:length-2]
		at += 1 + length
		switch {
		case marker == 0xe2 && len(body) > 14 && string(body[:12]) == "ICC_PROFILE\x00":
			parts[int(body[12])] = body[14:]
		case marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc:
			return h.readFrame(marker, body, parts)
		case marker == 0xd9 || marker == 0xda:
			return broken(JPEG, errCut)
		}
	}
}

// readFrame reads a frame's header.
func (h *head) readFrame(marker byte, body []byte, parts map[int][]byte) error {
	if len(body) < 6 || len(body) < 6+3*int(body[5]) {
		return broken(JPEG, errCut)
	}
	h.height, h.width = int(binary.BigEndian.Uint16(body[1:])), int(binary.BigEndian.Uint16(body[3:]))
	full, samples := 1, 0
	for i := range int(body[5]) {
		s := body[6+3*i+1]
		full = max(full, int(s>>4)*int(s&15))
		samples += int(s>>4) * int(s&15)
	}
	planes := (h.width*h.height*samples + full - 1) / full
	h.need = planes
	if marker == 0xc2 { // progressive: every coefficient takes four bytes
		h.need += 4 * planes
	}
	for i := 1; i <= len(parts) && len(h.profile) < maxProfile; i++ {
		h.profile = append(h.profile, parts[i]...)
	}
	return nil
}

// webpConfig reads the size of a WebP. An animated one is not known to the
// decoder; its canvas stands at the same place as any extended file's.
func webpConfig(b []byte) (image.Config, error) {
	if len(b) >= 30 && string(b[12:16]) == "VP8X" {
		u24 := func(p []byte) int { return int(p[0]) | int(p[1])<<8 | int(p[2])<<16 }
		return image.Config{Width: u24(b[24:]) + 1, Height: u24(b[27:]) + 1}, nil
	}
	return webp.DecodeConfig(bytes.NewReader(b))
}
