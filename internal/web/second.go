package web

import (
	"context"
	"net/http"
	"time"

	"mirabilia/internal/errs"
	"mirabilia/internal/factor"
	"mirabilia/internal/user"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// flowLasts is how long a browser keeps the cookie of a sign-in that is under
// way; the row behind it ends earlier.
const flowLasts = 10 * time.Minute

// flowCookie carries the secret of a sign-in that is under way from one step to
// the next, "" to take it away.
func (s *Site) flowCookie(secret string) *http.Cookie {
	c := s.cookie(secret, int(flowLasts/time.Second))
	if c.Name = flowName(c.Secure); secret == "" {
		c.MaxAge = -1
	}
	return c
}

func flowName(https bool) string {
	if https {
		return "__Host-flow"
	}
	return "flow"
}

func (s *Site) flowOf(r *http.Request) string {
	if c, err := r.Cookie(flowName(s.cookie("", 0).Secure)); err == nil {
		return c.Value
	}
	return ""
}

// enter opens a session for a member who has given a first proof, or leads on to
// the second where they have one. claims are of the provider's account that is
// joined once they are in, nil for none.
func (s *Site) enter(ctx context.Context, o Own, m *user.Member, next string, claims *factor.Claims) (Answer, error) {
	d := s.door(o)
	has, err := s.Users.NeedsFactor(ctx, m.ID)
	if err != nil {
		return Answer{}, err
	}
	if !has {
		return s.openDoor(ctx, o, m, d, next, claims)
	}
	if s.Factors == nil {
		return Answer{}, errs.New(errs.Denied, "This account asks for a second factor.")
	}
	flow, err := s.Factors.BeginSecond(ctx, factor.Pending{Member: m.ID, Stays: d.Stays, Next: next, Claims: claims})
	if err != nil {
		return Answer{}, err
	}
	a := See("/login/second")
	a.Cookies = []*http.Cookie{s.flowCookie(flow)}
	return a, nil
}

// openDoor makes the session and sets its cookie.
func (s *Site) openDoor(ctx context.Context, o Own, m *user.Member, d user.Door, next string, claims *factor.Claims) (Answer, error) {
	secret, err := s.Users.Open(ctx, m, d, s.secretOf(o.Request))
	if err != nil {
		return Answer{}, err
	}
	if claims != nil {
		who, err := s.Users.BySession(ctx, secret)
		if err != nil {
			return Answer{}, err
		}
		if err := s.Factors.Join(ctx, who, *claims); err != nil {
			return Answer{}, err
		}
	}
	a := See(next)
	a.Cookies = []*http.Cookie{s.cookie(secret, cookieAge(d.Stays))}
	if s.flowOf(o.Request) != "" {
		a.Cookies = append(a.Cookies, s.flowCookie(""))
	}
	return a, nil
}

func cookieAge(stay bool) int {
	if stay {
		return int(stays / time.Second)
	}
	return 0
}

// secondPage asks who owes a second factor for it.
func (s *Site) secondPage(ctx context.Context, o Own) (Answer, error) {
	_, err := s.Factors.Owes(ctx, s.flowOf(o.Request))
	if errs.Is(err, errs.Invalid) {
		return s.account(ctx, o, beginAgain(ctx), http.StatusNotFound)
	}
	if err != nil {
		return Answer{}, err
	}
	return s.account(ctx, o, secondForm(ctx), 0)
}

func secondForm(ctx context.Context) view.AccountPage {
	return view.AccountPage{
		Heading: say.T(ctx, "One more proof"), Text: say.T(ctx, "This account is protected by an authenticator. Nobody is signed in yet."),
		Action: "/login/second", Button: say.T(ctx, "Sign in"),
		Fields: []ui.Field{codeField(ctx, "code")},
		Ways:   []ui.Link{{Text: say.T(ctx, "Begin again"), Path: "/login"}},
	}
}

// codeField takes six digits or a recovery code.
func codeField(ctx context.Context, id string) ui.Field {
	return ui.Field{ID: id, Name: "code", Label: say.T(ctx, "Code"), Hint: say.T(ctx, "The six digits that your authenticator shows, or one of your recovery codes."),
		Required: true, Autocomplete: "one-time-code", Class: "low"}
}

// beginAgain is the page of a sign-in that took too long, or is another
// browser's.
func beginAgain(ctx context.Context) view.AccountPage {
	return view.AccountPage{Heading: say.T(ctx, "Begin again"), Text: say.T(ctx, "Signing in took too long, or was done already."),
		Ways: []ui.Link{{Text: say.T(ctx, "Sign in"), Path: "/login"}}}
}

// showSecond takes the second proof; only a good one makes a session.
func (s *Site) showSecond(ctx context.Context, o Own) (Answer, error) {
	pending, _, err := s.Factors.EndSecond(ctx, s.flowOf(o.Request), o.Form.Get("code"))
	if err == nil {
		m, err := s.Users.ByID(ctx, pending.Member)
		if err != nil {
			return Answer{}, err
		}
		d := s.door(o)
		d.Stays, d.Factor = pending.Stays, true
		return s.openDoor(ctx, o, m, d, pending.Next, pending.Claims)
	}
	if err == factor.ErrFlow {
		return s.account(ctx, o, beginAgain(ctx), http.StatusNotFound)
	}
	p := secondForm(ctx)
	title, faults, status, ok := shownAs(ctx, err, &p.Fields[0])
	if !ok {
		return Answer{}, err
	}
	if p.Refused, p.Faults = title, faults; len(faults) > 0 {
		p.Refused, p.Text = say.T(ctx, "Nobody is signed in yet."), say.T(ctx, "This account is protected by an authenticator.")
	}
	return s.account(ctx, o, p, status)
}
