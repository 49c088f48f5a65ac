package finder

import (
	"slices"
	"strings"

	"mirabilia/internal/text"

	findtext "mirabilia/internal/finder/text"
)

// maxSuggestions bounds the suggestions of one answer.
const maxSuggestions = 50

// Suggest answers what is being typed: the last word may be unfinished, and
// from its fourth letter on misspelt. Names that begin so come first, the best
// known of them first. Of kinds any will do; none means all. Where names give
// too little, what Search would find fills up. Of what has only some of the
// words, names that have most of them are left.
func (f *Finder) Suggest(q string, kinds []Kind, limit int, known ...Toponym) Result {
	limit = min(max(limit, 0), maxSuggestions)
	var r Result
	v := f.view()
	u := v.understand(q, known)
	if len(u.words) == 0 || limit == 0 {
		return r
	}
	o := SearchOptions{Kinds: kinds}
	parts, release := f.narrowed(v, &o)
	defer release()
	typing := findtext.Options{Limit: limit, Typing: true}
	as := findtext.Search(parts, u.words, typing)
	hits := ranked(as.Hits, 1)
	switch {
	case u.in != "":
		hits, as = newSeek(v, u, parts, typing).answer(as, &r)
	case as.Partial:
		r.Partial = true
		hits = slices.DeleteFunc(hits, func(h found) bool { return !v.mostly(h, u.words) })
		as.Corrected = as.Corrected && len(hits) > 0
	}
	if as.Corrected {
		r.Suggestion = v.respell(q, u.words, &as)
	}
	r.Cards = v.cards(hits)
	return r
}

// mostly reports whether one name of a document has two or more of the words,
// and more than half of them, whole or begun.
func (v *view) mostly(h found, words []string) bool {
	d := v.parts[h.Part].docs
	names := []string{d.title(h.Ord)}
	for _, a := range d.aliases(h.Ord) {
		names = append(names, a.Name)
	}
	return slices.ContainsFunc(names, func(name string) bool {
		has, n := text.Words(name), 0
		for _, w := range words {
			if slices.ContainsFunc(has, func(h string) bool { return strings.HasPrefix(h, w) }) {
				n++
			}
		}
		return n >= 2 && 2*n > len(words)
	})
}
