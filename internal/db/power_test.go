package db_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// step is one thing a disk was told.
type step struct {
	file string
	data []byte // of a write
	at   int64  // of a write, or the length of a cut
	kind byte   // 'w', 'c' (cut), 's' (sync), 'd' (deleted)
}

// disk notes what SQLite tells it, and can be told to fail at one step.
type disk struct {
	mu     sync.Mutex
	steps  []step
	count  int
	failAt int // 0 never
	stays  bool
	err    error
}

// told notes a step and says whether it fails.
func (d *disk) told(s step) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.count++
	if d.failAt > 0 && (d.count == d.failAt || d.stays && d.count > d.failAt) {
		return d.err
	}
	d.steps = append(d.steps, s)
	return nil
}

type diskFile struct {
	db.OSFile
	disk *disk
	name string
}

func (f diskFile) WriteAt(p []byte, off int64) (int, error) {
	if err := f.disk.told(step{file: f.name, data: append([]byte(nil), p...), at: off, kind: 'w'}); err != nil {
		// Half of it may be there all the same.
		n, _ := f.OSFile.WriteAt(p[:len(p)/2], off)
		return n, err
	}
	return f.OSFile.WriteAt(p, off)
}

func (f diskFile) Truncate(size int64) error {
	if err := f.disk.told(step{file: f.name, at: size, kind: 'c'}); err != nil {
		return err
	}
	return f.OSFile.Truncate(size)
}

func (f diskFile) Sync(flags vfs.SyncFlag) error {
	if err := f.disk.told(step{file: f.name, kind: 's'}); err != nil {
		return err
	}
	return f.OSFile.Sync(flags)
}

// onDisk registers a layer whose files are on d and returns its name.
func onDisk(d *disk) string {
	db.Layered.Lock()
	defer db.Layered.Unlock()
	db.Layered.N++
	name := fmt.Sprintf("disk%d", db.Layered.N)
	db.RegisterLayer(name, func(path string, f db.OSFile) db.OSFile { return diskFile{f, d, filepath.Base(path)} })
	return name
}

// fresh makes a folder with an empty, migrated database.
func fresh(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	d, err := db.Open(t.Context(), db.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(d.Migrate(t.Context()), d.Close()); err != nil {
		t.Fatal(err)
	}
	return dir
}

func copyFolder(t *testing.T, from string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return to
}

// pair writes two rows in one transaction: both are there or none.
func pair(t *testing.T, d *db.DB, n int) error {
	return d.Write(t.Context(), func(tx *db.Tx) error {
		for _, half := range []string{"a", "b"} {
			_, err := tx.Exec(`INSERT INTO settings (name, value, updated_at) VALUES ($1, $2, 0)`,
				fmt.Sprintf("%03d%s", n, half), strings.Repeat(string(rune('a'+n%26)), 3000+977*n))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// fold moves the log into the file, as happens from time to time.
func fold(dir, layer string) error {
	c, err := sqlite3.Open("file:" + filepath.Join(dir, "atlas.db") + "?vfs=" + layer)
	if err != nil {
		return err
	}
	return errors.Join(c.Exec(`PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(RESTART)`), c.Close())
}

// kept reads which pairs a database holds, and that it is whole.
func kept(t *testing.T, dir string) (pairs map[int]bool, fault string) {
	t.Helper()
	d, err := db.Open(t.Context(), db.Config{Dir: dir, Connections: 1})
	if err != nil {
		return nil, err.Error()
	}
	defer d.Close()
	if faults, err := d.Check(t.Context()); err != nil || len(faults) > 0 {
		return nil, fmt.Sprint(faults, err)
	}
	pairs = map[int]bool{}
	for n := range 40 {
		var have, long int
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			return tx.QueryRow(`SELECT count(*), coalesce(min(length(value)), 0) FROM settings WHERE name IN ($1, $2)`,
				fmt.Sprintf("%03da", n), fmt.Sprintf("%03db", n)).Scan(&have, &long)
		})
		if err != nil || have == 1 || have == 2 && long != 3000+977*n {
			return nil, fmt.Sprintf("pair %d: %d rows, %d long, %v", n, have, long, err)
		}
		pairs[n] = have == 2
	}
	return pairs, ""
}

// afterCut is a folder as it may be found when the power went after some steps:
// of what no sync had confirmed, any 512 bytes may be there or not. A disk that
// lies confirms nothing.
func afterCut(t *testing.T, base string, steps []step, chance *rand.Rand, lies bool) string {
	t.Helper()
	dir := copyFolder(t, base)
	files := map[string][]byte{}
	pending := map[string][]step{}
	content := func(name string) []byte {
		if _, ok := files[name]; !ok {
			files[name], _ = os.ReadFile(filepath.Join(dir, name)) // none is an empty one
		}
		return files[name]
	}
	apply := func(s step, all bool) {
		b := content(s.file)
		switch {
		case s.kind == 'c' && (all || chance.IntN(2) == 0):
			b = append(b[:min(int64(len(b)), s.at)], make([]byte, max(0, s.at-int64(len(b))))...)
		case s.kind == 'w':
			for i := 0; i < len(s.data); i += 512 {
				part := s.data[i:min(i+512, len(s.data))]
				if !all && chance.IntN(2) == 0 {
					continue
				}
				if grow := s.at + int64(i+len(part)) - int64(len(b)); grow > 0 {
					b = append(b, make([]byte, grow)...)
				}
				copy(b[s.at+int64(i):], part)
			}
		}
		files[s.file] = b
	}
	for _, s := range steps {
		if s.kind != 's' {
			pending[s.file] = append(pending[s.file], s)
			continue
		}
		for _, p := range pending[s.file] {
			if !lies {
				apply(p, true)
			}
		}
		if !lies {
			delete(pending, s.file)
		}
	}
	for _, left := range pending {
		for _, p := range left {
			apply(p, false)
		}
	}
	for name, b := range files {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// recorded writes pairs, folding now and then, and returns what the disk was
// told, with how many steps it had been told when each pair was acknowledged.
func recorded(t *testing.T) (base string, steps []step, acknowledged []int) {
	t.Helper()
	base = fresh(t)
	dir := copyFolder(t, base)
	d := &disk{}
	layer := onDisk(d)
	a, err := db.OpenOn(t.Context(), dir, layer)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	for n := range 9 {
		if err := pair(t, a, n); err != nil {
			t.Fatal(err)
		}
		acknowledged = append(acknowledged, d.count)
		if n%3 == 2 {
			if err := fold(dir, layer); err != nil {
				t.Fatal(err)
			}
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return base, append([]step(nil), d.steps...), acknowledged
}

// TestPowerCut cuts the power after each thing the disk was told: whatever had
// been acknowledged is there, nothing is there by half, no page is damaged.
func TestPowerCut(t *testing.T) {
	base, steps, acknowledged := recorded(t)
	for k := range len(steps) + 1 {
		pairs, fault := kept(t, afterCut(t, base, steps[:k], rand.New(rand.NewPCG(1, uint64(k))), false))
		if fault != "" {
			t.Fatalf("cut after step %d of %d: %s", k, len(steps), fault)
		}
		for n, at := range acknowledged {
			if k >= at && !pairs[n] {
				t.Errorf("cut after step %d: pair %d was acknowledged at step %d and is lost", k, n, at)
			}
		}
	}
	t.Logf("%d cuts", len(steps)+1)
}

// A disk that confirms what it has not written loses something: the test above
// would notice.
func TestPowerCutOfALyingDisk(t *testing.T) {
	base, steps, acknowledged := recorded(t)
	for k := len(steps); k > 0; k-- {
		pairs, fault := kept(t, afterCut(t, base, steps[:k], rand.New(rand.NewPCG(2, uint64(k))), true))
		if fault != "" {
			return
		}
		for n, at := range acknowledged {
			if k >= at && !pairs[n] {
				return
			}
		}
	}
	t.Error("nothing is lost on a disk that never writes")
}

// TestFailingDisk lets each write, cut and sync of a run fail, once and from
// then on, with a broken and with a full disk: each error is one that may be
// shown, nothing acknowledged is lost, nothing is there by half, and when the
// disk works again so does the atlas, without a restart.
func TestFailingDisk(t *testing.T) {
	base := fresh(t)
	for _, failure := range []error{syscall.EIO, syscall.ENOSPC} {
		for _, stays := range []bool{false, true} {
			for k := 1; failingRun(t, base, k, failure, stays); k++ {
				if t.Failed() {
					t.Fatalf("step %d fails with %v, for good: %t", k, failure, stays)
				}
			}
		}
	}
}

// failingRun is false when the run was over before step k.
func failingRun(t *testing.T, base string, k int, failure error, stays bool) bool {
	t.Helper()
	dir := copyFolder(t, base)
	d := &disk{failAt: k, stays: stays, err: failure}
	layer := onDisk(d)
	a, err := db.OpenOn(t.Context(), dir, layer)
	acknowledged := map[int]bool{}
	if err == nil {
		for n := range 4 {
			err := pair(t, a, n)
			acknowledged[n] = err == nil
			if err != nil && !errs.Is(err, errs.Full) && !errs.Is(err, errs.Unavailable) {
				t.Errorf("pair %d: %v", n, err)
			}
			if n == 1 {
				_ = fold(dir, layer) // may fail; what it leaves is looked at below
			}
		}
		d.mu.Lock()
		reached := d.count >= k
		d.failAt = 0
		d.mu.Unlock()
		if !reached {
			return a.Close() != nil
		}
		if err := pair(t, a, 20); err != nil {
			t.Errorf("when the disk works again: %v", err)
		}
		acknowledged[20] = true
		if err := a.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	} else if !errs.Is(err, errs.Full) && !errs.Is(err, errs.Unavailable) {
		t.Errorf("open: %v", err)
	}
	pairs, fault := kept(t, dir)
	if fault != "" {
		t.Error(fault)
	}
	for n, yes := range acknowledged {
		if yes && !pairs[n] {
			t.Errorf("pair %d was acknowledged and is lost", n)
		}
	}
	return true
}
