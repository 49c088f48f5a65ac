package text

import "encoding/binary"

// cursor walks a list by ordinal, forwards only.
type cursor struct {
	doc uint32 // where it stands; done at the end

	pos    int      // of doc in ords
	ords   []uint32 // the block under way
	codes  []code   // its codes, or the one they share
	shared bool

	arena  []byte // from the start of the list
	n      int    // postings in the list
	blocks int    // 0 when ords is all there is
	block  int    // the one under way

	dense *dense // when set, doc is found in it, and nothing above is of the list

	buf [blockLen]uint32
}

// open sets the cursor on the first posting of l.
func (c *cursor) open(arena []byte, l list) {
	c.n, c.pos, c.dense = int(l.n), 0, nil
	if l.n == 0 {
		c.blocks, c.ords, c.doc = 0, nil, done
		return
	}
	c.arena = arena[int(l.off)*4:]
	if c.n <= blockLen {
		c.blocks = 0
		c.load(c.arena[1:], c.arena[0], done, c.n)
		return
	}
	c.blocks = blocksOf(c.n)
	c.enter(0)
}

// openDense sets the cursor on the first posting of l, of which d is the set.
func (c *cursor) openDense(arena []byte, l list, d *dense) {
	c.n, c.blocks = int(l.n), blocksOf(int(l.n))
	c.arena, c.dense = arena[int(l.off)*4:], d
	c.doc = d.next(0)
}

// openSlice sets the cursor on postings that are unpacked already; codes may
// be one that all share.
func (c *cursor) openSlice(ords []uint32, codes []code) {
	c.ords, c.codes, c.shared = ords, codes, len(codes) == 1
	c.n, c.blocks, c.pos, c.doc, c.dense = len(ords), 0, 0, done, nil
	if len(ords) > 0 {
		c.doc = ords[0]
	}
}

func (c *cursor) load(src []byte, width byte, prev uint32, n int) {
	c.ords = c.buf[:n]
	c.codes = unpack(src, uint(width&^sameCode), prev, c.ords)
	c.shared = width&sameCode != 0
	c.pos, c.doc = 0, c.ords[0]
}

// enter unpacks block b.
func (c *cursor) enter(b int) {
	d := c.arena[b*dirLen:]
	prev, n := done, blockLen
	if b > 0 {
		prev = binary.LittleEndian.Uint32(c.arena[(b-1)*dirLen:])
	}
	if b == c.blocks-1 {
		n = c.n - b*blockLen
	}
	c.block = b
	c.load(c.arena[binary.LittleEndian.Uint32(d[4:]):], d[10], prev, n)
}

func (c *cursor) code() code {
	if c.dense != nil {
		return c.codeAt(c.dense.rank(c.doc))
	}
	if c.shared {
		return c.codes[0]
	}
	return c.codes[c.pos]
}

// codeAt reads the code of a posting where it lies.
func (c *cursor) codeAt(i int) code {
	b := i / blockLen
	d := c.arena[b*dirLen:]
	width, n := int(d[10]), min(blockLen, c.n-b*blockLen)
	codes := c.arena[int(binary.LittleEndian.Uint32(d[4:]))+(width&^sameCode*n+7)/8:]
	if width&sameCode != 0 {
		return codes[0]
	}
	return codes[i%blockLen]
}

// next moves to the following posting.
func (c *cursor) next() uint32 {
	if c.dense != nil {
		c.doc = c.dense.next(c.doc + 1)
		return c.doc
	}
	c.pos++
	if c.pos < len(c.ords) {
		c.doc = c.ords[c.pos]
		return c.doc
	}
	if c.block+1 < c.blocks {
		c.enter(c.block + 1)
		return c.doc
	}
	c.doc, c.blocks, c.ords = done, 0, nil
	return done
}

// seek moves to the first posting at or after ord.
func (c *cursor) seek(ord uint32) uint32 {
	if c.doc >= ord {
		return c.doc
	}
	if c.dense != nil {
		c.doc = c.dense.next(ord)
		return c.doc
	}
	if c.blocks > 0 && c.ords[len(c.ords)-1] < ord {
		b := c.find(ord)
		if b == c.blocks {
			c.doc, c.blocks, c.ords = done, 0, nil
			return done
		}
		c.enter(b)
		if c.doc >= ord {
			return c.doc
		}
	}
	// Neighbours are the common case; else gallop.
	lo := c.pos + 1
	for range 4 {
		if lo == len(c.ords) || c.ords[lo] >= ord {
			return c.stand(lo)
		}
		lo++
	}
	step := 1
	for lo+step < len(c.ords) && c.ords[lo+step] < ord {
		lo += step
		step *= 2
	}
	hi := min(lo+step+1, len(c.ords))
	for lo < hi {
		m := int(uint(lo+hi) >> 1)
		if c.ords[m] < ord {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return c.stand(lo)
}

// stand moves to a place in the block under way; past its end the list ends,
// since only lists without blocks are sought beyond their last posting.
func (c *cursor) stand(pos int) uint32 {
	if pos >= len(c.ords) {
		c.doc, c.blocks, c.ords = done, 0, nil
		return done
	}
	c.pos, c.doc = pos, c.ords[pos]
	return c.doc
}

// find is the first block after the one under way whose last ordinal is not
// before ord.
func (c *cursor) find(ord uint32) int {
	lo, step := c.block+1, 1
	for lo+step < c.blocks && c.last(lo+step) < ord {
		lo += step
		step *= 2
	}
	hi := min(lo+step+1, c.blocks)
	for lo < hi {
		m := int(uint(lo+hi) >> 1)
		if c.last(m) < ord {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo
}

func (c *cursor) last(block int) uint32 {
	return binary.LittleEndian.Uint32(c.arena[block*dirLen:])
}

// skip leaves out whole blocks, from the one under way on, whose largest
// impact outside the head is at most limit (in 255ths), and reports where it
// stands then.
func (c *cursor) skip(limit uint8) uint32 {
	b := c.block
	for b < c.blocks && c.arena[b*dirLen+8] <= limit {
		b++
	}
	switch {
	case b == c.block || c.blocks == 0:
	case b == c.blocks:
		c.doc, c.blocks, c.ords = done, 0, nil
	default:
		c.enter(b)
	}
	return c.doc
}
