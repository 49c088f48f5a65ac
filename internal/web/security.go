package web

import (
	"context"
	"net/http"
	"strconv"

	"mirabilia/internal/actor"
	"mirabilia/internal/errs"
	"mirabilia/internal/factor"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

const (
	securityPath = "/settings/security"
	dataPath     = "/settings/data"
)

// securityRoutes are signing in by more than a password, and owning one's
// account.
func (s *Site) securityRoutes() []*Route {
	anyway := func(r *Route) *Route { r.Anyway = true; return r }
	var t []*Route
	if s.Factors != nil {
		t = append(t,
			ownRoute(http.MethodGet, "/login/second", Everyone, s.secondPage),
			anyway(ownRoute(http.MethodPost, "/login/second", Everyone, s.showSecond)),
			anyway(ownRoute(http.MethodPost, "/login/passkey/begin", Everyone, s.beginPasskeySignIn)),
			anyway(ownRoute(http.MethodPost, "/login/passkey", Everyone, s.passkeySignIn)),
			ownRoute(http.MethodGet, securityPath, Members, s.securityPage, "done", "need"),
			anyway(ownRoute(http.MethodPost, securityPath, Members, s.changeSecurity)),
			anyway(ownRoute(http.MethodPost, securityPath+"/passkey", Members, s.beginPasskey)),
		)
	}
	if s.Factors != nil && s.Provider != nil {
		t = append(t,
			anyway(ownRoute(http.MethodPost, "/login/provider", Everyone, s.beginProvider)),
			ownRoute(http.MethodGet, "/login/provider/return", Everyone, s.providerReturn, "state", "code", "iss", "error"),
			ownRoute(http.MethodGet, "/login/provider/join", Everyone, s.joinIdentityPage),
			anyway(ownRoute(http.MethodPost, "/login/provider/join", Everyone, s.joinIdentity)),
		)
	}
	if s.Factors != nil && s.Owned != nil {
		t = append(t,
			ownRoute(http.MethodGet, dataPath, Members, s.dataPage),
			anyway(ownRoute(http.MethodPost, dataPath, Members, s.takeOrLeave)),
		)
	}
	return t
}

// securityPage shows what a member proves themselves with.
func (s *Site) securityPage(ctx context.Context, o Own) (Answer, error) {
	p, err := s.security(ctx, o)
	if err != nil {
		return Answer{}, err
	}
	if text := securityDone(ctx, o.Query.Get("done")); text != "" {
		p.Notice = &ui.Banner{Tone: "ok", Statement: text}
	}
	if o.Query.Get("need") != "" {
		p.Notice = &ui.Banner{Tone: "warn", Statement: say.T(ctx, "Editors and admins of this atlas sign in with a second factor."),
			Rest: say.T(ctx, "Set up an authenticator or a passkey below; if you have a passkey, sign out and sign in with it.")}
	}
	return s.render(ctx, view.Security(p))
}

func securityDone(ctx context.Context, done string) string {
	switch done {
	case "prove":
		return say.T(ctx, "Thank you. For a quarter of an hour you can change what stands here.")
	case "stop":
		return say.T(ctx, "Nothing was set up.")
	case "remove":
		return say.T(ctx, "The authenticator and the recovery codes are removed. Your password alone signs you in.")
	case "passkey":
		return say.T(ctx, "The passkey is added. It signs you in from now on.")
	case "remove-passkey":
		return say.T(ctx, "The passkey is removed. Your device may still offer it; delete it there too.")
	case "connect":
		return say.T(ctx, "Connected. The provider signs you in from now on.")
	case "disconnect":
		return say.T(ctx, "Disconnected.")
	}
	return ""
}

// security gathers what a member has beside a password.
func (s *Site) security(ctx context.Context, o Own) (p view.SecurityPage, err error) {
	if p.Base, err = s.ownBase(ctx, o, say.T(ctx, "Security"), say.T(ctx, "What you prove yourself with beside a password.")); err != nil {
		return p, err
	}
	has, err := s.Factors.Of(ctx, o.Actor.ID)
	if err != nil {
		return p, err
	}
	p.Crumbs = settingsCrumbs(ctx, p.Title)
	if p.Prove, err = s.prove(ctx, o, has, securityPath); err != nil {
		return p, err
	}
	if has.Authenticator {
		p.Since, p.CodesLeft = say.Date(ctx, has.Since), has.Codes
	} else if p.Prove == nil {
		if p.Setup, err = s.setup(ctx, o); err != nil {
			return p, err
		}
	}
	p.CanPasskey = s.Factors.Passkeys()
	p.PasskeyName = ui.Field{ID: "passkey-name", Name: "name", Label: say.T(ctx, "Name"), Hint: say.T(ctx, "So that you know it again: the name of the device, for example."), Autocomplete: "off"}
	for _, k := range has.Passkeys {
		p.Passkeys = append(p.Passkeys, view.PasskeyRow{ID: strconv.FormatInt(k.ID, 10), Name: k.Name, Since: when(ctx, k.Created), Used: lastUsed(ctx, k.Used)})
	}
	for _, i := range has.Identities {
		p.Identities = append(p.Identities, view.IdentityRow{Issuer: i.Issuer, Subject: i.Subject, Email: i.Email, Since: when(ctx, i.Created), Used: lastUsed(ctx, i.Used)})
	}
	if s.Provider != nil {
		p.Provider = s.Provider.Host()
	}
	return p, nil
}

// setup is the authenticator that waits for its first code, nil for none.
func (s *Site) setup(ctx context.Context, o Own) (*view.Setup, error) {
	seed, err := s.Factors.Unconfirmed(ctx, o.Actor)
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	square, err := newSquare(seed.URL)
	code := codeField(ctx, "code")
	code.Hint, code.Inputmode = say.T(ctx, "The six digits that the authenticator shows now."), "numeric"
	return &view.Setup{Secret: seed.Secret, Square: square, Code: code}, err
}

// prove is the form of who must first show once more who they are, nil for who
// did in the last quarter of an hour.
func (s *Site) prove(ctx context.Context, o Own, has factor.Has, path string) (*view.Prove, error) {
	if s.Users.NeedsProof(o.Actor) == nil {
		return nil, nil
	}
	field, err := s.proofField(ctx, o, has)
	return &view.Prove{Action: path, Field: field, SignIn: ui.Link{Text: say.T(ctx, "Sign in once more"), Path: signInAgain(path)}}, err
}

// proofField asks for what a member can prove themselves with on a page: a code
// for who has an authenticator, else the password, nil for who has neither.
func (s *Site) proofField(ctx context.Context, o Own, has factor.Has) (*ui.Field, error) {
	if has.Authenticator {
		f := codeField(ctx, "proof-code")
		return &f, nil
	}
	m, err := s.Users.ByID(ctx, o.Actor.ID)
	if err != nil || !m.HasPassword {
		return nil, err
	}
	return &ui.Field{ID: "proof-password", Name: "password", Label: say.T(ctx, "Your password"), Type: "password", Required: true, Autocomplete: "current-password"}, nil
}

// proved takes what proofField asked for; byFactor says that it was a code. Who
// has nothing to type must have signed in lately.
func (s *Site) proved(ctx context.Context, o Own) (byFactor bool, err error) {
	has, err := s.Factors.Of(ctx, o.Actor.ID)
	if err != nil {
		return false, err
	}
	if has.Authenticator {
		_, err := s.Factors.Prove(ctx, o.Actor.ID, o.Form.Get("code"))
		return true, err
	}
	m, err := s.Users.ByID(ctx, o.Actor.ID)
	if err != nil {
		return false, err
	}
	if !m.HasPassword {
		return false, s.Users.NeedsProof(o.Actor)
	}
	_, err = s.Users.Prove(ctx, m.Email, o.Form.Get("password"), s.door(o))
	if errs.Is(err, errs.Invalid) {
		err = errs.InField("password", "is not right")
	}
	return false, err
}

// changeSecurity does one of the things on the page of security.
func (s *Site) changeSecurity(ctx context.Context, o Own) (a Answer, err error) {
	do, f := o.Form.Get("do"), o.Form
	next := See(securityPath + "?done=" + do)
	switch do {
	case "prove":
		byFactor, e := s.proved(ctx, o)
		if err = e; err == nil {
			return s.renewed(ctx, o, byFactor, next)
		}
	case "begin":
		_, err = s.Factors.BeginAuthenticator(ctx, o.Actor)
		next = See(securityPath + "#authenticator")
	case "stop":
		err = s.Factors.StopAuthenticator(ctx, o.Actor)
	case "confirm":
		codes, e := s.Factors.ConfirmAuthenticator(ctx, o.Actor, f.Get("code"))
		if err = e; err == nil {
			return s.showCodes(ctx, o, codes, true)
		}
	case "codes":
		codes, e := s.Factors.NewCodes(ctx, o.Actor)
		if err = e; err == nil {
			return s.showCodes(ctx, o, codes, false)
		}
	case "remove":
		err = s.Factors.RemoveAuthenticator(ctx, o.Actor)
	case "passkey":
		if a, err = s.addPasskey(ctx, o); err == nil {
			return a, nil
		}
	case "remove-passkey":
		id, _ := strconv.ParseInt(f.Get("id"), 10, 64) // 0 is no passkey's
		err = s.Factors.RemovePasskey(ctx, o.Actor, id)
	case "connect":
		if s.Provider == nil {
			return Answer{}, errs.New(errs.NotFound, "This atlas knows no provider.")
		}
		return s.connect(ctx, o)
	case "disconnect":
		err = s.Factors.Part(ctx, o.Actor, f.Get("issuer"), f.Get("subject"))
	default:
		return Answer{}, errs.InField("do", "is nothing that this page does")
	}
	if err == nil {
		return next, nil
	}
	return s.securityAgain(ctx, o, err)
}

// securityAgain shows the page with what was wrong.
func (s *Site) securityAgain(ctx context.Context, o Own, err error) (Answer, error) {
	p, e := s.security(ctx, o)
	if e != nil {
		return Answer{}, e
	}
	var fields []*ui.Field
	if p.Setup != nil && o.Form.Get("do") == "confirm" {
		fields = append(fields, &p.Setup.Code)
	}
	if p.Prove != nil && p.Prove.Field != nil {
		fields = append(fields, p.Prove.Field)
	}
	title, faults, status, ok := shownAs(ctx, err, fields...)
	if !ok {
		return Answer{}, err
	}
	if p.Refused, p.Faults = title, faults; len(faults) > 0 {
		p.Refused = say.T(ctx, "Nothing was changed.")
	}
	a, err := s.render(ctx, view.Security(p))
	a.Status = status
	return a, err
}

// showCodes shows the recovery codes, which happens once. Who has just set an
// authenticator up has shown it, and gets a session that says so.
func (s *Site) showCodes(ctx context.Context, o Own, codes []string, renew bool) (Answer, error) {
	p, err := s.security(ctx, o)
	if err != nil {
		return Answer{}, err
	}
	p.NewCodes = codes
	a, err := s.render(ctx, view.Security(p))
	if err != nil {
		return a, err
	}
	a.Status = http.StatusCreated
	if renew {
		return s.renewed(ctx, o, true, a)
	}
	return a, nil
}

// staffNeeds weighs what an editor may do who has shown no second factor in this
// browser: where the atlas requires one they act as members, and the pages of
// editors lead to setting one up; else those pages ask for it.
func (s *Site) staffNeeds(ctx context.Context, route *Route, o *Own) (*Answer, error) {
	staff := needs[route.Access].AtLeast(actor.Editor)
	if s.Factors == nil || o.Actor.Session == 0 || o.Actor.Factor || !o.Actor.Role.AtLeast(actor.Editor) {
		return nil, nil
	}
	set, err := s.Settings.Present(ctx)
	if err != nil {
		return nil, err
	}
	if set.RequireFactor {
		if staff && o.Request.Method == http.MethodGet {
			a := See(securityPath + "?need=factor")
			return &a, nil
		}
		if staff {
			return nil, errs.New(errs.Denied, "Editors and admins of this atlas sign in with a second factor. Set one up under Settings, Security.")
		}
		o.Actor.Role, o.owes = actor.Member, true
		return nil, nil
	}
	if !staff {
		return nil, nil
	}
	has, err := s.Factors.Of(ctx, o.Actor.ID)
	if err == nil && !has.Second() && len(has.Passkeys) == 0 {
		o.Public.ask = &ui.Banner{Tone: "info", Statement: say.T(ctx, "Your password alone guards what you may do here."),
			Link: &ui.Link{Text: say.T(ctx, "Set up a second factor"), Path: securityPath}}
	}
	return nil, err
}
