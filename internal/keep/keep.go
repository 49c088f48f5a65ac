// Package keep takes an atlas whole: backup writes it into one file, restore
// fills an empty atlas from such a file, copy fills one from another database.
//
// All three are one stream of pieces (a table's head, chunks of its rows, its
// end; then the same for the files of the blob folder) between a reader and a
// writer: the database or a file on either side. Rows are written in a form
// that knows no engine, in the order of their primary keys, so the same atlas
// has the same checksums wherever it is. Which tables there are is asked of the
// database, so that what a migration adds cannot be forgotten.
//
// A backup from SQLite holds the pages of its file in the place of rows, unless
// rows are asked for: see pages.go. A restore reads the rows out of them, so
// that it is the same for either form and either engine.
//
// Nothing half done is taken for whole. A backup gets its name when it has been
// read back. An atlas that is being filled carries a mark (table "filling"),
// which the transaction that fills it takes away; while it is there, the atlas
// is refused by everything but another restore or copy, which begins anew.
package keep

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"mirabilia/internal/db"
)

// Sum is what was kept, restored or copied, counted and summed where it
// arrived.
type Sum struct {
	Schema int64               `json:"schema"`
	Places int64               `json:"places"` // rows of the table places
	Rows   int64               `json:"rows"`
	Tables map[string]Part     `json:"tables"`
	Files  map[string]FilePart `json:"-"`
	Blobs  int64               `json:"blobs"`      // files of the blob folder
	Bytes  int64               `json:"blob_bytes"` // their size
	// Pages are what a backup from SQLite holds; its tables are counted then, and
	// have no sums of their own.
	Pages *Pages `json:"pages,omitempty"`
	// SHA256 is of the sums of all tables, or the pages, and of the blobs: for tables
	// equal for equal atlases, whatever the engines.
	SHA256 string `json:"sha256"`
}

// Part is one table: the number of its rows, and the sum of their bytes in the
// order of the primary key.
type Part struct {
	Rows   int64  `json:"rows"`
	SHA256 string `json:"sha256,omitempty"`
}

// FilePart is one file of the blob folder.
type FilePart struct {
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

func newSum(schema int64) *Sum {
	return &Sum{Schema: schema, Tables: map[string]Part{}, Files: map[string]FilePart{}}
}

// close counts and sums up the parts.
func (s *Sum) close() {
	h := sha256.New()
	s.Rows, s.Blobs, s.Bytes, s.Places = 0, 0, 0, s.Tables["places"].Rows
	for _, name := range slices.Sorted(maps.Keys(s.Tables)) {
		p := s.Tables[name]
		s.Rows += p.Rows
		fmt.Fprintf(h, "table %s %d %s\n", name, p.Rows, p.SHA256)
	}
	if s.Pages != nil {
		fmt.Fprintf(h, "pages %d %d %s\n", s.Pages.Size, s.Pages.Pages, s.Pages.SHA256)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Files)) {
		p := s.Files[name]
		s.Blobs++
		s.Bytes += p.Bytes
		fmt.Fprintf(h, "blob %s %d %s\n", name, p.Bytes, p.SHA256)
	}
	s.SHA256 = hex.EncodeToString(h.Sum(nil))
}

// head describes a table in the stream: enough to read its rows.
type head struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
	Kinds   string   `json:"kinds"` // a letter a column: db.Kind
	Key     []string `json:"key"`
}

func headOf(t db.Table) head {
	h := head{Name: t.Name, Key: t.Key}
	for _, c := range t.Columns {
		h.Columns = append(h.Columns, c.Name)
		h.Kinds += string(rune(c.Kind))
	}
	return h
}

func (h head) same(o head) bool {
	return h.Name == o.Name && h.Kinds == o.Kinds && slices.Equal(h.Columns, o.Columns) && slices.Equal(h.Key, o.Key)
}

// piece is a part of the stream.
type piece struct {
	is    byte // one of the letters below
	table head
	raw   []byte // rowsPiece: whole rows; dataPiece: bytes of a file; pagesData: whole pages
	part  Part   // rowsPiece: how many; endPiece: how many there were, and from a file their sum; pagesEnd: how many they hold
	blob  blobHead
	file  FilePart
	pages pagesHead
}

// The letters of pieces, which are those of the frames of the file.
const (
	headerFrame  = 'H'
	tablePiece   = 'T'
	rowsPiece    = 'R'
	endPiece     = 'E'
	blobPiece    = 'B'
	dataPiece    = 'D'
	blobEnd      = 'F'
	trailerFrame = 'Z'
	pagesPiece   = 'P'
	pagesData    = 'p' // in no frame
	pagesEnd     = 'Q'
)

type blobHead struct {
	Name string `json:"name"`
}

// chunk is how large pieces of rows and files are, in bytes; a row that is
// larger makes a larger one.
const chunk = 1 << 20
