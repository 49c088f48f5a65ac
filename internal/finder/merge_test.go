package finder

import (
	"fmt"
	"testing"
)

// stream applies batches as an import does, merging after each until Merge
// says false; it returns the greatest number of segments met.
func stream(f *Finder, batches, size int) (most int) {
	id := int64(0)
	for range batches {
		ds := make([]Doc, size)
		for i := range ds {
			id++
			ds[i] = Doc{Ref: Ref{ID: id}, Title: fmt.Sprintf("Place %d", id), Rank: float32(id * 7919 % 1009)}
		}
		f.Apply(ds, nil)
		for f.Merge() {
		}
		most = max(most, len(f.view().parts))
	}
	return most
}

func TestSegmentsStayFewInAStream(t *testing.T) {
	f := New()
	// Fewer than eight of each size: 100, 800, 6,400.
	if most := stream(f, 300, 100); most > 3*fanOut {
		t.Errorf("%d segments at once", most)
	}
	for f.Merge() { // the pause after the import
	}
	sum := 0
	parts := f.view().parts
	if len(parts) > 4 {
		t.Errorf("%d segments after a pause", len(parts))
	}
	for _, p := range parts {
		sum += p.live
	}
	if sum != 30_000 || f.Len() != sum {
		t.Errorf("%d documents, want 30,000", sum)
	}
}

func TestSingleEditsDoNotPileUp(t *testing.T) {
	f := New()
	stream(f, 10, 1000)
	for f.Merge() {
	}
	for i := range int64(500) { // with no Merge at all
		f.Apply([]Doc{{Ref: Ref{ID: 1 + i*13%10_000}, Title: "Edited"}}, nil)
	}
	if n := len(f.view().parts); n > 32 {
		t.Errorf("%d segments after 500 edits without a merge", n)
	}
	if f.Len() != 10_000 {
		t.Errorf("%d documents, want 10,000", f.Len())
	}
}

func TestDeadDocumentsAreForgotten(t *testing.T) {
	f := New()
	stream(f, 1, 1000)
	var half []Ref
	for id := range int64(500) {
		half = append(half, Ref{ID: id + 1})
	}
	f.Apply(nil, half)
	for f.Merge() {
	}
	if p := f.view().parts[0]; p.docs.len() != 500 || p.dead != nil {
		t.Errorf("the segment still holds %d documents", p.docs.len())
	}
}

func TestMergeAndApplyAtOnce(t *testing.T) {
	f := New()
	stream(f, 1, 500)
	before := f.view().parts
	s, to := join(before)
	// Meanwhile one is edited, one dropped, and all the rest of another part.
	f.Apply([]Doc{{Ref: Ref{ID: 7}, Title: "Edited"}}, []Ref{{ID: 8}})
	f.replace(before, s, to)
	if c, _ := f.Doc(Ref{ID: 7}); c.Title != "Edited" || f.Has(Ref{ID: 8}) || f.Len() != 499 {
		t.Errorf("%d documents, 7 is %q, 8 is there: %v", f.Len(), c.Title, f.Has(Ref{ID: 8}))
	}
	// A part that has gone altogether takes its documents along.
	before = f.view().parts
	s, to = join(before)
	f.Load(func() (Doc, bool) { return Doc{}, false })
	f.replace(before, s, to)
	if f.Len() != 0 {
		t.Errorf("%d documents came back", f.Len())
	}
}
