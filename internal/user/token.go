package user

import (
	"context"
	"database/sql"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/text"
)

// Token is one token of the API, without its secret.
type Token struct {
	ID      int64
	Member  int64
	Name    string
	Scope   actor.Scope
	Created time.Time
	Used    time.Time // about when it was last used; zero for never
	Expires time.Time // zero for never
	// Lasts is how long a token that is made is good, 0 for ever.
	Lasts time.Duration
}

// MaxTokens is how many tokens a member may have.
const MaxTokens = 50

// usedAfter is how stale the time of the last use may grow: a row is not
// written for every call.
const usedAfter = 10 * time.Minute

// AddToken makes a token in a member's name and gives it, which happens once:
// the database knows only its hash. by is the member, or the zero Actor for the
// command line, which may write down more than the account may do yet: what a
// token allows is asked again with each call.
func (u *Users) AddToken(ctx context.Context, by actor.Actor, t Token) (secret string, err error) {
	if !t.Scope.Valid() {
		return "", errs.InField("scope", "is read, contribute, edit or admin")
	}
	// Who asks may at this moment act as less than they are appointed to.
	if asks := by; asks.SignedIn() {
		asks.Scope = t.Scope
		if err := asks.NeedsScope(t.Scope); err != nil {
			return "", errs.InField("scope", "%s is more than you may at this moment", t.Scope)
		}
	}
	t.Name = text.Excerpt(text.CleanLine(t.Name), MaxShown)
	if secret, err = u.newToken(); err != nil {
		return "", err
	}
	err = u.db.Write(ctx, func(tx *db.Tx) error {
		m, err := ByID(tx, t.Member)
		if err != nil {
			return err
		}
		a := m.Actor()
		a.Scope = t.Scope
		if err := a.NeedsScope(t.Scope); err != nil && by.SignedIn() {
			return errs.InField("scope", "%s is more than this account may", t.Scope)
		}
		if err := m.MayWrite(); err != nil {
			return err
		}
		var n int
		if err := tx.QueryRow(`SELECT count(*) FROM tokens WHERE member = $1`, m.ID).Scan(&n); err != nil {
			return err
		}
		if n >= MaxTokens {
			return errs.New(errs.Conflict, "There are %d tokens already. Revoke one first.", n)
		}
		t.ID = tx.DB().NewID()
		if t.Lasts > 0 {
			t.Expires = tx.DB().Now().Add(t.Lasts)
		}
		_, err = tx.Exec(`INSERT INTO tokens (id, member, hash, name, scope, created_at, used_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, 0, $7)`,
			t.ID, m.ID, hashOf(secret), t.Name, string(t.Scope), tx.DB().Millis(), db.Millis(t.Expires))
		if err != nil {
			return err
		}
		if err := audit.Write(tx, by, "token-add", LogKind, m.ID, map[string]any{"scope": t.Scope, "token": t.ID}); err != nil || !by.SignedIn() {
			return err
		}
		return u.Tell(tx, m.ID, TokenMade)
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

// errToken is all that is told about a token that does not work.
var errToken = errs.New(errs.Unsigned, "This token is not known here: it was revoked, has expired, or never was one.")

// ByToken finds who shows a token of the API. Its scope counts together with
// what the member may at this moment.
func (u *Users) ByToken(ctx context.Context, secret string) (a actor.Actor, err error) {
	if !looksLikeToken(secret) {
		return a, errToken
	}
	var used int64
	err = u.db.Read(ctx, func(tx *db.Tx) error {
		var id, expires int64
		var scope actor.Scope
		var m Member
		err := m.scanActor(tx.QueryRow(`SELECT t.id, t.scope, t.used_at, t.expires_at, `+actorColumns+` FROM tokens t JOIN members m ON m.id = t.member
			WHERE t.hash = $1`, hashOf(secret)), &id, &scope, &used, &expires)
		if errs.Is(err, errs.NotFound) || err == nil && expires != 0 && expires <= tx.DB().Millis() {
			return errToken
		}
		if err != nil {
			return err
		}
		if m.State == Banned || m.State == Deleted {
			return errToken
		}
		a = m.Actor()
		a.Token, a.Scope = id, scope
		return nil
	})
	if err != nil || u.db.Millis()-used < usedAfter.Milliseconds() {
		return a, err
	}
	return a, u.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE tokens SET used_at = $2 WHERE id = $1`, a.Token, tx.DB().Millis())
		return err
	})
}

// Tokens lists a member's own tokens, newest first.
func (u *Users) Tokens(ctx context.Context, a actor.Actor) (list []Token, err error) {
	err = u.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.Query(`SELECT id, member, name, scope, created_at, used_at, expires_at FROM tokens WHERE member = $1 ORDER BY id DESC`, a.ID)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var t Token
			var created, used, expires int64
			err := r.Scan(&t.ID, &t.Member, &t.Name, &t.Scope, &created, &used, &expires)
			t.Created, t.Used, t.Expires = db.Time(created), db.Time(used), db.Time(expires)
			list = append(list, t)
			return err
		})
	})
	return list, err
}

// RevokeToken ends one of a member's own tokens.
func (u *Users) RevokeToken(ctx context.Context, a actor.Actor, id int64) error {
	return u.db.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(`DELETE FROM tokens WHERE id = $1 AND member = $2`, id, a.ID)
		if err == nil && n == 0 {
			err = errs.New(errs.NotFound, "There is no such token.")
		}
		if err != nil {
			return err
		}
		return audit.Write(tx, a, "token-revoke", LogKind, a.ID, map[string]any{"token": id})
	})
}
