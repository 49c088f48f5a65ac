package text

import (
	"math/bits"
	"slices"
)

const (
	// siftBelow is the length of a list under which its head is not kept
	// apart, but sifted out when it is asked for.
	siftBelow = 64
	// gramFrom is the number of head postings from which a beginning that
	// several terms share gets a list of its own; shorter ones are put
	// together when they are asked for.
	gramFrom = 1024
	// marksPerDoc is the number of terms that are noted as telling a document
	// apart.
	marksPerDoc = 6
)

// gram is the head of all the terms below a node of the trie.
type gram struct {
	node uint32
	list list
}

// writer puts an index together from terms in order.
type writer struct {
	ix    *Index
	offs  []uint32
	text  []byte
	ords  []uint32 // scratch for heads
	codes []code
}

func newWriter(docs uint32, terms int) *writer {
	w := &writer{ix: &Index{n: docs}, offs: make([]uint32, 1, terms+1)}
	w.ix.lists = make([]entry, 0, terms)
	return w
}

// term writes the next term, in ascending order, with its postings.
func (w *writer) term(term []byte, ords []uint32, codes []code) {
	w.text = append(w.text, term...)
	w.offs = append(w.offs, uint32(len(w.text)))
	w.ords, w.codes = w.ords[:0], w.codes[:0]
	for i, c := range codes {
		if c >= headFrom {
			w.ords, w.codes = append(w.ords, ords[i]), append(w.codes, c)
		}
	}
	var e entry
	w.ix.arena, e.all = appendList(w.ix.arena, ords, codes)
	switch {
	case len(w.ords) == len(ords):
		e.head = e.all
	case len(ords) < siftBelow || len(w.ords) == 0:
		e.head = list{noList, uint32(len(w.ords))}
	default:
		w.ix.arena, e.head = appendList(w.ix.arena, w.ords, w.codes)
	}
	w.ix.lists = append(w.ix.lists, e)
}

// finish adds what follows from the lists.
func (w *writer) finish(n names, exact []uint64, prior []uint8) *Index {
	ix := w.ix
	ix.dict = newDictionary(w.offs, slices.Clip(w.text))
	ix.names, ix.prior = n, prior
	slices.Sort(exact)
	ix.exact = slices.Clip(exact)
	// Heads are read while grams are appended, so that the arena must be safe
	// to read beyond its end now already.
	ix.arena = padArena(ix.arena)
	g := gramWriter{ix: ix, best: make([]code, ix.n), touched: make([]uint64, (ix.n+63)/64)}
	for node := uint32(0); node < uint32(len(ix.dict.label)); node = ix.dict.end[node] {
		g.visit(node)
	}
	slices.SortFunc(ix.grams, func(a, b gram) int { return int(a.node) - int(b.node) })
	ix.arena = slices.Clip(padArena(ix.arena))
	ix.grams = slices.Clip(ix.grams)
	ix.mark()
	ix.densify()
	return ix
}

// gramWriter writes the grams of a trie.
type gramWriter struct {
	ix      *Index
	best    []code   // per document, cleared after each use
	touched []uint64 // a bit for each document with a best code
	sieve   sieve
	ords    []uint32
	codes   []code
}

// visit writes the grams of a node and those below it. Where a child holds
// the same terms, one list serves both.
func (g *gramWriter) visit(node uint32) {
	ix := g.ix
	lo, hi := ix.dict.nodeTerms(node)
	if hi-lo < 2 || ix.heads(lo, hi) < gramFrom {
		return
	}
	shared := false
	for child := node + 1; child < ix.dict.end[node]; child = ix.dict.end[child] {
		g.visit(child)
		clo, chi := ix.dict.nodeTerms(child)
		shared = clo == lo && chi == hi
	}
	if last := len(ix.grams) - 1; shared && last >= 0 && ix.grams[last].node == node+1 {
		ix.grams = append(ix.grams, gram{node, ix.grams[last].list})
		return
	}
	g.gather(lo, hi)
	arena, l := appendList(ix.arena[:len(ix.arena)-padding], g.ords, g.codes)
	ix.arena = padArena(arena)
	ix.grams = append(ix.grams, gram{node, l})
}

// gather puts the heads of terms lo to hi together in ords and codes.
func (g *gramWriter) gather(lo, hi uint32) {
	var c cursor
	for t := lo; t < hi; t++ {
		g.ix.openHead(&c, t, &g.sieve)
		for ; c.doc != done; c.next() {
			k, best := c.code(), &g.best[c.doc]
			if *best == 0 {
				g.touched[c.doc/64] |= 1 << (c.doc % 64)
				*best = k
			} else if impacts[k] > impacts[*best] {
				*best = k
			}
		}
	}
	g.ords, g.codes = g.ords[:0], g.codes[:0]
	for i, word := range g.touched {
		for ; word != 0; word &= word - 1 {
			ord := uint32(i*64 + bits.TrailingZeros64(word))
			g.ords, g.codes = append(g.ords, ord), append(g.codes, g.best[ord])
			g.best[ord] = 0
		}
		g.touched[i] = 0
	}
}
