package text

import "slices"

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
