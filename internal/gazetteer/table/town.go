package table

import (
	"encoding/binary"
	"math"
	"sort"
)

// Town is a populated place.
type Town struct {
	Lat, Lon   float64 // to about 10 m
	Population int64   // up to 33 millions
	Region     int     // its number in the table of regions, below 4,096
	Suffix     uint8   // number behind its slug, if others share it; up to 31
	Section    bool    // a part of a larger town, no destination itself
	// Asserts its country: the borders, drawn for a map, give its position
	// to a neighbour or the sea.
	Asserts bool
	// Seat of a country's or region's government: see SeatReach.
	Seat bool
}

// TownSize is the length of a town's record in bytes: its fields' bits, low
// bits first.
const TownSize = 11

const (
	latBits, lonBits, populationBits, regionBits, suffixBits = 21, 22, 25, 12, 5

	latSteps, lonSteps = 1<<latBits - 1, 1<<lonBits - 1
)

// Fits reports whether a town's numbers can be kept.
func (t Town) Fits() bool {
	return t.Population>>populationBits == 0 && t.Region>>regionBits == 0 && t.Suffix>>suffixBits == 0
}

// AppendTown appends a town's record.
func AppendTown(b []byte, t Town) []byte {
	lat := uint64(math.Round((t.Lat + 90) / 180 * latSteps))
	lon := uint64(math.Round((t.Lon + 180) / 360 * lonSteps))
	low := lat | lon<<latBits | uint64(t.Population)<<(latBits+lonBits)
	high := uint64(t.Population)>>(64-latBits-lonBits) | uint64(t.Region)<<highRegion | uint64(t.Suffix)<<highSuffix
	if t.Section {
		high |= 1 << highSection
	}
	if t.Asserts {
		high |= 1 << highAsserts
	}
	if t.Seat {
		high |= 1 << highSeat
	}
	b = binary.LittleEndian.AppendUint64(b, low)
	return AppendUint24(b, uint32(high))
}

// Places of the fields in a record's last three bytes, which begin with what
// is left of the population.
const (
	highRegion  = populationBits - (64 - latBits - lonBits)
	highSuffix  = highRegion + regionBits
	highSection = highSuffix + suffixBits
	highAsserts = highSection + 1
	highSeat    = highAsserts + 1
)

// ReadTown reads a record of TownSize bytes.
func ReadTown(b []byte) Town {
	_ = b[TownSize-1]
	low, high := binary.LittleEndian.Uint64(b), uint64(Uint24(b[8:]))
	const lowPopulation = 64 - latBits - lonBits
	return Town{
		Lat:        float64(low&latSteps)*(180.0/latSteps) - 90,
		Lon:        float64(low>>latBits&lonSteps)*(360.0/lonSteps) - 180,
		Population: int64(low>>(latBits+lonBits) | high&(1<<highRegion-1)<<lowPopulation),
		Region:     int(high >> highRegion & (1<<regionBits - 1)),
		Suffix:     uint8(high >> highSuffix & (1<<suffixBits - 1)),
		Section:    high>>highSection&1 != 0,
		Asserts:    high>>highAsserts&1 != 0,
		Seat:       high>>highSeat&1 != 0,
	}
}

// The grid by which records are ordered: row by row from the South Pole,
// cell by cell from the date line.
const (
	gridPerDegree = 4
	gridRows      = 180 * gridPerDegree
	gridCols      = 360 * gridPerDegree
	gridEntry     = 5 // column, first record
)

// Cell is the grid cell of a position; longitudes may run over the date line.
func Cell(lat, lon float64) int {
	if lon < -180 {
		lon += 360
	} else if lon >= 180 {
		lon -= 360
	}
	row := min(max(int((lat+90)*gridPerDegree), 0), gridRows-1)
	col := min(max(int((lon+180)*gridPerDegree), 0), gridCols-1)
	return row*gridCols + col
}

// Grid finds records by position.
type Grid struct {
	rowStart []byte
	entries  []byte
}

// BuildGrid makes the section of a grid over records whose cells are given,
// in order.
func BuildGrid(cells []int) []byte {
	var head, entries []byte
	i, count := 0, uint32(0)
	for row := range gridRows {
		head = AppendUint24(head, count)
		for i < len(cells) && cells[i]/gridCols == row {
			entries = binary.LittleEndian.AppendUint16(entries, uint16(cells[i]%gridCols))
			entries = AppendUint24(entries, uint32(i))
			count++
			for cell := cells[i]; i < len(cells) && cells[i] == cell; i++ {
			}
		}
	}
	head = AppendUint24(head, count)
	entries = binary.LittleEndian.AppendUint16(entries, gridCols)
	entries = AppendUint24(entries, uint32(len(cells)))
	return append(head, entries...)
}

// OpenGrid reads a grid.
func OpenGrid(section []byte) Grid {
	const head = 3 * (gridRows + 1)
	if len(section) < head+gridEntry {
		return Grid{make([]byte, head), make([]byte, gridEntry)}
	}
	return Grid{section[:head], section[head:]}
}

// Around calls visit with ranges [from, to) of records that together hold all
// within metres of the position, and some others.
func (g Grid) Around(lat, lon, metres float64, visit func(from, to int)) {
	high := metres / MetresPerDegree
	r0 := max(int((lat-high+90)*gridPerDegree), 0)
	r1 := min(int((lat+high+90)*gridPerDegree), gridRows-1)
	polar := math.Min(math.Abs(lat)+high, 89.9)
	wide := high / math.Cos(polar*math.Pi/180)
	c0 := int(math.Floor((lon - wide + 180) * gridPerDegree))
	c1 := int(math.Floor((lon + wide + 180) * gridPerDegree))
	if c1-c0 >= gridCols-1 {
		c0, c1 = 0, gridCols-1
	}
	for row := r0; row <= r1; row++ {
		g.row(row, max(c0, 0), min(c1, gridCols-1), visit)
		if c0 < 0 {
			g.row(row, c0+gridCols, gridCols-1, visit)
		}
		if c1 >= gridCols {
			g.row(row, 0, c1-gridCols, visit)
		}
	}
}

func (g Grid) row(row, c0, c1 int, visit func(from, to int)) {
	lo, hi := int(Uint24(g.rowStart[3*row:])), int(Uint24(g.rowStart[3*row+3:]))
	if lo >= hi || (hi+1)*gridEntry > len(g.entries) {
		return
	}
	seek := func(col int) int {
		return lo + sort.Search(hi-lo, func(i int) bool {
			return int(binary.LittleEndian.Uint16(g.entries[(lo+i)*gridEntry:])) >= col
		})
	}
	from, to := seek(c0), seek(c1+1)
	if from < to {
		visit(int(Uint24(g.entries[from*gridEntry+2:])), int(Uint24(g.entries[to*gridEntry+2:])))
	}
}
