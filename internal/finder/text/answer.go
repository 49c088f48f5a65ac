package text

import (
	"math"
	"slices"
)

// answer sums the search up.
func (s *searcher) answer() Answer {
	a := Answer{Hits: s.top.sorted(), Partial: s.partial}
	if len(a.Hits) == 0 {
		a.Words = s.far()
		a.Corrected = a.Words != nil
	} else {
		a.Words = s.understood(a.Hits[0].by)
		a.Corrected = a.Hits[0].by != nil && a.Hits[0].by.edits > 0
	}
	if s.o.Visit != nil {
		a.More = s.count()
	}
	return a
}

// understood is the question as a combination reads it; as it came without one.
func (s *searcher) understood(by *combination) []string {
	if by == nil && s.partial {
		return nil
	}
	var words []string
	for _, g := range s.asked {
		at := slices.Index(s.groups, g)
		switch {
		case at < 0: // left out
		case by == nil || by.options[at].edits == 0:
			words = append(words, string(g.word))
		default:
			words = append(words, by.options[at].text)
		}
	}
	return words
}

// farEdits is how far from a word an empty answer looks for one that exists.
const farEdits = 3

// far is the question with the words that nothing is near to replaced by what
// is nearest all the same, so that an empty answer can offer something that
// exists; nil when there is nothing.
func (s *searcher) far() []string {
	if len(s.groups) > 3 {
		return nil
	}
	var words []string
	for _, g := range s.groups {
		if len(g.runes) < 6 {
			continue
		}
		g.options = s.nearTerms(g, farEdits)
		sortNear(g.options, g.runes[0])
		for _, op := range g.options[:min(len(g.options), maxPlain)] {
			if op.heads > 0 && s.exists(op) {
				words = append(words, op.text)
				break
			}
		}
	}
	return words
}

// exists reports whether a document with the option may be found.
func (s *searcher) exists(op *option) bool {
	for part := range s.parts {
		s.eval.enter(part)
		c := &s.eval.cursors[0]
		from := s.prepare(op, part).head
		for from.open(c, s.eval.ix.arena, true); c.doc != done && s.work < maxWork; c.next() {
			s.work++
			if s.eval.keeps(c.doc) {
				return true
			}
		}
	}
	return false
}

// countWork bounds the postings that counting looks at.
const countWork = 12_000

// count calls Visit for what the readings that found something match.
func (s *searcher) count() (more bool) {
	if s.o.All && s.partial {
		return false
	}
	// A top with room left holds everything that matches.
	if len(s.runs) == 0 || !s.top.full() && s.work < maxWork {
		for _, h := range s.top.hits {
			s.o.Visit(h.Part, []uint32{h.Ord})
		}
		return false
	}
	s.work = maxWork - countWork
	if s.o.All {
		s.work = math.MinInt / 2
	}
	for _, c := range s.runs {
		for part := range s.parts {
			e := &s.eval
			e.enter(part)
			e.options, e.n = c.options, len(c.options)
			if !e.gather() {
				return true
			}
		}
	}
	return false
}
