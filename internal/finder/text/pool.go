package text

import "encoding/binary"

// pool keeps the growing posting lists of a Builder, each a chain of chunks of
// growing size in shared pages, so that a hundred million postings make a few
// hundred objects.
type pool struct{ pages [][]byte }

// chain is one list in a pool: gaps of ordinals as varints, each with its code.
type chain struct {
	head uint32 // address of its first chunk, in words of four bytes
	page uint32 // where it is written
	at   uint32
	end  uint32
	last uint32
	n    uint32
	size uint8 // of the chunk under way, an index into chunkSizes
}

const (
	pageLen  = 1 << 20
	pageMask = pageLen/4 - 1
)

// chunkSizes are multiples of four; the last four bytes of a chunk hold the
// address of the next.
var chunkSizes = [...]uint32{12, 20, 36, 68, 132, 260, 516, 1028, 4100}

// chunk finds room for a chunk of the i-th size and returns its page and start.
func (p *pool) chunk(i uint8) (page, at uint32) {
	want := int(chunkSizes[i])
	last := len(p.pages) - 1
	if last < 0 || len(p.pages[last])+want > pageLen {
		p.pages = append(p.pages, make([]byte, 0, pageLen))
		last++
	}
	at = uint32(len(p.pages[last]))
	p.pages[last] = p.pages[last][:int(at)+want]
	return uint32(last), at
}

func address(page, at uint32) uint32 { return page*(pageLen/4) + at/4 }

// put appends a posting to a chain; ordinals must grow.
func (p *pool) put(c *chain, ord uint32, k code) {
	gap := ord
	if c.n == 0 {
		c.page, c.at = p.chunk(0)
		c.end, c.head = c.at+chunkSizes[0]-4, address(c.page, c.at)
	} else {
		gap = ord - c.last
	}
	c.last = ord
	c.n++
	for gap >= 0x80 {
		p.byte(c, byte(gap)|0x80)
		gap >>= 7
	}
	p.byte(c, byte(gap))
	p.byte(c, k)
}

func (p *pool) byte(c *chain, b byte) {
	if c.at == c.end {
		next := min(c.size+1, uint8(len(chunkSizes)-1))
		page, at := p.chunk(next)
		binary.LittleEndian.PutUint32(p.pages[c.page][c.end:], address(page, at))
		c.page, c.at, c.size = page, at, next
		c.end = at + chunkSizes[next] - 4
	}
	p.pages[c.page][c.at] = b
	c.at++
}

// read appends the postings of a chain to ords and codes.
func (p *pool) read(c *chain, ords []uint32, codes []code) ([]uint32, []code) {
	if c.n == 0 {
		return ords, codes
	}
	r := chainReader{pool: p, page: p.pages[c.head/(pageLen/4)], at: c.head & pageMask * 4}
	r.end = r.at + chunkSizes[0] - 4
	ord := uint32(0)
	for range c.n {
		gap, shift := uint32(0), 0
		for {
			b := r.byte()
			gap |= uint32(b&0x7f) << shift
			if b < 0x80 {
				break
			}
			shift += 7
		}
		ord += gap
		ords = append(ords, ord)
		codes = append(codes, r.byte())
	}
	return ords, codes
}

type chainReader struct {
	pool    *pool
	page    []byte
	at, end uint32
	size    uint8
}

func (r *chainReader) byte() byte {
	if r.at == r.end {
		next := binary.LittleEndian.Uint32(r.page[r.end:])
		r.page, r.at = r.pool.pages[next/(pageLen/4)], next&pageMask*4
		r.size = min(r.size+1, uint8(len(chunkSizes)-1))
		r.end = r.at + chunkSizes[r.size] - 4
	}
	b := r.page[r.at]
	r.at++
	return b
}
