package db_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
)

// Both engines have the same tables, columns, keys and references: a statement
// that one accepts means the same on the other.
func TestSchemaParity(t *testing.T) {
	if !dbtest.HasPostgres() {
		t.Log("one engine only: nothing to compare")
		return
	}
	lite := schemaOf(t, dbtest.SQLite(t))
	post := schemaOf(t, dbtest.Open(t, db.Config{URL: dbtest.PostgresURL(t)}))
	if len(lite) < 40 {
		t.Fatalf("only %d facts were read", len(lite))
	}
	for _, f := range lite {
		if !slices.Contains(post, f) {
			t.Errorf("only in SQLite: %s", f)
		}
	}
	for _, f := range post {
		if !slices.Contains(lite, f) {
			t.Errorf("only in PostgreSQL: %s", f)
		}
	}
}

const liteSchema = `
	SELECT 'column ' || t.name || '.' || c.name || ' ' || lower(c.type) || CASE WHEN c."notnull" OR c.pk > 0 THEN ' not null' ELSE '' END
	FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE 'goose%'
	UNION ALL
	SELECT 'key ' || t.name || ' ' || (SELECT group_concat(name, ',') FROM (SELECT name FROM pragma_table_info(t.name) WHERE pk > 0 ORDER BY pk))
	FROM sqlite_schema t WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE 'goose%'
	UNION ALL
	SELECT 'index ' || t.name || ' ' || (SELECT group_concat(name, ',') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno))
		|| CASE WHEN i."unique" THEN ' unique' ELSE '' END || CASE WHEN i.partial THEN ' partial' ELSE '' END
	FROM sqlite_schema t, pragma_index_list(t.name) i WHERE t.type = 'table' AND i.origin = 'c' AND t.name NOT LIKE 'goose%'
	UNION ALL
	SELECT 'reference ' || t.name || '.' || f."from" || ' ' || f."table" || '.' || f."to" || ' ' || lower(f.on_delete)
	FROM sqlite_schema t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'`

const postSchema = `
	SELECT 'column ' || table_name || '.' || column_name || ' ' || CASE data_type WHEN 'bigint' THEN 'integer' WHEN 'boolean' THEN 'integer'
		WHEN 'double precision' THEN 'real' ELSE data_type END || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END
	FROM information_schema.columns WHERE table_schema = current_schema() AND table_name NOT LIKE 'goose%'
	UNION ALL
	SELECT CASE WHEN x.indisprimary THEN 'key ' ELSE 'index ' END || t.relname || ' ' ||
		(SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(x.indkey) WITH ORDINALITY AS k(col, n)
			JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.col)
		|| CASE WHEN x.indisunique AND NOT x.indisprimary THEN ' unique' ELSE '' END || CASE WHEN x.indpred IS NOT NULL THEN ' partial' ELSE '' END
	FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
	WHERE n.nspname = current_schema() AND t.relname NOT LIKE 'goose%'
	UNION ALL
	SELECT 'reference ' || t.relname || '.' || a.attname || ' ' || o.relname || '.' || b.attname || ' ' ||
		CASE c.confdeltype WHEN 'c' THEN 'cascade' WHEN 'a' THEN 'no action' WHEN 'n' THEN 'set null' ELSE 'restrict' END
	FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class o ON o.oid = c.confrelid
		JOIN pg_namespace n ON n.oid = t.relnamespace
		JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1]
		JOIN pg_attribute b ON b.attrelid = o.oid AND b.attnum = c.confkey[1]
	WHERE c.contype = 'f' AND n.nspname = current_schema()`

func schemaOf(t *testing.T, d *db.DB) (facts []string) {
	t.Helper()
	text := liteSchema
	if d.Engine() == db.Postgres {
		text = postSchema
	}
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		rows, err := tx.Query(text)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var f string
			err := r.Scan(&f)
			facts = append(facts, f)
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return facts
}

func TestNewerSchemaIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if err := d.CheckSchema(t.Context()); err != nil {
			t.Fatalf("a fresh database: %v", err)
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for name, err := range map[string]error{"Migrate": d.Migrate(t.Context()), "CheckSchema": d.CheckSchema(t.Context())} {
			if !errs.Is(err, errs.Conflict) || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "9999") {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestMigrateAgainAndTogether(t *testing.T) {
	try := func(t *testing.T, c db.Config) {
		ctx := t.Context()
		done := make(chan error, 3)
		for range cap(done) {
			go func() {
				d, err := db.Open(context.WithoutCancel(ctx), c)
				if err == nil {
					err = errors.Join(d.Migrate(ctx), d.CheckSchema(ctx), d.Close())
				}
				done <- err
			}()
		}
		for range cap(done) {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	}
	t.Run("sqlite", func(t *testing.T) { try(t, db.Config{Dir: t.TempDir()}) })
	if dbtest.HasPostgres() {
		t.Run("postgres", func(t *testing.T) { try(t, db.Config{URL: dbtest.PostgresURL(t), Connections: 4}) })
	}
}

// A server that ends all our connections is used again at once: no restart,
// and no error for whoever comes next.
func TestLostPostgresIsUsedAgain(t *testing.T) {
	if !dbtest.HasPostgres() {
		t.Log("no PostgreSQL to lose")
		return
	}
	url := dbtest.PostgresURL(t)
	// A name of its own: other tests use the same server at the same time.
	d, killer := dbtest.Open(t, db.Config{URL: url + "&application_name=victim"}), dbtest.Open(t, db.Config{URL: url})
	kill := func() {
		t.Helper()
		err := killer.Read(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
				WHERE application_name = 'victim' AND pid <> pg_backend_pid()`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	write := func(i int) error {
		return d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO settings (name, value, updated_at) VALUES ($1, '', 0)`, fmt.Sprint(i))
			return err
		})
	}
	read := func() (n int, err error) {
		err = d.Read(t.Context(), func(tx *db.Tx) error { return tx.QueryRow(`SELECT count(*) FROM settings`).Scan(&n) })
		return n, err
	}
	for i := range 6 {
		kill()
		if i%2 == 0 {
			if err := write(i); err != nil {
				t.Errorf("writing after the loss: %v", err)
			}
			continue
		}
		if _, err := read(); err != nil {
			t.Errorf("reading after the loss: %v", err)
		}
	}
	// Lost in the middle of a use case: nothing of the first attempt stays.
	tries := 0
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		tries++
		if _, err := tx.Exec(`INSERT INTO settings (name, value, updated_at) VALUES ('mid', '', 0)`); err != nil {
			return err
		}
		if tries == 1 {
			kill()
		}
		_, err := tx.Exec(`INSERT INTO settings (name, value, updated_at) VALUES ('mid2', '', 0)`)
		return err
	})
	if err != nil || tries != 2 {
		t.Errorf("lost in the middle: %v after %d tries", err, tries)
	}
	if n, err := read(); err != nil || n != 5 {
		t.Errorf("%d rows, %v", n, err)
	}
}

func TestOpenSaysWhatToDo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	broken := t.TempDir()
	if err := os.WriteFile(filepath.Join(broken, "atlas.db"), []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]db.Config{
		"a file where the directory should be": {Dir: file},
		"a file that is no database":           {Dir: broken},
		"a malformed address":                  {URL: "postgres://u:secret@h:port/x"},
		"another engine":                       {URL: "mysql://x"},
		"a server that is not there":           {URL: "postgres://u:secret@127.0.0.1:1/x"},
	} {
		d, err := db.Open(t.Context(), c)
		if err == nil {
			_ = d.Close()
			t.Errorf("%s: no error", name)
			continue
		}
		var e *errs.Error
		if !errors.As(err, &e) || strings.Contains(e.Message, "\n") || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Bytes that change on the disk are noticed and not believed.
func TestDamagedPageIsNoticed(t *testing.T) {
	dir := t.TempDir()
	d, err := db.Open(t.Context(), db.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	err = d.Write(t.Context(), func(tx *db.Tx) error {
		return tx.Insert("settings", []string{"name", "value", "updated_at"}, 500, func(i int, into []any) {
			into[0], into[1], into[2] = fmt.Sprint(i), strings.Repeat("value ", 40), int64(i)
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if faults, err := d.Check(t.Context()); err != nil || len(faults) != 0 {
		t.Fatalf("before the damage: %v, %v", faults, err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "atlas.db")
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	at := strings.LastIndex(string(b), "value value")
	b[at] ^= 1 // SQLite alone would not see this one
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	d, err = db.Open(t.Context(), db.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if faults, err := d.Check(t.Context()); err != nil || len(faults) == 0 {
		t.Errorf("after the damage: %v, %v", faults, err)
	}
}

func TestDatabaseFileIsPrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	dbtest.Open(t, db.Config{Dir: dir})
	for _, name := range []string{dir, filepath.Join(dir, "atlas.db")} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v: others may read it", filepath.Base(name), info.Mode())
		}
	}
}

// The settings that durability rests on, as the connections really have them.
func TestDurabilitySettings(t *testing.T) {
	want := map[string]map[string]string{
		db.SQLite:   {"PRAGMA synchronous": "2", "PRAGMA journal_mode": "wal", "PRAGMA foreign_keys": "1", "PRAGMA trusted_schema": "0", "PRAGMA cell_size_check": "1", "PRAGMA checksum_verification": "1", "PRAGMA journal_size_limit": "67108864"},
		db.Postgres: {"SHOW synchronous_commit": "on", "SHOW lock_timeout": "10s", "SHOW idle_in_transaction_session_timeout": "1min"},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for statement, value := range want[d.Engine()] {
			var got string
			err := d.Write(t.Context(), func(tx *db.Tx) error { return tx.QueryRow(statement).Scan(&got) })
			if err != nil || got != value {
				t.Errorf("%s is %q, want %q (%v)", statement, got, value, err)
			}
		}
	})
}
