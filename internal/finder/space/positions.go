package space

import (
	"math"

	"mirabilia/internal/geo"
)

// Positions holds the position of each document of a segment, by ordinal, and
// gives back exactly the numbers that went in. Coordinates people and
// programs write have at most seven decimals (about a centimetre) and then
// fit 32 bits each; others are kept whole beside them.
type Positions struct {
	packed []packed
	wide   []geo.Public // where packed does not do; packed then holds the index
}

// packed is a position in units of 1e-7 degrees, or a marker in lat.
type packed struct{ lat, lon int32 }

const (
	units    = 1e7
	noneLat  = math.MinInt32     // no position
	wideLat  = math.MinInt32 + 1 // lon is an index of wide
	emptyLon = 0
)

// Append adds the position of the next ordinal; nil for none.
func (p *Positions) Append(at *geo.Public) {
	if at == nil || !at.Valid() {
		p.packed = append(p.packed, packed{noneLat, emptyLon})
		return
	}
	la, lo := math.Round(at.Lat*units), math.Round(at.Lon*units)
	if la/units == at.Lat && lo/units == at.Lon && !negativeZero(*at) {
		p.packed = append(p.packed, packed{int32(la), int32(lo)})
		return
	}
	p.packed = append(p.packed, packed{wideLat, int32(len(p.wide))})
	p.wide = append(p.wide, *at)
}

func negativeZero(at geo.Public) bool {
	return at.Lat == 0 && math.Signbit(at.Lat) || at.Lon == 0 && math.Signbit(at.Lon)
}

// AppendFrom adds the position that ordinal ord of q has.
func (p *Positions) AppendFrom(q *Positions, ord uint32) {
	c := q.packed[ord]
	if c.lat == wideLat {
		w := q.wide[c.lon]
		c.lon = int32(len(p.wide))
		p.wide = append(p.wide, w)
	}
	p.packed = append(p.packed, c)
}

// Grow makes room for n more positions.
func (p *Positions) Grow(n int) {
	if cap(p.packed)-len(p.packed) < n {
		p.packed = append(make([]packed, 0, len(p.packed)+n), p.packed...)
	}
}

// Len is the number of ordinals.
func (p *Positions) Len() int { return len(p.packed) }

// Has reports whether the ordinal has a position.
func (p *Positions) Has(ord uint32) bool { return p.packed[ord].lat != noneLat }

// At is the position of the ordinal, the zero position when it has none.
func (p *Positions) At(ord uint32) geo.Public {
	c := p.packed[ord]
	if c.lat > wideLat {
		return geo.Public{Lat: float64(c.lat) / units, Lon: float64(c.lon) / units}
	}
	if c.lat == noneLat {
		return geo.Public{}
	}
	return p.wide[c.lon]
}

// Bytes is the memory the positions take.
func (p *Positions) Bytes() int { return 8*cap(p.packed) + 16*cap(p.wide) }
