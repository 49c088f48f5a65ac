package text

import "slices"

// open sets the cursors for a phase, the shortest list first in order; false
// when one is empty.
func (e *eval) open(p phase, first int) (lists int, ok bool) {
	var length [maxTerms + 1]int
	for i, op := range e.options {
		if length[i] = e.from(p, first, op, i).len(); length[i] == 0 {
			return 0, false
		}
		e.order[i] = i
	}
	lists = e.n
	if e.p.Only != nil {
		e.cursors[lists].openSlice(e.p.Only, anyCode[:])
		length[lists], e.order[lists] = len(e.p.Only), lists
		lists++
	}
	slices.SortFunc(e.order[:lists], func(a, b int) int { return length[a] - length[b] })
	for at, i := range e.order[:lists] {
		if i < e.n {
			e.from(p, first, e.options[i], i).open(&e.cursors[i], e.ix.arena, at == 0)
		}
	}
	e.phase, e.first = p, first
	return lists, true
}

// from is the list of option number i for a phase.
func (e *eval) from(p phase, first int, op *option, i int) *postings {
	src := e.s.prepare(op, e.part)
	if p == heads || p == mixed && i == first {
		return &src.head
	}
	return &src.all
}

var anyCode = [1]code{0}

// bounds notes what the lists may add to a score, and returns what they and a
// name may be worth together.
func (e *eval) bounds(lists int) (most float32) {
	e.after[lists] = rounding
	for at := lists - 1; at >= 0; at-- {
		e.after[at] = e.after[at+1]
		if i := e.order[at]; i < e.n {
			e.after[at] += e.share[i] * e.most(i, e.phase == texts || e.phase == mixed && i < e.first)
		}
	}
	if most = e.after[0]; e.phase == every || e.phase == heads {
		most = min(most, e.full*e.impactMost()) + e.bonusMost()
	}
	return most
}

// sweep walks the lists together and offers what all of them have, as long as
// it may make it to the top; false when it did not come to the end.
func (e *eval) sweep(p phase, first int) bool {
	lists, ok := e.open(p, first)
	if !ok {
		return true
	}
	lead, rest := &e.cursors[e.order[0]], e.order[1:lists]
	most := e.bounds(lists)
	skips := p == texts && e.order[0] < e.n
	doc, prior := lead.doc, float32(priorWeight)
	left := patience * leaps
	if e.s.o.Typing {
		left /= 4
	}
	hurries := p == mixed || p == texts || p == heads && e.s.o.Typing
next:
	for ; doc != done; e.s.work += lists {
		if e.s.work >= maxWork {
			return false
		}
		if e.s.top.full() {
			if hurries && left < 0 {
				return false
			}
			if e.matched {
				if lead.pos == 0 {
					prior = e.prior(doc)
				}
				if most+prior <= e.s.top.floor() {
					return false
				}
				if e.hopeless(prior) {
					left--
					doc = e.step(lead, skips)
					continue
				}
			}
			left -= leaps
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
		if !e.match(doc, most) {
			return false
		}
		prior = e.prior(doc) // bounds what follows
		doc = e.step(lead, skips)
	}
	return true
}

// hopeless reports whether the leading posting is too weak for the top,
// whatever the other lists say of its document, or not for this phase.
func (e *eval) hopeless(prior float32) bool {
	i := e.order[0]
	if i == e.n {
		return false
	}
	c := e.cursors[i].code()
	if c >= headFrom && (e.phase == texts || e.phase == mixed && i < e.first) {
		return true
	}
	most := e.share[i]*e.impact[c] + e.after[1]
	if c >= inName && (e.phase == every || e.phase == heads) {
		most += e.bonusMost()
	}
	return most+prior <= e.s.top.floor()
}

// rounding is more than the sums of some shares in another order may differ.
const rounding = 1e-5

// step moves the leading cursor on; where it may, over blocks that cannot
// reach the top.
func (e *eval) step(lead *cursor, skips bool) uint32 {
	doc := lead.next()
	if !skips || lead.pos > 0 || doc == done || !e.s.top.full() {
		return doc
	}
	word := e.order[0]
	need := (e.s.top.floor() - e.after[1] - e.prior(doc)) / e.share[word] * 255
	if need <= 0 {
		return doc
	}
	return lead.skip(uint8(min(need, 255)))
}

// gather calls Visit with the documents that all lists have, a block at a
// time; false when it did not come to the end.
func (e *eval) gather() bool {
	lists, ok := e.open(every, 0)
	if !ok {
		return true
	}
	if lists == 1 && e.p.Keep == nil {
		return e.gatherAll(&e.cursors[e.order[0]])
	}
	var room [blockLen]uint32
	found := room[:0]
	lead, rest := &e.cursors[e.order[0]], e.order[1:lists]
next:
	for doc := lead.doc; doc != done; e.s.work += lists {
		if e.s.work >= maxWork {
			e.s.o.Visit(e.part, found)
			return false
		}
		for _, i := range rest {
			if at := e.cursors[i].seek(doc); at != doc {
				if at == done {
					break next
				}
				doc = lead.seek(at)
				continue next
			}
		}
		if e.keeps(doc) {
			if found = append(found, doc); len(found) == len(room) {
				if !e.s.o.Visit(e.part, found) {
					return false
				}
				found = found[:0]
			}
		}
		doc = lead.next()
	}
	return len(found) == 0 || e.s.o.Visit(e.part, found)
}

// gatherAll is gather for a single list of which everything is kept.
func (e *eval) gatherAll(c *cursor) bool {
	for c.doc != done {
		ords := c.ords[c.pos:]
		if left := maxWork - e.s.work; left < len(ords) {
			e.s.o.Visit(e.part, ords[:max(left, 0)])
			return false
		}
		e.s.work += len(ords)
		if !e.s.o.Visit(e.part, ords) {
			return false
		}
		c.pos = len(c.ords) - 1
		c.next()
	}
	return true
}
