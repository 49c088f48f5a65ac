package web

import (
	"context"
	"encoding/xml"
	"net/url"
	"strconv"
	"strings"
	"time"

	"mirabilia/internal/db"
	"mirabilia/internal/destination"
	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	lists "mirabilia/internal/list"
)

const (
	// sitemapSize is how many places a page of the sitemap lists; the protocol
	// allows 50,000, but a page is made at once and this is quicker.
	sitemapSize = 5000
	// sitemapKeep is how long a page of it holds: crawlers come for days.
	sitemapKeep = 10 * time.Minute
	sitemapNS   = "http://www.sitemaps.org/schemas/sitemap/0.9"
	imageNS     = "http://www.google.com/schemas/sitemap-image/1.1"
)

type siteURL struct {
	Loc     string      `xml:"loc"`
	LastMod string      `xml:"lastmod,omitempty"`
	Images  []siteImage `xml:"http://www.google.com/schemas/sitemap-image/1.1 image"`
}

type siteImage struct {
	Loc string `xml:"http://www.google.com/schemas/sitemap-image/1.1 loc"`
}

type urlSet struct {
	XMLName xml.Name  `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []siteURL `xml:"url"`
}

// sitemapIndex lists the pages of the sitemap.
func (s *Site) sitemapIndex(_ context.Context, _ Public) (Answer, error) {
	names := []string{"pages", "destinations", "tags"}
	if s.Lists != nil {
		for n := range (s.publicLists() + sitemapSize - 1) / sitemapSize {
			names = append(names, "lists-"+strconv.Itoa(n+1))
		}
	}
	for n := range (s.Finder.CountIn("") + sitemapSize - 1) / sitemapSize {
		names = append(names, "places-"+strconv.Itoa(n+1))
	}
	type entry struct {
		Loc string `xml:"loc"`
	}
	doc := struct {
		XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
		Maps    []entry  `xml:"sitemap"`
	}{}
	for _, n := range names {
		doc.Maps = append(doc.Maps, entry{s.absolute("/sitemaps/" + n + ".xml")})
	}
	return xmlAnswer(doc)
}

func xmlAnswer(doc any) (Answer, error) {
	body, err := xml.Marshal(doc)
	return Answer{Kind: Feed, Type: "application/xml; charset=utf-8", Body: append([]byte(xml.Header), body...), Keep: sitemapKeep}, err
}

// sitemapPage is one page of the sitemap, by its name.
func (s *Site) sitemapPage(ctx context.Context, q Public) (Answer, error) {
	if q.Form == "" {
		return Answer{}, errs.New(errs.NotFound, "The pages of the sitemap end in .xml.")
	}
	doc := urlSet{}
	add := func(path string) {
		doc.URLs = append(doc.URLs, siteURL{Loc: s.absolute((&url.URL{Path: path}).EscapedPath())})
	}
	switch name := q.Slug; {
	case name == "pages":
		for _, path := range []string{"/", "/places", "/places-to-eat", "/destinations", "/tags", "/near", "/along", "/map", "/api"} {
			add(path)
		}
		if s.Lists != nil {
			add("/lists")
		}
		for _, slug := range s.Pages.Slugs() {
			add("/" + slug)
		}
		for _, c := range closedParts() {
			if c.kind == Page {
				add(c.path)
			}
		}
	case name == "destinations":
		s.eachDestination("", 0, func(path string) { add("/destinations/" + path) })
		for _, a := range s.Finder.Areas("") {
			if a.Count > 0 {
				add(destination.Href(a.Path))
			}
		}
	case name == "tags":
		for _, t := range s.Finder.Tags("") {
			add("/tags/" + t.Tag)
		}
	case strings.HasPrefix(name, "lists-") && s.Lists != nil:
		return s.sitemapLists(ctx, strings.TrimPrefix(name, "lists-"))
	case strings.HasPrefix(name, "places-"):
		return s.sitemapPlaces(ctx, strings.TrimPrefix(name, "places-"))
	default:
		return Answer{}, errs.New(errs.NotFound, "There is no such page of the sitemap.")
	}
	if len(doc.URLs) > 50000 {
		doc.URLs = doc.URLs[:50000]
	}
	return xmlAnswer(doc)
}

// eachDestination goes through the tree as far as it holds places.
func (s *Site) eachDestination(path string, depth int, fn func(path string)) {
	if depth > 2 {
		return
	}
	for _, c := range s.Finder.Children(path) {
		fn(c.Path)
		s.eachDestination(c.Path, depth+1, fn)
	}
}

// sitemapPlaces is the n-th page of places with their pictures.
func (s *Site) sitemapPlaces(ctx context.Context, number string) (Answer, error) {
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || strconv.Itoa(n) != number || (n-1)*sitemapSize >= max(s.Finder.CountIn(""), 1) {
		return Answer{}, errs.New(errs.NotFound, "There is no such page of the sitemap.")
	}
	select {
	case s.costly <- struct{}{}:
		defer func() { <-s.costly }()
	case <-ctx.Done():
		return Answer{}, errs.New(errs.Unavailable, "Too much is asked for at once. Try again.")
	}
	f := finder.Filter{Kinds: []finder.Kind{finder.Place, finder.Eatery}}
	var page finder.Page
	for range n {
		if page, err = s.Finder.List(f, finder.Newest, sitemapSize, page.Next); err != nil {
			return Answer{}, err
		}
	}
	doc := urlSet{}
	for hits := page.Hits; len(hits) > 0; {
		part := hits[:min(len(hits), costlyFrom)]
		hits = hits[len(part):]
		got, err := s.look(ctx, part)
		if err != nil {
			return Answer{}, err
		}
		for _, p := range got.places {
			u := siteURL{Loc: s.absolute(p.Path()), LastMod: p.Updated.UTC().Format(time.RFC3339)}
			for _, ph := range p.Photos {
				if pic := photograph(ph, ""); pic.Src != "" {
					u.Images = append(u.Images, siteImage{s.absolute(pic.Src)})
				}
			}
			doc.URLs = append(doc.URLs, u)
		}
	}
	return xmlAnswer(doc)
}

// publicLists is how many lists everybody sees.
func (s *Site) publicLists() int {
	return s.Finder.Count(finder.Filter{Kinds: []finder.Kind{finder.List}})
}

// sitemapLists is the n-th page of public lists. It is made anew when one of
// them is changed, hidden or deleted.
func (s *Site) sitemapLists(ctx context.Context, number string) (Answer, error) {
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || strconv.Itoa(n) != number || (n-1)*sitemapSize >= max(s.publicLists(), 1) {
		return Answer{}, errs.New(errs.NotFound, "There is no such page of the sitemap.")
	}
	var page []*lists.List
	for after := (lists.After{}); n > 0; n-- {
		if page, err = s.Lists.Page(ctx, after, sitemapSize); err != nil {
			return Answer{}, err
		}
		if len(page) == 0 {
			break
		}
		last := page[len(page)-1]
		after = lists.After{Updated: db.Millis(last.Updated), ID: last.ID}
	}
	doc := urlSet{}
	var shown []finder.Ref
	for _, l := range page {
		doc.URLs = append(doc.URLs, siteURL{Loc: s.absolute(l.Path()), LastMod: l.Updated.UTC().Format(time.RFC3339)})
		shown = append(shown, l.Ref())
	}
	a, err := xmlAnswer(doc)
	a.Shows = shown
	return a, err
}
