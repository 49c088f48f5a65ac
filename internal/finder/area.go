package finder

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"mirabilia/internal/finder/facet"
	"mirabilia/internal/polygon"
)

// Area is a destination that editors draw over the tree. What lies in it is
// found by public positions alone: an entry whose position is exact when it
// lies inside, one whose position is rough when all that it may be is inside,
// and one without a position never.
type Area struct {
	Path, Name, Kind string // Kind is "area" or "metro"
	Shape            *polygon.Shape
}

// RoughMetres is how far a rough position may be from the truth.
const RoughMetres = 5000

// AreaCount is an area with the number of places in it.
type AreaCount struct {
	Area
	Count int
}

// areaSet is which documents of a segment an area holds: bits, or where that
// would be larger a list.
type areaSet struct {
	once sync.Once
	bits facet.Bits
	list []uint32
}

func (s *areaSet) or(b facet.Bits) {
	b.Or(s.bits)
	for _, o := range s.list {
		b.Set(o)
	}
}

// areaSets keeps what areas hold of a segment, which never changes, so that
// each is found once. An area that is drawn anew is another one.
type areaSets struct {
	mu   sync.Mutex
	sets map[*Area]*areaSet
}

// inside is what an area holds of the segment.
func (s *segment) inside(a *Area) *areaSet {
	s.areas.mu.Lock()
	set := s.areas.sets[a]
	if set == nil {
		if s.areas.sets == nil {
			s.areas.sets = map[*Area]*areaSet{}
		}
		set = &areaSet{}
		s.areas.sets[a] = set
	}
	s.areas.mu.Unlock()
	set.once.Do(func() { s.fill(set, a) })
	return set
}

func (s *segment) fill(set *areaSet, a *Area) {
	n := s.docs.len()
	bits := facet.NewBits(n)
	s.points[entryPoints].Box(a.Shape.Reach(), bits)
	count := 0
	for w, word := range bits {
		if word == 0 {
			continue
		}
		for i := range 64 {
			if ord := uint32(w<<6 + i); word&(1<<i) != 0 {
				if s.lies(ord, a) {
					count++
				} else {
					bits[w] &^= 1 << i
				}
			}
		}
	}
	if count > n/32 {
		set.bits = bits
		return
	}
	set.list = make([]uint32, 0, count)
	bits.Each(func(ord uint32) bool {
		set.list = append(set.list, ord)
		return true
	})
}

// lies reports whether a document that has a position lies in the area.
func (s *segment) lies(ord uint32, a *Area) bool {
	at := s.docs.at.At(ord)
	if s.rough(ord) {
		return a.Shape.HoldsDisc(at, RoughMetres)
	}
	return a.Shape.Holds(at)
}

// forgetOthers drops what is kept of areas that are no more.
func (s *segment) forgetOthers(areas map[string]*Area) {
	s.areas.mu.Lock()
	defer s.areas.mu.Unlock()
	for a := range s.areas.sets {
		if areas[a.Path] != a {
			delete(s.areas.sets, a)
		}
	}
}

// PutArea draws an area, in place of the one of the same path. What it holds
// is found when it returns.
func (f *Finder) PutArea(a Area) {
	fresh := &a
	for _, p := range f.view().parts { // ahead of the readers, who need not wait
		p.inside(fresh)
	}
	f.changeAreas(func(areas map[string]*Area) { areas[a.Path] = fresh })
}

// DropArea takes an area away, and reports whether there was one.
func (f *Finder) DropArea(path string) (was bool) {
	if _, was = f.Area(path); was {
		f.changeAreas(func(areas map[string]*Area) { delete(areas, path) })
	}
	return was
}

// SetAreas replaces all areas.
func (f *Finder) SetAreas(list []Area) {
	f.changeAreas(func(areas map[string]*Area) {
		clear(areas)
		for i := range list {
			areas[list[i].Path] = &list[i]
		}
	})
}

func (f *Finder) changeAreas(change func(map[string]*Area)) {
	f.writing.Lock()
	defer f.writing.Unlock()
	old := f.view()
	next := &view{parts: old.parts, epoch: old.epoch + 1, areas: make(map[string]*Area, len(old.areas)+1)}
	for path, a := range old.areas {
		next.areas[path] = a
	}
	change(next.areas)
	f.now.Store(next)
	for _, p := range next.parts {
		p.forgetOthers(next.areas)
	}
}

// Area is the area of a path.
func (f *Finder) Area(path string) (Area, bool) {
	if a := f.view().areas[path]; a != nil {
		return *a, true
	}
	return Area{}, false
}

// Areas lists the areas below a country, "" for all of them, by path, each
// with the number of places in it.
func (f *Finder) Areas(country string) []AreaCount {
	v := f.view()
	var out []AreaCount
	for path, a := range v.areas {
		if country == "" || strings.HasPrefix(path, country+"/") {
			s := f.keep(v, placesIn(path))
			out = append(out, AreaCount{*a, s.total})
			s.release()
		}
	}
	slices.SortFunc(out, func(a, b AreaCount) int { return strings.Compare(a.Path, b.Path) })
	return out
}

// AreasOf lists the areas that hold a document, by name.
func (f *Finder) AreasOf(ref Ref) []Area {
	v := f.view()
	p, ord := v.find(ref)
	if p == nil || !isEntry(p.docs.kind[ord]) || !p.placed(ord) {
		return nil
	}
	var out []Area
	for _, a := range v.areas {
		if p.lies(ord, a) {
			out = append(out, *a)
		}
	}
	slices.SortFunc(out, func(a, b Area) int { return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Path, b.Path)) })
	return out
}

// CountInside is the number of places that an outline would hold, so that it
// can be said before it is kept.
func (f *Finder) CountInside(shape *polygon.Shape) int {
	v := f.view()
	s := f.keep(v, placesIn(""))
	defer s.release()
	n := 0
	for i := range s.sel {
		sel := &s.sel[i]
		b := f.takeBits(sel.docs.len())
		sel.points[entryPoints].Box(shape.Reach(), b)
		a := &Area{Shape: shape}
		b.Each(func(ord uint32) bool {
			if sel.has(ord) && sel.lies(ord, a) {
				n++
			}
			return true
		})
		f.giveBits(b)
	}
	return n
}

// placed reports whether a document has a position.
func (s *segment) placed(ord uint32) bool {
	t, ok := s.facet.Find(positionKey)
	return ok && s.facet.Has(t, ord)
}
