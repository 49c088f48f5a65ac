// Package facet knows which documents of a segment have which properties
// (tags, destinations, statuses, facts…), so that filters are intersections of
// sets and counts are their cardinalities, always true.
//
// A property is a key: a string whose first byte tells its group, sorted as
// bytes, so that a group, or the children of a destination, are one range of
// keys. Documents are named by ordinal. A key that many documents have is kept
// as bits, a rarer one as a sorted list, whichever is smaller; both lie in two
// arrays for the whole index, since a large atlas has some 200,000 keys and a
// bitmap object for each would cost more than its content.
package facet

import (
	"math/bits"
	"slices"
	"sort"
	"strings"
)

// Term is the number of a key within one index.
type Term uint32

// Index is immutable and safe for concurrent use.
type Index struct {
	n    int
	keys []string // ascending
	// list holds the ordinals of each sparse key, listAt where they begin.
	list   []uint32
	listAt []uint32
	// dense holds the sets of keys that more than one document in 32 has.
	dense map[Term]Bits
	card  []uint32
	// of holds the terms of each document, ofAt where they begin.
	of   []Term
	ofAt []uint32
}

// Len is the number of documents.
func (x *Index) Len() int { return x.n }

// Keys is the number of different keys.
func (x *Index) Keys() int { return len(x.keys) }

// Key is the key of a term.
func (x *Index) Key(t Term) string { return x.keys[t] }

// Find is the term of a key.
func (x *Index) Find(key string) (Term, bool) {
	i, ok := slices.BinarySearch(x.keys, key)
	return Term(i), ok
}

// Range is the terms from (included) to to (excluded) whose keys begin with
// prefix.
func (x *Index) Range(prefix string) (from, to Term) {
	i, _ := slices.BinarySearch(x.keys, prefix)
	n := sort.Search(len(x.keys)-i, func(k int) bool { return !strings.HasPrefix(x.keys[i+k], prefix) })
	return Term(i), Term(i + n)
}

// Card is the number of documents that have the term.
func (x *Index) Card(t Term) int { return int(x.card[t]) }

// Of lists the terms of a document, ascending; not to be changed.
func (x *Index) Of(ord uint32) []Term { return x.of[x.ofAt[ord]:x.ofAt[ord+1]] }

// set is the documents of a term: bits, or when nil a list.
func (x *Index) set(t Term) (Bits, []uint32) {
	if d := x.dense[t]; d != nil {
		return d, nil
	}
	return nil, x.list[x.listAt[t]:x.listAt[t+1]]
}

// Has reports whether a document has the term.
func (x *Index) Has(t Term, ord uint32) bool {
	d, l := x.set(t)
	if d != nil {
		return d.Has(ord)
	}
	_, ok := slices.BinarySearch(l, ord)
	return ok
}

// Each calls f with the documents of a term in ordinal order until f says
// false.
func (x *Index) Each(t Term, f func(ord uint32) bool) {
	d, l := x.set(t)
	if d != nil {
		d.Each(f)
		return
	}
	for _, o := range l {
		if !f(o) {
			return
		}
	}
}

// Among is the number of documents of b that have the term.
func (x *Index) Among(t Term, b Bits) int {
	d, l := x.set(t)
	n := 0
	for i, w := range d {
		n += bits.OnesCount64(w & b[i])
	}
	for _, o := range l {
		if b.Has(o) {
			n++
		}
	}
	return n
}

// Or adds the documents of a term to b.
func (x *Index) Or(t Term, b Bits) {
	d, l := x.set(t)
	b.Or(d)
	for _, o := range l {
		b.Set(o)
	}
}

// All sets b, which must be empty, to the documents that have every one of
// the terms; no terms: to nothing.
func (x *Index) All(terms []Term, b Bits) {
	if len(terms) == 0 {
		return
	}
	terms = slices.Clone(terms)
	slices.SortFunc(terms, func(a, c Term) int { return int(x.card[a]) - int(x.card[c]) })
	first, list := x.set(terms[0])
	if first != nil {
		copy(b, first)
		for _, t := range terms[1:] { // none is rarer: all are bits
			b.And(x.dense[t])
		}
		return
	}
	for _, t := range terms[1:] {
		list = x.intersect(list, t)
	}
	for _, o := range list {
		b.Set(o)
	}
}

// intersect is what of list also has the term, in memory of its own.
func (x *Index) intersect(list []uint32, t Term) []uint32 {
	d, other := x.set(t)
	out := make([]uint32, 0, min(len(list), 64))
	if d != nil {
		for _, o := range list {
			if d.Has(o) {
				out = append(out, o)
			}
		}
		return out
	}
	for _, o := range list { // the other is the longer one: gallop through it
		step := 1
		for step < len(other) && other[step] < o {
			step *= 2
		}
		i, ok := slices.BinarySearch(other[step/2:min(step+1, len(other))], o)
		if ok {
			out = append(out, o)
		}
		other = other[step/2+i:]
		if len(other) == 0 {
			break
		}
	}
	return out
}

// Bytes is about the memory the index takes.
func (x *Index) Bytes() int {
	n := 4*(len(x.list)+len(x.listAt)+len(x.card)+len(x.of)+len(x.ofAt)) + 16*len(x.keys)
	for _, k := range x.keys {
		n += len(k)
	}
	for _, d := range x.dense {
		n += 8 * len(d)
	}
	return n
}
