package db

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// liteRows is how many rows one INSERT carries on SQLite: more gains nothing
// measurable, and a statement may have 32,766 values.
const liteRows = 32

func (c *liteConn) insert(ctx context.Context, table string, columns []string, n int, row func(int, []any)) error {
	k := len(columns)
	key := table + " " + strings.Join(columns, ",")
	args := make([]any, min(n, liteRows)*k)
	for done := 0; done < n; {
		rows := min(liteRows, n-done)
		for rows&(rows-1) != 0 {
			rows &= rows - 1 // the rest by powers of two: six statements in all
		}
		args := args[:rows*k]
		for i := range rows {
			row(done+i, args[i*k:(i+1)*k])
		}
		text, args := c.insertText(key, table, columns, rows, args)
		if _, err := c.exec(ctx, text, args); err != nil {
			return err
		}
		done += rows
	}
	return nil
}

// liteShapes is how many texts are kept for one table and its columns.
const liteShapes = 24

// shape is what the text of an insert into some columns depends on.
type shape struct {
	rows        int
	blank, null uint64 // columns, a bit each, that are empty or NULL in all rows
}

// insertText keeps the texts of the statements: making one takes a tenth of the
// time that running it does. Columns that are empty in all of liteRows rows are
// written into the text, since to bind the half of a place that is empty costs a
// tenth of its insert.
func (c *liteConn) insertText(key, table string, columns []string, rows int, args []any) (string, []any) {
	is := shape{rows: rows}
	if rows == liteRows && len(columns) <= 64 {
		is.blank, is.null = blanks(len(columns), args)
	}
	shapes := c.inserts[key]
	if shapes == nil {
		shapes = map[shape]string{}
		c.inserts[key] = shapes
	}
	text, ok := shapes[is]
	if !ok && len(shapes) >= liteShapes { // too different: bind everything
		is.blank, is.null = 0, 0
		text, ok = shapes[is]
	}
	if !ok {
		text = insertText(table, columns, is)
		shapes[is] = text
	}
	empty := is.blank | is.null
	if empty == 0 {
		return text, args
	}
	kept := args[:0]
	for i, v := range args {
		if empty>>(i%len(columns))&1 == 0 {
			kept = append(kept, v)
		}
	}
	return text, kept
}

// blanks is the columns, a bit each, that are "" in all rows, and those that
// are NULL in all.
func blanks(columns int, args []any) (blank, null uint64) {
	blank = 1<<columns - 1
	null = blank
	for i, v := range args {
		bit := uint64(1) << (i % columns)
		if v != "" {
			blank &^= bit
		}
		if v != nil {
			null &^= bit
		}
	}
	return blank, null
}

// insertText is an INSERT of a shape. Columns of blank stand as ” in it,
// those of null as NULL, the others take arguments.
func insertText(table string, columns []string, is shape) string {
	var b strings.Builder
	fmt.Fprintf(&b, "INSERT INTO %s (%s) VALUES ", table, strings.Join(columns, ","))
	arg := 0
	for i := range is.rows {
		for k := range columns {
			switch {
			case k > 0:
				b.WriteByte(',')
			case i > 0:
				b.WriteString(",(")
			default:
				b.WriteByte('(')
			}
			switch {
			case is.blank>>k&1 != 0:
				b.WriteString("''")
			case is.null>>k&1 != 0:
				b.WriteString("NULL")
			default:
				arg++
				b.WriteByte('$')
				b.WriteString(strconv.Itoa(arg))
			}
		}
		b.WriteByte(')')
	}
	return b.String()
}

func (p *pgTx) insert(ctx context.Context, table string, columns []string, n int, row func(int, []any)) error {
	if n < 8 { // a COPY costs more round trips than it saves
		args := make([]any, n*len(columns))
		for i := range n {
			row(i, args[i*len(columns):(i+1)*len(columns)])
		}
		_, err := p.exec(ctx, insertText(table, columns, shape{rows: n}), args)
		return err
	}
	var panicked any
	err := p.conn.Raw(func(c any) error {
		into := make([]any, len(columns))
		_, err := c.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{table}, columns,
			pgx.CopyFromSlice(n, func(i int) (_ []any, err error) {
				defer func() {
					if panicked = recover(); panicked != nil {
						err = fmt.Errorf("row %d: %v", i, panicked)
					}
				}()
				row(i, into)
				return into, nil
			}))
		return err
	})
	if panicked != nil { // pgx asks for rows on a goroutine of its own, where a panic ends the program
		panic(panicked)
	}
	return err
}

func (p *pgPool) insert(context.Context, string, []string, int, func(int, []any)) error {
	return sql.ErrTxDone
}
