package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/interchange"
	"mirabilia/internal/outward"
	"mirabilia/internal/query"
)

// alongPath is the call that takes a line, and maxLine what its body may hold
// in bytes: 50,000 positions written out in full.
const (
	alongPath = Prefix + "/along"
	maxLine   = 4 << 20
)

// aLine is a call with a line in its body.
type aLine struct {
	asked
	RawBody []byte
}

func (a *API) alongOperation() {
	op := a.operation("along", "/along", "Places beside a line, in the order one passes them", alongParams()...)
	op.Method, op.MaxBodyBytes, op.SkipValidateBody = http.MethodPost, maxLine, true // read by hand: faster, with better words
	op.Description = "The body is a GeoJSON LineString, or a Feature with one, of at most 50,000 positions and 100,000 km. Between two positions runs the great circle. Nothing is kept of it. Every item has distance_m, its distance from the line, and along_m, how far along the line that is."
	two, three, most := 2, 3, finder.MaxRoutePoints
	position := &huma.Schema{Type: "array", Items: &huma.Schema{Type: "number"}, MinItems: &two, MaxItems: &three, Description: "Longitude, latitude, and a height that means nothing here."}
	line := &huma.Schema{
		Type: "object", Required: []string{"type", "coordinates"},
		Properties: map[string]*huma.Schema{
			"type": words("LineString"), "coordinates": {Type: "array", Items: position, MinItems: &two, MaxItems: &most},
		},
	}
	op.RequestBody = &huma.RequestBody{Required: true, Description: "The line.", Content: map[string]*huma.MediaType{
		"application/geo+json": {Schema: line}, "application/json": {Schema: line},
	}}
	huma.Register(a.huma, op, a.along)
}

func alongParams() []*huma.Param {
	params := []*huma.Param{param("within", "Kilometres to each side of the line; 10 by default.", number(0, query.MaxWithin))}
	for _, p := range placeParams() {
		switch p.Name {
		case "near", "radius", "sort":
		case "limit":
			from, to := 1.0, float64(query.MaxAlong)
			params = append(params, param("limit", "How many at most; 100 by default.", &huma.Schema{Type: "integer", Minimum: &from, Maximum: &to}))
		default:
			params = append(params, p)
		}
	}
	return params
}

func (a *API) along(ctx context.Context, in *aLine) (*body[outward.Places], error) {
	out, err := a.alongLine(ctx, in)
	if err != nil {
		return nil, a.problem(err)
	}
	return &body[outward.Places]{out}, nil
}

func (a *API) alongLine(ctx context.Context, in *aLine) (outward.Places, error) {
	v, err := in.values()
	if err != nil {
		return outward.Places{}, err
	}
	q, err := query.ParseCorridor(v)
	if err != nil {
		return outward.Places{}, err
	}
	if err := a.leaveOutBeen(ctx, &q.Places); err != nil {
		return outward.Places{}, err
	}
	line, err := interchange.ReadLineString(in.RawBody, finder.MaxRoutePoints)
	if err != nil {
		return outward.Places{}, errs.InField("body", "%s", err.Error())
	}
	route, err := finder.NewRoute(line)
	if err != nil {
		return outward.Places{}, err
	}
	page, err := a.Finder.Along(route, q.Within*1000, q.Places.Filter(), q.Places.Limit, q.Places.Cursor)
	if err != nil {
		return outward.Places{}, err
	}
	rows, err := a.rows(ctx, page.Hits)
	if err != nil {
		return outward.Places{}, err
	}
	return outward.AlongOf(page, rows, a.URL), nil
}

// readLine reads the body of the call that takes a line; false when it was
// answered already.
func readLine(w http.ResponseWriter, r *http.Request) bool {
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxLine+1))
	var large *http.MaxBytesError
	switch {
	case len(raw) > maxLine, errors.As(err, &large):
		made(http.StatusRequestEntityTooLarge, errs.TooLarge, "A line may take 4 MiB at most; thin it out first.", nil).write(w)
		return false
	case err != nil || len(raw) == 0:
		made(http.StatusBadRequest, errs.Invalid, "Send a GeoJSON LineString as the body.", []errs.Field{{Field: "body", Message: "is missing or broke off"}}).write(w)
		return false
	}
	r.Body = io.NopCloser(bytes.NewReader(raw))
	return true
}
