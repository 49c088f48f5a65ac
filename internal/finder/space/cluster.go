package space

import (
	"math/bits"

	"mirabilia/internal/finder/facet"
	"mirabilia/internal/geo"
)

const (
	// block is the number of points whose best and sums are kept ready.
	block = 16
	// gridBits: a tile has 2^gridBits cells each way.
	gridBits  = 6
	gridCells = 1 << (2 * gridBits)
	// MaxZoom is the zoom beyond which cells are smaller than the plane's unit.
	MaxZoom = 32 - gridBits
)

// sums adds up coordinates of the plane.
type sums struct{ x, y uint64 }

// Cell is what lies in one cell of a tile's grid.
type Cell struct {
	Count uint32
	Best  uint32 // the least ordinal
	sum   sums
}

// At is the mean of the positions in the cell, taken in the plane of the map.
func (c *Cell) At() geo.Public {
	n := float64(c.Count)
	return unproject(float64(c.sum.x)/n+0.5, float64(c.sum.y)/n+0.5)
}

// Add joins what lies in the same cell of another index; Best stays.
func (c *Cell) Add(d *Cell) {
	c.Count += d.Count
	c.sum.x += d.sum.x
	c.sum.y += d.sum.y
}

// Grid is the 64 × 64 cells of a tile, numbered in Morton order. It is 96 KB:
// use one again, after Reset, rather than make one for each tile.
type Grid struct {
	Cells [gridCells]Cell
	used  [gridCells / 64]uint64
}

// Reset empties the grid.
func (g *Grid) Reset() {
	g.Each(func(i int, c *Cell) { *c = Cell{} })
	clear(g.used[:])
}

// Each calls f with the cells that hold something, in order.
func (g *Grid) Each(f func(i int, c *Cell)) {
	for w, x := range g.used {
		for ; x != 0; x &= x - 1 {
			i := w<<6 + bits.TrailingZeros64(x)
			f(i, &g.Cells[i])
		}
	}
}

// Use marks a cell as holding something.
func (g *Grid) Use(i int) *Cell {
	g.used[i>>6] |= 1 << (i & 63)
	return &g.Cells[i]
}

// Len is the number of cells that hold something.
func (g *Grid) Len() int {
	n := 0
	for _, w := range g.used {
		n += bits.OnesCount64(w)
	}
	return n
}

func (g *Grid) put(i int, code uint64, ord uint32) {
	c := &g.Cells[i]
	if c.Count == 0 {
		g.Use(i)
		c.Best = ord
	}
	c.Count++
	c.Best = min(c.Best, ord)
	c.sum.x += uint64(squash(code))
	c.sum.y += uint64(squash(code >> 1))
}

// Tile fills an empty grid with the points of a tile of the usual scheme
// (y southwards). keep nil keeps all; not is left out. Points beyond 85.05°
// count into the outermost row.
func (x *Index) Tile(z, tx, ty int, keep, not facet.Bits, g *Grid) {
	if z < 0 || z > MaxZoom || tx < 0 || ty < 0 || tx >= 1<<z || ty >= 1<<z || len(x.code) == 0 {
		return
	}
	i, j := x.bounds(z, tx, ty)
	shift := uint(64 - 2*(z+gridBits))
	if keep != nil {
		// Reading the range costs 2 ns a point, projecting a member 60 ns.
		if few := keep.Count(); 30*few < j-i {
			x.tileOf(keep, not, i, j, shift, g)
			return
		}
	}
	if keep != nil || not != nil {
		x.tileSome(i, j, shift, keep, not, g)
		return
	}
	x.tileAll(i, j, shift, g)
}

// tileAll finds the end of each cell by galloping, so that it costs by cells,
// not by points.
func (x *Index) tileAll(i, j int, shift uint, g *Grid) {
	code := x.code[:j]
	for i < j {
		cell := code[i] >> shift
		end := gallop(code, i+1, (cell+1)<<shift-1)
		c := g.Use(int(cell & (gridCells - 1)))
		c.Count = uint32(end - i)
		x.gather(i, end, c)
		i = end
	}
}

// gather sums up the points from i to end-1.
func (x *Index) gather(i, end int, c *Cell) {
	best := x.ord[i]
	first, last := (i+block-1)/block, end/block
	if first >= last {
		for k := i; k < end; k++ {
			best = min(best, x.ord[k])
			c.sum.x += uint64(squash(x.code[k]))
			c.sum.y += uint64(squash(x.code[k] >> 1))
		}
		c.Best = best
		return
	}
	for k := i; k < first*block; k++ {
		best = min(best, x.ord[k])
		c.sum.x += uint64(squash(x.code[k]))
		c.sum.y += uint64(squash(x.code[k] >> 1))
	}
	for _, b := range x.best[first:last] {
		best = min(best, b)
	}
	c.sum.x += x.sum[last].x - x.sum[first].x
	c.sum.y += x.sum[last].y - x.sum[first].y
	for k := last * block; k < end; k++ {
		best = min(best, x.ord[k])
		c.sum.x += uint64(squash(x.code[k]))
		c.sum.y += uint64(squash(x.code[k] >> 1))
	}
	c.Best = best
}

func (x *Index) tileSome(i, j int, shift uint, keep, not facet.Bits, g *Grid) {
	for ; i < j; i++ {
		ord := x.ord[i]
		if keep != nil && !keep.Has(ord) || not.Has(ord) {
			continue
		}
		g.put(int(x.code[i]>>shift&(gridCells-1)), x.code[i], ord)
	}
}

// tileOf goes through the kept points instead of the tile's.
func (x *Index) tileOf(keep, not facet.Bits, i, j int, shift uint, g *Grid) {
	if i >= j {
		return
	}
	tile := x.code[i] >> shift >> (2 * gridBits)
	keep.Each(func(ord uint32) bool {
		if not.Has(ord) || !x.has(ord) {
			return true
		}
		code := morton(project(x.at.At(ord)))
		if cell := code >> shift; cell>>(2*gridBits) == tile {
			g.put(int(cell&(gridCells-1)), code, ord)
		}
		return true
	})
}
