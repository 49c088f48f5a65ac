package keep_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/keep"
)

// small is the bytes of a small backup with every kind of part in it, in rows.
func small(t testing.TB) []byte { return smallOf(t, true) }

func smallOf(t testing.TB, rows bool) []byte {
	t.Helper()
	d, data := dbtest.SQLite(t), t.TempDir()
	fill(t, d, 12)
	if err := os.MkdirAll(data+"/"+keep.BlobFolder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(data+"/"+keep.BlobFolder+"/a.webp", []byte("a picture, a picture, a picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	file, _ := backupOf(t, keep.From{DB: d, Data: data, Program: "test", Rows: rows})
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// refused demands one line that says what to do.
func refused(t *testing.T, what string, err error) {
	t.Helper()
	var known *errs.Error
	if !errors.As(err, &known) || known.Code == errs.Internal || strings.Contains(known.Message, "\n") {
		t.Errorf("%s: %v", what, err)
	}
}

// A backup is believed with every byte as it was written, and not otherwise.
func TestEveryByteCounts(t *testing.T) {
	b := small(t)
	if _, err := keep.Check(t.Context(), bytes.NewReader(b), db.Schema(), nil); err != nil {
		t.Fatal(err)
	}
	for i := range b {
		bad := bytes.Clone(b)
		bad[i] ^= 1 << (i % 8)
		_, err := keep.Check(t.Context(), bytes.NewReader(bad), db.Schema(), nil)
		if err == nil {
			t.Errorf("byte %d of %d is wrong and nobody saw it", i, len(b))
		}
		refused(t, "a wrong byte", err)
	}
	for i := 0; i < len(b); i += 13 { // the ends of parts are TestDamageLeavesNothing's
		_, err := keep.Check(t.Context(), bytes.NewReader(b[:i]), db.Schema(), nil)
		refused(t, "the end is missing", err)
	}
	_, err := keep.Check(t.Context(), bytes.NewReader(append(bytes.Clone(b), 0)), db.Schema(), nil)
	refused(t, "one byte more", err)
	for name, text := range map[string]string{"empty": "", "NDJSON": `{"title":"x"}` + "\n", "gzip": "\x1f\x8b\x08\x00\x00\x00\x00\x00", "SQLite": "SQLite format 3\x00" + strings.Repeat("x", 1000)} {
		_, err := keep.Check(t.Context(), strings.NewReader(text), db.Schema(), nil)
		refused(t, name, err)
		if !strings.Contains(err.Error(), "no backup") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := keep.Check(t.Context(), bytes.NewReader(b), db.Schema()-1, nil); !errs.Is(err, errs.Conflict) || !strings.Contains(err.Error(), "newer mirabilia") {
		t.Errorf("a newer schema: %v", err)
	}
}

// frames are where the parts of a backup begin, and the end.
func frames(b []byte) (at []int) {
	i := bytes.IndexByte(b, '\n') + 1
	for i+9 < len(b)-32 {
		at = append(at, i)
		i += 9 + int(binary.BigEndian.Uint32(b[i+1:]))
	}
	return append(at, i, len(b))
}

// Whatever part is damaged, cut off, left out, doubled or moved: nothing is
// restored, the atlas says that it is not whole, and a good backup then fills it.
func TestDamageLeavesNothing(t *testing.T) {
	b := small(t)
	at := frames(b)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		data := t.TempDir()
		try := func(what string, bad io.Reader) {
			t.Helper()
			_, err := keep.Restore(t.Context(), keep.Into{DB: d, Data: data}, bad)
			refused(t, what, err)
			if n := count(t, d, "places"); n != 0 {
				t.Fatalf("%s: %d places are there", what, n)
			}
		}
		for i, from := range at[:len(at)-1] {
			to := at[i+1]
			damaged := bytes.Clone(b)
			damaged[to-1] ^= 4
			ways := []struct {
				what string
				bad  []byte
			}{
				{"cut off before a part", b[:from]},
				{"a part is damaged", damaged},
				{"a part is left out", append(bytes.Clone(b[:from]), b[to:]...)},
				{"a part is there twice", append(bytes.Clone(b[:to]), b[from:]...)},
			}
			for _, w := range ways {
				_, err := keep.Check(t.Context(), bytes.NewReader(w.bad), db.Schema(), nil)
				refused(t, w.what, err)
			}
			try(ways[i%4].what, bytes.NewReader(ways[i%4].bad))
		}
		refused(t, "not whole", keep.Whole(t.Context(), d))
		if err := keep.Whole(t.Context(), d); !strings.Contains(err.Error(), "restore into it was interrupted") {
			t.Error(err)
		}
		sum, err := keep.Restore(t.Context(), keep.Into{DB: d, Data: data}, bytes.NewReader(b))
		if err != nil || sum.Places != 12 || sum.Blobs != 1 {
			t.Fatalf("%+v, %v", sum, err)
		}
		if err := keep.Whole(t.Context(), d); err != nil {
			t.Error(err)
		}
		before := exported(t, d)
		_, err = keep.Restore(t.Context(), keep.Into{DB: d, Data: data}, bytes.NewReader(b))
		if !errs.Is(err, errs.Conflict) || !strings.Contains(err.Error(), "not empty") {
			t.Errorf("into a full atlas: %v", err)
		}
		if err := keep.Whole(t.Context(), d); err != nil || !bytes.Equal(before, exported(t, d)) {
			t.Errorf("a refused restore has left its mark: %v", err)
		}
	})
}

func count(t testing.TB, d *db.DB, table string) (n int) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		there, err := tx.HasTable(table)
		if err != nil || !there {
			return err
		}
		return tx.QueryRow(`SELECT count(*) FROM ` + table).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// stopAfter says stop in the middle of reading.
type stopAfter struct {
	r    io.Reader
	left int
	stop func()
}

func (s *stopAfter) Read(p []byte) (int, error) {
	n, err := s.r.Read(p[:min(len(p), 64)])
	if s.left -= n; s.left < 0 {
		s.stop()
	}
	return n, err
}

// Stopped anywhere, a restore leaves an atlas that is not whole and holds
// nothing; run again it fills it. A source that breaks is told as it is.
func TestStoppedRestore(t *testing.T) {
	b := small(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for part := range 5 {
			ctx, cancel := context.WithCancel(t.Context())
			_, err := keep.Restore(ctx, keep.Into{DB: d, Data: t.TempDir()}, &stopAfter{bytes.NewReader(b), 400 + part*len(b)/6, cancel})
			cancel()
			if err == nil {
				t.Fatal("it was stopped and says nothing")
			}
			if keep.Whole(t.Context(), d) == nil || count(t, d, "places") != 0 {
				t.Errorf("stopped after %d fifths: %d places", part, count(t, d, "places"))
			}
		}
		lost := errors.New("the disk is gone")
		_, err := keep.Restore(t.Context(), keep.Into{DB: d, Data: t.TempDir()}, io.MultiReader(bytes.NewReader(b[:len(b)/2]), iotest.ErrReader(lost)))
		if !errors.Is(err, lost) {
			t.Errorf("a broken source: %v", err)
		}
		if _, err := keep.Restore(t.Context(), keep.Into{DB: d, Data: t.TempDir()}, bytes.NewReader(b)); err != nil || count(t, d, "places") != 12 {
			t.Errorf("%v, %d places", err, count(t, d, "places"))
		}
	})
}

// Two do not fill one atlas.
func TestOneAtATime(t *testing.T) {
	b := small(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		release, err := d.Alone(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := keep.Restore(t.Context(), keep.Into{DB: d, Data: t.TempDir()}, bytes.NewReader(b)); !errs.Is(err, errs.Conflict) || !strings.Contains(err.Error(), "another restore") {
			t.Errorf("beside another: %v", err)
		}
		release()
		if _, err := keep.Restore(t.Context(), keep.Into{DB: d, Data: t.TempDir()}, bytes.NewReader(b)); err != nil {
			t.Error(err)
		}
	})
}

// A row that the schema does not allow ends a restore, whatever the sums say.
func TestConstraintsHold(t *testing.T) {
	from := dbtest.SQLite(t)
	fill(t, from, 3)
	write(t, from, `DROP TABLE place_slugs`, `CREATE TABLE place_slugs (slug TEXT NOT NULL PRIMARY KEY, place BIGINT NOT NULL)`, `INSERT INTO place_slugs VALUES ('x', 5)`)
	dbtest.Each(t, func(t *testing.T, to *db.DB) {
		if _, err := keep.Copy(t.Context(), keep.From{DB: from}, keep.Into{DB: to}); !errs.Is(err, errs.Conflict) {
			t.Errorf("a row that belongs to nothing: %v", err)
		}
		if keep.Whole(t.Context(), to) == nil || count(t, to, "places") != 0 {
			t.Error("it was kept")
		}
	})
}

// FuzzCheck reads what may be no backup: it ends, takes no more memory than
// its limits, and believes nothing that it cannot write again the same.
func FuzzCheck(f *testing.F) {
	b := small(f)
	at := frames(b)
	f.Add(b)
	for i := range at[:len(at)-1] {
		f.Add(b[:at[i]])
		f.Add(append(bytes.Clone(b[:at[0]]), b[at[i]:]...))
	}
	f.Add([]byte("mirabilia backup\nH\xff\xff\xff\xff\xff\xff\xff\xff"))
	f.Add([]byte("mirabilia backup\nR\x00\x00\x00\x05\x03\xff\xff\xff\xff\xff\xff\xff\x0f"))
	f.Fuzz(func(t *testing.T, b []byte) {
		sum, err := keep.Check(t.Context(), bytes.NewReader(b), db.Schema(), nil)
		if err == nil && (sum.SHA256 == "" || len(b) < 100) {
			t.Errorf("%d bytes were believed", len(b))
		}
	})
}
