package user

import (
	"context"
	"database/sql"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/text"
)

// Standing is whether an account may be used, why not, and until when.
type Standing struct {
	State  State     `json:"state"`
	Reason string    `json:"reason"` // what its owner is told
	Until  time.Time `json:"until"`  // of a suspension; zero: until an editor ends it
}

// SetState suspends or bans a member, or takes it back. Editors of the whole atlas
// may, but not about other editors.
func (u *Users) SetState(ctx context.Context, a actor.Actor, id int64, to Standing) error {
	if to.State != Active && to.State != Suspended && to.State != Banned {
		return errs.InField("state", "is active, suspended or banned")
	}
	to.Reason = text.Excerpt(text.CleanLine(to.Reason), 500)
	if to.State != Active && to.Reason == "" {
		return errs.InField("reason", "is needed: the member is told it")
	}
	if to.State != Suspended {
		to.Until = time.Time{}
	}
	if !to.Until.IsZero() && !to.Until.After(u.db.Now()) {
		return errs.InField("until", "is a day that lies ahead")
	}
	return u.decide(ctx, a, id, actor.Editor, func(tx *db.Tx, m *Member) (string, any, error) {
		if err := decidesAbout(a, m); err != nil {
			return "", nil, err
		}
		details := map[string]any{"from": m.State, "reason": to.Reason}
		if !to.Until.IsZero() {
			details["until"] = to.Until.UTC()
		}
		if err := stand(tx, id, to); err != nil {
			return "", nil, err
		}
		return string(to.State), details, u.standing(tx, m, to)
	})
}

// decidesAbout is nil when the actor may say who may use an account.
func decidesAbout(a actor.Actor, m *Member) error {
	switch {
	case !a.Everywhere():
		return errs.New(errs.Denied, "Only editors of the whole atlas decide about members.")
	case m.Role.AtLeast(actor.Editor) && !a.Role.AtLeast(actor.Admin):
		return errs.New(errs.Denied, "Only an admin decides about editors.")
	case m.State == Deleted:
		return errs.New(errs.Conflict, "This member has left.")
	}
	return nil
}

func stand(tx *db.Tx, id int64, to Standing) error {
	changes.Append(tx, LogKind, id, changes.Put)
	_, err := tx.Exec(`UPDATE members SET state = $2, state_reason = $3, state_until = $4, revision = revision + 1 WHERE id = $1`,
		id, string(to.State), to.Reason, db.Millis(to.Until))
	return err
}

// Reinstate opens an account that is suspended or banned, for an editor who grants
// an appeal, and gives how it stood.
func Reinstate(tx *db.Tx, a actor.Actor, id int64) (was Standing, err error) {
	m, err := ByID(tx, id)
	if err != nil {
		return was, err
	}
	if err := decidesAbout(a, m); err != nil {
		return was, err
	}
	if m.State == Active {
		return was, errs.New(errs.Conflict, "This account is open again already.")
	}
	was = Standing{m.State, m.Reason, m.Until}
	if err := stand(tx, id, Standing{State: Active}); err != nil {
		return was, err
	}
	return was, audit.Write(tx, a, string(Active), LogKind, id, map[string]any{"from": m.State, "by": "appeal"})
}

// SuspendAgain takes Reinstate back, unless somebody has decided otherwise since.
func SuspendAgain(tx *db.Tx, a actor.Actor, id int64, was Standing) error {
	m, err := ByID(tx, id)
	if err != nil || m.State != Active {
		return err
	}
	if err := stand(tx, id, was); err != nil {
		return err
	}
	return audit.Write(tx, a, string(was.State), LogKind, id, map[string]any{"from": m.State, "reason": was.Reason})
}

// lifted is how many suspensions end in one transaction.
const lifted = 200

// Lift ends the suspensions whose time is over.
func (u *Users) Lift(ctx context.Context) error {
	for {
		var ids []int64
		err := u.db.Read(ctx, func(tx *db.Tx) error {
			ids = ids[:0]
			rows, err := tx.Query(`SELECT id FROM members WHERE state_until > 0 AND state_until <= $1 AND state = 'suspended' ORDER BY state_until LIMIT $2`, tx.DB().Millis(), lifted)
			return db.Each(rows, err, func(r *sql.Rows) error {
				var id int64
				err := r.Scan(&id)
				ids = append(ids, id)
				return err
			})
		})
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := u.db.Write(ctx, func(tx *db.Tx) error { return u.lift(tx, ids) }); err != nil {
			return err
		}
	}
}

func (u *Users) lift(tx *db.Tx, ids []int64) error {
	for _, id := range ids {
		m, err := ByID(tx, id)
		if err != nil {
			return err
		}
		if m.State != Suspended || m.Until.IsZero() || m.Until.After(tx.DB().Now()) {
			continue // decided otherwise meanwhile
		}
		if err := stand(tx, id, Standing{State: Active}); err != nil {
			return err
		}
		if err := audit.Write(tx, actor.Actor{}, string(Active), LogKind, id, map[string]any{"from": Suspended, "by": "time"}); err != nil {
			return err
		}
		if err := u.standing(tx, m, Standing{State: Active}); err != nil {
			return err
		}
	}
	return nil
}
