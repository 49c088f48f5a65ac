package mark

import (
	"context"
	"database/sql"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/place"
)

// Set sets or takes away a mark of the actor's on a published place; what is so
// already stays so. It returns when the mark is on disk and the counts have it.
func (m *Marks) Set(ctx context.Context, a actor.Actor, placeID int64, k Kind, on bool) error {
	return m.SetAll(ctx, a, []Change{{placeID, k, on}})
}

// maxChanges is how many marks one call may change.
const maxChanges = 10_000

// SetAll is Set of many, in their order: what was queued without a network, or
// an import. The error is that of the first that could not be set; the others
// are.
func (m *Marks) SetAll(ctx context.Context, a actor.Actor, list []Change) error {
	if err := a.Needs(actor.Member); err != nil {
		return err
	}
	if len(list) > maxChanges {
		return errs.New(errs.TooLarge, "At most %d marks can be set at once.", maxChanges)
	}
	orders := make([]*order, len(list))
	for i, c := range list {
		if !c.Kind.Valid() {
			return errs.InField("mark", "is none of been, want")
		}
		orders[i] = &order{member: a.ID, Change: c, done: make(chan error, 1)}
	}
	return m.group.write(ctx, orders)
}

// apply writes orders and gives how many marks changed by them. results get what
// is wrong with single ones.
func apply(tx *db.Tx, batch []*order, results []error) (int, error) {
	keys := make([]key, len(batch))
	on := make(map[key]bool, len(batch))
	off := false
	for i, o := range batch {
		keys[i] = key{o.Place, o.member, o.Kind}
		on[keys[i]], off = true, off || !o.On
	}
	now, n := tx.DB().Millis(), 0
	clear(results) // the transaction may run again
	if !off {
		var err error
		if n, err = fresh(tx, keys, now); err != nil || n == len(on) {
			return n, err
		}
	}
	found, err := standings(tx, keys)
	if err != nil {
		return 0, err
	}
	clear(on)
	for i, o := range batch {
		if results[i] = found[keys[i]].refuses(o.On); results[i] != nil {
			continue
		}
		on[keys[i]] = o.On // of several the last holds
	}
	more, err := alter(tx, on, found, now)
	return n + more, err
}

// tally adds to the counts of a place. Places come in order.
func tally(list []place.Tally, id int64, k Kind, n int) []place.Tally {
	if len(list) == 0 || list[len(list)-1].Place != id {
		list = append(list, place.Tally{Place: id})
	}
	t := &list[len(list)-1]
	if k == Been {
		t.Been += n
	} else {
		t.Want += n
	}
	return list
}

// Leave takes away everything that a member has marked, in the transaction that
// deletes the account.
func Leave(tx *db.Tx, member int64) error {
	if err := settle(tx); err != nil {
		return err
	}
	var tallies []place.Tally
	rows, err := tx.Query(`SELECT place, kind FROM marks WHERE member = $1 ORDER BY place`, member)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var id int64
		var k Kind
		err := r.Scan(&id, (*string)(&k))
		tallies = tally(tallies, id, k, -1)
		return err
	})
	if err != nil {
		return err
	}
	said, err := saidBy(tx, member)
	if err != nil {
		return err
	}
	for _, text := range []string{`DELETE FROM marks WHERE member = $1`, `DELETE FROM visits WHERE member = $1`, `DELETE FROM field_notes WHERE member = $1`} {
		if _, err := tx.Exec(text, member); err != nil {
			return err
		}
	}
	place.Count(tx, tallies)
	for _, id := range said {
		if err := Confirm(tx, id); err != nil {
			return err
		}
	}
	return nil
}

// saidBy lists the places that a member has said something of as a visitor.
func saidBy(tx *db.Tx, member int64) (ids []int64, err error) {
	rows, err := tx.Query(`SELECT DISTINCT place FROM visits WHERE member = $1 AND still <> '' ORDER BY place`, member)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var id int64
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

// Carry takes the marks, visits and field notes of a place over to the one that
// it becomes a part of; who marked both has one.
func Carry(tx *db.Tx, j place.Joint) error {
	if err := settle(tx); err != nil {
		return err
	}
	there, gone := place.Tally{Place: j.Into}, place.Tally{Place: j.From}
	for _, k := range []Kind{Been, Want} {
		_, err := tx.Exec(`INSERT INTO place_carried (joint, what, thing, member, shared, number, text)
			SELECT CAST($1 AS BIGINT), m.kind, m.member, m.member, EXISTS (SELECT 1 FROM marks o WHERE o.place = $3 AND o.kind = m.kind AND o.member = m.member), m.at, ''
			FROM marks m WHERE m.place = $2 AND m.kind = $4`, j.ID, j.From, j.Into, string(k))
		if err != nil {
			return err
		}
		n, err := tx.Exec(`INSERT INTO marks (member, kind, place, at) SELECT member, kind, CAST($2 AS BIGINT), at FROM marks WHERE place = $1 AND kind = $3
			ON CONFLICT DO NOTHING`, j.From, j.Into, string(k))
		if err != nil {
			return err
		}
		old, err := tx.Exec(`DELETE FROM marks WHERE place = $1 AND kind = $2`, j.From, string(k))
		if err != nil {
			return err
		}
		there = plus(there, k, n)
		gone = plus(gone, k, -old)
	}
	for what, table := range carried {
		_, err := tx.Exec(`INSERT INTO place_carried (joint, what, thing, member, shared, number, text)
			SELECT CAST($1 AS BIGINT), '`+what+`', id, member, FALSE, 0, '' FROM `+table+` WHERE place = $2`, j.ID, j.From)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`UPDATE `+table+` SET place = $2 WHERE place = $1`, j.From, j.Into); err != nil {
			return err
		}
	}
	return recount(tx, j, there, gone)
}

// carried are what goes by its number with the place that it is about, and the
// tables.
var carried = map[string]string{"visit": "visits", "note": "field_notes"}

// Back is the other way: who had marked either has again what they had, both
// where they had both. A mark that was taken away since comes back nowhere.
func Back(tx *db.Tx, j place.Joint) error {
	if err := settle(tx); err != nil {
		return err
	}
	there, gone := place.Tally{Place: j.From}, place.Tally{Place: j.Into}
	for _, k := range []Kind{Been, Want} {
		n, err := tx.Exec(`INSERT INTO marks (member, kind, place, at) SELECT c.member, c.what, CAST($2 AS BIGINT), c.number FROM place_carried c
			WHERE c.joint = $1 AND c.what = $4 AND EXISTS (SELECT 1 FROM marks m WHERE m.place = $3 AND m.kind = $4 AND m.member = c.member)
			ON CONFLICT DO NOTHING`, j.ID, j.From, j.Into, string(k))
		if err != nil {
			return err
		}
		old, err := tx.Exec(`DELETE FROM marks WHERE place = $2 AND kind = $3 AND member IN (SELECT member FROM place_carried WHERE joint = $1 AND what = $3 AND NOT shared)`,
			j.ID, j.Into, string(k))
		if err != nil {
			return err
		}
		there = plus(there, k, n)
		gone = plus(gone, k, -old)
	}
	for what, table := range carried {
		_, err := tx.Exec(`UPDATE `+table+` SET place = $2 WHERE place = $3 AND id IN (SELECT thing FROM place_carried WHERE joint = $1 AND what = '`+what+`')`, j.ID, j.From, j.Into)
		if err != nil {
			return err
		}
	}
	return recount(tx, j, there, gone)
}

// recount counts anew what the two places have.
func recount(tx *db.Tx, j place.Joint, tallies ...place.Tally) error {
	place.Count(tx, tallies)
	if err := Confirm(tx, j.From); err != nil {
		return err
	}
	return Confirm(tx, j.Into)
}

func plus(t place.Tally, k Kind, n int64) place.Tally {
	if k == Been {
		t.Been += int(n)
	} else {
		t.Want += int(n)
	}
	return t
}
