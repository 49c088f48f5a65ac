package text

import (
	"encoding/binary"
	"math/bits"
)

// blockLen is the number of postings that are packed together.
const blockLen = 128

// noList is the offset of a list that is not kept.
const noList = ^uint32(0)

// done is the ordinal after the last one.
const done = ^uint32(0)

// list says where n postings lie: off counts words of four bytes, so that
// 16 GiB can be addressed.
type list struct{ off, n uint32 }

// The layout of a list of up to blockLen postings is one block with a byte in
// front: its bit width, and sameCode when one code serves all. A longer list
// begins with a directory, dirLen bytes a block: the last ordinal, the offset
// of the block from the start of the list, the largest impact that is not of
// the head, the largest of all, the width byte, and nothing.
//
// A block is the gaps between ordinals, less one, in as many bits each as the
// largest needs, then the codes.
const (
	dirLen   = 12
	sameCode = 0x80
)

// appendList packs the postings onto arena, which stays a multiple of four
// long; a reader may look eight bytes past the end (see padArena).
func appendList(arena []byte, ords []uint32, codes []code) ([]byte, list) {
	l := list{off: uint32(len(arena) / 4), n: uint32(len(ords))}
	if len(ords) <= blockLen {
		arena = append(arena, blockWidth(done, ords, codes))
		arena = appendBlock(arena, done, ords, codes)
	} else {
		start := len(arena)
		blocks := blocksOf(len(ords))
		arena = append(arena, make([]byte, blocks*dirLen)...)
		prev := done
		for b := range blocks {
			o := ords[b*blockLen : min(len(ords), (b+1)*blockLen)]
			c := codes[b*blockLen : b*blockLen+len(o)]
			d := arena[start+b*dirLen:]
			binary.LittleEndian.PutUint32(d, o[len(o)-1])
			binary.LittleEndian.PutUint32(d[4:], uint32(len(arena)-start))
			d[8], d[9] = maxima(c)
			d[10] = blockWidth(prev, o, c)
			arena = appendBlock(arena, prev, o, c)
			prev = o[len(o)-1]
		}
	}
	for len(arena)%4 != 0 {
		arena = append(arena, 0)
	}
	return arena, l
}

// blocksOf is the number of blocks of n postings.
func blocksOf(n int) int { return (n + blockLen - 1) / blockLen }

func maxima(codes []code) (rest, all uint8) {
	for _, c := range codes {
		s := steps255[c]
		all = max(all, s)
		if c < headFrom {
			rest = max(rest, s)
		}
	}
	return rest, all
}

func blockWidth(prev uint32, ords []uint32, codes []code) byte {
	var or uint32
	for _, o := range ords {
		or |= o - prev - 1
		prev = o
	}
	w := byte(bits.Len32(or))
	for _, c := range codes {
		if c != codes[0] {
			return w
		}
	}
	return w | sameCode
}

func appendBlock(dst []byte, prev uint32, ords []uint32, codes []code) []byte {
	width := blockWidth(prev, ords, codes)
	w := uint(width &^ sameCode)
	var acc uint64
	var have uint
	for _, o := range ords {
		acc |= uint64(o-prev-1) << have
		prev = o
		have += w
		for have >= 8 {
			dst = append(dst, byte(acc))
			acc >>= 8
			have -= 8
		}
	}
	if have > 0 {
		dst = append(dst, byte(acc))
	}
	if width&sameCode != 0 {
		return append(dst, codes[0])
	}
	return append(dst, codes...)
}

// padding is what must follow the last list.
const padding = 8

// padArena makes it safe to load eight bytes anywhere in a block.
func padArena(arena []byte) []byte { return append(arena, make([]byte, padding)...) }

// unpack reads len(ords) gaps of w bits from src and returns the rest of src,
// where the codes begin.
func unpack(src []byte, w uint, prev uint32, ords []uint32) []byte {
	if w == 0 {
		for i := range ords {
			prev++
			ords[i] = prev
		}
		return src
	}
	mask := uint64(1)<<w - 1
	bit, i := uint(0), 0
	if w <= (64-7)/4 { // four gaps at once, as nearly always
		for ; i+4 <= len(ords); i += 4 {
			v := binary.LittleEndian.Uint64(src[bit>>3:]) >> (bit & 7)
			four := ords[i : i+4 : i+4]
			a := prev + uint32(v&mask) + 1
			v >>= w
			b := a + uint32(v&mask) + 1
			v >>= w
			c := b + uint32(v&mask) + 1
			v >>= w
			prev = c + uint32(v&mask) + 1
			four[0], four[1], four[2], four[3] = a, b, c, prev
			bit += 4 * w
		}
	}
	for ; i < len(ords); i++ {
		v := binary.LittleEndian.Uint64(src[bit>>3:]) >> (bit & 7) & mask
		bit += w
		prev += uint32(v) + 1
		ords[i] = prev
	}
	return src[(bit+7)>>3:]
}
