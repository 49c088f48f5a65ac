package desk

import (
	"database/sql"
	"encoding/json"
	"errors"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/revision"
	"mirabilia/internal/user"
)

// Columns of a list; the long ones of a whole submission follow.
const listColumns = `id, kind, status, author, place, base, title, destination, turn, version, created_at, submitted_at, updated_at,
	decided_at, held_until, claimed_by, claimed_until, appealed, live, sampled, summary, findings`

const wholeColumns = listColumns + `, fields`

// row is a submission as it was read.
type row struct {
	s                                             Submission
	author, place, claimedBy                      sql.NullInt64
	created, submitted, updated, decided, heldTil int64
	claimedTil                                    int64
	findings, fields                              string
}

func (r *row) targets() []any {
	s := &r.s
	return []any{&s.ID, (*string)(&s.Kind), (*string)(&s.Status), &r.author, &r.place, &s.Base, &s.Title, &s.Destination, &s.turn, &s.Version,
		&r.created, &r.submitted, &r.updated, &r.decided, &r.heldTil, &r.claimedBy, &r.claimedTil, &s.Appealed, &s.Live, &s.Sampled,
		&s.Summary, &r.findings}
}

func (r *row) done() (*Submission, error) {
	s := &r.s
	s.Author.ID, s.Place = r.author.Int64, r.place.Int64
	s.Created, s.Submitted, s.Updated = db.Time(r.created), db.Time(r.submitted), db.Time(r.updated)
	s.Decided, s.HeldUntil = db.Time(r.decided), db.Time(r.heldTil)
	s.Claim = Claim{Person{ID: r.claimedBy.Int64}, db.Time(r.claimedTil)}
	if r.findings != "" {
		if err := json.Unmarshal([]byte(r.findings), &s.Findings); err != nil {
			return nil, err
		}
	}
	if r.fields != "" {
		if err := json.Unmarshal([]byte(r.fields), &s.Fields); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// byID reads a submission whole, with its decisions and letters.
func byID(tx *db.Tx, id int64) (*Submission, error) {
	var r row
	err := tx.QueryRow(`SELECT `+wholeColumns+` FROM submissions WHERE id = $1`, id).Scan(append(r.targets(), &r.fields)...)
	if errs.Is(err, errs.NotFound) {
		return nil, notThere()
	}
	if err != nil {
		return nil, err
	}
	s, err := r.done()
	if err != nil {
		return nil, err
	}
	if s.Decisions, err = decisionsOf(tx, id); err != nil {
		return nil, err
	}
	if s.Messages, err = messagesOf(tx, id); err != nil {
		return nil, err
	}
	if s.Earlier, err = earlier(tx, id); err != nil {
		return nil, err
	}
	return s, name(tx, []*Submission{s})
}

func decisionsOf(tx *db.Tx, id int64) (list []Decision, err error) {
	rows, err := tx.Query(`SELECT id, action, reason, text, of_place, member, at, undone_at, taken, undo, mended FROM decisions
		WHERE submission = $1 ORDER BY id`, id)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var d Decision
		var of, member sql.NullInt64
		var at, undone int64
		var only, mended string
		if err := r.Scan(&d.ID, (*string)(&d.Action), &d.Reason, &d.Text, &of, &member, &at, &undone, &only, &d.undo, &mended); err != nil {
			return err
		}
		d.Of, d.By.ID, d.At, d.Undone = of.Int64, member.Int64, db.Time(at), db.Time(undone)
		if err := errors.Join(readJSON(only, &d.Only), readJSON(mended, &d.Mended)); err != nil {
			return err
		}
		list = append(list, d)
		return nil
	})
	return list, err
}

func messagesOf(tx *db.Tx, id int64) (list []Message, err error) {
	rows, err := tx.Query(`SELECT id, member, at, text FROM submission_messages WHERE submission = $1 ORDER BY id`, id)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var m Message
		var at int64
		err := r.Scan(&m.ID, &m.By.ID, &at, &m.Text)
		m.At = db.Time(at)
		list = append(list, m)
		return err
	})
	return list, err
}

// name fills in the names of everybody in the submissions.
func name(tx *db.Tx, list []*Submission) error {
	var people []*Person
	for _, s := range list {
		people = append(people, &s.Author, &s.Claim.By)
		for i := range s.Decisions {
			people = append(people, &s.Decisions[i].By)
		}
		for i := range s.Messages {
			people = append(people, &s.Messages[i].By)
		}
	}
	var ids []int64
	seen := map[int64]bool{0: true}
	for _, p := range people {
		if !seen[p.ID] {
			seen[p.ID] = true
			ids = append(ids, p.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	members, err := user.ByIDs(tx, ids)
	if err != nil {
		return err
	}
	for _, p := range people {
		if m := members[p.ID]; m != nil {
			p.Name, p.Path = m.Shown, m.Path()
			if m.State == user.Deleted {
				p.Path = ""
			}
		}
	}
	return nil
}

func (d *Desk) insert(tx *db.Tx, s *Submission) error {
	fields, findings, err := texts(s)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO submissions (id, kind, status, author, place, base, title, destination, turn, version, created_at, submitted_at,
		updated_at, decided_at, held_until, claimed_by, claimed_until, appealed, live, sampled, summary, findings, fields)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, NULL, 0, $15, $16, $17, $18, $19, $20)`,
		s.ID, string(s.Kind), string(s.Status), orNull(s.Author.ID), orNull(s.Place), s.Base, s.Title, s.Destination, s.turn, s.Version,
		db.Millis(s.Created), db.Millis(s.Submitted), db.Millis(s.Updated), db.Millis(s.Decided), s.Appealed, s.Live, s.Sampled, s.Summary,
		findings, fields)
	return err
}

// rewrite writes what its author changes of a submission, if it is still at
// the version that was read.
func rewrite(tx *db.Tx, s *Submission, was int64) error {
	fields, findings, err := texts(s)
	if err != nil {
		return err
	}
	n, err := tx.Exec(`UPDATE submissions SET status = $3, place = $4, base = $5, title = $6, destination = $7, turn = $8, version = $9,
		submitted_at = $10, updated_at = $11, live = $12, sampled = $13, summary = $14, findings = $15, fields = $16, decided_at = $17
		WHERE id = $1 AND version = $2`,
		s.ID, was, string(s.Status), orNull(s.Place), s.Base, s.Title, s.Destination, s.turn, s.Version,
		db.Millis(s.Submitted), db.Millis(s.Updated), s.Live, s.Sampled, s.Summary, findings, fields, db.Millis(s.Decided))
	if err == nil && n == 0 {
		err = changedElsewhere()
	}
	return err
}

func changedElsewhere() error {
	return errs.New(errs.Conflict, "This was changed in another window since; load it again to see both.")
}

func texts(s *Submission) (fields, findings string, err error) {
	f := s.Fields
	if f == nil {
		f = revision.Fields{}
	}
	b, err := json.Marshal(f)
	if err != nil {
		return "", "", err
	}
	if len(s.Findings) > 0 {
		c, err := json.Marshal(s.Findings)
		if err != nil {
			return "", "", err
		}
		findings = string(c)
	}
	return string(b), findings, nil
}

func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

// note writes a decision.
func note(tx *db.Tx, submission int64, d *Decision, waited int64) error {
	only, err := jsonOf(d.Only, len(d.Only))
	if err != nil {
		return err
	}
	mended, err := jsonOf(d.Mended, len(d.Mended))
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO decisions (id, submission, action, reason, text, of_place, member, at, waited, undone_at, taken, undo, mended)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11, $12)`,
		d.ID, submission, string(d.Action), d.Reason, d.Text, orNull(d.Of), orNull(d.By.ID), db.Millis(d.At), waited, only, d.undo, mended)
	return err
}

// readJSON reads what jsonOf wrote.
func readJSON(text string, into any) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), into)
}

// jsonOf is a value as its column keeps it, "" for one that holds nothing.
func jsonOf(v any, holds int) (string, error) {
	if holds == 0 {
		return "", nil
	}
	b, err := json.Marshal(v)
	return string(b), err
}
