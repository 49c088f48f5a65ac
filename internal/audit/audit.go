// Package audit is the book of decisions: who did what to whom or what, and
// when. A row is written in the transaction of what it tells, so that neither
// is there without the other, and it is never changed.
package audit

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
)

// Entry is one row of the book.
type Entry struct {
	ID      int64
	At      time.Time
	Member  int64 // who did it; 0 for the command line and the program itself
	Action  string
	Kind    string // of what it was done to: "member", "place"…
	Subject int64  // its id
	Details json.RawMessage
}

// Write notes that a did action to the thing of a kind with an id. details is
// anything that encoding/json takes, nil for nothing; it must hold no secret.
func Write(tx *db.Tx, a actor.Actor, action, kind string, id int64, details any) error {
	if details == nil {
		details = struct{}{}
	}
	b, err := json.Marshal(details)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO audit (id, at, member, action, kind, subject, details) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		tx.DB().NewID(), tx.DB().Millis(), a.ID, action, kind, id, string(b))
	return err
}

const columns = `SELECT id, at, member, action, kind, subject, details FROM audit `

// Newest lists the book backwards from before (0: from its end), for admins.
func Newest(ctx context.Context, d *db.DB, a actor.Actor, before int64, limit int) ([]Entry, error) {
	if err := a.Needs(actor.Admin); err != nil {
		return nil, err
	}
	if before == 0 {
		before = 1<<63 - 1
	}
	return list(ctx, d, columns+`WHERE id < $1 ORDER BY id DESC LIMIT $2`, before, limit)
}

// Of lists what was done to one thing, newest first, for editors.
func Of(ctx context.Context, d *db.DB, a actor.Actor, kind string, id int64, limit int) ([]Entry, error) {
	if err := a.Needs(actor.Editor); err != nil {
		return nil, err
	}
	return list(ctx, d, columns+`WHERE kind = $1 AND subject = $2 ORDER BY id DESC LIMIT $3`, kind, id, limit)
}

func list(ctx context.Context, d *db.DB, text string, args ...any) (out []Entry, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error {
		out = nil
		rows, err := tx.Query(text, args...)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var e Entry
			var at int64
			var details string
			err := r.Scan(&e.ID, &at, &e.Member, &e.Action, &e.Kind, &e.Subject, &details)
			e.At, e.Details = db.Time(at), json.RawMessage(details)
			out = append(out, e)
			return err
		})
	})
	return out, err
}
