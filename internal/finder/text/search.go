package text

import "slices"

// maxTerms bounds the words of a question; those beyond are not looked at.
const maxTerms = 16

// maxHits bounds the hits that one search ranks.
const maxHits = 500

// Part is one index of several that are searched as one, with what of it may
// be found.
type Part struct {
	Index *Index
	Keep  func(ord uint32) bool // nil keeps all
	Only  []uint32              // when not nil, the only ordinals that may be found, ascending
}

// Options say how to search.
type Options struct {
	Limit int // hits wanted, at most 500
	// Typing asks for suggestions: the last word is a beginning, names come
	// before texts, and what is better known comes first.
	Typing bool
	// Visit, when set, is called with all matches, some at a time, until it
	// returns false or it gets too much work; with some matches more than once.
	Visit func(part int, ords []uint32) bool
	// All asks Visit for every match, however much work, but only for
	// documents that have all the words, in some reading.
	All bool
	// Exact forgives nothing: only what has all the words as they are is found.
	Exact bool
}

// Hit is a document found.
type Hit struct {
	Part  int
	Ord   uint32
	Score float32
	// Name is the name that holds the words: 0 the title, i+1 alias i; -1 when
	// they are not all in one name.
	Name int

	by *combination
}

// Answer is what a search found, best first.
type Answer struct {
	Hits []Hit
	// Words is the question as it was understood: misspelt words corrected,
	// beginnings left as they are, words that nothing has left out.
	Words []string
	// Corrected is set when the best hit has them only with a correction.
	Corrected bool
	// More is set when Visit was not called for every match.
	More bool
	// Partial is set when nothing had all the words.
	Partial bool
}

// Search looks for the words (folded terms) in all the parts.
func Search(parts []Part, words []string, o Options) Answer {
	words = words[:min(len(words), maxTerms)]
	o.Limit = min(max(o.Limit, 0), maxHits)
	if len(words) == 0 || o.Limit == 0 {
		return Answer{}
	}
	if o.Exact && !knowAll(parts, words) { // before anything is made ready: texts are asked for by the hundred
		return Answer{}
	}
	s := newSearcher(parts, words, o)
	if o.Exact {
		s.run(s.combinations(false))
		return Answer{Hits: s.top.sorted()}
	}
	enough := min(o.Limit, 10)
	s.whole()
	s.eval.namesOnly = o.Typing
	s.literal()
	if o.Typing && len(s.top.hits) < enough {
		// Names give too little: texts and places may have the words.
		s.eval.namesOnly = false
		clear(s.tried)
		s.run(s.combinations(false))
	}
	if s.top.named < enough {
		s.widened()
	}
	if len(s.top.hits) < enough {
		s.misspelt()
	}
	if len(s.top.hits) == 0 {
		s.part()
	}
	if len(s.top.hits) == 0 && s.drop() {
		s.partial = true
		s.run(s.combinations(false))
	}
	if len(s.top.hits) == 0 {
		s.partial = true
		s.some()
	}
	return s.answer()
}

// knowAll reports whether there is a document for each word as it is.
func knowAll(parts []Part, words []string) bool {
	for _, w := range words {
		word := []byte(w)
		if !slices.ContainsFunc(parts, func(p Part) bool {
			_, ok := p.Index.dict.lookup(word)
			return ok
		}) {
			return false
		}
	}
	return true
}

// whole offers the documents that bear the whole question as a name.
func (s *searcher) whole() {
	words := make([]string, len(s.asked))
	for i, g := range s.asked {
		words[i] = string(g.word)
	}
	for i := range s.parts {
		e := &s.eval
		e.enter(i)
		offered := 0
		e.ix.Named(words, func(ord uint32, name int) bool {
			if !e.keeps(ord) {
				return true
			}
			score := 1 + bonusName + bonusShare + bonusOrder + bonusStart + bonusExact + e.prior(ord)
			if name > 0 {
				score -= malusAlias
			}
			s.top.offer(Hit{i, ord, score, name, nil})
			offered++
			return offered < s.o.Limit
		})
	}
}

// literal looks for the words as they are; the last is read as a beginning
// while it is being typed, or when no document has it. A word that none has is
// read as a misspelling.
func (s *searcher) literal() {
	for _, g := range s.groups {
		if g.last && (s.o.Typing || !g.known) {
			g.options = append(g.options, s.begun(g)...)
		}
		if len(g.options) == 0 || !g.known && !s.o.Typing {
			g.options = append(g.options, s.near(g, false)...)
		}
	}
	if g := s.groups[0]; len(s.groups) == 1 && len(g.options) > 1 && !g.known && !s.o.Typing {
		s.apart()
		return
	}
	s.run(s.combinations(false))
}

// begun reads a word as the beginning of one.
func (s *searcher) begun(g *group) []*option {
	weight := float32(weightBegins)
	if !s.o.Typing {
		weight *= 0.95 // a finished question means what it says
	}
	if op := s.beginning(string(g.word), weight, 0); op.heads > 0 {
		return []*option{op}
	}
	return nil
}

// apart runs the readings of a single word that nothing has one by one, so
// that the best hit of each of the likeliest gets a place: no other word tells
// which of them was meant, and a common word must not crowd out a rare one.
func (s *searcher) apart() {
	list := s.combinations(false)
	all := s.top
	var sure, rest []Hit
	for i, c := range list {
		s.top = top{limit: s.o.Limit}
		s.run([]*combination{c})
		hits := s.top.sorted()
		if len(hits) > 0 && i < s.o.Limit*2/3 {
			sure, hits = append(sure, hits[0]), hits[1:]
		}
		rest = append(rest, hits...)
	}
	s.top = all
	for _, h := range sure {
		s.top.offer(h)
	}
	slices.SortFunc(rest, better)
	for _, h := range rest {
		if s.top.full() {
			break
		}
		s.top.offer(h)
	}
}

// widened reads the words of a finished question in other numbers and cases
// too, and its last word as a beginning.
func (s *searcher) widened() {
	if s.o.Typing {
		return
	}
	for _, g := range s.groups {
		g.options = append(g.options, s.forms(g)...)
		if g.last && g.known {
			g.options = append(g.options, s.begun(g)...)
		}
	}
	s.eval.namesOnly = s.top.full()
	s.run(s.combinations(false))
	s.eval.namesOnly = false
}

// misspelt reads every word as a misspelling, known or not.
func (s *searcher) misspelt() {
	more := false
	for _, g := range s.groups {
		have := map[string]bool{}
		for _, op := range g.options {
			have[op.key()] = true
		}
		for _, op := range s.near(g, true) {
			if !have[op.key()] {
				g.options = append(g.options, op)
				more = true
			}
		}
	}
	if more {
		s.run(s.combinations(true))
	}
}

// drop leaves out the words that nothing has, however it is spelt.
func (s *searcher) drop() bool {
	var kept []*group
	for _, g := range s.groups {
		if len(g.options) > 0 {
			kept = append(kept, g)
		}
	}
	dropped := len(kept) > 0 && len(kept) < len(s.groups)
	if dropped {
		s.groups = kept
		clear(s.tried)
	}
	return dropped
}
