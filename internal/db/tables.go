package db

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"mirabilia/internal/errs"
)

// Kind is what a column holds, the same on both engines: a BOOLEAN is an
// Integer of 0 or 1.
type Kind byte

// The kinds of columns.
const (
	Integer Kind = 'i'
	Real    Kind = 'r'
	Text    Kind = 't'
	Blob    Kind = 'b'
)

// Column is one column of a Table.
type Column struct {
	Name    string
	Kind    Kind
	boolean bool // PostgreSQL's type, which takes one byte
}

// Table is one table of the atlas as the database itself describes it.
type Table struct {
	Name    string
	Columns []Column
	Key     []string // the columns of the primary key, in its order
	refers  []string // tables it refers to, without itself
}

// Filling is the table that is there while an atlas is being filled whole, by
// a restore or a copy. It belongs to no schema: also one that has none yet can
// be marked. See package keep.
const Filling = "filling"

// Tables lists the tables of the atlas, each after those it refers to, from
// the database's own catalogue: what a migration adds is in it. What belongs
// to the migrations and the mark of filling are left out.
func (t *Tx) Tables() ([]Table, error) {
	list, err := t.s.tables(t.ctx)
	if err != nil {
		return nil, err
	}
	for _, table := range list {
		if len(table.Key) == 0 {
			return nil, errs.New(errs.Internal, "table %s has no primary key, so its rows have no order to be kept in", table.Name)
		}
	}
	return byReference(list)
}

// byReference puts tables after those they refer to, and by name else.
func byReference(list []Table) ([]Table, error) {
	slices.SortFunc(list, func(a, b Table) int { return strings.Compare(a.Name, b.Name) })
	var out []Table
	done := map[string]bool{}
	for len(out) < len(list) {
		before := len(out)
		for _, table := range list {
			ready := !done[table.Name]
			for _, other := range table.refers {
				ready = ready && done[other]
			}
			if ready {
				done[table.Name] = true
				out = append(out, table)
			}
		}
		if len(out) == before {
			return nil, errs.New(errs.Internal, "tables refer to each other in a circle, so none can be filled first")
		}
	}
	return out, nil
}

// described gathers the rows of a catalogue into tables: a row has the table's
// name, the column's name and type, its place in the primary key or 0.
func described(rows *sql.Rows, err error) ([]Table, error) {
	var list []Table
	keys := map[string]map[int]string{}
	err = Each(rows, err, func(r *sql.Rows) error {
		var table, column, kind string
		var key int
		if err := r.Scan(&table, &column, &kind, &key); err != nil {
			return err
		}
		if len(list) == 0 || list[len(list)-1].Name != table {
			list = append(list, Table{Name: table})
			keys[table] = map[int]string{}
		}
		c, err := columnOf(table, column, kind)
		if err != nil {
			return err
		}
		last := &list[len(list)-1]
		last.Columns = append(last.Columns, c)
		if key > 0 {
			keys[table][key] = column
		}
		return nil
	})
	for i := range list {
		k := keys[list[i].Name]
		for n := 1; n <= len(k); n++ {
			list[i].Key = append(list[i].Key, k[n])
		}
	}
	return list, err
}

func columnOf(table, name, kind string) (Column, error) {
	c := Column{Name: name}
	switch strings.ToLower(kind) {
	case "integer", "bigint":
		c.Kind = Integer
	case "boolean":
		c.Kind, c.boolean = Integer, true
	case "real", "double precision":
		c.Kind = Real
	case "text":
		c.Kind = Text
	case "blob", "bytea":
		c.Kind = Blob
	default:
		return c, errs.New(errs.Internal, "column %s of table %s is a %s, which only one of the engines has", name, table, kind)
	}
	return c, nil
}

// refer adds the references of a catalogue: a row has a table and another that
// it refers to.
func refer(list []Table, rows *sql.Rows, err error) error {
	return Each(rows, err, func(r *sql.Rows) error {
		var from, to string
		if err := r.Scan(&from, &to); err != nil {
			return err
		}
		for i := range list {
			if list[i].Name == from && from != to {
				list[i].refers = append(list[i].refers, to)
			}
		}
		return nil
	})
}

func (c *liteConn) tables(ctx context.Context) ([]Table, error) {
	rows, err := c.query(ctx, `
		SELECT t.name, c.name, c.type, c.pk FROM sqlite_schema t, pragma_table_info(t.name) c
		WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!' AND t.name NOT LIKE 'goose!_%' ESCAPE '!' AND t.name <> '`+Filling+`'
		ORDER BY t.name, c.cid`, nil)
	list, err := described(rows, err)
	if err != nil {
		return nil, err
	}
	rows, err = c.query(ctx, `
		SELECT DISTINCT t.name, f."table" FROM sqlite_schema t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'`, nil)
	return list, refer(list, rows, err)
}

func (p *pgPool) tables(ctx context.Context) ([]Table, error) { return pgTables(ctx, p) }
func (t *pgTx) tables(ctx context.Context) ([]Table, error)   { return pgTables(ctx, t) }

func pgTables(ctx context.Context, s session) ([]Table, error) {
	rows, err := s.query(ctx, `
		SELECT t.relname::text, a.attname::text, format_type(a.atttypid, NULL),
			coalesce((SELECT array_position(i.indkey::int2[], a.attnum) + 1 FROM pg_index i WHERE i.indrelid = t.oid AND i.indisprimary), 0)
		FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace JOIN pg_attribute a ON a.attrelid = t.oid
		WHERE n.nspname = current_schema() AND t.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
			AND t.relname NOT LIKE 'goose\_%' AND t.relname <> '`+Filling+`'
		ORDER BY t.relname, a.attnum`, nil)
	list, err := described(rows, err)
	if err != nil {
		return nil, err
	}
	rows, err = s.query(ctx, `
		SELECT DISTINCT t.relname::text, o.relname::text FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
			JOIN pg_class o ON o.oid = c.confrelid JOIN pg_namespace n ON n.oid = t.relnamespace
		WHERE c.contype = 'f' AND n.nspname = current_schema()`, nil)
	return list, refer(list, rows, err)
}

// quoted is a name from the catalogue as a statement takes it.
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func quotedList(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = quoted(n)
	}
	return strings.Join(out, ", ")
}

func (t Table) columnList() string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return quotedList(names)
}

// selectText reads a whole table in the order of its primary key, which is the
// same on both engines: numbers by value, texts by byte.
func (t Table) selectText() string {
	return fmt.Sprintf(`SELECT %s FROM %s ORDER BY %s`, t.columnList(), quoted(t.Name), quotedList(t.Key))
}
