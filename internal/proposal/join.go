package proposal

import (
	"context"
	"unicode/utf8"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/place"
	"mirabilia/internal/text"
)

// maxWhy is how long the reason of a joining may be, in characters.
const maxWhy = 300

// Join makes a published place a part of another that it repeats: its page
// leads there, and pictures, credits and marks come along. Both must
// lie where the editor may decide.
func (p *Proposals) Join(ctx context.Context, a actor.Actor, id, into int64, why string) error {
	if err := a.Needs(actor.Editor); err != nil {
		return err
	}
	why = text.CleanLine(why)
	if utf8.RuneCountInString(why) > maxWhy {
		return errs.InField("why", "is longer than %d characters", maxWhy)
	}
	return p.places.DB().Write(ctx, func(tx *db.Tx) error {
		for _, one := range []int64{id, into} {
			found, _, err := p.places.Standing(tx, one, 0)
			if err != nil {
				return err
			}
			if !a.Edits(found.Destination) {
				return errs.New(errs.Denied, "“%s” is outside the regions that you edit.", found.Title)
			}
		}
		if err := p.places.Join(tx, id, into); err != nil {
			return err
		}
		return audit.Write(tx, a, "place.join", "place", id, map[string]any{"into": into, "reason": why})
	})
}

// Part makes two entries of the ones that a joining made one; both must lie where
// the editor may decide.
func (p *Proposals) Part(ctx context.Context, a actor.Actor, joint int64) (from, into int64, err error) {
	if err := a.Needs(actor.Editor); err != nil {
		return 0, 0, err
	}
	err = p.places.DB().Write(ctx, func(tx *db.Tx) error {
		j, err := place.JointIn(tx, joint)
		if err != nil {
			return err
		}
		from, into = j.From, j.Into
		if err := p.places.Part(tx, j); err != nil {
			return err
		}
		for _, id := range []int64{from, into} {
			where, err := place.DestinationOf(tx, id)
			if err != nil {
				return err
			}
			if !a.Edits(where) {
				return errs.New(errs.Denied, "One of the two is outside the regions that you edit.")
			}
		}
		return audit.Write(tx, a, "place.part", "place", from, map[string]any{"from": into})
	})
	return from, into, err
}

// Restore makes a place say again what it said at a revision.
func (p *Proposals) Restore(ctx context.Context, a actor.Actor, id int64, number int, summary string) error {
	if err := a.Needs(actor.Editor); err != nil {
		return err
	}
	summary = text.CleanLine(summary)
	return p.places.DB().Write(ctx, func(tx *db.Tx) error {
		found, _, err := p.places.Standing(tx, id, 0)
		if err != nil {
			return err
		}
		if !a.Edits(found.Destination) {
			return errs.New(errs.Denied, "This is outside the regions that you edit.")
		}
		by := place.Credit{Name: a.Shown, URL: a.Path()}
		if _, err := p.places.Restore(tx, id, number, by, summary); err != nil {
			return err
		}
		return audit.Write(tx, a, "place.restore", "place", id, map[string]any{"revision": number})
	})
}
