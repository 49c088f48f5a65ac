package app_test

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"mirabilia/internal/app"
	"mirabilia/internal/config"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/web/assets"
)

// each runs body for each engine with the address of a fresh database.
func each(t *testing.T, body func(t *testing.T, database string)) {
	t.Run("sqlite", func(t *testing.T) { body(t, "") })
	postgres(t, body)
}

// postgres runs body with a fresh PostgreSQL schema.
func postgres(t *testing.T, body func(t *testing.T, database string)) {
	if !dbtest.HasPostgres() {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is not set: the tests must run on PostgreSQL too", dbtest.Server)
		}
		t.Logf("%s is not set: SQLite only", dbtest.Server)
		return
	}
	t.Run("postgres", func(t *testing.T) { body(t, dbtest.PostgresURL(t)) })
}

func configOf(t *testing.T, dir, database string) config.Config {
	t.Helper()
	var c config.Config
	c.Data, c.Database, c.Listen = dir, database, "127.0.0.1:0"
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	return c
}

// open opens an atlas that does not run yet.
func open(t *testing.T, c config.Config) *app.App {
	t.Helper()
	a, err := app.Open(context.Background(), c, app.Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// run runs an atlas until stop is called, at the latest at the test's end.
func run(t *testing.T, a *app.App) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	done := false
	stop = func() {
		if done {
			return
		}
		done = true
		cancel()
		if err := <-ended; err != nil {
			t.Error("Run:", err)
		}
		a.Close()
	}
	t.Cleanup(stop)
	catchUp(t, a, time.Minute)
	return stop
}

func catchUp(t *testing.T, a *app.App, most time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), most)
	defer cancel()
	if err := a.CatchUp(ctx); err != nil {
		t.Fatal("catching up: ", err)
	}
}

// publish imports records as the command does, beside what runs.
func publish(t *testing.T, c config.Config, records string) {
	t.Helper()
	im, err := app.OpenImport(context.Background(), c.Storage, app.ImportOptions{Publish: true, Report: func(line string) { t.Error(line) }})
	if err != nil {
		t.Fatal(err)
	}
	defer im.Close()
	if err := im.Read(context.Background(), "test.ndjson", strings.NewReader(records), "ndjson"); err != nil {
		t.Fatal(err)
	}
}

// ask asks an atlas and gives status and body.
func ask(a *app.App, path string) (int, string) {
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

const church = `{"source":"s","id":"1","title":"Sunken Church","lat":46.81,"lon":10.53,"tags":["lakes"]}` + "\n"

func TestImportedIsFoundWhenCaughtUp(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		c := configOf(t, t.TempDir(), database)
		a := open(t, c)
		run(t, a)
		if code, body := ask(a, "/api/v1"); code != http.StatusOK || !strings.Contains(body, "/api/v1/openapi.json") {
			t.Errorf("the root of the API: %d %s", code, body)
		}
		if _, body := ask(a, "/api/v1/search?q=sunken"); strings.Contains(body, "Sunken Church") {
			t.Fatal("it is found before it is there")
		}
		publish(t, c, church)
		catchUp(t, a, 10*time.Second)
		for _, path := range []string{"/places/sunken-church", "/api/v1/search?q=sunken+chruch", "/places.json?near=46.8,10.5", "/tags/lakes", "/destinations/italy"} {
			if code, body := ask(a, path); code != http.StatusOK || !strings.Contains(body, "Sunken Church") {
				t.Errorf("%s answers %d without it", path, code)
			}
		}
	})
}

// A second node on the same database has it within the second of the contract.
func TestOtherNodeWithinASecond(t *testing.T) {
	postgres(t, func(t *testing.T, database string) {
		c := configOf(t, t.TempDir(), database)
		one, two := open(t, c), open(t, configOf(t, t.TempDir(), database))
		run(t, one)
		run(t, two)
		publish(t, c, church)
		catchUp(t, two, time.Second)
		if code, _ := ask(two, "/places/sunken-church"); code != http.StatusOK {
			t.Errorf("the other node answers %d", code)
		}
		if _, body := ask(two, "/api/v1/search?q=sunken"); !strings.Contains(body, "Sunken Church") {
			t.Error("the other node does not find it")
		}
	})
}

func TestNotReadyBeforeFilled(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		a := open(t, configOf(t, t.TempDir(), database))
		for path, want := range map[string]int{"/readyz": 503, "/healthz": 200, "/": 503, "/places": 503, "/api/v1/places": 503} {
			if code, _ := ask(a, path); code != want {
				t.Errorf("before it is filled %s answers %d, want %d", path, code, want)
			}
		}
		run(t, a)
		for _, path := range []string{"/readyz", "/", "/places"} {
			if code, _ := ask(a, path); code != http.StatusOK {
				t.Errorf("%s answers %d", path, code)
			}
		}
	})
}

// A request that is under way when the atlas is told to stop is answered whole:
// more answers are asked for than the buffers between the two can take.
func TestStopFinishesRequests(t *testing.T) {
	a := open(t, configOf(t, t.TempDir(), ""))
	stop := run(t, a)
	set, err := assets.Load()
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", a.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, strings.Repeat("GET "+set.URL("map.js")+" HTTP/1.1\r\nHost: atlas\r\n\r\n", 40)); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(conn)
	first, err := http.ReadResponse(in, nil)
	if err != nil {
		t.Fatal(err)
	}
	stopped := make(chan struct{})
	go func() { stop(); close(stopped) }()
	for refused := false; !refused; { // the listener is closed before all else
		probe, err := net.Dial("tcp", a.Addr())
		if refused = err != nil; !refused {
			probe.Close()
		}
	}
	whole, err := io.Copy(io.Discard, first.Body)
	answers := 1
	for ; err == nil; answers++ {
		next, e := http.ReadResponse(in, nil)
		if e != nil {
			break // between two answers: what was under way has ended
		}
		var n int64
		if n, err = io.Copy(io.Discard, next.Body); n != whole {
			t.Errorf("answer %d has %d bytes of %d", answers+1, n, whole)
		}
	}
	if err != nil {
		t.Error("an answer that was under way was cut off:", err)
	}
	if answers == 40 {
		t.Error("it went on answering")
	}
	<-stopped
}

// A PostgreSQL that drops every connection is used again without a restart.
func TestPostgresComesBack(t *testing.T) {
	postgres(t, func(t *testing.T, database string) {
		c := configOf(t, t.TempDir(), database)
		a := open(t, c)
		run(t, a)
		publish(t, c, church)
		catchUp(t, a, 10*time.Second)
		conn, err := pgx.Connect(context.Background(), os.Getenv(dbtest.Server))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(context.Background())
		for round := range 3 {
			_, err = conn.Exec(context.Background(), `SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a
				WHERE a.pid <> pg_backend_pid() AND a.pid IN (SELECT l.pid FROM pg_stat_activity l WHERE l.query LIKE '%places%' OR l.query LIKE '%changes%')
				AND a.datname = current_database() AND a.state = 'idle'`)
			if err != nil {
				t.Fatal(err)
			}
			if code, _ := ask(a, "/places/sunken-church?x="+string(rune('a'+round))); code != http.StatusOK && code != http.StatusServiceUnavailable {
				t.Errorf("right after the loss it answers %d", code)
			}
			publish(t, c, strings.NewReplacer(`"1"`, `"`+string(rune('a'+round))+`"`, "Sunken Church", "Church After Loss").Replace(church))
			catchUp(t, a, 15*time.Second)
			if _, body := ask(a, "/api/v1/search?q=church+after+loss"); !strings.Contains(body, "Church After Loss") {
				t.Error("after the loss nothing new is found")
			}
			if code, _ := ask(a, "/readyz"); code != http.StatusOK {
				t.Errorf("/readyz answers %d", code)
			}
		}
	})
}
