package web

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/user"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// accountRoutes are the ways in and out.
func (s *Site) accountRoutes() []*Route {
	anyway := func(r *Route) *Route { r.Anyway = true; return r }
	return []*Route{
		ownRoute(http.MethodGet, "/login", Everyone, s.loginPage, "next", "done"),
		anyway(ownRoute(http.MethodPost, "/login", Everyone, s.login)),
		anyway(ownRoute(http.MethodPost, "/logout", Everyone, s.logout)),
		ownRoute(http.MethodGet, "/join", Everyone, s.joinPage, "invitation"),
		anyway(ownRoute(http.MethodPost, "/join", Everyone, s.join)),
		ownRoute(http.MethodGet, "/forgotten", Everyone, s.forgottenPage, "send"),
		anyway(ownRoute(http.MethodPost, "/forgotten", Everyone, s.forgotten)),
		ownRoute(http.MethodGet, "/link/{purpose}/{secret}", Everyone, s.linkPage),
		anyway(ownRoute(http.MethodPost, "/link/{purpose}/{secret}", Everyone, s.followLink)),
		ownRoute(http.MethodGet, "/me/overlay", Everyone, s.overlay, "path", "id"),
		ownRoute(http.MethodGet, "/settings", Members, s.settingsPage, "done"),
		anyway(ownRoute(http.MethodPost, "/settings", Members, s.changeSettings)),
		ownRoute(http.MethodGet, "/admin", Admins, s.adminPage, "q", "from", "before", "invitation", "done"),
		ownRoute(http.MethodPost, "/admin", Admins, s.administer),
		ownRoute(http.MethodGet, dashboardPath, Admins, s.dashboardPage, "days"),
		ownRoute(http.MethodGet, "/admin/members/{name}", Admins, s.adminMemberPage, "done"),
		ownRoute(http.MethodPost, "/admin/members/{name}", Admins, s.decideMember),
	}
}

// cookieName is what the session's cookie is called. The prefix binds it to this
// host and to https; without https no browser would take it.
func cookieName(address string) string {
	if strings.HasPrefix(address, "https:") {
		return "__Host-session"
	}
	return "session"
}

// Sessions finds who asks by the cookie of a request: for Deps.Who.
func Sessions(users *user.Users, address string) func(*http.Request) (actor.Actor, error) {
	name := cookieName(address)
	return func(r *http.Request) (actor.Actor, error) {
		c, err := r.Cookie(name)
		if err != nil {
			return actor.Actor{}, nil
		}
		return users.BySession(r.Context(), c.Value)
	}
}

// stays is how long a cookie lasts of who wishes to stay signed in; the session
// itself ends earlier where nobody comes.
const stays = 180 * 24 * time.Hour

func (s *Site) cookie(secret string, age int) *http.Cookie {
	return &http.Cookie{Name: cookieName(s.URL), Value: secret, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: strings.HasPrefix(s.URL, "https:"), MaxAge: age}
}

// secretOf is the value of the session's cookie, "" for none.
func (s *Site) secretOf(r *http.Request) string {
	if c, err := r.Cookie(cookieName(s.URL)); err == nil {
		return c.Value
	}
	return ""
}

// door is how the browser of a request comes in.
func (s *Site) door(o Own) user.Door {
	return user.Door{Network: user.NetworkOf(s.caller(o.Request)), Agent: o.Request.UserAgent(), Stays: o.Form.Get("stay") == "yes"}
}

// caller is the address that a request comes from: the nearest one that is no
// proxy of ours. What a stranger writes into X-Forwarded-For stands to the left
// of it and is never read.
func (s *Site) caller(r *http.Request) netip.Addr {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	here := at.Addr().Unmap()
	chain := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(chain) - 1; i >= 0 && s.trusts(here); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(chain[i]))
		if err != nil {
			break
		}
		here = next.Unmap().WithZone("")
	}
	return here
}

func (s *Site) trusts(a netip.Addr) bool {
	for _, p := range s.Proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// ownBase is base with the reader's own links in the bar.
func (s *Site) ownBase(ctx context.Context, o Own, title, description string) (view.Base, error) {
	b, err := s.baseFor(ctx, o, title, description)
	b.NoIndex, b.Canonical = true, ""
	return b, err
}

// baseFor is base with the reader's own links in the bar where one is signed in:
// for pages that are not the same for everyone, yet may be found by all.
func (s *Site) baseFor(ctx context.Context, o Own, title, description string) (view.Base, error) {
	b, err := s.base(ctx, o.Public, title, description)
	if err != nil || !o.Actor.SignedIn() {
		return b, err
	}
	n, err := s.unread(ctx, o.Actor)
	if err != nil {
		return b, err
	}
	b.Me = &view.Me{Links: s.ownLinks(ctx, o), Unread: n}
	return b, nil
}

// account renders a page about an account with a status.
func (s *Site) account(ctx context.Context, o Own, p view.AccountPage, status int) (Answer, error) {
	b, err := s.ownBase(ctx, o, p.Heading, p.Text)
	if err != nil {
		return Answer{}, err
	}
	b.Away = p.Away
	p.Base = b
	if !o.Actor.SignedIn() && p.Away == "" {
		if p.Sight, err = s.sight(ctx); err != nil {
			return Answer{}, err
		}
	}
	a, err := s.render(ctx, view.Account(p))
	a.Status = status
	return a, err
}

// sightsAsked is of how many places the one is chosen whose photograph stands
// beside the way in: the finder may not know yet that a photo was withdrawn.
const sightsAsked = 4

// sight is the most unusual place with a photograph, nil where there is none.
// Both the finder and the card are in memory.
func (s *Site) sight(ctx context.Context) (*view.Sight, error) {
	page, err := s.Finder.List(finder.Filter{Kinds: []finder.Kind{finder.Place, finder.Eatery}, Photos: true}, finder.Obscure, sightsAsked, "")
	if err != nil {
		return nil, err
	}
	f, err := s.look(ctx, page.Hits)
	if err != nil {
		return nil, err
	}
	for _, p := range f.of(page.Hits) {
		if len(p.Photos) > 0 {
			return &view.Sight{Title: p.Title, Lang: p.Lang, Where: whereLine(p), Path: p.Path(), Picture: photograph(p.Photos[0], "(min-width:62rem) 54vw, 1px")}, nil
		}
	}
	return nil, nil
}

// shownAs puts what was wrong beside its fields, and gives the status of the
// page; ok is false for an error that no page can show.
func shownAs(ctx context.Context, err error, fields ...*ui.Field) (title string, faults []ui.Field, status int, ok bool) {
	var e *errs.Error
	if !errors.As(err, &e) {
		return "", nil, 0, false
	}
	switch e.Code {
	case errs.Invalid, errs.Conflict:
		status = http.StatusUnprocessableEntity
	case errs.Denied:
		status = http.StatusForbidden
	case errs.TooMany:
		status = http.StatusTooManyRequests
		noteRefusal(ctx, err)
	case errs.Unavailable:
		status = http.StatusServiceUnavailable
	default:
		return "", nil, 0, false
	}
	for _, f := range fields {
		for _, x := range e.Fields {
			if x.Field == f.Name {
				f.Error = sentence(say.T(ctx, x.Message))
				faults = append(faults, *f)
			}
		}
	}
	title = say.T(ctx, e.Message)
	if len(e.Fields) > 0 && strings.HasPrefix(e.Message, e.Fields[0].Field+": ") { // it says only what stands beside the field
		title = sentence(say.T(ctx, e.Fields[0].Message))
		if len(faults) > 0 {
			title = say.N(ctx, len(faults), "One thing needs you.", "%s things need you.")
		}
	}
	return title, faults, status, true
}

// sentence makes of what an error says of a field a sentence that stands by
// itself.
func sentence(s string) string {
	if s = upperFirst(s); s != "" && !strings.ContainsRune(".!?…", []rune(s)[len([]rune(s))-1]) {
		s += "."
	}
	return s
}

func (s *Site) loginPage(ctx context.Context, o Own) (Answer, error) {
	p := s.loginForm(ctx, o.Query.Get("next"), "", false)
	switch o.Query.Get("done") {
	case "reset":
		p.Notice = &ui.Banner{Tone: "ok", Statement: say.T(ctx, "Your password is changed."), Rest: say.T(ctx, "Sign in with the new one.")}
	case "out":
		p.Notice = &ui.Banner{Tone: "ok", Statement: say.T(ctx, "You are signed out.")}
	case "left":
		p.Notice = &ui.Banner{Tone: "ok", Statement: say.T(ctx, "Your account is deleted."), Rest: say.T(ctx, "A mail says goodbye. Thank you for what you gave.")}
	}
	return s.account(ctx, o, p, 0)
}

func (s *Site) loginForm(ctx context.Context, next, email string, stay bool) view.AccountPage {
	p := view.AccountPage{
		Heading: say.T(ctx, "Sign in"), Action: "/login", Button: say.T(ctx, "Sign in"),
		Fields: []ui.Field{
			{ID: "email", Name: "email", Label: say.T(ctx, "Mail address"), Type: "email", Value: email, Required: true, Autocomplete: "username", Inputmode: "email"},
			{ID: "password", Name: "password", Label: say.T(ctx, "Password"), Type: "password", Required: true, Autocomplete: "current-password"},
		},
		Checks: stayTick(ctx, stay),
		Ways:   []ui.Link{{Text: say.T(ctx, "Forgotten the password: set a new one"), Path: "/forgotten?send=reset"}, {Text: say.T(ctx, "Join: make an account"), Path: "/join"}},
	}
	if next = NextPath(next, ""); next != "" {
		p.Hidden = []ui.Name{{Text: "next", Path: next}}
	}
	p.Otherwise = s.signInOtherwise(ctx, next)
	return p
}

// stayTick is the box that makes a session outlast the browser.
func stayTick(ctx context.Context, on bool) []view.Tick {
	return []view.Tick{{Name: "stay", Option: ui.Option{Value: "yes", Text: say.T(ctx, "Stay signed in on this device"), Selected: on}}}
}

func (s *Site) login(ctx context.Context, o Own) (Answer, error) {
	m, err := s.Users.Prove(ctx, o.Form.Get("email"), o.Form.Get("password"), s.door(o))
	if err == nil {
		return s.enter(ctx, o, m, NextPath(o.Form.Get("next"), "/"), nil)
	}
	p := s.loginForm(ctx, o.Form.Get("next"), o.Form.Get("email"), o.Form.Get("stay") == "yes")
	title, _, status, ok := shownAs(ctx, err)
	if !ok {
		return Answer{}, err
	}
	p.Refused = title
	return s.account(ctx, o, p, status)
}

func (s *Site) logout(ctx context.Context, o Own) (Answer, error) {
	if secret := s.secretOf(o.Request); secret != "" {
		if err := s.Users.Close(ctx, secret); err != nil {
			return Answer{}, err
		}
	}
	a := See("/login?done=out")
	a.Clear, a.Cookies = true, []*http.Cookie{s.cookie("", -1)}
	return a, nil
}

// Registration says who may join.
const (
	OpenToAll    = "open"
	ByInvitation = "invite"
	ClosedToAll  = "closed"
)

func (s *Site) joinPage(ctx context.Context, o Own) (Answer, error) {
	if p, shut := s.shut(ctx, o, o.Query.Get("invitation")); shut {
		return s.account(ctx, o, p, 0)
	}
	p, _, err := s.joinForm(ctx, user.Joining{Invitation: o.Query.Get("invitation")})
	if err != nil {
		return Answer{}, err
	}
	return s.account(ctx, o, p, 0)
}

// shut is the page of an atlas that takes no new members, or not without an
// invitation.
func (s *Site) shut(ctx context.Context, o Own, invitation string) (p view.AccountPage, shut bool) {
	p = view.AccountPage{Heading: say.T(ctx, "Join"), Ways: []ui.Link{{Text: say.T(ctx, "Sign in"), Path: "/login"}, {Text: say.T(ctx, "All places"), Path: "/places"}}}
	switch {
	case s.Registration == ClosedToAll:
		p.Text = say.T(ctx, "This atlas takes no new members. Reading, finding and taking along need no account.")
	case s.Registration == ByInvitation && (invitation == "" || s.Users.Invited(ctx, invitation) != nil):
		p.Text = say.T(ctx, "Joining needs an invitation. Its link leads here; ask an editor for one. Reading, finding and taking along need no account.")
	default:
		return p, false
	}
	return p, true
}

func (s *Site) joinForm(ctx context.Context, j user.Joining) (view.AccountPage, []*ui.Field, error) {
	challenge, err := s.Users.Challenge()
	p := view.AccountPage{
		Heading: say.T(ctx, "Join"), Text: say.T(ctx, "With an account you keep marks and lists, add places, and mend what is wrong."), Action: "/join", Button: say.T(ctx, "Join"),
		Fields: []ui.Field{
			{ID: "name", Name: "name", Label: say.T(ctx, "Name"), Hint: say.T(ctx, "As everyone sees it beside what you write."), Value: j.Name, Required: true, Autocomplete: "name"},
			{ID: "email", Name: "email", Label: say.T(ctx, "Mail address"), Hint: say.T(ctx, "Nobody else sees it."), Type: "email", Value: j.Email, Required: true, Autocomplete: "username", Inputmode: "email"},
			{ID: "password", Name: "password", Label: say.T(ctx, "Password"), Hint: say.T(ctx, "Eight characters at least; a few words that do not belong together are best."), Type: "password", Required: true, Autocomplete: "new-password"},
		},
		Challenge: challenge, WorkBits: user.WorkBits(),
		Ways: []ui.Link{{Text: say.T(ctx, "I have an account: sign in"), Path: "/login"}, {Text: say.T(ctx, "What is kept about you"), Path: "/privacy"}},
	}
	if s.Provider != nil {
		p.Otherwise = &view.Otherwise{Next: "/join", Provider: say.T(ctx, "Join through %s", s.Provider.Host()), Or: say.T(ctx, "or with a password")}
	}
	if j.Invitation != "" {
		p.Hidden = []ui.Name{{Text: "invitation", Path: j.Invitation}}
		if p.Otherwise != nil { // the invitation goes to the provider and back in the way that leads on
			p.Otherwise.Next = address("/join", url.Values{"invitation": {j.Invitation}}.Encode())
		}
	}
	return p, []*ui.Field{&p.Fields[0], &p.Fields[1], &p.Fields[2]}, err
}

func (s *Site) join(ctx context.Context, o Own) (Answer, error) {
	f := o.Form
	j := user.Joining{Name: f.Get("name"), Email: f.Get("email"), Password: f.Get("password"), Proof: f.Get("proof"), Invitation: f.Get("invitation"), Network: s.door(o).Network}
	if p, shut := s.shut(ctx, o, j.Invitation); shut {
		return s.account(ctx, o, p, http.StatusForbidden)
	}
	if s.Registration != ByInvitation {
		j.Invitation = ""
	}
	err := s.Users.Join(ctx, j)
	if err == nil {
		return s.account(ctx, o, mailed(ctx, say.T(ctx, "Look into your mail"),
			say.T(ctx, "A mail with a link is on its way to %s. The link confirms your address and signs you in.", user.FoldEmail(j.Email))), 0)
	}
	p, fields, e := s.joinForm(ctx, j)
	if e != nil {
		return Answer{}, e
	}
	title, faults, status, ok := shownAs(ctx, err, fields...)
	if !ok {
		return Answer{}, err
	}
	p.Refused, p.Faults = title, faults
	if len(faults) > 0 {
		p.Refused = say.T(ctx, "No account was made yet.")
	}
	return s.account(ctx, o, p, status)
}

func mailed(ctx context.Context, heading, text string) view.AccountPage {
	return view.AccountPage{Heading: heading, Text: text,
		Ways: []ui.Link{{Text: say.T(ctx, "Nothing came: ask for another link"), Path: "/forgotten"}, {Text: say.T(ctx, "All places"), Path: "/places"}}}
}

// ownLinks are the reader's own ways, for the bar.
func (s *Site) ownLinks(ctx context.Context, o Own) []ui.Link {
	a := o.Actor
	links := []ui.Link{{Text: a.Shown, Path: a.Path()}}
	if a.Role.AtLeast(actor.Editor) || o.owes {
		links = append(links, ui.Link{Text: say.T(ctx, "Desk"), Path: "/desk"})
	}
	if a.Role.AtLeast(actor.Admin) {
		links = append(links, ui.Link{Text: say.T(ctx, "Admin"), Path: "/admin"})
	}
	if s.Notices != nil {
		links = append(links, ui.Link{Text: say.T(ctx, "Notifications"), Path: view.NotificationsPath})
	}
	if s.Drafts != nil {
		links = append(links, ui.Link{Text: say.T(ctx, "Your contributions"), Path: "/drafts"})
	}
	if s.Lists != nil {
		links = append(links, ui.Link{Text: say.T(ctx, "Your lists"), Path: "/me/lists"})
	}
	return append(links, ui.Link{Text: say.T(ctx, "Settings"), Path: "/settings"})
}

// when is a moment as the reader's pages tell it.
func when(ctx context.Context, t time.Time) string {
	if t.IsZero() {
		return say.T(ctx, "never")
	}
	return say.Date(ctx, t)
}

// lastUsed is when something was used last, in words that follow when it was made.
func lastUsed(ctx context.Context, t time.Time) string {
	if t.IsZero() {
		return say.T(ctx, "not used yet")
	}
	return say.T(ctx, "last used %s", say.Date(ctx, t))
}

func signInAgain(path string) string { return address("/login", url.Values{"next": {path}}.Encode()) }
