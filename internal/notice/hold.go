package notice

import (
	"mirabilia/internal/db"
	"mirabilia/internal/job"
)

// HoldBack keeps letters of before a backup was made from leaving an atlas that
// was restored from it; what they tell stays on the site. The weekly letter
// gathers what it would have gathered, unless its time has passed since: then it
// may have left already. It gives the number of letters of single notices.
func HoldBack(tx *db.Tx, reason string) (int64, error) {
	passed, err := job.Due(tx, weekly{}.Kind())
	if err == nil && passed {
		_, err = tx.Exec(`UPDATE notices SET weekly = $1 WHERE weekly`, false)
	}
	if err != nil {
		return 0, err
	}
	return job.HoldBack(tx, reason, letter{}.Kind())
}
