package facet_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"mirabilia/internal/finder/facet"
)

// members is a set of ordinals as a list.
func members(b facet.Bits) (out []uint32) {
	b.Each(func(i uint32) bool {
		out = append(out, i)
		return true
	})
	return out
}

// drawDocs draws documents with keys, some keys common, some rare.
func drawDocs(t *rapid.T, label string) [][]string {
	common := rapid.SampledFrom([]string{"ta", "ta", "tb", "d0x", "d1x/y", "p"})
	rare := rapid.StringMatching(`[tdf][a-d]{1,3}`)
	doc := rapid.Custom(func(t *rapid.T) []string {
		return append(rapid.SliceOfN(common, 0, 4).Draw(t, "common"), rapid.SliceOfN(rare, 0, 2).Draw(t, "rare")...)
	})
	return rapid.SliceOfN(doc, 0, 200).Draw(t, label)
}

func build(docs [][]string) *facet.Index {
	b := facet.NewBuilder()
	for _, d := range docs {
		b.Add(d)
	}
	return b.Build()
}

// verify compares an index with the documents it was made of.
func verify(t *rapid.T, x *facet.Index, docs [][]string) {
	all := map[string][]uint32{}
	for ord, keys := range docs {
		keys = slices.Clone(keys)
		slices.Sort(keys)
		keys = slices.Compact(keys)
		var got []string
		for _, term := range x.Of(uint32(ord)) {
			got = append(got, x.Key(term))
		}
		if !slices.Equal(got, keys) {
			t.Fatalf("document %d has %q, want %q", ord, got, keys)
		}
		for _, k := range keys {
			all[k] = append(all[k], uint32(ord))
		}
	}
	if x.Len() != len(docs) || x.Keys() != len(all) {
		t.Fatalf("%d documents and %d keys, want %d and %d", x.Len(), x.Keys(), len(docs), len(all))
	}
	half := facet.NewBits(len(docs))
	half.Fill(uint32(len(docs)/3), uint32(len(docs)))
	for key, want := range all {
		term, ok := x.Find(key)
		b := facet.NewBits(len(docs))
		x.Or(term, b)
		if !ok || x.Card(term) != len(want) || !slices.Equal(members(b), want) {
			t.Fatalf("%q is on %v, want %v", key, members(b), want)
		}
		var each []uint32
		x.Each(term, func(ord uint32) bool {
			each = append(each, ord)
			return len(each) < 3
		})
		if !slices.Equal(each, want[:min(3, len(want))]) {
			t.Fatalf("the first of %q are %v, want %v", key, each, want)
		}
		among := 0
		for ord := range uint32(len(docs)) {
			if x.Has(term, ord) != slices.Contains(want, ord) {
				t.Fatalf("whether %d has %q: %v", ord, key, x.Has(term, ord))
			}
			if half.Has(ord) && slices.Contains(want, ord) {
				among++
			}
		}
		if got := x.Among(term, half); got != among {
			t.Fatalf("%d have %q, want %d", got, key, among)
		}
	}
}

func TestIndexHoldsWhatWasAdded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		docs := drawDocs(t, "docs")
		x := build(docs)
		verify(t, x, docs)
		if _, ok := x.Find("nothing has this"); ok {
			t.Fatal("found a key that was never added")
		}
		prefix := rapid.SampledFrom([]string{"t", "d", "d1x/", "p", "zz", ""}).Draw(t, "prefix")
		for from, to := x.Range(prefix); from < to; from++ {
			if k := x.Key(from); k[:len(prefix)] != prefix {
				t.Fatalf("%q does not begin with %q", k, prefix)
			}
		}
	})
}

func TestAllIntersects(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		docs := drawDocs(t, "docs")
		x := build(docs)
		if x.Keys() == 0 {
			return
		}
		of := rapid.SliceOfN(rapid.IntRange(0, x.Keys()-1), 1, 4).Draw(t, "terms")
		var terms []facet.Term
		for _, i := range of {
			terms = append(terms, facet.Term(i))
		}
		got := facet.NewBits(len(docs))
		x.All(terms, got)
		for ord, keys := range docs {
			want := true
			for _, term := range terms {
				want = want && slices.Contains(keys, x.Key(term))
			}
			if got.Has(uint32(ord)) != want {
				t.Fatalf("document %d with %q: %v for %v", ord, keys, !want, terms)
			}
		}
	})
}

func TestMergeKeepsWhatItIsTold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		docs := [][][]string{drawDocs(t, "first"), drawDocs(t, "second"), drawDocs(t, "third")}
		type source struct {
			part int
			ord  uint32
		}
		var order []source
		var want [][]string
		for part, ds := range docs {
			for ord, d := range ds {
				if rapid.IntRange(0, 3).Draw(t, "drop") > 0 {
					order = append(order, source{part, uint32(ord)})
					want = append(want, d)
				}
			}
		}
		var parts []*facet.Index
		for _, ds := range docs {
			parts = append(parts, build(ds))
		}
		x := facet.Merge(parts, len(order), func(i int) (int, uint32) { return order[i].part, order[i].ord })
		verify(t, x, want)
	})
}

func TestBits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 300).Draw(t, "n")
		draw := func(label string) (facet.Bits, map[uint32]bool) {
			b, m := facet.NewBits(n), map[uint32]bool{}
			for _, i := range rapid.SliceOf(rapid.Uint32Range(0, uint32(n-1))).Draw(t, label) {
				b.Set(i)
				m[i] = true
			}
			return b, m
		}
		a, inA := draw("a")
		b, inB := draw("b")
		from, to := rapid.Uint32Range(0, uint32(n)).Draw(t, "from"), rapid.Uint32Range(0, uint32(n)).Draw(t, "to")
		and, or, not, fill := a.Clone(), a.Clone(), a.Clone(), a.Clone()
		and.And(b)
		or.Or(b)
		not.AndNot(b)
		fill.Fill(from, to)
		seen := 0
		for i := range uint32(n) {
			if and.Has(i) != (inA[i] && inB[i]) || or.Has(i) != (inA[i] || inB[i]) || not.Has(i) != (inA[i] && !inB[i]) ||
				fill.Has(i) != (inA[i] || i >= from && i < to) {
				t.Fatalf("ordinal %d is wrong", i)
			}
			if inA[i] {
				if nth, ok := a.Nth(seen); !ok || nth != i {
					t.Fatalf("number %d is %d, want %d", seen, nth, i)
				}
				seen++
			}
		}
		if _, ok := a.Nth(seen); ok || a.Count() != seen {
			t.Fatalf("counts %d, want %d", a.Count(), seen)
		}
	})
}
