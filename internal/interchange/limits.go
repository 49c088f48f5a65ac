package interchange

import (
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// The limits of what is read. A record has one line or cell block of at most
// maxRecord bytes; a GeoJSON feature may carry a shape and be larger.
const (
	maxRecord  = 1 << 20
	maxFeature = 4 << 20

	maxCellLines = 10_000  // of a table's cell
	maxToken     = 4 << 20 // bytes between two parts of an XML document
	maxText      = 1 << 20 // of one XML element
	maxDepth     = 64      // XML elements in each other
	maxNesting   = 32      // JSON arrays and objects in each other
	maxPoints    = 100_000 // numbers of a shape that are looked at

	maxArchive   = 32 << 20  // a KMZ as it comes
	maxInflated  = 200 << 20 // all that lies in it
	maxRatio     = 100
	maxEntries   = 1000
	maxDirectory = 1 << 20 // bytes of its list of entries
)

// budget passes bytes on until a part of the file has used up what one part
// may have; the reader above it renews the budget at each part. It bounds the
// memory of decoders that collect a whole part before they hand it out.
type budget struct {
	r    io.Reader
	left int
	what string
}

var errTooLong = errors.New("too long")

func (b *budget) renew(n int) { b.left = n }

func (b *budget) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, fmt.Errorf("%s is %w", b.what, errTooLong)
	}
	n, err := b.r.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// nesting fails once JSON passing through it is deeper than limit, before any
// decoder has to follow it there.
type nesting struct {
	r        io.Reader
	limit    int
	depth    int
	inString bool
	escaped  bool
}

func (d *nesting) Read(p []byte) (int, error) {
	n, err := d.r.Read(p)
	if !d.scan(p[:n]) {
		return 0, fmt.Errorf("JSON is nested deeper than %d", maxNesting)
	}
	return n, err
}

// scan reports whether b, which goes on where the last call ended, stays
// within the limit.
func (d *nesting) scan(b []byte) bool {
	for _, c := range b {
		if d.inString {
			switch {
			case d.escaped:
				d.escaped = false
			case c == '\\':
				d.escaped = true
			case c == '"':
				d.inString = false
			}
			continue
		}
		switch c {
		case '"':
			d.inString = true
		case '{', '[':
			if d.depth++; d.depth > d.limit {
				return false
			}
		case '}', ']':
			d.depth--
		}
	}
	return true
}

func tooDeep(b []byte) bool {
	d := nesting{limit: maxNesting}
	return !d.scan(b)
}

// cut shortens s to at most n bytes, at a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
