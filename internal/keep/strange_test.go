package keep

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
)

// forge writes a backup with right sums around any pages.
func forge(t testing.TB, h pagesHead, rows map[string]int64, schema int64, pages []byte) []byte {
	t.Helper()
	return forgeIn(t, pagesFormat, h, rows, schema, pages)
}

func forgeIn(t testing.TB, format int, h pagesHead, rows map[string]int64, schema int64, pages []byte) []byte {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "forged"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	w := newFileWriter(file, header{Schema: schema, Format: format})
	y := newPageTally(h, format)
	err = errors.Join(w.write([]byte(magic)), w.json(headerFrame, w.head), w.json(pagesPiece, h))
	for b := pages; len(b) > 0; {
		n := min(len(b), h.perChunk()*h.Size)
		y.add(b[:n])
		_, bad := w.out.Write(b[:n])
		b, err = b[n:], errors.Join(err, bad)
	}
	foot, bad := y.foot()
	if bad != nil {
		foot = pagesFoot{SHA256: y.total()}
	}
	if rows != nil {
		foot.Rows = rows
	}
	foot.into(w.sum, h)
	if err := errors.Join(err, w.json(pagesEnd, foot), w.close()); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(file.Name())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// pagesIn gives the pages of a database in the order of the file of a backup.
func pagesIn(t testing.TB, d *db.DB) (h pagesHead, b []byte) {
	t.Helper()
	err := d.Snapshot(t.Context(), func(tx *db.Tx) error {
		var p db.Paging
		var err error
		if h, p, _, err = pagesOf(tx); err != nil {
			return err
		}
		return tx.Pages(p, func(page []byte) error { b = append(b, page...); return nil })
	})
	if err != nil {
		t.Fatal(err)
	}
	return h, b
}

// Whoever made a backup with right sums around pages that are no atlas, or one
// of another program, or one whose indexes hide rows: it ends with one line, and
// nothing of it is there.
func TestStrangePages(t *testing.T) {
	d := dbtest.SQLite(t)
	exec(t, d, `INSERT INTO settings (name, value, updated_at) VALUES ('a', 'b', 1), ('c', 'd', 2)`)
	h, pages := pagesIn(t, d)
	other := dbtest.SQLite(t)
	exec(t, other, `CREATE TABLE trap (id INTEGER PRIMARY KEY) STRICT`)
	oh, otherPages := pagesIn(t, other)
	view := dbtest.SQLite(t)
	exec(t, view, `DROP TABLE job_schedules`)
	exec(t, view, `CREATE VIEW job_schedules AS SELECT 'x' AS name, 1 AS next_at`)
	vh, viewPages := pagesIn(t, view)
	noise := bytes.Repeat([]byte{13, 0, 0, 255, 1, 7, 200, 3}, 8192/8*int(h.Pages))
	head := bytes.Clone(pages)
	copy(head[len(head)-8192:], "SQLite format 3\x00 and then nothing")
	wrongRoot := h
	wrongRoot.Roots = map[string]uint32{"settings": 1}
	cases := map[string][]byte{
		"noise":           forge(t, h, nil, db.Schema(), noise),
		"a broken head":   forge(t, h, nil, db.Schema(), head),
		"zeros":           forge(t, h, map[string]int64{}, db.Schema(), make([]byte, len(pages))),
		"another program": forge(t, oh, nil, db.Schema(), otherPages),
		"a view":          forge(t, vh, nil, db.Schema(), viewPages),
		"a lying schema":  forge(t, h, nil, db.Schema()-1, pages),
		"no rows":         forge(t, h, map[string]int64{}, db.Schema(), pages),
		"a wrong root":    forge(t, wrongRoot, nil, db.Schema(), pages),
	}
	for name, b := range cases {
		t.Run(name, func(t *testing.T) {
			to := dbtest.SQLite(t)
			_, err := Restore(t.Context(), Into{DB: to, Data: t.TempDir()}, bytes.NewReader(b))
			var known *errs.Error
			if !errors.As(err, &known) || known.Code == errs.Internal || strings.Contains(known.Message, "\n") {
				t.Fatalf("%v", err)
			}
			if err := Whole(t.Context(), to); err == nil {
				t.Error("it is taken for whole")
			}
		})
	}
	to := dbtest.SQLite(t)
	if sum, err := Restore(t.Context(), Into{DB: to, Data: t.TempDir()}, bytes.NewReader(forge(t, h, nil, db.Schema(), pages))); err != nil || sum.Tables["settings"].Rows != 2 {
		t.Errorf("%+v, %v", sum, err)
	}
}

// What was written before pages were summed by XXH64 is read as ever.
func TestPagesOfTheOlderFormat(t *testing.T) {
	d := dbtest.SQLite(t)
	exec(t, d, `INSERT INTO settings (name, value, updated_at) VALUES ('a', 'b', 1), ('c', 'd', 2)`)
	h, pages := pagesIn(t, d)
	b := forgeIn(t, oldPagesFormat, h, nil, db.Schema(), pages)
	sum, err := Restore(t.Context(), Into{DB: dbtest.SQLite(t), Data: t.TempDir()}, bytes.NewReader(b))
	if err != nil || sum.Tables["settings"].Rows != 2 {
		t.Errorf("%+v, %v", sum, err)
	}
	b[bytes.Index(b, []byte("CREATE TABLE"))] ^= 1
	if _, err := Check(t.Context(), bytes.NewReader(b), db.Schema(), nil); !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), "checksum") {
		t.Errorf("a wrong byte: %v", err)
	}
}

// Rows that the pages hold and no query gives are missed.
func TestHiddenRows(t *testing.T) {
	d := dbtest.SQLite(t)
	exec(t, d, `INSERT INTO settings (name, value, updated_at) VALUES ('a', 'b', 1), ('c', 'd', 2)`)
	h, pages := pagesIn(t, d)
	// The root of another, empty table stands for that of settings in the head only.
	h.Roots["settings"], h.Roots["job_schedules"] = h.Roots["job_schedules"], h.Roots["settings"]
	_, err := Restore(t.Context(), Into{DB: dbtest.SQLite(t), Data: t.TempDir()}, bytes.NewReader(forge(t, h, nil, db.Schema(), pages)))
	if !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), "its pages hold") {
		t.Errorf("%v", err)
	}
}

// FuzzPages reads pages of strangers: it ends, and neither panics nor counts rows
// in a circle. Pages are as small as they can be.
func FuzzPages(f *testing.F) {
	h := pagesHead{Size: 512, Usable: 504, Pages: 3, Roots: map[string]uint32{"places": 2}}
	page := func(kind, cells byte, rest ...byte) []byte {
		b := make([]byte, 512)
		copy(b, append([]byte{kind, 0, 0, 0, cells, 1, 0x80}, rest...))
		return b
	}
	first := append([]byte("SQLite format 3\x00"), make([]byte, 496)...)
	good := bytes.Join([][]byte{page(leafTable, 2, 0, 1, 0x90, 1, 0xa0), page(leafTable, 0), first}, nil)
	f.Add(good)
	f.Add(bytes.Join([][]byte{page(innerTable, 1, 0, 0, 0, 0, 2, 1, 0x90), page(leafIndex, 3), first}, nil))
	f.Add(bytes.Join([][]byte{page(innerIndex, 200, 0, 0, 0, 0, 3), bytes.Repeat([]byte{0xff}, 512), first}, nil))
	f.Fuzz(func(t *testing.T, pages []byte) {
		pages = append(pages, make([]byte, 3*512)...)[:3*512]
		s, y := newScrub(h), newPageTally(h, pagesFormat)
		s.chunk(0, pages)
		y.add(pages)
		file := &inMemory{bytes.Clone(pages)}
		if err := s.clean(file, 0, y); err == nil {
			if again := newPageTally(h, pagesFormat); true {
				again.add(file.b)
				if again.total() != y.total() {
					t.Error("the cleaned pages have another sum")
				}
			}
		}
		if foot, err := y.foot(); err == nil && foot.Rows["places"] > 3*512 {
			t.Errorf("%d rows in three pages", foot.Rows["places"])
		}
		b := forge(t, h, nil, 1, pages)
		if sum, err := Check(t.Context(), bytes.NewReader(b), db.Schema(), nil); err == nil && sum.Pages == nil {
			t.Error("its pages are forgotten")
		}
	})
}

type inMemory struct{ b []byte }

func (m *inMemory) ReadAt(b []byte, off int64) (int, error)  { return copy(b, m.b[off:]), nil }
func (m *inMemory) WriteAt(b []byte, off int64) (int, error) { return copy(m.b[off:], b), nil }
