package matter

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"unicode/utf8"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/desk"
	"mirabilia/internal/errs"
	"mirabilia/internal/place"
	"mirabilia/internal/setting"
	"mirabilia/internal/text"
)

// MaxNote is how long a note is at most, in characters: a line.
const MaxNote = 300

// Notes are the lightest contribution: one line about an entry, such as where
// the entrance is now. An editor takes it up, by mending the entry, or leaves
// the entry as it is; who wrote it is told. All of a note is its submission.
type Notes struct {
	db     *db.DB
	desk   *desk.Desk
	places *place.Places
}

// JoinNotes joins the desk and the notes on entries. It is called before either
// is used.
func JoinNotes(d *db.DB, k *desk.Desk, p *place.Places) *Notes {
	n := &Notes{d, k, p}
	k.Takes(desk.Note, n)
	return n
}

// Leave leaves a note on a place, and gives the number of its submission. The
// same line of the same member that waits there already is the same note.
func (n *Notes) Leave(ctx context.Context, a actor.Actor, at int64, line string) (id int64, err error) {
	if err := a.Needs(actor.Member); err != nil {
		return 0, err
	}
	line = text.CleanLine(line)
	if l := utf8.RuneCountInString(line); l == 0 || l > MaxNote {
		return 0, errs.InField("text", "is one line of 1 to %d characters", MaxNote)
	}
	err = n.db.Write(ctx, func(tx *db.Tx) error {
		err := tx.QueryRow(`SELECT id FROM submissions WHERE place = $1 AND author = $2 AND kind = 'note' AND status = 'waiting' AND summary = $3`, at, a.ID, line).Scan(&id)
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		id = n.db.NewID()
		tx.Made(id)
		return n.put(tx, a, at, id, line)
	})
	return id, err
}

func (n *Notes) put(tx *db.Tx, a actor.Actor, at, id int64, line string) error {
	if err := n.desk.Allow(tx, a); err != nil {
		return err
	}
	p, _, err := n.places.Standing(tx, at, 0)
	if err != nil {
		return err
	}
	rules, err := setting.In(tx)
	if err != nil {
		return err
	}
	w := desk.Waits{ID: id, Kind: desk.Note, Author: a.ID, Place: at, Title: p.Title, Destination: p.Destination, Summary: line, Words: len(text.Words(line))}
	for _, why := range rules.Contributing.Held(setting.OfFieldNote, line) {
		w.Findings = append(w.Findings, desk.Finding{Check: "blocked", Message: why, Blocking: true})
	}
	return n.desk.Put(tx, w)
}

// Settle implements desk.Matter: a note stands as its submission does.
func (n *Notes) Settle(*db.Tx, actor.Actor, *desk.Submission, desk.Verdict) (json.RawMessage, error) {
	return json.RawMessage(`{}`), nil
}

// Reopen implements desk.Matter.
func (n *Notes) Reopen(*db.Tx, actor.Actor, *desk.Submission, desk.Action, json.RawMessage) error {
	return nil
}

// Withdraw implements desk.Matter.
func (n *Notes) Withdraw(*db.Tx, actor.Actor, *desk.Submission) error { return nil }
