package finder

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"mirabilia/internal/finder/facet"
)

const (
	// tagWeight is what shared tags count for beside the likeness of texts:
	// editors chose the tags, words fall together by chance as well.
	tagWeight = 0.65
	// bestOfTag bounds how many documents of a tag are looked at in a part,
	// best rank first.
	bestOfTag = 1000
	// alikeTexts bounds the documents of like text that are looked at.
	alikeTexts = 200
	// perCountry bounds the documents of one country in an answer, so that it
	// leads out into the world. In an atlas of one country it is per
	// destination.
	perCountry = 2
	// shortlist is the number kept of each country on the way.
	shortlist = 4
)

// kin is a document that may be related.
type kin struct {
	*part
	ord     uint32
	tags    float64 // weight of the shared tags
	text    float64 // likeness of the text, 0 to 1
	country string  // or another place to spread by; "" unknown
	score   float64
}

// relation is a question for what is related to one document.
type relation struct {
	v    *view
	part *part
	ord  uint32
	here string // its own narrowest destination
	// tags are the keys of its tags, weight their rarity (ln(1+N/n)), both in
	// order of the keys; all is the sum.
	tags   []string
	weight []float64
	all    float64
	level  int // of the destinations to spread by
}

// Related is the k documents most like one, by shared tags, the rarer the
// heavier, and by likeness of text: of its own kind (an eatery counts as a
// place), in other cities than its own, at most two of a country. Score is 0
// to 1. It finds the same as long as nothing changes.
func (f *Finder) Related(ref Ref, k int) []Hit {
	v := f.view()
	p, ord := v.find(ref)
	if p == nil || k <= 0 {
		return nil
	}
	r := newRelation(v, p, ord)
	var all []kin
	words := p.text.Telling(ord)
	for _, q := range v.parts {
		all = append(all, r.in(q, words)...)
	}
	slices.SortFunc(all, func(a, b kin) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.docs.rank[b.ord], a.docs.rank[a.ord]),
			compareRef(a.docs.kind[a.ord], a.docs.id[a.ord], b.docs.kind[b.ord], b.docs.id[b.ord]))
	})
	var hits []Hit
	taken := map[string]int{}
	for _, c := range all {
		if len(hits) == k {
			break
		}
		if taken[c.country] == perCountry {
			continue
		}
		taken[c.country]++
		hits = append(hits, Hit{Ref: c.docs.ref(c.ord), Score: c.score})
	}
	return hits
}

func newRelation(v *view, p *part, ord uint32) *relation {
	r := &relation{v: v, part: p, ord: ord, here: p.destination(ord, math.MaxInt)}
	countries := map[string]bool{}
	for _, q := range v.parts {
		for t, to := q.facet.Range(childrenPrefix("")); t < to && len(countries) < 2; t++ {
			countries[q.facet.Key(t)] = true
		}
	}
	if len(countries) < 2 {
		r.level = math.MaxInt
	}
	for _, t := range p.facet.Of(ord) {
		key := p.facet.Key(t)
		if key[0] != groupTag {
			continue
		}
		n := 0
		for _, q := range v.parts {
			if t, ok := q.facet.Find(key); ok {
				n += q.facet.Card(t)
			}
		}
		w := math.Log1p(float64(v.live()) / float64(n))
		r.tags = append(r.tags, key)
		r.weight = append(r.weight, w)
		r.all += w
	}
	return r
}

// destination is the path of the document at a level (0: country), or the
// narrowest it has above that; "" for none.
func (s *segment) destination(ord uint32, level int) string {
	path := ""
	for _, t := range s.facet.Of(ord) {
		if key := s.facet.Key(t); key[0] == groupDestination && int(key[1]-'0') <= level {
			path = key[2:] // they come widest first
		}
	}
	return path
}

// in finds the candidates of one part: of each country the best few.
func (r *relation) in(q *part, words []string) []kin {
	near := map[uint32]float64{}
	for _, n := range q.text.SimilarTo(words, alikeTexts) {
		near[n.Ord] = float64(n.Score)
	}
	best := map[string][]kin{}
	consider := func(ord uint32, tags float64) {
		c := kin{part: q, ord: ord, tags: tags, text: near[ord]}
		delete(near, ord)
		if !r.fits(q, ord) {
			return
		}
		c.country = q.destination(ord, r.level)
		c.score = r.score(&c)
		list := best[c.country]
		if len(list) == shortlist && c.score <= list[shortlist-1].score {
			return // ranks fall, so of equal ones the first are the best
		}
		list = append(list, c)
		slices.SortStableFunc(list, func(a, b kin) int { return cmp.Compare(b.score, a.score) })
		best[c.country] = list[:min(len(list), shortlist)]
	}
	r.sharing(q, consider)
	rest := make([]uint32, 0, len(near))
	for ord := range near {
		rest = append(rest, ord)
	}
	slices.Sort(rest)
	for _, ord := range rest {
		consider(ord, r.shared(q, ord))
	}
	var out []kin
	for _, list := range best {
		out = append(out, list...)
	}
	return out
}

// fits reports whether a document may be related: alive, another one, of the
// kind, and elsewhere.
func (r *relation) fits(q *part, ord uint32) bool {
	if q == r.part && ord == r.ord || !q.alive(ord) || family(q.docs.kind[ord]) != family(r.part.docs.kind[r.ord]) {
		return false
	}
	if !strings.Contains(r.here, "/") { // no city to be elsewhere than
		return true
	}
	t, ok := q.facet.Find(destinationKey(r.here))
	return !ok || !slices.Contains(q.facet.Of(ord), t)
}

func (r *relation) score(c *kin) float64 {
	shared := 0.0
	if r.all > 0 {
		shared = c.tags / r.all
	}
	return tagWeight*shared + (1-tagWeight)*c.text
}

// shared is the weight of the tags that a document shares.
func (r *relation) shared(q *part, ord uint32) float64 {
	sum := 0.0
	for i, key := range r.tags {
		if t, ok := q.facet.Find(key); ok && q.facet.Has(t, ord) {
			sum += r.weight[i]
		}
	}
	return sum
}

// run is the best documents of a tag in a part.
type run struct {
	term   facet.Term
	weight float64
	ords   []uint32
	cut    bool // there are more
}

// sharing calls f with documents of the part that share tags, in order of
// rank, and the weight of what they share.
func (r *relation) sharing(q *part, f func(ord uint32, tags float64)) {
	var runs []run
	for i, key := range r.tags {
		if t, ok := q.facet.Find(key); ok {
			n := min(q.facet.Card(t), bestOfTag)
			one := run{term: t, weight: r.weight[i], ords: make([]uint32, 0, n), cut: q.facet.Card(t) > n}
			q.facet.Each(t, func(ord uint32) bool {
				one.ords = append(one.ords, ord)
				return len(one.ords) < n
			})
			runs = append(runs, one)
		}
	}
	for {
		least := uint32(gone)
		for i := range runs {
			if len(runs[i].ords) > 0 {
				least = min(least, runs[i].ords[0])
			}
		}
		if least == gone {
			return
		}
		sum := 0.0
		for i := range runs {
			switch o := &runs[i]; {
			case len(o.ords) > 0 && o.ords[0] == least:
				o.ords = o.ords[1:]
				sum += o.weight
			case len(o.ords) == 0 && o.cut && q.facet.Has(o.term, least):
				sum += o.weight
			}
		}
		f(least, sum)
	}
}
