package text

import (
	"bytes"
	"sort"
	"unicode/utf8"
)

// dictionary holds the terms in the order of their bytes; a term is known by
// its number in that order, so that the terms with one beginning are a range.
// A trie over them, laid out in the order of a walk from left to right, finds
// ranges and misspellings. It ends where a single term is left: the rest of
// that term is read from its spelling.
type dictionary struct {
	offs []uint32 // len()+1 offsets into text
	text []byte

	label []rune   // per node, the character that leads to it
	end   []uint32 // per node, the first node after those below it
	first []uint32 // per node, its first term; one more at the end
}

func (d *dictionary) len() int { return max(len(d.offs)-1, 0) }

func (d *dictionary) size() int {
	return len(d.offs)*4 + len(d.text) + len(d.label)*12
}

// term is the spelling of term t.
func (d *dictionary) term(t uint32) []byte { return d.text[d.offs[t]:d.offs[t+1]] }

// nodeTerms is the range of terms at and below a node.
func (d *dictionary) nodeTerms(node uint32) (lo, hi uint32) {
	return d.first[node], d.first[d.end[node]]
}

// lookup finds a term.
func (d *dictionary) lookup(term []byte) (uint32, bool) {
	t := d.search(term)
	if t < uint32(d.len()) && bytes.Equal(d.term(t), term) {
		return t, true
	}
	return 0, false
}

// search is the first term that is not before b.
func (d *dictionary) search(b []byte) uint32 {
	return uint32(sort.Search(d.len(), func(i int) bool {
		return bytes.Compare(d.term(uint32(i)), b) >= 0
	}))
}

// starting is the range of terms that begin with prefix.
func (d *dictionary) starting(prefix []byte) (lo, hi uint32) {
	lo = d.search(prefix)
	rest := d.len() - int(lo)
	hi = lo + uint32(sort.Search(rest, func(i int) bool {
		return !bytes.HasPrefix(d.term(lo+uint32(i)), prefix)
	}))
	return lo, hi
}

// noNode is the node of no range.
const noNode = ^uint32(0)

// nodeOf is the node of the trie that spans just the terms from lo to hi which
// begin with prefix, or noNode when the trie ends before it.
func (d *dictionary) nodeOf(prefix []byte) uint32 {
	from, end, node := uint32(0), uint32(len(d.label)), noNode
	for len(prefix) > 0 {
		r, size := utf8.DecodeRune(prefix)
		prefix = prefix[size:]
		for from < end && d.label[from] != r {
			from = d.end[from]
		}
		if from >= end {
			return noNode
		}
		node = from
		from, end = node+1, d.end[node]
	}
	return node
}

// newDictionary takes terms in ascending order without repeats; term i is
// text[offs[i]:offs[i+1]].
func newDictionary(offs []uint32, text []byte) dictionary {
	d := dictionary{offs: offs, text: text}
	if len(offs) > 1 {
		d.grow(0, uint32(len(offs)-1), 0)
	}
	d.first = append(d.first, uint32(d.len()))
	return d
}

// grow appends the nodes below a node whose terms lo to hi share depth bytes.
func (d *dictionary) grow(lo, hi uint32, depth uint32) {
	if d.offs[lo]+depth == d.offs[lo+1] {
		lo++ // ends at the node itself
	}
	for lo < hi {
		r, size := utf8.DecodeRune(d.text[d.offs[lo]+depth : d.offs[lo+1]])
		to := d.sharing(lo, hi, depth, uint32(size))
		node := len(d.label)
		d.label = append(d.label, r)
		d.first = append(d.first, lo)
		d.end = append(d.end, 0)
		if to-lo > 1 {
			d.grow(lo, to, depth+uint32(size))
		}
		d.end[node] = uint32(len(d.label))
		lo = to
	}
}

// sharing is the end of the terms from lo on that have the same size bytes
// after depth as lo has.
func (d *dictionary) sharing(lo, hi, depth, size uint32) uint32 {
	at := func(t uint32) []byte {
		from := d.offs[t] + depth
		return d.text[from:min(from+size, d.offs[t+1])]
	}
	want := at(lo)
	step := uint32(1)
	for lo+step < hi && bytes.Equal(at(lo+step), want) {
		step *= 2
	}
	from, to := lo+step/2+1, min(lo+step, hi)
	return from + uint32(sort.Search(int(max(to, from)-from), func(i int) bool {
		return !bytes.Equal(at(from+uint32(i)), want)
	}))
}
