package place_test

import (
	"strings"
	"testing"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/place"
)

func TestCheckFindsWhatDoesNotFit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := place.New(d, tiny{})
		guarded := rec("src", "guarded", "Guarded", 17.05, -96.7)
		guarded.LocationTier = "approximate"
		take(t, s, publish, rec("src", "plain", "Plain", 19.35, -99.15), guarded, rec("src", "third", "Third", 48.85, 2.3))
		take(t, s, place.ImportOptions{}, rec("src", "waits", "Waits", 48.85, 2.3))
		faults, err := s.Check(t.Context())
		if err != nil || len(faults) != 0 {
			t.Fatalf("a sound atlas: %q, %v", faults, err)
		}
		for text, want := range map[string]string{
			`UPDATE places SET destination = 'atlantis' WHERE source_id = 'plain'`:                                        "not in the gazetteer",
			`UPDATE places SET address = 'Calle 5' WHERE source_id = 'guarded'`:                                           "shows its address",
			`UPDATE places SET lat = lat + 0.01 WHERE source_id = 'guarded'`:                                              "does not show the public point",
			`UPDATE places SET photos = 3 WHERE source_id = 'third'`:                                                      "counts 3 pictures",
			`INSERT INTO place_counted (place, seq, been, want) SELECT id, 1, 2, 0 FROM places WHERE source_id = 'plain'`: "it counts 2 been",
			`UPDATE places SET tags = '[' WHERE source_id = 'third'`:                                                      "is damaged",
			`UPDATE places SET cell = cell + 1 WHERE source_id = 'third'`:                                                 "its cell",
			`UPDATE places SET published_at = NULL WHERE source_id = 'third'`:                                             "has no date",
			`UPDATE place_truths SET lat = lat + 1`:                                                                       "outside the disc",
		} {
			undo := sound(t, d)
			exec(t, d, text)
			faults, err := s.Check(t.Context())
			if err != nil || !strings.Contains(strings.Join(faults, "\n"), want) {
				t.Errorf("%s: %q, %v", text, faults, err)
			}
			undo()
		}
	})
}

func exec(t *testing.T, d *db.DB, text string, args ...any) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(text, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// sound keeps the two tables as they are, and gives what brings them back.
func sound(t *testing.T, d *db.DB) func() {
	exec(t, d, `CREATE TABLE kept_places AS SELECT * FROM places`)
	exec(t, d, `CREATE TABLE kept_truths AS SELECT * FROM place_truths`)
	return func() {
		for _, text := range []string{
			`UPDATE places SET destination = k.destination, address = k.address, lat = k.lat, photos = k.photos, tags = k.tags,
				cell = k.cell, published_at = k.published_at FROM kept_places k WHERE k.id = places.id`,
			`UPDATE place_truths SET lat = k.lat FROM kept_truths k WHERE k.place = place_truths.place`,
			`DELETE FROM place_counted`, `DROP TABLE kept_places`, `DROP TABLE kept_truths`,
		} {
			exec(t, d, text)
		}
	}
}
