package finder

import (
	"math"
	"slices"

	"mirabilia/internal/errs"
	"mirabilia/internal/finder/space"
	"mirabilia/internal/geo"
)

// The bounds of a route. A line of a device has a point every few metres; who
// has more points thins them out first.
const (
	// MaxRoutePoints is the most points of a route.
	MaxRoutePoints = 50_000
	// MaxRouteMetres is the longest route: two and a half times round the Earth.
	MaxRouteMetres = 100_000_000
)

// Route is a line on the globe along which places are sought: the great circle
// from each point to the next.
type Route struct{ *space.Route }

// NewRoute makes a route. Its errors are errs.Invalid in the field "line".
func NewRoute(points []geo.Public) (Route, error) {
	switch {
	case len(points) < 2:
		return Route{}, errs.InField("line", "has fewer than two points; a way needs a beginning and an end")
	case len(points) > MaxRoutePoints:
		return Route{}, errs.InField("line", "has more than 50,000 points; thin it out first")
	}
	for _, p := range points {
		if !p.Valid() {
			return Route{}, errs.InField("line", "has a position outside latitude ±90 or longitude ±180")
		}
	}
	r := space.NewRoute(points, MaxRouteMetres)
	if r == nil {
		return Route{}, errs.InField("line", "is longer than 100,000 km; take a part of it")
	}
	return Route{r}, nil
}

// Along is one page of at most limit entries (places, eateries, foods) that
// the filter keeps and that lie no farther than metres from the route, in the
// order in which the route passes them; those passed at one point by id. Hits
// carry both distances. The cursor is that of the page before, "" for the
// first. Errors are errs.Invalid in the field "cursor".
func (f *Finder) Along(r Route, metres float64, flt Filter, limit int, cursor string) (Page, error) {
	var after *mark
	if cursor != "" {
		m, err := parseCursor(cursor, onRoute)
		if err != nil {
			return Page{}, err
		}
		after = &m
	}
	s := f.keep(f.view(), &flt)
	defer s.release()
	var page Page
	var rows []passing
	for i := range s.sel {
		sel := &s.sel[i]
		if sel.n == 0 {
			continue
		}
		passed := sel.points[entryPoints].Corridor(r.Route, metres, sel.bits, sel.dead)
		page.Total += len(passed)
		for _, p := range passed {
			m := mark{math.Float64bits(p.Along), sel.docs.ref(p.Ord)}
			if after == nil || m.compare(*after) > 0 {
				rows = append(rows, passing{m, p})
			}
		}
	}
	if limit <= 0 {
		return page, nil
	}
	rows = firstPassed(rows, limit+1)
	if len(rows) > limit {
		rows = rows[:limit]
		page.Next = formatCursor(onRoute, rows[limit-1].mark)
	}
	page.Hits = make([]Hit, len(rows))
	for i, row := range rows {
		page.Hits[i] = Hit{Ref: row.ref, Metres: row.Metres, Along: row.Along}
	}
	return page, nil
}

// passing is an entry beside a route on its way into a page.
type passing struct {
	mark
	space.Passed
}

// firstPassed is the first n rows in order. Sorting them all would cost more
// than finding them where a wide corridor holds tens of thousands.
func firstPassed(rows []passing, n int) []passing {
	order := func(a, b passing) int { return a.compare(b.mark) }
	if len(rows) > 4096 && n < len(rows)/4 {
		// A pivot from a sample, a little beyond what is wanted.
		sample := make([]passing, 0, 1026)
		for i := 0; i < len(rows); i += len(rows) / 1024 {
			sample = append(sample, rows[i])
		}
		slices.SortFunc(sample, order)
		if k := n*len(sample)/len(rows) + 24; k < len(sample) {
			early := make([]passing, 0, 2*n)
			for _, row := range rows {
				if row.compare(sample[k].mark) <= 0 {
					early = append(early, row)
				}
			}
			if len(early) >= n {
				rows = early
			}
		}
	}
	slices.SortFunc(rows, order)
	return rows[:min(n, len(rows))]
}
