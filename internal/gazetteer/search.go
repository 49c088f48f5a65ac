package gazetteer

import (
	"math"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"mirabilia/internal/gazetteer/trie"
)

// Match is an answer to a search by name.
type Match struct {
	Node
	Matched string  // the name that matched
	Score   float64 // higher is better; 1 and more: letter by letter
	// Qualified says that more words than the name were matched: those of its
	// country or region, or all of them in another order.
	Qualified bool
}

// How well a name matches, before the population counts; a larger place never
// outranks a better match, for that adds at most populationWeight.
const (
	scoreExact       = 1.0
	scoreQualified   = 0.9 // "paris, texas"
	scoreBegins      = 0.7 // "frankfurt" for Frankfurt am Main
	scoreOneEdit     = 0.5
	scoreTwoEdits    = 0.3
	scoreUnfinished  = 0.25 // "reykj"
	populationWeight = 0.19
)

// SureScore is the least score of a match whose name is what was asked for or
// goes on after it: nothing in it was read as a misspelling.
const SureScore = scoreBegins

// maxAnswers is the most Search gives.
const maxAnswers = 100

func keyOf(name string) string { return trie.Key(name) }

// Search finds countries, regions, cities and their sections by a name in any
// of the languages, best first. Accents and case do not matter; words of four
// to seven letters may have one mistake, longer ones two (a letter missing,
// added, wrong, or swapped with its neighbour). The words may stand in another
// order, the name may go on after them, and a country or region may follow
// the name of a city. limit is at most 100.
func (g *Gazetteer) Search(q string, limit int) []Match {
	limit = min(limit, maxAnswers)
	if limit <= 0 || len(q) > 1_000 {
		return nil
	}
	s := search{g: g, found: map[int]candidate{}}
	key := keyOf(q)
	if key == "" {
		return nil
	}
	letters := utf8.RuneCountInString(key)
	for _, k := range spellings(key) {
		s.exact(k, scoreExact)
		if letters >= 3 {
			s.begins(k+" ", scoreBegins)
		}
	}
	s.qualified(key)
	if len(s.found) < limit {
		s.orders(key)
	}
	if letters >= 4 && s.above(scoreBegins) < limit {
		s.misspelt(key, 1)
	}
	if letters > 7 && s.above(scoreExact) == 0 && s.above(scoreOneEdit) < 3 {
		s.misspelt(key, 2)
	}
	if len(s.found) < limit && (letters >= 3 || spaceless(key)) {
		s.begins(key, scoreUnfinished)
	}
	return citiesFirst(s.answer(limit))
}

// citiesFirst puts a city before the region around it that bears the name too:
// who asks for Lisboa means the city.
func citiesFirst(list []Match) []Match {
	for i, r := range list {
		if r.Level != Region || r.Score < scoreExact {
			continue
		}
		for j := i + 1; j < len(list); j++ {
			if c := list[j]; c.Level == City && c.Score >= scoreExact && strings.HasPrefix(c.Path, r.Path+"/") {
				c.Score = r.Score
				list = slices.Insert(slices.Delete(list, j, j+1), i, c)
				break
			}
		}
	}
	return list
}

// candidate is a name that matched, of the thing with that number.
type candidate struct {
	key   string
	score float64
}

type search struct {
	g     *Gazetteer
	found map[int]candidate
}

func (s *search) add(number int, key string, score float64) {
	if c, ok := s.found[number]; !ok || c.score < score {
		s.found[number] = candidate{key, score}
	}
}

// above counts what matches at least so well.
func (s *search) above(score float64) (n int) {
	for _, c := range s.found {
		if c.score >= score {
			n++
		}
	}
	return n
}

func (s *search) exact(key string, score float64) {
	s.g.index.Find(key, func(v uint32) { s.add(int(v), key, score) })
}

// spaceless reports whether the key is in a script that writes words without
// spaces, where two letters are a word already.
func spaceless(key string) bool {
	last, _ := utf8.DecodeLastRuneInString(key)
	return unicode.In(last, unicode.Han, unicode.Hangul, unicode.Thai) && utf8.RuneCountInString(key) >= 2
}

// begins adds names that go on after the letters, up to a thousand.
func (s *search) begins(letters string, score float64) {
	left := 1_000
	s.g.index.Begins(letters, func(k string, v uint32) bool {
		s.add(int(v), k, score)
		left--
		return left > 0
	})
}

func (s *search) misspelt(key string, edits int) {
	s.g.index.Walk(key, edits, func(h trie.Hit, v uint32) bool {
		switch h.Edits {
		case 0:
			s.add(int(v), h.Key, scoreExact)
		case 1:
			s.add(int(v), h.Key, scoreOneEdit)
		default:
			s.add(int(v), h.Key, scoreTwoEdits)
		}
		return len(s.found) < 5_000
	})
}

// orders seeks the words in other orders.
func (s *search) orders(key string) {
	words := strings.Fields(key)
	if len(words) < 2 || len(words) > 4 {
		return
	}
	permute(words, 0, func(w []string) {
		if k := strings.Join(w, " "); k != key {
			s.exact(k, scoreQualified)
		}
	})
}

func permute(words []string, fixed int, visit func([]string)) {
	if fixed == len(words)-1 {
		visit(words)
		return
	}
	for i := fixed; i < len(words); i++ {
		words[fixed], words[i] = words[i], words[fixed]
		permute(words, fixed+1, visit)
		words[fixed], words[i] = words[i], words[fixed]
	}
}

// abbreviated words and what they stand for, both ways.
var abbreviated = [][2]string{{"st", "saint"}, {"ste", "sainte"}, {"mt", "mount"}, {"ft", "fort"}, {"sta", "santa"}, {"sto", "santo"}}

// spellings are the key and the key with an abbreviation written out or the
// reverse.
func spellings(key string) []string {
	out := []string{key}
	words := strings.Fields(key)
	for i, w := range words {
		for _, a := range abbreviated {
			other := ""
			switch w {
			case a[0]:
				other = a[1]
			case a[1]:
				other = a[0]
			default:
				continue
			}
			words[i] = other
			out = append(out, strings.Join(words, " "))
			words[i] = w
		}
	}
	return out
}

// qualified takes the last words for the country or region of the city that
// the first words name.
func (s *search) qualified(key string) { s.qualifiedAs(key, true) }

// qualifiedAs is qualified, with a mistake in the name of the city forgiven or
// not.
func (s *search) qualifiedAs(key string, forgiving bool) {
	words := strings.Fields(key)
	if len(words) < 2 || len(words) > 8 {
		return
	}
	for cut := len(words) - 1; cut > 0 && cut >= len(words)-4; cut-- {
		areas := s.areas(strings.Join(words[cut:], " "))
		if len(areas) == 0 {
			continue
		}
		head := strings.Join(words[:cut], " ")
		take := func(k string, v uint32, score float64) {
			if i := int(v); i < len(s.g.nodes) && s.inside(i, areas) {
				s.add(i, k, score)
			}
		}
		before := len(s.found)
		s.g.index.Find(head, func(v uint32) { take(head, v, scoreQualified) })
		if forgiving && len(s.found) == before && utf8.RuneCountInString(head) >= 4 {
			s.g.index.Walk(head, 1, func(h trie.Hit, v uint32) bool {
				if h.Edits > 0 {
					take(h.Key, v, scoreOneEdit)
				}
				return true
			})
		}
	}
}

// areas are the numbers of the countries (negative, less one) and regions
// that a text names or abbreviates.
func (s *search) areas(key string) map[int]bool {
	out := map[int]bool{}
	towns, regions := len(s.g.nodes), len(s.g.regions)
	s.g.index.Find(key, func(v uint32) {
		switch i := int(v) - towns; {
		case i >= regions:
			out[-1-(i-regions)] = true
		case i >= 0:
			out[i] = true
		}
	})
	if len(key) != 2 {
		return out
	}
	code := strings.ToUpper(key)
	for i := range s.g.countries {
		c := &s.g.countries[i]
		if c.node.CountryCode == code {
			out[-1-i] = true
		}
		for r := c.first; r < c.last && c.node.CountryCode == "US"; r++ {
			if s.g.regions[r].code == code {
				out[r] = true
			}
		}
	}
	return out
}

func (s *search) inside(town int, areas map[int]bool) bool {
	t := s.g.town(town)
	return areas[t.Region] || areas[-1-s.g.regions[t.Region].country]
}

// answer ranks what was found and describes the best. A region and the city
// that share a path are one answer.
func (s *search) answer(limit int) []Match {
	type ranked struct {
		number int
		score  float64
	}
	list := make([]ranked, 0, len(s.found))
	for i, c := range s.found {
		weight := math.Log10(float64(s.g.populationOf(i)+1)) / 10
		list = append(list, ranked{i, c.score + populationWeight*math.Min(weight, 1)})
	}
	sort.Slice(list, func(i, j int) bool {
		if list[i].score != list[j].score {
			return list[i].score > list[j].score
		}
		return list[i].number < list[j].number
	})
	var out []Match
	known := map[string]bool{}
	for _, r := range list {
		if len(out) == limit {
			break
		}
		node := s.g.nodeOf(r.number)
		if node.Level != Section && known[node.Path] {
			continue
		}
		known[node.Path] = known[node.Path] || node.Level != Section
		out = append(out, Match{Node: *node, Matched: s.g.spelt(r.number, s.found[r.number].key, node.Name), Score: r.score,
			Qualified: s.found[r.number].score == scoreQualified})
	}
	return out
}

// populationOf is the population of what has that number.
func (g *Gazetteer) populationOf(i int) int64 {
	switch {
	case i < len(g.nodes):
		return g.town(i).Population
	case i < len(g.nodes)+len(g.regions):
		return g.regions[i-len(g.nodes)].node.Population
	}
	return g.countries[i-len(g.nodes)-len(g.regions)].node.Population
}

// nodeOf is the node of what has that number; of a region that shares its
// path with a city, the city's.
func (g *Gazetteer) nodeOf(i int) *Node {
	switch {
	case i < len(g.nodes):
		t := g.town(i)
		if !t.Section {
			return g.cityNode(i)
		}
		n := &Node{
			Level: Section, Name: g.book.First(i), Population: t.Population, Lat: t.Lat, Lon: t.Lon,
			CountryCode: g.countries[g.regions[t.Region].country].node.CountryCode,
		}
		if where := g.Locate(t.Lat, t.Lon); where.City != nil {
			n.Path = where.City.Path
		}
		return n
	case i < len(g.nodes)+len(g.regions):
		r := &g.regions[i-len(g.nodes)]
		if r.sameName >= 0 {
			return g.cityNode(r.sameName)
		}
		return &r.node
	}
	return &g.countries[i-len(g.nodes)-len(g.regions)].node
}

// spelt is the name of that number as it is written, whose key matched.
func (g *Gazetteer) spelt(i int, key, name string) string {
	if keyOf(name) == key {
		return name
	}
	for _, o := range g.book.Others(i) {
		if keyOf(o.Text) == key {
			return o.Text
		}
	}
	return name
}
