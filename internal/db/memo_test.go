package db_test

import (
	"errors"
	"testing"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
)

// A memo gives what reading would give: on both engines after every commit of
// anybody, also of one made while it was read.
func TestMemo_isNeverOlderThanTheDatabase(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		set := func(n int) {
			t.Helper()
			if err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(`UPDATE memo_things SET n = $1`, n)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			if _, err := tx.Exec(`CREATE TABLE memo_things (n BIGINT PRIMARY KEY)`); err != nil {
				return err
			}
			_, err := tx.Exec(`INSERT INTO memo_things (n) VALUES (0)`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		memo := db.NewMemo[string, int](d, 2)
		reads := 0
		read := func() (n int, err error) {
			reads++
			err = d.Read(t.Context(), func(tx *db.Tx) error { return tx.QueryRow(`SELECT n FROM memo_things`).Scan(&n) })
			return n, err
		}
		want := func(key string, n int) {
			t.Helper()
			if got, err := memo.Of(key, read); err != nil || got != n {
				t.Fatalf("%s is %d, %v; want %d", key, got, err, n)
			}
		}
		_, stamps := d.Stamp()
		for i := 1; i <= 20; i++ {
			set(i)
			before := reads
			want("a", i)
			want("a", i)
			want("b", i)
			want("c", i) // one more than it keeps
			want("c", i)
			if kept := reads-before == 4; kept != stamps {
				t.Fatalf("read %d times for five questions, stamps %t", reads-before, stamps)
			}
		}
		// Committed behind the back of a reading: what was read is not kept.
		set(30)
		if got, err := memo.Of("a", func() (int, error) { n, err := read(); set(31); return n, err }); err != nil || got != 30 {
			t.Fatal(got, err)
		}
		want("a", 31)
		wrong := errors.New("away")
		if _, err := memo.Of("d", func() (int, error) { return 0, wrong }); !errors.Is(err, wrong) {
			t.Fatal(err)
		}
		want("d", 31)
	})
}
