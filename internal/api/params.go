package api

import (
	"errors"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"mirabilia/internal/errs"
	"mirabilia/internal/place"
	"mirabilia/internal/query"
)

var (
	errNothing       = errs.New(errs.NotFound, "Nothing here fits that; ask for less.")
	errNoDestination = errs.New(errs.NotFound, "There is no such destination.")
)

func typeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }

func itoa(n int) string { return strconv.Itoa(n) }

// apiPath makes a redirect to a page one to the same thing in the API.
func apiPath(err error) error {
	var e *errs.Error
	if errors.As(err, &e) && e.Code == errs.Moved {
		return errs.MovedTo(Prefix + e.Location)
	}
	return err
}

func param(name, doc string, s *huma.Schema) *huma.Param {
	return &huma.Param{Name: name, In: "query", Description: doc, Schema: s}
}

func words(values ...string) *huma.Schema {
	s := &huma.Schema{Type: "string"}
	for _, v := range values {
		s.Enum = append(s.Enum, v)
	}
	return s
}

func number(from, to float64) *huma.Schema {
	return &huma.Schema{Type: "number", Minimum: &from, Maximum: &to}
}

func many(item *huma.Schema) *huma.Schema { return &huma.Schema{Type: "array", Items: item} }

func textParam() *huma.Param {
	n := query.MaxText
	return param("q", "Words, in any spelling.", &huma.Schema{Type: "string", MaxLength: &n})
}

// namedParam is the text of a call that has nothing to say without one.
func namedParam() *huma.Param {
	p, least := textParam(), 1
	p.Required, p.Schema.MinLength = true, &least
	return p
}

func cursorParam() *huma.Param {
	return param("cursor", "The next of an earlier answer; keep everything else as it was.", &huma.Schema{Type: "string"})
}

func kindParam() *huma.Param {
	return param("kind", "Only this kind.", words(query.KindNames...))
}

func inParam() *huma.Param {
	return param("in", "Destination path, such as mexico/mexico-city.", &huma.Schema{Type: "string"})
}

func tagParam() *huma.Param {
	return param("tag", "Slug of a tag; repeat it, all must hold.", many(&huma.Schema{Type: "string"}))
}

func limitParam() *huma.Param {
	from, to := 1.0, float64(query.MaxLimit)
	return param("limit", "How many at most.", &huma.Schema{Type: "integer", Minimum: &from, Maximum: &to})
}

func placeParams() []*huma.Param {
	var statuses []string
	for _, s := range place.Statuses {
		statuses = append(statuses, string(s))
	}
	params := []*huma.Param{
		textParam(), tagParam(), inParam(),
		param("bbox", "west,south,east,north in degrees; west above east crosses the date line.", &huma.Schema{Type: "string"}),
		param("near", "latitude,longitude in degrees.", &huma.Schema{Type: "string"}),
		param("radius", "Kilometres around near.", number(0, query.MaxRadius)),
		param("status", "Physical status; repeat it, any may hold.", many(words(statuses...))),
		param("kind", "place includes the eateries.", words("place", "eatery", "food")),
		param("photos", "Only with photos.", words("yes")),
		param("unvisited", "Only those that the token's member has not been to; needs a token with the scope read.", words("yes")),
		param("obscurity", "from-to, 0 (famous) to 100 (obscure).", &huma.Schema{Type: "string", Pattern: `^\d{1,3}-\d{1,3}$`}),
	}
	for _, f := range place.FactNames {
		if place.YesNo[f] {
			params = append(params, param(f, "The fact of this name.", words("yes", "no", "partly")))
		}
	}
	return append(params,
		param("sort", "newest by default, near where a position is given.", words(query.Sorts...)),
		limitParam(),
		cursorParam(),
	)
}
