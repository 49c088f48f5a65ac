package setting_test

import (
	"sync"
	"testing"

	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/setting"
)

func TestDefaultsAreUsable(t *testing.T) {
	d := setting.Defaults()
	if err := d.Check(); err != nil {
		t.Error(err)
	}
	if len(d.Bar) != 5 || len(d.PopularDestinations) < 6 || d.Licence == "" {
		t.Errorf("defaults: %+v", d)
	}
}

func TestUpdateIsSeenByOtherNodes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		here, there := setting.Open(d), setting.Open(d)
		if s, err := there.Now(t.Context()); err != nil || s.Name != "Mirabilia" || s.Unit != setting.Kilometres {
			t.Fatalf("a new atlas: %+v, %v", s, err)
		}
		err := here.Update(t.Context(), func(s *setting.Settings) { s.Name, s.Unit = "Wonders", setting.Miles })
		if err != nil {
			t.Fatal(err)
		}
		if s, _ := here.Now(t.Context()); s.Name != "Wonders" {
			t.Errorf("here: %q", s.Name)
		}
		list, err := changes.Since(t.Context(), d, 0, 10)
		if err != nil || len(list) != 1 || list[0].Kind != setting.LogKind {
			t.Fatalf("the log: %+v, %v", list, err)
		}
		if s, err := there.Refresh(t.Context()); err != nil || s.Name != "Wonders" || s.Unit != setting.Miles || len(s.Bar) != 5 {
			t.Errorf("there: %+v, %v", s, err)
		}
	})
}

func TestBadSettingsChangeNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setting.Open(d)
		for name, fn := range map[string]func(*setting.Settings){
			"name": func(s *setting.Settings) { s.Name = " " },
			"unit": func(s *setting.Settings) { s.Unit = "leagues" },
			"menus": func(s *setting.Settings) {
				s.Social = append(s.Social, setting.Link{Label: "x", Path: "javascript:alert(1)"})
			},
		} {
			err := b.Update(t.Context(), fn)
			if !errs.Is(err, errs.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := b.Update(t.Context(), func(s *setting.Settings) { s.Bar[0].Path = "//evil.example" }); !errs.Is(err, errs.Invalid) {
			t.Errorf("a path to another host: %v", err)
		}
		if s, err := b.Refresh(t.Context()); err != nil || s.Name != "Mirabilia" || s.Bar[0].Path != "/trips" {
			t.Errorf("after refusals: %+v, %v", s, err)
		}
	})
}

// Two editors who change different settings at once both succeed.
func TestUpdatesTogether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setting.Open(d)
		if err := b.Update(t.Context(), func(s *setting.Settings) { s.Tagline = "a" }); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				if err := b.Update(t.Context(), func(s *setting.Settings) { s.Tagline += "b" }); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if s, err := b.Refresh(t.Context()); err != nil || len(s.Tagline) != 11 {
			t.Errorf("%q of eleven letters, %v", s.Tagline, err)
		}
	})
}
