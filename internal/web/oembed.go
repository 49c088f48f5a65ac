package web

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"mirabilia/internal/errs"
	"mirabilia/internal/query"
	"mirabilia/internal/web/view"
)

// embedAge is how many seconds a consumer may keep an answer.
const embedAge = 3600

// oEmbedding is an answer of oEmbed 1.0 (oembed.com), of type rich.
type oEmbedding struct {
	XMLName      xml.Name `json:"-" xml:"oembed"`
	Type         string   `json:"type" xml:"type"`
	Version      string   `json:"version" xml:"version"`
	Title        string   `json:"title" xml:"title"`
	ProviderName string   `json:"provider_name" xml:"provider_name"`
	ProviderURL  string   `json:"provider_url" xml:"provider_url"`
	CacheAge     int      `json:"cache_age" xml:"cache_age"`
	Thumbnail    string   `json:"thumbnail_url,omitempty" xml:"thumbnail_url,omitempty"`
	ThumbWidth   int      `json:"thumbnail_width,omitempty" xml:"thumbnail_width,omitempty"`
	ThumbHeight  int      `json:"thumbnail_height,omitempty" xml:"thumbnail_height,omitempty"`
	HTML         string   `json:"html" xml:"html"`
	Width        int      `json:"width" xml:"width"`
	Height       int      `json:"height" xml:"height"`
}

// oEmbed answers what another site may put into its page for an address of ours.
func (s *Site) oEmbed(ctx context.Context, q Public) (Answer, error) {
	asked, err := query.ParseOEmbed(q.Query)
	if err != nil {
		return Answer{}, err
	}
	if asked.Format != "json" && asked.Format != "xml" {
		return Answer{Status: http.StatusNotImplemented, Kind: Data, Type: "text/plain; charset=utf-8", Body: []byte("There are two formats: json and xml.\n"), Once: true}, nil
	}
	e, picture, err := s.embedOf(ctx, asked.URL)
	if err != nil {
		return Answer{}, err
	}
	fit(e, asked.MaxWidth, asked.MaxHeight)
	set, err := s.Settings.Now(ctx)
	if err != nil {
		return Answer{}, err
	}
	out := oEmbedding{Type: "rich", Version: "1.0", Title: e.Title, ProviderName: set.Name, ProviderURL: s.URL, CacheAge: embedAge, HTML: e.HTML(), Width: e.Width, Height: e.Height}
	// The three belong together, and hold to the bounds as well.
	if picture.Image != "" && (asked.MaxWidth == 0 || picture.Width <= asked.MaxWidth) && (asked.MaxHeight == 0 || picture.Height <= asked.MaxHeight) {
		out.Thumbnail, out.ThumbWidth, out.ThumbHeight = picture.Image, picture.Width, picture.Height
	}
	a := Answer{Kind: Data, Type: "application/json", Whole: true}
	if asked.Format == "xml" {
		a.Type = "text/xml; charset=utf-8"
		a.Body, err = xml.Marshal(out)
		a.Body = append([]byte(xml.Header), a.Body...)
		return a, err
	}
	a.Body, err = json.Marshal(out)
	return a, err
}

// fit makes a frame as small as the site that shows it wants.
func fit(e *view.Embed, maxWidth, maxHeight int) {
	card := e.Height == cardHeight
	if maxWidth > 0 {
		e.Width = min(e.Width, maxWidth)
	}
	if card && e.Width < cardTurns {
		e.Height = cardHeightNarrow
	}
	if maxHeight > 0 {
		e.Height = min(e.Height, maxHeight)
	}
}

// embedOf is the frame that stands for an address of this atlas, and what
// networks show of it.
func (s *Site) embedOf(ctx context.Context, u *url.URL) (*view.Embed, view.Share, error) {
	none := errs.New(errs.NotFound, "There is nothing to embed at this address: name a place, a guide, a theme, a list or a map of this atlas.")
	own, err := url.Parse(s.URL)
	if err != nil || !strings.EqualFold(u.Host, own.Host) || !readable(u.Path) {
		return nil, view.Share{}, none
	}
	path := strings.TrimRight(u.Path, "/")
	if slug, ok := strings.CutPrefix(path, "/places/"); ok && query.IsSlug(slug) {
		p, err := s.Places.BySlug(ctx, slug)
		var e *errs.Error
		if errors.As(err, &e) && e.Code == errs.Moved { // who embeds follows no redirect
			p, err = s.Places.BySlug(ctx, strings.TrimPrefix(e.Location, "/places/"))
		}
		if err != nil {
			return nil, view.Share{}, err
		}
		return s.placeEmbed(p.Slug, p.Title), s.shareOf(ctx, p), nil
	}
	if slug, ok := strings.CutPrefix(path, "/lists/"); ok && query.IsSlug(slug) && s.Lists != nil {
		l, _, err := s.Lists.Public(ctx, slug)
		if err != nil {
			return nil, view.Share{}, err
		}
		return s.listEmbed(l), view.Share{}, nil
	}
	p, ok := s.embedQuery(path, u.Query())
	if !ok {
		return nil, view.Share{}, none
	}
	heading, err := s.embedHeading(ctx, p)
	if err != nil {
		return nil, view.Share{}, err
	}
	return s.mapEmbed(p, heading.Text), view.Share{}, nil
}

// embedQuery is the query whose map shows what a page lists.
func (s *Site) embedQuery(path string, values url.Values) (query.Places, bool) {
	known := url.Values{}
	for _, name := range query.PlaceParams {
		if v, ok := values[name]; ok {
			known[name] = v
		}
	}
	p, err := query.ParsePlaces(known)
	if err != nil {
		return query.Places{}, false
	}
	p.Cursor, p.Limit = "", query.DefaultLimit
	switch {
	case path == "/places" || path == "/map" || path == "" || path == "/destinations":
		return p, true
	case strings.HasPrefix(path, "/destinations/"):
		p.In = strings.TrimPrefix(path, "/destinations/")
	case strings.HasPrefix(path, "/tags/"):
		tag, in, within := strings.Cut(strings.TrimPrefix(path, "/tags/"), "/in/")
		if !query.IsSlug(tag) {
			return query.Places{}, false
		}
		p.Tags = appendOnce(p.Tags, tag)
		if within {
			p.In = in
		}
	default:
		return query.Places{}, false
	}
	return p, p.In == "" || query.IsPath(p.In)
}

// oEmbedLinks name the answers for a page in its head, so that consumers find
// them. Their addresses are whole: not every consumer joins them to the page's.
func (s *Site) oEmbedLinks(path, title string) []view.Feed {
	ask := s.absolute("/oembed") + "?url=" + url.QueryEscape(s.absolute(path))
	return []view.Feed{
		{Title: title, Path: ask, Type: "application/json+oembed"},
		{Title: title, Path: ask + "&format=xml", Type: "text/xml+oembed"},
	}
}
