package web

import (
	"net"
	"net/http"
	"net/url"
	"strings"
)

// Kind is the kind of an answer: it decides the headers that say who may keep
// it, who may frame it and what may run in it.
type Kind uint8

// The kinds of answers.
const (
	// Page is a public page, the same for everyone.
	Page Kind = iota
	// Personal is a page that is about the reader: signing in, settings, desk.
	Personal
	// Secret is a page whose address is a secret: a link from a mail.
	Secret
	// Export is what is one reader's own, to be saved.
	Export
	// Data is machine-readable and public, for other sites' scripts too.
	Data
	// Feed is a feed or a sitemap.
	Feed
	// File is a public file to take along: GPX, KML, CSV, GeoJSON.
	File
	// Drawing is a picture drawn by the server as SVG.
	Drawing
	// Photo is a variant of a photograph or of another picture made of pixels.
	Photo
	// Tile is a map tile.
	Tile
	// Asset is a built file under a name that carries its hash.
	Asset
	// Probe is an answer to the operator's machines.
	Probe
	// Failure is an error, or a redirect that must be asked for again.
	Failure
	// Embed is a part of the atlas that other sites may show in a frame: it
	// knows no reader and has no form.
	Embed
	// Worker is the script that keeps pages on a device and answers for the
	// network when there is none.
	Worker
	// API is the JSON API, which sets its own headers.
	API
)

func (k Kind) String() string {
	return [...]string{"page", "personal", "secret", "export", "data", "feed", "file", "drawing", "photo", "tile", "asset", "probe", "failure", "embed", "worker", "api"}[k]
}

// pair is one header, its key in canonical form and its value as net/http
// wants it: writing it into an answer allocates nothing.
type pair struct {
	key    string
	values []string
}

func header(key, value string) pair {
	return pair{http.CanonicalHeaderKey(key), []string{value}}
}

// policy is the set of headers of every kind for one atlas.
type policy struct {
	kinds [API + 1][]pair
}

const permissions = "geolocation=(self), fullscreen=(self), clipboard-write=(self), publickey-credentials-get=(self), publickey-credentials-create=(self), camera=(), microphone=(), payment=(), usb=(), browsing-topics=()"

// pageCSP is the content security policy of a page: nothing from elsewhere, no
// inline script but the one whose hash is given (a CSP source such as
// 'sha256-…'), no inline style at all. The origins of a foreign map may be asked
// for tiles and pictures.
func pageCSP(themeScript string, origins []string) string {
	foreign := ""
	for _, o := range origins {
		foreign += " " + o
	}
	script := "script-src 'self'"
	if themeScript != "" {
		script += " " + themeScript
	}
	return "default-src 'none'; " + script + "; style-src 'self'; img-src 'self' data: blob:" + foreign + "; font-src 'self'; connect-src 'self'" + foreign + "; worker-src 'self'; media-src 'self'; manifest-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}

// embedCSP is the policy of a page that anybody may frame: as the page's, but
// that nothing can be sent from it.
func embedCSP(page string) string {
	return strings.NewReplacer("form-action 'self'", "form-action 'none'", "frame-ancestors 'none'", "frame-ancestors *").Replace(page)
}

// newPolicy makes the headers. address is the atlas's own, themeScript is the CSP source of the one inline script.
func newPolicy(address, themeScript string, origins []string) *policy {
	https := strings.HasPrefix(address, "https:")
	const (
		nothing   = "default-src 'none'; frame-ancestors 'none'"
		sandbox   = "default-src 'none'; sandbox; frame-ancestors 'none'"
		workerCSP = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data: blob:"
		drawn     = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
	)
	csp := pageCSP(themeScript, origins)
	always := []pair{header("X-Content-Type-Options", "nosniff")}
	if https {
		always = append(always, header("Strict-Transport-Security", "max-age=31536000; includeSubDomains"))
	}
	html := append([]pair{
		header("Content-Security-Policy", csp),
		header("Cross-Origin-Opener-Policy", "same-origin"),
		header("Cross-Origin-Resource-Policy", "same-origin"),
		header("X-Frame-Options", "DENY"),
		header("Permissions-Policy", permissions),
	}, always...)
	open := func(csp string) []pair {
		return append([]pair{
			header("Content-Security-Policy", csp),
			header("Referrer-Policy", "no-referrer"),
			header("Cross-Origin-Resource-Policy", "cross-origin"),
			header("Access-Control-Allow-Origin", "*"),
		}, always...)
	}
	with := func(base []pair, more ...pair) []pair {
		return append(append([]pair(nil), base...), more...)
	}
	p := &policy{}
	p.kinds[Page] = with(html, header("Cache-Control", "public, no-cache"), header("Vary", "Accept-Encoding, Accept-Language"), header("Referrer-Policy", "strict-origin-when-cross-origin"))
	p.kinds[Personal] = with(html, header("Cache-Control", "private, no-store"), header("Vary", "Cookie"), header("Referrer-Policy", "same-origin"), header("X-Robots-Tag", "noindex"))
	p.kinds[Secret] = with(html, header("Cache-Control", "private, no-store"), header("Vary", "Cookie"), header("Referrer-Policy", secretReferrer(address)), header("X-Robots-Tag", "noindex, noarchive"))
	p.kinds[Export] = with(always, header("Content-Security-Policy", sandbox), header("Cross-Origin-Resource-Policy", "same-origin"), header("Cache-Control", "private, no-store"), header("Vary", "Cookie"), header("Referrer-Policy", "no-referrer"), header("X-Robots-Tag", "noindex"))
	p.kinds[Data] = with(open(nothing), header("Cache-Control", "public, no-cache"), header("Vary", "Accept-Encoding, Authorization"))
	p.kinds[Feed] = with(open(sandbox), header("Cache-Control", "public, max-age=300"), header("Vary", "Accept-Encoding"))
	p.kinds[File] = p.kinds[Feed]
	p.kinds[Drawing] = with(open(drawn), header("Cache-Control", "public, max-age=2592000, s-maxage=86400, immutable"), header("Vary", "Accept-Encoding"))
	p.kinds[Photo] = with(open(sandbox), header("Cache-Control", "public, max-age=2592000, s-maxage=86400, immutable"))
	p.kinds[Tile] = with(open(nothing), header("Cache-Control", "public, max-age=60"), header("Vary", "Accept-Encoding"))
	p.kinds[Asset] = always
	p.kinds[Probe] = with(always, header("Cache-Control", "no-store"), header("Content-Security-Policy", nothing), header("Referrer-Policy", "no-referrer"), header("Cross-Origin-Resource-Policy", "same-origin"))
	p.kinds[Failure] = with(html, header("Cache-Control", "no-store"), header("Referrer-Policy", "strict-origin-when-cross-origin"))
	p.kinds[Embed] = append([]pair{
		header("Content-Security-Policy", embedCSP(csp)),
		header("Cross-Origin-Resource-Policy", "cross-origin"),
		header("Permissions-Policy", permissions),
		header("Cache-Control", "public, max-age=300"), header("Vary", "Accept-Encoding"), header("Referrer-Policy", "strict-origin-when-cross-origin"),
	}, always...)
	p.kinds[Worker] = with(always, header("Cache-Control", "no-cache"), header("Content-Security-Policy", workerCSP), header("Cross-Origin-Resource-Policy", "same-origin"), header("Vary", "Accept-Encoding"), header("Referrer-Policy", "no-referrer"))
	p.kinds[API] = always
	return p
}

// set writes the headers of a kind.
func (p *policy) set(h http.Header, k Kind) {
	for _, x := range p.kinds[k] {
		h[x.key] = x.values
	}
}

// secretReferrer keeps the address of a secret page from every other one. A
// browser then sends a form of it with "Origin: null", and says that it is our
// own page in Sec-Fetch-Site, which it does over https and from this machine
// only: elsewhere the form would be refused as a stranger's, so that there the
// address is kept from other sites alone.
func secretReferrer(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "no-referrer"
	}
	ip := net.ParseIP(u.Hostname())
	if u.Scheme == "https" || u.Hostname() == "localhost" || ip != nil && ip.IsLoopback() {
		return "no-referrer"
	}
	return "same-origin"
}
