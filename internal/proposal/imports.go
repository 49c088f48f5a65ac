package proposal

import (
	"mirabilia/internal/db"
	"mirabilia/internal/desk"
	"mirabilia/internal/place"
)

// Imports lets imported places wait on the desk.
func Imports(d *desk.Desk) place.Queue { return imports{d} }

type imports struct{ desk *desk.Desk }

func (i imports) Wait(tx *db.Tx, list []place.Wait, fresh bool) error {
	waits := make([]desk.Imported, len(list))
	for n, w := range list {
		waits[n] = desk.Imported{Place: w.ID, Title: w.Title, Destination: w.Destination, Words: w.Words}
	}
	return i.desk.Wait(tx, waits, fresh)
}

func (i imports) Settle(tx *db.Tx, ids []int64) error { return i.desk.Settle(tx, ids) }
