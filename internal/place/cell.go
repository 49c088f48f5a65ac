package place

import (
	"math"

	"mirabilia/internal/geo"
)

// A cell is a patch of the Earth about 280 m high and at least as wide, in
// rows of equal latitude whose number of columns shrinks towards the poles.
// The column "cell" of places, indexed, gives the few entries that can lie
// within duplicateMetres of a position, on either engine and without the
// finder. It is derived from the public position only.
const (
	cellRows = 180 * 400
	cellBits = 18 // of the column; 360 × 400 columns at the equator
)

// cellOf is the cell of a position.
func cellOf(p geo.Public) int64 {
	row := cellRow(p.Lat)
	n := cellColumns(row)
	return int64(row)<<cellBits | int64(cellColumn(p.Lon, n))
}

func cellRow(lat float64) int {
	return min(max(int(math.Floor((lat+90)*400)), 0), cellRows-1)
}

// cellColumns is the number of columns of a row: as many as keep a cell no
// narrower than it is high, at the edge that is nearer to a pole.
func cellColumns(row int) int {
	edge := math.Max(math.Abs(float64(row)/400-90), math.Abs(float64(row+1)/400-90))
	return max(1, int(math.Cos(edge*math.Pi/180)*360*400))
}

func cellColumn(lon float64, n int) int {
	c := int(math.Floor((lon + 180) / 360 * float64(n)))
	return ((c % n) + n) % n
}

// cellsNear lists the cells that hold everything within metres of a position.
// metres is at most some hundred: the list is short but at the poles, where
// rows have few columns.
func cellsNear(p geo.Public, metres float64) []int64 {
	const rad = math.Pi / 180
	reach := metres / geo.EarthRadius // radians
	var cells []int64
	for row := cellRow(p.Lat - reach/rad); row <= cellRow(p.Lat+reach/rad); row++ {
		n := cellColumns(row)
		// The widest a circle gets in longitude: asin(sin r / cos lat).
		s := math.Sin(reach) / math.Cos(p.Lat*rad)
		if s >= 1 || math.IsNaN(s) || math.Abs(p.Lat)+reach/rad >= 90 {
			for c := range n {
				cells = append(cells, int64(row)<<cellBits|int64(c))
			}
			continue
		}
		wide := math.Asin(s) / rad
		first := int(math.Floor((p.Lon - wide + 180) / 360 * float64(n)))
		last := int(math.Floor((p.Lon + wide + 180) / 360 * float64(n)))
		for c := first; c <= last && c < first+n; c++ {
			cells = append(cells, int64(row)<<cellBits|int64(((c%n)+n)%n))
		}
	}
	return cells
}
