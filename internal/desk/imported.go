package desk

import "mirabilia/internal/db"

// Imported is a place that was imported without being published.
type Imported struct {
	Place       int64
	Title       string
	Destination string
	Words       int
}

// Wait puts imported places into the queue, in the transaction that wrote
// them. fresh says that none of them was ever there. A submission of an import
// has the id of its place: there is one at most.
func (d *Desk) Wait(tx *db.Tx, list []Imported, fresh bool) error {
	now := d.db.Now()
	millis := db.Millis(now)
	if fresh {
		columns := []string{"id", "kind", "status", "author", "place", "base", "title", "destination", "turn", "version", "created_at",
			"submitted_at", "updated_at", "decided_at", "held_until", "claimed_by", "claimed_until", "appealed", "live", "sampled", "summary", "findings", "fields"}
		return tx.Insert("submissions", columns, len(list), func(i int, into []any) {
			w := list[i]
			copy(into, []any{w.Place, string(Import), string(Waiting), nil, w.Place, int64(0), w.Title, w.Destination, turn(now, Import, w.Words),
				int64(1), millis, millis, millis, int64(0), int64(0), nil, int64(0), false, false, false, "", "", "{}"})
		})
	}
	for _, w := range list {
		_, err := tx.Exec(`INSERT INTO submissions (id, kind, status, author, place, base, title, destination, turn, version, created_at,
			submitted_at, updated_at, decided_at, held_until, claimed_by, claimed_until, appealed, live, sampled, summary, findings, fields)
			VALUES ($1, 'import', 'waiting', NULL, $1, 0, $2, $3, $4, 1, $5, $5, $5, 0, 0, NULL, 0, $6, $6, $6, '', '', '{}')
			ON CONFLICT (id) DO UPDATE SET status = 'waiting', title = excluded.title, destination = excluded.destination, turn = excluded.turn,
				version = submissions.version + 1, submitted_at = excluded.submitted_at, updated_at = excluded.updated_at, decided_at = 0`,
			w.Place, w.Title, w.Destination, turn(now, Import, w.Words), millis, false)
		if err != nil {
			return err
		}
	}
	return nil
}

// Settle takes imports out of the queue that were published otherwise.
func (d *Desk) Settle(tx *db.Tx, places []int64) error {
	for _, id := range places {
		_, err := tx.Exec(`UPDATE submissions SET status = 'published', version = version + 1, updated_at = $2, decided_at = $2
			WHERE id = $1 AND kind = 'import' AND status IN ('waiting', 'held')`, id, d.db.Millis())
		if err != nil {
			return err
		}
	}
	return nil
}
