package web

import (
	"context"
	"strings"

	"mirabilia/internal/destination"
	"mirabilia/internal/finder"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/geo"
	"mirabilia/internal/outward"
	"mirabilia/internal/place"
	"mirabilia/internal/query"
	"mirabilia/internal/search"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// kindWords name the kinds of things as the heads of groups.
var kindWords = map[finder.Kind]string{
	finder.Place: "Places", finder.Eatery: "Places to eat", finder.Food: "Foods", finder.Destination: "Destinations", finder.Tag: "Themes",
	finder.Story: "Stories", finder.List: "Lists", finder.Itinerary: "Itineraries", finder.Trip: "Trips", finder.Member: "Members",
}

// groupShown is how many of a kind a search of all kinds shows.
const groupShown = 10

// searchPage is a search of everything: one ranked list, grouped by kind.
func (s *Site) searchPage(ctx context.Context, q Public) (Answer, error) {
	if title, address := q.Query.Get("title"), q.Query.Get("url"); title != "" || address != "" {
		q.Query.Set("q", sharedWords(q.Query.Get("q"), title, address))
		q.Query.Del("title")
		q.Query.Del("url")
	}
	p, err := query.ParseSearch(q.Query)
	if err != nil {
		return Answer{}, err
	}
	opts := finder.SearchOptions{Kinds: p.Kinds(), In: p.In, Tags: p.Tags, Limit: p.Limit, Offset: (p.Page - 1) * p.Limit}
	var r search.Answer
	if p.Q != "" {
		r = s.seek().Find(p.Q, opts)
		if p.Page == 1 {
			narrowed := p.In != "" || len(p.Tags) > 0 || p.Kind != ""
			s.Counts.Searched(p.Q, len(r.Cards) > 0 || r.At != nil || r.Empty != nil || narrowed)
		}
	}
	if q.Form != "" {
		a, err := dataAnswer(outward.SearchOf(r, s.URL, s.Gazetteer.NameOf), true)
		a.Once = true
		return a, err
	}
	b, err := s.base(ctx, q, say.T(ctx, "Search"), say.T(ctx, "Search places, destinations and themes."))
	if err != nil {
		return Answer{}, err
	}
	if p.Q != "" {
		b.Title = say.T(ctx, "%s: search", p.Q)
	}
	b.NoIndex, b.Finds = true, true
	b.Canonical = s.absolute(address("/search", p.Values().Encode()))
	v := view.SearchPage{Base: b, Asked: p.Q, Read: r.Suggestion, Popular: popularLinks(s.popular(ctx))}
	var shown []*place.Place
	switch {
	case p.Q == "":
	case len(r.Cards) == 0:
		s.nothingFound(ctx, p, r.Suggestion, &v)
	case r.Empty != nil && r.Rest == "" && len(r.Cards) == len(r.World): // the notice says it all
	default:
		if shown, err = s.searchResults(ctx, p, r, &v); err != nil {
			return Answer{}, err
		}
	}
	near, err := s.searchPlace(ctx, p, r, &v)
	if err != nil {
		return Answer{}, err
	}
	shown = append(shown, near...)
	a, err := s.render(ctx, view.Search(v))
	// What strangers type is not kept: it would crowd out the pages.
	a.Shows, a.Whole, a.NoIndex, a.Once = refs(shown...), true, true, p.Q != ""
	return a, err
}

// searchResults fills the groups.
func (s *Site) searchResults(ctx context.Context, p query.Search, r search.Answer, v *view.SearchPage) ([]*place.Place, error) {
	total := 0
	for _, n := range r.Counts {
		total += n
	}
	v.Line = s.foundLine(ctx, p, r, total)
	v.Kinds = kindChips(ctx, p, r, total)
	v.On = s.searchConditions(ctx, p)
	var ids []int64
	for _, c := range r.Cards {
		if isPlace(c.Kind) {
			ids = append(ids, c.ID)
		}
	}
	places, err := s.Places.Cards(ctx, ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]*place.Place, len(places))
	for _, pl := range places {
		byID[pl.ID] = pl
	}
	groups := map[string]int{}
	for _, c := range r.Cards {
		kind := c.Kind
		if kind == finder.Eatery && p.Kind != "eatery" {
			kind = finder.Place
		}
		id := kind.String()
		at, there := groups[id]
		if !there {
			at = len(v.Groups)
			groups[id] = at
			v.Groups = append(v.Groups, view.SearchGroup{ID: id, Title: say.T(ctx, kindWords[kind])})
		}
		g := &v.Groups[at]
		if p.Kind == "" && len(g.Cards)+len(g.Rows) >= groupShown {
			more := p
			more.Kind, more.Page = id, 1
			g.More = &ui.Link{Text: say.T(ctx, "All of these"), Path: address("/search", more.Values().Encode())}
			continue
		}
		if isPlace(c.Kind) {
			if pl := byID[c.ID]; pl != nil { // the row decides
				card := s.card(ctx, pl)
				if c.Alias != "" && c.Alias != pl.Title {
					card.Hook = strings.TrimSpace(say.T(ctx, "Also called %s.", c.Alias) + " " + card.Hook)
				}
				g.Cards = append(g.Cards, card)
			}
			continue
		}
		_, path := outward.Name(c)
		if w, ok := r.World[c.Slug]; ok && c.Kind == finder.Destination {
			path = outward.WayTo(c.Slug, w)
		}
		note := c.Subtitle
		if c.Alias != "" {
			note = c.Alias
		}
		g.Rows = append(g.Rows, ui.Row{Path: path, Title: c.Title, Hook: note})
	}
	v.Groups = filled(v.Groups)
	in := p.In
	if in == "" && !r.Elsewhere {
		in = r.In
	}
	listed := query.Places{Q: restOf(p, r), In: in, Tags: p.Tags}
	v.Map = &ui.Link{Text: say.T(ctx, "See them on the map"), Path: address("/map", listed.Encode())}
	v.Take = s.takeOf("/places", listed, s.Finder.Count(listed.Filter()))
	if r.At != nil {
		v.Map.Path = "/map?lat=" + number(r.At.Lat) + "&lon=" + number(r.At.Lon) + "&z=12"
		v.Take = nil // Near me offers those around a point
	}
	s.searchPages(ctx, p, len(r.Cards), total, v)
	return places, s.searchTags(ctx, p, r, v)
}

func isPlace(k finder.Kind) bool { return k == finder.Place || k == finder.Eatery }

// filled leaves out groups whose rows have all been withdrawn meanwhile.
func filled(groups []view.SearchGroup) []view.SearchGroup {
	out := groups[:0]
	for _, g := range groups {
		if len(g.Cards)+len(g.Rows) > 0 {
			out = append(out, g)
		}
	}
	return out
}

// restOf are the words that are no destination.
func restOf(p query.Search, r search.Answer) string {
	if r.Rest != "" {
		return r.Rest
	}
	return p.Q
}

// foundLine says what was found: 14 for “skulls”, in Prague.
func (s *Site) foundLine(ctx context.Context, p query.Search, r search.Answer, total int) string {
	n := say.Number(ctx, total)
	if total >= finder.CountLimit {
		n = say.T(ctx, "More than %s", say.Number(ctx, finder.CountLimit))
	}
	in := p.In
	words := p.Q
	if in == "" && r.Rest != "" {
		in, words = r.In, r.Rest
	}
	if r.At != nil {
		return say.T(ctx, "The nearest to %s", geo.FormatDecimal(*r.At))
	}
	if node, ok := s.node(in); ok && r.Elsewhere && s.Finder.CountIn(in) > 0 {
		return say.T(ctx, "%s, and “%s” elsewhere", node.Name, words)
	}
	if r.Elsewhere {
		return say.T(ctx, "“%s” elsewhere", words)
	}
	if node, ok := s.node(in); ok && in != "" {
		return say.T(ctx, "%s for “%s”, in %s first", n, words, node.Name)
	}
	return say.T(ctx, "%s for “%s”", n, words)
}

// kindChips are the kinds that were found, with their counts.
func kindChips(ctx context.Context, p query.Search, r search.Answer, total int) []ui.Chip {
	chip := func(text, kind string, n int) ui.Chip {
		to := p
		to.Kind, to.Page = kind, 1
		return ui.Chip{Text: text, Path: address("/search", to.Values().Encode()), Count: &n, Current: p.Kind == kind}
	}
	if p.Kind != "" {
		all := chip(say.T(ctx, "All"), "", 0)
		all.Count = nil
		return []ui.Chip{all, chip(say.T(ctx, kindWord(p.Kind)), p.Kind, total)}
	}
	out := []ui.Chip{chip(say.T(ctx, "All"), "", total)}
	for k, n := range r.Counts {
		kind := finder.Kind(k)
		switch {
		case kind == finder.Place:
			if n += r.Counts[finder.Eatery]; n > 0 {
				out = append(out, chip(say.T(ctx, "Places"), "place", n))
			}
		case n > 0:
			out = append(out, chip(say.T(ctx, kindWords[kind]), kind.String(), n))
		}
	}
	return out
}

func kindWord(name string) string {
	for k, w := range kindWords {
		if k.String() == name {
			return w
		}
	}
	return name
}

func (s *Site) searchConditions(ctx context.Context, p query.Search) []ui.Chip {
	var out []ui.Chip
	if p.In != "" {
		name := p.In
		if n, ok := s.node(p.In); ok {
			name = n.Name
		}
		w := p
		w.In, w.Page = "", 1
		out = append(out, ui.Chip{Text: say.T(ctx, "in %s", name), Path: address("/search", w.Values().Encode()), Current: true, Remove: true})
	}
	for _, t := range p.Tags {
		w := p
		w.Page = 1
		w.Tags = nil
		for _, o := range p.Tags {
			if o != t {
				w.Tags = append(w.Tags, o)
			}
		}
		out = append(out, ui.Chip{Text: t, Path: address("/search", w.Values().Encode()), Current: true, Remove: true})
	}
	return out
}

// searchPages moves through the results.
func (s *Site) searchPages(ctx context.Context, p query.Search, shown, total int, v *view.SearchPage) {
	if total <= shown && p.Page == 1 {
		return
	}
	first := (p.Page-1)*p.Limit + 1
	v.Pager = ui.Pager{Text: say.T(ctx, "%d–%d of %s", first, first+shown-1, say.Number(ctx, total)), More: say.T(ctx, "More results")}
	to := p
	if p.Page > 1 {
		to.Page = p.Page - 1
		v.Pager.Prev = address("/search", to.Values().Encode())
	}
	if first+shown-1 < total && p.Page < query.MaxPage {
		to.Page = p.Page + 1
		v.Pager.Next = address("/search", to.Values().Encode())
	}
}

// searchTags offers the themes by which the results could be narrowed.
func (s *Site) searchTags(ctx context.Context, p query.Search, r search.Answer, v *view.SearchPage) error {
	if r.At != nil {
		return nil
	}
	in := p.In
	if in == "" && r.Rest != "" && !r.Elsewhere {
		in = r.In
	}
	facets := s.Finder.Facets(finder.Filter{Kinds: []finder.Kind{finder.Place, finder.Eatery}, In: in, Tags: p.Tags, Text: restOf(p, r)})
	names, err := s.tagNames(ctx, nil, facets.Tags, 10)
	if err != nil {
		return err
	}
	for _, t := range names {
		if contains(p.Tags, t.Value) {
			continue
		}
		to := p
		to.Page, to.Tags = 1, appendOnce(p.Tags, t.Value)
		v.Tags = append(v.Tags, ui.Chip{Text: t.Text, Count: t.Count, Path: address("/search", to.Values().Encode())})
	}
	return nil
}

// nothingFound says so, and gives ways on: the nearest spellings, what is near,
// a random place.
func (s *Site) nothingFound(ctx context.Context, p query.Search, meant string, v *view.SearchPage) {
	v.Read = ""
	v.Nothing = &ui.Empty{
		Title: say.T(ctx, "Nothing here called “%s”", p.Q),
		Text:  say.T(ctx, "Place names may be written in any language."),
		Ways: []ui.Link{
			{Text: say.T(ctx, "Near me"), Path: "/near", Icon: "locate-fixed"},
			{Text: say.T(ctx, "A random place"), Path: "/random", Icon: "dices"},
			{Text: say.T(ctx, "Add it yourself"), Path: "/places/new", Icon: "plus"},
		},
		Picture: openSea(),
	}
	if p.In != "" || len(p.Tags) > 0 || p.Kind != "" {
		v.Nothing.Text = say.T(ctx, "Nothing under these conditions. Without them there may be something.")
		v.Nothing.Ways[0] = ui.Link{Text: say.T(ctx, "Search everything"), Path: address("/search", query.Search{Q: p.Q}.Values().Encode())}
	}
	if meant != "" {
		v.Meant = append(v.Meant, ui.Link{Text: meant, Path: address("/search", query.Search{Q: meant}.Values().Encode())})
	}
	for _, c := range s.nearestNames(p.Q) {
		_, path := outward.Name(c)
		v.Meant = append(v.Meant, ui.Link{Text: c.Title, Path: path})
	}
	// The world may have the name that was meant, though the atlas has not.
	for _, m := range s.Gazetteer.Search(p.Q, 1) {
		if len(v.Meant) < meantShown {
			v.Meant = append(v.Meant, ui.Link{Text: say.T(ctx, "near %s", s.townName(m)), Path: nearAddress(query.Near{}, labelPoint(m.Node))})
		}
	}
}

// meantShown is how many spellings are offered.
const meantShown = 3

// nearestNames are the things whose names are spelt most like the query: of the
// whole, and of its words one by one.
func (s *Site) nearestNames(q string) []finder.Card {
	var out []finder.Card
	seen := map[finder.Ref]bool{}
	words := strings.Fields(q)
	tries := []string{q}
	if len(words) > 1 {
		tries = append(tries, words...)
	}
	for _, try := range tries[:min(len(tries), 6)] {
		r := s.Finder.Suggest(try, nil, meantShown)
		for _, c := range r.Cards {
			if !seen[c.Ref] && len(out) < meantShown {
				seen[c.Ref] = true
				out = append(out, c)
			}
		}
	}
	return out
}

// seek is the search of everything.
func (s *Site) seek() *search.Search {
	return &search.Search{Finder: s.Finder, Gazetteer: s.Gazetteer}
}

// searchPlace says of the place that a query names what the results cannot:
// that nothing there is written down yet, or has the other words; or which
// point it is.
func (s *Site) searchPlace(ctx context.Context, p query.Search, r search.Answer, v *view.SearchPage) ([]*place.Place, error) {
	switch {
	case r.At != nil:
		v.Place = &view.SearchPlace{Title: geo.FormatDecimal(*r.At), Text: say.T(ctx, "In %s.", s.whereIs(*r.At)),
			Ways: []ui.Link{{Text: say.T(ctx, "All that is near"), Path: nearAddress(query.Near{}, *r.At), Icon: "locate-fixed"}}}
		if w := s.Gazetteer.Locate(r.At.Lat, r.At.Lon); w.City == nil && w.Region == nil {
			v.Place.Text = ""
		}
		return nil, nil
	case r.Empty != nil:
		n := r.Empty
		v.Place = &view.SearchPlace{Title: say.T(ctx, "Nothing in %s is written down yet", n.Name), Ways: []ui.Link{
			{Text: say.T(ctx, "Near %s", n.Name), Path: nearAddress(query.Near{}, labelPoint(*n)), Icon: "locate-fixed"},
			{Text: say.T(ctx, "The guide to %s", n.Name), Path: destination.Href(n.Path)},
			{Text: say.T(ctx, "Add a place"), Path: "/places/new", Icon: "plus"}}}
		if r.Elsewhere && len(r.Cards) > 0 {
			v.Place.Text = say.T(ctx, "Below is “%s” elsewhere.", r.Rest)
		}
		near := r.Near
		if len(v.Groups) > 0 { // what was found is not to be pushed out of sight
			near = near[:min(len(near), 3)]
		}
		f, err := s.look(ctx, near)
		if err != nil {
			return nil, err
		}
		v.Place.NearTitle, v.Place.Near = say.T(ctx, "Nearest to %s", n.Name), s.rows(f.places, f.metres)
		return f.places, nil
	case r.Elsewhere:
		name := s.Gazetteer.NameOf(r.In)
		v.Place = &view.SearchPlace{Title: say.T(ctx, "Nothing in %s is found for “%s”", name, r.Rest),
			Text: say.T(ctx, "Below is what else is there, and where else it is found."),
			Ways: []ui.Link{{Text: say.T(ctx, "The guide to %s", name), Path: destination.Href(r.In)}}}
		return s.nearestElsewhere(ctx, p, r, v.Place)
	}
	return nil, nil
}

// nearestElsewhere fills what a city does not have and is near it: who looks for
// skulls in Prague goes an hour by train for them, and not to Paris.
func (s *Site) nearestElsewhere(ctx context.Context, p query.Search, r search.Answer, v *view.SearchPlace) ([]*place.Place, error) {
	node, ok := s.node(r.In)
	if !ok || node.Level != gazetteer.City || r.Rest == "" {
		return nil, nil
	}
	at := labelPoint(*node)
	page, err := s.Finder.List(finder.Filter{Kinds: []finder.Kind{finder.Place, finder.Eatery}, Tags: p.Tags, Near: &at, Radius: elsewhereRadius, Text: r.Rest}, finder.Near, elsewhereNear, "")
	if err != nil || len(page.Hits) == 0 {
		return nil, err
	}
	f, err := s.look(ctx, page.Hits)
	if err != nil {
		return nil, err
	}
	v.NearTitle, v.Near = say.T(ctx, "“%s” nearest to %s", r.Rest, node.Name), s.rows(f.places, f.metres)
	return f.places, nil
}

// How far from a city, in metres, something still counts as near it, and how much
// of that is shown.
const (
	elsewhereRadius = 150_000
	elsewhereNear   = 3
)

func popularLinks(names []ui.Name) []ui.Link {
	out := make([]ui.Link, len(names))
	for i, n := range names {
		out[i] = ui.Link{Text: n.Text, Path: n.Path}
	}
	return out
}
