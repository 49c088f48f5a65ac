package user

import (
	"context"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/setting"
)

// Joining is what somebody sends who wants an account.
type Joining struct {
	Name, Email, Password string
	// Proof is the answer to a challenge of work, "" where no script ran: fewer
	// may then join from one network.
	Proof string
	// Invitation is the secret of one, where the atlas asks for it.
	Invitation string
	Network    string
}

// Join makes an account whose address is still to be confirmed, and sends the
// mail that does it. Whether there was an account with that address already is
// told to its owner, by mail, and to nobody else.
func (u *Users) Join(ctx context.Context, j Joining) error {
	email, err := CheckEmail(j.Email)
	shown, e := CheckShown(j.Name)
	fields := joined(err, e, CheckPassword(j.Password, j.Name, j.Email))
	if len(fields) > 0 {
		return &errs.Error{Code: errs.Invalid, Message: "Some of this cannot be.", Fields: fields}
	}
	err = u.db.Read(ctx, func(tx *db.Tx) error {
		return setting.Refuse(tx, actor.Actor{}, setting.OfName, setting.Said{Field: "name", Text: shown})
	})
	if err != nil {
		return err
	}
	m, err := u.draft(ctx, Account{Email: email, Name: shown, Role: actor.Member, Password: j.Password})
	if err != nil {
		return err
	}
	l := plainJoinsFrom
	if j.Proof != "" {
		l = joinsFrom
	}
	err = u.db.Write(ctx, func(tx *db.Tx) error {
		if err := l.take(tx, l.key(j.Network)); err != nil {
			return err
		}
		if j.Proof != "" {
			if err := u.spendProof(tx, j.Proof); err != nil {
				return err
			}
		}
		return mailsTo.take(tx, mailsTo.key(email))
	})
	if err != nil {
		return err
	}
	err = u.insert(ctx, m, func(tx *db.Tx) error {
		if j.Invitation != "" {
			if err := useInvitation(tx, j.Invitation, m.ID); err != nil {
				return err
			}
		}
		if err := audit.Write(tx, m.Actor(), "join", LogKind, m.ID, nil); err != nil {
			return err
		}
		return u.newLink(tx, m, Verify, m.Email, m.Email)
	})
	if errs.Is(err, errs.Conflict) {
		return u.db.Write(ctx, func(tx *db.Tx) error { return u.joinAgain(tx, email) })
	}
	return err
}

// joinAgain writes to the owner of an account that somebody wanted to make
// again: a new link when it was never confirmed.
func (u *Users) joinAgain(tx *db.Tx, email string) error {
	m, err := byEmail(tx, email)
	switch {
	case errs.Is(err, errs.NotFound):
		return nil // it was deleted this moment
	case err != nil:
		return err
	case m.Verified.IsZero():
		return u.newLink(tx, m, Verify, m.Email, m.Email)
	}
	return u.send(tx, Letter{Kind: KnownAlready, To: m.Email, Shown: m.Shown})
}

// joined gathers the fields of several errors.
func joined(list ...error) (fields []errs.Field) {
	for _, err := range list {
		var e *errs.Error
		if asError(err, &e) {
			fields = append(fields, e.Fields...)
		}
	}
	return fields
}
