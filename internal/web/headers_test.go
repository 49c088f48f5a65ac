package web

import (
	"net/http"
	"strings"
	"testing"
)

// headerRow is what part 3 of the threat model wants of one kind of answer.
type headerRow struct {
	path                             string
	status                           int
	kind, cache, csp, referrer, corp string
	vary                             string
	cors                             bool
	noindex, attachment, etag        bool
}

const (
	p3       = "default-src 'none'; script-src 'self' 'sha256-"
	nothing  = "default-src 'none'; frame-ancestors 'none'"
	sandboxP = "default-src 'none'; sandbox; frame-ancestors 'none'"
)

var headerTable = []headerRow{
	{path: "/places/casa-azul", status: 200, kind: "text/html; charset=utf-8", cache: "public, no-cache", csp: p3, referrer: "strict-origin-when-cross-origin", corp: "same-origin", vary: "Accept-Encoding, Accept-Language", etag: true},
	{path: "/places", status: 200, kind: "text/html; charset=utf-8", cache: "public, no-cache", csp: p3, referrer: "strict-origin-when-cross-origin", corp: "same-origin", vary: "Accept-Encoding, Accept-Language", etag: true},
	{path: "/search?q=x", status: 200, kind: "text/html; charset=utf-8", cache: "public, no-cache", csp: p3, referrer: "strict-origin-when-cross-origin", corp: "same-origin", vary: "Accept-Encoding, Accept-Language", noindex: true, etag: true},
	{path: "/login", status: 200, kind: "text/html; charset=utf-8", cache: "private, no-store", csp: p3, referrer: "same-origin", corp: "same-origin", vary: "Cookie", noindex: true, etag: true},
	{path: "/places.json", status: 200, kind: "application/json", cache: "public, no-cache", csp: nothing, referrer: "no-referrer", corp: "cross-origin", vary: "Accept-Encoding, Authorization", cors: true, etag: true},
	{path: "/places.atom", status: 200, kind: "application/atom+xml; charset=utf-8", cache: "public, max-age=300", csp: sandboxP, referrer: "no-referrer", corp: "cross-origin", vary: "Accept-Encoding", cors: true, etag: true},
	{path: "/places.feed.json", status: 200, kind: "application/feed+json; charset=utf-8", cache: "public, max-age=300", csp: sandboxP, referrer: "no-referrer", corp: "cross-origin", vary: "Accept-Encoding", cors: true, etag: true},
	{path: "/places.gpx", status: 200, kind: "application/gpx+xml; charset=utf-8", cache: "public, max-age=300", csp: sandboxP, referrer: "no-referrer", corp: "cross-origin", vary: "Accept-Encoding", cors: true, attachment: true, etag: true},
	{path: "/places.csv", status: 200, kind: "text/csv; charset=utf-8", cache: "public, max-age=300", csp: sandboxP, referrer: "no-referrer", corp: "cross-origin", vary: "Accept-Encoding", cors: true, attachment: true, etag: true},
	{path: "/places/casa-azul.kml", status: 200, kind: "application/vnd.google-earth.kml+xml; charset=utf-8", cache: "public, max-age=300", csp: sandboxP, referrer: "no-referrer", corp: "cross-origin", vary: "Accept-Encoding", cors: true, attachment: true, etag: true},
	{path: "/places.geojson", status: 200, kind: "application/geo+json", cache: "public, max-age=300", csp: sandboxP, referrer: "no-referrer", corp: "cross-origin", vary: "Accept-Encoding", cors: true, etag: true},
	{path: "/places.pack.json", status: 200, kind: "application/json", cache: "public, no-cache", csp: nothing, referrer: "no-referrer", corp: "cross-origin", vary: "Accept-Encoding, Authorization", cors: true, etag: true},
	{path: "/places.zip", status: 200, kind: "application/zip", cache: "public, max-age=300", csp: sandboxP, referrer: "no-referrer", corp: "cross-origin", vary: "Accept-Encoding", cors: true, attachment: true},
	{path: "/sw.js", status: 200, kind: "text/javascript; charset=utf-8", cache: "no-cache", csp: "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data: blob:", referrer: "no-referrer", corp: "same-origin", vary: "Accept-Encoding", etag: true},
	{path: "/offline", status: 200, kind: "text/html; charset=utf-8", cache: "public, no-cache", csp: p3, referrer: "strict-origin-when-cross-origin", corp: "same-origin", vary: "Accept-Encoding, Accept-Language", noindex: true, etag: true},
	{path: "/sitemap.xml", status: 200, kind: "application/xml; charset=utf-8", cache: "public, max-age=300", csp: sandboxP, referrer: "no-referrer", corp: "cross-origin", vary: "Accept-Encoding", cors: true, etag: true},
	{path: "/tiles/places/0/0/0.mvt", status: 200, kind: "application/vnd.mapbox-vector-tile", cache: "public, max-age=60", csp: nothing, referrer: "no-referrer", corp: "cross-origin", vary: "Accept-Encoding", cors: true, etag: true},
	{path: "/pictures/sea/card.svg", status: 200, kind: "image/svg+xml", cache: "public, max-age=86400", csp: "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'", referrer: "no-referrer", corp: "cross-origin", vary: "Accept-Encoding", cors: true, etag: true},
	{path: "/pictures/test/grey.jpg", status: 200, kind: "image/jpeg", cache: "public, max-age=2592000, s-maxage=86400, immutable", csp: sandboxP, referrer: "no-referrer", corp: "cross-origin", cors: true},
	{path: "/healthz", status: 200, kind: "text/plain; charset=utf-8", cache: "no-store", csp: nothing, referrer: "no-referrer", corp: "same-origin"},
	{path: "/nowhere", status: 404, kind: "text/html; charset=utf-8", cache: "no-cache", csp: p3, referrer: "strict-origin-when-cross-origin", corp: "same-origin", noindex: true},
	{path: "/places?limit=0", status: 400, kind: "text/html; charset=utf-8", cache: "no-store", csp: p3, referrer: "strict-origin-when-cross-origin", corp: "same-origin", noindex: true},
	{path: "/places.json?limit=0", status: 400, kind: "application/problem+json", cache: "no-store", csp: nothing, referrer: "no-referrer", corp: "cross-origin", cors: true, noindex: true},
	{path: "/random", status: 302, cache: "no-store", csp: p3, referrer: "strict-origin-when-cross-origin", corp: "same-origin"},
}

func TestHeadersOfEveryKind(t *testing.T) {
	for _, https := range []bool{false, true} {
		a := newAtlas(t, someRecords(), func(d *Deps) {
			if https {
				d.URL = "https://atlas.example"
			}
		})
		for _, row := range headerTable {
			h := a.get(row.path).Result()
			checkHeaders(t, row, h)
			if got := h.Header.Get("Strict-Transport-Security") != ""; got != https {
				t.Errorf("%s: HSTS %v on https %v", row.path, got, https)
			}
		}
	}
}

func checkHeaders(t *testing.T, row headerRow, res *http.Response) {
	t.Helper()
	h := res.Header
	if res.StatusCode != row.status {
		t.Errorf("%s: status %d, want %d", row.path, res.StatusCode, row.status)
	}
	for name, want := range map[string]string{"Content-Type": row.kind, "Cache-Control": row.cache, "Referrer-Policy": row.referrer, "Cross-Origin-Resource-Policy": row.corp, "Vary": row.vary, "X-Content-Type-Options": "nosniff"} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %s is %q, want %q", row.path, name, got, want)
		}
	}
	csp := h.Get("Content-Security-Policy")
	if row.csp == p3 && !strings.HasPrefix(csp, p3) || row.csp != p3 && csp != row.csp {
		t.Errorf("%s: CSP is %q", row.path, csp)
	}
	if row.csp == p3 {
		if strings.Contains(csp, "unsafe") || !strings.Contains(csp, "frame-ancestors 'none'") {
			t.Errorf("%s: CSP is %q", row.path, csp)
		}
		for _, name := range []string{"Cross-Origin-Opener-Policy", "Permissions-Policy"} {
			if h.Get(name) == "" {
				t.Errorf("%s: no %s", row.path, name)
			}
		}
		if h.Get("X-Frame-Options") != "DENY" {
			t.Errorf("%s can be framed", row.path)
		}
	}
	for name, is := range map[string]bool{
		"CORS": h.Get("Access-Control-Allow-Origin") == "*" == row.cors, "noindex": strings.Contains(h.Get("X-Robots-Tag"), "noindex") == row.noindex,
		"attachment": strings.HasPrefix(h.Get("Content-Disposition"), "attachment") == row.attachment, "etag": h.Get("Etag") != "" == row.etag,
	} {
		if !is {
			t.Errorf("%s: %s is wrong: %v", row.path, name, h)
		}
	}
	for _, never := range []string{"Set-Cookie", "Server", "X-Powered-By"} {
		if h.Get(never) != "" {
			t.Errorf("%s sets %s", row.path, never)
		}
	}
}

func TestEveryRouteHasAnAccessRuleAndAKind(t *testing.T) {
	a := newAtlas(t, nil, nil)
	if len(a.site.Routes()) < 50 {
		t.Fatalf("only %d routes", len(a.site.Routes()))
	}
	for _, r := range a.site.Routes() {
		if _, known := needs[r.Access]; !known {
			t.Errorf("%s: access %q has no rule", r.Pattern, r.Access)
		}
		if r.Kind > API || len(a.site.policy.kinds[r.Kind]) == 0 {
			t.Errorf("%s: kind %s has no headers", r.Pattern, r.Kind)
		}
	}
}
