package finder

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"

	"mirabilia/internal/finder/space"
)

// docs is the table of a segment's documents, a column a property, in ordinal
// order. All strings lie in one arena, so that a million documents are a few
// dozen objects to the garbage collector.
type docs struct {
	arena     string
	offset    []uint32 // of each record in arena, and its end
	id        []int64
	kind      []Kind
	status    []uint8 // index of statuses
	statuses  []string
	rank      []float32
	obscurity []uint8
	been      []uint32
	want      []uint32
	published []int64
	at        space.Positions
	byRef     []uint32 // ordinals by (family, id)
}

// maxArena bounds the arena of one segment: offsets are 32 bits.
const maxArena = math.MaxUint32

// family maps kinds that share ids to one of them.
func family(k Kind) Kind {
	if k == Eatery {
		return Place
	}
	return k
}

// isEntry reports whether documents of the kind are shown on the map and
// found near by.
func isEntry(k Kind) bool { return k == Place || k == Eatery || k == Food }

func (d *docs) len() int { return len(d.id) }

func (d *docs) ref(ord uint32) Ref { return Ref{d.kind[ord], d.id[ord]} }

// record is the rest of a document's record in the arena.
type record struct{ rest string }

func (r *record) next() string {
	n, k := uvarint(r.rest)
	s := r.rest[k : k+int(n)]
	r.rest = r.rest[k+int(n):]
	return s
}

func (r *record) skip() {
	n, k := uvarint(r.rest)
	r.rest = r.rest[k+int(n):]
}

func uvarint(s string) (x uint64, n int) {
	for shift := uint(0); n < len(s); shift += 7 {
		b := s[n]
		n++
		x |= uint64(b&0x7f) << shift
		if b < 0x80 {
			break
		}
	}
	return x, n
}

func (d *docs) record(ord uint32) record {
	return record{d.arena[d.offset[ord]:d.offset[ord+1]]}
}

// slug and the other string columns share memory with the arena.
func (d *docs) slug(ord uint32) string {
	r := d.record(ord)
	return r.next()
}

func (d *docs) title(ord uint32) string {
	r := d.record(ord)
	r.skip()
	return r.next()
}

// names gives the slug and the title in one go.
func (d *docs) names(ord uint32) (slug, title string) {
	r := d.record(ord)
	return r.next(), r.next()
}

// aliases lists the other names of a document.
func (d *docs) aliases(ord uint32) []Alias {
	r := d.record(ord)
	r.skip()
	r.skip()
	r.skip()
	var out []Alias
	for r.rest != "" {
		out = append(out, Alias{Lang: r.next(), Name: r.next()})
	}
	return out
}

func (d *docs) statusOf(ord uint32) string { return d.statuses[d.status[ord]] }

// card is all that the finder itself can say of the document.
func (d *docs) card(ord uint32) Card {
	r := d.record(ord)
	return Card{Ref: d.ref(ord), Slug: r.next(), Title: r.next(), Subtitle: r.next()}
}

// compareRef orders by family and id: the tie-break of every order.
func compareRef(ka Kind, a int64, kb Kind, b int64) int {
	if a != b {
		if a < b {
			return -1
		}
		return 1
	}
	return int(family(ka)) - int(family(kb))
}

// find is the ordinal of ref.
func (d *docs) find(ref Ref) (uint32, bool) {
	i, ok := slices.BinarySearchFunc(d.byRef, ref, func(o uint32, r Ref) int {
		return compareRef(d.kind[o], d.id[o], r.Kind, r.ID)
	})
	if !ok {
		return 0, false
	}
	return d.byRef[i], true
}

// docsBuilder grows a docs table in ordinal order.
type docsBuilder struct {
	docs
	text     strings.Builder
	statusAt map[string]uint8
	buf      []byte
}

func newDocsBuilder(n, arena int) *docsBuilder {
	b := &docsBuilder{statusAt: map[string]uint8{}}
	b.text.Grow(arena)
	b.offset = make([]uint32, 0, n+1)
	b.id = make([]int64, 0, n)
	b.kind = make([]Kind, 0, n)
	b.status = make([]uint8, 0, n)
	b.rank = make([]float32, 0, n)
	b.obscurity = make([]uint8, 0, n)
	b.been = make([]uint32, 0, n)
	b.want = make([]uint32, 0, n)
	b.published = make([]int64, 0, n)
	b.at.Grow(n)
	return b
}

// add appends a document.
func (b *docsBuilder) add(d *Doc) {
	b.offset = append(b.offset, uint32(b.text.Len()))
	b.buf = b.buf[:0]
	b.put(d.Slug)
	b.put(d.Title)
	b.put(d.Subtitle)
	for _, a := range d.Aliases {
		b.put(a.Lang)
		b.put(a.Name)
	}
	b.text.Write(b.buf)
	b.id = append(b.id, d.ID)
	b.kind = append(b.kind, d.Kind)
	b.status = append(b.status, b.statusIndex(d.Status))
	b.rank = append(b.rank, sortable(d.Rank))
	b.obscurity = append(b.obscurity, d.Obscurity)
	b.been = append(b.been, d.Been)
	b.want = append(b.want, d.Want)
	b.published = append(b.published, d.Published)
	b.at.Append(d.At)
}

func (b *docsBuilder) put(s string) {
	b.buf = binary.AppendUvarint(b.buf, uint64(len(s)))
	b.buf = append(b.buf, s...)
}

// statusIndex interns a status; beyond 255 different ones the rest are "".
func (b *docsBuilder) statusIndex(s string) uint8 {
	i, ok := b.statusAt[s]
	if !ok {
		if len(b.statuses) > math.MaxUint8 {
			return 0
		}
		i = uint8(len(b.statuses))
		b.statuses = append(b.statuses, strings.Clone(s))
		b.statusAt[s] = i
	}
	return i
}

// copy appends document ord of another table.
func (b *docsBuilder) copy(d *docs, ord uint32) {
	b.offset = append(b.offset, uint32(b.text.Len()))
	b.text.WriteString(d.record(ord).rest)
	b.id = append(b.id, d.id[ord])
	b.kind = append(b.kind, d.kind[ord])
	b.status = append(b.status, b.statusIndex(d.statusOf(ord)))
	b.rank = append(b.rank, d.rank[ord])
	b.obscurity = append(b.obscurity, d.obscurity[ord])
	b.been = append(b.been, d.been[ord])
	b.want = append(b.want, d.want[ord])
	b.published = append(b.published, d.published[ord])
	b.at.AppendFrom(&d.at, ord)
}

// raw is the table without what build makes of it: for who puts the documents
// into another order.
func (b *docsBuilder) raw() *docs {
	d := &b.docs
	d.offset = append(d.offset, uint32(b.text.Len()))
	d.arena = b.text.String()
	return d
}

func (b *docsBuilder) build() *docs {
	d := b.raw()
	d.byRef = sortOrdinals(d.len(), func(o uint32) uint64 { return uint64(family(d.kind[o])) })
	radixSort(d.byRef, func(o uint32) uint64 { return orderedInt(d.id[o]) })
	return d
}
