package space

import (
	"math/bits"

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

// Plane is the mean of the positions as At gives it, in the unit square of the
// map: x eastwards, y southwards. It costs no trigonometry.
func (c *Cell) Plane() (x, y float64) {
	n := float64(c.Count)
	return (float64(c.sum.x)/n + 0.5) / (1 << 32), (float64(c.sum.y)/n + 0.5) / (1 << 32)
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
	// Halved is how often the number of cells each way is halved, 3 times at most:
	// a coarser grid costs as much less as it has fewer cells.
	Halved int
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
