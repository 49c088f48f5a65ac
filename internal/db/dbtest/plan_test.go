package dbtest

import (
	"testing"

	"mirabilia/internal/db"
)

// What has no index is seen to read its table whole, what has one is not.
func TestPlansAreRead(t *testing.T) {
	Each(t, func(t *testing.T, d *db.DB) {
		for text, whole := range map[string]bool{
			`SELECT body FROM places WHERE body = $1`:           true,
			`SELECT body FROM places WHERE slug = $1`:           false,
			`UPDATE places SET lang = 'en' WHERE subtitle = $1`: true,
			`DELETE FROM tags WHERE slug = $1`:                  false,
			`SELECT value FROM settings WHERE value LIKE $1`:    d.Engine() == db.SQLite,
			`SELECT 1 WHERE EXISTS (SELECT 1 WHERE 'a' = $1)`:   false,
		} {
			found := false
			for _, line := range Plan(t, d, text, "x") {
				found = found || readsWhole(line, nil)
			}
			if found != whole {
				t.Errorf("%s: reads a table whole is %v: %q", text, found, Plan(t, d, text, "x"))
			}
		}
	})
}
