package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"mirabilia/internal/errs"
)

// pgPool is PostgreSQL. pgx keeps each connection's prepared statements, and
// prepares again what a change of the schema made stale; database/sql opens
// new connections for those that were lost.
type pgPool struct {
	db   *sql.DB
	conf *pgx.ConnConfig
	size int
	left *atomic.Int32 // connections that a panic left behind
}

// pgTx is one transaction, with the connection that COPY needs.
type pgTx struct {
	pgPool
	tx   *sql.Tx
	conn *sql.Conn
	// within is set while a statement runs: a panic then comes from the driver.
	within bool
}

// pgSettings are set for every connection, whatever the server's defaults are:
// an acknowledged commit is on disk, and nothing waits for ever.
var pgSettings = map[string]string{
	"application_name":                    "mirabilia",
	"synchronous_commit":                  "on",
	"lock_timeout":                        "10s",
	"idle_in_transaction_session_timeout": "60s",
	"statement_timeout":                   "5min",
	"TimeZone":                            "UTC",
}

func openPostgres(ctx context.Context, c Config) (store, string, error) {
	p, name, err := poolPostgres(c)
	if err != nil {
		return nil, "", errs.Wrap(err, errs.Invalid, "MIRABILIA_DATABASE, or what the command names in its place")
	}
	if err := p.db.PingContext(ctx); err != nil {
		return nil, "", errs.Wrap(errors.Join(err, p.db.Close()), errs.Unavailable,
			"%s does not let us in (%s); check that it runs and that MIRABILIA_DATABASE is right", name, pgReason(err))
	}
	return p, name, nil
}

// poolPostgres makes a pool that has no connection yet.
func poolPostgres(c Config) (*pgPool, string, error) {
	conf, err := pgx.ParseConfig(c.URL)
	if err != nil {
		// The cause may hold the password, so it is left out.
		return nil, "", errs.New(errs.Invalid, "the database address is malformed; it looks like postgres://user:password@host:5432/name")
	}
	for k, v := range pgSettings {
		if _, set := conf.RuntimeParams[k]; !set {
			conf.RuntimeParams[k] = v
		}
	}
	if conf.ConnectTimeout == 0 {
		conf.ConnectTimeout = 5 * time.Second
	}
	conf.StatementCacheCapacity = 512
	name := fmt.Sprintf("PostgreSQL database %s on %s", conf.Database, net.JoinHostPort(conf.Host, fmt.Sprint(conf.Port)))
	db := stdlib.OpenDB(*conf)
	n := c.Connections
	if n <= 0 {
		n = max(16, 4*runtime.GOMAXPROCS(0))
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	db.SetConnMaxLifetime(30 * time.Minute)
	db.SetConnMaxIdleTime(5 * time.Minute)
	return &pgPool{db, conf, n, new(atomic.Int32)}, name, nil
}

// pgReason is the server's own short word, which never holds a password.
func pgReason(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Message
	}
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err.Error()
	}
	return "no connection"
}

func (p *pgPool) pool() *sql.DB { return p.db }
func (p *pgPool) close() error  { return p.db.Close() }

func (p *pgPool) freshen() {
	p.db.SetMaxIdleConns(0) // closes those that are idle
	p.db.SetMaxIdleConns(p.size)
}

// check asks for the two settings without which a power cut can destroy data.
// The pages themselves are the server's to check.
func (p *pgPool) check(ctx context.Context) (faults []string, err error) {
	for _, name := range []string{"fsync", "full_page_writes"} {
		var value string
		if err := p.db.QueryRowContext(ctx, "SHOW "+name).Scan(&value); err != nil {
			return nil, err
		}
		if value != "on" {
			faults = append(faults, "PostgreSQL runs with "+name+" = "+value+": a power cut can destroy the atlas; set it to on")
		}
	}
	return faults, nil
}

func (p *pgPool) query(ctx context.Context, text string, args []any) (rows *sql.Rows, err error) {
	within := true
	defer func() {
		if within {
			p.leave()
		}
	}()
	rows, err = p.db.QueryContext(ctx, text, args...)
	within = false
	return rows, err
}

func (p *pgPool) exec(ctx context.Context, text string, args []any) (sql.Result, error) {
	return p.db.ExecContext(ctx, text, args...)
}

// leave makes room for another connection beside one that a panic of the
// driver left behind: database/sql counts it as open for ever.
func (p *pgPool) leave() { p.db.SetMaxOpenConns(p.size + int(p.left.Add(1))) }

func (t *pgTx) query(ctx context.Context, text string, args []any) (rows *sql.Rows, err error) {
	t.within = true
	rows, err = t.tx.QueryContext(ctx, text, args...)
	t.within = false
	return rows, err
}

func (t *pgTx) exec(ctx context.Context, text string, args []any) (res sql.Result, err error) {
	t.within = true
	res, err = t.tx.ExecContext(ctx, text, args...)
	t.within = false
	return res, err
}

func (p *pgPool) read(ctx context.Context, snapshot bool, fn func(session) error) error {
	if !snapshot { // no BEGIN and COMMIT: two round trips saved
		return fn(p)
	}
	return p.transact(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}, func(s session) error {
		// An export may take as long as whoever reads it.
		if _, err := s.exec(ctx, `SET LOCAL statement_timeout = 0`, nil); err != nil {
			return err
		}
		return fn(s)
	})
}

func (p *pgPool) write(ctx context.Context, fn func(session) error) error {
	return p.transact(ctx, nil, fn)
}

func (p *pgPool) transact(ctx context.Context, o *sql.TxOptions, fn func(session) error) error {
	conn, err := p.db.Conn(ctx)
	if err != nil {
		return err
	}
	t := &pgTx{pgPool: *p, conn: conn}
	defer t.end()
	if t.tx, err = conn.BeginTx(ctx, o); err != nil {
		return err
	}
	if err := fn(t); err != nil {
		return err
	}
	if err := t.tx.Commit(); err != nil {
		return &commitDoubt{err}
	}
	return nil
}

// end rolls back what was not committed and gives the connection back. After a
// panic within a statement database/sql holds locks that Rollback and Close
// would wait for: the driver's own connection is closed instead, and the
// server rolls back.
func (t *pgTx) end() {
	if !t.within {
		if t.tx != nil {
			_ = t.tx.Rollback() // after a commit this does nothing
		}
		_ = t.conn.Close()
		return
	}
	defer t.leave()
	defer func() { _ = recover() }() // nothing more on the way of the first panic
	_ = t.conn.Raw(func(dc any) error {
		soon, stop := context.WithTimeout(context.Background(), time.Second)
		defer stop()
		return dc.(*stdlib.Conn).Conn().PgConn().Close(soon)
	})
}

// fault sorts PostgreSQL's errors by their SQLSTATE.
func (p *pgPool) fault(err error) fault {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		var netErr net.Error
		if errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.As(err, &netErr) ||
			errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || pgconn.SafeToRetry(err) ||
			strings.Contains(err.Error(), "conn closed") {
			return lost
		}
		var connect *pgconn.ConnectError
		if errors.As(err, &connect) {
			return lost
		}
		return none
	}
	switch e.Code {
	case "40001", "40P01":
		return conflict
	case "57014": // cancelled, by us or by statement_timeout
		return stopped
	case "55P03": // lock_timeout
		return busy
	case "53100", "53200":
		return full
	case "25006":
		return readOnly
	case "23505":
		return unique
	case "XX001", "XX002":
		return corrupt
	case "57P01", "57P02", "57P03", "57P05", "53300": // shut down, starting up, idle too long, too many
		return lost
	}
	switch {
	case strings.HasPrefix(e.Code, "08"):
		return lost
	case strings.HasPrefix(e.Code, "23"):
		return check
	}
	return none
}
