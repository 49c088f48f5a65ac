package interchange

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

// decoded gives src as UTF-8 without a byte order mark. UTF-16 is told by its
// mark or, for text of mostly ASCII, by its zeros. Tables may also be
// Windows-1252, told by bytes that are no UTF-8; bytes that are neither stay,
// and fail their record.
func decoded(src *bufio.Reader, head []byte, table bool) (io.Reader, error) {
	if e := utf16Of(head); e != nil {
		return e.NewDecoder().Reader(src), nil
	}
	if bytes.HasPrefix(head, []byte("\ufeff")) {
		if _, err := src.Discard(3); err != nil {
			return nil, fmt.Errorf("reading: %w", err)
		}
		return src, nil
	}
	if table && looksWindows1252(head) {
		return charmap.Windows1252.NewDecoder().Reader(src), nil
	}
	return src, nil
}

func utf16Of(head []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	}
	sample := head[:min(len(head), 4096)&^1]
	if len(sample) < 8 {
		return nil
	}
	var zeros [2]int
	for i, c := range sample {
		if c == 0 {
			zeros[i&1]++
		}
	}
	half := len(sample) / 2
	switch {
	case zeros[1] > half*7/10 && zeros[0] < half/10:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case zeros[0] > half*7/10 && zeros[1] < half/10:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	}
	return nil
}

// looksWindows1252 weighs what is well-formed UTF-8 against what is not. Real
// Windows-1252 text hardly ever holds two bytes that make a UTF-8 character; a
// UTF-8 file with one broken row holds many.
func looksWindows1252(head []byte) bool {
	good, bad := 0, 0
	for i := 0; i < len(head); {
		if head[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(head[i:])
		switch {
		case r != utf8.RuneError || size > 1:
			good++
		case len(head)-i >= utf8.UTFMax || !utf8.RuneStart(head[i]):
			bad++
		}
		i += size
	}
	return bad > 0 && bad > 10*good
}

// plainHead is head in UTF-8, to look for a format in.
func plainHead(head []byte) []byte {
	if e := utf16Of(head); e != nil {
		if out, err := e.NewDecoder().Bytes(head[:len(head)&^1]); err == nil {
			return out
		}
	}
	return head
}

// charset is what XML's declaration names. The decoder asks it for anything
// but UTF-8; what UTF-16 files declare was already resolved.
func charset(label string, input io.Reader) (io.Reader, error) {
	e, err := htmlindex.Get(label)
	if err != nil {
		return nil, fmt.Errorf("encoding %q is not known; save the file as UTF-8", cut(label, 40))
	}
	if name, _ := htmlindex.Name(e); name == "utf-8" || name == "utf-16le" || name == "utf-16be" {
		return input, nil
	}
	return e.NewDecoder().Reader(input), nil
}
