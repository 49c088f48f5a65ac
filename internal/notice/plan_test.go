package notice_test

import (
	"context"
	"database/sql"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"mirabilia/internal/db"
	"mirabilia/internal/notice"
)

// Every statement that reads or changes notices finds its rows by an index, on
// both engines.
func TestStatements_servedByIndexes(t *testing.T) {
	var mu sync.Mutex
	seen := map[string][]any{}
	inHouseWith(t, db.Config{Trace: func(text string, args []any) {
		mu.Lock()
		defer mu.Unlock()
		if strings.Contains(text, "notice") && !strings.HasPrefix(text, "EXPLAIN") {
			seen[text] = args
		}
	}}, func(h *house) {
		h.choose(h.ada, notice.Followed, notice.Choice{Site: true, Mail: true})
		h.tellAll(h.news(1, "One"))
		h.tell(h.decided(1), time.Time{})
		h.tell(notice.Notice{Member: h.ada.ID, Kind: notice.Message, Action: "message", About: "submission", Subject: 5, Once: "m", Title: "x", Path: "/x"}, time.Time{})
		h.titles(h.ada)
		h.unread(h.ada, 3)
		h.now = h.now.AddDate(0, 0, 8)
		h.drain()
		h.write(func(tx *db.Tx) error { return h.x.TakeBack(tx, h.ada.ID, notice.Onces("decision", 1), back) })
		h.write(func(tx *db.Tx) error { return notice.Withdraw(tx, "place", 1) })
		if err := h.x.ReadAll(t.Context(), h.ada, 1<<62); err != nil {
			t.Fatal(err)
		}
		h.choose(h.ada, notice.Followed, notice.Choice{})
		mu.Lock() // explaining a statement is traced too
		statements := maps.Clone(seen)
		clear(seen)
		mu.Unlock()
		checked := 0
		for text, args := range statements {
			if strings.HasPrefix(text, "INSERT") {
				continue
			}
			checked++
			if whole := scans(h.t, h.db, text, args); whole != "" {
				t.Errorf("%s reads a whole table:\n%s", text, whole)
			}
		}
		if checked < 12 {
			t.Errorf("only %d statements were seen", checked)
		}
	})
}

// scans gives the lines of a statement's plan that read a table whole.
func scans(t *testing.T, d *db.DB, text string, args []any) (out string) {
	t.Helper()
	err := d.Snapshot(context.Background(), func(tx *db.Tx) error {
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
			if strings.HasPrefix(line, "SCAN ") && !strings.Contains(line, "USING") && !strings.Contains(line, "CONSTANT ROW") && line != "SCAN unread" {
				out += line + "\n"
			}
			return err
		})
	})
	if err != nil {
		t.Fatalf("explaining %s: %v", text, err)
	}
	return out
}
