package text

import "unicode/utf8"

// maxRunes bounds the words whose misspellings are looked for; terms are no
// longer in bytes.
const maxRunes = 64

// maxVisits bounds the nodes that a search looks at for misspellings, of all
// its words in all its parts: some ten milliseconds.
const maxVisits = 400_000

// walker looks for the terms near a word: edit distance with a swap of
// neighbours as one edit (optimal string alignment), computed along the trie
// with one row of the table for each depth.
type walker struct {
	d     *dictionary
	word  []rune
	limit int
	// beginning asks for terms that begin with something near the word.
	beginning bool
	emit      func(lo, hi uint32, edits, depth int)

	left int // nodes that may still be looked at
	path [maxRunes + 3]rune
	rows [maxRunes + 3][maxRunes + 3]uint8
}

// near calls emit for each range of terms within limit edits of word, with the
// number of edits and of the characters that were compared. It looks at no more
// than visits nodes and returns how many of them are left.
func (d *dictionary) near(word []rune, limit int, beginning bool, visits int, emit func(lo, hi uint32, edits, depth int)) (left int) {
	if len(word) == 0 || len(word) > maxRunes || d.len() == 0 {
		return visits
	}
	w := walker{left: visits, d: d, word: word, limit: limit, beginning: beginning, emit: emit}
	for j := range w.rows[0][:len(word)+1] {
		w.rows[0][j] = uint8(min(j, limit+1))
	}
	w.visit(0, uint32(len(d.label)), 1)
	return w.left
}

// visit goes through the nodes from first to end that lie at one depth.
func (w *walker) visit(first, end uint32, depth int) {
	for node := first; node < end && w.left > 0; node = w.d.end[node] {
		w.left--
		least := w.step(depth, w.d.label[node])
		if least > w.limit {
			continue
		}
		edits := int(w.rows[depth][len(w.word)])
		lo, hi := w.d.nodeTerms(node)
		if w.beginning && edits <= w.limit {
			w.emit(lo, hi, edits, depth)
			continue
		}
		if hi-lo == 1 {
			w.tail(lo, depth)
			continue
		}
		if edits <= w.limit && w.ends(lo, depth) {
			w.emit(lo, lo+1, edits, depth)
		}
		if depth < len(w.word)+w.limit && depth < maxRunes {
			w.visit(node+1, w.d.end[node], depth+1)
		}
	}
}

// ends reports whether term t has just depth characters.
func (w *walker) ends(t uint32, depth int) bool {
	return utf8.RuneCount(w.d.term(t)) == depth
}

// tail follows the rest of a term that no other shares.
func (w *walker) tail(t uint32, depth int) {
	rest := w.d.term(t)
	for range depth {
		_, size := utf8.DecodeRune(rest)
		rest = rest[size:]
	}
	for len(rest) > 0 {
		r, size := utf8.DecodeRune(rest)
		rest = rest[size:]
		depth++
		if depth > len(w.word)+w.limit || depth > maxRunes+1 || w.step(depth, r) > w.limit {
			return
		}
		if edits := int(w.rows[depth][len(w.word)]); w.beginning && edits <= w.limit {
			w.emit(t, t+1, edits, depth)
			return
		}
	}
	if edits := int(w.rows[depth][len(w.word)]); edits <= w.limit {
		w.emit(t, t+1, edits, depth)
	}
}

// step fills the row of a depth for the character r and returns its least
// value. Only the cells within limit of the diagonal can matter.
func (w *walker) step(depth int, r rune) int {
	w.path[depth] = r
	over := uint8(w.limit + 1)
	row, up := &w.rows[depth], &w.rows[depth-1]
	from, to := max(1, depth-w.limit), min(len(w.word), depth+w.limit)
	least := over
	if depth <= w.limit {
		row[0], least = uint8(depth), uint8(depth)
	} else {
		row[from-1] = over
	}
	for j := from; j <= to; j++ {
		v := up[j-1]
		if w.word[j-1] != r {
			v = min(v, row[j-1], up[j]) + 1
			if depth > 1 && j > 1 && w.word[j-1] == w.path[depth-1] && w.word[j-2] == r {
				v = min(v, w.rows[depth-2][j-2]+1)
			}
		}
		v = min(v, over)
		row[j] = v
		least = min(least, v)
	}
	if to < len(w.word) {
		row[to+1] = over
		if to+1 < len(w.word) {
			row[len(w.word)] = over
		}
	}
	return int(least)
}
