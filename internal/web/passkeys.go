package web

import (
	"context"
	"net/http"

	"mirabilia/internal/errs"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
)

// A passkey is asked for in two steps: the script fetches what the browser needs
// to make or find one, and sends what the device answers with the form. The flow
// between them lies in a cookie.

// passkeyOptions is the answer of the first step.
func (s *Site) passkeyOptions(options []byte, flow string) Answer {
	return Answer{Kind: Personal, Type: "application/json", Body: options, Cookies: []*http.Cookie{s.flowCookie(flow)}}
}

// beginPasskeySignIn gives what the browser needs to find a key of this atlas.
func (s *Site) beginPasskeySignIn(ctx context.Context, o Own) (Answer, error) {
	if err := s.Users.Knock(ctx, s.door(o).Network); err != nil {
		return Answer{}, err
	}
	options, flow, err := s.Factors.BeginPasskeySignIn(ctx)
	if err != nil {
		return Answer{}, err
	}
	return s.passkeyOptions(options, flow), nil
}

// passkeySignIn takes the device's answer. It stands for both factors: the key
// that is held, and the finger or the code that the device asked for.
func (s *Site) passkeySignIn(ctx context.Context, o Own) (Answer, error) {
	member, err := s.Factors.EndPasskeySignIn(ctx, s.flowOf(o.Request), []byte(o.Form.Get("answer")))
	if err == nil {
		m, e := s.Users.ByID(ctx, member)
		if e != nil {
			return Answer{}, e
		}
		d := s.door(o)
		d.Factor = true
		var a Answer
		if a, err = s.openDoor(ctx, o, m, d, NextPath(o.Form.Get("next"), "/"), nil); err == nil {
			return a, nil
		}
	}
	p := s.loginForm(ctx, o.Form.Get("next"), "", o.Form.Get("stay") == "yes")
	title, _, status, ok := shownAs(ctx, err)
	if !ok {
		return Answer{}, err
	}
	p.Refused = title
	return s.account(ctx, o, p, status)
}

// signInOtherwise is what the page of signing in offers before the form of
// address and password.
func (s *Site) signInOtherwise(ctx context.Context, next string) *view.Otherwise {
	w := &view.Otherwise{Next: next, Mail: say.T(ctx, "Sign in by mail"), Or: say.T(ctx, "or with a password")}
	if s.Factors != nil && s.Factors.Passkeys() {
		w.Passkey = say.T(ctx, "Sign in with a passkey")
	}
	if s.Provider != nil {
		w.Provider = say.T(ctx, "Sign in through %s", s.Provider.Host())
	}
	return w
}

// beginPasskey gives what the browser needs to make a key.
func (s *Site) beginPasskey(ctx context.Context, o Own) (Answer, error) {
	options, flow, err := s.Factors.BeginPasskey(ctx, o.Actor)
	if err != nil {
		return Answer{}, err
	}
	return s.passkeyOptions(options, flow), nil
}

// addPasskey keeps the key that the device made. The device has asked for its
// owner, so the session counts as one with a second factor from here on.
func (s *Site) addPasskey(ctx context.Context, o Own) (Answer, error) {
	if o.Form.Get("answer") == "" {
		return Answer{}, errs.New(errs.Invalid, "A passkey is made by the device: this needs a browser with script that knows passkeys.")
	}
	if err := s.Factors.EndPasskey(ctx, o.Actor, s.flowOf(o.Request), o.Form.Get("name"), []byte(o.Form.Get("answer"))); err != nil {
		return Answer{}, err
	}
	return s.renewed(ctx, o, true, See(securityPath+"?done=passkey"))
}

// renewed adds to an answer the new cookie of a session whose owner has proved
// anew who they are.
func (s *Site) renewed(ctx context.Context, o Own, factor bool, a Answer) (Answer, error) {
	secret, stays, err := s.Users.Renew(ctx, o.Actor, factor)
	if err != nil {
		return Answer{}, err
	}
	a.Cookies = append(a.Cookies, s.cookie(secret, cookieAge(stays)))
	if s.flowOf(o.Request) != "" {
		a.Cookies = append(a.Cookies, s.flowCookie(""))
	}
	return a, nil
}
