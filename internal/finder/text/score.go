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

// textMost is the largest impact outside the head of a list.
var textMost = func() (most float32) {
	for _, v := range impacts[:headFrom] {
		most = max(most, v)
	}
	return most
}()

// typingText is what a word in a text is worth while it is being typed.
const typingText = 0.2

// typingImpacts is the worth of a code while a word is being typed: where a
// name has it counts, how long that name is does not, so that the best known
// of many comes first and the rest need not be looked at.
var typingImpacts = func() (t [256]float32) {
	for i := range t {
		switch c := code(i); {
		case c < headFrom:
			t[i] = typingText
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

// impactMost is the largest impact that a word may have. A name of a single
// word that is asked for has been offered already.
func (e *eval) impactMost() float32 {
	if e.n == 1 && e.literal && !e.s.o.Typing {
		return impacts[nameCode(true, true, 2)|isMore]
	}
	return 1
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
