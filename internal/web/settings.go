package web

import (
	"context"
	"net/http"
	"strconv"

	"mirabilia/internal/actor"
	"mirabilia/internal/errs"
	"mirabilia/internal/user"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

func orWord(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func roleWord(ctx context.Context, r actor.Role) string {
	switch r {
	case actor.Editor:
		return say.T(ctx, "Editor")
	case actor.Admin:
		return say.T(ctx, "Admin")
	}
	return say.T(ctx, "Member")
}

// privacyParts are the parts of a profile whose privacy a member chooses.
var privacyParts = []struct{ name, label string }{
	{"been", "Places you have been to"}, {"want", "Places you want to go to"}, {"visits", "Visits"}, {"statistics", "Statistics by country"},
}

var privacyWords2 = []struct{ value, label string }{{"public", "Everyone"}, {"followers", "Your followers"}, {"me", "Only you"}}

func (s *Site) settingsPage(ctx context.Context, o Own) (Answer, error) {
	p, err := s.settings(ctx, o)
	if err != nil {
		return Answer{}, err
	}
	if text := settingsDone(ctx, o.Query.Get("done")); text != "" {
		p.Notice = &ui.Banner{Tone: "ok", Statement: text}
	}
	return s.render(ctx, view.Settings(p))
}

func settingsDone(ctx context.Context, done string) string {
	switch done {
	case "profile", "privacy", "picture":
		return say.T(ctx, "Kept.")
	case "confirm":
		return say.T(ctx, "A mail with a link is on its way; follow it to confirm your address.")
	case "verify":
		return say.T(ctx, "Your address is confirmed. Welcome.")
	case "magic":
		return say.T(ctx, "You are signed in.")
	case "email":
		return say.T(ctx, "Two mails are on their way: one to your old address, one to the new. The change is made when both have agreed.")
	case "password":
		return say.T(ctx, "The password is changed. Every other browser was signed out.")
	case "session":
		return say.T(ctx, "Signed out there.")
	case "token":
		return say.T(ctx, "The token is revoked.")
	}
	return ""
}

// settings gathers a member's own account.
func (s *Site) settings(ctx context.Context, o Own) (view.SettingsPage, error) {
	b, err := s.ownBase(ctx, o, say.T(ctx, "Settings"), say.T(ctx, "Your account: what others see of you, how you sign in."))
	if err != nil {
		return view.SettingsPage{}, err
	}
	m, err := s.Users.ByID(ctx, o.Actor.ID)
	if err != nil {
		return view.SettingsPage{}, err
	}
	p := view.SettingsPage{Base: b, Email: m.Email, HasPassword: m.HasPassword, Fresh: s.Users.NeedsProof(o.Actor) == nil,
		SignIn: ui.Link{Text: say.T(ctx, "Sign in once more"), Path: signInAgain("/settings")},
		Parts:  s.settingsParts(ctx, m),
		Profile: []ui.Field{
			{ID: "name", Name: "name", Label: say.T(ctx, "Name"), Value: m.Shown, Required: true, Autocomplete: "name"},
			{ID: "bio", Name: "bio", Label: say.T(ctx, "About you"), Hint: say.T(ctx, "Markdown; at most 2,000 characters."), Value: m.Bio, Lines: 5},
		},
		EmailField: ui.Field{ID: "email", Name: "email", Label: say.T(ctx, "New address"), Type: "email", Required: true, Autocomplete: "email"},
		Password:   ui.Field{ID: "password", Name: "password", Label: say.T(ctx, "New password"), Hint: say.T(ctx, "Eight characters at least; a few words that do not belong together are best."), Type: "password", Required: true, Autocomplete: "new-password"},
	}
	if !m.Bounced.IsZero() {
		p.Bounced = &ui.Banner{Tone: "warn", Statement: say.T(ctx, "Mails to %s come back, since %s. Until you confirm the address anew or change it, the atlas sends it no others.", m.Email, when(ctx, m.Bounced)),
			Rest: say.T(ctx, "The mail server said: %s", m.BouncedWords)}
	}
	if s.Portraits != nil && !o.Actor.Suspended {
		p.Picture = &view.PictureForm{Person: ui.Person{Name: m.Shown}, Picture: m.Avatar, File: ui.Field{ID: "file", Name: "file", Label: say.T(ctx, "A picture of you"),
			Hint: say.T(ctx, "JPEG, HEIC, PNG, WebP, GIF or AVIF, up to 30 MB. Its middle is shown, as a square; nothing else that is in the file is kept.")}}
	}
	if o.Actor.Suspended {
		p.Notice = &ui.Banner{Tone: "warn", Statement: say.T(ctx, "This account is suspended: it can read and write nothing."), Rest: m.Reason}
		if s.Reports != nil && s.Desk != nil {
			p.Notice.Link = &ui.Link{Text: say.T(ctx, "Until when, and how to appeal"), Path: appealPath}
		}
	}
	p.Profile = append(p.Profile, linkFields(ctx, m.Links)...)
	for _, part := range privacyParts {
		f := ui.Field{ID: "privacy-" + part.name, Name: part.name, Label: say.T(ctx, part.label)}
		for _, w := range privacyWords2 {
			f.Options = append(f.Options, ui.Option{Value: w.value, Text: say.T(ctx, w.label), Selected: orWord(m.Settings.Privacy[part.name], "me") == w.value})
		}
		p.PrivacyOptions = append(p.PrivacyOptions, f)
	}
	if err := s.doorsAndTokens(ctx, o.Actor, &p); err != nil {
		return p, err
	}
	p.TokenFields = tokenFields(ctx, o.Actor)
	return p, nil
}

func linkFields(ctx context.Context, links []user.Link) (out []ui.Field) {
	for i := range user.MaxLinks {
		var l user.Link
		if i < len(links) {
			l = links[i]
		} else if i > len(links) { // one empty pair is enough
			break
		}
		n := strconv.Itoa(i + 1)
		out = append(out,
			ui.Field{ID: "label" + n, Name: "label" + n, Label: say.T(ctx, "Link %s: its words", n), Value: l.Label},
			ui.Field{ID: "url" + n, Name: "url" + n, Label: say.T(ctx, "Link %s: its address", n), Value: l.URL, Type: "url", Placeholder: "https://"})
	}
	return out
}

func (s *Site) doorsAndTokens(ctx context.Context, a actor.Actor, p *view.SettingsPage) error {
	sessions, err := s.Users.Sessions(ctx, a)
	if err != nil {
		return err
	}
	for _, x := range sessions {
		p.Sessions = append(p.Sessions, view.SessionRow{ID: strconv.FormatInt(x.ID, 10), Agent: browserName(ctx, x.Agent), Network: x.Network,
			Since: view.Moment(ctx, x.Created), Seen: view.Moment(ctx, x.Seen), Here: x.ID == a.Session})
	}
	tokens, err := s.Users.Tokens(ctx, a)
	for _, x := range tokens {
		row := view.TokenRow{ID: strconv.FormatInt(x.ID, 10), Name: orWord(x.Name, say.T(ctx, "A token without a name")), Scope: string(x.Scope), Since: when(ctx, x.Created), Used: lastUsed(ctx, x.Used)}
		if !x.Expires.IsZero() {
			row.Until = when(ctx, x.Expires)
		}
		p.Tokens = append(p.Tokens, row)
	}
	return err
}

func tokenFields(ctx context.Context, a actor.Actor) []ui.Field {
	scopes := []ui.Option{{Value: "read", Text: say.T(ctx, "Read")}, {Value: "contribute", Text: say.T(ctx, "Contribute: marks, submissions, photos")}}
	if a.Role.AtLeast(actor.Editor) {
		scopes = append(scopes, ui.Option{Value: "edit", Text: say.T(ctx, "Edit: decide on the desk")})
	}
	if a.Role.AtLeast(actor.Admin) {
		scopes = append(scopes, ui.Option{Value: "admin", Text: say.T(ctx, "Everything you may")})
	}
	return []ui.Field{
		{ID: "token-name", Name: "name", Label: say.T(ctx, "What it is for"), Required: true},
		{ID: "token-scope", Name: "scope", Label: say.T(ctx, "What it may"), Options: scopes},
	}
}

// changeSettings does one of the things on the page of settings.
func (s *Site) changeSettings(ctx context.Context, o Own) (Answer, error) {
	f, a := o.Form, o.Actor
	var err error
	done := f.Get("do")
	switch done {
	case "profile":
		p := user.Profile{Shown: f.Get("name"), Bio: f.Get("bio")}
		for i := range user.MaxLinks {
			n := strconv.Itoa(i + 1)
			p.Links = append(p.Links, user.Link{Label: f.Get("label" + n), URL: f.Get("url" + n)})
		}
		if err = s.Users.Describe(ctx, a, p); err == nil {
			err = s.caughtUp(ctx)
		}
	case "privacy":
		err = s.Users.Choose(ctx, a, func(x *user.Settings) {
			x.Privacy = map[string]string{}
			for _, part := range privacyParts {
				if v := f.Get(part.name); v == "public" || v == "followers" {
					x.Privacy[part.name] = v
				}
			}
		})
	case "email":
		err = s.Users.ChangeEmail(ctx, a, f.Get("email"))
	case "confirm":
		err = s.Users.ConfirmAnew(ctx, a)
	case "password":
		err = s.Users.ChangePassword(ctx, a, f.Get("password"))
	case "end-session":
		id, e := strconv.ParseInt(f.Get("id"), 10, 64)
		if e != nil && f.Get("id") != "others" {
			return Answer{}, errs.New(errs.NotFound, "That session has ended already.")
		}
		done, err = "session", s.Users.EndSession(ctx, a, id)
	case "token":
		return s.makeToken(ctx, o)
	case "revoke-token":
		id, _ := strconv.ParseInt(f.Get("id"), 10, 64) // 0 is no token's
		done, err = "token", s.Users.RevokeToken(ctx, a, id)
	default:
		return Answer{}, errs.InField("do", "is nothing that this page does")
	}
	if err == nil {
		return See("/settings?done=" + done), nil
	}
	return s.settingsAgain(ctx, o, err)
}

// settingsAgain shows the page with what was wrong and what was typed.
func (s *Site) settingsAgain(ctx context.Context, o Own, err error) (Answer, error) {
	p, e := s.settings(ctx, o)
	if e != nil {
		return Answer{}, e
	}
	var fields []*ui.Field
	switch o.Form.Get("do") {
	case "profile":
		for i := range p.Profile {
			p.Profile[i].Value = o.Form.Get(p.Profile[i].Name)
			fields = append(fields, &p.Profile[i])
		}
		if x, ok := faultsOf(err); ok { // which of the links it was is not told apart
			for i := range x {
				if x[i].Field == "links" {
					x[i].Field = "url1"
				}
			}
		}
	case "email":
		p.EmailField.Value = o.Form.Get("email")
		fields = append(fields, &p.EmailField)
	case "password":
		fields = append(fields, &p.Password)
	case "token":
		p.TokenFields[0].Value = o.Form.Get("name")
		fields = append(fields, &p.TokenFields[1])
	}
	title, faults, status, ok := shownAs(ctx, err, fields...)
	if !ok {
		return Answer{}, err
	}
	p.Refused, p.Faults = title, faults
	a, err := s.render(ctx, view.Settings(p))
	a.Status = status
	return a, err
}

// makeToken makes a token and shows it, which happens once.
func (s *Site) makeToken(ctx context.Context, o Own) (Answer, error) {
	err := s.Users.NeedsProof(o.Actor)
	secret := ""
	if err == nil {
		secret, err = s.Users.AddToken(ctx, o.Actor, user.Token{Member: o.Actor.ID, Name: o.Form.Get("name"), Scope: actor.Scope(o.Form.Get("scope"))})
	}
	if err != nil {
		return s.settingsAgain(ctx, o, err)
	}
	p, err := s.settings(ctx, o)
	if err != nil {
		return Answer{}, err
	}
	p.NewToken = secret
	a, err := s.render(ctx, view.Settings(p))
	a.Status = http.StatusCreated
	return a, err
}

// settingsParts lead to what has a page of its own.
func (s *Site) settingsParts(ctx context.Context, m *user.Member) []ui.Link {
	parts := []ui.Link{{Text: say.T(ctx, "Your page"), Path: m.Path()}}
	if s.Factors != nil {
		parts = append(parts, ui.Link{Text: say.T(ctx, "Second factor and passkeys"), Path: securityPath})
	}
	if s.Factors != nil && s.Owned != nil {
		parts = append(parts, ui.Link{Text: say.T(ctx, "Your data, and leaving"), Path: dataPath})
	}
	if s.Follows != nil {
		parts = append(parts, ui.Link{Text: say.T(ctx, "Whom you have blocked"), Path: "/settings/blocked"})
	}
	if s.Reports != nil {
		parts = append(parts, ui.Link{Text: say.T(ctx, "What you reported"), Path: "/me/reports"})
	}
	return append(parts, s.newsLinks(ctx)...)
}
