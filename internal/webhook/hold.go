package webhook

import "mirabilia/internal/db"

// HoldBack switches every receiver off, for a reason that its page shows: an
// atlas that was restored from a backup may be a second one, of which they
// should hear nothing. It gives their number.
func HoldBack(tx *db.Tx, reason string) (int64, error) {
	return tx.Exec(`UPDATE webhooks SET state = 'off', fault = $1, attempts = 0, next_at = 0, leased_until = 0, failing_since = 0 WHERE state = 'active'`, reason)
}
