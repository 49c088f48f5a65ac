package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"mirabilia/internal/errs"
)

// lock marks a data directory as served by this process. The kernel frees it
// when the process ends, however it ends, so a stale file means nothing.
type lock struct{ file *os.File }

// lockFolder takes the lock of a data directory, or says who holds it.
func lockFolder(dir string) (*lock, error) {
	path := filepath.Join(dir, "serve.lock")
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, folderError(dir, err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		holder, _ := os.ReadFile(path)
		file.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("%s cannot be locked: %w", path, err)
		}
		return nil, errs.New(errs.Conflict, "%s is served already by process %s; stop it or name another --data", dir, strings.TrimSpace(string(holder)))
	}
	err = file.Truncate(0)
	if err == nil {
		_, err = file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	if err != nil {
		file.Close()
		return nil, folderError(dir, err)
	}
	return &lock{file}, nil
}

func (l *lock) release() {
	if l != nil {
		l.file.Close()
	}
}

// makeFolder makes the data directory, for its owner alone.
func makeFolder(dir string) error {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return errs.New(errs.Invalid, "MIRABILIA_DATA: %s is a file; name a directory", dir)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return folderError(dir, err)
	}
	return nil
}

func folderError(dir string, err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return errs.Wrap(err, errs.Full, "the disk of %s is full; make room and start again", dir)
	case errors.Is(err, syscall.EROFS), errors.Is(err, os.ErrPermission):
		return errs.Wrap(err, errs.Unavailable, "%s cannot be written; give this user the right to, or name another --data", dir)
	default:
		return errs.Wrap(err, errs.Unavailable, "%s cannot be used as data directory", dir)
	}
}
