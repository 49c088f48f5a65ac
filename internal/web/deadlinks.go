package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"mirabilia/internal/errs"
	"mirabilia/internal/linkcheck"
	"mirabilia/internal/outbound"
	"mirabilia/internal/place"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

const (
	deadLinksPath  = "/desk/links"
	deadLinksShown = 50
)

// linkRoutes are where editors find dead links.
func (s *Site) linkRoutes() []*Route {
	if s.Links == nil {
		return nil
	}
	return []*Route{
		ownRoute(http.MethodGet, deadLinksPath, Editors, s.deadLinksPage, "after", "done"),
		ownRoute(http.MethodPost, deadLinksPath, Editors, s.lookAgain),
	}
}

func (s *Site) deadLinksPage(ctx context.Context, o Own) (Answer, error) {
	var after int64
	if text := o.Query.Get("after"); text != "" {
		var err error
		if after, err = strconv.ParseInt(text, 10, 64); err != nil {
			return Answer{}, errs.InField("after", "is no number of a link")
		}
	}
	b, err := s.ownBase(ctx, o, say.T(ctx, "Dead links"), "")
	if err != nil {
		return Answer{}, err
	}
	p := view.DeadLinksPage{Base: b, Crumbs: []ui.Crumb{{Name: say.T(ctx, "Review desk"), Path: "/desk"}, {Name: say.T(ctx, "Dead links")}},
		Empty: ui.Empty{Title: say.T(ctx, "No link is dead."), Text: say.T(ctx, "Each night the addresses of what has changed are gathered, and each is looked at once a month.")}}
	if o.Query.Get("done") != "" {
		p.Notice = &ui.Banner{Tone: "ok", Statement: say.T(ctx, "It is looked at again soon.")}
	}
	list, err := s.Links.Dead(ctx, o.Actor, after, deadLinksShown+1)
	if err != nil {
		return Answer{}, err
	}
	if len(list) > deadLinksShown {
		list = list[:deadLinksShown]
		p.Next = address(deadLinksPath, url.Values{"after": {strconv.FormatInt(list[deadLinksShown-1].ID, 10)}}.Encode())
	}
	for _, l := range list {
		row := view.DeadLinkRow{ID: strconv.FormatInt(l.ID, 10), Address: l.Address, Archive: archiveSearch + l.Address, Says: linkWords(ctx, l)}
		places, err := s.Places.Whole(ctx, l.Places)
		if err != nil {
			return Answer{}, err
		}
		for _, p := range places {
			row.Places = append(row.Places, view.DeadLinkUse{Place: ui.Link{Text: p.Title, Path: p.Path()}, Edit: p.Path() + "/edit", Archived: archivedAt(p, l.Address)})
		}
		p.Rows = append(p.Rows, row)
	}
	return s.render(ctx, view.DeadLinks(p))
}

// linkWords says how a link was found.
func linkWords(ctx context.Context, l linkcheck.Link) string {
	says := ""
	switch {
	case l.Health == outbound.Gone:
		says = say.T(ctx, "Says that there is nothing (%s)", strconv.Itoa(l.Status))
	case l.Health == outbound.Barred:
		return say.T(ctx, "Leads where the atlas does not go")
	case l.Status != 0:
		says = say.T(ctx, "Is broken (%s)", strconv.Itoa(l.Status))
	default:
		says = say.T(ctx, "Does not answer")
	}
	if !l.Since.IsZero() {
		says = say.T(ctx, "%s, since %s", says, say.Date(ctx, l.Since))
	}
	return says
}

func (s *Site) lookAgain(ctx context.Context, o Own) (Answer, error) {
	id, _ := strconv.ParseInt(o.Form.Get("id"), 10, 64) // 0 is no link's
	if err := s.Links.Again(ctx, o.Actor, id); err != nil {
		return Answer{}, err
	}
	return See(deadLinksPath + "?done=yes"), nil
}

// archiveSearch is where people look for copies of an address that answers no
// longer; the atlas itself asks nobody.
const archiveSearch = "https://web.archive.org/web/*/"

// deadIn reads which addresses of the place that a form is about answer no longer.
func (s *Site) deadIn(ctx context.Context, w *writing) error {
	if s.Links == nil || w.place == nil {
		return nil
	}
	dead, err := s.Links.DeadAt(ctx, []int64{w.place.ID})
	w.dead = dead[w.place.ID]
	return err
}

// archiveOf is where a copy of a source may be found that answers no longer, "" for
// one that answers, or whose copy is named.
func (w *writing) archiveOf(address, archived string) string {
	if archived != "" || len(linkcheck.In(address)) != 1 || !slices.Contains(w.dead, linkcheck.In(address)[0]) {
		return ""
	}
	return archiveSearch + address
}

// archivedAt reports whether a place names an archived copy of an address.
func archivedAt(p *place.Place, address string) bool {
	return slices.ContainsFunc(p.Sources, func(x place.Source) bool {
		return x.Archived != "" && slices.Contains(linkcheck.In(x.URL), address)
	})
}
