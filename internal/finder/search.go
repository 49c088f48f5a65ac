package finder

import (
	"cmp"
	"slices"

	"mirabilia/internal/finder/facet"
	findtext "mirabilia/internal/finder/text"
	"mirabilia/internal/geo"
)

// SearchOptions narrow a search as Filter does, and say which hits are wanted.
type SearchOptions struct {
	Kinds     []Kind // any of; empty: all
	In        string // destination path
	Tags      []string
	Box       *geo.Box
	Near      *geo.Public
	Radius    float64 // metres around Near; 0: no limit
	Status    []string
	Photos    bool
	Facts     map[string]string
	Obscurity *[2]uint8
	Limit     int // 0: 20; Offset and Limit together at most 500
	Offset    int
}

func (o *SearchOptions) filter() *Filter {
	return &Filter{Kinds: o.Kinds, In: o.In, Tags: o.Tags, Box: o.Box, Near: o.Near, Radius: o.Radius,
		Status: o.Status, Photos: o.Photos, Facts: o.Facts, Obscurity: o.Obscurity}
}

func (o *SearchOptions) narrows() bool {
	return len(o.Kinds) > 0 || o.In != "" || len(o.Tags) > 0 || o.Box != nil || o.Near != nil ||
		len(o.Status) > 0 || o.Photos || len(o.Facts) > 0 || o.Obscurity != nil
}

const (
	defaultHits = 20
	maxHits     = 500
)

// CountLimit is the number of matches after which Result.Counts goes no
// further; Result.More is set then.
const CountLimit = 10_000

// insideWeight is what a match of the other words inside a place that the
// query names is worth beside a match of all its words.
const insideWeight = 0.92

// found is a hit of a search in the view.
type found struct {
	findtext.Hit
	score float64
}

// Search answers a query with one ranked list. It forgives misspellings, left
// out accents and any order of words, and takes the name of a destination
// among the words as the place to look in. Queries are read up to 200
// characters and 16 words. The work of one search is bounded.
func (f *Finder) Search(q string, o SearchOptions) Result {
	if o.Limit <= 0 {
		o.Limit = defaultHits
	}
	o.Offset = min(max(o.Offset, 0), maxHits)
	want := min(o.Offset+o.Limit, maxHits)
	v := f.view()
	var r Result
	u := v.understand(q)
	if len(u.words) == 0 {
		return r
	}
	parts, release := f.narrowed(v, &o)
	defer release()
	counts := f.newKindCounter(v)
	defer counts.release(f)
	as := findtext.Search(parts, u.words, findtext.Options{Limit: want, Visit: counts.visit})
	hits := ranked(as.Hits, 1)
	r.More = as.More
	if u.in != "" {
		r.In = u.in
		hits, as = f.located(v, parts, u, hits, as, want, counts.visit, &r)
	}
	if as.Corrected {
		r.Suggestion = v.respell(q, u.words, &as)
	}
	r.Counts = counts.byKind
	r.Cards = v.cards(hits[min(o.Offset, len(hits)):])
	return r
}

// located joins what a search found for all the words with what lies in the
// place that some of them name.
func (f *Finder) located(v *view, parts []findtext.Part, u query, hits []found, as findtext.Answer, want int, visit func(part int, ord uint32) bool, r *Result) ([]found, findtext.Answer) {
	if len(u.rest) == 0 {
		if len(hits) < want {
			hits = mergeHits(hits, v.within(parts, u.in, want, visit), want)
		}
		return hits, as
	}
	inside := f.inside(v, parts, u, findtext.Options{Limit: want, Visit: visit})
	r.More = r.More || inside.More
	switch {
	case !inside.Partial && len(inside.Hits) > 0:
		r.Rest = joinWords(u.rest)
		if as.Partial { // what has some of the words is no match for what has them there
			hits, as = nil, findtext.Answer{Words: as.Words}
		}
		hits = mergeHits(hits, ranked(inside.Hits, insideWeight), want)
	case as.Partial: // nothing there has the other words: the place, then what has them elsewhere
		place := findtext.Search(parts, u.place, findtext.Options{Limit: want, Visit: visit})
		rest := findtext.Search(parts, u.rest, findtext.Options{Limit: want, Visit: visit})
		less := ranked(slices.Concat(place.Hits, rest.Hits), elsewhereWeight)
		for i := range less {
			h := &less[i]
			if d := v.parts[h.Part].docs; d.kind[h.Ord] == Destination && d.slug(h.Ord) == u.in {
				h.score = 1
			}
		}
		hits = mergeHits(hits, less, want)
	}
	return hits, as
}

// elsewhereWeight is what having only the name of the place, or only the other
// words, is worth when nothing has both: less than having most of all words.
const elsewhereWeight = 0.3

// narrowed is the parts of the view as the options leave them; release gives
// back what it borrowed.
func (f *Finder) narrowed(v *view, o *SearchOptions) (parts []findtext.Part, release func()) {
	if !o.narrows() {
		return v.textParts(nil), func() {}
	}
	s := f.keep(v, o.filter())
	parts = make([]findtext.Part, len(v.parts))
	for i := range s.sel {
		parts[i] = s.sel[i].searchable(s.sel[i].bits)
	}
	return parts, s.release
}

// inside searches the destination that the query names for its other words.
func (f *Finder) inside(v *view, parts []findtext.Part, u query, o findtext.Options) findtext.Answer {
	if len(u.rest) == 0 {
		return findtext.Answer{}
	}
	local := make([]findtext.Part, len(parts))
	for i, p := range v.parts {
		set := p.within(u.in)
		outer := parts[i].Keep
		local[i] = p.searchable(set)
		if outer != nil {
			local[i].Keep = func(ord uint32) bool { return set.Has(ord) && outer(ord) }
		}
	}
	return findtext.Search(local, u.rest, o)
}

// placeScore is what lying in the destination that a query names is worth: as
// much as having its name among the names of places.
const placeScore = 0.5

// within is the best known n of what lies in a destination, whatever it is
// called: whoever asks for Прага finds what Prague has.
func (v *view) within(parts []findtext.Part, path string, n int, visit func(part int, ord uint32) bool) []found {
	var hits []found
	for i, p := range v.parts {
		left := n
		p.within(path).Each(func(ord uint32) bool {
			if !p.alive(ord) || parts[i].Keep != nil && !parts[i].Keep(ord) {
				return true
			}
			if left > 0 {
				left--
				h := findtext.Hit{Part: i, Ord: ord, Name: -1}
				hits = append(hits, found{h, placeScore + float64(squash(p.docs.rank[ord]))})
			}
			return visit(i, ord)
		})
	}
	return hits
}

// squash brings a rank between 0 and 0.1, keeping its order.
func squash(rank float32) float32 {
	rank = min(max(rank, -1e6), 1e6)
	return 0.05 + 0.05*rank/(1+max(rank, -rank))
}

func ranked(hits []findtext.Hit, weight float64) []found {
	out := make([]found, len(hits))
	for i, h := range hits {
		out[i] = found{h, float64(h.Score) * weight}
	}
	return out
}

// mergeHits is the best n of two lists, each document once.
func mergeHits(a, b []found, n int) []found {
	all := append(a, b...)
	slices.SortStableFunc(all, func(x, y found) int {
		return cmp.Or(cmp.Compare(y.score, x.score), cmp.Compare(x.Part, y.Part), cmp.Compare(x.Ord, y.Ord))
	})
	type document struct {
		part int
		ord  uint32
	}
	seen := make(map[document]bool, len(all))
	all = slices.DeleteFunc(all, func(h found) bool {
		d := document{h.Part, h.Ord}
		again := seen[d]
		seen[d] = true
		return again
	})
	return all[:min(n, len(all))]
}

// cards shows hits.
func (v *view) cards(hits []found) []Card {
	cards := make([]Card, len(hits))
	for i, h := range hits {
		d := v.parts[h.Part].docs
		c := d.card(h.Ord)
		c.Score = h.score
		if h.Name > 0 {
			if other := d.aliases(h.Ord); h.Name <= len(other) {
				c.Alias = other[h.Name-1].Name
			}
		}
		cards[i] = c
	}
	return cards
}

// kindCounter counts matches by kind, each document once.
type kindCounter struct {
	v      *view
	seen   []facet.Bits
	byKind [kinds]int
	total  int
}

// newKindCounter borrows its sets from f; release gives them back.
func (f *Finder) newKindCounter(v *view) *kindCounter {
	c := &kindCounter{v: v, seen: make([]facet.Bits, len(v.parts))}
	for i, p := range v.parts {
		c.seen[i] = f.takeBits(p.docs.len())
	}
	return c
}

func (c *kindCounter) release(f *Finder) {
	for _, b := range c.seen {
		f.giveBits(b)
	}
}

func (c *kindCounter) visit(part int, ord uint32) bool {
	if !c.seen[part].Has(ord) {
		c.seen[part].Set(ord)
		c.total++
		c.byKind[c.v.parts[part].docs.kind[ord]]++
	}
	return c.total < CountLimit
}
