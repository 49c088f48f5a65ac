package finder

import (
	findtext "mirabilia/internal/finder/text"
)

// maxSuggestions bounds the suggestions of one answer.
const maxSuggestions = 50

// Suggest answers what is being typed: the last word may be unfinished, and
// from its fourth letter on misspelt. Names that begin so come first, the best
// known of them first. Of kinds any will do; none means all. Where names give
// too little, what Search would find fills up.
func (f *Finder) Suggest(q string, kinds []Kind, limit int) Result {
	limit = min(max(limit, 0), maxSuggestions)
	var r Result
	v := f.view()
	u := v.understand(q)
	if len(u.words) == 0 || limit == 0 {
		return r
	}
	o := SearchOptions{Kinds: kinds}
	parts, release := f.narrowed(v, &o)
	defer release()
	as := findtext.Search(parts, u.words, findtext.Options{Limit: limit, Typing: true})
	hits := ranked(as.Hits, 1)
	if u.in != "" && len(u.rest) > 0 && (as.Partial || len(hits) < limit) {
		r.In, r.Rest = u.in, joinWords(u.rest)
		inside := f.inside(v, parts, u, findtext.Options{Limit: limit})
		if !inside.Partial && len(inside.Hits) > 0 {
			if as.Partial {
				hits, as = nil, findtext.Answer{Words: as.Words}
			}
			hits = mergeHits(hits, ranked(inside.Hits, insideWeight), limit)
		}
	}
	if as.Corrected {
		r.Suggestion = v.respell(q, u.words, &as)
	}
	r.Cards = v.cards(hits)
	return r
}
