package text

import (
	"bytes"
	"hash/maphash"
	"slices"

	"mirabilia/internal/text"
)

// Builder makes an Index of documents, which are numbered as they are added.
type Builder struct {
	n     uint32
	seg   text.Segmenter
	seed  maphash.Seed
	slots []uint64 // open addressing: half of a term's hash, and its number plus one

	terms []term // in the order of first sight
	bytes []byte // their spellings
	pool  pool

	found []finding // terms of the document under way

	ids     []uint32 // names of all documents: a length, then terms
	nameEnd []uint32 // per document, into ids
	exact   []uint64
	prior   []uint8
}

// term is what is looked at each time that a word is met, side by side: with
// texts of all the world's words each piece elsewhere would be a wait for memory.
type term struct {
	start  uint32 // of its spelling in bytes
	size   uint8
	begins [23]byte // its spelling, of nearly all words the whole: 64 bytes together
	doc    uint32   // the last document that has it, counted from one
	at     uint32   // where in found it lies
	chain  chain
}

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
	return &Builder{seed: maphash.MakeSeed(), slots: make([]uint64, 1<<10)}
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
		b.pool.put(&b.terms[f.term].chain, b.n-1, f.code(length))
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
		f := &b.found[b.terms[id].at]
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
	t := &b.terms[id]
	if t.doc == b.n {
		return &b.found[t.at]
	}
	t.doc, t.at = b.n, uint32(len(b.found))
	b.found = append(b.found, finding{term: id})
	return &b.found[len(b.found)-1]
}

// number is the number of a term, a new one when it has not been seen.
func (b *Builder) number(spelling []byte) uint32 {
	h := maphash.Bytes(b.seed, spelling)
	mask := uint64(len(b.slots) - 1)
	i := h & mask
	for ; b.slots[i] != 0; i = (i + 1) & mask {
		if slot := b.slots[i]; slot>>32 == h>>32 && b.isSpelt(uint32(slot)-1, spelling) {
			return uint32(slot) - 1
		}
	}
	id := uint32(len(b.terms))
	t := term{start: uint32(len(b.bytes)), size: uint8(len(spelling))}
	copy(t.begins[:], spelling)
	b.terms = append(b.terms, t)
	b.bytes = append(b.bytes, spelling...)
	b.slots[i] = h>>32<<32 | uint64(id+1)
	if len(b.terms)*3 > len(b.slots)*2 {
		b.grow()
	}
	return id
}

// isSpelt compares a term with a spelling, as near as it can.
func (b *Builder) isSpelt(id uint32, spelling []byte) bool {
	t := &b.terms[id]
	if int(t.size) != len(spelling) {
		return false
	}
	n := min(len(spelling), len(t.begins))
	return string(t.begins[:n]) == string(spelling[:n]) &&
		(n == len(spelling) || bytes.Equal(b.spelling(id), spelling))
}

func (b *Builder) spelling(id uint32) []byte {
	t := &b.terms[id]
	return b.bytes[t.start : t.start+uint32(t.size)]
}

func (b *Builder) grow() {
	b.slots = make([]uint64, 2*len(b.slots))
	mask := uint64(len(b.slots) - 1)
	for id := range b.terms {
		h := maphash.Bytes(b.seed, b.spelling(uint32(id)))
		i := h & mask
		for b.slots[i] != 0 {
			i = (i + 1) & mask
		}
		b.slots[i] = h>>32<<32 | uint64(id+1)
	}
}

// Build makes the index of documents that were added by falling rank; the
// Builder must not be used afterwards.
func (b *Builder) Build() *Index {
	order := make([]Source, b.n)
	for i := range order {
		order[i].Ord = i
	}
	return Gather([]*Builder{b}, order)
}

// gathered is a Builder to which nothing is added any more, its terms sorted.
type gathered struct {
	*Builder
	byTerm []uint32 // the term of each place in the order
	place  []uint32 // the place of each term
}

func (b *Builder) gathered() *gathered {
	b.slots, b.found = nil, nil
	g := &gathered{Builder: b, byTerm: make([]uint32, len(b.terms)), place: make([]uint32, len(b.terms))}
	for i := range g.byTerm {
		g.byTerm[i] = uint32(i)
	}
	slices.SortFunc(g.byTerm, func(x, y uint32) int { return bytes.Compare(b.spelling(x), b.spelling(y)) })
	for place, id := range g.byTerm {
		g.place[id] = uint32(place)
	}
	return g
}

func (g *gathered) docCount() int          { return int(g.n) }
func (g *gathered) termCount() int         { return len(g.byTerm) }
func (g *gathered) spelt(t uint32) []byte  { return g.spelling(g.byTerm[t]) }
func (g *gathered) holders(t uint32) int   { return int(g.terms[g.byTerm[t]].chain.n) }
func (g *gathered) nameKeys() []uint64     { return g.exact }
func (g *gathered) worth(ord uint32) uint8 { return g.prior[ord] }

func (g *gathered) unpacked(t uint32, ords []uint32, codes []code) ([]uint32, []code) {
	return g.pool.read(&g.terms[g.byTerm[t]].chain, ords, codes)
}

func (g *gathered) unpackedAll() { g.pool = pool{} }

func (g *gathered) called(ord uint32, yield func(words []uint32)) {
	from, end := uint32(0), g.nameEnd[ord]
	if ord > 0 {
		from = g.nameEnd[ord-1]
	}
	var buf [maxNameWords]uint32
	for from < end {
		words := buf[:g.ids[from]]
		for i := range words {
			words[i] = g.place[g.ids[from+1+uint32(i)]]
		}
		from += 1 + uint32(len(words))
		yield(words)
	}
}
