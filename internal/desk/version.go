package desk

import (
	"encoding/json"
	"time"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/revision"
)

// Version is what a submission said before its author sent it again: what its
// editor had read when they asked for changes.
type Version struct {
	Base    int
	Fields  revision.Fields
	Summary string
	At      time.Time // when it was replaced
}

// earlier reads the newest of the versions that were replaced, nil where it was
// sent once.
func earlier(tx *db.Tx, submission int64) (*Version, error) {
	var v Version
	var at int64
	var fields string
	err := tx.QueryRow(`SELECT base, at, summary, fields FROM submission_versions WHERE submission = $1 ORDER BY version DESC LIMIT 1`, submission).
		Scan(&v.Base, &at, &v.Summary, &fields)
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	v.At = db.Time(at)
	return &v, json.Unmarshal([]byte(fields), &v.Fields)
}

// replaced keeps what a submission said until now.
func (d *Desk) replaced(tx *db.Tx, was *Submission) (*Version, error) {
	v := &Version{Base: was.Base, Fields: was.Fields, Summary: was.Summary, At: d.db.Now()}
	fields, _, err := texts(was)
	if err != nil {
		return nil, err
	}
	_, err = tx.Exec(`INSERT INTO submission_versions (submission, version, author, base, at, summary, fields) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		was.ID, was.Version, orNull(was.Author.ID), v.Base, db.Millis(v.At), v.Summary, fields)
	return v, err
}

// Mended are the fields that an editor changed in what was published, nil where it
// was published as it was sent.
func (s *Submission) Mended() revision.Fields {
	if s.Status != Published {
		return nil
	}
	for i := len(s.Decisions) - 1; i >= 0; i-- {
		if x := s.Decisions[i]; x.Action == Publish && x.Undone.IsZero() {
			return x.Mended
		}
	}
	return nil
}
