package db

import (
	"context"
	"fmt"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"
)

// Value is one value of a row: Int of Integer columns, Real of Real ones,
// Bytes of Text and Blob ones.
type Value struct {
	Null  bool
	Int   int64
	Real  float64
	Bytes []byte
}

// EachRow gives every row of a table in the order of its primary key, read the
// shortest way the engine has: an atlas has millions of them. The values are
// used again for the next row.
func (t *Tx) EachRow(table Table, fn func(row []Value) error) error {
	return t.s.each(t.ctx, table, fn)
}

// Load writes rows into a table the shortest way the engine has, and gives
// their number. next fills a row and gives false after the last one; what it
// fills in is used before it is called again. Only within Fill.
func (t *Tx) Load(table Table, next func(row []Value) (bool, error)) (int64, error) {
	n, err := t.s.load(t.ctx, table, next)
	return n, t.db.tell(err)
}

// raw runs fn on the driver's own connection, with our context.
func (c *liteConn) raw(ctx context.Context, fn func(*sqlite3.Conn) error) error {
	return c.conn.Raw(func(dc any) error {
		conn := dc.(driver.Conn).Raw()
		old := conn.SetInterrupt(ctx)
		defer conn.SetInterrupt(old)
		return fn(conn)
	})
}

func (c *liteConn) each(ctx context.Context, table Table, fn func([]Value) error) error {
	return c.raw(ctx, func(conn *sqlite3.Conn) error {
		s, _, err := conn.Prepare(table.selectText())
		if err != nil {
			return err
		}
		defer s.Close()
		cells := make([]any, len(table.Columns))
		row := make([]Value, len(cells))
		for s.Step() {
			if err := s.ColumnsRaw(cells...); err != nil {
				return err
			}
			for i, cell := range cells {
				v := &row[i]
				v.Null = false
				switch x := cell.(type) {
				case nil:
					v.Null = true
				case int64:
					v.Int = x
				case float64:
					v.Real = x
				case []byte:
					v.Bytes = x
				}
			}
			if err := fn(row); err != nil {
				return err
			}
		}
		return s.Err()
	})
}

func (c *liteConn) load(ctx context.Context, table Table, next func([]Value) (bool, error)) (n int64, err error) {
	err = c.raw(ctx, func(conn *sqlite3.Conn) error {
		s, _, err := conn.Prepare(fmt.Sprintf(`INSERT INTO %s (%s) VALUES (%s)`, quoted(table.Name), table.columnList(),
			questionMarks(In(len(table.Columns), 1))))
		if err != nil {
			return err
		}
		defer s.Close()
		row := make([]Value, len(table.Columns))
		for {
			more, err := next(row)
			if err != nil || !more {
				return err
			}
			if err := bind(s, table, row); err != nil {
				return err
			}
			if err := s.Exec(); err != nil {
				return err
			}
			n++
		}
	})
	return n, err
}

func bind(s *sqlite3.Stmt, table Table, row []Value) (err error) {
	for i, c := range table.Columns {
		v := &row[i]
		switch {
		case v.Null:
			err = s.BindNull(i + 1)
		case c.Kind == Integer:
			err = s.BindInt64(i+1, v.Int)
		case c.Kind == Real:
			err = s.BindFloat(i+1, v.Real)
		case c.Kind == Text:
			err = s.BindRawText(i+1, v.Bytes)
		default:
			err = s.BindBlob(i+1, v.Bytes)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
