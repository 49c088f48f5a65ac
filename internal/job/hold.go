package job

import "mirabilia/internal/db"

// HoldBack gives up, for a reason, what waits of some kinds: in an atlas that was
// restored from a backup nobody knows what of it was done after the backup was
// made. It gives their number.
func HoldBack(tx *db.Tx, reason string, kinds ...string) (n int64, err error) {
	for _, k := range kinds {
		some, err := tx.Exec(`UPDATE jobs SET taken = '', once = NULL, gave_up_at = $1, fault = $2 WHERE kind = $3 AND gave_up_at IS NULL`, tx.DB().Millis(), reason, k)
		if err != nil {
			return 0, err
		}
		n += some
	}
	return n, nil
}

// Due tells whether what recurs by this name would be done now: its time has
// come, or it waits already.
func Due(tx *db.Tx, name string) (due bool, err error) {
	err = tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM job_schedules WHERE name = $1 AND next_at <= $2) OR EXISTS (SELECT 1 FROM jobs WHERE kind = $1 AND gave_up_at IS NULL)`,
		name, tx.DB().Millis()).Scan(&due)
	return due, err
}
