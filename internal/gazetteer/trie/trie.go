// Package trie is a dictionary of names that is read where it lies, and finds
// them in spite of misspellings.
//
// A node is a head byte (length of its label in the low four bits, 15 for a
// length that follows; then flags), the label in the code of code.go, the
// values, and its children's size and the children, one after another. So a
// node that cannot match is stepped over without looking at what is below.
package trie

import (
	"encoding/binary"
	"sort"
)

const (
	labelBits   = 15
	flagValue   = 1 << 4 // values follow
	flagList    = 1 << 5 // more than one
	flagBranch  = 1 << 6 // children follow
	maxLabel    = 1 << 12
	valueLength = 3
)

// Entry is a key with a value below 1<<24.
type Entry struct {
	Key   string
	Value uint32
}

// Build makes a trie; equal entries count once.
func Build(entries []Entry) []byte {
	type coded struct {
		key   string
		value uint32
	}
	all := make([]coded, len(entries))
	for i, e := range entries {
		all[i] = coded{string(encode(nil, e.Key)), e.Value}
	}
	sort.Slice(all, func(i, j int) bool {
		if all[i].key != all[j].key {
			return all[i].key < all[j].key
		}
		return all[i].value < all[j].value
	})
	keys := make([]string, 0, len(all))
	var values [][]uint32
	for i, e := range all {
		switch {
		case i == 0 || e.key != all[i-1].key:
			keys, values = append(keys, e.key), append(values, []uint32{e.value})
		case e.value != all[i-1].value:
			values[len(values)-1] = append(values[len(values)-1], e.value)
		}
	}
	return branch(nil, keys, values, 0)
}

// branch appends the nodes of keys that agree in their first n bytes; a key
// of that length belongs to the parent and must not be among them.
func branch(b []byte, keys []string, values [][]uint32, n int) []byte {
	for i := 0; i < len(keys); {
		j := i
		for j < len(keys) && keys[j][n] == keys[i][n] {
			j++
		}
		b = appendNode(b, keys[i:j], values[i:j], n)
		i = j
	}
	return b
}

func appendNode(b []byte, keys []string, values [][]uint32, n int) []byte {
	first, last := keys[0], keys[len(keys)-1]
	end := n
	for end < len(first) && end < len(last) && first[end] == last[end] && end-n < maxLabel-1 {
		end++
	}
	head, length := byte(end-n), end-n
	if length >= labelBits {
		head = labelBits
	}
	own := len(first) == end
	if own {
		head |= flagValue
		if len(values[0]) > 1 {
			head |= flagList
		}
	}
	if !own || len(keys) > 1 {
		head |= flagBranch
	}
	b = append(b, head)
	if length >= labelBits {
		b = binary.AppendUvarint(b, uint64(length))
	}
	b = append(b, first[n:end]...)
	if own {
		b = appendValues(b, values[0])
		keys, values = keys[1:], values[1:]
	}
	if len(keys) > 0 {
		below := branch(nil, keys, values, end)
		b = binary.AppendUvarint(b, uint64(len(below)))
		b = append(b, below...)
	}
	return b
}

func appendValues(b []byte, values []uint32) []byte {
	if len(values) > 1 {
		b = binary.AppendUvarint(b, uint64(len(values)))
	}
	b = append(b, byte(values[0]), byte(values[0]>>8), byte(values[0]>>16))
	for i := 1; i < len(values); i++ {
		b = binary.AppendUvarint(b, uint64(values[i]-values[i-1]))
	}
	return b
}

// Trie is a dictionary made by Build.
type Trie struct{ data []byte }

// Open reads a trie. Damage makes names be missed, never a panic.
func Open(data []byte) Trie { return Trie{data} }

// node is a node taken apart; its parts are parts of the trie.
type node struct {
	label  []byte
	values []byte // coded
	list   bool
	below  []byte // the children
}

// take parses the first of some siblings and gives the others; ok is false at
// the end, and at damage.
func take(siblings []byte) (n node, rest []byte, ok bool) {
	if len(siblings) == 0 {
		return n, nil, false
	}
	head := siblings[0]
	at, length := 1, int(head&labelBits)
	if length == labelBits {
		v, used := binary.Uvarint(siblings[at:])
		if used <= 0 || v >= maxLabel {
			return n, nil, false
		}
		length, at = int(v), at+used
	}
	if length == 0 || at+length > len(siblings) {
		return n, nil, false
	}
	n.label = siblings[at : at+length]
	at += length
	if head&flagValue != 0 {
		n.list = head&flagList != 0
		size := valueLength
		if n.list {
			if size = listSize(siblings[at:]); size < 0 {
				return n, nil, false
			}
		}
		if at+size > len(siblings) {
			return n, nil, false
		}
		n.values = siblings[at : at+size]
		at += size
	}
	if head&flagBranch != 0 {
		v, used := binary.Uvarint(siblings[at:])
		if used <= 0 || v > uint64(len(siblings)-at-used) {
			return n, nil, false
		}
		at += used
		n.below = siblings[at : at+int(v)]
		at += int(v)
	}
	return n, siblings[at:], true
}

// listSize is the length in bytes of a list of values, or -1.
func listSize(b []byte) int {
	count, used := binary.Uvarint(b)
	if used <= 0 || count > uint64(len(b)) {
		return -1
	}
	at := used + valueLength
	for ; count > 1; count-- {
		for at < len(b) && b[at] >= 0x80 {
			at++
		}
		at++
	}
	if at > len(b) {
		return -1
	}
	return at
}

// each calls visit with the node's values.
func (n node) each(visit func(uint32)) {
	if n.values == nil {
		return
	}
	b, count := n.values, uint64(1)
	if n.list {
		var used int
		count, used = binary.Uvarint(b)
		b = b[used:]
	}
	v := uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16
	visit(v)
	b = b[valueLength:]
	for ; count > 1; count-- {
		d, used := binary.Uvarint(b)
		if used <= 0 {
			return
		}
		v += uint32(d)
		visit(v)
		b = b[used:]
	}
}

// Find calls visit with the values of a key.
func (t Trie) Find(key string, visit func(value uint32)) {
	var buf [96]byte
	code := encode(buf[:0], key)
	siblings := t.data
	for len(code) > 0 {
		n, rest, ok := take(siblings)
		if !ok {
			return
		}
		if n.label[0] != code[0] {
			siblings = rest
			continue
		}
		if len(n.label) > len(code) || string(n.label) != string(code[:len(n.label)]) {
			return
		}
		code = code[len(n.label):]
		if len(code) == 0 {
			n.each(visit)
			return
		}
		siblings = n.below
	}
}

// Begins visits the keys that begin with the given letters, in the order of
// their codes. visit returns false to end it.
func (t Trie) Begins(letters string, visit func(key string, value uint32) bool) {
	code := encode(nil, letters)
	siblings, at := t.data, 0
	for len(code) > 0 {
		n, rest, ok := take(siblings)
		if !ok {
			return
		}
		left := code[at:]
		same := 0
		for same < len(left) && same < len(n.label) && left[same] == n.label[same] {
			same++
		}
		switch {
		case same == len(left):
			every(n, append([]byte(nil), code[:at]...), visit)
			return
		case same == len(n.label):
			siblings, at = n.below, at+same
		case same > 0:
			return
		default:
			siblings = rest
		}
	}
}

// every visits a node and all below it; before is the code above it.
func every(n node, before []byte, visit func(key string, value uint32) bool) bool {
	code, more := append(before, n.label...), true
	if n.values != nil {
		key := decode(code)
		n.each(func(v uint32) { more = more && visit(key, v) })
	}
	for siblings := n.below; more; {
		child, rest, ok := take(siblings)
		if !ok {
			break
		}
		siblings, more = rest, every(child, code, visit)
	}
	return more
}
