package follow

import (
	"context"
	"database/sql"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// Blocked is a member of whom another wishes to hear nothing.
type Blocked struct {
	Member int64
	Since  time.Time
}

// mostBlocked is how many members one may block.
const mostBlocked = 1000

// Block ends what the actor and another member have to do with each other: none
// follows the other from then on, and what the other does and has done is no news
// to the actor. The other is not told. What is so already stays so; what the desk
// decides is the desk's word, whoever of its editors says it, and still comes.
func (f *Follows) Block(ctx context.Context, a actor.Actor, other int64, on bool) error {
	if err := a.Needs(actor.Member); err != nil {
		return err
	}
	if other == a.ID {
		return errs.New(errs.Invalid, "You cannot block yourself.")
	}
	return f.db.Write(ctx, func(tx *db.Tx) error {
		if !on {
			_, err := tx.Exec(`DELETE FROM member_blocks WHERE member = $1 AND blocked = $2`, a.ID, other)
			return err
		}
		var n int
		if err := tx.QueryRow(`SELECT count(*) FROM member_blocks WHERE member = $1`, a.ID).Scan(&n); err != nil {
			return err
		}
		if n >= mostBlocked {
			return errs.New(errs.TooMany, "You have blocked %d members, which is the most. Unblock some first.", n)
		}
		_, err := tx.Exec(`INSERT INTO member_blocks (member, blocked, at) VALUES ($1, $2, $3) ON CONFLICT (member, blocked) DO NOTHING`, a.ID, other, tx.DB().Millis())
		if err != nil {
			return err
		}
		if err := Part(tx, a.ID, other); err != nil || f.Hushed == nil {
			return err
		}
		return f.Hushed(tx, a.ID, other)
	})
}

// BlockedBy lists the members whom the actor has blocked, the newest first.
func (f *Follows) BlockedBy(ctx context.Context, a actor.Actor) (list []Blocked, err error) {
	if err := a.Needs(actor.Member); err != nil {
		return nil, err
	}
	return list, f.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.Query(`SELECT blocked, at FROM member_blocks WHERE member = $1 ORDER BY at DESC, blocked LIMIT $2`, a.ID, mostBlocked)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var b Blocked
			var at int64
			err := r.Scan(&b.Member, &at)
			b.Since = db.Time(at)
			list = append(list, b)
			return err
		})
	})
}

// HasBlocked reports whether the actor has blocked another member.
func (f *Follows) HasBlocked(ctx context.Context, a actor.Actor, other int64) (is bool, err error) {
	err = f.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM member_blocks WHERE member = $1 AND blocked = $2)`, a.ID, other).Scan(&is)
	})
	return is, err
}

// Apart reports whether one of two members has blocked the other: then neither
// follows the other or asks them to anything.
func Apart(tx *db.Tx, one, other int64) (apart bool, err error) {
	err = tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM member_blocks WHERE member = $1 AND blocked = $2)
		OR EXISTS (SELECT 1 FROM member_blocks WHERE member = $2 AND blocked = $1)`, one, other).Scan(&apart)
	return apart, err
}

// Silent gives those of the members who have blocked another: they are told
// nothing that it does.
func Silent(tx *db.Tx, of int64, members []int64) (map[int64]bool, error) {
	silent := map[int64]bool{}
	if len(members) == 0 {
		return silent, nil
	}
	args := append([]any{of}, db.Padded(members)...)
	rows, err := tx.Query(`SELECT member FROM member_blocks WHERE blocked = $1 AND member IN (`+db.In(len(args)-1, 2)+`)`, args...)
	return silent, db.Each(rows, err, func(r *sql.Rows) error {
		var id int64
		err := r.Scan(&id)
		silent[id] = true
		return err
	})
}
