package blob

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// folder keeps files in a directory.
type folder struct{ dir string }

// root opens the directory so that no name leads out of it.
func (f *folder) root() (*os.Root, error) {
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return nil, diskError(err)
	}
	return os.OpenRoot(f.dir)
}

// put writes under another name first, and gives the file its own when it is on
// the disk; then the folder's entry is brought to the disk as well.
func (f *folder) put(_ context.Context, n string, size int64, content io.Reader) (err error) {
	root, err := f.root()
	if err != nil {
		return err
	}
	defer root.Close()
	if err := f.makeFolders(root, path.Dir(n)); err != nil {
		return diskError(err)
	}
	part := path.Join(path.Dir(n), ".part-"+strings.ToLower(rand.Text()[:12]))
	file, err := root.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return diskError(err)
	}
	written, err := io.Copy(file, content)
	if err == nil && written != size {
		err = io.ErrUnexpectedEOF
	}
	if err == nil {
		err = file.Sync() // a failed sync is not tried again: what it lost stays lost
	}
	if err = errors.Join(err, file.Close()); err == nil {
		err = root.Rename(part, n)
	}
	if err != nil {
		return errors.Join(diskError(err), root.Remove(part))
	}
	return syncFolder(root, path.Dir(n))
}

// makeFolders makes the folders of a name, each entry on the disk.
func (f *folder) makeFolders(root *os.Root, dir string) error {
	if _, err := root.Stat(dir); err == nil || dir == "." {
		return err
	}
	if err := f.makeFolders(root, path.Dir(dir)); err != nil {
		return err
	}
	if err := root.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncFolder(root, path.Dir(dir))
}

func syncFolder(root *os.Root, name string) error {
	d, err := root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func (f *folder) open(_ context.Context, n string) (io.ReadCloser, int64, error) {
	file, err := os.OpenInRoot(f.dir, n)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, notThere(n)
	}
	if err != nil {
		return nil, 0, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = notThere(n)
	}
	if err != nil {
		return nil, 0, errors.Join(err, file.Close())
	}
	return file, info.Size(), nil
}

// remove takes the entry away and brings that to the disk: what was to go must
// not be there again after a loss of power.
func (f *folder) remove(_ context.Context, n string) error {
	root, err := os.OpenRoot(f.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer root.Close()
	err = root.Remove(n)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return syncFolder(root, path.Dir(n))
}

func (f *folder) has(_ context.Context, n string) (int64, bool, error) {
	info, err := os.Lstat(filepath.Join(f.dir, filepath.FromSlash(n)))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, err
	}
	return info.Size(), info.Mode().IsRegular(), nil
}

func (f *folder) each(ctx context.Context, fn func(string, int64) error) error {
	sizes := map[string]int64{}
	err := filepath.WalkDir(f.dir, func(at string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		n, err := filepath.Rel(f.dir, at)
		if n = filepath.ToSlash(n); err != nil || !name.MatchString(n) { // what is being written has a dot in front
			return err
		}
		info, err := e.Info()
		if err == nil {
			sizes[n] = info.Size()
		} else if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		return err
	})
	if err != nil {
		return err
	}
	names := make([]string, 0, len(sizes))
	for n := range sizes {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		if err := errors.Join(ctx.Err(), fn(n, sizes[n])); err != nil {
			return err
		}
	}
	return nil
}
