// Package space finds points: the nearest ones, those in a circle or a box,
// and the clusters of a map tile. An index is immutable and names its points
// by ordinal; sets of ordinals (facet.Bits) narrow a question.
//
// It holds the same points in two orders: an implicit k-d tree over unit
// vectors, which knows no poles and no date line, for everything that asks
// for distance; and an array in Morton order of the Web Mercator plane, in
// which a tile, and each cell of its grid, is one range. A point takes 16
// bytes in the first, 12 in the second and 8 for its exact position.
//
// Vectors are 32-bit, so a distance found in the tree is right to about a
// metre only. The tree therefore proposes: whatever could be in the answer by
// that margin is measured again by geo.Metres, and the answer is exact.
package space

import (
	"sync"

	"mirabilia/internal/finder/facet"
	"mirabilia/internal/geo"
)

// Index holds a set of points.
type Index struct {
	at *Positions
	// members is the set of ordinals; nil when all that have a position.
	members facet.Bits
	tree    []node
	// code, in ascending order, and ord hold the Morton order.
	code []uint64
	ord  []uint32
	// best holds the least ordinal of each block of the Morton order, sum the
	// sums of all coordinates before it.
	best []uint32
	sum  []sums
}

// Build indexes the ordinals of at that member keeps and that have a position.
func Build(at *Positions, member func(ord uint32) bool) *Index {
	x := &Index{at: at, members: facet.NewBits(at.Len())}
	n, strangers := 0, 0
	for o := range uint32(at.Len()) {
		switch {
		case !at.Has(o):
		case member(o):
			x.members.Set(o)
			n++
		default:
			strangers++
		}
	}
	if n == 0 {
		return x
	}
	x.tree = make([]node, 0, n)
	points := make([]coded, 0, n)
	x.members.Each(func(o uint32) bool {
		p := at.At(o)
		x.tree = append(x.tree, newNode(p, o))
		points = append(points, coded{morton(project(p)), o})
		return true
	})
	if strangers == 0 {
		x.members = nil
	}
	var both sync.WaitGroup
	both.Go(func() { grow(x.tree) })
	both.Go(func() { x.lay(points) })
	both.Wait()
	return x
}

// lay makes the Morton order of the points.
func (x *Index) lay(points []coded) {
	points = sortCoded(points)
	x.code = make([]uint64, len(points))
	x.ord = make([]uint32, len(points))
	blocks := (len(points) + block - 1) / block
	x.best = make([]uint32, blocks)
	x.sum = make([]sums, blocks+1)
	var sum sums
	for i, p := range points {
		x.code[i], x.ord[i] = p.code, p.ord
		b := i / block
		if i%block == 0 {
			x.best[b], x.sum[b] = p.ord, sum
		}
		x.best[b] = min(x.best[b], p.ord)
		sum.x += uint64(squash(p.code))
		sum.y += uint64(squash(p.code >> 1))
	}
	x.sum[blocks] = sum
}

// Laid calls fn with all points, in the order of the map's tiles, until it
// returns false.
func (x *Index) Laid(fn func(ord uint32) bool) {
	for _, ord := range x.ord {
		if !fn(ord) {
			return
		}
	}
}

// Len is the number of points.
func (x *Index) Len() int { return len(x.tree) }

func (x *Index) has(ord uint32) bool {
	return x.at.Has(ord) && (x.members == nil || x.members.Has(ord))
}

// Bytes is the memory the index takes, positions included.
func (x *Index) Bytes() int {
	return 16*len(x.tree) + 8*len(x.code) + 4*len(x.ord) + 4*len(x.best) + 8*len(x.members) + 16*len(x.sum) + x.at.Bytes()
}

// Metres is the distance of a point from p.
func (x *Index) Metres(p geo.Public, ord uint32) float64 { return geo.Metres(p, x.at.At(ord)) }
