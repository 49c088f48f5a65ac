package db

import (
	"context"
	"database/sql"
	"fmt"
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
	for done := 0; done < n; {
		rows := min(liteRows, n-done)
		if rows < liteRows {
			rows = 1 // the rest one by one: two statements in all
		}
		args := make([]any, rows*k)
		for i := range rows {
			row(done+i, args[i*k:(i+1)*k])
		}
		if _, err := c.exec(ctx, c.insertText(key, table, columns, rows), args); err != nil {
			return err
		}
		done += rows
	}
	return nil
}

// insertText keeps the texts of the statements of liteRows rows: making one
// takes a tenth of the time that running it does.
func (c *liteConn) insertText(key, table string, columns []string, rows int) string {
	if rows != liteRows {
		return insertText(table, columns, rows)
	}
	text, ok := c.inserts[key]
	if !ok {
		text = insertText(table, columns, rows)
		c.inserts[key] = text
	}
	return text
}

func insertText(table string, columns []string, rows int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "INSERT INTO %s (%s) VALUES ", table, strings.Join(columns, ","))
	for i := range rows {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "(%s)", In(len(columns), i*len(columns)+1))
	}
	return b.String()
}

func (p *pgTx) insert(ctx context.Context, table string, columns []string, n int, row func(int, []any)) error {
	if n < 8 { // a COPY costs more round trips than it saves
		args := make([]any, n*len(columns))
		for i := range n {
			row(i, args[i*len(columns):(i+1)*len(columns)])
		}
		_, err := p.exec(ctx, insertText(table, columns, n), args)
		return err
	}
	return p.conn.Raw(func(c any) error {
		into := make([]any, len(columns))
		_, err := c.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{table}, columns,
			pgx.CopyFromSlice(n, func(i int) ([]any, error) {
				row(i, into)
				return into, nil
			}))
		return err
	})
}

func (p *pgPool) insert(context.Context, string, []string, int, func(int, []any)) error {
	return sql.ErrTxDone
}
