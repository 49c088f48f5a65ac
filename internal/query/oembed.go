package query

import (
	"net/url"
)

// OEmbed is what a consumer of oEmbed asks for.
type OEmbed struct {
	// URL is the address of the page that is to be embedded.
	URL *url.URL
	// Format is "json" or "xml".
	Format string
	// MaxWidth and MaxHeight bound the frame, in CSS pixels; 0 for no bound.
	MaxWidth, MaxHeight int
}

// OEmbedParams names every parameter that /oembed understands.
var OEmbedParams = []string{"url", "format", "maxwidth", "maxheight"}

// Frames narrower or lower than this show nothing one could read.
const (
	minFrame = 100
	maxFrame = 10_000
)

// ParseOEmbed reads a question of oEmbed 1.0. A format that we do not have is
// left for the caller, who has an answer of its own for it.
func ParseOEmbed(v url.Values) (OEmbed, error) {
	r := &reader{v: v}
	q := OEmbed{Format: r.one("format"), MaxWidth: r.whole("maxwidth", minFrame, maxFrame, 0), MaxHeight: r.whole("maxheight", minFrame, maxFrame, 0)}
	if q.Format == "" {
		q.Format = "json"
	}
	raw := r.one("url")
	u, err := url.Parse(raw)
	switch {
	case raw == "":
		r.fail("url", "is missing: name the address of a page of this atlas")
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		r.fail("url", "is no address that begins with http:// or https://")
	default:
		q.URL = u
	}
	return q, r.err()
}
