package notice

import (
	"context"
	"database/sql"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/user"
)

const columns = `id, member, kind, action, about, subject, by_member, once, title, reason, words, path, at, read_at, mailed_at`

// list reads notices and names who did what they tell of.
func list(tx *db.Tx, text string, args ...any) (out []Notice, err error) {
	rows, err := tx.Query(`SELECT `+columns+` FROM notices `+text, args...)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var n Notice
		var by sql.NullInt64
		var at, read, mailed int64
		err := r.Scan(&n.ID, &n.Member, (*string)(&n.Kind), &n.Action, &n.About, &n.Subject, &by, &n.Once, &n.Title, &n.Reason, &n.Words, &n.Path, &at, &read, &mailed)
		n.By.ID, n.At, n.Read, n.mailed = by.Int64, db.Time(at), read != 0, mailed != 0
		out = append(out, n)
		return err
	})
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, n := range out {
		if n.By.ID != 0 {
			ids = append(ids, n.By.ID)
		}
	}
	people, err := user.ByIDs(tx, ids)
	for i := range out {
		if m := people[out[i].By.ID]; m != nil {
			out[i].By.Name, out[i].By.Path = m.Shown, m.Path()
		}
	}
	return out, err
}

// Page is a part of the notices of a member.
type Page struct {
	Items []Notice
	// Older is what to give as before for the next page, 0 when there is none.
	Older int64
	// Newest is the highest number among all: what ReadAll is to reach.
	Newest int64
}

// Newest lists what the actor was told, the newest first, that is older than the
// notice before; 0 for the first page.
func (x *Notices) Newest(ctx context.Context, a actor.Actor, before int64, limit int) (p Page, err error) {
	if err := a.Needs(actor.Member); err != nil {
		return p, err
	}
	if before <= 0 {
		before = 1<<63 - 1
	}
	err = x.db.Read(ctx, func(tx *db.Tx) (err error) {
		p = Page{}
		p.Items, err = list(tx, `WHERE member = $1 AND shown AND id < $2 ORDER BY id DESC LIMIT $3`, a.ID, before, limit+1)
		return err
	})
	if err != nil {
		return p, err
	}
	if len(p.Items) > limit {
		p.Items = p.Items[:limit]
		p.Older = p.Items[limit-1].ID
	}
	if len(p.Items) > 0 {
		p.Newest = p.Items[0].ID
	}
	if x.joins.Fresh != nil {
		p.Items, err = x.joins.Fresh(ctx, p.Items)
	}
	return p, err
}

// mostCounted is where counting the unread ends: beyond it the number says
// nothing more.
const mostCounted = 100

// Unread is how many notices the actor has not read, at most a hundred.
func (x *Notices) Unread(ctx context.Context, a actor.Actor) (n int, err error) {
	if !a.SignedIn() {
		return 0, nil
	}
	return x.unread.Of(a.ID, func() (n int, err error) {
		err = x.db.Read(ctx, func(tx *db.Tx) error {
			return tx.QueryRow(`SELECT count(*) FROM (SELECT 1 FROM notices WHERE member = $1 AND shown AND read_at = 0 LIMIT $2) AS unread`, a.ID, mostCounted).Scan(&n)
		})
		return n, err
	})
}

// Read marks a notice of the actor's as read.
func (x *Notices) Read(ctx context.Context, a actor.Actor, id int64) error {
	if err := a.Needs(actor.Member); err != nil {
		return err
	}
	return x.db.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(`UPDATE notices SET read_at = CASE WHEN read_at = 0 THEN $3 ELSE read_at END WHERE id = $1 AND member = $2 AND shown`, id, a.ID, tx.DB().Millis())
		if err == nil && n == 0 {
			return errs.New(errs.NotFound, "There is no such notice of yours.")
		}
		return err
	})
}

// ReadAll marks everything as read that the actor was told up to a notice: what
// came since the page was drawn stays unread.
func (x *Notices) ReadAll(ctx context.Context, a actor.Actor, upTo int64) error {
	if err := a.Needs(actor.Member); err != nil {
		return err
	}
	return x.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE notices SET read_at = $3 WHERE member = $1 AND shown AND read_at = 0 AND id <= $2`, a.ID, upTo, tx.DB().Millis())
		return err
	})
}

// kept is how long notices are kept.
const kept = 180 * 24 * time.Hour

// Sweep forgets notices of long ago.
func (x *Notices) Sweep(ctx context.Context) error {
	return x.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`DELETE FROM notices WHERE at < $1`, tx.DB().Millis()-kept.Milliseconds())
		return err
	})
}
