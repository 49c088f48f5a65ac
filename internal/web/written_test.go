package web

import (
	"context"
	"strings"
	"testing"

	"mirabilia/internal/place"
	"mirabilia/internal/setting"
	"mirabilia/internal/tag"
)

// What is written once, cards, rows, bar and footer, is written anew as soon as
// what it shows has changed, whether or not anyone has told the site.
func TestWrittenPartsFollowTheirRows(t *testing.T) {
	a := newAtlas(t, someRecords(), func(d *Deps) { d.Keep = 0 })
	ctx := context.Background()
	page := func() string { return a.get("/places/museo-casa-de-leon-trotsky").Body.String() }
	first := page()
	if page() != first {
		t.Error("the same page is not the same bytes")
	}
	if !strings.Contains(first, "Casa Azul") {
		t.Fatal("the page does not show its neighbour")
	}
	self := someRecords()[0]
	for _, c := range []struct {
		change func(*place.Record)
		shows  string
	}{
		{func(r *place.Record) { r.Subtitle = "Behind other walls" }, "Behind other walls"},
		{func(r *place.Record) { r.Body = "It was told otherwise." }, "It was told otherwise."},
		{func(r *place.Record) { r.KnowBeforeYouGo = "Knock twice." }, "Knock twice."},
		{func(r *place.Record) { r.Address = "Otra calle 7" }, "Otra calle 7"},
		{func(r *place.Record) { r.Website = "https://other.example/" }, "https://other.example/"},
	} {
		if c.change(&self); strings.Contains(page(), c.shows) {
			t.Fatalf("the page says %q before it was written", c.shows)
		}
		if _, err := a.places.Import(ctx, []place.Record{self}, place.ImportOptions{Publish: true, Source: "test"}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(page(), c.shows) {
			t.Errorf("the page does not say %q", c.shows)
		}
	}
	r := someRecords()[1]
	r.Title, r.Subtitle = "Casa Roja", "Painted over"
	if _, err := a.places.Import(ctx, []place.Record{r}, place.ImportOptions{Publish: true, Source: "test"}); err != nil {
		t.Fatal(err)
	}
	if got := page(); strings.Contains(got, "Casa Azul") || !strings.Contains(got, "Casa Roja") || !strings.Contains(got, "Painted over") {
		t.Error("the page shows its neighbour as it was")
	}
	err := a.set.Update(ctx, func(s *setting.Settings) {
		s.Name, s.Bar[0].Label, s.Footer[0].Title = "Another atlas", "Renamed entry", "Renamed column"
		s.Unit = "mi"
	})
	if err != nil {
		t.Fatal(err)
	}
	got := page()
	for _, want := range []string{"Another atlas</a>", "Renamed entry", "Renamed column", "\u00a0mi<"} {
		if !strings.Contains(got, want) {
			t.Errorf("the page does not know %q after the settings changed", want)
		}
	}
	if err := a.tags.Update(ctx, tag.Tag{Slug: "museums", Name: "Houses of things"}); err != nil {
		t.Fatal(err)
	}
	a.follow()
	if !strings.Contains(page(), "Houses of things") {
		t.Error("the page shows the old name of its tag")
	}
}

// The bar marks the part of the menu in which a page is, each page its own.
func TestTheBarMarksItsPage(t *testing.T) {
	a := newAtlas(t, someRecords(), func(d *Deps) { d.Keep = 0 })
	for range 2 {
		for path, marked := range map[string]bool{"/places": true, "/about": false, "/places/casa-azul": true} {
			if got := strings.Contains(a.get(path).Body.String(), `<a href="/places" aria-current="true">`); got != marked {
				t.Errorf("%s: its part of the menu is marked: %v", path, got)
			}
		}
	}
}
