package web

import (
	"context"
	"net/http"
	"strconv"

	"mirabilia/internal/place"
	"mirabilia/internal/revision"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// revisionsShown is how many revisions one page of a history compares.
const revisionsShown = 20

// historyPage is what became of a place, revision by revision, the newest first.
func (s *Site) historyPage(ctx context.Context, o Own) (Answer, error) {
	p, err := s.Places.BySlug(ctx, o.Slug)
	if err != nil {
		return Answer{}, err
	}
	if o.Form != nil {
		return s.restore(ctx, o, p)
	}
	list, err := s.Places.History(ctx, p.ID)
	if err != nil {
		return Answer{}, err
	}
	b, err := s.baseFor(ctx, o, say.T(ctx, "History: %s", p.Title), say.T(ctx, "Every change of this page: who made it, when, and why."))
	if err != nil {
		return Answer{}, err
	}
	b.NoIndex = true
	path := p.Path() + "/history"
	v := view.HistoryPage{
		Base: b, Heading: say.T(ctx, "History"), Place: ui.Link{Text: p.Title, Path: p.Path()}, Path: path, Restores: o.Actor.Edits(p.Destination),
		Crumbs: []ui.Crumb{{Name: say.T(ctx, "All"), Path: "/places"}, {Name: p.Title, Path: p.Path()}, {Name: say.T(ctx, "History")}},
	}
	if v.Restores && s.Proposals != nil {
		if v.Parts, err = s.partViews(ctx, p); err != nil {
			return Answer{}, err
		}
	}
	from := 0
	if before, err := strconv.Atoi(o.Query.Get("before")); err == nil {
		for from < len(list) && list[from].Number >= before {
			from++
		}
	}
	to := min(len(list), from+revisionsShown)
	if v.Revisions, err = s.revisionViews(ctx, p, list, from, to); err != nil {
		return Answer{}, err
	}
	if to < len(list) || from > 0 {
		v.Pager = ui.Pager{Text: say.T(ctx, "%s of %s", say.Number(ctx, to), say.Number(ctx, len(list))), More: say.T(ctx, "Older ones")}
		if to < len(list) {
			v.Pager.Next = path + "?before=" + strconv.Itoa(list[to-1].Number)
		}
		if from > 0 {
			v.Pager.Prev = path
		}
	}
	return s.render(ctx, view.History(v))
}

// partViews are the entries that became parts of a place, to be made two again.
func (s *Site) partViews(ctx context.Context, p *place.Place) (out []view.PartView, err error) {
	list, err := s.Places.Joined(ctx, p.ID)
	for _, j := range list {
		out = append(out, view.PartView{ID: itoa64(j.ID), Title: j.Title, Path: "/places/" + j.Slug, When: view.Moment(ctx, j.At)})
	}
	return out, err
}

// revisionViews compares each revision with the one before it.
func (s *Site) revisionViews(ctx context.Context, p *place.Place, list []place.Version, from, to int) ([]view.RevisionView, error) {
	var out []view.RevisionView
	var newer revision.Fields
	for i := from; i < min(len(list), to+1); i++ {
		f, err := s.Places.Revision(ctx, p.ID, list[i].Number)
		if err != nil {
			return nil, err
		}
		if newer != nil {
			out[len(out)-1].Changes = differences(ctx, f, newer)
		}
		if i == to {
			break
		}
		x := list[i]
		v := view.RevisionView{Number: x.Number, By: ui.Person{Name: x.Author.Name, Path: x.Author.URL}, When: view.Moment(ctx, x.At), Summary: x.Summary, First: i == len(list)-1, Current: i == 0}
		if v.By.Name == "" {
			v.By.Name = say.T(ctx, "somebody unnamed")
		}
		out = append(out, v)
		newer = f
	}
	by := make([]*ui.Person, len(out))
	for i := range out {
		by[i] = &out[i].By
	}
	return out, s.withFaces(ctx, by...)
}

// restore makes a place say again what it said at a revision.
func (s *Site) restore(ctx context.Context, o Own, p *place.Place) (Answer, error) {
	n, err := strconv.Atoi(o.Form.Get("restore"))
	if err != nil {
		n = 0
	}
	if err := s.Places.RestoreBy(ctx, o.Actor, p.ID, n); err != nil {
		return Answer{}, err
	}
	if err := s.published(ctx); err != nil {
		return Answer{}, err
	}
	return See(p.Path() + "/history"), nil
}

// historyRoutes are the history of a place, for everyone, and its restoring.
func (s *Site) historyRoutes() []*Route {
	if s.Desk == nil {
		return nil
	}
	return []*Route{
		ownRoute(http.MethodGet, "/places/{slug}/history", Everyone, s.historyPage, "before"),
		ownRoute(http.MethodPost, "/places/{slug}/history", Editors, s.historyPage),
	}
}
