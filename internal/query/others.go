package query

import (
	"net/url"

	"mirabilia/internal/finder"
	"mirabilia/internal/geo"
)

// MetresPerMile is the international mile (1959).
const MetresPerMile = 1609.344

// Near is the query of /near: a position, or words that name one.
type Near struct {
	At     *geo.Public // from lat and lon
	Q      string      // typed: a city, coordinates, a place, an address
	Radius float64     // in Unit; 0: no limit
	Unit   string      // "km", "mi", or "" for the atlas's own
	Kind   string      // "", "place" or "eatery"
	// Unvisited asks for what the reader has not been to.
	Unvisited bool
	Limit     int
	Cursor    string
}

// NearParams names every parameter that /near understands.
var NearParams = []string{"lat", "lon", "q", "radius", "unit", "kind", "unvisited", "limit", "cursor"}

// ParseNear reads the query of /near. Latitude and longitude come together.
func ParseNear(v url.Values) (Near, error) {
	r := &reader{v: v}
	n := Near{Q: r.text("q"), Unit: r.choice("unit", "km", "mi"), Kind: r.choice("kind", "place", "eatery"),
		Limit: r.whole("limit", 1, MaxLimit, DefaultLimit), Cursor: r.cursor("cursor")}
	n.Unvisited = r.choice("unvisited", "yes") == "yes"
	lat, hasLat := r.decimal("lat", -90, 90)
	lon, hasLon := r.decimal("lon", -180, 180)
	switch {
	case hasLat && hasLon:
		n.At = &geo.Public{Lat: lat, Lon: lon}
	case hasLat && r.v.Get("lon") == "":
		r.fail("lon", "is missing; latitude and longitude come together")
	case hasLon && r.v.Get("lat") == "":
		r.fail("lat", "is missing; latitude and longitude come together")
	}
	km := 1.0
	if n.Unit == "mi" {
		km = MetresPerMile / 1000
	}
	n.Radius = r.radius("radius", km)
	if err := r.err(); err != nil {
		return Near{}, err
	}
	return n, nil
}

// Metres is the radius in metres, 0 for none.
func (n Near) Metres(unit string) float64 {
	if unit == "mi" {
		return n.Radius * MetresPerMile
	}
	return n.Radius * 1000
}

// Search is the query of /search and of the API's search and suggestions.
type Search struct {
	Q     string
	Kind  string // "" for all
	In    string // destination path
	Tags  []string
	Limit int
	Page  int // from 1
}

// SearchParams names every parameter that /search understands.
var SearchParams = []string{"q", "kind", "in", "tag", "limit", "page"}

// MaxPage is the last page of a search that is shown: who has not found it in
// twenty pages asks better.
const MaxPage = 20

// KindNames are the kinds one can search for.
var KindNames = []string{"place", "eatery", "food", "destination", "tag", "story", "list", "itinerary", "trip", "member"}

// ParseSearch reads the query of a search.
func ParseSearch(v url.Values) (Search, error) {
	r := &reader{v: v}
	s := Search{Q: r.text("q"), Kind: r.choice("kind", KindNames...), In: r.path("in"),
		Tags:  r.many("tag", IsSlug, "is the short name of a tag, such as ruins"),
		Limit: r.whole("limit", 1, MaxLimit, DefaultLimit), Page: r.whole("page", 1, MaxPage, 1)}
	if err := r.err(); err != nil {
		return Search{}, err
	}
	return s, nil
}

// Kinds is the kind asked for as the finder knows it; nil for all. "place"
// includes the eateries, as in /places.
func (s Search) Kinds() []finder.Kind {
	switch s.Kind {
	case "":
		return nil
	case "place":
		return []finder.Kind{finder.Place, finder.Eatery}
	}
	for k := finder.Place; k <= finder.Member; k++ {
		if k.String() == s.Kind {
			return []finder.Kind{k}
		}
	}
	return nil
}

// Values is the query as an address, without what is at its default.
func (s Search) Values() url.Values {
	v := url.Values{}
	if s.Q != "" {
		v.Set("q", s.Q)
	}
	if s.Kind != "" {
		v.Set("kind", s.Kind)
	}
	if s.In != "" {
		v.Set("in", s.In)
	}
	for _, t := range s.Tags {
		v.Add("tag", t)
	}
	if s.Limit != DefaultLimit && s.Limit != 0 {
		v.Set("limit", short(float64(s.Limit)))
	}
	if s.Page > 1 {
		v.Set("page", short(float64(s.Page)))
	}
	return v
}

// Random is the query of /random.
type Random struct {
	In   string
	Tags []string
}

// RandomParams names every parameter that /random understands.
var RandomParams = []string{"in", "tag"}

// ParseRandom reads the query of /random.
func ParseRandom(v url.Values) (Random, error) {
	r := &reader{v: v}
	q := Random{In: r.path("in"), Tags: r.many("tag", IsSlug, "is the short name of a tag, such as ruins")}
	if err := r.err(); err != nil {
		return Random{}, err
	}
	return q, nil
}

// Map is the query of /map: where to look, and the filters of /places.
type Map struct {
	At     *geo.Public
	Zoom   float64 // 0 for the default
	Places Places
}

// MapParams names every parameter that /map understands.
var MapParams = append([]string{"lat", "lon", "z"}, PlaceParams...)

// ParseMap reads the query of /map.
func ParseMap(v url.Values) (Map, error) {
	r := &reader{v: v}
	lat, hasLat := r.decimal("lat", -90, 90)
	lon, hasLon := r.decimal("lon", -180, 180)
	m := Map{}
	if z, ok := r.decimal("z", 0, 22); ok {
		m.Zoom = z
	}
	switch {
	case hasLat && hasLon:
		m.At = &geo.Public{Lat: lat, Lon: lon}
	case hasLat && r.v.Get("lon") == "":
		r.fail("lon", "is missing; latitude and longitude come together")
	case hasLon && r.v.Get("lat") == "":
		r.fail("lat", "is missing; latitude and longitude come together")
	}
	if err := r.err(); err != nil {
		return Map{}, err
	}
	var err error
	m.Places, err = ParsePlaces(v)
	return m, err
}

// Changes is the query of the change feed.
type Changes struct {
	Since int64 // the last sequence that was seen
	Limit int
}

const (
	// MaxChanges is how many changes one answer holds at most.
	MaxChanges = 1000
	// MaxSince is the greatest number that every JSON reader keeps exactly.
	MaxSince = 1<<53 - 1
)

// ParseChanges reads the query of the change feed. Its next is a since; who pages
// through every list alike sends it as a cursor.
func ParseChanges(v url.Values) (Changes, error) {
	r := &reader{v: v}
	since := r.whole("since", 0, MaxSince, 0)
	c := Changes{Since: int64(r.whole("cursor", 0, MaxSince, since)), Limit: r.whole("limit", 1, MaxChanges, 100)}
	if err := r.err(); err != nil {
		return Changes{}, err
	}
	return c, nil
}

// Part is which part of a list is asked for.
type Part struct {
	Limit  int
	Cursor string
}

// ParsePart reads the query of a list that has no other parameters.
func ParsePart(v url.Values, limit int) (Part, error) {
	r := &reader{v: v}
	return r.part(limit), r.err()
}

func (r *reader) part(limit int) Part {
	return Part{Limit: r.whole("limit", 1, MaxLimit, limit), Cursor: r.cursor("cursor")}
}

// Queue is the query of what waits on the desk.
type Queue struct {
	Part
	Status, Kind string // "" for what the desk shows by itself
	In           string // destination path
}

// queueLimit is the page of the desk when none is asked for.
const queueLimit = 50

// ParseQueue reads the query of the desk, which names its statuses and kinds.
func ParseQueue(v url.Values, statuses, kinds []string) (Queue, error) {
	r := &reader{v: v}
	q := Queue{Part: r.part(queueLimit), Status: r.choice("status", statuses...), Kind: r.choice("kind", kinds...), In: r.path("in")}
	if err := r.err(); err != nil {
		return Queue{}, err
	}
	return q, nil
}
