package web

import (
	"context"
	"net/http"
	"strings"

	"mirabilia/internal/actor"
	"mirabilia/internal/desk"
	"mirabilia/internal/report"
	"mirabilia/internal/user"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// appealPath is where a member who is suspended reads why, and appeals.
const appealPath = "/me/appeal"

// appealRoutes are for members who are suspended, and tell others that they are
// not.
func (s *Site) appealRoutes() []*Route {
	if s.Reports == nil || s.Desk == nil || s.Users == nil {
		return nil
	}
	send := ownRoute(http.MethodPost, appealPath, Members, s.sendAppeal)
	send.Anyway = true
	return []*Route{ownRoute(http.MethodGet, appealPath, Members, s.appealPage), send}
}

func (s *Site) appealPage(ctx context.Context, o Own) (Answer, error) {
	return s.showAppeal(ctx, o, nil)
}

// warnSuspended has a member's pages say that nothing can be written there, before
// somebody fills a form in vain. The settings and the appeal say more themselves.
func (s *Site) warnSuspended(ctx context.Context, route *Route, o *Own) {
	if !o.Actor.Suspended || route.Access != Members || route.Pattern == appealPath || route.Pattern == "/settings" {
		return
	}
	o.Public.ask = &ui.Banner{Tone: "warn", Statement: say.T(ctx, "Your account is suspended: nothing that you write here can be kept."),
		Link: &ui.Link{Text: say.T(ctx, "Why, until when, and how to appeal"), Path: appealPath}}
}

// barredWords say why an account is suspended or banned, and until when.
func barredWords(ctx context.Context, m *user.Member) (reason, until string) {
	if m.State == user.Banned {
		return m.Reason, say.T(ctx, "It is closed until an editor opens it again.")
	}
	if m.Until.IsZero() {
		return m.Reason, say.T(ctx, "It is suspended until an editor ends that.")
	}
	return m.Reason, say.T(ctx, "It is suspended until %s.", say.Date(ctx, m.Until))
}

func (s *Site) showAppeal(ctx context.Context, o Own, refused error) (Answer, error) {
	m, err := s.Users.ByID(ctx, o.Actor.ID)
	if err != nil {
		return Answer{}, err
	}
	p := view.AccountPage{Heading: say.T(ctx, "Your account is not suspended"), Text: say.T(ctx, "It may be used for everything that it is for."), Ways: []ui.Link{{Text: say.T(ctx, "Settings"), Path: "/settings"}}}
	if m.State != user.Suspended {
		return s.account(ctx, o, p, 0)
	}
	p.Heading, p.Text = say.T(ctx, "Your account is suspended"), say.T(ctx, "It can read, and write nothing. What you have published stays as it is.")
	p.Text += " " + say.T(ctx, "What an editor declined or took down of yours you can ask about once, where you were told of it.")
	p.Ways = append(p.Ways, ui.Link{Text: say.T(ctx, "Your contributions"), Path: "/drafts"})
	return s.showBarred(ctx, o, m, p, appealPath, refused)
}

// showClosed is for who is banned, and came by the link of the mail about it.
func (s *Site) showClosed(ctx context.Context, o Own, m *user.Member, secret string, refused error) (Answer, error) {
	p := view.AccountPage{Heading: say.T(ctx, "Your account is closed"), Text: say.T(ctx, "Nobody can sign in to it any more.")}
	return s.showBarred(ctx, o, m, p, linkPath(user.Appeal, secret), refused)
}

// showBarred says why an account is suspended or banned, and takes an appeal.
func (s *Site) showBarred(ctx context.Context, o Own, m *user.Member, p view.AccountPage, action string, refused error) (Answer, error) {
	reason, until := barredWords(ctx, m)
	p.Notice = &ui.Banner{Tone: "warn", Statement: until, Rest: say.T(ctx, "Why: %s", reason)}
	field := ui.Field{ID: "f-text", Name: "text", Label: say.T(ctx, "Why should it be looked at again?"), Hint: say.T(ctx, "An editor of the whole atlas reads it. One appeal waits at a time."), Lines: 5, Required: true, Value: o.Form.Get("text")}
	status := 0
	if refused != nil {
		ok := false
		if p.Refused, p.Faults, status, ok = shownAs(ctx, refused, &field); !ok {
			return Answer{}, refused
		}
	}
	last, err := s.Reports.Appealed(ctx, appellant(m))
	if err != nil {
		return Answer{}, err
	}
	if last != nil && m.State == user.Suspended {
		p.Ways = append([]ui.Link{{Text: say.T(ctx, "Your appeal of %s, and what was said", when(ctx, last.At)), Path: "/submissions/" + desk.PublicID(last.Item)}}, p.Ways...)
	}
	switch {
	case last != nil && last.State == report.Open:
		p.Text += " " + say.T(ctx, "Your appeal waits for an editor; you are told what becomes of it.")
		return s.account(ctx, o, p, status)
	case last != nil && last.State == report.Kept:
		p.Text += " " + say.T(ctx, "An editor has looked at your last appeal, and left it so.")
	}
	p.Action, p.Button, p.Fields = action, say.T(ctx, "Appeal"), []ui.Field{field}
	return s.account(ctx, o, p, status)
}

func (s *Site) sendAppeal(ctx context.Context, o Own) (Answer, error) {
	if !o.Actor.Suspended {
		return See(appealPath), nil
	}
	m, err := s.Users.ByID(ctx, o.Actor.ID)
	if err == nil {
		err = s.appeal(ctx, o, m)
	}
	if err != nil {
		return s.showAppeal(ctx, o, err)
	}
	return See(appealPath), nil
}

// sendClosed takes the appeal of who is banned.
func (s *Site) sendClosed(ctx context.Context, o Own, m *user.Member, secret string) (Answer, error) {
	if err := s.appeal(ctx, o, m); err != nil {
		return s.showClosed(ctx, o, m, secret, err)
	}
	return See(linkPath(user.Appeal, secret)), nil
}

// appeal sends an appeal against how an account stands.
func (s *Site) appeal(ctx context.Context, o Own, m *user.Member) error {
	_, _, err := s.Reports.File(ctx, appellant(m), report.Filing{Kind: report.Member, Thing: m.ID, Code: report.Appeal, Text: strings.TrimSpace(o.Form.Get("text")), Network: s.door(o).Network})
	return err
}

// appellant is a member who is suspended or banned, as one who may appeal and do
// nothing else.
func appellant(m *user.Member) actor.Actor {
	return actor.Actor{ID: m.ID, Name: m.Name, Shown: m.Shown, Role: actor.Member, Level: m.Level, Suspended: true}
}

// deskAppeal is an appeal against a suspension or a ban, for its editor: what it is
// about is why the member is suspended or banned.
func (s *Site) deskAppeal(ctx context.Context, m *report.Matter, r *view.DeskReport, v *view.DeskOne) error {
	of, err := s.Users.ByID(ctx, m.Thing.ID)
	if err != nil {
		return err
	}
	r.Thing.Kind, r.Thing.Says = say.T(ctx, "A suspension"), say.T(ctx, "This account is not suspended any more.")
	end := say.T(ctx, "End the suspension")
	if of.State == user.Banned {
		r.Thing.Kind, end = say.T(ctx, "A ban"), say.T(ctx, "Open the account again")
	}
	if of.State != user.Active {
		reason, until := barredWords(ctx, of)
		r.Thing.Says = say.T(ctx, "%s Why: %s", until, reason)
	}
	r.Appeal, r.Why, r.Public = true, ui.Field{}, ui.Field{}
	for i := range r.Ways {
		if r.Ways[i].Value == report.Restore {
			r.Ways[i].Text = end
			v.Publish = r.Ways[i].Text
		}
	}
	v.Decline = say.T(ctx, "Let it stand")
	return nil
}
