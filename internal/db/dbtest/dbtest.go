// Package dbtest gives every test of SQL a fresh, migrated database of each
// engine: a SQLite file always, and a PostgreSQL schema where
// MIRABILIA_TEST_POSTGRES holds the address of a server.
package dbtest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/url"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"

	"mirabilia/internal/db"
)

// Server is the variable that names the PostgreSQL server of tests.
const Server = "MIRABILIA_TEST_POSTGRES"

// Each runs body once on each engine. Where CI is set a missing PostgreSQL is
// a failure: a green run means that both were proven.
func Each(t *testing.T, body func(t *testing.T, d *db.DB)) {
	t.Helper()
	EachConfig(t, db.Config{}, body)
}

// EachConfig is Each with a clock or random source of the test's own.
func EachConfig(t *testing.T, c db.Config, body func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run(db.SQLite, func(t *testing.T) { body(t, Open(t, withDir(t, c))) })
	if server := os.Getenv(Server); server == "" {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is not set: the tests must run on PostgreSQL too", Server)
		}
		t.Logf("%s is not set: SQLite only", Server)
		return
	}
	t.Run(db.Postgres, func(t *testing.T) {
		c.URL = PostgresURL(t)
		body(t, Open(t, c))
	})
}

func withDir(t *testing.T, c db.Config) db.Config {
	c.Dir = t.TempDir()
	return c
}

// SQLite opens a fresh SQLite database, for tests of what lies above the SQL.
func SQLite(t testing.TB) *db.DB {
	t.Helper()
	return Open(t, db.Config{Dir: t.TempDir()})
}

// Open opens and migrates the database of c, and closes it after the test.
func Open(t testing.TB, c db.Config) *db.DB {
	t.Helper()
	if c.Connections == 0 {
		c.Connections = 6
	}
	d, err := db.Open(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error("closing the database:", err)
		}
	})
	if err := d.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return d
}

// HasPostgres tells whether a PostgreSQL server is there to test on.
func HasPostgres() bool { return os.Getenv(Server) != "" }

// PostgresURL is the address of a fresh schema on the test server, dropped
// after the test.
func PostgresURL(t testing.TB) string {
	t.Helper()
	server := os.Getenv(Server)
	if server == "" {
		t.Fatalf("%s is not set", Server)
	}
	var b [6]byte
	_, _ = rand.Read(b[:])
	schema := "t_" + hex.EncodeToString(b[:])
	admin := func(text string) {
		conn, err := pgx.Connect(context.Background(), server)
		if err != nil {
			t.Fatalf("the PostgreSQL of %s: %v", Server, err)
		}
		defer conn.Close(context.Background())
		if _, err := conn.Exec(context.Background(), text); err != nil {
			t.Fatal(err)
		}
	}
	admin("CREATE SCHEMA " + schema)
	t.Cleanup(func() { admin("DROP SCHEMA " + schema + " CASCADE") })
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String()
}
