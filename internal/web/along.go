package web

import (
	"context"
	"errors"
	"strings"

	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/outward"
	"mirabilia/internal/query"
	"mirabilia/internal/web/pack"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// alongForms are the other forms of a corridor.
var alongForms = []string{".json", ".geojson", ".csv", ".gpx", ".kml", formPack, formZIP}

// alongPage is what lies beside a way, in the order one passes it: the way is
// typed as stops, or stands as a line in the address.
func (s *Site) alongPage(ctx context.Context, q Public) (Answer, error) {
	a, err := query.ParseAlong(q.Query)
	if err != nil {
		return Answer{}, err
	}
	a.Places.Without = q.Been
	if q.Form != "" {
		return s.alongForm(ctx, q, a)
	}
	title := say.T(ctx, "Along the way")
	if len(a.Stops) > 1 {
		title = say.T(ctx, "Along the way: %s", a.Title())
	}
	b, err := s.base(ctx, q, title, say.T(ctx, "Remarkable places beside your way, in the order you pass them: by stops, or by a line of your own."))
	if err != nil {
		return Answer{}, err
	}
	v := view.AlongPage{Base: b, Demo: s.demoWays(), Form: s.alongFields(ctx, a, nil)}
	answer := Answer{}
	if a.Given() {
		v.NoIndex = true
		w, err := s.wayOf(ctx, a)
		var e *errs.Error
		switch {
		case errors.As(err, &e) && e.Code == errs.Invalid && a.Line == "":
			v.Form = s.alongFields(ctx, a, e)
			s.markStops(ctx, &v.Form, w, e)
		case err != nil:
			return Answer{}, err
		default:
			if answer, err = s.fillAlong(ctx, a, w, &v); err != nil {
				return Answer{}, err
			}
		}
	}
	shows := answer.Shows
	answer, err = s.render(ctx, view.Along(v))
	// Where somebody goes is not kept on the server, not even as a key.
	answer.Shows, answer.Whole, answer.NoIndex, answer.Once = shows, true, v.NoIndex, a.Given()
	return answer, err
}

// fillAlong fills the list and the map beside a way.
func (s *Site) fillAlong(ctx context.Context, a query.Along, w *way, v *view.AlongPage) (Answer, error) {
	page, err := s.Finder.Along(w.route, a.Within*1000, a.Places.Filter(), a.Places.Limit, a.Places.Cursor)
	if err != nil {
		return Answer{}, err
	}
	f, err := s.look(ctx, page.Hits)
	if err != nil {
		return Answer{}, err
	}
	v.Found, v.Total, v.Length, v.Within = true, page.Total, w.route.Metres(), a.Within*1000
	v.Notes, v.Choices = wayNotes(ctx, a, w), wayChoices(ctx, a, w)
	v.Items = s.alongItems(ctx, a, w, page, f)
	if page.Total == 0 {
		v.Nothing = &ui.Empty{
			Title: say.T(ctx, "Nothing is written down this close to the way."), Text: say.T(ctx, "Widen the corridor, or take a condition away."),
			Ways: []ui.Link{{Text: say.T(ctx, "Three times as wide"), Path: address("/along", a.Wide(min(3*a.Within, query.MaxWithin)).Encode())}, {Text: say.T(ctx, "Add a place"), Path: "/places/new", Icon: "plus"}},
		}
	}
	v.Pager = ui.Pager{Text: say.T(ctx, "%s of %s", say.Number(ctx, len(f.places)), say.Number(ctx, page.Total)), More: say.T(ctx, "Farther along")}
	if page.Next != "" {
		v.Pager.Next = address("/along", a.After(page.Next).Encode())
	}
	if a.Places.Cursor != "" {
		v.Pager.Prev = address("/along", a.After("").Encode())
	}
	for _, l := range otherForms("/along", a.After("").Encode()) {
		for _, form := range alongForms {
			if strings.HasPrefix(l.Path, "/along"+form+"?") {
				v.Forms = append(v.Forms, l)
			}
		}
	}
	v.Take = s.take("/along", a.After("").Encode(), page.Total)
	facets := s.Finder.Facets(a.Places.Filter())
	names, err := s.tagNames(ctx, a.Places.Tags, facets.Tags, 12)
	if err != nil {
		return Answer{}, err
	}
	v.On, v.Filters = s.alongFilters(ctx, a, facets, names)
	v.Map = s.alongMap(ctx, a, w, f)
	return Answer{Shows: refs(f.places...)}, nil
}

// alongItems hangs places and stops on the way, each where it is passed.
func (s *Site) alongItems(ctx context.Context, a query.Along, w *way, page finder.Page, f found) []view.AlongItem {
	along := map[int64]float64{}
	for _, h := range page.Hits {
		along[h.ID] = h.Along
	}
	var out []view.AlongItem
	next := 0
	stopsUpTo := func(metres float64) {
		for ; next < len(w.stops) && w.stops[next].along <= metres; next++ {
			out = append(out, view.AlongItem{Along: w.stops[next].along, Stop: w.stops[next].name})
		}
	}
	if a.Places.Cursor != "" { // those before stand on the page before
		for len(f.places) > 0 && next < len(w.stops) && w.stops[next].along < along[f.places[0].ID] {
			next++
		}
	}
	cards := s.cardsWith(ctx, f)
	for i, p := range f.places {
		m := along[p.ID]
		stopsUpTo(m)
		out = append(out, view.AlongItem{Along: m, Card: &cards[i]})
	}
	if page.Next == "" {
		stopsUpTo(w.route.Metres() + 1)
	}
	return out
}

// wayNotes say how the way was made of what was given.
func wayNotes(ctx context.Context, a query.Along, w *way) []ui.Banner {
	switch {
	case a.Line != "" && a.Off > 0:
		return []ui.Banner{{Tone: "info", Statement: say.T(ctx, "Your line was simplified so that it fits into the address of this page."), Rest: say.T(ctx, "It is nowhere farther than %s m from the one you gave.", say.Number(ctx, a.Off))}}
	case a.Line != "":
		return nil
	case w.road:
		return []ui.Banner{{Tone: "info", Statement: say.T(ctx, "The way follows roads, as the routing service of this atlas knows them.")}}
	case w.roadless:
		return []ui.Banner{{Tone: "info", Statement: say.T(ctx, "No road leads from stop to stop, as far as the routing service of this atlas knows."), Rest: say.T(ctx, "Between the stops runs the straight line.")}}
	case w.failed:
		return []ui.Banner{{Tone: "warn", Statement: say.T(ctx, "The roads could not be found just now."), Rest: say.T(ctx, "Between the stops runs the straight line; try again later for the roads.")}}
	}
	return []ui.Banner{{Tone: "info", Statement: say.T(ctx, "Between the stops runs the straight line, not the road."), Rest: say.T(ctx, "Widen the corridor for a winding road, or give a GPX file of the way you take.")}}
}

// wayChoices are what the words of a stop could also name.
func wayChoices(ctx context.Context, a query.Along, w *way) []view.AlongChoice {
	var out []view.AlongChoice
	for i, st := range w.stops {
		if len(st.others) == 0 {
			continue
		}
		c := view.AlongChoice{Text: say.T(ctx, "“%s” was taken for %s. Others:", st.words, st.name)}
		for _, o := range st.others {
			c.Links = append(c.Links, ui.Link{Text: o.name, Path: address("/along", a.Instead(i, number(o.at.Lat)+", "+number(o.at.Lon)).Encode())})
		}
		out = append(out, c)
	}
	return out
}

// demoWays are ways ready to try.
func (s *Site) demoWays() []ui.Link {
	var out []ui.Link
	for _, r := range s.Ways {
		out = append(out, ui.Link{Text: r.Name, Path: address("/along", query.Along{Stops: r.Stops, Within: 30}.Encode()), Icon: "route"})
	}
	return out
}

// alongForm gives the places beside a way in another form.
func (s *Site) alongForm(ctx context.Context, q Public, a query.Along) (Answer, error) {
	if !a.Given() {
		return Answer{}, errs.InField("stop", "%s", say.T(ctx, "Say where the way begins and ends: stop=Paris&stop=Lyon."))
	}
	w, err := s.wayOf(ctx, a)
	if err != nil {
		return Answer{}, err
	}
	if takes(q.Form) {
		return s.alongTaken(ctx, q, a, w)
	}
	select {
	case s.costly <- struct{}{}:
		defer func() { <-s.costly }()
	case <-ctx.Done():
		return Answer{}, errs.New(errs.Unavailable, "Too much is asked for at once. Try again.")
	}
	size := fileMost
	if q.Form == ".json" || q.Query.Get("limit") != "" {
		size = a.Places.Limit
	}
	page, err := s.Finder.Along(w.route, a.Within*1000, a.Places.Filter(), size, a.Places.Cursor)
	if err != nil {
		return Answer{}, err
	}
	ids := make([]int64, len(page.Hits))
	for i, h := range page.Hits {
		ids[i] = h.ID
	}
	places, err := s.wholeInParts(ctx, ids)
	if err != nil {
		return Answer{}, err
	}
	var out Answer
	if q.Form == ".json" {
		out, err = dataAnswer(outward.AlongOf(page, places, s.URL), true)
	} else {
		out, err = s.fileOf(ctx, q.Form, wayTitle(ctx, a), places, besideWay(w))
	}
	out.Shows, out.Whole, out.Once = refs(places...), true, true
	if err == nil && page.Next != "" {
		out.Link = "<" + s.absolute(address("/along"+q.Form, a.After(page.Next).Encode())) + `>; rel="next"`
	}
	return out, err
}

// wayTitle names a way by its stops.
func wayTitle(ctx context.Context, a query.Along) string {
	if len(a.Stops) == 0 {
		return say.T(ctx, "Along the way")
	}
	return a.Title()
}

// alongTaken gives the places beside a way to be taken along.
func (s *Site) alongTaken(ctx context.Context, q Public, a query.Along, w *way) (Answer, error) {
	size := pack.Most
	if q.Query.Get("limit") != "" {
		size = a.Places.Limit
	}
	page, err := s.Finder.Along(w.route, a.Within*1000, a.Places.Filter(), size, a.Places.Cursor)
	if err != nil {
		return Answer{}, err
	}
	t := takeable{title: wayTitle(ctx, a), path: "/along", query: a.Encode(), form: q.Form, total: page.Total, way: w}
	for _, h := range page.Hits {
		t.ids = append(t.ids, h.ID)
	}
	out, err := s.takeForm(ctx, t)
	out.Once = true // where somebody goes is not kept on the server
	return out, err
}
