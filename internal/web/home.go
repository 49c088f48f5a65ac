package web

import (
	"context"
	"time"

	"mirabilia/internal/finder"
	"mirabilia/internal/place"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
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
	lead, err := s.leadOf(ctx, stars)
	if err != nil {
		return Answer{}, err
	}
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
	}
	for _, p := range stars {
		if (lead == nil || p.ID != lead.ID) && len(v.Starred) < starredShown {
			v.Starred = append(v.Starred, starCard(s.card(ctx, p), len(v.Starred)))
		}
	}
	a, err := s.render(ctx, view.Home(v))
	a.Shows, a.Whole = append(refs(f.places...), refs(around.places...)...), true
	if lead != nil {
		a.Shows = append(a.Shows, refs(lead)...)
	}
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

// leadAsked is how many places are asked for the one to open with, first those
// with pictures.
const leadAsked = 200

// starSizes are how wide the pictures of the first starred places are drawn,
// which are larger than cards elsewhere; the second is cut out of its middle.
var starSizes = []string{"(min-width:62rem) 50rem, 92vw", "(min-width:62rem) 40rem, (min-width:44rem) 45vw, 92vw"}

// starCard is a card at its place among the starred.
func starCard(c ui.Card, i int) ui.Card {
	if i < len(starSizes) && c.Picture.Sizes != "" {
		c.Picture.Sizes = starSizes[i]
	}
	return c
}

// leadOf is the place of the front page: the most unusual that can be visited
// and of which something is told, one with a picture if there is any; nil where
// nothing is told yet. The stars are asked first, which are known already.
func (s *Site) leadOf(ctx context.Context, stars []*place.Place) (*place.Place, error) {
	lead, err := s.toldOf(ctx, stars)
	if err != nil || lead != nil && len(lead.Photos) > 0 {
		return lead, err
	}
	kinds := []finder.Kind{finder.Place, finder.Eatery}
	for _, of := range []struct {
		filter finder.Filter
		order  finder.Order
	}{{finder.Filter{Kinds: kinds, Photos: true}, finder.Obscure}, {finder.Filter{Kinds: kinds}, finder.Obscure}, {finder.Filter{Kinds: kinds}, finder.Newest}} {
		if lead != nil && !of.filter.Photos {
			return lead, nil
		}
		page, err := s.Finder.List(of.filter, of.order, leadAsked, "")
		if err != nil {
			return nil, err
		}
		f, err := s.look(ctx, page.Hits)
		if err != nil {
			return nil, err
		}
		more, err := s.toldOf(ctx, f.of(page.Hits))
		if err != nil {
			return nil, err
		}
		if more != nil {
			return more, nil
		}
	}
	return lead, nil
}

// toldOf is the first of the places that can be visited and has a story and a
// picture, else the first that has a story.
func (s *Site) toldOf(ctx context.Context, places []*place.Place) (lead *place.Place, err error) {
	ids := make([]int64, len(places))
	for i, p := range places {
		ids[i] = p.ID
	}
	told, err := s.Places.Told(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, p := range places {
		switch {
		case !told[p.ID] || p.Status == place.Lost || p.Status == place.Closed:
		case len(p.Photos) > 0:
			return p, nil
		case lead == nil:
			lead = p
		}
	}
	return lead, nil
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
