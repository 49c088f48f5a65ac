package campaign

import (
	"context"
	"database/sql"
	"strconv"
	"time"
	"unicode/utf8"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/text"
)

// lease is how long an editor has a place without saying anything.
const lease = 15 * time.Minute

// free is the condition of a place that an editor ($3, at $4) may take.
const free = `result = 'open' AND (leased_by IS NULL OR leased_by = $3 OR leased_until <= $4)`

// looked is how many places are looked at in one statement for one to take.
const looked = 50

// Next gives the actor the next place of a campaign behind another (0: from the
// first) on lease, 0 where none is left for them. Places that are not public any
// more are put aside on the way.
func (x *Campaigns) Next(ctx context.Context, a actor.Actor, id, after int64) (next int64, err error) {
	if err := a.Needs(actor.Editor); err != nil {
		return 0, err
	}
	err = x.db.Write(ctx, func(tx *db.Tx) error {
		next = 0
		c, err := read(tx, id)
		if err != nil {
			return err
		}
		if c.Stage == Closed {
			return errs.New(errs.Conflict, "This campaign is closed.")
		}
		for from := after; next == 0; {
			list, err := candidates(tx, a, id, from)
			if err != nil {
				return err
			}
			for _, k := range list {
				if next, err = x.offer(tx, a, id, k); err != nil {
					return err
				}
				if next != 0 {
					break
				}
			}
			if len(list) < looked {
				break
			}
			from = list[len(list)-1].place
		}
		return nil
	})
	if err == nil && next == 0 && after != 0 {
		return x.Next(ctx, a, id, 0)
	}
	return next, err
}

type candidate struct {
	place              int64
	destination, state string
}

func candidates(tx *db.Tx, a actor.Actor, id, from int64) (list []candidate, err error) {
	rows, err := tx.Query(`SELECT i.place, p.destination, p.state FROM (SELECT place FROM campaign_items WHERE campaign = $1 AND place > $2 AND `+free+`
		ORDER BY place LIMIT `+strconv.Itoa(looked)+`) i JOIN places p ON p.id = i.place ORDER BY i.place`, id, from, a.ID, tx.DB().Millis())
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var k candidate
		err := r.Scan(&k.place, &k.destination, &k.state)
		list = append(list, k)
		return err
	})
	return list, err
}

// offer leases a place, or puts it aside when it is not public any more; 0 where
// it is not for the actor, or somebody was faster.
func (x *Campaigns) offer(tx *db.Tx, a actor.Actor, id int64, k candidate) (int64, error) {
	now := tx.DB().Now()
	if k.state != "published" {
		_, err := tx.Exec(`UPDATE campaign_items SET result = 'gone', at = $4, leased_by = NULL, leased_until = 0 WHERE campaign = $1 AND place = $2 AND `+free,
			id, k.place, a.ID, db.Millis(now))
		return 0, err
	}
	if !a.Edits(k.destination) {
		return 0, nil
	}
	n, err := tx.Exec(`UPDATE campaign_items SET leased_by = $3, leased_until = $5 WHERE campaign = $1 AND place = $2 AND `+free,
		id, k.place, a.ID, db.Millis(now), db.Millis(now.Add(lease)))
	if err != nil || n == 0 {
		return 0, err
	}
	return k.place, nil
}

// Settle brings a place of a campaign to a result, once: Open puts it back for
// somebody else. What another editor has, or has settled, is a Conflict.
func (x *Campaigns) Settle(ctx context.Context, a actor.Actor, id, place int64, to Result, note string) error {
	if err := a.Needs(actor.Editor); err != nil {
		return err
	}
	note = text.CleanLine(note)
	if utf8.RuneCountInString(note) > maxNote {
		return errs.InField("note", "At most 500 characters.")
	}
	if to != Open && to != Done && to != Skipped {
		return errs.InField("do", "is done, skipped or open")
	}
	return x.db.Write(ctx, func(tx *db.Tx) error {
		c, err := read(tx, id)
		if err != nil {
			return err
		}
		if c.Stage == Closed {
			return errs.New(errs.Conflict, "This campaign is closed.")
		}
		var destination string
		if err := tx.QueryRow(`SELECT destination FROM places WHERE id = $1`, place).Scan(&destination); err != nil {
			return err
		}
		if !a.Edits(destination) {
			return errs.New(errs.Denied, "This is outside the regions that you edit.")
		}
		now := tx.DB().Millis()
		member, at := any(a.ID), now
		if to == Open {
			member, at = nil, 0
		}
		n, err := tx.Exec(`UPDATE campaign_items SET result = $5, member = $6, at = $7, note = $8, leased_by = NULL, leased_until = 0 WHERE campaign = $1 AND place = $2 AND `+free,
			id, place, a.ID, now, string(to), member, at, note)
		if err != nil || n > 0 {
			return err
		}
		i, err := item(tx, id, place)
		switch {
		case err != nil:
			return err
		case i.Result == Open:
			return errs.New(errs.Conflict, "Another editor is at this place at the moment.")
		}
		return errs.New(errs.Conflict, "This place is settled already: it is %s.", i.Result)
	})
}

// Close ends a campaign; what is open stays as it is. It is for who made it, and
// for admins.
func (x *Campaigns) Close(ctx context.Context, a actor.Actor, id int64) error {
	if err := a.Needs(actor.Editor); err != nil {
		return err
	}
	return x.db.Write(ctx, func(tx *db.Tx) error {
		c, err := read(tx, id)
		if err != nil {
			return err
		}
		if c.By != a.ID && !a.Role.AtLeast(actor.Admin) {
			return errs.New(errs.Denied, "Who made a campaign closes it, or an admin.")
		}
		n, err := tx.Exec(`UPDATE campaigns SET stage = 'closed', closed_by = $2, closed_at = $3 WHERE id = $1 AND stage <> 'closed'`, id, a.ID, tx.DB().Millis())
		if err != nil || n == 0 {
			return err // closed twice is closed
		}
		return audit.Write(tx, a, "campaign.close", "campaign", id, map[string]string{"title": c.Title})
	})
}
