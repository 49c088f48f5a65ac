package destination_test

import (
	"slices"
	"testing"

	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/destination"
	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/gazetteer"
)

var _ destination.Gazetteer = (*gazetteer.Gazetteer)(nil)

func TestGuide(t *testing.T) {
	gaz := gazetteer.Open()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := destination.New(d, gaz)
		g, err := s.ByPath(t.Context(), "france/brittany/rennes")
		if err != nil {
			t.Fatal(err)
		}
		if g.Name != "Rennes" || g.Href() != "/destinations/france/brittany/rennes" || g.Intro != "" || len(g.Above) != 2 || g.Above[0].Path != "france" || g.Above[1].Path != "france/brittany" {
			t.Errorf("the guide: %+v", g)
		}
		if err := s.SetIntro(t.Context(), "france", "Much to **see**.\x00"); err != nil {
			t.Fatal(err)
		}
		if err := s.SetIntro(t.Context(), "france", "More to see."); err != nil {
			t.Fatal(err)
		}
		if g, err := s.ByPath(t.Context(), "france"); err != nil || g.Intro != "More to see." || len(g.Above) != 0 {
			t.Errorf("with an intro: %+v, %v", g, err)
		}
		log, err := changes.Since(t.Context(), d, 0, 10)
		if err != nil || len(log) != 2 || log[0].ID != destination.ID("france") || log[0].Kind != destination.Kind {
			t.Errorf("the log: %+v, %v", log, err)
		}
		for _, path := range []string{"", "atlantis", "france/", "france/brittany/rennes/x", "../etc", "france\x00"} {
			if _, err := s.ByPath(t.Context(), path); !errs.Is(err, errs.NotFound) {
				t.Errorf("%q: %v", path, err)
			}
			if err := s.SetIntro(t.Context(), path, "x"); !errs.Is(err, errs.NotFound) {
				t.Errorf("an intro of %q: %v", path, err)
			}
		}
	})
}

func TestDocHasNamesInOtherLanguages(t *testing.T) {
	s := destination.New(dbtest.SQLite(t), gazetteer.Open())
	doc, ok := s.Doc("germany/bavaria/munich", 12)
	if !ok {
		t.Fatal("Munich is not known")
	}
	if doc.Kind != finder.Destination || doc.ID != destination.ID("germany/bavaria/munich") || doc.Subtitle != "Bavaria" || doc.Rank != 12 {
		t.Errorf("the document: %+v", doc)
	}
	if !slices.ContainsFunc(doc.Aliases, func(a finder.Alias) bool { return a.Name == "München" }) {
		t.Errorf("its other names lack München: %v", doc.Aliases)
	}
	if _, ok := s.Doc("atlantis", 1); ok {
		t.Error("Atlantis was found")
	}
}
