package mark

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"

	"mirabilia/internal/db"
	"mirabilia/internal/place"
)

// What members say now is the table marks but for where mark_deltas says
// otherwise: a row of it turns round whether the mark is set. A commit writes
// deltas alone, side by side in few pages, and settle brings a few hundred of
// them into the tables at once, whose indexes each mark touches somewhere else
// (measured, eight writers on SQLite: from 56 to 27 µs of CPU a mark).

// settleAfter is how many deltas a node writes before it settles them, which
// takes few milliseconds.
const settleAfter = 512

// key names a mark, set or not.
type key struct {
	place, member int64
	kind          Kind
}

func compareKeys(a, b key) int {
	return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.member, b.member), cmp.Compare(a.kind, b.kind))
}

// standing is what the database says of a mark.
type standing struct {
	public  bool // its place is
	settled bool // it is among the marks
	delta   bool // which is no longer so
}

func (s standing) set() bool { return s.settled != s.delta }

// marksLock is held by whoever changes marks until the commit: what is read of
// them before is so still when it is written.
const marksLock = 0x6d61726b

// standings reads how marks stand, holding off all who would change them. There
// is at least one key.
func standings(tx *db.Tx, keys []key) (map[key]standing, error) {
	if err := tx.Alone(marksLock); err != nil {
		return nil, err
	}
	n := 1
	for n < len(keys) {
		n *= 2 // lists of every length share few statements
	}
	args := make([]any, 0, 3*n)
	for i := range n {
		k := keys[min(i, len(keys)-1)]
		args = append(args, k.place, k.member, string(k.kind))
	}
	out := make(map[key]standing, len(keys))
	rows, err := tx.Query(standingsText[n], args...)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var k key
		var s standing
		err := r.Scan(&k.place, &k.member, (*string)(&k.kind), &s.public, &s.settled, &s.delta)
		out[k] = s
		return err
	})
	return out, err
}

// standingsText is the question by the number of keys, up to groupMost.
var standingsText = func() map[int]string {
	texts := map[int]string{}
	for n := 1; n <= groupMost; n *= 2 {
		// PostgreSQL learns the types of the columns from the first row.
		typed := strings.Replace(db.Rows(n, 3), "($1,$2,$3)", "(CAST($1 AS BIGINT),CAST($2 AS BIGINT),CAST($3 AS TEXT))", 1)
		texts[n] = `WITH asked (place, member, kind) AS (VALUES ` + typed + `)
			SELECT a.place, a.member, a.kind, p.id IS NOT NULL, m.place IS NOT NULL, d.place IS NOT NULL FROM asked a
				LEFT JOIN places p ON p.id = a.place AND p.state = 'published'
				LEFT JOIN marks m ON m.place = a.place AND m.member = a.member AND m.kind = a.kind
				LEFT JOIN mark_deltas d ON d.place = a.place AND d.member = a.member AND d.kind = a.kind`
	}
	return texts
}()

// alter sets and takes away marks whose standings were read in the same
// transaction, and gives how many deltas it wrote.
func alter(tx *db.Tx, on map[key]bool, found map[key]standing, now int64) (int, error) {
	var added, dropped []key
	for k, on := range on {
		switch s := found[k]; {
		case s.set() == on:
		case s.delta:
			dropped = append(dropped, k)
		default:
			added = append(added, k)
		}
	}
	if len(added)+len(dropped) == 0 {
		return 0, nil
	}
	seq, err := place.NextCounted(tx) // before a delta goes that may have the last one
	if err != nil {
		return 0, err
	}
	for _, k := range dropped {
		if err := drop(tx, k, on[k], now); err != nil {
			return 0, err
		}
	}
	slices.SortFunc(added, compareKeys)
	err = tx.Insert("mark_deltas", []string{"seq", "place", "member", "kind", "step", "at"}, len(added), func(i int, into []any) {
		k, step := added[i], 1
		if !on[k] {
			step = -1
		}
		into[0], into[1], into[2], into[3], into[4], into[5] = seq, k.place, k.member, string(k.kind), step, now
	})
	return len(added), err
}

// drop deletes the delta of a mark that is as it was before; one that was taken
// away in between is set now.
func drop(tx *db.Tx, k key, on bool, now int64) error {
	const mine = ` WHERE place = $1 AND member = $2 AND kind = $3`
	if _, err := tx.Exec(`DELETE FROM mark_deltas`+mine, k.place, k.member, string(k.kind)); err != nil {
		return err
	}
	place.Count(tx, []place.Tally{{Place: k.place}})
	if !on {
		return nil
	}
	_, err := tx.Exec(`UPDATE marks SET at = $4`+mine, k.place, k.member, string(k.kind), now)
	return err
}

// Settle brings what was marked into the tables: whoever follows the counts of
// many places calls it first.
func (m *Marks) Settle(ctx context.Context) error {
	var some bool
	err := m.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM mark_deltas)`).Scan(&some)
	})
	if err != nil || !some {
		return err
	}
	return m.db.Write(ctx, settle)
}

// settle leaves no deltas. Who reads or changes the table marks itself calls it
// before, in the same transaction.
func settle(tx *db.Tx) error {
	if err := tx.Alone(marksLock); err != nil {
		return err
	}
	var tallies []place.Tally
	var gone bool
	rows, err := tx.Query(`SELECT place, kind, CAST(sum(step) AS BIGINT), min(step) < 0 FROM mark_deltas GROUP BY place, kind ORDER BY place`)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var id int64
		var k Kind
		var n int
		var less bool
		err := r.Scan(&id, (*string)(&k), &n, &less)
		tallies, gone = tally(tallies, id, k, n), gone || less
		return err
	})
	if err != nil || len(tallies) == 0 {
		return err
	}
	place.Count(tx, tallies)
	if _, err := place.NextCounted(tx); err != nil { // before the deltas go that have the last one
		return err
	}
	if _, err := tx.Exec(`INSERT INTO marks (place, member, kind, at) SELECT place, member, kind, at FROM mark_deltas WHERE step = 1 ORDER BY place, member, kind`); err != nil {
		return err
	}
	if gone {
		if _, err := tx.Exec(`DELETE FROM marks WHERE (place, member, kind) IN (SELECT place, member, kind FROM mark_deltas WHERE step = -1)`); err != nil {
			return err
		}
	}
	_, err = tx.Exec(`DELETE FROM mark_deltas`)
	return err
}
