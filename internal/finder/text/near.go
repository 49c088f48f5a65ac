package text

import "unicode/utf8"

// maxRunes bounds the words whose misspellings are looked for: a bit for each
// beginning of one, the empty one too. Terms have no more bytes than one more.
const maxRunes = 63

// maxVisits bounds the nodes that a search looks at for misspellings, of all
// its words in all its parts: some ten milliseconds.
const maxVisits = 400_000

// walker looks for the terms near a word: edit distance with a swap of
// neighbours as one edit (optimal string alignment), computed along the trie.
// Of the table of distances it keeps one row for each depth, and of a row one
// set for each number of edits: bit j says that the first j characters of the
// word are no more edits from the path (Wu, Manber 1992).
type walker struct {
	d     *dictionary
	word  []rune
	limit int
	// beginning asks for terms that begin with something near the word.
	beginning bool
	emit      func(lo, hi uint32, edits, depth int)

	left  int         // nodes that may still be looked at
	whole uint64      // a bit for each beginning of the word
	ascii [128]uint64 // of a character, the beginnings that end in it
	path  [maxRunes + 3]uint64
	rows  [maxRunes + 3][farEdits + 1]uint64
}

// near calls emit for each range of terms within limit edits of word, with the
// number of edits and of the characters that were compared. It looks at no more
// than visits nodes and returns how many of them are left.
func (d *dictionary) near(word []rune, limit int, beginning bool, visits int, emit func(lo, hi uint32, edits, depth int)) (left int) {
	if len(word) == 0 || len(word) > maxRunes || d.len() == 0 {
		return visits
	}
	w := walker{left: visits, d: d, word: word, limit: limit, beginning: beginning, emit: emit, whole: ^uint64(0) >> (maxRunes - len(word))}
	for j, r := range word {
		if r < int32(len(w.ascii)) {
			w.ascii[r] |= 2 << j
		}
	}
	for edits := range limit + 1 {
		w.rows[0][edits] = (2<<edits - 1) & w.whole
	}
	w.visit(0, uint32(len(d.label)), 1)
	return w.left
}

// visit goes through the nodes from first to end that lie at one depth.
func (w *walker) visit(first, end uint32, depth int) {
	for node := first; node < end && w.left > 0; node = w.d.end[node] {
		w.left--
		if !w.step(depth, w.d.label[node]) {
			continue
		}
		edits := w.edits(depth)
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
		if depth > len(w.word)+w.limit || depth > maxRunes+1 || !w.step(depth, r) {
			return
		}
		if edits := w.edits(depth); w.beginning && edits <= w.limit {
			w.emit(t, t+1, edits, depth)
			return
		}
	}
	if edits := w.edits(depth); edits <= w.limit {
		w.emit(t, t+1, edits, depth)
	}
}

// step fills the row of a depth for the character r; false when nothing below
// it can be near enough.
func (w *walker) step(depth int, r rune) bool {
	here := w.where(r)
	w.path[depth] = here
	row, up := &w.rows[depth], &w.rows[depth-1]
	row[0] = up[0] << 1 & here
	for n := 1; n <= w.limit; n++ {
		same, other := up[n]<<1&here, up[n-1]<<1
		more, less := up[n-1], row[n-1]<<1 // a character too many, or one left out
		row[n] = same | other | more | less
		if depth > 1 {
			row[n] |= w.rows[depth-2][n-1] << 2 & w.path[depth-1] & (here << 1)
		}
		row[n] &= w.whole
	}
	return row[w.limit] != 0
}

// where is the beginnings of the word that end in r.
func (w *walker) where(r rune) (bits uint64) {
	if r < int32(len(w.ascii)) {
		return w.ascii[r]
	}
	for j, c := range w.word {
		if c == r {
			bits |= 2 << j
		}
	}
	return bits
}

// edits is how far the word is from the path, limit+1 for farther.
func (w *walker) edits(depth int) int {
	for n, row := range w.rows[depth][:w.limit+1] {
		if row>>len(w.word) != 0 {
			return n
		}
	}
	return w.limit + 1
}
