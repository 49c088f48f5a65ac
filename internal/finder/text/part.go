package text

import (
	"cmp"
	"slices"
)

// maxParted bounds the ways that a word is parted in.
const maxParted = 4

// part reads a word that nothing is near to as two that were written together.
func (s *searcher) part() {
	for at, g := range s.groups {
		if len(g.options) > 0 {
			continue
		}
		whole, asked := s.groups, s.asked
		for _, halves := range s.parted(g) {
			s.groups = slices.Concat(whole[:at], halves[:], whole[at+1:])
			s.run(s.combinations(false))
			if len(s.top.hits) > 0 {
				i := slices.Index(asked, g)
				s.asked = slices.Concat(asked[:i], halves[:], asked[i+1:])
				return
			}
		}
		s.groups = whole
	}
}

// parted lists the ways to part a word into two that names have, that with the
// rarest half first.
func (s *searcher) parted(g *group) [][2]*group {
	var ways [][2]*group
	for at := range string(g.word) {
		if at < 2 || len(g.word)-at < 2 {
			continue
		}
		a, b := s.half(string(g.word[:at])), s.half(string(g.word[at:]))
		if a != nil && b != nil {
			ways = append(ways, [2]*group{a, b})
		}
	}
	rarest := func(w [2]*group) float32 { return max(w[0].rarity, w[1].rarity) }
	slices.SortStableFunc(ways, func(x, y [2]*group) int { return cmp.Compare(rarest(y), rarest(x)) })
	return ways[:min(len(ways), maxParted)]
}

// half is a part of a word as a word of its own, with the mark of a
// correction; nil when no name has it.
func (s *searcher) half(word string) *group {
	op := s.term(word, weightEdit, 1)
	if op.heads == 0 {
		return nil
	}
	return &group{word: []byte(word), runes: []rune(word), known: true, rarity: rarity(op.total, s.docs), options: []*option{op}}
}
