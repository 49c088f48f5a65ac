package web

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"mirabilia/internal/finder"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/geo"
	"mirabilia/internal/query"
	"mirabilia/internal/setting"
	"mirabilia/internal/text"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// spot is a point that words named, and what it is called.
type spot struct {
	name string
	at   geo.Public
	// guessed says that it is not called what was typed, only nearly so.
	guessed bool
}

// spotsOffered is how many points are offered when words name several.
const spotsOffered = 8

// wordLike is how similar two words are, of 1, that may be one misspelt.
const wordLike = 0.7

// nearPage is what lies around a point: the browser's own, or one that was
// typed as a city, coordinates, a place of this atlas or an address.
func (s *Site) nearPage(ctx context.Context, q Public) (Answer, error) {
	n, err := query.ParseNear(q.Query)
	if err != nil {
		return Answer{}, err
	}
	b, err := s.base(ctx, q, say.T(ctx, "Near me"), say.T(ctx, "Remarkable places around you, a city or a point, nearest first."))
	if err != nil {
		return Answer{}, err
	}
	unit := n.Unit
	if unit == "" {
		unit = b.Site.Unit
	}
	frame := *b.Site // its bar and footer show no distances
	frame.Unit = unit
	b.Site = &frame
	v := view.NearPage{Base: b, Asked: n.Q}
	at := n.At
	if at != nil {
		v.Where = s.whereIs(*at)
	} else if n.Q != "" {
		spots, unasked := s.spots(ctx, n.Q)
		if len(spots) == 0 {
			v.Nothing = unknownSpot(ctx, n.Q, unasked)
		} else {
			at, v.Where = &spots[0].at, spots[0].name
			if spots[0].guessed {
				v.Read = spots[0].name
			}
		}
		for _, other := range spots[min(1, len(spots)):] {
			v.Choices = append(v.Choices, ui.Link{Text: other.name, Path: nearAddress(n, other.at)})
		}
	}
	v.Form = nearForm(ctx, n, unit)
	a := Answer{}
	if at != nil {
		v.NoIndex = true
		v.Title = say.T(ctx, "Near %s", v.Where)
		if a, err = s.fillNear(ctx, n, q.Been, *at, unit, &v); err != nil {
			return Answer{}, err
		}
	}
	shows := a.Shows
	v.Along = s.alongFrom(ctx, n.Q, at)
	a, err = s.render(ctx, view.Near(v))
	// A reader's position is not kept on the server, not even as a key.
	a.Shows, a.Whole, a.NoIndex, a.Once = shows, true, v.NoIndex, at != nil || n.Q != ""
	return a, err
}

// fillNear fills the list and the map around a point.
func (s *Site) fillNear(ctx context.Context, n query.Near, been []int64, at geo.Public, unit string, v *view.NearPage) (Answer, error) {
	p := query.Places{Near: &at, Radius: n.Metres(unit) / 1000, Kind: n.Kind, Limit: n.Limit, Cursor: n.Cursor, Unvisited: n.Unvisited, Without: been}
	page, err := s.Finder.List(p.Filter(), finder.Near, p.Limit, p.Cursor)
	if err != nil {
		return Answer{}, err
	}
	f, err := s.look(ctx, page.Hits)
	if err != nil {
		return Answer{}, err
	}
	v.Rows, v.Total = s.cardsWith(ctx, f), page.Total
	if page.Total == 0 {
		v.Nothing = &ui.Empty{
			Title: say.T(ctx, "Nothing is written down within this radius."), Text: say.T(ctx, "Widen it, or be the first."),
			Ways: []ui.Link{{Text: say.T(ctx, "Without a radius"), Path: nearAddress(query.Near{Unit: n.Unit}, at)}, {Text: say.T(ctx, "Add a place"), Path: "/places/new", Icon: "plus"}},
		}
	}
	v.Pager = ui.Pager{Text: say.T(ctx, "%s of %s", say.Number(ctx, len(f.places)), say.Number(ctx, page.Total)), More: say.T(ctx, "Farther places")}
	if page.Next != "" {
		to := n
		to.Cursor = page.Next
		v.Pager.Next = nearAddress(to, at)
	}
	if n.Cursor != "" {
		to := n
		to.Cursor = ""
		v.Pager.Prev = nearAddress(to, at)
	}
	v.Map = s.pointMap(ctx, at, page.Hits)
	if v.Map != nil && n.Unvisited {
		v.Map.Query = query.Places{Unvisited: true, Limit: query.DefaultLimit}.Encode()
	}
	if s.Marks != nil {
		all, left := n, n
		all.Unvisited, left.Unvisited, all.Cursor, left.Cursor = false, true, "", ""
		v.Which = []ui.Chip{{Text: say.T(ctx, "All of them"), Path: nearAddress(all, at), Current: !n.Unvisited}, {Text: say.T(ctx, "Where I have not been"), Path: nearAddress(left, at), Current: n.Unvisited}}
	}
	v.Forms, v.Take = otherForms("/places", p.After("").Encode()), s.takeOf("/places", p, page.Total)
	return Answer{Shows: refs(f.places...)}, nil
}

// nearAddress is the address of the list around a point.
func nearAddress(n query.Near, at geo.Public) string {
	s := "/near?lat=" + number(at.Lat) + "&lon=" + number(at.Lon)
	if n.Radius > 0 {
		s += "&radius=" + strconv.FormatFloat(n.Radius, 'f', -1, 64)
	}
	if n.Unit != "" {
		s += "&unit=" + n.Unit
	}
	if n.Kind != "" {
		s += "&kind=" + n.Kind
	}
	if n.Unvisited {
		s += "&unvisited=yes"
	}
	if n.Limit != query.DefaultLimit && n.Limit > 0 {
		s += "&limit=" + itoa(n.Limit)
	}
	if n.Cursor != "" {
		s += "&cursor=" + n.Cursor
	}
	return s
}

// whereIs names a point: the city it is in, or its coordinates.
func (s *Site) whereIs(at geo.Public) string {
	w := s.Gazetteer.Locate(at.Lat, at.Lon)
	switch {
	case w.City != nil:
		return w.City.Name
	case w.Region != nil:
		return w.Region.Name
	}
	return geo.FormatDecimal(at)
}

// spots are the points that words may name, the likeliest first: coordinates
// are certain; then what is called exactly so, a city before a place; then
// street addresses where the operator has named a geocoder; then what is nearly
// called so. unasked says that the geocoder should have been asked and did not
// answer, so that they may name an address all the same.
func (s *Site) spots(ctx context.Context, words string) (out []spot, unasked bool) {
	if at, ok := s.seek().Position(words); ok {
		return []spot{{name: geo.FormatDecimal(at), at: at}}, false
	}
	cities, cityIs := s.citySpots(words)
	places, placeIs := s.placeSpots(ctx, words)
	var streets []spot
	if s.Geocoder != nil && !cityIs && !placeIs {
		found, err := s.Geocoder.Find(ctx, words, spotsOffered/2)
		if err != nil {
			s.log.WarnContext(ctx, "the geocoder did not answer", "error", err)
			unasked = true
		}
		for _, a := range found {
			streets = append(streets, spot{name: a.Name, at: geo.Public{Lat: a.Lat, Lon: a.Lon}})
		}
	}
	order := [][]spot{streets, cities, places}
	if placeIs && !cityIs {
		order = [][]spot{places, cities}
	}
	for _, list := range order {
		out = append(out, list...)
	}
	return out[:min(len(out), spotsOffered)], unasked
}

// citySpots are the cities and regions that the gazetteer knows by a name;
// exact says that the first is called so.
func (s *Site) citySpots(words string) (out []spot, exact bool) {
	for i, m := range s.Gazetteer.Search(words, spotsOffered/2) {
		is := text.Fold(m.Matched) == text.Fold(words)
		if i == 0 {
			exact = is
		}
		// "frankfurt" for Frankfurt am Main and "paris, texas" are no guesses.
		out = append(out, spot{s.townName(m), labelPoint(m.Node), m.Score < gazetteer.SureScore})
	}
	return out, exact
}

// townName is the name of a city or region with that of the country or region
// it is in.
func (s *Site) townName(m gazetteer.Match) string {
	above := s.Gazetteer.Ancestors(m.Path)
	if m.Level != gazetteer.Section && len(above) > 0 {
		above = above[:len(above)-1]
	}
	if len(above) == 0 {
		return m.Name
	}
	return m.Name + ", " + above[len(above)-1].Name
}

// placeSpots are the places of the atlas that are called so and whose position
// may be told; exact says that the first is called just so.
func (s *Site) placeSpots(ctx context.Context, words string) (out []spot, exact bool) {
	r := s.Finder.Suggest(words, []finder.Kind{finder.Place, finder.Eatery}, spotsOffered/2)
	ids := make([]int64, len(r.Cards))
	names := map[int64]string{}
	for i, c := range r.Cards {
		ids[i] = c.ID
		names[c.ID] = c.Alias
	}
	places, err := s.Places.Cards(ctx, ids)
	if err != nil {
		s.log.WarnContext(ctx, "places by name", "error", err)
		return nil, false
	}
	want := text.Fold(words)
	for _, p := range places {
		if p.At == nil || !calledLike(words, p.Title, names[p.ID]) {
			continue
		}
		if len(out) == 0 {
			exact = text.Fold(p.Title) == want || text.Fold(names[p.ID]) == want
		}
		out = append(out, spot{p.Title, *p.At, text.Fold(p.Title) != want && text.Fold(names[p.ID]) != want})
	}
	return out, exact
}

// calledLike says whether half of the words or more are in one of the names,
// begun or nearly so. Suggestions also hold places whose texts alone have a
// word like one of them, and nobody means such a place as a position.
func calledLike(words string, names ...string) bool {
	asked := text.Words(words)
	for _, name := range names {
		has, in := text.Words(name), 0
		for _, w := range asked {
			if slices.ContainsFunc(has, func(h string) bool { return strings.HasPrefix(h, w) || text.Similarity(h, w) >= wordLike }) {
				in++
			}
		}
		if in > 0 && 2*in >= len(asked) {
			return true
		}
	}
	return false
}

func unknownSpot(ctx context.Context, words string, unasked bool) *ui.Empty {
	e := &ui.Empty{
		Title: say.T(ctx, "Nowhere known as “%s”", words),
		Text:  say.T(ctx, "Try the nearest town, or coordinates such as 19.3577, -99.1596."),
		Ways: []ui.Link{
			{Text: say.T(ctx, "Search the places instead"), Path: address("/search", query.Search{Q: words}.Values().Encode())},
			{Text: say.T(ctx, "Choose on the map"), Path: "/map", Icon: "map"},
		},
		Picture: openSea(),
	}
	if unasked {
		e.Title = say.T(ctx, "Addresses cannot be looked up just now")
		e.Text = say.T(ctx, "“%s” is no town or place that this atlas knows by itself. Try again later, or the nearest town, or coordinates such as 19.3577, -99.1596.", words)
	}
	return e
}

// radii are what the form offers, in the reader's unit.
var radii = []int{1, 5, 10, 25, 50, 100, 250, 1000}

// nearForm is the form of Near me as it was filled in.
func nearForm(ctx context.Context, n query.Near, unit string) view.NearForm {
	f := view.NearForm{
		Query:  ui.Field{ID: "near-q", Name: "q", Label: say.T(ctx, "Around"), Type: "search", Value: n.Q, Placeholder: say.T(ctx, "A city, a place, an address, coordinates"), Autocomplete: "off"},
		Radius: ui.Field{ID: "near-radius", Name: "radius", Label: say.T(ctx, "Within")},
		Unit:   ui.Field{ID: "near-unit", Name: "unit", Label: say.T(ctx, "Measured in")},
	}
	if n.At != nil {
		f.Lat, f.Lon = number(n.At.Lat), number(n.At.Lon)
	}
	any := ui.Option{Value: "", Text: say.T(ctx, "any distance"), Selected: n.Radius == 0}
	f.Radius.Options = append(f.Radius.Options, any)
	listed := n.Radius == 0
	for _, r := range radii {
		is := float64(r) == n.Radius
		listed = listed || is
		f.Radius.Options = append(f.Radius.Options, ui.Option{Value: itoa(r), Text: itoa(r) + " " + unit, Selected: is})
	}
	if !listed {
		own := strconv.FormatFloat(n.Radius, 'f', -1, 64)
		f.Radius.Options = append(f.Radius.Options, ui.Option{Value: own, Text: own + " " + unit, Selected: true})
	}
	f.Unit.Options = []ui.Option{
		{Value: setting.Kilometres, Text: say.T(ctx, "Kilometres"), Selected: unit == setting.Kilometres},
		{Value: setting.Miles, Text: say.T(ctx, "Miles"), Selected: unit == setting.Miles},
	}
	return f
}

// alongFrom leads to the page Along the way, which begins at the point.
func (s *Site) alongFrom(ctx context.Context, words string, at *geo.Public) ui.Link {
	l := ui.Link{Text: say.T(ctx, "Along the way"), Path: "/along", Icon: "route"}
	if words == "" && at != nil {
		words = number(at.Lat) + ", " + number(at.Lon)
	}
	if words != "" {
		l.Text, l.Path = say.T(ctx, "Along the way from here"), address("/along", query.Along{Stops: []string{words}}.Encode())
	}
	return l
}
