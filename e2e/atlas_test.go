// Package e2e takes the reader's ways through the atlas in a real browser.
package e2e

import (
	"context"
	"log/slog"
	"os"
	"testing"
	"time"

	"mirabilia/internal/app"
	"mirabilia/internal/config"
	"mirabilia/internal/db/dbtest"
)

// each runs body on a demo atlas of each engine.
func each(t *testing.T, body func(t *testing.T, base string)) {
	eachStored(t, func(t *testing.T, base string, _ config.Storage) { body(t, base) })
}

// eachStored is each with where the atlas lies, for those who work beside it.
func eachStored(t *testing.T, body func(t *testing.T, base string, at config.Storage)) {
	one := func(database string) func(*testing.T) {
		return func(t *testing.T) {
			at := config.Storage{Data: t.TempDir(), Database: database}
			body(t, serveAt(t, at), at)
		}
	}
	t.Run("sqlite", one(""))
	if !dbtest.HasPostgres() {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is not set: the journeys must run on PostgreSQL too", dbtest.Server)
		}
		t.Logf("%s is not set: SQLite only", dbtest.Server)
		return
	}
	t.Run("postgres", func(t *testing.T) { one(dbtest.PostgresURL(t))(t) })
}

// serve serves the demo until the test ends, and gives its address.
func serve(t *testing.T, database string) string {
	t.Helper()
	return serveAt(t, config.Storage{Data: t.TempDir(), Database: database})
}

// serveAt is serve of an atlas that lies somewhere.
func serveAt(t *testing.T, at config.Storage) string {
	t.Helper()
	base, _ := serveBoth(t, at)
	return base
}

// serveBoth gives the address of the private port too.
func serveBoth(t *testing.T, at config.Storage) (base, private string) {
	t.Helper()
	c := config.Config{Storage: at}
	c.Listen, c.PrivateListen = "localhost:0", "127.0.0.1:0" // passkeys want a name
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(testLog{t}, &slog.HandlerOptions{Level: slog.LevelWarn}))
	a, err := app.Open(context.Background(), c, app.Options{Log: log, Version: "test", Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error("serving ended with", err)
		}
		a.Close()
	})
	ready, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if err := a.CatchUp(ready); err != nil {
		t.Fatal("the demo is not ready: ", err)
	}
	return a.URL(), "http://" + a.PrivateAddr()
}

// testLog writes what the atlas warns of into the test's log.
type testLog struct{ t *testing.T }

func (l testLog) Write(p []byte) (int, error) {
	l.t.Logf("%s", p)
	return len(p), nil
}
