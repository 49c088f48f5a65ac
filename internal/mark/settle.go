package mark

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/place"
)

// What members say now is the table marks but for where mark_deltas says
// otherwise: a row of it turns round whether the mark is set. A commit writes
// deltas alone, side by side in few pages, and settle brings a thousand of them
// into the tables at once, whose indexes each mark touches somewhere else
// (measured, eight writers on SQLite: from 56 to 23 µs of CPU a mark).

// settleAfter is how many deltas a node writes before it settles them, which
// takes some ten milliseconds.
const settleAfter = 1024

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
	left    bool // its member has, after they were let in to set it
	settled bool // it is among the marks
	delta   bool // which is no longer so
}

// refuses says why a mark cannot be set.
func (s standing) refuses(on bool) error {
	switch {
	case s.left:
		return errs.New(errs.Unsigned, "Sign in first.")
	case on && !s.public:
		return noPlace()
	}
	return nil
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
	text, args := asking(standingsText, keys)
	out := make(map[key]standing, len(keys))
	rows, err := tx.Query(text, args...)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var k key
		var s standing
		err := r.Scan(&k.place, &k.member, (*string)(&k.kind), &s.public, &s.left, &s.settled, &s.delta)
		out[k] = s
		return err
	})
	return out, err
}

// asking gives the text for a number of keys, and the keys as its arguments.
func asking(texts map[int]string, keys []key) (text string, args []any) {
	n := 1
	for n < len(keys) {
		n *= 2 // lists of every length share few statements
	}
	args = make([]any, 0, 3*n+2)
	for i := range n {
		k := keys[min(i, len(keys)-1)]
		args = append(args, k.place, k.member, string(k.kind))
	}
	return texts[n], args
}

// standingsText and freshText are statements by the number of keys, up to
// groupMost.
var (
	standingsText = textsOf(func(int) string {
		return ` SELECT a.place, a.member, a.kind, p.id IS NOT NULL, w.id IS NULL, m.place IS NOT NULL, d.place IS NOT NULL FROM asked a
			LEFT JOIN places p ON p.id = a.place AND p.state = 'published'
			LEFT JOIN members w ON w.id = a.member AND w.state <> 'deleted'
			LEFT JOIN marks m ON m.place = a.place AND m.member = a.member AND m.kind = a.kind
			LEFT JOIN mark_deltas d ON d.place = a.place AND d.member = a.member AND d.kind = a.kind`
	})
	freshText = textsOf(func(n int) string {
		return fmt.Sprintf(` INSERT INTO mark_deltas (seq, place, member, kind, step, at)
			SELECT CAST($%d AS BIGINT), a.place, a.member, a.kind, 1, CAST($%d AS BIGINT) FROM asked a
				JOIN places p ON p.id = a.place AND p.state = 'published' JOIN members w ON w.id = a.member AND w.state <> 'deleted'
			WHERE NOT EXISTS (SELECT 1 FROM marks m WHERE m.place = a.place AND m.member = a.member AND m.kind = a.kind)
			ON CONFLICT DO NOTHING`, 3*n+1, 3*n+2)
	})
)

func textsOf(what func(n int) string) map[int]string {
	texts := map[int]string{}
	for n := 1; n <= groupMost; n *= 2 {
		// PostgreSQL learns the types of the columns from the first row.
		typed := strings.Replace(db.Rows(n, 3), "($1,$2,$3)", "(CAST($1 AS BIGINT),CAST($2 AS BIGINT),CAST($3 AS TEXT))", 1)
		texts[n] = `WITH asked (place, member, kind) AS (VALUES ` + typed + `)` + what(n)
	}
	return texts
}

// fresh sets those of the marks that are on public places, of members who have not
// left, and not set, of which most are when many come, and gives their number.
func fresh(tx *db.Tx, keys []key, now int64) (int, error) {
	if err := tx.Alone(marksLock); err != nil {
		return 0, err
	}
	seq, err := place.NextCounted(tx)
	if err != nil {
		return 0, err
	}
	text, args := asking(freshText, keys)
	n, err := tx.Exec(text, append(args, seq, now)...)
	return int(n), err
}

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
	n, err := place.CountDeltas(tx)
	if err != nil || n == 0 {
		return err
	}
	for _, text := range []string{
		`INSERT INTO marks (place, member, kind, at) SELECT place, member, kind, at FROM mark_deltas WHERE step = 1`,
		`DELETE FROM marks WHERE (place, member, kind) IN (SELECT place, member, kind FROM mark_deltas WHERE step = -1)`,
		`DELETE FROM mark_deltas`,
	} {
		if _, err := tx.Exec(text); err != nil {
			return err
		}
	}
	return nil
}
