package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"unicode/utf8"

	"mirabilia/internal/actor"
	"mirabilia/internal/errs"
)

// Who may use a route, beside Everyone.
const (
	// Members may use what is about themselves: any account that is signed in.
	Members Access = "members"
	// Editors may use the desk, also those of one region: the use case decides
	// about the single entry.
	Editors Access = "editors"
	// Admins may use what is about the whole atlas and its members.
	Admins Access = "admins"
)

// needs is the role that a rule asks for.
var needs = map[Access]actor.Role{Everyone: actor.Nobody, Members: actor.Member, Editors: actor.Editor, Admins: actor.Admin}

// Own is what a page about the reader knows of a request: who asks, and what a
// public page would know.
type Own struct {
	Public
	Actor actor.Actor
	// Form holds the fields that were sent, nil when the page is only asked for.
	// Files are left to the handler: it reads Request's body itself when the
	// route is marked Files.
	Form url.Values
	// Request is the request itself, for cookies, path values and the caller's
	// address.
	Request *http.Request
	// files came with a form that may bring some: see withFiles.
	files []arrived
	// owes says that an editor acts as a member until they show a second factor.
	owes bool
}

// See makes an answer that leads on after something was done, so that a page
// that is loaded again does it not again.
func See(path string) Answer {
	return Answer{Kind: Personal, Status: http.StatusSeeOther, Location: path}
}

// personal makes the handler of a route that is about the reader. Nothing of it is
// kept, and what is sent comes from our own pages (see call.check).
func (s *Site) personal(route *Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := w.(*call)
		c.route = route
		var refused error
		a, err := s.answerOwn(context.WithValue(r.Context(), refusedKey{}, &refused), route, r)
		if err != nil {
			if errs.Is(err, errs.Unsigned) && r.Method == http.MethodGet {
				c.redirect(http.StatusSeeOther, signInPath(r.URL))
				return
			}
			c.fail(err)
			return
		}
		for _, cookie := range a.Cookies {
			http.SetCookie(w, cookie)
		}
		if a.Stream != nil {
			s.stream(c, route, a, r)
			return
		}
		if a.Status == http.StatusTooManyRequests { // a form that says so beside its fields
			c.w.Header().Set("Retry-After", retryAfter(refused))
		}
		c.status = s.ready(route, a, 0, c.start).write(c.w, r)
	})
}

func (s *Site) answerOwn(ctx context.Context, route *Route, r *http.Request) (Answer, error) {
	q, err := s.readPublic(route, "", r)
	if err != nil {
		return Answer{}, err
	}
	o := Own{Public: q, Request: r}
	if s.Who != nil {
		if o.Actor, err = s.Who(r); err != nil {
			return Answer{}, err
		}
	}
	if err := o.Actor.Needs(needs[route.Access]); err != nil {
		return Answer{}, err
	}
	if a, err := s.staffNeeds(ctx, route, &o); err != nil {
		return Answer{}, err
	} else if a != nil {
		return *a, nil
	}
	if err := takeForm(route, r, &o); err != nil {
		return Answer{}, err
	}
	s.warnSuspended(ctx, route, &o)
	a, err := route.Own(ctx, o)
	if a.Kind == Page {
		a.Kind = Personal
	}
	return a, err
}

// takeForm reads what a POST brings. Of members who are suspended nothing is
// taken but what its route takes of them.
func takeForm(route *Route, r *http.Request, o *Own) (err error) {
	if r.Method != http.MethodPost {
		return nil
	}
	barred := o.Actor.Suspended && !route.Anyway
	if barred && route.Appeals == nil {
		return suspended()
	}
	if !route.Files {
		if o.Form, err = sentFields(r); err != nil {
			return err
		}
	}
	if barred && !route.Appeals(o.Form) {
		return suspended()
	}
	return nil
}

func suspended() error {
	return errs.New(errs.Denied, "This account is suspended: it can read and write nothing. Your settings say why, and how to appeal.")
}

// sentFields reads the fields of a form, urlencoded or in parts. Fields in the
// address do not count.
func sentFields(r *http.Request) (url.Values, error) {
	if err := r.ParseMultipartForm(maxFormMemory); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return nil, formError(err)
	}
	if r.PostForm == nil {
		return url.Values{}, nil
	}
	for _, values := range r.PostForm {
		for _, v := range values {
			if !readableText(v) {
				return nil, errs.New(errs.Invalid, "What was sent is not readable text: it holds bytes that are no letters.")
			}
		}
	}
	return r.PostForm, nil
}

// maxFormMemory is what a form's files may take before they would be written
// to disk, in bytes; the limit of a body is lower for routes without Files.
const maxFormMemory = 4 << 20

// readableText reports whether a field is valid UTF-8 without control
// characters but tab and line ends.
func readableText(s string) bool {
	for i := range len(s) {
		if b := s[i]; b < 0x20 && b != '\t' && b != '\n' && b != '\r' || b == 0x7f {
			return false
		}
	}
	return utf8.ValidString(s)
}

// signInPath leads to signing in and back.
func signInPath(u *url.URL) string {
	return address("/login", url.Values{"next": {(&url.URL{Path: u.Path, RawQuery: u.RawQuery}).String()}}.Encode())
}

// NextPath is where a form wants to go on to, when that is a path of this atlas
// and not another host's address in disguise; else fallback.
func NextPath(next, fallback string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Opaque != "" || len(next) < 1 || next[0] != '/' || len(next) > 1 && (next[1] == '/' || next[1] == '\\') || !readable(u.Path) {
		return fallback
	}
	return u.String()
}

// ownRoute is a row of the table for a page about the reader.
func ownRoute(method, pattern string, access Access, fn func(context.Context, Own) (Answer, error), query ...string) *Route {
	return &Route{Method: method, Pattern: pattern, Access: access, Kind: Personal, Own: fn, Query: query}
}
