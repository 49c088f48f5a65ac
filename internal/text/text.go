// Package text turns what people write into what the atlas keeps, compares and
// shows: folded search terms, addresses made from titles, Markdown made into
// safe HTML, excerpts, and the likeness of two names.
//
// Everything here is pure: the same text always gives the same answer, on
// every node and both engines.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean makes text of many lines fit to keep: line ends become \n, and what no
// XML 1.0 document may hold (NUL, control characters but tab and line end,
// U+FFFE, U+FFFF) and bytes that are not UTF-8 are dropped. Text that needs
// nothing is returned as it is.
func Clean(s string) string {
	if isClean(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		switch {
		case r == utf8.RuneError && size == 1:
		case r == '\r':
			if i >= len(s) || s[i] != '\n' {
				b.WriteByte('\n')
			}
		case Legal(r):
			b.WriteRune(r)
		}
	}
	return b.String()
}

func isClean(s string) bool {
	ascii := true
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < 0x20 && c != '\n' && c != '\t' || c == 0x7F {
			return false
		}
		ascii = ascii && c < utf8.RuneSelf
	}
	if ascii {
		return true
	}
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 || !Legal(r) {
			return false
		}
		i += size
	}
	return true
}

// Legal reports whether r may stand in text of many lines: what XML 1.0 allows
// (production Char), without the discouraged C1 controls and DEL.
func Legal(r rune) bool {
	switch {
	case r == '\t' || r == '\n':
		return true
	case r < 0x20 || r >= 0x7F && r < 0xA0:
		return false
	case r >= 0xD800 && r <= 0xDFFF, r == 0xFFFE, r == 0xFFFF:
		return false
	}
	return r <= utf8.MaxRune
}

// CleanLine makes text fit for a field of one line: Clean, then every run of
// white space becomes one space, and the characters that turn or hide other
// text (bidirectional overrides and isolates, zero-width spaces) are dropped.
func CleanLine(s string) string {
	s = Clean(s)
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		if unicode.IsSpace(r) {
			space = true
			continue
		}
		if Hidden(r) {
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
	}
	return b.String()
}

// Hidden reports whether r can make a line read as something else: overrides,
// embeddings and isolates of direction, and invisible separators. The joiners
// U+200C and U+200D are not among them; several scripts need them.
func Hidden(r rune) bool {
	switch {
	case r == 0x200B, r == 0x200E, r == 0x200F, r == 0x061C, r == 0x2060, r == 0xFEFF, r == 0x00AD:
		return true
	case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r >= 0xE0000 && r <= 0xE007F:
		return true
	}
	return false
}

// Excerpt is the beginning of plain text on one line, at most max characters
// long, ended at a word with "…" when something was left out.
func Excerpt(plain string, max int) string {
	if max <= 0 {
		return ""
	}
	// A line may carry several bytes a character and shrink by its white
	// space; this much is always enough to fill it.
	if limit := 16*max + 64; len(plain) > limit {
		plain = strings.ToValidUTF8(plain[:limit], "")
	}
	line := strings.Join(strings.Fields(plain), " ")
	if utf8.RuneCountInString(line) <= max {
		return line
	}
	cut, n := 0, 0
	for i := range line {
		if n == max-1 {
			cut = i
			break
		}
		n++
	}
	head := line[:cut]
	// Back to the end of a word, unless that throws away more than a third, as
	// it would in scripts without spaces.
	if line[cut] != ' ' {
		if at := strings.LastIndexByte(head, ' '); at > len(head)*2/3 {
			head = head[:at]
		}
	}
	head = strings.TrimRightFunc(head, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.Is(unicode.Mn, r) || strings.ContainsRune(",;:–—-(", r)
	})
	return head + "…"
}
