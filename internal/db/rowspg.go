package db

import (
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"sync"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"mirabilia/internal/errs"
)

// raw runs fn on the driver's own connection, within our transaction.
func (t *pgTx) raw(fn func(*pgconn.PgConn) error) error {
	return t.conn.Raw(func(dc any) error { return fn(dc.(*stdlib.Conn).Conn().PgConn()) })
}

func (p *pgPool) each(context.Context, Table, func([]Value) error) error { return sql.ErrTxDone }

func (p *pgPool) load(context.Context, Table, func([]Value) (bool, error)) (int64, error) {
	return 0, sql.ErrTxDone
}

// each reads in the binary form, in which a text is its bytes and a number
// needs no parsing.
func (t *pgTx) each(ctx context.Context, table Table, fn func([]Value) error) error {
	// By its index a table of any size is read in order as a stream; a sort
	// would write all of it to the server's disk first.
	if _, err := t.exec(ctx, `SET LOCAL enable_sort = off`, nil); err != nil {
		return err
	}
	// Given up in the middle, the connection ends rather than read millions of
	// rows that nobody wants.
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	return t.raw(func(conn *pgconn.PgConn) error {
		r := conn.ExecParams(ctx, table.selectText(), nil, nil, nil, []int16{1})
		fail := func(err error) error {
			stop()
			_, _ = r.Close()
			return err
		}
		row := make([]Value, len(table.Columns))
		for r.NextRow() {
			if err := binaryRow(table, r.Values(), row); err != nil {
				return fail(err)
			}
			if err := fn(row); err != nil {
				return fail(err)
			}
		}
		_, err := r.Close()
		return err
	})
}

func binaryRow(table Table, cells [][]byte, row []Value) error {
	for i, c := range table.Columns {
		v, cell := &row[i], cells[i]
		v.Null = cell == nil
		switch {
		case v.Null:
		case c.boolean && len(cell) == 1:
			v.Int = int64(cell[0])
		case c.Kind == Integer && len(cell) == 8:
			v.Int = int64(binary.BigEndian.Uint64(cell))
		case c.Kind == Real && len(cell) == 8:
			v.Real = math.Float64frombits(binary.BigEndian.Uint64(cell))
		case c.Kind == Text || c.Kind == Blob:
			v.Bytes = cell
		default:
			return errs.New(errs.Internal, "column %s of table %s came in %d bytes", c.Name, table.Name, len(cell))
		}
	}
	return nil
}

// load streams rows by COPY in its binary form, as pages that need no second
// visit (FREEZE): Fill has emptied the table in this transaction.
func (t *pgTx) load(ctx context.Context, table Table, next func([]Value) (bool, error)) (n int64, err error) {
	err = t.raw(func(conn *pgconn.PgConn) error {
		in := &copyIn{table: table, next: next, row: make([]Value, len(table.Columns))}
		in.out = append(in.out, "PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00"...)
		tag, err := conn.CopyFrom(ctx, in, fmt.Sprintf(`COPY %s (%s) FROM STDIN WITH (FORMAT binary, FREEZE)`, quoted(table.Name), table.columnList()))
		n = tag.RowsAffected()
		if ours := in.stop(); ours != nil { // says more than the server's "aborted"
			return ours
		}
		return err
	})
	return n, err
}

// copyIn is the stream that COPY reads.
// https://www.postgresql.org/docs/15/sql-copy.html, "Binary Format"
type copyIn struct {
	// The driver reads in a goroutine of its own, and when the context ends it
	// does not wait for it: what next uses is ours again only after stop.
	mu      sync.Mutex
	stopped bool

	table Table
	next  func([]Value) (bool, error)
	row   []Value
	out   []byte // made, not read yet
	at    int
	done  bool
	err   error
}

// copyAhead is how much is made at once, in bytes.
const copyAhead = 64 << 10

// stop ends the reading, waiting for a Read that has begun, and gives the
// error of next.
func (c *copyIn) stop() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopped = true
	return c.err
}

func (c *copyIn) Read(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped {
		return 0, io.ErrClosedPipe
	}
	if c.at == len(c.out) {
		c.out, c.at = c.out[:0], 0
	}
	for !c.done && len(c.out) < copyAhead {
		more, err := c.next(c.row)
		if err != nil {
			c.err = err
			return 0, err
		}
		if !more {
			c.done = true
			c.out = append(c.out, 0xff, 0xff)
			break
		}
		c.put()
	}
	if c.at == len(c.out) {
		return 0, io.EOF
	}
	n := copy(p, c.out[c.at:])
	c.at += n
	return n, nil
}

func (c *copyIn) put() {
	b := binary.BigEndian.AppendUint16(c.out, uint16(len(c.row)))
	for i, col := range c.table.Columns {
		v := &c.row[i]
		switch {
		case v.Null:
			b = append(b, 0xff, 0xff, 0xff, 0xff)
		case col.boolean:
			b = append(b, 0, 0, 0, 1, byte(v.Int&1))
		case col.Kind == Integer:
			b = binary.BigEndian.AppendUint64(append(b, 0, 0, 0, 8), uint64(v.Int))
		case col.Kind == Real:
			b = binary.BigEndian.AppendUint64(append(b, 0, 0, 0, 8), math.Float64bits(v.Real))
		default:
			b = append(binary.BigEndian.AppendUint32(b, uint32(len(v.Bytes))), v.Bytes...)
		}
	}
	c.out = b
}
