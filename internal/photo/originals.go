package photo

import (
	"context"
	"database/sql"

	"mirabilia/internal/db"
)

// Original is a photo as it was sent: a file of the store.
type Original struct {
	ID     int64
	File   string // its name in the store
	Format string // "jpeg", "heic"…
}

// Originals lists what a member has sent, for the member: with all that the
// files know of place and time.
func (p *Photos) Originals(ctx context.Context, member int64) (list []Original, err error) {
	err = p.db.Read(ctx, func(tx *db.Tx) error {
		list = list[:0]
		rows, err := tx.Query(`SELECT id, original, format FROM photos WHERE member = $1 AND original <> '' ORDER BY id`, member)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var o Original
			err := r.Scan(&o.ID, &o.File, &o.Format)
			list = append(list, o)
			return err
		})
	})
	return list, err
}
