package web

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"mirabilia/internal/place"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

const (
	dashboardPath = "/admin/dashboard"
	// dashboardMost is how many places and words stand on it.
	dashboardMost = 20
)

// dashboardDays are the spans one may look back over, the first unasked.
var dashboardDays = []int{7, 30, 1}

// JobFigure is how the jobs of one kind stand.
type JobFigure struct {
	Kind    string
	Waiting int
	GivenUp int           // of the last month
	Late    time.Duration // how long the one waits that has been due longest
	Fault   string        // of the last that was given up
}

// dashboardPage is what an operator looks at in the morning: what waits, what
// came in, what is read, what is looked for and not found, what breaks.
func (s *Site) dashboardPage(ctx context.Context, o Own) (Answer, error) {
	days := dashboardDays[0]
	for _, d := range dashboardDays {
		if o.Query.Get("days") == strconv.Itoa(d) {
			days = d
		}
	}
	b, err := s.ownBase(ctx, o, say.T(ctx, "Dashboard"), "")
	if err != nil {
		return Answer{}, err
	}
	p := view.DashboardPage{Base: b, Crumbs: []ui.Crumb{{Name: say.T(ctx, "Administration"), Path: "/admin"}, {Name: say.T(ctx, "Dashboard")}}}
	for _, d := range dashboardDays {
		text := say.N(ctx, d, "Today", "%s days")
		p.Spans = append(p.Spans, ui.Chip{Text: text, Path: address(dashboardPath, url.Values{"days": {strconv.Itoa(d)}}.Encode()), Current: d == days})
	}
	for _, part := range []func(context.Context, Own, int, *view.DashboardPage) error{s.workFigures, s.readFigures, s.jobFigures} {
		if err := part(ctx, o, days, &p); err != nil {
			return Answer{}, err
		}
	}
	return s.render(ctx, view.Dashboard(p))
}

// workFigures are the desk's and the members'.
func (s *Site) workFigures(ctx context.Context, o Own, days int, p *view.DashboardPage) error {
	since := s.now().AddDate(0, 0, -days)
	if s.Desk != nil {
		n, err := s.Desk.Numbers(ctx)
		if err != nil {
			return err
		}
		waiting := view.DashboardFigure{Name: say.T(ctx, "Waits on the desk"), Value: say.Number(ctx, n.Waiting), Path: "/desk"}
		if !n.First.IsZero() {
			waiting.Note = say.T(ctx, "the oldest since %s", say.Date(ctx, n.First))
		}
		sent, published, err := s.Desk.Since(ctx, since)
		if err != nil {
			return err
		}
		p.Work = append(p.Work, waiting, view.DashboardFigure{Name: say.T(ctx, "Contributions sent"), Value: say.Number(ctx, sent), Note: say.T(ctx, "%s of them published", say.Number(ctx, published))})
	}
	all, fresh, err := s.Users.Joined(ctx, o.Actor, since)
	if err != nil {
		return err
	}
	p.Work = append(p.Work, view.DashboardFigure{Name: say.T(ctx, "Members"), Value: say.Number(ctx, all), Note: say.T(ctx, "%s of them new", say.Number(ctx, fresh)), Path: "/admin#h-members"})
	return nil
}

// readFigures are what is read, missed and broken.
func (s *Site) readFigures(ctx context.Context, o Own, days int, p *view.DashboardPage) error {
	if s.Counts == nil {
		return nil
	}
	if err := s.Counts.Write(ctx); err != nil { // what was counted a moment ago is there too
		return err
	}
	r, err := s.Counts.Report(ctx, o.Actor, days, dashboardMost)
	if err != nil {
		return err
	}
	p.Counted = true
	p.Reading = []view.DashboardFigure{
		{Name: say.T(ctx, "Pages of places read"), Value: say.Number(ctx, r.Reads)},
		{Name: say.T(ctx, "Searches"), Value: say.Number(ctx, r.Searches), Note: say.T(ctx, "%s of them found nothing", say.Number(ctx, r.Missed))},
		{Name: say.T(ctx, "Answers that broke"), Value: say.Number(ctx, r.Failed), Note: say.T(ctx, "the log says why")},
	}
	ids := make([]int64, len(r.Most))
	for i, m := range r.Most {
		ids[i] = m.Place
	}
	places, err := s.Places.Cards(ctx, ids)
	if err != nil {
		return err
	}
	byID := make(map[int64]*place.Place, len(places))
	for _, pl := range places {
		byID[pl.ID] = pl
	}
	for _, m := range r.Most {
		if pl := byID[m.Place]; pl != nil {
			p.Most = append(p.Most, view.Counted{Text: pl.Title, Path: pl.Path(), N: say.Number(ctx, m.N)})
		}
	}
	for _, m := range r.Misses {
		p.Misses = append(p.Misses, view.Counted{Text: m.Words, Path: address("/search", url.Values{"q": {m.Words}}.Encode()), N: say.Number(ctx, m.N)})
	}
	return nil
}

// jobFigures are the kinds of jobs of which any waits or was given up.
func (s *Site) jobFigures(ctx context.Context, _ Own, _ int, p *view.DashboardPage) error {
	if s.Jobs == nil {
		return nil
	}
	list, err := s.Jobs(ctx)
	if err != nil {
		return err
	}
	for _, j := range list {
		row := view.JobRow{Kind: j.Kind, Waiting: say.Number(ctx, j.Waiting), GivenUp: say.Number(ctx, j.GivenUp), Fault: j.Fault}
		if j.Late >= time.Minute {
			row.Late = say.N(ctx, int(j.Late/time.Minute), "a minute", "%s minutes")
		}
		p.Jobs = append(p.Jobs, row)
	}
	return nil
}
