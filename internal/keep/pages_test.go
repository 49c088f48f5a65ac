package keep_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/keep"
)

// The rows that are counted in the pages are those that the database counts,
// also in tables of several levels, and the pages of an atlas that does not
// change have the same sum again.
func TestPagesAreCounted(t *testing.T) {
	d := dbtest.SQLite(t)
	fill(t, d, 1500)
	write(t, d, `CREATE TABLE keyed (a TEXT NOT NULL, b INTEGER NOT NULL, PRIMARY KEY (a, b)) STRICT, WITHOUT ROWID`,
		`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO keyed SELECT 'key ' || (i % 97), i FROM n`)
	_, saved := backup(t, d, t.TempDir())
	if p := saved.Whole.Pages; p == nil || p.Size != 8192 || int64(p.Pages)*8192 > saved.Size || saved.Whole.Tables["keyed"].Rows != 20000 {
		t.Fatalf("%+v", saved.Whole)
	}
	for name, part := range saved.Whole.Tables {
		if n := count(t, d, name); int64(n) != part.Rows {
			t.Errorf("table %s: %d rows are counted in the pages, there are %d", name, part.Rows, n)
		}
	}
	if _, again := backup(t, d, t.TempDir()); *again.Whole.Pages != *saved.Whole.Pages || again.Whole.SHA256 != saved.Whole.SHA256 {
		t.Errorf("%+v, then %+v", saved.Whole.Pages, again.Whole.Pages)
	}
}

// What was deleted is nowhere in the file, though SQLite's own still holds it:
// neither in a page that has other rows, nor in pages that are free, nor behind
// the end of a long row that took such a page.
func TestNothingDeletedIsKept(t *testing.T) {
	d := dbtest.SQLite(t)
	write(t, d, `CREATE TABLE said (id INTEGER PRIMARY KEY, words TEXT) STRICT`,
		`CREATE INDEX said_words ON said (words)`,
		`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO said SELECT i, 'erased-' || i || '-member' FROM n`)
	long := strings.Repeat("erased-letter ", 3000)
	for i := range 20 {
		write(t, d, fmt.Sprintf(`INSERT INTO said VALUES (%d, '%s')`, 10_000+i, long))
	}
	write(t, d, `DELETE FROM said WHERE id % 7 > 0 OR id BETWEEN 1000 AND 2500`, `UPDATE said SET words = 'kept' WHERE id < 9000`)
	// Long rows take some of the free pages, and end within one.
	for i := range 4 {
		write(t, d, fmt.Sprintf(`INSERT INTO said VALUES (%d, '%s')`, 20_000+i, strings.Repeat("kept ", 2100+i*700)))
	}
	write(t, d, `DELETE FROM said WHERE words LIKE 'erased%'`)
	folder := filepath.Dir(d.Name())
	there := 0
	for _, name := range []string{"atlas.db", "atlas.db-wal"} {
		b, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		there += bytes.Count(b, []byte("erased-"))
	}
	var free int
	if err := d.Read(t.Context(), func(tx *db.Tx) error { return tx.QueryRow(`PRAGMA freelist_count`).Scan(&free) }); err != nil || free < 5 || there < 100 {
		t.Fatalf("%d pages are free, %d times is it in the file: %v", free, there, err)
	}
	file, saved := backup(t, d, t.TempDir())
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(b, []byte("erased")) + bytes.Count(b, []byte("letter ")); n > 0 || saved.Whole.Pages == nil {
		t.Errorf("it is %d times in the backup", n)
	}
	// The pages are still a database without a fault.
	if n := int(saved.Whole.Tables["said"].Rows); n != count(t, d, "said") || n < 100 || bytes.Count(b, []byte("kept ")) < 8000 {
		t.Errorf("%d rows", n)
	}
	write(t, d, `DROP TABLE said`)
	file, _ = backup(t, d, t.TempDir())
	to := dbtest.SQLite(t)
	if _, err := restore(t, to, t.TempDir(), file); err != nil {
		t.Error(err)
	}
	if b, err = os.ReadFile(file); err != nil || bytes.Contains(b, []byte("kept kept")) {
		t.Errorf("a dropped table is kept: %v", err)
	}
}

// A backup is of one instant, and nobody who writes waits for it.
func TestPagesOfOneInstant(t *testing.T) {
	d := dbtest.SQLite(t)
	fill(t, d, 200)
	before := count(t, d, "places")
	var h int
	err := d.Snapshot(t.Context(), func(tx *db.Tx) error {
		p, ok, err := tx.Paging()
		if err != nil || !ok {
			return fmt.Errorf("%+v, %v, %w", p, ok, err)
		}
		return tx.Pages(p, func(page []byte) error {
			if h++; h%40 == 1 {
				write(t, d, fmt.Sprintf(`INSERT INTO settings (name, value, updated_at) VALUES ('during %d', '%s', 1)`, h, strings.Repeat("x", 30_000)))
			}
			if bytes.Contains(page, []byte("during ")) {
				t.Errorf("page %d is newer than the snapshot", h)
			}
			return nil
		})
	})
	if err != nil || h < 100 || before != 200 {
		t.Fatal(h, err)
	}
	if n := count(t, d, "settings"); n < 4 {
		t.Errorf("only %d were written meanwhile", n)
	}
}

// paged is a backup in pages and where they lie in it.
func paged(t testing.TB) (b []byte, from, to int) {
	t.Helper()
	b = smallOf(t, false)
	from = bytes.Index(b, []byte(`"roots"`))
	from += bytes.IndexByte(b[from:], '}') + 2
	to = bytes.LastIndex(b, []byte(`{"sha256":"`)) - 9
	if bytes.Count(b[from:to], []byte(`{"sha256":"`)) > 0 || (to-from)%8192 != 0 {
		t.Fatalf("%d bytes of pages", to-from)
	}
	return b, from, to
}

// Every byte of every page counts, and of what is around them.
func TestEveryPageCounts(t *testing.T) {
	b, from, to := paged(t)
	check := func(b []byte) error {
		_, err := keep.Check(t.Context(), bytes.NewReader(b), db.Schema(), nil)
		return err
	}
	if err := check(b); err != nil {
		t.Fatal(err)
	}
	var at []int
	for i := 0; i < len(b); i++ {
		switch {
		case i >= from && i < to:
			at = append(at, i)
			i += 3*8192 + 1777 // somewhere in every few pages
		case i < 40 || i > len(b)-60 || i%29 == 0 || i >= from-12 && i < to+12:
			at = append(at, i)
		}
	}
	for _, i := range at {
		b[i] ^= 1 << (i % 8)
		err := check(b)
		if err == nil {
			t.Errorf("byte %d of %d is wrong and nobody saw it", i, len(b))
		}
		refused(t, "a wrong byte", err)
		b[i] ^= 1 << (i % 8)
	}
	for _, i := range []int{from - 1, from, from + 1, from + 8192, to - 8192, to - 1, to, to + 5, len(b) - 1} {
		refused(t, "the end is missing", check(b[:i]))
	}
	refused(t, "one byte more", check(append(bytes.Clone(b), 0)))
	refused(t, "a page less", check(append(bytes.Clone(b[:from]), b[from+8192:]...)))
	swapped := bytes.Clone(b)
	copy(swapped[from:], b[from+8192:from+16384])
	copy(swapped[from+8192:], b[from:from+8192])
	refused(t, "two pages in a wrong order", check(swapped))
	if _, err := keep.Check(t.Context(), bytes.NewReader(b), db.Schema()-1, nil); !errs.Is(err, errs.Conflict) || !strings.Contains(err.Error(), "newer mirabilia") {
		t.Errorf("a newer schema: %v", err)
	}
}

// A damaged backup in pages leaves nothing, read from a file or from a stream; a good one
// fills the atlas then, and no copy of it stays in the data directory.
func TestDamagedPagesLeaveNothing(t *testing.T) {
	b, from, to := paged(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		data := t.TempDir()
		for i, bad := range [][]byte{b[:from], b[:from+8192], b[:to], b[:len(b)-1], append(bytes.Clone(b[:from]), b[from+8192:]...)} {
			var in io.Reader = bytes.NewReader(bad)
			if i%2 == 1 {
				in = struct{ io.Reader }{in}
			}
			_, err := keep.Restore(t.Context(), keep.Into{DB: d, Data: data}, in)
			refused(t, "damaged", err)
			if n := count(t, d, "places"); n != 0 {
				t.Fatalf("%d places are there", n)
			}
		}
		refused(t, "not whole", keep.Whole(t.Context(), d))
		sum, err := keep.Restore(t.Context(), keep.Into{DB: d, Data: data}, struct{ io.Reader }{bytes.NewReader(b)})
		if err != nil || sum.Places != 12 || sum.Blobs != 1 {
			t.Fatalf("%+v, %v", sum, err)
		}
		if err := keep.Whole(t.Context(), d); err != nil {
			t.Error(err)
		}
		list, err := os.ReadDir(data)
		if err != nil || len(list) != 1 || list[0].Name() != keep.BlobFolder {
			t.Errorf("%v is left: %v", list, err)
		}
	})
}

// What SQLite keeps beside the atlas's rows makes a backup one of rows: samples
// of what was in them once are no part of it.
func TestStatisticsAreNotKept(t *testing.T) {
	d := dbtest.SQLite(t)
	fill(t, d, 50)
	write(t, d, `ANALYZE`)
	_, saved := backup(t, d, t.TempDir())
	if saved.Whole.Pages != nil || saved.Whole.Places != 50 {
		t.Errorf("%+v", saved.Whole)
	}
	var n int
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		rows, err := tx.Query(`SELECT count(*) FROM sqlite_schema WHERE name LIKE 'sqlite_stat%'`)
		return db.Each(rows, err, func(r *sql.Rows) error { return r.Scan(&n) })
	})
	if err != nil || n == 0 {
		t.Errorf("%d tables of statistics: %v", n, err)
	}
}
