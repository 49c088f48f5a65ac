package mark

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/place"
)

// now is the marks that members have set: those that are settled, but for what a
// delta takes away, and those that are not yet (see settle).
var now = `(SELECT member, kind, place, at FROM marks WHERE ` + unchanged("marks") + ` UNION ALL SELECT member, kind, place, at FROM mark_deltas WHERE step = 1) m`

// unchanged holds of a row of marks, by the name that it has in the statement,
// that no delta takes away.
func unchanged(row string) string {
	return `NOT EXISTS (SELECT 1 FROM mark_deltas d WHERE d.place = ` + row + `.place AND d.member = ` + row + `.member AND d.kind = ` + row + `.kind)`
}

// Of tells what the actor has marked of places; those without a mark are left
// out.
func (m *Marks) Of(ctx context.Context, a actor.Actor, places []int64) (own map[int64]Own, err error) {
	if !a.SignedIn() || len(places) == 0 {
		return nil, nil
	}
	args := append([]any{a.ID}, db.Padded(places)...)
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		own = map[int64]Own{}
		rows, err := tx.Query(`SELECT place, kind FROM `+now+` WHERE member = $1 AND place IN (`+db.In(len(args)-1, 2)+`)`, args...)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var id int64
			var k Kind
			if err := r.Scan(&id, (*string)(&k)); err != nil {
				return err
			}
			o := own[id]
			o.set(k)
			own[id] = o
			return nil
		})
	})
	return own, err
}

// Mine is what the actor says of a public place, and how many members do.
type Mine struct {
	Own
	Place  int64
	Counts [2]int // of all members: been, want
}

// Shown tells of the public ones of some places what the actor has marked, and
// the counts. The list is not to be changed.
func (m *Marks) Shown(ctx context.Context, a actor.Actor, places []int64) ([]Mine, error) {
	if !a.SignedIn() || len(places) == 0 {
		return nil, nil
	}
	key := make([]byte, 0, 24*len(places))
	for _, id := range places {
		key = append(strconv.AppendInt(key, id, 10), ',')
	}
	return m.shown.Of(shownKey{a.ID, string(key)}, func() ([]Mine, error) { return m.readShown(ctx, a.ID, places) })
}

// hasNow asks whether member $1 has set a mark on the place of a row of places.
func hasNow(k Kind) string {
	mine := ` WHERE member = $1 AND place = places.id AND kind = '` + string(k) + `')`
	return `EXISTS (SELECT 1 FROM marks` + mine + ` <> EXISTS (SELECT 1 FROM mark_deltas` + mine
}

func (m *Marks) readShown(ctx context.Context, member int64, places []int64) (list []Mine, err error) {
	args := append([]any{member}, db.Padded(places)...)
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.Query(`SELECT id, `+place.BeenNow+`, `+place.WantNow+`, `+hasNow(Been)+`, `+hasNow(Want)+`
			FROM places WHERE id IN (`+db.In(len(args)-1, 2)+`) AND state = 'published'`, args...)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var x Mine
			err := r.Scan(&x.Place, &x.Counts[0], &x.Counts[1], &x.Been, &x.Want)
			list = append(list, x)
			return err
		})
	})
	return list, err
}

// All is every place that a member has marked so, in no order: for what is left
// to see.
func (m *Marks) All(ctx context.Context, member int64, k Kind) (ids []int64, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		ids = nil
		rows, err := tx.Query(`SELECT place FROM `+now+` WHERE member = $1 AND kind = $2`, member, string(k))
		return db.Each(rows, err, func(r *sql.Rows) error {
			var id int64
			err := r.Scan(&id)
			ids = append(ids, id)
			return err
		})
	})
	return ids, err
}

// Newest lists what a member has marked so, the newest first, after a mark of an
// earlier page (the zero Marked for the first page). Who may see it is decided
// by the caller: it is the member's own choice.
func (m *Marks) Newest(ctx context.Context, member int64, k Kind, after Marked, limit int) (list []Marked, err error) {
	at, id := int64(1)<<62, int64(0)
	if !after.At.IsZero() {
		at, id = db.Millis(after.At), after.Place
	}
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list, err = marked(tx, `(m.at < $3 OR m.at = $3 AND m.place < $4)`, member, string(k), at, id, limit)
		return err
	})
	return list, err
}

// marked reads marks on places that are still public, the newest first, at most
// $5: as many of those that are settled, by their index, and what is not yet.
func marked(tx *db.Tx, of string, args ...any) (list []Marked, err error) {
	public := ` JOIN places p ON p.id = m.place AND p.state = 'published' WHERE m.member = $1 AND m.kind = $2 AND ` + of
	rows, err := tx.Query(`SELECT place, at FROM (SELECT m.place, m.at FROM marks m`+public+` AND `+unchanged("m")+` ORDER BY m.at DESC, m.place DESC LIMIT $5) AS settled
		UNION ALL SELECT m.place, m.at FROM mark_deltas m`+public+` AND m.step = 1 ORDER BY at DESC, place DESC LIMIT $5`, args...)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var x Marked
		var at int64
		err := r.Scan(&x.Place, &at)
		x.At = db.Time(at)
		list = append(list, x)
		return err
	})
	return list, err
}

// Between lists what a member has marked so from one moment to before another,
// the newest first, at most limit.
func (m *Marks) Between(ctx context.Context, member int64, k Kind, from, to time.Time, limit int) (list []Marked, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list, err = marked(tx, `m.at >= $3 AND m.at < $4`, member, string(k), db.Millis(from), db.Millis(to), limit)
		return err
	})
	return list, err
}

// In counts the public places that a member has marked so, by the destination in
// which they lie as far as that may be told.
func (m *Marks) In(ctx context.Context, member int64, k Kind) (counts map[string]int, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		counts = map[string]int{}
		rows, err := tx.Query(`SELECT p.destination, count(*) FROM `+now+` JOIN places p ON p.id = m.place AND p.state = 'published'
			WHERE m.member = $1 AND m.kind = $2 GROUP BY p.destination`, member, string(k))
		return db.Each(rows, err, func(r *sql.Rows) error {
			var path string
			var n int
			err := r.Scan(&path, &n)
			counts[path] = n
			return err
		})
	})
	return counts, err
}

// Counts is how many public places a member has marked.
func (m *Marks) Counts(ctx context.Context, member int64) (been, want int, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		been, want = 0, 0
		rows, err := tx.Query(`SELECT m.kind, count(*) FROM `+now+` JOIN places p ON p.id = m.place AND p.state = 'published'
			WHERE m.member = $1 GROUP BY m.kind`, member)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var k Kind
			var n int
			err := r.Scan((*string)(&k), &n)
			if k == Been {
				been = n
			} else {
				want = n
			}
			return err
		})
	})
	return been, want, err
}
