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

// How long a session lasts without a sign of life, and at most; shorter for
// those who can do more harm.
const (
	idle         = 30 * 24 * time.Hour
	longest      = 180 * 24 * time.Hour
	staffIdle    = 12 * time.Hour
	staffLongest = 7 * 24 * time.Hour
	// seenAfter is how stale the last sign of life may grow: a row is not
	// written for every page.
	seenAfter = 5 * time.Minute
	// Fresh is how long a proof of who it is lets one change what matters:
	// address, password, tokens.
	Fresh = 15 * time.Minute
)

// Session is one browser that is signed in.
type Session struct {
	ID      int64
	Agent   string // what the browser calls itself
	Network string
	Factor  bool
	Created time.Time
	Seen    time.Time
}

// Door is how a browser comes in: from where, as what, and for how long.
type Door struct {
	Network string // see NetworkOf
	Agent   string
	Stays   bool // after the browser is closed
	Factor  bool // a second factor or a passkey was shown
}

// errSignIn is all that is told about an address and a password that do not
// belong together, whether there is an account or not.
var errSignIn = errs.New(errs.Invalid, "The address and the password do not belong together.")

// ErrUnverified is for who knows the password of an account whose address was
// never confirmed; a mail that can do it is on its way.
var ErrUnverified = errs.New(errs.Denied, "Your address is not confirmed yet. A mail with a link that does it is on its way to you.")

// Prove finds the member with an address and a password. It does the same work
// whether there is one or not. Whoever calls it opens a session then, after a
// second factor where the member has one (NeedsFactor).
func (u *Users) Prove(ctx context.Context, email, password string, d Door) (*Member, error) {
	email = FoldEmail(email)
	account, network := accountFailures.key(email, d.Network), networkFailures.key(d.Network)
	var m *Member
	err := u.db.Read(ctx, func(tx *db.Tx) (err error) {
		for key, l := range map[string]limit{account: accountFailures, network: networkFailures} {
			wait, err := l.full(tx, key)
			if err != nil {
				return err
			}
			if wait > 0 {
				return tooOften(wait)
			}
		}
		m, err = byEmail(tx, email)
		if errs.Is(err, errs.NotFound) {
			m, err = &Member{}, nil
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	ok, stale, err := u.matches(ctx, password, m.password)
	if err != nil {
		return nil, err
	}
	if !ok {
		err := u.db.Write(ctx, func(tx *db.Tx) error {
			if err := accountFailures.note(tx, account); err != nil {
				return err
			}
			return networkFailures.note(tx, network)
		})
		if err == nil {
			err = errSignIn
		}
		return nil, err
	}
	if stale {
		if err := u.rehash(ctx, m, password); err != nil {
			return nil, err
		}
	}
	return m, u.welcome(ctx, m, account)
}

func (u *Users) rehash(ctx context.Context, m *Member, password string) error {
	hash, err := u.hash(ctx, password)
	if err != nil {
		return err
	}
	return u.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE members SET password = $2 WHERE id = $1 AND password = $3`, m.ID, hash, m.password)
		return err
	})
}

// welcome refuses who knows the password and may not come in all the same.
func (u *Users) welcome(ctx context.Context, m *Member, account string) error {
	if err := m.mayEnter(); err != nil {
		return err
	}
	if m.Verified.IsZero() {
		if err := u.sendVerification(ctx, m); err != nil && !errs.Is(err, errs.TooMany) {
			return err
		}
		return ErrUnverified
	}
	return u.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`DELETE FROM attempts WHERE bucket = $1`, account)
		return err
	})
}

// mayEnter says why a member may not sign in.
func (m *Member) mayEnter() error {
	switch m.State {
	case Banned:
		return errs.New(errs.Denied, "This account was closed by the editors: %s", orElse(m.Reason, "ask them why."))
	case Deleted:
		return errSignIn
	}
	return nil
}

// NeedsFactor tells whether a member has a second factor, without which no
// session may be opened for them.
func (u *Users) NeedsFactor(ctx context.Context, member int64) (has bool, err error) {
	err = u.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM factors WHERE member = $1 AND confirmed_at > 0)`, member).Scan(&has)
	})
	return has, err
}

// Open makes a session for a member who has proved who they are, and gives the
// secret of its cookie. old is the secret that the browser had before, "" for
// none: it ends, so that no cookie that was there before is worth anything after.
func (u *Users) Open(ctx context.Context, m *Member, d Door, old string) (secret string, err error) {
	if secret, err = u.secret(); err != nil {
		return "", err
	}
	err = u.db.Write(ctx, func(tx *db.Tx) error {
		now := tx.DB().Millis()
		present, err := ByID(tx, m.ID)
		if err != nil {
			return err
		}
		if err := present.mayEnter(); err != nil {
			return err
		}
		if old != "" {
			if _, err := tx.Exec(`DELETE FROM sessions WHERE hash = $1`, hashOf(old)); err != nil {
				return err
			}
		}
		_, err = tx.Exec(`INSERT INTO sessions (id, member, hash, factor, stays, agent, network, created_at, seen_at, proven_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $8)`,
			tx.DB().NewID(), m.ID, hashOf(secret), d.Factor, d.Stays, text.Excerpt(text.CleanLine(d.Agent), 200), d.Network, now)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`UPDATE members SET seen_at = $2 WHERE id = $1`, m.ID, now); err != nil {
			return err
		}
		return audit.Write(tx, m.Actor(), "sign-in", LogKind, m.ID, map[string]any{"factor": d.Factor})
	})
	return secret, err
}

// opened is a session as the database holds it, and whose it is.
type opened struct {
	id, created, seen, proven int64
	factor                    bool
	member                    Member
}

// mostOpened is how many sessions are kept in memory between two commits.
const mostOpened = 4096

// BySession finds whose browser shows a cookie; nobody's when it is not known
// or has expired.
func (u *Users) BySession(ctx context.Context, secret string) (a actor.Actor, err error) {
	if len(secret) != 43 {
		return a, nil
	}
	hash := hashOf(secret)
	s, err := u.opened.Of(hash, func() (opened, error) { return u.open(ctx, hash) })
	if errs.Is(err, errs.NotFound) {
		return a, nil
	}
	if err != nil {
		return a, err
	}
	rest, most := idle, longest
	if s.member.Role.AtLeast(actor.Editor) {
		rest, most = staffIdle, staffLongest
	}
	now := u.db.Millis()
	if s.member.mayEnter() != nil || now-s.seen > rest.Milliseconds() || now-s.created > most.Milliseconds() {
		return a, nil
	}
	a = s.member.Actor()
	a.Session, a.Factor, a.Proven = s.id, s.factor, db.Time(s.proven)
	if now-s.seen < seenAfter.Milliseconds() {
		return a, nil
	}
	return a, u.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(`UPDATE sessions SET seen_at = $2 WHERE id = $1`, a.Session, now); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE members SET seen_at = $2 WHERE id = $1`, a.ID, now)
		return err
	})
}

// open reads the session of a secret's hash; errs.NotFound where there is none.
func (u *Users) open(ctx context.Context, hash string) (s opened, err error) {
	err = u.db.Read(ctx, func(tx *db.Tx) error {
		s = opened{}
		// One statement for both: every page of one's own and every overlay asks.
		return s.member.scanActor(tx.QueryRow(`SELECT s.id, s.factor, s.created_at, s.seen_at, s.proven_at, `+actorColumns+` FROM sessions s JOIN members m ON m.id = s.member
			WHERE s.hash = $1`, hash), &s.id, &s.factor, &s.created, &s.seen, &s.proven)
	})
	return s, err
}

// NeedsProof is nil when who asks has proved lately who they are.
func (u *Users) NeedsProof(a actor.Actor) error {
	if u.db.Now().Sub(a.Proven) <= Fresh {
		return nil
	}
	return errs.New(errs.Denied, "Sign in once more: this can be changed only shortly after.")
}

// Close ends the session of a cookie.
func (u *Users) Close(ctx context.Context, secret string) error {
	return u.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`DELETE FROM sessions WHERE hash = $1`, hashOf(secret))
		return err
	})
}

// Sessions lists where a member is signed in, newest first.
func (u *Users) Sessions(ctx context.Context, a actor.Actor) (list []Session, err error) {
	err = u.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.Query(`SELECT id, agent, network, factor, created_at, seen_at FROM sessions WHERE member = $1 ORDER BY id DESC`, a.ID)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var s Session
			var created, seen int64
			err := r.Scan(&s.ID, &s.Agent, &s.Network, &s.Factor, &created, &seen)
			s.Created, s.Seen = db.Time(created), db.Time(seen)
			list = append(list, s)
			return err
		})
	})
	return list, err
}

// EndSession ends one of a member's own sessions; 0 ends all but the one that
// asks.
func (u *Users) EndSession(ctx context.Context, a actor.Actor, id int64) error {
	return u.db.Write(ctx, func(tx *db.Tx) error {
		if id == 0 {
			return endSessions(tx, a.ID, a.Session)
		}
		n, err := tx.Exec(`DELETE FROM sessions WHERE id = $1 AND member = $2`, id, a.ID)
		if err == nil && n == 0 {
			err = errs.New(errs.NotFound, "That session has ended already.")
		}
		return err
	})
}

// endSessions ends a member's sessions but one, 0 for none.
func endSessions(tx *db.Tx, member, but int64) error {
	_, err := tx.Exec(`DELETE FROM sessions WHERE member = $1 AND id <> $2`, member, but)
	return err
}
