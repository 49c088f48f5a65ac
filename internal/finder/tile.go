package finder

import (
	"mirabilia/internal/finder/space"
)

// grid is a tile on its way: what each cell holds, and in which part its best
// document is.
type grid struct {
	total, one space.Grid
	in         [len(space.Grid{}.Cells)]uint16
}

// Tile is the entries (places, eateries, foods) that the filter keeps on a map
// tile, x eastwards and y southwards as usual in Web Mercator, grouped by the
// cells of a 64 × 64 grid. Zooms above space.MaxZoom, and tiles outside the
// world, have none. Entries beyond 85.05° stand on the map's edge.
func (f *Finder) Tile(z, x, y int, flt Filter) []Cluster {
	s := f.keep(f.view(), &flt)
	defer s.release()
	g, _ := f.grids.Get().(*grid)
	if g == nil {
		g = &grid{}
	}
	defer f.grids.Put(g)
	g.total.Reset()
	filled := false
	for i := range s.sel {
		sel := &s.sel[i]
		if sel.n == 0 || i > 0xffff {
			continue
		}
		into := &g.total
		if filled {
			into = &g.one
			into.Reset()
		}
		keep, not := sel.inSet(entryPoints)
		sel.points[entryPoints].Tile(z, x, y, keep, not, into)
		if !filled {
			filled = into.Len() > 0
			into.Each(func(c int, _ *space.Cell) { g.in[c] = uint16(i) })
			continue
		}
		g.add(s.sel, i)
	}
	return g.clusters(s.sel)
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

func (g *grid) clusters(sel []selection) []Cluster {
	out := make([]Cluster, 0, g.total.Len())
	g.total.Each(func(c int, cell *space.Cell) {
		p := sel[g.in[c]].part
		d := p.docs
		slug, title := d.names(cell.Best)
		x, y := cell.Plane()
		out = append(out, Cluster{X: x, Y: y, Count: int(cell.Count), Best: d.ref(cell.Best), BestAt: d.at.At(cell.Best),
			Title: title, Slug: slug, Kind: d.kind[cell.Best], Status: d.statusOf(cell.Best), Rank: d.rank[cell.Best],
			Rough: cell.Count == 1 && p.rough(cell.Best)})
	})
	return out
}
