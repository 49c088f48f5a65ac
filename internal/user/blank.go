package user

import (
	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// Words is what a member says of themselves.
type Words struct {
	Bio   string `json:"bio"`
	Links string `json:"links"` // as the row has them
}

// Blank takes what a member says of themselves from their page, and gives it.
func Blank(tx *db.Tx, id int64) (w Words, err error) {
	err = tx.QueryRow(`SELECT bio, links FROM members WHERE id = $1`, id).Scan(&w.Bio, &w.Links)
	if errs.Is(err, errs.NotFound) {
		return w, errs.New(errs.NotFound, "There is no such member.")
	}
	if err != nil {
		return w, err
	}
	changes.Append(tx, LogKind, id, changes.Put)
	_, err = tx.Exec(`UPDATE members SET bio = '', links = '', revision = revision + 1 WHERE id = $1`, id)
	return w, err
}

// Unblank puts back what Blank took, unless the member has written anew since.
func Unblank(tx *db.Tx, id int64, w Words) error {
	changes.Append(tx, LogKind, id, changes.Put)
	_, err := tx.Exec(`UPDATE members SET bio = $2, links = $3, revision = revision + 1 WHERE id = $1 AND bio = '' AND links = ''`, id, w.Bio, w.Links)
	return err
}
