package text

import (
	"encoding/binary"
	"slices"
)

// maxNameWords bounds the words of a name that are kept in their order.
const maxNameWords = 32

// names keeps, for every document, its names as sequences of terms, the title
// first: per name a count of words and their numbers, as varints.
type names struct {
	offs []uint32 // one more than documents
	data []byte
}

func (n *names) size() int { return len(n.offs)*4 + len(n.data) }

// each calls yield with the names of a document, the title being number 0,
// until it returns false. The slice is good until yield returns.
func (n *names) each(ord uint32, yield func(i int, words []uint32) bool) {
	var buf [maxNameWords]uint32
	data := n.data[n.offs[ord]:n.offs[ord+1]]
	for i := 0; len(data) > 0; i++ {
		count, size := binary.Uvarint(data)
		data = data[size:]
		for j := range count {
			v, size := binary.Uvarint(data)
			data = data[size:]
			buf[j] = uint32(v)
		}
		if !yield(i, buf[:count]) {
			return
		}
	}
}

type nameWriter struct {
	offs []uint32
	data []byte
}

func (w *nameWriter) begin(words int)  { w.data = binary.AppendUvarint(w.data, uint64(words)) }
func (w *nameWriter) word(term uint32) { w.data = binary.AppendUvarint(w.data, uint64(term)) }
func (w *nameWriter) end()             { w.offs = append(w.offs, uint32(len(w.data))) }

func (w *nameWriter) names() names {
	return names{offs: append([]uint32{0}, w.offs...), data: slices.Clip(w.data)}
}

// nameHash hashes a whole name, word by word (FNV-1a, so that an index may be
// kept and read by another process).
type nameHash uint64

func newNameHash() nameHash { return 14695981039346656037 }

func (h *nameHash) add(term []byte) {
	for _, c := range term {
		*h = (*h ^ nameHash(c)) * 1099511628211
	}
	*h = (*h ^ 0xff) * 1099511628211
}

func (h nameHash) key(ord uint32) uint64 {
	return uint64(h)>>32<<32 | uint64(ord)
}

// Named yields the documents that bear a name of just these words (folded
// terms), best first, with the number of that name (0 the title, i+1 alias i),
// until yield returns false.
func (ix *Index) Named(words []string, yield func(ord uint32, name int) bool) {
	h := newNameHash()
	ids := make([]uint32, len(words))
	for i, w := range words {
		id, ok := ix.dict.lookup([]byte(w))
		if !ok {
			return
		}
		ids[i] = id
		h.add([]byte(w))
	}
	if len(ids) == 0 || len(ids) > maxNameWords {
		return
	}
	at, _ := slices.BinarySearch(ix.exact, h.key(0))
	last := done
	for _, key := range ix.exact[at:] {
		if key>>32 != uint64(h)>>32 {
			return
		}
		ord := uint32(key)
		if ord == last {
			continue
		}
		last = ord
		name := -1
		ix.names.each(ord, func(i int, have []uint32) bool {
			if slices.Equal(have, ids) {
				name = i
			}
			return name < 0
		})
		if name >= 0 && !yield(ord, name) {
			return
		}
	}
}
