package text

import (
	"bytes"
	"slices"
	"sync"
)

// Source is a document of one of several indexes or Builders.
type Source struct{ Index, Ord int }

// gone is the new ordinal of a document that is not taken over.
const gone = ^uint32(0)

// Merge makes one index of the documents named in order, which become
// ordinals 0, 1, …; documents that are not named are left out. It works from
// the indexes alone: no texts are needed.
func Merge(indexes []*Index, order []Source) *Index {
	in := make([]origin, len(indexes))
	for i, ix := range indexes {
		in[i] = ix
	}
	return merge(in, order)
}

// Gather does the same with what was added to several Builders, which must not
// be used afterwards. order names the documents by falling rank.
func Gather(builders []*Builder, order []Source) *Index {
	in := make([]origin, len(builders))
	var all sync.WaitGroup
	for i, b := range builders {
		all.Go(func() { in[i] = b.gathered() })
	}
	all.Wait()
	return merge(in, order)
}

// origin is what an index is made from. Its terms are numbered in the order of
// their bytes.
type origin interface {
	docCount() int
	termCount() int
	spelt(t uint32) []byte
	// holders is the number of documents that have a term, unpacked appends them.
	holders(t uint32) int
	unpacked(t uint32, ords []uint32, codes []code) ([]uint32, []code)
	// unpackedAll tells that no postings are asked for any more.
	unpackedAll()
	// called gives the names of a document, the title first.
	called(ord uint32, yield func(words []uint32))
	nameKeys() []uint64 // hash of a whole name << 32 | ordinal
	worth(ord uint32) uint8
}

func (ix *Index) docCount() int          { return int(ix.n) }
func (ix *Index) termCount() int         { return ix.dict.len() }
func (ix *Index) spelt(t uint32) []byte  { return ix.dict.term(t) }
func (ix *Index) holders(t uint32) int   { return int(ix.lists[t].all.n) }
func (ix *Index) nameKeys() []uint64     { return ix.exact }
func (ix *Index) worth(ord uint32) uint8 { return ix.prior[ord] }

func (ix *Index) unpacked(t uint32, ords []uint32, codes []code) ([]uint32, []code) {
	var c cursor
	for c.open(ix.arena, ix.lists[t].all); c.doc != done; c.next() {
		ords, codes = append(ords, c.doc), append(codes, c.code())
	}
	return ords, codes
}

func (ix *Index) unpackedAll() {} // it goes as a whole, when nobody searches it

func (ix *Index) called(ord uint32, yield func(words []uint32)) {
	ix.names.each(ord, func(_ int, words []uint32) bool {
		yield(words)
		return true
	})
}

// merger makes one index of several origins.
type merger struct {
	in    []origin
	order []Source
	to    [][]uint32 // per origin and ordinal, the new ordinal
	terms [][]uint32 // per origin and term, the new term

	// The terms of all origins in order: where each is found begins at start in
	// from.
	start []uint32
	from  []sighting
}

// sighting is a term of an origin.
type sighting struct{ in, term uint32 }

func merge(in []origin, order []Source) *Index {
	m := &merger{in: in, order: order, to: make([][]uint32, len(in)), terms: make([][]uint32, len(in))}
	for i, o := range in {
		m.to[i] = make([]uint32, o.docCount())
		for ord := range m.to[i] {
			m.to[i][ord] = gone
		}
		m.terms[i] = make([]uint32, o.termCount())
	}
	for ord, s := range order {
		m.to[s.Index][s.Ord] = uint32(ord)
	}
	return m.index(m.write(m.unite()))
}

// stretchPostings is about how many postings are put in order at a time.
const stretchPostings = 1 << 18

// stretch is some terms that follow each other, and their lists once they are
// written.
type stretch struct {
	lo, hi int
	lister
}

// unite lists the terms of all origins in order and parts them into stretches.
func (m *merger) unite() []*stretch {
	at := make([]uint32, len(m.in))
	var parts []*stretch
	lo, postings := 0, 0
	for {
		var least []byte
		for i, o := range m.in {
			if int(at[i]) < o.termCount() {
				if t := o.spelt(at[i]); least == nil || bytes.Compare(t, least) < 0 {
					least = t
				}
			}
		}
		if n := len(m.start); least == nil || postings >= stretchPostings {
			parts = append(parts, &stretch{lo: lo, hi: n})
			lo, postings = n, 0
		}
		m.start = append(m.start, uint32(len(m.from)))
		if least == nil {
			return parts
		}
		for i, o := range m.in {
			if int(at[i]) < o.termCount() && bytes.Equal(o.spelt(at[i]), least) {
				m.from = append(m.from, sighting{uint32(i), at[i]})
				postings += o.holders(at[i])
				at[i]++
			}
		}
	}
}

// found is where the i-th of the united terms is found.
func (m *merger) found(i int) []sighting { return m.from[m.start[i]:m.start[i+1]] }

// sideBySide is how many stretches are written at once: readers may be served
// meanwhile.
const sideBySide = 2

// write writes the lists of each stretch.
func (m *merger) write(parts []*stretch) []*stretch {
	free := make(chan *sorter, sideBySide)
	for range sideBySide {
		free <- &sorter{merger: m}
	}
	var all sync.WaitGroup
	for _, p := range parts {
		s := <-free
		all.Go(func() {
			for i := p.lo; i < p.hi; i++ {
				p.add(s.sorted(m.found(i)))
			}
			free <- s
		})
	}
	all.Wait()
	for _, o := range m.in {
		o.unpackedAll()
	}
	return parts
}

// index joins the stretches and adds what follows from them.
func (m *merger) index(parts []*stretch) *Index {
	ix := &Index{n: uint32(len(m.order))}
	arena, lists := padding, 0
	for _, p := range parts {
		arena += len(p.arena)
		lists += len(p.lists)
	}
	ix.arena, ix.lists = make([]byte, 0, arena), make([]entry, 0, lists)
	offs, spellings := make([]uint32, 1, lists+1), []byte(nil)
	for _, p := range parts {
		base := uint32(len(ix.arena) / 4)
		ix.arena = append(ix.arena, p.arena...)
		for i, e := range p.lists {
			found := m.found(p.lo + i)
			for _, f := range found {
				m.terms[f.in][f.term] = uint32(len(ix.lists))
			}
			if e.all.n == 0 {
				continue // all that had the term are gone
			}
			ix.lists = append(ix.lists, e.moved(base))
			spellings = append(spellings, m.in[found[0].in].spelt(found[0].term)...)
			offs = append(offs, uint32(len(spellings)))
		}
		p.lister = lister{}
	}
	ix.arena = padArena(ix.arena)
	var both sync.WaitGroup
	both.Go(func() {
		m.name(ix)
		ix.mark()
		ix.densify()
	})
	var grams gramWriter
	both.Go(func() {
		ix.dict = newDictionary(offs, slices.Clip(spellings))
		grams.write(ix)
	})
	both.Wait()
	grams.join()
	return ix
}

// name takes over what the documents are called.
func (m *merger) name(ix *Index) {
	var w nameWriter
	ix.prior = make([]uint8, len(m.order))
	for ord, s := range m.order {
		in := m.in[s.Index]
		ix.prior[ord] = in.worth(uint32(s.Ord))
		terms := m.terms[s.Index]
		in.called(uint32(s.Ord), func(words []uint32) {
			w.begin(len(words))
			for _, t := range words {
				w.word(terms[t])
			}
		})
		w.end()
	}
	ix.names = w.names()
	n := 0
	for _, in := range m.in {
		n += len(in.nameKeys())
	}
	ix.exact = make([]uint64, 0, n)
	for i, in := range m.in {
		for _, key := range in.nameKeys() {
			if to := m.to[i][uint32(key)]; to != gone {
				ix.exact = append(ix.exact, key>>32<<32|uint64(to))
			}
		}
	}
	slices.Sort(ix.exact)
}
