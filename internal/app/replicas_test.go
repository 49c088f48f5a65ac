package app

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"mirabilia/internal/config"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/mark"
	"mirabilia/internal/place"
)

// replicated is an atlas on PostgreSQL with replicas, whose clock and log the
// test has in hand. What replicates is the test itself, or nobody.
type replicated struct {
	*App
	now    time.Time
	log    bytes.Buffer
	config config.Config
}

func record(id, title string) []place.Record {
	lat, lon := 40.0, 10.0
	return []place.Record{{Source: "t", ID: id, Title: title, Lat: &lat, Lon: &lon}}
}

func publishIn(t *testing.T, s *place.Places, records []place.Record) {
	t.Helper()
	if _, err := s.Import(t.Context(), records, place.ImportOptions{Publish: true, Report: func(_ int, _ bool, r string) { t.Error(r) }}); err != nil {
		t.Fatal(err)
	}
}

// copied makes a database with a place or two, and a copy of it as it is then.
func copied(t *testing.T, n int) (primary, replica string) {
	t.Helper()
	primary, replica = dbtest.PostgresURL(t), dbtest.PostgresURL(t)
	s, err := openStorage(t.Context(), config.Storage{Data: t.TempDir(), Database: primary}, true)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		publishIn(t, s.places, record(fmt.Sprint(i), fmt.Sprint("Place ", i)))
	}
	if err := s.db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Copy(t.Context(), config.Storage{Data: t.TempDir(), Database: primary}, replica, nil); err != nil {
		t.Fatal(err)
	}
	return primary, replica
}

func openReplicated(t *testing.T, primary string, replicas ...string) *replicated {
	t.Helper()
	r := &replicated{now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	r.config = config.Config{Storage: config.Storage{Data: t.TempDir(), Database: primary}}
	r.config.Listen, r.config.Replicas = "127.0.0.1:0", replicas
	if err := r.config.Validate(); err != nil {
		t.Fatal(err)
	}
	a, err := Open(t.Context(), r.config, Options{Log: slog.New(slog.NewTextHandler(&r.log, nil)), Version: "test", Now: func() time.Time { return r.now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	r.App = a
	if err := a.fill(t.Context()); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *replicated) get(t *testing.T, path string, headers ...string) string {
	t.Helper()
	q := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i < len(headers); i += 2 {
		q.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	r.Handler().ServeHTTP(w, q)
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	return w.Body.String()
}

// catch takes in what the log has after the finder's standing.
func (r *replicated) catch(t *testing.T) {
	t.Helper()
	f := r.followed
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); r.App.seen = f; r.follow(ctx) }()
	if err := r.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	stop()
	<-ended
}

func execute(t *testing.T, database, text string, args ...any) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(t.Context())
	tag, err := c.Exec(t.Context(), text, args...)
	if err != nil || tag.RowsAffected() == 0 {
		t.Fatal(text, tag, err)
	}
}

func (r *replicated) doctor(t *testing.T) string {
	t.Helper()
	faults, _ := Doctor(t.Context(), r.config)
	var said []string
	for _, f := range faults {
		if strings.HasPrefix(f, "replica") {
			said = append(said, f)
		}
	}
	return strings.Join(said, "\n")
}

// Public pages are read from a replica while it has what the finder has; a
// member, and everybody while it is behind, is answered by the primary. The
// replica of this test says another title, to be told apart.
func TestReplica_isReadFrom(t *testing.T) {
	if !dbtest.HasPostgres() {
		t.Logf("%s is not set: SQLite has no replicas", dbtest.Server)
		return
	}
	primary, replica := copied(t, 3)
	r := openReplicated(t, primary, replica)
	execute(t, replica, `UPDATE places SET title = 'Told by the replica'`)
	told := func(path string, headers ...string) bool {
		t.Helper()
		return strings.Contains(r.get(t, path, headers...), "Told by the replica")
	}
	state := func(want string) {
		t.Helper()
		if got := r.get(t, "/readyz"); got != "ready\nreplica 1 of 1: "+want+"\n" {
			t.Errorf("readyz says %q, want %q", got, want)
		}
	}
	state("away")
	if told("/places/place-0") {
		t.Error("a replica is read from before anybody asked where it stands")
	}
	r.askReplicas(t.Context())
	state("in use")
	if told("/places/place-1", "Cookie", "session=x") {
		t.Error("a member is answered by the replica")
	}
	if r.site.ForgetAll(); !told("/places/place-1") {
		t.Error("a public page is not read from the replica")
	}
	if told("/api/v1/places/place-1") {
		t.Error("the API's exact counts are those of a replica")
	}
	if said := r.doctor(t); said != "" {
		t.Error(said)
	}

	publishIn(t, r.places, record("1", "Told by the primary"))
	r.catch(t)
	state("behind")
	if page := r.get(t, "/places/place-1"); !strings.Contains(page, "Told by the primary") {
		t.Error("what the finder has taken in is not on the page")
	}
	if told("/places/place-2") {
		t.Error("a replica that is behind is read from")
	}
	execute(t, replica, `INSERT INTO changes SELECT max(seq) + 1, 'place', 1, 'put', 0 FROM changes`)
	r.site.ForgetAll()
	r.askReplicas(t.Context())
	state("in use")
	if !told("/places/place-2") {
		t.Error("a replica that has caught up is not read from")
	}

	p, err := r.places.BySlug(t.Context(), "place-0")
	if err != nil {
		t.Fatal(err)
	}
	if err := mark.New(r.db).Set(t.Context(), member(t, r.db, 7), p.ID, mark.Been, true); err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.recountMarks(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	state("behind")
	if told("/places/place-0") {
		t.Error("a replica without a mark that the finder counts is read from")
	}
}

// A replica that is away, of another atlas, or behind for long is left out with
// one line, which doctor says too, and is taken in when it is well.
func TestReplica_isLeftOut(t *testing.T) {
	if !dbtest.HasPostgres() {
		t.Logf("%s is not set: SQLite has no replicas", dbtest.Server)
		return
	}
	primary, replica := copied(t, 1)
	other, _ := copied(t, 1)
	r := openReplicated(t, primary, "postgres://nobody:secret@127.0.0.1:1/none", other, replica)
	said := func(want string, n int) {
		t.Helper()
		if got := strings.Count(r.log.String(), want); got != n {
			t.Errorf("%q stands %d times in the log, want %d:\n%s", want, got, n, &r.log)
		}
	}
	for range 3 {
		r.askReplicas(t.Context())
		r.now = r.now.Add(replicaRetry)
	}
	if got := r.get(t, "/readyz"); got != "ready\nreplica 1 of 3: away\nreplica 2 of 3: away\nreplica 3 of 3: in use\n" {
		t.Errorf("readyz says %q", got)
	}
	said("a replica is left out", 2)
	said("copy of another atlas", 1)
	said("a replica is read from", 1)
	if strings.Contains(r.log.String(), "secret") {
		t.Error("the log holds a password")
	}
	doctor := r.doctor(t)
	for _, want := range []string{"none on 127.0.0.1:1 is not read from: the database does not answer", "it is a copy of another atlas"} {
		if strings.Count(doctor, want) != 1 {
			t.Errorf("doctor lacks %q:\n%s", want, doctor)
		}
	}
	if strings.Count(doctor, "\n") != 1 || strings.Contains(doctor, "secret") {
		t.Error("doctor says:\n", doctor)
	}

	publishIn(t, r.places, record("2", "New"))
	r.catch(t)
	for range 4 {
		r.askReplicas(t.Context())
		r.now = r.now.Add(replicaLate / 2)
	}
	said("a replica is behind", 1)
	if err := examineReplicas(t.Context(), r.db, 0, func(format string, args ...any) { doctor = fmt.Sprintf(format, args...) }); err != nil || !strings.Contains(doctor, "1 changes behind") {
		t.Error(doctor, err)
	}
	execute(t, replica, `INSERT INTO changes SELECT max(seq) + 1, 'place', 1, 'put', 0 FROM changes`)
	r.askReplicas(t.Context())
	said("a replica has caught up", 1)

	execute(t, replica, `UPDATE goose_db_version SET version_id = version_id + 1000 WHERE version_id = (SELECT max(version_id) FROM goose_db_version)`)
	r.mirrors.list[2].Leave()
	r.askReplicas(t.Context())
	said("a replica is left out", 3)
}

// A keep of cards that has seen more than a replica is not set back by it, and
// keeps no older counts.
func TestReplica_behindAKeep(t *testing.T) {
	if !dbtest.HasPostgres() {
		t.Logf("%s is not set: SQLite has no replicas", dbtest.Server)
		return
	}
	primary, replica := copied(t, 2)
	r := openReplicated(t, primary, replica)
	r.askReplicas(t.Context())
	keep, err := place.NewItems(r.places, 1<<20, func(p *place.Place) (string, error) { return fmt.Sprint(p.Title, p.Been), nil }, func(s string) int { return len(s) })
	if err != nil {
		t.Fatal(err)
	}
	p, err := r.places.BySlug(t.Context(), "place-0")
	if err != nil {
		t.Fatal(err)
	}
	q, err := r.places.BySlug(t.Context(), "place-1")
	if err != nil {
		t.Fatal(err)
	}
	of := func(ctx context.Context, id int64) string {
		t.Helper()
		list, err := keep.Of(ctx, []int64{id})
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		return list[0]
	}
	public := func() context.Context { return db.FromReplica(t.Context()) }
	if got := of(public(), p.ID); got != "Place 00" || r.mirrors.list[0].Reads() == 0 {
		t.Errorf("the replica gives %q", got)
	}
	if err := mark.New(r.db).Set(t.Context(), member(t, r.db, 7), p.ID, mark.Been, true); err != nil {
		t.Fatal(err)
	}
	of(t.Context(), q.ID) // the keep now knows of the mark, and the node does not
	if got := of(public(), p.ID); got != "Place 01" {
		t.Errorf("after a mark %q is kept", got)
	}
	publishIn(t, r.places, record("1", "Renamed"))
	of(t.Context(), p.ID)
	if got := of(public(), q.ID); got != "Renamed0" {
		t.Errorf("after a change %q is kept", got)
	}
}
