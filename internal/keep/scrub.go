package keep

import (
	"bytes"
	"encoding/binary"
	"io"
	"maps"
	"slices"

	"mirabilia/internal/errs"
)

// scrub takes out of copied pages what no row holds any more: SQLite leaves the
// bytes of what was deleted or moved where they were, and a backup must not hold
// what a member had erased. Within a page that is the room between the list of
// cells and the cells, and the blocks that are free; only gaps of one to three bytes stay.
// Whole pages that are free, and the end of a chain of pages behind a long
// row, are known when all pages have passed.
type scrub struct {
	head  pagesHead
	next  []uint32 // by page: the page that its first bytes name, if it is in no tree
	last  []uint32 // by page: where its last byte that is not zero ends; all of one in a tree
	tails []tail
	first []byte // the first page
}

// tail is a chain of pages with the rest of a row that is longer than a page.
type tail struct {
	owner uint32 // the page where the row begins
	page  uint32
	rest  int64
}

func newScrub(h pagesHead) *scrub {
	return &scrub{head: h, next: make([]uint32, h.Pages+1), last: make([]uint32, h.Pages+1)}
}

// chunk cleans the pages of a chunk; place is that of the first one.
func (s *scrub) chunk(place uint32, raw []byte) {
	for b := range slices.Chunk(raw, s.head.Size) {
		page := s.head.pageAt(place)
		if s.page(page, b) {
			s.stamp(b)
		}
		if page == 1 {
			s.first = bytes.Clone(b)
		}
		place++
	}
}

// page cleans a page and says whether there was anything.
func (s *scrub) page(page uint32, b []byte) (dirty bool) {
	t, ok := s.head.tree(page, b)
	if !ok {
		s.next[page] = binary.BigEndian.Uint32(b)
		s.last[page] = uint32(len(bytes.TrimRight(b[:s.head.Usable], "\x00")))
		return false
	}
	s.last[page] = uint32(s.head.Usable)
	content := min(t.content, s.head.Usable)
	dirty = wipe(b[t.list+2*t.cells : content])
	for at := int(binary.BigEndian.Uint16(b[t.at+1:])); at >= content && at+4 <= s.head.Usable; {
		next, size := int(binary.BigEndian.Uint16(b[at:])), int(binary.BigEndian.Uint16(b[at+2:]))
		if size < 4 || at+size > s.head.Usable {
			break
		}
		dirty = wipe(b[at+4:at+size]) || dirty
		if next < at+size {
			break
		}
		at = next
	}
	if t.kind != innerTable {
		for i := range t.cells {
			if at := t.cell(b, i); at < s.head.Usable {
				s.cell(page, t.kind, b[at:s.head.Usable])
			}
		}
	}
	return dirty
}

var zeros [1 << 16]byte

func wipe(b []byte) (dirty bool) {
	if bytes.Equal(b, zeros[:len(b)]) {
		return false
	}
	clear(b)
	return true
}

// cell notes the chain of a cell whose row does not end in its page.
// https://sqlite.org/fileformat2.html#b_tree_pages says how much stays in it.
func (s *scrub) cell(page uint32, kind byte, c []byte) {
	if kind == innerIndex {
		c = c[min(4, len(c)):]
	}
	size, n := varint(c)
	c = c[n:]
	u := int64(s.head.Usable)
	most, least := (u-12)*64/255-23, (u-12)*32/255-23
	if kind == leafTable {
		_, n := varint(c)
		c, most = c[n:], u-35
	}
	if size <= most || size > 1<<31 {
		return
	}
	here := least + (size-least)%(u-4)
	if here > most {
		here = least
	}
	if here+4 <= int64(len(c)) {
		s.tails = append(s.tails, tail{page, binary.BigEndian.Uint32(c[here:]), size - here})
	}
}

// varint reads SQLite's form of a number: seven bits a byte, the highest first.
func varint(b []byte) (v int64, n int) {
	for n < 8 && n < len(b) {
		c := b[n]
		n++
		if v = v<<7 | int64(c&0x7f); c < 0x80 {
			return v, n
		}
	}
	if n < len(b) {
		v = v<<8 | int64(b[n])
		n++
	}
	return v, n
}

// stamp writes the checksum of a page that was changed, in the form of SQLite's
// checksum VFS, https://sqlite.org/cksumvfs.html: where 8 bytes are reserved.
func (s *scrub) stamp(b []byte) {
	if s.head.Size-s.head.Usable != 8 {
		return
	}
	var one, two uint32
	for i := 0; i < s.head.Usable; i += 8 {
		one += binary.LittleEndian.Uint32(b[i:]) + two
		two += binary.LittleEndian.Uint32(b[i+4:]) + one
	}
	binary.LittleEndian.PutUint32(b[s.head.Usable:], one)
	binary.LittleEndian.PutUint32(b[s.head.Usable+4:], two)
}

// dirt says from which byte on which pages hold what is not needed any more.
// read reads one.
func (s *scrub) dirt(read func(uint32) ([]byte, error)) (map[uint32]int, error) {
	out, free, err := s.free(read)
	if err != nil {
		return nil, err
	}
	room := int64(s.head.Usable - 4)
	for _, t := range s.tails {
		if free[t.owner] {
			continue
		}
		at, rest := t.page, t.rest
		for ; rest > room && s.has(at); rest -= room {
			at = s.next[at]
		}
		if !s.has(at) {
			return nil, errTrees
		}
		if end := 4 + int(rest); int(s.last[at]) > end {
			out[at] = end
		}
	}
	return out, nil
}

// free gives the free pages, and what is to be cleaned of them: they are listed
// on pages that are free too. https://sqlite.org/fileformat2.html#the_freelist
func (s *scrub) free(read func(uint32) ([]byte, error)) (dirt map[uint32]int, free map[uint32]bool, err error) {
	dirt, free = map[uint32]int{}, map[uint32]bool{}
	for trunk := binary.BigEndian.Uint32(s.first[32:]); trunk != 0; {
		if !s.has(trunk) || free[trunk] {
			return nil, nil, errTrees
		}
		free[trunk] = true
		b, err := read(trunk)
		if err != nil {
			return nil, nil, err
		}
		n := int(binary.BigEndian.Uint32(b[4:]))
		if n > s.head.Usable/4-2 {
			return nil, nil, errTrees
		}
		if end := 8 + 4*n; int(s.last[trunk]) > end {
			dirt[trunk] = end
		}
		for i := range n {
			page := binary.BigEndian.Uint32(b[8+4*i:])
			if !s.has(page) || free[page] {
				return nil, nil, errTrees
			}
			free[page] = true
			if s.last[page] > 0 {
				dirt[page] = 0
			}
		}
		trunk = binary.BigEndian.Uint32(b)
	}
	return dirt, free, nil
}

func (s *scrub) has(page uint32) bool { return page >= 2 && page <= s.head.Pages }

// file is where the pages were written.
type pagesFile interface {
	io.ReaderAt
	io.WriterAt
}

// clean takes the rest out of the pages that were written from base on, and
// brings the sums of their chunks up to that.
func (s *scrub) clean(file pagesFile, base int64, y *pageTally) error {
	size := int64(s.head.Size)
	dirty, err := s.dirt(func(page uint32) ([]byte, error) {
		b := make([]byte, size)
		_, err := file.ReadAt(b, base+s.head.place(page)*size)
		return b, err
	})
	if err != nil {
		return err
	}
	per := int64(s.head.perChunk())
	byChunk := map[int64][]uint32{}
	for page := range dirty {
		c := s.head.place(page) / per
		byChunk[c] = append(byChunk[c], page)
	}
	for _, c := range slices.Sorted(maps.Keys(byChunk)) {
		b := make([]byte, min(per*size, s.head.bytes()-c*per*size))
		if _, err := file.ReadAt(b, base+c*per*size); err != nil {
			return err
		}
		if !bytes.Equal(y.sum(b), y.sums[c]) {
			return errs.New(errs.Internal, "the backup does not read back as it was written; write to another disk")
		}
		for _, page := range byChunk[c] {
			at := (s.head.place(page) - c*per) * size
			clear(b[at+int64(dirty[page]) : at+int64(s.head.Usable)])
			s.stamp(b[at : at+size])
		}
		y.sums[c] = y.sum(b)
		if _, err := file.WriteAt(b, base+c*per*size); err != nil {
			return err
		}
	}
	return nil
}
