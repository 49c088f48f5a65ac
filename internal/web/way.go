package web

import (
	"context"
	"slices"
	"strings"

	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/geo"
	"mirabilia/internal/outbound"
	"mirabilia/internal/query"
	"mirabilia/internal/web/view/say"
)

// DemoRoute is a way that the page Along the way offers to try.
type DemoRoute struct {
	Name  string
	Stops []string
}

// way is what a query of /along describes: the line, and the stops on it.
type way struct {
	route finder.Route
	line  []geo.Public
	stops []wayStop
	// road says that the line follows roads, failed that it should have, roadless
	// that there are none between the stops.
	road, failed, roadless bool
}

// drawnEvery is how close the points of a way are in files, in metres: what
// draws straight lines between them is then some metres off the great circle.
const drawnEvery = 10_000

// drawn is the line as files have it, which draw no great circles.
func (w *way) drawn() []geo.Public {
	return geo.Between(w.line, drawnEvery, finder.MaxRoutePoints)
}

// wayStop is a stop as it was understood.
type wayStop struct {
	words  string
	name   string
	at     geo.Public
	along  float64 // metres
	others []spot  // what the words could also name
	known  bool
	// unasked says that it may be an address, which could not be looked up.
	unasked bool
}

// unknown is what a reader is told of a stop that nobody knows.
func (st wayStop) unknown(ctx context.Context) string {
	if st.unasked {
		return say.T(ctx, "Addresses cannot be looked up just now, and “%s” is no town or place that this atlas knows by itself. Try again later, or the nearest town, or coordinates.", st.words)
	}
	return say.T(ctx, "Nowhere is known as “%s”. Try the nearest town, or coordinates.", st.words)
}

// stopsOf understands the typed stops.
func (s *Site) stopsOf(ctx context.Context, words []string) []wayStop {
	out := make([]wayStop, len(words))
	for i, w := range words {
		out[i] = wayStop{words: w, name: w}
		spots, unasked := s.stopSpots(ctx, w)
		if len(spots) == 0 {
			out[i].unasked = unasked
			continue
		}
		out[i].known, out[i].name, out[i].at, out[i].others = true, spots[0].name, spots[0].at, spots[1:]
		if !spots[0].guessed { // what is only nearly called so was not meant
			out[i].others = slices.DeleteFunc(out[i].others, func(o spot) bool { return o.guessed })
		}
	}
	return out
}

// stopSpots are the points that a stop may name: what Near me understands, and
// the short name of a place in its address.
func (s *Site) stopSpots(ctx context.Context, words string) (spots []spot, unasked bool) {
	spots, unasked = s.spots(ctx, words)
	if !query.IsSlug(words) || !strings.Contains(words, "-") {
		return spots, unasked
	}
	if p, err := s.Places.BySlug(ctx, words); err == nil && p.At != nil {
		spots = append([]spot{{name: p.Title, at: *p.At}}, slices.DeleteFunc(spots, func(o spot) bool { return o.at == *p.At })...)
	}
	return spots, unasked
}

// wayOf makes the way of a query. Its errors are errs.Invalid, in the field
// that has to be changed.
func (s *Site) wayOf(ctx context.Context, q query.Along) (*way, error) {
	w := &way{line: q.Points}
	if q.Line == "" {
		if len(q.Stops) == 1 {
			return w, errs.InField("stop", "%s", say.T(ctx, "Add where the way ends."))
		}
		w.stops = s.stopsOf(ctx, q.Stops)
		for _, st := range w.stops {
			if !st.known {
				return w, errs.InField("stop", "%s", st.unknown(ctx))
			}
			w.line = append(w.line, st.at)
		}
		s.takeRoads(ctx, w)
	}
	var err error
	if w.route, err = finder.NewRoute(w.line); err != nil {
		return w, err
	}
	for i := range w.stops {
		switch i {
		case 0:
		case len(w.stops) - 1:
			w.stops[i].along = w.route.Metres()
		default:
			_, w.stops[i].along = w.route.Locate(w.stops[i].at)
		}
	}
	return w, nil
}

// takeRoads puts roads in the place of straight lines, where the operator has
// named a router and it knows some.
func (s *Site) takeRoads(ctx context.Context, w *way) {
	if s.Router == nil {
		return
	}
	line, err := s.Router.Find(ctx, w.line)
	if err == nil {
		_, err = finder.NewRoute(line)
	}
	if err != nil {
		s.log.WarnContext(ctx, "the router did not answer", "error", err)
		w.roadless = outbound.NoRoad(err)
		w.failed = !w.roadless
		return
	}
	w.line, w.road = line, true
}
