package user

import (
	"context"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// Purpose is what a link in a mail is for; it is good for nothing else.
type Purpose string

// The purposes.
const (
	Verify  Purpose = "verify"  // confirms the address of a new account
	Magic   Purpose = "magic"   // signs in without a password
	Reset   Purpose = "reset"   // sets a new password
	Leaving Purpose = "leaving" // the old address agrees to a change
	Coming  Purpose = "coming"  // the new address agrees to it
	Undo    Purpose = "undo"    // the old address takes a change back
	Appeal  Purpose = "appeal"  // the owner of a closed account asks for another look
)

// lasts is how long a link of each purpose is good.
var lasts = map[Purpose]time.Duration{
	Verify: 24 * time.Hour, Magic: 10 * time.Minute, Reset: 30 * time.Minute,
	Leaving: 24 * time.Hour, Coming: 24 * time.Hour, Undo: 7 * 24 * time.Hour, Appeal: 30 * 24 * time.Hour,
}

// Letter is a mail that an account needs. Its kind is a purpose, or one of the
// notices, which carry no link: those below, what Tell is given, and the states of
// an account, of which Banned carries one of Appeal.
type Letter struct {
	Kind  string
	To    string
	Shown string // how the reader is called
	// Path is the link: a path of the atlas with its secret, "" for none.
	Path string
	Good time.Duration // how long it is
	// About is the address that the link is about, where it is not the one that
	// the letter goes to.
	About    string
	Standing // of a letter about that: how the account stands from now on
}

// The notices: that somebody wanted to join with an address that has an account,
// or asked for a link with one that has none; that a password was changed, or a
// token made.
const (
	KnownAlready    = "known"
	NoAccount       = "none"
	PasswordChanged = "password-changed"
	TokenMade       = "token-add"
)

// Post sends letters in the transaction that causes them.
type Post func(tx *db.Tx, l Letter) error

// WithPost gives the accounts somebody who sends their letters.
func (u *Users) WithPost(p Post) *Users { u.post = p; return u }

func (u *Users) send(tx *db.Tx, l Letter) error {
	if u.post == nil {
		return errs.New(errs.Unavailable, "This atlas cannot send mail at the moment.")
	}
	return u.post(tx, l)
}

// inform sends a letter that only tells what is done: that holds where nobody sends
// letters, too.
func (u *Users) inform(tx *db.Tx, l Letter) error {
	if u.post == nil {
		return nil
	}
	return u.post(tx, l)
}

// standing lets a member know how their account stands from now on. An address that
// nobody has confirmed may be a stranger's: nothing of the account goes there.
func (u *Users) standing(tx *db.Tx, m *Member, to Standing) error {
	if m.Email == "" || m.Verified.IsZero() || m.State == to.State && to.State == Active {
		return nil
	}
	l := Letter{Kind: string(to.State), To: m.Email, Shown: m.Shown, Standing: to}
	if to.State == Banned {
		var err error
		if l.Path, err = u.makeLink(tx, m, Appeal, m.Email); err != nil {
			return err
		}
	}
	return u.inform(tx, l)
}

// Tell lets a member know of a change to their account's safety.
func (u *Users) Tell(tx *db.Tx, member int64, change string) error {
	m, err := ByID(tx, member)
	if err != nil || m.Email == "" {
		return err
	}
	return u.inform(tx, Letter{Kind: change, To: m.Email, Shown: m.Shown})
}

// newLink makes a link and sends it.
func (u *Users) newLink(tx *db.Tx, m *Member, p Purpose, to, email string) error {
	path, err := u.makeLink(tx, m, p, email)
	if err != nil {
		return err
	}
	l := Letter{Kind: string(p), To: to, Shown: m.Shown, Path: path, Good: lasts[p]}
	if email != to {
		l.About = email
	}
	return u.send(tx, l)
}

// makeLink makes a link. The newest one of a purpose voids those before it.
func (u *Users) makeLink(tx *db.Tx, m *Member, p Purpose, email string) (path string, err error) {
	secret, err := u.secret()
	if err != nil {
		return "", err
	}
	if _, err := tx.Exec(`DELETE FROM links WHERE member = $1 AND purpose = $2 AND used_at = 0`, m.ID, string(p)); err != nil {
		return "", err
	}
	now := tx.DB().Millis()
	_, err = tx.Exec(`INSERT INTO links (id, member, purpose, hash, email, created_at, expires_at, used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0)`,
		tx.DB().NewID(), m.ID, string(p), hashOf(secret), email, now, now+lasts[p].Milliseconds())
	return "/link/" + string(p) + "/" + secret, err
}

// errLink is all that is told about a link that does not work.
var errLink = errs.New(errs.NotFound, "This link was used already, has expired, or a newer one was sent. Ask for a new one.")

// lookUp reads what a link is for without spending it: programs that look into
// mails ask for every address in them.
func lookUp(tx *db.Tx, p Purpose, secret string) (m *Member, email string, id int64, err error) {
	var member int64
	err = tx.QueryRow(`SELECT id, member, email FROM links WHERE hash = $1 AND purpose = $2 AND used_at = 0 AND expires_at > $3`,
		hashOf(secret), string(p), tx.DB().Millis()).Scan(&id, &member, &email)
	if errs.Is(err, errs.NotFound) {
		return nil, "", 0, errLink
	}
	if err != nil {
		return nil, "", 0, err
	}
	m, err = ByID(tx, member)
	if err == nil && !m.mayFollow(p) {
		err = errLink
	}
	return m, email, id, err
}

// mayFollow reports whether a link of a purpose is of use as the account stands:
// an appeal to whom the editors have shut out, every other to who may come in.
func (m *Member) mayFollow(p Purpose) bool {
	if p == Appeal {
		return m.State == Banned
	}
	return m.mayEnter() == nil
}

// Linked tells whose a link is and which address it proves; it spends nothing.
func (u *Users) Linked(ctx context.Context, p Purpose, secret string) (m *Member, email string, err error) {
	err = u.db.Read(ctx, func(tx *db.Tx) error {
		m, email, _, err = lookUp(tx, p, secret)
		return err
	})
	return m, email, err
}

// spend uses a link up; of many who try at once, one does.
func spend(tx *db.Tx, p Purpose, secret string) (m *Member, email string, err error) {
	m, email, id, err := lookUp(tx, p, secret)
	if err != nil {
		return nil, "", err
	}
	n, err := tx.Exec(`UPDATE links SET used_at = $2 WHERE id = $1 AND used_at = 0`, id, tx.DB().Millis())
	if err == nil && n == 0 {
		err = errLink
	}
	if err == nil {
		err = reached(tx, m, email)
	}
	return m, email, err
}

// Follow does what a link is for, but for Reset, which needs a password: see
// ResetPassword. It gives the member as they are afterwards. The address of a
// change is changed once both ends have agreed.
func (u *Users) Follow(ctx context.Context, p Purpose, secret string) (m *Member, err error) {
	err = u.db.Write(ctx, func(tx *db.Tx) error {
		var email string
		if m, email, err = spend(tx, p, secret); err != nil {
			return err
		}
		switch p {
		case Verify, Magic:
			err = u.verified(tx, m, email)
		case Leaving, Coming:
			err = u.agreed(tx, m, p, email)
		case Undo:
			err = u.undone(tx, m, email)
		default:
			err = errLink
		}
		if err != nil {
			return err
		}
		m, err = ByID(tx, m.ID)
		return err
	})
	return m, err
}

// verified notes that an address was proved. What was set before by whoever had
// not proved it ends: somebody may have joined with another's address.
func (u *Users) verified(tx *db.Tx, m *Member, email string) error {
	if m.Email != email {
		return errLink
	}
	if !m.Verified.IsZero() {
		return nil
	}
	if err := endSessions(tx, m.ID, 0); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE members SET verified_at = $2, revision = revision + 1 WHERE id = $1`, m.ID, tx.DB().Millis()); err != nil {
		return err
	}
	changes.Append(tx, LogKind, m.ID, changes.Put)
	return audit.Write(tx, m.Actor(), "verify", LogKind, m.ID, nil)
}

// ResetPassword spends a reset link for a new password. Every session ends; a
// second factor stays.
func (u *Users) ResetPassword(ctx context.Context, secret, password string) (m *Member, err error) {
	if m, _, err = u.Linked(ctx, Reset, secret); err != nil {
		return nil, err
	}
	if err = CheckPassword(password, m.Shown, m.Email); err != nil {
		return nil, err
	}
	hash, err := u.hash(ctx, password)
	if err != nil {
		return nil, err
	}
	err = u.db.Write(ctx, func(tx *db.Tx) error {
		var email string
		if m, email, err = spend(tx, Reset, secret); err != nil {
			return err
		}
		if err := u.verified(tx, m, email); err != nil {
			return err
		}
		return u.setPassword(tx, m.Actor(), m, hash)
	})
	return m, err
}

// setPassword puts a new hash in place; sessions but that of by end.
func (u *Users) setPassword(tx *db.Tx, by actor.Actor, m *Member, hash string) error {
	if _, err := tx.Exec(`UPDATE members SET password = $2, revision = revision + 1 WHERE id = $1`, m.ID, hash); err != nil {
		return err
	}
	if err := endSessions(tx, m.ID, by.Session); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM links WHERE member = $1 AND purpose IN ('magic', 'reset') AND used_at = 0`, m.ID); err != nil {
		return err
	}
	if err := audit.Write(tx, by, "password", LogKind, m.ID, nil); err != nil {
		return err
	}
	return u.send(tx, Letter{Kind: PasswordChanged, To: m.Email, Shown: m.Shown})
}

// Ask sends a magic or a reset link to an address, if there is an account. The
// answer is the same when there is none.
func (u *Users) Ask(ctx context.Context, p Purpose, email, network string) error {
	email, err := CheckEmail(email)
	if err != nil {
		return err
	}
	return u.db.Write(ctx, func(tx *db.Tx) error {
		if err := mailsFrom.take(tx, mailsFrom.key(network)); err != nil {
			return err
		}
		if err := mailsTo.take(tx, mailsTo.key(email)); err != nil {
			return err
		}
		m, err := byEmail(tx, email)
		if errs.Is(err, errs.NotFound) || err == nil && m.mayEnter() != nil {
			if err == nil && m.State == Banned && !m.Verified.IsZero() {
				return u.standing(tx, m, Standing{m.State, m.Reason, m.Until})
			}
			return u.send(tx, Letter{Kind: NoAccount, To: email}) // as much work as for a member
		}
		if err != nil {
			return err
		}
		return u.newLink(tx, m, p, m.Email, m.Email)
	})
}

func (u *Users) sendVerification(ctx context.Context, m *Member) error {
	return u.db.Write(ctx, func(tx *db.Tx) error {
		if err := mailsTo.take(tx, mailsTo.key(m.Email)); err != nil {
			return err
		}
		return u.newLink(tx, m, Verify, m.Email, m.Email)
	})
}
