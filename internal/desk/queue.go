package desk

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// Filter narrows the queue; its zero value is all that waits.
type Filter struct {
	Status  Status // "": Waiting
	Kind    Kind
	In      string // destination path
	Author  int64
	Sampled bool // what went live by itself and is to be looked at
	Appeals bool // what its author asked to be looked at again
	Limit   int  // 0: 50
	Cursor  string
}

// Queue is one page of the desk.
type Queue struct {
	Items []*Submission // without fields, decisions and letters
	Next  string
}

const (
	defaultPage = 50
	maxPage     = 200
)

// Queue lists what waits for an editor, oldest and easiest first; a regional
// editor sees what they may decide.
func (d *Desk) Queue(ctx context.Context, a actor.Actor, f Filter) (Queue, error) {
	if err := a.Needs(actor.Editor); err != nil {
		return Queue{}, err
	}
	if err := d.wakeHeld(ctx); err != nil {
		return Queue{}, err
	}
	w, any := f.where(a, nil)
	if !any {
		return Queue{}, nil
	}
	return d.page(ctx, w, f.Limit, f.Cursor)
}

// Mine lists what a member has written, the newest first.
func (d *Desk) Mine(ctx context.Context, a actor.Actor) (list []*Submission, err error) {
	if err := a.Needs(actor.Member); err != nil {
		return nil, err
	}
	err = d.db.Read(ctx, func(tx *db.Tx) error {
		list, err = listed(tx, `SELECT `+listColumns+` FROM submissions WHERE author = $1 ORDER BY updated_at DESC, id DESC LIMIT 500`, a.ID)
		return err
	})
	return list, err
}

// page reads the part of the queue behind a cursor. The ids come from an index
// alone, the rows after them: the long texts are not touched.
func (d *Desk) page(ctx context.Context, w where, limit int, cursor string) (q Queue, err error) {
	if limit <= 0 {
		limit = defaultPage
	}
	limit = min(limit, maxPage)
	if cursor != "" {
		turn, id, ok := parseCursor(cursor)
		if !ok {
			return q, errs.InField("cursor", "is not one of ours")
		}
		w.add("(turn > ? OR turn = ? AND id > ?)", turn, turn, id)
	}
	err = d.db.Read(ctx, func(tx *db.Tx) error {
		list, err := listed(tx, `SELECT `+listColumns+` FROM submissions WHERE id IN (SELECT id FROM submissions WHERE `+w.text()+
			` ORDER BY turn, id LIMIT `+strconv.Itoa(limit+1)+`) ORDER BY turn, id`, w.args...)
		if err != nil {
			return err
		}
		q = Queue{Items: list}
		if len(list) > limit {
			q.Items = list[:limit]
			last := q.Items[limit-1]
			q.Next = fmt.Sprintf("%d-%d", last.turn, last.ID)
		}
		return nil
	})
	return q, err
}

func parseCursor(s string) (turn, id int64, ok bool) {
	a, b, ok := strings.Cut(s, "-")
	turn, err1 := strconv.ParseInt(a, 10, 64)
	id, err2 := strconv.ParseInt(b, 10, 64)
	return turn, id, ok && err1 == nil && err2 == nil
}

func listed(tx *db.Tx, query string, args ...any) (list []*Submission, err error) {
	rows, err := tx.Query(query, args...)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var x row
		if err := r.Scan(x.targets()...); err != nil {
			return err
		}
		s, err := x.done()
		list = append(list, s)
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, name(tx, list)
}

// where gathers conditions; each ? becomes the next placeholder.
type where struct {
	conditions []string
	args       []any
}

func (w *where) add(condition string, args ...any) {
	for _, a := range args {
		w.args = append(w.args, a)
		condition = strings.Replace(condition, "?", "$"+strconv.Itoa(len(w.args)), 1)
	}
	w.conditions = append(w.conditions, condition)
}

// within keeps what lies in one of the destinations; "" is what lies nowhere.
// "0" follows "/" in the order of bytes.
func (w *where) within(paths []string) {
	var any []string
	for _, p := range paths {
		one := where{args: w.args}
		if p == "" {
			one.add("destination = ?", "")
		} else {
			one.add("(destination = ? OR destination >= ? AND destination < ?)", p, p+"/", p+"0")
		}
		w.args = one.args
		any = append(any, one.conditions...)
	}
	w.conditions = append(w.conditions, "("+strings.Join(any, " OR ")+")")
}

func (w *where) text() string { return strings.Join(w.conditions, " AND ") }

// wakeHeld puts back into the queue what was held until now.
func (d *Desk) wakeHeld(ctx context.Context) error {
	now := d.db.Millis()
	var due bool
	err := d.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM submissions WHERE status = 'held' AND held_until <= $1)`, now).Scan(&due)
	})
	if err != nil || !due {
		return err
	}
	return d.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE submissions SET status = 'waiting', version = version + 1, held_until = 0 WHERE status = 'held' AND held_until <= $1`, now)
		return err
	})
}

// Of reads a submission: its author's own, or for an editor any that was
// sent about their regions.
func (d *Desk) Of(ctx context.Context, a actor.Actor, id int64) (s *Submission, err error) {
	err = d.db.Read(ctx, func(tx *db.Tx) error {
		s, err = seen(tx, a, id)
		return err
	})
	return s, err
}

// seen is a submission that the actor may read; any other is not there.
func seen(tx *db.Tx, a actor.Actor, id int64) (*Submission, error) {
	s, err := byID(tx, id)
	if err != nil {
		return nil, err
	}
	switch {
	case a.ID != 0 && s.Author.ID == a.ID:
		return s, nil
	case !a.Role.AtLeast(actor.Editor) || s.Status == Draft:
		return nil, notThere()
	case s.Destination != "" && !a.Edits(s.Destination):
		// It may hold a true position.
		return nil, outside()
	}
	return s, nil
}

// Claim gives an editor a submission for a while, so that two are not at it at
// once; who has it renews it.
func (d *Desk) Claim(ctx context.Context, a actor.Actor, id int64) (*Submission, error) {
	return d.lease(ctx, a, id, d.db.Now().Add(lease))
}

// Release gives a claim back.
func (d *Desk) Release(ctx context.Context, a actor.Actor, id int64) (*Submission, error) {
	return d.lease(ctx, a, id, time.Time{})
}

func (d *Desk) lease(ctx context.Context, a actor.Actor, id int64, until time.Time) (s *Submission, err error) {
	if err := a.Needs(actor.Editor); err != nil {
		return nil, err
	}
	err = d.db.Write(ctx, func(tx *db.Tx) error {
		tx.Made(id)
		if s, err = seen(tx, a, id); err != nil {
			return err
		}
		if !a.Edits(s.Destination) {
			return outside()
		}
		by := orNull(a.ID)
		if until.IsZero() {
			by = nil
		}
		n, err := tx.Exec(`UPDATE submissions SET claimed_by = $2, claimed_until = $3
			WHERE id = $1 AND status IN ('waiting', 'held') AND (claimed_by IS NULL OR claimed_by = $4 OR claimed_until <= $5)`,
			id, by, db.Millis(until), a.ID, d.db.Millis())
		if err != nil {
			return err
		}
		if s, err = byID(tx, id); err != nil {
			return err
		}
		if n == 0 {
			return present(s)
		}
		return nil
	})
	return s, err
}
