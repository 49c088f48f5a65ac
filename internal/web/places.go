package web

import (
	"context"
	"net/url"
	"strconv"

	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/place"
	"mirabilia/internal/query"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// placesPage is all places: filters, orders, and every other form.
func (s *Site) placesPage(ctx context.Context, q Public) (Answer, error) {
	p, err := query.ParsePlaces(q.Query)
	if err != nil {
		return Answer{}, err
	}
	p.Without = q.Been
	title := say.T(ctx, "All places")
	if p.Kind == "eatery" {
		title = say.T(ctx, "Places to eat")
	}
	if q.Form != "" {
		return s.listForm(ctx, list{title: title, path: "/places", form: q.Form, query: p, filter: p.Filter(), order: p.Order(), limited: q.Query.Get("limit") != ""})
	}
	return s.placeList(ctx, q, p, title)
}

// eatPage is the list of the places to eat.
func (s *Site) eatPage(ctx context.Context, q Public) (Answer, error) {
	p, err := query.ParsePlaces(q.Query)
	if err != nil {
		return Answer{}, err
	}
	p.Without = q.Been
	p.Kind = "eatery"
	return s.placeList(ctx, q, p, say.T(ctx, "Places to eat"))
}

// placeList fills the page of a list of places.
func (s *Site) placeList(ctx context.Context, q Public, p query.Places, title string) (Answer, error) {
	page, err := s.Finder.List(p.Filter(), p.Order(), p.Limit, p.Cursor)
	if err != nil {
		return Answer{}, err
	}
	f, err := s.look(ctx, page.Hits)
	if err != nil {
		return Answer{}, err
	}
	b, err := s.base(ctx, q, title, say.T(ctx, "Remarkable places, narrowed by theme, country, state and more."))
	if err != nil {
		return Answer{}, err
	}
	b.Canonical = s.absolute(address(q.Path, p.Encode()))
	b.NoIndex = p.Narrowed() > 1 || p.Cursor != ""
	b.Feeds = feeds("/places", p.After("").Encode(), b.Site.Name+": "+title)
	cards := s.cards(ctx, f.places)
	if p.Near != nil {
		cards = s.cardsWith(ctx, f)
	}
	facets := s.Finder.Facets(p.Filter())
	names, err := s.tagNames(ctx, p.Tags, facets.Tags, 12)
	if err != nil {
		return Answer{}, err
	}
	on := s.conditions(ctx, q.Path, p, names)
	v := view.PlacesPage{
		Base: b, Heading: title, Crumbs: []ui.Crumb{{Name: say.T(ctx, "All"), Path: "/places"}, {Name: title}},
		Dek:   say.N(ctx, page.Total, "%s place", "%s places"),
		Sorts: sorts(ctx, q.Path, p), On: on,
		Filters: s.filterForm(ctx, q.Path, p, facets, names, len(on)),
		Forms:   otherForms("/places", p.After("").Encode()), Take: s.takeOf("/places", p, page.Total),
		Map:     ui.Link{Text: say.T(ctx, "See them on the map"), Path: address("/map", p.After("").Encode()), Icon: "map"},
		Listing: view.Listing{Cards: cards, Total: page.Total, Pager: pager(ctx, q.Path, p, len(cards), page), Empty: emptyList(ctx, q.Path)},
	}
	if page.Next != "" {
		v.Next = address(q.Path, p.After(page.Next).Encode())
	}
	a, err := s.render(ctx, view.Places(v))
	a.Shows, a.Whole, a.NoIndex = refs(f.places...), true, b.NoIndex
	return a, err
}

// sorts are the orders that one can choose; near only where a point is given.
func sorts(ctx context.Context, path string, p query.Places) []ui.Chip {
	var out []ui.Chip
	for _, o := range []struct{ name, text string }{
		{"near", "Nearest"}, {"newest", "Newest"}, {"wanted", "Most wanted"}, {"been", "Most visited"}, {"obscure", "Most obscure"},
	} {
		if o.name == "near" && p.Near == nil {
			continue
		}
		out = append(out, ui.Chip{Text: say.T(ctx, o.text), Path: address(path, p.WithSort(o.name).Encode()), Current: p.SortName() == o.name})
	}
	return out
}

// pager moves through a list whose pages have no numbers.
func pager(ctx context.Context, path string, p query.Places, shown int, page finder.Page) ui.Pager {
	g := ui.Pager{Text: say.T(ctx, "%s of %s", say.Number(ctx, shown), say.Number(ctx, page.Total)), More: say.T(ctx, "More places")}
	if p.Cursor != "" {
		g.Prev = address(path, p.After("").Encode())
	}
	if page.Next != "" {
		g.Next = address(path, p.After(page.Next).Encode())
	}
	return g
}

func emptyList(ctx context.Context, path string) ui.Empty {
	return ui.Empty{
		Title: say.T(ctx, "Nothing here is like that."),
		Text:  say.T(ctx, "Take a condition away, or look elsewhere."),
		Ways: []ui.Link{
			{Text: say.T(ctx, "Clear all"), Path: path}, {Text: say.T(ctx, "What is near me"), Path: "/near", Icon: "locate-fixed"},
			{Text: say.T(ctx, "A random place"), Path: "/random", Icon: "dices"},
		},
		Picture: openSea(),
	}
}

// tagNames gives the names of the tags asked for and of the widest that a list
// could be narrowed to, in the order to show them.
func (s *Site) tagNames(ctx context.Context, asked []string, counts []finder.TagCount, most int) ([]ui.Option, error) {
	var slugs []string
	options := map[string]*int{}
	for _, t := range asked {
		slugs = append(slugs, t)
		options[t] = nil
	}
	for _, c := range counts {
		if _, there := options[c.Tag]; there {
			n := c.Count
			options[c.Tag] = &n
		} else if len(slugs) < most+len(asked) {
			n := c.Count
			options[c.Tag] = &n
			slugs = append(slugs, c.Tag)
		}
	}
	names, err := s.Tags.Names(ctx, slugs)
	if err != nil {
		return nil, err
	}
	out := make([]ui.Option, len(slugs))
	for i, slug := range slugs {
		out[i] = ui.Option{Value: slug, Text: names[slug], Count: options[slug], Selected: i < len(asked)}
	}
	return out, nil
}

// random sends the reader to a place by chance.
func (s *Site) random(_ context.Context, q Public) (Answer, error) {
	p, err := query.ParseRandom(q.Query)
	if err != nil {
		return Answer{}, err
	}
	f := finder.Filter{Kinds: []finder.Kind{finder.Place, finder.Eatery}, In: p.In, Tags: p.Tags}
	ref, ok := s.Finder.Random(f, s.Random())
	if !ok {
		return Answer{}, errs.New(errs.NotFound, "There is no place like that to choose from.")
	}
	card, ok := s.Finder.Doc(ref)
	if !ok {
		return Answer{}, errs.New(errs.Unavailable, "The places are changing at this moment. Try again.")
	}
	return Answer{Status: 302, Kind: Failure, Location: (&url.URL{Path: "/places/" + card.Slug}).EscapedPath(), Once: true}, nil
}

// placePage is one place, whole, or one of its other forms.
func (s *Site) placePage(ctx context.Context, q Public) (Answer, error) {
	if q.Form != "" {
		p, err := s.Places.BySlug(ctx, q.Slug)
		if err != nil {
			return Answer{}, err
		}
		return s.placeForm(ctx, q, p)
	}
	var beside around
	var f found
	p, cards, err := s.Places.Shown(ctx, q.Slug, func(p *place.Place) []int64 {
		beside = s.around(p)
		return f.note(beside.near, beside.eat, beside.related)
	})
	if err != nil {
		return Answer{}, err
	}
	f.places = cards
	v, shown, err := s.placeView(ctx, q, p, beside, f)
	if err != nil {
		return Answer{}, err
	}
	a, err := s.render(ctx, view.Place(v))
	a.Shows, a.Read = shown, p.ID
	return a, err
}

// around is what stands beside a place: neighbours, eateries, related ones, and
// the card of the guide, which says how many there are.
type around struct {
	near, eat, related []finder.Hit
	guide              *view.Guide
}

const (
	nearbyShown  = 4
	eatShown     = 2
	relatedShown = 8
	// nearbyWithin is as far as something still counts as nearby, in metres.
	nearbyWithin = 100_000
)

func (s *Site) findAround(p *place.Place) around {
	var a around
	if p.At != nil {
		a.near = without(s.Finder.Nearest(*p.At, finder.Filter{Kinds: []finder.Kind{finder.Place}}, nearbyShown+1, nearbyWithin), p.ID, nearbyShown)
		a.eat = without(s.Finder.Nearest(*p.At, finder.Filter{Kinds: []finder.Kind{finder.Eatery}}, eatShown+1, nearbyWithin), p.ID, eatShown)
	}
	a.guide = s.guideCard(p)
	a.related = without(s.Finder.Related(p.Ref(), relatedShown), p.ID, relatedShown)
	return a
}

// without leaves one id out of hits and keeps n.
func without(hits []finder.Hit, id int64, n int) []finder.Hit {
	out := hits[:0:0]
	for _, h := range hits {
		if h.ID != id && len(out) < n {
			out = append(out, h)
		}
	}
	return out
}

// number writes degrees for an address, to about a metre.
func number(v float64) string { return strconv.FormatFloat(v, 'f', 5, 64) }
