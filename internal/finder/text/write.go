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

// lister writes the lists of terms one after the other.
type lister struct {
	arena []byte
	lists []entry
	ords  []uint32 // scratch for heads
	codes []code
}

// add writes the lists of the next term.
func (l *lister) add(ords []uint32, codes []code) {
	if len(ords) == 0 {
		l.lists = append(l.lists, entry{head: list{off: noList}})
		return
	}
	l.ords, l.codes = l.ords[:0], l.codes[:0]
	for i, c := range codes {
		if c >= headFrom {
			l.ords, l.codes = append(l.ords, ords[i]), append(l.codes, c)
		}
	}
	var e entry
	l.arena, e.all = appendList(l.arena, ords, codes)
	switch {
	case len(l.ords) == len(ords):
		e.head = e.all
	case len(ords) < siftBelow || len(l.ords) == 0:
		e.head = list{noList, uint32(len(l.ords))}
	default:
		l.arena, e.head = appendList(l.arena, l.ords, l.codes)
	}
	l.lists = append(l.lists, e)
}

// moved is the entry where its lists lie so many words farther on.
func (e entry) moved(words uint32) entry {
	e.all.off += words
	if e.head.off != noList {
		e.head.off += words
	}
	return e
}

// gramWriter writes the grams of a trie.
type gramWriter struct {
	ix      *Index
	grams   []gram
	arena   []byte
	best    []code   // per document, cleared after each use
	touched []uint64 // a bit for each document with a best code
	sieve   sieve
	ords    []uint32
	codes   []code
}

// write writes the grams of an index that has its lists and its dictionary.
func (g *gramWriter) write(ix *Index) {
	g.ix, g.best, g.touched = ix, make([]code, ix.n), make([]uint64, (ix.n+63)/64)
	for node := uint32(0); node < uint32(len(ix.dict.label)); node = ix.dict.end[node] {
		g.visit(node)
	}
	slices.SortFunc(g.grams, func(a, b gram) int { return int(a.node) - int(b.node) })
}

// join puts the grams behind the lists of the index.
func (g *gramWriter) join() {
	ix, lists := g.ix, len(g.ix.arena)-padding
	ix.grams = slices.Clip(g.grams)
	if len(g.grams) == 0 {
		return
	}
	for i := range ix.grams {
		ix.grams[i].list.off += uint32(lists / 4)
	}
	arena := make([]byte, 0, lists+len(g.arena)+padding)
	ix.arena = padArena(append(append(arena, ix.arena[:lists]...), g.arena...))
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
	if last := len(g.grams) - 1; shared && last >= 0 && g.grams[last].node == node+1 {
		g.grams = append(g.grams, gram{node, g.grams[last].list})
		return
	}
	g.gather(lo, hi)
	var l list
	g.arena, l = appendList(g.arena, g.ords, g.codes)
	g.grams = append(g.grams, gram{node, l})
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
