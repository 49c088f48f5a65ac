package api

import (
	"context"
	"net/url"

	"github.com/danielgtaylor/huma/v2"

	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/outward"
	"mirabilia/internal/query"
	"mirabilia/internal/search"
)

// defaultFound is how many results a search gives when no limit is asked for.
const defaultFound = 20

func (a *API) findOperations() {
	huma.Register(a.huma, a.operation("search", "/search", "Everything by words, one ranked list", textParam(), kindParam(), inParam(), tagParam(), limitParam()), read(a, a.search))
	huma.Register(a.huma, a.operation("suggest", "/suggest", "The same while the words are being typed", textParam(), kindParam(), limitParam()), read(a, a.suggest))
	huma.Register(a.huma, a.operation("geocode", "/geocode", "Cities, regions and countries by their names in any language", namedParam(), limitParam()), read(a, a.geocode))
}

func (a *API) search(_ context.Context, v url.Values) (outward.Search, error) {
	q, err := query.ParseSearch(limited(v, defaultFound))
	if err != nil {
		return outward.Search{}, err
	}
	return a.found(a.seek().Find(q.Q, finder.SearchOptions{Kinds: q.Kinds(), In: q.In, Tags: q.Tags, Limit: q.Limit})), nil
}

func (a *API) suggest(_ context.Context, v url.Values) (outward.Search, error) {
	q, err := query.ParseSearch(limited(v, 8))
	if err != nil {
		return outward.Search{}, err
	}
	return a.found(a.seek().Suggest(q.Q, q.Kinds(), q.Limit)), nil
}

func (a *API) seek() *search.Search { return &search.Search{Finder: a.Finder, Gazetteer: a.Gazetteer} }

func (a *API) found(r search.Answer) outward.Search {
	return outward.SearchOf(r, a.URL, a.Gazetteer.NameOf)
}

func (a *API) geocode(_ context.Context, v url.Values) (outward.Geocode, error) {
	q, err := query.ParseSearch(limited(v, 10))
	if err != nil {
		return outward.Geocode{}, err
	}
	if q.Q == "" { // a question without a name is a mistake in the program that asks
		return outward.Geocode{}, errs.InField("q", "is missing: the name of a city, region or country")
	}
	if at, ok := a.seek().Position(q.Q); ok {
		return outward.PositionOf(at, a.Gazetteer.Locate(at.Lat, at.Lon)), nil
	}
	return outward.GeocodeOf(a.Gazetteer.Search(q.Q, q.Limit)), nil
}

// limited is the query with a limit of its own where none was asked for.
func limited(v url.Values, n int) url.Values {
	if v.Get("limit") == "" {
		v.Set("limit", itoa(n))
	}
	return v
}
