package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/factor"
	"mirabilia/internal/user"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// beginProvider sends somebody to the operator's provider, to sign in.
func (s *Site) beginProvider(ctx context.Context, o Own) (Answer, error) {
	if err := s.Users.Knock(ctx, s.door(o).Network); err != nil {
		return Answer{}, err
	}
	return s.away(ctx, o, 0, NextPath(o.Form.Get("next"), "/"))
}

// connect sends a member there, to join the provider's account to theirs.
func (s *Site) connect(ctx context.Context, o Own) (Answer, error) {
	if err := s.Users.NeedsProof(o.Actor); err != nil {
		return s.securityAgain(ctx, o, err)
	}
	return s.away(ctx, o, o.Actor.ID, securityPath+"?done=connect")
}

// away leads to the provider by a page: browsers hold a redirect after a form
// against form-action, and the provider's page may lie on any host.
func (s *Site) away(ctx context.Context, o Own, member int64, next string) (Answer, error) {
	address, flow, err := s.Provider.Begin(ctx, member, next)
	if err != nil {
		return s.notSignedIn(ctx, o, err)
	}
	p := view.AccountPage{Heading: say.T(ctx, "On to %s", s.Provider.Host()), Text: say.T(ctx, "You sign in there and come back."),
		Ways: []ui.Link{{Text: say.T(ctx, "Go on"), Path: address}}, Base: view.Base{Away: address}}
	a, err := s.account(ctx, o, p, 0)
	a.Cookies = []*http.Cookie{s.flowCookie(flow)}
	return a, err
}

// notSignedIn tells why the provider could not sign somebody in.
func (s *Site) notSignedIn(ctx context.Context, o Own, err error) (Answer, error) {
	title, _, status, ok := shownAs(ctx, err)
	if !ok {
		return Answer{}, err
	}
	if cause := errors.Unwrap(err); cause != nil { // a wrong issuer or secret is the operator's to mend
		s.log.WarnContext(ctx, "signing in through the provider failed", "error", cause)
	}
	p := view.AccountPage{Heading: say.T(ctx, "Not signed in"), Refused: title,
		Ways: []ui.Link{{Text: say.T(ctx, "Sign in"), Path: "/login"}, {Text: say.T(ctx, "Sign in by mail"), Path: "/forgotten"}, {Text: say.T(ctx, "Join: make an account"), Path: "/join"}}}
	a, err := s.account(ctx, o, p, status)
	a.Cookies = []*http.Cookie{s.flowCookie("")}
	return a, err
}

// providerReturn takes the provider's answer: to a member who joins the
// provider's account to theirs, or to somebody who signs in.
func (s *Site) providerReturn(ctx context.Context, o Own) (Answer, error) {
	claims, member, next, err := s.Provider.End(ctx, s.flowOf(o.Request), o.Query)
	if err == nil && member != 0 {
		if o.Actor.ID != member {
			return s.notSignedIn(ctx, o, errs.New(errs.Denied, "You are not signed in any more as who began this."))
		}
		if err = s.Factors.Join(ctx, o.Actor, claims); err == nil {
			a := See(next)
			a.Cookies = []*http.Cookie{s.flowCookie("")}
			return a, nil
		}
	}
	if err != nil {
		return s.notSignedIn(ctx, o, err)
	}
	id, err := s.Factors.MemberOf(ctx, claims)
	if errs.Is(err, errs.NotFound) {
		a, err := s.newcomer(ctx, o, claims, next)
		if err != nil {
			return s.notSignedIn(ctx, o, err)
		}
		return a, nil
	}
	if err != nil {
		return Answer{}, err
	}
	m, err := s.Users.ByID(ctx, id)
	if err != nil {
		return Answer{}, err
	}
	a, err := s.enter(ctx, o, m, afterJoining(next), nil)
	if err != nil {
		return s.notSignedIn(ctx, o, err)
	}
	return a, nil
}

// afterJoining leads on from the page of joining, where a newcomer may have
// begun.
func afterJoining(next string) string {
	if u, err := url.Parse(next); err != nil || u.Path == "/join" || u.Path == "/login" {
		return "/"
	}
	return next
}

// newcomer is somebody whose account at the provider no member has joined. An
// address that the provider does not vouch for counts for nothing; one that is a
// member's is no proof of being that member, who signs in once the old way.
func (s *Site) newcomer(ctx context.Context, o Own, c factor.Claims, next string) (Answer, error) {
	email, err := user.CheckEmail(c.Email)
	if err != nil || !c.Verified {
		return Answer{}, errs.New(errs.Denied, "%s does not vouch for your mail address. Join with an address and a password; then connect it in your settings.", s.Provider.Host())
	}
	joins := func(tx *db.Tx, m *user.Member) error { return s.Factors.JoinIn(tx, m.Actor(), c) }
	m, err := s.Users.ByEmail(ctx, email)
	switch {
	case err == nil && !m.Verified.IsZero():
		flow, err := s.Factors.AwaitJoin(ctx, factor.Pending{Member: m.ID, Next: afterJoining(next), Claims: &c})
		if err != nil {
			return Answer{}, err
		}
		a := See("/login/provider/join")
		a.Cookies = []*http.Cookie{s.flowCookie(flow)}
		return a, nil
	case err == nil:
		m, err = s.Users.Vouched(ctx, m.ID, email, joins)
	case errs.Is(err, errs.NotFound):
		invitation := ""
		if u, err := url.Parse(next); err == nil && u.Path == "/join" {
			invitation = u.Query().Get("invitation")
		}
		if p, shut := s.shut(ctx, o, invitation); shut {
			return s.account(ctx, o, p, http.StatusForbidden)
		}
		if s.Registration != ByInvitation {
			invitation = ""
		}
		m, err = s.Users.JoinVouched(ctx, user.Joining{Name: c.Name, Email: email, Invitation: invitation, Network: s.door(o).Network}, joins)
	}
	if err != nil {
		return Answer{}, err
	}
	return s.openDoor(ctx, o, m, s.door(o), "/settings?done=verify", nil)
}

// joinIdentityPage asks a member to sign in once by their password, after which
// the provider's account signs them in.
func (s *Site) joinIdentityPage(ctx context.Context, o Own) (Answer, error) {
	pending, err := s.Factors.Joins(ctx, s.flowOf(o.Request))
	if err == factor.ErrFlow {
		return s.account(ctx, o, beginAgain(ctx), http.StatusNotFound)
	}
	if err != nil {
		return Answer{}, err
	}
	return s.account(ctx, o, s.joinIdentityForm(ctx, pending), 0)
}

func (s *Site) joinIdentityForm(ctx context.Context, pending factor.Pending) view.AccountPage {
	return view.AccountPage{
		Heading: say.T(ctx, "You have an account"),
		Text:    say.T(ctx, "There is an account with the address %s. Sign in to it once with its password; from then on %s signs you in.", pending.Claims.Email, s.Provider.Host()),
		Action:  "/login/provider/join", Button: say.T(ctx, "Sign in and connect"),
		Fields: []ui.Field{{ID: "password", Name: "password", Label: say.T(ctx, "Password"), Type: "password", Required: true, Autocomplete: "current-password"}},
		Ways:   []ui.Link{{Text: say.T(ctx, "Without a password: sign in by mail, then connect in your settings"), Path: "/forgotten"}},
	}
}

func (s *Site) joinIdentity(ctx context.Context, o Own) (Answer, error) {
	flow := s.flowOf(o.Request)
	pending, err := s.Factors.Joins(ctx, flow)
	if err == factor.ErrFlow {
		return s.account(ctx, o, beginAgain(ctx), http.StatusNotFound)
	}
	if err != nil {
		return Answer{}, err
	}
	m, err := s.Users.Prove(ctx, pending.Claims.Email, o.Form.Get("password"), s.door(o))
	if err == nil {
		if pending, err = s.Factors.EndJoin(ctx, flow, m.ID); err == nil {
			return s.enter(ctx, o, m, pending.Next, pending.Claims)
		}
	}
	p := s.joinIdentityForm(ctx, pending)
	title, _, status, ok := shownAs(ctx, err)
	if !ok {
		return Answer{}, err
	}
	p.Refused = title
	return s.account(ctx, o, p, status)
}
