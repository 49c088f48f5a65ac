package user

import (
	"context"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/text"
)

// maxBounced is how much is kept of what a mail server said, in bytes.
const maxBounced = 300

// Bounced notes that a mail server refused an address for good: no letters go
// there until its member confirms it anew.
func (u *Users) Bounced(ctx context.Context, email, reason string) error {
	reason = text.CleanLine(reason)
	if len(reason) > maxBounced {
		reason = text.CleanLine(reason[:maxBounced])
	}
	return u.db.Write(ctx, func(tx *db.Tx) error {
		m, err := byEmail(tx, email)
		if errs.Is(err, errs.NotFound) {
			return nil // of nobody, or of one who has left
		}
		if err != nil {
			return err
		}
		n, err := tx.Exec(`UPDATE members SET bounced_at = $2, bounced = $3, revision = revision + 1 WHERE id = $1 AND bounced_at = 0`, m.ID, tx.DB().Millis(), reason)
		if err != nil || n == 0 {
			return err
		}
		return audit.Write(tx, actor.Actor{}, "mail.refused", LogKind, m.ID, nil)
	})
}

// Closed reports whether an address is one that letters came back from.
func (u *Users) Closed(ctx context.Context, email string) (closed bool, err error) {
	err = u.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM members WHERE email = $1 AND bounced_at <> 0)`, email).Scan(&closed)
	})
	return closed, err
}

// ConfirmAnew sends the actor a link to an address that letters came back from;
// who follows it gets letters there again.
func (u *Users) ConfirmAnew(ctx context.Context, a actor.Actor) error {
	if err := a.Needs(actor.Member); err != nil {
		return err
	}
	m, err := u.ByID(ctx, a.ID)
	if err != nil {
		return err
	}
	if m.Bounced.IsZero() {
		return errs.New(errs.Conflict, "Mails to your address arrive.")
	}
	return u.sendVerification(ctx, m)
}

// reached notes that somebody has read a letter at an address.
func reached(tx *db.Tx, m *Member, email string) error {
	if m.Bounced.IsZero() || m.Email != email {
		return nil
	}
	_, err := tx.Exec(`UPDATE members SET bounced_at = 0, bounced = '', revision = revision + 1 WHERE id = $1`, m.ID)
	return err
}
