package web

import (
	"cmp"
	"context"
	"net/url"

	"mirabilia/internal/destination"
	"mirabilia/internal/finder"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/place"
	"mirabilia/internal/text"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// creditFaces are the pictures of those who made the page of a place, by their
// own page.
func (s *Site) creditFaces(ctx context.Context, p *place.Place) (map[string]string, error) {
	if s.Users == nil {
		return nil, nil
	}
	pages := []string{p.AddedBy.URL}
	for _, c := range p.EditedBy {
		pages = append(pages, c.URL)
	}
	return s.Users.Faces(ctx, pages)
}

// placeView gathers what the page of a place shows, and the things on it.
func (s *Site) placeView(ctx context.Context, q Public, p *place.Place, beside around, f found) (view.PlacePage, []finder.Ref, error) {
	tags, err := s.tagsOf(ctx, p)
	if err != nil {
		return view.PlacePage{}, nil, err
	}
	shows, err := s.itself(ctx, q, p)
	if err != nil {
		return view.PlacePage{}, nil, err
	}
	b, err := s.bareBase(ctx, q, p.Title, shows.description)
	if err != nil {
		return view.PlacePage{}, nil, err
	}
	b.Canonical, b.Share, b.Feeds, b.LD = shows.Page, shows.share, shows.feeds, shows.ld
	v := view.PlacePage{
		Base: b, PlaceItself: shows.PlaceItself, Guide: beside.guide,
		Nearby: s.writtenRows(ctx, f.of(beside.near), f.metres, b.Site.Unit), Eateries: s.writtenRows(ctx, f.of(beside.eat), f.metres, b.Site.Unit),
		Related: s.writtenCards(ctx, f.of(beside.related)),
	}
	if s.Lists != nil {
		if v.Lists, err = s.Lists.On(ctx, p.ID); err != nil {
			return view.PlacePage{}, nil, err
		}
	}
	var lists []finder.Ref
	if v.Lists > 0 {
		if v.OnLists, lists, err = s.naming(ctx, []int64{p.ID}); err != nil {
			return view.PlacePage{}, nil, err
		}
	}
	if v.Faces, err = s.creditFaces(ctx, p); err != nil {
		return view.PlacePage{}, nil, err
	}
	for _, t := range p.Tags {
		v.Tags = append(v.Tags, ui.Chip{Text: tags[t], Path: "/tags/" + t})
	}
	if p.At != nil {
		v.NearbyAll = &ui.Link{Text: say.T(ctx, "Everything nearby"), Path: "/near?lat=" + number(p.At.Lat) + "&lon=" + number(p.At.Lon)}
	}
	shown := append(append(refs(f.places...), p.Ref()), lists...)
	for _, t := range p.Tags {
		shown = append(shown, tagRef(t))
	}
	if p.Destination != "" {
		shown = append(shown, finder.Ref{Kind: finder.Destination, ID: destination.ID(p.Destination)})
	}
	return v, shown, nil
}

// tagsOf names the tags of a place, as the finder has them; it follows the log
// before a page is forgotten for a tag's new name. What it does not have yet,
// the database says.
func (s *Site) tagsOf(ctx context.Context, p *place.Place) (map[string]string, error) {
	names := make(map[string]string, len(p.Tags))
	for _, slug := range p.Tags {
		card, ok := s.Finder.Doc(tagRef(slug))
		if !ok || card.Slug != slug {
			return s.Tags.Names(ctx, p.Tags)
		}
		names[slug] = card.Title
	}
	return names, nil
}

// itself is what the page of a place shows of nothing but the place, with what
// stands of it in the head: for networks, search engines and frames.
type itself struct {
	*view.PlaceItself
	description string
	share       view.Share
	feeds       []view.Feed
	ld          []any
}

// itself gathers it, once for as long as the place is the very same.
func (s *Site) itself(ctx context.Context, q Public, p *place.Place) (itself, error) {
	key := writtenKey{id: p.ID, spoken: say.Spoken(ctx)}
	if kept, ok := s.written.itself.GetIfPresent(key); ok && kept.Place == p {
		return kept, nil
	}
	path := (&url.URL{Path: p.Path()}).EscapedPath()
	i := itself{
		PlaceItself: &view.PlaceItself{
			Place: p, Page: s.absolute(path), Spoken: q.Lang, Crumbs: s.placeCrumbs(ctx, p), Body: s.texts.html(p.Body), Know: s.texts.html(p.Know),
			Locator: s.locator(p, locatorCover), Map: s.placeMap(ctx, p), Take: s.take(path, "", 1),
			Embed: s.placeEmbed(p.Slug, p.Title), Reasons: s.reasons(ctx, p), Parts: new(view.Parts),
		},
		description: p.Subtitle, share: s.shareOf(ctx, p), feeds: s.oEmbedLinks(p.Path(), p.Title),
	}
	if i.description == "" {
		i.description = text.Excerpt(text.Plain(p.Body), 160)
	}
	var pictures []string
	for _, ph := range p.Photos {
		pic := photograph(ph, "(min-width:48rem) 60vw, 100vw")
		i.Pictures = append(i.Pictures, pic)
		if src := cmp.Or(pic.Full, pic.Src); src != "" {
			pictures = append(pictures, s.absolute(src))
		}
	}
	for _, data := range []any{view.PlaceLD(p, i.Page, pictures), view.CrumbsLD(s.URL, i.Crumbs)} {
		ready, err := view.WriteLD(data)
		if err != nil {
			return itself{}, err
		}
		i.ld = append(i.ld, ready)
	}
	s.written.itself.Set(key, i)
	return i, nil
}

// placeCrumbs is the way down to a place: All, country, region, city.
func (s *Site) placeCrumbs(ctx context.Context, p *place.Place) []ui.Crumb {
	out := []ui.Crumb{{Name: say.T(ctx, "All"), Path: "/places"}}
	for _, n := range s.Gazetteer.Ancestors(p.Destination) {
		out = append(out, ui.Crumb{Name: n.Name, Path: destination.Href(n.Path)})
	}
	return append(out, ui.Crumb{Name: p.Title})
}

// guideCard is the guide to the narrowest destination that may be told.
func (s *Site) guideCard(p *place.Place) *view.Guide {
	n, ok := s.Gazetteer.ByPath(p.Destination)
	if !ok || p.Destination == "" {
		return nil
	}
	g := &view.Guide{Name: n.Name, Path: destination.Href(n.Path), Picture: s.destinationPicture(n), Places: s.Finder.CountIn(n.Path)}
	for _, a := range s.Finder.AreasOf(p.Ref()) {
		g.Also = append(g.Also, ui.Chip{Text: a.Name, Path: destination.Href(a.Path)})
	}
	return g
}

// reasons say why a place is as obscure as it is said to be.
func (s *Site) reasons(ctx context.Context, p *place.Place) []string {
	var population int64
	if n, ok := s.Gazetteer.ByPath(p.Destination); ok && n.Level == gazetteer.City {
		population = n.Population
	}
	_, parts := p.Renown(population).Obscurity()
	words := map[string]string{
		"marks": "few have been there or want to", "remote": "far from large towns", "names": "known under few names",
		"sources": "written about by few", "photos": "hardly pictured",
	}
	var out []string
	for _, r := range parts {
		if r.Points > 0 {
			out = append(out, say.T(ctx, "%s: %d of %d", say.T(ctx, words[r.Name]), r.Points, r.Of))
		}
	}
	return out
}
