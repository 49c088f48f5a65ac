package outward

import (
	"slices"
	"strings"

	"mirabilia/internal/finder"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/place"
	"mirabilia/internal/text"
)

// Places is one page of a list of places.
type Places struct {
	Items []Place `json:"items" nullable:"false"`
	Next  *string `json:"next" nullable:"true" doc:"Cursor of the next page, null at the end."`
	Total int     `json:"total" minimum:"0" doc:"How many there are in all pages."`
}

// PlacesOf is a page of the finder with its rows, read whole: an item has all
// that a place has but its body. Distances are given where
// measured is true.
func PlacesOf(page finder.Page, rows []*place.Place, measured bool, base string) Places {
	metres := make(map[int64]float64, len(page.Hits))
	for _, h := range page.Hits {
		metres[h.ID] = h.Metres
	}
	out := Places{Items: make([]Place, 0, len(rows)), Next: Cursor(page.Next), Total: page.Total}
	for _, p := range rows {
		item := Card(p, base)
		item.KnowBeforeYouGo = &p.Know
		if m, ok := metres[p.ID]; ok && measured && p.At != nil {
			item.Distance = &m
		}
		out.Items = append(out.Items, item)
	}
	return out
}

// AlongOf is PlacesOf for a page along a route: every item has its distance
// from it and along it.
func AlongOf(page finder.Page, rows []*place.Place, base string) Places {
	out := PlacesOf(page, rows, true, base)
	along := make(map[string]float64, len(page.Hits))
	for _, h := range page.Hits {
		along[place.PublicID(h.ID)] = h.Along
	}
	for i := range out.Items {
		if m, ok := along[out.Items[i].ID]; ok {
			out.Items[i].Along = &m
		}
	}
	return out
}

// Cursor is a cursor as JSON has it.
func Cursor(next string) *string {
	if next == "" {
		return nil
	}
	return &next
}

// Found is one result of a search.
type Found struct {
	Kind     string  `json:"kind" enum:"place,eatery,food,destination,tag,story,list,itinerary,trip,member"`
	ID       string  `json:"id" doc:"Id of an entry; path of a destination, slug of a tag."`
	Title    string  `json:"title"`
	Subtitle string  `json:"subtitle"`
	Alias    string  `json:"alias,omitempty" doc:"The other name that matched."`
	URL      string  `json:"url"`
	Score    float64 `json:"score"`
}

// Search is the answer to a search, best first.
type Search struct {
	Items      []Found        `json:"items" nullable:"false"`
	Next       *string        `json:"next" nullable:"true" doc:"Always null: a search has one page; ask for more with limit."`
	Suggestion string         `json:"suggestion,omitempty" doc:"The query as it was understood, when it was corrected."`
	In         string         `json:"in,omitempty" doc:"The destination that words of the query named."`
	Counts     map[string]int `json:"counts" doc:"How many of each kind match."`
}

// SearchOf is the finder's answer for programs.
func SearchOf(r finder.Result, base string) Search {
	out := Search{Items: make([]Found, 0, len(r.Cards)), Suggestion: r.Suggestion, In: r.In, Counts: map[string]int{}}
	for _, c := range r.Cards {
		id, path := Name(c)
		out.Items = append(out.Items, Found{Kind: c.Kind.String(), ID: id, Title: c.Title, Subtitle: c.Subtitle,
			Alias: c.Alias, URL: base + path, Score: c.Score})
	}
	for k, n := range r.Counts {
		if n > 0 {
			out.Counts[finder.Kind(k).String()] = n
		}
	}
	return out
}

// Name is the id under which programs know a card, and the path of its page.
func Name(c finder.Card) (id, path string) {
	switch c.Kind {
	case finder.Place, finder.Eatery:
		return place.PublicID(c.ID), "/places/" + c.Slug
	case finder.Destination:
		return c.Slug, "/destinations/" + c.Slug
	case finder.Tag:
		return c.Slug, "/tags/" + c.Slug
	case finder.Food:
		return c.Slug, "/foods/" + c.Slug
	case finder.Story:
		return c.Slug, "/stories/" + c.Slug
	case finder.List:
		return c.Slug, "/lists/" + c.Slug
	case finder.Itinerary:
		return c.Slug, "/itineraries/" + c.Slug
	case finder.Trip:
		return c.Slug, "/trips/" + c.Slug
	default:
		return c.Slug, "/users/" + c.Slug
	}
}

// Destination is a node of the tree, with those below it that hold places.
type Destination struct {
	Path     string  `json:"path"`
	Name     string  `json:"name"`
	Kind     string  `json:"kind" enum:"country,region,city"`
	Places   int     `json:"places" minimum:"0"`
	Stories  int     `json:"stories" minimum:"0"`
	URL      string  `json:"url"`
	Children []Child `json:"children" nullable:"false"`
}

// Child is a destination below another.
type Child struct {
	Path   string `json:"path"`
	Name   string `json:"name"`
	Kind   string `json:"kind" enum:"country,region,city"`
	Places int    `json:"places" minimum:"0"`
	URL    string `json:"url"`
}

// Destinations is the top of the tree.
type Destinations struct {
	Items []Child `json:"items" nullable:"false"`
	Next  *string `json:"next" nullable:"true"`
}

// ChildOf is a node with its count.
func ChildOf(n *gazetteer.Node, places int, base string) Child {
	return Child{Path: n.Path, Name: n.Name, Kind: n.Level.String(), Places: places, URL: base + "/destinations/" + n.Path}
}

// Alphabetical sorts destinations by their folded names, as the pages do, so
// that Åland stands under A.
func Alphabetical(list []Child) []Child {
	slices.SortStableFunc(list, func(a, b Child) int { return strings.Compare(text.Fold(a.Name), text.Fold(b.Name)) })
	return list
}

// Tag is a theme with its count.
type Tag struct {
	Slug   string `json:"slug"`
	Name   string `json:"name"`
	Places int    `json:"places" minimum:"0"`
	URL    string `json:"url"`
}

// Tags is every theme that places have.
type Tags struct {
	Items []Tag   `json:"items" nullable:"false"`
	Next  *string `json:"next" nullable:"true"`
}

// Geocoded is an answer of the gazetteer.
type Geocoded struct {
	Name        string  `json:"name"`
	Kind        string  `json:"kind" enum:"country,region,city,section"`
	CountryCode string  `json:"country_code"`
	Lat         float64 `json:"lat"`
	Lon         float64 `json:"lon"`
	Population  int64   `json:"population"`
	Matched     string  `json:"matched" doc:"The name that was found."`
	Path        string  `json:"path" doc:"Destination path."`
}

// Geocode is what the gazetteer knows by a name, best first.
type Geocode struct {
	Items []Geocoded `json:"items" nullable:"false"`
	Next  *string    `json:"next" nullable:"true"`
}

// GeocodeOf is the gazetteer's answer for programs.
func GeocodeOf(list []gazetteer.Match) Geocode {
	out := Geocode{Items: make([]Geocoded, 0, len(list))}
	for _, m := range list {
		out.Items = append(out.Items, Geocoded{Name: m.Name, Kind: m.Level.String(), CountryCode: m.CountryCode,
			Lat: m.Lat, Lon: m.Lon, Population: m.Population, Matched: m.Matched, Path: m.Path})
	}
	return out
}

// Change is one row of the change feed.
type Change struct {
	Seq  int64  `json:"seq" minimum:"1" doc:"Its place in the log; grows in the order of the commits."`
	Kind string `json:"kind" doc:"What has changed: place (eateries too), destination, tag." example:"place"`
	ID   string `json:"id" doc:"Of the place; path of a destination, slug of a tag." example:"p123"`
	Op   string `json:"op" enum:"put,drop" doc:"put: public now, read it again. drop: public no longer."`
}

// Changes is one part of the log.
type Changes struct {
	Items []Change `json:"items" nullable:"false"`
	Next  *string  `json:"next" nullable:"true" doc:"The since of the next part, null where the log ends for now."`
}
