package text_test

import (
	"testing"

	"golang.org/x/text/unicode/norm"

	"mirabilia/internal/text"
)

// Every character there is: folding must end, be stable, and not depend on how
// the character is written.
func TestEveryCharacter(t *testing.T) {
	for r := rune(0); r <= 0x10FFFF; r++ {
		if r >= 0xD800 && r <= 0xDFFF {
			continue
		}
		s := string(r)
		folded := text.Fold(s)
		if again := text.Fold(folded); again != folded {
			t.Errorf("U+%04X %q folds to %q, then to %q", r, s, folded, again)
		}
		if other := text.Fold(norm.NFD.String(s)); other != folded {
			t.Errorf("U+%04X %q folds to %q, in pieces to %q", r, s, folded, other)
		}
		for _, w := range text.Words(s) {
			if text.Fold(w) != w {
				t.Errorf("U+%04X %q has the term %q, which folds to %q", r, s, w, text.Fold(w))
			}
		}
	}
}
