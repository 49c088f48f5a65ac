package finder

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"mirabilia/internal/finder/facet"
	"mirabilia/internal/finder/text"
)

const (
	// tagWeight is what shared tags count for beside the likeness of texts:
	// editors chose the tags, words fall together by chance as well.
	tagWeight = 0.65
	// bestOfTag bounds how many documents of a tag are looked at in a part,
	// best rank first.
	bestOfTag = 250
	// alikeTexts bounds the documents of like text that are looked at, found
	// by so many of the words that tell the document apart.
	alikeTexts, tellingWords = 100, 5
	// perCountry bounds the documents of one country in an answer, so that it
	// leads out into the world. In an atlas of one country it is per
	// destination.
	perCountry = 2
)

// kin is a document that may be related.
type kin struct {
	*part
	ord     uint32
	country string // or another place to spread by; "" unknown
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
	words := p.text.Telling(ord)
	words = words[:min(len(words), tellingWords)]
	var all []kin
	for _, q := range v.parts {
		all = append(all, r.in(q, words)...)
	}
	var hits []Hit
	taken := map[string]int{}
	for len(hits) < k && len(all) > 0 {
		best := 0
		for i := range all {
			if all[i].before(&all[best]) {
				best = i
			}
		}
		c := all[best]
		all[best] = all[len(all)-1]
		all = all[:len(all)-1]
		if taken[c.country] < perCountry {
			taken[c.country]++
			hits = append(hits, Hit{Ref: c.docs.ref(c.ord), Score: c.score})
		}
	}
	return hits
}

// before reports whether c comes before d: by score, then by rank.
func (c *kin) before(d *kin) bool {
	if c.score != d.score {
		return c.score > d.score
	}
	return ahead(c.docs, c.ord, d.docs, d.ord)
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

// pool gathers the candidates of one part: of each country the best few.
type pool struct {
	*relation
	part *part
	// here is the term of the destination that they must not be in.
	here    facet.Term
	hasHere bool
	// first and last bound the terms of countries.
	first, last facet.Term
	best        [][]kin // by country; the last for none
	near        []text.Near
}

// in finds the candidates of one part.
func (r *relation) in(q *part, words []string) []kin {
	p := pool{relation: r, part: q, near: q.text.SimilarTo(words, alikeTexts)}
	if strings.Contains(r.here, "/") { // else there is no city to be elsewhere than
		p.here, p.hasHere = q.facet.Find(destinationKey(r.here))
	}
	p.first, p.last = q.facet.Range(childrenPrefix(""))
	p.best = make([][]kin, p.last-p.first+1)
	slices.SortFunc(p.near, func(a, b text.Near) int { return cmp.Compare(a.Ord, b.Ord) })
	r.sharing(q, func(ord uint32, tags float64) {
		for len(p.near) > 0 && p.near[0].Ord < ord {
			p.alike()
		}
		like := 0.0
		if len(p.near) > 0 && p.near[0].Ord == ord {
			like = float64(p.near[0].Score)
			p.near = p.near[1:]
		}
		p.consider(ord, tags, like)
	})
	for len(p.near) > 0 {
		p.alike()
	}
	return slices.Concat(p.best...)
}

// alike considers the next document of like text.
func (p *pool) alike() {
	n := p.near[0]
	p.near = p.near[1:]
	p.consider(n.Ord, p.shared(p.part, n.Ord), float64(n.Score))
}

// consider takes a document in when it may be related and is among the best of
// its country. They come in order of rank, so of equal ones the first are best.
func (p *pool) consider(ord uint32, tags, like float64) {
	country, here := p.last, false
	for _, t := range p.part.facet.Of(ord) {
		if t >= p.first && t < p.last {
			country = t
		}
		here = here || p.hasHere && t == p.here
	}
	list := p.best[country-p.first]
	score := p.score(tags, like)
	// Without countries to spread by, all have a say.
	full := p.level == 0 && len(list) == perCountry
	if here || full && score <= list[perCountry-1].score || !p.fits(p.part, ord) {
		return
	}
	c := kin{part: p.part, ord: ord, score: score}
	switch {
	case p.level > 0:
		c.country = p.part.destination(ord, p.level)
	case country != p.last:
		c.country = p.part.facet.Key(country)[2:]
	}
	if full {
		list = list[:perCountry-1]
	}
	i, _ := slices.BinarySearchFunc(list, score, func(k kin, s float64) int {
		if k.score >= s {
			return -1
		}
		return 1
	})
	p.best[country-p.first] = slices.Insert(list, i, c)
}

// fits reports whether a document may be related: alive, another one, and of
// the kind.
func (r *relation) fits(q *part, ord uint32) bool {
	return (q != r.part || ord != r.ord) && q.alive(ord) && family(q.docs.kind[ord]) == family(r.part.docs.kind[r.ord])
}

func (r *relation) score(tags, like float64) float64 {
	shared := 0.0
	if r.all > 0 {
		shared = tags / r.all
	}
	return tagWeight*shared + (1-tagWeight)*like
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
