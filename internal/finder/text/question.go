package text

import "math"

// searcher is one search under way.
type searcher struct {
	parts  []Part
	o      Options
	docs   int
	asked  []*group // per word of the question
	groups []*group // the different ones
	top    top
	eval   eval
	work   int // postings looked at
	visits int // nodes of dictionaries that may still be looked at

	tried   map[string]bool // combinations that have been run
	runs    []*combination  // those that found something
	partial bool
}

// group is one word of the question and what it may stand for.
type group struct {
	word    []byte
	runes   []rune
	known   bool // some part has the word as it is
	last    bool
	rarity  float32
	options []*option
	near    [farEdits + 1][]*option // per number of edits, once looked for
}

// option is one reading of a word: a term or the beginning of terms.
type option struct {
	text   string
	begins bool
	weight float32
	edits  int
	heads  int // head postings in all parts
	total  int // postings in all parts
	in     []source
}

// source is what an option means in one part.
type source struct {
	lo, hi uint32
	head   postings
	all    postings
	ready  bool
}

func newSearcher(parts []Part, words []string, o Options) *searcher {
	s := &searcher{parts: parts, o: o, tried: map[string]bool{}, visits: maxVisits}
	s.top.limit = o.Limit
	s.eval.s = s
	for _, p := range parts {
		s.docs += p.Index.Len()
	}
	byWord := map[string]*group{}
	for _, w := range words {
		g := byWord[w]
		if g == nil {
			g = &group{word: []byte(w), runes: []rune(w), rarity: rarity(1, s.docs)}
			if as := s.term(w, 1, 0); as.total > 0 {
				g.known = true
				g.options = append(g.options, as)
				g.rarity = rarity(as.total, s.docs)
			}
			byWord[w] = g
			s.groups = append(s.groups, g)
		}
		s.asked = append(s.asked, g)
	}
	s.asked[len(words)-1].last = true
	return s
}

// rarity is the weight of a term that df of n documents have (BM25's inverse
// document frequency).
func rarity(df, n int) float32 {
	return float32(math.Log1p((float64(max(n-df, 0)) + 0.5) / (float64(df) + 0.5)))
}

// term is the reading of a word as one term.
func (s *searcher) term(text string, weight float32, edits int) *option {
	op := &option{text: text, weight: weight, edits: edits, in: make([]source, len(s.parts))}
	for i, p := range s.parts {
		if t, ok := p.Index.dict.lookup([]byte(text)); ok {
			op.in[i].lo, op.in[i].hi = t, t+1
			op.heads += int(p.Index.lists[t].head.n)
			op.total += int(p.Index.lists[t].all.n)
		}
	}
	return op
}

// beginning is the reading of a word as the beginning of terms.
func (s *searcher) beginning(text string, weight float32, edits int) *option {
	op := &option{text: text, begins: true, weight: weight, edits: edits, in: make([]source, len(s.parts))}
	for i, p := range s.parts {
		lo, hi := p.Index.dict.starting([]byte(text))
		op.in[i].lo, op.in[i].hi = lo, hi
		op.heads += p.Index.heads(lo, hi)
	}
	op.total = op.heads
	return op
}

// prepare finds the lists of an option in a part.
func (s *searcher) prepare(op *option, part int) *source {
	src := &op.in[part]
	if !src.ready {
		src.ready = true
		ix := s.parts[part].Index
		node := noNode
		if op.begins && src.hi-src.lo > 1 {
			node = ix.dict.nodeOf([]byte(op.text))
		}
		src.head = ix.headOf(src.lo, src.hi, node)
		src.all = ix.allOf(src.lo, src.hi)
		if src.all.len() < src.head.len() {
			src.all = src.head
		}
		if !s.o.Typing { // see typingImpacts
			src.head.bound(ix)
			src.all.bound(ix)
		}
	}
	return src
}
