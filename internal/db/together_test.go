package db_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3/vfs"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// syncing counts how often SQLite waits for the disk.
type syncing struct {
	db.OSFile
	n *atomic.Int64
}

func (s syncing) Sync(flags vfs.SyncFlag) error {
	s.n.Add(1)
	return s.OSFile.Sync(flags)
}

// counted opens an atlas that counts in n.
func counted(t *testing.T, n *atomic.Int64) *db.DB {
	t.Helper()
	db.Layered.Lock()
	db.Layered.N++
	layer := fmt.Sprintf("counted-%d", db.Layered.N)
	db.Layered.Unlock()
	db.RegisterLayer(layer, func(_ string, f db.OSFile) db.OSFile { return syncing{f, n} })
	d, err := db.OpenOn(t.Context(), copyFolder(t, fresh(t)), layer)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// behind holds the one connection that writes until so many others are in line
// behind it, and waits for all.
func behind(t *testing.T, d *db.DB, others ...func()) {
	t.Helper()
	held, open := make(chan struct{}), make(chan struct{})
	hold := sync.OnceFunc(func() { close(held) }) // it may have to begin anew
	var wg sync.WaitGroup
	wg.Go(func() {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			hold()
			<-open
			_, err := tx.Exec(`INSERT INTO settings (name, value, updated_at) VALUES ('first', '', 0)`)
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-held
	for i, fn := range others {
		wg.Go(fn)
		for d.Coming() <= int64(i) {
			runtime.Gosched()
		}
	}
	close(open)
	wg.Wait()
}

// Those who wait while one writes share the next way to the disk.
func TestWritersShareACommit(t *testing.T) {
	var syncs atomic.Int64
	d := counted(t, &syncs)
	var others []func()
	for i := range 40 {
		others = append(others, func() {
			if err := put(d, t.Context(), fmt.Sprint(i)); err != nil {
				t.Error(err)
			}
		})
	}
	before := syncs.Load()
	behind(t, d, others...)
	if n := syncs.Load() - before; n > 20 {
		t.Errorf("%d waits for the disk for 41 writers", n)
	}
	if n := count(t, d); n != 41 {
		t.Errorf("%d of 41 rows are there", n)
	}
}

// In one transaction with others, a writer that fails, panics, breaks a rule of
// the database or is interrupted within a statement, which makes SQLite roll
// all of it back, takes none of the others along; who was told that it is kept
// finds it, and nothing else is there.
func TestWritersShareNoFault(t *testing.T) {
	d := counted(t, new(atomic.Int64))
	write := func(ctx context.Context, name string, then func(tx *db.Tx) error) (err error) {
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("panic: %v", p)
			}
		}()
		return d.Write(ctx, func(tx *db.Tx) error {
			if _, err := tx.Exec(`INSERT INTO settings (name, value, updated_at) VALUES ($1, '', 0)`, name); err != nil {
				return err
			}
			return then(tx)
		})
	}
	fine := func(*db.Tx) error { return nil }
	stop := errors.New("stop")
	fates := []struct {
		name string
		then func(tx *db.Tx) error
		want func(error) bool
	}{
		{"a", fine, func(err error) bool { return err == nil }},
		{"fails", func(*db.Tx) error { return stop }, func(err error) bool { return errors.Is(err, stop) }},
		{"b", fine, func(err error) bool { return err == nil }},
		{"panics", func(*db.Tx) error { panic("no") }, func(err error) bool { return err != nil }},
		{"c", fine, func(err error) bool { return err == nil }},
		{"twice", func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO settings (name, value, updated_at) VALUES ('twice', '', 0)`)
			return err
		}, func(err error) bool { return errs.Is(err, errs.Conflict) }},
		{"interrupted", func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO settings (name, value, updated_at) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000000000) SELECT CAST(i AS TEXT), '', 0 FROM n`)
			return err
		}, func(err error) bool { return errs.Is(err, errs.Unavailable) }},
		{"d", fine, func(err error) bool { return err == nil }},
	}
	var others []func()
	for _, f := range fates {
		others = append(others, func() {
			ctx, cancel := t.Context(), context.CancelFunc(func() {})
			if f.name == "interrupted" {
				ctx, cancel = context.WithTimeout(ctx, 300*time.Millisecond)
			}
			defer cancel()
			if err := write(ctx, f.name, f.then); !f.want(err) {
				t.Errorf("%s: %v", f.name, err)
			}
		})
	}
	behind(t, d, others...)
	var names []string
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		rows, err := tx.Query(`SELECT name FROM settings ORDER BY name`)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var name string
			err := r.Scan(&name)
			names = append(names, name)
			return err
		})
	})
	if want := []string{"a", "b", "c", "d", "first"}; err != nil || !slices.Equal(names, want) {
		t.Errorf("%v are there, not %v; %v", names, want, err)
	}
}
