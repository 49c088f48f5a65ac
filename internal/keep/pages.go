package keep

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"

	"github.com/cespare/xxhash/v2"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// A backup from SQLite holds the pages of its file instead of rows: they are
// copied several times as fast. The first page is the last of them, since the
// copying ends with it. In memory there are some bytes for each page: what it
// takes to count the rows in the copied pages themselves, by walking from the
// root of each table.

// pagesHead describes the pages in the file; they follow it bare, in no frames.
type pagesHead struct {
	Size   int    `json:"page_size"`
	Usable int    `json:"usable"` // of a page, without what is reserved at its end
	Pages  uint32 `json:"pages"`
	// Roots is where each table's tree begins.
	Roots map[string]uint32 `json:"roots"`
}

// maxPages is the end of what is kept as pages (128 GiB of ours). A page whose
// first byte is that of a tree cannot then be one that begins with the number
// of another page.
const maxPages = 1 << 24

func (h pagesHead) valid() bool {
	ok := h.Size >= 512 && h.Size <= 1<<16 && h.Size&(h.Size-1) == 0 && h.Usable >= 480 && h.Usable <= h.Size && h.Size-h.Usable < 256 &&
		h.Pages >= 1 && h.Pages <= maxPages
	for _, root := range h.Roots {
		ok = ok && root >= 1 && root <= h.Pages
	}
	return ok
}

func (h pagesHead) bytes() int64 { return int64(h.Pages) * int64(h.Size) }

// perChunk is how many pages are summed together.
func (h pagesHead) perChunk() int { return chunk / h.Size }

// place is where a page lies among those of the file, from 0.
func (h pagesHead) place(page uint32) int64 {
	if page == 1 {
		return int64(h.Pages) - 1
	}
	return int64(page) - 2
}

// pageAt is the number of the page that lies there.
func (h pagesHead) pageAt(place uint32) uint32 {
	if place == h.Pages-1 {
		return 1
	}
	return place + 2
}

// Pages are the pages of a backup from SQLite.
type Pages struct {
	Size  int    `json:"page_size"`
	Pages uint32 `json:"pages"`
	// SHA256 is of the sums of every MiB of them.
	SHA256 string `json:"sha256"`
}

// chunkSum sums pages that are summed together. XXH64 finds what a disk or a
// wire did to them for a fifteenth of the time of SHA-256, which was a third of
// a backup's; who can write other pages can write other sums to either.
type chunkSum func([]byte) []byte

// chunkSumOf is how files of a format have their pages summed.
func chunkSumOf(format int) chunkSum {
	if format == oldPagesFormat {
		return func(b []byte) []byte { s := sha256.Sum256(b); return s[:] }
	}
	return func(b []byte) []byte { return binary.BigEndian.AppendUint64(nil, xxhash.Sum64(b)) }
}

// pagesFoot is what follows the pages in the file.
type pagesFoot struct {
	SHA256 string           `json:"sha256"`
	Rows   map[string]int64 `json:"rows"`
}

// The first byte of a page that is part of a tree.
const (
	innerIndex = 2
	innerTable = 5
	leafIndex  = 10
	leafTable  = 13
)

// treePage is the head of a page of a tree. The format of the file:
// https://sqlite.org/fileformat2.html#b_tree_pages
type treePage struct {
	kind    byte
	at      int // where the head begins: the first page begins with the file's
	cells   int
	list    int // where the places of the cells are listed
	content int // where the cells begin
}

// tree reads the head of a page; ok is false of one that is in no tree.
func (h pagesHead) tree(page uint32, b []byte) (t treePage, ok bool) {
	if page == 1 {
		t.at = 100
	}
	t.kind = b[t.at]
	switch t.kind {
	case innerIndex, innerTable:
		t.list = t.at + 12
	case leafIndex, leafTable:
		t.list = t.at + 8
	default:
		return t, false
	}
	t.cells = int(binary.BigEndian.Uint16(b[t.at+3:]))
	t.content = int(binary.BigEndian.Uint16(b[t.at+5:]))
	if t.content == 0 {
		t.content = 1 << 16
	}
	return t, t.list+2*t.cells <= min(t.content, h.Usable)
}

// cell is where a cell begins.
func (t treePage) cell(b []byte, i int) int { return int(binary.BigEndian.Uint16(b[t.list+2*i:])) }

// pageTally sums pages as they pass, and counts the rows in them.
type pageTally struct {
	head  pagesHead
	sum   chunkSum
	sums  [][]byte            // of the chunks
	seen  uint32              // pages that have passed
	notes []pageNote          // by page
	down  map[uint32][]uint32 // the pages below a page
	links int
}

// pageNote is what is remembered of a page.
type pageNote struct {
	kind  byte
	cells uint16
}

func newPageTally(h pagesHead, format int) *pageTally {
	return &pageTally{head: h, sum: chunkSumOf(format), notes: make([]pageNote, 2), down: map[uint32][]uint32{}}
}

// add takes the next chunk: all pages that are left, or perChunk of them.
func (y *pageTally) add(raw []byte) {
	y.sums = append(y.sums, y.sum(raw))
	for b := range slices.Chunk(raw, y.head.Size) {
		y.note(y.head.pageAt(y.seen), b)
		y.seen++
	}
}

func (y *pageTally) note(page uint32, b []byte) {
	var n pageNote
	if t, ok := y.head.tree(page, b); ok {
		n = pageNote{t.kind, uint16(t.cells)}
		if t.kind == innerIndex || t.kind == innerTable {
			y.below(page, t, b)
		}
	}
	if page == 1 {
		y.notes[1] = n
	} else {
		y.notes = append(y.notes, n)
	}
}

// below notes the pages below an inner one. Each page of a tree is below one
// other, so there are no more links than pages; what passes twice as many is no
// file of SQLite's, and is not remembered.
func (y *pageTally) below(page uint32, t treePage, b []byte) {
	if y.links += t.cells + 1; y.links > 2*int(y.head.Pages)+1<<16 {
		return
	}
	list := make([]uint32, 0, t.cells+1)
	for i := range t.cells {
		if at := t.cell(b, i); at+4 <= y.head.Usable {
			list = append(list, binary.BigEndian.Uint32(b[at:]))
		}
	}
	y.down[page] = append(list, binary.BigEndian.Uint32(b[t.at+8:]))
}

// total is the sum of the sums of all chunks.
func (y *pageTally) total() string {
	h := sha256.New()
	for _, s := range y.sums {
		h.Write(s)
	}
	return hex.EncodeToString(h.Sum(nil))
}

var errTrees = errs.New(errs.Invalid, "the pages of the database do not hang together; run mirabilia doctor on the atlas, or use another backup")

// foot counts the rows of every table, after the last page.
func (y *pageTally) foot() (pagesFoot, error) {
	f := pagesFoot{SHA256: y.total(), Rows: map[string]int64{}}
	met := make([]bool, len(y.notes))
	for name, root := range y.head.Roots {
		n, err := y.rows(root, met)
		if err != nil {
			return f, err
		}
		f.Rows[name] = n
	}
	return f, nil
}

// rows counts a tree from its root. A table's rows are in its leaves; one
// without row numbers is an index, whose inner pages hold rows too.
func (y *pageTally) rows(root uint32, met []bool) (n int64, err error) {
	todo := []uint32{root}
	for len(todo) > 0 {
		page := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if page < 1 || int(page) >= len(y.notes) || met[page] {
			return 0, errTrees
		}
		met[page] = true
		note := y.notes[page]
		switch note.kind {
		case 0:
			return 0, errTrees
		case innerIndex, leafIndex, leafTable:
			n += int64(note.cells)
		}
		if note.kind == innerIndex || note.kind == innerTable {
			list := y.down[page]
			if len(list) != int(note.cells)+1 {
				return 0, errTrees
			}
			todo = append(todo, list...)
		}
	}
	return n, nil
}

// into puts the pages and the rows of each table into a sum.
func (f pagesFoot) into(s *Sum, h pagesHead) {
	s.Pages = &Pages{h.Size, h.Pages, f.SHA256}
	for name, n := range f.Rows {
		s.Tables[name] = Part{Rows: n}
	}
}

func (f pagesFoot) rows() (n int64) {
	for _, rows := range f.Rows {
		n += rows
	}
	return n
}

// pagesOf says how the pages that tx sees are kept; ok is false where rows must be.
func pagesOf(tx *db.Tx) (h pagesHead, p db.Paging, ok bool, err error) {
	p, ok, err = tx.Paging()
	if err != nil || !ok {
		return h, p, false, err
	}
	list, err := tx.Tables()
	if err != nil {
		return h, p, false, err
	}
	h = pagesHead{Size: p.Size, Usable: p.Usable, Pages: p.Pages, Roots: map[string]uint32{}}
	for _, t := range list {
		h.Roots[t.Name] = p.Roots[t.Name]
	}
	return h, p, h.valid(), nil
}

// readPages sends the pages that tx sees.
func readPages(ctx context.Context, tx *db.Tx, h pagesHead, p db.Paging, out chan<- piece, free <-chan []byte) error {
	if err := send(ctx, out, piece{is: pagesPiece, pages: h}); err != nil {
		return err
	}
	b, full := fresh(free), h.perChunk()*h.Size
	err := tx.Pages(p, func(page []byte) error {
		if b = append(b, page...); len(b) < full {
			return nil
		}
		err := send(ctx, out, piece{is: pagesData, raw: b})
		b = fresh(free)
		return err
	})
	if err == nil && len(b) > 0 {
		err = send(ctx, out, piece{is: pagesData, raw: b})
	}
	if err != nil {
		return err
	}
	return send(ctx, out, piece{is: pagesEnd})
}
