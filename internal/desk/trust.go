package desk

import (
	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/setting"
)

// trust derives a member's trust anew from the decisions that stand: never
// counted up, so a decision taken back or told twice counts for what it is.
// The member's row is taken first: of two decisions at once the second counts
// what the first did.
func trust(tx *db.Tx, member int64, c setting.Contributing) error {
	if member == 0 {
		return nil
	}
	if _, err := tx.Exec(`UPDATE members SET revision = revision + 1 WHERE id = $1`, member); err != nil {
		return err
	}
	var accepted, declined int
	// A pitch is no work yet, a note is soon written, a report is no work, and what went live by itself was no decision.
	err := tx.QueryRow(`SELECT count(*) FROM submissions WHERE author = $1 AND status = 'published' AND kind NOT IN ('pitch', 'note', 'report', 'visit') AND NOT live`, member).Scan(&accepted)
	if err != nil {
		return err
	}
	err = tx.QueryRow(`SELECT count(*) FROM submissions WHERE author = $1 AND status = 'declined' AND kind NOT IN ('pitch', 'note', 'report', 'visit')`, member).Scan(&declined)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE members SET accepted = $2, declined = $3, level = $4 WHERE id = $1`,
		member, accepted, declined, string(levelOf(accepted, declined, c)))
	return err
}

// levelOf is the trust that so much accepted and declined work makes.
func levelOf(accepted, declined int, c setting.Contributing) actor.Level {
	switch {
	case accepted >= c.TrustedAfter && 100*declined < c.DeclinedBelow*(accepted+declined):
		return actor.Trusted
	case accepted >= c.KnownAfter:
		return actor.Known
	}
	return actor.New
}
