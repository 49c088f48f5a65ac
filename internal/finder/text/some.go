package text

import (
	"cmp"
	"slices"
)

// someWork bounds the postings that make candidates when no document has all
// the words.
const someWork = 16_384

// candidate is a document with one of the words.
type candidate struct {
	ord   uint32
	group int
	score float32
	named bool
}

// some ranks the documents that have some of the words, when none has all:
// those with at least half of the weight of the words that exist at all.
func (s *searcher) some() {
	groups := slices.DeleteFunc(slices.Clone(s.groups), func(g *group) bool { return len(g.options) == 0 })
	if len(groups) == 0 {
		return
	}
	sum := float32(0)
	for _, g := range groups {
		// A beginning that a thousand words share says little.
		most := 1
		for _, op := range g.options {
			most = max(most, op.total)
		}
		if !g.known {
			g.rarity = rarity(most, s.docs)
		}
		sum += g.rarity
	}
	slices.SortStableFunc(groups, func(a, b *group) int { return cmp.Compare(b.rarity, a.rarity) })
	for part := range s.parts {
		s.eval.enter(part)
		s.eval.some(groups, sum)
	}
}

// some gathers the candidates of the rarest words and offers them.
func (e *eval) some(groups []*group, sum float32) {
	var (
		found []candidate
		c     = &e.cursors[0]
	)
	for i, g := range groups {
		for _, op := range g.options[:min(len(g.options), maxPlain)] {
			src := e.s.prepare(op, e.part)
			from := &src.all
			if from.len() > someWork-len(found) {
				from = &src.head
			}
			from.open(c, e.ix.arena, true)
			for ; c.doc != done && len(found) < someWork; c.next() {
				k := c.code()
				found = append(found, candidate{c.doc, i, g.rarity / sum * op.weight * e.impact[k], k >= inName})
			}
		}
	}
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.ord, b.ord), cmp.Compare(a.group, b.group), cmp.Compare(b.score, a.score))
	})
	for len(found) > 0 {
		n := 1
		for n < len(found) && found[n].ord == found[0].ord {
			n++
		}
		e.offerSome(groups, sum, found[:n])
		found = found[n:]
	}
}

// offerSome offers one document with what of the words it has, the best
// reading of each word first.
func (e *eval) offerSome(groups []*group, sum float32, has []candidate) {
	score, weight, last := float32(0), float32(0), -1
	for _, c := range has {
		if c.group != last {
			score += c.score
			weight += groups[c.group].rarity / sum
			last = c.group
		}
	}
	ord := has[0].ord
	if weight < 0.5 || !e.keeps(ord) {
		return
	}
	e.matched = true
	e.s.top.offer(Hit{e.part, ord, score*0.9 + e.prior(ord), -1, nil})
}
