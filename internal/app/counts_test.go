package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/config"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/finder"
	"mirabilia/internal/mark"
	"mirabilia/internal/place"
)

// Orders and kept pages follow the marks without a row in the log, and an atlas
// that is opened again has what was marked since its snapshot.
func TestCountsAreFollowed(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { countsAreFollowed(t, "") })
	if dbtest.HasPostgres() {
		t.Run("postgres", func(t *testing.T) { countsAreFollowed(t, dbtest.PostgresURL(t)) })
	}
}

func countsAreFollowed(t *testing.T, database string) {
	ctx := context.Background()
	c := config.Config{Storage: config.Storage{Data: t.TempDir(), Database: database}}
	c.Listen = "127.0.0.1:0"
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	a, err := Open(ctx, c, Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	var records []place.Record
	for i := range 3 {
		lat, lon := 40.0, float64(i)
		records = append(records, place.Record{Source: "t", ID: fmt.Sprint(i), Title: fmt.Sprint("Place ", i), Lat: &lat, Lon: &lon})
	}
	if _, err := a.places.Import(ctx, records, place.ImportOptions{Publish: true, Report: func(_ int, _ bool, r string) { t.Error(r) }}); err != nil {
		t.Fatal(err)
	}
	if err := a.fill(ctx); err != nil {
		t.Fatal(err)
	}
	page := func() string {
		t.Helper()
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/places/place-1", nil))
		_, counts, ok := strings.Cut(w.Body.String(), `class="marks`)
		if w.Code != 200 || !ok {
			t.Fatal(w.Code, "and no marks on the page")
		}
		counts, _, _ = strings.Cut(counts, "</div>")
		return counts
	}
	before := page()
	if page() != before {
		t.Fatal("the page is another each time")
	}
	p, err := a.places.BySlug(ctx, "place-1")
	if err != nil {
		t.Fatal(err)
	}
	marks := mark.New(a.db)
	for id := range int64(3) {
		who := member(t, a.db, id+1)
		if err := marks.Set(ctx, who, p.ID, mark.Been, true); err != nil {
			t.Fatal(err)
		}
	}
	seq, more, err := a.recountMarks(ctx, 0)
	if err != nil || more || seq == 0 {
		t.Fatal(seq, more, err)
	}
	first, err := a.finder.List(finder.Filter{}, finder.Been, 1, "")
	if err != nil || len(first.Hits) != 1 || first.Hits[0].ID != p.ID {
		t.Errorf("the most visited is %+v, %v", first.Hits, err)
	}
	if been, want, ok := a.finder.Marks(p.Ref()); been != 3 || want != 0 || !ok {
		t.Errorf("the finder counts %d and %d", been, want)
	}
	if now := page(); !strings.Contains(now, ">3<") || strings.Contains(before, ">3<") {
		t.Errorf("before:\n%s\nnow:\n%s", before, now)
	}
	epoch := a.finder.Epoch()
	for _, from := range []int64{seq, 0} { // nothing new, and all of it anew
		if next, _, err := a.recountMarks(ctx, from); err != nil || next != seq || a.finder.Epoch() != epoch {
			t.Errorf("from %d: %d, %v; the finder changed: %t", from, next, err, a.finder.Epoch() != epoch)
		}
	}
}

// member makes a member and gives who asks.
func member(t *testing.T, d *db.DB, id int64) actor.Actor {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO members (id, name, shown, verified_at, password, role, level, regions, state, state_reason, bio, links, avatar,
			settings, accepted, declined, created_at, seen_at, revision)
			VALUES ($1, $2, $2, 1, '', 'member', 'new', '[]', 'active', '', '', '[]', '', '{}', 0, 0, 1, 1, 1)`, id, fmt.Sprint("m", id))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return actor.Actor{ID: id, Name: fmt.Sprint("m", id), Role: actor.Member}
}
