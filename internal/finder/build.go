package finder

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"mirabilia/internal/finder/facet"
	"mirabilia/internal/finder/space"
	"mirabilia/internal/finder/text"
)

// buildSegment makes a segment of documents with different refs. It sorts ds.
func buildSegment(ds []Doc) *segment {
	arena := 0
	for i := range ds {
		ds[i].Rank = sortable(ds[i].Rank)
		arena += len(ds[i].Slug) + len(ds[i].Title) + len(ds[i].Subtitle) + 8
	}
	slices.SortFunc(ds, func(a, b Doc) int {
		return cmp.Or(cmp.Compare(b.Rank, a.Rank), compareRef(a.Kind, a.ID, b.Kind, b.ID))
	})
	g := newGatherer(len(ds), arena)
	for i := range ds {
		g.add(&ds[i])
	}
	s := &segment{docs: g.table.build(), facet: g.sets.Build(), text: g.words.Build()}
	s.arrange()
	return s
}

// arrange makes what follows from the table alone: points and orders.
func (s *segment) arrange() {
	d := s.docs
	var all sync.WaitGroup
	all.Go(func() {
		s.points[entryPoints] = space.Build(&d.at, func(o uint32) bool { return isEntry(d.kind[o]) })
		s.points[otherPoints] = space.Build(&d.at, func(o uint32) bool { return !isEntry(d.kind[o]) })
	})
	all.Go(func() {
		for o := range orders {
			if o == Near {
				continue
			}
			s.order[o] = slices.Clone(d.byRef) // equal keys by id
			radixSort(s.order[o], func(ord uint32) uint64 { return d.key(o, ord) })
		}
	})
	all.Wait()
}

// key is what an order sorts by, ascending.
func (d *docs) key(o Order, ord uint32) uint64 {
	switch o {
	case Newest:
		return ^orderedInt(d.published[ord])
	case Wanted:
		return uint64(math.MaxUint32 - d.want[ord])
	case Been:
		return uint64(math.MaxUint32 - d.been[ord])
	case Obscure:
		return uint64(math.MaxUint8 - d.obscurity[ord])
	}
	return 0
}

// join makes one segment of what is alive in several. It also tells for each
// part where its documents went, gone for those that did not.
func join(parts []*part) (s *segment, to [][]uint32) {
	order := rankOrder(parts)
	to = make([][]uint32, len(parts))
	for i, p := range parts {
		to[i] = make([]uint32, p.docs.len())
		for ord := range to[i] {
			to[i][ord] = gone
		}
	}
	for i, o := range order {
		to[o.Index][o.Ord] = uint32(i)
	}
	tables, words := make([]*docs, len(parts)), make([]*text.Index, len(parts))
	for i, p := range parts {
		tables[i], words[i] = p.docs, p.text
	}
	s = compose(tables, order,
		func() []*facet.Index {
			sets := make([]*facet.Index, len(parts))
			for i, p := range parts {
				sets[i] = p.facet
			}
			return sets
		},
		func() *text.Index { return text.Merge(words, order) })
	return s, to
}

// gone marks a document that a join left out.
const gone = math.MaxUint32

// rankOrder lists what is alive in the parts, best rank first, equal ones by
// id, as the ordinals of a segment are.
func rankOrder(parts []*part) []text.Source {
	n := 0
	for _, p := range parts {
		n += p.live
	}
	order := make([]text.Source, 0, n)
	heads := make([]int, len(parts)) // the next ordinal of each
	ahead := func(i, j int) bool {
		a, b := parts[i].docs, parts[j].docs
		x, y := heads[i], heads[j]
		return cmp.Or(cmp.Compare(b.rank[y], a.rank[x]),
			compareRef(a.kind[x], a.id[x], b.kind[y], b.id[y])) < 0
	}
	skip := func(i int) bool { // to the next one alive; false at the end
		for heads[i] < parts[i].docs.len() && !parts[i].alive(uint32(heads[i])) {
			heads[i]++
		}
		return heads[i] < parts[i].docs.len()
	}
	var heap []int
	for i := range parts {
		if skip(i) {
			heap = append(heap, i)
			for c := len(heap) - 1; c > 0 && ahead(heap[c], heap[(c-1)/2]); c = (c - 1) / 2 {
				heap[c], heap[(c-1)/2] = heap[(c-1)/2], heap[c]
			}
		}
	}
	for len(heap) > 0 {
		i := heap[0]
		order = append(order, text.Source{Index: i, Ord: heads[i]})
		heads[i]++
		if !skip(i) {
			heap[0] = heap[len(heap)-1]
			heap = heap[:len(heap)-1]
		}
		for c := 0; 2*c+1 < len(heap); {
			k := 2*c + 1
			if k+1 < len(heap) && ahead(heap[k+1], heap[k]) {
				k++
			}
			if !ahead(heap[k], heap[c]) {
				break
			}
			heap[c], heap[k] = heap[k], heap[c]
			c = k
		}
	}
	return order
}
