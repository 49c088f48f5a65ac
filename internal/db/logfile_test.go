package db

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/ncruces/go-sqlite3/vfs"
)

// told is a file that notes its calls.
type told struct {
	osFile
	calls []string
	fails error
	torn  bool // a cut of power may damage what stands beside a write
}

func (f *told) WriteAt(p []byte, off int64) (int, error) {
	f.calls = append(f.calls, fmt.Sprintf("write %d at %d", len(p), off))
	if f.fails != nil {
		return len(p) / 2, f.fails
	}
	return len(p), nil
}

func (f *told) ReadAt(p []byte, off int64) (int, error) {
	f.calls = append(f.calls, fmt.Sprintf("read at %d", off))
	return len(p), nil
}

func (f *told) Sync(vfs.SyncFlag) error { f.calls = append(f.calls, "sync"); return nil }
func (f *told) Truncate(n int64) error {
	f.calls = append(f.calls, fmt.Sprint("cut to ", n))
	return nil
}
func (f *told) DeviceCharacteristics() vfs.DeviceCharacteristic {
	if f.torn {
		return 0
	}
	return vfs.IOCAP_POWERSAFE_OVERWRITE
}
func (f *told) Size() (int64, error) { f.calls = append(f.calls, "size"); return 0, nil }

var head, sheet = bytes.Repeat([]byte{1}, frameHead), bytes.Repeat([]byte{2}, 512)

// A log of two frames, of which the first head is written again, as SQLite does
// when a page of a transaction changed once more.
func TestFramesGoTogether(t *testing.T) {
	under := &told{}
	f := ours(under, vfs.OPEN_WAL)
	for _, w := range []struct {
		p   []byte
		off int64
	}{{make([]byte, 32), 0}, {head, 32}, {sheet, 56}, {head, 568}, {sheet, 592}, {head, 32}, {head, 568}} {
		if n, err := f.WriteAt(w.p, w.off); n != len(w.p) || err != nil {
			t.Fatal(n, err)
		}
	}
	want := []string{"write 32 at 0", "write 1072 at 32", "write 24 at 32", "write 24 at 568"}
	if !slices.Equal(under.calls, want) {
		t.Errorf("%q, want %q", under.calls, want)
	}
}

// Many frames wait in a bounded memory, and not at all where SQLite writes on
// behind the Sync of a commit.
func TestFramesWaitWithinBounds(t *testing.T) {
	page := make([]byte, 8192)
	for torn, want := range map[bool]int{false: 2, true: 40} {
		under := &told{torn: torn}
		f := ours(under, vfs.OPEN_WAL)
		for off := int64(0); off < 20*8216; off += 8216 {
			if _, err := f.WriteAt(head, off); err != nil {
				t.Fatal(err)
			}
			if _, err := f.WriteAt(page, off+frameHead); err != nil {
				t.Fatal(err)
			}
		}
		if err := f.Sync(0); err != nil || len(under.calls) != want+1 {
			t.Errorf("torn %t: %q, %v", torn, under.calls, err)
		}
	}
}

func TestAHeadWaitsForNothingElse(t *testing.T) {
	for name, next := range map[string]func(vfs.File) error{
		"read at 9":       func(f vfs.File) error { _, err := f.ReadAt(sheet, 9); return err },
		"sync":            func(f vfs.File) error { return f.Sync(0) },
		"cut to 7":        func(f vfs.File) error { return f.Truncate(7) },
		"size":            func(f vfs.File) error { _, err := f.Size(); return err },
		"write 512 at 99": func(f vfs.File) error { _, err := f.WriteAt(sheet, 99); return err },
	} {
		under := &told{}
		f := ours(under, vfs.OPEN_WAL)
		if _, err := f.WriteAt(head, 0); err != nil || len(under.calls) != 0 {
			t.Fatal(under.calls, err)
		}
		if err := next(f); err != nil || !slices.Equal(under.calls, []string{"write 24 at 0", name}) {
			t.Errorf("before %s: %q, %v", name, under.calls, err)
		}
		under.fails = errors.New("no disk")
		if _, err := f.WriteAt(head, f.(*logFile).end); err != nil {
			t.Fatal(err)
		}
		if err := next(f); !errors.Is(err, under.fails) {
			t.Errorf("%s hides that the head could not be written: %v", name, err)
		}
	}
}

// A commit whose frames did not find room is told so before it counts, and what
// is written next begins where they began.
func TestAFrameCutOff(t *testing.T) {
	under := &told{fails: errors.New("disk full")}
	f := ours(under, vfs.OPEN_WAL)
	_, _ = f.WriteAt(head, 0)
	if n, err := f.WriteAt(sheet, frameHead); n != len(sheet) || err != nil {
		t.Fatal(n, err)
	}
	if err := f.Sync(0); !errors.Is(err, under.fails) || slices.Contains(under.calls, "sync") {
		t.Errorf("%v, %q", err, under.calls)
	}
	under.fails, under.calls = nil, nil
	_, _ = f.WriteAt(head, 0)
	_, _ = f.WriteAt(sheet, frameHead)
	if err := f.Sync(0); err != nil || !slices.Equal(under.calls, []string{"write 24 at 0", "write 512 at 24", "sync"}) {
		t.Errorf("%v, %q", err, under.calls)
	}
}

// Other files are written as SQLite says.
func TestOnlyTheLogWaits(t *testing.T) {
	under := &told{}
	if _, err := ours(under, vfs.OPEN_MAIN_DB).WriteAt(head, 0); err != nil || len(under.calls) != 1 {
		t.Error(under.calls, err)
	}
}
