package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"mirabilia/internal/actor"
	"mirabilia/internal/errs"
)

// bearer is the name of the security scheme in the description.
const bearer = "token"

// writes describes a call that needs a token of a scope: one that writes, or one
// that reads what is its member's own. The status of its success is 201 for
// POST, 204 for PUT and DELETE, else 200, unless DefaultStatus is set after.
func (a *API) writes(method, path, id, summary string, scope actor.Scope, params ...*huma.Param) huma.Operation {
	op := a.operation(id, path, summary, params...)
	op.Method = method
	op.Security = []map[string][]string{{bearer: {string(scope)}}}
	op.Description = "Needs a token with the scope " + string(scope) + "."
	switch method {
	case http.MethodPost:
		op.DefaultStatus = http.StatusCreated
		op.Parameters = append(op.Parameters, &huma.Param{Name: keyHeader, In: "header", Schema: &huma.Schema{Type: "string", MaxLength: ptr(maxKey)},
			Description: "Any text of your own for this call. The same call with the same key within a day is done once and answered again; another call with it is refused with 409. Of a form, every part belongs to the call, files too."})
	case http.MethodPut, http.MethodDelete:
		op.DefaultStatus = http.StatusNoContent
	}
	return op
}

func ptr[T any](v T) *T { return &v }

// act makes the handler of such a call: fn gets who asks, once the token was
// found to allow the scope. Errors about fields are answered with 422.
func act[In, Out any](a *API, scope actor.Scope, fn func(context.Context, actor.Actor, *In) (*Out, error)) func(context.Context, *In) (*Out, error) {
	return func(ctx context.Context, in *In) (*Out, error) {
		who := whoAsks(ctx)
		if err := who.NeedsScope(scope); err != nil {
			return nil, a.problem(err)
		}
		out, err := fn(ctx, who, in)
		if err != nil {
			return nil, a.unprocessable(err)
		}
		return out, nil
	}
}

// ask is act for a list that needs a token: what is wrong in its query is
// answered with 400, as that of every other list.
func ask[T any](a *API, scope actor.Scope, fn func(context.Context, actor.Actor, url.Values) (T, error)) func(context.Context, *asked) (*body[T], error) {
	return read(a, func(ctx context.Context, v url.Values) (none T, err error) {
		who := whoAsks(ctx)
		if err := who.NeedsScope(scope); err != nil {
			return none, err
		}
		return fn(ctx, who, v)
	})
}

// published waits until this node shows what was just written, so that whoever
// reads the answer finds it.
func (a *API) published(ctx context.Context) error {
	if a.Published == nil {
		return nil
	}
	return a.Published(ctx)
}

// unprocessable is problem with 422 for what was understood and cannot be.
func (a *API) unprocessable(err error) error {
	out := a.problem(err)
	var p *Problem
	if errors.As(out, &p) && p.Status == http.StatusBadRequest && len(p.Errors) > 0 {
		p.Status, p.Title = http.StatusUnprocessableEntity, http.StatusText(http.StatusUnprocessableEntity)
	}
	return out
}

type whoKey struct{}

// whoAsks is the actor whose token came with the request.
func whoAsks(ctx context.Context) actor.Actor {
	who, _ := ctx.Value(whoKey{}).(actor.Actor)
	return who
}

// signIn finds who shows the token of a request; without one it is nobody.
func (a *API) signIn(r *http.Request) (actor.Actor, error) {
	values := r.Header["Authorization"]
	if len(values) == 0 {
		return actor.Actor{}, nil
	}
	kind, token, _ := strings.Cut(values[0], " ")
	if len(values) != 1 || !strings.EqualFold(kind, "Bearer") {
		return actor.Actor{}, errs.New(errs.Unsigned, "Show a token as Authorization: Bearer TOKEN.")
	}
	return a.Users.ByToken(r.Context(), strings.TrimSpace(token))
}

// own sets the headers of an answer to a token: nobody keeps it, and no script
// of another site reads it.
func own(h http.Header) {
	h.Del("Access-Control-Allow-Origin")
	h.Del("Access-Control-Expose-Headers")
	h.Set("Cache-Control", "private, no-store")
	h.Set("Vary", "Authorization")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// refuse writes an error that happened before any call was reached.
func (a *API) refuse(w http.ResponseWriter, err error) {
	var p *Problem
	if !errors.As(err, &p) && !errors.As(a.problem(err), &p) {
		p = made(http.StatusInternalServerError, errs.Internal, "Something broke on our side.", nil)
	}
	if p.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="Mirabilia"`)
	}
	w.Header().Set("Cache-Control", "no-store")
	p.write(w)
}

// methods are those that a path of the API can take.
var methods = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

// allowed lists the methods that a path takes.
func (a *API) allowed(r *http.Request) (list []string) {
	for _, m := range methods {
		probe := &http.Request{Method: m, URL: r.URL, Host: r.Host}
		if _, pattern := a.mux.Handler(probe); pattern != "" {
			list = append(list, m)
			if m == http.MethodGet {
				list = append(list, http.MethodHead)
			}
		}
	}
	return list
}

// ours turns the framework's errors into our problem details: one form for all.
func ours(_ huma.Context, _ string, v any) (any, error) {
	e, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	p := made(e.Status, errs.Invalid, "What was sent cannot be taken.", nil)
	for _, d := range e.Errors {
		f := fieldOf(d)
		p.Errors = append(p.Errors, f)
		if len(p.Errors) == 1 {
			p.Detail = f.Field + ": " + f.Message
		}
	}
	if e.Detail == "request body is required" {
		p.Detail, p.Errors = "body: is missing", []errs.Field{{Field: "body", Message: "is missing"}}
	}
	switch e.Status {
	case http.StatusForbidden:
		p.Code, p.Detail = string(errs.Denied), e.Detail
	case http.StatusRequestEntityTooLarge:
		p.Code, p.Detail = string(errs.TooLarge), "That is more than this call takes."
	case http.StatusUnsupportedMediaType:
		p.Detail = "This call does not take that Content-Type."
	case http.StatusNotAcceptable:
		p.Detail = "This call answers as application/json only."
	}
	return p, nil
}

// fieldOf names the field that the framework found wrong by its own name, not by
// that of the body, query or path that it stands in or is missing from.
func fieldOf(d *huma.ErrorDetail) errs.Field {
	at := strings.TrimPrefix(strings.TrimPrefix(d.Location, "body"), ".")
	for _, part := range []string{"form.", "query.", "path.", "header."} {
		at = strings.TrimPrefix(at, part)
	}
	if name, ok := strings.CutPrefix(d.Message, "expected required property "); ok {
		if name, ok = strings.CutSuffix(name, " to be present"); ok {
			return errs.Field{Field: strings.TrimPrefix(at+"."+name, "."), Message: "is missing"}
		}
	}
	if at == "" {
		at = "body"
	}
	if list, ok := strings.CutPrefix(d.Message, `expected value to be one of "`); ok {
		return errs.Field{Field: at, Message: "is " + oneOf(strings.TrimSuffix(list, `"`))}
	}
	if said := plainly[d.Message]; said != "" {
		return errs.Field{Field: at, Message: said}
	}
	return errs.Field{Field: at, Message: d.Message}
}

// plainly says of files what the framework says of them in its own terms.
var plainly = map[string]string{
	"File required":                                     "is missing",
	"Failed to infer file media type":                   "The file is empty.",
	"Multiple files received but only one was expected": "is one file; send each other one by a call of its own",
}

// oneOf names the values of a list with commas between them, without the empty
// one: that is as good as nothing sent, and no value to tell anybody of.
func oneOf(list string) string {
	names := slices.DeleteFunc(strings.Split(list, ", "), func(s string) bool { return s == "" })
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// maxDepth is how deep a body may be nested.
const maxDepth = 32

// checkJSON refuses a body that two readers could read differently: the same
// name twice in one object, names in capitals beside ours in small letters,
// nesting without end.
func checkJSON(body []byte) error {
	dec := json.NewDecoder(strings.NewReader(string(body)))
	type object struct {
		names map[string]bool // nil for an array
		value bool            // a value is awaited, not a name
	}
	var open []*object
	for {
		t, err := dec.Token()
		if err != nil {
			return nil // ended, or no JSON: whoever reads it says so better
		}
		var top *object
		if len(open) > 0 {
			top = open[len(open)-1]
		}
		if name, ok := t.(string); ok && top != nil && top.names != nil && !top.value {
			switch {
			case top.names[name]:
				return errs.InField(short(name), "is given twice")
			case strings.ToLower(name) != name:
				return errs.InField(short(name), "is not known; names are in small letters")
			}
			top.names[name], top.value = true, true
			continue
		}
		if top != nil {
			top.value = false
		}
		switch t {
		case json.Delim('{'):
			open = append(open, &object{names: map[string]bool{}})
		case json.Delim('['):
			open = append(open, &object{})
		case json.Delim('}'), json.Delim(']'):
			open = open[:len(open)-1]
		}
		if len(open) > maxDepth {
			return errs.InField("body", "is nested deeper than %d levels", maxDepth)
		}
	}
}

// short is a name as an error may repeat it.
func short(name string) string {
	if len(name) > 60 {
		name = name[:60]
	}
	return strings.Trim(strconv.QuoteToASCII(name), `"`)
}
