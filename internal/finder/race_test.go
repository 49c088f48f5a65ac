package finder_test

import (
	"slices"
	"sync"
	"testing"

	"mirabilia/internal/finder"
)

// Readers see whole states: in each, the two halves of a pair are of the same
// edition, whatever is being applied and merged meanwhile.
func TestReadersSeeWholeStates(t *testing.T) {
	f := finder.New()
	pair := func(edition int64) []finder.Doc {
		w := newWorld(uint64(edition))
		ds := w.docs(40)
		for i := range ds {
			ds[i].Ref = finder.Ref{ID: int64(i)}
			ds[i].Published = edition
			ds[i].At = &w.centres[4]
		}
		return ds
	}
	f.Apply(pair(0), nil)
	done := make(chan struct{})
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			for n := uint64(0); ; n++ {
				select {
				case <-done:
					return
				default:
				}
				page, err := f.List(finder.Filter{}, finder.Newest, 100, "")
				if err != nil || len(page.Hits) != 40 || page.Total != 40 {
					t.Errorf("%d of %d documents, %v", len(page.Hits), page.Total, err)
					return
				}
				hits := f.Nearest(newWorld(1).centres[4], finder.Filter{}, 50, 0)
				ids := map[finder.Ref]bool{}
				for _, h := range hits {
					ids[h.Ref] = true
				}
				if len(ids) != 40 {
					t.Errorf("%d different near by", len(ids))
					return
				}
				f.Random(finder.Filter{}, n)
				f.Tile(nil, 64, 3, 1, 3, finder.Filter{Photos: true})
			}
		})
	}
	all.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				f.Merge()
			}
		}
	})
	for edition := range int64(60) {
		f.Apply(pair(edition), nil)
	}
	close(done)
	all.Wait()
	for f.Merge() {
	}
	page, _ := f.List(finder.Filter{}, finder.Newest, 100, "")
	want := pair(59)
	slices.Reverse(want)
	for _, h := range page.Hits {
		if c, _ := f.Doc(h.Ref); c.Title != want[39-h.ID].Title {
			t.Errorf("%v is %q, want the last edition's %q", h.Ref, c.Title, want[39-h.ID].Title)
		}
	}
}
