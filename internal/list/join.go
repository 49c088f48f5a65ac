package list

import (
	"database/sql"
	"encoding/json"

	"mirabilia/internal/db"
)

// twice is an entry whose list has the other place too, as it is kept while its
// place is a part of that one.
type twice struct {
	Position int64  `json:"position"`
	Waits    bool   `json:"waits,omitempty"`
	AddedBy  int64  `json:"added_by,omitempty"`
	AddedAt  int64  `json:"added_at"`
	Note     string `json:"note,omitempty"`
}

// Carry takes the entries of a place over to the one that it becomes a part of,
// in the transaction joint that joins them; a list that has both keeps one.
func Carry(tx *db.Tx, joint, from, into int64) error {
	type row struct {
		list, owner int64
		shared      bool
		twice
	}
	var found []row
	rows, err := tx.Query(`SELECT e.list, l.owner, EXISTS (SELECT 1 FROM list_entries o WHERE o.list = e.list AND o.place = $2), e.position, e.waits, coalesce(e.added_by, 0), e.added_at, e.note
		FROM list_entries e JOIN lists l ON l.id = e.list WHERE e.place = $1 ORDER BY e.list`, from, into)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var x row
		err := r.Scan(&x.list, &x.owner, &x.shared, &x.Position, &x.Waits, &x.AddedBy, &x.AddedAt, &x.Note)
		found = append(found, x)
		return err
	})
	if err != nil {
		return err
	}
	columns := []string{"joint", "what", "thing", "member", "shared", "number", "text"}
	err = tx.Insert("place_carried", columns, len(found), func(i int, out []any) {
		x, text := found[i], ""
		if x.shared {
			b, _ := json.Marshal(x.twice) // numbers and texts always marshal
			text = string(b)
		}
		copy(out, []any{joint, "entry", x.list, x.owner, x.shared, int64(0), text})
	})
	if err != nil {
		return err
	}
	for _, text := range []string{
		`DELETE FROM list_entries WHERE place = $1 AND list IN (SELECT list FROM list_entries WHERE place = $2)`,
		`UPDATE list_entries SET place = $2 WHERE place = $1`,
	} {
		if _, err := tx.Exec(text, from, into); err != nil {
			return err
		}
	}
	_, err = tx.Exec(`INSERT INTO place_carried (joint, what, thing, member, shared, number, text) SELECT CAST($1 AS BIGINT), 'cover', id, owner, FALSE, 0, '' FROM lists
		WHERE cover = $2 AND id IN (SELECT list FROM list_entries WHERE place = $3)`, joint, from, into)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE lists SET cover = $2 WHERE cover = $1 AND id IN (SELECT list FROM list_entries WHERE place = $2)`, from, into)
	return err
}

// Back is the other way: each list has again the entry that it had, and both
// where it had both. From an entry that was taken off a list since nothing comes
// back.
func Back(tx *db.Tx, joint, from, into int64) error {
	if err := bothBack(tx, joint, from, into); err != nil {
		return err
	}
	_, err := tx.Exec(`UPDATE list_entries SET place = $2 WHERE place = $3 AND list IN (SELECT thing FROM place_carried WHERE joint = $1 AND what = 'entry' AND NOT shared)
		AND list NOT IN (SELECT list FROM list_entries WHERE place = $2)`, joint, from, into)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE lists SET cover = $2 WHERE cover = $3 AND id IN (SELECT thing FROM place_carried WHERE joint = $1 AND what = 'cover')
		AND id IN (SELECT list FROM list_entries WHERE place = $2)`, joint, from, into)
	return err
}

// bothBack writes the entries of lists that had both places.
func bothBack(tx *db.Tx, joint, from, into int64) error {
	kept := map[int64]twice{}
	rows, err := tx.Query(`SELECT c.thing, c.text FROM place_carried c WHERE c.joint = $1 AND c.what = 'entry' AND c.shared
		AND c.thing IN (SELECT list FROM list_entries WHERE place = $2) AND c.thing NOT IN (SELECT list FROM list_entries WHERE place = $3)`, joint, into, from)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var list int64
		var text string
		var x twice
		if err := r.Scan(&list, &text); err != nil {
			return err
		}
		err := json.Unmarshal([]byte(text), &x)
		kept[list] = x
		return err
	})
	for list, x := range kept {
		if err != nil {
			break
		}
		_, err = tx.Exec(`INSERT INTO list_entries (list, place, position, waits, added_by, added_at, note)
			VALUES ($1, $2, $3, $4, (SELECT id FROM members WHERE id = $5 AND state <> 'deleted'), $6, $7)`, list, from, x.Position, x.Waits, x.AddedBy, x.AddedAt, x.Note)
	}
	return err
}
