package app_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"mirabilia/internal/app"
	"mirabilia/internal/config"
)

// journal is a log that can be read while it is written.
type journal struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.Write(b)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.String()
}

// openLogged opens an atlas with its log.
func openLogged(t *testing.T, c config.Config) (*app.App, *journal) {
	t.Helper()
	j := &journal{}
	a, err := app.Open(context.Background(), c, app.Options{Log: slog.New(slog.NewTextHandler(j, nil)), Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return a, j
}

func churches(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		b.WriteString(strings.NewReplacer(`"1"`, fmt.Sprintf("%q", fmt.Sprint(i)), "Sunken Church", fmt.Sprintf("Church Number%d", i),
			"46.81", fmt.Sprintf("46.%04d", i)).Replace(church))
	}
	return b.String()
}

// holds demands that the atlas finds just the churches up to n.
func holds(t *testing.T, a *app.App, n int) {
	t.Helper()
	for i := range n + 1 {
		_, body := ask(a, fmt.Sprintf("/api/v1/search?q=number%d", i))
		if found := strings.Contains(body, fmt.Sprintf("Church Number%d\"", i)); found != (i < n) {
			t.Errorf("of %d churches number %d: found is %v", n, i, found)
		}
	}
}

const fromSnapshot, fromDatabase, leftAside = "from=snapshot", "from=database", "left aside"

// keepOne makes an atlas of n churches and its snapshot.
func keepOne(t *testing.T, c config.Config, n int) {
	t.Helper()
	publish(t, c, churches(0, n))
	a, log := openLogged(t, c)
	run(t, a)()
	if got := log.String(); !strings.Contains(got, fromDatabase) || strings.Contains(got, leftAside) || strings.Contains(got, "cannot be written") {
		t.Fatal(got)
	}
}

func TestStartFromSnapshot(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		c := configOf(t, t.TempDir(), database)
		keepOne(t, c, 30)
		file := filepath.Join(c.Data, "finder.snapshot")
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Fatal(info, err)
		}
		if _, err := os.Stat(file + ".new"); err == nil {
			t.Error("a half-written file is left")
		}
		if faults, checked := app.Doctor(context.Background(), c); !strings.Contains(checked, "its snapshot") {
			t.Error(faults, checked)
		}
		a, log := openLogged(t, c)
		stop := run(t, a)
		holds(t, a, 30)
		publish(t, c, churches(30, 32)) // beside it: kept when it stops
		catchUp(t, a, 10*time.Second)
		holds(t, a, 32)
		stop()
		publish(t, c, churches(32, 40)) // while it does not run: from the log
		b, then := openLogged(t, c)
		stop = run(t, b)
		holds(t, b, 40)
		stop()
		for _, log := range []*journal{log, then} {
			if got := log.String(); !strings.Contains(got, fromSnapshot) || strings.Contains(got, leftAside) {
				t.Error(got)
			}
		}
	})
}

// A start from the snapshot ranks tags by the places that they have come to
// have, as one from the database does.
func TestSnapshotRanksAnew(t *testing.T) {
	c := configOf(t, t.TempDir(), "")
	lagoons := strings.NewReplacer("lakes", "lagoons", `"s"`, `"l"`)
	publish(t, c, churches(0, 1)+lagoons.Replace(churches(0, 3)))
	first := func(a *app.App) string {
		_, body := ask(a, "/api/v1/search?q=la&kind=tag")
		lakes, lagoons := strings.Index(body, "lakes"), strings.Index(body, "lagoons")
		if lakes < 0 || lagoons < 0 {
			t.Fatal(body)
		}
		if lakes < lagoons {
			return "lakes"
		}
		return "lagoons"
	}
	a := open(t, c)
	stop := run(t, a)
	before := first(a)
	publish(t, c, churches(1, 300))
	catchUp(t, a, 10*time.Second)
	stop()
	b, log := openLogged(t, c)
	stop = run(t, b)
	after := first(b)
	stop()
	if before != "lagoons" || after != "lakes" || !strings.Contains(log.String(), fromSnapshot) {
		t.Errorf("first %s, then %s: %s", before, after, log)
	}
}

// copyFolder copies the files of a data directory that lies still.
func copyFolder(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

// Whatever is wrong with the snapshot: one line in the log, and the finder is
// filled from the database.
func TestWrongSnapshotIsLeftAside(t *testing.T) {
	change := func(fn func(b []byte) []byte) func(*testing.T, config.Config) {
		return func(t *testing.T, c config.Config) {
			file := filepath.Join(c.Data, "finder.snapshot")
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, fn(b), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, spoil := range map[string]func(t *testing.T, c config.Config){
		"a bit":    change(func(b []byte) []byte { b[len(b)/2] ^= 4; return b }),
		"cut off":  change(func(b []byte) []byte { return b[:len(b)-1] }),
		"half":     change(func(b []byte) []byte { return b[:len(b)/2] }),
		"empty":    change(func([]byte) []byte { return nil }),
		"longer":   change(func(b []byte) []byte { return append(b, 0) }),
		"anything": change(func([]byte) []byte { return bytes.Repeat([]byte("mirabilia finder\n"), 1000) }),
		"a folder": func(t *testing.T, c config.Config) {
			file := filepath.Join(c.Data, "finder.snapshot")
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
			if err := os.Mkdir(file, 0o700); err != nil {
				t.Fatal(err)
			}
		},
		"another atlas's": func(t *testing.T, c config.Config) {
			other := configOf(t, t.TempDir(), "")
			keepOne(t, other, 20) // as long a log
			b, err := os.ReadFile(filepath.Join(other.Data, "finder.snapshot"))
			if err == nil {
				err = os.WriteFile(filepath.Join(c.Data, "finder.snapshot"), b, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := configOf(t, t.TempDir(), "")
			keepOne(t, c, 20)
			spoil(t, c)
			refused(t, c, 20)
		})
	}
}

func refused(t *testing.T, c config.Config, n int) {
	t.Helper()
	a, log := openLogged(t, c)
	stop := run(t, a)
	holds(t, a, n)
	stop()
	if got := log.String(); strings.Count(got, leftAside) != 1 || !strings.Contains(got, fromDatabase) {
		t.Error(got)
	}
}

// A database that was set back, and one that then went another way, does not
// take over what the finder knew of its lost future.
func TestSnapshotOfALostFuture(t *testing.T) {
	for name, then := range map[string]string{"set back": "", "gone another way": churches(12, 25)} {
		t.Run(name, func(t *testing.T) {
			c := configOf(t, t.TempDir(), "")
			publish(t, c, churches(0, 10))
			back := t.TempDir()
			copyFolder(t, c.Data, filepath.Join(back, "data"))
			keepOne(t, c, 15) // the first ten are there
			old := configOf(t, filepath.Join(back, "data"), "")
			b, err := os.ReadFile(filepath.Join(c.Data, "finder.snapshot"))
			if err == nil {
				err = os.WriteFile(filepath.Join(old.Data, "finder.snapshot"), b, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			if then != "" {
				publish(t, old, then)
			}
			refused(t, old, 10)
		})
	}
}
