package campaign

import (
	"context"
	"slices"
	"strings"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/job"
)

const (
	// handful is how many places are asked about in one transaction.
	handful = 500
	// most is how many places a campaign has; more is not swept, but lived with.
	most = 10_000
	// atOnce is how many campaigns run at the same time.
	atOnce = 100
)

// Gather is the job that finds the places of a campaign.
type Gather struct {
	Campaign int64 `json:"campaign"`
}

// Kind names the job.
func (Gather) Kind() string { return "campaign.gather" }

// Make begins a campaign; its places are gathered by a job. An editor of some
// regions makes one in those.
func (x *Campaigns) Make(ctx context.Context, a actor.Actor, w Wish) (c *Campaign, err error) {
	if err := a.Needs(actor.Editor); err != nil {
		return nil, err
	}
	if err := w.check(); err != nil {
		return nil, err
	}
	if !a.Everywhere() && (w.In == "" || !a.Edits(w.In)) {
		return nil, errs.InField("in", "is a destination that you edit")
	}
	c = &Campaign{ID: x.db.NewID(), Question: w.Question, In: w.In, Tag: w.Tag, Title: w.Title, Steps: lines(w.Steps), Stage: Gathering, By: a.ID, Made: x.db.Now()}
	err = x.db.Write(ctx, func(tx *db.Tx) error {
		n := 0
		if err := tx.QueryRow(`SELECT count(*) FROM campaigns WHERE stage IN ('gathering', 'open')`).Scan(&n); err != nil {
			return err
		}
		if n >= atOnce {
			return errs.New(errs.TooMany, "%d campaigns are running; close some first.", n)
		}
		_, err := tx.Exec(`INSERT INTO campaigns (id, question, destination, tag, stage, gathered, made_by, made_at, closed_by, closed_at, title, steps)
			VALUES ($1, $2, $3, $4, $5, 0, $6, $7, NULL, 0, $8, $9)`, c.ID, string(c.Question), c.In, c.Tag, string(c.Stage), a.ID, db.Millis(c.Made), c.Title, w.Steps)
		if err != nil {
			return err
		}
		if err := job.Enqueue(tx, Gather{c.ID}); err != nil {
			return err
		}
		return audit.Write(tx, a, "campaign.make", "campaign", c.ID, map[string]string{"title": c.Title, "question": string(c.Question)})
	})
	return c, err
}

func lines(s string) (list []string) {
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

// Gather works the job: it goes through all places in the order of their
// numbers, and on from where it was cut off.
func (x *Campaigns) Gather(ctx context.Context, g Gather) error {
	for {
		c, from, err := x.gathering(ctx, g.Campaign)
		if err != nil || c == nil {
			return err
		}
		ids, last, err := x.places.Walk(ctx, from, c.In, handful)
		if err != nil {
			return err
		}
		whole, err := x.places.Whole(ctx, ids)
		if err != nil {
			return err
		}
		if c.Tag != "" {
			for i, p := range whole {
				if !slices.Contains(p.Tags, c.Tag) {
					whole[i] = nil
				}
			}
			whole = slices.DeleteFunc(whole, isNil)
		}
		yes, err := x.found(ctx, c.Question, whole)
		if err != nil {
			return err
		}
		if err := x.take(ctx, c, from, last, ids, yes); err != nil {
			return err
		}
	}
}

func isNil[T any](p *T) bool { return p == nil }

// gathering is a campaign whose places are being found, and the last that was
// asked; nil for any other.
func (x *Campaigns) gathering(ctx context.Context, id int64) (c *Campaign, from int64, err error) {
	err = x.db.Read(ctx, func(tx *db.Tx) error {
		c = nil
		one, err := read(tx, id)
		if errs.Is(err, errs.NotFound) || err == nil && one.Stage != Gathering {
			return nil
		}
		c = one
		if err != nil {
			return err
		}
		return tx.QueryRow(`SELECT gathered FROM campaigns WHERE id = $1`, id).Scan(&from)
	})
	return c, from, err
}

// take keeps those where it is so, and that the places up to last were asked;
// last 0 is the end.
func (x *Campaigns) take(ctx context.Context, c *Campaign, from, last int64, ids []int64, yes map[int64]bool) error {
	return x.db.Write(ctx, func(tx *db.Tx) error {
		full := 0
		if err := tx.QueryRow(`SELECT count(*) FROM campaign_items WHERE campaign = $1`, c.ID).Scan(&full); err != nil {
			return err
		}
		for _, id := range ids {
			if !yes[id] || full == most {
				continue
			}
			n, err := tx.Exec(`INSERT INTO campaign_items (campaign, place, result, member, at, leased_by, leased_until, note)
				VALUES ($1, $2, 'open', NULL, 0, NULL, 0, '') ON CONFLICT (campaign, place) DO NOTHING`, c.ID, id)
			if err != nil {
				return err
			}
			full += int(n)
		}
		stage, at := Gathering, last
		if last == 0 || full == most {
			stage, at = Running, from
		}
		// Whoever closed it meanwhile, or a second run of the job, has moved on.
		_, err := tx.Exec(`UPDATE campaigns SET stage = $2, gathered = $3 WHERE id = $1 AND stage = 'gathering' AND gathered = $4`, c.ID, string(stage), at, from)
		return err
	})
}
