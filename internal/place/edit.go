package place

import (
	"context"
	"encoding/json"

	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// Withdraw takes a published place from the public: its page answers 410 from
// then on. The row stays, and its slug is never given to another.
func (s *Places) Withdraw(ctx context.Context, id int64) error {
	return s.leave(ctx, id, Withdrawn, 0)
}

func (s *Places) leave(ctx context.Context, id int64, state State, into int64) error {
	return s.db.Write(ctx, func(tx *db.Tx) error { return s.leaveIn(tx, id, state, into) })
}

func (s *Places) leaveIn(tx *db.Tx, id int64, state State, into int64) error {
	var target any
	if into != 0 {
		var there bool
		err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM places WHERE id = $1 AND state = 'published')`, into).Scan(&there)
		if err != nil {
			return err
		}
		if !there {
			return errs.New(errs.Conflict, "the place it should become a part of is not published")
		}
		target = into
	}
	n, err := tx.Exec(`UPDATE places SET state = $2, merged_into = $3, updated_at = $4 WHERE id = $1 AND state = 'published'`,
		id, string(state), target, tx.DB().Millis())
	if err != nil {
		return err
	}
	if n == 0 {
		return notThere()
	}
	changes.Append(tx, LogKind, id, changes.Drop)
	return nil
}

// SetTier changes how precisely the position of a place may be known, and why.
// Its past revisions lose their positions when it becomes protected; the public
// point it may have had before is shown again.
func (s *Places) SetTier(ctx context.Context, id int64, tier Tier, reason string) error {
	switch tier {
	case Exact, Approximate, Region, Hidden:
	default:
		return errs.InField("location_tier", "is exact, approximate, region or hidden")
	}
	im := s.Importer(ImportOptions{Publish: true})
	return s.db.Write(ctx, func(tx *db.Tx) error {
		d, before, err := im.load(tx, id)
		if err != nil {
			return err
		}
		if err := keepRevision(tx, d); err != nil {
			return err
		}
		d.keepFrom(&d.Place)
		d.Tier, d.TierReason, d.Updated, d.Revision = tier, reason, s.db.Now(), d.Revision+1
		d.summary = "Location: " + string(tier)
		h, err := im.protect(d, before)
		if err != nil {
			return err
		}
		if err := updatePlace(tx, d); err != nil {
			return err
		}
		if h != nil {
			if err := putHidden(tx, id, h); err != nil {
				return err
			}
		}
		if d.Protected() {
			if err := redactRevisions(tx, id); err != nil {
				return err
			}
		}
		if d.State == Published {
			changes.Append(tx, LogKind, id, changes.Put)
		}
		return nil
	})
}

// Illustrate sets the pictures of a place, in their order, in place of those it
// had from nobody; what members sent stays. Their ids are made here.
func (s *Places) Illustrate(ctx context.Context, id int64, photos []Photo) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(`UPDATE places SET updated_at = $2 WHERE id = $1`, id, tx.DB().Millis())
		if err != nil {
			return err
		}
		if n == 0 {
			return notThere()
		}
		if _, err := tx.Exec(`DELETE FROM photos WHERE place = $1 AND sha256 = ''`, id); err != nil {
			return err
		}
		variants := make([]string, len(photos))
		for i, p := range photos {
			b, err := json.Marshal(p.URLs)
			if err != nil {
				return err
			}
			variants[i] = string(b)
		}
		columns := []string{"id", "place", "position", "caption", "alt", "credit", "licence", "width", "height", "drawing", "variants", "added_at"}
		err = tx.Insert("photos", columns, len(photos), func(i int, into []any) {
			p := photos[i]
			copy(into, []any{s.db.NewID(), id, int64(i), p.Caption, p.Alt, p.Credit, p.Licence, int64(p.Width), int64(p.Height),
				p.Drawing, variants[i], s.db.Millis()})
		})
		if err != nil {
			return err
		}
		return s.Pictured(tx, id)
	})
}

// Pictured counts the public pictures of a place anew, in the transaction that
// has changed them; its obscurity falls with their number, and the log tells
// that the place is another.
func (s *Places) Pictured(tx *db.Tx, id int64) error {
	n := 0
	if err := tx.QueryRow(`SELECT count(*) FROM photos WHERE place = $1 AND state = 'public'`, id).Scan(&n); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE places SET photos = $2, updated_at = $3 WHERE id = $1`, id, n, tx.DB().Millis()); err != nil {
		return err
	}
	p, err := placeByID(tx, id)
	if err != nil {
		return err
	}
	p.Photos = make([]Photo, n) // only their number counts here
	p.name(s.gaz)
	score, _ := p.Renown(s.populationOf(p)).Obscurity()
	if _, err := tx.Exec(`UPDATE places SET obscurity = $2 WHERE id = $1`, id, score); err != nil {
		return err
	}
	if p.State == Published {
		changes.Append(tx, LogKind, id, changes.Put)
	}
	return nil
}

// ObscurityReasons tells how the score of a place comes about.
func (s *Places) ObscurityReasons(p *Place) []Reason {
	_, reasons := p.Renown(s.populationOf(p)).Obscurity()
	return reasons
}

// populationOf is that of the city a place is told to be in, 0 for none.
func (s *Places) populationOf(p *Place) int64 {
	if n, ok := s.gaz.ByPath(p.Destination); ok && p.City != "" {
		return n.Population
	}
	return 0
}
