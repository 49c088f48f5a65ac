package app

import (
	"mirabilia/internal/db"
	"mirabilia/internal/mail"
	"mirabilia/internal/mail/letters"
	"mirabilia/internal/user"
)

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
	case string(user.Leaving), string(user.Coming):
		m = letters.ConfirmAddress(from, l.To, l.Shown, l.Path)
	case string(user.Undo):
		m = letters.EmailChanged(from, l.To, l.Shown, l.Path)
	case user.NoAccount:
		m = letters.NoAccount(from, l.To)
	case user.KnownAlready:
		m = letters.AlreadyMember(from, l.To, l.Shown)
	default:
		m = letters.AccountChanged(from, l.To, l.Shown, letters.PasswordChanged)
	}
	m.Asked = l.Path != "" // also to an address that letters came back from
	return mail.Enqueue(tx, m)
}
