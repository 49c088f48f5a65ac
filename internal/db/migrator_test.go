package db

import "testing"

// A migration may touch every row of a table: what takes it back is kept in
// files, not in what memory a connection may have.
func TestMigrationsHaveRoom(t *testing.T) {
	d, err := Open(t.Context(), Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for text, want := range map[string]int{`PRAGMA temp_store`: 1, `PRAGMA synchronous`: 2, `PRAGMA foreign_keys`: 1} {
		var got int
		if err := d.store.pool().QueryRowContext(t.Context(), text).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %d, not %d, %v", text, got, want, err)
		}
	}
}
