package desk

import (
	"database/sql"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
)

// Enclosures are what comes along with what members propose and has rows of its
// own: photos. They are beside a draft first, go with it to the desk, and share
// what is decided there.
type Enclosures interface {
	// Enclose gives what is beside a draft, and what came with s before, to s. What
	// it notices is for the editor; blocking findings keep s from going live.
	Enclose(tx *db.Tx, a actor.Actor, s *Submission, draft int64) ([]Finding, error)
	// Publish makes it public with s at a place, but for those to leave out.
	Publish(tx *db.Tx, s *Submission, place int64, leave []int64) error
	// TakeBack undoes Publish.
	TakeBack(tx *db.Tx, s *Submission) error
}

// Encloses says who keeps what comes along. It is called before the desk is used.
func (d *Desk) Encloses(e Enclosures) { d.enclosures = e }

func (d *Desk) enclose(tx *db.Tx, a actor.Actor, s *Submission, draft int64) ([]Finding, error) {
	if d.enclosures == nil {
		return nil, nil
	}
	return d.enclosures.Enclose(tx, a, s, draft)
}

func (d *Desk) publishEnclosed(tx *db.Tx, s *Submission, place int64, leave []int64) error {
	if d.enclosures == nil || place == 0 {
		return nil
	}
	return d.enclosures.Publish(tx, s, place, leave)
}

// Ended lists those of some submissions that came to nothing before a time, or
// are not there any more: declined, found here already, or withdrawn.
func (d *Desk) Ended(tx *db.Tx, ids []int64, before time.Time) (ended []int64, err error) {
	args := make([]any, 0, len(ids)+1)
	args = append(args, db.Millis(before))
	open := map[int64]bool{}
	for _, id := range ids {
		args = append(args, id)
	}
	rows, err := tx.Query(`SELECT id FROM submissions WHERE id IN (`+db.In(len(ids), 2)+`) AND (status NOT IN ('declined', 'duplicate', 'withdrawn') OR updated_at >= $1)`, args...)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var id int64
		err := r.Scan(&id)
		open[id] = true
		return err
	})
	for _, id := range ids {
		if !open[id] {
			ended = append(ended, id)
		}
	}
	return ended, err
}
