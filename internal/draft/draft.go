// Package draft keeps what a member has begun to write and not sent, exactly as
// it was typed, whether or not it would be accepted: so that a closed browser, a
// flat battery or a refused form costs no word. It knows no feature.
package draft

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// Kind is what is being written.
type Kind string

// The kinds.
const (
	Pitch Kind = "pitch"
	Place Kind = "place"
	Edit  Kind = "edit"
)

// Draft is one text on its way.
type Draft struct {
	ID    int64
	Kind  Kind
	Place int64 // that an edit is of, 0 for none
	Base  int   // the revision that an edit began from
	Mends int64 // the submission that it would be sent again as, 0 for none
	Sent  int64 // the submission that it became, 0 while it is a draft
	Title string
	Typed map[string]string // the texts of the form's controls by their names
	Began time.Time
	Kept  time.Time
}

const (
	// most is how many drafts a member can have, mostBytes how large one can be.
	most      = 100
	mostBytes = 600_000
	// remembers is how long it is known that a draft was sent: a form that is
	// sent again, or saved by a tab that was left open, must not begin anew.
	remembers = 7 * 24 * time.Hour
)

// Drafts is the drafts of an atlas. Safe for concurrent use.
type Drafts struct {
	db *db.DB
	// Discarded is told of a draft that is thrown away, in that transaction, so
	// that what is beside it goes along; nil tells nobody.
	Discarded func(tx *db.Tx, member, draft int64) error
}

// New makes it on a database.
func New(d *db.DB) *Drafts { return &Drafts{db: d} }

// NewID makes the number of a draft that is not kept yet. A form carries it
// from the beginning, so that however often it is sent it is one draft.
func (s *Drafts) NewID() int64 { return s.db.NewID() }

// Keep keeps a draft under its number, in place of what was kept before. One
// that was sent already is errs.Conflict.
func (s *Drafts) Keep(ctx context.Context, who actor.Actor, d Draft) error {
	if err := who.Needs(actor.Member); err != nil {
		return err
	}
	if d.ID <= 0 {
		return errs.New(errs.Invalid, "A draft needs a number.")
	}
	typed, err := json.Marshal(d.Typed)
	if err != nil {
		return err
	}
	if len(typed) > mostBytes {
		return errs.New(errs.TooLarge, "This is more than a draft can hold. Shorten it, or keep a part elsewhere.")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		now := tx.DB().Millis()
		// One whose sending was cut short is a draft again.
		if _, err := tx.Exec(`UPDATE drafts SET sent = 0 WHERE member = $1 AND sent = $2 AND kept_at < $3`, who.ID, int64(beingSent), now-sendTime.Milliseconds()); err != nil {
			return err
		}
		n, err := tx.Exec(`INSERT INTO drafts (id, member, kind, place, base, mends, sent, title, began_at, kept_at, typed)
			VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $8, $9)
			ON CONFLICT (id) DO UPDATE SET title = excluded.title, kept_at = excluded.kept_at, base = excluded.base, typed = excluded.typed
			WHERE drafts.member = excluded.member AND drafts.sent = 0`,
			d.ID, who.ID, string(d.Kind), d.Place, int64(d.Base), d.Mends, d.Title, now, string(typed))
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.Conflict, "This was sent already.")
		}
		return s.tidy(tx, who.ID, now)
	})
}

// tidy forgets what was sent long ago, and refuses one draft too many.
func (s *Drafts) tidy(tx *db.Tx, member, now int64) error {
	if _, err := tx.Exec(`DELETE FROM drafts WHERE member = $1 AND sent > 0 AND kept_at < $2`, member, now-remembers.Milliseconds()); err != nil {
		return err
	}
	var n int
	if err := tx.QueryRow(`SELECT count(*) FROM drafts WHERE member = $1 AND sent = 0`, member).Scan(&n); err != nil {
		return err
	}
	if n > most {
		return errs.New(errs.TooMany, "You have %d drafts. Send or throw one away before you begin another.", most)
	}
	return nil
}

const columns = `id, kind, place, base, mends, sent, title, began_at, kept_at, typed`

func scan(r interface{ Scan(...any) error }) (*Draft, error) {
	d, typed := new(Draft), ""
	var began, kept int64
	if err := r.Scan(&d.ID, &d.Kind, &d.Place, &d.Base, &d.Mends, &d.Sent, &d.Title, &began, &kept, &typed); err != nil {
		return nil, err
	}
	d.Began, d.Kept = db.Time(began), db.Time(kept)
	return d, json.Unmarshal([]byte(typed), &d.Typed)
}

// Open gives a member's draft back.
func (s *Drafts) Open(ctx context.Context, who actor.Actor, id int64) (d *Draft, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		d, err = scan(tx.QueryRow(`SELECT `+columns+` FROM drafts WHERE id = $1 AND member = $2`, id, who.ID))
		if errs.Is(err, errs.NotFound) {
			return errs.New(errs.NotFound, "There is no such draft of yours.")
		}
		return err
	})
	return d, err
}

// Latest is the newest draft of an edit of a place, nil when there is none.
func (s *Drafts) Latest(ctx context.Context, who actor.Actor, place int64) (*Draft, error) {
	return s.newest(ctx, `SELECT `+columns+` FROM drafts WHERE member = $1 AND sent = 0 AND place = $2 AND kind = 'edit' AND mends = 0 ORDER BY kept_at DESC, id DESC LIMIT 1`, who.ID, place)
}

// Mending is the draft in which a submission is mended, nil when there is none.
func (s *Drafts) Mending(ctx context.Context, who actor.Actor, submission int64) (*Draft, error) {
	return s.newest(ctx, `SELECT `+columns+` FROM drafts WHERE member = $1 AND sent = 0 AND mends = $2 ORDER BY kept_at DESC, id DESC LIMIT 1`, who.ID, submission)
}

func (s *Drafts) newest(ctx context.Context, query string, args ...any) (d *Draft, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		d, err = scan(tx.QueryRow(query, args...))
		if errs.Is(err, errs.NotFound) {
			d, err = nil, nil
		}
		return err
	})
	return d, err
}

// Mine lists a member's drafts, the newest first.
func (s *Drafts) Mine(ctx context.Context, who actor.Actor) (list []*Draft, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		rows, err := tx.Query(`SELECT `+columns+` FROM drafts WHERE member = $1 AND sent <= 0 ORDER BY kept_at DESC, id DESC LIMIT 101`, who.ID)
		return db.Each(rows, err, func(r *sql.Rows) error {
			d, err := scan(r)
			list = append(list, d)
			return err
		})
	})
	return list, err
}

// Discard throws a draft away. It is no error when it is gone already.
func (s *Drafts) Discard(ctx context.Context, who actor.Actor, id int64) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(`DELETE FROM drafts WHERE id = $1 AND member = $2 AND sent = 0`, id, who.ID)
		if err != nil || n == 0 || s.Discarded == nil {
			return err
		}
		return s.Discarded(tx, who.ID, id)
	})
}

// beingSent is what sent holds while a draft is on its way to the desk; sendTime
// is how long that can take before it counts as failed.
const (
	beingSent = -1
	sendTime  = time.Minute
)

// Sending keeps a draft and takes it for sending, so that a form that is sent
// twice at once is sent once: the second is errs.Conflict, as is one that was
// sent before. After it comes Sent or Stay.
func (s *Drafts) Sending(ctx context.Context, who actor.Actor, d Draft) error {
	if err := s.Keep(ctx, who, d); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(`UPDATE drafts SET sent = $3 WHERE id = $1 AND member = $2 AND sent = 0`, d.ID, who.ID, int64(beingSent))
		if err == nil && n == 0 {
			return errs.New(errs.Conflict, "This was sent already.")
		}
		return err
	})
}

// Stay makes a draft that could not be sent a draft again.
func (s *Drafts) Stay(ctx context.Context, who actor.Actor, id int64) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE drafts SET sent = 0 WHERE id = $1 AND member = $2 AND sent = $3`, id, who.ID, int64(beingSent))
		return err
	})
}

// Sent notes that a draft became a submission; its text is no longer kept here.
// Of a draft that was never kept the number is noted all the same.
func (s *Drafts) Sent(ctx context.Context, who actor.Actor, d Draft, submission int64) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		now := tx.DB().Millis()
		_, err := tx.Exec(`INSERT INTO drafts (id, member, kind, place, base, mends, sent, title, began_at, kept_at, typed)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, '{}')
			ON CONFLICT (id) DO UPDATE SET sent = excluded.sent, typed = '{}', kept_at = excluded.kept_at
			WHERE drafts.member = excluded.member`,
			d.ID, who.ID, string(d.Kind), d.Place, int64(d.Base), d.Mends, submission, d.Title, now)
		return err
	})
}
