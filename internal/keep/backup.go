package keep

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sync/errgroup"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// From is the atlas that is kept.
type From struct {
	DB      *db.DB
	Data    string // the data directory, whose blob folder is kept with the rows
	Files   Files  // where the files are instead, nil for that folder
	Program string // version, for the header
	Rows    bool   // rows also from SQLite: a smaller file, for several times the time
	Watch   Watch  // is told how far it is, nil for nobody
}

// Saved is a finished backup.
type Saved struct {
	File  string `json:"file"`
	Size  int64  `json:"bytes"` // of the file
	Whole *Sum   `json:"atlas"`
}

// Backup writes the atlas into a new file, which has its name only after it was
// read back and found whole; until then it is file with ".part" after it. The
// rows are those of one instant. Only its owner may read the file: it holds
// true positions. A file that is there is left alone unless replace is true.
func Backup(ctx context.Context, from From, file string, replace bool) (*Saved, error) {
	if err := mayWrite(file, replace); err != nil {
		return nil, err
	}
	part := file + ".part"
	out, err := openPart(part)
	if err != nil {
		return nil, err
	}
	keep := false
	defer func() {
		_ = out.Close()
		if !keep {
			_ = os.Remove(part)
		}
	}()
	wrote, err := write(ctx, from, out)
	if err != nil {
		return nil, fileError(file, err)
	}
	read, err := readBack(ctx, wrote, out, newMeter(from.Watch, ReadBack))
	if err != nil {
		return nil, fileError(file, err)
	}
	if read.SHA256 != wrote.sum.SHA256 || read.Rows != wrote.sum.Rows {
		return nil, errs.New(errs.Internal, "%s does not read back as it was written; write to another disk", part)
	}
	if err := mayWrite(file, replace); err != nil { // somebody else was faster
		return nil, err
	}
	if err := os.Rename(part, file); err != nil {
		return nil, fileError(file, err)
	}
	keep = true
	if err := syncFolder(filepath.Dir(file)); err != nil {
		return nil, fileError(file, err)
	}
	return &Saved{File: file, Size: wrote.bytes, Whole: read}, nil
}

// readBack reads the file while the rest of it goes to the disk.
func readBack(ctx context.Context, wrote *fileWriter, out *os.File, m *meter) (read *Sum, err error) {
	work, ctx := errgroup.WithContext(ctx)
	work.Go(out.Sync)
	work.Go(func() (err error) {
		read, err = check(ctx, io.NewSectionReader(out, 0, wrote.bytes+1), wrote.head.Schema, m)
		return err
	})
	return read, work.Wait()
}

func mayWrite(file string, replace bool) error {
	info, err := os.Stat(file)
	switch {
	case err == nil && info.IsDir():
		return errs.New(errs.Invalid, "%s is a directory; name a file in it", file)
	case err == nil && !info.Mode().IsRegular():
		return errs.New(errs.Invalid, "%s is no file; a backup is read back before it counts, so name one", file)
	case err == nil && !replace:
		return errs.New(errs.Conflict, "%s is there already; name another file, or replace it with --force", file)
	}
	return nil
}

// openPart opens the file as it grows. What an interrupted backup left is
// written over; one that is still being written is not.
func openPart(part string) (*os.File, error) {
	out, err := os.OpenFile(part, os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fileError(part, err)
	}
	if err := syscall.Flock(int(out.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = out.Close()
		return nil, errs.New(errs.Conflict, "%s is being written by another backup; let it end, or name another file", part)
	}
	if err := errors.Join(out.Truncate(0), out.Chmod(0o600)); err != nil {
		_ = out.Close()
		return nil, fileError(part, err)
	}
	return out, nil
}

// ahead is how many pieces are read before they are written.
const ahead = 4

// write streams the atlas into out: one reads while the other packs.
func write(ctx context.Context, from From, out *os.File) (*fileWriter, error) {
	schema, _, err := from.DB.SchemaVersion(ctx)
	if err != nil {
		return nil, err
	}
	w := newFileWriter(out, header{Schema: schema, Made: from.DB.Millis(), Engine: from.DB.Engine(), Program: from.Program})
	pieces, free := make(chan piece, ahead), make(chan []byte, ahead+2)
	work, ctx := errgroup.WithContext(ctx)
	work.Go(func() error {
		err := from.DB.Snapshot(ctx, func(tx *db.Tx) error { return readAtlas(ctx, tx, from.Rows, pieces, free) })
		if err == nil {
			err = readFiles(ctx, from, pieces, free)
		}
		if err == nil { // else the context ends, with this reason
			close(pieces)
		}
		return err
	})
	m := newMeter(from.Watch, Written)
	work.Go(func() error {
		return drain(ctx, pieces, free, func(p *piece) error {
			err := w.take(p)
			m.pass(*p)
			return err
		})
	})
	if err := work.Wait(); err != nil {
		return nil, err
	}
	return w, w.close()
}

// readAtlas sends what the database holds, as pages where that can be.
func readAtlas(ctx context.Context, tx *db.Tx, rows bool, out chan<- piece, free <-chan []byte) error {
	if !rows {
		h, p, ok, err := pagesOf(tx)
		if err != nil {
			return err
		}
		if ok {
			return readPages(ctx, tx, h, p, out, free)
		}
	}
	return readTables(ctx, tx, out, free)
}

func syncFolder(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}

// fileError says what to do about a file that cannot be written.
func fileError(file string, err error) error {
	var known *errs.Error
	switch {
	case errors.As(err, &known):
		return err
	case isFull(err):
		return errs.Wrap(err, errs.Full, "the disk of %s is full; make room and run the backup again", file)
	case errors.Is(err, os.ErrPermission), errors.Is(err, syscall.EROFS), errors.Is(err, os.ErrNotExist):
		return errs.Wrap(err, errs.Unavailable, "%s cannot be written; name a file in a directory that is there and writable", file)
	}
	return err
}
