package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"mirabilia/internal/actor"
	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/geo"
	lists "mirabilia/internal/list"
	"mirabilia/internal/outward"
	"mirabilia/internal/place"
	"mirabilia/internal/query"
	"mirabilia/internal/web/tiles"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// listWay is the line through the places of a list in their order, and the
// places themselves; what is not shown on maps is passed by.
func listWay(places []*place.Place) (line []geo.Public, on []*place.Place) {
	for _, p := range places {
		if p.At != nil {
			line, on = append(line, *p.At), append(on, p)
		}
	}
	return line, on
}

// standing are the rows of entries in the order of the list.
func standing(entries []lists.Entry, rows []*place.Place) (out []*place.Place) {
	byID := make(map[int64]*place.Place, len(rows))
	for _, p := range rows {
		byID[p.ID] = p
	}
	for _, e := range entries {
		if p := byID[e.Place]; p != nil && !e.Waits {
			out = append(out, p)
		}
	}
	return out
}

// listMap is the map of a list: its places, joined in their order; nil where
// there are not two to join. found is the address of the same as GeoJSON.
func (s *Site) listMap(ctx context.Context, places []*place.Place, found string) *ui.MapPicture {
	line, _ := listWay(places)
	if len(line) < 2 {
		return nil
	}
	width, height := tiles.Where.Pixels()
	pic := ui.Picture{Src: tiles.WayPath(line, line, tiles.Where), Width: width, Height: height, Alt: say.T(ctx, "A map of the places of the list, joined in their order.")}
	m := s.movable(pic, line[len(line)/2], 6, query.Places{})
	m.Way, m.Found = geo.EncodeLine(line), found
	return m
}

// listRoute leads to what lies along the way through a list: by its stops where
// they are few, so that roads can be found, else by a line.
func listRoute(ctx context.Context, places []*place.Place) *ui.Link {
	line, on := listWay(places)
	if len(line) < 2 {
		return nil
	}
	a := query.Along{Within: query.DefaultWithin}
	if len(on) <= query.MaxStops {
		for _, p := range on {
			words := p.Slug
			if !strings.Contains(words, "-") { // a city may be called so too
				words = number(p.At.Lat) + ", " + number(p.At.Lon)
			}
			a.Stops = append(a.Stops, words)
		}
	} else {
		kept, off := geo.Simplify(line, func(l []geo.Public) bool { return len(geo.EncodeLine(l)) <= query.MaxLine })
		if kept == nil {
			return nil
		}
		a.Line, a.Off = geo.EncodeLine(kept), int(off)
	}
	if _, err := finder.NewRoute(line); err != nil {
		return nil
	}
	return &ui.Link{Text: say.T(ctx, "The way through them"), Path: address("/along", a.Encode()), Icon: "route"}
}

// listCover is the picture that stands for a list, nil where no place has one.
func listCover(ctx context.Context, l *lists.List, places []*place.Place) *ui.Picture {
	p := outward.Cover(l, places)
	if p == nil {
		return nil
	}
	pic := photograph(p.Photos[0], "(min-width:62rem) 60vw, 100vw")
	if pic.Caption == "" {
		pic.Caption = p.Title
	}
	return &pic
}

// listEmbed is what others may paste into their pages.
func (s *Site) listEmbed(l *lists.List) *view.Embed {
	return &view.Embed{Src: s.absolute("/embed/lists/" + l.Slug), Title: l.Title, Width: frameWidth, Height: mapHeight}
}

// embedList is a public list as a map in a frame of another site.
func (s *Site) embedList(ctx context.Context, q Public) (Answer, error) {
	l, entries, err := s.Lists.Public(ctx, q.Slug)
	if err != nil {
		return Answer{}, err
	}
	rows, err := s.Places.Cards(ctx, entryIDs(entries))
	if err != nil {
		return Answer{}, err
	}
	b, err := s.embedBase(ctx, q, l.Title, l.Path())
	if err != nil {
		return Answer{}, err
	}
	places := standing(entries, rows)
	m := s.listMap(ctx, places, l.Path()+".geojson")
	if m == nil {
		m = s.movable(worldPicture(ctx), worldMiddle, worldZoom, query.Places{})
	}
	m.Path, m.Priority = l.Path(), true
	a, err := s.render(ctx, view.EmbedMapPage(view.EmbedMap{Base: b, Map: *m, Heading: ui.Link{Text: l.Title, Path: l.Path()}, Total: len(places), Credit: tiles.Credit}))
	a.Kind, a.NoIndex, a.Shows = Embed, true, append(refs(places...), l.Ref())
	return a, err
}

// copyList makes a list of the reader's own with what stands on another one.
func (s *Site) copyList(ctx context.Context, o Own) (Answer, error) {
	slug, secret := o.Form.Get("list"), o.Form.Get("secret")
	if !o.Actor.SignedIn() {
		if secret == "" && query.IsSlug(slug) {
			return See(signInPath(&url.URL{Path: "/lists/" + slug})), nil
		}
		return See("/login"), nil
	}
	if !query.IsSlug(slug) && !query.IsSlug(secret) {
		return Answer{}, errs.New(errs.NotFound, "There is no such list.")
	}
	l, err := s.Lists.Copy(ctx, o.Actor, slug, secret)
	if err != nil {
		return Answer{}, err
	}
	return See(l.EditPath()), nil
}

// overlayList tells who works on the list of a page where it is changed.
func (s *Site) overlayList(ctx context.Context, a actor.Actor, path string) (*overlayLink, error) {
	slug, ok := strings.CutPrefix(path, "/lists/")
	if !ok || !query.IsSlug(slug) || s.Lists == nil {
		return nil, nil
	}
	l, _, _, _, err := s.Lists.Mine(ctx, a, slug)
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &overlayLink{Text: say.T(ctx, "Change this list"), Path: l.EditPath()}, nil
}

// ownList is a list as its readers would see it, in every form, for those who
// work on it.
func (s *Site) ownList(ctx context.Context, o Own) (Answer, error) {
	l, entries, _, _, err := s.Lists.Mine(ctx, o.Actor, o.Slug)
	if err != nil {
		return Answer{}, err
	}
	kept := entries[:0]
	for _, e := range entries {
		if !e.Waits {
			kept = append(kept, e)
		}
	}
	return s.unlistedList(ctx, o, l, kept, "/me/lists/"+l.Slug, "")
}

// sharedList is a list for who has its link. Nobody keeps it, and no search
// engine lists it.
func (s *Site) sharedList(ctx context.Context, o Own) (Answer, error) {
	l, entries, err := s.Lists.Linked(ctx, o.Slug)
	if err != nil {
		return Answer{}, err
	}
	return s.unlistedList(ctx, o, l, entries, "/shared/lists/"+o.Slug, o.Slug)
}

// privateForms are the forms of a list that is not public: files to take along.
// Feeds and packs are asked for again by machines and kept.
var privateForms = []string{".json", ".geojson", ".csv", ".gpx", ".kml"}

// unlistedList is a list that is not for everyone, at a path of its own.
func (s *Site) unlistedList(ctx context.Context, o Own, l *lists.List, entries []lists.Entry, path, secret string) (Answer, error) {
	if o.Public.Form != "" {
		a, err := s.formOfList(ctx, o.Public.Form, l, entries, o.Query.Get("route") == "yes")
		a.Kind, a.NoIndex, a.Shows = Personal, true, nil
		return a, err
	}
	v, _, err := s.listView(ctx, o.Public, l, entries, path)
	if err != nil {
		return Answer{}, err
	}
	v.NoIndex, v.Canonical, v.Secret = true, "", secret
	for _, f := range otherForms(path, "") {
		for _, form := range privateForms {
			if f.Path == path+form {
				v.Forms = append(v.Forms, f)
			}
		}
	}
	if secret == "" {
		v.Edit, v.Crumbs = l.EditPath(), []ui.Crumb{{Name: say.T(ctx, "Your lists"), Path: "/me/lists"}, {Name: l.Title}}
	}
	a, err := s.render(ctx, view.List(v))
	a.NoIndex = true
	return a, err
}

// listWayRoutes are what belongs to lists beside their pages.
func (s *Site) listWayRoutes() []*Route {
	with := func(r *Route) *Route { r.Forms = privateForms; return r }
	return []*Route{
		{Method: http.MethodGet, Pattern: "/embed/lists/{slug}", Access: Everyone, Kind: Embed, Public: s.embedList},
		ownRoute(http.MethodPost, "/me/lists/copy", Everyone, s.copyList),
		with(ownRoute(http.MethodGet, "/me/lists/{slug}", Members, s.ownList, "route")),
		with(ownRoute(http.MethodGet, "/shared/lists/{slug}", Everyone, s.sharedList, "route")),
	}
}
