package facet

import "math/bits"

// Bits is a set of ordinals as one bit each, ordinal 0 first. Its length is
// fixed by NewBits to hold a segment; a nil Bits means "none" where a method
// is called on it, and callers that read nil as "all" say so.
type Bits []uint64

// NewBits makes an empty set with room for the ordinals 0 to n-1.
func NewBits(n int) Bits { return make(Bits, (n+63)/64) }

// Set puts i into the set.
func (b Bits) Set(i uint32) { b[i>>6] |= 1 << (i & 63) }

// Clear takes i out.
func (b Bits) Clear(i uint32) { b[i>>6] &^= 1 << (i & 63) }

// Has reports whether i is in the set.
func (b Bits) Has(i uint32) bool { return b != nil && b[i>>6]&(1<<(i&63)) != 0 }

// Count is the number of ordinals in the set.
func (b Bits) Count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// Fill puts the ordinals from to to-1 into the set.
func (b Bits) Fill(from, to uint32) {
	if from >= to {
		return
	}
	first, last := from>>6, (to-1)>>6
	head := ^uint64(0) << (from & 63)
	tail := ^uint64(0) >> (63 - (to-1)&63)
	if first == last {
		b[first] |= head & tail
		return
	}
	b[first] |= head
	for i := first + 1; i < last; i++ {
		b[i] = ^uint64(0)
	}
	b[last] |= tail
}

// And keeps what is also in c, a set of the same length; a nil c empties b.
func (b Bits) And(c Bits) {
	if c == nil {
		clear(b)
		return
	}
	for i := range b {
		b[i] &= c[i]
	}
}

// AndNot takes out what is in c, a set of the same length or nil.
func (b Bits) AndNot(c Bits) {
	if c == nil {
		return
	}
	for i := range b {
		b[i] &^= c[i]
	}
}

// Or adds what is in c, a set of the same length or nil.
func (b Bits) Or(c Bits) {
	for i, w := range c {
		b[i] |= w
	}
}

// Each calls f with every ordinal of the set, ascending, until f says false;
// it reports whether it reached the end.
func (b Bits) Each(f func(i uint32) bool) bool {
	for w, x := range b {
		for x != 0 {
			i := uint32(w<<6 + bits.TrailingZeros64(x))
			if !f(i) {
				return false
			}
			x &= x - 1
		}
	}
	return true
}

// Nth is the ordinal that has n others of the set before it.
func (b Bits) Nth(n int) (uint32, bool) {
	for w, x := range b {
		c := bits.OnesCount64(x)
		if n >= c {
			n -= c
			continue
		}
		for ; n > 0; n-- {
			x &= x - 1
		}
		return uint32(w<<6 + bits.TrailingZeros64(x)), true
	}
	return 0, false
}

// Clone is a copy of its own; of nil it is nil.
func (b Bits) Clone() Bits {
	if b == nil {
		return nil
	}
	return append(Bits(nil), b...)
}
