package tiles

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// The numbers of the specification's own example (PMTiles 3, 4.1).
func TestNumber(t *testing.T) {
	for _, c := range []struct {
		z, x, y int
		want    uint64
	}{{0, 0, 0, 0}, {1, 0, 0, 1}, {1, 0, 1, 2}, {1, 1, 1, 3}, {1, 1, 0, 4}, {2, 0, 0, 5}, {12, 3423, 1763, 19078479}} {
		if got := Number(c.z, c.x, c.y); got != c.want {
			t.Errorf("%d/%d/%d is %d, want %d", c.z, c.x, c.y, got, c.want)
		}
	}
}

func TestNumbersAreOneToOne(t *testing.T) {
	seen := map[uint64]bool{}
	for z := range 6 {
		for x := range 1 << z {
			for y := range 1 << z {
				n := Number(z, x, y)
				if seen[n] || n >= 1365 {
					t.Fatalf("%d/%d/%d is %d", z, x, y, n)
				}
				seen[n] = true
			}
		}
	}
}

func TestOpenArchiveOfAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "world.pmtiles")
	if err := os.WriteFile(path, worldFile, 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := OpenArchive(path)
	if err != nil {
		t.Fatal(err)
	}
	if data, _, err := a.Tile(2, 1, 1); err != nil || len(data) == 0 {
		t.Errorf("%d bytes, %v", len(data), err)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(path, []byte("PMTiles\x02 an older one"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenArchive(path); err == nil {
		t.Error("an older archive was opened")
	}
}

func FuzzArchive(f *testing.F) {
	f.Add(worldFile[:20000], 1, 0, 0)
	f.Add([]byte("PMTiles\x03"), 0, 0, 0)
	f.Add(append(append([]byte{}, worldFile[:headerSize]...), bytes.Repeat([]byte{0xff}, 300)...), 2, 1, 1)
	f.Fuzz(func(t *testing.T, raw []byte, z, x, y int) {
		a, err := readArchive(bytes.NewReader(raw))
		if err != nil {
			return
		}
		_, _, _ = a.Tile(z&15, x&0x7fff, y&0x7fff)
	})
}

func FuzzDirectory(f *testing.F) {
	f.Add([]byte{1, 0, 1, 10, 1})
	f.Add([]byte{2, 0, 1, 1, 1, 10, 10, 1, 0})
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})
	f.Fuzz(func(t *testing.T, raw []byte) {
		dir, err := parseDirectory(raw)
		if err != nil {
			return
		}
		for i := range dir {
			_, _ = find(dir, dir[i].id)
		}
	})
}
