package text

import (
	"cmp"
	"slices"
)

// top keeps the best hits, each document once, as a heap with the worst in
// front.
type top struct {
	limit int
	hits  []Hit
	named int // of hits, those with all words in one name
}

func (t *top) full() bool { return len(t.hits) >= t.limit }

// floor is the score that a new hit must exceed once the top is full.
func (t *top) floor() float32 { return t.hits[0].Score }

func better(a, b Hit) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Ord, b.Ord), cmp.Compare(a.Part, b.Part))
}

func (t *top) offer(h Hit) {
	if t.full() && better(h, t.hits[0]) >= 0 {
		return
	}
	for i := range t.hits {
		if t.hits[i].Ord == h.Ord && t.hits[i].Part == h.Part {
			if h.Score > t.hits[i].Score {
				t.count(t.hits[i], -1)
				t.count(h, 1)
				t.hits[i] = h
				t.down(i)
			}
			return
		}
	}
	t.count(h, 1)
	if !t.full() {
		t.hits = append(t.hits, h)
		t.up(len(t.hits) - 1)
		return
	}
	t.count(t.hits[0], -1)
	t.hits[0] = h
	t.down(0)
}

func (t *top) count(h Hit, by int) {
	if h.Name >= 0 {
		t.named += by
	}
}

func (t *top) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if better(t.hits[i], t.hits[parent]) <= 0 {
			return
		}
		t.hits[i], t.hits[parent] = t.hits[parent], t.hits[i]
		i = parent
	}
}

func (t *top) down(i int) {
	for {
		worst := i
		for _, child := range [...]int{2*i + 1, 2*i + 2} {
			if child < len(t.hits) && better(t.hits[child], t.hits[worst]) > 0 {
				worst = child
			}
		}
		if worst == i {
			return
		}
		t.hits[i], t.hits[worst] = t.hits[worst], t.hits[i]
		i = worst
	}
}

// sorted is the hits, best first.
func (t *top) sorted() []Hit {
	hits := slices.Clone(t.hits)
	slices.SortFunc(hits, better)
	return hits
}
