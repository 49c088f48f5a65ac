package web

import (
	"context"

	"mirabilia/internal/finder"
	"mirabilia/internal/geo"
	"mirabilia/internal/query"
	"mirabilia/internal/web/tiles"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// mapPage is the full-window map with the same places as a list.
func (s *Site) mapPage(ctx context.Context, q Public) (Answer, error) {
	m, err := query.ParseMap(q.Query)
	if err != nil {
		return Answer{}, err
	}
	m.Places.Without = q.Been
	page, err := s.mapList(m)
	if err != nil {
		return Answer{}, err
	}
	f, err := s.look(ctx, page.Hits)
	if err != nil {
		return Answer{}, err
	}
	b, err := s.base(ctx, q, say.T(ctx, "Map"), say.T(ctx, "All the places on one map, and as a list beside it."))
	if err != nil {
		return Answer{}, err
	}
	p := m.Places.After("")
	facets := s.Finder.Facets(p.Filter())
	names, err := s.tagNames(ctx, p.Tags, facets.Tags, 12)
	if err != nil {
		return Answer{}, err
	}
	v := view.MapPage{
		Base: b, Lat: worldMiddle.Lat, Lon: worldMiddle.Lon, Zoom: worldZoom, Placed: m.At != nil, Query: p.Encode(), Ground: s.Ground, Credit: tiles.Credit,
		Picture: worldPicture(ctx),
		Heading: say.T(ctx, "Map"), Total: page.Total, Kinds: mapKinds(ctx, m), On: s.conditions(ctx, "/map", p, names),
		Cards: s.cards(ctx, f.places), Empty: emptyList(ctx, "/map"), Forms: otherForms("/places", p.Encode()),
		All: ui.Link{Text: say.T(ctx, "As a list"), Path: address("/places", p.Encode())},
	}
	v.Filters = s.filterForm(ctx, "/map", p, facets, names, len(v.On))
	if m.At != nil {
		v.Lat, v.Lon, v.Zoom = m.At.Lat, m.At.Lon, 11
	}
	if m.Zoom > 0 {
		v.Zoom = m.Zoom
	}
	v.NoIndex = v.Placed || v.Query != ""
	a, err := s.render(ctx, view.Map(v))
	a.Shows, a.Whole, a.NoIndex = refs(f.places...), true, v.NoIndex
	return a, err
}

func mapKinds(ctx context.Context, m query.Map) []ui.Chip {
	var out []ui.Chip
	for _, k := range []struct{ name, text string }{{"", "All"}, {"eatery", "Places to eat"}} {
		p := m.Places.After("")
		p.Kind = k.name
		out = append(out, ui.Chip{Text: say.T(ctx, k.text), Path: address("/map", p.Encode()), Current: m.Places.Kind == k.name || k.name == "" && m.Places.Kind == "place"})
	}
	return out
}

// mapList are the places that the list beside the map begins with: the nearest
// to its middle, or the newest of those that can be drawn.
func (s *Site) mapList(m query.Map) (finder.Page, error) {
	p := m.Places
	order := p.Order()
	if m.At != nil && p.Near == nil {
		p.Near, order = m.At, finder.Near
	}
	if p.Near == nil && p.Box == nil {
		p.Box = &geo.Box{West: -180, South: -90, East: 180, North: 90} // what has no position is not on the map
	}
	return s.Finder.List(p.Filter(), order, p.Limit, p.Cursor)
}
