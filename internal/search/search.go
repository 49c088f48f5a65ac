// Package search understands what readers type into the one box: positions in
// any notation, names of the world's places in any language, and words. It
// puts together what the finder knows of the atlas and the gazetteer of the
// world, so that a city of which nothing is written down yet is still known
// for one.
package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"mirabilia/internal/destination"
	"mirabilia/internal/finder"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/geo"
	"mirabilia/internal/text"
)

// Search answers queries; it is safe for concurrent use.
type Search struct {
	Finder    *finder.Finder
	Gazetteer *gazetteer.Gazetteer
}

// Answer is a result with what of the world the query names.
type Answer struct {
	finder.Result
	// At is the position that the query is; nil when it is none. Cards are
	// the places nearest to it then.
	At *geo.Public
	// Empty is the destination that the query names, all of it or some words,
	// when nothing in it is written down yet; nil otherwise.
	Empty *gazetteer.Node
	// Near are the places nearest to At or Empty, nearest first.
	Near []finder.Hit
	// NearCards are what the finder can say of each of Near.
	NearCards []finder.Card
	// World are the cards of destinations that the atlas holds nothing of, by
	// path: how far it is from there to the nearest place, in metres.
	World map[string]World
}

// World is a destination that holds nothing.
type World struct {
	At     geo.Public
	Metres float64 // to the nearest place; negative when there is none at all
}

// NearEnough is how far, in metres, the nearest place may be from a
// destination that holds nothing for its guide to be worth the way. Whoever
// asks for one farther off is better led to what is near.
const NearEnough = 100_000

// nearShown is how many nearest places are named.
const nearShown = 6

// How populous a place must be for its name to be taken at its word.
const (
	// knownAlone is for a query that is nothing but the name: smaller ones
	// are as likely a misspelling of something that is here.
	knownAlone = 15_000
	// knownAmong is for names among other words, knownLast for those at the end
	// of them, where places use to stand.
	knownAmong = 500_000
	knownLast  = 50_000
	// knownJoined is for names behind a word that says "in".
	knownJoined = 1_000
	// wellKnown places are offered beside what a query finds.
	wellKnown = 100_000
)

// Find answers a finished query.
func (s *Search) Find(q string, o finder.SearchOptions) Answer {
	if at, ok := s.position(q); ok {
		return s.around(at, o)
	}
	a := Answer{Result: s.Finder.Search(q, o)}
	if unsure(a.Result) {
		if known := s.toponyms(q, len(a.Cards) == 0 || a.Partial); len(known) > 0 {
			o.Known = known
			if r := s.Finder.Search(q, o); understood(r) {
				a.Result = r
			}
		}
	}
	if o.In == "" {
		s.emptiness(q, &a)
	}
	if a.Empty != nil && a.Rest == "" && o.Offset == 0 && (a.In != "" || len(a.Cards) == 0) && wanted(o.Kinds) {
		a.In = a.Empty.Path
		s.offer(&a, a.Empty, 0)
	}
	if o.In == "" && len(o.Tags) == 0 && o.Offset == 0 && wanted(o.Kinds) {
		s.nameFirst(q, &a, o.Limit)
	}
	return a
}

// Suggest answers a query that is being typed.
func (s *Search) Suggest(q string, kinds []finder.Kind, limit int) Answer {
	if at, ok := s.position(q); ok {
		return s.around(at, finder.SearchOptions{Kinds: kinds, Limit: limit})
	}
	a := Answer{Result: s.Finder.Suggest(q, kinds, limit)}
	weak := unsure(a.Result)
	if weak {
		if known := s.toponyms(q, len(a.Cards) == 0); len(known) > 0 {
			if r := s.Finder.Suggest(q, kinds, limit, known...); understood(r) {
				a.Result = r
			}
		}
	}
	if limit > 0 && wanted(kinds) && len(a.Cards) < limit {
		s.emptiness(q, &a)
		s.world(q, &a, weak, limit)
	}
	if limit > 0 && wanted(kinds) {
		s.nameFirst(q, &a, limit)
	}
	return a
}

// nameFirst puts the guide of what the whole query names, in whatever language,
// before all other destinations and whatever is only called alike: who types
// Wien means Vienna. What is itself called so stays before it.
func (s *Search) nameFirst(q string, a *Answer, limit int) {
	m, ok := s.named(q, 0)
	if !ok || m.Level == gazetteer.Section {
		return
	}
	is := func(c finder.Card) bool { return c.Kind == finder.Destination && c.Slug == m.Path }
	from := slices.IndexFunc(a.Cards, is)
	if from < 0 && s.Finder.CountIn(m.Path) == 0 {
		return
	}
	asked := text.Fold(strings.TrimSpace(q))
	defer alikeLast(a, asked, is)
	to := 0
	for to < len(a.Cards) && a.Cards[to].Kind != finder.Destination && (text.Fold(a.Cards[to].Title) == asked || text.Fold(a.Cards[to].Alias) == asked) {
		to++
	}
	var card finder.Card
	switch {
	case from >= 0 && from <= to:
		return
	case from >= 0:
		card = a.Cards[from]
		a.Cards = slices.Delete(a.Cards, from, from+1)
	default:
		if card, ok = s.Finder.Doc(finder.Ref{Kind: finder.Destination, ID: destination.ID(m.Path)}); !ok {
			return
		}
		a.Counts[finder.Destination]++
	}
	if card.Score = 1; to < len(a.Cards) {
		card.Score = a.Cards[to].Score
	} else if to > 0 {
		card.Score = a.Cards[to-1].Score
	}
	a.Cards = slices.Insert(a.Cards, to, card)
	if limit > 0 {
		a.Cards = a.Cards[:min(len(a.Cards), limit)]
	}
}

// unsure reports whether words had to be read as others, or left out, or
// nothing was found.
func unsure(r finder.Result) bool {
	return len(r.Cards) == 0 || r.Corrected || r.Partial || r.Elsewhere
}

// understood reports whether a second look that knows the world's names took
// some of the words for one.
func understood(r finder.Result) bool {
	return r.In != "" && (r.Elsewhere || r.Rest != "" || len(r.Cards) == 0)
}

// wanted reports whether destinations are among the kinds asked for.
func wanted(kinds []finder.Kind) bool {
	return len(kinds) == 0 || slices.Contains(kinds, finder.Destination)
}

// toponyms are the names of the world in a query, the longest first. Alone
// says that nothing in the atlas is called like the whole query, so that a
// small place may be.
func (s *Search) toponyms(q string, alone bool) []finder.Toponym {
	words := tokens(q)
	var out []finder.Toponym
	for n := min(len(words), maxName); n > 0; n-- {
		for from := len(words) - n; from >= 0; from-- {
			span := words[from : from+n]
			if n == 1 && finder.Connects(span[0]) {
				continue
			}
			least, sure := int64(knownAmong), false
			switch {
			case n == len(words):
				least, sure = knownAlone, true
				if alone {
					least = 0
				}
			case from > 0 && finder.Connects(words[from-1]):
				least, sure = knownJoined, true
			case from+n == len(words):
				least = knownLast
			}
			m, ok := s.named(strings.Join(span, " "), least)
			if !ok && n == len(words) && alone {
				m, ok = s.begun(q)
			}
			if ok {
				out = append(out, finder.Toponym{Words: finder.Words(strings.Join(span, " ")), Path: m.Path, Sure: sure})
			}
		}
	}
	return out
}

// maxName is the most words that a name of the world is looked for in.
const maxName = 5

// maxTokens bounds the words that are looked at.
const maxTokens = 16

func tokens(q string) []string {
	words := strings.FieldsFunc(q[:min(len(q), 800)], func(r rune) bool { return strings.ContainsRune(" \t\n,;、，\u3000\u00a0", r) })
	return words[:min(len(words), maxTokens)]
}

// named is the place that is most likely meant by just that name: the most
// populous, but a city rather than the region around it or a part of another.
func (s *Search) named(name string, least int64) (gazetteer.Match, bool) {
	var best gazetteer.Match
	for _, m := range s.Gazetteer.Named(name, namesakes) {
		switch {
		case m.Path == "" || m.Population < least && !m.Qualified && m.Level != gazetteer.Country && m.Level != gazetteer.Region:
		case best.Path == "", best.Level == gazetteer.Section && m.Level != gazetteer.Section,
			best.Level == gazetteer.Region && m.Level == gazetteer.City && strings.HasPrefix(m.Path, best.Path+"/"):
			best = m
		}
	}
	return best, best.Path != ""
}

// begun is the well-known place whose name begins with what was typed, when
// that is enough of it to tell.
func (s *Search) begun(q string) (gazetteer.Match, bool) {
	for _, m := range s.Gazetteer.Beginning(q, 1) {
		if m.Path != "" && m.Population >= wellKnown && m.Level != gazetteer.Section && (unspaced(q) || utf8.RuneCountInString(q) >= 5) {
			return m, true
		}
	}
	return gazetteer.Match{}, false
}

// unspaced reports whether text is in a script that writes no spaces, where
// the beginning of a name is a name more often than not.
func unspaced(q string) bool {
	return strings.ContainsFunc(q, func(r rune) bool {
		return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
	})
}

// namesakes bounds the places of one name that are weighed.
const namesakes = 12

// alikeLast puts destinations whose names are only spelt much like what was
// asked behind what lies there: who types Wien means no Sweden.
func alikeLast(a *Answer, asked string, is func(finder.Card) bool) {
	begins := func(name string) bool {
		return strings.HasPrefix(text.Fold(name), asked) || slices.ContainsFunc(text.Words(name), func(w string) bool { return strings.HasPrefix(w, asked) })
	}
	var rest []finder.Card
	a.Cards = slices.DeleteFunc(a.Cards, func(c finder.Card) bool {
		far := c.Kind == finder.Destination && !is(c) && !begins(c.Title) && !begins(c.Alias)
		if far {
			rest = append(rest, c)
		}
		return far
	})
	for _, c := range rest {
		if n := len(a.Cards); n > 0 {
			c.Score = min(c.Score, a.Cards[n-1].Score)
		}
		a.Cards = append(a.Cards, c)
	}
}

// emptiness notes the destination that the query names when nothing lies in
// it, with what is nearest.
func (s *Search) emptiness(q string, a *Answer) {
	path := a.In
	if path == "" {
		m, ok := s.named(q, wellKnown)
		if !ok {
			return
		}
		path = m.Path
	}
	n, ok := s.Gazetteer.ByPath(path)
	if !ok || s.Finder.CountIn(path) > 0 {
		return
	}
	a.Empty = n
	a.Near = s.nearest(geo.Public{Lat: n.Lat, Lon: n.Lon}, nil, nearShown)
	for _, h := range a.Near {
		c, _ := s.Finder.Doc(h.Ref)
		a.NearCards = append(a.NearCards, c)
	}
}

func (s *Search) nearest(at geo.Public, kinds []finder.Kind, n int) []finder.Hit {
	kinds = slices.DeleteFunc(slices.Clone(kinds), func(k finder.Kind) bool {
		return k != finder.Place && k != finder.Eatery && k != finder.Food
	})
	return s.Finder.Nearest(at, finder.Filter{Kinds: kinds}, n, 0)
}

// world adds, while there is room, the well-known places whose names begin as
// what is being typed and of which the atlas holds nothing. Those of just that
// name come before what was found by reading the words as others.
func (s *Search) world(q string, a *Answer, weak bool, limit int) {
	begun := s.Gazetteer.Beginning
	if utf8.RuneCountInString(q) < 4 && latin(q) { // thousands begin so, and none of them is meant
		begun = s.Gazetteer.Named
	}
	list := begun(q, worldAsked)
	for i, m := range list {
		exact := m.Score >= 1
		least := int64(wellKnown)
		if exact && len(a.World) == 0 {
			least = knownAlone
		}
		switch {
		case len(a.World) == worldShown:
			return
		case m.Level == gazetteer.Section || m.Population < least || !exact && (i > worldBegun || !tells(q, m)) || s.Finder.CountIn(m.Path) > 0:
			continue
		case m.Level == gazetteer.Region && exact && slices.ContainsFunc(list, func(c gazetteer.Match) bool {
			return c.Score >= 1 && c.Level == gazetteer.City && strings.HasPrefix(c.Path, m.Path+"/")
		}):
			continue // its city is meant
		}
		at := len(a.Cards)
		if weak && (exact || a.Corrected) {
			at = len(a.World)
		}
		s.offer(a, &m.Node, at)
		a.Cards = a.Cards[:min(len(a.Cards), limit)]
	}
}

// tells reports whether the beginning of a name is enough to offer its place:
// of the name that is shown, or else so much of another that it is no chance.
func tells(q string, m gazetteer.Match) bool {
	letters := text.Fold(strings.TrimSpace(q))
	return strings.HasPrefix(text.Fold(m.Name), letters) || !latin(letters) || utf8.RuneCountInString(letters) >= 5
}

func latin(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Latin, r) })
}

// Of the world's places so many are looked at and offered, and of those whose
// name goes on only the first.
const (
	worldAsked = 8
	worldShown = 3
	worldBegun = 2
)

// offer puts the card of a destination that holds nothing among the others.
func (s *Search) offer(a *Answer, n *gazetteer.Node, at int) {
	if slices.ContainsFunc(a.Cards, func(c finder.Card) bool { return c.Kind == finder.Destination && c.Slug == n.Path }) {
		return
	}
	w := World{At: geo.Public{Lat: n.Lat, Lon: n.Lon}, Metres: -1}
	if near := s.nearest(w.At, nil, 1); len(near) > 0 {
		w.Metres = near[0].Metres
	}
	if a.World == nil {
		a.World = map[string]World{}
	}
	a.World[n.Path] = w
	c := finder.Card{Ref: finder.Ref{Kind: finder.Destination, ID: destination.ID(n.Path)}, Slug: n.Path, Title: n.Name, Score: 1}
	if above := s.Gazetteer.Ancestors(n.Path); len(above) > 1 {
		c.Subtitle = above[len(above)-2].Name
	}
	at = min(at, len(a.Cards))
	if at > 0 { // best first
		c.Score = min(c.Score, a.Cards[at-1].Score)
	}
	a.Cards = slices.Insert(a.Cards, at, c)
	if rest := a.Cards[at+1:]; len(rest) > 0 && rest[0].Score > c.Score {
		a.Cards[at].Score = rest[0].Score
	}
	a.Counts[finder.Destination]++
}

// around is the answer to a position: what is nearest to it.
func (s *Search) around(at geo.Public, o finder.SearchOptions) Answer {
	a := Answer{At: &at}
	limit := cmp.Or(max(o.Limit, 0), nearShown)
	a.Near = s.nearest(at, o.Kinds, min(limit, 50))
	if o.Offset > 0 || len(o.Kinds) > 0 && !slices.ContainsFunc(o.Kinds, func(k finder.Kind) bool { return k <= finder.Food }) {
		a.Near = nil
	}
	for _, h := range a.Near {
		if c, ok := s.Finder.Doc(h.Ref); ok {
			c.Score = 1 / (1 + h.Metres/1000)
			a.Cards = append(a.Cards, c)
			a.Counts[h.Kind]++
		}
	}
	return a
}
