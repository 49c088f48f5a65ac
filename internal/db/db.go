// Package db holds the atlas's database: one SQL text for SQLite and
// PostgreSQL, hand-written with $1 placeholders in the portable subset that
// docs/contributing.md names, prepared once and kept.
//
// Read and Write are the only doors. Inside, statements run on a Tx; rows must
// be read to their end before the same Tx runs the next statement. Times are
// Unix milliseconds (BIGINT) set by Go from Now, ids are made by NewID.
package db

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"io"
	"strings"
	"sync"
	"time"

	"mirabilia/internal/errs"
)

// The engines.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// Config says where the database is.
type Config struct {
	// URL of a PostgreSQL database ("postgres://…"); "" is SQLite in Dir.
	URL string
	// Dir is the data directory; SQLite's file is atlas.db in it.
	Dir string
	// Replicas are the addresses of PostgreSQL's read replicas; see FromReplica.
	Replicas []string
	// Connections is the size of the pool of readers (SQLite) or of the whole
	// pool (PostgreSQL); 0 is a good number for this machine.
	Connections int
	// Bulk is for a run that writes a great deal: SQLite's writer gets more
	// memory and moves its log into the file less often.
	Bulk bool
	// Now and Random stand in for the clock and the system's random bytes
	// in tests that compare two atlases.
	Now    func() time.Time
	Random io.Reader
	// Trace is told of every statement before it runs: for tests that count
	// statements or look at their plans.
	Trace func(text string, args []any)
	// layer names another file layer for SQLite: for tests whose disk fails.
	layer string
}

// DB is the handle of one atlas's database; safe for concurrent use.
type DB struct {
	engine string
	name   string // for messages: the file, or host and database
	store  store
	now    func() time.Time
	random io.Reader
	trace  func(string, []any)
	ids    ids

	replicas replicas

	mu        sync.Mutex
	committed chan struct{} // closed when a Write of this process commits
}

// store is what differs between the engines.
type store interface {
	// read runs fn on statements that see committed data.
	read(ctx context.Context, snapshot bool, fn func(session) error) error
	// write runs fn in a transaction and commits when fn returns nil.
	write(ctx context.Context, fn func(session) error) error
	// fault names the kind of an error of this engine.
	fault(error) fault
	// freshen throws idle connections away: when one was lost, all may be.
	freshen()
	// stamp is a mark of all that is committed; see DB.Stamp.
	stamp() (Stamp, bool)
	// check looks the whole database over and tells what is wrong.
	check(ctx context.Context) ([]string, error)
	// pool is a plain handle for the migrations.
	pool() *sql.DB
	close() error
}

// session runs statements on one connection (or, outside a transaction on
// PostgreSQL, on any of the pool).
type session interface {
	query(ctx context.Context, text string, args []any) (*sql.Rows, error)
	exec(ctx context.Context, text string, args []any) (sql.Result, error)
	insert(ctx context.Context, table string, columns []string, n int, row func(i int, into []any)) error
	// tables, each and load are for atlases that are kept or filled whole.
	tables(ctx context.Context) ([]Table, error)
	each(ctx context.Context, table Table, fn func([]Value) error) error
	load(ctx context.Context, table Table, next func([]Value) (bool, error)) (int64, error)
}

// Open opens the database, making SQLite's file when there is none. It changes
// no schema: see Migrate. Errors are one line that says what to do.
func Open(ctx context.Context, c Config) (*DB, error) {
	d := &DB{now: c.Now, random: c.Random, trace: c.Trace, committed: make(chan struct{})}
	if d.now == nil {
		d.now = time.Now
	}
	if d.trace == nil {
		d.trace = func(string, []any) {}
	}
	if d.random == nil {
		d.random = rand.Reader
	}
	var err error
	switch {
	case c.URL == "":
		d.engine = SQLite
		d.store, d.name, err = openSQLite(ctx, c)
	case strings.HasPrefix(c.URL, "postgres://") || strings.HasPrefix(c.URL, "postgresql://"):
		d.engine = Postgres
		d.store, d.name, err = openPostgres(ctx, c)
	default:
		err = errs.New(errs.Invalid, "the database is neither empty (SQLite in the data directory) nor a postgres:// address")
	}
	if err != nil {
		return nil, err
	}
	if err := d.openReplicas(c); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// Close ends all connections. SQLite's log is written into its file first.
func (d *DB) Close() error { return errors.Join(d.closeReplicas(), d.store.close()) }

// Check looks the whole database over, for mirabilia doctor: a line for each
// fault.
func (d *DB) Check(ctx context.Context) ([]string, error) {
	list, err := d.store.check(ctx)
	return list, d.tell(err)
}

// Engine is SQLite or Postgres.
func (d *DB) Engine() string { return d.engine }

// Name tells people which database this is, without its password.
func (d *DB) Name() string { return d.name }

// Now is the time, in UTC, cut to the millisecond that the database keeps.
func (d *DB) Now() time.Time { return d.now().UTC().Truncate(time.Millisecond) }

// Millis is Now as the database keeps it.
func (d *DB) Millis() int64 { return d.now().UnixMilli() }

// Time turns what the database keeps into a time; 0 is the zero time.
func Time(millis int64) time.Time {
	if millis == 0 {
		return time.Time{}
	}
	return time.UnixMilli(millis).UTC()
}

// Millis turns a time into what the database keeps; the zero time is 0.
func Millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Random gives bytes nobody can foretell.
func (d *DB) Random() io.Reader { return d.random }

// Committed is closed when the next Write of this process has committed:
// followers of the log wait on it beside their timer.
func (d *DB) Committed() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.committed
}

func (d *DB) wake() {
	d.mu.Lock()
	close(d.committed)
	d.committed = make(chan struct{})
	d.mu.Unlock()
}
