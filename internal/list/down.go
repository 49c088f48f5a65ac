package list

import (
	"mirabilia/internal/actor"
	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/takedown"
)

// gone is the error of who asks for a list that is not to be seen: why it was
// taken down, where it was.
func gone(tx *db.Tx, id int64) error { return takedown.Gone(tx, LogKind, id, notThere()) }

// Reported is a list as who reports it, or decides about it, sees it: one that
// others may see, or one that was taken down.
func Reported(tx *db.Tx, id int64) (l *List, down bool, err error) {
	var barred string
	if l, err = one(tx, `id = $1`, id); err != nil {
		return nil, false, err
	}
	if err := tx.QueryRow(`SELECT barred FROM lists WHERE id = $1`, id).Scan(&barred); err != nil {
		return nil, false, err
	}
	if l.Privacy != Public && barred == "" {
		return nil, false, notThere()
	}
	return l, barred != "", nil
}

// TakeDown leaves a list to those who work on it, for a reason that everyone may
// read: until GiveBack it can be shown to nobody else.
func TakeDown(tx *db.Tx, a actor.Actor, id int64, why takedown.Reason) error {
	l, err := one(tx, `id = $1`, id)
	if err != nil {
		return err
	}
	n, err := tx.Exec(`UPDATE lists SET barred = privacy, privacy = 'private', version = version + 1 WHERE id = $1 AND barred = ''`, id)
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, "The list is taken down already.")
	}
	if err != nil {
		return err
	}
	if l.Privacy == Public {
		changes.Append(tx, LogKind, id, changes.Drop)
	}
	return takedown.Put(tx, a, takedown.Down{Kind: LogKind, Thing: id, Reason: why, Title: l.Title, Path: l.Path()})
}

// GiveBack shows a list again to those who could see it before.
func GiveBack(tx *db.Tx, id int64) error {
	var was Privacy
	if err := tx.QueryRow(`SELECT barred FROM lists WHERE id = $1`, id).Scan((*string)(&was)); err != nil {
		return err
	}
	n, err := tx.Exec(`UPDATE lists SET privacy = barred, barred = '', version = version + 1 WHERE id = $1 AND barred <> ''`, id)
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, "The list may be shown already.")
	}
	if err != nil {
		return err
	}
	if was == Public {
		changes.Append(tx, LogKind, id, changes.Put)
	}
	_, err = takedown.Lift(tx, LogKind, id)
	return err
}

// mayShow refuses to show a list to others that was taken down.
func mayShow(tx *db.Tx, id int64, to Privacy) error {
	if to == Private {
		return nil
	}
	d, err := takedown.Of(tx, LogKind, id)
	if err == nil && d != nil {
		err = errs.InField("privacy", "An editor took this list from the public: %s It can be shown to others when an editor has looked at it again.", d.Text)
	}
	return err
}
