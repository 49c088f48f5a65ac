package finder

import (
	"cmp"
	"slices"
	"strings"

	"mirabilia/internal/finder/facet"
	findtext "mirabilia/internal/finder/text"
)

// insideWeight is what a match of the other words inside a place that the
// query names is worth beside a match of all its words.
const insideWeight = 0.92

// elsewhereWeight is what having only the name of the place, or only the other
// words, is worth when nothing has both: less than having most of all words.
const elsewhereWeight = 0.3

// placeScore is what lying in the destination that a query names is worth: as
// much as having its name among the names of places.
const placeScore = 0.5

// hereInstead is how much of a page shows what lies in the destination when
// nothing there has the words; the rest shows where else they are found.
const hereInstead = 2 // one in two

// seek is a search under way whose query names a destination.
type seek struct {
	v     *view
	u     query
	parts []findtext.Part
	sets  []facet.Bits // what lies in the destination, a part each
	o     findtext.Options
	typed string // the other words, as they were typed
	whole map[spot]bool
}

func newSeek(v *view, q string, u query, parts []findtext.Part, o findtext.Options) *seek {
	s := &seek{v: v, u: u, parts: parts, sets: make([]facet.Bits, len(v.parts)), o: o, typed: asTyped(q, u.rest)}
	for i, p := range v.parts {
		s.sets[i] = v.within(p, u.in)
	}
	s.whole = s.called()
	return s
}

// answer joins what a search found for all the words with what lies in the
// place that some of them name. What lies there comes first, always, but for
// what is called just like the whole query. Where nothing there has the other
// words it says so: with what is there, and then with where else they are.
func (s *seek) answer(all findtext.Answer, r *Result) ([]found, findtext.Answer) {
	r.In = s.u.in
	hits := ranked(all.Hits, 1)
	if len(s.u.rest) == 0 {
		switch {
		case all.Partial || s.changed(all):
			hits, all = s.within(s.o.Limit), findtext.Answer{Words: s.u.words}
		case !s.o.Typing && (len(hits) < s.o.Limit || hits[len(hits)-1].score < placeScore):
			hits = mergeHits(hits, s.within(s.o.Limit), s.o.Limit)
		}
		return hits, all
	}
	if all.Partial || s.changed(all) { // what has some of the words is no match for what has them there
		hits, all = nil, findtext.Answer{Partial: true}
	}
	inside := s.inside()
	r.More = r.More || inside.More
	if inside.Partial { // a name there that has most of the words is there
		inside.Hits = slices.DeleteFunc(inside.Hits, func(h findtext.Hit) bool {
			return !s.v.mostly(found{Hit: h}, s.u.rest, len(s.u.rest))
		})
	}
	there := len(inside.Hits) > 0
	var rest findtext.Answer
	if !there && !slices.ContainsFunc(hits, s.holds) {
		hits = nil // words somewhere in texts of other places are no answer to "there"
	}
	if (!there || inside.Corrected) && len(hits) == 0 {
		rest = findtext.Search(s.parts, s.u.rest, s.o)
		there = there && (rest.Corrected || rest.Partial)
	}
	switch {
	case there && !(inside.Corrected && len(hits) > 0 && !all.Corrected):
		r.Rest = s.typed
		if inside.Corrected {
			all = s.corrected(inside)
		}
		return s.insideFirst(hits, ranked(inside.Hits, insideWeight)), all
	case len(hits) > 0:
		return s.insideFirst(hits, nil), all
	}
	r.Rest, r.Elsewhere = s.typed, true
	return s.elsewhere(rest), s.corrected(rest)
}

// changed reports whether an answer reads words that name the place as others:
// what the world calls a place so is no misspelling.
func (s *seek) changed(a findtext.Answer) bool {
	return a.Corrected && (len(a.Words) != len(s.u.words) ||
		slices.ContainsFunc(s.u.place, func(w string) bool { return !slices.Contains(a.Words, w) }))
}

// corrected is the answer for the other words as one for the whole query.
func (s *seek) corrected(rest findtext.Answer) findtext.Answer {
	a := findtext.Answer{Hits: rest.Hits, Words: slices.Clone(s.u.words), Corrected: rest.Corrected}
	if len(rest.Words) != len(s.u.rest) {
		a.Corrected = false
		return a
	}
	read := map[string]string{}
	for i, w := range s.u.rest {
		read[w] = rest.Words[i]
	}
	for i, w := range a.Words {
		if to, ok := read[w]; ok {
			a.Words[i] = to
		}
	}
	return a
}

// inside searches the destination for the other words.
func (s *seek) inside() findtext.Answer {
	local := make([]findtext.Part, len(s.parts))
	for i, p := range s.v.parts {
		set, outer := s.sets[i], s.parts[i].Keep
		local[i] = p.searchable(set)
		if outer != nil {
			local[i].Keep = func(ord uint32) bool { return set.Has(ord) && outer(ord) }
		}
	}
	return findtext.Search(local, s.u.rest, s.o)
}

// lies reports whether a document is in the destination, is it, or is nowhere
// in particular: a story about it or a tag, which no map shows.
func (s *seek) lies(h found) bool {
	d := s.v.parts[h.Part].docs
	switch k := d.kind[h.Ord]; {
	case s.sets[h.Part].Has(h.Ord):
		return true
	case k == Destination:
		return d.slug(h.Ord) == s.u.in || strings.HasPrefix(d.slug(h.Ord), s.u.in+"/")
	default:
		return !isEntry(k)
	}
}

// spot is where a document is: its part and its ordinal there.
type spot struct {
	part int
	ord  uint32
}

// called are the documents that bear the whole query as a name.
func (s *seek) called() map[spot]bool {
	whole := map[spot]bool{}
	for i, p := range s.v.parts {
		p.text.Named(s.u.words, func(ord uint32, _ int) bool {
			whole[spot{i, ord}] = true
			return len(whole) < maxHits
		})
	}
	return whole
}

// holds reports whether a match of all the words is an answer though nothing
// else in the place is: it lies there, is called so, or one name of it has
// all the words and none of them says that they are not.
func (s *seek) holds(h found) bool {
	return s.lies(h) || s.whole[spot{h.Part, h.Ord}] || !s.u.joined && h.Name >= 0
}

// insideFirst orders what was found: what bears the whole query as its name,
// then what lies in the place, then the rest, whose scores are brought below.
func (s *seek) insideFirst(all, inside []found) []found {
	var here, away []found
	for _, h := range all {
		if s.whole[spot{h.Part, h.Ord}] || s.lies(h) {
			here = append(here, h)
		} else {
			away = append(away, h)
		}
	}
	if s.o.Typing { // the name that is being typed comes before what it may narrow
		inside = below(inside, here)
	}
	here = mergeHits(here, inside, s.o.Limit)
	return mergeHits(here, below(away, here), s.o.Limit)
}

// below brings the scores of hits under those of others, keeping their order.
// Both are sorted, best first.
func below(hits, others []found) []found {
	if len(hits) == 0 || len(others) == 0 {
		return hits
	}
	least, most := others[len(others)-1].score, hits[0].score
	for i := range hits {
		hits[i].score *= 0.99 * least / max(most, least)
	}
	return hits
}

// elsewhere is the answer when nothing in the place has the other words: the
// place, the best known of what is there, and what has the words elsewhere.
func (s *seek) elsewhere(rest findtext.Answer) []found {
	hits := ranked(rest.Hits, elsewhereWeight)
	place := findtext.Search(s.parts, s.u.place, s.o)
	if !place.Corrected && !place.Partial {
		hits = append(hits, ranked(place.Hits, elsewhereWeight)...)
	}
	for i := range hits {
		h := &hits[i]
		if d := s.v.parts[h.Part].docs; d.kind[h.Ord] == Destination && d.slug(h.Ord) == s.u.in {
			h.score = 1
		}
	}
	return mergeHits(hits, s.within((s.o.Limit+1)/hereInstead), s.o.Limit)
}

// within is the best known n of what lies in the destination, whatever it is
// called: whoever asks for Прага finds what Prague has.
func (s *seek) within(n int) []found {
	var hits []found
	one := make([]uint32, 1)
	for i, p := range s.v.parts {
		left := n
		s.sets[i].Each(func(ord uint32) bool {
			one[0] = ord
			if !p.alive(ord) || s.parts[i].Keep != nil && !s.parts[i].Keep(ord) {
				return true
			}
			if left > 0 {
				left--
				h := findtext.Hit{Part: i, Ord: ord, Name: -1}
				hits = append(hits, found{h, placeScore + float64(squash(p.docs.rank[ord]))})
			}
			return s.o.Visit == nil && left > 0 || s.o.Visit != nil && s.o.Visit(i, one)
		})
	}
	return mergeHits(hits, nil, n)
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
	all := slices.Concat(a, b)
	slices.SortStableFunc(all, func(x, y found) int {
		return cmp.Or(cmp.Compare(y.score, x.score), cmp.Compare(x.Part, y.Part), cmp.Compare(x.Ord, y.Ord))
	})
	seen := make(map[spot]bool, len(all))
	all = slices.DeleteFunc(all, func(h found) bool {
		d := spot{h.Part, h.Ord}
		again := seen[d]
		seen[d] = true
		return again
	})
	return all[:min(n, len(all))]
}
