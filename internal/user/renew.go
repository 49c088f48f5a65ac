package user

import (
	"context"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/setting"
)

// Renew notes that the browser's owner has proved anew who they are, by a second
// factor or a passkey where factor says so. The cookie's old secret is worth
// nothing afterwards; stays is whether the new one outlasts the browser.
func (u *Users) Renew(ctx context.Context, a actor.Actor, factor bool) (secret string, stays bool, err error) {
	if err := a.Needs(actor.Member); err != nil {
		return "", false, err
	}
	if secret, err = u.secret(); err != nil {
		return "", false, err
	}
	err = u.db.Write(ctx, func(tx *db.Tx) error {
		err := tx.QueryRow(`SELECT stays FROM sessions WHERE id = $1 AND member = $2`, a.Session, a.ID).Scan(&stays)
		if errs.Is(err, errs.NotFound) {
			return errs.New(errs.Unsigned, "Sign in first.")
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(`UPDATE sessions SET hash = $2, proven_at = $3, factor = (factor OR $4) WHERE id = $1`, a.Session, hashOf(secret), tx.DB().Millis(), factor)
		return err
	})
	return secret, stays, err
}

// RequireFactor says whether editors and admins must have shown a second factor
// to act as such. Who switches it on must have: they would lock themselves out.
func (u *Users) RequireFactor(ctx context.Context, a actor.Actor, book *setting.Book, on bool) error {
	if err := a.Needs(actor.Admin); err != nil {
		return err
	}
	if on && !a.Factor {
		return errs.New(errs.Denied, "Sign in with a second factor yourself first: this would lock you out.")
	}
	return book.Update(ctx, func(s *setting.Settings) { s.RequireFactor = on }, func(tx *db.Tx) error {
		return audit.Write(tx, a, "require-factor", LogKind, a.ID, map[string]any{"on": on})
	})
}

// Knock counts that somebody in a network begins to sign in by other means than
// a password, each of which leaves a row for some minutes.
func (u *Users) Knock(ctx context.Context, network string) error {
	return u.db.Write(ctx, func(tx *db.Tx) error { return knocksFrom.take(tx, knocksFrom.key(network)) })
}
