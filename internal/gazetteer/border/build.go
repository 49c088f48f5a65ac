package border

import (
	"encoding/binary"
	"math"
	"sort"
)

// Point is a position in degrees.
type Point struct{ Lon, Lat float64 }

// Line is a part of a border or coast with one land on each side; a coast
// has 0 as one of them. Consecutive points lie less than 180° of longitude
// apart, across the date line if that is the shorter way.
type Line struct {
	A, B   Land
	Points []Point
}

// chain is a line's part within one cell, in steps.
type chain struct {
	lands Land
	coast bool
	pts   [][2]int32
}

// Build makes the table of the given lines. Together they must be all the
// boundaries of all the lands, with the North Pole at sea.
func Build(lines []Line) []byte {
	cells := map[int][]chain{}
	for _, l := range lines {
		if l.A != l.B {
			cut(l, cells)
		}
	}
	corners := corners(cells)
	near := near(cells)
	var head, entries, body []byte
	head = make([]byte, 8, 8+4*(rows+1))
	count := 0
	for row := range rows {
		head = binary.LittleEndian.AppendUint32(head, uint32(count))
		last := uint32(math.MaxUint32)
		for col := range cols {
			id := row*cols + col
			v := uint32(corners[id])
			if list := cells[id]; list != nil {
				v = runCell<<30 | uint32(len(body))
				body = appendCell(body, corners[id], list)
			} else if v == 0 && near[id] {
				v = runNear << 30
			}
			if v != last {
				entries = binary.LittleEndian.AppendUint16(entries, uint16(col))
				entries = binary.LittleEndian.AppendUint32(entries, v)
				count++
				last = v
			}
		}
	}
	head = binary.LittleEndian.AppendUint32(head, uint32(count))
	binary.LittleEndian.PutUint32(head, uint32(count))
	binary.LittleEndian.PutUint32(head[4:], uint32(len(body)))
	return append(append(head, entries...), body...)
}

// aside moves all lines by a few millimetres, lest a point lie on the grid.
const aside = 3e-8

// cut divides a line at the lines of the grid.
func cut(l Line, cells map[int][]chain) {
	lands, coast := l.A^l.B, l.A == 0 || l.B == 0
	last := -1
	add := func(x0, y0, x1, y1 float64) {
		col := int(math.Floor((x0 + x1) / 2))
		row := min(max(int(math.Floor((y0+y1)/2)), 0), rows-1)
		from, to := steps(x0, y0, col, row), steps(x1, y1, col, row)
		id := row*cols + ((col%cols)+cols)%cols
		list := cells[id]
		if id != last || len(list) == 0 {
			list = append(list, chain{lands, coast, [][2]int32{from}})
			last = id
		}
		c := &list[len(list)-1]
		if to != c.pts[len(c.pts)-1] || len(c.pts) == 1 {
			c.pts = append(c.pts, to)
		}
		cells[id] = list
	}
	for i := 1; i < len(l.Points); i++ {
		x0, y0 := (l.Points[i-1].Lon+180+aside)*cellsPerDegree, (l.Points[i-1].Lat+90)*cellsPerDegree
		x1, y1 := (l.Points[i].Lon+180+aside)*cellsPerDegree, (l.Points[i].Lat+90)*cellsPerDegree
		if x1-x0 > cols/2 {
			x1 -= cols
		} else if x0-x1 > cols/2 {
			x1 += cols
		}
		ts := append(gridCrossings(x0, x1), gridCrossings(y0, y1)...)
		sort.Float64s(ts)
		ts = append(ts, 1)
		px, py := x0, y0
		for _, t := range ts {
			qx, qy := x0+t*(x1-x0), y0+t*(y1-y0)
			if t == 1 {
				qx, qy = x1, y1
			}
			if qx != px || qy != py {
				add(px, py, qx, qy)
			}
			px, py = qx, qy
		}
	}
}

// gridCrossings lists where between 0 and 1 a way from a to b meets whole
// numbers.
func gridCrossings(a, b float64) []float64 {
	var ts []float64
	for k := math.Floor(math.Min(a, b)) + 1; k < math.Max(a, b); k++ {
		ts = append(ts, (k-a)/(b-a))
	}
	return ts
}

// steps is a point in steps from its cell's corner.
func steps(x, y float64, col, row int) [2]int32 {
	q := func(v float64) int32 {
		return int32(math.Round(math.Min(math.Max(v, 0), 1) * unit))
	}
	return [2]int32{q(x - float64(col)), q(y - float64(row))}
}

// corners finds the land of each cell's south-west corner, from the North
// Pole down each column's western edge.
func corners(cells map[int][]chain) []Land {
	out := make([]Land, rows*cols)
	for col := range cols {
		land := Land(0)
		for row := rows - 1; row >= 0; row-- {
			id := row*cols + col
			for _, c := range cells[id] {
				if c.pts[0][0] == 0 {
					land ^= c.lands
				}
				if c.pts[len(c.pts)-1][0] == 0 {
					land ^= c.lands
				}
			}
			out[id] = land
		}
	}
	return out
}

// near marks the cells from which a coast may be within Reach.
func near(cells map[int][]chain) []bool {
	out := make([]bool, rows*cols)
	const high = 1 // cells of the next rows that Reach can touch
	for id, list := range cells {
		coast := false
		for _, c := range list {
			coast = coast || c.coast
		}
		if !coast {
			continue
		}
		row, col := id/cols, id%cols
		lat := math.Abs(float64(row)/cellsPerDegree-90) + 1
		wide := int(math.Min(Reach/metresPerCell/math.Max(math.Cos(lat*math.Pi/180), 0.01)+1, cols/2))
		for r := max(row-high, 0); r <= min(row+high, rows-1); r++ {
			for c := col - wide; c <= col+wide; c++ {
				out[r*cols+((c%cols)+cols)%cols] = true
			}
		}
	}
	return out
}

func appendCell(b []byte, corner Land, list []chain) []byte {
	b = append(b, byte(corner))
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, c := range list {
		b = append(b, byte(c.lands))
		head := uint64(len(c.pts)-1) << 1
		if c.coast {
			head |= 1
		}
		b = binary.AppendUvarint(b, head)
		x, y := c.pts[0][0], c.pts[0][1]
		b = binary.AppendUvarint(b, uint64(x))
		b = binary.AppendUvarint(b, uint64(y))
		for _, p := range c.pts[1:] {
			b = binary.AppendVarint(b, int64(p[0]-x))
			b = binary.AppendVarint(b, int64(p[1]-y))
			x, y = p[0], p[1]
		}
	}
	return b
}
