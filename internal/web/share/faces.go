// Package share draws the pictures that networks show of a shared page: 1200 by
// 630 pixels, PNG, a photograph or a map at the end, the title in the atlas's
// faces at the start.
package share

import (
	"errors"
	"fmt"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

// Faces are the faces of the three roles of words, each cut by script: what the
// first file lacks, one of the others may have.
type Faces struct {
	title, kicker, line face
}

type face []*sfnt.Font

// ErrNoFaces says that the assets were not built, so that no word can be drawn.
var ErrNoFaces = errors.New("share: the faces are missing; run make assets")

// ReadFaces reads TrueType files by role ("title", "kicker", "line").
func ReadFaces(files func(role string) [][]byte) (*Faces, error) {
	f := &Faces{}
	for role, to := range map[string]*face{"title": &f.title, "kicker": &f.kicker, "line": &f.line} {
		for _, data := range files(role) {
			one, err := sfnt.Parse(data)
			if err != nil {
				return nil, fmt.Errorf("share: a face of the role %s: %w", role, err)
			}
			*to = append(*to, one)
		}
		if len(*to) == 0 {
			return nil, ErrNoFaces
		}
	}
	return f, nil
}

// glyph is one drawn letter: the file it is in, and its number there.
type glyph struct {
	in    *sfnt.Font
	index sfnt.GlyphIndex
}

// find looks a character up in the files of a face.
func (f face) find(b *sfnt.Buffer, r rune) (glyph, bool) {
	for _, one := range f {
		if i, err := one.GlyphIndex(b, r); err == nil && i != 0 {
			return glyph{one, i}, true
		}
	}
	return glyph{}, false
}

// has reports whether every letter and figure of a text can be drawn. Signs
// that cannot, such as a pictogram, are left out when drawing.
func (f face) has(b *sfnt.Buffer, text string) bool {
	some := false
	for _, r := range norm.NFC.String(text) {
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) {
			continue
		}
		if _, ok := f.find(b, r); !ok {
			return false
		}
		some = true
	}
	return some
}

// set is a line of text, its glyphs where they stand from the start of the line
// on, in pixels.
type set struct {
	glyphs []glyph
	at     []float64
	width  float64
}

// lay puts the letters of a text side by side, kerned, size in pixels an em.
func (f face) lay(b *sfnt.Buffer, text string, size float64) set {
	var s set
	ppem := fixed.Int26_6(size*64 + .5)
	var last glyph
	for _, r := range norm.NFC.String(text) {
		g, ok := f.find(b, r)
		if !ok {
			last = glyph{}
			continue
		}
		if last.in == g.in && last.in != nil {
			if k, err := g.in.Kern(b, last.index, g.index, ppem, font.HintingNone); err == nil {
				s.width += float64(k) / 64
			}
		}
		s.glyphs = append(s.glyphs, g)
		s.at = append(s.at, s.width)
		if a, err := g.in.GlyphAdvance(b, g.index, ppem, font.HintingNone); err == nil {
			s.width += float64(a) / 64
		}
		last = g
	}
	return s
}
