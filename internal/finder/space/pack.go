package space

import (
	"encoding/binary"
	"math"

	"mirabilia/internal/finder/facet"
	"mirabilia/internal/finder/pack"
	"mirabilia/internal/geo"
)

// Write packs the positions.
func (p *Positions) Write(w *pack.Writer) {
	w.Each(len(p.packed), 8, func(i int, b []byte) {
		binary.LittleEndian.PutUint32(b, uint32(p.packed[i].lat))
		binary.LittleEndian.PutUint32(b[4:], uint32(p.packed[i].lon))
	})
	w.Each(len(p.wide), 16, func(i int, b []byte) {
		binary.LittleEndian.PutUint64(b, math.Float64bits(p.wide[i].Lat))
		binary.LittleEndian.PutUint64(b[8:], math.Float64bits(p.wide[i].Lon))
	})
}

// ReadPositions gives the n positions that Write packed. What it says is good
// only if r has no error.
func ReadPositions(r *pack.Reader, n int) Positions {
	var p Positions
	p.packed = pack.ReadEach(r, 8, func(b []byte) packed {
		return packed{int32(binary.LittleEndian.Uint32(b)), int32(binary.LittleEndian.Uint32(b[4:]))}
	})
	p.wide = pack.ReadEach(r, 16, func(b []byte) geo.Public {
		return geo.Public{Lat: math.Float64frombits(binary.LittleEndian.Uint64(b)), Lon: math.Float64frombits(binary.LittleEndian.Uint64(b[8:]))}
	})
	if r.Err() == nil && !p.sound(n) {
		r.Break()
	}
	return p
}

func (p *Positions) sound(n int) bool {
	for _, c := range p.packed {
		switch {
		case c.lat == wideLat && (c.lon < 0 || int(c.lon) >= len(p.wide)):
			return false
		case c.lat > wideLat && (c.lat < -90*units || c.lat > 90*units || c.lon < -180*units || c.lon > 180*units):
			return false
		}
	}
	for _, w := range p.wide {
		if !w.Valid() {
			return false
		}
	}
	return len(p.packed) == n
}

// Write packs the index, but not its positions.
func (x *Index) Write(w *pack.Writer) {
	pack.Integers(w, x.members)
	w.Each(len(x.tree), 16, func(i int, b []byte) {
		n := &x.tree[i]
		for k, c := range n.v {
			binary.LittleEndian.PutUint32(b[4*k:], math.Float32bits(c))
		}
		binary.LittleEndian.PutUint32(b[12:], n.word)
	})
	pack.Integers(w, x.code)
	pack.Integers(w, x.ord)
	pack.Integers(w, x.best)
	w.Each(len(x.sum), 16, func(i int, b []byte) {
		binary.LittleEndian.PutUint64(b, x.sum[i].x)
		binary.LittleEndian.PutUint64(b[8:], x.sum[i].y)
	})
}

// Read gives the index over at that Write packed. What it says is good only if
// r has no error.
func Read(r *pack.Reader, at *Positions) *Index {
	x := &Index{at: at, members: facet.ReadBits(r, at.Len())}
	x.tree = pack.ReadEach(r, 16, func(b []byte) (n node) {
		for k := range n.v {
			n.v[k] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*k:]))
		}
		n.word = binary.LittleEndian.Uint32(b[12:])
		return n
	})
	x.code = pack.ReadIntegers[uint64](r)
	x.ord = pack.ReadIntegers[uint32](r)
	x.best = pack.ReadIntegers[uint32](r)
	x.sum = pack.ReadEach(r, 16, func(b []byte) sums {
		return sums{binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])}
	})
	if r.Err() == nil && !x.sound() {
		r.Break()
	}
	return x
}

// sound reports whether nothing that the index says leads outside of it.
func (x *Index) sound() bool {
	n := len(x.tree)
	if len(x.code) != n || len(x.ord) != n {
		return false
	}
	for i := range x.tree {
		if o := int(x.tree[i].ord()); o >= x.at.Len() || !x.at.Has(uint32(o)) || x.tree[i].word>>axisBits > 2 {
			return false
		}
		if o := int(x.ord[i]); o >= x.at.Len() || !x.at.Has(x.ord[i]) || i > 0 && x.code[i] < x.code[i-1] {
			return false
		}
	}
	blocks := (n + block - 1) / block
	if n == 0 { // Build leaves these out
		return len(x.best) == 0 && len(x.sum) == 0
	}
	return len(x.best) == blocks && len(x.sum) == blocks+1 && pack.Below(x.best, x.at.Len())
}
