package web

import (
	"context"
	"net/http"
	"slices"

	"mirabilia/internal/finder"
	"mirabilia/internal/interchange"
	lists "mirabilia/internal/list"
	"mirabilia/internal/outward"
	"mirabilia/internal/place"
	"mirabilia/internal/report"
	"mirabilia/internal/text"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// listRoutes are the lists of members: public ones are pages like all others,
// the rest are for who works on them or has their link.
func (s *Site) listRoutes() []*Route {
	if s.Lists == nil {
		return nil
	}
	page := func(pattern string, fn func(context.Context, Public) (Answer, error), forms []string) *Route {
		return &Route{Method: http.MethodGet, Pattern: pattern, Access: Everyone, Kind: Page, Public: fn, Forms: forms, Query: []string{"route"}}
	}
	return append([]*Route{
		page("/lists", s.listsPage, tableForms),
		page("/lists/{slug}", s.listPage, listForms),
		ownRoute(http.MethodGet, "/lists/{slug}/edit", Members, s.editList, "at"),
		ownRoute(http.MethodPost, "/lists/{slug}/edit", Members, s.changeList),
		ownRoute(http.MethodGet, "/me/lists", Members, s.myLists),
		ownRoute(http.MethodPost, "/me/lists", Members, s.makeList),
		ownRoute(http.MethodGet, "/me/lists/new", Members, s.newList, "place"),
		ownRoute(http.MethodGet, "/places/{slug}/lists", Members, s.chooseList),
	}, s.listWayRoutes()...)
}

// listsShown is how many public lists the page of lists shows.
const listsShown = 200

// listsPage is the public lists, those changed last first.
func (s *Site) listsPage(ctx context.Context, q Public) (Answer, error) {
	lists, err := s.Lists.Newest(ctx, listsShown)
	if err != nil {
		return Answer{}, err
	}
	if q.Form != "" {
		out := outward.ListCards{Items: []outward.ListCard{}}
		for _, l := range lists {
			out.Items = append(out.Items, outward.ListCardOf(l, s.URL))
		}
		a, err := dataAnswer(out, true)
		_, a.Shows = listCards(ctx, lists)
		a.Whole = true
		return a, err
	}
	b, err := s.base(ctx, q, say.T(ctx, "Lists"), say.T(ctx, "Lists of places, drawn up by members."))
	if err != nil {
		return Answer{}, err
	}
	v := view.ListsPage{Base: b, Heading: say.T(ctx, "Lists"), Dek: say.T(ctx, "Places that belong together, drawn up by members."), Empty: ui.Empty{
		Title: say.T(ctx, "Nobody has drawn up a list yet."), Text: say.T(ctx, "Themes gather places too."),
		Ways: []ui.Link{{Text: say.T(ctx, "Themes"), Path: "/tags"}, {Text: say.T(ctx, "All places"), Path: "/places"}},
	}}
	cards, refs := listCards(ctx, lists)
	v.Lists = cards
	a, err := s.render(ctx, view.Lists(v))
	a.Whole, a.Shows = true, refs
	return a, err
}

func listCards(ctx context.Context, list []*lists.List) (cards []view.ListCard, refs []finder.Ref) {
	for _, l := range list {
		cards = append(cards, view.ListCard{Path: l.Path(), Title: l.Title, By: l.By, Places: placesIn(ctx, l.Entries)})
		refs = append(refs, l.Ref())
	}
	return cards, refs
}

// On pages about something else so many lists are shown; for a destination
// so many of its places are asked about.
const (
	namingShown = 6
	namingAsked = 100
)

// naming are public lists that name some of the places.
func (s *Site) naming(ctx context.Context, places []int64) ([]view.ListCard, []finder.Ref, error) {
	if s.Lists == nil {
		return nil, nil, nil
	}
	list, err := s.Lists.Naming(ctx, places, namingShown)
	if err != nil {
		return nil, nil, err
	}
	cards, refs := listCards(ctx, list)
	return cards, refs, nil
}

func placesIn(ctx context.Context, n int) string { return say.N(ctx, n, "%s place", "%s places") }

// listPage is one public list, or one of its other forms.
func (s *Site) listPage(ctx context.Context, q Public) (Answer, error) {
	l, entries, err := s.Lists.Public(ctx, q.Slug)
	if err != nil {
		return Answer{}, err
	}
	if q.Form != "" {
		return s.formOfList(ctx, q.Form, l, entries, q.Query.Get("route") == "yes")
	}
	v, shown, err := s.listView(ctx, q, l, entries, l.Path())
	if err != nil {
		return Answer{}, err
	}
	v.Crumbs = []ui.Crumb{{Name: say.T(ctx, "Lists"), Path: "/lists"}, {Name: l.Title}}
	v.Forms, v.Feeds = otherForms(l.Path(), ""), append(feeds(l.Path(), "", v.Site.Name+": "+l.Title), s.oEmbedLinks(l.Path(), l.Title)...)
	v.Embed, v.Copy = s.listEmbed(l), l.Slug
	v.Take = s.take(l.Path(), "", len(v.Entries))
	if s.Reports != nil {
		v.Report = reportPath(report.List, l.ID)
	}
	a, err := s.render(ctx, view.List(v))
	a.Shows = shown
	return a, err
}

func (s *Site) listView(ctx context.Context, q Public, l *lists.List, entries []lists.Entry, path string) (v view.ListPage, shown []finder.Ref, err error) {
	intro := text.Excerpt(text.Plain(l.Intro), 160)
	if intro == "" {
		intro = say.T(ctx, "A list by %s", l.By)
	}
	if v.Base, err = s.base(ctx, q, l.Title, intro); err != nil {
		return v, nil, err
	}
	places, err := s.Places.Cards(ctx, entryIDs(entries))
	if err != nil {
		return v, nil, err
	}
	v.Heading, v.By, v.Places, v.Intro = l.Title, l.By, placesIn(ctx, len(places)), s.texts.html(l.Intro)
	v.Entries = s.listEntries(ctx, entries, places)
	v.ByPath = "/users/" + l.ByName
	on := standing(entries, places)
	v.Cover, v.Map, v.Route = listCover(ctx, l, on), s.listMap(ctx, on, path+".geojson"), listRoute(ctx, on)
	if v.Map != nil {
		v.Track = path + ".gpx?route=yes"
		v.Map.Path = v.Track // without script, the map of one's own device
		if v.Route != nil {
			v.Map.Path = v.Route.Path
		}
	}
	return v, append(refs(places...), l.Ref()), nil
}

func entryIDs(entries []lists.Entry) []int64 {
	ids := make([]int64, len(entries))
	for i, e := range entries {
		ids[i] = e.Place
	}
	return ids
}

// listEntries joins entries with those of their places that are public, in order.
func (s *Site) listEntries(ctx context.Context, entries []lists.Entry, places []*place.Place) (out []view.ListEntry) {
	byID := make(map[int64]*place.Place, len(places))
	for _, p := range places {
		byID[p.ID] = p
	}
	for _, e := range entries {
		if p := byID[e.Place]; p != nil {
			out = append(out, view.ListEntry{Card: s.card(ctx, p), ID: p.PublicID(), Note: s.texts.html(e.Note), Written: e.Note, Waits: e.Waits, Pictured: len(p.Photos) > 0 && !e.Waits})
		}
	}
	return out
}

// formOfList is a list for other programs; route also joins its places, in the
// forms that can say so.
func (s *Site) formOfList(ctx context.Context, form string, l *lists.List, entries []lists.Entry, route bool) (a Answer, err error) {
	ids := entryIDs(entries)
	if takes(form) {
		return s.takeForm(ctx, takeable{title: l.Title, path: l.Path(), form: form, ids: ids, total: len(ids)})
	}
	if form == ".feed.json" || form == ".atom" || form == ".rss" { // what was added last first
		newest := slices.Clone(entries)
		slices.SortStableFunc(newest, func(a, b lists.Entry) int { return b.Added.Compare(a.Added) })
		ids = entryIDs(newest[:min(len(newest), feedMost)])
	}
	places, err := s.wholeInParts(ctx, ids)
	if err != nil {
		return Answer{}, err
	}
	switch f := forms[form]; {
	case form == ".json":
		a, err = dataAnswer(outward.ListOf(l, entries, places, s.URL), false)
	case f.kind == Feed:
		a, err = s.feedOf(ctx, list{title: l.Title, path: l.Path(), form: form}, places)
	default:
		var more []func(*interchange.Meta)
		if route {
			more = append(more, asRoute)
		}
		a, err = s.fileOf(ctx, form, l.Title, places, more...)
	}
	a.Shows = append(refs(places...), l.Ref())
	return a, err
}
