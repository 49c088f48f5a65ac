package space

import (
	"math"
	"math/bits"

	"mirabilia/internal/finder/facet"
)

// Tile fills an empty grid with the points of a tile of the usual scheme
// (y southwards). keep nil keeps all; not is left out. Points beyond 85.05°
// count into the outermost row.
func (x *Index) Tile(z, tx, ty int, keep, not facet.Bits, g *Grid) {
	if z < 0 || z > MaxZoom || tx < 0 || ty < 0 || tx >= 1<<z || ty >= 1<<z {
		return
	}
	depth := gridBits - g.Halved
	t := tile{x: x, g: g, shift: uint(64 - 2*(z+depth)), depth: uint(depth)}
	if t.i, t.j = x.bounds(z, tx, ty); t.i == t.j {
		return
	}
	// Going through the tile costs some 3 ns a point, projecting a point of a
	// set 60 ns.
	switch points := t.j - t.i; {
	case keep != nil && not != nil:
		keep = keep.Clone()
		keep.AndNot(not)
		fallthrough
	case keep != nil:
		if 20*keep.Count() < points {
			t.only(keep)
		} else {
			t.some(keep, 0)
		}
	case not != nil:
		if 20*not.Count() < points {
			t.all()
			t.except(not)
		} else {
			t.some(not, 1)
		}
	default:
		t.all()
	}
}

// tile is a grid being filled with the points from place i to j of the Morton
// order; shift turns a code into the number of its cell.
type tile struct {
	x     *Index
	g     *Grid
	i, j  int
	shift uint
	depth uint // the grid has 2^depth cells each way
}

func (t *tile) cell(code uint64) int { return int(code >> t.shift & (1<<(2*t.depth) - 1)) }

// end is the end of the cell that begins at place i.
func (t *tile) end(i int) int {
	cell := t.x.code[i] >> t.shift
	return gallop(t.x.code[:t.j], i+1, (cell+1)<<t.shift-1)
}

// all finds the end of each cell by galloping, so that it costs by cells, not
// by points.
func (t *tile) all() {
	for i := t.i; i < t.j; {
		end := t.end(i)
		c := t.g.Use(t.cell(t.x.code[i]))
		c.Count = uint32(end - i)
		t.x.gather(i, end, c)
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

// only goes through the points of a set instead of the tile's.
func (t *tile) only(keep facet.Bits) {
	t.each(keep, func(code uint64, ord uint32) { t.g.put(t.cell(code), code, ord) })
}

// each calls f with the points of a set that lie in the tile.
func (t *tile) each(set facet.Bits, f func(code uint64, ord uint32)) {
	number := t.x.code[t.i] >> t.shift >> (2 * t.depth)
	set.Each(func(ord uint32) bool {
		if t.x.has(ord) {
			if code := morton(project(t.x.at.At(ord))); code>>t.shift>>(2*t.depth) == number {
				f(code, ord)
			}
		}
		return true
	})
}

// except takes the points of a set out of a grid that holds all.
func (t *tile) except(not facet.Bits) {
	var lost [gridCells / 64]uint64 // cells whose best is gone
	t.each(not, func(code uint64, ord uint32) {
		i := t.cell(code)
		c := &t.g.Cells[i]
		c.Count--
		c.sum.x -= uint64(squash(code))
		c.sum.y -= uint64(squash(code >> 1))
		if c.Count == 0 {
			t.g.used[i>>6] &^= 1 << (i & 63)
			lost[i>>6] &^= 1 << (i & 63)
			*c = Cell{}
		} else if c.Best == ord {
			lost[i>>6] |= 1 << (i & 63)
		}
	})
	first := t.x.code[t.i] >> t.shift &^ (1<<(2*t.depth) - 1)
	for w, word := range lost {
		for ; word != 0; word &= word - 1 {
			cell := w<<6 + bits.TrailingZeros64(word)
			t.seekBest(&t.g.Cells[cell], first+uint64(cell), not)
		}
	}
}

// seekBest finds the best point of a cell that is not in the set.
func (t *tile) seekBest(c *Cell, cell uint64, not facet.Bits) {
	i := t.i
	if cell > 0 {
		i += search64(t.x.code[t.i:t.j], cell<<t.shift-1)
	}
	c.Best = math.MaxUint32
	for _, ord := range t.x.ord[i:t.end(i)] {
		if ord < c.Best && !not.Has(ord) {
			c.Best = ord
		}
	}
}

// some goes through the tile and takes the points whose bit in the set is not
// flip. It has no branch that depends on the points, and of their place within
// a cell takes the first 8 bits each way: a wide tile with half its points
// kept would cost 20 ns a point otherwise.
func (t *tile) some(set facet.Bits, flip uint64) {
	if t.shift < 16 || t.j-t.i < 1024 {
		for i := t.i; i < t.j; i++ {
			if ord := t.x.ord[i]; set.Has(ord) == (flip == 0) {
				t.g.put(t.cell(t.x.code[i]), t.x.code[i], ord)
			}
		}
		return
	}
	nibbles := nibbleTable()
	for i := t.i; i < t.j; {
		end := min(t.end(i), i+1<<24) // more could overflow sum
		var n, sum uint64
		best := uint32(math.MaxUint32)
		code := t.x.code[i:end]
		for k, ord := range t.x.ord[i:end] {
			taken := (set[ord>>6]>>(ord&63) ^ flip) & 1
			n += taken
			best = min(best, ord|(uint32(taken)-1))
			sub := code[k] >> (t.shift - 16)
			sum += (nibbles[sub>>8&0xff]<<4 | nibbles[sub&0xff]) & -taken
		}
		if n > 0 {
			// From 256ths of the cell to units of the plane, to the middle of
			// each.
			half, corner := t.shift/2, t.x.code[i]>>t.shift<<t.shift
			c := t.g.Use(t.cell(t.x.code[i]))
			if c.Count == 0 || best < c.Best {
				c.Best = best
			}
			c.Count += uint32(n)
			c.sum.x += n*uint64(squash(corner)) + (sum&math.MaxUint32)<<(half-8) + n<<half>>9
			c.sum.y += n*uint64(squash(corner>>1)) + sum>>32<<(half-8) + n<<half>>9
		}
		i = end
	}
}

// nibbleTable parts the bits of a byte of a Morton code: x in the lower half,
// y in the upper.
func nibbleTable() *[256]uint64 {
	var table [256]uint64
	for b := range uint64(256) {
		table[b] = uint64(squash(b)) | uint64(squash(b>>1))<<32
	}
	return &table
}
