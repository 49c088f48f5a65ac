// Package takedown is what editors have taken from the public, and why: the
// reason is for everybody to read, and who asks for the thing is told it with
// 410. It knows no feature; the thing's own room takes it down and gives it back,
// in the same transaction.
package takedown

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/text"
)

// Code is the kind of reason.
type Code string

// The codes.
const (
	Legal     Code = "legal"     // a notice under the law
	Private   Code = "private"   // on private property
	Protected Code = "protected" // nature, or a monument, that visitors harm
	Danger    Code = "danger"    // it leads people into danger
	Rights    Code = "rights"    // it belongs to somebody else
	Privacy   Code = "privacy"   // it shows or names somebody who does not wish it
	Abuse     Code = "abuse"     // it insults or threatens
	Promotion Code = "promotion" // it advertises
	False     Code = "false"     // what it says is not so
	Other     Code = "other"
)

// Codes lists them in the order in which forms show them.
var Codes = []Code{Legal, Private, Protected, Danger, Rights, Privacy, Abuse, Promotion, False, Other}

// Reason is why something was taken down, for everybody to read.
type Reason struct {
	Code Code
	Text string
}

// MaxText is how long the words of a reason may be, in bytes.
const MaxText = 500

// Check tidies a reason and says what is wrong with it.
func (r *Reason) Check() error {
	r.Text = text.CleanLine(r.Text)
	if !slices.Contains(Codes, r.Code) {
		return errs.InField("why", "is one of the kinds of reasons")
	}
	if r.Text == "" || len(r.Text) > MaxText {
		return errs.InField("public", "says in one or two sentences why, for everyone to read")
	}
	return nil
}

// Down is one thing that is taken down.
type Down struct {
	Kind  string // "place", "photo", "list", as the log of changes has them
	Thing int64
	Reason
	Title, Path string
	By          int64 // 0 for nobody who is known still
	At          time.Time
}

// Put writes down that something is taken from the public now.
func Put(tx *db.Tx, a actor.Actor, d Down) error {
	var by any
	if a.ID != 0 {
		by = a.ID
	}
	_, err := tx.Exec(`INSERT INTO takedowns (kind, thing, code, title, path, member, at, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (kind, thing) DO UPDATE SET code = excluded.code, reason = excluded.reason`,
		d.Kind, d.Thing, string(d.Code), d.Title, d.Path, by, tx.DB().Millis(), d.Text)
	return err
}

// Lift writes down that it is given back, and gives what was written: nil when it
// was not taken down, or nothing was written about it.
func Lift(tx *db.Tx, kind string, thing int64) (*Down, error) {
	d, err := Of(tx, kind, thing)
	if err != nil || d == nil {
		return nil, err
	}
	_, err = tx.Exec(`DELETE FROM takedowns WHERE kind = $1 AND thing = $2`, kind, thing)
	return d, err
}

const columns = `kind, thing, code, title, path, coalesce(member, 0), at, reason`

// Of is what is written about a thing that is taken down, nil for nothing.
func Of(tx *db.Tx, kind string, thing int64) (d *Down, err error) {
	rows, err := tx.Query(`SELECT `+columns+` FROM takedowns WHERE kind = $1 AND thing = $2`, kind, thing)
	return d, db.Each(rows, err, func(r *sql.Rows) (err error) {
		d, err = scan(r)
		return err
	})
}

func scan(r *sql.Rows) (*Down, error) {
	d := new(Down)
	var at int64
	err := r.Scan(&d.Kind, &d.Thing, (*string)(&d.Code), &d.Title, &d.Path, &d.By, &at, &d.Text)
	d.At = db.Time(at)
	return d, err
}

// Gone is the error of who asks for a thing that is taken down: it tells the
// reason, since when it holds, and where one may ask for a second look. otherwise
// is the error where nothing was written.
func Gone(tx *db.Tx, kind string, thing int64, otherwise error) error {
	d, err := Of(tx, kind, thing)
	if err != nil {
		return err
	}
	if d == nil {
		return otherwise
	}
	return &errs.Error{Code: errs.Gone, Message: d.Text, Since: d.At, Location: "/report?of=" + kind + "-" + strconv.FormatInt(thing, 10)}
}

// Downs reads what is taken down. Safe for concurrent use.
type Downs struct{ db *db.DB }

// New makes the use cases on a database.
func New(d *db.DB) *Downs { return &Downs{d} }

// Newest lists what is taken down, what was taken last first, from before a time
// and a number; the zero Down starts.
func (x *Downs) Newest(ctx context.Context, a actor.Actor, before Down, limit int) (list []*Down, err error) {
	if err := a.Needs(actor.Editor); err != nil {
		return nil, err
	}
	at := int64(1<<63 - 1)
	if !before.At.IsZero() {
		at = db.Millis(before.At)
	}
	err = x.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.Query(`SELECT `+columns+` FROM takedowns WHERE (at, thing) < ($1, $2) ORDER BY at DESC, thing DESC LIMIT $3`, at, before.Thing, limit)
		return db.Each(rows, err, func(r *sql.Rows) error {
			d, err := scan(r)
			list = append(list, d)
			return err
		})
	})
	return list, err
}

// Find is what is written about a thing that is taken down, nil for nothing: it
// is for everybody to read.
func (x *Downs) Find(ctx context.Context, kind string, thing int64) (d *Down, err error) {
	err = x.db.Read(ctx, func(tx *db.Tx) error {
		d, err = Of(tx, kind, thing)
		return err
	})
	return d, err
}
