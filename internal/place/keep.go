package place

import (
	"context"
	"database/sql"
	"slices"
	"sync"

	"github.com/maypok86/otter/v2"

	"mirabilia/internal/db"
)

// Keep holds what was made of the rows of published places, by id, within a
// number of bytes. Every reading looks first, in the same transaction as the
// rows, whether the log has grown, and forgets what it names: what is given is
// what the rows say at that moment, on every node, whoever changed them.
type Keep[V any] struct {
	places *Places
	read   func(tx *db.Tx, ids []int64) ([]*Place, error)
	make   func(*Place) (V, error)
	cache  *otter.Cache[int64, V]
	// shelf, with pack and unpack, is for what has no room in memory; nil for none.
	shelf  *shelf
	pack   func([]byte, V) []byte
	unpack func(int64, []byte) (V, bool)

	mu sync.Mutex
	// at is where in the log, and among the counts of marks, the kept ones stand;
	// its log is -1 before the first look.
	at standing
	// stamp is that of the database before it was found that the kept ones stand
	// at its end; nil when that is not known.
	stamp *db.Stamp
}

// standing is a position in the log of changes, and one among the changes of
// counts (see Count).
type standing struct{ log, counted int64 }

// logHandful is how many changes are forgotten one by one; after more of them
// everything is.
const logHandful = 1000

// NewItems makes a keep of what lists for programs show of a place: all but
// its body. fn makes it of the place, which it must not hold on to; weigh tells
// its bytes.
func NewItems[V any](s *Places, bytes uint64, fn func(*Place) (V, error), weigh func(V) int) (*Keep[V], error) {
	return newKeep(s, bytes, s.itemsIn, fn, weigh)
}

func newKeep[V any](s *Places, bytes uint64, read func(*db.Tx, []int64) ([]*Place, error), fn func(*Place) (V, error), weigh func(V) int) (*Keep[V], error) {
	k := &Keep[V]{places: s, read: read, make: fn, at: standing{log: -1}}
	var err error
	k.cache, err = otter.New(&otter.Options[int64, V]{
		MaximumWeight: bytes,
		Weigher:       func(_ int64, v V) uint32 { return uint32(weigh(v)) + 200 },
		// Upkeep runs on the request that caused it: no goroutine of our own.
		Executor: func(fn func()) { fn() },
	})
	return k, err
}

// Of gives what was made of those of the places that are published, in the
// order of ids.
func (k *Keep[V]) Of(ctx context.Context, ids []int64) (list []V, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	if list, ok := k.Kept(ids); ok {
		return list, nil
	}
	stamp, stamped := k.places.db.Stamp() // before the transaction: it sees that and what came after
	err = k.places.db.Read(ctx, func(tx *db.Tx) error {
		var mark standing
		if list, mark, err = k.in(tx, ids); err == nil && stamped {
			k.stand(mark, stamp)
		}
		return err
	})
	return list, err
}

// Kept is Of from memory alone: what Of would give, or false where that is not
// known without asking the database.
func (k *Keep[V]) Kept(ids []int64) (list []V, ok bool) {
	stamp, ok := k.places.db.Stamp()
	if !ok {
		return nil, false
	}
	k.mu.Lock()
	still := k.stamp != nil && *k.stamp == stamp
	k.mu.Unlock()
	if !still {
		return nil, false
	}
	list, known := k.kept(ids)
	if slices.Contains(known, false) {
		return nil, false
	}
	return list, true
}

// in is Of within a transaction, and where in the log that stands.
func (k *Keep[V]) in(tx *db.Tx, ids []int64) (list []V, mark standing, err error) {
	if mark, err = k.follow(tx); err != nil {
		return nil, mark, err
	}
	list, known := k.kept(ids)
	var missing []int64
	for i, id := range ids {
		if !known[i] {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return list, mark, nil
	}
	rows, err := k.read(tx, missing)
	if err != nil {
		return nil, mark, err
	}
	made := make(map[int64]V, len(rows))
	for _, p := range rows {
		if made[p.ID], err = k.make(p); err != nil {
			return nil, mark, err
		}
	}
	k.put(missing, made, mark)
	out := list[:0]
	for i, id := range ids {
		if known[i] {
			out = append(out, list[i])
		} else if v, ok := made[id]; ok {
			out = append(out, v)
		}
	}
	return out, mark, nil
}

// put keeps, in the order of ids, what was read when the log stood at mark,
// unless it has moved on: then it may be older than a change that was already
// looked at.
func (k *Keep[V]) put(ids []int64, made map[int64]V, mark standing) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.at != mark {
		return
	}
	for _, id := range ids {
		if v, ok := made[id]; ok {
			k.set(id, v)
		}
	}
}

// stand notes that the kept ones stood at the end of the log when the database
// bore a stamp, unless they have moved on.
func (k *Keep[V]) stand(mark standing, stamp db.Stamp) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.at == mark {
		k.stamp = &stamp
	}
}

// follow forgets what the log says has changed, and what was marked, and tells
// where both stand.
func (k *Keep[V]) follow(tx *db.Tx) (mark standing, err error) {
	k.mu.Lock()
	from := k.at
	k.mu.Unlock()
	if from.log < 0 {
		return k.restart(tx)
	}
	// The row at from is read again: a log that does not have it is another one.
	var stale []int64
	n, same := 0, from.log == 0
	mark = from
	rows, err := tx.Query(`SELECT seq, kind, id FROM changes WHERE seq >= $1 ORDER BY seq LIMIT $2`, from.log, logHandful)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var kind string
		var id int64
		if err := r.Scan(&mark.log, &kind, &id); err != nil {
			return err
		}
		n++
		if mark.log == from.log {
			same = true
		} else if kind == LogKind {
			stale = append(stale, id)
		}
		return nil
	})
	if err != nil {
		return mark, err
	}
	if !same && tx.Lent() {
		return mark, db.ErrBehind
	}
	if n == logHandful || !same {
		return k.restart(tx)
	}
	if err := reachesCounted(tx, from.counted); err != nil {
		return mark, err
	}
	n = 0
	rows, err = tx.Query(`SELECT seq, place FROM (SELECT seq, place FROM place_counted WHERE seq > $1 UNION ALL
		SELECT seq, place FROM mark_deltas WHERE seq > $1) AS counted ORDER BY seq LIMIT $2`, from.counted, logHandful)
	err = db.Each(rows, err, func(r *sql.Rows) error {
		var id int64
		err := r.Scan(&mark.counted, &id)
		stale = append(stale, id)
		n++
		return err
	})
	if err != nil {
		return mark, err
	}
	if n == logHandful {
		return k.restart(tx)
	}
	if mark == from {
		return mark, nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, id := range stale {
		k.forget(id)
	}
	k.at = standing{max(k.at.log, mark.log), max(k.at.counted, mark.counted)}
	return mark, nil
}

// reachesCounted demands that a replica has the counts up to seq: what was read
// of it would be kept as if it had.
func reachesCounted(tx *db.Tx, seq int64) error {
	if !tx.Lent() {
		return nil
	}
	has, err := lastCounted(tx)
	if err == nil && has < seq {
		err = db.ErrBehind
	}
	return err
}

// restart forgets everything and stands at the end of both.
func (k *Keep[V]) restart(tx *db.Tx) (mark standing, err error) {
	if err := tx.QueryRow(`SELECT coalesce(max(seq), 0) FROM changes`).Scan(&mark.log); err != nil {
		return mark, err
	}
	if mark.counted, err = lastCounted(tx); err != nil {
		return mark, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.forgetAll()
	k.at, k.stamp = mark, nil // which may be behind where they stood
	return mark, nil
}
