package db_test

import (
	"context"
	"errors"
	"testing"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
)

// named gives a database whose one setting says its name.
func named(t *testing.T, d *db.DB, name string) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO settings (name, value, updated_at) VALUES ('n', $1, 0)`, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// withReplica opens a primary and one replica of it that says another name.
func withReplica(t *testing.T) (d *db.DB, r *db.Replica) {
	t.Helper()
	if !dbtest.HasPostgres() {
		t.Logf("%s is not set: SQLite has no replicas", dbtest.Server)
		return nil, nil
	}
	primary, copied := dbtest.PostgresURL(t), dbtest.PostgresURL(t)
	named(t, dbtest.Open(t, db.Config{URL: copied}), "replica")
	d = dbtest.Open(t, db.Config{URL: primary, Replicas: []string{copied}})
	named(t, d, "primary")
	return d, d.Replicas()[0]
}

func says(t *testing.T, ctx context.Context, d *db.DB) (name string) {
	t.Helper()
	err := d.Read(ctx, func(tx *db.Tx) error {
		err := tx.QueryRow(`SELECT value FROM settings WHERE name = 'n'`).Scan(&name)
		if err == nil && tx.Lent() != (name == "replica") {
			t.Errorf("the %s answers, and Lent is %v", name, tx.Lent())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return name
}

func TestFromReplica(t *testing.T) {
	d, r := withReplica(t)
	if d == nil {
		return
	}
	want := func(when, name string, ctx context.Context) {
		t.Helper()
		if got := says(t, ctx, d); got != name {
			t.Errorf("%s the %s answers, want the %s", when, got, name)
		}
	}
	public := func() context.Context { return db.FromReplica(t.Context()) }
	d.Need(db.Standing{5, 2})
	want("never lent,", "primary", public())
	r.Lend(db.Standing{5, 2})
	want("lent,", "replica", public())
	want("for whoever is not public,", "primary", t.Context())
	r.Lend(db.Standing{5, 1})
	want("behind in one,", "primary", public())
	r.Lend(db.Standing{4, 9})
	want("behind in the other,", "primary", public())
	r.Lend(db.Standing{7, 7})
	one := public()
	want("ahead,", "replica", one)
	d.Need(db.Standing{8, 0})
	want("when more is needed,", "primary", one)
	r.Lend(db.Standing{8, 7})
	want("caught up, to who was sent away once,", "primary", one)
	want("caught up,", "replica", public())
	d.Need(db.Standing{3, 3}) // never less than before
	r.Lend(db.Standing{7, 7})
	want("behind what was once needed,", "primary", public())
	r.Lend(db.Standing{8, 7})
	r.Leave()
	want("taken back,", "primary", public())
}

// What only a replica cannot answer is answered by the primary; what a use case
// says itself is an answer.
func TestFromReplica_fails(t *testing.T) {
	d, r := withReplica(t)
	if d == nil {
		return
	}
	r.Lend(db.Standing{1, 1})
	public := func() context.Context { return db.FromReplica(t.Context()) }
	runs := 0
	read := func(fail error) error {
		runs = 0
		return d.Read(public(), func(tx *db.Tx) error {
			runs++
			if tx.Lent() {
				return fail
			}
			return nil
		})
	}
	for _, fail := range []error{db.ErrBehind, errors.New("broken")} {
		if err := read(fail); err != nil || runs != 2 {
			t.Errorf("%v of a replica gives %v after %d runs", fail, err, runs)
		}
	}
	if err := read(errs.New(errs.NotFound, "not found")); !errs.Is(err, errs.NotFound) || runs != 1 {
		t.Errorf("not found gives %v after %d runs", err, runs)
	}
	for name, within := range map[string]func(context.Context, func(*db.Tx) error) error{"a snapshot": d.Snapshot, "a write": d.Write} {
		err := within(public(), func(tx *db.Tx) error {
			if tx.Lent() {
				t.Errorf("%s is given to a replica", name)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	before := r.Reads()
	if err := r.Copy().Close(); err != nil {
		t.Fatal(err)
	}
	if got := says(t, public(), d); got != "primary" || r.Reads() != before {
		t.Errorf("the replica is gone and the %s answers", got)
	}
}

// An atlas opens while a replica is away; addresses nobody can use are refused.
func TestOpen_replicas(t *testing.T) {
	if _, err := db.Open(t.Context(), db.Config{Dir: t.TempDir(), Replicas: []string{"postgres://h/x"}}); !errs.Is(err, errs.Invalid) {
		t.Errorf("SQLite with a replica: %v", err)
	}
	if !dbtest.HasPostgres() {
		return
	}
	d := dbtest.Open(t, db.Config{URL: dbtest.PostgresURL(t), Replicas: []string{"postgres://nobody@127.0.0.1:1/none"}})
	if list := d.Replicas(); len(list) != 1 {
		t.Fatal(list)
	}
	err := d.Replicas()[0].Copy().Read(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec(`SELECT 1`); return err })
	if !errs.Is(err, errs.Unavailable) {
		t.Errorf("a replica that is away: %v", err)
	}
}
