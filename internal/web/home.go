package web

import (
	"context"
	"time"

	"mirabilia/internal/finder"
	"mirabilia/internal/place"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
)

const (
	starredShown = 6
	newestShown  = 6
	sampleShown  = 3
)

// homePage is the front page: a lead, the unusual ones, the newest, the map,
// the destinations.
func (s *Site) homePage(ctx context.Context, q Public) (Answer, error) {
	kinds := []finder.Kind{finder.Place, finder.Eatery}
	newest, err := s.Finder.List(finder.Filter{Kinds: kinds}, finder.Newest, newestShown, "")
	if err != nil {
		return Answer{}, err
	}
	pictured, err := s.Finder.List(finder.Filter{Kinds: kinds, Photos: true}, finder.Obscure, starredShown+1, "")
	if err != nil {
		return Answer{}, err
	}
	starred := pictured.Hits
	if len(starred) < starredShown+1 { // an atlas with few pictures is still an atlas
		all, err := s.Finder.List(finder.Filter{Kinds: kinds}, finder.Obscure, 2*starredShown, "")
		if err != nil {
			return Answer{}, err
		}
		starred = joined(starred, all.Hits, starredShown+1)
	}
	var sample []finder.Hit
	f, err := s.look(ctx, starred, newest.Hits)
	if err != nil {
		return Answer{}, err
	}
	stars := f.of(starred)
	lead := leadOf(stars)
	if lead != nil && lead.At != nil {
		sample = without(s.Finder.Nearest(*lead.At, finder.Filter{Kinds: kinds}, sampleShown+1, 0), lead.ID, sampleShown)
	}
	around, err := s.look(ctx, sample)
	if err != nil {
		return Answer{}, err
	}
	b, err := s.base(ctx, q, "", "")
	if err != nil {
		return Answer{}, err
	}
	b.Feeds = feeds("/places", "", b.Site.Name)
	b.LD = []any{view.SiteLD(b.Site)}
	v := view.HomePage{
		Base: b, Newest: s.cards(ctx, f.of(newest.Hits)), Places: newest.Total, NewSentence: s.latest(ctx, f.of(newest.Hits)),
		Destinations: s.destinationNames(s.popular(ctx), 24), Sample: s.writtenRows(ctx, around.places, around.metres, b.Site.Unit),
	}
	if m := s.worldMap(ctx); m != nil {
		v.Map = *m
	}
	if lead != nil {
		v.SampleName = lead.Title
		v.Feature = s.feature(ctx, lead)
		for _, p := range stars {
			if p != lead && len(v.Starred) < starredShown {
				v.Starred = append(v.Starred, s.card(ctx, p))
			}
		}
	}
	a, err := s.render(ctx, view.Home(v))
	a.Shows, a.Whole = append(refs(f.places...), refs(around.places...)...), true
	return a, err
}

// joined appends what is not there yet, up to n.
func joined(a, b []finder.Hit, n int) []finder.Hit {
	seen := map[int64]bool{}
	out := append([]finder.Hit(nil), a...)
	for _, h := range a {
		seen[h.ID] = true
	}
	for _, h := range b {
		if !seen[h.ID] && len(out) < n {
			out = append(out, h)
		}
	}
	return out
}

// leadOf is the place of the front page: one with a picture, if any has one,
// that can be visited.
func leadOf(places []*place.Place) *place.Place {
	for _, p := range places {
		if len(p.Photos) > 0 && p.Status != place.Lost && p.Status != place.Closed {
			return p
		}
	}
	if len(places) > 0 {
		return places[0]
	}
	return nil
}

func (s *Site) feature(ctx context.Context, p *place.Place) *view.Feature {
	pic := s.locator(p, locatorCover)
	if len(p.Photos) > 0 {
		pic = photograph(p.Photos[0], "(min-width:62rem) 60vw, 100vw")
	}
	note := whereLine(p)
	return &view.Feature{Kicker: say.T(ctx, "A place to begin with"), Title: p.Title, Path: p.Path(), Dek: p.Subtitle, Note: note, Lang: p.Lang, Picture: pic}
}

// latest says when the newest places came in.
func (s *Site) latest(ctx context.Context, places []*place.Place) string {
	var last time.Time
	for _, p := range places {
		if p.Published.After(last) {
			last = p.Published
		}
	}
	if last.IsZero() {
		return ""
	}
	return say.T(ctx, "The latest of %s.", say.Date(ctx, last.UTC()))
}
