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

// Restore fills the empty atlas of to from a backup, and says what is there
// then. Nothing of a backup that is damaged in any byte stays.
func Restore(ctx context.Context, to *db.DB, data string, in io.Reader) (*Sum, error) {
	return RestoreInto(ctx, to, data, nil, in)
}

// RestoreInto is Restore with the files into another place than the blob folder
// of the data directory; nil is that folder.
func RestoreInto(ctx context.Context, to *db.DB, data string, files Files, in io.Reader) (*Sum, error) {
	_, known, err := to.SchemaVersion(ctx)
	if err != nil {
		return nil, err
	}
	free := make(chan []byte, ahead+2)
	r, err := openFile(in, known, free)
	if err != nil {
		return nil, err
	}
	blobs := &blobWriter{ctx: ctx, data: data, files: files}
	defer blobs.close()
	f := &fill{to: to, by: restoring, schema: r.head.Schema, known: known, blobs: blobs, free: free}
	return f.run(ctx, func(ctx context.Context, out chan<- piece) error { return r.readFile(ctx, out) })
}

// Copy fills the empty atlas of to from another database as it is at one
// instant. Blobs stay where they are.
func Copy(ctx context.Context, from, to *db.DB) (*Sum, error) {
	schema, known, err := from.SchemaVersion(ctx)
	if err != nil {
		return nil, err
	}
	free := make(chan []byte, ahead+2)
	f := &fill{to: to, by: copying, schema: schema, known: known, free: free}
	return f.run(ctx, func(ctx context.Context, out chan<- piece) error {
		return from.Snapshot(ctx, func(tx *db.Tx) error { return readTables(ctx, tx, out, free) })
	})
}

// fill is the filling of one atlas.
type fill struct {
	to            *db.DB
	by            string
	schema, known int64 // of what comes, and of this program
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
	f.in, f.sum = pieces, newSum(f.schema)
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
	there, err := sumTables(tx, list)
	if err != nil {
		return err
	}
	for name, part := range f.sum.Tables {
		if there[name] != part {
			return errs.New(errs.Internal, "table %s does not read back as it came: %d rows came and %d are there; nothing was kept", name, part.Rows, there[name].Rows)
		}
	}
	f.sum.close()
	if f.schema < f.known {
		return nil
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
	return f.to.Write(ctx, dropMark)
}
