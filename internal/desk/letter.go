package desk

import (
	"encoding/json"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// Letter is one letter of a conversation, as who reports it sees it.
type Letter struct {
	By                 int64
	Text               string
	Title, Destination string // of the submission
	Path               string // at which its author finds it
}

// LetterIn reads a letter that the actor may read: of an own submission, or as an
// editor.
func LetterIn(tx *db.Tx, a actor.Actor, id int64) (l Letter, err error) {
	var submission int64
	err = tx.QueryRow(`SELECT submission, member, text FROM submission_messages WHERE id = $1`, id).Scan(&submission, &l.By, &l.Text)
	if errs.Is(err, errs.NotFound) {
		return l, notThere()
	}
	if err != nil {
		return l, err
	}
	s, err := seen(tx, a, submission)
	if err != nil {
		return l, err
	}
	l.Title, l.Destination, l.Path = s.Title, s.Destination, s.Path()
	return l, nil
}

// Rewrite puts other words in the place of a letter's, none where an editor took
// them away.
func Rewrite(tx *db.Tx, id int64, text string) error {
	_, err := tx.Exec(`UPDATE submission_messages SET text = $2 WHERE id = $1`, id, text)
	return err
}

// AuthorOf is who gave the atlas a place, 0 for nobody who is known.
func (d *Desk) AuthorOf(tx *db.Tx, place int64) (author int64, err error) {
	err = tx.QueryRow(`SELECT coalesce(author, 0) FROM submissions WHERE place = $1 AND kind = 'place' AND status = 'published' ORDER BY id LIMIT 1`, place).Scan(&author)
	if errs.Is(err, errs.NotFound) {
		err = nil
	}
	return author, err
}

// In reads a submission inside another use case's transaction.
func (d *Desk) In(tx *db.Tx, id int64) (*Submission, error) { return byID(tx, id) }

// Notice adds to what the checks noticed about a matter, once.
func (d *Desk) Notice(tx *db.Tx, id int64, f Finding) error {
	s, err := byID(tx, id)
	if err != nil {
		return err
	}
	for _, x := range s.Findings {
		if x.Check == f.Check {
			return nil
		}
	}
	b, err := json.Marshal(append(s.Findings, f))
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE submissions SET findings = $2, version = version + 1 WHERE id = $1`, id, string(b))
	return err
}
