package place

import (
	"context"
	"database/sql"
	"maps"
	"slices"

	"mirabilia/internal/changes"
	"mirabilia/internal/db"
)

// Tally is by how much the marks on a place have become more, or fewer.
type Tally struct {
	Place      int64
	Been, Want int
}

// BeenNow and WantNow are how many have marked the place of a row of places at
// this moment: what is counted, and what package mark has not settled yet.
const (
	BeenNow = `coalesce((SELECT been FROM place_counted WHERE place = places.id), 0) + ` + unsettled + `'been')`
	WantNow = `coalesce((SELECT want FROM place_counted WHERE place = places.id), 0) + ` + unsettled + `'want')`

	unsettled = `(SELECT CAST(coalesce(sum(step), 0) AS BIGINT) FROM mark_deltas WHERE place = places.id AND kind = `
)

// counting is what a transaction does to the counts.
type counting struct {
	seq  int64 // 0 before it is asked for
	sums map[int64]Tally
}

type countingKey struct{}

func countingOf(tx *db.Tx) *counting {
	c, _ := tx.Value(countingKey{}).(*counting)
	if c == nil {
		c = &counting{}
		tx.SetValue(countingKey{}, c)
	}
	return c
}

// Count adds to the counts of places, in the transaction that changes the marks
// themselves, so that the two can never disagree. Marks are no news in the log:
// who follows counts asks Counted, and gets each place once however often it
// was marked. The counts are written just before the commit, also of a place
// whose marks have become neither more nor fewer: what was made of it is made
// anew.
func Count(tx *db.Tx, list []Tally) {
	c := countingOf(tx)
	if c.sums == nil {
		c.sums = map[int64]Tally{}
		tx.AtEnd(func() error { return c.flush(tx) })
	}
	for _, t := range list {
		sum := c.sums[t.Place]
		c.sums[t.Place] = Tally{t.Place, sum.Been + t.Been, sum.Want + t.Want}
	}
}

// CountDeltas adds to the counts what package mark has not settled yet, and gives
// of how many places: it is about to.
func CountDeltas(tx *db.Tx) (int64, error) {
	seq, err := NextCounted(tx)
	if err != nil {
		return 0, err
	}
	return tx.Exec(`INSERT INTO place_counted (place, seq, been, want)
		SELECT place, CAST($1 AS BIGINT), sum(CASE kind WHEN 'been' THEN step ELSE 0 END), sum(CASE kind WHEN 'want' THEN step ELSE 0 END)
		FROM mark_deltas GROUP BY place ORDER BY place`+addCounted, seq)
}

// NextCounted is the sequence that this transaction's changes of counts have. It
// holds off others that change counts until the commit, so that the order of
// the sequences is that of the commits. Who deletes from mark_deltas asks for it
// before.
func NextCounted(tx *db.Tx) (int64, error) {
	c := countingOf(tx)
	if c.seq > 0 {
		return c.seq, nil
	}
	if err := changes.InOrder(tx); err != nil {
		return 0, err
	}
	last, err := lastCounted(tx)
	if err == nil {
		c.seq = last + 1
	}
	return c.seq, err
}

func (c *counting) flush(tx *db.Tx) error {
	sums := c.sums
	c.sums = nil // what is counted after this, at the end too, is flushed again
	seq, err := NextCounted(tx)
	if err != nil {
		return err
	}
	// Everybody takes the rows in the same order: nobody waits in a circle.
	for _, id := range slices.Sorted(maps.Keys(sums)) {
		t := sums[id]
		if _, err := tx.Exec(`INSERT INTO place_counted (place, seq, been, want) VALUES ($1, $2, $3, $4)`+addCounted, id, seq, t.Been, t.Want); err != nil {
			return err
		}
	}
	return nil
}

// addCounted ends an INSERT of counts that are added to those that are there.
const addCounted = ` ON CONFLICT (place) DO UPDATE
	SET seq = excluded.seq, been = place_counted.been + excluded.been, want = place_counted.want + excluded.want`

func lastCounted(tx *db.Tx) (seq int64, err error) {
	err = tx.QueryRow(`SELECT coalesce(max(seq), 0) FROM (SELECT max(seq) AS seq FROM place_counted UNION ALL SELECT max(seq) FROM mark_deltas) AS newest`).Scan(&seq)
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
		rows, err := tx.Query(`SELECT c.place, c.seq, c.been, c.want FROM place_counted c JOIN places p ON p.id = c.place
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
		rows, err := tx.Query(`SELECT c.place, c.seq, c.been, c.want FROM place_counted c JOIN places p ON p.id = c.place
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
