package text

import "slices"

const (
	// maxWork bounds the postings that one search looks at.
	maxWork = 3_000_000
	// patience is how many postings more a sweep leads with once the top is
	// full, where what is left may at most replace hits that are good already:
	// documents come best first.
	patience = 8192
	// leaps is how many postings that need no look at other lists cost the
	// patience of one that does.
	leaps = 4
)

// eval runs combinations over parts.
type eval struct {
	s      *searcher
	part   int
	p      *Part
	ix     *Index
	impact *[256]float32

	n         int
	by        *combination
	options   []*option
	share     [maxTerms]float32 // of a whole score, per word
	full      float32           // sum of share: what the words may score at most
	scale     float32           // of the bonus of a name
	namesOnly bool              // texts are not looked at
	literal   bool              // every word is read as it came

	phase   phase
	first   int // for mixed
	matched bool
	after   [maxTerms + 1]float32 // what the lists from one on in order may add at most

	cursors [maxTerms + 1]cursor // the last walks Part.Only
	order   [maxTerms + 1]int
	codes   [maxTerms]code
}

// phase says which documents a sweep is to find.
type phase uint8

const (
	every phase = iota // all that match
	heads              // all words in a name or a tag
	mixed              // word number first is the first of some that are
	texts              // none of them is
)

func (e *eval) enter(part int) {
	e.part, e.p = part, &e.s.parts[part]
	e.ix = e.p.Index
	e.impact = &impacts
	if e.s.o.Typing {
		e.impact = &typingImpacts
	}
}

func (e *eval) prior(ord uint32) float32 {
	return float32(e.ix.prior[ord]) * (priorWeight / 255)
}

// keeps reports whether the part may show a document.
func (e *eval) keeps(ord uint32) bool {
	if e.p.Only != nil {
		if _, ok := slices.BinarySearch(e.p.Only, ord); !ok {
			return false
		}
	}
	return e.p.Keep == nil || e.p.Keep(ord)
}

// run evaluates combinations in all parts.
func (s *searcher) run(list []*combination) {
	for _, c := range list {
		found := false
		for part := range s.parts {
			s.eval.enter(part)
			found = s.eval.combination(c) || found
		}
		if found {
			s.runs = append(s.runs, c)
		}
	}
}

// combination evaluates one in the part and reports whether it found anything
// that was worth a closer look.
func (e *eval) combination(c *combination) bool {
	if !e.weigh(c) {
		return false
	}
	small := int(done)
	for _, op := range e.options {
		src := e.s.prepare(op, e.part)
		n := src.all.len()
		if n == 0 {
			return false
		}
		small = min(small, n)
	}
	e.matched = false
	switch {
	case e.namesOnly:
		e.sweep(heads, 0)
	case small <= 4*blockLen || e.p.Only != nil && len(e.p.Only) <= 4*blockLen:
		e.sweep(every, 0)
	default:
		e.phases()
	}
	return e.matched
}

// weigh sets the shares of the words; false when the combination cannot make
// it to the top.
func (e *eval) weigh(c *combination) bool {
	e.by, e.options, e.n = c, c.options, len(c.options)
	e.literal = e.n == len(e.s.asked)
	sum := float32(0)
	for _, g := range e.s.groups {
		sum += g.rarity
	}
	e.full, e.scale = 0, 1
	for i, op := range c.options {
		e.share[i] = e.s.groups[i].rarity / sum * op.weight
		e.full += e.share[i]
		e.scale *= op.weight
		e.literal = e.literal && !op.begins && op.text == string(e.s.groups[i].word)
	}
	return !e.s.top.full() || e.full+e.bonusMost()+priorWeight > e.s.top.floor()
}

// phases sweeps the documents with all words in names and tags first, then
// those with some, then those with none, and stops when what is left cannot
// reach the top.
func (e *eval) phases() {
	e.sweep(heads, 0)
	if e.n > 1 {
		least := float32(1)
		for i := range e.n {
			least = min(least, e.share[i]*(e.most(i, false)-e.most(i, true)))
		}
		if e.closed(e.sum(false) - least) {
			return
		}
		for i := range e.n {
			e.sweep(mixed, i)
		}
	}
	if !e.closed(e.sum(true)) {
		e.sweep(texts, 0)
	}
}

// most is the largest impact that a posting of word number i may have, be it
// only in a text.
func (e *eval) most(i int, text bool) float32 {
	src := e.s.prepare(e.options[i], e.part)
	switch {
	case e.s.o.Typing && text:
		return typingText
	case e.s.o.Typing:
		return 1
	case text:
		return src.all.rest
	}
	return src.all.most
}

// sum is the most that the words may score, be it only in texts.
func (e *eval) sum(text bool) float32 {
	sum := float32(rounding)
	for i := range e.n {
		sum += e.share[i] * e.most(i, text)
	}
	return sum
}

// closed reports whether a document whose words score at most words cannot
// reach the top.
func (e *eval) closed(words float32) bool {
	return e.s.top.full() && words+priorWeight <= e.s.top.floor()
}
