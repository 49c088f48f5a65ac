package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/desk"
	"mirabilia/internal/errs"
	"mirabilia/internal/user"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// deskMemberRoutes are where editors see what a member has sent, and what they
// can do about all of it at once.
func (s *Site) deskMemberRoutes() []*Route {
	if s.Desk == nil || s.Users == nil {
		return nil
	}
	return []*Route{
		ownRoute(http.MethodGet, "/users/{name}/desk", Editors, s.deskMemberPage, "done", "back", "left"),
		ownRoute(http.MethodPost, "/users/{name}/desk", Editors, s.actOnMember),
	}
}

// deskMemberPath is where editors see what a member has sent.
func deskMemberPath(page string) string { return page + "/desk" }

// memberOnDesk is whom the page is about, for editors of the whole atlas: what
// is decided here reaches beyond a region.
func (s *Site) memberOnDesk(ctx context.Context, o Own) (*user.Member, error) {
	if !o.Actor.Everywhere() {
		return nil, errs.New(errs.Denied, "Only editors of the whole atlas decide about members.")
	}
	id, err := s.Users.Number(ctx, o.Actor, o.Request.PathValue("name"))
	if err != nil {
		return nil, err
	}
	m, err := s.Users.ByID(ctx, id)
	if err == nil && m.State == user.Deleted {
		return nil, errs.New(errs.Gone, "This member has left.")
	}
	return m, err
}

func (s *Site) deskMemberPage(ctx context.Context, o Own) (Answer, error) {
	m, err := s.memberOnDesk(ctx, o)
	if err != nil {
		return Answer{}, err
	}
	p, err := s.deskMember(ctx, o, m)
	if err != nil {
		return Answer{}, err
	}
	switch o.Query.Get("done") {
	case "state":
		p.Notice = &ui.Banner{Tone: "ok", Statement: say.T(ctx, "Decided. The member was signed out everywhere.")}
	case "back":
		back, _ := strconv.Atoi(o.Query.Get("back")) // what else it may be is nothing
		left, _ := strconv.Atoi(o.Query.Get("left"))
		p.Notice = &ui.Banner{Tone: "ok", Statement: say.N(ctx, back, "One contribution was taken back.", "%s contributions were taken back.")}
		if left > 0 {
			p.Notice.Tone = "warn"
			p.Notice.Rest = say.N(ctx, left, "One is left: others have built upon it since.", "%s are left: others have built upon them since.")
			p.Notice.Link = &ui.Link{Text: say.T(ctx, "See what is public"), Path: publicOf(m)}
		}
	}
	return s.render(ctx, view.DeskMember(p))
}

// publicOf is the part of the desk with what is public of a member.
func publicOf(m *user.Member) string {
	return address("/desk", url.Values{"by": {m.Name}, "status": {string(desk.Published)}}.Encode())
}

func (s *Site) deskMember(ctx context.Context, o Own, m *user.Member) (p view.DeskMemberPage, err error) {
	if p.Base, err = s.ownBase(ctx, o, m.Shown, ""); err != nil {
		return p, err
	}
	p.Crumbs = []ui.Crumb{{Name: say.T(ctx, "Review desk"), Path: "/desk"}, {Name: m.Shown}}
	p.Action = deskMemberPath(m.Path())
	p.Line = say.T(ctx, "%s since %s. %d accepted, %d declined.", upperFirst(say.T(ctx, string(m.Level))), say.Date(ctx, m.Created), m.Accepted, m.Declined)
	p.Ways = []ui.Link{
		{Text: say.T(ctx, "What waits of theirs"), Path: address("/desk", url.Values{"by": {m.Name}}.Encode())},
		{Text: say.T(ctx, "What is public of theirs"), Path: publicOf(m)},
		{Text: say.T(ctx, "Their page"), Path: m.Path()},
	}
	if o.Actor.Role.AtLeast(actor.Admin) {
		p.Ways = append(p.Ways, ui.Link{Text: say.T(ctx, "Their account"), Path: "/admin/members/" + m.Name})
	}
	switch {
	case m.ID == o.Actor.ID:
		p.Closed = say.T(ctx, "Nobody decides about themselves; another editor can.")
	case m.Role.AtLeast(actor.Editor) && !o.Actor.Role.AtLeast(actor.Admin):
		p.Closed = say.T(ctx, "Only an admin decides about editors.")
	}
	p.State = stateFields(ctx, m)
	p.Why = ui.Field{ID: "why", Name: "text", Label: say.T(ctx, "Why"), Hint: say.T(ctx, "The member reads it beside each contribution."), Lines: 2, Required: true}
	return p, nil
}

// stateWords and levelWords name how an account stands.
var (
	stateWords = map[user.State]string{user.Active: "Active", user.Suspended: "Suspended", user.Banned: "Banned", user.Deleted: "Left"}
	levelWords = map[actor.Level]string{actor.New: "New", actor.Known: "Known", actor.Trusted: "Trusted"}
)

// stateFields are the controls by which a member is suspended or banned.
func stateFields(ctx context.Context, m *user.Member) []ui.Field {
	state := ui.Field{ID: "state", Name: "state", Label: say.T(ctx, "State")}
	for _, x := range []struct {
		s    user.State
		word string
	}{{user.Active, stateWords[user.Active]}, {user.Suspended, "Suspended: reads, writes nothing"}, {user.Banned, "Banned: cannot sign in"}} {
		state.Options = append(state.Options, ui.Option{Value: string(x.s), Text: say.T(ctx, x.word), Selected: x.s == m.State})
	}
	until := ui.Field{ID: "until", Name: "until", Label: say.T(ctx, "Suspended until"), Hint: say.T(ctx, "Left empty: until an editor ends it."), Type: "date"}
	if !m.Until.IsZero() {
		until.Value = m.Until.UTC().Format(time.DateOnly)
	}
	return []ui.Field{state, {ID: "reason", Name: "reason", Label: say.T(ctx, "Reason"), Hint: say.T(ctx, "The member is told it."), Value: m.Reason, Lines: 2}, until}
}

// standingIn reads the controls of stateFields.
func standingIn(ctx context.Context, form url.Values) (to user.Standing, err error) {
	to.State, to.Reason = user.State(form.Get("state")), form.Get("reason")
	if day := form.Get("until"); day != "" && to.State == user.Suspended {
		if to.Until, err = time.Parse(time.DateOnly, day); err != nil {
			err = errs.InField("until", "%s", say.T(ctx, "Write a day as 2026-05-31."))
		}
	}
	return to, err
}

// actOnMember suspends or bans a member, or takes all of their work back.
func (s *Site) actOnMember(ctx context.Context, o Own) (Answer, error) {
	m, err := s.memberOnDesk(ctx, o)
	if err != nil {
		return Answer{}, err
	}
	query := url.Values{"done": {o.Form.Get("do")}}
	switch o.Form.Get("do") {
	case "state":
		var to user.Standing
		if to, err = standingIn(ctx, o.Form); err == nil {
			err = s.Users.SetState(ctx, o.Actor, m.ID, to)
		}
	case "back":
		var out desk.RolledBack
		if out, err = s.takeAllBack(ctx, o, m); err == nil {
			query.Set("back", strconv.Itoa(out.Undone))
			query.Set("left", strconv.Itoa(len(out.Left)))
		}
	default:
		err = errs.InField("do", "is nothing that this page does")
	}
	if err == nil {
		return See(address(deskMemberPath(m.Path()), query.Encode())), nil
	}
	p, e := s.deskMember(ctx, o, m)
	if e != nil {
		return Answer{}, e
	}
	p.State[1].Value, p.State[2].Value, p.Why.Value = o.Form.Get("reason"), o.Form.Get("until"), o.Form.Get("text")
	if o.Form.Get("do") == "back" {
		p.State = stateFields(ctx, m)
	}
	title, faults, status, ok := shownAs(ctx, err, &p.State[0], &p.State[1], &p.State[2], &p.Why)
	if !ok {
		return Answer{}, err
	}
	p.Refused, p.Faults = title, faults
	a, err := s.render(ctx, view.DeskMember(p))
	a.Status = status
	return a, err
}

func (s *Site) takeAllBack(ctx context.Context, o Own, m *user.Member) (out desk.RolledBack, err error) {
	if m.Role.AtLeast(actor.Editor) && !o.Actor.Role.AtLeast(actor.Admin) || m.ID == o.Actor.ID {
		return out, errs.New(errs.Denied, "Only an admin decides about editors.")
	}
	if o.Form.Get("text") == "" {
		return out, errs.InField("text", "%s", say.T(ctx, "Say why: the member reads it."))
	}
	if out, err = s.Desk.Rollback(ctx, o.Actor, m.ID, o.Form.Get("text")); err != nil {
		return out, err
	}
	return out, s.published(ctx)
}
