package text

import (
	"encoding/binary"

	"mirabilia/internal/finder/pack"
)

// Write packs the index.
func (ix *Index) Write(w *pack.Writer) {
	d := &ix.dict
	pack.Integers(w, d.offs)
	w.Bytes(d.text)
	pack.Integers(w, d.label)
	pack.Integers(w, d.end)
	pack.Integers(w, d.first)
	w.Each(len(ix.lists), 16, func(i int, b []byte) {
		putList(b, ix.lists[i].all)
		putList(b[8:], ix.lists[i].head)
	})
	w.Bytes(ix.arena)
	w.Each(len(ix.grams), 12, func(i int, b []byte) {
		binary.LittleEndian.PutUint32(b, ix.grams[i].node)
		putList(b[4:], ix.grams[i].list)
	})
	pack.Integers(w, ix.names.offs)
	w.Bytes(ix.names.data)
	pack.Integers(w, ix.exact)
	w.Bytes(ix.prior)
	pack.Integers(w, ix.marks)
}

// Read gives the index of n documents that Write packed. What it says is good
// only if r has no error.
func Read(r *pack.Reader, n int) *Index {
	ix := &Index{n: uint32(n)}
	d := &ix.dict
	d.offs = pack.ReadIntegers[uint32](r)
	d.text = r.Bytes()
	d.label = pack.ReadIntegers[rune](r)
	d.end = pack.ReadIntegers[uint32](r)
	d.first = pack.ReadIntegers[uint32](r)
	ix.lists = pack.ReadEach(r, 16, func(b []byte) entry { return entry{takeList(b), takeList(b[8:])} })
	ix.arena = r.Bytes()
	ix.grams = pack.ReadEach(r, 12, func(b []byte) gram {
		return gram{binary.LittleEndian.Uint32(b), takeList(b[4:])}
	})
	ix.names.offs = pack.ReadIntegers[uint32](r)
	ix.names.data = r.Bytes()
	ix.exact = pack.ReadIntegers[uint64](r)
	ix.prior = r.Bytes()
	ix.marks = pack.ReadIntegers[uint32](r)
	if r.Err() == nil && !(ix.sound() && ix.densify()) {
		r.Break()
	}
	return ix
}

func putList(b []byte, l list) {
	binary.LittleEndian.PutUint32(b, l.off)
	binary.LittleEndian.PutUint32(b[4:], l.n)
}

func takeList(b []byte) list {
	return list{binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:])}
}

// sound reports whether the tables fit each other. The postings themselves are
// left to their checksum, but for the dense lists: reading all takes as long as
// everything else.
func (ix *Index) sound() bool {
	d, n := &ix.dict, int(ix.n)
	terms := len(d.offs) - 1
	if terms < 0 || !pack.Offsets(d.offs, terms, len(d.text)) || len(ix.lists) != terms ||
		len(d.end) != len(d.label) || len(d.first) != len(d.label)+1 ||
		!pack.Below(d.first, terms+1) || !pack.Below(d.end, len(d.label)+1) {
		return false
	}
	for node, end := range d.end {
		if int(end) <= node || d.first[node] > d.first[end] {
			return false
		}
	}
	for _, e := range ix.lists {
		if !ix.holds(e.all) || e.head.off != noList && !ix.holds(e.head) {
			return false
		}
	}
	for i, g := range ix.grams {
		if int(g.node) >= len(d.label) || i > 0 && g.node <= ix.grams[i-1].node || !ix.holds(g.list) {
			return false
		}
	}
	for i, key := range ix.exact {
		if uint32(key) >= ix.n || i > 0 && key < ix.exact[i-1] {
			return false
		}
	}
	return pack.Offsets(ix.names.offs, n, len(ix.names.data)) && len(ix.prior) == n &&
		len(ix.marks) == n*marksPerDoc && pack.Below(ix.marks, terms+1)
}

// holds reports whether a list begins in the arena and has room for its codes.
func (ix *Index) holds(l list) bool {
	return l.n <= ix.n && uint64(l.off)*4+padding <= uint64(len(ix.arena))
}
