package list_test

import (
	"database/sql"
	"fmt"
	"slices"
	"testing"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/list"
)

// When two places are joined and made two again, each list has again what it
// had: the one, the other, or both with their notes and their order.
func TestCarryAndBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d, 4)
		ada := a.member(1)
		one, both, neither := a.make(ada, "One", list.Public, 3, 1), a.make(ada, "Both", list.Public, 1, 3, 2), a.make(ada, "Neither", list.Private, 2)
		taken := a.make(ada, "Taken off since", list.Public, 1)
		do := func(fn func(tx *db.Tx) error) {
			t.Helper()
			a.must(d.Write(t.Context(), fn))
		}
		rows := func() (out []string) {
			t.Helper()
			do(func(tx *db.Tx) error {
				out = out[:0]
				rows, err := tx.Query(`SELECT l.title, e.place, e.position, e.note, coalesce(e.added_by, 0), e.added_at, l.cover FROM list_entries e JOIN lists l ON l.id = e.list ORDER BY l.id, e.position, e.place`)
				return db.Each(rows, err, func(r *sql.Rows) error {
					var title, note string
					var place, position, by, at, cover int64
					err := r.Scan(&title, &place, &position, &note, &by, &at, &cover)
					out = append(out, fmt.Sprint(title, place, position, note, by, at, cover))
					return err
				})
			})
			return out
		}
		do(func(tx *db.Tx) error {
			for _, text := range []string{`UPDATE list_entries SET note = 'mine' WHERE place = 1`, `UPDATE list_entries SET note = 'the other' WHERE place = 2`, `UPDATE lists SET cover = 1 WHERE title = 'One'`,
				`INSERT INTO place_joints (id, place, into_place, at) VALUES (7, 1, 2, 0)`} {
				if _, err := tx.Exec(text); err != nil {
					return err
				}
			}
			return nil
		})
		before := rows()
		do(func(tx *db.Tx) error { return list.Carry(tx, 7, 1, 2) })
		for l, want := range map[*list.List][]int64{one: {3, 2}, both: {3, 2}, neither: {2}} {
			a.holds(l, want...)
		}
		do(func(tx *db.Tx) error { return list.Back(tx, 7, 1, 2) })
		if after := rows(); !slices.Equal(after, before) {
			t.Errorf("before: %v\nafter:  %v", before, after)
		}
		do(func(tx *db.Tx) error {
			if _, err := tx.Exec(`DELETE FROM place_carried`); err != nil {
				return err
			}
			if err := list.Carry(tx, 7, 1, 2); err != nil {
				return err
			}
			if _, err := tx.Exec(`DELETE FROM list_entries WHERE list = $1`, taken.ID); err != nil {
				return err
			}
			return list.Back(tx, 7, 1, 2)
		})
		a.holds(taken)
	})
}

// holds checks which places a list has, in their order.
func (a *atlas) holds(l *list.List, want ...int64) {
	a.t.Helper()
	var got []int64
	a.must(a.db.Read(a.t.Context(), func(tx *db.Tx) error {
		got = got[:0]
		rows, err := tx.Query(`SELECT place FROM list_entries WHERE list = $1 ORDER BY position, place`, l.ID)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var id int64
			err := r.Scan(&id)
			got = append(got, id)
			return err
		})
	}))
	if !slices.Equal(got, want) {
		a.t.Errorf("%s: %v, want %v", l.Title, got, want)
	}
}
