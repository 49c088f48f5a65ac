package trie

// Hit is a key found by Walk.
type Hit struct {
	Key   string
	Edits int
}

const (
	maxEdits = 2
	// sureLetters is how many letters may have only one edit among them.
	sureLetters = 2
	maxKey      = MaxQuery + maxEdits + 1 // characters of a key that can matter
)

// MaxQuery is how many characters of a query Walk takes.
const MaxQuery = 61

// Walk visits the keys within edits (at most two) of the query. An edit is a
// letter left out, added, put for another, or swapped with its neighbour
// (optimal string alignment). Of two edits only one may be among the first two
// letters of the key, where people err least and a search pays most. visit is called for each value and returns
// false to end the walk.
func (t Trie) Walk(query string, edits int, visit func(hit Hit, value uint32) bool) {
	w := walker{edits: min(max(edits, 0), maxEdits), visit: visit}
	for _, r := range query {
		if w.length == MaxQuery {
			return
		}
		w.length++
		w.mark(r, 1<<w.length)
	}
	if w.length == 0 {
		return
	}
	for d := range min(w.edits, 1) + 1 {
		w.rows[0].reach[d] = 1<<(d+1) - 1
	}
	w.walk(t.data, 0, decoder{})
}

// row is what is known after some characters of the key: bit j of reach[d] is
// set if they can become the first j characters of the query by d edits (Wu
// and Manber, "Fast text searching allowing errors", 1992); where holds the
// places of the last of them in the query.
type row struct {
	reach [maxEdits + 1]uint64
	where uint64
}

type walker struct {
	plain  [128]uint64 // places of each ASCII character in the query
	other  []place
	length int
	edits  int
	visit  func(Hit, uint32) bool
	key    [maxKey]rune
	rows   [maxKey + 1]row
	done   bool
}

// place tells where a character stands in the query: bit j for the jth.
type place struct {
	char rune
	bits uint64
}

func (w *walker) mark(r rune, bit uint64) {
	if r >= 0 && r < 128 {
		w.plain[r] |= bit
		return
	}
	for i := range w.other {
		if w.other[i].char == r {
			w.other[i].bits |= bit
			return
		}
	}
	w.other = append(w.other, place{r, bit})
}

func (w *walker) places(r rune) uint64 {
	if r >= 0 && r < 128 {
		return w.plain[r]
	}
	for i := range w.other {
		if w.other[i].char == r {
			return w.other[i].bits
		}
	}
	return 0
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
			var r rune
			if b < longForm && decode.have == 0 { // most letters, spared the call
				r = simple[b]
			} else if c, whole := decode.next(b); whole {
				r = c
			} else {
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
		if n.values != nil && decode.have == 0 {
			w.match(n, deep)
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
	above, now := &w.rows[i], &w.rows[i+1]
	now.where = w.places(r)
	any := above.reach[0] << 1 & now.where
	now.reach[0] = any
	edits := w.edits
	if i < sureLetters {
		edits, now.reach[maxEdits] = min(edits, 1), 0
	}
	for d := 1; d <= edits; d++ {
		v := above.reach[d]<<1&now.where | // the same letter
			above.reach[d-1] | // one too many
			above.reach[d-1]<<1 | // another letter
			now.reach[d-1]<<1 // one too few
		if i > 0 { // two swapped
			v |= w.rows[i-1].reach[d-1] << 2 & above.where & (now.where << 1)
		}
		now.reach[d] = v
		any |= v
	}
	return any&(1<<(w.length+1)-1) != 0
}

// match visits a node's values if its key is near enough.
func (w *walker) match(n node, depth int) {
	for d, reach := range w.rows[depth].reach[:w.edits+1] {
		if reach>>w.length&1 == 0 {
			continue
		}
		hit := Hit{string(w.key[:depth]), d}
		n.each(func(v uint32) {
			if !w.done && !w.visit(hit, v) {
				w.done = true
			}
		})
		return
	}
}
