package campaign

import (
	"context"
	"time"

	"mirabilia/internal/place"
	"mirabilia/internal/text"
)

// Question is what a campaign looks for.
type Question string

// The questions.
const (
	DeadLink    Question = "dead_links"
	NoAlt       Question = "no_alt"
	Unconfirmed Question = "unconfirmed"
	NoSources   Question = "no_sources"
	ShortText   Question = "short_text"
	NoPhoto     Question = "no_photo"
)

// Questions lists them in the order in which forms show them.
var Questions = []Question{DeadLink, NoAlt, Unconfirmed, NoSources, ShortText, NoPhoto}

// DeadLinks tells which addresses that places name are dead.
type DeadLinks interface {
	DeadAt(ctx context.Context, places []int64) (map[int64][]string, error)
}

const (
	// stale is after how many months without a visitor an entry is unconfirmed.
	stale = 36
	// short is under how many words a text rarely tells enough.
	short = 80
)

// found answers a question about places: those where it is so.
func (x *Campaigns) found(ctx context.Context, q Question, list []*place.Place) (yes map[int64]bool, err error) {
	yes = make(map[int64]bool, len(list))
	if q == DeadLink {
		ids := make([]int64, len(list))
		for i, p := range list {
			ids[i] = p.ID
		}
		dead, err := x.dead.DeadAt(ctx, ids)
		for id := range dead {
			yes[id] = true
		}
		return yes, err
	}
	now := x.db.Now()
	for _, p := range list {
		if isSo(q, p, now) {
			yes[p.ID] = true
		}
	}
	return yes, nil
}

// isSo answers a question that a place itself tells the answer of.
func isSo(q Question, p *place.Place, now time.Time) bool {
	switch q {
	case NoAlt:
		for _, ph := range p.Photos {
			if ph.Alt == "" {
				return true
			}
		}
	case Unconfirmed:
		since := p.Published
		if p.Confirmed != nil {
			since, _ = time.Parse("2006-01", p.Confirmed.Month)
		}
		return since.Before(now.AddDate(0, -stale, 0))
	case NoSources:
		return len(p.Sources) == 0
	case ShortText:
		return len(text.Words(text.Plain(p.Body))) < short
	case NoPhoto:
		return len(p.Photos) == 0
	}
	return false
}

// Still reports whether what a campaign looks for is so of a place now.
func (x *Campaigns) Still(ctx context.Context, q Question, p *place.Place) (bool, error) {
	yes, err := x.found(ctx, q, []*place.Place{p})
	return yes[p.ID], err
}

// Dead lists the dead addresses of a place.
func (x *Campaigns) Dead(ctx context.Context, id int64) ([]string, error) {
	dead, err := x.dead.DeadAt(ctx, []int64{id})
	return dead[id], err
}
