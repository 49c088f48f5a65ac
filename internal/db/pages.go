package db

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"io"

	"github.com/ncruces/go-sqlite3"

	"mirabilia/internal/errs"
)

// Paging is how SQLite's file is laid out in pages, as one transaction sees it.
type Paging struct {
	Size   int               // of a page, in bytes
	Usable int               // the same without what is reserved at its end
	Pages  uint32            // how many there are
	Roots  map[string]uint32 // the first page of each table's tree
}

// Paging describes the pages; ok is false of PostgreSQL, and of a file that
// holds more than the atlas: statistics with samples of what was once in its
// rows, or pages that say where others are.
func (t *Tx) Paging() (p Paging, ok bool, err error) {
	if t.db.engine != SQLite {
		return p, false, nil
	}
	p.Roots, ok = map[string]uint32{}, true
	rows, err := t.Query(`SELECT name, rootpage, name LIKE 'sqlite!_stat%' ESCAPE '!' OR rootpage = 0 FROM sqlite_schema WHERE type = 'table'`)
	err = Each(rows, err, func(r *sql.Rows) error {
		var name string
		var root uint32
		var other bool
		err := r.Scan(&name, &root, &other)
		p.Roots[name] = root
		ok = ok && !other
		return err
	})
	if err != nil {
		return p, false, err
	}
	var vacuum int
	for text, into := range map[string]any{`PRAGMA page_size`: &p.Size, `PRAGMA page_count`: &p.Pages, `PRAGMA auto_vacuum`: &vacuum} {
		if err := t.QueryRow(text).Scan(into); err != nil {
			return p, false, err
		}
	}
	reserved, err := t.s.(pager).reserved(t.ctx)
	p.Usable = p.Size - reserved
	return p, ok && vacuum == 0, err
}

// Pages gives every page of the file as the transaction sees it: the second
// first, in their order, and the first page last. A page is used again after fn. Nobody
// waits for it: SQLite's own online backup copies them out of the snapshot that
// the transaction holds, into a file that is none but hands them on.
func (t *Tx) Pages(p Paging, fn func(page []byte) error) error {
	s, ok := t.s.(pager)
	if !ok {
		return errs.New(errs.Internal, "only SQLite has pages")
	}
	return s.pages(t.ctx, p, fn)
}

// pager is a session of SQLite's.
type pager interface {
	reserved(ctx context.Context) (int, error)
	pages(ctx context.Context, p Paging, fn func([]byte) error) error
}

func (c *liteConn) reserved(ctx context.Context) (n int, err error) {
	err = c.raw(ctx, func(conn *sqlite3.Conn) error {
		v, err := conn.FileControl("main", sqlite3.FCNTL_RESERVE_BYTES)
		n, _ = v.(int)
		return err
	})
	return n, err
}

// pagesAtOnce is how many pages are copied between two looks at the context.
const pagesAtOnce = 256

func (c *liteConn) pages(ctx context.Context, p Paging, fn func([]byte) error) error {
	registerPages()
	out := &pageSink{size: p.Size, next: 2, fn: fn}
	name := rand.Text()
	pageFiles.Store(name, out)
	defer pageFiles.Delete(name)
	return c.raw(ctx, func(conn *sqlite3.Conn) (err error) {
		b, err := conn.BackupInit("main", "file:"+name+"?vfs="+pagesVFS)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, b.Close()) }()
		for done := false; !done; {
			if err := ctx.Err(); err != nil {
				return err
			}
			if done, err = b.Step(pagesAtOnce); err != nil {
				return errors.Join(out.err, err)
			}
		}
		return out.end(p.Pages)
	})
}

// pageSink is the file of a backup: it hands on what is written. SQLite writes
// a page when its cache is full, the oldest first, so they come in their order
// but for the first page, which is written again at the end; one that comes
// too soon waits.
type pageSink struct {
	inert
	size  int
	first []byte // the first page as it was written last
	next  uint32
	early map[uint32][]byte
	fn    func([]byte) error
	err   error
}

// maxEarly is how many pages may wait for one before them: twice what the
// cache of the backup holds.
const maxEarly = 4096

var errOrder = errs.New(errs.Internal, "the pages of the database came in a wrong order")

func (s *pageSink) WriteAt(b []byte, off int64) (int, error) {
	if s.err == nil {
		s.err = s.take(b, off)
	}
	if s.err != nil {
		return 0, sqlite3.IOERR_WRITE
	}
	return len(b), nil
}

func (s *pageSink) take(b []byte, off int64) error {
	n := uint32(off/int64(s.size)) + 1
	switch {
	case len(b) != s.size || off%int64(s.size) != 0 || n > 1 && n < s.next:
		return errOrder
	case n == 1:
		s.first = append(s.first[:0], b...)
		return nil
	case n > s.next:
		if len(s.early) >= maxEarly {
			return errOrder
		}
		if s.early == nil {
			s.early = map[uint32][]byte{}
		}
		s.early[n] = append([]byte(nil), b...)
		return nil
	}
	for b != nil {
		if err := s.fn(b); err != nil {
			return err
		}
		delete(s.early, s.next)
		s.next++
		if b = s.early[s.next]; s.next == s.locks() {
			b = make([]byte, s.size)
		}
	}
	return nil
}

// locks is the page where SQLite's locks are, which holds nothing and is never
// written: https://sqlite.org/fileformat2.html#the_lock_byte_page
func (s *pageSink) locks() uint32 { return uint32(lockByte/s.size) + 1 }

const lockByte = 1 << 30

// end hands the first page on, after all others.
func (s *pageSink) end(pages uint32) error {
	if s.first == nil || len(s.early) > 0 || s.next != pages+1 {
		return errOrder
	}
	return s.fn(s.first)
}

func (s *pageSink) ReadAt(b []byte, off int64) (int, error) {
	if off >= int64(len(s.first)) {
		return 0, io.EOF
	}
	n := copy(b, s.first[off:])
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

func (s *pageSink) Size() (int64, error) {
	if s.first == nil {
		return 0, nil
	}
	return int64(s.next-1) * int64(s.size), nil
}
