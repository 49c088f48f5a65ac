package desk

import (
	"context"
	"database/sql"
	"encoding/json"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/text"
)

// RolledBack is what rolling a member's work back did.
type RolledBack struct {
	Undone int
	Left   []int64 // submissions that others have built upon since
}

// Rollback takes back everything that a member's submissions published, the
// newest first, and declines them with a reason. What others changed since in
// the same place is left as it is and told.
func (d *Desk) Rollback(ctx context.Context, a actor.Actor, member int64, why string) (out RolledBack, err error) {
	if err := a.Needs(actor.Editor); err != nil {
		return out, err
	}
	if !a.Everywhere() {
		return out, errs.New(errs.Denied, "Rolling back a member's work is for editors of the whole atlas.")
	}
	if why = text.CleanLine(why); why == "" || len(why) > maxText {
		return out, errs.InField("text", "says in 1 to %d bytes why", maxText)
	}
	var ids []int64
	err = d.db.Read(ctx, func(tx *db.Tx) error {
		ids = nil
		rows, err := tx.Query(`SELECT id FROM submissions WHERE author = $1 AND status = 'published' AND kind NOT IN ('pitch', 'report', 'note') ORDER BY decided_at DESC, id DESC`, member)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var id int64
			err := r.Scan(&id)
			ids = append(ids, id)
			return err
		})
	})
	if err != nil {
		return out, err
	}
	for _, id := range ids {
		switch err := d.rollBack(ctx, a, id, why); {
		case err == nil:
			out.Undone++
		case errs.Is(err, errs.Conflict):
			out.Left = append(out.Left, id)
		default:
			return out, err
		}
	}
	return out, nil
}

// rollBack takes one submission back in a transaction of its own: what can be
// undone is not held up by what cannot.
func (d *Desk) rollBack(ctx context.Context, a actor.Actor, id int64, why string) error {
	rules, err := d.settings.Now(ctx)
	if err != nil {
		return err
	}
	return d.db.Write(ctx, func(tx *db.Tx) error {
		s, err := byID(tx, id)
		if err != nil {
			return err
		}
		n, err := tx.Exec(`UPDATE submissions SET status = 'declined', sampled = $3, version = version + 1, updated_at = $2, decided_at = $2
			WHERE id = $1 AND status = 'published'`, id, d.db.Millis(), false)
		if err != nil || n == 0 {
			return errOr(err, present(s))
		}
		if s.Matter() {
			_, err = d.matters[s.Kind].Settle(tx, a, s, Verdict{Action: Decline, Text: why})
		} else {
			err = d.takeBack(tx, a, s, s.publication())
		}
		if err != nil {
			return err
		}
		made := Decision{ID: d.db.NewID(), Action: Decline, Reason: "other", Text: why, By: person(a), At: d.db.Now()}
		if err := note(tx, id, &made, 0); err != nil {
			return err
		}
		if err := trust(tx, s.Author.ID, rules.Contributing); err != nil {
			return err
		}
		return audit.Write(tx, a, "submission.rollback", "submission", id, map[string]any{"reason": why, "place": s.Place})
	})
}

// publication is the decision by which a submission became public.
func (s *Submission) publication() *Decision {
	for i := len(s.Decisions) - 1; i >= 0; i-- {
		if x := &s.Decisions[i]; x.Action == Publish && x.Undone.IsZero() && x.undo != "" {
			return x
		}
	}
	return &Decision{}
}

// WrittenOut is the draft that an accepted pitch goes on as, 0 for none.
func (s *Submission) WrittenOut() int64 {
	var u undoing
	if s.Status != Published || json.Unmarshal([]byte(s.publication().undo), &u) != nil {
		return 0
	}
	return u.Draft
}
