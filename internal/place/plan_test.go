package place_test

import (
	"strings"
	"testing"

	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/place"
	"mirabilia/internal/tag"
)

// wholeTable holds the beginnings of the statements that are meant to read all.
var wholeTable = []string{
	"SELECT count(*) FROM places",
	"SELECT place, lat, lon, near_lat", // every protected place, for a private export
	"SELECT slug, name, intro FROM tags ORDER BY",
	"SELECT slug, name FROM tags",
	"SELECT slug FROM places WHERE source_id = $1", // this test's own
}

// Every statement that runs while places are imported, read, listed and
// exported finds its rows by an index, on both engines: nothing gets slower
// with the size of the atlas.
func TestStatementsAreServedByIndexes(t *testing.T) {
	var asked dbtest.Statements
	dbtest.EachConfig(t, db.Config{Trace: asked.Trace}, func(t *testing.T, d *db.DB) {
		asked.Forget()
		useEverything(t, d)
		asked.ServedByIndexes(t, d, dbtest.Served{Least: 25, Whole: []string{"k"}, Of: func(text string) bool { return !meantToReadAll(text) }})
	})
}

func meantToReadAll(text string) bool {
	for _, w := range wholeTable {
		if strings.HasPrefix(text, w) {
			return true
		}
	}
	return false
}

func useEverything(t *testing.T, d *db.DB) {
	s := place.New(d, tiny{})
	list := generated(300)
	take(t, s, publish, list...)
	list[0].Title, list[1].Slug, list[2].LocationTier = "Other", "another-slug", "approximate"
	take(t, s, publish, list...)
	list[2].Body = "More."
	take(t, s, publish, list...)
	list[4].Title = "Waits"
	take(t, s, place.ImportOptions{}, list...)
	other := append([]place.Record(nil), list[:20]...)
	for i := range other {
		other[i].Source = "other"
	}
	take(t, s, publish, other...)
	p := one(t, s, d, "5")
	ids := []int64{p.ID, p.ID + 1, p.ID + 2}
	_, err1 := s.Cards(t.Context(), ids)
	_, err2 := s.Whole(t.Context(), ids)
	_, _, err3 := s.Docs(t.Context(), ids)
	_, err4 := s.ByID(t.Context(), p.PublicID())
	_, err5 := s.BySlug(t.Context(), "never-there")
	_, err6 := s.TruePosition(t.Context(), one(t, s, d, "2").ID)
	_, err7 := s.Count(t.Context())
	_, err8 := s.Empty(t.Context())
	_, err9 := tag.New(d).Names(t.Context(), []string{"a"})
	_, err10 := changes.Since(t.Context(), d, 5, 10)
	_, err11 := tag.New(d).All(t.Context())
	for i, err := range []error{err1, err2, err3, err4, err6, err7, err8, err9, err10, err11} {
		if err != nil {
			t.Fatal(i, err)
		}
	}
	if err5 == nil {
		t.Fatal("a place that is not there was found")
	}
	if err := s.Illustrate(t.Context(), p.ID, []place.Photo{{Alt: "x"}}); err != nil {
		t.Fatal(err)
	}
	if err := s.SetTier(t.Context(), p.ID, place.Hidden, ""); err != nil {
		t.Fatal(err)
	}
	if err := s.Withdraw(t.Context(), p.ID); err != nil {
		t.Fatal(err)
	}
	lines(t, s, true)
}
