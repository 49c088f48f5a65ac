package text

import (
	"bytes"
	"cmp"
	"slices"
)

// Source is a document of one of several indexes.
type Source struct{ Index, Ord int }

// gone is the new ordinal of a document that is not taken over.
const gone = ^uint32(0)

// Merge makes one index of the documents named in order, which become
// ordinals 0, 1, …; documents that are not named are left out. It works from
// the indexes alone: no texts are needed.
func Merge(indexes []*Index, order []Source) *Index {
	m := merger{in: indexes, to: make([][]uint32, len(indexes)), terms: make([][]uint32, len(indexes))}
	for i, ix := range indexes {
		m.to[i] = make([]uint32, ix.n)
		for ord := range m.to[i] {
			m.to[i][ord] = gone
		}
		m.terms[i] = make([]uint32, ix.dict.len())
	}
	for ord, s := range order {
		m.to[s.Index][s.Ord] = uint32(ord)
	}
	m.w = newWriter(uint32(len(order)), 0)
	m.dictionaries()
	var n nameWriter
	prior := make([]uint8, len(order))
	for ord, s := range order {
		ix := m.in[s.Index]
		prior[ord] = ix.prior[s.Ord]
		ix.names.each(uint32(s.Ord), func(_ int, words []uint32) bool {
			n.begin(len(words))
			for _, t := range words {
				n.word(m.terms[s.Index][t])
			}
			return true
		})
		n.end()
	}
	var exact []uint64
	for i, ix := range m.in {
		for _, key := range ix.exact {
			if to := m.to[i][uint32(key)]; to != gone {
				exact = append(exact, key>>32<<32|uint64(to))
			}
		}
	}
	return m.w.finish(n.names(), exact, prior)
}

type merger struct {
	in    []*Index
	to    [][]uint32 // per index and ordinal, the new ordinal
	terms [][]uint32 // per index and term, the new term
	w     *writer
	found []posting
	ords  []uint32
	codes []code
}

type posting struct {
	ord  uint32
	code code
}

// dictionaries writes the terms of all the indexes in order.
func (m *merger) dictionaries() {
	at := make([]uint32, len(m.in))
	for {
		var least []byte
		for i, ix := range m.in {
			if int(at[i]) < ix.dict.len() {
				if t := ix.dict.term(at[i]); least == nil || bytes.Compare(t, least) < 0 {
					least = t
				}
			}
		}
		if least == nil {
			return
		}
		m.found = m.found[:0]
		number := uint32(len(m.w.ix.lists))
		for i, ix := range m.in {
			if int(at[i]) < ix.dict.len() && bytes.Equal(ix.dict.term(at[i]), least) {
				m.collect(i, at[i])
				m.terms[i][at[i]] = number
				at[i]++
			}
		}
		if len(m.found) > 0 {
			m.write(least)
		}
	}
}

// collect takes over the postings of term t of index i.
func (m *merger) collect(i int, t uint32) {
	var c cursor
	ix := m.in[i]
	for c.open(ix.arena, ix.lists[t].all); c.doc != done; c.next() {
		if to := m.to[i][c.doc]; to != gone {
			m.found = append(m.found, posting{to, c.code()})
		}
	}
}

func (m *merger) write(term []byte) {
	byOrd := func(a, b posting) int { return cmp.Compare(a.ord, b.ord) }
	if !slices.IsSortedFunc(m.found, byOrd) {
		slices.SortFunc(m.found, byOrd)
	}
	m.ords, m.codes = m.ords[:0], m.codes[:0]
	for _, p := range m.found {
		m.ords, m.codes = append(m.ords, p.ord), append(m.codes, p.code)
	}
	m.w.term(term, m.ords, m.codes)
}
