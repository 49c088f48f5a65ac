package place

import (
	"mirabilia/internal/actor"
	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/takedown"
)

// TakeDown is Withdraw in the transaction of whoever decides it, with a reason
// that everyone may read.
func (s *Places) TakeDown(tx *db.Tx, a actor.Actor, id int64, why takedown.Reason) error {
	if err := s.leaveIn(tx, id, Withdrawn, 0); err != nil {
		return err
	}
	p, err := placeByID(tx, id)
	if err != nil {
		return err
	}
	return takedown.Put(tx, a, takedown.Down{Kind: LogKind, Thing: id, Reason: why, Title: p.Title, Path: p.Path()})
}

// Return gives a place that was taken down back to the public, as it was.
func (s *Places) Return(tx *db.Tx, id int64) error {
	n, err := tx.Exec(`UPDATE places SET state = 'published', updated_at = $2 WHERE id = $1 AND state = 'withdrawn'`, id, tx.DB().Millis())
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.Conflict, "The place is not taken down any more.")
	}
	if _, err := takedown.Lift(tx, LogKind, id); err != nil {
		return err
	}
	changes.Append(tx, LogKind, id, changes.Put)
	return nil
}
