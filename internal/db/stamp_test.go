package db_test

import (
	"errors"
	"runtime"
	"testing"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
)

// A stamp stays while nobody commits, and is another after every commit of
// anybody, also after the log was folded into the file and begun anew.
func TestStampChangesWithEveryCommit(t *testing.T) {
	c := db.Config{Dir: t.TempDir()}
	here, there := dbtest.Open(t, c), dbtest.Open(t, c)
	write := func(d *db.DB, text string, args ...any) {
		t.Helper()
		err := d.Write(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec(text, args...); return err })
		if err != nil {
			t.Fatal(err)
		}
	}
	write(there, `CREATE TABLE things (n BIGINT PRIMARY KEY)`)
	seen := map[db.Stamp]int{}
	for i := range 300 {
		by := []*db.DB{here, there}[i%2]
		write(by, `INSERT INTO things (n) VALUES ($1)`, i)
		s, ok := here.Stamp()
		if !ok && runtime.GOOS == "linux" {
			t.Fatalf("no stamp after commit %d", i)
		}
		if other, _ := there.Stamp(); other != s {
			t.Fatalf("two stamps after commit %d", i)
		}
		if !ok {
			return
		}
		if j, was := seen[s]; was {
			t.Fatalf("commits %d and %d have one stamp", j, i)
		}
		seen[s] = i
		err := there.Read(t.Context(), func(tx *db.Tx) error {
			var n int
			return tx.QueryRow(`SELECT count(*) FROM things`).Scan(&n)
		})
		if again, ok := here.Stamp(); err != nil || !ok || again != s {
			t.Fatalf("after reading at %d: %t, %v", i, again == s, err)
		}
		if i%100 == 99 { // the last to close folds the log into the file and takes it away
			if err := errors.Join(here.Close(), there.Close()); err != nil {
				t.Fatal(err)
			}
			here, there = dbtest.Open(t, c), dbtest.Open(t, c)
		}
	}
}
