package db

import (
	"sync"

	"golang.org/x/sys/unix"
)

// logIndex is the file of the index of the write-ahead log, kept open to be read
// from.
type logIndex struct {
	path string

	mu   sync.RWMutex
	open bool
	fd   int
}

// stamp reads the header of the index of the write-ahead log, which all
// connections of all processes share in a file beside the database. A commit
// counts it up before it is answered, with the sums of what it wrote
// (https://sqlite.org/walformat.html, 2.2.1). It stands there twice, written one
// after the other: where the two differ somebody is committing. That costs a
// microsecond, a statement that looks for news thirty times as much.
func (l *lite) stamp() (s Stamp, ok bool) {
	var both [2 * stampSize]byte
	if !l.index.read(both[:]) {
		return s, false
	}
	s = Stamp(both[:stampSize])
	const initialised = 12 // a byte that is 1 in an index that is in use
	return s, s == Stamp(both[stampSize:]) && s[initialised] == 1
}

// read fills b from the beginning of the file.
func (x *logIndex) read(b []byte) bool {
	x.mu.RLock()
	whole, there := x.at(b)
	x.mu.RUnlock()
	if there {
		return whole
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.shut()
	var err error
	x.fd, err = unix.Open(x.path, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NOFOLLOW, 0)
	x.open = err == nil
	whole, _ = x.at(b)
	return whole
}

// at reads from the file that is open; there is false where none is, or where
// another may have taken its place since: the last connection to close takes the
// index away.
func (x *logIndex) at(b []byte) (whole, there bool) {
	var info unix.Stat_t
	if !x.open || unix.Fstat(x.fd, &info) != nil || info.Nlink == 0 {
		return false, false
	}
	n, err := unix.Pread(x.fd, b, 0)
	return err == nil && n == len(b), true
}

// close gives the file back.
func (x *logIndex) close() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.shut()
}

func (x *logIndex) shut() {
	if x.open {
		_ = unix.Close(x.fd) // it was only read from
		x.open = false
	}
}
