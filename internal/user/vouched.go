package user

import (
	"context"
	"strings"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/setting"
)

// JoinVouched makes an account whose address somebody else has proved: the
// operator's provider. then runs in the same transaction, to keep what signs the
// member in. A name that cannot be one is replaced by the beginning of the
// address.
func (u *Users) JoinVouched(ctx context.Context, j Joining, then func(*db.Tx, *Member) error) (*Member, error) {
	name := j.Name
	_, unfit := CheckShown(name)
	if unfit == nil {
		unfit = u.db.Read(ctx, func(tx *db.Tx) error {
			return setting.Refuse(tx, actor.Actor{}, setting.OfName, setting.Said{Field: "name", Text: name})
		})
	}
	if errs.Is(unfit, errs.Invalid) {
		name, _, _ = strings.Cut(FoldEmail(j.Email), "@")
	} else if unfit != nil {
		return nil, unfit
	}
	m, err := u.draft(ctx, Account{Email: j.Email, Name: name, Role: actor.Member, Verified: true})
	if err != nil {
		return nil, err
	}
	err = u.db.Write(ctx, func(tx *db.Tx) error { return joinsFrom.take(tx, joinsFrom.key(j.Network)) })
	if err != nil {
		return nil, err
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
		return then(tx, m)
	})
	return m, err
}

// Vouched gives an account that nobody has confirmed to whoever has proved its
// address otherwise. Whoever made it need not be the same: what they could come
// in by ends.
func (u *Users) Vouched(ctx context.Context, member int64, email string, then func(*db.Tx, *Member) error) (m *Member, err error) {
	err = u.db.Write(ctx, func(tx *db.Tx) error {
		if m, err = ByID(tx, member); err != nil {
			return err
		}
		if err := m.mayEnter(); err != nil {
			return err
		}
		if m.Email != FoldEmail(email) || !m.Verified.IsZero() {
			return errLink
		}
		if err := endWays(tx, m.ID); err != nil {
			return err
		}
		if _, err := tx.Exec(`UPDATE members SET verified_at = $2, revision = revision + 1 WHERE id = $1`, m.ID, tx.DB().Millis()); err != nil {
			return err
		}
		changes.Append(tx, LogKind, m.ID, changes.Put)
		if err := audit.Write(tx, m.Actor(), "verify", LogKind, m.ID, nil); err != nil {
			return err
		}
		return then(tx, m)
	})
	return m, err
}

// endWays takes away all that a member could come in by: password, sessions,
// tokens, links, second factors, passkeys, identities.
func endWays(tx *db.Tx, member int64) error {
	for _, text := range []string{
		`UPDATE members SET password = '' WHERE id = $1`, `DELETE FROM sessions WHERE member = $1`, `DELETE FROM tokens WHERE member = $1`,
		`DELETE FROM links WHERE member = $1`, `DELETE FROM factors WHERE member = $1`, `DELETE FROM recovery_codes WHERE member = $1`,
		`DELETE FROM passkeys WHERE member = $1`, `DELETE FROM identities WHERE member = $1`,
	} {
		if _, err := tx.Exec(text, member); err != nil {
			return err
		}
	}
	return nil
}
