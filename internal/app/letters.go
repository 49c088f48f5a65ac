package app

import (
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/mail"
	"mirabilia/internal/mail/letters"
	"mirabilia/internal/user"
)

// accountChanges are the changes to an account's safety that its owner is told of,
// as packages user and factor call them.
var accountChanges = map[string]letters.Change{
	user.PasswordChanged: letters.PasswordChanged, user.TokenMade: letters.TokenMade,
	"factor-add": letters.FactorAdded, "factor-remove": letters.FactorRemoved, "codes-new": letters.CodesMade, "code-use": letters.CodeUsed,
	"passkey-add": letters.PasskeyAdded, "passkey-remove": letters.PasskeyRemoved,
	"identity-add": letters.ProviderJoined, "identity-remove": letters.ProviderParted,
}

// letter sends what an account needs to tell or to ask its owner, as a job of the
// transaction that causes it.
func (a *App) letter(tx *db.Tx, l user.Letter) error {
	name := a.atlasName(tx.Context())
	if name == "" {
		name = "Mirabilia"
	}
	from := letters.Atlas{Name: name, URL: a.config.URL}
	var m mail.Message
	switch l.Kind {
	case string(user.Verify):
		m = letters.Verify(from, l.To, l.Shown, l.Path)
	case string(user.Magic):
		m = letters.MagicLink(from, l.To, l.Path)
	case string(user.Reset):
		m = letters.ResetPassword(from, l.To, l.Path)
	case string(user.Leaving):
		m = letters.LeaveAddress(from, l.To, l.Shown, l.About, l.Path)
	case string(user.Coming):
		m = letters.ConfirmAddress(from, l.To, l.Shown, l.Path)
	case string(user.Undo):
		m = letters.EmailChanged(from, l.To, l.Shown, l.Path)
	case user.NoAccount:
		m = letters.NoAccount(from, l.To)
	case user.KnownAlready:
		m = letters.AlreadyMember(from, l.To, l.Shown)
	case string(user.Suspended):
		m = letters.Suspended(from, l.To, l.Shown, l.Reason, l.Until)
	case string(user.Banned):
		m = letters.Closed(from, l.To, l.Shown, l.Reason, l.Path)
	case string(user.Active):
		m = letters.Reopened(from, l.To, l.Shown)
	default:
		c, ok := accountChanges[l.Kind]
		if !ok {
			return errs.New(errs.Internal, "no letter tells of %q", l.Kind)
		}
		m = letters.AccountChanged(from, l.To, l.Shown, c)
	}
	m.Asked = l.Path != "" // also to an address that letters came back from
	return mail.Enqueue(tx, m)
}
