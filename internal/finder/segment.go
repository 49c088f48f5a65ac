package finder

import (
	"sync"

	"mirabilia/internal/finder/facet"
	"mirabilia/internal/finder/space"
	"mirabilia/internal/finder/text"
)

// segment is an immutable batch of documents with everything needed to find
// them. Its ordinals 0..len-1 are in order of static rank, best first, equal
// ranks by id.
type segment struct {
	docs   *docs
	text   *text.Index
	facet  *facet.Index
	points [pointSets]*space.Index
	// order holds the ordinals in each order of lists but Near.
	order [orders][]uint32
	// areas is what areas hold of it.
	areas areaSets
	// roughly is the documents that rough is about, from the first question on.
	roughly struct {
		sync.Once
		facet.Bits
	}
}

// rough reports whether the position of a document is only about right. Tiles ask
// of thousands, and in the list of a rare property each would be looked for.
func (s *segment) rough(ord uint32) bool {
	s.roughly.Do(func() {
		if t, ok := s.facet.Find(roughKey); ok {
			s.roughly.Bits = facet.NewBits(s.docs.len())
			s.facet.Or(t, s.roughly.Bits)
		}
	})
	return s.roughly.Has(ord)
}

// The two sets of points of a segment: what the map shows and Nearest finds,
// and the rest (label points of destinations, where stories play).
const (
	entryPoints = iota
	otherPoints
	pointSets
)

// part is a segment as one view sees it: without the documents that have been
// replaced or dropped since it was built.
type part struct {
	*segment
	dead facet.Bits // ordinals no longer to be found; nil when none
	live int        // documents that are not dead
	// usual is what common filters keep of it.
	usual usual
}

// alive reports whether the document is still to be found.
func (p *part) alive(ord uint32) bool { return !p.dead.Has(ord) }

// view is the finder at one moment. It is never changed: writers make another
// one, so readers need no lock and see one state from beginning to end.
type view struct {
	parts []*part
	epoch uint64
	areas map[string]*Area // by path
}

// live is the number of documents.
func (v *view) live() int {
	n := 0
	for _, p := range v.parts {
		n += p.live
	}
	return n
}

// find is the part and the ordinal that hold ref; nil when none does.
func (v *view) find(ref Ref) (*part, uint32) {
	for _, p := range v.parts {
		if ord, ok := p.docs.find(ref); ok && p.alive(ord) {
			return p, ord
		}
	}
	return nil, 0
}
