package space

import (
	"sync"

	"mirabilia/internal/geo"
)

// node is a point of the tree: a unit vector, and in one word the ordinal (the
// low 30 bits) and the axis by which the node divides what is below it.
type node struct {
	v    [3]float32
	word uint32
}

const (
	leaf     = 16 // this many points or fewer are searched one by one
	axisBits = 30
	ordMask  = 1<<axisBits - 1
	// MaxOrdinal bounds the documents of a segment.
	MaxOrdinal = ordMask
	// fork is the size above which both halves are built side by side.
	fork = 1 << 16
)

func newNode(p geo.Public, ord uint32) node {
	x, y, z := p.Unit()
	return node{[3]float32{float32(x), float32(y), float32(z)}, ord}
}

func (n *node) ord() uint32 { return n.word & ordMask }

// grow arranges the nodes as a tree: the middle one divides the rest along
// the axis on which they spread most, the lesser before it, the greater after.
// (Taking the axes in turn, as usual, wastes a level in three on a sphere,
// whose pieces are flat.)
func grow(a []node) {
	for len(a) > leaf {
		axis := widest(a)
		m := len(a) / 2
		selectNth(a, m, axis)
		a[m].word |= uint32(axis) << axisBits
		left, right := a[:m], a[m+1:]
		if len(a) > fork {
			var both sync.WaitGroup
			both.Go(func() { grow(left) })
			grow(right)
			both.Wait()
			return
		}
		grow(left)
		a = right
	}
}

func widest(a []node) int {
	lo, hi := a[0].v, a[0].v
	step := 1
	if len(a) > 4096 { // a sample tells as much
		step = len(a) / 1024
	}
	for i := 0; i < len(a); i += step {
		for k, c := range a[i].v {
			lo[k], hi[k] = min(lo[k], c), max(hi[k], c)
		}
	}
	axis := 0
	for k := 1; k < 3; k++ {
		if hi[k]-lo[k] > hi[axis]-lo[axis] {
			axis = k
		}
	}
	return axis
}

// selectNth is Hoare's selection: it puts into place k the node that belongs
// there, none greater before it and none less after.
func selectNth(a []node, k, axis int) {
	lo, hi := 0, len(a)-1
	for lo < hi {
		x := median(a[lo].v[axis], a[lo+(hi-lo)/2].v[axis], a[hi].v[axis])
		i, j := lo, hi
		for i <= j {
			for a[i].v[axis] < x {
				i++
			}
			for a[j].v[axis] > x {
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

func median(a, b, c float32) float32 {
	return max(min(a, b), min(max(a, b), c))
}
