package web

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"mirabilia/internal/actor"
	"mirabilia/internal/errs"
	"mirabilia/internal/user"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

const (
	membersShown = 50
	logShown     = 40
)

// adminPage lists the members and what was decided last.
func (s *Site) adminPage(ctx context.Context, o Own) (Answer, error) {
	p, err := s.admin(ctx, o)
	if err != nil {
		return Answer{}, err
	}
	return s.render(ctx, view.Admin(p))
}

func (s *Site) admin(ctx context.Context, o Own) (p view.AdminPage, err error) {
	b, err := s.ownBase(ctx, o, say.T(ctx, "Administration"), say.T(ctx, "Members and what was decided about them."))
	if err != nil {
		return p, err
	}
	p = view.AdminPage{Base: b, Find: ui.Field{ID: "find", Name: "q", Label: say.T(ctx, "Name in addresses, or mail address"), Hint: say.T(ctx, "Its beginning is enough."), Value: o.Query.Get("q"), Type: "search"}}
	p.Parts = []ui.Link{{Text: say.T(ctx, "Dashboard"), Path: dashboardPath}, {Text: say.T(ctx, "Settings of the atlas"), Path: atlasPath}, {Text: say.T(ctx, "Areas and metros"), Path: areasPath}, {Text: say.T(ctx, "Rules of contributing"), Path: rulesPath}}
	if s.Links != nil {
		p.Parts = append(p.Parts, ui.Link{Text: say.T(ctx, "Dead links"), Path: deadLinksPath})
	}
	if s.Hooks != nil {
		p.Parts = append(p.Parts, ui.Link{Text: say.T(ctx, "Webhooks"), Path: webhooksPath})
	}
	if path := o.Query.Get("invitation"); path != "" {
		p.Notice = &ui.Banner{Tone: "ok", Statement: say.T(ctx, "This link invites one new member, for two weeks:"), Rest: s.absolute("/join?invitation=" + url.QueryEscape(path))}
	}
	set, err := s.Settings.Present(ctx)
	if err != nil {
		return p, err
	}
	p.Factor = &ui.Option{Value: "yes", Text: say.T(ctx, "Editors and admins must sign in with a second factor or a passkey"), Selected: set.RequireFactor}
	if o.Query.Get("done") == "factor" {
		p.Notice = &ui.Banner{Tone: "ok", Statement: say.T(ctx, "Kept.")}
	}
	list, err := s.Users.List(ctx, o.Actor, o.Query.Get("q"), o.Query.Get("from"), membersShown+1)
	if err != nil {
		return p, err
	}
	if len(list) > membersShown {
		p.Next = address("/admin", url.Values{"q": {o.Query.Get("q")}, "from": {list[membersShown].Name}}.Encode())
		list = list[:membersShown]
	}
	for _, m := range list {
		p.Rows = append(p.Rows, view.MemberRow{Path: "/admin/members/" + m.Name, Shown: m.Shown, Email: m.Email, Role: roleWord(ctx, m.Role), State: say.T(ctx, stateWords[m.State]), Since: say.Date(ctx, m.Created)})
	}
	before, _ := strconv.ParseInt(o.Query.Get("before"), 10, 64) // another value is none
	log, err := s.Users.Log(ctx, o.Actor, max(0, before), logShown+1)
	if err != nil {
		return p, err
	}
	if len(log) > logShown {
		log = log[:logShown]
		p.Older = address("/admin", url.Values{"before": {strconv.FormatInt(log[logShown-1].ID, 10)}}.Encode()) + "#h-log"
	}
	p.Log, err = s.logRows(ctx, log)
	return p, err
}

// administer makes an invitation, or changes a rule of the atlas.
func (s *Site) administer(ctx context.Context, o Own) (Answer, error) {
	switch o.Form.Get("do") {
	case "invite":
		path, err := s.Users.Invite(ctx, o.Actor)
		if err != nil {
			return Answer{}, err
		}
		_, secret, _ := strings.Cut(path, "=")
		return See(address("/admin", url.Values{"invitation": {secret}}.Encode())), nil
	case "factor":
		err := s.Users.RequireFactor(ctx, o.Actor, s.Settings, o.Form.Get("factor") == "yes")
		if err == nil {
			return See("/admin?done=factor"), s.caughtUp(ctx)
		}
		title, _, status, ok := shownAs(ctx, err)
		if !ok {
			return Answer{}, err
		}
		p, err := s.admin(ctx, o)
		if err != nil {
			return Answer{}, err
		}
		p.Notice = &ui.Banner{Tone: "bad", Statement: title}
		a, err := s.render(ctx, view.Admin(p))
		a.Status = status
		return a, err
	}
	return Answer{}, errs.InField("do", "is nothing that this page does")
}

func (s *Site) adminMemberPage(ctx context.Context, o Own) (Answer, error) {
	p, err := s.adminMember(ctx, o)
	if err != nil {
		return Answer{}, err
	}
	if o.Query.Get("done") != "" {
		p.Notice = &ui.Banner{Tone: "ok", Statement: say.T(ctx, "Decided. The member was signed out everywhere.")}
	}
	return s.render(ctx, view.AdminMember(p))
}

func (s *Site) adminMember(ctx context.Context, o Own) (p view.AdminMemberPage, err error) {
	m, err := s.Users.Named(ctx, o.Actor, o.Request.PathValue("name"))
	if err != nil {
		return p, err
	}
	if p.Base, err = s.ownBase(ctx, o, m.Shown, ""); err != nil {
		return p, err
	}
	p.Crumbs = []ui.Crumb{{Name: say.T(ctx, "Administration"), Path: "/admin"}, {Name: m.Shown}}
	if s.Desk != nil {
		p.Desk = deskMemberPath(m.Path())
	}
	p.Own, p.Action = m.ID == o.Actor.ID, "/admin/members/"+m.Name
	p.Facts = []ui.Fact{
		{Name: say.T(ctx, "Address"), Value: m.Email}, {Name: say.T(ctx, "Page"), Value: m.Path()}, {Name: say.T(ctx, "Level"), Value: say.T(ctx, levelWords[m.Level])},
		{Name: say.T(ctx, "Here since"), Value: when(ctx, m.Created)}, {Name: say.T(ctx, "Last seen"), Value: when(ctx, m.Seen)}, {Name: say.T(ctx, "Address confirmed"), Value: when(ctx, m.Verified)},
	}
	role := ui.Field{ID: "role", Name: "role", Label: say.T(ctx, "Role")}
	for _, r := range []actor.Role{actor.Member, actor.Editor, actor.Admin} {
		role.Options = append(role.Options, ui.Option{Value: string(r), Text: roleWord(ctx, r), Selected: r == m.Role})
	}
	p.Appoint = []ui.Field{role, {ID: "regions", Name: "regions", Label: say.T(ctx, "Destinations"), Hint: say.T(ctx, "For an editor: paths such as italy/lazio, one a line; nothing for the whole atlas."), Value: strings.Join(m.Regions, "\n"), Lines: 3}}
	p.State = stateFields(ctx, m)
	log, err := s.Users.LogOf(ctx, o.Actor, m.ID, logShown)
	if err != nil {
		return p, err
	}
	p.Log, err = s.logRows(ctx, log)
	return p, err
}

func (s *Site) decideMember(ctx context.Context, o Own) (Answer, error) {
	m, err := s.Users.Named(ctx, o.Actor, o.Request.PathValue("name"))
	if err != nil {
		return Answer{}, err
	}
	switch o.Form.Get("do") {
	case "appoint":
		regions := strings.Fields(o.Form.Get("regions"))
		for i, path := range regions {
			regions[i] = strings.Trim(path, "/")
			if _, known := s.Gazetteer.ByPath(regions[i]); !known {
				err = errs.InField("regions", "%q is no destination", regions[i])
			}
		}
		if err == nil {
			err = s.Users.Appoint(ctx, o.Actor, m.ID, actor.Role(o.Form.Get("role")), regions)
		}
	case "state":
		var to user.Standing
		if to, err = standingIn(ctx, o.Form); err == nil {
			err = s.Users.SetState(ctx, o.Actor, m.ID, to)
		}
	default:
		err = errs.InField("do", "is nothing that this page does")
	}
	if err == nil {
		return See("/admin/members/" + m.Name + "?done=yes"), nil
	}
	p, e := s.adminMember(ctx, o)
	if e != nil {
		return Answer{}, e
	}
	var fields []*ui.Field
	for _, list := range [][]ui.Field{p.Appoint, p.State} {
		for i := range list {
			if o.Form.Has(list[i].Name) && (list[i].Lines > 0 || list[i].Type != "") {
				list[i].Value = o.Form.Get(list[i].Name)
			}
			fields = append(fields, &list[i])
		}
	}
	title, faults, status, ok := shownAs(ctx, err, fields...)
	if !ok {
		return Answer{}, err
	}
	p.Refused, p.Faults = title, faults
	a, err := s.render(ctx, view.AdminMember(p))
	a.Status = status
	return a, err
}
