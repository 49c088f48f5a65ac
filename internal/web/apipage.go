package web

import (
	"context"
	"strings"

	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
)

// apiPage is the interface for programs, readable.
func (s *Site) apiPage(ctx context.Context, q Public) (Answer, error) {
	b, err := s.base(ctx, q, say.T(ctx, "Data and API"), say.T(ctx, "How programs read this atlas and write to it: calls, parameters, files and feeds."))
	if err != nil {
		return Answer{}, err
	}
	v := view.APIPage{Base: b, Root: s.absolute("/api/v1"), Spec: "/api/v1/openapi.json", Calls: s.apiCalls(ctx), Query: apiQuery()}
	for _, f := range []struct{ suffix, what, path string }{
		{".json", "JSON, as the API gives it", "/places.json"}, {".geojson", "GeoJSON for maps", "/places.geojson"}, {".csv", "a table", "/places.csv"},
		{".gpx", "waypoints for navigators", "/places.gpx"}, {".kml", "KML for globes", "/places.kml"}, {".atom", "an Atom feed", "/places.atom"},
		{".rss", "an RSS feed", "/places.rss"}, {".feed.json", "a JSON feed", "/places.feed.json"},
	} {
		v.Forms = append(v.Forms, view.APIForm{Suffix: f.suffix, What: say.T(ctx, f.what), Example: f.path})
	}
	return s.render(ctx, view.API(v))
}

// Call is one call of the API: its path with the parameters that it takes, and
// the scope that a token must have, "" where none is needed.
type Call struct{ Method, Path, What, Scope string }

// apiExamples are calls to try in the browser, by their path.
var apiExamples = map[string]string{
	"/places": "/api/v1/places?limit=2", "/search": "/api/v1/search?q=museum", "/suggest": "/api/v1/suggest?q=mus", "/geocode": "/api/v1/geocode?q=Praga",
	"/destinations": "/api/v1/destinations", "/tags": "/api/v1/tags", "/random": "/api/v1/random", "/lists": "/api/v1/lists", "/changes": "/api/v1/changes?since=0&limit=5",
}

func (s *Site) apiCalls(ctx context.Context) []view.APICall {
	out := make([]view.APICall, len(s.Calls))
	for i, c := range s.Calls {
		out[i] = view.APICall{Method: c.Method, Path: c.Path, What: say.T(ctx, c.What), Scope: c.Scope}
		if path, _, _ := strings.Cut(c.Path, "?"); c.Method == "GET" && c.Scope == "" {
			out[i].Example = apiExamples[path]
		}
	}
	return out
}

func apiQuery() []view.APIParam {
	return []view.APIParam{
		{Name: "q", Values: "text", What: "Words that must be found."},
		{Name: "tag", Values: "slug", What: "A theme; may be repeated, all must hold."},
		{Name: "in", Values: "country/region/city", What: "A destination."},
		{Name: "bbox", Values: "west,south,east,north", What: "A box in degrees; west above east crosses the date line."},
		{Name: "near", Values: "lat,lon", What: "A point; distances are told in metres."},
		{Name: "radius", Values: "km", What: "How far from the point."},
		{Name: "status", Values: "open, lost, …", What: "Physical state; may be repeated, any may hold."},
		{Name: "kind", Values: "place, eatery, food", What: "“place” includes places to eat."},
		{Name: "photos", Values: "yes", What: "Only with pictures."},
		{Name: "unvisited", Values: "yes", What: "Only where the token’s member has not been."},
		{Name: "obscurity", Values: "from-to", What: "0 famous to 100 obscure."},
		{Name: "free, booking, stepfree, parking, dogs, children", Values: "yes, no, partly", What: "Facts."},
		{Name: "sort", Values: "newest, wanted, been, near, obscure", What: "The order; ties by id."},
		{Name: "limit", Values: "1–100", What: "How many a page."},
		{Name: "cursor", Values: "next", What: "Where the page before ended."},
	}
}
