package finder

import (
	"math/bits"
	"slices"

	"mirabilia/internal/finder/space"
)

// grid is a tile on its way: what each cell holds, and in which part its best
// document is.
type grid struct {
	total, one space.Grid
	in         [len(space.Grid{}.Cells)]uint16
	best       []member
	touched    uint32 // of what was fetched ahead, so that it is not left out
}

// Tile is the entries (places, eateries, foods) that the filter keeps on a map
// tile, x eastwards and y southwards as usual in Web Mercator, grouped by a grid
// of so many cells each way: 64, 32, 16 or 8. Zooms above space.MaxZoom, and tiles outside the
// world, have none. Entries beyond 85.05° stand on the map's edge. They are
// appended to into: a wide tile has half a megabyte of them, so who asks for many
// brings the same room again.
func (f *Finder) Tile(into []Cluster, cells, z, x, y int, flt Filter) []Cluster {
	s := f.keep(f.view(), &flt)
	defer s.release()
	g, _ := f.grids.Get().(*grid)
	if g == nil {
		g = &grid{}
	}
	defer f.grids.Put(g)
	g.total.Reset()
	g.total.Halved = bits.LeadingZeros8(uint8(cells)) - 1
	g.one.Halved = g.total.Halved
	filled := false
	for i := range s.sel {
		sel := &s.sel[i]
		if sel.n == 0 || i > 0xffff {
			continue
		}
		part := &g.total
		if filled {
			part = &g.one
			part.Reset()
		}
		keep, not := sel.inSet(entryPoints)
		sel.points[entryPoints].Tile(z, x, y, keep, not, part)
		if !filled {
			filled = part.Len() > 0
			part.Each(func(c int, _ *space.Cell) { g.in[c] = uint16(i) })
			continue
		}
		g.add(s.sel, i)
	}
	return g.clusters(into, s.sel)
}

// add joins g.one, of part i, to the total.
func (g *grid) add(sel []selection, i int) {
	g.one.Each(func(c int, cell *space.Cell) {
		sum := g.total.Use(c)
		if sum.Count == 0 {
			*sum = *cell
			g.in[c] = uint16(i)
			return
		}
		sum.Add(cell)
		if ahead(sel[i].docs, cell.Best, sel[g.in[c]].docs, sum.Best) {
			sum.Best = cell.Best
			g.in[c] = uint16(i)
		}
	})
}

// ahead reports whether document x of a has a better rank than y of b.
func ahead(a *docs, x uint32, b *docs, y uint32) bool {
	if a.rank[x] != b.rank[y] {
		return a.rank[x] > b.rank[y]
	}
	return compareRef(a.kind[x], a.id[x], b.kind[y], b.id[y]) < 0
}

// member is the best document of a cell.
type member struct {
	*segment
	ord uint32
}

// clusters reads the columns of the cells' best documents one after another:
// they lie scattered in memory, and a processor fetches many rows of one column
// at once, where it would wait for each column of one document.
func (g *grid) clusters(into []Cluster, sel []selection) []Cluster {
	n := len(into)
	all := slices.Grow(into, g.total.Len())[:n+g.total.Len()]
	out, best := all[n:], g.best[:0]
	g.total.Each(func(c int, cell *space.Cell) {
		k := &out[len(best)]
		*k = Cluster{Count: int(cell.Count)}
		k.X, k.Y = cell.Plane()
		best = append(best, member{sel[g.in[c]].segment, cell.Best})
	})
	for i, m := range best {
		out[i].Best.ID = m.docs.id[m.ord]
	}
	for i, m := range best {
		out[i].Best.Kind = m.docs.kind[m.ord]
	}
	for i, m := range best {
		out[i].Rank = m.docs.rank[m.ord]
	}
	g.alone(out, best)
	clear(best) // a part that is merged away is not to be held
	g.best = best
	return all
}

// alone fills in what only clusters of one document say, which it puts first.
func (g *grid) alone(out []Cluster, best []member) {
	n := 0
	for i := range out {
		if out[i].Count != 1 {
			continue
		}
		if i != n {
			out[n], best[n], out[i], best[i] = out[i], best[i], out[n], best[n]
		}
		n++
	}
	out, best = out[:n], best[:n]
	for i, m := range best {
		out[i].Exact = m.docs.at.At(m.ord)
	}
	for i, m := range best {
		out[i].Status = m.docs.statusOf(m.ord)
	}
	for _, m := range best {
		g.touched += m.docs.offset[m.ord]
	}
	for _, m := range best {
		g.touched += uint32(m.docs.arena[m.docs.offset[m.ord]])
	}
	for i, m := range best {
		out[i].Slug, out[i].Title = m.docs.names(m.ord)
	}
	for i, m := range best {
		out[i].Rough = m.rough(m.ord)
	}
}
