package names

import (
	"encoding/binary"
	"sort"
)

// maxPiece is the longest piece in bytes.
const maxPiece = 24

// Build makes the sections of a book from records; the first name of each is
// kept without its language. A name may be at most 100 bytes.
func Build(records [][]Name) (langs, pieces, index, texts []byte) {
	var langList []string
	number := map[string]byte{}
	var rows [][]uint16
	for _, names := range records {
		for k, n := range names {
			rows = append(rows, letters(n.Text))
			if _, ok := number[n.Lang]; !ok && k > 0 {
				number[n.Lang] = byte(len(langList))
				langList = append(langList, n.Lang)
				langs = append(append(langs, n.Lang...), 0)
			}
		}
	}
	pieces, codes := huffman(rows, learn(rows))
	row := 0
	for i, names := range records {
		if i%blockSize == 0 {
			index = append(index, byte(len(texts)), byte(len(texts)>>8), byte(len(texts)>>16))
		}
		var first, others []byte
		for k, n := range names {
			packed := pack(rows[row], codes)
			row++
			if k == 0 {
				first = packed
				continue
			}
			others = append(others, number[n.Lang], byte(len(packed)))
			others = append(others, packed...)
		}
		if others == nil {
			texts = binary.AppendUvarint(texts, uint64(len(first))<<1)
			texts = append(texts, first...)
			continue
		}
		texts = binary.AppendUvarint(texts, uint64(1+len(first)+len(others))<<1|1)
		texts = append(texts, byte(len(first)))
		texts = append(append(texts, first...), others...)
	}
	return langs, pieces, index, texts
}

func letters(s string) []uint16 {
	row := make([]uint16, len(s))
	for i := range len(s) {
		row[i] = uint16(s[i])
	}
	return row
}

// learn joins frequent neighbours in the rows, in place, until all numbers
// are given out, and returns the pieces. Some pairs that do not touch each
// other are joined in one pass, which is as good and much faster than one.
func learn(rows [][]uint16) []string {
	var pieces []string
	total := 256
	for i := range 256 {
		pieces = append(pieces, string([]byte{byte(i)}))
	}
	for len(pieces) < pieceCount {
		best := frequent(rows, pieces)
		if len(best) == 0 {
			break
		}
		join := map[[2]uint16]uint16{}
		touched := map[uint16]bool{}
		for _, p := range best {
			if len(pieces) == pieceCount || len(join) >= 1+len(pieces)/16 || total > 1<<16-2*maxPiece {
				break
			}
			if touched[p[0]] || touched[p[1]] {
				continue
			}
			touched[p[0]], touched[p[1]] = true, true
			join[p] = uint16(len(pieces))
			pieces = append(pieces, pieces[p[0]]+pieces[p[1]])
			total += len(pieces[len(pieces)-1])
		}
		if len(join) == 0 {
			break
		}
		for i, row := range rows {
			rows[i] = joined(row, join)
		}
	}
	return pieces
}

// frequent lists pairs of neighbours, the most frequent first.
func frequent(rows [][]uint16, pieces []string) [][2]uint16 {
	count := map[[2]uint16]int{}
	for _, row := range rows {
		for i := 1; i < len(row); i++ {
			if len(pieces[row[i-1]])+len(pieces[row[i]]) <= maxPiece {
				count[[2]uint16{row[i-1], row[i]}]++
			}
		}
	}
	var pairs [][2]uint16
	for p, n := range count {
		if n > 3 {
			pairs = append(pairs, p)
		}
	}
	sort.Slice(pairs, func(i, j int) bool {
		x, y := pairs[i], pairs[j]
		if count[x] != count[y] {
			return count[x] > count[y]
		}
		return x[0] < y[0] || x[0] == y[0] && x[1] < y[1]
	})
	return pairs[:min(len(pairs), 1000)]
}

func joined(row []uint16, join map[[2]uint16]uint16) []uint16 {
	out := row[:0]
	for i := 0; i < len(row); i++ {
		if i+1 < len(row) {
			if n, ok := join[[2]uint16{row[i], row[i+1]}]; ok {
				out = append(out, n)
				i++
				continue
			}
		}
		out = append(out, row[i])
	}
	return out
}
