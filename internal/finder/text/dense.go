package text

import (
	"encoding/binary"
	"math/bits"
)

// denseOf says which lists are dense: those that one in so many documents, or
// more, are in. There are some hundred of them, whatever the atlas is.
const denseOf = 16

// dense says of every document in one step whether a list has it, and where
// its code lies. Words that stand nearly everywhere are what other words are
// held against: a cursor would unpack a block for each posting of theirs.
type dense struct {
	bits  []uint64
	ranks []uint32 // per rankWords words of bits, the postings before them
	rest  uint8    // the largest impact outside the head, in 255ths
	all   uint8    // the largest of all
}

const rankWords = 4

// next is the first ordinal of the list at or after ord.
func (d *dense) next(ord uint32) uint32 {
	i := int(ord >> 6)
	if i >= len(d.bits) {
		return done
	}
	if w := d.bits[i] >> (ord & 63); w != 0 {
		return ord + uint32(bits.TrailingZeros64(w))
	}
	for i++; i < len(d.bits); i++ {
		if w := d.bits[i]; w != 0 {
			return uint32(i*64 + bits.TrailingZeros64(w))
		}
	}
	return done
}

// rank is the number of postings before ord.
func (d *dense) rank(ord uint32) int {
	word := int(ord >> 6)
	n := int(d.ranks[word/rankWords])
	for _, w := range d.bits[word&^(rankWords-1) : word] {
		n += bits.OnesCount64(w)
	}
	return n + bits.OnesCount64(d.bits[word]&(1<<(ord&63)-1))
}

// densify makes the sets of all dense lists, which are never kept: they follow
// from the lists. It is false where a list is not as appendList writes them.
func (ix *Index) densify() bool {
	ix.dense = map[uint32]*dense{}
	for _, e := range ix.lists {
		for _, l := range [...]list{e.all, e.head} {
			if !ix.isDense(l) || ix.dense[l.off] != nil {
				continue
			}
			d := ix.newDense(l)
			if d == nil {
				return false
			}
			ix.dense[l.off] = d
		}
	}
	return true
}

func (ix *Index) isDense(l list) bool {
	return l.off != noList && l.n > blockLen && l.n >= ix.n/denseOf
}

// newDense reads a list that is longer than a block; nil when it is broken.
func (ix *Index) newDense(l list) *dense {
	words := (int(ix.n) + 63) / 64
	d := &dense{bits: make([]uint64, words), ranks: make([]uint32, (words+rankWords-1)/rankWords)}
	var buf [blockLen]uint32
	arena := ix.arena[int(l.off)*4:]
	blocks := blocksOf(int(l.n))
	if blocks*dirLen > len(arena) {
		return nil
	}
	prev := done
	for b := range blocks {
		dir, n := arena[b*dirLen:], min(blockLen, int(l.n)-b*blockLen)
		from, w := int(binary.LittleEndian.Uint32(dir[4:])), int(dir[10]&^sameCode)
		if w > 32 || from+(w*n+7)/8+padding > len(arena) {
			return nil
		}
		unpack(arena[from:], uint(w), prev, buf[:n])
		for _, ord := range buf[:n] {
			if ord >= ix.n || prev != done && ord <= prev {
				return nil
			}
			d.bits[ord>>6] |= 1 << (ord & 63)
			prev = ord
		}
		d.rest, d.all = max(d.rest, dir[8]), max(d.all, dir[9])
	}
	n := 0
	for i, w := range d.bits {
		if i%rankWords == 0 {
			d.ranks[i/rankWords] = uint32(n)
		}
		n += bits.OnesCount64(w)
	}
	return d
}

func (ix *Index) denseSize() (n int) {
	for _, d := range ix.dense {
		n += len(d.bits)*8 + len(d.ranks)*4
	}
	return n
}
