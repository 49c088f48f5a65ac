package keep_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/keep"
	"mirabilia/internal/place"
)

// Whichever way an atlas goes, it arrives whole: the same sums of every table,
// so the same ids, slugs, positions and public points; the same private export;
// and the log goes on where it stood.
func TestEveryWay(t *testing.T) {
	ways := map[string]func(t *testing.T, from, to *db.DB) *keep.Sum{
		"backup and restore": func(t *testing.T, from, to *db.DB) *keep.Sum {
			file, saved := backup(t, from, t.TempDir())
			sum, err := restore(t, to, t.TempDir(), file)
			if err != nil {
				t.Fatal(err)
			}
			if paged := from.Engine() == db.SQLite; (saved.Whole.Pages != nil) != paged || !paged && sum.SHA256 != saved.Whole.SHA256 {
				t.Errorf("kept %+v, restored %s", saved.Whole, sum.SHA256)
			}
			for name, part := range saved.Whole.Tables {
				if sum.Tables[name].Rows != part.Rows || (part.SHA256 == "") != (saved.Whole.Pages != nil) {
					t.Errorf("table %s: kept %+v, restored %+v", name, part, sum.Tables[name])
				}
			}
			_, rows := inRows(t, from)
			if sum.SHA256 != rows.Whole.SHA256 {
				t.Errorf("in rows %s, restored %s", rows.Whole.SHA256, sum.SHA256)
			}
			return sum
		},
		"backup in rows and restore": func(t *testing.T, from, to *db.DB) *keep.Sum {
			file, saved := inRows(t, from)
			sum, err := restore(t, to, t.TempDir(), file)
			if err != nil {
				t.Fatal(err)
			}
			if sum.SHA256 != saved.Whole.SHA256 {
				t.Errorf("kept %s, restored %s", saved.Whole.SHA256, sum.SHA256)
			}
			return sum
		},
		"copy": func(t *testing.T, from, to *db.DB) *keep.Sum {
			sum, err := keep.Copy(t.Context(), keep.From{DB: from}, keep.Into{DB: to})
			if err != nil {
				t.Fatal(err)
			}
			return sum
		},
	}
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			engines(t, func(t *testing.T, from, to *db.DB) {
				fill(t, from, 400)
				sum := way(t, from, to)
				if sum.Places != 400 || sum.Tables["place_truths"].Rows == 0 || sum.Tables["photos"].Rows == 0 {
					t.Errorf("%+v", sum)
				}
				if a, b := exported(t, from), exported(t, to); len(a) < 10_000 || !bytes.Equal(a, b) {
					t.Error("the private exports differ")
				}
				_, again := inRows(t, to)
				if !maps.Equal(again.Whole.Tables, sum.Tables) || again.Whole.SHA256 != sum.SHA256 {
					t.Errorf("the sums differ: %+v, %+v", sum, again.Whole)
				}
				if err := keep.Whole(t.Context(), to); err != nil {
					t.Error(err)
				}
				if faults, err := place.New(to, gazetteer.Open()).Check(t.Context()); err != nil || len(faults) > 0 {
					t.Errorf("%v, %v", faults, err)
				}
				goesOn(t, from, to)
			})
		})
	}
}

// goesOn publishes one more place and looks for it in the log.
func goesOn(t *testing.T, from, to *db.DB) {
	t.Helper()
	before, err := changes.Last(t.Context(), from)
	if err != nil {
		t.Fatal(err)
	}
	_, err = place.New(to, gazetteer.Open()).Import(t.Context(), []place.Record{{Title: "One more", ID: "more", Lat: p(1), Lon: p(2)}},
		place.ImportOptions{Publish: true, Source: "s"})
	if err != nil {
		t.Fatal(err)
	}
	list, err := changes.Since(t.Context(), to, before, 10)
	if err != nil || len(list) == 0 || list[0].Seq != before+1 {
		t.Errorf("after %d the log goes on with %+v, %v", before, list, err)
	}
}

// Who looks on is told of every row and file in each step, and never of fewer
// than before.
func TestWatch(t *testing.T) {
	d, data := dbtest.SQLite(t), t.TempDir()
	fill(t, d, 30)
	folder := filepath.Join(data, keep.BlobFolder)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "a.webp"), bytes.Repeat([]byte("picture"), 300_000), 0o600); err != nil {
		t.Fatal(err)
	}
	var last map[keep.Step]keep.Progress
	watch := func(p keep.Progress) {
		if before := last[p.Step]; p.Rows < before.Rows || p.Files < before.Files {
			t.Errorf("%+v after %+v", p, before)
		}
		last[p.Step] = p
	}
	told := func(what string, rows int64, steps map[keep.Step]int64) {
		t.Helper()
		for step, files := range steps {
			if got := last[step]; got.Rows != rows || got.Files != files || rows < 100 {
				t.Errorf("%s: %s ends with %+v, want %d rows and %d files", what, step, got, rows, files)
			}
		}
		if len(last) != len(steps) {
			t.Errorf("%s tells of %v", what, last)
		}
		last = map[keep.Step]keep.Progress{}
	}
	last = map[keep.Step]keep.Progress{}
	file := filepath.Join(t.TempDir(), "atlas.backup")
	saved, err := keep.Backup(t.Context(), keep.From{DB: d, Data: data, Watch: watch}, file, false)
	if err != nil {
		t.Fatal(err)
	}
	rows := saved.Whole.Rows
	told("a backup", rows, map[keep.Step]int64{keep.Written: 1, keep.ReadBack: 1})
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := keep.Check(t.Context(), bytes.NewReader(b), db.Schema(), watch); err != nil {
		t.Fatal(err)
	}
	told("a check", rows, map[keep.Step]int64{keep.Checked: 1})
	if _, err := keep.Restore(t.Context(), keep.Into{DB: dbtest.SQLite(t), Data: t.TempDir(), Watch: watch}, bytes.NewReader(b)); err != nil {
		t.Fatal(err)
	}
	told("a restore", rows, map[keep.Step]int64{keep.Checked: 1, keep.Filled: 1, keep.ReadBack: 0})
	if _, err := keep.Copy(t.Context(), keep.From{DB: d}, keep.Into{DB: dbtest.SQLite(t), Watch: watch}); err != nil {
		t.Fatal(err)
	}
	told("a copy", rows, map[keep.Step]int64{keep.Filled: 0, keep.ReadBack: 0})
}

// Every table of the schema is kept: the names are asked of the database here
// in another way than there, so that one that a migration adds is missed by
// neither.
func TestEveryTableIsKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		text := `SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE TABLE%'`
		if d.Engine() == db.Postgres {
			text = `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()`
		}
		// These are not the atlas's: the schema's version is in the header.
		not := []string{"goose_db_version", "sqlite_sequence"}
		var names []string
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			rows, err := tx.Query(text)
			return db.Each(rows, err, func(r *sql.Rows) error {
				var name string
				err := r.Scan(&name)
				if !slices.Contains(not, name) {
					names = append(names, name)
				}
				return err
			})
		})
		if err != nil || len(names) < 10 {
			t.Fatal(names, err)
		}
		_, saved := backup(t, d, t.TempDir())
		for _, name := range names {
			if _, ok := saved.Whole.Tables[name]; !ok {
				t.Errorf("table %s is not kept", name)
			}
		}
		if len(saved.Whole.Tables) != len(names) {
			t.Errorf("%d tables are kept, there are %d", len(saved.Whole.Tables), len(names))
		}
	})
}

// Every kind of column and the ends of its range come through, in tables that
// refer to each other; a column that counts by itself goes on counting.
func TestEveryKind(t *testing.T) {
	engines(t, func(t *testing.T, from, to *db.DB) {
		for _, d := range []*db.DB{from, to} {
			text := `CREATE TABLE b_parent (id INTEGER NOT NULL, part TEXT NOT NULL, yes INTEGER, num REAL, words TEXT, bytes BLOB, PRIMARY KEY (part, id)) STRICT;
				CREATE TABLE a_child (id INTEGER PRIMARY KEY, part TEXT, parent INTEGER, FOREIGN KEY (part, parent) REFERENCES b_parent (part, id)) STRICT`
			if d.Engine() == db.Postgres {
				text = `CREATE TABLE b_parent (id BIGINT NOT NULL, part TEXT COLLATE "C" NOT NULL, yes BOOLEAN, num DOUBLE PRECISION, words TEXT COLLATE "C", bytes BYTEA, PRIMARY KEY (part, id));
					CREATE TABLE a_child (id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, part TEXT COLLATE "C", parent BIGINT, FOREIGN KEY (part, parent) REFERENCES b_parent (part, id))`
			}
			write(t, d, strings.Split(text, ";")...)
		}
		blob := `x'00ff01'`
		if from.Engine() == db.Postgres {
			blob = `'\x00ff01'::bytea`
		}
		write(t, from,
			`INSERT INTO b_parent VALUES (-9223372036854775807 - 1, 'é', TRUE, -0.0, '', `+blob+`)`,
			`INSERT INTO b_parent VALUES (9223372036854775807, 'z', FALSE, 1.7976931348623157e308, 'line'||chr(10)||'"\N"', NULL)`,
			`INSERT INTO b_parent VALUES (3, 'Z', NULL, 5e-324, NULL, `+strings.Replace(strings.Replace(blob, "00ff01", "", 1), "x", "x", 1)+`)`,
			`INSERT INTO b_parent VALUES (2, 'Z', NULL, 0.1, '`+strings.Repeat("long ", 600_000)+`', NULL)`,
			`INSERT INTO a_child VALUES (7, 'Z', 3)`, `INSERT INTO a_child VALUES (8, NULL, NULL)`)
		sum, err := keep.Copy(t.Context(), keep.From{DB: from}, keep.Into{DB: to})
		if err != nil || sum.Tables["b_parent"].Rows != 4 || sum.Tables["a_child"].Rows != 2 {
			t.Fatalf("%+v, %v", sum, err)
		}
		file, saved := inRows(t, to)
		if saved.Whole.SHA256 != sum.SHA256 {
			t.Error("the copy kept again has other sums")
		}
		write(t, to, `INSERT INTO a_child (part) VALUES ('next')`)
		var id int64
		if err := to.Read(t.Context(), func(tx *db.Tx) error {
			return tx.QueryRow(`SELECT max(id) FROM a_child`).Scan(&id)
		}); err != nil || id != 9 {
			t.Errorf("the next id is %d, %v", id, err)
		}
		if _, err := restore(t, dbtest.SQLite(t), t.TempDir(), file); !errs.Is(err, errs.Conflict) {
			t.Errorf("tables of another program: %v", err)
		}
	})
}

func write(t testing.TB, d *db.DB, texts ...string) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for _, text := range texts {
			if d.Engine() == db.SQLite {
				text = strings.ReplaceAll(text, "chr(", "char(")
			}
			if _, err := tx.Exec(text); err != nil {
				return fmt.Errorf("%.200s: %w", text, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The files of the blob folder come along, whole or not at all; what is no file
// of ours does not.
func TestBlobs(t *testing.T) {
	d, data := dbtest.SQLite(t), t.TempDir()
	folder := filepath.Join(data, keep.BlobFolder)
	want := map[string][]byte{
		"ab/cd/abcdef.webp": bytes.Repeat([]byte("picture"), 500_000),
		"empty":             {},
		"x.jpg":             {0, 1, 2},
	}
	put := func(name string, b []byte) {
		file := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, b := range want {
		put(name, b)
	}
	put(".half-written", []byte("no"))
	outside := filepath.Join(t.TempDir(), "outside")
	if err := os.WriteFile(outside, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(folder, "link")); err != nil {
		t.Fatal(err)
	}
	file, saved := backup(t, d, data)
	if saved.Whole.Blobs != 3 || saved.Whole.Bytes != 3_500_003 {
		t.Errorf("%+v", saved.Whole)
	}
	there := t.TempDir()
	if _, err := restore(t, dbtest.SQLite(t), there, file); err != nil {
		t.Fatal(err)
	}
	got := map[string][]byte{}
	root := filepath.Join(there, keep.BlobFolder)
	err := filepath.WalkDir(root, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name, _ := filepath.Rel(root, path)
		got[name], err = os.ReadFile(path)
		return err
	})
	if err != nil || !maps.EqualFunc(got, want, bytes.Equal) {
		t.Errorf("%v: %v", slices.Sorted(maps.Keys(got)), err)
	}
	if n, err := keep.CountBlobs(there); n != 3 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

// Only its owner may read a backup, whatever was there before and whatever the
// umask is; what is there is not written over unasked.
func TestTheFileOfABackup(t *testing.T) {
	d := dbtest.SQLite(t)
	fill(t, d, 20)
	file, _ := backup(t, d, t.TempDir())
	mode := func() os.FileMode {
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode().Perm()
	}
	if mode() != 0o600 {
		t.Errorf("mode %v", mode())
	}
	from := keep.From{DB: d, Data: t.TempDir()}
	if _, err := keep.Backup(t.Context(), from, file, false); !errs.Is(err, errs.Conflict) {
		t.Errorf("over a file that is there: %v", err)
	}
	// What an interrupted backup left open to all is neither believed nor left so.
	if err := os.WriteFile(file+".part", []byte("half"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := keep.Backup(t.Context(), from, file, true); err != nil {
		t.Errorf("replacing: %v", err)
	}
	if mode() != 0o600 {
		t.Errorf("mode %v", mode())
	}
	if _, err := os.Stat(file + ".part"); !os.IsNotExist(err) {
		t.Errorf("the part is still there: %v", err)
	}
	for name, file := range map[string]string{"a directory": t.TempDir(), "no such folder": filepath.Join(t.TempDir(), "no", "file"), "a device": os.DevNull} {
		if _, err := keep.Backup(t.Context(), from, file, true); err == nil || errs.CodeOf(err) == errs.Internal || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
