package finder

import (
	"slices"
	"strings"

	"mirabilia/internal/text"
)

// maxQuery bounds a query in characters; the rest is not looked at.
const maxQuery = 200

// maxQueryWords bounds the words of a query.
const maxQueryWords = 16

// query is what a visitor typed, as it is understood.
type query struct {
	words []string // folded terms
	// in is the destination that some of the words name, and rest the words
	// left; "" when none does. With no rest the query is the destination.
	in   string
	rest []string
	// place is the words that name it.
	place []string
	// joined says that a locating word ties the place to what is sought.
	joined bool
}

// connecting words join what is sought to where: they go with the name of the
// place, before it. Folded, in the languages of the gazetteer's names.
var connecting = map[string]bool{
	"in": true, "near": true, "at": true, "around": true, "of": true, "from": true, "the": true, "by": true,
	"a": true, "au": true, "aux": true, "en": true, "de": true, "du": true, "d": true, "la": true, "le": true, "les": true, "pres": true, "dans": true,
	"bei": true, "im": true, "am": true, "um": true, "nahe": true, "der": true, "dem": true, "den": true,
	"el": true, "los": true, "las": true, "cerca": true, "del": true, "sur": true,
	"di": true, "da": true, "do": true, "nel": true, "nella": true, "vicino": true, "em": true, "na": true, "no": true, "nos": true,
	"i": true, "w": true, "we": true, "v": true, "ve": true, "u": true, "kod": true, "te": true, "bij": true, "het": true,
	"в": true, "во": true, "на": true, "у": true, "около": true, "возле": true,
}

// locating words are those of them that leave no doubt: "of" and the like are
// as often part of a name.
var locating = map[string]bool{
	"in": true, "near": true, "at": true, "around": true, "pres": true, "dans": true, "bei": true, "im": true, "nahe": true, "cerca": true,
	"nel": true, "nella": true, "vicino": true, "em": true, "w": true, "we": true, "v": true, "ve": true, "bij": true, "kod": true,
	"в": true, "во": true, "около": true, "возле": true,
}

// Connects reports whether a word of a query joins what is sought to where:
// "in", "bei", "около".
func Connects(word string) bool { return connecting[text.Fold(word)] }

// Words are the folded words of a query, as Toponym has them.
func Words(q string) []string { return text.Words(cut(q)) }

// cut shortens a query to what is looked at, and leaves out broken bytes.
func cut(q string) string {
	q = strings.ToValidUTF8(q[:min(len(q), 4*maxQuery)], "")
	n := 0
	for i := range q {
		if n == maxQuery {
			return q[:i]
		}
		n++
	}
	return q
}

// span is some of the words of a query that name destinations.
type span struct {
	from, to int
	paths    []string // best known first
}

// understand splits a query into words and finds the names of destinations in
// it, the longest first: "skulls in prague" is skulls within Prague. Where the
// view knows no destination of a name, the toponyms may.
func (v *view) understand(q string, known []Toponym) query {
	u := query{words: text.Words(cut(q))}
	u.words = u.words[:min(len(u.words), maxQueryWords)]
	spans := v.destinations(u.words, known)
	if len(spans) == 0 {
		return u
	}
	var taken []span
	u.in, taken = narrowest(spans)
	u.rest = without(u.words, taken)
	for _, s := range taken {
		u.joined = u.joined || s.from > 0 && locating[u.words[s.from-1]]
	}
	slices.SortFunc(taken, func(a, b span) int { return a.from - b.from })
	for _, s := range taken {
		u.place = append(u.place, u.words[s.from:s.to]...)
	}
	if len(u.rest) == 0 { // "in prague" asks for Prague
		u.words = u.place
	}
	return u
}

// maxNameSpan is the number of words that names of destinations are looked for
// in.
const maxNameSpan = 6

// destinations finds the spans of words that are a whole name of destinations.
// Spans do not overlap; longer ones win, then later ones: the place comes last.
func (v *view) destinations(words []string, known []Toponym) []span {
	var found []span
	taken := make([]bool, len(words))
	for n := min(len(words), maxNameSpan); n > 0; n-- {
		for from := len(words) - n; from >= 0; from-- {
			if slices.Contains(taken[from:from+n], true) || n == 1 && connecting[words[from]] {
				continue
			}
			paths := v.named(words[from : from+n])
			if len(paths) == 0 {
				paths = v.toponym(words[from:from+n], known)
			}
			if len(paths) > 0 {
				found = append(found, span{from, from + n, paths})
				for i := from; i < from+n; i++ {
					taken[i] = true
				}
			}
		}
	}
	return found
}

// toponym is what is known of the words besides the view's own destinations.
func (v *view) toponym(words []string, known []Toponym) []string {
	for i := range known {
		if t := &known[i]; slices.Equal(t.Words, words) && (t.Sure || !v.inNames(words)) {
			return []string{t.Path}
		}
	}
	return nil
}

// inNames reports whether names or tags of documents have each of the words.
func (v *view) inNames(words []string) bool {
	for _, w := range words {
		if !slices.ContainsFunc(v.parts, func(p *part) bool { return p.text.InNames(w) }) {
			return false
		}
	}
	return true
}

// maxNamesakes bounds the destinations of one name that are told apart.
const maxNamesakes = 24

// named lists the paths of the destinations with a name of just these words,
// the one of best rank first.
func (v *view) named(words []string) []string {
	type namesake struct {
		path  string
		rank  float32
		alias bool // called so in another language, or less usually
	}
	var found []namesake
	for _, p := range v.parts {
		n := 0
		p.text.Named(words, func(ord uint32, name int) bool {
			if p.docs.kind[ord] == Destination && p.alive(ord) {
				found = append(found, namesake{p.docs.slug(ord), p.docs.rank[ord], name > 0})
				n++
			}
			return n < maxNamesakes
		})
	}
	slices.SortStableFunc(found, func(a, b namesake) int {
		switch {
		case a.rank > b.rank:
			return -1
		case a.rank < b.rank:
			return 1
		}
		return strings.Compare(a.path, b.path)
	})
	// A region that is also called so holds more than its city, which is meant.
	for i := 1; i < len(found) && found[0].alias && strings.Count(found[0].path, "/") == 1; i++ {
		if strings.HasPrefix(found[i].path, found[0].path+"/") {
			found[0], found[i] = found[i], found[0]
			break
		}
	}
	paths := make([]string, len(found))
	for i, f := range found {
		paths[i] = f.path
	}
	return paths
}

// narrowest picks the destination that the spans mean, and those of them that
// say so: "paris texas" is the Paris that lies in Texas. Where no two agree it
// is the longest span's best.
func narrowest(spans []span) (path string, taken []span) {
	for _, a := range spans {
		for _, b := range spans {
			if a.from == b.from {
				continue
			}
			for _, inner := range a.paths {
				for _, outer := range b.paths {
					if strings.HasPrefix(inner, outer+"/") {
						return inner, []span{a, b}
					}
				}
			}
		}
	}
	return spans[0].paths[0], spans[:1]
}

// without is the words that are not in the spans, nor join one of them to
// what is before it.
func without(words []string, spans []span) []string {
	drop := make([]bool, len(words))
	for _, s := range spans {
		for i := s.from; i < s.to; i++ {
			drop[i] = true
		}
		for i := s.from - 1; i >= 0 && connecting[words[i]]; i-- {
			drop[i] = true
		}
	}
	var rest []string
	for i, w := range words {
		if !drop[i] {
			rest = append(rest, w)
		}
	}
	return rest
}
