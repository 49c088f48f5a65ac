package user

import (
	"context"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/setting"
	"mirabilia/internal/text"
)

// Profile is what a member says of themselves.
type Profile struct {
	Shown string
	Bio   string
	Links []Link
}

// Describe changes what a member says of themselves.
func (u *Users) Describe(ctx context.Context, a actor.Actor, p Profile) error {
	if err := a.Needs(actor.Member); err != nil {
		return err
	}
	shown, e1 := CheckShown(p.Shown)
	links, e2 := CheckLinks(p.Links)
	p.Bio = text.Clean(p.Bio)
	var e3 error
	if len([]rune(p.Bio)) > MaxBio {
		e3 = errs.InField("bio", "has more than %d characters", MaxBio)
	}
	if fields := joined(e1, e2, e3); len(fields) > 0 {
		return &errs.Error{Code: errs.Invalid, Message: "Some of this cannot be.", Fields: fields}
	}
	said := []setting.Said{{Field: "name", Text: shown}, {Field: "bio", Text: p.Bio}}
	for _, l := range links {
		said = append(said, setting.Said{Field: "links", Text: l.Label + "\n" + l.URL})
	}
	return u.db.Write(ctx, func(tx *db.Tx) error {
		if err := setting.Refuse(tx, a, setting.OfProfile, said...); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE members SET shown = $2, bio = $3, links = $4, revision = revision + 1 WHERE id = $1`, a.ID, shown, p.Bio, jsonOf(links))
		changes.Append(tx, LogKind, a.ID, changes.Put)
		return err
	})
}

// Choose changes a member's own settings by fn.
func (u *Users) Choose(ctx context.Context, a actor.Actor, fn func(*Settings)) error {
	return u.db.Write(ctx, func(tx *db.Tx) error {
		m, err := ByID(tx, a.ID)
		if err != nil {
			return err
		}
		fn(&m.Settings)
		_, err = tx.Exec(`UPDATE members SET settings = $2, revision = revision + 1 WHERE id = $1`, a.ID, jsonOf(m.Settings))
		changes.Append(tx, LogKind, a.ID, changes.Put)
		return err
	})
}

// ChangePassword sets a new password; every other session ends.
func (u *Users) ChangePassword(ctx context.Context, a actor.Actor, password string) error {
	if err := u.NeedsProof(a); err != nil {
		return err
	}
	m, err := u.ByID(ctx, a.ID)
	if err != nil {
		return err
	}
	if err := CheckPassword(password, m.Shown, m.Email); err != nil {
		return err
	}
	hash, err := u.hash(ctx, password)
	if err != nil {
		return err
	}
	return u.db.Write(ctx, func(tx *db.Tx) error { return u.setPassword(tx, a, m, hash) })
}

// ChangeEmail begins a change of address: both ends are written to, and it is
// changed when both have agreed; the new one alone where letters to the old one
// come back. That another has the address is told to nobody.
func (u *Users) ChangeEmail(ctx context.Context, a actor.Actor, email string) error {
	if err := u.NeedsProof(a); err != nil {
		return err
	}
	email, err := CheckEmail(email)
	if err != nil {
		return err
	}
	return u.db.Write(ctx, func(tx *db.Tx) error {
		m, err := ByID(tx, a.ID)
		if err != nil {
			return err
		}
		if m.Email == email {
			return errs.InField("email", "is your address already")
		}
		if err := mailsTo.take(tx, mailsTo.key(email)); err != nil {
			return err
		}
		_, err = tx.Exec(`DELETE FROM links WHERE member = $1 AND purpose IN ('leaving', 'coming')`, m.ID)
		if err != nil {
			return err
		}
		if m.Bounced.IsZero() { // nobody can agree where no letter arrives
			if err := u.newLink(tx, m, Leaving, m.Email, email); err != nil {
				return err
			}
		}
		if _, err := byEmail(tx, email); !errs.Is(err, errs.NotFound) {
			return err // its owner need not hear of it
		}
		return u.newLink(tx, m, Coming, email, email)
	})
}

// agreed notes that one end of a change of address agreed; the second one makes
// it.
func (u *Users) agreed(tx *db.Tx, m *Member, p Purpose, email string) error {
	other := Coming
	if p == Coming {
		other = Leaving
	}
	var used int64
	if p == Coming && !m.Bounced.IsZero() {
		return setEmail(tx, m, email)
	}
	err := tx.QueryRow(`SELECT coalesce(max(used_at), 0) FROM links WHERE member = $1 AND purpose = $2 AND email = $3 AND expires_at > $4`,
		m.ID, string(other), email, tx.DB().Millis()).Scan(&used)
	if err != nil || used == 0 {
		return err
	}
	old := m.Email
	if err := setEmail(tx, m, email); err != nil {
		return err
	}
	return u.newLink(tx, m, Undo, old, old)
}

// undone takes a change of address back.
func (u *Users) undone(tx *db.Tx, m *Member, email string) error {
	if err := setEmail(tx, m, email); err != nil {
		return err
	}
	// Who could change the address may know the password too.
	_, err := tx.Exec(`UPDATE members SET password = '' WHERE id = $1`, m.ID)
	return err
}

func setEmail(tx *db.Tx, m *Member, email string) error {
	if other, err := byEmail(tx, email); err == nil && other.ID != m.ID {
		return errLink
	} else if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	_, err := tx.Exec(`UPDATE members SET email = $2, verified_at = $3, bounced_at = 0, bounced = '', revision = revision + 1 WHERE id = $1`, m.ID, email, tx.DB().Millis())
	if err != nil {
		return err
	}
	if err := endSessions(tx, m.ID, 0); err != nil {
		return err
	}
	return audit.Write(tx, m.Actor(), "email", LogKind, m.ID, nil)
}
