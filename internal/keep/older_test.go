package keep

import (
	"context"
	"testing"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
)

// What is older than the program goes into an atlas of its own schema, also
// where an empty one of a newer schema is, and keeps the mark until the
// migrations have ended.
func TestOlderSchema(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, to *db.DB) {
		from := dbtest.SQLite(t)
		exec(t, from, `INSERT INTO settings (name, value, updated_at) VALUES ('a', 'b', 1)`)
		now := db.Schema()
		// The program of this test knows one schema more, and the atlas has it.
		exec(t, to, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)`)
		exec(t, to, `CREATE TABLE newer (id BIGINT NOT NULL PRIMARY KEY)`)
		fill := func() *fill {
			return &fill{to: to, by: copying, schema: now, known: 9999, free: make(chan []byte, ahead)}
		}
		read := func(ctx context.Context, out chan<- piece) error {
			return from.Snapshot(ctx, func(tx *db.Tx) error { return readTables(ctx, tx, out, nil) })
		}
		f := fill()
		if err := f.ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		if by, err := filledBy(t.Context(), to); by != copying || err != nil {
			t.Fatal(by, err)
		}
		if have, _, err := to.SchemaVersion(t.Context()); have != now || err != nil {
			t.Errorf("the schema is %d, not %d: %v", have, now, err)
		}
		// Filled, and stopped before the migrations: not whole, and begun anew.
		if _, err := f.stream(t.Context(), read); err != nil {
			t.Fatal(err)
		}
		if Whole(t.Context(), to) == nil {
			t.Error("an atlas whose migrations are missing is taken for whole")
		}
		sum, err := fill().run(t.Context(), read)
		if err != nil || sum.Tables["settings"].Rows != 1 {
			t.Fatalf("%+v, %v", sum, err)
		}
		if err := Whole(t.Context(), to); err != nil {
			t.Error(err)
		}
		err = to.Read(t.Context(), func(tx *db.Tx) error {
			if there, err := tx.HasTable("newer"); there || err != nil {
				t.Errorf("a table of the newer schema is left: %v", err)
			}
			var value string
			if err := tx.QueryRow(`SELECT value FROM settings`).Scan(&value); err != nil || value != "b" {
				t.Errorf("%q, %v", value, err)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func exec(t *testing.T, d *db.DB, text string) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(text)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
