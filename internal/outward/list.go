package outward

import (
	"slices"
	"strconv"
	"strings"

	"mirabilia/internal/finder"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/geo"
	"mirabilia/internal/place"
	"mirabilia/internal/search"
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
	Kind     string   `json:"kind" enum:"place,eatery,food,destination,tag,story,list,itinerary,trip,member"`
	ID       string   `json:"id" doc:"Id of an entry; path of a destination, slug of a tag."`
	Title    string   `json:"title"`
	Subtitle string   `json:"subtitle"`
	Alias    string   `json:"alias,omitempty" doc:"The other name that matched."`
	URL      string   `json:"url"`
	Score    float64  `json:"score"`
	Distance *float64 `json:"distance_m,omitempty" doc:"Of what is near, metres from what the query names."`
}

// Search is the answer to a search, best first.
type Search struct {
	Items      []Found        `json:"items" nullable:"false"`
	Next       *string        `json:"next" nullable:"true" doc:"Always null: a search has one page; ask for more with limit."`
	Suggestion string         `json:"suggestion,omitempty" doc:"The query as it was understood, when it was corrected."`
	In         string         `json:"in,omitempty" doc:"The destination that words of the query named."`
	Rest       string         `json:"rest,omitempty" doc:"The other words, which were looked for there."`
	Elsewhere  bool           `json:"elsewhere,omitempty" doc:"Nothing in there has the other words: what has them lies elsewhere."`
	NothingIn  string         `json:"nothing_in,omitempty" doc:"Path of the destination that the query names when nothing in it is written down yet."`
	Notice     string         `json:"notice,omitempty" doc:"What a reader should be told of how the query was understood."`
	Near       []Found        `json:"near,omitempty" doc:"The places nearest to that destination, nearest first."`
	At         *Point         `json:"at,omitempty" doc:"The position that the query is; items are the nearest to it."`
	Counts     map[string]int `json:"counts" doc:"How many of each kind match."`
}

// Point is a position.
type Point struct {
	Lat float64 `json:"lat"`
	Lon float64 `json:"lon"`
}

// SearchOf is an answer for programs. name gives the English name of a
// destination path.
func SearchOf(a search.Answer, base string, name func(path string) string) Search {
	out := Search{Items: make([]Found, 0, len(a.Cards)), Suggestion: a.Suggestion, In: a.In, Rest: a.Rest, Elsewhere: a.Elsewhere, Counts: map[string]int{}}
	for _, c := range a.Cards {
		id, path := Name(c)
		subtitle := c.Subtitle
		if w, ok := a.World[c.Slug]; ok && c.Kind == finder.Destination {
			path = WayTo(c.Slug, w)
			if path != "/destinations/"+c.Slug {
				subtitle = strings.TrimSuffix(subtitle+" · What is near", " · ")
			}
		}
		out.Items = append(out.Items, Found{Kind: c.Kind.String(), ID: id, Title: c.Title, Subtitle: subtitle,
			Alias: c.Alias, URL: base + path, Score: c.Score})
	}
	for k, n := range a.Counts {
		if n > 0 {
			out.Counts[finder.Kind(k).String()] = n
		}
	}
	switch {
	case a.At != nil:
		out.At = &Point{a.At.Lat, a.At.Lon}
		out.Notice = "The nearest to " + geo.FormatDecimal(*a.At) + "."
	case a.Empty != nil:
		out.NothingIn = a.Empty.Path
		for i, c := range a.NearCards {
			id, path := Name(c)
			out.Near = append(out.Near, Found{Kind: c.Kind.String(), ID: id, Title: c.Title, Subtitle: c.Subtitle, URL: base + path, Distance: &a.Near[i].Metres})
		}
		out.Notice = "Nothing in " + a.Empty.Name + " is written down yet."
	case a.Elsewhere:
		out.Notice = "Nothing in " + name(a.In) + " is found for “" + a.Rest + "”."
	}
	return out
}

// WayTo is the path of the page that helps best whoever asks for a destination
// of which nothing is written down yet: its guide, or, when the nearest place
// is far, the list of what is near it.
func WayTo(path string, w search.World) string {
	if w.Metres < 0 || w.Metres <= search.NearEnough {
		return "/destinations/" + path
	}
	return "/near?lat=" + strconv.FormatFloat(w.At.Lat, 'f', -1, 64) + "&lon=" + strconv.FormatFloat(w.At.Lon, 'f', -1, 64)
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
	Kind     string  `json:"kind" enum:"country,region,city,area,metro" doc:"Areas and metros are drawn by editors over the tree."`
	Places   int     `json:"places" minimum:"0"`
	Stories  int     `json:"stories" minimum:"0"`
	URL      string  `json:"url"`
	Children []Child `json:"children" nullable:"false"`
}

// Child is a destination below another.
type Child struct {
	Path   string `json:"path"`
	Name   string `json:"name"`
	Kind   string `json:"kind" enum:"country,region,city,area,metro" doc:"Areas and metros are drawn by editors over the tree."`
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
	Kind        string  `json:"kind" enum:"country,region,city,section,position" doc:"position: the query itself is one, in any notation."`
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

// PositionOf is the answer to a query that is a position itself; where is the
// destination it lies in.
func PositionOf(at geo.Public, where gazetteer.Where) Geocode {
	item := Geocoded{Name: geo.FormatDecimal(at), Kind: "position", Lat: at.Lat, Lon: at.Lon, Matched: geo.PlusCode(at)}
	for _, n := range []*gazetteer.Node{where.Country, where.Region, where.City} {
		if n != nil {
			item.CountryCode, item.Path = n.CountryCode, n.Path
		}
	}
	return Geocode{Items: []Geocoded{item}}
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
