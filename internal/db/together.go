package db

import (
	"context"
	"errors"
	"time"
)

// together is a transaction of SQLite that several writers share: the way to
// the disk, which takes milliseconds, is gone once for all of them. Each runs
// after the other within a savepoint, so that what fails leaves the others as
// they are, and each has its answer when all of it is on the disk.
//
// No goroutine and no delay is needed for it. Who is done while others wait for
// the one connection that writes hands it on with the transaction open and gets
// in line for it again, as any writer does: when it comes back before somebody
// else has committed, he does. So a transaction ends at the latest when all who
// waited at its beginning have had their turn.
type together struct {
	writers int
	began   time.Time
	done    chan struct{} // closed when it has ended
	err     error         // why nothing of it is kept
}

// A transaction is not handed on when it has had so many writers or lasts so
// long: the first of them waits for the last.
const (
	togetherMost = 128
	togetherLong = 20 * time.Millisecond
)

// errApart is told to those whose transaction ended by another's fault: disk
// full, a statement interrupted, a panic. They begin anew.
var errApart = errors.New("the transaction was shared and has ended for another's sake")

func (l *lite) write(ctx context.Context, fn func(session) error) error {
	l.coming.Add(1)
	c, err := take(ctx, l.writer, l.w)
	l.coming.Add(-1)
	if err != nil {
		return err
	}
	var t *together
	err = c.use(l.writer, func() (err error) {
		if t, err = c.enter(ctx, fn); err == nil && (l.coming.Load() == 0 || t.writers >= togetherMost || time.Since(t.began) > togetherLong) {
			c.commit()
		}
		return err
	})
	if err != nil {
		return err
	}
	// Nobody gives up here: what is in the transaction will be kept or not,
	// whether it is waited for or not.
	for {
		select {
		case <-t.done:
			return t.err
		case c := <-l.writer:
			if c == nil || c.shared != t { // it has ended, and the next is under way
				l.writer <- c
				<-t.done
				return t.err
			}
			_ = c.use(l.writer, func() error { c.commit(); return nil })
		}
	}
}

// enter runs fn in the transaction that is open on the connection, or in a new
// one. When it fails, nothing of its own is left.
func (c *liteConn) enter(ctx context.Context, fn func(session) error) (*together, error) {
	first := c.shared == nil
	if first {
		if _, err := c.exec(ctx, `BEGIN IMMEDIATE`, nil); err != nil {
			return nil, err
		}
		c.shared = &together{began: time.Now(), done: make(chan struct{})}
	} else if _, err := c.exec(ctx, `SAVEPOINT writer`, nil); err != nil {
		return nil, err
	}
	t := c.shared
	err := fn(c)
	if err == nil && !first {
		_, err = c.exec(context.WithoutCancel(ctx), `RELEASE writer`, nil)
	}
	if err != nil {
		c.takeBack(first)
		return nil, err
	}
	t.writers++
	return t, nil
}

// takeBack undoes what one writer did.
func (c *liteConn) takeBack(alone bool) {
	undo := []string{`ROLLBACK TO writer`, `RELEASE writer`}
	if alone {
		undo = []string{`ROLLBACK`}
	}
	for _, text := range undo {
		if _, err := c.exec(context.Background(), text, nil); err != nil {
			// SQLite rolls all of it back by itself on some errors (disk full), so
			// a failure is no news; a fresh connection is certainly clean.
			c.broken = true
			c.end(errApart)
			return
		}
	}
	if alone {
		c.end(errApart)
	}
}

// commit ends the transaction. It is not interrupted: its outcome would be in
// doubt.
func (c *liteConn) commit() {
	_, err := c.exec(context.Background(), `COMMIT`, nil)
	if err != nil {
		err = &commitDoubt{err}
		if _, bad := c.exec(context.Background(), `ROLLBACK`, nil); bad != nil {
			c.broken = true
		}
	}
	c.end(err)
}

// end tells all who share the transaction how it ended.
func (c *liteConn) end(err error) {
	if t := c.shared; t != nil {
		c.shared, t.err = nil, err
		close(t.done)
	}
}
