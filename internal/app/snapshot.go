package app

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/finder"
)

const (
	// snapshotFile keeps in the data directory what the finder held, so that the
	// next start need not read every place again. Each node has its own.
	snapshotFile = "finder.snapshot"
	// snapshotPause is how often a running atlas looks whether enough has
	// changed for another snapshot: more than snapshotLeast changes and a
	// snapshotShare of the documents.
	snapshotPause = 10 * time.Minute
	snapshotLeast = 1000
	snapshotShare = 100
	// The log is followed from a snapshot that is at most so far behind: a
	// change costs about as much as four documents that are read from nothing.
	behindLeast = 10_000
	behindShare = 4
)

// errNoSnapshot says that there is none, which needs no words.
var errNoSnapshot = errors.New("there is no snapshot")

// program names this program with all that is built into it: a snapshot of
// another is not used, since another may fold, rank and locate otherwise. It is
// "" when it cannot be told.
func program(version string) string {
	file, err := os.Executable()
	if err != nil {
		return ""
	}
	info, err := os.Stat(file)
	if err != nil {
		return ""
	}
	revision := ""
	if b, ok := debug.ReadBuildInfo(); ok {
		for _, s := range b.Settings {
			if s.Key == "vcs.revision" {
				revision = s.Value
			}
		}
	}
	return fmt.Sprintf("%s %s %d %d", version, revision, info.Size(), info.ModTime().UnixNano())
}

// openSnapshot opens the snapshot of a data directory.
func openSnapshot(dir string) (file *os.File, size int64, err error) {
	file, err = os.Open(filepath.Join(dir, snapshotFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, errNoSnapshot
	}
	if err != nil {
		return nil, 0, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%w: it is no file", finder.ErrSnapshot)
	}
	if err != nil {
		file.Close()
		return nil, 0, err
	}
	return file, info.Size(), nil
}

// belongs reports whether a snapshot is one of this database as it is now: not
// of another, and not of one that was set back since.
func belongs(ctx context.Context, d *db.DB, o finder.Origin) (bool, error) {
	mark, err := changes.Mark(ctx, d, o.Seq)
	return mark != "" && mark == o.Log, err
}

// recall fills the finder from the snapshot and what the log tells since. When
// it gives an error the finder is to be filled from the database.
func (a *App) recall(ctx context.Context) error {
	file, size, err := openSnapshot(a.config.Data)
	if err != nil {
		return err
	}
	defer file.Close()
	last, err := changes.Last(ctx, a.db)
	if err != nil {
		return err
	}
	o, err := a.finder.LoadSnapshot(bufio.NewReaderSize(file, 1<<16), size, func(o finder.Origin) error {
		if p := program(a.options.Version); p == "" || p != o.Program {
			return errors.New("it is another program's")
		}
		switch is, err := belongs(ctx, a.db, o); {
		case err != nil:
			return err
		case !is:
			return errors.New("it is not of this database as it is now")
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := a.drawAreas(ctx); err != nil {
		return err
	}
	if far := last - o.Seq; far > behindLeast && far > int64(a.finder.Len()/behindShare) {
		return fmt.Errorf("the database is %d changes ahead of it", far)
	}
	a.seen = o.Seq
	for a.seen < last {
		list, err := changes.Since(ctx, a.db, a.seen, handful)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			break
		}
		if err := a.apply(ctx, list); err != nil {
			return err
		}
		a.seen = list[len(list)-1].Seq
		for a.finder.Merge() {
		}
	}
	a.kept = o.Seq
	return a.recount(ctx)
}

// keepSnapshots writes a snapshot when the finder was filled from the database,
// and again whenever enough has changed.
func (a *App) keepSnapshots(ctx context.Context) {
	tick := time.NewTicker(snapshotPause)
	defer tick.Stop()
	enough := int64(0) // the first one is wanted at any rate
	for {
		if err := a.CatchUp(ctx); ctx.Err() != nil {
			return
		} else if err == nil && a.changesSince() > enough {
			a.keepSnapshot(ctx)
		}
		enough = max(snapshotLeast, int64(a.finder.Len()/snapshotShare))
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// changesSince is how many changes the last snapshot does not have.
func (a *App) changesSince() int64 {
	a.caught.Lock()
	defer a.caught.Unlock()
	return a.followed - a.kept
}

// keepSnapshot writes a snapshot in place of the last one. That it cannot harms
// nothing but the next start's speed.
func (a *App) keepSnapshot(ctx context.Context) {
	start := a.options.Now()
	size, err := a.writeSnapshot(ctx)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		a.log.Warn("the finder's snapshot cannot be written; the next start will take longer", "error", err)
	default:
		a.log.Info("the finder's snapshot is written", "megabytes", size>>20, "took", a.options.Now().Sub(start).Round(time.Millisecond))
	}
}

func (a *App) writeSnapshot(ctx context.Context) (size int64, err error) {
	o := finder.Origin{Program: program(a.options.Version)}
	if o.Program == "" {
		return 0, errors.New("this program's file cannot be found")
	}
	// Between two parts of the log the finder is just what the log up to there
	// makes of it.
	a.applying.Lock()
	now := a.finder.Snapshot()
	a.caught.Lock()
	o.Seq = a.followed
	a.caught.Unlock()
	a.applying.Unlock()
	if o.Log, err = changes.Mark(ctx, a.db, o.Seq); err != nil {
		return 0, err
	}
	if o.Log == "" {
		return 0, errors.New("the log does not reach as far as the finder")
	}
	size, err = replaceFile(filepath.Join(a.config.Data, snapshotFile), func(w io.Writer) error {
		return now.Write(whileWanted{ctx, w}, o)
	})
	if err == nil {
		a.caught.Lock()
		a.kept = o.Seq
		a.caught.Unlock()
	}
	return size, err
}

// whileWanted stops writing when the context ends.
type whileWanted struct {
	ctx context.Context
	to  io.Writer
}

func (w whileWanted) Write(b []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.to.Write(b)
}

// replaceFile writes a file beside the old one, and only when it is whole and
// on the disk puts it in the old one's place: whatever happens, one of the two
// is there. Only one process may do so at a time.
func replaceFile(path string, write func(io.Writer) error) (size int64, err error) {
	fresh := path + ".new"
	file, err := os.OpenFile(fresh, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			file.Close()
			_ = os.Remove(fresh)
		}
	}()
	buffered := bufio.NewWriterSize(file, 1<<20)
	if err = write(buffered); err != nil {
		return 0, err
	}
	if err = buffered.Flush(); err != nil {
		return 0, err
	}
	if err = file.Sync(); err != nil {
		return 0, err
	}
	info, err := file.Stat()
	if err != nil {
		return 0, err
	}
	if err = file.Close(); err != nil {
		return 0, err
	}
	if err = os.Rename(fresh, path); err != nil {
		return 0, err
	}
	return info.Size(), syncFolder(filepath.Dir(path))
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
