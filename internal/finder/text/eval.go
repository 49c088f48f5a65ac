package text

import "slices"

// What a name that holds all the words is worth on top of the words
// themselves: that it does, by the share of its words that were asked for,
// that they stand together in order, at its start, that it is the question.
const (
	bonusName  = 0.30
	bonusShare = 0.10
	bonusOrder = 0.05
	bonusStart = 0.03
	bonusExact = 0.40
	malusAlias = 0.02
	// bonusParts is for words that are all in names, but not in the same one.
	bonusParts = 0.10
)

const (
	// maxWork bounds the postings that one search looks at.
	maxWork = 3_000_000
	// patience is how many postings more a sweep leads with once the top is
	// full, where what is left may at most replace hits that are good already:
	// documents come best first.
	patience = 8192
)

// textMost is the largest impact outside the head of a list.
var textMost = func() (most float32) {
	for _, v := range impacts[:headFrom] {
		most = max(most, v)
	}
	return most
}()

// typingImpacts is the worth of a code while a word is being typed: where a
// name has it counts, how long that name is does not, so that the best known
// of many comes first and the rest need not be looked at.
var typingImpacts = func() (t [256]float32) {
	for i := range t {
		switch c := code(i); {
		case c < headFrom:
			t[i] = 0.2
		case c < inName:
			t[i] = 0.4
		default:
			t[i] = 0.85
			if c&inTitle != 0 {
				t[i] += 0.05
			}
			if c&isFirst != 0 {
				t[i] += 0.10
			}
		}
	}
	return t
}()

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
	visit   func(part int, ord uint32) bool

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
	e.matched, e.visit = false, nil
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
	e.by, e.options, e.n, e.literal = c, c.options, len(c.options), true
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

// bonusMost is the most that a name may add. Names that are the question have
// been offered already (see whole).
func (e *eval) bonusMost() float32 {
	b := float32(bonusName + bonusStart)
	switch {
	case e.s.o.Typing:
	case e.n == 1 && e.literal:
		b += bonusShare / 2
	default:
		b += bonusShare
	}
	if e.n > 1 {
		b += bonusOrder
	}
	return b * e.scale
}

// phases sweeps the documents with all words in names and tags first, then
// those with some, then those with none, and stops when what is left cannot
// reach the top.
func (e *eval) phases() {
	e.sweep(heads, 0)
	if e.n > 1 {
		least := e.share[0]
		for _, v := range e.share[1:e.n] {
			least = min(least, v)
		}
		if e.closed(e.full - least*(1-textMost)) {
			return
		}
		for i := range e.n {
			e.sweep(mixed, i)
		}
	}
	if !e.closed(e.full * textMost) {
		e.sweep(texts, 0)
	}
}

// impactMost is the largest impact that a word may have. A name of a single
// word that is asked for has been offered already.
func (e *eval) impactMost() float32 {
	if e.n == 1 && e.literal && !e.s.o.Typing {
		return impacts[nameCode(true, true, 2)|isMore]
	}
	return 1
}

// closed reports whether a document whose words score at most words cannot
// reach the top.
func (e *eval) closed(words float32) bool {
	return e.s.top.full() && words+priorWeight <= e.s.top.floor()
}

// open sets the cursors for a phase, the shortest list first in order; false
// when one is empty.
func (e *eval) open(p phase, first int) (lists int, ok bool) {
	var length [maxTerms + 1]int
	for i, op := range e.options {
		src := e.s.prepare(op, e.part)
		from := &src.all
		if p == heads || p == mixed && i == first {
			from = &src.head
		}
		if from.len() == 0 {
			return 0, false
		}
		length[i] = from.len()
		from.open(&e.cursors[i], e.ix.arena)
		e.order[i] = i
	}
	lists = e.n
	if e.p.Only != nil {
		e.cursors[lists].openSlice(e.p.Only, anyCode[:])
		length[lists], e.order[lists] = len(e.p.Only), lists
		lists++
	}
	slices.SortFunc(e.order[:lists], func(a, b int) int { return length[a] - length[b] })
	return lists, true
}

var anyCode = [1]code{0}

// sweep walks the lists together and offers, or visits, what all of them have;
// false when it did not come to the end.
func (e *eval) sweep(p phase, first int) bool {
	lists, ok := e.open(p, first)
	if !ok {
		return true
	}
	e.phase, e.first = p, first
	lead, rest := &e.cursors[e.order[0]], e.order[1:lists]
	most := e.full*e.impactMost() + e.bonusMost()
	if p == mixed || p == texts {
		most = e.full
	}
	skips := p == texts && e.order[0] < e.n
	doc := lead.doc
	left := patience
	if e.s.o.Typing {
		left /= 4
	}
	hurries := e.visit == nil && (p == mixed || p == texts || p == heads && e.s.o.Typing)
next:
	for ; doc != done; e.s.work += lists {
		if hurries && e.s.top.full() {
			left--
		}
		if left < 0 || e.s.work >= maxWork {
			return false
		}
		for _, i := range rest {
			if at := e.cursors[i].seek(doc); at != doc {
				if at == done {
					return true
				}
				doc = lead.seek(at)
				continue next
			}
		}
		if !e.take(doc, most) {
			return false
		}
		doc = lead.next()
		if skips && lead.pos == 0 && doc != done && e.s.top.full() {
			doc = e.skip(lead, e.order[0])
		}
	}
	return true
}

// take visits or offers a document that all lists have; false to stop.
func (e *eval) take(doc uint32, most float32) bool {
	if e.visit == nil {
		return e.match(doc, most)
	}
	return !e.keeps(doc) || e.visit(e.part, doc)
}

// skip leaves out blocks of the leading list that cannot reach the top.
func (e *eval) skip(lead *cursor, word int) uint32 {
	others := (e.full - e.share[word]) * textMost
	need := (e.s.top.floor() - others - e.prior(lead.doc)) / e.share[word] * 255
	if need <= 0 {
		return lead.doc
	}
	return lead.skip(uint8(min(need, 255)))
}

// match looks at a document that all lists have; false when nothing after it
// can reach the top.
func (e *eval) match(ord uint32, most float32) bool {
	named, headed, sum := true, 0, float32(0)
	for i := range e.n {
		c := e.cursors[i].code()
		e.codes[i] = c
		sum += e.share[i] * e.impact[c]
		named = named && c >= inName
		if c >= headFrom {
			headed++
			if e.phase == texts || e.phase == mixed && i < e.first {
				return true
			}
		}
	}
	if e.phase == mixed && headed == e.n {
		return true
	}
	score := sum + e.prior(ord)
	if named {
		score += e.codeBonus()
	}
	if e.s.top.full() {
		floor := e.s.top.floor()
		if most+e.prior(ord) <= floor {
			e.matched = true
			return false
		}
		bound := score
		if named && e.n > 1 {
			bound += bonusOrder * e.scale
		}
		if bound <= floor {
			e.matched = true
			return true
		}
	}
	if !e.keeps(ord) {
		return true
	}
	e.matched = true
	name := -1
	if named {
		var change float32
		change, name = e.together(ord)
		score += change * e.scale
	}
	e.s.top.offer(Hit{e.part, ord, score, name, e.by})
	return true
}

// codeBonus is what words that are all in names add, as far as the codes tell.
func (e *eval) codeBonus() float32 {
	b := float32(bonusName)
	if !e.s.o.Typing {
		words := e.n
		for _, c := range e.codes[:e.n] {
			words = max(words, nameWords(c))
		}
		b += bonusShare * float32(e.n) / float32(words)
	}
	if e.codes[0]&isFirst != 0 {
		b += bonusStart
	}
	return b * e.scale
}

// together looks whether one name has all the words, in order, and which: what
// that adds to the bonus of the codes, or takes from it.
func (e *eval) together(ord uint32) (change float32, name int) {
	change, name = bonusParts-bonusName, -1
	e.ix.names.each(ord, func(i int, words []uint32) bool {
		all, ordered := e.inName(words)
		if !all {
			return true
		}
		c := float32(0)
		if ordered {
			c += bonusOrder
		}
		if i > 0 {
			c -= malusAlias
		}
		if c > change {
			change, name = c, i
		}
		return !ordered || i > 0
	})
	return change, name
}

// inName reports whether a name has all the words, and whether more than one
// stand together in order.
func (e *eval) inName(words []uint32) (all, ordered bool) {
	ordered = e.n > 1
	last := -1
	for i := range e.n {
		src := &e.options[i].in[e.part]
		at := slices.IndexFunc(words, func(t uint32) bool { return t >= src.lo && t < src.hi })
		if at < 0 {
			return false, false
		}
		if i > 0 && at != last+1 {
			ordered = false
		}
		last = at
	}
	return true, ordered
}
