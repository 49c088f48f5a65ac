package api

import (
	"context"
	"net/http"
	"net/url"

	"github.com/danielgtaylor/huma/v2"

	"mirabilia/internal/actor"
	"mirabilia/internal/finder"
	"mirabilia/internal/mark"
	"mirabilia/internal/outward"
	"mirabilia/internal/place"
	"mirabilia/internal/query"
)

// asked is the query of a call as it came: package query reads it, so that the
// API understands exactly what the pages do.
type asked struct {
	raw string
}

// Resolve implements huma.Resolver.
func (q *asked) Resolve(c huma.Context) []error {
	u := c.URL()
	q.raw = u.RawQuery
	return nil
}

func (q *asked) values() (url.Values, error) { return query.Parse(q.raw) }

type body[T any] struct{ Body T }

// read makes an operation's function of one that takes the query and answers
// with a body; its errors become problems.
func read[T any](a *API, fn func(context.Context, url.Values) (T, error)) func(context.Context, *asked) (*body[T], error) {
	return func(ctx context.Context, in *asked) (*body[T], error) {
		v, err := in.values()
		if err != nil {
			return nil, a.problem(err)
		}
		out, err := fn(ctx, v)
		if err != nil {
			return nil, a.problem(err)
		}
		return &body[T]{out}, nil
	}
}

// operation describes a GET with the problem that any error is.
func (a *API) operation(id, path, summary string, params ...*huma.Param) huma.Operation {
	schema := a.huma.OpenAPI().Components.Schemas.Schema(typeOf[Problem](), true, "Problem")
	return huma.Operation{
		OperationID: id, Method: http.MethodGet, Path: path, Summary: summary, Parameters: params,
		Responses: map[string]*huma.Response{
			"default": {Description: "What went wrong.", Content: map[string]*huma.MediaType{problemType: {Schema: schema}}},
		},
	}
}

func (a *API) placeOperations() {
	huma.Register(a.huma, a.operation("listPlaces", "/places", "Places, by any filter and order", placeParams()...), read(a, a.listPlaces))
	huma.Register(a.huma, a.operation("readPlace", "/places/{place}", "One place, whole, by id or slug"), a.readPlace)
	huma.Register(a.huma, a.operation("randomPlace", "/random", "One place at random, whole", inParam(), tagParam()), read(a, a.randomPlace))
}

func (a *API) listPlaces(ctx context.Context, v url.Values) (outward.Places, error) {
	q, err := query.ParsePlaces(v)
	if err != nil {
		return outward.Places{}, err
	}
	if err := a.leaveOutBeen(ctx, &q); err != nil {
		return outward.Places{}, err
	}
	page, err := a.Finder.List(q.Filter(), q.Order(), q.Limit, q.Cursor)
	if err != nil {
		return outward.Places{}, err
	}
	rows, err := a.rows(ctx, page.Hits)
	if err != nil {
		return outward.Places{}, err
	}
	return outward.PlacesOf(page, rows, q.Near != nil, a.URL), nil
}

// leaveOutBeen fills in where the token's member has been, where the others are
// asked for.
func (a *API) leaveOutBeen(ctx context.Context, q *query.Places) error {
	if !q.Unvisited {
		return nil
	}
	who := whoAsks(ctx)
	if err := who.NeedsScope(actor.Read); err != nil {
		return err
	}
	var err error
	q.Without, err = a.Marks.All(ctx, who.ID, mark.Been)
	return err
}

// rows reads the whole rows of hits; those that are public no longer are left
// out.
func (a *API) rows(ctx context.Context, hits []finder.Hit) ([]*place.Place, error) {
	ids := make([]int64, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
	}
	return a.Places.Whole(ctx, ids)
}

type onePlace struct {
	Place string `path:"place" doc:"Id (p123) or slug." example:"p123"`
}

func (a *API) readPlace(ctx context.Context, in *onePlace) (*body[outward.Place], error) {
	p, err := a.Places.Find(ctx, in.Place)
	if err != nil {
		return nil, a.problem(apiPath(err))
	}
	return &body[outward.Place]{outward.Whole(p, a.URL)}, nil
}

func (a *API) randomPlace(ctx context.Context, v url.Values) (outward.Place, error) {
	q, err := query.ParseRandom(v)
	if err != nil {
		return outward.Place{}, err
	}
	ref, ok := a.Finder.Random(finder.Filter{Kinds: []finder.Kind{finder.Place, finder.Eatery}, In: q.In, Tags: q.Tags}, a.Random())
	if !ok {
		return outward.Place{}, errNothing
	}
	p, err := a.Places.ByID(ctx, place.PublicID(ref.ID))
	if err != nil {
		return outward.Place{}, err
	}
	return outward.Whole(p, a.URL), nil
}
