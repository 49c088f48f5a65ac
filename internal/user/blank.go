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
	// Picture is the path of their picture.
	Picture string `json:"picture,omitempty"`
}

// Blank takes what a member says of themselves from their page, and gives it.
func Blank(tx *db.Tx, id int64) (w Words, err error) {
	err = tx.QueryRow(`SELECT bio, links, avatar FROM members WHERE id = $1`, id).Scan(&w.Bio, &w.Links, &w.Picture)
	if errs.Is(err, errs.NotFound) {
		return w, errs.New(errs.NotFound, "There is no such member.")
	}
	if err != nil {
		return w, err
	}
	changes.Append(tx, LogKind, id, changes.Put)
	// The files of the picture stay until the next night: it may be put back.
	_, err = tx.Exec(`UPDATE members SET bio = '', links = '', avatar = '', revision = revision + 1 WHERE id = $1`, id)
	return w, err
}

// Unblank puts back what Blank took, unless the member has written anew since;
// the picture where its files are still there.
func Unblank(tx *db.Tx, id int64, w Words) error {
	changes.Append(tx, LogKind, id, changes.Put)
	_, err := tx.Exec(`UPDATE members SET bio = $2, links = $3, revision = revision + 1 WHERE id = $1 AND bio = '' AND links = ''`, id, w.Bio, w.Links)
	if err != nil || w.Picture == "" {
		return err
	}
	var now string
	if err := tx.QueryRow(`SELECT avatar FROM members WHERE id = $1`, id).Scan(&now); err != nil || now != "" {
		return err
	}
	_, err = TakePicture(tx, id, stemOf(w.Picture))
	return err
}
