package text

import (
	"cmp"
	"slices"
	"strings"
)

// ending is a change of a word's end that makes another number or case of it.
type ending struct {
	from, to string
	weight   float32
}

// endings are the commonest of the languages that visitors write: English,
// French and Spanish plurals first, then German, Italian and Latin ones. They
// are looked up among the names of the atlas, never invented.
var endings = []ending{
	{"s", "", weightForm}, {"", "s", weightForm}, {"es", "", weightForm}, {"", "es", weightForm},
	{"ies", "y", weightForm}, {"y", "ies", weightForm},
	{"en", "um", weightForm}, {"en", "ums", weightForm}, {"um", "en", weightForm}, {"a", "um", weightForm}, {"um", "a", weightForm},
	{"", "n", weightEdit}, {"n", "", weightEdit}, {"", "en", weightEdit}, {"en", "", weightEdit},
	{"", "e", weightEdit}, {"e", "", weightEdit}, {"", "er", weightEdit}, {"er", "", weightEdit},
	{"o", "i", weightEdit}, {"i", "o", weightEdit}, {"a", "e", weightEdit}, {"e", "a", weightEdit},
	{"us", "i", weightEdit}, {"i", "us", weightEdit}, {"x", "", weightEdit}, {"", "x", weightEdit},
	{"aux", "al", weightEdit}, {"al", "aux", weightEdit},
	{"ы", "", weightEdit}, {"", "ы", weightEdit}, {"и", "", weightEdit}, {"", "и", weightEdit},
	{"а", "ы", weightEdit}, {"ы", "а", weightEdit}, {"ь", "и", weightEdit}, {"и", "ь", weightEdit},
}

// maxForms bounds the forms of one word that are followed.
const maxForms = 3

// forms lists the other numbers and cases of a word that names have, the
// commonest first.
func (s *searcher) forms(g *group) []*option {
	if len(g.runes) < 4 {
		return nil
	}
	var found []*option
	word := string(g.word)
	for _, e := range endings {
		stem, ok := strings.CutSuffix(word, e.from)
		if !ok || len(stem) < 3 || e.weight < weightForm && len(g.runes) < 5 {
			continue
		}
		if op := s.term(stem+e.to, e.weight, 0); op.heads > 0 {
			found = append(found, op)
		}
	}
	slices.SortStableFunc(found, func(a, b *option) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(b.heads, a.heads))
	})
	return found[:min(len(found), maxForms)]
}
