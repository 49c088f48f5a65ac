package place

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"mirabilia/internal/changes"
	"mirabilia/internal/db"
)

// Tally is by how much the marks on a place have become more, or fewer.
type Tally struct {
	Place      int64
	Been, Want int
}

type countedKey struct{}

// Count adds to the counts of places, in the transaction that changes the marks
// themselves, so that the two can never disagree. Marks are no news in the log:
// who follows counts asks Counted, and gets each place once however often it
// was marked.
func Count(tx *db.Tx, list []Tally) error {
	list = slices.Clone(list)
	// Everybody takes the rows in the same order: nobody waits in a circle.
	slices.SortFunc(list, func(a, b Tally) int { return cmp.Compare(a.Place, b.Place) })
	for _, t := range list {
		if t.Been == 0 && t.Want == 0 {
			continue
		}
		if _, err := tx.Exec(`UPDATE places SET been = been + $2, want = want + $3 WHERE id = $1`, t.Place, t.Been, t.Want); err != nil {
			return err
		}
		noteCounted(tx, t.Place)
	}
	return nil
}

// noteCounted writes the place's new sequence just before the commit.
func noteCounted(tx *db.Tx, id int64) {
	set, _ := tx.Value(countedKey{}).(map[int64]bool)
	if set == nil {
		set = map[int64]bool{}
		tx.SetValue(countedKey{}, set)
		tx.AtEnd(func() error { return flushCounted(tx, set) })
	}
	set[id] = true
}

func flushCounted(tx *db.Tx, set map[int64]bool) error {
	if err := changes.InOrder(tx); err != nil {
		return err
	}
	seq, err := lastCounted(tx)
	if err != nil {
		return err
	}
	seq++
	ids := make([]int64, 0, len(set))
	for id := range set {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		_, err := tx.Exec(`INSERT INTO place_counted (place, seq) VALUES ($1, $2) ON CONFLICT (place) DO UPDATE SET seq = excluded.seq`, id, seq)
		if err != nil {
			return err
		}
	}
	return nil
}

func lastCounted(tx *db.Tx) (seq int64, err error) {
	err = tx.QueryRow(`SELECT coalesce(max(seq), 0) FROM place_counted`).Scan(&seq)
	return seq, err
}

// LastCounted is the newest sequence of counts in a database, 0 before the
// first mark.
func LastCounted(ctx context.Context, d *db.DB) (seq int64, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error {
		seq, err = lastCounted(tx)
		return err
	})
	return seq, err
}

// Counts is how many marks a place has now.
type Counts struct {
	Place      int64
	Seq        int64 // when they last changed
	Been, Want int
}

// Counted lists the published places whose counts have changed after seq, the
// longest ago first, at most limit of them; next is where to ask on, and more
// says that there are more already.
func (s *Places) Counted(ctx context.Context, seq int64, limit int) (list []Counts, next int64, more bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		list, next, more = nil, seq, false
		rows, err := tx.Query(`SELECT c.place, c.seq, p.been, p.want FROM place_counted c JOIN places p ON p.id = c.place
			WHERE c.seq > $1 AND p.state = 'published' ORDER BY c.seq, c.place LIMIT $2`, seq, limit+1)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var c Counts
			if err := r.Scan(&c.Place, &c.Seq, &c.Been, &c.Want); err != nil {
				return err
			}
			list = append(list, c)
			return nil
		})
	})
	if err != nil || len(list) == 0 {
		return nil, seq, false, err
	}
	// Rows of one transaction share a sequence: the last one is given whole or
	// not at all, unless it is the only one.
	if len(list) > limit {
		more = true
		last := list[len(list)-1].Seq
		cut := slices.IndexFunc(list, func(c Counts) bool { return c.Seq == last })
		if cut == 0 {
			return s.countedAt(ctx, last)
		}
		list = list[:cut]
	}
	return list, list[len(list)-1].Seq, more, nil
}

// countedAt is all of one sequence: a member with thousands of marks who left,
// an import of marks.
func (s *Places) countedAt(ctx context.Context, seq int64) (list []Counts, next int64, more bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.Query(`SELECT c.place, c.seq, p.been, p.want FROM place_counted c JOIN places p ON p.id = c.place
			WHERE c.seq = $1 AND p.state = 'published'`, seq)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var c Counts
			err := r.Scan(&c.Place, &c.Seq, &c.Been, &c.Want)
			list = append(list, c)
			return err
		})
	})
	return list, seq, true, err
}
