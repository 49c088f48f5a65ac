package place

import (
	"context"
	"fmt"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// RestoreBy is Restore as an editor asks for it, with its line in the audit log.
func (s *Places) RestoreBy(ctx context.Context, a actor.Actor, id int64, number int) error {
	if err := a.Needs(actor.Editor); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		p, err := placeByID(tx, id)
		if err != nil {
			return err
		}
		if !a.Edits(p.Destination) {
			return errs.New(errs.Denied, "This is outside the regions that you edit.")
		}
		if number < 1 || number >= p.Revision {
			return errs.New(errs.NotFound, "There is no earlier revision of that number.")
		}
		done, err := s.Restore(tx, id, number, Credit{Name: a.Shown, URL: a.Path()}, fmt.Sprintf("Restored revision %d", number))
		if err != nil {
			return err
		}
		return audit.Write(tx, a, "place.restore", LogKind, id, map[string]int{"revision": number, "made": done.After})
	})
}
