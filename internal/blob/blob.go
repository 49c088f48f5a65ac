// Package blob keeps files under names of our own making: the originals of
// photographs and their variants. A file never changes once it has its name, so
// the name says what is in it, and the same bytes are kept once. Store is a
// folder of the data directory, or a bucket of an S3 server.
package blob

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"

	"mirabilia/internal/errs"
)

// Folder is where files lie in the data directory.
const Folder = "blobs"

// name is what names are like: no file of a stranger's can climb out of the
// folder or hide in it.
var name = regexp.MustCompile(`^[a-zA-Z0-9_-][a-zA-Z0-9._-]{0,127}(/[a-zA-Z0-9_-][a-zA-Z0-9._-]{0,127}){0,5}$`)

// backend is one of the two places where files are kept. A file that put has
// accepted is there after a loss of power.
type backend interface {
	put(ctx context.Context, name string, size int64, content io.Reader) error
	open(ctx context.Context, name string) (io.ReadCloser, int64, error)
	each(ctx context.Context, fn func(name string, size int64) error) error
	has(ctx context.Context, name string) (size int64, there bool, err error)
	remove(ctx context.Context, name string) error
}

// Store keeps files.
type Store struct {
	backend
	dir string // of files that are being received
}

// Open gives the store that an address names: "" is the folder in the data
// directory, s3://bucket?endpoint=…&region=… a bucket.
func Open(ctx context.Context, address, data string) (*Store, error) {
	dir := filepath.Join(data, Folder)
	if address == "" {
		return &Store{backend: &folder{dir}, dir: dir}, nil
	}
	b, err := openBucket(ctx, address)
	if err != nil {
		return nil, err
	}
	return &Store{backend: b, dir: dir}, nil
}

// Put keeps content under a name; when the name is taken nothing is done, since
// the name says what is in the file.
func (s *Store) Put(ctx context.Context, n string, size int64, content io.Reader) error {
	if !name.MatchString(n) {
		return errors.New("blob: a name of another form: " + n)
	}
	if have, there, err := s.has(ctx, n); err != nil || there && have == size {
		return err
	}
	return s.put(ctx, n, size, content)
}

// Open opens a file and tells its size; errs.NotFound when there is none.
func (s *Store) Open(ctx context.Context, n string) (io.ReadCloser, int64, error) {
	if !name.MatchString(n) {
		return nil, 0, notThere(n)
	}
	return s.open(ctx, n)
}

// Size tells how large a file is; errs.NotFound when there is none.
func (s *Store) Size(ctx context.Context, n string) (int64, error) {
	size, there, err := s.has(ctx, n)
	if err == nil && !there {
		err = notThere(n)
	}
	return size, err
}

// Remove takes a file away. It is no error when there is none.
func (s *Store) Remove(ctx context.Context, n string) error {
	if !name.MatchString(n) {
		return errors.New("blob: a name of another form: " + n)
	}
	return s.remove(ctx, n)
}

// Each calls fn with every file, in the order of the names.
func (s *Store) Each(ctx context.Context, fn func(name string, size int64) error) error {
	return s.each(ctx, fn)
}

func notThere(n string) error {
	return errs.Wrap(errors.New("blob "+n), errs.NotFound, "There is no such file.")
}

// Received is a file on its way in: it lies in a temporary file, so that many at
// once do not fill the memory.
type Received struct {
	Size   int64
	SHA256 string // hexadecimal
	file   *os.File
}

// Receive takes a file of at most limit bytes; errs.TooLarge for a larger one.
func (s *Store) Receive(in io.Reader, limit int64) (r *Received, err error) {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return nil, diskError(err)
	}
	file, err := os.OpenFile(filepath.Join(s.dir, ".received-"+strings.ToLower(rand.Text()[:16])), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, diskError(err)
	}
	// Without a name it is gone when it is closed, also by a crash.
	if err := os.Remove(file.Name()); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(file, h), io.LimitReader(in, limit+1))
	if err == nil && n > limit {
		err = errs.New(errs.TooLarge, "The file is larger than %d MB.", limit>>20)
	}
	if err != nil {
		return nil, errors.Join(diskError(err), file.Close())
	}
	return &Received{Size: n, SHA256: hex.EncodeToString(h.Sum(nil)), file: file}, nil
}

// Reader reads the file from its start.
func (r *Received) Reader() io.Reader { return io.NewSectionReader(r.file, 0, r.Size) }

// Close gives the file up; what was Put of it stays.
func (r *Received) Close() error { return r.file.Close() }

// diskError says what can be done about a disk that takes no more.
func diskError(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG) {
		return errs.Wrap(err, errs.Full, "There is no room for more files at the moment. Nothing was kept; try again later.")
	}
	return err
}
