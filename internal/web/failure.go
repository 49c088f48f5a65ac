package web

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"mirabilia/internal/errs"
)

// statuses maps the kinds of errors to what HTTP calls them.
var statuses = map[errs.Code]int{
	errs.Invalid: http.StatusBadRequest, errs.NotFound: http.StatusNotFound, errs.Gone: http.StatusGone,
	errs.Moved: http.StatusMovedPermanently, errs.Conflict: http.StatusConflict, errs.Denied: http.StatusForbidden,
	errs.Unsigned: http.StatusUnauthorized, errs.TooLarge: http.StatusRequestEntityTooLarge,
	errs.TooMany: http.StatusTooManyRequests, errs.Unavailable: http.StatusServiceUnavailable,
	errs.Full: http.StatusInsufficientStorage, errs.Internal: http.StatusInternalServerError,
}

// fail answers with an error: a page, or a problem document where a machine
// asked.
func (c *call) fail(err error) {
	if errors.Is(err, errTooLong) {
		c.failWith(http.StatusRequestURITooLong, err)
		return
	}
	if errors.Is(err, context.Canceled) && c.r.Context().Err() != nil {
		c.status = 499 // the reader went away; nobody reads an answer
		return
	}
	status, ok := statuses[errs.CodeOf(err)]
	if !ok {
		status = http.StatusInternalServerError
	}
	c.failWith(status, err)
}

// waitTooMany is after how many seconds one may ask again where that is no matter
// of time: something must be finished first.
const waitTooMany = 600

// retryAfter is what Retry-After says of an error.
func retryAfter(err error) string { return strconv.Itoa(errs.SecondsOf(err, waitTooMany)) }

// refusedKey finds in a request's context the error that a form shows beside its
// fields.
type refusedKey struct{}

// noteRefusal remembers which error a form shows, so that the answer says when to
// come back.
func noteRefusal(ctx context.Context, err error) {
	if into, ok := ctx.Value(refusedKey{}).(*error); ok {
		*into = err
	}
}

func (c *call) failWith(status int, err error) {
	if c.status != 0 {
		return // half an answer is out; the connection says the rest
	}
	var e *errs.Error
	if !errors.As(err, &e) || e.Code == errs.Internal {
		e = errs.New(errs.Internal, "Something broke on our side. Nothing you typed is lost.")
	}
	if e.Code == errs.Moved {
		c.redirect(status, e.Location)
		return
	}
	reference := ""
	if status >= 500 {
		reference = c.site.reference()
		if status != http.StatusServiceUnavailable { // that says what is known already
			c.site.Counts.Failed()
		}
		c.site.log.LogAttrs(c.r.Context(), slog.LevelError, "request failed",
			slog.String("reference", reference), slog.String("route", c.pattern()), slog.Int("status", status), slog.Any("error", err))
	}
	h := c.Header()
	c.site.policy.set(h, Failure)
	if status == http.StatusNotFound || status == http.StatusGone {
		h.Set("Cache-Control", "no-cache")
	}
	h.Set("X-Robots-Tag", "noindex")
	switch status {
	case http.StatusServiceUnavailable:
		h.Set("Retry-After", "10")
	case http.StatusTooManyRequests:
		h.Set("Retry-After", retryAfter(e))
	}
	var body []byte
	if machine(c.r) {
		h.Set("Content-Type", "application/problem+json")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		body = problem(status, e, reference)
	} else {
		h.Set("Content-Type", "text/html; charset=utf-8")
		body = c.site.failurePage(c.r.Context(), status, e, reference)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	c.WriteHeader(status)
	if c.r.Method != http.MethodHead {
		_, _ = c.Write(body)
	}
}

// redirect sends the reader on to a path of this atlas, with the form and the
// query that were asked for.
func (c *call) redirect(status int, location string) {
	h := c.Header()
	c.site.policy.set(h, Failure)
	h.Set("Cache-Control", "public, max-age=300")
	if status == http.StatusSeeOther { // to sign in, and then back here
		h.Set("Cache-Control", "no-store")
	}
	h.Set("Location", location)
	h.Set("Content-Length", "0")
	c.WriteHeader(status)
}

func (c *call) pattern() string {
	if c.route == nil {
		return "none"
	}
	return c.route.Pattern
}

// machine reports whether the asker is a program: by the suffix of the path, or
// under the API.
func machine(r *http.Request) bool {
	path := r.URL.Path
	if path == "/oembed" || strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/tiles/") {
		return true
	}
	name := path[strings.LastIndexByte(path, '/')+1:]
	_, suffix, dotted := strings.Cut(name, ".")
	return dotted && forms["."+suffix].kind != 0
}

// problem is an error as RFC 9457 writes it.
func problem(status int, e *errs.Error, reference string) []byte {
	doc := struct {
		Type      string       `json:"type"`
		Title     string       `json:"title"`
		Status    int          `json:"status"`
		Detail    string       `json:"detail,omitempty"`
		Code      string       `json:"code"`
		Reference string       `json:"reference,omitempty"`
		Errors    []errs.Field `json:"errors,omitempty"`
	}{"about:blank", http.StatusText(status), status, e.Message, string(e.Code), reference, e.Fields}
	body, err := json.Marshal(doc)
	if err != nil {
		return []byte(`{"type":"about:blank","title":"Internal Server Error","status":500}`)
	}
	return append(body, '\n')
}

// tooMany makes of a form that shows err the answer to what came too soon, which
// says when to come back.
func (a *Answer) tooMany(ctx context.Context, err error) {
	if errs.Is(err, errs.TooMany) {
		a.Status = http.StatusTooManyRequests
		noteRefusal(ctx, err)
	}
}
