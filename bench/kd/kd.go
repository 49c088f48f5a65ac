// Package kd is the reference of the nearest places: an exact k-d tree over
// unit vectors in one array, the median of each range in its middle, with
// nothing but points and numbers in it.
package kd

import (
	"math"
	"slices"

	"mirabilia/bench/draw"
)

// leaf is the size below which a range is searched point by point.
const leaf = 16

type node struct {
	v  [3]float32
	id int32
}

// Tree answers for the nearest points. It is safe for concurrent use.
type Tree struct {
	nodes  []node
	points []draw.Point
}

// Found is one of the nearest.
type Found struct {
	ID     int32
	Metres float64
}

// Build makes a tree of points, which it keeps; a point's id is its index.
func Build(points []draw.Point) *Tree {
	t := &Tree{make([]node, len(points)), points}
	for i, p := range points {
		t.nodes[i] = node{unit(p), int32(i)}
	}
	split(t.nodes, 0)
	return t
}

func unit(p draw.Point) [3]float32 {
	lat, lon := p.Lat*math.Pi/180, p.Lon*math.Pi/180
	return [3]float32{float32(math.Cos(lat) * math.Cos(lon)), float32(math.Cos(lat) * math.Sin(lon)), float32(math.Sin(lat))}
}

// split orders a by axis around its middle, and both halves by the next axis.
func split(a []node, axis int) {
	if len(a) <= leaf {
		return
	}
	mid := len(a) / 2
	choose(a, mid, axis)
	split(a[:mid], (axis+1)%3)
	split(a[mid+1:], (axis+1)%3)
}

// choose puts the node of rank k by axis at k, smaller ones before it.
func choose(a []node, k, axis int) {
	for lo, hi := 0, len(a)-1; lo < hi; {
		pivot, i, j := a[(lo+hi)/2].v[axis], lo, hi
		for i <= j {
			for a[i].v[axis] < pivot {
				i++
			}
			for a[j].v[axis] > pivot {
				j--
			}
			if i <= j {
				a[i], a[j] = a[j], a[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			hi = j
		case k >= i:
			lo = i
		default:
			return
		}
	}
}

// best holds the k nearest so far, nearest first.
type best struct {
	k  int
	d  [64]float32
	id [64]int32
	n  int
}

func (b *best) worst() float32 {
	if b.n < b.k {
		return 8 // more than the square of the sphere's diameter
	}
	return b.d[b.n-1]
}

func (b *best) offer(n *node, q *[3]float32) {
	x, y, z := n.v[0]-q[0], n.v[1]-q[1], n.v[2]-q[2]
	d := x*x + y*y + z*z
	if d >= b.worst() {
		return
	}
	if b.n < b.k {
		b.n++
	}
	i := b.n - 1
	for ; i > 0 && b.d[i-1] > d; i-- {
		b.d[i], b.id[i] = b.d[i-1], b.id[i-1]
	}
	b.d[i], b.id[i] = d, n.id
}

func search(a []node, axis int, q *[3]float32, b *best) {
	if len(a) <= leaf {
		for i := range a {
			b.offer(&a[i], q)
		}
		return
	}
	mid := len(a) / 2
	gap := q[axis] - a[mid].v[axis]
	next := axis + 1
	if next == 3 {
		next = 0
	}
	near, far := a[:mid], a[mid+1:]
	if gap > 0 {
		near, far = far, near
	}
	search(near, next, q, b)
	b.offer(&a[mid], q)
	if gap*gap < b.worst() {
		search(far, next, q, b)
	}
}

// Nearest gives the k ≤ 64 nearest points to p, nearest first.
func (t *Tree) Nearest(p draw.Point, k int) []Found {
	b, q := best{k: k}, unit(p)
	search(t.nodes, 0, &q, &b)
	out := make([]Found, b.n)
	for i := range out {
		out[i] = Found{b.id[i], metres(p, t.points[b.id[i]])}
	}
	return out
}

// Brute gives what Nearest must give, of those that keep lets through.
func (t *Tree) Brute(p draw.Point, k int, keep func(id int32) bool) []Found {
	var out []Found
	for i, at := range t.points {
		if keep(int32(i)) {
			out = append(out, Found{int32(i), metres(p, at)})
		}
	}
	slices.SortFunc(out, func(a, b Found) int {
		if a.Metres < b.Metres {
			return -1
		}
		return 1
	})
	return out[:min(k, len(out))]
}

// metres is the great-circle distance on the mean sphere.
func metres(a, b draw.Point) float64 {
	const rad = math.Pi / 180
	y, x := math.Sin((b.Lat-a.Lat)*rad/2), math.Sin((b.Lon-a.Lon)*rad/2)
	h := y*y + math.Cos(a.Lat*rad)*math.Cos(b.Lat*rad)*x*x
	return 2 * 6371008.8 * math.Asin(min(1, math.Sqrt(h)))
}
