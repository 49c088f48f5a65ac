package proposal

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strconv"

	"mirabilia/internal/finder"
	"mirabilia/internal/geo"
	"mirabilia/internal/place"
	"mirabilia/internal/revision"
	"mirabilia/internal/text"
)

// Alike is a published place that a proposed one may repeat.
type Alike struct {
	ID       int64
	Slug     string
	Title    string
	Path     string
	Metres   float64 // between the public positions; -1 where one has none
	Likeness float64 // of the best pair of names, 0 to 1
	Score    float64 // of both, 0 to 1
}

const (
	nearest    = 60
	crowd      = 8    // neighbours that tell how dense it is here
	leastReach = 100  // metres
	mostReach  = 5000 // metres
	leastScore = 0.35
	mostAlike  = 8
)

// Alike lists the places that one of these names at a position may repeat, the
// likeliest first: how alike their names are, over all aliases, weakened by
// the distance as measured by how far apart places lie there. 200 metres are
// nothing in a desert and another place in an old town. Only public positions
// are looked at. except is a place that is not compared, 0 for none.
func (p *Proposals) Alike(ctx context.Context, names []string, at *geo.Public, except int64) ([]Alike, error) {
	kinds := []finder.Kind{finder.Place, finder.Eatery}
	reach := float64(mostReach)
	var ids []int64
	add := func(id int64) {
		if id != except && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if at != nil {
		near := p.finder.Nearest(*at, finder.Filter{Kinds: kinds}, nearest, 4*mostReach)
		if len(near) >= crowd {
			reach = min(max(near[crowd-1].Metres, leastReach), mostReach)
		}
		for _, h := range near {
			add(h.ID)
		}
	}
	for _, n := range names[:min(len(names), 3)] {
		if n == "" {
			continue
		}
		o := finder.SearchOptions{Kinds: kinds, Limit: 10}
		if at != nil {
			o.Near, o.Radius = at, 10*mostReach
		}
		for _, c := range p.finder.Search(n, o).Cards {
			add(c.ID)
		}
	}
	found, err := p.places.Names(ctx, ids)
	if err != nil {
		return nil, err
	}
	var list []Alike
	for _, f := range found {
		if a := compare(names, at, f, reach); a.Score >= leastScore {
			list = append(list, a)
		}
	}
	slices.SortFunc(list, func(a, b Alike) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		}
		return int(a.ID - b.ID)
	})
	return list[:min(len(list), mostAlike)], nil
}

func compare(names []string, at *geo.Public, f place.Named, reach float64) Alike {
	a := Alike{ID: f.ID, Slug: f.Slug, Title: f.Title, Path: "/places/" + f.Slug, Metres: -1}
	for _, x := range names {
		for _, y := range f.Names {
			a.Likeness = max(a.Likeness, text.Similarity(x, y))
		}
	}
	closeness := 0.6 // where nobody can tell how far it is
	if at != nil && f.At != nil {
		a.Metres = geo.Metres(*at, *f.At)
		closeness = math.Exp(-a.Metres / (2 * reach))
	}
	a.Score = a.Likeness * closeness
	return a
}

// NamesOf lists title and aliases of proposed fields.
func NamesOf(f revision.Fields) []string {
	names := []string{f.Text("title")}
	var aliases []place.Alias
	decode(f, "aliases", &aliases)
	for _, a := range aliases {
		names = append(names, a.Name)
	}
	return names
}

// PositionOf is the position that proposed fields give, nil for none.
func PositionOf(f revision.Fields) *geo.Public { return at(f) }

func decode(f revision.Fields, name string, into any) bool {
	v, ok := f[name]
	return ok && json.Unmarshal(v, into) == nil
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return strconv.Itoa(n) + " " + word + "s"
}
