package web

import (
	"context"
	"net/url"

	"github.com/a-h/templ"

	"mirabilia/internal/destination"
	"mirabilia/internal/logo"
	"mirabilia/internal/setting"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/ui"
)

// base is what every page has: title, description, the atlas's own frame.
func (s *Site) base(ctx context.Context, q Public, title, description string) (view.Base, error) {
	b, err := s.bareBase(ctx, q, title, description)
	if err == nil {
		b.Canonical = s.absolute((&url.URL{Path: q.Path}).EscapedPath())
		b.Share = s.shareOfPage(ctx, q.Path, b.Site.Tagline)
	}
	return b, err
}

// bareBase is base without what a page may have of its own: its address and what
// networks show of it.
func (s *Site) bareBase(ctx context.Context, q Public, title, description string) (view.Base, error) {
	settings, err := s.Settings.Present(ctx)
	if err != nil {
		return view.Base{}, err
	}
	f := s.frameOf(settings)
	b := view.Base{Title: title, Description: description, Path: q.Path, Lang: q.Lang, Ask: q.ask, Site: f.site, Assets: f.assets}
	if b.Description == "" {
		b.Description = settings.Description
	}
	return b, nil
}

// assetPaths names the files that pages load: those that were built, and the
// sheet of the operator's colours.
func (s *Site) assetPaths(set *setting.Settings) view.Assets {
	a := s.builtPaths()
	a.Theme = themeURL(set.Colours)
	return a
}

func (s *Site) builtPaths() view.Assets {
	a := s.Assets
	return view.Assets{
		Styles: []string{a.URL("site.css")}, Scripts: []string{a.URL("site.js")}, Preload: a.Preload(),
		Icon: a.URL("icon.svg"), Touch: a.URL("icon-180.png"), MapScript: a.URL("map.js"), MapStyle: a.URL("map.css"), MapWorker: a.URL("worker.js"),
	}
}

// siteFrame is the frame of the pages with the settings it was made of.
type siteFrame struct {
	of     *setting.Settings
	site   *view.Site
	assets view.Assets
}

// frame is what the settings say of the atlas, as the views want it: the same
// as long as the settings are, and not to be changed.
func (s *Site) frame(set *setting.Settings) *view.Site { return s.frameOf(set).site }

func (s *Site) frameOf(set *setting.Settings) *siteFrame {
	if f := s.site.Load(); f != nil && f.of == set {
		return f
	}
	f := &siteFrame{set, s.newFrame(set), s.assetPaths(set)}
	s.site.Store(f)
	return f
}

func (s *Site) newFrame(set *setting.Settings) *view.Site {
	f := view.DefaultSite()
	f.Parts = new(view.Parts)
	f.Name, f.Tagline, f.URL, f.Unit, f.Licence = set.Name, set.Tagline, s.URL, set.Unit, set.Licence
	f.Menu, f.Social = links(set.Bar), links(set.Social)
	if len(f.Social) == 0 {
		f.Social = view.DefaultSite().Social
	}
	f.Columns = nil
	for _, m := range set.Footer {
		f.Columns = append(f.Columns, view.Column{Title: m.Title, Links: links(m.Links)})
	}
	f.Letter.Title, f.Letter.Text, f.Letter.Button = set.Letter.Title, set.Letter.Text, set.Letter.Button
	f.Logo = view.Logo{Path: logo.Of(set.Logo), Width: set.Logo.Width, Height: set.Logo.Height}
	f.Copyright = set.Copyright
	if f.Copyright == "" {
		f.Copyright = "Texts " + ui.LicenceName(set.Licence) + " unless marked; pictures as credited."
	}
	return f
}

func links(list []setting.Link) []ui.Link {
	out := make([]ui.Link, len(list))
	for i, l := range list {
		out[i] = ui.Link{Text: l.Label, Path: l.Path}
	}
	return out
}

// popular are the popular destinations that hold something, with how much.
// Only the pages that show them ask: counting costs more than the frame.
func (s *Site) popular(ctx context.Context) []ui.Name {
	set, err := s.Settings.Now(ctx)
	if err != nil {
		return nil
	}
	var out []ui.Name
	for _, path := range set.PopularDestinations {
		node, ok := s.meant(path)
		if !ok {
			continue
		}
		if n := s.Finder.CountIn(node.Path); n > 0 {
			out = append(out, ui.Name{Text: node.Name, Path: destination.Href(node.Path), Count: n})
		}
	}
	return out
}

// render writes a page into bytes and makes it an answer.
func (s *Site) render(ctx context.Context, page templ.Component) (Answer, error) {
	body, err := view.Bytes(ctx, page)
	return Answer{Kind: Page, Type: "text/html; charset=utf-8", Body: body}, err
}

// feeds names the feeds of a list for the head of its page.
func feeds(path, query, title string) []view.Feed {
	if query != "" {
		query = "?" + query
	}
	return []view.Feed{
		{Title: title, Path: path + ".atom" + query, Type: "application/atom+xml"},
		{Title: title, Path: path + ".rss" + query, Type: "application/rss+xml"},
		{Title: title, Path: path + ".feed.json" + query, Type: "application/feed+json"},
	}
}

// otherForms names the other forms of a list.
func otherForms(path, query string) []ui.Link {
	if query != "" {
		query = "?" + query
	}
	var out []ui.Link
	for _, f := range []struct{ name, suffix string }{
		{"GPX", ".gpx"}, {"KML", ".kml"}, {"GeoJSON", ".geojson"}, {"CSV", ".csv"}, {"JSON", ".json"}, {"Atom", ".atom"}, {"RSS", ".rss"},
	} {
		out = append(out, ui.Link{Text: f.name, Path: path + f.suffix + query})
	}
	return out
}

// address joins a path and a query.
func address(path, query string) string {
	if query == "" {
		return path
	}
	return path + "?" + query
}
