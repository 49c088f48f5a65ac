package campaign_test

import (
	"database/sql"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"mirabilia/internal/campaign"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/linkcheck"
	"mirabilia/internal/place"
)

// Every statement of campaigns finds its rows by an index, on both engines.
func TestStatements_servedByIndexes(t *testing.T) {
	var mu sync.Mutex
	seen := map[string][]any{}
	trace := func(text string, args []any) {
		mu.Lock()
		defer mu.Unlock()
		if _, ok := seen[text]; !ok {
			seen[text] = args
		}
	}
	h := &house{at: time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)}
	dbtest.EachConfig(t, db.Config{Trace: trace, Now: func() time.Time { return h.at }}, func(t *testing.T, d *db.DB) {
		*h = house{T: t, db: d, at: h.at, places: place.New(d, world), dead: dead{}}
		h.campaigns = campaign.New(d, h.places, linkcheck.New(d, h.places, nil))
		h.people()
		h.fill()
		mu.Lock()
		clear(seen)
		mu.Unlock()
		h.make(h.eve, campaign.Wish{Question: campaign.DeadLink})
		c := h.make(h.eve, campaign.Wish{Question: campaign.NoPhoto, In: "italy"})
		h.sweep(h.rome, c.ID)
		if _, _, err := h.campaigns.All(t.Context(), h.eve); err != nil {
			t.Fatal(err)
		}
		if _, err := h.campaigns.Newest(t.Context(), h.eve, c.ID, 5); err != nil {
			t.Fatal(err)
		}
		if _, err := h.campaigns.Item(t.Context(), h.eve, c.ID, h.id("grotto")); err != nil {
			t.Fatal(err)
		}
		if err := h.campaigns.Close(t.Context(), h.eve, c.ID); err != nil {
			t.Fatal(err)
		}
		if _, _, err := h.places.Age(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		mu.Lock() // explaining a statement is traced too
		statements := maps.Clone(seen)
		mu.Unlock()
		checked := 0
		for text, args := range statements {
			if verb, _, _ := strings.Cut(text, " "); verb != "SELECT" && verb != "UPDATE" {
				continue
			}
			if !strings.Contains(text, "campaign") && !strings.Contains(text, "link_uses") && !strings.Contains(text, "place_confirmed") && !strings.Contains(text, "FROM places") {
				continue
			}
			checked++
			if lines := scans(t, d, text, args); lines != "" {
				t.Errorf("%s reads a whole table:\n%s", text, lines)
			}
		}
		if checked < 15 {
			t.Errorf("only %d statements were seen", checked)
		}
	})
}

// scans gives the lines of a statement's plan that read a table whole.
func scans(t *testing.T, d *db.DB, text string, args []any) (out string) {
	t.Helper()
	err := d.Snapshot(t.Context(), func(tx *db.Tx) error {
		explain := "EXPLAIN QUERY PLAN "
		if d.Engine() == db.Postgres {
			explain = "EXPLAIN "
			if _, err := tx.Exec(`SET LOCAL enable_seqscan = off`); err != nil {
				return err
			}
		}
		rows, err := tx.Query(explain+text, args...)
		return db.Each(rows, err, func(r *sql.Rows) error {
			var line string
			if d.Engine() == db.Postgres {
				err := r.Scan(&line)
				if strings.Contains(line, "Seq Scan") {
					out += line + "\n"
				}
				return err
			}
			var id, parent, unused int
			err := r.Scan(&id, &parent, &unused, &line)
			// A subquery that is gone through is a handful of rows by itself.
			if strings.HasPrefix(line, "SCAN ") && !strings.Contains(line, "USING") && !strings.Contains(line, "CONSTANT ROW") && !strings.HasPrefix(line, "SCAN i") {
				out += line + "\n"
			}
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
