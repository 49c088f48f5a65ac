package text

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestDense holds the short way through a list against the walk along it.
func TestDense(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(blockLen+1, 3000).Draw(t, "n")
		every := rapid.IntRange(1, denseOf/2).Draw(t, "every")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		var ords []uint32
		var codes []code
		for ord := range uint32(n) {
			if r.IntN(every) == 0 {
				ords, codes = append(ords, ord), append(codes, code(ord/200*7))
			}
		}
		ix := &Index{n: uint32(n)}
		arena, l := appendList(nil, ords, codes)
		ix.arena, ix.lists = padArena(arena), []entry{{l, list{noList, 0}}}
		if !ix.densify() {
			t.Fatal("a good list is called broken")
		}
		if want := len(ords) > blockLen && len(ords) >= n/denseOf; (ix.dense[l.off] != nil) != want {
			t.Fatalf("%d of %d are dense: %v, want %v", len(ords), n, !want, want)
		} else if !want {
			return
		}
		p := ix.postings(l)
		var c cursor
		p.open(&c, ix.arena, false)
		for ask := uint32(0); ; ask = max(ask, c.doc) + r.Uint32N(40) {
			i, _ := slices.BinarySearch(ords, ask)
			got := c.seek(ask)
			if i == len(ords) {
				if got != done {
					t.Fatalf("after the last stands %d", got)
				}
				return
			}
			if got != ords[i] || c.code() != codes[i] {
				t.Fatalf("from %d on: %d with code %x, want %d with %x", ask, got, c.code(), ords[i], codes[i])
			}
			if i+1 < len(ords) && c.next() != ords[i+1] {
				t.Fatalf("after %d comes %d, want %d", ords[i], c.doc, ords[i+1])
			}
		}
	})
}

// TestBrokenDenseListIsRefused changes each byte of a list that would be
// looked at: it is refused, or read as another list, but never a crash.
func TestBrokenDenseListIsRefused(t *testing.T) {
	ords, codes := make([]uint32, 500), make([]code, 500)
	for i := range ords {
		ords[i], codes[i] = uint32(i*3), code(i%7)
	}
	arena, l := appendList(nil, ords, codes)
	ix := &Index{n: 1500, lists: []entry{{l, list{noList, 0}}}}
	refused := 0
	for at := range arena {
		ix.arena = padArena(slices.Clone(arena))
		ix.arena[at] ^= 0xff
		if !ix.densify() {
			refused++
		}
	}
	if refused == 0 {
		t.Error("none was refused")
	}
}
