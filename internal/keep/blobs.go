package keep

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"mirabilia/internal/errs"
)

// BlobFolder is the folder of files in the data directory: photos and whatever
// else rows name. Its files never change once they are there.
const BlobFolder = "blobs"

// blobName is what the names of blobs are like: of our own making, so that no
// file of a stranger's can climb out of the folder or hide in it.
var blobName = regexp.MustCompile(`^[a-zA-Z0-9_-][a-zA-Z0-9._-]{0,127}(/[a-zA-Z0-9_-][a-zA-Z0-9._-]{0,127}){0,5}$`)

// Files is where files are kept when it is not the blob folder: a bucket.
type Files interface {
	// Each calls fn with every file, in the order of the names.
	Each(ctx context.Context, fn func(name string, size int64) error) error
	Open(ctx context.Context, name string) (io.ReadCloser, int64, error)
	Put(ctx context.Context, name string, size int64, content io.Reader) error
}

// readFiles sends every file, from where they are kept.
func readFiles(ctx context.Context, from From, out chan<- piece, free <-chan []byte) error {
	if from.Files == nil {
		return readBlobs(ctx, from.Data, out, free)
	}
	return from.Files.Each(ctx, func(name string, _ int64) error {
		if !blobName.MatchString(name) {
			return nil
		}
		file, _, err := from.Files.Open(ctx, name)
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		defer file.Close()
		return sendBlob(ctx, name, file, out, free)
	})
}

func sumOf(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

// readBlobs sends every file of the blob folder, by name. The tables are sent
// before: what their rows name is there already, and stays. A file that goes
// meanwhile was named by no row any more.
func readBlobs(ctx context.Context, data string, out chan<- piece, free <-chan []byte) error {
	folder, err := os.OpenRoot(filepath.Join(data, BlobFolder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer folder.Close()
	var names []string
	err = fs.WalkDir(folder.FS(), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		// What is being written has a name with a dot in front.
		if err == nil && e.Type().IsRegular() && blobName.MatchString(name) {
			names = append(names, name)
		}
		return nil
	})
	if err != nil {
		return err
	}
	slices.Sort(names)
	for _, name := range names {
		if err := readBlob(ctx, folder, name, out, free); err != nil {
			return err
		}
	}
	return nil
}

func readBlob(ctx context.Context, folder *os.Root, name string, out chan<- piece, free <-chan []byte) error {
	file, err := folder.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	return sendBlob(ctx, name, file, out, free)
}

func sendBlob(ctx context.Context, name string, file io.Reader, out chan<- piece, free <-chan []byte) error {
	if err := send(ctx, out, piece{is: blobPiece, blob: blobHead{name}}); err != nil {
		return err
	}
	for {
		b := fresh(free)
		n, err := io.ReadFull(file, b[:chunk])
		if n > 0 {
			if err := send(ctx, out, piece{is: dataPiece, raw: b[:n]}); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return send(ctx, out, piece{is: blobEnd})
		}
		if err != nil {
			return err
		}
	}
}

// blobWriter puts the files of a backup into the blob folder: each whole under
// another name first, on the disk before it gets its own.
type blobWriter struct {
	ctx    context.Context
	data   string
	files  Files // where a whole file goes then, nil for the folder itself
	folder *os.Root
	file   *os.File
	part   string
	name   string
}

func (w *blobWriter) take(p piece) error {
	switch p.is {
	case blobPiece:
		return w.begin(p.blob.Name)
	case dataPiece:
		_, err := w.file.Write(p.raw)
		return diskError(err)
	default:
		return w.end()
	}
}

func (w *blobWriter) begin(name string) (err error) {
	if w.folder == nil {
		dir := filepath.Join(w.data, BlobFolder)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return diskError(err)
		}
		if w.folder, err = os.OpenRoot(dir); err != nil {
			return err
		}
	}
	if err := w.folder.MkdirAll(path.Dir(name), 0o700); err != nil {
		return diskError(err)
	}
	w.name = name
	w.part = path.Join(path.Dir(name), ".restore-"+strings.ToLower(rand.Text()[:12]))
	w.file, err = w.folder.OpenFile(w.part, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	return diskError(err)
}

func (w *blobWriter) end() error {
	err := w.file.Sync()
	if err == nil && w.files != nil {
		err = w.hand()
	}
	err = errors.Join(err, w.file.Close())
	w.file = nil
	if w.files != nil {
		return diskError(errors.Join(err, w.folder.Remove(w.part)))
	}
	if err == nil {
		err = w.folder.Rename(w.part, w.name)
	}
	if err == nil {
		err = w.syncFolder(path.Dir(w.name))
	}
	return diskError(err)
}

// hand gives a whole file to where the files of the atlas are kept.
func (w *blobWriter) hand() error {
	info, err := w.file.Stat()
	if err != nil {
		return err
	}
	return w.files.Put(w.ctx, w.name, info.Size(), io.NewSectionReader(w.file, 0, info.Size()))
}

func (w *blobWriter) syncFolder(name string) error {
	d, err := w.folder.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// close takes away what was not finished.
func (w *blobWriter) close() {
	if w.file != nil {
		_ = w.file.Close()
		_ = w.folder.Remove(w.part)
	}
	if w.folder != nil {
		_ = w.folder.Close()
	}
}

// CountBlobs counts the files of the blob folder.
func CountBlobs(data string) (n int64, err error) {
	err = filepath.WalkDir(filepath.Join(data, BlobFolder), func(_ string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			n++
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	return n, err
}

func diskError(err error) error {
	if isFull(err) {
		return errs.Wrap(err, errs.Full, "the disk is full; make room and run it again, nothing half done counts")
	}
	return err
}
