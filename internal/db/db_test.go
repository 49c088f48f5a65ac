package db_test

import (
	"sync"
	"testing"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
)

func TestReadWrite(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		put := func(name, value string) error {
			return d.Write(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(`INSERT INTO settings (value, name, updated_at) VALUES ($2, $1, $3)`, name, value, d.Millis())
				return err
			})
		}
		if err := put("a", "x"); err != nil {
			t.Fatal(err)
		}
		if err := put("a", "y"); !errs.Is(err, errs.Conflict) {
			t.Errorf("a second row of the same key: %v, want a conflict", err)
		}
		var got string
		one := func(name string) error {
			return d.Read(ctx, func(tx *db.Tx) error {
				return tx.QueryRow(`SELECT value FROM settings WHERE name = $1`, name).Scan(&got)
			})
		}
		if err := one("a"); err != nil || got != "x" {
			t.Errorf("read %q, %v", got, err)
		}
		if err := one("b"); !errs.Is(err, errs.NotFound) {
			t.Errorf("a row that is not there: %v", err)
		}
	})
}

// Eight writers that each read and write back a number lose nothing.
func TestConcurrentWriters(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO settings (name, value, updated_at) VALUES ('n', '', 0)`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 25 {
					err := d.Write(ctx, func(tx *db.Tx) error {
						_, err := tx.Exec(`UPDATE settings SET updated_at = updated_at + 1 WHERE name = 'n'`)
						return err
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		var n int
		err = d.Read(ctx, func(tx *db.Tx) error {
			return tx.QueryRow(`SELECT updated_at FROM settings WHERE name = 'n'`).Scan(&n)
		})
		if err != nil || n != 200 {
			t.Errorf("%d of 200 additions there, %v", n, err)
		}
	})
}

func TestNewIDs(t *testing.T) {
	d := dbtest.SQLite(t)
	seen := map[int64]bool{}
	last := int64(0)
	for range 10000 {
		id := d.NewID()
		if id <= last || seen[id] {
			t.Fatalf("id %d after %d", id, last)
		}
		seen[id], last = true, id
	}
}
