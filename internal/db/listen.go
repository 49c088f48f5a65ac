package db

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// Listener waits for commits. It is used by one goroutine.
type Listener struct {
	db        *DB
	channel   string
	committed <-chan struct{}
	conn      *pgx.Conn
}

// Listen makes a Listener of a channel of PostgreSQL's NOTIFY. On SQLite it
// hears the commits of this process only.
func (d *DB) Listen(channel string) *Listener {
	return &Listener{db: d, channel: channel, committed: d.Committed()}
}

// Arm is called before the tables are looked at: what commits after it ends
// the next Wait.
func (l *Listener) Arm(ctx context.Context) {
	l.committed = l.db.Committed()
	p, ok := l.db.store.(*pgPool)
	if !ok || l.conn != nil {
		return
	}
	conn, err := pgx.ConnectConfig(ctx, p.conf.Copy())
	if err != nil {
		return // polled meanwhile; the next Arm tries again
	}
	if _, err := conn.Exec(ctx, "LISTEN "+pgx.Identifier{l.channel}.Sanitize()); err != nil {
		_ = conn.Close(ctx)
		return
	}
	l.conn = conn
}

// Wait returns after a commit, or after poll, whichever is first; the error is
// that of ctx.
func (l *Listener) Wait(ctx context.Context, poll time.Duration) error {
	if l.conn == nil {
		t := time.NewTimer(poll)
		defer t.Stop()
		select {
		case <-l.committed:
		case <-t.C:
		case <-ctx.Done():
		}
		return ctx.Err()
	}
	short, cancel := context.WithTimeout(ctx, poll)
	defer cancel()
	_, err := l.conn.WaitForNotification(short)
	if err != nil && !errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil || l.conn.IsClosed() {
		l.Close()
		// Without a connection to wait on, the poll must still be one.
		<-short.Done()
	}
	return ctx.Err()
}

// Close ends the listening connection.
func (l *Listener) Close() {
	if l.conn != nil {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = l.conn.Close(ctx)
		l.conn = nil
	}
}
