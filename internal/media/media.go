// Package media makes what is shown of a picture: bytes in, bytes out. It looks
// at the header before it decodes anything, decodes in Go or in a WebAssembly
// sandbox, turns the picture upright, brings its colours to sRGB and makes the
// variants anew from the pixels, so that nothing a stranger wrote into the file
// is ever served. It keeps no state and touches no disk; Studio runs it in a
// child process with limits.
package media

import (
	"time"

	"mirabilia/internal/errs"
)

// Kind is the format of a picture file.
type Kind string

// The formats that are taken.
const (
	JPEG Kind = "JPEG"
	PNG  Kind = "PNG"
	GIF  Kind = "GIF"
	WebP Kind = "WebP"
	HEIC Kind = "HEIC"
	AVIF Kind = "AVIF"
)

// Type is the media type of a format.
func (k Kind) Type() string {
	return map[Kind]string{JPEG: "image/jpeg", PNG: "image/png", GIF: "image/gif", WebP: "image/webp", HEIC: "image/heic", AVIF: "image/avif"}[k]
}

// What a file may be. The sizes follow from what its decoder needs: an AVIF of
// 25 megapixels takes about the memory of a JPEG of 100.
const (
	MaxBytes = 30 << 20 // of a file
	MaxSide  = 30_000   // pixels
	// maxNeed bounds what decoding may take at once, in bytes, as the header
	// tells it; the child's own limit is a little above.
	maxNeed = 900 << 20
)

var maxPixels = map[Kind]int{JPEG: 100e6, PNG: 50e6, WebP: 50e6, GIF: 50e6, HEIC: 25e6, AVIF: 25e6}

// Widths are those of the variants, the largest first. A picture that is
// smaller has its own width in place of those above it.
var Widths = []int{1920, 960, 320}

// FaceSides are the sides of the squares that are made of a person's picture.
var FaceSides = []int{256, 64}

// Cut is what is kept of a picture.
type Cut byte

// The cuts.
const (
	Whole  Cut = iota
	Square     // the middle, in the sizes of FaceSides
	Emblem     // all of it within EmblemWidth × EmblemHeight, what one sees through kept in WebP
)

// EmblemWidth and EmblemHeight are the room of an atlas's logo, in pixels.
const (
	EmblemWidth  = 480
	EmblemHeight = 96
)

// tallest is how many times its width a variant may be high, so that a strip
// of 300 × 30,000 pixels stays a picture.
const tallest = 2

// qualityJPEG is the quality of what is served, in the scale of its format.
const qualityJPEG = 80

// qualityWebP is that of WebP by the width in pixels. At 80, small pictures at
// 82, the encoder that tries less (see methodWebP) gives what is as like the
// photograph as at 78 by one that tries as hard as usual: measured by SSIM in
// bench/run photos.
func qualityWebP(width int) int {
	if width > Widths[1] {
		return 80
	}
	return 82
}

// Variant is one picture that is served.
type Variant struct {
	Width, Height int
	WebP, JPEG    []byte `json:"-"`
}

// Made is everything that is made of one file.
type Made struct {
	Kind          Kind
	Width, Height int       // of the original as it is seen, after turning it upright
	Variants      []Variant // the largest first
	// Blur is a picture of a few pixels as a data: address, to show until a
	// variant is there.
	Blur string
	// Hash stays alike when a picture is scaled, recompressed or slightly
	// changed: see Distance.
	Hash uint64
	// SHA256 is that of the file, in hexadecimal digits.
	SHA256 string
	Taken  Taken
}

// Taken is what the camera wrote about where and when, for the contributor
// only: it suggests the position of a place and goes nowhere else.
type Taken struct {
	Located  bool      `json:"located,omitempty"`
	Lat, Lon float64   // degrees, when Located
	At       time.Time // zero when unknown; of the camera's clock, without a zone
}

// refuse is a reason not to take a file, told to who sent it.
func refuse(format string, args ...any) *errs.Error { return errs.New(errs.Invalid, format, args...) }

// TooLarge is the reason for a file above MaxBytes.
func TooLarge() *errs.Error {
	return errs.New(errs.TooLarge, "The file is larger than %d MB. Save it smaller, for example as JPEG.", MaxBytes>>20)
}
