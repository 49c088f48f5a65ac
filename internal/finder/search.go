package finder

import (
	"slices"
	"strings"

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
	// Known are names of the query that mean destinations of the world, so that
	// a place of which nothing is published yet is not taken for a misspelling.
	Known []Toponym
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
	u := v.understand(q, o.Known)
	if len(u.words) == 0 {
		return r
	}
	parts, release := f.narrowed(v, &o)
	defer release()
	counts := f.newKindCounter(v)
	defer counts.release(f)
	asked := findtext.Options{Limit: want, Visit: counts.visit}
	as := findtext.Search(parts, u.words, asked)
	hits := ranked(as.Hits, 1)
	r.More, r.Partial = as.More, as.Partial
	if u.in != "" {
		hits, as = newSeek(v, q, u, parts, asked).answer(as, &r)
		r.Partial = false
	} else if as.Partial && (as.Corrected || len(u.words) > 2*len(strings.Fields(q))) {
		// What only resembles some of the words is no answer, nor what shares a
		// pair of characters in a script that writes no spaces.
		hits = slices.DeleteFunc(hits, func(h found) bool { return !v.mostly(h, as.Words, len(u.words)) })
		as.Corrected = len(hits) > 0 || len(as.Hits) == 0
		if len(hits) == 0 {
			hits = v.some(parts, u.words, asked)
			as.Corrected = as.Corrected && len(hits) == 0
		}
	}
	if r.Corrected = as.Corrected; r.Corrected {
		r.Suggestion = v.respell(q, u.words, &as)
	}
	r.Counts = counts.byKind
	r.Cards = v.cards(hits[min(o.Offset, len(hits)):])
	return r
}

// Quoted lists the documents of some kinds that have all the folded words of one
// of the phrases, none of them misspelt or left out: for finding where a text
// was taken from. At most limit of each, which may be the same. A word that
// nothing has ends the search for its phrase at once.
func (f *Finder) Quoted(phrases [][]string, kinds []Kind, limit int) (all []Card) {
	v := f.view()
	parts, release := f.narrowed(v, &SearchOptions{Kinds: kinds})
	defer release()
	for _, words := range phrases {
		hits := findtext.Search(parts, words, findtext.Options{Limit: limit, Exact: true}).Hits
		all = append(all, v.cards(ranked(hits, 1))...)
	}
	return all
}

// some is what has those of the words that names have as they are, when they
// are two or more and half of all that say something.
func (v *view) some(parts []findtext.Part, words []string, o findtext.Options) []found {
	var known []string
	say := 0
	for _, w := range words {
		if connecting[w] || len(w) < 3 {
			continue
		}
		say++
		if v.inNames([]string{w}) {
			known = append(known, w)
		}
	}
	if len(known) < 2 || 2*len(known) < say || len(known) == len(words) {
		return nil
	}
	a := findtext.Search(parts, known, o)
	if a.Corrected {
		return nil
	}
	return ranked(a.Hits, elsewhereWeight)
}

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

func (c *kindCounter) visit(part int, ords []uint32) bool {
	seen, kind := c.seen[part], c.v.parts[part].docs.kind
	for _, ord := range ords {
		if c.total >= CountLimit {
			return false
		}
		if !seen.Has(ord) {
			seen.Set(ord)
			c.total++
			c.byKind[kind[ord]]++
		}
	}
	return c.total < CountLimit
}
