package web

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"runtime/debug"
	"strings"
	"time"
	"unicode/utf8"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/photo"
	"mirabilia/internal/query"
)

const (
	// maxURL is the longest address that is read, in bytes.
	maxURL = 8 << 10
	// maxBody is what a request may carry to a route that takes none of its
	// own: enough for a form.
	maxBody = 64 << 10
	// maxAPIBody is what a call of the API may carry.
	maxAPIBody = 1 << 20
	// maxAPILine is the same of the call that takes a line of 50,000 points,
	// and maxWay of the file that the page Along the way takes.
	maxAPILine = 4 << 20
	maxWay     = 16 << 20
	// maxDrain is how much of what is refused is read away: more than a call of the
	// API may carry.
	maxDrain = 2 * photo.MaxFile
)

// ServeHTTP answers a request. What is kept is sent before anything else is
// looked at: that road allocates no context, no log line and no copy.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := s.now()
	if r.URL.RawQuery == "" && r.URL.RawPath == "" && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		if k := s.kept.get(keptKey{path: r.URL.Path}, s.epoch(), start); k != nil {
			k.route.watch.seen(k.write(w, r), s.now().Sub(start))
			return
		}
	}
	s.serve(w, r, start)
}

// serve is the long road: checks, the route table, the handler, the errors.
func (s *Site) serve(w http.ResponseWriter, r *http.Request, start time.Time) {
	c := &call{site: s, w: w, r: r, start: start}
	defer c.end()
	if err := c.check(); err != nil {
		c.fail(err)
		return
	}
	if clean := cleaned(r.URL.Path); clean != r.URL.Path {
		c.fail(errs.MovedTo((&url.URL{Path: clean, RawQuery: r.URL.RawQuery}).String()))
		return
	}
	if _, pattern := s.mux.Handler(r); pattern == "" {
		c.unrouted()
		return
	}
	s.mux.ServeHTTP(c, r)
}

// call is one request on the long road. It is the response writer that routes
// see, so that the status is known when it ends.
type call struct {
	site   *Site
	w      http.ResponseWriter
	r      *http.Request
	route  *Route
	start  time.Time
	status int
}

// Header implements http.ResponseWriter.
func (c *call) Header() http.Header { return c.w.Header() }

// WriteHeader implements http.ResponseWriter.
func (c *call) WriteHeader(status int) {
	if c.status == 0 {
		c.status = status
	}
	c.w.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (c *call) Write(b []byte) (int, error) {
	if c.status == 0 {
		c.status = http.StatusOK
	}
	return c.w.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (c *call) Unwrap() http.ResponseWriter { return c.w }

// end recovers from a panic, counts the request and logs it.
func (c *call) end() {
	if p := recover(); p != nil {
		if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(p)
		}
		// The stack names functions and addresses, never the reader's words.
		c.site.log.LogAttrs(c.r.Context(), slog.LevelError, "panic", slog.Any("panic", p), slog.String("stack", string(debug.Stack())))
		if c.status == 0 {
			c.fail(errs.New(errs.Internal, "panic"))
		}
	}
	took := c.site.now().Sub(c.start)
	watch, pattern := c.site.unknown, "none"
	if c.route != nil {
		watch, pattern = c.route.watch, c.route.Pattern
	}
	watch.seen(c.status, took)
	if c.site.log.Enabled(c.r.Context(), slog.LevelDebug) {
		c.site.log.LogAttrs(c.r.Context(), slog.LevelDebug, "request",
			slog.String("method", c.r.Method), slog.String("route", pattern), slog.Int("status", c.status), slog.Duration("took", took))
	}
	c.drain()
}

// drain reads away what a refused request has still to send, at the pace that
// bodies are held to. Most clients send all before they read, and would find a
// closed connection in place of the reason.
func (c *call) drain() {
	if c.status < http.StatusBadRequest || c.r.Body == nil || c.r.Body == http.NoBody || c.r.Header.Get("Expect") != "" {
		return
	}
	if err := http.NewResponseController(c.w).Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return
	}
	_, _ = io.CopyN(io.Discard, c.r.Body, maxDrain)
}

// check refuses what no route should see.
func (c *call) check() error {
	r := c.r
	if len(r.RequestURI) > maxURL || len(r.URL.Path)+len(r.URL.RawQuery) > maxURL {
		return errTooLong
	}
	if !readable(r.URL.Path) {
		return errs.New(errs.Invalid, "This address is not readable text: it holds bytes that are no letters.")
	}
	if err := c.site.origins.Check(r); err != nil {
		return errs.Wrap(err, errs.Denied, "This came from another website, so it was not done. Go to the page itself and try again.")
	}
	limit := c.site.mostSent(r)
	if r.ContentLength > limit {
		return errs.New(errs.TooLarge, "That is more than is taken here.")
	}
	if r.Body != nil && r.Body != http.NoBody {
		r.Body = http.MaxBytesReader(c.w, r.Body, limit)
	}
	return nil
}

// mostSent is how many bytes a request may carry.
func (s *Site) mostSent(r *http.Request) int64 {
	switch {
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		return maxBody
	case r.URL.Path == "/api/v1/along":
		return maxAPILine
	case strings.HasPrefix(r.URL.Path, "/api/v1/places/") && strings.HasSuffix(r.URL.Path, "/photos"):
		return photo.MaxFile + 1<<20
	case strings.HasPrefix(r.URL.Path, "/api/"):
		return maxAPIBody
	}
	_, pattern := s.mux.Handler(r)
	return max(s.bodies[pattern], maxBody)
}

// errTooLong is answered with 414, which no other error has.
var errTooLong = errs.New(errs.Invalid, "This address is longer than 8 KiB. Ask for less at once.")

// readable reports whether a path is valid UTF-8 without control characters.
func readable(p string) bool {
	if !utf8.ValidString(p) {
		return false
	}
	for _, b := range []byte(p) {
		if b < 0x20 || b == 0x7f {
			return false
		}
	}
	return true
}

// unrouted answers what no route takes: another method's path with 405, a
// path with a slash too many with a redirect, anything else with 404.
func (c *call) unrouted() {
	s, r := c.site, c.r
	if allow := s.allowed(r); len(allow) > 0 {
		c.Header().Set("Allow", strings.Join(allow, ", "))
		if r.Method == http.MethodOptions {
			c.site.policy.set(c.Header(), Probe)
			c.WriteHeader(http.StatusNoContent)
			return
		}
		c.failWith(http.StatusMethodNotAllowed, errs.New(errs.Invalid, "This address does not take %s.", method(r.Method)))
		return
	}
	if trimmed := strings.TrimRight(r.URL.Path, "/"); trimmed != "" && trimmed != r.URL.Path {
		probe := &http.Request{Method: r.Method, URL: &url.URL{Path: trimmed}, Host: r.Host}
		if _, pattern := s.mux.Handler(probe); pattern != "" {
			c.fail(errs.MovedTo((&url.URL{Path: cleanSlashes(trimmed), RawQuery: r.URL.RawQuery}).String()))
			return
		}
	}
	c.fail(errs.New(errs.NotFound, "There is no page at this address."))
}

// cleaned is a path without empty, "." and ".." parts; a slash at its end stays.
func cleaned(p string) string {
	if p == "" || p[0] != '/' {
		p = "/" + p
	}
	c := path.Clean(p)
	if c != "/" && strings.HasSuffix(p, "/") {
		c += "/"
	}
	return c
}

// cleanSlashes keeps a path from being read as another host's address.
func cleanSlashes(p string) string { return "/" + strings.TrimLeft(p, "/\\") }

// method is a request method that may be echoed.
func method(m string) string {
	if len(m) > 10 || strings.Trim(m, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return "that method"
	}
	return m
}

// allowed lists the methods that the path of r takes.
func (s *Site) allowed(r *http.Request) []string {
	var allow []string
	for _, m := range []string{http.MethodGet, http.MethodPost} {
		if m == r.Method {
			continue
		}
		probe := &http.Request{Method: m, URL: &url.URL{Path: r.URL.Path}, Host: r.Host}
		if _, pattern := s.mux.Handler(probe); pattern != "" {
			allow = append(allow, m)
			if m == http.MethodGet {
				allow = append(allow, http.MethodHead)
			}
		}
	}
	return allow
}

// public makes the handler of a route whose answer is the same for everyone.
func (s *Site) public(route *Route, form string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := w.(*call)
		c.route = route
		q, err := s.readPublic(route, form, r)
		if err != nil {
			c.fail(err)
			return
		}
		if q.Query.Get("unvisited") == "yes" {
			s.unvisited(c, route, q)
			return
		}
		key := keptKey{path: r.URL.Path, query: q.Query.Encode()}
		plainPath := r.URL.RawPath == ""
		if k := s.kept.get(key, s.epoch(), c.start); k != nil && plainPath {
			c.status = k.write(c.w, r)
			return
		}
		mark, epoch := s.kept.news.Load(), s.epoch()
		a, err := route.Public(s.reading(r), q)
		if err != nil {
			c.fail(inForm(err, q.Form))
			return
		}
		if a.Stream != nil {
			s.stream(c, route, a, r)
			return
		}
		k := s.ready(route, a, epoch, c.start)
		if plainPath && !a.Once && k.status == http.StatusOK && route.Kind != Personal {
			s.kept.put(key, k, mark)
		}
		c.status = k.write(c.w, r)
	})
}

// reading is the context in which a public answer is made. Where nobody in
// particular asks, a replica of the database will do; a member is answered by
// what they wrote themselves, be it in no log.
func (s *Site) reading(r *http.Request) context.Context {
	if _, err := r.Cookie(cookieName(s.URL)); err == nil || r.Header["Authorization"] != nil {
		return r.Context()
	}
	return db.FromReplica(r.Context())
}

// stream sends an answer that is written while it is sent. When that fails, the
// connection is broken, so that nobody takes the part for the whole.
func (s *Site) stream(c *call, route *Route, a Answer, r *http.Request) {
	head := a
	head.Body = nil
	for _, x := range s.ready(route, head, 0, c.start).headers {
		c.Header()[x.key] = x.values
	}
	if err := http.NewResponseController(c.w).SetWriteDeadline(s.now().Add(downloadTime)); err != nil {
		s.log.Debug("a download keeps its usual time", "error", err)
	}
	c.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return
	}
	if err := a.Stream(r.Context(), c); err != nil {
		s.log.LogAttrs(r.Context(), slog.LevelInfo, "a download broke off", slog.String("route", route.Pattern), slog.Any("error", err))
		panic(http.ErrAbortHandler)
	}
}

// inForm makes a redirect lead to the form that was asked for.
func inForm(err error, form string) error {
	var e *errs.Error
	if form != "" && errors.As(err, &e) && e.Code == errs.Moved {
		return errs.MovedTo(e.Location + form)
	}
	return err
}

// ready makes the bytes of an answer ready to be sent.
func (s *Site) ready(route *Route, a Answer, epoch uint64, now time.Time) *kept {
	status := a.Status
	if status == 0 {
		status = http.StatusOK
	}
	headers := append(make([]pair, 0, 20), s.policy.kinds[a.Kind]...)
	if a.Type != "" {
		headers = append(headers, header("Content-Type", a.Type))
	}
	if a.Location != "" {
		headers = append(headers, header("Location", a.Location))
	}
	if a.Filename != "" {
		headers = append(headers, header("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(a.Filename)))
	}
	if a.Link != "" {
		headers = append(headers, header("Link", a.Link))
	}
	if a.Clear {
		headers = append(headers, header("Clear-Site-Data", `"cache"`))
	}
	if a.NoIndex {
		headers = append(headers, header("X-Robots-Tag", "noindex"))
	}
	k := newKept(route, status, headers, a.Body)
	k.small = k.small || a.Type == "image/png" // is packed already
	if status == http.StatusOK {
		k.read = s.Counts.Of(a.Read)
	}
	k.shows, k.whole, k.epoch, k.rendered, k.keep = a.Shows, a.Whole, epoch, now, a.Keep
	if k.keep == 0 {
		k.keep = holds
	}
	return k
}

// readPublic is what the page may know of the request.
func (s *Site) readPublic(route *Route, form string, r *http.Request) (Public, error) {
	// Routes that take the rest of a path take a slash at its end as well; one
	// page has one address.
	if trimmed := strings.TrimRight(r.URL.Path, "/"); trimmed != "" && trimmed != r.URL.Path {
		return Public{}, errs.MovedTo((&url.URL{Path: cleanSlashes(trimmed), RawQuery: r.URL.RawQuery}).String())
	}
	all, err := query.Parse(r.URL.RawQuery)
	if err != nil {
		return Public{}, err
	}
	q := Public{Path: strings.TrimSuffix(r.URL.Path, form), Form: form, Lang: "en", Query: url.Values{}}
	for _, name := range route.Query {
		for _, v := range all[name] {
			if v != "" {
				q.Query.Add(name, v)
			}
		}
	}
	last := func(value string) string {
		if route.Forms == nil {
			return value
		}
		bare, suffix, dotted := strings.Cut(value, ".")
		if dotted {
			q.Form = "." + suffix
			q.Path = strings.TrimSuffix(q.Path, q.Form)
		}
		return bare
	}
	q.Slug, q.Tag, q.Dest = r.PathValue("slug"), r.PathValue("tag"), r.PathValue("path")
	switch {
	case strings.HasSuffix(route.Pattern, "{slug}"):
		q.Slug = last(q.Slug)
	case strings.HasSuffix(route.Pattern, "{tag}"):
		q.Tag = last(q.Tag)
	case strings.HasSuffix(route.Pattern, "{path...}"):
		q.Dest = last(q.Dest)
	}
	if q.Form != "" && !route.has(q.Form) {
		return Public{}, errs.New(errs.NotFound, "There is no such form of this page.")
	}
	for _, slug := range []string{q.Slug, q.Tag} {
		if slug != "" && !query.IsSlug(slug) {
			return Public{}, errs.New(errs.NotFound, "There is no page at this address.")
		}
	}
	if q.Dest != "" && !query.IsPath(q.Dest) {
		return Public{}, errs.New(errs.NotFound, "There is no page at this address.")
	}
	return q, nil
}

// raw makes the handler of a route that writes its own answer: tiles, files,
// the API. Headers of the kind are set first; the handler may change them.
func (s *Site) raw(route *Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, ok := w.(*call); ok {
			c.route = route
		}
		s.policy.set(w.Header(), route.Kind)
		route.Raw.ServeHTTP(w, r)
	})
}

// probe makes a raw handler of a function that may fail.
func (s *Site) probe(fn func(ctx context.Context) (string, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "text/plain; charset=utf-8")
		text, err := fn(r.Context())
		if err != nil {
			s.log.LogAttrs(r.Context(), slog.LevelWarn, "not ready", slog.Any("error", err))
			w.WriteHeader(http.StatusServiceUnavailable)
			text = "not ready\n"
		}
		_, _ = w.Write([]byte(text))
	})
}
