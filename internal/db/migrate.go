package db

import (
	"context"
	"embed"
	"io/fs"
	"regexp"
	"testing/fstest"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"mirabilia/internal/errs"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// A migration is one portable text. On SQLite the portable names of types are
// turned into those that its STRICT tables know (a BIGINT PRIMARY KEY then is
// the row's own number, which saves an index, and a clustered table is its
// primary key's index and nothing besides); on PostgreSQL texts are compared
// bytewise, as SQLite does, whatever the server's language is.
var (
	sqliteWords = []rewrite{
		{regexp.MustCompile(`\bBIGINT\b`), "INTEGER"},
		{regexp.MustCompile(`\bBOOLEAN\b`), "INTEGER"},
		{regexp.MustCompile(`\bDOUBLE PRECISION\b`), "REAL"},
		{regexp.MustCompile(`(?m)^\);$`), ") STRICT;"},
		{regexp.MustCompile(`(?m)^\); -- clustered$`), ") STRICT, WITHOUT ROWID;"},
	}
	postgresWords = []rewrite{
		{regexp.MustCompile(`\bTEXT\b`), `TEXT COLLATE "C"`},
	}
)

type rewrite struct {
	from *regexp.Regexp
	to   string
}

func migrationsFor(engine string) (fs.FS, error) {
	words := sqliteWords
	if engine == Postgres {
		words = postgresWords
	}
	out := fstest.MapFS{}
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := migrationFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		for _, w := range words {
			text = w.from.ReplaceAll(text, []byte(w.to))
		}
		out[name[len("migrations/"):]] = &fstest.MapFile{Data: text, Mode: 0o444}
	}
	return out, nil
}

func (d *DB) provider() (*goose.Provider, error) {
	files, err := migrationsFor(d.engine)
	if err != nil {
		return nil, err
	}
	dialect := goose.DialectSQLite3
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger())}
	if d.engine == Postgres {
		dialect = goose.DialectPostgres
		// Nodes that start together take turns.
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300), lock.WithUnlockTimeout(1, 30))
		if err != nil {
			return nil, err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	return goose.NewProvider(dialect, d.store.pool(), files, options...)
}

// Migrate brings the schema up to this program's, each step in a transaction
// of its own, and refuses a schema that a newer program made.
func (d *DB) Migrate(ctx context.Context) error {
	have, want, err := d.SchemaVersion(ctx)
	if err != nil {
		return err
	}
	if have > want {
		return errs.New(errs.Conflict, "%s has schema %d and this program knows up to %d; run a newer mirabilia, nothing was changed", d.name, have, want)
	}
	if have == want {
		return nil
	}
	p, err := d.provider()
	if err != nil {
		return err
	}
	// On SQLite another process may be a step ahead, and its step fails ours: the
	// writer's lock makes us wait for it, and what is left is then tried again.
	for range migrateTries {
		if _, err = p.Up(ctx); err == nil {
			return nil
		}
		if now, _, again := d.SchemaVersion(ctx); again == nil && now == want {
			return nil
		}
	}
	if told := d.tell(err); errs.CodeOf(told) != errs.Internal {
		return told
	}
	return errs.Wrap(err, errs.Internal, "the schema of %s could not be brought from %d to %d; it was left as it is", d.name, have, want)
}

// MigrateTo brings an atlas up to an older schema than this program's, for
// what was kept with it: it is filled first and then migrated.
func (d *DB) MigrateTo(ctx context.Context, version int64) error {
	p, err := d.provider()
	if err != nil {
		return err
	}
	_, err = p.UpTo(ctx, version)
	return d.tell(err)
}

// migrateTries is how often a migration is tried beside another process's.
const migrateTries = 4

// Schema is the newest schema of this program.
func Schema() (want int64) {
	names, _ := fs.Glob(migrationFiles, "migrations/*.sql") // the pattern is right
	for _, name := range names {
		if n, err := goose.NumericComponent(name); err == nil {
			want = max(want, n)
		}
	}
	return want
}

// SchemaVersion is the database's schema (0: none yet) and this program's.
func (d *DB) SchemaVersion(ctx context.Context) (have, want int64, err error) {
	p, err := d.provider()
	if err != nil {
		return 0, 0, err
	}
	for _, s := range p.ListSources() {
		want = max(want, s.Version)
	}
	// The table is asked for first: in a new atlas it is not there, and another
	// process may be making it at this moment.
	there, err := d.hasVersionTable(ctx)
	if err != nil || !there {
		return 0, want, err
	}
	err = d.Read(ctx, func(t *Tx) error {
		return t.QueryRow(`SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`).Scan(&have)
	})
	return have, want, err
}

func (d *DB) hasVersionTable(ctx context.Context) (there bool, err error) {
	err = d.Read(ctx, func(t *Tx) error {
		there, err = t.HasTable("goose_db_version")
		return err
	})
	return there, err
}

// HasTable tells whether the database has a table of that name.
func (t *Tx) HasTable(name string) (there bool, err error) {
	text := `SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = $1)`
	if t.db.engine == Postgres {
		text = `SELECT to_regclass($1) IS NOT NULL`
	}
	return there, t.QueryRow(text, name).Scan(&there)
}

// CheckSchema is for commands that must not migrate: it demands exactly the
// schema this program knows.
func (d *DB) CheckSchema(ctx context.Context) error {
	have, want, err := d.SchemaVersion(ctx)
	switch {
	case err != nil:
		return err
	case have > want:
		return errs.New(errs.Conflict, "%s has schema %d and this program knows up to %d; run a newer mirabilia", d.name, have, want)
	case have < want:
		return errs.New(errs.Conflict, "%s has schema %d and this program needs %d; run mirabilia migrate", d.name, have, want)
	}
	return nil
}
