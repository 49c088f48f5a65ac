package mark

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
)

// Of tells what the actor has marked of places; those without a mark are left
// out.
func (m *Marks) Of(ctx context.Context, a actor.Actor, places []int64) (own map[int64]Own, err error) {
	if !a.SignedIn() || len(places) == 0 {
		return nil, nil
	}
	args := append([]any{a.ID}, db.Padded(places)...)
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		own = map[int64]Own{}
		rows, err := tx.Query(`SELECT place, kind FROM marks WHERE member = $1 AND place IN (`+db.In(len(args)-1, 2)+`)`, args...)
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

func (m *Marks) readShown(ctx context.Context, member int64, places []int64) (list []Mine, err error) {
	args := append([]any{member}, db.Padded(places)...)
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.Query(`SELECT p.id, p.been, p.want,
			EXISTS (SELECT 1 FROM marks WHERE member = $1 AND place = p.id AND kind = 'been'),
			EXISTS (SELECT 1 FROM marks WHERE member = $1 AND place = p.id AND kind = 'want')
			FROM places p WHERE p.id IN (`+db.In(len(args)-1, 2)+`) AND p.state = 'published'`, args...)
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
		rows, err := tx.Query(`SELECT place FROM marks WHERE member = $1 AND kind = $2`, member, string(k))
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
		list, err = marked(tx, `(m.at < $3 OR m.at = $3 AND m.place < $4) ORDER BY m.at DESC, m.place DESC LIMIT $5`, member, string(k), at, id, limit)
		return err
	})
	return list, err
}

// marked reads marks on places that are still public.
func marked(tx *db.Tx, rest string, args ...any) (list []Marked, err error) {
	rows, err := tx.Query(`SELECT m.place, m.at FROM marks m JOIN places p ON p.id = m.place AND p.state = 'published'
		WHERE m.member = $1 AND m.kind = $2 AND `+rest, args...)
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
		list, err = marked(tx, `m.at >= $3 AND m.at < $4 ORDER BY m.at DESC, m.place DESC LIMIT $5`, member, string(k), db.Millis(from), db.Millis(to), limit)
		return err
	})
	return list, err
}

// In counts the public places that a member has marked so, by the destination in
// which they lie as far as that may be told.
func (m *Marks) In(ctx context.Context, member int64, k Kind) (counts map[string]int, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		counts = map[string]int{}
		rows, err := tx.Query(`SELECT p.destination, count(*) FROM marks m JOIN places p ON p.id = m.place AND p.state = 'published'
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
		rows, err := tx.Query(`SELECT m.kind, count(*) FROM marks m JOIN places p ON p.id = m.place AND p.state = 'published'
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
