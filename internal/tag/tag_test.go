package tag_test

import (
	"testing"

	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/tag"
)

func TestOf(t *testing.T) {
	for written, want := range map[string]tag.Tag{
		"Museums":                {Slug: "museums", Name: "Museums"},
		"  site-integrated work": {Slug: "site-integrated-work", Name: "site-integrated work"},
		"a;b|c":                  {Slug: "a-b-c", Name: "a b c"},
		"":                       {},
		" \x00\t":                {},
		"Église":                 {Slug: "eglise", Name: "Église"},
	} {
		if got := tag.Of(written); got != want {
			t.Errorf("Of(%q) = %+v, want %+v", written, got, want)
		}
	}
}

func TestNoteAndUpdate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := tag.New(d)
		note := func(names ...string) {
			t.Helper()
			var list []tag.Tag
			for _, n := range names {
				list = append(list, tag.Of(n))
			}
			if err := d.Write(t.Context(), func(tx *db.Tx) error { return tag.Note(tx, list) }); err != nil {
				t.Fatal(err)
			}
		}
		note("Ruins", "Caves")
		note("RUINS", "Bridges") // the first spelling stays
		all, err := s.All(t.Context())
		if err != nil || len(all) != 3 || all[2].Name != "Ruins" {
			t.Errorf("all: %+v, %v", all, err)
		}
		if log, err := changes.Since(t.Context(), d, 0, 10); err != nil || len(log) != 3 {
			t.Errorf("the log: %+v, %v", log, err)
		}
		if err := s.Update(t.Context(), tag.Tag{Slug: "ruins", Name: "Ruined things", Intro: "What is **left**."}); err != nil {
			t.Fatal(err)
		}
		r, err := s.BySlug(t.Context(), "ruins")
		if err != nil || r.Name != "Ruined things" || r.Path() != "/tags/ruins" {
			t.Errorf("after the update: %+v, %v", r, err)
		}
		if doc := r.Doc(); doc.Kind != finder.Tag || doc.ID != tag.ID("ruins") || doc.Body != "What is left." {
			t.Errorf("its document: %+v", doc)
		}
		names, err := s.Names(t.Context(), []string{"ruins", "unheard-of"})
		if err != nil || names["ruins"] != "Ruined things" || names["unheard-of"] != "unheard-of" {
			t.Errorf("names: %v, %v", names, err)
		}
		if _, err := s.BySlug(t.Context(), "unheard-of"); !errs.Is(err, errs.NotFound) {
			t.Errorf("an unknown tag: %v", err)
		}
		if err := s.Update(t.Context(), tag.Tag{Slug: "unheard-of", Name: "x"}); !errs.Is(err, errs.NotFound) {
			t.Errorf("updating an unknown tag: %v", err)
		}
		if err := s.Update(t.Context(), tag.Tag{Slug: "ruins"}); !errs.Is(err, errs.Invalid) {
			t.Errorf("a tag without a name: %v", err)
		}
	})
}
