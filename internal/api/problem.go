package api

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"mirabilia/internal/errs"
	"mirabilia/internal/outward"
)

// Problem is an error as programs see it (RFC 9457).
type Problem struct {
	Type   string       `json:"type" example:"about:blank"`
	Title  string       `json:"title"`
	Status int          `json:"status"`
	Detail string       `json:"detail"`
	Code   string       `json:"code" doc:"Kind of the error in one word."`
	Errors []errs.Field `json:"errors,omitempty" doc:"What is wrong with single values."`
	// Submission is told with a conflict about one.
	Submission *outward.Submission `json:"submission,omitempty" doc:"How the submission stands now, where a decision met another."`

	location string
	wait     int // seconds until it may be tried again
}

// Error implements error.
func (p *Problem) Error() string { return p.Detail }

// GetStatus is the HTTP status, as huma asks for it.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of problem details, as huma asks for it.
func (p *Problem) ContentType(string) string { return problemType }

// GetHeaders gives the headers that belong to the problem, as huma asks for them.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.location != "" {
		h.Set("Location", p.location)
	}
	switch p.Status {
	case http.StatusServiceUnavailable:
		h.Set("Retry-After", "5")
	case http.StatusTooManyRequests:
		h.Set("Retry-After", strconv.Itoa(cmp.Or(p.wait, waitTooMany)))
	}
	return h
}

// waitTooMany is after how many seconds a program may ask again where that is no
// matter of time: something of its member's must be finished first.
const waitTooMany = 600

const problemType = "application/problem+json"

var statuses = map[errs.Code]int{
	errs.Invalid: http.StatusBadRequest, errs.NotFound: http.StatusNotFound, errs.Gone: http.StatusGone,
	errs.Moved: http.StatusMovedPermanently, errs.Conflict: http.StatusConflict, errs.Denied: http.StatusForbidden,
	errs.Unsigned: http.StatusUnauthorized, errs.TooLarge: http.StatusRequestEntityTooLarge,
	errs.TooMany: http.StatusTooManyRequests, errs.Unavailable: http.StatusServiceUnavailable,
	errs.Full: http.StatusInsufficientStorage,
}

// problem turns any error into one that may be shown; what is ours is logged.
func (a *API) problem(err error) error {
	if err == nil {
		return nil
	}
	var done *Problem
	if errors.As(err, &done) {
		return done
	}
	var e *errs.Error
	if !errors.As(err, &e) || e.Code == errs.Internal {
		a.Log.Error("api", "error", err)
		return made(http.StatusInternalServerError, errs.Internal, "Something broke on our side.", nil)
	}
	status, ok := statuses[e.Code]
	if !ok {
		status = http.StatusInternalServerError
	}
	p := made(status, e.Code, e.Message, e.Fields)
	p.wait = errs.SecondsOf(e, 0)
	if e.Code == errs.Moved {
		p.location = e.Location
	}
	return p
}

func made(status int, code errs.Code, detail string, fields []errs.Field) *Problem {
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail, Code: string(code), Errors: fields}
}

// write sends a problem that arose outside an operation.
func (p *Problem) write(w http.ResponseWriter) {
	body, _ := json.Marshal(p) // strings and numbers always marshal
	w.Header().Set("Content-Type", problemType)
	w.WriteHeader(p.Status)
	_, _ = w.Write(append(body, '\n'))
}
