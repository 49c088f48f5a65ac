package place

import (
	"context"
	"database/sql"
	"encoding/json"

	"mirabilia/internal/changes"
	"mirabilia/internal/db"
)

// Recredit puts another name where entries and their histories name the member
// whose page is at a path: of one who has left. It reads all entries, which is
// rare and happens after the answer, a handful in each transaction.
func (s *Places) Recredit(ctx context.Context, path string, to Credit) error {
	mark := `%"` + path + `"%`
	for after, more := int64(0), true; more; {
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			list, err := creditedAfter(tx, after, mark)
			if err != nil {
				return err
			}
			for _, x := range list {
				after = x.id
				if err := x.recredit(tx, path, to); err != nil {
					return err
				}
			}
			more = len(list) == handful
			return nil
		})
		if err != nil {
			return err
		}
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(`DELETE FROM place_credits WHERE who = $1`, path); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE place_revisions SET author = $1 WHERE author LIKE $2`, creditJSON(to), mark)
		return err
	})
}

// handful is how many entries are credited anew in one transaction.
const handful = 200

type credited struct {
	id                  int64
	state               State
	added, edited, last string
}

func creditedAfter(tx *db.Tx, after int64, mark string) (list []credited, err error) {
	rows, err := tx.Query(`SELECT id, state, added_by, edited_by, revised_by FROM places
		WHERE id > $1 AND (added_by LIKE $2 OR edited_by LIKE $2 OR revised_by LIKE $2) ORDER BY id LIMIT $3`, after, mark, handful)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var x credited
		err := r.Scan(&x.id, &x.state, &x.added, &x.edited, &x.last)
		list = append(list, x)
		return err
	})
	return list, err
}

func (x credited) recredit(tx *db.Tx, path string, to Credit) error {
	one := func(text string) string {
		var c Credit
		if json.Unmarshal([]byte(text), &c) != nil || c.URL != path {
			return text
		}
		return creditJSON(to)
	}
	var list []Credit
	edited := x.edited
	if json.Unmarshal([]byte(edited), &list) == nil {
		for i := range list {
			if list[i].URL == path {
				list[i] = to
			}
		}
		edited = creditsJSON(list)
	}
	_, err := tx.Exec(`UPDATE places SET added_by = $1, edited_by = $2, revised_by = $3 WHERE id = $4`, one(x.added), edited, one(x.last), x.id)
	if err == nil && x.state == Published {
		changes.Append(tx, LogKind, x.id, changes.Put)
	}
	return err
}
