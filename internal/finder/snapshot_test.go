package finder_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"reflect"
	"testing"

	"mirabilia/internal/finder"
)

var origin = finder.Origin{Program: "test 1", Seq: 4711, Log: "digest"}

func anyOrigin(finder.Origin) error { return nil }

// worn is a finder with a large segment, small ones, and dead documents in all.
func worn(w *world, n int) (*finder.Finder, model) {
	f, m := finder.New(), model{}
	ds := w.docs(n)
	i := 0
	f.Load(func() (finder.Doc, bool) {
		if i == len(ds) {
			return finder.Doc{}, false
		}
		i++
		return ds[i-1], true
	})
	m.apply(ds, nil)
	for range 5 {
		var put []finder.Doc
		var drop []finder.Ref
		for range n / 20 {
			put = append(put, w.doc(int64(1+w.IntN(n+n/10))))
			drop = append(drop, finder.Ref{ID: int64(1 + w.IntN(n))})
		}
		f.Apply(put, drop)
		m.apply(put, drop)
	}
	return f, m
}

func snapshot(t testing.TB, f *finder.Finder) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f.Snapshot().Write(&b, origin); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSnapshotAnswersAsTheFinderDid(t *testing.T) {
	for seed := range uint64(4) {
		w := newWorld(100 + seed)
		f, m := worn(w, []int{1, 60, 700, 3000}[seed])
		b := snapshot(t, f)
		g := finder.New()
		o, err := g.LoadSnapshot(bytes.NewReader(b), int64(len(b)), func(o finder.Origin) error {
			if o != origin {
				t.Errorf("the origin is %+v", o)
			}
			return nil
		})
		if err != nil || o != origin {
			t.Fatal(o, err)
		}
		check(t, g, m, w, 60)
		for i := range 300 {
			d := w.doc(int64(i))
			for _, q := range []string{d.Title, d.Title[:3+w.IntN(5)], "skuls of " + fmt.Sprint(i), d.Body} {
				same(t, "search "+q, f.Search(q, finder.SearchOptions{}), g.Search(q, finder.SearchOptions{}))
				same(t, "suggest "+q, f.Suggest(q, nil, 10), g.Suggest(q, nil, 10))
			}
			same(t, "related", f.Related(d.Ref, 8), g.Related(d.Ref, 8))
			same(t, "tile", f.Tile(nil, 64, i%6, i%2, i%3, finder.Filter{}), g.Tile(nil, 64, i%6, i%2, i%3, finder.Filter{}))
		}
		// It can be written to, and joined, as the first can.
		put := []finder.Doc{w.doc(2), w.doc(5000)}
		g.Apply(put, nil)
		m.apply(put, nil)
		for g.Merge() {
		}
		check(t, g, m, w, 20)
	}
}

func same(t *testing.T, what string, a, b any) {
	t.Helper()
	if !reflect.DeepEqual(a, b) {
		t.Fatalf("%s: %+v, from the snapshot %+v", what, a, b)
	}
}

func TestSnapshotOfNothing(t *testing.T) {
	b := snapshot(t, finder.New())
	f := finder.New()
	if _, err := f.LoadSnapshot(bytes.NewReader(b), int64(len(b)), anyOrigin); err != nil || f.Len() != 0 {
		t.Errorf("%d documents, %v", f.Len(), err)
	}
}

// Whatever single byte is changed, and wherever the file is cut off, the
// snapshot is refused and the finder stays as it was.
func TestSnapshotRefusesEveryFault(t *testing.T) {
	w := newWorld(7)
	f, _ := worn(w, 8)
	b := snapshot(t, f)
	g := finder.New()
	g.Apply(w.docs(3), nil)
	refuse := func(what string, at int, b []byte, size int) {
		t.Helper()
		if _, err := g.LoadSnapshot(bytes.NewReader(b), int64(size), anyOrigin); !errors.Is(err, finder.ErrSnapshot) || g.Len() != 3 {
			t.Fatalf("%s at %d of %d: %v, %d documents", what, at, len(b), err, g.Len())
		}
	}
	for i := range b {
		for _, bit := range []byte{1, 0x80} {
			b[i] ^= bit
			refuse("a bit", i, b, len(b))
			b[i] ^= bit
		}
		refuse("the end", i, b[:i], i)
		refuse("the end with the old size", i, b[:i], len(b))
	}
	refuse("a byte more", len(b), append(bytes.Clone(b), 0), len(b)+1)
	if _, err := g.LoadSnapshot(bytes.NewReader(b), int64(len(b)), anyOrigin); err != nil || g.Len() == 3 {
		t.Error("the whole one is refused:", err)
	}
}

func TestSnapshotOfAnotherOriginIsLeft(t *testing.T) {
	f, _ := worn(newWorld(8), 30)
	b := snapshot(t, f)
	no := errors.New("another atlas")
	g := finder.New()
	_, err := g.LoadSnapshot(bytes.NewReader(b), int64(len(b)), func(finder.Origin) error { return no })
	if !errors.Is(err, no) || g.Len() != 0 {
		t.Errorf("%d documents, %v", g.Len(), err)
	}
	if o, err := finder.ReadOrigin(bytes.NewReader(b), int64(len(b))); err != nil || o != origin {
		t.Error(o, err)
	}
}

// reseal makes the checksums of a changed snapshot right again, as far as its
// sections can be told apart.
func reseal(b []byte) {
	for at := 0; at+16 <= len(b); {
		size, n := uint64(binary.LittleEndian.Uint32(b[at+4:])), binary.LittleEndian.Uint64(b[at+8:])
		left := uint64(len(b) - at - 16)
		if size == 0 || left < 4 || n > (left-4)/size {
			return
		}
		end := at + 16 + int(size*n)
		binary.LittleEndian.PutUint32(b[end:], crc32.Checksum(b[at:end], crc32.MakeTable(crc32.Castagnoli)))
		at = end + 4
	}
}

// FuzzSnapshot reads anything: it is refused or whole, never a crash, also when
// the checksums are right.
func FuzzSnapshot(f *testing.F) {
	atlas, _ := worn(newWorld(9), 25)
	good := snapshot(f, atlas)
	f.Add([]byte{}, 0, byte(0))
	f.Add([]byte("mirabilia finder\n"), 0, byte(0))
	f.Add(bytes.Clone(good), 0, byte(0))
	for at := 0; at < len(good); at += 101 {
		f.Add([]byte(nil), at, byte(0xff))
		f.Add([]byte(nil), at, byte(1))
	}
	f.Fuzz(func(t *testing.T, b []byte, at int, flip byte) {
		if len(b) == 0 && at >= 0 && at < len(good) {
			b = bytes.Clone(good)
			b[at] ^= flip
		}
		for range 2 {
			g := finder.New()
			if _, err := g.LoadSnapshot(bytes.NewReader(b), int64(len(b)), anyOrigin); err != nil && g.Len() > 0 {
				t.Fatalf("%d documents of a refused snapshot", g.Len())
			}
			b = bytes.Clone(b)
			reseal(b)
		}
	})
}

// BenchmarkSnapshot1M writes and reads the snapshot of a million places.
func BenchmarkSnapshot1M(b *testing.B) {
	f := million()
	bytesOf := snapshot(b, f)
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			snapshot(b, f)
		}
		b.SetBytes(int64(len(bytesOf)))
	})
	b.Run("load", func(b *testing.B) {
		for b.Loop() {
			if _, err := finder.New().LoadSnapshot(bytes.NewReader(bytesOf), int64(len(bytesOf)), anyOrigin); err != nil {
				b.Fatal(err)
			}
		}
		b.SetBytes(int64(len(bytesOf)))
	})
}
