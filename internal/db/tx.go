package db

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"mirabilia/internal/errs"
)

// Tx runs the statements of one Read or Write. It must not outlive it, and is
// used by one goroutine at a time.
type Tx struct {
	ctx    context.Context
	db     *DB
	s      session
	writes bool
	lent   bool // the rows are a replica's
	atEnd  []func() error
	values map[any]any
	made   int64
}

// Read runs fn on committed data. Each statement may see a newer state than the
// one before: see Snapshot. A lost connection makes fn run once more from
// its beginning, so fn sets what it found and never adds to what was there. With a context of
// FromReplica a replica may answer.
func (d *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	if done, err := d.elsewhere(ctx, fn); done {
		return err
	}
	return d.reading(ctx, false, fn)
}

// Snapshot is Read with all statements seeing one state of the database, for
// exports and for filling a follower from nothing. fn is never run twice.
func (d *DB) Snapshot(ctx context.Context, fn func(*Tx) error) error {
	return d.reading(ctx, true, fn)
}

func (d *DB) reading(ctx context.Context, snapshot bool, fn func(*Tx) error) error {
	run := func() error {
		return d.store.read(ctx, snapshot, func(s session) error {
			return fn(&Tx{ctx: ctx, db: d, s: s})
		})
	}
	err := run()
	if err != nil && !snapshot && ctx.Err() == nil && d.store.fault(err) == lost {
		d.store.freshen()
		err = run()
	}
	return d.tell(err)
}

// writeTries is how often a use case is tried before it is given up.
const writeTries = 5

// Write runs fn in a transaction and commits it when fn returns nil. A
// transaction that the engine gave up (serialisation failure, deadlock,
// connection lost before the commit) is tried again from the beginning, so fn
// may run several times. A commit without an answer is never repeated: the
// error is Unavailable and the caller cannot know.
func (d *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	for try := 1; ; try++ {
		err := d.store.write(ctx, func(s session) error {
			t := &Tx{ctx: ctx, db: d, s: s, writes: true}
			if err := fn(t); err != nil {
				return err
			}
			for i := 0; i < len(t.atEnd); i++ { // one may add another
				if err := t.atEnd[i](); err != nil {
					return err
				}
			}
			if keep, ok := ctx.Value(madeKey{}).(func(*Tx, int64) error); ok && t.made != 0 {
				return keep(t, t.made)
			}
			return nil
		})
		if err == nil {
			d.wake()
			return nil
		}
		var doubt *commitDoubt
		f := d.store.fault(err)
		if try == writeTries || errors.As(err, &doubt) && f != conflict || f != conflict && f != lost {
			return d.tell(err)
		}
		if f == lost {
			d.store.freshen()
		}
		wait := time.NewTimer(time.Duration(rand.Int64N(int64(try) * int64(20*time.Millisecond))))
		select {
		case <-ctx.Done():
			wait.Stop()
			return d.tell(err)
		case <-wait.C:
		}
	}
}

// commitDoubt marks an error of the commit itself.
type commitDoubt struct{ error }

func (c *commitDoubt) Unwrap() error { return c.error }

// Context is the context of the Read or Write.
func (t *Tx) Context() context.Context { return t.ctx }

// DB is the handle the Tx belongs to, for Now and NewID.
func (t *Tx) DB() *DB { return t.db }

// AtEnd runs fn in the same transaction just before its commit, after
// everything else: the place for what must hold a lock shortly.
func (t *Tx) AtEnd(fn func() error) { t.atEnd = append(t.atEnd, fn) }

type madeKey struct{}

// Keeping gives a context whose Writes tell keep, just before their commit, what
// was made or decided in them, so that both are kept or neither.
func Keeping(ctx context.Context, keep func(tx *Tx, made int64) error) context.Context {
	return context.WithValue(ctx, madeKey{}, keep)
}

// Made notes the number of what a use case makes or decides, for Keeping.
func (t *Tx) Made(id int64) { t.made = id }

// Several tells that more statements follow: a reading of SQLite then begins its
// transaction at once, which spares it a lock. It must come before the first.
func (t *Tx) Several() error {
	if r, ok := t.s.(*liteReading); ok && !r.open {
		return r.begin(t.ctx)
	}
	return nil
}

// Value and SetValue keep something for the length of the Tx.
func (t *Tx) Value(key any) any { return t.values[key] }

// SetValue keeps v under key for the length of the Tx.
func (t *Tx) SetValue(key, v any) {
	if t.values == nil {
		t.values = map[any]any{}
	}
	t.values[key] = v
}

// ByIndex makes the rest of the transaction use indexes wherever it can: for
// imports, during which a table grows from nothing while PostgreSQL keeps the
// plans it made for an empty one (measured on 100,000 records: 1,750 a second
// without it, 26,800 with it). SQLite needs no telling.
func (t *Tx) ByIndex() error {
	if t.db.engine != Postgres || !t.writes {
		return nil
	}
	_, err := t.Exec(`SET LOCAL enable_seqscan = off`)
	return err
}

// Query runs a statement that gives rows.
func (t *Tx) Query(text string, args ...any) (*sql.Rows, error) {
	t.db.trace(text, args)
	return t.s.query(t.ctx, text, args)
}

// QueryRow runs a statement that gives at most one row.
func (t *Tx) QueryRow(text string, args ...any) Row {
	t.db.trace(text, args)
	rows, err := t.s.query(t.ctx, text, args)
	return Row{rows, err}
}

// Exec runs a statement that gives no rows and tells how many it touched.
func (t *Tx) Exec(text string, args ...any) (int64, error) {
	t.db.trace(text, args)
	res, err := t.s.exec(t.ctx, text, args)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Insert writes n rows the fastest way the engine has: COPY on PostgreSQL,
// many rows a statement on SQLite. row fills into, one value a column, with
// row i. Table and columns are names from the code, never from a request.
func (t *Tx) Insert(table string, columns []string, n int, row func(i int, into []any)) error {
	if n == 0 {
		return nil
	}
	return t.s.insert(t.ctx, table, columns, n, row)
}

// Row is the answer of QueryRow.
type Row struct {
	rows *sql.Rows
	err  error
}

// Scan reads the row; without one the error is errs.NotFound.
func (r Row) Scan(into ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return errs.Wrap(sql.ErrNoRows, errs.NotFound, "not found")
	}
	if err := r.rows.Scan(into...); err != nil {
		return err
	}
	return r.rows.Close()
}

// Each reads all rows of a query, calling fn for each, and closes them.
func Each(rows *sql.Rows, err error, fn func(*sql.Rows) error) error {
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return rows.Close()
}

// In is the inside of "IN (…)" for n values whose first placeholder is $from:
// In(3, 2) is "$2,$3,$4".
func In(n, from int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(from + i))
	}
	return b.String()
}

// Alone waits until no other transaction holds key, and holds it until this one
// ends. On SQLite there is one writer anyway.
func (t *Tx) Alone(key int64) error {
	if t.db.engine != Postgres {
		return nil
	}
	_, err := t.Exec(`SELECT pg_advisory_xact_lock($1)`, key)
	return err
}

// Rows is what follows VALUES for n rows of some columns: Rows(2, 3) is
// "($1,$2,$3),($4,$5,$6)".
func Rows(n, columns int) string {
	rows := make([]string, n)
	for i := range rows {
		rows[i] = "(" + In(columns, 1+i*columns) + ")"
	}
	return strings.Join(rows, ",")
}

// Padded gives the ids as arguments, the last one repeated until their number
// is a power of two, so that lists of every length share few statements.
func Padded(ids []int64) []any {
	n := 1
	for n < len(ids) {
		n *= 2
	}
	args := make([]any, n)
	for i := range args {
		args[i] = ids[min(i, len(ids)-1)]
	}
	return args
}
