package mcp

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"mirabilia/internal/destination"
	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/geo"
	"mirabilia/internal/outward"
	"mirabilia/internal/place"
	"mirabilia/internal/query"
	"mirabilia/internal/search"
	"mirabilia/internal/text"
)

// tools answers the calls.
type tools struct{ Deps }

// The sizes of lists.
const (
	usual       = 10
	most        = 50
	maxRoute    = 2000 // points of a route
	maxChildren = 30
)

// SearchIn is what search takes.
type SearchIn struct {
	Q     string   `json:"q" jsonschema:"words in any spelling and language; may name a place, as in: skulls prague"`
	Kind  string   `json:"kind,omitempty" jsonschema:"only this kind: place, eatery, destination or tag"`
	In    string   `json:"in,omitempty" jsonschema:"destination path, such as mexico/mexico-city"`
	Tags  []string `json:"tags,omitempty" jsonschema:"slugs of tags; all must hold"`
	Limit int      `json:"limit,omitempty" jsonschema:"how many, 1 to 50; 10 by default"`
}

func (t *tools) search(_ context.Context, in SearchIn) (Results, error) {
	v := values("q", in.Q, "kind", in.Kind, "in", in.In, "limit", limit(in.Limit))
	v["tag"] = in.Tags
	q, err := query.ParseSearch(v)
	if err != nil {
		return Results{}, err
	}
	seek := search.Search{Finder: t.Finder, Gazetteer: t.Gazetteer}
	r := outward.SearchOf(seek.Find(q.Q, finder.SearchOptions{Kinds: q.Kinds(), In: q.In, Tags: q.Tags, Limit: min(q.Limit, most)}), t.URL, t.Gazetteer.NameOf)
	out := Results{Results: make([]Found, 0, len(r.Items)), Suggestion: r.Suggestion, Notice: r.Notice}
	for _, f := range r.Items {
		out.Results = append(out.Results, Found{f.Kind, f.ID, f.Title, f.Subtitle, f.URL})
	}
	return out, nil
}

// NearIn is what near takes.
type NearIn struct {
	At     string   `json:"at" jsonschema:"coordinates in any usual notation (48.8584, 2.2945) or the name of a city, region or country"`
	Radius float64  `json:"radius_km,omitempty" jsonschema:"kilometres around it; no limit by default"`
	Kind   string   `json:"kind,omitempty" jsonschema:"place or eatery"`
	Tags   []string `json:"tags,omitempty" jsonschema:"slugs of tags; all must hold"`
	Limit  int      `json:"limit,omitempty" jsonschema:"how many, 1 to 50; 10 by default"`
}

func (t *tools) near(ctx context.Context, in NearIn) (Lines, error) {
	at, name, err := t.spot("at", in.At)
	if err != nil {
		return Lines{}, err
	}
	v := values("near", pair(at), "kind", in.Kind, "limit", limit(in.Limit))
	if in.Radius != 0 {
		v.Set("radius", strconv.FormatFloat(in.Radius, 'f', -1, 64))
	}
	v["tag"] = in.Tags
	q, err := query.ParsePlaces(v)
	if err != nil {
		return Lines{}, err
	}
	page, err := t.Finder.List(q.Filter(), q.Order(), min(q.Limit, most), "")
	if err != nil {
		return Lines{}, err
	}
	rows, err := t.rows(ctx, page)
	if err != nil {
		return Lines{}, err
	}
	out := linesOf(outward.PlacesOf(page, rows, true, t.URL))
	out.Around = name
	return out, nil
}

// AlongIn is what along takes.
type AlongIn struct {
	Stops  []string     `json:"stops,omitempty" jsonschema:"two to twelve: cities or coordinates, in order"`
	Line   [][2]float64 `json:"line,omitempty" jsonschema:"instead of stops: positions as longitude, latitude, at most 2000"`
	Within float64      `json:"within_km,omitempty" jsonschema:"kilometres to each side; 10 by default"`
	Tags   []string     `json:"tags,omitempty" jsonschema:"slugs of tags; all must hold"`
	Limit  int          `json:"limit,omitempty" jsonschema:"how many, 1 to 50; 10 by default"`
}

func (t *tools) along(ctx context.Context, in AlongIn) (Lines, error) {
	points, name, err := t.way(in)
	if err != nil {
		return Lines{}, err
	}
	v := values("limit", limit(in.Limit))
	if in.Within != 0 {
		v.Set("within", strconv.FormatFloat(in.Within, 'f', -1, 64))
	}
	v["tag"] = in.Tags
	q, err := query.ParseCorridor(v)
	if err != nil {
		return Lines{}, err
	}
	route, err := finder.NewRoute(points)
	if err != nil {
		return Lines{}, err
	}
	page, err := t.Finder.Along(route, q.Within*1000, q.Places.Filter(), min(q.Places.Limit, most), "")
	if err != nil {
		return Lines{}, err
	}
	rows, err := t.rows(ctx, page)
	if err != nil {
		return Lines{}, err
	}
	out := linesOf(outward.AlongOf(page, rows, t.URL))
	out.Around = name
	return out, nil
}

// way is the line that was asked for, and what was understood.
func (t *tools) way(in AlongIn) (points []geo.Public, name string, err error) {
	switch {
	case len(in.Stops) > 0 && len(in.Line) > 0:
		return nil, "", errs.InField("line", "stands for a whole way; give stops or a line, not both")
	case len(in.Line) > maxRoute:
		return nil, "", errs.InField("line", "has more than %d positions; thin it out first", maxRoute)
	case len(in.Line) > 0:
		for _, p := range in.Line {
			points = append(points, geo.Public{Lat: p[1], Lon: p[0]})
		}
		return points, "", nil
	case len(in.Stops) < 2 || len(in.Stops) > query.MaxStops:
		return nil, "", errs.InField("stops", "are two to %d", query.MaxStops)
	}
	var names []string
	for _, s := range in.Stops {
		at, called, err := t.spot("stops", s)
		if err != nil {
			return nil, "", err
		}
		points, names = append(points, at), append(names, called)
	}
	return points, strings.Join(names, " – "), nil
}

// PlaceIn is what place takes.
type PlaceIn struct {
	Place string `json:"place" jsonschema:"id, such as p123, or the slug of the address"`
}

func (t *tools) place(ctx context.Context, in PlaceIn) (Whole, error) {
	for range 3 { // renamed, or merged into one that was renamed
		p, err := t.Places.Find(ctx, in.Place)
		if to, ok := moved(err); ok {
			in.Place = strings.TrimPrefix(to, "/places/")
			continue
		}
		if err != nil {
			return Whole{}, err
		}
		return wholeOf(p, t.URL), nil
	}
	return Whole{}, errs.New(errs.NotFound, "There is no such place.")
}

func moved(err error) (to string, ok bool) {
	var e *errs.Error
	if errors.As(err, &e) && e.Code == errs.Moved {
		return e.Location, true
	}
	return "", false
}

// GuideIn is what guide takes.
type GuideIn struct {
	In    string `json:"in" jsonschema:"path of a destination, such as mexico/mexico-city, or its name"`
	Limit int    `json:"limit,omitempty" jsonschema:"how many places, 1 to 50; 10 by default"`
}

func (t *tools) guide(ctx context.Context, in GuideIn) (Guide, error) {
	path := strings.Trim(in.In, "/ ")
	if _, ok := destination.Node(t.Gazetteer, t.Finder, path); !ok || !query.IsPath(path) {
		found := t.Gazetteer.Search(clip(in.In), 1)
		area, drawn := t.areaNamed(clip(in.In))
		switch {
		case drawn:
			path = area
		case len(found) == 0:
			return Guide{}, errs.New(errs.NotFound, "There is no such destination; the tool search finds them by name.")
		default:
			path = found[0].Path
		}
	}
	d, err := t.Destinations.ByPath(ctx, path)
	if err != nil {
		return Guide{}, err
	}
	q, err := query.ParsePlaces(values("in", d.Path, "limit", limit(in.Limit), "sort", "wanted"))
	if err != nil {
		return Guide{}, err
	}
	page, err := t.Finder.List(q.Filter(), q.Order(), min(q.Limit, most), "")
	if err != nil {
		return Guide{}, err
	}
	rows, err := t.rows(ctx, page)
	if err != nil {
		return Guide{}, err
	}
	out := Guide{
		Path: d.Path, Name: d.Name, Kind: d.Level.String(), Total: page.Total, URL: t.URL + d.Href(),
		Places: linesOf(outward.PlacesOf(page, rows, false, t.URL)).Places,
	}
	for _, c := range destination.Below(t.Gazetteer, t.Finder, d.Path) {
		out.Children = append(out.Children, Child{c.Path, c.Name, c.Count})
	}
	slices.SortStableFunc(out.Children, func(a, b Child) int { return b.Places - a.Places })
	out.Children = out.Children[:min(len(out.Children), maxChildren)]
	return out, nil
}

// areaNamed is the area of just that name.
func (t *tools) areaNamed(name string) (path string, ok bool) {
	for _, a := range t.Finder.Areas("") {
		if text.Fold(a.Name) == text.Fold(name) {
			return a.Path, true
		}
	}
	return "", false
}

// RandomIn is what random takes.
type RandomIn struct {
	In   string   `json:"in,omitempty" jsonschema:"destination path, such as mexico/mexico-city"`
	Tags []string `json:"tags,omitempty" jsonschema:"slugs of tags; all must hold"`
}

func (t *tools) random(ctx context.Context, in RandomIn) (Whole, error) {
	v := values("in", in.In)
	v["tag"] = in.Tags
	q, err := query.ParseRandom(v)
	if err != nil {
		return Whole{}, err
	}
	ref, ok := t.Finder.Random(finder.Filter{Kinds: []finder.Kind{finder.Place, finder.Eatery}, In: q.In, Tags: q.Tags}, t.Random())
	if !ok {
		return Whole{}, errs.New(errs.NotFound, "Nothing here fits that; ask for less.")
	}
	p, err := t.Places.ByID(ctx, place.PublicID(ref.ID))
	if err != nil {
		return Whole{}, err
	}
	return wholeOf(p, t.URL), nil
}

// spot is a position from coordinates or a name.
func (t *tools) spot(field, s string) (geo.Public, string, error) {
	s = clip(s)
	if at, err := geo.ParsePosition(s); err == nil {
		return at, geo.FormatDecimal(at), nil
	}
	if found := t.Gazetteer.Search(s, 1); len(found) > 0 {
		n := found[0]
		names := []string{n.Name}
		for _, a := range slices.Backward(t.Gazetteer.Ancestors(n.Path)) { // the narrowest first
			if a.Path != n.Path && a.Name != names[0] {
				names = append(names, a.Name)
			}
		}
		return geo.Public{Lat: n.Lat, Lon: n.Lon}, strings.Join(names, ", "), nil
	}
	return geo.Public{}, "", errs.InField(field, "%q is no position and no name that the gazetteer knows; give coordinates such as 48.8584, 2.2945", s)
}

// rows reads the rows of a page; those that are public no longer are left out.
func (t *tools) rows(ctx context.Context, page finder.Page) ([]*place.Place, error) {
	ids := make([]int64, len(page.Hits))
	for i, h := range page.Hits {
		ids[i] = h.ID
	}
	return t.Places.Whole(ctx, ids)
}

func pair(p geo.Public) string {
	return strconv.FormatFloat(p.Lat, 'f', -1, 64) + "," + strconv.FormatFloat(p.Lon, 'f', -1, 64)
}

// values makes a query of pairs, without what is empty.
func values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	return v
}

func limit(n int) string {
	if n == 0 {
		n = usual
	}
	return strconv.Itoa(n)
}

// clip keeps a name to what names may be.
func clip(s string) string {
	s = strings.ToValidUTF8(s, "")
	if len(s) > query.MaxText {
		s = strings.ToValidUTF8(s[:query.MaxText], "")
	}
	return strings.TrimSpace(s)
}
