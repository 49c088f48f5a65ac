package factor

import (
	"context"
	"database/sql"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/user"
)

// Identity is an account at a provider that signs a member in.
type Identity struct {
	Issuer, Subject string
	Email           string // as the provider told it when it was joined
	Created, Used   time.Time
}

func identitiesOf(tx *db.Tx, member int64) (list []Identity, err error) {
	rows, err := tx.Query(`SELECT issuer, subject, email, created_at, used_at FROM identities WHERE member = $1 ORDER BY issuer, subject`, member)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var i Identity
		var created, used int64
		err := r.Scan(&i.Issuer, &i.Subject, &i.Email, &created, &used)
		i.Created, i.Used = db.Time(created), db.Time(used)
		list = append(list, i)
		return err
	})
	return list, err
}

// MemberOf is the member whom an identity signs in, NotFound where nobody has
// joined it. The address that the provider tells plays no part in it.
func (f *Factors) MemberOf(ctx context.Context, c Claims) (member int64, err error) {
	err = f.db.Write(ctx, func(tx *db.Tx) error {
		err := tx.QueryRow(`SELECT member FROM identities WHERE issuer = $1 AND subject = $2`, c.Issuer, c.Subject).Scan(&member)
		if err != nil {
			return err
		}
		_, err = tx.Exec(`UPDATE identities SET used_at = $1 WHERE issuer = $2 AND subject = $3`, tx.DB().Millis(), c.Issuer, c.Subject)
		return err
	})
	return member, err
}

// Join lets an identity sign in the member who asks for it.
func (f *Factors) Join(ctx context.Context, who actor.Actor, c Claims) error {
	if err := who.Needs(actor.Member); err != nil {
		return err
	}
	return f.db.Write(ctx, func(tx *db.Tx) error {
		if err := user.Proven(tx, who); err != nil {
			return err
		}
		added, err := joined(tx, who, c)
		if err != nil || !added {
			return err
		}
		return f.changed(tx, who, "identity-add", map[string]any{"issuer": c.Issuer})
	})
}

// JoinIn lets an identity sign a member in, in the transaction that made the
// account for it: there is nobody yet who would have to be told.
func (f *Factors) JoinIn(tx *db.Tx, who actor.Actor, c Claims) error {
	added, err := joined(tx, who, c)
	if err != nil || !added {
		return err
	}
	return audit.Write(tx, who, "identity-add", auditKind, who.ID, map[string]any{"issuer": c.Issuer})
}

func joined(tx *db.Tx, who actor.Actor, c Claims) (added bool, err error) {
	n, err := tx.Exec(`INSERT INTO identities (issuer, subject, member, email, created_at, used_at) VALUES ($1, $2, $3, $4, $5, 0) ON CONFLICT (issuer, subject) DO NOTHING`,
		c.Issuer, c.Subject, who.ID, c.Email, tx.DB().Millis())
	if err != nil {
		return false, err
	}
	if n == 0 {
		var of int64
		if err := tx.QueryRow(`SELECT member FROM identities WHERE issuer = $1 AND subject = $2`, c.Issuer, c.Subject).Scan(&of); err != nil {
			return false, err
		}
		if of != who.ID {
			return false, errs.New(errs.Conflict, "Another member of the atlas signs in with this account of the provider.")
		}
	}
	return n > 0, nil
}

// Part takes an identity from a member.
func (f *Factors) Part(ctx context.Context, who actor.Actor, issuer, subject string) error {
	return f.db.Write(ctx, func(tx *db.Tx) error {
		if err := user.Proven(tx, who); err != nil {
			return err
		}
		n, err := tx.Exec(`DELETE FROM identities WHERE issuer = $1 AND subject = $2 AND member = $3`, issuer, subject, who.ID)
		if err != nil || n == 0 {
			return err
		}
		return f.changed(tx, who, "identity-remove", map[string]any{"issuer": issuer})
	})
}
