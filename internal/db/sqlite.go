package db

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"

	"mirabilia/internal/errs"
)

// sqliteFile is the database's name in the data directory.
const sqliteFile = "atlas.db"

// lite is SQLite: one connection that writes, and some that only read. These
// are kept by us rather than by database/sql, because a statement prepared on
// a connection is then found by one map look-up, and because a pool of one
// cannot prepare for itself while a transaction holds it.
type lite struct {
	w, r, m *sql.DB        // to write, to read, to migrate
	writer  chan *liteConn // holds the one writer, or nil when it must be opened
	reader  chan *liteConn // holds readers, or nil for those not opened yet
	coming  atomic.Int64   // writers who wait for their turn
	close_  sync.Once
	index   logIndex
	gone    func() // is called at the end, nil for nothing
}

// liteConn is a connection with its prepared statements.
type liteConn struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
	// inserts holds the texts of insert by table and columns, a handful, and by
	// their shapes.
	inserts map[string]map[shape]string
	shared  *together // of the writer: the transaction that is open while it is handed on
	broken  bool      // not to be used again
}

// liteStatements is how many statements a connection keeps; the atlas has
// fewer texts than that, but for lists of odd lengths.
const liteStatements = 400

func openSQLite(ctx context.Context, c Config) (store, string, error) {
	file := filepath.Join(c.Dir, sqliteFile)
	if abs, err := filepath.Abs(file); err == nil {
		file = abs
	}
	fail := func(err error) (store, string, error) {
		return nil, "", errs.Wrap(err, errs.Unavailable,
			"the database %s cannot be opened for writing; check that the directory exists, is writable and has space", file)
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return fail(err)
	}
	registerVFS()
	if err := makeFile(file); err != nil {
		return fail(err)
	}
	n := c.Connections
	if n <= 0 {
		n = max(4, 2*runtime.GOMAXPROCS(0))
	}
	var err error
	name := liteName(file, cmp.Or(c.layer, liteVFS))
	l := &lite{index: logIndex{path: file + "-shm"}, writer: make(chan *liteConn, 1), reader: make(chan *liteConn, n)}
	writer := liteWriter
	if c.Bulk {
		writer = liteBulk
	}
	if l.w, err = driver.Open(name, writer); err != nil {
		return fail(err)
	}
	if l.r, err = driver.Open(name, liteReader); err != nil {
		return fail(errors.Join(err, l.w.Close()))
	}
	if l.m, err = driver.Open(name, liteMigrator); err != nil {
		return fail(errors.Join(err, l.w.Close(), l.r.Close()))
	}
	// How many are open is for the channels to say, for database/sql never stops
	// counting a connection that a panic left behind.
	l.r.SetMaxIdleConns(n)
	l.writer <- nil
	for range n {
		l.reader <- nil
	}
	// Opening lazily would tell the first visitor what the operator should hear.
	err = l.write(ctx, func(session) error { return nil })
	if err != nil {
		return fail(errors.Join(err, l.close()))
	}
	return l, file, nil
}

// liteName is the data source name of a file on a layer.
func liteName(file, layer string) string {
	return (&url.URL{Scheme: "file", OmitHost: true, Path: file, RawQuery: "vfs=" + layer}).String()
}

// makeFile makes the database where there is none: whole under another name,
// then linked into place, so that of two programs that start together one
// finds the other's file and neither a half-made one. Nobody else may read it,
// whatever the umask is.
func makeFile(file string) error {
	if info, err := os.Stat(file); err == nil && info.Size() > 0 {
		f, err := os.OpenFile(file, os.O_RDWR, 0) // may we write?
		if err != nil {
			return err
		}
		return f.Close()
	}
	f, err := os.CreateTemp(filepath.Dir(file), sqliteFile+".new-*") // mode 0600
	if err != nil {
		return err
	}
	fresh := f.Name()
	defer func() {
		for _, end := range []string{"", "-wal", "-shm"} {
			_ = os.Remove(fresh + end)
		}
	}()
	if err := f.Close(); err != nil {
		return err
	}
	conn, err := sqlite3.Open(liteName(fresh, liteVFS))
	if err != nil {
		return err
	}
	if err := errors.Join(liteFresh(conn), conn.Close()); err != nil {
		return err
	}
	if err := os.Link(fresh, file); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	if info, err := os.Stat(file); err == nil && info.Size() == 0 {
		return os.Rename(fresh, file) // an empty file that somebody touched
	}
	return nil
}

// liteFresh sets what cannot be set later: 8 KiB pages hold an entry with its
// text, and each page carries a checksum, so that a bad disk is noticed and not
// believed.
func liteFresh(c *sqlite3.Conn) error {
	if err := c.Exec(`PRAGMA page_size = 8192`); err != nil {
		return err
	}
	if err := c.EnableChecksums("main"); err != nil {
		return err
	}
	return c.Exec(`PRAGMA journal_mode = WAL`)
}

// liteSafe holds what every connection sets. FULL: what was answered with
// success survives a power cut. trusted_schema and cell_size_check: a file
// that somebody prepared can do less harm.
const liteSafe = `
	PRAGMA foreign_keys = ON;
	PRAGMA trusted_schema = OFF;
	PRAGMA cell_size_check = ON;
	PRAGMA synchronous = FULL;
	PRAGMA temp_store = MEMORY;
`

// liteSteady keeps a prepared statement's plan whatever is bound to it. Without
// it a statement with LIMIT $1 is parsed and planned again each time it runs,
// 5 % of what a page of a place costs.
func liteSteady(c *sqlite3.Conn) error {
	_, err := c.Config(sqlite3.DBCONFIG_ENABLE_QPSG, true)
	return err
}

func liteWriter(c *sqlite3.Conn) error {
	if err := errors.Join(c.BusyTimeout(5*time.Second), liteSteady(c)); err != nil {
		return err
	}
	err := c.Exec(liteSafe + `
		PRAGMA journal_mode = WAL;
		PRAGMA journal_size_limit = 67108864;
		PRAGMA wal_autocheckpoint = 4000;
		PRAGMA cache_size = -65536;
	`)
	if err != nil {
		return err
	}
	return c.BusyHandler(liteBusy)
}

// liteBulk is a writer for an import. Each batch touches pages all over the
// indexes: with room for those of a million places (some 150 MB), and with
// 200 MB of log between two checkpoints, a page is read once and written into
// the file once for many batches.
func liteBulk(c *sqlite3.Conn) error {
	if err := liteWriter(c); err != nil {
		return err
	}
	return c.Exec(`
		PRAGMA wal_autocheckpoint = 25000;
		PRAGMA cache_size = -196608;
	`)
}

// liteMemory is what one connection may take, in bytes. The driver's own limit
// is 256 MiB, which the pages of an import (above) with the rest of what
// SQLite holds can pass; it then panics. Only what is used is taken.
const liteMemory = 512 << 20

func liteReader(c *sqlite3.Conn) error {
	if err := errors.Join(c.BusyTimeout(5*time.Second), liteSteady(c)); err != nil {
		return err
	}
	return c.Exec(liteSafe + `
		PRAGMA query_only = ON;
		PRAGMA cache_size = -8192;
	`)
}

// liteMigrator is a writer whose statements may touch every row of a table: what
// is needed to take one back goes into files, since a million places are more
// than a connection may hold.
func liteMigrator(c *sqlite3.Conn) error {
	return errors.Join(liteWriter(c), c.Exec(`PRAGMA temp_store = FILE`))
}

// liteBusy asks again every few milliseconds, for five seconds: SQLite's own
// handler soon sleeps 100 ms at a time and is starved by an import beside it.
func liteBusy(ctx context.Context, count int) bool {
	const pause = 3 * time.Millisecond
	if count > int(5*time.Second/pause) {
		return false
	}
	t := time.NewTimer(pause)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

func (l *lite) pool() *sql.DB { return l.m }

func (l *lite) close() (err error) {
	l.close_.Do(func() {
		for _, c := range []chan *liteConn{l.reader, l.writer} {
			for range cap(c) {
				if k := <-c; k != nil {
					if k.shared != nil {
						k.commit()
					}
					err = errors.Join(err, k.close())
				}
			}
		}
		l.index.close()
		err = errors.Join(err, l.r.Close(), l.w.Close(), l.m.Close())
		if l.gone != nil {
			l.gone()
		}
	})
	return err
}

// freshen has nothing to do: a file is not lost.
func (l *lite) freshen() {}

// check reads every page with its checksum, and every reference.
func (l *lite) check(ctx context.Context) (faults []string, err error) {
	err = l.read(ctx, true, func(s session) error {
		rows, err := s.query(ctx, `PRAGMA quick_check(20)`, nil)
		err = Each(rows, err, func(r *sql.Rows) error {
			var line string
			err := r.Scan(&line)
			if line != "ok" {
				faults = append(faults, "the database file is damaged: "+line)
			}
			return err
		})
		if err != nil {
			return err
		}
		rows, err = s.query(ctx, `SELECT "table", count(*) FROM pragma_foreign_key_check() GROUP BY 1 ORDER BY 1`, nil)
		return Each(rows, err, func(r *sql.Rows) error {
			var table string
			var n int
			err := r.Scan(&table, &n)
			faults = append(faults, fmt.Sprintf("%d rows of %s belong to something that is gone", n, table))
			return err
		})
	})
	if err != nil && ctx.Err() == nil { // it cannot even be read to its end
		return append(faults, "the database file is damaged: "+err.Error()), nil
	}
	return faults, err
}

// take waits for a connection of the pool, opening it when need be.
func take(ctx context.Context, free chan *liteConn, from *sql.DB) (*liteConn, error) {
	var c *liteConn
	select {
	case c = <-free:
	default:
		select {
		case c = <-free:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if c != nil {
		return c, nil
	}
	// The connection outlives the request that opens it.
	conn, err := from.Conn(sqlite3.WithMaxMemory(context.WithoutCancel(ctx), liteMemory))
	if err != nil {
		free <- nil
		return nil, err
	}
	return &liteConn{conn: conn, stmts: map[string]*sql.Stmt{}, inserts: map[string]map[shape]string{}}, nil
}

func (l *lite) read(ctx context.Context, snapshot bool, fn func(session) error) error {
	c, err := take(ctx, l.reader, l.r)
	if err != nil {
		return err
	}
	r := &liteReading{liteConn: c}
	return c.use(l.reader, func() error {
		if snapshot {
			if err := r.begin(ctx); err != nil {
				return err
			}
		}
		return r.end(fn(r))
	})
}

// liteReading is a use of a connection that only reads. A transaction begins with
// its second statement: most uses have but one, whose own is enough, and
// beginning and ending another costs about as much as the statement.
type liteReading struct {
	*liteConn
	statements int
	open       bool
}

func (r *liteReading) begin(ctx context.Context) error {
	_, err := r.exec(ctx, `BEGIN DEFERRED`, nil)
	r.open = err == nil
	return err
}

func (r *liteReading) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	if r.statements++; r.statements == 2 && !r.open {
		if err := r.begin(ctx); err != nil {
			return nil, err
		}
	}
	return r.liteConn.query(ctx, text, args)
}

// end ends the transaction, if there is one, after err.
func (r *liteReading) end(err error) error {
	if !r.open {
		return err
	}
	if _, bad := r.exec(context.Background(), `COMMIT`, nil); bad != nil {
		r.broken = true
		err = cmp.Or(err, bad)
	}
	return err
}

// use runs fn with the connection and gives it back; one that is broken is
// thrown away, and one during whose use something panicked.
func (c *liteConn) use(free chan *liteConn, fn func() error) error {
	whole := false
	defer func() {
		if !whole {
			c.discard()
			c.end(errApart)
			c = nil
		} else if c.broken {
			_ = c.close()
			c = nil
		}
		free <- c
	}()
	err := fn()
	whole = true
	return err
}

// discard closes the driver's own connection, which rolls back. database/sql
// does not unlock a connection when the driver panics within a statement, and
// the driver does so when memory is short: Close would wait for ever. Nothing
// may panic again here, on the way of the first panic.
func (c *liteConn) discard() {
	defer func() { _ = recover() }()
	// Raw's own error is that a panic within it closed the connection already.
	_ = c.raw(context.Background(), func(conn *sqlite3.Conn) error {
		for _, s := range slices.Collect(conn.Stmts()) {
			_ = s.Close()
		}
		return conn.Close()
	})
}

func (c *liteConn) close() (err error) {
	for _, s := range c.stmts {
		err = errors.Join(err, s.Close())
	}
	return errors.Join(err, c.conn.Close())
}

func (c *liteConn) prepared(ctx context.Context, text string) (*sql.Stmt, error) {
	if s := c.stmts[text]; s != nil {
		return s, nil
	}
	if len(c.stmts) >= liteStatements {
		for k, s := range c.stmts { // any will do: this is rare
			delete(c.stmts, k)
			_ = s.Close()
			break
		}
	}
	s, err := c.conn.PrepareContext(ctx, questionMarks(text))
	if err != nil {
		return nil, err
	}
	c.stmts[text] = s
	return s, nil
}

func (c *liteConn) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	s, err := c.prepared(ctx, text)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(polled{ctx}, args...)
}

func (c *liteConn) exec(ctx context.Context, text string, args []any) (sql.Result, error) {
	s, err := c.prepared(ctx, text)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(polled{ctx}, args...)
}

// polled hides from database/sql that a context can end: it would start a
// goroutine with every query, only to close the rows then. SQLite itself asks
// the context before each row, and now and then within one.
type polled struct{ context.Context }

// Done is never closed.
func (polled) Done() <-chan struct{} { return nil }

// fault sorts SQLite's errors by their result codes.
func (l *lite) fault(err error) fault {
	if errors.Is(err, errApart) {
		return conflict
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EFBIG) || errors.Is(err, syscall.EDQUOT) {
		return full
	}
	if errors.Is(err, syscall.EROFS) {
		return readOnly
	}
	// The driver's errors come in three types; all turn into this one.
	var code sqlite3.ExtendedErrorCode
	if !errors.As(err, &code) {
		return none
	}
	switch code {
	case sqlite3.CONSTRAINT_UNIQUE, sqlite3.CONSTRAINT_PRIMARYKEY, sqlite3.CONSTRAINT_ROWID:
		return unique
	case sqlite3.IOERR_DATA, sqlite3.IOERR_CORRUPTFS:
		return corrupt
	}
	switch code.Code() {
	case sqlite3.BUSY, sqlite3.LOCKED:
		return busy
	case sqlite3.INTERRUPT:
		return stopped
	case sqlite3.FULL:
		return full
	case sqlite3.READONLY, sqlite3.CANTOPEN, sqlite3.PERM:
		return readOnly
	case sqlite3.CONSTRAINT:
		return check
	case sqlite3.CORRUPT, sqlite3.NOTADB:
		return corrupt
	case sqlite3.IOERR:
		return readOnly
	}
	return none
}
