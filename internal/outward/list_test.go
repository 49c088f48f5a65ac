package outward_test

import (
	"slices"
	"testing"

	"mirabilia/internal/finder"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/geo"
	"mirabilia/internal/outward"
	"mirabilia/internal/search"
)

func TestChildrenStandAsOnThePages(t *testing.T) {
	list := outward.Alphabetical([]outward.Child{{Name: "Zeeland"}, {Name: "Östergötland"}, {Name: "Åland"}, {Name: "bern"}, {Name: "Berlin"}})
	var names []string
	for _, c := range list {
		names = append(names, c.Name)
	}
	if want := []string{"Åland", "Berlin", "bern", "Östergötland", "Zeeland"}; !slices.Equal(names, want) {
		t.Errorf("%q, want %q", names, want)
	}
}

func TestAnEmptyCityLeadsToWhatHelps(t *testing.T) {
	city := &gazetteer.Node{Level: gazetteer.City, Path: "x/y", Name: "Y", Lat: 1, Lon: 2}
	for _, c := range []struct {
		metres float64
		url    string
	}{{5_000, "https://a.example/destinations/x/y"}, {900_000, "https://a.example/near?lat=1&lon=2"}, {-1, "https://a.example/destinations/x/y"}} {
		a := search.Answer{Empty: city, World: map[string]search.World{"x/y": {At: geo.Public{Lat: 1, Lon: 2}, Metres: c.metres}}}
		a.Cards = []finder.Card{{Ref: finder.Ref{Kind: finder.Destination}, Slug: "x/y", Title: "Y"}}
		out := outward.SearchOf(a, "https://a.example", func(p string) string { return p })
		if out.Items[0].URL != c.url || out.NothingIn != "x/y" || out.Notice != "Nothing in Y is written down yet." {
			t.Errorf("%v m: %+v", c.metres, out)
		}
	}
}
