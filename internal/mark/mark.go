// Package mark holds what members say of places for themselves: been, want, and
// visits. A mark is of one member on one place; the counts of a place are the
// sum of its marks, changed in the same transaction, so that they are exact
// whoever marks at once.
//
// Marks are many and small: those that arrive while a commit is on its way to
// the disk go together into the next one (see group), so that eight writers
// cost hardly more than one and each answer still means that it is kept.
package mark

import (
	"time"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// Kind is what a mark says.
type Kind string

// The marks.
const (
	Been Kind = "been"
	Want Kind = "want"
)

// Valid reports whether k is a mark.
func (k Kind) Valid() bool { return k == Been || k == Want }

// Own is what one member says of a place.
type Own struct {
	Been, Want bool
}

// Has reports whether the mark is set.
func (o Own) Has(k Kind) bool { return k == Been && o.Been || k == Want && o.Want }

func (o *Own) set(k Kind) {
	switch k {
	case Been:
		o.Been = true
	case Want:
		o.Want = true
	}
}

// Change sets or takes away one mark.
type Change struct {
	Place int64
	Kind  Kind
	On    bool
}

// Marked is a place on a member's list of marks.
type Marked struct {
	Place int64
	At    time.Time // when the mark was set
}

// Marks is the use cases of marks and visits.
type Marks struct {
	db    *db.DB
	group group
	queue Queue // decides about field notes; nil: they wait for one
	shown *db.Memo[shownKey, []Mine]
}

// shownKey names what a page shows to a member: ids of places, comma separated.
type shownKey struct {
	member int64
	places string
}

// mostShown is how many such pages are kept between two commits.
const mostShown = 4096

// New makes the use cases on a database.
func New(d *db.DB) *Marks {
	m := &Marks{db: d, shown: db.NewMemo[shownKey, []Mine](d, mostShown)}
	m.group.db = d
	return m
}

func noPlace() error { return errs.New(errs.NotFound, "There is no such place.") }
