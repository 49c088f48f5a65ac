package user

import (
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// ProofHolds is how long a sign-in is proof enough for what touches the account
// itself: factors, everything of one's own, leaving.
const ProofHolds = 15 * time.Minute

// ErrProve is answered to who must first sign in again.
var ErrProve = errs.New(errs.Denied, "For this, sign in again: you have not done so in the last quarter of an hour.")

// Proven is nil for who has lately shown that the browser is theirs.
func Proven(tx *db.Tx, who actor.Actor) error {
	if err := who.Needs(actor.Member); err != nil {
		return err
	}
	var at int64
	err := tx.QueryRow(`SELECT proven_at FROM sessions WHERE id = $1 AND member = $2`, who.Session, who.ID).Scan(&at)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	if err != nil || tx.DB().Millis()-at > ProofHolds.Milliseconds() {
		return ErrProve
	}
	return nil
}
