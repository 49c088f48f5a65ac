package web

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/geo"
	"mirabilia/internal/query"
	"mirabilia/internal/web/tiles"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// alongWide is how far the slider goes, in kilometres; the address goes
// farther.
const alongWide = 150

// alongFields is the form of a way as it was filled in: a field for each stop,
// and one more.
func (s *Site) alongFields(ctx context.Context, a query.Along, wrong *errs.Error) view.AlongForm {
	f := view.AlongForm{
		Within: strconv.FormatFloat(a.Within, 'f', -1, 64), Metres: a.Within * 1000,
		Widest: strconv.Itoa(query.MaxWithin), Most: strconv.FormatFloat(max(alongWide, a.Within), 'f', -1, 64), Step: "1",
		Line: a.Line, MaxFile: say.T(ctx, "GPX, KML or GeoJSON, 16 MB at most"),
	}
	if a.Within != float64(int(a.Within)) {
		f.Step = "any"
	}
	if a.Off > 0 {
		f.Off = itoa(a.Off)
	}
	rest := a.Places
	rest.Cursor = ""
	for name, values := range rest.Values() {
		for _, v := range values {
			f.Keep = append(f.Keep, ui.Option{Value: name, Text: v})
		}
	}
	fields := max(2, len(a.Stops))
	if len(a.Stops) >= 2 && len(a.Stops) < query.MaxStops {
		fields++
	}
	for i := range fields {
		field := ui.Field{ID: "stop-" + itoa(i+1), Name: "stop", Type: "search", Autocomplete: "off", Label: say.T(ctx, "Then to")}
		if i < len(a.Stops) {
			field.Value = a.Stops[i]
		}
		switch i {
		case 0:
			field.Label, field.Placeholder = say.T(ctx, "From"), say.T(ctx, "Paris")
		case 1:
			field.Label, field.Placeholder = say.T(ctx, "To"), say.T(ctx, "Lyon, a place of the atlas, 45.76, 4.83")
		}
		f.Stops = append(f.Stops, field)
	}
	if wrong != nil && len(a.Stops) == 1 {
		f.Stops[1].Hint = wrong.Fields[0].Message
	}
	return f
}

// markStops writes an error at each stop that it is about.
func (s *Site) markStops(ctx context.Context, f *view.AlongForm, w *way, e *errs.Error) {
	marked := false
	for i, st := range w.stops {
		if !st.known {
			f.Stops[i].Error, marked = st.unknown(ctx), true
		}
	}
	if !marked && len(w.stops) > 1 {
		f.Stops[0].Error = e.Message
	}
}

// routeOf is the part of the query that describes the way itself.
func routeOf(a query.Along) url.Values {
	v := a.Values()
	for name := range a.Places.Values() {
		v.Del(name)
	}
	return v
}

// alongFilters are the filters that are on, and the form of all.
func (s *Site) alongFilters(ctx context.Context, a query.Along, facets finder.Facets, names []ui.Option) ([]ui.Chip, view.Filters) {
	p := a.Places
	p.Cursor = ""
	way := routeOf(a).Encode()
	on := s.conditions(ctx, "/along", p, names)
	for i := range on {
		_, rest, _ := strings.Cut(on[i].Path, "?")
		on[i].Path = "/along?" + way
		if rest != "" {
			on[i].Path += "&" + rest
		}
	}
	f := s.filterForm(ctx, "/along", p, facets, names, len(on))
	f.Clear, f.Sort = "/along?"+way, ui.Field{}
	for _, name := range []string{"stop", "line", "off", "within"} {
		for _, v := range routeOf(a)[name] {
			f.Keep = append(f.Keep, ui.Option{Value: name, Text: v})
		}
	}
	// The counts are those of the whole atlas; beside the way they would lie.
	for _, list := range [][]ui.Option{f.Tags, f.Status, f.Facts} {
		for i := range list {
			list[i].Count = nil
		}
	}
	return on, f
}

// alongMap is the map of the way with what was found beside it.
func (s *Site) alongMap(ctx context.Context, a query.Along, w *way, f found) *ui.MapPicture {
	var at []geo.Public
	for _, p := range f.places {
		if p.At != nil {
			at = append(at, *p.At)
		}
	}
	width, height := tiles.Where.Pixels()
	pic := ui.Picture{Src: tiles.WayPath(w.line, at, tiles.Where), Width: width, Height: height, Alt: say.T(ctx, "A map of the way. The places on it are those of the list.")}
	middle := geo.Between(w.line, max(1000, w.route.Metres()/200), 400)
	m := s.movable(pic, middle[len(middle)/2], 6, query.Places{})
	kept, _ := geo.Simplify(geo.Between(w.line, 40_000, finder.MaxRoutePoints), func(l []geo.Public) bool { return len(l) <= 1500 })
	if kept == nil {
		kept = middle
	}
	m.Way, m.Found = geo.EncodeLine(kept), address("/along.geojson", a.After("").Encode())
	return m
}
