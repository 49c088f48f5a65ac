package space

import (
	"math"

	"mirabilia/internal/geo"
)

// The plane is Web Mercator, the world a square of 2^32 by 2^32 units, y
// southwards. What lies beyond 85.05° is drawn on the square's edge.

// project is where a position lies in the plane.
func project(p geo.Public) (x, y uint32) {
	return projectX(p.Lon), projectY(p.Lat)
}

func projectX(lon float64) uint32 { return unit((lon + 180) / 360) }

func projectY(lat float64) uint32 {
	s := math.Sin(lat * math.Pi / 180)
	return unit(0.5 - math.Log((1+s)/(1-s))/(4*math.Pi))
}

// unit scales 0..1 to the 32-bit plane; what is outside goes to the edge.
func unit(f float64) uint32 {
	f *= 1 << 32
	if !(f > 0) {
		return 0
	}
	if f >= 1<<32 {
		return math.MaxUint32
	}
	return uint32(f)
}

// unproject is the position of a point of the plane, which may lie between
// its units.
func unproject(x, y float64) geo.Public {
	lat := math.Atan(math.Sinh(math.Pi*(1-2*y/(1<<32)))) * 180 / math.Pi
	return geo.Public{Lat: lat, Lon: x/(1<<32)*360 - 180}
}

// OnMap is the position of a point of the unit square of the map, x eastwards
// and y southwards.
func OnMap(x, y float64) geo.Public { return unproject(x*(1<<32), y*(1<<32)) }

// morton interleaves the bits of x (even places) and y (odd places).
func morton(x, y uint32) uint64 { return spread(x) | spread(y)<<1 }

func spread(x uint32) uint64 {
	v := uint64(x)
	v = (v | v<<16) & 0x0000ffff0000ffff
	v = (v | v<<8) & 0x00ff00ff00ff00ff
	v = (v | v<<4) & 0x0f0f0f0f0f0f0f0f
	v = (v | v<<2) & 0x3333333333333333
	return (v | v<<1) & 0x5555555555555555
}

// squash takes the bits of x back out of a code; of y from code>>1.
func squash(v uint64) uint32 {
	v &= 0x5555555555555555
	v = (v | v>>1) & 0x3333333333333333
	v = (v | v>>2) & 0x0f0f0f0f0f0f0f0f
	v = (v | v>>4) & 0x00ff00ff00ff00ff
	v = (v | v>>8) & 0x0000ffff0000ffff
	return uint32(v | v>>16)
}

// coded is a point on its way into the Morton order.
type coded struct {
	code uint64
	ord  uint32
}

// sortCoded sorts by code, equal codes by ordinal, in which order points come.
func sortCoded(a []coded) []coded {
	if len(a) < 2 {
		return a
	}
	b := make([]coded, len(a))
	for shift := 0; shift < 64; shift += 8 {
		var at [256]int
		for i := range a {
			at[a[i].code>>shift&0xff]++
		}
		if at[a[0].code>>shift&0xff] == len(a) {
			continue
		}
		sum := 0
		for i, c := range at {
			at[i], sum = sum, sum+c
		}
		for i := range a {
			k := a[i].code >> shift & 0xff
			b[at[k]] = a[i]
			at[k]++
		}
		a, b = b, a
	}
	return a
}

// gallop is the first place at or after i whose code is greater than last, in
// steps that double: near ends are found in few steps.
func gallop(code []uint64, i int, last uint64) int {
	step := 1
	for i+step <= len(code) && code[i+step-1] <= last {
		i += step
		step *= 2
	}
	lo, hi := i, min(i+step-1, len(code))
	for lo < hi {
		m := int(uint(lo+hi) / 2)
		if code[m] <= last {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo
}
