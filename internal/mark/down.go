package mark

import (
	"database/sql"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/takedown"
)

// visitKind is what visits are called beside what else is taken down.
const visitKind = "visit"

// Reported is a visit as who reports it sees it, and whether it was taken down.
func Reported(tx *db.Tx, id int64) (v Visit, down bool, err error) {
	rows, err := tx.Query(`SELECT `+visitColumns+` FROM visits WHERE id = $1`, id)
	err = db.Each(rows, err, func(r *sql.Rows) (err error) {
		v, err = scanVisit(r)
		return err
	})
	if err == nil && v.ID == 0 {
		err = noVisit()
	}
	if err != nil {
		return v, false, err
	}
	var barred string
	err = tx.QueryRow(`SELECT barred FROM visits WHERE id = $1`, id).Scan(&barred)
	return v, barred != "", err
}

// TakeDown leaves a visit to its member, for a reason that they read: until
// GiveBack nobody else sees it.
func TakeDown(tx *db.Tx, a actor.Actor, id int64, why takedown.Reason, title, path string) error {
	n, err := tx.Exec(`UPDATE visits SET barred = privacy, privacy = 'me' WHERE id = $1 AND barred = ''`, id)
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, "The visit is taken down already.")
	}
	if err != nil {
		return err
	}
	return takedown.Put(tx, a, takedown.Down{Kind: visitKind, Thing: id, Reason: why, Title: title, Path: path})
}

// GiveBack shows a visit again to those who could see it before.
func GiveBack(tx *db.Tx, id int64) error {
	n, err := tx.Exec(`UPDATE visits SET privacy = barred, barred = '' WHERE id = $1 AND barred <> ''`, id)
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, "The visit may be shown already.")
	}
	if err != nil {
		return err
	}
	_, err = takedown.Lift(tx, visitKind, id)
	return err
}

// mayShow refuses to show a visit to others that was taken down.
func mayShow(tx *db.Tx, v Visit) error {
	if v.Privacy == Me {
		return nil
	}
	d, err := takedown.Of(tx, visitKind, v.ID)
	if err == nil && d != nil {
		err = errs.InField("privacy", "An editor took this visit from the public: %s It can be shown to others when an editor has looked at it again.", d.Text)
	}
	return err
}
