package list

import (
	"context"
	"database/sql"

	"mirabilia/internal/actor"
	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// Rewrite changes title, introduction and who sees the list, for whom it was in
// its edition. Where somebody has changed them meanwhile the error is a Conflict.
// Who sees it is the owner's to say.
func (s *Lists) Rewrite(ctx context.Context, a actor.Actor, slug string, edition int64, d Details) error {
	d.Intro = plainLines(d.Intro)
	if err := d.check(); err != nil {
		return err
	}
	return s.changed(ctx, a, slug, Editor, func(tx *db.Tx, l *List, role Role) error {
		if l.Edition != edition {
			return errs.New(errs.Conflict, "Somebody else has changed title or introduction meanwhile. What stands there now is said beside yours; send yours again to put it in its place.")
		}
		if err := refuse(tx, a, d); err != nil {
			return err
		}
		return rewrite(tx, l, role, d)
	})
}

func rewrite(tx *db.Tx, l *List, role Role, d Details) error {
	if d.Privacy != l.Privacy && role != Owner {
		return errs.New(errs.Denied, "Only the owner says who sees the list.")
	}
	if err := mayShow(tx, l.ID, d.Privacy); err != nil {
		return err
	}
	secret := l.Secret
	if d.Privacy == Link && secret == "" {
		secret = newSecret()
	}
	_, err := tx.Exec(`UPDATE lists SET title = $2, intro = $3, privacy = $4, secret = $5, edition = edition + 1 WHERE id = $1`, l.ID, d.Title, d.Intro, string(d.Privacy), secret)
	return err
}

// NewLink gives the list another secret link; the old one leads nowhere from
// then on.
func (s *Lists) NewLink(ctx context.Context, a actor.Actor, slug string) error {
	return s.secret(ctx, a, slug, newSecret())
}

// Revoke takes the secret link away.
func (s *Lists) Revoke(ctx context.Context, a actor.Actor, slug string) error {
	return s.secret(ctx, a, slug, "")
}

func (s *Lists) secret(ctx context.Context, a actor.Actor, slug, secret string) error {
	return s.changed(ctx, a, slug, Owner, func(tx *db.Tx, l *List, _ Role) error {
		_, err := tx.Exec(`UPDATE lists SET secret = $2 WHERE id = $1`, l.ID, secret)
		return err
	})
}

// Invite lets a member, by name, work on the list; Stranger ends it. One may
// always leave a list oneself.
func (s *Lists) Invite(ctx context.Context, a actor.Actor, slug, name string, role Role) error {
	needs := Owner
	if name == a.Name && role == Stranger {
		needs = Suggester
	}
	return s.changed(ctx, a, slug, needs, func(tx *db.Tx, l *List, _ Role) error {
		var id, n int64
		err := tx.QueryRow(`SELECT id FROM members WHERE name = $1 AND state = 'active'`, name).Scan(&id)
		if errs.Is(err, errs.NotFound) || err == nil && id == l.Owner {
			return &errs.Error{Code: errs.Invalid, Message: "Nobody can be invited so.", Fields: []errs.Field{{Field: "name", Message: "There is no other member of that name."}}}
		}
		if err != nil {
			return err
		}
		if role == Stranger {
			_, err := tx.Exec(`DELETE FROM list_members WHERE list = $1 AND member = $2`, l.ID, id)
			return err
		}
		if role != Editor && role != Suggester {
			return errs.InField("role", "is none of editor, suggester")
		}
		if s.Apart != nil {
			apart, err := s.Apart(tx, a.ID, id)
			if err != nil {
				return err
			}
			if apart {
				return &errs.Error{Code: errs.Invalid, Message: "Nobody can be invited so.", Fields: []errs.Field{{Field: "name", Message: "This member cannot be invited."}}}
			}
		}
		if err := tx.QueryRow(`SELECT count(*) FROM list_members WHERE list = $1`, l.ID).Scan(&n); err != nil {
			return err
		}
		if n >= maxWorkers {
			return errs.New(errs.TooMany, "At most %d members work on a list.", maxWorkers)
		}
		if _, err := tx.Exec(`INSERT INTO list_members (list, member, role) VALUES ($1, $2, $3) ON CONFLICT (list, member) DO UPDATE SET role = excluded.role`, l.ID, id, string(role)); err != nil || s.Invited == nil {
			return err
		}
		return s.Invited(tx, a.ID, id, l)
	})
}

// Delete takes a list away for good.
func (s *Lists) Delete(ctx context.Context, a actor.Actor, slug string) error {
	return s.changed(ctx, a, slug, Owner, func(tx *db.Tx, l *List, _ Role) error {
		_, err := tx.Exec(`DELETE FROM lists WHERE id = $1`, l.ID)
		return err
	})
}

// Leave takes a member's lists and work on others' away, in the transaction that
// deletes the account.
func Leave(tx *db.Tx, member int64) error {
	var public []int64
	rows, err := tx.Query(`SELECT id, privacy FROM lists WHERE owner = $1`, member)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var id int64
		var p Privacy
		err := r.Scan(&id, (*string)(&p))
		if p == Public {
			public = append(public, id)
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range public {
		changes.Append(tx, LogKind, id, changes.Drop)
	}
	for _, text := range []string{`DELETE FROM lists WHERE owner = $1`, `DELETE FROM list_members WHERE member = $1`, `UPDATE list_entries SET added_by = NULL WHERE added_by = $1`} {
		if _, err := tx.Exec(text, member); err != nil {
			return err
		}
	}
	return nil
}
