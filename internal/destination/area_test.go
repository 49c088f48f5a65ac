package destination_test

import (
	"strings"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/destination"
	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/polygon"
)

var admin = actor.Actor{ID: 1, Role: actor.Admin}

func square(t *testing.T, size string) *polygon.Shape {
	t.Helper()
	s, err := polygon.Parse(strings.NewReader(strings.ReplaceAll(`{"type":"Polygon","coordinates":[[[2,48],[N,48],[N,49],[2,49]]]}`, "N", size)))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestArea(t *testing.T) {
	gaz := gazetteer.Open()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), destination.New(d, gaz)
		a := destination.Area{Path: "france/grand-paris", Kind: "metro", Name: "  Grand\n Paris ", Intro: "Much.", Outline: square(t, "3")}
		if created, err := s.PutArea(ctx, admin, a); err != nil || !created {
			t.Fatalf("put: %v, %v", created, err)
		}
		got, err := s.Area(ctx, a.Path)
		if err != nil || got.Name != "Grand Paris" || got.Kind != "metro" || got.Intro != "Much." || got.Revision != 1 || string(got.Outline.GeoJSON()) != string(a.Outline.GeoJSON()) {
			t.Fatalf("read: %+v, %v", got, err)
		}
		g, err := s.ByPath(ctx, a.Path)
		if err != nil || g.Level != gazetteer.Metro || g.Name != "Grand Paris" || g.CountryCode != "FR" || len(g.Above) != 1 || g.Above[0].Path != "france" || g.Lat < 48 || g.Lat > 49 {
			t.Errorf("its guide: %+v, %v", g, err)
		}
		got.Outline, got.Kind = square(t, "4"), "area"
		if created, err := s.PutArea(ctx, admin, *got); err != nil || created {
			t.Errorf("put again: %v, %v", created, err)
		}
		if _, err := s.PutArea(ctx, admin, *got); !errs.Is(err, errs.Conflict) {
			t.Errorf("an older revision: %v", err)
		}
		if list, err := s.AreasByID(ctx, []int64{destination.ID(a.Path), 5}); err != nil || len(list) != 1 || list[0].Kind != "area" || list[0].Revision != 2 {
			t.Errorf("by id: %+v, %v", list, err)
		}
		if err := s.RemoveArea(ctx, admin, a.Path); err != nil {
			t.Error(err)
		}
		for what, err := range map[string]error{"removed twice": s.RemoveArea(ctx, admin, a.Path), "read": func() error { _, err := s.Area(ctx, a.Path); return err }(),
			"its guide": func() error { _, err := s.ByPath(ctx, a.Path); return err }()} {
			if !errs.Is(err, errs.NotFound) {
				t.Errorf("%s: %v", what, err)
			}
		}
		log, err := changes.Since(ctx, d, 0, 10)
		if err != nil || len(log) != 3 || log[0].Kind != destination.Kind || log[0].ID != destination.ID(a.Path) || log[1].Op != changes.Put || log[2].Op != changes.Drop {
			t.Errorf("the log: %+v, %v", log, err)
		}
		if list, err := s.Areas(ctx); err != nil || len(list) != 0 {
			t.Errorf("what is left: %+v, %v", list, err)
		}
	})
}

func TestPutAreaRefuses(t *testing.T) {
	s := destination.New(dbtest.SQLite(t), gazetteer.Open())
	good := destination.Area{Path: "france/x", Kind: "area", Name: "X", Outline: square(t, "3")}
	for name, c := range map[string]struct {
		by     actor.Actor
		change func(*destination.Area)
		code   errs.Code
	}{
		"nobody":                 {actor.Actor{}, func(*destination.Area) {}, errs.Unsigned},
		"a member":               {actor.Actor{ID: 2, Role: actor.Member}, func(*destination.Area) {}, errs.Denied},
		"an editor of elsewhere": {actor.Actor{ID: 2, Role: actor.Editor, Regions: []string{"spain"}}, func(*destination.Area) {}, errs.Denied},
		"a region's path":        {admin, func(a *destination.Area) { a.Path = "france/brittany" }, errs.Invalid},
		"a city's path":          {admin, func(a *destination.Area) { a.Path = "mexico/mexico-city" }, errs.Invalid},
		"no country":             {admin, func(a *destination.Area) { a.Path = "atlantis/x" }, errs.Invalid},
		"a country's path":       {admin, func(a *destination.Area) { a.Path = "france" }, errs.Invalid},
		"too deep":               {admin, func(a *destination.Area) { a.Path = "france/brittany/x" }, errs.Invalid},
		"no slug":                {admin, func(a *destination.Area) { a.Path = "france/Grand Paris" }, errs.Invalid},
		"no name":                {admin, func(a *destination.Area) { a.Name = " " }, errs.Invalid},
		"a kind of its own":      {admin, func(a *destination.Area) { a.Kind = "planet" }, errs.Invalid},
		"no outline":             {admin, func(a *destination.Area) { a.Outline = nil }, errs.Invalid},
	} {
		a := good
		c.change(&a)
		if _, err := s.PutArea(t.Context(), c.by, a); errs.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
		if name == "nobody" || name == "a member" || name == "an editor of elsewhere" {
			if err := s.RemoveArea(t.Context(), c.by, a.Path); errs.CodeOf(err) != c.code {
				t.Errorf("%s removes: %v", name, err)
			}
		}
	}
	if _, err := s.PutArea(t.Context(), actor.Actor{ID: 2, Role: actor.Editor, Regions: []string{"france"}}, good); err != nil {
		t.Errorf("an editor of the country: %v", err)
	}
}

func TestNodesOfAreas(t *testing.T) {
	gaz, f := gazetteer.Open(), finder.New()
	f.PutArea(finder.Area{Path: "france/grand-paris", Name: "Grand Paris", Kind: "metro", Shape: square(t, "3")})
	n, ok := destination.Node(gaz, f, "france/grand-paris")
	if !ok || n.Level.String() != "metro" || n.Name != "Grand Paris" || n.CountryCode != "FR" || !destination.IsArea(n) {
		t.Errorf("the node: %+v", n)
	}
	if n, ok := destination.Node(gaz, f, "france/brittany"); !ok || n.Name != "Brittany" || destination.IsArea(n) {
		t.Errorf("a node of the tree: %+v", n)
	}
	if _, ok := destination.Node(gaz, f, "france/nowhere"); ok {
		t.Error("nowhere is found")
	}
	if above := destination.Above(gaz, f, "france/grand-paris"); len(above) != 2 || above[0].Path != "france" || above[1].Name != "Grand Paris" {
		t.Errorf("above: %v", above)
	}
}
