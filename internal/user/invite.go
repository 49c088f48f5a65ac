package user

import (
	"context"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// inviteGood is how long an invitation is.
const inviteGood = 14 * 24 * time.Hour

// Invite makes an invitation and gives the path of its link, which is shown
// once. Editors may where the atlas is closed to others.
func (u *Users) Invite(ctx context.Context, a actor.Actor) (path string, err error) {
	if err := a.Needs(actor.Editor); err != nil {
		return "", err
	}
	secret, err := u.secret()
	if err != nil {
		return "", err
	}
	return "/join?invitation=" + secret, u.db.Write(ctx, func(tx *db.Tx) error {
		now := tx.DB().Millis()
		id := tx.DB().NewID()
		_, err := tx.Exec(`INSERT INTO invitations (id, hash, email, by_member, created_at, expires_at, used_at) VALUES ($1, $2, '', $3, $4, $5, 0)`,
			id, hashOf(secret), a.ID, now, now+inviteGood.Milliseconds())
		if err != nil {
			return err
		}
		return audit.Write(tx, a, "invite", LogKind, a.ID, map[string]any{"invitation": id})
	})
}

var errInvitation = errs.New(errs.Denied, "This invitation was used already or has expired. Ask for another.")

// Invited tells whether an invitation can be used.
func (u *Users) Invited(ctx context.Context, secret string) error {
	return u.db.Read(ctx, func(tx *db.Tx) error {
		var n int
		err := tx.QueryRow(`SELECT count(*) FROM invitations WHERE hash = $1 AND used_at = 0 AND expires_at > $2`, hashOf(secret), tx.DB().Millis()).Scan(&n)
		if err == nil && n == 0 {
			err = errInvitation
		}
		return err
	})
}

func useInvitation(tx *db.Tx, secret string, member int64) error {
	now := tx.DB().Millis()
	n, err := tx.Exec(`UPDATE invitations SET used_at = $2, used_by = $3 WHERE hash = $1 AND used_at = 0 AND expires_at > $2`, hashOf(secret), now, member)
	if err == nil && n == 0 {
		err = errInvitation
	}
	return err
}
