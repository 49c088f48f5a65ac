package finder

import (
	"cmp"
	"slices"
	"strings"

	"mirabilia/internal/finder/facet"
)

// TagCount is a tag with the number of places that have it.
type TagCount struct {
	Tag   string
	Count int
}

// DestCount is a destination with the number of places in it.
type DestCount struct {
	Path  string
	Count int
}

// ValueCount is a value with the number of documents that have it.
type ValueCount struct {
	Value string
	Count int
}

// FactCount is a fact's value with the number of documents that have it.
type FactCount struct {
	Name, Value string
	Count       int
}

// Facets tells how a filter could be narrowed further: how many documents of
// those it keeps each condition would keep. Greatest counts come first, equal
// ones by name; nothing has a count of 0.
type Facets struct {
	Total        int
	Tags         []TagCount
	Destinations []DestCount // one level below Filter.In, or the countries; in an area of any level
	Statuses     []ValueCount
	Facts        []FactCount // by name, then by count
	Kinds        [kinds]int
	Photos       int
}

// Facets counts what the filter keeps.
func (f *Finder) Facets(flt Filter) Facets {
	v := f.view()
	s := f.keep(v, &flt)
	defer s.release()
	out := Facets{Total: s.total}
	children := v.childrenPrefix(flt.In)
	facts, statuses := map[FactCount]int{}, map[string]int{}
	tags, paths := counter{}, counter{}
	for i := range s.sel {
		s.sel[i].tally(func(key string, n int) {
			switch key[0] {
			case groupTag:
				tags.add(key[1:], n)
			case groupDestination:
				if strings.HasPrefix(key, children) {
					paths.add(key[2:], n)
				}
			case groupStatus:
				statuses[key[1:]] += n
			case groupFact:
				name, value, _ := strings.Cut(key[1:], "=")
				facts[FactCount{Name: name, Value: value}] += n
			case groupKind:
				out.Kinds[key[1]-'a'] += n
			case groupPhotos:
				out.Photos += n
			}
		})
	}
	out.Tags = tags.tags()
	out.Destinations = paths.destinations()
	for value, n := range statuses {
		out.Statuses = append(out.Statuses, ValueCount{value, n})
	}
	slices.SortFunc(out.Statuses, func(a, b ValueCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
	})
	for fact, n := range facts {
		fact.Count = n
		out.Facts = append(out.Facts, fact)
	}
	slices.SortFunc(out.Facts, func(a, b FactCount) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
	})
	return out
}

// tally calls f with every property and the number of selected documents that
// have it, when there are any. It goes through what is selected or what is
// not, whichever is less.
func (s *selection) tally(f func(key string, n int)) {
	if s.n == 0 {
		return
	}
	counts := make([]int, s.facet.Keys())
	count := func(ord uint32, by int) {
		for _, t := range s.facet.Of(ord) {
			counts[t] += by
		}
	}
	if s.bits != nil && 2*s.n < s.docs.len() {
		s.bits.Each(func(ord uint32) bool {
			count(ord, 1)
			return true
		})
	} else {
		for t := range counts {
			counts[t] = s.facet.Card(facet.Term(t))
		}
		s.eachOther(func(ord uint32) { count(ord, -1) })
	}
	for t, n := range counts {
		if n > 0 {
			f(s.facet.Key(facet.Term(t)), n)
		}
	}
}

// eachOther calls f with the documents that are not selected, dead ones too.
func (s *selection) eachOther(f func(ord uint32)) {
	each := func(ord uint32) bool {
		f(ord)
		return true
	}
	if s.bits == nil {
		s.dead.Each(each)
		return
	}
	others := facet.NewBits(s.docs.len())
	others.Fill(0, uint32(s.docs.len()))
	others.AndNot(s.bits)
	others.Each(each)
}

// among is the number of selected documents that have the term.
func (s *selection) among(t facet.Term) int {
	if s.bits == nil && s.dead == nil {
		return s.facet.Card(t)
	}
	if s.bits == nil {
		return s.facet.Card(t) - s.facet.Among(t, s.dead)
	}
	return s.facet.Among(t, s.bits)
}

// placesIn keeps places and eateries, in a destination unless path is "".
func placesIn(path string) *Filter { return &Filter{Kinds: []Kind{Place, Eatery}, In: path} }

// childrenPrefix is that of the keys one level below a path, and of an area of
// all destinations.
func (v *view) childrenPrefix(path string) string {
	if v.areas[path] != nil {
		return string(groupDestination)
	}
	return childrenPrefix(path)
}

// CountIn is the number of places, eateries among them, in a destination; ""
// is the world.
func (f *Finder) CountIn(path string) int { return f.Count(*placesIn(path)) }

// Children lists the destinations one level below path that have places, those
// with the most first; below "" are the countries. Of an area it lists the
// destinations of every level that places in it have.
func (f *Finder) Children(path string) []DestCount {
	v := f.view()
	if v.areas[path] != nil {
		return f.Facets(*placesIn(path)).Destinations
	}
	s := f.keep(v, placesIn(""))
	defer s.release()
	prefix, paths := childrenPrefix(path), counter{}
	for i := range s.sel {
		sel := &s.sel[i]
		for t, to := sel.facet.Range(prefix); t < to; t++ {
			paths.add(sel.facet.Key(t)[2:], sel.among(t))
		}
	}
	return paths.destinations()
}

// Destinations counts the places in every destination that has some, whatever
// its level.
func (f *Finder) Destinations() map[string]int {
	s := f.keep(f.view(), placesIn(""))
	defer s.release()
	paths := counter{}
	for i := range s.sel {
		sel := &s.sel[i]
		for t, to := sel.facet.Range(string(groupDestination)); t < to; t++ {
			paths.add(sel.facet.Key(t)[2:], sel.among(t))
		}
	}
	return paths
}

// Tags lists the tags of the places in a destination, "" for the world, those
// on the most places first.
func (f *Finder) Tags(in string) []TagCount {
	s := f.keep(f.view(), placesIn(in))
	defer s.release()
	tags := counter{}
	for i := range s.sel {
		sel := &s.sel[i]
		if in == "" {
			for t, to := sel.facet.Range(string(groupTag)); t < to; t++ {
				tags.add(sel.facet.Key(t)[1:], sel.among(t))
			}
			continue
		}
		sel.tally(func(key string, n int) {
			if key[0] == groupTag {
				tags.add(key[1:], n)
			}
		})
	}
	return tags.tags()
}

// counter adds up counts by name.
type counter map[string]int

func (c counter) add(name string, n int) {
	if n > 0 {
		c[name] += n
	}
}

func (c counter) tags() []TagCount {
	out := make([]TagCount, 0, len(c))
	for tag, n := range c {
		out = append(out, TagCount{tag, n})
	}
	slices.SortFunc(out, func(a, b TagCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Tag, b.Tag))
	})
	return out
}

func (c counter) destinations() []DestCount {
	out := make([]DestCount, 0, len(c))
	for path, n := range c {
		out = append(out, DestCount{Path: path, Count: n})
	}
	slices.SortFunc(out, func(a, b DestCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Path, b.Path))
	})
	return out
}
