package web

import (
	"context"

	"mirabilia/internal/finder"
	"mirabilia/internal/geo"
	"mirabilia/internal/query"
)

// mapPage is the full-window map with the same places as a list.
func (s *Site) mapPage(ctx context.Context, q Public) (Answer, error) {
	m, err := query.ParseMap(q.Query)
	if err != nil {
		return Answer{}, err
	}
	return s.renderMap(ctx, q, m)
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
