package destination

import (
	"mirabilia/internal/finder"
	"mirabilia/internal/gazetteer"
)

// Node is what a path names: a node of the tree or else an area that is drawn
// over it.
func Node(gaz Gazetteer, f *finder.Finder, path string) (*gazetteer.Node, bool) {
	if n, ok := gaz.ByPath(path); ok {
		return n, true
	}
	a, ok := f.Area(path)
	if !ok {
		return nil, false
	}
	return areaNode(gaz, &a), true
}

func areaNode(gaz Gazetteer, a *finder.Area) *gazetteer.Node {
	at := a.Shape.Centre()
	n := &gazetteer.Node{Level: levelOf(a.Kind), Path: a.Path, Name: a.Name, Lat: at.Lat, Lon: at.Lon}
	if c, ok := gaz.ByPath(countryOf(a.Path)); ok {
		n.CountryCode = c.CountryCode
	}
	return n
}

// Counted is a destination with the number of places in it.
type Counted struct {
	*gazetteer.Node
	Count int
}

// Below lists the destinations below a path that hold places: below "" the
// countries, below a country its regions and cities, those with the most
// first, and then the areas drawn in it; below an area the cities that places
// in it lie in, counted within it.
func Below(gaz Gazetteer, f *finder.Finder, path string) []Counted {
	_, drawn := f.Area(path)
	var out []Counted
	for _, c := range f.Children(path) {
		if n, ok := gaz.ByPath(c.Path); ok && (!drawn || n.Level == gazetteer.City) {
			out = append(out, Counted{n, c.Count})
		}
	}
	if drawn || path == "" {
		return out
	}
	for _, a := range f.Areas(path) {
		if a.Count > 0 {
			out = append(out, Counted{areaNode(gaz, &a.Area), a.Count})
		}
	}
	return out
}

// Above lists the nodes above a path and itself, the widest first: of an area
// its country and the area.
func Above(gaz Gazetteer, f *finder.Finder, path string) []*gazetteer.Node {
	if out := gaz.Ancestors(path); out != nil {
		return out
	}
	n, ok := Node(gaz, f, path)
	if !ok {
		return nil
	}
	return append(gaz.Ancestors(countryOf(path)), n)
}
