package campaign

import (
	"context"
	"database/sql"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

const columns = `SELECT id, question, destination, tag, stage, made_by, made_at, closed_at, title, steps FROM campaigns `

func scan(r interface{ Scan(...any) error }) (*Campaign, error) {
	var c Campaign
	var by sql.NullInt64
	var made, closed int64
	var steps string
	err := r.Scan(&c.ID, (*string)(&c.Question), &c.In, &c.Tag, (*string)(&c.Stage), &by, &made, &closed, &c.Title, &steps)
	c.By, c.Made, c.Closed, c.Steps = by.Int64, db.Time(made), db.Time(closed), lines(steps)
	return &c, err
}

// read is a campaign without its numbers.
func read(tx *db.Tx, id int64) (*Campaign, error) {
	c, err := scan(tx.QueryRow(columns+`WHERE id = $1`, id))
	if errs.Is(err, errs.NotFound) {
		err = notThere()
	}
	return c, err
}

// count counts the places of a campaign by their results: an index has them.
func (c *Campaign) count(tx *db.Tx) error {
	rows, err := tx.Query(`SELECT result, count(*) FROM campaign_items WHERE campaign = $1 GROUP BY result`, c.ID)
	return db.Each(rows, err, func(r *sql.Rows) error {
		var result Result
		var n int
		err := r.Scan((*string)(&result), &n)
		switch result {
		case Open:
			c.Open = n
		case Done:
			c.Done = n
		case Skipped:
			c.Skipped = n
		case Gone:
			c.Gone = n
		}
		return err
	})
}

// Of reads a campaign with its numbers.
func (x *Campaigns) Of(ctx context.Context, a actor.Actor, id int64) (c *Campaign, err error) {
	if err := a.Needs(actor.Editor); err != nil {
		return nil, err
	}
	err = x.db.Read(ctx, func(tx *db.Tx) error {
		if c, err = read(tx, id); err != nil {
			return err
		}
		return c.count(tx)
	})
	return c, err
}

// closedShown is how many closed campaigns are listed.
const closedShown = 20

// All lists the campaigns that run, and those closed last, the newest first.
func (x *Campaigns) All(ctx context.Context, a actor.Actor) (running, closed []*Campaign, err error) {
	if err := a.Needs(actor.Editor); err != nil {
		return nil, nil, err
	}
	err = x.db.Read(ctx, func(tx *db.Tx) error {
		running, closed = nil, nil
		for _, l := range []struct {
			into  *[]*Campaign
			stage Stage
			most  int
		}{{&running, Gathering, atOnce}, {&running, Running, atOnce}, {&closed, Closed, closedShown}} {
			rows, err := tx.Query(columns+`WHERE stage = $1 ORDER BY id DESC LIMIT $2`, string(l.stage), l.most)
			err = db.Each(rows, err, func(r *sql.Rows) error {
				c, err := scan(r)
				*l.into = append(*l.into, c)
				return err
			})
			if err != nil {
				return err
			}
		}
		for _, c := range append(append([]*Campaign(nil), running...), closed...) {
			if err := c.count(tx); err != nil {
				return err
			}
		}
		return nil
	})
	return running, closed, err
}

const itemColumns = `SELECT place, result, member, at, note, leased_by, leased_until FROM campaign_items `

func scanItem(r interface{ Scan(...any) error }) (i Item, err error) {
	var by, leased sql.NullInt64
	var at, until int64
	err = r.Scan(&i.Place, (*string)(&i.Result), &by, &at, &i.Note, &leased, &until)
	i.By, i.Leased, i.At, i.Until = by.Int64, leased.Int64, db.Time(at), db.Time(until)
	return i, err
}

func item(tx *db.Tx, id, place int64) (Item, error) {
	i, err := scanItem(tx.QueryRow(itemColumns+`WHERE campaign = $1 AND place = $2`, id, place))
	if errs.Is(err, errs.NotFound) {
		err = errs.New(errs.NotFound, "This place is not in the campaign.")
	}
	return i, err
}

// Item reads one place of a campaign.
func (x *Campaigns) Item(ctx context.Context, a actor.Actor, id, place int64) (i Item, err error) {
	if err := a.Needs(actor.Editor); err != nil {
		return i, err
	}
	err = x.db.Read(ctx, func(tx *db.Tx) error {
		i, err = item(tx, id, place)
		return err
	})
	return i, err
}

// Newest lists what was settled last in a campaign, the newest first.
func (x *Campaigns) Newest(ctx context.Context, a actor.Actor, id int64, limit int) (list []Item, err error) {
	if err := a.Needs(actor.Editor); err != nil {
		return nil, err
	}
	err = x.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.Query(itemColumns+`WHERE campaign = $1 AND at > 0 ORDER BY at DESC, place DESC LIMIT $2`, id, limit)
		return db.Each(rows, err, func(r *sql.Rows) error {
			i, err := scanItem(r)
			list = append(list, i)
			return err
		})
	})
	return list, err
}
