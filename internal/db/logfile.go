package db

import "github.com/ncruces/go-sqlite3/vfs"

// frameHead is the length of what comes before each page in SQLite's log of
// writes (https://www.sqlite.org/fileformat2.html#the_write_ahead_log).
const frameHead = 24

// heldMost is how many bytes wait at most: 15 frames of our pages.
const heldMost = 128 << 10

// logFile is SQLite's log of writes. The heads and pages of a commit, which
// SQLite writes one right after the other, go to the system together: they wait
// until something else is asked of the file, and a commit ends with a Sync (with
// synchronous = FULL, see liteSafe) before anybody else is told of its frames.
type logFile struct {
	unmappedFile
	held []byte // what waits
	at   int64  // where it belongs
	end  int64  // behind what was written last, or waits
	page int    // the size of a page, 0 before the first
}

func (f *logFile) WriteAt(p []byte, off int64) (int, error) {
	room := len(p)
	if len(p) == frameHead {
		room += f.page // a head without its page is of no use
	} else {
		f.page = len(p)
	}
	if len(f.held) > 0 && off == f.end && len(f.held)+room <= heldMost {
		return f.hold(p)
	}
	if err := f.settle(); err != nil {
		return 0, err
	}
	if len(p) == frameHead && off == f.end && f.whole() {
		f.at = off
		return f.hold(p)
	}
	n, err := f.unmappedFile.WriteAt(p, off)
	f.end = off + int64(n)
	return n, err
}

// whole tells that a write damages nothing beside it when the power is cut. Else
// SQLite fills the log up to the next sector behind a commit, after its Sync.
func (f *logFile) whole() bool {
	return f.DeviceCharacteristics()&vfs.IOCAP_POWERSAFE_OVERWRITE != 0
}

func (f *logFile) hold(p []byte) (int, error) {
	f.held = append(f.held, p...)
	f.end = f.at + int64(len(f.held))
	return len(p), nil
}

// settle writes what waits.
func (f *logFile) settle() error {
	if len(f.held) == 0 {
		return nil
	}
	n, err := f.unmappedFile.WriteAt(f.held, f.at)
	f.held, f.end = f.held[:0], f.at+int64(n)
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
