package web

import (
	"context"
	"encoding/json"
	"math"

	"mirabilia/internal/destination"
	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/geo"
)

// node is what a destination path names: a node of the tree, or an area.
func (s *Site) node(path string) (*gazetteer.Node, bool) {
	return destination.Node(s.Gazetteer, s.Finder, path)
}

// meant is the destination of a path, or the city that a shortened one names.
func (s *Site) meant(path string) (*gazetteer.Node, bool) {
	if n, ok := s.node(path); ok {
		return n, true
	}
	return s.node(s.cityMeant(path))
}

// below are the destinations below a path that hold places.
func (s *Site) below(path string) []destination.Counted {
	return destination.Below(s.Gazetteer, s.Finder, path)
}

func outlinePath(path string) string { return "/outlines/" + path + ".geojson" }

// outline gives the outline of an area, as maps draw it.
func (s *Site) outline(_ context.Context, q Public) (Answer, error) {
	a, ok := s.Finder.Area(q.Dest)
	if !ok || q.Form == "" {
		return Answer{}, errs.New(errs.NotFound, "There is no outline at this address.")
	}
	type properties struct {
		Path string `json:"path"`
		Kind string `json:"kind"`
		Name string `json:"name"`
	}
	body, err := json.Marshal(struct {
		Type       string          `json:"type"`
		Properties properties      `json:"properties"`
		Geometry   json.RawMessage `json:"geometry"`
	}{"Feature", properties{a.Path, a.Kind, a.Name}, a.Shape.GeoJSON()})
	return Answer{Kind: Data, Type: forms[".geojson"].mime, Body: append(body, '\n'), NoIndex: true,
		Shows: []finder.Ref{{Kind: finder.Destination, ID: destination.ID(a.Path)}}}, err
}

// boxZoom is the zoom at which a box fills a map of a page: some 600 by 400
// pixels, where the world at zoom 0 has 512.
func boxZoom(b geo.Box) float64 {
	width := b.East - b.West
	if width <= 0 {
		width += 360
	}
	top, bottom := mercator(b.North), mercator(b.South)
	zoom := min(math.Log2(600/(512*max(width/360, 1e-6))), math.Log2(400/(512*max(top-bottom, 1e-6))))
	return math.Round(min(max(zoom-0.2, 1), 14)*10) / 10
}

// mercator is how far up a latitude is on the map, the whole map being 1.
func mercator(lat float64) float64 {
	lat = min(max(lat, -85), 85) * math.Pi / 180
	return math.Log(math.Tan(math.Pi/4+lat/2)) / (2 * math.Pi)
}
