package place

import (
	"database/sql"
	"encoding/json"

	"mirabilia/internal/db"
)

// keepRevision keeps the state of a place that is about to be replaced. The
// snapshot holds what the public row said; of a protected place neither its
// truth nor its address is ever in it.
func keepRevision(tx *db.Tx, old *draft) error {
	f := old.Fields
	var lat, lon any
	if old.Protected() {
		f.Address = ""
	} else if old.truth != nil {
		lat, lon = old.truth.Lat, old.truth.Lon
	}
	b, err := json.Marshal(f)
	if err != nil {
		return err
	}
	var by, summary string
	if err := tx.QueryRow(`SELECT revised_by, summary FROM places WHERE id = $1`, old.ID).Scan(&by, &summary); err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO place_revisions (place, number, author, summary, at, lat, lon, snapshot)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		old.ID, old.Revision, by, summary, db.Millis(old.Updated), lat, lon, string(b))
	return err
}

// redactRevisions takes from the past of a place what its protection now
// hides. Addresses inside snapshots are JSON and are taken out one by one:
// protecting is rare.
func redactRevisions(tx *db.Tx, id int64) error {
	type row struct {
		number   int64
		snapshot string
	}
	var list []row
	rows, err := tx.Query(`SELECT number, snapshot FROM place_revisions WHERE place = $1 ORDER BY number`, id)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var x row
		err := r.Scan(&x.number, &x.snapshot)
		list = append(list, x)
		return err
	})
	if err != nil {
		return err
	}
	for _, x := range list {
		var f Fields
		if err := json.Unmarshal([]byte(x.snapshot), &f); err != nil {
			return err
		}
		f.Address = ""
		b, err := json.Marshal(f)
		if err != nil {
			return err
		}
		_, err = tx.Exec(`UPDATE place_revisions SET lat = NULL, lon = NULL, snapshot = $3 WHERE place = $1 AND number = $2`, id, x.number, string(b))
		if err != nil {
			return err
		}
	}
	return nil
}
