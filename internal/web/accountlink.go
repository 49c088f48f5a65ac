package web

import (
	"context"
	"net/http"
	"net/url"

	"mirabilia/internal/errs"
	"mirabilia/internal/user"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

func (s *Site) forgottenPage(ctx context.Context, o Own) (Answer, error) {
	return s.account(ctx, o, forgottenForm(ctx, "", o.Query.Get("send")), 0)
}

func forgottenForm(ctx context.Context, email, send string) view.AccountPage {
	return view.AccountPage{
		Heading: say.T(ctx, "Sign in by mail"), Text: say.T(ctx, "A mail brings a link that is good once, for a short time."),
		Action: "/forgotten", Button: say.T(ctx, "Send the link"),
		Fields: []ui.Field{
			{ID: "email", Name: "email", Label: say.T(ctx, "Mail address"), Type: "email", Value: email, Required: true, Autocomplete: "username", Inputmode: "email"},
			{ID: "send", Name: "send", Label: say.T(ctx, "What the link is for"), Options: []ui.Option{
				{Value: "magic", Text: say.T(ctx, "To sign in"), Selected: send != "reset"},
				{Value: "reset", Text: say.T(ctx, "To set a new password"), Selected: send == "reset"},
			}},
		},
		Ways: []ui.Link{{Text: say.T(ctx, "Sign in with a password"), Path: "/login"}},
	}
}

func (s *Site) forgotten(ctx context.Context, o Own) (Answer, error) {
	purpose := user.Magic
	if o.Form.Get("send") == "reset" {
		purpose = user.Reset
	}
	email := o.Form.Get("email")
	err := s.Users.Ask(ctx, purpose, email, s.door(o).Network)
	if err == nil {
		return s.account(ctx, o, mailed(ctx, say.T(ctx, "Look into your mail"),
			say.T(ctx, "If there is an account with the address %s, a mail with a link is on its way to it.", user.FoldEmail(email))), 0)
	}
	p := forgottenForm(ctx, email, o.Form.Get("send"))
	title, faults, status, ok := shownAs(ctx, err, &p.Fields[0])
	if !ok {
		return Answer{}, err
	}
	p.Refused, p.Faults = title, faults
	return s.account(ctx, o, p, status)
}

// linkPage shows whose link it is and a button. Only the button spends it:
// programs that look for harm in mails ask for every address in them.
func (s *Site) linkPage(ctx context.Context, o Own) (Answer, error) {
	return secretly(s.showLink(ctx, o))
}

// secretly makes a page one whose address is a secret.
func secretly(a Answer, err error) (Answer, error) {
	if a.Kind == Page {
		a.Kind = Secret
	}
	return a, err
}

func (s *Site) showLink(ctx context.Context, o Own) (Answer, error) {
	purpose, secret := user.Purpose(o.Request.PathValue("purpose")), o.Request.PathValue("secret")
	m, email, err := s.Users.Linked(ctx, purpose, secret)
	if errs.Is(err, errs.NotFound) {
		return s.account(ctx, o, spentLink(ctx), http.StatusNotFound)
	}
	if err != nil {
		return Answer{}, err
	}
	if purpose == user.Appeal && s.Reports != nil {
		return s.showClosed(ctx, o, m, secret, nil)
	}
	return s.account(ctx, o, linkForm(ctx, purpose, secret, m, email), 0)
}

func spentLink(ctx context.Context) view.AccountPage {
	return view.AccountPage{Heading: say.T(ctx, "This link does nothing any more"),
		Text: say.T(ctx, "It was used already, has expired, or a newer one was sent."),
		Ways: []ui.Link{{Text: say.T(ctx, "Ask for another link"), Path: "/forgotten"}, {Text: say.T(ctx, "Sign in"), Path: "/login"}}}
}

// linkPath is the address of a link.
func linkPath(purpose user.Purpose, secret string) string {
	return "/link/" + url.PathEscape(string(purpose)) + "/" + url.PathEscape(secret)
}

func linkForm(ctx context.Context, purpose user.Purpose, secret string, m *user.Member, email string) view.AccountPage {
	p := view.AccountPage{Action: linkPath(purpose, secret)}
	switch purpose {
	case user.Verify:
		p.Heading, p.Button = say.T(ctx, "Confirm your address"), say.T(ctx, "Confirm and sign in")
		p.Text = say.T(ctx, "This is the account of %s, with the address %s.", m.Shown, email)
		p.Checks = stayTick(ctx, false)
	case user.Magic:
		p.Heading, p.Button = say.T(ctx, "Sign in"), say.T(ctx, "Sign in as %s", m.Shown)
		p.Text = say.T(ctx, "This link signs in to the account of %s. If you did not ask for it, close this page.", m.Shown)
		p.Checks = stayTick(ctx, false)
	case user.Reset:
		p.Heading, p.Button = say.T(ctx, "A new password"), say.T(ctx, "Set the password")
		p.Text = say.T(ctx, "For the account of %s. Every browser that is signed in to it will be signed out.", m.Shown)
		p.Fields = []ui.Field{{ID: "password", Name: "password", Label: say.T(ctx, "New password"), Hint: say.T(ctx, "Eight characters at least; a few words that do not belong together are best."), Type: "password", Required: true, Autocomplete: "new-password"}}
	case user.Leaving, user.Coming:
		p.Heading, p.Button = say.T(ctx, "A new address"), say.T(ctx, "Agree")
		p.Text = say.T(ctx, "The account of %s is to have the address %s. It changes when both addresses have agreed.", m.Shown, email)
	case user.Undo:
		p.Heading, p.Button = say.T(ctx, "Take the change back"), say.T(ctx, "Take it back")
		p.Text = say.T(ctx, "The account of %s gets the address %s again. Its password is cleared and every browser signed out.", m.Shown, email)
	}
	return p
}

func (s *Site) followLink(ctx context.Context, o Own) (Answer, error) {
	return secretly(s.goLink(ctx, o))
}

func (s *Site) goLink(ctx context.Context, o Own) (Answer, error) {
	purpose, secret := user.Purpose(o.Request.PathValue("purpose")), o.Request.PathValue("secret")
	if purpose == user.Reset {
		return s.resetPassword(ctx, o, secret)
	}
	m, address, err := s.Users.Linked(ctx, purpose, secret)
	if err == nil && purpose == user.Appeal { // it is good for as long as the appeal may be asked about
		return s.sendClosed(ctx, o, m, secret)
	}
	if err == nil {
		m, err = s.Users.Follow(ctx, purpose, secret)
	}
	if errs.Is(err, errs.NotFound) {
		return s.account(ctx, o, spentLink(ctx), http.StatusNotFound)
	}
	if err != nil {
		return Answer{}, err
	}
	done := view.AccountPage{Ways: []ui.Link{{Text: say.T(ctx, "Sign in"), Path: "/login"}}}
	switch purpose {
	case user.Leaving, user.Coming:
		done.Heading = say.T(ctx, "Agreed")
		done.Text = say.T(ctx, "The address changes when the other one has agreed too; from then on you sign in with it.")
		if m.Email == address { // this was the last one that had to agree
			done.Heading = say.T(ctx, "Your address is changed")
			done.Text = say.T(ctx, "The account has the address %s now. Every browser was signed out; sign in with it.", address)
		}
	case user.Undo:
		done.Heading = say.T(ctx, "Taken back")
		done.Text = say.T(ctx, "The account has its old address again. Set a new password by mail.")
		done.Ways = []ui.Link{{Text: say.T(ctx, "Set a new password"), Path: "/forgotten"}}
	default:
		return s.enter(ctx, o, m, "/settings?done="+string(purpose), nil)
	}
	return s.account(ctx, o, done, 0)
}

func (s *Site) resetPassword(ctx context.Context, o Own, secret string) (Answer, error) {
	_, err := s.Users.ResetPassword(ctx, secret, o.Form.Get("password"))
	if err == nil {
		a := See("/login?done=reset")
		a.Cookies = []*http.Cookie{s.cookie("", -1)}
		return a, nil
	}
	if errs.Is(err, errs.NotFound) {
		return s.account(ctx, o, spentLink(ctx), http.StatusNotFound)
	}
	m, email, e := s.Users.Linked(ctx, user.Reset, secret)
	if e != nil {
		return Answer{}, e
	}
	p := linkForm(ctx, user.Reset, secret, m, email)
	title, faults, status, ok := shownAs(ctx, err, &p.Fields[0])
	if !ok {
		return Answer{}, err
	}
	p.Refused, p.Faults = title, faults
	return s.account(ctx, o, p, status)
}
