package finder

import (
	"slices"
	"strings"
	"unicode/utf8"

	"mirabilia/internal/text"

	findtext "mirabilia/internal/finder/text"
)

// maxSuggestions bounds the suggestions of one answer.
const maxSuggestions = 50

// Suggest answers what is being typed: the last word may be unfinished, and
// from its fourth letter on misspelt. Names that begin so come first, the best
// known of them first. Of kinds any will do; none means all. Where names give
// too little, what Search would find fills up. Of what has only some of the
// words, names that have two and half of them are left.
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
		hits, as = newSeek(v, q, u, parts, typing).answer(as, &r)
	case as.Partial:
		r.Partial = true
		hits = slices.DeleteFunc(hits, func(h found) bool { return !v.mostly(h, u.words, len(u.words)) })
		as.Corrected = as.Corrected && (len(hits) > 0 || len(as.Hits) == 0)
	}
	if len(u.words) == 1 {
		hits = slices.DeleteFunc(hits, func(h found) bool { return v.farFetched(h, u.words[0]) })
	}
	if r.Corrected = as.Corrected && (len(hits) > 0 || len(as.Hits) == 0); r.Corrected {
		r.Suggestion = v.respell(q, u.words, &as)
	}
	r.Cards = v.cards(hits)
	return r
}

// mostly reports whether one name of a document has two or more of the words,
// whole or begun, and half or more of those that were asked for.
func (v *view) mostly(h found, words []string, asked int) bool {
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
		return n >= 2 && 2*n >= asked
	})
}

// farFetched reports whether a destination is found by letters that only begin
// a later word of its name in some other language, or are too few to tell it
// by such a name: who types "ber" means Berlin, not New York ("York Berri").
func (v *view) farFetched(h found, letters string) bool {
	d := v.parts[h.Part].docs
	if h.Name <= 0 || d.kind[h.Ord] != Destination {
		return false
	}
	aliases := d.aliases(h.Ord)
	if h.Name > len(aliases) {
		return false
	}
	words := text.Words(aliases[h.Name-1].Name)
	if len(words) == 0 || words[0] == letters {
		return false
	}
	return len(letters) < 3 || !slices.ContainsFunc(words, func(w string) bool { return w == letters }) && !near(words[0], letters)
}

// near reports whether a word begins as the letters do, but for a misspelling.
func near(word, letters string) bool {
	begun := []rune(word)
	n := min(len(begun), utf8.RuneCountInString(letters))
	return strings.HasPrefix(word, letters) || text.Similarity(string(begun[:n]), letters) >= alike
}

// alike is how similar the beginnings of two words are of which one may be
// the other misspelt.
const alike = 0.6
