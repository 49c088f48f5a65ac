package finder

import (
	"sync"
	"sync/atomic"
)

// Finder answers every question about what is published. Its methods are safe
// for concurrent use; readers never wait.
type Finder struct {
	now atomic.Pointer[view]
	// writing serialises what replaces the view: Apply, Load and the end of a
	// Merge.
	writing sync.Mutex
	// merging lets one Merge run at a time, without holding up Apply.
	merging sync.Mutex
	// seen is the epoch at which Merge last found nothing to do: the same again
	// means a quiet time.
	seen uint64
	// spare holds sets of bits for filters, so that a query need not clear
	// and collect a fresh one for each part.
	spare sync.Pool
	// grids holds grids for tiles, for the same reason.
	grids sync.Pool
}

// New is a finder of nothing.
func New() *Finder {
	f := &Finder{}
	f.now.Store(&view{})
	return f
}

// view is the finder at this moment.
func (f *Finder) view() *view { return f.now.Load() }

// Len is the number of documents.
func (f *Finder) Len() int { return f.view().live() }

// Epoch grows with each Apply and Load; answers of one epoch agree with each
// other.
func (f *Finder) Epoch() uint64 { return f.view().epoch }

// Laid is the ids of all documents of a kind, and of kinds that share ids with
// it, in an order in which neighbours on the map mostly follow each other;
// those without a position come last.
func (f *Finder) Laid(k Kind) []int64 {
	v := f.view()
	ids := make([]int64, 0, v.live())
	for _, p := range v.parts {
		put := func(ord uint32) bool {
			if family(p.docs.kind[ord]) == family(k) && p.alive(ord) {
				ids = append(ids, p.docs.id[ord])
			}
			return true
		}
		for _, points := range p.points {
			points.Laid(put)
		}
		for ord := range uint32(p.docs.len()) {
			if !p.docs.at.Has(ord) {
				put(ord)
			}
		}
	}
	return ids
}

// Has reports whether a document is published.
func (f *Finder) Has(ref Ref) bool {
	p, _ := f.view().find(ref)
	return p != nil
}

// Rank is the rank that a document was given; false when there is none of that
// name.
func (f *Finder) Rank(ref Ref) (float32, bool) {
	p, ord := f.view().find(ref)
	if p == nil {
		return 0, false
	}
	return p.docs.rank[ord], true
}

// Doc is what the finder itself can say of a document; false when it has
// none of that name.
func (f *Finder) Doc(ref Ref) (Card, bool) {
	p, ord := f.view().find(ref)
	if p == nil {
		return Card{}, false
	}
	return p.docs.card(ord), true
}

// Marks is how many have been to, and how many want to go to, a document; false
// when there is none.
func (f *Finder) Marks(ref Ref) (been, want int, ok bool) {
	p, ord := f.view().find(ref)
	if p == nil {
		return 0, 0, false
	}
	return int(p.docs.been[ord]), int(p.docs.want[ord]), true
}
