package db

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"mirabilia/internal/errs"
)

// Fill runs fn in one transaction that is never tried again, for a source that
// can be read once only, and that may take as long as it needs. The tables are
// empty when fn begins, and have no indexes but those of their keys, which the
// end of Fill makes at once: sorted, they cost a fraction of what they cost row
// by row. All or nothing of it is there afterwards, indexes too.
func (d *DB) Fill(ctx context.Context, fn func(*Tx, []Table) error) error {
	err := d.store.write(ctx, func(s session) error {
		t := &Tx{ctx: ctx, db: d, s: s, writes: true}
		for _, text := range fillSettings[d.engine] {
			if _, err := t.Exec(text); err != nil {
				return err
			}
		}
		list, err := t.Tables()
		if err != nil {
			return err
		}
		indexes, err := t.empty(list)
		if err != nil {
			return err
		}
		if err := fn(t, list); err != nil {
			return err
		}
		for _, text := range indexes {
			if _, err := t.Exec(text); err != nil {
				return err
			}
		}
		return t.settle(list)
	})
	if err == nil {
		d.wake()
	}
	return d.tell(err)
}

// fillSettings hold for the transaction of Fill. On SQLite sorting for an index
// goes through files, so that memory has a bound; the setting is of the
// connection and does no harm afterwards.
var fillSettings = map[string][]string{
	SQLite:   {`PRAGMA temp_store = FILE`, `PRAGMA defer_foreign_keys = ON`},
	Postgres: {`SET LOCAL statement_timeout = 0`, `SET LOCAL idle_in_transaction_session_timeout = 0`, `SET LOCAL maintenance_work_mem = '256MB'`},
}

// empty takes rows and indexes out and gives the statements that make the
// indexes again.
func (t *Tx) empty(list []Table) (indexes []string, err error) {
	names := make([]string, len(list))
	for i, table := range list {
		names[i] = table.Name
	}
	if t.db.engine == Postgres {
		if len(names) > 0 {
			if _, err := t.Exec(`TRUNCATE ` + quotedList(names)); err != nil {
				return nil, err
			}
		}
	} else {
		for _, name := range slices.Backward(names) {
			if _, err := t.Exec(`DELETE FROM ` + quoted(name)); err != nil {
				return nil, err
			}
		}
	}
	text := `SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND tbl_name NOT LIKE 'goose!_%' ESCAPE '!' ORDER BY name`
	if t.db.engine == Postgres {
		text = `SELECT i.relname::text, pg_get_indexdef(i.oid) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
			JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
			WHERE n.nspname = current_schema() AND t.relname NOT LIKE 'goose\_%' AND NOT x.indisprimary
				AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.oid) ORDER BY 1`
	}
	rows, err := t.Query(text)
	var drop []string
	err = Each(rows, err, func(r *sql.Rows) error {
		var name, text string
		err := r.Scan(&name, &text)
		drop, indexes = append(drop, name), append(indexes, text)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, name := range drop {
		if _, err := t.Exec(`DROP INDEX ` + quoted(name)); err != nil {
			return nil, err
		}
	}
	return indexes, nil
}

// settle tells PostgreSQL what a migration or an insert would have: how large
// the tables are, and where the counters of columns that count by themselves
// stand.
func (t *Tx) settle(list []Table) error {
	if t.db.engine != Postgres {
		return nil
	}
	for _, table := range list {
		for _, c := range table.Columns {
			var name sql.NullString
			if c.Kind != Integer {
				continue
			}
			if err := t.QueryRow(`SELECT pg_get_serial_sequence($1, $2)`, quoted(table.Name), c.Name).Scan(&name); err != nil {
				return err
			}
			if !name.Valid {
				continue
			}
			if _, err := t.Exec(`SELECT setval('` + strings.ReplaceAll(name.String, `'`, `''`) + `', coalesce(max(` + quoted(c.Name) + `), 0) + 1, false) FROM ` + quoted(table.Name)); err != nil {
				return err
			}
		}
		if _, err := t.Exec(`ANALYZE ` + quoted(table.Name)); err != nil {
			return err
		}
	}
	return nil
}

// DropTables takes every table of the atlas away, that of the migrations too,
// and leaves the mark of filling: for what an interrupted fill left, and for an
// empty atlas whose schema is not the one that is wanted.
func (t *Tx) DropTables() error {
	list, err := t.Tables()
	if err != nil {
		return err
	}
	for _, table := range slices.Backward(list) {
		if _, err := t.Exec(`DROP TABLE ` + quoted(table.Name)); err != nil {
			return err
		}
	}
	_, err = t.Exec(`DROP TABLE IF EXISTS goose_db_version`)
	return err
}

// Alone makes sure that no other process fills this database, until release
// is called or the process ends, however it ends.
func (d *DB) Alone(ctx context.Context) (release func(), err error) {
	if p, ok := d.store.(*pgPool); ok {
		return p.alone(ctx, d.name)
	}
	file, err := os.OpenFile(filepath.Join(filepath.Dir(d.name), "filling.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, d.tell(err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(beingFilled(d.name), file.Close())
	}
	return func() { _ = file.Close() }, nil
}

// fillLock is PostgreSQL's advisory lock of whoever fills the database.
const fillLock = 0x6d697266

func (p *pgPool) alone(ctx context.Context, name string) (func(), error) {
	conn, err := p.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	var got bool
	err = conn.QueryRowContext(ctx, `SELECT pg_try_advisory_lock($1, hashtext(current_schema()))`, int32(fillLock)).Scan(&got)
	if err == nil && !got {
		err = beingFilled(name)
	}
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return func() {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1, hashtext(current_schema()))`, int32(fillLock))
		_ = conn.Close()
	}, nil
}

func beingFilled(name string) error {
	return errs.New(errs.Conflict, "%s is being filled by another restore or copy; let it end", name)
}
