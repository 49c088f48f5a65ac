package keep

import (
	"context"
	"errors"
	"io"
	"slices"

	"golang.org/x/sync/errgroup"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// Into is the empty atlas that a restore or a copy fills.
type Into struct {
	DB    *db.DB
	Data  string // the data directory, whose blob folder takes the files
	Files Files  // where the files go instead, nil for that folder
	// Settle is called when every row is there as it was kept, in the transaction
	// that makes the atlas whole; it may run more than once, nil for nothing.
	Settle func(tx *db.Tx) error
	Watch  Watch // is told how far it is, nil for nobody
}

// Restore fills an empty atlas from a backup, and says what came. Nothing of a
// backup that is damaged in any byte stays.
func Restore(ctx context.Context, to Into, in io.Reader) (*Sum, error) {
	_, known, err := to.DB.SchemaVersion(ctx)
	if err != nil {
		return nil, err
	}
	free := make(chan []byte, ahead+2)
	begun := &seen{in: in}
	r, err := openFile(begun, known, free)
	if err != nil {
		return nil, err
	}
	blobs := &blobWriter{ctx: ctx, data: to.Data, files: to.Files}
	defer blobs.close()
	f := &fill{to: to.DB, by: restoring, settle: to.Settle, watch: to.Watch, schema: r.head.Schema, known: known, blobs: blobs, free: free}
	if r.head.Format == rowsFormat {
		begun.enough = true
		return f.run(ctx, func(ctx context.Context, out chan<- piece) error { return r.readFile(ctx, out) })
	}
	return f.run(ctx, func(ctx context.Context, out chan<- piece) error {
		file, end, err := spool(ctx, in, begun.bytes, to.Data)
		if err != nil {
			return err
		}
		defer end()
		return f.fillFromPages(ctx, file, out)
	})
}

// seen remembers what was read, until it is enough.
type seen struct {
	in     io.Reader
	bytes  []byte
	enough bool
}

func (s *seen) Read(b []byte) (int, error) {
	n, err := s.in.Read(b)
	if !s.enough {
		s.bytes = append(s.bytes, b[:n]...)
	}
	return n, err
}

// Copy fills the empty atlas of to from another database as it is at one
// instant. Its files go along where to names a data directory, and else stay
// where they are.
func Copy(ctx context.Context, from From, to Into) (*Sum, error) {
	schema, known, err := from.DB.SchemaVersion(ctx)
	if err != nil {
		return nil, err
	}
	free := make(chan []byte, ahead+2)
	f := &fill{to: to.DB, by: copying, watch: to.Watch, schema: schema, known: known, free: free}
	if to.Data != "" {
		f.blobs = &blobWriter{ctx: ctx, data: to.Data, files: to.Files}
		defer f.blobs.close()
	}
	return f.run(ctx, func(ctx context.Context, out chan<- piece) error {
		err := from.DB.Snapshot(ctx, func(tx *db.Tx) error { return readTables(ctx, tx, out, free) })
		if err == nil && f.blobs != nil {
			err = readFiles(ctx, from, out, free)
		}
		return err
	})
}

// fill is the filling of one atlas.
type fill struct {
	to            *db.DB
	by            string
	settle        func(tx *db.Tx) error
	watch         Watch
	meter         *meter
	schema, known int64           // of what comes, and of this program
	rows          map[string]Part // what pages hold, when rows come out of them
	blobs         *blobWriter
	free          chan []byte
	in            <-chan piece
	sum           *Sum
}

// run makes the atlas ready, fills it in one transaction, and migrates it when
// what came is older than this program.
func (f *fill) run(ctx context.Context, read func(context.Context, chan<- piece) error) (*Sum, error) {
	release, err := f.to.Alone(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	if err := f.ready(ctx); err != nil {
		return nil, err
	}
	if _, err := f.stream(ctx, read); err != nil {
		return nil, err
	}
	return f.sum, f.finish(ctx)
}

// stream fills the atlas in one transaction.
func (f *fill) stream(ctx context.Context, read func(context.Context, chan<- piece) error) (*Sum, error) {
	pieces := make(chan piece, ahead)
	f.in, f.sum, f.meter = pieces, newSum(f.schema), newMeter(f.watch, Filled)
	// What reads says whether what came was whole; only then may the
	// transaction be committed.
	readTo := make(chan error, 1)
	work, inner := errgroup.WithContext(ctx)
	work.Go(func() error {
		err := read(inner, pieces)
		readTo <- err
		if err == nil { // else the context ends, with this reason
			close(pieces)
		}
		return err
	})
	work.Go(func() error {
		return f.to.Fill(inner, func(tx *db.Tx, list []db.Table) error {
			if err := f.load(inner, tx, list); err != nil {
				return err
			}
			if err := <-readTo; err != nil {
				return err
			}
			return f.verify(tx, list)
		})
	})
	return f.sum, work.Wait()
}

// ready marks an atlas that is empty, or takes away what an interrupted filling
// left, and brings the schema to that of what comes.
func (f *fill) ready(ctx context.Context) error {
	have, _, err := f.to.SchemaVersion(ctx)
	if err != nil {
		return err
	}
	if have > f.known {
		return errs.New(errs.Conflict, "%s has schema %d and this program knows up to %d; run a newer mirabilia, nothing was changed", f.to.Name(), have, f.known)
	}
	err = f.to.Write(ctx, func(tx *db.Tx) error {
		by, err := mark(tx)
		if err != nil {
			return err
		}
		full := checkEmpty(tx)
		if full != nil && (by == "" || !errs.Is(full, errs.Conflict)) {
			return full
		}
		if err := setMark(tx, f.by); err != nil {
			return err
		}
		if full != nil || have > f.schema {
			return tx.DropTables()
		}
		return nil
	})
	if err != nil {
		return err
	}
	return f.to.MigrateTo(ctx, f.schema)
}

// load writes what comes.
func (f *fill) load(ctx context.Context, tx *db.Tx, list []db.Table) error {
	for {
		p, err := f.receive(ctx)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if p.is != tablePiece {
			if f.blobs == nil {
				return errs.New(errs.Internal, "a piece %q came where a table should begin", p.is)
			}
			if err := f.blobs.take(p); err != nil {
				return err
			}
			f.note(p)
			continue
		}
		at := slices.IndexFunc(list, func(t db.Table) bool { return t.Name == p.table.Name })
		if at < 0 || !headOf(list[at]).same(p.table) {
			return errs.New(errs.Conflict, "what comes has a table %s that schema %d has not; it was made by another program", p.table.Name, f.schema)
		}
		if err := f.loadTable(ctx, tx, list[at]); err != nil {
			return err
		}
	}
	if len(f.sum.Tables) != len(list) {
		return errs.New(errs.Conflict, "what comes has %d tables and schema %d has %d; it was made by another program", len(f.sum.Tables), f.schema, len(list))
	}
	return nil
}

func (f *fill) receive(ctx context.Context) (piece, error) {
	select {
	case <-ctx.Done():
		return piece{}, ctx.Err()
	case p, more := <-f.in:
		if !more {
			return piece{}, io.EOF
		}
		f.meter.pass(p)
		return p, nil
	}
}

// note remembers what a blob must be.
func (f *fill) note(p piece) {
	if p.is == blobEnd {
		f.sum.Files[f.blobs.name] = p.file
	}
}

// loadTable writes one table and sums it as it came.
func (f *fill) loadTable(ctx context.Context, tx *db.Tx, t db.Table) error {
	y := newTally(headOf(t))
	var whole, rest []byte
	n, err := tx.Load(t, func(row []db.Value) (bool, error) {
		for len(rest) == 0 {
			if whole != nil {
				giveBack(f.free, whole)
				whole = nil
			}
			p, err := f.receive(ctx)
			if errors.Is(err, io.EOF) {
				return false, errs.New(errs.Invalid, "table %s ends in the middle", t.Name)
			}
			if err != nil || p.is == endPiece {
				return false, err
			}
			if p.is != rowsPiece {
				return false, errs.New(errs.Internal, "a piece %q came within a table", p.is)
			}
			whole, rest = p.raw, p.raw
			y.hash.Write(p.raw)
		}
		var err error
		rest, err = cutRow(rest, y.head.Kinds, row)
		y.rows++
		return true, err
	})
	if err != nil {
		return err
	}
	if n != y.rows {
		return errs.New(errs.Internal, "table %s: %d rows came and %d were written", t.Name, y.rows, n)
	}
	f.sum.Tables[t.Name] = y.part()
	return nil
}

// verify reads everything back and, if nothing is left to do afterwards, takes
// the mark away.
func (f *fill) verify(tx *db.Tx, list []db.Table) error {
	there, err := sumTables(tx, list, newMeter(f.watch, ReadBack))
	if err != nil {
		return err
	}
	for name, part := range f.sum.Tables {
		if there[name] != part {
			return errs.New(errs.Internal, "table %s does not read back as it came: %d rows came and %d are there; nothing was kept", name, part.Rows, there[name].Rows)
		}
	}
	if err := f.sameRows(); err != nil {
		return err
	}
	f.sum.close()
	if f.schema < f.known {
		return nil
	}
	return f.whole(tx)
}

// whole settles the atlas and takes the mark away.
func (f *fill) whole(tx *db.Tx) error {
	if f.settle != nil {
		if err := f.settle(tx); err != nil {
			return err
		}
	}
	return dropMark(tx)
}

// finish brings what was older up to this program's schema.
func (f *fill) finish(ctx context.Context) error {
	if f.schema >= f.known {
		return nil
	}
	if err := f.to.Migrate(ctx); err != nil {
		return err
	}
	return f.to.Write(ctx, f.whole)
}
