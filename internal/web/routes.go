package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"mirabilia/internal/errs"
	"mirabilia/internal/query"
)

// Access says who may use a route.
type Access string

// Everyone may use a route that shows what is public.
const Everyone Access = "everyone"

// Route is one row of the table: method, path, who may, what kind of answer,
// and who gives it.
type Route struct {
	Method  string
	Pattern string // of the path, as http.ServeMux has them
	Access  Access
	Kind    Kind
	// Query names the parameters that the page knows; others do not reach it.
	Query []string
	// Forms lists the suffixes under which the same can be had otherwise.
	Forms []string
	// Public gives the answer where it is the same for everyone…
	Public func(ctx context.Context, q Public) (Answer, error)
	// …Own where it is about the reader…
	Own func(ctx context.Context, q Own) (Answer, error)
	// …and Raw where the handler writes it itself.
	Raw http.Handler
	// Body is the most that may be sent, in bytes; 0 for what a form needs.
	Body int64
	// Files says that the handler of an Own route reads the body itself.
	Files bool
	// Anyway lets members who are suspended use a POST: to leave, to appeal.
	Anyway bool
	// Appeals says of what is sent whether it is an appeal, which members who are
	// suspended may send too: every decision can be appealed.
	Appeals func(url.Values) bool

	watch *watch
}

func (r *Route) has(form string) bool { return slices.Contains(r.Forms, form) }

// form is another form of a page: its kind and its type.
type form struct {
	kind Kind
	mime string
}

// forms are the suffixes and what they give.
var forms = map[string]form{
	".json":      {Data, "application/json"},
	".geojson":   {File, "application/geo+json"},
	".csv":       {File, "text/csv; charset=utf-8"},
	".gpx":       {File, "application/gpx+xml; charset=utf-8"},
	".kml":       {File, "application/vnd.google-earth.kml+xml; charset=utf-8"},
	".atom":      {Feed, "application/atom+xml; charset=utf-8"},
	".rss":       {Feed, "application/rss+xml; charset=utf-8"},
	".feed.json": {Feed, "application/feed+json; charset=utf-8"},
	".xml":       {Feed, "application/xml; charset=utf-8"},
	formPack:     {Data, "application/json"},
	formZIP:      {File, "application/zip"},
	".png":       {Photo, "image/png"},
}

var (
	placeForms = []string{".json", ".geojson", ".gpx", ".kml", formPack, formZIP}
	listForms  = []string{".json", ".geojson", ".csv", ".gpx", ".kml", ".atom", ".rss", ".feed.json", formPack, formZIP}
	tableForms = []string{".json"}
)

// table is every route of the site.
func (s *Site) table() []*Route {
	get := func(pattern string, kind Kind, fn func(context.Context, Public) (Answer, error), query ...string) *Route {
		return &Route{Method: http.MethodGet, Pattern: pattern, Access: Everyone, Kind: kind, Public: fn, Query: query}
	}
	raw := func(pattern string, kind Kind, h http.Handler) *Route {
		return &Route{Method: http.MethodGet, Pattern: pattern, Access: Everyone, Kind: kind, Raw: h}
	}
	with := func(r *Route, forms []string) *Route { r.Forms = forms; return r }

	t := []*Route{
		get("/{$}", Page, s.homePage),
		with(get("/places", Page, s.placesPage, query.PlaceParams...), listForms),
		with(get("/places/{slug}", Page, s.placePage), placeForms),
		get("/places-to-eat", Page, s.eatPage, query.PlaceParams...),
		get("/near", Page, s.nearPage, query.NearParams...),
		with(get("/along", Page, s.alongPage, query.AlongParams...), alongForms),
		{Method: http.MethodPost, Pattern: "/along", Access: Everyone, Kind: Personal, Body: maxWay, Raw: http.HandlerFunc(s.alongFile)},
		get("/map", Page, s.mapPage, query.MapParams...),
		with(get("/search", Page, s.searchPage, append([]string{"title", "url"}, query.SearchParams...)...), tableForms),
		get("/random", Failure, s.random, query.RandomParams...),
		with(get("/destinations", Page, s.destinationsPage), tableForms),
		with(get("/destinations/{path...}", Page, s.destinationPage, query.PlaceParams...), listForms),
		with(get("/outlines/{path...}", Data, s.outline), []string{".geojson"}),
		with(get("/tags", Page, s.tagsPage), tableForms),
		with(get("/tags/{tag}", Page, s.tagPage, query.PlaceParams...), listForms),
		with(get("/tags/{tag}/in/{path...}", Page, s.tagPage, query.PlaceParams...), listForms),
		get("/api", Page, s.apiPage),
		get("/embed/places/{slug}", Embed, s.embedPlace),
		get("/embed/map", Embed, s.embedMap, query.MapParams...),
		get("/oembed", Data, s.oEmbed, query.OEmbedParams...),
		with(get("/dumps", Page, s.dumpsPage), tableForms),
		raw("/dumps/{file}", File, http.HandlerFunc(s.dumpFile)),

		get("/offline", Page, s.offlinePage),
		get("/packs/items.json", Data, s.packItems, "id"),
		get("/sw.js", Worker, s.worker),

		get("/sitemap.xml", Feed, s.sitemapIndex),
		with(get("/sitemaps/{slug}", Feed, s.sitemapPage), []string{".xml"}),
		get("/robots.txt", Feed, s.robots),
		get("/manifest.webmanifest", Feed, s.manifest),
		get("/opensearch.xml", Feed, s.openSearch),
		get("/.well-known/security.txt", Feed, s.securityText),
		get("/.well-known/change-password", Failure, s.changePassword),
		get("/favicon.ico", Failure, s.favicon),

		raw("/healthz", Probe, s.probe(func(context.Context) (string, error) { return "ok\n", nil })),
		raw("/readyz", Probe, s.probe(s.isReady)),
		raw("/assets/{file...}", Asset, s.Assets.Handler()),
	}
	t = append(t, s.shareRoutes()...)
	t = append(t, s.contributeRoutes()...)
	t = append(t, s.historyRoutes()...)
	t = append(t, s.joiningRoutes()...)
	t = append(t, s.deskRoutes()...)
	t = append(t, s.deskMemberRoutes()...)
	t = append(t, s.noteRoutes()...)
	t = append(t, s.marksRoutes()...)
	t = append(t, s.areaRoutes()...)
	t = append(t, s.photosRoutes()...)
	t = append(t, s.portraitRoutes()...)
	t = append(t, s.accountRoutes()...)
	t = append(t, s.newsRoutes()...)
	t = append(t, s.securityRoutes()...)
	t = append(t, s.listRoutes()...)
	t = append(t, s.webhookRoutes()...)
	t = append(t, s.linkRoutes()...)
	t = append(t, s.profileRoutes()...)
	t = append(t, s.rulesRoutes()...)
	t = append(t, s.atlasRoutes()...)
	t = append(t, s.bringRoutes()...)
	t = append(t, s.campaignRoutes()...)
	t = append(t, s.reportRoutes()...)
	t = append(t, s.appealRoutes()...)
	t = append(t, s.blockRoutes()...)
	for _, c := range closedParts() {
		t = append(t, get(c.path, c.kind, s.closedPage))
	}
	// Addresses that others may have kept.
	for from, to := range map[string]string{"/work-with-us": "/jobs", "/signup": "/join", "/signin": "/login"} {
		t = append(t, get(from, Failure, func(context.Context, Public) (Answer, error) { return Answer{}, errs.MovedTo(to) }))
	}
	for _, slug := range s.Pages.Slugs() {
		t = append(t, get("/"+slug, Page, s.textPage))
	}
	if s.API != nil {
		t = append(t, &Route{Pattern: "/api/v1/", Access: Everyone, Kind: API, Raw: s.API},
			&Route{Pattern: "/api/v1", Access: Everyone, Kind: API, Raw: s.API})
	}
	for _, m := range s.Mounts {
		method, pattern, ok := strings.Cut(m.Pattern, " ")
		if !ok {
			method, pattern = "", m.Pattern
		}
		t = append(t, &Route{Method: method, Pattern: pattern, Access: Everyone, Kind: m.Kind, Raw: m.Handler})
	}
	return t
}

// add puts a route on the mux: a page under its own path and, where its last
// part is fixed, under the path with each suffix.
func (s *Site) add(r *Route, w *watches) (err error) {
	if r.Access == "" {
		return fmt.Errorf("web: nobody may use %s", r.Pattern)
	}
	if n := btoi(r.Public != nil) + btoi(r.Own != nil) + btoi(r.Raw != nil); n != 1 {
		return fmt.Errorf("web: %s needs one handler", r.Pattern)
	}
	if _, known := needs[r.Access]; !known || r.Access != Everyone && r.Own == nil {
		return fmt.Errorf("web: the rule %q of %s is not kept by its handler", r.Access, r.Pattern)
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("web: %v", p)
		}
	}()
	r.watch = w.of(r.Pattern)
	s.routes = append(s.routes, r)
	method := r.Method
	if method != "" {
		method += " "
	}
	s.bodies[method+r.Pattern] = r.Body
	switch {
	case r.Raw != nil:
		s.mux.Handle(method+r.Pattern, s.raw(r))
		return nil
	case r.Own != nil:
		s.mux.Handle(method+r.Pattern, s.personal(r))
		return nil
	}
	s.mux.Handle(method+r.Pattern, s.public(r, ""))
	if !strings.HasSuffix(r.Pattern, "}") {
		for _, form := range r.Forms {
			s.mux.Handle(method+r.Pattern+form, s.public(r, form))
		}
	}
	return nil
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// isReady says whether the atlas can serve.
func (s *Site) isReady(ctx context.Context) (string, error) {
	if s.Ready != nil {
		if err := s.Ready(ctx); err != nil {
			return "", err
		}
	}
	if s.Beside != nil {
		return "ready\n" + s.Beside(), nil
	}
	return "ready\n", nil
}
