package keep

import (
	"cmp"
	"context"
	"errors"
	"io"
	"maps"
	"os"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

func (r *fileReader) beginPages(p *piece) error {
	if err := r.json(&p.pages); err != nil {
		return err
	}
	if !p.pages.valid() {
		return torn("the head of its pages is wrong")
	}
	r.pages, r.base, r.state = newPageTally(p.pages, r.head.Format), r.at, pagesPiece
	return nil
}

// pagesChunk reads pages that are summed together.
func (r *fileReader) pagesChunk() (p piece, err error) {
	h := r.pages.head
	n := min(h.perChunk(), int(h.Pages-r.pages.seen)) * h.Size
	p.is, p.raw = pagesData, r.room(n)
	if err := r.bare(p.raw); err != nil {
		return p, err
	}
	r.pages.add(p.raw)
	return p, nil
}

// endPages holds what the file says of its pages against them.
func (r *fileReader) endPages(p *piece) error {
	var says pagesFoot
	if err := r.json(&says); err != nil {
		return err
	}
	if says.SHA256 != r.pages.total() {
		return torn("its pages do not match their checksum")
	}
	foot, err := r.pages.foot()
	if err != nil || !maps.Equal(foot.Rows, says.Rows) {
		return torn("its pages do not hold the rows that it says")
	}
	p.is, p.part.Rows = pagesEnd, foot.rows()
	foot.into(r.sum, r.pages.head)
	r.pages, r.state = nil, pagesEnd
	return nil
}

// wholeFile is a backup that can be read anywhere and more than once.
type wholeFile interface {
	io.ReaderAt
	Size() int64
}

// spool gives the backup that r has begun to read from in: in itself where it
// can be read anywhere, else a copy in folder that has no name, so that nothing
// is left of it whatever happens. seen is what was read of in so far.
func spool(ctx context.Context, in io.Reader, seen []byte, folder string) (wholeFile, func(), error) {
	if f, ok := in.(*os.File); ok {
		at, err := f.Seek(0, io.SeekCurrent)
		if info, bad := f.Stat(); err == nil && bad == nil && info.Mode().IsRegular() && at == int64(len(seen)) {
			return io.NewSectionReader(f, 0, info.Size()), func() {}, nil
		}
	}
	if b, ok := in.(wholeFile); ok {
		return b, func() {}, nil
	}
	f, err := os.CreateTemp(folder, ".restore-*")
	if err != nil {
		return nil, nil, diskError(err)
	}
	end := func() { _ = f.Close() }
	err = os.Remove(f.Name())
	if err == nil {
		_, err = f.Write(seen)
	}
	for b := make([]byte, chunk); err == nil; {
		if err = ctx.Err(); err != nil {
			break
		}
		var n int
		if n, err = in.Read(b); n > 0 {
			if _, bad := f.Write(b[:n]); bad != nil {
				err = bad
			}
		}
	}
	if !errors.Is(err, io.EOF) {
		end()
		return nil, nil, diskError(err)
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		end()
		return nil, nil, err
	}
	return io.NewSectionReader(f, 0, size), end, nil
}

// laid gives the database as its file would be, out of the pages as they lie in
// a backup.
type laid struct {
	in   io.ReaderAt
	base int64
	head pagesHead
}

func (l laid) Size() int64 { return l.head.bytes() }

func (l laid) ReadAt(b []byte, off int64) (n int, err error) {
	size := int64(l.head.Size)
	for n < len(b) {
		page := off / size
		if page < 0 || page >= int64(l.head.Pages) {
			return n, io.EOF
		}
		part := b[n:min(len(b), n+int(size-off%size))]
		m, err := l.in.ReadAt(part, l.base+l.head.place(uint32(page)+1)*size+off%size)
		n, off = n+m, off+int64(m)
		if m < len(part) {
			return n, err
		}
	}
	return n, nil
}

// fillFromPages sends the rows of the pages in a backup, then its files. Before
// that every byte of it is found right. SQLite reads the pages where they lie, with
// what it has against files of strangers: nothing of their schema comes into the
// atlas, whose own tables are filled as they are from rows.
func (f *fill) fillFromPages(ctx context.Context, in wholeFile, out chan<- piece) error {
	section := func() io.Reader { return io.NewSectionReader(in, 0, in.Size()) }
	r, err := openFile(section(), f.known, f.free)
	if err != nil {
		return err
	}
	m := newMeter(f.watch, Checked)
	var head pagesHead
	for {
		p, err := r.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err = errors.Join(err, ctx.Err()); err != nil {
			return err
		}
		if p.is == pagesPiece {
			head = p.pages
		}
		m.pass(p)
		if p.raw != nil {
			giveBack(f.free, p.raw)
		}
	}
	f.rows = r.sum.Tables
	d, err := db.OpenPages(ctx, laid{in, r.base, head}, "the backup")
	if err != nil {
		return err
	}
	defer d.Close()
	if have, _, err := d.SchemaVersion(ctx); err != nil || have != f.schema {
		return strange(ctx, cmp.Or(err, torn("its pages have schema %d and it says %d", have, f.schema)))
	}
	if err := d.Snapshot(ctx, func(tx *db.Tx) error { return readTables(ctx, tx, out, f.free) }); err != nil {
		return strange(ctx, err)
	}
	again, err := openFile(section(), f.known, f.free)
	if err != nil {
		return err
	}
	for {
		p, err := again.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch p.is {
		case pagesData:
			giveBack(f.free, p.raw)
		case pagesPiece, pagesEnd:
		default:
			if err := send(ctx, out, p); err != nil {
				return err
			}
		}
	}
}

// strange is an error of a database that is none of ours.
func strange(ctx context.Context, err error) error {
	if ctx.Err() == nil && errs.CodeOf(err) == errs.Internal {
		return errs.Wrap(err, errs.Invalid, "the backup is damaged (its pages are no atlas); use another one, nothing was restored")
	}
	return err
}

// sameRows holds the rows that came out of pages against those that were counted
// in them: an index that misses some would have hidden them.
func (f *fill) sameRows() error {
	for name, part := range f.rows {
		if got := f.sum.Tables[name].Rows; got != part.Rows {
			return errs.New(errs.Invalid, "the backup is damaged (table %s gives %d rows and its pages hold %d); use another one, nothing was restored", name, got, part.Rows)
		}
	}
	return nil
}
