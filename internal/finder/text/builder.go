package text

import (
	"bytes"
	"hash/maphash"
	"slices"

	"mirabilia/internal/text"
)

// Builder makes an Index of documents added in the order of their ordinals.
type Builder struct {
	n     uint32
	seg   text.Segmenter
	seed  maphash.Seed
	slots []uint32 // open addressing: number of a term, plus one

	// Per term, in the order of first sight.
	hashes []uint32
	offs   []uint32
	bytes  []byte
	chains []chain
	seen   []sighting
	pool   pool

	found []finding // terms of the document under way

	names   nameWriter
	ids     []uint32 // names of all documents: a length, then terms
	nameEnd []uint32 // per document, into ids
	exact   []uint64
	prior   []uint8
}

// sighting says where in found a term of a document lies.
type sighting struct{ doc, at uint32 }

// finding is what is known of one term in the document under way.
type finding struct {
	term  uint32
	name  code
	tag   bool
	place bool
	times int32
}

// NewBuilder makes an empty Builder.
func NewBuilder() *Builder {
	return &Builder{seed: maphash.MakeSeed(), slots: make([]uint32, 1<<10), offs: []uint32{0}}
}

// Len is the number of documents added.
func (b *Builder) Len() int { return int(b.n) }

// Add indexes a document; its ordinal is the number of those before it.
func (b *Builder) Add(d Document) {
	b.found = b.found[:0]
	b.n++
	b.name(d.Title, true)
	for _, a := range d.Aliases {
		b.name(a, false)
	}
	b.nameEnd = append(b.nameEnd, uint32(len(b.ids)))
	for _, t := range d.Tags {
		b.seg.Each(t, func(term []byte) { b.find(term).tag = true })
	}
	for _, p := range d.Places {
		b.seg.Each(p, func(term []byte) { b.find(term).place = true })
	}
	b.seg.Each(d.Subtitle, func(term []byte) { b.find(term).place = true })
	length := 0
	b.seg.Each(d.Body, func(term []byte) {
		b.find(term).times++
		length++
	})
	for i := range b.found {
		f := &b.found[i]
		b.pool.put(&b.chains[f.term], b.n-1, f.code(length))
	}
	b.prior = append(b.prior, priorOf(d.Rank))
}

func (f *finding) code(length int) code {
	if f.name != 0 {
		if f.tag || f.place || f.times > 0 {
			return f.name | isMore
		}
		return f.name
	}
	c := bodyLevel(int(f.times), length)
	if f.place {
		c |= inPlace
	}
	if f.tag {
		c |= inTag
	}
	return c
}

// name indexes one name of the document under way.
func (b *Builder) name(s string, title bool) {
	start := len(b.ids)
	b.ids = append(b.ids, 0)
	hash := newNameHash()
	b.seg.Each(s, func(term []byte) {
		hash.add(term)
		b.ids = append(b.ids, b.find(term).term)
	})
	words := len(b.ids) - start - 1
	for i, id := range b.ids[start+1:] {
		f := &b.found[b.seen[id].at]
		if c := nameCode(title, i == 0, words); f.name == 0 || impacts[c] > impacts[f.name] {
			f.name = c
		}
	}
	if words > 0 {
		b.exact = append(b.exact, hash.key(b.n-1))
	}
	if words > maxNameWords {
		b.ids, words = b.ids[:start+1+maxNameWords], maxNameWords
	}
	b.ids[start] = uint32(words)
}

// find notes a term of the document under way. The pointer is good until the
// next call.
func (b *Builder) find(term []byte) *finding {
	id := b.number(term)
	if s := b.seen[id]; s.doc == b.n {
		return &b.found[s.at]
	}
	b.seen[id] = sighting{b.n, uint32(len(b.found))}
	b.found = append(b.found, finding{term: id})
	return &b.found[len(b.found)-1]
}

// number is the number of a term, a new one when it has not been seen.
func (b *Builder) number(term []byte) uint32 {
	h := uint32(maphash.Bytes(b.seed, term))
	mask := uint32(len(b.slots) - 1)
	i := h & mask
	for b.slots[i] != 0 {
		id := b.slots[i] - 1
		if b.hashes[id] == h && bytes.Equal(b.bytes[b.offs[id]:b.offs[id+1]], term) {
			return id
		}
		i = (i + 1) & mask
	}
	id := uint32(len(b.hashes))
	b.slots[i] = id + 1
	b.hashes = append(b.hashes, h)
	b.bytes = append(b.bytes, term...)
	b.offs = append(b.offs, uint32(len(b.bytes)))
	b.chains = append(b.chains, chain{})
	b.seen = append(b.seen, sighting{})
	if len(b.hashes)*3 > len(b.slots)*2 {
		b.grow()
	}
	return id
}

func (b *Builder) grow() {
	b.slots = make([]uint32, 2*len(b.slots))
	mask := uint32(len(b.slots) - 1)
	for id, h := range b.hashes {
		i := h & mask
		for b.slots[i] != 0 {
			i = (i + 1) & mask
		}
		b.slots[i] = uint32(id) + 1
	}
}

// Build makes the index; the Builder must not be used afterwards.
func (b *Builder) Build() *Index {
	order := make([]uint32, len(b.hashes))
	for i := range order {
		order[i] = uint32(i)
	}
	spelling := func(id uint32) []byte { return b.bytes[b.offs[id]:b.offs[id+1]] }
	slices.SortFunc(order, func(x, y uint32) int { return bytes.Compare(spelling(x), spelling(y)) })
	b.slots, b.hashes, b.seen = nil, nil, nil

	w := newWriter(b.n, len(order))
	sorted := make([]uint32, len(order))
	var ords []uint32
	var codes []code
	for t, id := range order {
		sorted[id] = uint32(t)
		ords, codes = b.pool.read(&b.chains[id], ords[:0], codes[:0])
		w.term(spelling(id), ords, codes)
	}
	b.pool, b.chains = pool{}, nil
	from := uint32(0)
	for _, end := range b.nameEnd {
		for from < end {
			words := b.ids[from]
			b.names.begin(int(words))
			for _, id := range b.ids[from+1 : from+1+words] {
				b.names.word(sorted[id])
			}
			from += 1 + words
		}
		b.names.end()
	}
	return w.finish(b.names.names(), b.exact, b.prior)
}
