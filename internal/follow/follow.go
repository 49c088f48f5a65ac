// Package follow is who follows what: members, destinations and tags, which it
// knows by number and name alone. What comes of it is a notice (package notice);
// who is told is read here in batches, so that a subject may have any number of
// followers.
package follow

import (
	"context"
	"database/sql"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// Kind is what sort of thing is followed.
type Kind string

// The kinds.
const (
	Member      Kind = "member"
	Destination Kind = "destination"
	Tag         Kind = "tag"
)

// Subject is one thing that can be followed.
type Subject struct {
	Kind Kind
	// ID is the member's number, or the one under which the log knows the
	// destination or tag.
	ID int64
	// Name is the path of a destination or the slug of a tag, "" for a member.
	Name string
}

// Followed is a subject that a member follows.
type Followed struct {
	Subject
	Since time.Time
}

// most is how many things a member may follow: as many as a page can show and
// more than anybody reads news of.
const most = 1000

// Follows is the use cases of following. Safe for concurrent use.
type Follows struct {
	db *db.DB
	// Begun is told of each new follower of a member, in the transaction in which
	// they became one.
	Begun func(tx *db.Tx, by, of int64) error
	// Hushed is told, in the same transaction, that a member wishes to hear nothing
	// of another from now on; nil where nobody is to be told.
	Hushed func(tx *db.Tx, member, of int64) error
}

// New makes the use cases on a database.
func New(d *db.DB) *Follows { return &Follows{db: d} }

// Set makes the actor follow a subject or follow it no more; what is so
// already stays so.
func (f *Follows) Set(ctx context.Context, a actor.Actor, s Subject, on bool) error {
	if err := a.Needs(actor.Member); err != nil {
		return err
	}
	switch {
	case s.Kind != Member && s.Kind != Destination && s.Kind != Tag || s.ID == 0:
		return errs.InField("kind", "is member, destination or tag")
	case s.Kind == Member && s.ID == a.ID:
		return errs.New(errs.Invalid, "You cannot follow yourself.")
	}
	return f.db.Write(ctx, func(tx *db.Tx) error {
		if !on {
			_, err := tx.Exec(`DELETE FROM follows WHERE member = $1 AND kind = $2 AND subject = $3`, a.ID, string(s.Kind), s.ID)
			return err
		}
		return f.begin(tx, a, s)
	})
}

func (f *Follows) begin(tx *db.Tx, a actor.Actor, s Subject) error {
	var n int
	if err := tx.QueryRow(`SELECT count(*) FROM follows WHERE member = $1`, a.ID).Scan(&n); err != nil {
		return err
	}
	if n >= most {
		return errs.New(errs.TooMany, "You follow %d things, which is the most. Stop following some first.", n)
	}
	if s.Kind == Member {
		apart, err := Apart(tx, a.ID, s.ID)
		if err != nil {
			return err
		}
		if apart {
			return errs.New(errs.Denied, "This member cannot be followed.")
		}
	}
	added, err := tx.Exec(`INSERT INTO follows (member, kind, subject, name, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (member, kind, subject) DO NOTHING`,
		a.ID, string(s.Kind), s.ID, s.Name, tx.DB().Millis())
	if err != nil || added == 0 || s.Kind != Member || f.Begun == nil {
		return err
	}
	return f.Begun(tx, a.ID, s.ID)
}

// Is reports whether a member follows a subject.
func (f *Follows) Is(ctx context.Context, member int64, s Subject) (is bool, err error) {
	err = f.db.Read(ctx, func(tx *db.Tx) error {
		is, err = Is(tx, member, s)
		return err
	})
	return is, err
}

// Is is the same within a transaction: for what only followers may see.
func Is(tx *db.Tx, member int64, s Subject) (is bool, err error) {
	err = tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM follows WHERE member = $1 AND kind = $2 AND subject = $3)`, member, string(s.Kind), s.ID).Scan(&is)
	return is, err
}

// Of lists what the actor follows, sort by sort, the newest first.
func (f *Follows) Of(ctx context.Context, a actor.Actor) (list []Followed, err error) {
	if err := a.Needs(actor.Member); err != nil {
		return nil, err
	}
	err = f.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.Query(`SELECT kind, subject, name, at FROM follows WHERE member = $1 ORDER BY kind DESC, at DESC, subject LIMIT $2`, a.ID, most)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var x Followed
			var at int64
			err := r.Scan((*string)(&x.Kind), &x.ID, &x.Name, &at)
			x.Since = db.Time(at)
			list = append(list, x)
			return err
		})
	})
	return list, err
}

// Count is how many follow a subject.
func (f *Follows) Count(ctx context.Context, s Subject) (n int, err error) {
	err = f.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT count(*) FROM follows WHERE kind = $1 AND subject = $2`, string(s.Kind), s.ID).Scan(&n)
	})
	return n, err
}

// After gives up to n followers of a subject whose numbers are higher than
// after, in their order.
func (f *Follows) After(tx *db.Tx, s Subject, after int64, n int) (list []int64, err error) {
	rows, err := tx.Query(`SELECT member FROM follows WHERE kind = $1 AND subject = $2 AND member > $3 ORDER BY member LIMIT $4`, string(s.Kind), s.ID, after, n)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var id int64
		err := r.Scan(&id)
		list = append(list, id)
		return err
	})
	return list, err
}

// Part ends what two members follow of each other, in the transaction in which
// one blocks the other.
func Part(tx *db.Tx, one, other int64) error {
	_, err := tx.Exec(`DELETE FROM follows WHERE member = $1 AND kind = 'member' AND subject = $2 OR member = $2 AND kind = 'member' AND subject = $1`, one, other)
	return err
}
