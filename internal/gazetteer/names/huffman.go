package names

import (
	"container/heap"
	"encoding/binary"
	"sort"
)

// code is a piece's Huffman code.
type code struct {
	bits   uint32
	length int
}

// huffman gives the pieces codes by how often the rows hold them, and writes
// the section that spell reads. Every piece counts at least once, so that
// all have a code, none shorter than eight bits is all ones, and any row of
// pieces can be written.
func huffman(rows [][]uint16, pieces []string) (section []byte, codes []code) {
	weight := make([]int, pieceCount)
	for i := range weight {
		weight[i] = 1
	}
	for _, row := range rows {
		for _, n := range row {
			weight[n]++
		}
	}
	lengths := codeLengths(weight)
	for tooLong(lengths) { // flatten until the longest code is short enough
		for i := range weight {
			weight[i] = weight[i]/2 + 1
		}
		lengths = codeLengths(weight)
	}
	order := make([]int, pieceCount)
	for i := range order {
		order[i] = i
	}
	sort.Slice(order, func(i, j int) bool {
		if x, y := lengths[order[i]], lengths[order[j]]; x != y {
			return x < y
		}
		return order[i] < order[j]
	})
	counts := make([]byte, 2*longest)
	codes = make([]code, pieceCount)
	ends, texts, next, length := []byte{0, 0}, []byte(nil), uint32(0), 0
	for _, n := range order {
		next <<= lengths[n] - length
		length = lengths[n]
		codes[n] = code{next, length}
		next++
		at := counts[2*(length-1):]
		binary.LittleEndian.PutUint16(at, binary.LittleEndian.Uint16(at)+1)
		if n < len(pieces) {
			texts = append(texts, pieces[n]...)
		}
		ends = binary.LittleEndian.AppendUint16(ends, uint16(len(texts)))
	}
	return append(append(counts, ends...), texts...), codes
}

func tooLong(lengths []int) bool {
	for _, n := range lengths {
		if n > longest {
			return true
		}
	}
	return false
}

// tree is a node of a Huffman tree.
type tree struct {
	weight, number int
	left, right    *tree
}

type forest []*tree

func (f forest) Len() int { return len(f) }
func (f forest) Less(i, j int) bool {
	return f[i].weight < f[j].weight || f[i].weight == f[j].weight && f[i].number < f[j].number
}
func (f forest) Swap(i, j int) { f[i], f[j] = f[j], f[i] }
func (f *forest) Push(x any)   { *f = append(*f, x.(*tree)) }
func (f *forest) Pop() any {
	last := (*f)[len(*f)-1]
	*f = (*f)[:len(*f)-1]
	return last
}

func codeLengths(weight []int) []int {
	f := make(forest, 0, len(weight))
	for i, w := range weight {
		f = append(f, &tree{weight: w, number: i})
	}
	heap.Init(&f)
	for number := len(weight); len(f) > 1; number++ {
		a, b := heap.Pop(&f).(*tree), heap.Pop(&f).(*tree)
		heap.Push(&f, &tree{a.weight + b.weight, number, a, b})
	}
	lengths := make([]int, len(weight))
	var descend func(t *tree, depth int)
	descend = func(t *tree, depth int) {
		if t.left == nil {
			lengths[t.number] = depth
			return
		}
		descend(t.left, depth+1)
		descend(t.right, depth+1)
	}
	descend(f[0], 0)
	return lengths
}

// pack writes the codes of a row, high bits first, and fills the last byte
// with ones.
func pack(row []uint16, codes []code) []byte {
	var b []byte
	free := 0
	for _, n := range row {
		for k := codes[n].length - 1; k >= 0; k-- {
			if free == 0 {
				b, free = append(b, 0xff), 8
			}
			free--
			if codes[n].bits>>k&1 == 0 {
				b[len(b)-1] &^= 1 << free
			}
		}
	}
	return b
}
