package app

import (
	"context"
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"mirabilia/internal/blob"
	"mirabilia/internal/config"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/keep"
)

// BackupTo is the file of a backup.
type BackupTo struct {
	File    string
	Replace bool // a file that is there
	Rows    bool // rows also from SQLite: a smaller file, for several times the time
}

// Backup keeps the atlas, as it is at one instant, in a new file; it may run
// beside serve.
func Backup(ctx context.Context, c config.Storage, program string, to BackupTo, show Progress) (*keep.Saved, error) {
	d, err := openAtlas(ctx, c, false)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	files, err := filesOf(ctx, c)
	if err != nil {
		return nil, err
	}
	watch, end := watching(show)
	defer end()
	saved, err := keep.Backup(ctx, keep.From{DB: d, Data: c.Data, Files: files, Program: program, Rows: to.Rows, Watch: watch}, to.File, to.Replace)
	return saved, givenUp(ctx, err, "the backup was stopped and nothing of it was kept; run it again")
}

// Restored is what a restore has done: what came, and what of it is not sent.
type Restored struct {
	*keep.Sum
	HeldBack Held `json:"held_back"`
}

// Restore fills the configured, empty atlas from a backup. What waited to be sent
// when the backup was made is sent only if sendWaiting is true.
func Restore(ctx context.Context, c config.Storage, in io.Reader, sendWaiting bool, show Progress) (*Restored, error) {
	if err := makeFolder(c.Data); err != nil {
		return nil, err
	}
	d, err := db.Open(ctx, db.Config{URL: c.Database, Dir: c.Data})
	if err != nil {
		return nil, err
	}
	defer d.Close()
	files, err := filesOf(ctx, c)
	if err != nil {
		return nil, err
	}
	watch, end := watching(show)
	defer end()
	done, to := &Restored{}, keep.Into{DB: d, Data: c.Data, Files: files, Watch: watch}
	if !sendWaiting {
		to.Settle = func(tx *db.Tx) (err error) {
			done.HeldBack, err = holdBack(tx)
			return err
		}
	}
	if done.Sum, err = keep.Restore(ctx, to, in); err != nil {
		return nil, givenUp(ctx, err, "the restore was stopped; run it again before the atlas is used")
	}
	return done, nil
}

// filesOf is where the files are kept when it is not the data directory.
func filesOf(ctx context.Context, c config.Storage) (keep.Files, error) {
	if c.Blobs == "" {
		return nil, nil
	}
	return blob.Open(ctx, c.Blobs, c.Data)
}

// CheckBackup reads a backup to its end and says what is in it, if every byte
// is right.
func CheckBackup(ctx context.Context, in io.Reader, show Progress) (*keep.Sum, error) {
	watch, end := watching(show)
	defer end()
	sum, err := keep.Check(ctx, in, db.Schema(), watch)
	return sum, givenUp(ctx, err, "the check was stopped; run it again")
}

// Copied is what a copy has done.
type Copied struct {
	*keep.Sum
	To string `json:"to"`
	// BlobsIn is the folder or bucket in which the files are: that of the other
	// data directory, into which they were copied, or else where they were.
	BlobsIn string `json:"blobs_in"`
}

// Copy fills another, empty database with the atlas: to is a postgres://
// address, or a data directory for SQLite, which gets the files too unless they
// are in a bucket.
func Copy(ctx context.Context, c config.Storage, to string, show Progress) (*Copied, error) {
	target, err := targetOf(to)
	if err != nil {
		return nil, err
	}
	from, err := openAtlas(ctx, c, false)
	if err != nil {
		return nil, err
	}
	defer from.Close()
	if target.URL == "" {
		if err := makeFolder(target.Dir); err != nil {
			return nil, err
		}
	}
	d, err := db.Open(ctx, target)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	watch, end := watching(show)
	defer end()
	into, filesIn := keep.Into{DB: d, Watch: watch}, c.Data
	if target.URL == "" && c.Blobs == "" && !oneFolder(c.Data, target.Dir) {
		into.Data, filesIn = target.Dir, target.Dir
	}
	sum, err := keep.Copy(ctx, keep.From{DB: from, Data: c.Data}, into)
	if err != nil {
		return nil, givenUp(ctx, err, "the copy was stopped; run it again before the other database is used")
	}
	done := &Copied{Sum: sum, To: d.Name(), BlobsIn: filepath.Join(filesIn, keep.BlobFolder)}
	switch {
	case c.Blobs != "": // the other atlas reads the same bucket
		done.BlobsIn = bucketName(c.Blobs)
		files, err := filesOf(ctx, c)
		if err != nil {
			return nil, err
		}
		return done, files.Each(ctx, func(string, int64) error { sum.Blobs++; return nil })
	case into.Data == "":
		sum.Blobs, err = keep.CountBlobs(c.Data)
	}
	return done, err
}

// oneFolder reports whether two names are those of one folder.
func oneFolder(a, b string) bool {
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}

// bucketName is the address of a bucket without its keys.
func bucketName(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "the bucket"
	}
	return "s3://" + u.Host
}

func targetOf(to string) (db.Config, error) {
	if strings.HasPrefix(to, "postgres://") || strings.HasPrefix(to, "postgresql://") {
		s := config.Storage{Data: ".", Database: to}
		if err := s.Validate(); err != nil {
			return db.Config{}, errs.New(errs.Invalid, "--to: want postgres://user:password@host/name, or a data directory for SQLite")
		}
		return db.Config{URL: to}, nil
	}
	dir := strings.TrimPrefix(strings.TrimPrefix(to, "sqlite:"), "//")
	if dir == "" || strings.Contains(dir, "://") || strings.ContainsRune(dir, 0) {
		return db.Config{}, errs.New(errs.Invalid, "--to: want postgres://user:password@host/name, or a data directory for SQLite")
	}
	return db.Config{Dir: filepath.Clean(dir)}, nil
}

// givenUp says what a signal has ended.
func givenUp(ctx context.Context, err error, text string) error {
	if err != nil && ctx.Err() != nil {
		return errs.Wrap(errors.Join(ctx.Err(), err), errs.Unavailable, "%s", text)
	}
	return err
}
