package facet

import (
	"slices"

	"mirabilia/internal/finder/pack"
)

// Write packs the index: the terms of each document, from which the rest
// follows, and the rest, since making it anew takes longer than reading it.
func (x *Index) Write(w *pack.Writer) {
	ends := make([]uint32, len(x.keys))
	size := 0
	for i, k := range x.keys {
		size += len(k)
		ends[i] = uint32(size)
	}
	pack.Integers(w, ends)
	w.String(join(x.keys, size))
	pack.Integers(w, x.list)
	pack.Integers(w, x.listAt)
	pack.Integers(w, x.card)
	pack.Integers(w, x.of)
	pack.Integers(w, x.ofAt)
	terms := make([]Term, 0, len(x.dense))
	for t := range x.dense {
		terms = append(terms, t)
	}
	slices.Sort(terms)
	pack.Integers(w, terms)
	for _, t := range terms {
		pack.Integers(w, x.dense[t])
	}
}

// Read gives the index of n documents that Write packed. What it says is good
// only if r has no error.
func Read(r *pack.Reader, n int) *Index {
	x := &Index{n: n, dense: map[Term]Bits{}}
	ends := pack.ReadIntegers[uint32](r)
	x.keys = part(r.String(), ends)
	x.list = pack.ReadIntegers[uint32](r)
	x.listAt = pack.ReadIntegers[uint32](r)
	x.card = pack.ReadIntegers[uint32](r)
	x.of = pack.ReadIntegers[Term](r)
	x.ofAt = pack.ReadIntegers[uint32](r)
	for _, t := range pack.ReadIntegers[Term](r) {
		d := Bits(pack.ReadIntegers[uint64](r))
		if int(t) >= len(ends) || len(d) != (n+63)/64 || x.dense[t] != nil || !fits(d, n) {
			r.Break()
			return x
		}
		x.dense[t] = d
	}
	if r.Err() == nil && !x.sound() {
		r.Break()
	}
	return x
}

// sound reports whether nothing that the index says leads outside of it.
func (x *Index) sound() bool {
	if x.keys == nil || len(x.card) != len(x.keys) || !slices.IsSorted(x.keys) ||
		!pack.Offsets(x.listAt, len(x.keys), len(x.list)) || !pack.Offsets(x.ofAt, x.n, len(x.of)) ||
		!pack.Below(x.list, x.n) || !pack.Below(x.of, len(x.keys)) {
		return false
	}
	for t, c := range x.card {
		d, l := x.set(Term(t))
		if d == nil && len(l) != int(c) || d != nil && d.Count() != int(c) {
			return false
		}
	}
	return true
}

// fits reports whether no bit is set beyond the n-th.
func fits(b Bits, n int) bool {
	return n%64 == 0 || b[len(b)-1]>>(n%64) == 0
}

func join(keys []string, size int) string {
	b := make([]byte, 0, size)
	for _, k := range keys {
		b = append(b, k...)
	}
	return string(b)
}

// part cuts the arena at the ends; nil when they do not fit it. No key is
// empty, since the first byte tells the group.
func part(arena string, ends []uint32) []string {
	keys := make([]string, len(ends))
	at := 0
	for i, end := range ends {
		if int(end) <= at || int(end) > len(arena) {
			return nil
		}
		keys[i], at = arena[at:end], int(end)
	}
	if at != len(arena) {
		return nil
	}
	return keys
}

// ReadBits reads a set of ordinals below n, nil when it was nil.
func ReadBits(r *pack.Reader, n int) Bits {
	b := Bits(pack.ReadIntegers[uint64](r))
	if len(b) == 0 {
		return nil
	}
	if len(b) != (n+63)/64 || !fits(b, n) {
		r.Break()
		return nil
	}
	return b
}
