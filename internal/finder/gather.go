package finder

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"mirabilia/internal/finder/facet"
	"mirabilia/internal/finder/space"
	"mirabilia/internal/finder/text"
)

// gatherer takes documents in any order and keeps of them what a segment needs,
// so that their texts can go at once.
type gatherer struct {
	table *docsBuilder
	sets  *facet.Builder
	words *text.Builder

	keys []string // scratch
	doc  text.Document
}

func newGatherer(docs, arena int) *gatherer {
	return &gatherer{table: newDocsBuilder(docs, arena), sets: facet.NewBuilder(), words: text.NewBuilder()}
}

func (g *gatherer) add(d *Doc) {
	g.table.add(d)
	g.keys = keys(d, g.keys)
	g.sets.Add(g.keys)
	describe(d, &g.doc)
	g.words.Add(g.doc)
}

// describe fills t with what the text index learns of d.
func describe(d *Doc, t *text.Document) {
	t.Title, t.Subtitle, t.Body, t.Rank = d.Title, d.Subtitle, d.Body, sortable(d.Rank)
	t.Aliases, t.Tags, t.Places = t.Aliases[:0], t.Tags[:0], t.Places[:0]
	for _, a := range d.Aliases {
		t.Aliases = append(t.Aliases, a.Name)
	}
	for _, tag := range d.Tags {
		t.Tags = append(t.Tags, strings.ReplaceAll(tag, "-", " "))
	}
	for _, path := range d.In {
		t.Places = append(t.Places, strings.ReplaceAll(path[strings.LastIndexByte(path, '/')+1:], "-", " "))
	}
}

// sortable is a rank that has a place in an order, as NaN has not.
func sortable(rank float32) float32 {
	if rank != rank {
		return float32(math.Inf(-1))
	}
	return rank
}

// side is how many gatherers fill a layer side by side.
const side = 2

// layer is documents on their way into one segment. Two gatherers take them in
// as they come: only when all are there are they put in order, once.
type layer struct {
	gatherers [side]*gatherer
	free      chan *gatherer
	busy      sync.WaitGroup
	docs      int
	arena     atomic.Int64 // bytes of the arenas of the tables
}

func newLayer() *layer {
	l := &layer{free: make(chan *gatherer, side)}
	for i := range l.gatherers {
		l.gatherers[i] = newGatherer(0, 0)
		l.free <- l.gatherers[i]
	}
	return l
}

// take has documents taken in by a gatherer that has nothing to do, for which
// it waits.
func (l *layer) take(ds []Doc) {
	g := <-l.free
	l.docs += len(ds)
	l.busy.Go(func() {
		before := g.table.text.Len()
		for i := range ds {
			g.add(&ds[i])
		}
		l.arena.Add(int64(g.table.text.Len() - before))
		l.free <- g
	})
}

// The bounds of a layer, far enough below those of a segment that some batches
// more do not matter.
const (
	layerDocs  = space.MaxOrdinal / 2
	layerArena = maxArena / 2
)

// full reports whether no more should be taken.
func (l *layer) full() bool { return l.docs >= layerDocs || l.arena.Load() >= layerArena }

// segment puts the documents in order; the layer must not be used afterwards.
func (l *layer) segment() *segment {
	l.busy.Wait()
	tables, sets, words := make([]*docs, side), make([]*facet.Index, side), make([]*text.Builder, side)
	for i, g := range l.gatherers {
		tables[i], words[i] = g.table.raw(), g.words
	}
	order := byRank(tables)
	return compose(tables, order,
		func() []*facet.Index {
			for i, g := range l.gatherers {
				sets[i] = g.sets.Build()
			}
			return sets
		},
		func() *text.Index { return text.Gather(words, order) })
}

// byRank lists the documents of tables that are in no order, best rank first,
// equal ones by id.
func byRank(tables []*docs) []text.Source {
	type ranked struct {
		rank float32
		kind Kind
		from uint8
		ord  uint32
		id   int64
	}
	n := 0
	for _, d := range tables {
		n += d.len()
	}
	all := make([]ranked, 0, n) // grown bit by bit, ten million would leave a gigabyte behind
	for i, d := range tables {
		for ord := range d.len() {
			all = append(all, ranked{d.rank[ord], d.kind[ord], uint8(i), uint32(ord), d.id[ord]})
		}
	}
	slices.SortFunc(all, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(b.rank, a.rank), compareRef(a.kind, a.id, b.kind, b.id))
	})
	order := make([]text.Source, len(all))
	for i, r := range all {
		order[i] = text.Source{Index: int(r.from), Ord: int(r.ord)}
	}
	return order
}

// compose makes a segment of the documents of several tables, in an order.
func compose(tables []*docs, order []text.Source, sets func() []*facet.Index, words func() *text.Index) *segment {
	arena := 0
	for _, o := range order {
		d := tables[o.Index]
		arena += int(d.offset[o.Ord+1] - d.offset[o.Ord])
	}
	s := &segment{}
	var all sync.WaitGroup
	all.Go(func() {
		table := newDocsBuilder(len(order), arena)
		for _, o := range order {
			table.copy(tables[o.Index], uint32(o.Ord))
		}
		s.docs = table.build()
		s.facet = facet.Merge(sets(), len(order), func(i int) (int, uint32) { return order[i].Index, uint32(order[i].Ord) })
		s.arrange()
	})
	all.Go(func() { s.text = words() })
	all.Wait()
	return s
}
