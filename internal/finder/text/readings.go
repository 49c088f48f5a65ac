package text

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// What a reading of a word that is not the word itself is worth.
const (
	weightBegins = 0.9
	weightForm   = 0.95
	weightEdit   = 0.75
	weightEdits  = 0.55
)

// maxNear bounds the misspellings of one word that are followed.
const maxNear = 16

// edits is the number of edits that are forgiven in a word: a swap of
// neighbours is one. Words below four letters must be right.
func edits(runes int) int {
	switch {
	case runes < 4:
		return 0
	case runes < 8:
		return 1
	}
	return 2
}

// near lists the readings of a word as misspelt, the likeliest first. Unless
// all is set, two edits are looked for only where one finds nothing.
func (s *searcher) near(g *group, all bool) []*option {
	limit := edits(len(g.runes))
	if limit == 0 {
		return nil
	}
	found := s.nearTerms(g, 1)
	if limit == 2 && (all || len(found) == 0) {
		found = s.nearTerms(g, 2)
	}
	sortNear(found, g.runes[0])
	return found[:min(len(found), maxNear)]
}

// sortNear puts the likeliest correction first: few edits, a word of names, a
// right first letter, a common word.
func sortNear(found []*option, first rune) {
	slices.SortFunc(found, func(a, b *option) int {
		return cmp.Or(
			cmp.Compare(a.edits, b.edits),
			cmp.Compare(b2i(a.begins), b2i(b.begins)),
			cmp.Compare(b2i(b.heads > 0), b2i(a.heads > 0)),
			cmp.Compare(b2i(starts(b.text, first)), b2i(starts(a.text, first))),
			cmp.Compare(b.heads, a.heads),
			cmp.Compare(b.total, a.total),
			cmp.Compare(a.text, b.text))
	})
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func starts(s string, r rune) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return first == r
}

// nearTerms looks in all the parts for terms within limit edits of a word; of
// the last word while typing, for terms that begin with such too.
func (s *searcher) nearTerms(g *group, limit int) []*option {
	if g.near[limit] != nil {
		return g.near[limit]
	}
	type reading struct {
		text   string
		begins bool
	}
	found := map[reading]int{}
	note := func(r reading, edits int) {
		if old, ok := found[r]; r.text != string(g.word) && (!ok || edits < old) {
			found[r] = edits
		}
	}
	for _, p := range s.parts {
		d := &p.Index.dict
		s.visits = d.near(g.runes, limit, false, s.visits, func(lo, _ uint32, edits, _ int) {
			note(reading{string(d.term(lo)), false}, edits)
		})
		if g.last && s.o.Typing {
			s.visits = d.near(g.runes, limit, true, s.visits, func(lo, _ uint32, edits, depth int) {
				note(reading{string(runePrefix(d.term(lo), depth)), true}, edits)
			})
		}
	}
	list := make([]*option, 0, len(found))
	for r, n := range found {
		weight := float32(weightEdit)
		if n > 1 {
			weight = weightEdits
		}
		op := s.term(r.text, weight, n)
		if r.begins {
			op = s.beginning(r.text, weight*weightBegins, n)
		}
		if op.total > 0 {
			list = append(list, op)
		}
	}
	g.near[limit] = list
	return list
}

// runePrefix is the first n characters of b.
func runePrefix(b []byte, n int) []byte {
	at := 0
	for ; n > 0 && at < len(b); n-- {
		_, size := utf8.DecodeRune(b[at:])
		at += size
	}
	return b[:at]
}

// key tells readings of a word apart.
func (op *option) key() string {
	if op.begins {
		return op.text + "\x01"
	}
	return op.text + "\x00"
}

// combination is one reading of each word.
type combination struct {
	options []*option
	weight  float32
	edits   int
}

const (
	// maxCombinations bounds the readings of a whole question that are tried.
	maxCombinations = 32
	// maxPlain is how many readings of a word are combined with those of
	// others when the question has more than two words.
	maxPlain = 5
)

// combinations lists the readings of the question that have not been tried,
// best first. At most two words are read other than in their likeliest way.
func (s *searcher) combinations(pairs bool) []*combination {
	base := make([]*option, len(s.groups))
	for i, g := range s.groups {
		if len(g.options) == 0 {
			return nil
		}
		base[i] = g.options[0]
	}
	var list []*combination
	add := func(ops []*option) {
		c := &combination{options: slices.Clone(ops), weight: 1}
		key := ""
		for _, op := range ops {
			c.weight *= op.weight
			c.edits += op.edits
			key += op.key()
		}
		if !s.tried[key] {
			s.tried[key] = true
			list = append(list, c)
		}
	}
	add(base)
	each := maxNear + 1
	if len(s.groups) > 2 {
		each = maxPlain
	}
	for i, g := range s.groups {
		ops := slices.Clone(base)
		for _, op := range g.options[1:min(len(g.options), each)] {
			ops[i] = op
			add(ops)
			if !pairs && s.known(i) {
				continue
			}
			for j := i + 1; j < len(s.groups); j++ {
				for _, second := range s.groups[j].options[1:min(len(s.groups[j].options), each)] {
					ops[j] = second
					add(ops)
				}
				ops[j] = base[j]
			}
		}
	}
	slices.SortStableFunc(list, func(a, b *combination) int { return cmp.Compare(b.weight, a.weight) })
	return list[:min(len(list), maxCombinations)]
}

func (s *searcher) known(i int) bool { return s.groups[i].known }
