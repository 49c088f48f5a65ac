package trie

import (
	"strings"
	"unicode"

	"mirabilia/internal/text"
)

// Key is the form in which names are kept and sought: folded, words parted by
// one space, apostrophes and other signs gone, at most MaxQuery characters.
func Key(name string) string {
	folded := text.Fold(name)
	var b strings.Builder
	b.Grow(len(folded))
	count, gap := 0, false
	for _, r := range folded {
		switch {
		case r == '\'' || r == '`' || r == '"':
			continue
		case !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r):
			gap = count > 0
			continue
		}
		if gap {
			b.WriteByte(' ')
			count++
			gap = false
		}
		if count++; count > MaxQuery {
			break
		}
		b.WriteRune(r)
	}
	return strings.TrimSpace(b.String())
}
