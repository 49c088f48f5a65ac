package desk

import (
	"context"
	"encoding/json"

	"mirabilia/internal/db"
	"mirabilia/internal/revision"
)

// Subject is what submissions are about, as far as the desk must know it.
type Subject interface {
	// Check cleans the fields of a submission and says which cannot be as
	// they are (errs.Invalid with fields). Of a draft nothing is demanded.
	Check(kind Kind, fields revision.Fields, draft bool) (revision.Fields, error)
	// Needed lists the fields that a submission of a kind is nothing without:
	// they are taken also where an editor takes only some.
	Needed(kind Kind) []string
	// Secret lists the fields of a place that nobody but editors is told.
	Secret(tx *db.Tx, place int64) ([]string, error)
	// About says what a submission is about; unknown parts are left zero. An
	// edit of what is not public is an error.
	About(tx *db.Tx, s *Submission) (About, error)
	// Findings runs the automatic checks.
	Findings(ctx context.Context, s *Submission) ([]Finding, error)
	// Publish makes it public. errs.Conflict names the fields in conflict. An import
	// is nobody's: by is who changed something in it, nobody where it stays as it is.
	Publish(tx *db.Tx, s *Submission, by Person) (Outcome, error)
	// TakeBack undoes what Publish did, with what it gave for that.
	TakeBack(tx *db.Tx, s *Submission, undo json.RawMessage, by Person) error
}

// About is where a submission belongs.
type About struct {
	Title       string
	Destination string // path, as the desk may know it
	From        string // of an edit: where the place is now
	Base        int    // of an edit: the revision it was written on, where it said none
	Words       int    // to read
	// Fields are those that say something new.
	Fields revision.Fields
	// Checkable says that it changes nothing but facts, links and sources,
	// which a trusted member's edit may do at once.
	Checkable bool
}

// Outcome is what publishing did.
type Outcome struct {
	Place int64
	Undo  json.RawMessage
	// Draft is what the author may go on with, nil for nothing: an accepted
	// pitch becomes the draft of a place.
	Draft revision.Fields
}
