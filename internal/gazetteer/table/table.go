// Package table is the layout of the gazetteer's files: sections of bytes that
// are read where they lie. The generator writes with it what the gazetteer
// reads.
package table

import (
	"encoding/binary"
	"math"
)

// Pack joins sections into one file: their number, the end of each, and then
// the sections themselves.
func Pack(sections ...[]byte) []byte {
	out := binary.LittleEndian.AppendUint32(nil, uint32(len(sections)))
	end := uint32(0)
	for _, s := range sections {
		end += uint32(len(s))
		out = binary.LittleEndian.AppendUint32(out, end)
	}
	for _, s := range sections {
		out = append(out, s...)
	}
	return out
}

// Unpack gives the n sections of a file, without copying; ok is false if the
// file is not of that form.
func Unpack(file []byte, n int) (sections [][]byte, ok bool) {
	if len(file) < 4+4*n || binary.LittleEndian.Uint32(file) != uint32(n) {
		return nil, false
	}
	body := file[4+4*n:]
	start := uint32(0)
	for i := range n {
		end := binary.LittleEndian.Uint32(file[4+4*i:])
		if end < start || int(end) > len(body) {
			return nil, false
		}
		sections = append(sections, body[start:end:end])
		start = end
	}
	return sections, true
}

// Uint24 reads three bytes, low byte first.
func Uint24(b []byte) uint32 {
	_ = b[2]
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16
}

// AppendUint24 appends the low three bytes of v.
func AppendUint24(b []byte, v uint32) []byte {
	return append(b, byte(v), byte(v>>8), byte(v>>16))
}

// Radius is how far a town of that many inhabitants reaches from its centre,
// in metres: 23 km at the 3.8 millions of Los Angeles, growing with the power
// of 0.4, so that it holds Venice and Hollywood, Mexico City holds Coyoacán
// and New York its boroughs, while San Francisco leaves Oakland alone; at
// least 4 km.
func Radius(population int64) float64 {
	if population < 47_000 { // most towns, spared the power
		return 4_000
	}
	return math.Max(4_000, 53.9*math.Pow(float64(population), 0.4))
}

// SeatReach is the part of its radius in which a seat of government is not
// outdone by a town of somewhat more inhabitants: the middle of Manila is not
// Quezon City, nor Valparaíso Viña del Mar.
const SeatReach = 0.5

// SeatWins reports whether a seat is large enough to hold its own so.
func SeatWins(seat, larger int64) bool { return 4*seat >= larger }

// GreatPopulation is that from which a town reaches 8 km or more, and is
// listed in every cell of the grid it touches.
const GreatPopulation = 268_000

// MetresPerDegree of latitude, on a sphere of 6,371 km.
const MetresPerDegree = 6_371_000 * math.Pi / 180

// Distance in metres between two positions that are at most some hundred
// kilometres apart.
func Distance(lat1, lon1, lat2, lon2 float64) float64 {
	return math.Sqrt(Squared(lat1, lon1, lat2, lon2, math.Cos((lat1+lat2)/2*math.Pi/180)))
}

// Squared is the square of the distance in metres; wide is the length of a
// degree of longitude in degrees of latitude there.
func Squared(lat1, lon1, lat2, lon2, wide float64) float64 {
	dx := math.Abs(lon1 - lon2)
	if dx > 180 {
		dx = 360 - dx
	}
	dx *= MetresPerDegree * wide
	dy := (lat1 - lat2) * MetresPerDegree
	return dx*dx + dy*dy
}
