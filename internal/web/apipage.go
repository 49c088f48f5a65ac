package web

import (
	"context"

	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
)

// apiPage is the interface for programs, readable.
func (s *Site) apiPage(ctx context.Context, q Public) (Answer, error) {
	b, err := s.base(ctx, q, say.T(ctx, "Data and API"), say.T(ctx, "How programs read this atlas: calls, parameters, files and feeds."))
	if err != nil {
		return Answer{}, err
	}
	v := view.APIPage{Base: b, Root: s.absolute("/api/v1"), Spec: "/api/v1/openapi.json", Calls: apiCalls(), Query: apiQuery()}
	for _, f := range []struct{ suffix, what, path string }{
		{".json", "JSON, as the API gives it", "/places.json"}, {".geojson", "GeoJSON for maps", "/places.geojson"}, {".csv", "a table", "/places.csv"},
		{".gpx", "waypoints for navigators", "/places.gpx"}, {".kml", "KML for globes", "/places.kml"}, {".atom", "an Atom feed", "/places.atom"},
		{".rss", "an RSS feed", "/places.rss"}, {".feed.json", "a JSON feed", "/places.feed.json"},
	} {
		v.Forms = append(v.Forms, view.APIForm{Suffix: f.suffix, What: say.T(ctx, f.what), Example: f.path})
	}
	return s.render(ctx, view.API(v))
}

func apiCalls() []view.APICall {
	return []view.APICall{
		{Method: "GET", Path: "/places", What: "A list of places, by the query below.", Example: "/api/v1/places?limit=2"},
		{Method: "GET", Path: "/places/{id or slug}", What: "One place, whole."},
		{Method: "GET", Path: "/search?q=&kind=&limit=", What: "What a search finds, best first.", Example: "/api/v1/search?q=museum"},
		{Method: "GET", Path: "/suggest?q=&kind=&limit=", What: "The same, for what is being typed.", Example: "/api/v1/suggest?q=mus"},
		{Method: "GET", Path: "/geocode?q=&limit=", What: "Countries, regions and cities by name, in many languages.", Example: "/api/v1/geocode?q=Praga"},
		{Method: "POST", Path: "/along?within=KM", What: "Places beside a GeoJSON LineString, in the order one passes them."},
		{Method: "GET", Path: "/destinations", What: "The countries that hold something.", Example: "/api/v1/destinations"},
		{Method: "GET", Path: "/destinations/{path}", What: "One destination with those inside it."},
		{Method: "GET", Path: "/tags", What: "Every theme with its count.", Example: "/api/v1/tags"},
		{Method: "GET", Path: "/random", What: "One place by chance.", Example: "/api/v1/random"},
		{Method: "GET", Path: "/changes?since=&limit=", What: "What has changed since a number of the log.", Example: "/api/v1/changes?since=0&limit=5"},
	}
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
		{Name: "obscurity", Values: "from-to", What: "0 famous to 100 obscure."},
		{Name: "free, booking, stepfree, parking, dogs, children", Values: "yes, no, partly", What: "Facts."},
		{Name: "sort", Values: "newest, wanted, been, near, obscure", What: "The order; ties by id."},
		{Name: "limit", Values: "1–100", What: "How many a page."},
		{Name: "cursor", Values: "next", What: "Where the page before ended."},
	}
}
