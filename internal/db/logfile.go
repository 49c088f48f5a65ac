package db

import "github.com/ncruces/go-sqlite3/vfs"

// frameHead is the length of what comes before each page in SQLite's log of
// writes (https://www.sqlite.org/fileformat2.html#the_write_ahead_log).
const frameHead = 24

// logFile is SQLite's log of writes. A frame's head and its page, which SQLite
// writes one right after the other, go to the system in one call: a commit of
// many pages has half as many of them. Only a head at the end of what was
// written waits, and only until the next call, whatever that is.
type logFile struct {
	unmappedFile
	frame []byte // with a head that waits, and room for its page
	at    int64  // where it belongs
	held  bool
	end   int64 // behind what was written last
}

func (f *logFile) WriteAt(p []byte, off int64) (int, error) {
	if f.held && off == f.at+frameHead {
		f.held = false
		f.frame = append(f.frame[:frameHead], p...)
		n, err := f.write(f.frame, f.at)
		return max(n-frameHead, 0), err
	}
	if err := f.settle(); err != nil {
		return 0, err
	}
	if len(p) == frameHead && off == f.end {
		f.frame, f.at, f.held = append(f.frame[:0], p...), off, true
		return len(p), nil
	}
	return f.write(p, off)
}

func (f *logFile) write(p []byte, off int64) (int, error) {
	n, err := f.unmappedFile.WriteAt(p, off)
	f.end = off + int64(n)
	return n, err
}

// settle writes a head whose page did not follow.
func (f *logFile) settle() error {
	if !f.held {
		return nil
	}
	f.held = false
	_, err := f.write(f.frame[:frameHead], f.at)
	return err
}

func (f *logFile) ReadAt(p []byte, off int64) (int, error) {
	if err := f.settle(); err != nil {
		return 0, err
	}
	return f.unmappedFile.ReadAt(p, off)
}

func (f *logFile) Truncate(size int64) error {
	if err := f.settle(); err != nil {
		return err
	}
	return f.unmappedFile.Truncate(size)
}

func (f *logFile) Sync(flags vfs.SyncFlag) error {
	if err := f.settle(); err != nil {
		return err
	}
	return f.unmappedFile.Sync(flags)
}

func (f *logFile) Size() (int64, error) {
	if err := f.settle(); err != nil {
		return 0, err
	}
	return f.unmappedFile.Size()
}
