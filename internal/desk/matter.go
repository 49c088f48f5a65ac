package desk

import (
	"encoding/json"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/revision"
)

// Matter is a kind of things that the desk decides about besides what members
// propose: a photo, a note, a report. Such a thing has rows of its own, and
// waits on the desk under its own number.
type Matter interface {
	// Settle does what Publish or Decline means for the thing, and gives what
	// Reopen needs. errs.Conflict says that it stands otherwise by now.
	Settle(tx *db.Tx, a actor.Actor, s *Submission, v Verdict) (undo json.RawMessage, err error)
	// Reopen lets the thing wait again, as it was before the decision.
	Reopen(tx *db.Tx, a actor.Actor, s *Submission, action Action, undo json.RawMessage) error
	// Withdraw takes back what its author does not wish to be decided.
	Withdraw(tx *db.Tx, a actor.Actor, s *Submission) error
}

// Mender is a Matter of which editors can change words on the way.
type Mender interface {
	// Mended gives what was changed in a thing that its author wrote otherwise.
	Mended(tx *db.Tx, id int64) (revision.Fields, error)
}

// Takes says who settles a kind of matters. It is called before the desk is used.
func (d *Desk) Takes(k Kind, m Matter) {
	if d.matters == nil {
		d.matters = map[Kind]Matter{}
	}
	d.matters[k] = m
}

// Matter reports whether a submission is a matter: it has no fields to compare.
func (s *Submission) Matter() bool {
	return s.Kind == Photo || s.Kind == Note || s.Kind == Report || s.Kind == Visit
}

// Waits is a matter that came in.
type Waits struct {
	ID          int64 // the thing's own
	Kind        Kind
	Author      int64 // 0 for nobody
	Place       int64 // that it is about, 0 for none
	Title       string
	Destination string
	Summary     string
	Words       int // to read
	Findings    []Finding
	Appeal      bool // asks for a second look at what an editor decided
	// Live says that it is public already, since its author is trusted: some are
	// looked at all the same.
	Live bool
}

// Put puts a matter on the desk, in the transaction that made it.
func (d *Desk) Put(tx *db.Tx, w Waits) error {
	now := d.db.Now()
	s := &Submission{ID: w.ID, Kind: w.Kind, Status: Waiting, Author: Person{ID: w.Author}, Place: w.Place, Title: w.Title, Destination: w.Destination,
		Summary: w.Summary, Findings: w.Findings, Appealed: w.Appeal, Version: 1, Created: now, Submitted: now, Updated: now, turn: turn(now, w.Kind, w.Words)}
	if !w.Live {
		return d.insert(tx, s)
	}
	rules, err := d.settings.Now(tx.Context())
	if err != nil {
		return err
	}
	s.Status, s.Live, s.Decided = Published, true, now
	if s.Sampled, err = d.sampled(rules.Contributing); err != nil {
		return err
	}
	if err := d.insert(tx, s); err != nil {
		return err
	}
	return note(tx, s.ID, &Decision{ID: d.db.NewID(), Action: Publish, By: s.Author, At: now}, 0)
}

// Close writes down what was decided about a matter elsewhere than on the desk:
// on the page of the thing itself, or by a report about it. What stands so
// already stays as it is; a thing that never came to the desk is passed over.
func (d *Desk) Close(tx *db.Tx, a actor.Actor, id int64, action Action, text string) error {
	n, err := tx.Exec(`UPDATE submissions SET status = $2, version = version + 1, updated_at = $3, decided_at = $3, held_until = 0, sampled = $4,
		claimed_by = NULL, claimed_until = 0
		WHERE id = $1 AND kind IN ('photo', 'note', 'report', 'visit') AND status NOT IN ($2, 'draft', 'withdrawn')`,
		id, string(outcomes[action]), d.db.Millis(), false)
	if err != nil || n == 0 {
		return err
	}
	s, err := byID(tx, id)
	if err != nil {
		return err
	}
	made := Decision{ID: d.db.NewID(), Action: action, Text: text, By: person(a), At: d.db.Now()}
	if action == Decline {
		made.Reason = "other"
	}
	if err := note(tx, id, &made, 0); err != nil {
		return err
	}
	if err := d.weigh(tx, s); err != nil {
		return err
	}
	if err := audit.Write(tx, a, "submission."+string(action), "submission", id, map[string]any{"title": s.Title, "kind": s.Kind}); err != nil {
		return err
	}
	return d.tell(tx, s, News{Action: action, Reason: made.Reason, Text: text, Decision: made.ID})
}

// Drop takes a matter off the desk that waits there and that its author does not
// stand by any more.
func (d *Desk) Drop(tx *db.Tx, id int64) error {
	_, err := tx.Exec(`UPDATE submissions SET status = 'withdrawn', version = version + 1, updated_at = $2, claimed_by = NULL, claimed_until = 0
		WHERE id = $1 AND status IN ('waiting', 'held')`, id, d.db.Millis())
	return err
}

// Asked notes that its author asks for a second look at a thing by another way
// than its page on the desk: there is one appeal, whichever way it takes. A thing
// that never came to the desk is passed over.
func (d *Desk) Asked(tx *db.Tx, id int64) error {
	n, err := tx.Exec(`UPDATE submissions SET appealed = $2, version = version + 1, updated_at = $3 WHERE id = $1 AND NOT appealed`, id, true, d.db.Millis())
	if err != nil || n > 0 {
		return err
	}
	_, err = byID(tx, id)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	return errOr(err, errs.New(errs.Conflict, "You have asked for a second look already. One is all there is."))
}

// Reworded tells the author of a submission that an editor changed, beside any
// decision, what is written about a thing that it brought. A thing that never
// came to the desk is passed over.
func (d *Desk) Reworded(tx *db.Tx, id, thing int64) error {
	s, err := byID(tx, id)
	if err != nil {
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		return err
	}
	return d.tell(tx, s, News{Action: Reworded, Thing: thing})
}

// Allow holds a member to the number of submissions a day of their trust, for
// matters that have no number of their own.
func (d *Desk) Allow(tx *db.Tx, a actor.Actor) error {
	rules, err := d.settings.Now(tx.Context())
	if err != nil {
		return err
	}
	return d.withinDay(tx, a, &Submission{}, rules.Contributing, d.db.Now())
}

// weigh derives the trust of a submission's author anew.
func (d *Desk) weigh(tx *db.Tx, s *Submission) error {
	rules, err := d.settings.Now(tx.Context())
	if err != nil {
		return err
	}
	return trust(tx, s.Author.ID, rules.Contributing)
}
