package user

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// Appoint changes what a member may: role, and the destinations of an editor.
// Nobody changes their own, so that there is always another admin who did.
func (u *Users) Appoint(ctx context.Context, a actor.Actor, id int64, role actor.Role, regions []string) error {
	if !role.Valid() {
		return errs.InField("role", "is member, editor or admin")
	}
	if role != actor.Editor {
		regions = nil
	}
	slices.Sort(regions)
	regions = slices.Compact(regions)
	return u.decide(ctx, a, id, actor.Admin, func(tx *db.Tx, m *Member) (string, any, error) {
		_, err := tx.Exec(`UPDATE members SET role = $2, regions = $3, revision = revision + 1 WHERE id = $1`, id, string(role), jsonOf(regions))
		return "appoint", map[string]any{"from": m.Role, "to": role, "regions": regions}, err
	})
}

// decide does something to another member; their sessions end, so that what they
// may is what was decided from now on.
func (u *Users) decide(ctx context.Context, a actor.Actor, id int64, needs actor.Role, fn func(*db.Tx, *Member) (string, any, error)) error {
	if err := a.Needs(needs); err != nil {
		return err
	}
	if id == a.ID {
		return errs.New(errs.Denied, "Nobody decides about themselves; ask another admin.")
	}
	return u.db.Write(ctx, func(tx *db.Tx) error {
		m, err := ByID(tx, id)
		if err != nil {
			return err
		}
		action, details, err := fn(tx, m)
		if err != nil {
			return err
		}
		if err := endSessions(tx, id, 0); err != nil {
			return err
		}
		changes.Append(tx, LogKind, id, changes.Put)
		return audit.Write(tx, a, action, LogKind, id, details)
	})
}

// Joined counts the members who are active, and those of them who have joined
// since a moment, for admins.
func (u *Users) Joined(ctx context.Context, a actor.Actor, since time.Time) (all, fresh int, err error) {
	if err := a.Needs(actor.Admin); err != nil {
		return 0, 0, err
	}
	err = u.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT count(*), coalesce(sum(CASE WHEN created_at >= $1 THEN 1 ELSE 0 END), 0) FROM members WHERE state = 'active' AND verified_at > 0`, db.Millis(since)).Scan(&all, &fresh)
	})
	return all, fresh, err
}

// List gives members for the admin page, by name, beginning at from; find looks
// for a name or an address that begins so.
func (u *Users) List(ctx context.Context, a actor.Actor, find, from string, limit int) (list []*Member, err error) {
	if err := a.Needs(actor.Admin); err != nil {
		return nil, err
	}
	find = FoldEmail(find)
	err = u.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		query, args := selectMember+`WHERE name >= $1 ORDER BY name LIMIT $2`, []any{from, limit}
		if find != "" {
			query = selectMember + `WHERE name >= $1 AND (name >= $3 AND name < $4 OR email >= $3 AND email < $4) ORDER BY name LIMIT $2`
			args = append(args, find, find+"\U0010ffff")
		}
		rows, err := tx.Query(query, args...)
		return db.Each(rows, err, func(r *sql.Rows) error {
			m, err := scanMember(r)
			list = append(list, m)
			return err
		})
	})
	return list, err
}
