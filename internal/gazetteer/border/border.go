// Package border tells in whose land a position lies. Its table holds the
// borders and coasts of all lands as short polylines, cut at the lines of a
// half-degree grid, and is read where it lies: nothing is decoded ahead.
//
// Each polyline carries the exclusive or of the two lands beside it (the sea
// is land 0), so that crossing it turns the one into the other. A cell keeps
// the land of its south-west corner; a look-up walks from that corner up the
// cell's western edge and then east to the position, and applies each
// crossing. Cells without a polyline are runs of one land.
package border

import (
	"encoding/binary"
	"math"
)

const (
	// cellsPerDegree is the fineness of the grid.
	cellsPerDegree = 2
	rows           = 180 * cellsPerDegree
	cols           = 360 * cellsPerDegree
	// unit is the number of steps along a cell's edge: 27 m on a meridian.
	unit = 2048

	metresPerCell = 111_195.0 / cellsPerDegree // on a meridian
)

// Land is the number of a land in the table; 0 is the sea.
type Land uint8

// Reach is how far from the shore the sea still belongs to a land, in metres.
const Reach = 20_000

// The value of a run in the directory.
const (
	runLand  = 0 // low byte: the land
	runNear  = 1 // sea with a shore within Reach
	runCell  = 2 // offset of a cell with polylines
	runEntry = 6 // bytes of a directory entry: first column, kind<<30|value
)

// Index is a table of borders, made by Build.
type Index struct {
	rowStart []byte // uint32 × (rows+1): number of the row's first entry
	entries  []byte
	cells    []byte
}

// Open reads a table without copying it. A damaged table gives an Index of
// nothing but sea.
func Open(table []byte) *Index {
	const head = 8
	empty := &Index{rowStart: make([]byte, 4*(rows+1))}
	if len(table) < head+4*(rows+1) {
		return empty
	}
	n := int(binary.LittleEndian.Uint32(table)) * runEntry
	m := int(binary.LittleEndian.Uint32(table[4:]))
	body := table[head+4*(rows+1):]
	if n < 0 || m < 0 || n+m > len(body) {
		return empty
	}
	return &Index{rowStart: table[head : head+4*(rows+1)], entries: body[:n], cells: body[n : n+m]}
}

// At is the land of a position in degrees: the land it lies in, else the one
// whose shore is nearest within Reach, else the sea. onLand tells the first
// from the second. Positions out of range are at sea.
func (x *Index) At(lat, lon float64) (land Land, onLand bool) {
	if !(lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180) {
		return 0, false
	}
	cx := math.Min((lon+180)*cellsPerDegree, cols-1e-9)
	cy := math.Min((lat+90)*cellsPerDegree, rows-1e-9)
	col, row := int(cx), int(cy)
	kind, value := x.run(row, col)
	switch kind {
	case runLand:
		return Land(value), value != 0
	case runCell:
		px, py := int32((cx-float64(col))*unit), int32((cy-float64(row))*unit)
		if land := x.within(value, px, py); land != 0 {
			return land, true
		}
	}
	land, _ = x.Shore(lat, lon, Reach)
	return land, false
}

// run finds the directory entry of a cell.
func (x *Index) run(row, col int) (kind, value uint32) {
	lo := int(binary.LittleEndian.Uint32(x.rowStart[4*row:]))
	hi := int(binary.LittleEndian.Uint32(x.rowStart[4*row+4:]))
	if hi*runEntry > len(x.entries) || lo >= hi {
		return runLand, 0
	}
	for hi-lo > 1 {
		mid := (lo + hi) / 2
		if int(binary.LittleEndian.Uint16(x.entries[mid*runEntry:])) <= col {
			lo = mid
		} else {
			hi = mid
		}
	}
	v := binary.LittleEndian.Uint32(x.entries[lo*runEntry+2:])
	return v >> 30, v & (1<<30 - 1)
}

// within walks from the cell's south-west corner to the point. A point on a
// polyline's step counts as above it, in both parts of the walk, which is
// what makes the two agree.
func (x *Index) within(offset uint32, px, py int32) Land {
	if int(offset) >= len(x.cells) {
		return 0
	}
	c := cursor{data: x.cells[offset:]}
	land := Land(c.byte())
	for n := c.uvarint(); n > 0; n-- {
		chain := c.chain()
		x0, y0 := chain.x, chain.y
		turn := Land(0)
		if x0 == 0 && y0 <= py {
			turn ^= chain.lands
		}
		for k := chain.steps; k > 0; k-- {
			x1, y1 := x0+c.varint(), y0+c.varint()
			if (y0 > py) != (y1 > py) && crossesWest(x0, y0, x1, y1, px, py) {
				turn ^= chain.lands
			}
			x0, y0 = x1, y1
		}
		if x0 == 0 && y0 <= py {
			turn ^= chain.lands
		}
		land ^= turn
	}
	return land
}

// crossesWest reports whether the step meets the height py west of px.
func crossesWest(x0, y0, x1, y1, px, py int32) bool {
	if x0 < px && x1 < px {
		return true
	}
	if x0 >= px && x1 >= px {
		return false
	}
	// x0 + (py-y0)*(x1-x0)/(y1-y0) < px, free of division.
	dx, dy := int64(x1-x0), int64(y1-y0)
	left, right := int64(py-y0)*dx, int64(px-x0)*dy
	if dy < 0 {
		return left > right
	}
	return left < right
}

// Shore is the land whose coast is nearest to the position, at most within
// metres away (0 when there is none), and the distance.
func (x *Index) Shore(lat, lon, within float64) (Land, float64) {
	s := shore{
		px: (lon + 180) * cellsPerDegree, py: (lat + 90) * cellsPerDegree,
		wide: math.Max(math.Cos(lat*math.Pi/180), 0.01),
	}
	reach := within / metresPerCell
	s.best = reach * reach
	r0, r1 := max(int(s.py-reach), 0), min(int(s.py+reach), rows-1)
	c0, c1 := int(math.Floor(s.px-reach/s.wide)), int(math.Floor(s.px+reach/s.wide))
	if c1-c0 >= cols {
		c0, c1 = 0, cols-1
	}
	for row := r0; row <= r1; row++ {
		for c := c0; c <= c1; c++ {
			kind, value := x.run(row, (c+cols)%cols)
			if kind == runCell && int(value) < len(x.cells) {
				s.cell(x.cells[value:], float64(c), float64(row))
			}
		}
	}
	return s.land, math.Sqrt(s.best) * metresPerCell
}

// shore seeks the nearest coast; lengths are in cells of a meridian.
type shore struct {
	px, py, wide float64
	best         float64 // squared
	land         Land
}

func (s *shore) cell(data []byte, col, row float64) {
	c := cursor{data: data}
	c.byte()
	ox, oy := (col-s.px)*unit, (row-s.py)*unit
	best := s.best * unit * unit
	for n := c.uvarint(); n > 0; n-- {
		chain := c.chain()
		x0, y0 := (ox+float64(chain.x))*s.wide, oy+float64(chain.y)
		for k := chain.steps; k > 0; k-- {
			x1, y1 := x0+float64(c.varint())*s.wide, y0+float64(c.varint())
			if chain.coast {
				if d := toSegment(x0, y0, x1, y1); d < best {
					best, s.land = d, chain.lands
				}
			}
			x0, y0 = x1, y1
		}
	}
	s.best = best / unit / unit
}

// toSegment is the squared distance of the origin from a segment.
func toSegment(x0, y0, x1, y1 float64) float64 {
	dx, dy := x1-x0, y1-y0
	t := -(x0*dx + y0*dy)
	if t > 0 {
		if l := dx*dx + dy*dy; t < l {
			t /= l
			x0, y0 = x0+t*dx, y0+t*dy
		} else {
			x0, y0 = x1, y1
		}
	}
	return x0*x0 + y0*y0
}
