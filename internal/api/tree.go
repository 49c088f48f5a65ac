package api

import (
	"context"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"mirabilia/internal/destination"
	"mirabilia/internal/outward"
	"mirabilia/internal/query"
)

func (a *API) treeOperations() {
	huma.Register(a.huma, a.operation("listDestinations", "/destinations", "The countries that hold places"), read(a, a.listDestinations))
	huma.Register(a.huma, a.operation("readDestination", "/destinations/{path...}", "A destination with those below it; an area with the cities in it"), a.readDestination)
	huma.Register(a.huma, a.operation("listTags", "/tags", "Every tag with its number of places", inParam()), read(a, a.listTags))
}

func (a *API) listDestinations(context.Context, url.Values) (outward.Destinations, error) {
	return outward.Destinations{Items: a.children("")}, nil
}

// children are the destinations below a path that hold places, A–Z as on the
// pages.
func (a *API) children(path string) []outward.Child {
	list := []outward.Child{}
	for _, c := range destination.Below(a.Gazetteer, a.Finder, path) {
		list = append(list, outward.ChildOf(c.Node, c.Count, a.URL))
	}
	return outward.Alphabetical(list)
}

type oneDestination struct {
	Path string `path:"path" doc:"Destination path, such as mexico/mexico-city." example:"mexico/mexico-city"`
}

func (a *API) readDestination(ctx context.Context, in *oneDestination) (*body[outward.Destination], error) {
	path := strings.Trim(in.Path, "/")
	if !query.IsPath(path) {
		return nil, a.problem(errNoDestination)
	}
	g, err := a.Destinations.ByPath(ctx, path)
	if err != nil {
		return nil, a.problem(err)
	}
	return &body[outward.Destination]{outward.Destination{
		Path: g.Path, Name: g.Name, Kind: g.Level.String(), Places: a.Finder.CountIn(g.Path),
		URL: a.URL + g.Href(), Children: a.children(g.Path),
	}}, nil
}

func (a *API) listTags(ctx context.Context, v url.Values) (outward.Tags, error) {
	q, err := query.ParseRandom(v) // in, and nothing else of it is used
	if err != nil {
		return outward.Tags{}, err
	}
	counts := a.Finder.Tags(q.In)
	slugs := make([]string, len(counts))
	for i, c := range counts {
		slugs[i] = c.Tag
	}
	names, err := a.Tags.Names(ctx, slugs)
	if err != nil {
		return outward.Tags{}, err
	}
	out := outward.Tags{Items: make([]outward.Tag, 0, len(counts))}
	for _, c := range counts {
		out.Items = append(out.Items, outward.Tag{Slug: c.Tag, Name: names[c.Tag], Places: c.Count, URL: a.URL + "/tags/" + c.Tag})
	}
	return out, nil
}
