// Package changes is the log of everything public: each change appends a row
// in its own transaction, and everything that must follow what is published
// (the finder, kept pages, feeds, the public change feed) follows this one log.
//
// The order of the sequence is the order of the commits, on both engines, so a
// follower that has seen sequence n has seen all up to n. It knows no feature.
package changes

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"time"

	"mirabilia/internal/db"
)

// The operations: Put for what is public now and may look different, Drop for
// what is public no longer.
const (
	Put  = "put"
	Drop = "drop"
)

// Change is one row of the log: the thing of a kind with an id changed.
type Change struct {
	Seq  int64  `json:"seq"`
	Kind string `json:"kind"`
	ID   int64  `json:"id"`
	Op   string `json:"op"`
	At   int64  `json:"-"` // Unix milliseconds
}

type pendingKey struct{}

type pending struct {
	rows []Change
	seen map[Change]int // kind and id → index in rows
}

// Append notes a change; it becomes a row just before the transaction commits,
// once for each thing. Held so shortly, the lock that puts commits in order
// does not slow the writers.
func Append(tx *db.Tx, kind string, id int64, op string) {
	p, _ := tx.Value(pendingKey{}).(*pending)
	if p == nil {
		p = &pending{seen: map[Change]int{}}
		tx.SetValue(pendingKey{}, p)
		tx.AtEnd(func() error { return flush(tx, p) })
	}
	key := Change{Kind: kind, ID: id}
	if i, ok := p.seen[key]; ok {
		p.rows[i].Op = op
		return
	}
	p.seen[key] = len(p.rows)
	p.rows = append(p.rows, Change{Kind: kind, ID: id, Op: op})
}

// orderLock is PostgreSQL's advisory lock that one appending transaction holds
// until its commit: the number is "mirabilia" and means nothing else.
const orderLock = 0x6d697261

// InOrder holds off other transactions that end with numbers of their own until
// this one has committed, so that order of number is order of commit: on SQLite
// there is one writer anyway.
func InOrder(tx *db.Tx) error { return tx.Alone(orderLock) }

func flush(tx *db.Tx, p *pending) error {
	if err := InOrder(tx); err != nil {
		return err
	}
	last, err := last(tx)
	if err != nil {
		return err
	}
	now := tx.DB().Millis()
	err = tx.Insert("changes", []string{"seq", "kind", "id", "op", "at"}, len(p.rows), func(i int, into []any) {
		r := p.rows[i]
		into[0], into[1], into[2], into[3], into[4] = last+int64(i)+1, r.Kind, r.ID, r.Op, now
	})
	if err != nil || tx.DB().Engine() != db.Postgres {
		return err
	}
	_, err = tx.Exec(`SELECT pg_notify($1, '')`, channel)
	return err
}

func last(tx *db.Tx) (seq int64, err error) {
	err = tx.QueryRow(`SELECT coalesce(max(seq), 0) FROM changes`).Scan(&seq)
	return seq, err
}

// Last is the newest sequence, 0 for an empty log.
func Last(ctx context.Context, d *db.DB) (seq int64, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error {
		seq, err = last(tx)
		return err
	})
	return seq, err
}

// markRows is how many rows a Mark looks at.
const markRows = 100

// Mark is a digest of the log up to seq: of the rows that end there, with their
// times and their ids, which chance has a part in. Where it is the same, the
// log is the same up to seq; another atlas has another one, and so has one that
// was set back to an earlier state and then changed otherwise. It is "" when
// the log has no row seq.
func Mark(ctx context.Context, d *db.DB, seq int64) (mark string, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error {
		mark = ""
		sum, newest := sha256.New(), int64(0)
		rows, err := tx.Query(`SELECT seq, kind, id, op, at FROM changes WHERE seq <= $1 ORDER BY seq DESC LIMIT $2`, seq, markRows)
		err = db.Each(rows, err, func(r *sql.Rows) error {
			var c Change
			err := r.Scan(&c.Seq, &c.Kind, &c.ID, &c.Op, &c.At)
			newest = max(newest, c.Seq)
			fmt.Fprintln(sum, c.Seq, c.Kind, c.ID, c.Op, c.At)
			return err
		})
		if err == nil && newest == seq && seq > 0 {
			mark = hex.EncodeToString(sum.Sum(nil))
		}
		return err
	})
	return mark, err
}

// Since lists the changes after seq, oldest first, at most limit.
func Since(ctx context.Context, d *db.DB, seq int64, limit int) (list []Change, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.Query(`SELECT seq, kind, id, op, at FROM changes WHERE seq > $1 ORDER BY seq LIMIT $2`, seq, limit)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var c Change
			err := r.Scan(&c.Seq, &c.Kind, &c.ID, &c.Op, &c.At)
			list = append(list, c)
			return err
		})
	})
	return list, err
}

// channel is the name under which PostgreSQL tells of new rows.
const channel = "mirabilia_changes"

// Follower reads the log from a position on. It is used by one goroutine.
type Follower struct {
	db  *db.DB
	ear *db.Listener
	seq int64
}

// Follow makes a follower that has seen everything up to seq.
func Follow(d *db.DB, seq int64) *Follower {
	return &Follower{db: d, ear: d.Listen(channel), seq: seq}
}

// Seq is the newest sequence that Next has given.
func (f *Follower) Seq() int64 { return f.seq }

// Close ends what the follower holds.
func (f *Follower) Close() { f.ear.Close() }

// Next waits for changes and gives at most limit of them. Commits of this
// process are noticed at once; those of others within poll on SQLite, and on
// PostgreSQL at once by its notification, with the poll behind it. The error is
// that of ctx or of the database; after either, Next may be called again.
func (f *Follower) Next(ctx context.Context, limit int, poll time.Duration) ([]Change, error) {
	for {
		f.ear.Arm(ctx)
		list, err := Since(ctx, f.db, f.seq, limit)
		if err != nil {
			return nil, err
		}
		if len(list) > 0 {
			f.seq = list[len(list)-1].Seq
			return list, nil
		}
		if err := f.ear.Wait(ctx, poll); err != nil {
			return nil, err
		}
	}
}
