package finder_test

import (
	"slices"
	"strings"
	"testing"

	"mirabilia/internal/finder"
)

// entries makes places out of "id country/region/city tag tag …".
func entries(lines ...string) (ds []finder.Doc) {
	for i, l := range lines {
		w := strings.Fields(l)
		d := finder.Doc{Ref: finder.Ref{ID: int64(i + 1)}, Title: "Place " + w[0], Slug: w[0], Tags: w[2:], Rank: float32(100 - i)}
		path := strings.Split(w[1], "/")
		for n := range path {
			d.In = append(d.In, strings.Join(path[:n+1], "/"))
		}
		ds = append(ds, d)
	}
	return ds
}

func related(f *finder.Finder, id int64, k int) (slugs []string) {
	for _, h := range f.Related(finder.Ref{ID: id}, k) {
		c, _ := f.Doc(h.Ref)
		slugs = append(slugs, c.Slug)
	}
	return slugs
}

var ossuaries = entries(
	"kutna czechia/bohemia/kutna-hora skulls churches bones",
	"brno czechia/moravia/brno skulls bones",
	"prague czechia/prague churches",
	"melnik czechia/bohemia/melnik bones skulls",
	"next-door czechia/bohemia/kutna-hora skulls bones churches",
	"paris france/ile-de-france/paris skulls bones",
	"rome italy/lazio/rome skulls churches",
	"evora portugal/alentejo/evora bones churches",
	"louvre france/ile-de-france/paris museums",
	"duomo italy/lombardy/milan churches",
	"cologne germany/nrw/cologne churches",
	"york united-kingdom/england/york churches",
)

func TestRelatedLeadsOutIntoTheWorld(t *testing.T) {
	f := finder.New()
	f.Apply(ossuaries, nil)
	got := related(f, 1, 8)
	if !slices.Contains(got[:3], "paris") {
		t.Errorf("%v: the one that shares two rare tags is not among the first", got)
	}
	if slices.Contains(got, "next-door") || slices.Contains(got, "kutna") || slices.Contains(got, "louvre") {
		t.Errorf("%v holds itself, its neighbour, or what has nothing in common", got)
	}
	czech := 0
	for _, s := range got {
		if s == "brno" || s == "prague" || s == "melnik" {
			czech++
		}
	}
	if czech != 2 {
		t.Errorf("%v: %d are of its country, want 2", got, czech)
	}
	rare, common := slices.Index(got, "evora"), slices.Index(got, "cologne")
	if rare < 0 || common < 0 || rare > common {
		t.Errorf("%v: a rare tag should weigh more than a common one", got)
	}
	for range 5 {
		if again := related(f, 1, 8); !slices.Equal(again, got) {
			t.Fatalf("now %v, before %v", again, got)
		}
	}
	f.Apply(nil, []finder.Ref{{ID: 6}})
	if got := related(f, 1, 8); slices.Contains(got, "paris") {
		t.Errorf("%v holds what was dropped", got)
	}
}

func TestRelatedInAnAtlasOfOneCountry(t *testing.T) {
	f := finder.New()
	f.Apply(entries("a mexico/mexico-city skulls", "b mexico/mexico-city skulls", "c mexico/oaxaca/oaxaca skulls",
		"d mexico/oaxaca/oaxaca skulls", "e mexico/oaxaca/oaxaca skulls", "f mexico/puebla/puebla skulls"), nil)
	if got := related(f, 1, 8); !slices.Equal(got, []string{"c", "d", "f"}) {
		t.Errorf("related are %v, want two of Oaxaca and the one of Puebla", got)
	}
}

func TestRelatedByTextAlone(t *testing.T) {
	ds := entries("clock france/paris", "other germany/berlin", "like italy/rome")
	ds[0].Body = "An astronomical clock with apostles and a skeleton that rings."
	ds[1].Body = "A swimming pool under a bridge."
	ds[2].Body = "The astronomical clock of the cathedral, with its skeleton."
	f := finder.New()
	f.Apply(ds, nil)
	if got := related(f, 1, 8); len(got) == 0 || got[0] != "like" {
		t.Errorf("related are %v, want first the other clock", got)
	}
}

func TestRelatedAcrossSegmentsAndKinds(t *testing.T) {
	f := finder.New()
	for i := range ossuaries {
		f.Apply(ossuaries[i:i+1], nil)
	}
	f.Apply([]finder.Doc{{Ref: finder.Ref{Kind: finder.Story, ID: 1}, Title: "Bones", Tags: []string{"bones", "skulls"}},
		{Ref: finder.Ref{Kind: finder.Eatery, ID: 99}, Slug: "eatery", Title: "Eat among bones", Tags: []string{"bones", "skulls", "churches"}, In: []string{"austria"}}}, nil)
	hits := f.Related(finder.Ref{ID: 1}, 20)
	for _, h := range hits {
		if h.Kind == finder.Story {
			t.Errorf("a story is related to a place")
		}
	}
	if len(hits) == 0 || hits[0].ID != 99 {
		t.Errorf("first is %+v, want the eatery, which shares all", hits)
	}
}
