package keep

import (
	"context"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// What fills an atlas.
const (
	restoring = "restore"
	copying   = "copy"
)

// Whole says nil of an atlas that may be used, and what to do about one whose
// filling has not ended.
func Whole(ctx context.Context, d *db.DB) error {
	by, err := filledBy(ctx, d)
	if err != nil || by == "" {
		return err
	}
	return errs.New(errs.Conflict, "%s is not whole: a %s into it was interrupted or still runs; run mirabilia %s again, or begin with an empty database", d.Name(), by, by)
}

// filledBy is the mark of an atlas, "" for none.
func filledBy(ctx context.Context, d *db.DB) (by string, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error {
		by, err = mark(tx)
		return err
	})
	return by, err
}

func mark(tx *db.Tx) (by string, err error) {
	there, err := tx.HasTable(db.Filling)
	if err != nil || !there {
		return "", err
	}
	err = tx.QueryRow(`SELECT coalesce(min(by_command), '` + restoring + `') FROM ` + db.Filling).Scan(&by)
	if err != nil { // the filling may have ended between the two
		if there, again := tx.HasTable(db.Filling); again == nil && !there {
			return "", nil
		}
	}
	return by, err
}

// setMark marks the atlas.
func setMark(tx *db.Tx, by string) error {
	if err := dropMark(tx); err != nil {
		return err
	}
	if _, err := tx.Exec(`CREATE TABLE ` + db.Filling + ` (by_command TEXT NOT NULL, at BIGINT NOT NULL)`); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO `+db.Filling+` (by_command, at) VALUES ($1, $2)`, by, tx.DB().Millis())
	return err
}

func dropMark(tx *db.Tx) error {
	_, err := tx.Exec(`DROP TABLE IF EXISTS ` + db.Filling)
	return err
}

// checkEmpty refuses an atlas that holds anything.
func checkEmpty(tx *db.Tx) error {
	list, err := tx.Tables()
	if err != nil {
		return err
	}
	for _, t := range list {
		var some bool
		if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM ` + t.Name + `)`).Scan(&some); err != nil {
			return err
		}
		if some {
			return errs.New(errs.Conflict, "%s is not empty (table %s has rows); name an empty database, nothing was changed", tx.DB().Name(), t.Name)
		}
	}
	return nil
}
