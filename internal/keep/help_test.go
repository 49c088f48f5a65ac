package keep_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/keep"
	"mirabilia/internal/place"
)

// engines runs body with a maker of fresh, migrated databases for every pair
// of engines: from, to.
func engines(t *testing.T, body func(t *testing.T, from, to *db.DB)) {
	t.Helper()
	open := map[string]func(*testing.T) *db.DB{db.SQLite: func(t *testing.T) *db.DB { return dbtest.SQLite(t) }}
	if dbtest.HasPostgres() {
		open[db.Postgres] = func(t *testing.T) *db.DB { return dbtest.Open(t, db.Config{URL: dbtest.PostgresURL(t)}) }
	} else if os.Getenv("CI") != "" {
		t.Fatalf("%s is not set: the tests must run on PostgreSQL too", dbtest.Server)
	}
	for from, a := range open {
		for to, b := range open {
			t.Run(from+" to "+to, func(t *testing.T) { body(t, a(t), b(t)) })
		}
	}
}

func p(f float64) *float64 { return &f }

// fill puts n places into d, a few of them protected, with rows in every other
// table that the features fill by hand.
func fill(t testing.TB, d *db.DB, n int) {
	t.Helper()
	var records []place.Record
	for i := range n {
		r := place.Record{Source: "s", ID: fmt.Sprint(i), Title: fmt.Sprintf("Wonder %d: a “Śluza” 滝", i), Lat: p(float64(i%160) - 79.5), Lon: p(float64(i%350) - 174.25),
			Tags: []string{fmt.Sprintf("Tag %d", i%7)}, Body: fmt.Sprintf("Text %d\n\nwith a second part, and 'quotes'.", i), Aliases: []place.Alias{{Name: "Other", Lang: "en"}}}
		if i%5 == 1 {
			r.LocationTier, r.Address = []string{"approximate", "region", "hidden"}[i%3], "Secret Lane 1"
		}
		records = append(records, r)
	}
	total, err := place.New(d, gazetteer.Open()).Import(t.Context(), records, place.ImportOptions{Publish: true, Source: "s", Report: func(_ int, _ bool, reason string) { t.Log(reason) }})
	if err != nil || total.Created != n {
		t.Fatalf("%+v, %v", total, err)
	}
	err = d.Write(t.Context(), func(tx *db.Tx) error {
		for _, text := range []string{
			`INSERT INTO settings (name, value, updated_at) VALUES ('a name', '{"a":1}', 5)`,
			`INSERT INTO place_slugs (slug, place) SELECT 'old-' || slug, id FROM places`,
			`INSERT INTO destinations (path, intro, updated_at) VALUES ('italy', 'Boot', 5)`,
			`INSERT INTO place_aside (place, import_sum, record, at) SELECT min(id), -9223372036854775807, '{}', 1 FROM places`,
			`INSERT INTO place_duplicates (place, of_place, metres, likeness, found_at) SELECT max(id), min(id), 0.1, 1e-300, 1 FROM places`,
			`INSERT INTO photos (id, place, position, caption, alt, credit, licence, width, height, drawing, variants, added_at)
				SELECT id, id, 1, 'c', '', 'x', 'l', 1, 2, TRUE, '{"320":"/a"}', 3 FROM places WHERE source_id < '3'`,
			`UPDATE places SET photos = 1 WHERE source_id < '3'`,
			`INSERT INTO jobs (id, kind, args, run_at, taken, attempts, once, fault, created_at) VALUES (1, 'k', '{}', 2, '', 0, NULL, '', 3), (2, 'k', '{}', 2, '', 0, 'x', '', 3)`,
			`INSERT INTO job_schedules (name, next_at) VALUES ('k', 2)`,
			`INSERT INTO place_revisions (place, number, author, summary, at, lat, lon, snapshot) SELECT id, 1, 'a', '', 1, NULL, NULL, '{}' FROM places`,
		} {
			if _, err := tx.Exec(text); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// exported is the private export of an atlas, as JSON lines.
func exported(t testing.TB, d *db.DB) []byte {
	t.Helper()
	var b bytes.Buffer
	out := json.NewEncoder(&b)
	if err := place.New(d, gazetteer.Open()).Export(t.Context(), true, func(r place.Record) error { return out.Encode(r) }); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// backup makes a backup as it is made unasked, and gives its file.
func backup(t testing.TB, d *db.DB, data string) (string, *keep.Saved) {
	t.Helper()
	return backupOf(t, keep.From{DB: d, Data: data, Program: "test"})
}

// inRows is one that has the sums of every table, whatever the engine.
func inRows(t testing.TB, d *db.DB) (string, *keep.Saved) {
	t.Helper()
	return backupOf(t, keep.From{DB: d, Data: t.TempDir(), Program: "test", Rows: true})
}

func backupOf(t testing.TB, from keep.From) (string, *keep.Saved) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "atlas.backup")
	saved, err := keep.Backup(t.Context(), from, file, false)
	if err != nil {
		t.Fatal(err)
	}
	return file, saved
}

// restore fills d from a file.
func restore(t testing.TB, d *db.DB, data, file string) (*keep.Sum, error) {
	t.Helper()
	in, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	return keep.Restore(t.Context(), keep.Into{DB: d, Data: data}, in)
}
