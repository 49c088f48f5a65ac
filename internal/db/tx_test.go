package db_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"testing"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
)

func put(d *db.DB, ctx context.Context, name string) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO settings (name, value, updated_at) VALUES ($1, '', 0)`, name)
		return err
	})
}

func count(t *testing.T, d *db.DB) (n int) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) error { return tx.QueryRow(`SELECT count(*) FROM settings`).Scan(&n) })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// What fails, panics or is given up leaves nothing behind, and the handle as
// good as before.
func TestNothingHalfIsKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		half := func(ctx context.Context, end func() error) (err error) {
			defer func() {
				if recover() != nil {
					err = errors.New("panic")
				}
			}()
			return d.Write(ctx, func(tx *db.Tx) error {
				if _, err := tx.Exec(`INSERT INTO settings (name, value, updated_at) VALUES ('half', '', 0)`); err != nil {
					return err
				}
				return end()
			})
		}
		stop := errors.New("stop")
		if err := half(t.Context(), func() error { return stop }); !errors.Is(err, stop) {
			t.Error(err)
		}
		if err := half(t.Context(), func() error { panic("no") }); err == nil {
			t.Error("a panic was swallowed")
		}
		ctx, cancel := context.WithCancel(t.Context())
		if err := half(ctx, func() error { cancel(); return ctx.Err() }); !errs.Is(err, errs.Unavailable) {
			t.Error(err)
		}
		if err := half(ctx, func() error { return nil }); !errs.Is(err, errs.Unavailable) {
			t.Errorf("with a context that is done: %v", err)
		}
		if n := count(t, d); n != 0 {
			t.Errorf("%d half rows are there", n)
		}
		for i := range 5 {
			if err := put(d, t.Context(), fmt.Sprint(i)); err != nil {
				t.Error(err)
			}
		}
		if n := count(t, d); n != 5 {
			t.Errorf("%d rows are there", n)
		}
	})
}

// bomb panics where the driver does: while database/sql holds its locks.
type bomb struct{}

func (bomb) Value() (driver.Value, error) { panic("bomb") }

// A panic within a statement, as the SQLite driver has it when memory is short,
// rolls back, and takes no connection and no lock away: more of them than
// there are connections, and reading, writing and closing go on.
func TestPanicsWithinStatements(t *testing.T) {
	dbtest.EachConfig(t, db.Config{Connections: 2}, func(t *testing.T, d *db.DB) {
		ways := map[string]func(fn func(*db.Tx) error) error{
			"write":    func(fn func(*db.Tx) error) error { return d.Write(t.Context(), fn) },
			"read":     func(fn func(*db.Tx) error) error { return d.Read(t.Context(), fn) },
			"snapshot": func(fn func(*db.Tx) error) error { return d.Snapshot(t.Context(), fn) },
		}
		statements := map[string]func(tx *db.Tx) error{
			"query": func(tx *db.Tx) error {
				return tx.QueryRow(`SELECT count(*) FROM settings WHERE name = $1`, bomb{}).Scan(new(int))
			},
			"exec": func(tx *db.Tx) error { _, err := tx.Exec(`DELETE FROM settings WHERE name = $1`, bomb{}); return err },
			"insert": func(tx *db.Tx) error { // few rows are a statement, many a COPY
				return tx.Insert("settings", []string{"name", "value", "updated_at"}, 3, func(i int, into []any) {
					into[0], into[1], into[2] = fmt.Sprint(i), bomb{}, int64(0)
				})
			},
			"rows": func(tx *db.Tx) error {
				return tx.Insert("settings", []string{"name", "value", "updated_at"}, 40, func(int, []any) { panic("row") })
			},
		}
		for way, run := range ways {
			for kind, statement := range statements {
				if (kind == "insert" || kind == "rows") && way != "write" {
					continue
				}
				for range 4 {
					inPanic(t, way+" "+kind, func() {
						_ = run(func(tx *db.Tx) error {
							if way == "write" {
								if _, err := tx.Exec(`INSERT INTO settings (name, value, updated_at) VALUES ('half', '', 0)`); err != nil {
									return err
								}
							}
							return statement(tx)
						})
					})
				}
			}
		}
		if err := put(d, t.Context(), "whole"); err != nil {
			t.Error(err)
		}
		if n := count(t, d); n != 1 {
			t.Errorf("%d rows are there", n)
		}
	})
}

// inPanic fails unless fn ends in a panic.
func inPanic(t *testing.T, what string, fn func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Error(what, "did not panic")
		}
	}()
	fn()
}

// Placeholders mean their numbers, wherever they stand and however often; in
// quotes they are text.
func TestPlaceholders(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var got string
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			return tx.QueryRow(`SELECT CAST($2 AS TEXT) || '-$1-' || CAST($1 AS TEXT) || CAST($2 AS TEXT)`, "a", "b").Scan(&got)
		})
		if err != nil || got != "b-$1-ab" {
			t.Errorf("%q, %v", got, err)
		}
	})
	if got := db.In(3, 2); got != "$2,$3,$4" {
		t.Errorf("In(3, 2) = %s", got)
	}
	if got := db.Padded([]int64{7, 8, 9}); len(got) != 4 || got[3] != int64(9) {
		t.Errorf("Padded = %v", got)
	}
}

// Insert writes any number of rows, with every kind of value, in order.
func TestInsertMany(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		total := 0
		for _, n := range []int{0, 1, 7, 8, 31, 32, 33, 100} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				return tx.Insert("settings", []string{"name", "value", "updated_at"}, n, func(i int, into []any) {
					into[0], into[1], into[2] = fmt.Sprintf("%d-%d", n, i), "ünï\t\\N\n\"'", int64(i)
				})
			})
			if err != nil {
				t.Fatal(n, err)
			}
			total += n
		}
		if got := count(t, d); got != total {
			t.Errorf("%d of %d rows are there", got, total)
		}
		var value string
		var at int64
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			return tx.QueryRow(`SELECT value, updated_at FROM settings WHERE name = '100-42'`).Scan(&value, &at)
		})
		if err != nil || value != "ünï\t\\N\n\"'" || at != 42 {
			t.Errorf("%q, %d, %v", value, at, err)
		}
		err = d.Write(t.Context(), func(tx *db.Tx) error {
			return tx.Insert("settings", []string{"name", "value", "updated_at"}, 50, func(i int, into []any) {
				into[0], into[1], into[2] = "same", "", int64(i)
			})
		})
		if !errs.Is(err, errs.Conflict) || count(t, d) != total {
			t.Errorf("fifty of one key: %v", err)
		}
	})
}

// A snapshot does not see what is written while it is read.
func TestSnapshotIsOneState(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if err := put(d, t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
		err := d.Snapshot(t.Context(), func(tx *db.Tx) error {
			for i := range 3 {
				var n int
				if err := tx.QueryRow(`SELECT count(*) FROM settings`).Scan(&n); err != nil {
					return err
				}
				if n != 1 {
					t.Errorf("%d rows in the snapshot", n)
				}
				if err := put(d, t.Context(), fmt.Sprint(i)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || count(t, d) != 4 {
			t.Errorf("%d rows afterwards, %v", count(t, d), err)
		}
	})
}

// Reading never writes: not by mistake, and not by what a stranger slips in.
func TestReadersCannotWrite(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Snapshot(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`DELETE FROM settings`)
			return err
		})
		if !errs.Is(err, errs.Unavailable) {
			t.Errorf("writing in a snapshot: %v", err)
		}
	})
}

// More statements than a connection keeps do not break those that are kept.
func TestManyStatements(t *testing.T) {
	d := dbtest.SQLite(t)
	for i := range 1000 {
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			var n int
			if err := tx.QueryRow(fmt.Sprintf(`SELECT %d`, i)).Scan(&n); err != nil || n != i {
				return fmt.Errorf("%d: %w", n, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// Texts are compared bytewise on both engines, whatever the server's language.
func TestOrderOfTexts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, name := range []string{"é", "a-b", "B", "a", "ab", "Z", "-"} {
			if err := put(d, t.Context(), name); err != nil {
				t.Fatal(err)
			}
		}
		var got []string
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			rows, err := tx.Query(`SELECT name FROM settings ORDER BY name`)
			return db.Each(rows, err, func(r *sql.Rows) error {
				var s string
				err := r.Scan(&s)
				got = append(got, s)
				return err
			})
		})
		if want := "- B Z a a-b ab é"; err != nil || strings.Join(got, " ") != want {
			t.Errorf("%q, want %q (%v)", strings.Join(got, " "), want, err)
		}
	})
}

// Beside the pages that an import keeps there is room for the rest of what
// SQLite holds, and as much again; at the driver's own limit, 256 MiB, the
// import of a million places ended in a panic.
func TestImportsHaveRoom(t *testing.T) {
	d := dbtest.Open(t, db.Config{Dir: t.TempDir(), Bulk: true})
	full := errors.New("full")
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		if _, err := tx.Exec(`CREATE TABLE filler (b BLOB)`); err != nil {
			return err
		}
		for range 12 { // 240 MB of pages, of which 192 MiB are kept
			if _, err := tx.Exec(`INSERT INTO filler (b) VALUES (zeroblob(20000000))`); err != nil {
				return err
			}
		}
		var n int // 50 and 100 MB
		if err := tx.QueryRow(`SELECT length(hex(zeroblob(50000000)))`).Scan(&n); err != nil {
			return err
		}
		return full
	})
	if !errors.Is(err, full) {
		t.Error(err)
	}
}

// A statement that runs long is given up soon after its context has ended, also
// between two rows; SQLite asks the context itself.
func TestLongStatementsAreGivenUp(t *testing.T) {
	d := dbtest.SQLite(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := d.Read(ctx, func(tx *db.Tx) error {
		rows, err := tx.Query(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000)
			SELECT 0 UNION ALL SELECT count(*) FROM n`)
		return db.Each(rows, err, func(r *sql.Rows) error {
			go cancel() // with the first row; the second would take minutes
			return r.Scan(new(int64))
		})
	})
	if !errs.Is(err, errs.Unavailable) {
		t.Errorf("given up: %v", err)
	}
	if n := count(t, d); n != 0 {
		t.Errorf("%d rows", n)
	}
}
