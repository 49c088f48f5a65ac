package trie

// Hit is a key found by Walk.
type Hit struct {
	Key   string
	Edits int
}

const (
	maxEdits = 2
	band     = 2*maxEdits + 1
	maxKey   = 80 // characters of a key that are compared
)

// MaxQuery is how many characters of a query Walk takes.
const MaxQuery = 64

// Walk visits the keys within edits (at most two) of the query. An edit is a letter left out, added, put for another,
// or swapped with its neighbour. visit is called for each value and returns
// false to end the walk.
func (t Trie) Walk(query string, edits int, visit func(hit Hit, value uint32) bool) {
	w := walker{query: []rune(query), edits: min(max(edits, 0), maxEdits), visit: visit}
	if len(w.query) == 0 || len(w.query) > MaxQuery {
		return
	}
	for i := range band {
		w.rows[0][i] = far
		if j := i - w.edits; j >= 0 && j <= w.edits {
			w.rows[0][i] = uint8(j)
		}
	}
	w.walk(t.data, 0, decoder{})
}

const far = 100

// walker is the state of a walk: of every character of the key so far, the
// row of the edit distance's table, as far as it can matter: cell c of row i
// is the distance of i characters of the key to i+c-edits of the query.
type walker struct {
	query []rune
	edits int
	visit func(Hit, uint32) bool
	key   [maxKey]rune
	rows  [maxKey + 1][band]uint8
	done  bool
}

// walk visits siblings whose parent ends after depth characters.
func (w *walker) walk(siblings []byte, depth int, d decoder) {
	for !w.done {
		n, rest, ok := take(siblings)
		if !ok {
			return
		}
		siblings = rest
		deep, decode, alive := depth, d, true
		for _, b := range n.label {
			r, whole := decode.next(b)
			if !whole {
				continue
			}
			if deep == maxKey || !w.step(deep, r) {
				alive = false
				break
			}
			deep++
		}
		if !alive {
			continue
		}
		if edits, ok := w.match(deep); ok && decode.have == 0 {
			w.emit(n, deep, edits)
		}
		if n.below != nil {
			w.walk(n.below, deep, decode)
		}
	}
}

// step computes the row after character r of the key and tells whether a
// match is still possible.
func (w *walker) step(i int, r rune) bool {
	w.key[i] = r
	row, above := &w.rows[i+1], &w.rows[i]
	least := uint8(far)
	for c := 0; c <= 2*w.edits; c++ {
		j := i + 1 + c - w.edits // characters of the query
		v := uint8(far)
		if j >= 0 && j <= len(w.query) {
			if c < 2*w.edits {
				v = min(v, above[c+1]+1)
			}
			if c > 0 {
				v = min(v, row[c-1]+1)
			}
			if j > 0 {
				if w.query[j-1] == r {
					v = min(v, above[c])
				} else {
					v = min(v, above[c]+1)
				}
			}
			if i > 0 && j > 1 && w.query[j-2] == r && w.query[j-1] == w.key[i-1] {
				v = min(v, w.rows[i-1][c]+1)
			}
		}
		row[c] = v
		least = min(least, v)
	}
	return int(least) <= w.edits
}

// match is the distance of the key's first n characters to the whole query.
func (w *walker) match(n int) (int, bool) {
	c := len(w.query) - n + w.edits
	if c < 0 || c > 2*w.edits {
		return 0, false
	}
	v := int(w.rows[n][c])
	return v, v <= w.edits
}

func (w *walker) emit(n node, depth, edits int) {
	if n.values == nil {
		return
	}
	hit := Hit{string(w.key[:depth]), edits}
	n.each(func(v uint32) {
		if !w.done && !w.visit(hit, v) {
			w.done = true
		}
	})
}
