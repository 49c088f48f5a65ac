package border

// cursor reads a cell. Beyond the end it reads zeros, so that a damaged table
// cannot make a look-up fail.
type cursor struct {
	data []byte
	at   int
}

// polyline is the head of a chain of steps: the lands beside it, its first
// point and the number of steps that follow.
type polyline struct {
	lands Land // exclusive or of the two; of a coast the land itself
	coast bool
	x, y  int32
	steps int
}

func (c *cursor) byte() byte {
	if c.at >= len(c.data) {
		return 0
	}
	b := c.data[c.at]
	c.at++
	return b
}

func (c *cursor) uvarint() uint32 {
	var v uint32
	for shift := uint(0); shift < 32; shift += 7 {
		b := c.byte()
		v |= uint32(b&0x7f) << shift
		if b < 0x80 {
			break
		}
	}
	return v
}

func (c *cursor) varint() int32 {
	var v uint32
	if c.at < len(c.data) && c.data[c.at] < 0x80 {
		v = uint32(c.data[c.at])
		c.at++
	} else {
		v = c.uvarint()
	}
	return int32(v>>1) ^ -int32(v&1)
}

func (c *cursor) chain() polyline {
	p := polyline{lands: Land(c.byte())}
	head := c.uvarint()
	p.coast = head&1 != 0
	p.steps = min(int(head>>1), len(c.data))
	p.x, p.y = int32(c.uvarint()), int32(c.uvarint())
	return p
}
