package dbtest

import (
	"database/sql"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"mirabilia/internal/db"
)

// Statements collects what a database is asked, each text once, with the
// arguments it had first.
type Statements struct {
	mu   sync.Mutex
	seen map[string][]any
}

// Trace is for db.Config.
func (s *Statements) Trace(text string, args []any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.seen[text]; ok || strings.HasPrefix(text, "EXPLAIN") {
		return
	}
	if s.seen == nil {
		s.seen = map[string][]any{}
	}
	s.seen[text] = args
}

// Forget begins anew.
func (s *Statements) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.seen)
}

// Served is what ServedByIndexes holds.
type Served struct {
	// Of says which of the statements that read, change or delete are meant; nil
	// is all of them.
	Of func(text string) bool
	// Least is how many there are at least.
	Least int
	// Whole are names in a plan of SQLite's that may be read whole: of
	// subqueries, which are a handful of rows by themselves.
	Whole []string
}

// ServedByIndexes fails the test for each of the statements so far that reads a
// table whole on the database's engine.
func (s *Statements) ServedByIndexes(t *testing.T, d *db.DB, want Served) {
	t.Helper()
	s.mu.Lock()
	statements := maps.Clone(s.seen)
	s.mu.Unlock()
	n := 0
	for text, args := range statements {
		verb, _, _ := strings.Cut(text, " ")
		if verb != "SELECT" && verb != "UPDATE" && verb != "DELETE" || want.Of != nil && !want.Of(text) {
			continue
		}
		n++
		for _, line := range Plan(t, d, text, args...) {
			if readsWhole(line, want.Whole) {
				t.Errorf("%s reads a whole table: %s", text, line)
			}
		}
	}
	if n < want.Least {
		t.Errorf("only %d statements were seen, not %d", n, want.Least)
	}
}

// readsWhole reports whether a line of a plan, of either engine, reads a table
// whole. The settings are a handful.
func readsWhole(line string, but []string) bool {
	if strings.Contains(line, "Seq Scan") {
		return !strings.Contains(line, "Seq Scan on settings")
	}
	name, scan := strings.CutPrefix(line, "SCAN ")
	return scan && !strings.Contains(name, "USING") && !strings.Contains(name, "CONSTANT ROW") && !strings.Contains(name, "VALUES CLAUSE") && !slices.Contains(but, name)
}

// Plan is how the engine would answer a statement, a step a line. A small table
// is rightly read whole, so PostgreSQL is told not to: what it still reads whole
// it has no index for.
func Plan(t testing.TB, d *db.DB, text string, args ...any) (lines []string) {
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
			var id, parent, unused int
			into := []any{&line}
			if d.Engine() == db.SQLite {
				into = []any{&id, &parent, &unused, &line}
			}
			err := r.Scan(into...)
			lines = append(lines, strings.TrimSpace(line))
			return err
		})
	})
	if err != nil {
		t.Fatalf("explaining %s: %v", text, err)
	}
	return lines
}
