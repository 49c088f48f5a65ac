package text

import (
	"cmp"
	"slices"
)

// mark notes for every document the rarest terms that it shares with another:
// they tell what it is about when nobody has the text at hand any more.
func (ix *Index) mark() {
	terms := make([]uint32, 0, len(ix.lists))
	most := max(ix.n/20, 20)
	for t, e := range ix.lists {
		if e.all.n >= 2 && e.all.n <= most {
			terms = append(terms, uint32(t))
		}
	}
	slices.SortFunc(terms, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(ix.lists[a].all.n, ix.lists[b].all.n), cmp.Compare(a, b))
	})
	ix.marks = make([]uint32, int(ix.n)*marksPerDoc)
	have := make([]uint8, ix.n)
	open := int(ix.n)
	var c cursor
	for _, t := range terms {
		if open == 0 {
			return
		}
		for c.open(ix.arena, ix.lists[t].all); c.doc != done; c.next() {
			n := have[c.doc]
			if n == marksPerDoc {
				continue
			}
			ix.marks[c.doc*marksPerDoc+uint32(n)] = t + 1
			if have[c.doc]++; n+1 == marksPerDoc {
				open--
			}
		}
	}
}

// Near is a document like another, and how much.
type Near struct {
	Ord   uint32
	Score float32 // 0 to 1: the share of the weight of the other's telling terms
}

// similarWork bounds the postings that one question for similar documents
// looks at.
const similarWork = 50_000

// Telling lists the terms that tell document ord apart, rarest first, to ask
// another index for documents like it.
func (ix *Index) Telling(ord uint32) []string {
	var terms []string
	for _, m := range ix.marksOf(ord) {
		terms = append(terms, string(ix.dict.term(m-1)))
	}
	return terms
}

func (ix *Index) marksOf(ord uint32) []uint32 {
	if ord >= ix.n {
		return nil
	}
	marks := ix.marks[ord*marksPerDoc : (ord+1)*marksPerDoc]
	if i := slices.Index(marks, 0); i >= 0 {
		marks = marks[:i]
	}
	return marks
}

// Similar is the k documents most like document ord by the terms that tell it
// apart, best first.
func (ix *Index) Similar(ord uint32, k int) []Near {
	near := ix.SimilarTo(ix.Telling(ord), k+1)
	near = slices.DeleteFunc(near, func(n Near) bool { return n.Ord == ord })
	return near[:min(k, len(near))]
}

// SimilarTo is the k documents of this index that have most of the terms,
// weighted by their rarity here, best first.
func (ix *Index) SimilarTo(terms []string, k int) []Near {
	if k <= 0 {
		return nil
	}
	score := map[uint32]float32{}
	total, work := float32(0), 0
	var c cursor
	for _, term := range terms {
		t, ok := ix.dict.lookup([]byte(term))
		if !ok {
			total += rarity(1, int(ix.n))
			continue
		}
		weight := rarity(int(ix.lists[t].all.n), int(ix.n))
		total += weight
		for c.open(ix.arena, ix.lists[t].all); c.doc != done && work < similarWork; c.next() {
			// A name says more of what a thing is than its text does.
			score[c.doc] += weight * (0.5 + impacts[c.code()]/2)
			work++
		}
	}
	near := make([]Near, 0, len(score))
	for ord, s := range score {
		near = append(near, Near{ord, s / total})
	}
	slices.SortFunc(near, func(a, b Near) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Ord, b.Ord))
	})
	return near[:min(k, len(near))]
}
