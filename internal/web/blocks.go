package web

import (
	"context"
	"net/http"
	"strconv"

	"mirabilia/internal/errs"
	"mirabilia/internal/report"
	"mirabilia/internal/user"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// blockRoutes are the ways to hear nothing more of another member.
func (s *Site) blockRoutes() []*Route {
	if s.Follows == nil || s.Reports == nil {
		return nil
	}
	anyway := func(r *Route) *Route { r.Anyway = true; return r }
	return []*Route{
		ownRoute(http.MethodGet, "/users/{name}/block", Everyone, s.memberActs),
		anyway(ownRoute(http.MethodPost, "/users/{name}/block", Members, s.block)),
		ownRoute(http.MethodGet, "/settings/blocked", Members, s.blockedPage, "done"),
		anyway(ownRoute(http.MethodPost, "/settings/blocked", Members, s.unblock)),
	}
}

// memberActs is the page of what one may do about another member: their own page
// is the same for everyone.
func (s *Site) memberActs(ctx context.Context, o Own) (Answer, error) {
	m, err := s.Users.ByName(ctx, o.Request.PathValue("name"))
	if err != nil {
		return Answer{}, err
	}
	title := say.T(ctx, "Report or block %s", m.Shown)
	b, err := s.ownBase(ctx, o, title, "")
	if err != nil {
		return Answer{}, err
	}
	p := view.MemberActsPage{Base: b, Crumbs: []ui.Crumb{{Name: m.Shown, Path: m.Path()}, {Name: say.T(ctx, "Report or block")}}, Name: m.Name, Shown: m.Shown,
		Report: reportPath(report.Member, m.ID), Own: o.Actor.ID == m.ID}
	if !o.Actor.SignedIn() {
		p.SignIn = signInPath(o.Request.URL)
	} else if p.Blocked, err = s.Follows.HasBlocked(ctx, o.Actor, m.ID); err != nil {
		return Answer{}, err
	}
	return s.render(ctx, view.MemberActions(p))
}

// block blocks a member, or ends it.
func (s *Site) block(ctx context.Context, o Own) (Answer, error) {
	m, err := s.Users.ByName(ctx, o.Request.PathValue("name"))
	if err != nil {
		return Answer{}, err
	}
	on := o.Form.Get("on") != "no"
	if err := s.Follows.Block(ctx, o.Actor, m.ID, on); err != nil {
		return Answer{}, err
	}
	return See("/settings/blocked?done=" + strconv.FormatBool(on)), nil
}

// unblock ends a block by the member's number, also of one who has left.
func (s *Site) unblock(ctx context.Context, o Own) (Answer, error) {
	id, err := strconv.ParseInt(o.Form.Get("id"), 10, 64)
	if err != nil {
		return Answer{}, errs.New(errs.NotFound, "There is no such member.")
	}
	if err := s.Follows.Block(ctx, o.Actor, id, false); err != nil {
		return Answer{}, err
	}
	return See("/settings/blocked?done=false"), nil
}

func (s *Site) blockedPage(ctx context.Context, o Own) (Answer, error) {
	list, err := s.Follows.BlockedBy(ctx, o.Actor)
	if err != nil {
		return Answer{}, err
	}
	ids := make([]int64, len(list))
	for i, x := range list {
		ids[i] = x.Member
	}
	members, err := s.Users.ByIDs(ctx, ids)
	if err != nil {
		return Answer{}, err
	}
	b, err := s.ownBase(ctx, o, say.T(ctx, "Whom you have blocked"), "")
	if err != nil {
		return Answer{}, err
	}
	p := view.BlockedPage{Base: b, Crumbs: settingsCrumbs(ctx, say.T(ctx, "Whom you have blocked")), Empty: ui.Empty{
		Title: say.T(ctx, "Nobody."), Text: say.T(ctx, "The page of every member has a button for it."), Ways: []ui.Link{{Text: say.T(ctx, "Settings"), Path: "/settings"}}, Picture: openSea(),
	}}
	switch o.Query.Get("done") {
	case "true":
		p.Notice = &ui.Banner{Tone: "ok", Statement: say.T(ctx, "Blocked.")}
	case "false":
		p.Notice = &ui.Banner{Tone: "ok", Statement: say.T(ctx, "Not blocked any more.")}
	}
	for _, x := range list {
		r := view.BlockedRow{ID: strconv.FormatInt(x.Member, 10), Shown: say.T(ctx, "A member who has left"), Since: say.T(ctx, "since %s", say.Date(ctx, x.Since))}
		if m := members[x.Member]; m != nil && m.State != user.Deleted {
			r.Shown, r.Path = m.Shown, m.Path()
		}
		p.Rows = append(p.Rows, r)
	}
	return s.render(ctx, view.Blocked(p))
}
