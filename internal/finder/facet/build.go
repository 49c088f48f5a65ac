package facet

import (
	"slices"
	"strings"
)

// Builder gathers documents in ordinal order.
type Builder struct {
	terms map[string]Term // numbered as met
	keys  []string
	of    []Term
	ofAt  []uint32
}

// NewBuilder starts an index.
func NewBuilder() *Builder {
	return &Builder{terms: map[string]Term{}, ofAt: []uint32{0}}
}

// Add gives the next document its keys; a key given twice counts once.
func (b *Builder) Add(keys []string) {
	for _, k := range keys {
		t, ok := b.terms[k]
		if !ok {
			t = Term(len(b.keys))
			k = strings.Clone(k)
			b.terms[k] = t
			b.keys = append(b.keys, k)
		}
		b.of = append(b.of, t)
	}
	b.ofAt = append(b.ofAt, uint32(len(b.of)))
}

// Build makes the index; the builder is then spent.
func (b *Builder) Build() *Index {
	perm := make([]Term, len(b.keys)) // sorted place → number as met
	for i := range perm {
		perm[i] = Term(i)
	}
	slices.SortFunc(perm, func(x, y Term) int { return strings.Compare(b.keys[x], b.keys[y]) })
	to := make([]Term, len(perm))
	keys := make([]string, len(perm))
	for i, t := range perm {
		to[t] = Term(i)
		keys[i] = b.keys[t]
	}
	of, ofAt := make([]Term, 0, len(b.of)), make([]uint32, 1, len(b.ofAt))
	for i := 1; i < len(b.ofAt); i++ {
		from := len(of)
		for _, t := range b.of[b.ofAt[i-1]:b.ofAt[i]] {
			of = append(of, to[t])
		}
		slices.Sort(of[from:])
		of = of[:from+len(slices.Compact(of[from:]))]
		ofAt = append(ofAt, uint32(len(of)))
	}
	return invert(keys, of, ofAt)
}

// Merge joins indexes: document i of the n documents of the new one is
// document ord of parts[part], as source tells. Keys that no document has any
// more are forgotten.
func Merge(parts []*Index, n int, source func(i int) (part int, ord uint32)) *Index {
	keys, to := union(parts)
	size := 0
	for _, p := range parts {
		size += len(p.of)
	}
	of, ofAt := make([]Term, 0, size), make([]uint32, 1, n+1)
	used := make([]bool, len(keys))
	for i := range n {
		p, ord := source(i)
		for _, t := range parts[p].Of(ord) {
			t = to[p][t]
			used[t] = true
			of = append(of, t)
		}
		ofAt = append(ofAt, uint32(len(of)))
	}
	keys = forget(keys, used, of)
	return invert(keys, of, ofAt)
}

// union is the sorted keys of all parts, in an arena of their own, and for
// each part where its terms went.
func union(parts []*Index) (keys []string, to [][]Term) {
	at := make([]int, len(parts))
	to = make([][]Term, len(parts))
	for i, p := range parts {
		to[i] = make([]Term, len(p.keys))
	}
	size := 0
	for {
		least, any := "", false
		for i, p := range parts {
			if at[i] < len(p.keys) && (!any || p.keys[at[i]] < least) {
				least, any = p.keys[at[i]], true
			}
		}
		if !any {
			return own(keys, size), to
		}
		for i, p := range parts {
			if at[i] < len(p.keys) && p.keys[at[i]] == least {
				to[i][at[i]] = Term(len(keys))
				at[i]++
			}
		}
		keys = append(keys, least)
		size += len(least)
	}
}

// own copies the keys into one string, so that those of old indexes, and all
// that they hang on, can go.
func own(keys []string, size int) []string {
	var arena strings.Builder
	arena.Grow(size)
	for _, k := range keys {
		arena.WriteString(k)
	}
	rest := arena.String()
	for i, k := range keys {
		keys[i], rest = rest[:len(k)], rest[len(k):]
	}
	return keys
}

// forget takes the unused keys out and renumbers the terms in of.
func forget(keys []string, used []bool, of []Term) []string {
	if !slices.Contains(used, false) {
		return keys
	}
	to := make([]Term, len(keys))
	kept := keys[:0]
	for t, k := range keys {
		if used[t] {
			to[t] = Term(len(kept))
			kept = append(kept, k)
		}
	}
	for i, t := range of {
		of[i] = to[t]
	}
	return slices.Clip(kept)
}

// invert makes the sets of documents from the terms of each document.
func invert(keys []string, of []Term, ofAt []uint32) *Index {
	x := &Index{n: len(ofAt) - 1, keys: keys, of: of, ofAt: ofAt,
		card: make([]uint32, len(keys)), listAt: make([]uint32, len(keys)+1), dense: map[Term]Bits{}}
	for _, t := range of {
		x.card[t]++
	}
	sum := uint32(0)
	for t, c := range x.card {
		x.listAt[t] = sum
		if int(c) > x.n/32 && x.n >= 64 {
			x.dense[Term(t)] = NewBits(x.n)
		} else {
			sum += c
		}
	}
	x.listAt[len(keys)] = sum
	x.list = make([]uint32, sum)
	at := slices.Clone(x.listAt)
	dense := make([]Bits, len(keys))
	for t, d := range x.dense {
		dense[t] = d
	}
	for ord := range x.n {
		for _, t := range x.Of(uint32(ord)) {
			if d := dense[t]; d != nil {
				d.Set(uint32(ord))
				continue
			}
			x.list[at[t]] = uint32(ord)
			at[t]++
		}
	}
	return x
}
