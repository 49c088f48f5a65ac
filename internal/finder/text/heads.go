package text

import "slices"

// sieve is room for the head of a list that is not kept apart.
type sieve struct {
	ords  [siftBelow]uint32
	codes [siftBelow]code
}

// heads is the number of head postings of the terms from lo to hi.
func (ix *Index) heads(lo, hi uint32) int {
	n := 0
	for _, e := range ix.lists[lo:hi] {
		n += int(e.head.n)
	}
	return n
}

// openHead sets c on the documents that have term t in a name or a tag.
func (ix *Index) openHead(c *cursor, t uint32, s *sieve) {
	e := ix.lists[t]
	if e.head.off != noList {
		c.open(ix.arena, e.head)
		return
	}
	n := 0
	if e.head.n > 0 {
		c.open(ix.arena, e.all)
		for ; c.doc != done; c.next() {
			if k := c.code(); k >= headFrom {
				s.ords[n], s.codes[n] = c.doc, k
				n++
			}
		}
	}
	c.openSlice(s.ords[:n], s.codes[:n])
}

// postings is a list that is kept, or one put together for a question.
type postings struct {
	kept  bool
	list  list
	ords  []uint32
	codes []code
	dense *dense // of the list, when it is dense
	// most is the largest impact of all, and rest of those outside the head.
	most, rest float32
}

func (p *postings) len() int {
	if p.kept {
		return int(p.list.n)
	}
	return len(p.ords)
}

// open sets a cursor on the first posting. One that is to be held against
// another, which leads, takes the short way through a dense list.
func (p *postings) open(c *cursor, arena []byte, leads bool) {
	switch {
	case !p.kept:
		c.openSlice(p.ords, p.codes)
	case p.dense != nil && !leads:
		c.openDense(arena, p.list, p.dense)
	default:
		c.open(arena, p.list)
	}
}

// postings is the list as it is kept.
func (ix *Index) postings(l list) postings {
	p := postings{kept: true, list: l}
	if ix.isDense(l) {
		p.dense = ix.dense[l.off]
	}
	return p
}

// bound notes how much a posting may be worth.
func (p *postings) bound(ix *Index) {
	p.most, p.rest = 1, textMost
	if !p.kept || p.list.n <= blockLen {
		return
	}
	var rest, all uint8
	if p.dense != nil {
		rest, all = p.dense.rest, p.dense.all
	} else {
		dir := ix.arena[int(p.list.off)*4:]
		for b := range blocksOf(int(p.list.n)) {
			rest, all = max(rest, dir[b*dirLen+8]), max(all, dir[b*dirLen+9])
		}
	}
	p.most, p.rest = float32(all)/255, float32(rest)/255
}

// mergeBelow is the number of postings up to which the lists of many terms are
// put together while a reader waits.
const mergeBelow = 8192

// headOf is the head of a range of terms; node is that of the trie that spans
// it, or noNode.
func (ix *Index) headOf(lo, hi, node uint32) postings {
	if lo >= hi {
		return postings{}
	}
	if hi-lo == 1 && ix.lists[lo].head.off != noList {
		return ix.postings(ix.lists[lo].head)
	}
	if node != noNode {
		i, ok := slices.BinarySearchFunc(ix.grams, node, func(g gram, n uint32) int { return int(g.node) - int(n) })
		if ok {
			return ix.postings(ix.grams[i].list)
		}
	}
	return ix.join(lo, hi, true)
}

// allOf is every document of a range of terms, or none when they are too many
// to put together.
func (ix *Index) allOf(lo, hi uint32) postings {
	if lo >= hi {
		return postings{}
	}
	if hi-lo == 1 {
		return ix.postings(ix.lists[lo].all)
	}
	n := 0
	for _, e := range ix.lists[lo:hi] {
		if n += int(e.all.n); n > mergeBelow {
			return postings{}
		}
	}
	return ix.join(lo, hi, false)
}

// join puts the postings of several terms together, of each document the best.
func (ix *Index) join(lo, hi uint32, heads bool) postings {
	var (
		c    cursor
		s    sieve
		keys []uint64
	)
	for t := lo; t < hi && len(keys) < mergeBelow; t++ {
		if heads {
			ix.openHead(&c, t, &s)
		} else {
			c.open(ix.arena, ix.lists[t].all)
		}
		for ; c.doc != done && len(keys) < mergeBelow; c.next() {
			k := c.code()
			keys = append(keys, uint64(c.doc)<<32|uint64(255-steps255[k])<<8|uint64(k))
		}
	}
	slices.Sort(keys)
	p := postings{ords: make([]uint32, 0, len(keys)), codes: make([]code, 0, len(keys))}
	last := done
	for _, key := range keys {
		if ord := uint32(key >> 32); ord != last {
			p.ords, p.codes = append(p.ords, ord), append(p.codes, code(key))
			last = ord
		}
	}
	return p
}
