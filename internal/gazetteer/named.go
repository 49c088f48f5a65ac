package gazetteer

import (
	"strings"
	"unicode/utf8"
)

// Named gives what bears just this name in one of the languages, accents and
// case apart, or a name and the country or region it is in ("paris, texas"),
// the most populous first. Nothing is forgiven: what a reader typed is taken
// for a place of the world on its word. limit is at most 100.
func (g *Gazetteer) Named(name string, limit int) []Match {
	limit = min(limit, maxAnswers)
	if limit <= 0 || len(name) > 1_000 {
		return nil
	}
	s := search{g: g, found: map[int]candidate{}}
	key := keyOf(name)
	if key == "" {
		return nil
	}
	for _, k := range spellings(key) {
		s.exact(k, scoreExact)
	}
	s.qualifiedAs(key, false)
	return s.answer(limit)
}

// Beginning gives what has a name that begins so, the most populous first:
// what a reader who is still typing may have in mind. Names of the letters
// alone come before those that go on. Less than three letters begin nothing,
// two in a script that needs no more for a word.
func (g *Gazetteer) Beginning(letters string, limit int) []Match {
	limit = min(limit, maxAnswers)
	if limit <= 0 || len(letters) > 1_000 {
		return nil
	}
	s := search{g: g, found: map[int]candidate{}}
	key := keyOf(letters)
	if utf8.RuneCountInString(key) < 3 && !spaceless(key) {
		return nil
	}
	s.exact(key, scoreExact)
	s.begins(key, scoreUnfinished)
	return s.answer(limit)
}

// RegionOf is the region that a city lies in; of a city that shares its path
// with its region, that region, though the path stands for the city. nil for
// what lies in none.
func (g *Gazetteer) RegionOf(path string) *Node {
	first, rest, deeper := strings.Cut(path, "/")
	c := g.countryBySlug(first)
	if c == nil || !deeper {
		return nil
	}
	second, _, _ := strings.Cut(rest, "/")
	for i := c.first; i < c.last; i++ {
		if r := &g.regions[i]; r.node.Name != "" && r.node.Path[len(first)+1:] == second {
			return &r.node
		}
	}
	return nil
}

// NameOf is the English name of a destination; of a path that is none, the
// path.
func (g *Gazetteer) NameOf(path string) string {
	if n, ok := g.ByPath(path); ok {
		return n.Name
	}
	return path
}
