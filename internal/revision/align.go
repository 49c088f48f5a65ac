package revision

// What one comparison may cost: cells of the tables for stretches without a
// unique word, and how deep stretches are cut. What is left beyond is told as
// replaced, which is true, only coarser.
const (
	maxCells = 300_000
	maxDepth = 40
)

// align pairs the tokens of a with equal ones of b, in order: the index in b,
// or -1. It is patience diff: tokens that stand once on both sides are paired
// first, as people read a change, and what lies between them is compared with
// the classical table.
func align(a, b []string) []int {
	ids := make(map[string]int32, len(a))
	number := func(list []string) []int32 {
		out := make([]int32, len(list))
		for i, s := range list {
			id, ok := ids[s]
			if !ok {
				id = int32(len(ids))
				ids[s] = id
			}
			out[i] = id
		}
		return out
	}
	al := aligner{a: number(a), b: number(b), match: make([]int, len(a)), cells: maxCells}
	for i := range al.match {
		al.match[i] = -1
	}
	al.seen = make([]sighting, len(ids))
	al.between(0, len(a), 0, len(b), 0)
	return al.match
}

type aligner struct {
	a, b  []int32
	match []int
	seen  []sighting // by token, reset after each use
	cells int        // that may still be spent
}

// sighting is how often a token stands in either stretch, and where.
type sighting struct{ inA, inB, atA, atB int }

// between pairs a[a0:a1] with b[b0:b1].
func (al *aligner) between(a0, a1, b0, b1, depth int) {
	for a0 < a1 && b0 < b1 && al.a[a0] == al.b[b0] {
		al.match[a0] = b0
		a0, b0 = a0+1, b0+1
	}
	for a0 < a1 && b0 < b1 && al.a[a1-1] == al.b[b1-1] {
		a1, b1 = a1-1, b1-1
		al.match[a1] = b1
	}
	n, m := a1-a0, b1-b0
	if n == 0 || m == 0 {
		return
	}
	if n*m <= 256 {
		al.table(a0, a1, b0, b1)
		return
	}
	anchors := al.anchors(a0, a1, b0, b1)
	if len(anchors) == 0 || depth == maxDepth {
		if n*m <= al.cells {
			al.table(a0, a1, b0, b1)
		}
		return
	}
	for _, x := range anchors {
		al.match[x.atA] = x.atB
		al.between(a0, x.atA, b0, x.atB, depth+1)
		a0, b0 = x.atA+1, x.atB+1
	}
	al.between(a0, a1, b0, b1, depth+1)
}

// anchors is the longest rising row of tokens that stand once in each stretch.
func (al *aligner) anchors(a0, a1, b0, b1 int) []sighting {
	for i := a0; i < a1; i++ {
		s := &al.seen[al.a[i]]
		s.inA++
		s.atA = i
	}
	for j := b0; j < b1; j++ {
		s := &al.seen[al.b[j]]
		s.inB++
		s.atB = j
	}
	var once []sighting
	for i := a0; i < a1; i++ {
		if s := al.seen[al.a[i]]; s.inA == 1 && s.inB == 1 {
			once = append(once, s)
		}
	}
	for i := a0; i < a1; i++ {
		al.seen[al.a[i]] = sighting{}
	}
	for j := b0; j < b1; j++ {
		al.seen[al.b[j]] = sighting{}
	}
	return rising(once)
}

// rising is the longest subsequence whose places in b rise, by piles.
func rising(list []sighting) []sighting {
	var piles []int // index of the top of each pile
	before := make([]int, len(list))
	for i, s := range list {
		low, high := 0, len(piles)
		for low < high {
			if mid := (low + high) / 2; list[piles[mid]].atB < s.atB {
				low = mid + 1
			} else {
				high = mid
			}
		}
		before[i] = -1
		if low > 0 {
			before[i] = piles[low-1]
		}
		if low == len(piles) {
			piles = append(piles, i)
		} else {
			piles[low] = i
		}
	}
	out := make([]sighting, len(piles))
	if len(piles) > 0 {
		for i, k := piles[len(piles)-1], len(piles)-1; k >= 0; i, k = before[i], k-1 {
			out[k] = list[i]
		}
	}
	return out
}

// table pairs by the longest common subsequence.
func (al *aligner) table(a0, a1, b0, b1 int) {
	n, m := a1-a0, b1-b0
	al.cells -= n * m
	wide := m + 1
	length := make([]int32, (n+1)*wide) // of what can still be paired from (i, j)
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			if al.a[a0+i] == al.b[b0+j] {
				length[i*wide+j] = length[(i+1)*wide+j+1] + 1
			} else {
				length[i*wide+j] = max(length[(i+1)*wide+j], length[i*wide+j+1])
			}
		}
	}
	for i, j := 0, 0; i < n && j < m; {
		switch {
		case al.a[a0+i] == al.b[b0+j]:
			al.match[a0+i] = b0 + j
			i, j = i+1, j+1
		case length[(i+1)*wide+j] >= length[i*wide+j+1]:
			i++
		default:
			j++
		}
	}
}
