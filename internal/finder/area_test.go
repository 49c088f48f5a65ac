package finder_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"mirabilia/internal/finder"
	"mirabilia/internal/geo"
	"mirabilia/internal/polygon"
)

func outline(t rapid.TB, west, south, east, north int) *polygon.Shape {
	s, err := polygon.Parse(strings.NewReader(fmt.Sprintf(`{"type":"Polygon","coordinates":[[[%[1]d,%[2]d],[%[3]d,%[2]d],[%[3]d,%[4]d],[%[1]d,%[4]d]]]}`, west, south, east, north)))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// holds is membership by the definition.
func holds(a *finder.Area, d *finder.Doc) bool {
	switch {
	case d.At == nil || !entry(d.Kind):
		return false
	case d.Rough:
		return a.Shape.HoldsDisc(*d.At, finder.RoughMetres)
	}
	return a.Shape.Holds(*d.At)
}

// Whatever is published, moved, dropped, drawn, drawn anew, taken away, merged
// or read from a snapshot: areas hold what they hold by the definition.
func TestAreas_asByDefinition(t *testing.T) {
	held := 0
	rapid.Check(t, func(t *rapid.T) {
		f, docs, areas := finder.New(), map[int64]finder.Doc{}, map[string]finder.Area{}
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			switch rapid.SampledFrom([]string{"put", "put", "put many", "drop", "draw", "draw", "take away", "merge", "reload"}).Draw(t, "step") {
			case "put":
				d := drawDoc(t, rapid.Int64Range(1, 40).Draw(t, "id"))
				docs[d.ID] = d
				f.Apply([]finder.Doc{d}, nil)
			case "put many":
				var many []finder.Doc
				for id := range rapid.Int64Range(1, 90).Draw(t, "how many") {
					d := drawDoc(t, id)
					docs[id] = d
					many = append(many, d)
				}
				f.Apply(many, nil)
			case "drop":
				id := rapid.Int64Range(1, 40).Draw(t, "id")
				delete(docs, id)
				f.Apply(nil, []finder.Ref{{Kind: finder.Place, ID: id}})
			case "draw":
				w, s := rapid.IntRange(165, 185).Draw(t, "west"), rapid.IntRange(-5, 5).Draw(t, "south")
				a := finder.Area{Path: "fiji/a" + rapid.SampledFrom([]string{"1", "2", "3"}).Draw(t, "path"), Name: "A", Kind: "area",
					Shape: outline(t, w, s, w+rapid.IntRange(1, 12).Draw(t, "width"), s+rapid.IntRange(1, 6).Draw(t, "height"))}
				areas[a.Path] = a
				f.PutArea(a)
			case "take away":
				path := "fiji/a" + rapid.SampledFrom([]string{"1", "2", "3"}).Draw(t, "path")
				if _, there := areas[path]; f.DropArea(path) != there {
					t.Fatal("it says wrongly whether there was an area")
				}
				delete(areas, path)
			case "merge":
				for f.Merge() {
				}
			case "reload":
				var b bytes.Buffer
				if err := f.Snapshot().Write(&b, finder.Origin{}); err != nil {
					t.Fatal(err)
				}
				f = finder.New()
				var list []finder.Area
				for _, a := range areas {
					list = append(list, a)
				}
				f.SetAreas(list)
				if _, err := f.LoadSnapshot(&b, int64(b.Len()), func(finder.Origin) error { return nil }); err != nil {
					t.Fatal(err)
				}
			}
		}
		held += checkAreas(t, f, docs, areas)
	})
	if held == 0 {
		t.Fatal("no area ever held anything")
	}
}

func drawDoc(t *rapid.T, id int64) finder.Doc {
	d := finder.Doc{Ref: finder.Ref{Kind: rapid.SampledFrom([]finder.Kind{finder.Place, finder.Place, finder.Eatery}).Draw(t, "kind"), ID: id},
		Slug: fmt.Sprint("s", id), Title: fmt.Sprint("Doc ", id), Rank: float32(id % 7), Tags: []string{fmt.Sprint("t", id%3)},
		In: []string{"fiji", fmt.Sprint("fiji/c", id%2)}}
	if rapid.IntRange(0, 5).Draw(t, "placed") > 0 {
		at := geo.Public{Lat: float64(rapid.IntRange(-60, 120).Draw(t, "lat")) / 10, Lon: float64(rapid.IntRange(1640, 1960).Draw(t, "lon")) / 10}
		if at.Lon > 180 {
			at.Lon -= 360
		}
		d.At, d.Rough = &at, rapid.Bool().Draw(t, "rough")
	}
	return d
}

func checkAreas(t *rapid.T, f *finder.Finder, docs map[int64]finder.Doc, areas map[string]finder.Area) (held int) {
	for path, a := range areas {
		var want []int64
		tags, cities := map[string]int{}, map[string]int{}
		for id, d := range docs {
			if !holds(&a, &d) {
				continue
			}
			want = append(want, id)
			tags[d.Tags[0]]++
			cities[d.In[1]]++
		}
		slices.Sort(want)
		held += len(want)
		page, err := f.List(finder.Filter{In: path}, finder.Newest, 100, "")
		if err != nil {
			t.Fatal(err)
		}
		var got []int64
		for _, h := range page.Hits {
			got = append(got, h.ID)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) || f.CountIn(path) != len(want) {
			t.Fatalf("%s holds %v, by definition %v; the count is %d", path, got, want, f.CountIn(path))
		}
		facets := f.Facets(finder.Filter{In: path})
		for _, c := range facets.Tags {
			if tags[c.Tag] != c.Count {
				t.Fatalf("%s has %d of %s, by definition %d", path, c.Count, c.Tag, tags[c.Tag])
			}
		}
		for city, n := range cities {
			if !slices.Contains(f.Children(path), finder.DestCount{Path: city, Count: n}) {
				t.Fatalf("the children of %s are %v, and %s has %d", path, f.Children(path), city, n)
			}
		}
		if _, ok := f.Random(finder.Filter{In: path}, 5); ok != (len(want) > 0) {
			t.Fatalf("one of %d by chance: %v", len(want), ok)
		}
		if n := f.CountInside(a.Shape); n != len(want) {
			t.Fatalf("the outline would hold %d, it holds %d", n, len(want))
		}
	}
	if got := f.Areas("fiji"); len(got) != len(areas) || len(f.Areas("fij")) != 0 {
		t.Fatalf("the areas are %v", got)
	}
	for id, d := range docs {
		var in int
		for _, a := range areas {
			if holds(&a, &d) {
				in++
			}
		}
		if got := f.AreasOf(finder.Ref{Kind: finder.Place, ID: id}); len(got) != in {
			t.Fatalf("%d is said to be in %v, by definition in %d", id, got, in)
		}
	}
	return held
}

// Words look inside an area as inside any destination, and so do tiles and
// Nearest.
func TestAreas_inOtherQuestions(t *testing.T) {
	f := finder.New()
	in, out := geo.Public{Lat: 1, Lon: 1}, geo.Public{Lat: 1, Lon: 3}
	f.PutArea(finder.Area{Path: "x/ruhr", Name: "Ruhr", Kind: "metro", Shape: outline(t, 0, 0, 2, 2)})
	f.Apply([]finder.Doc{
		{Ref: finder.Ref{Kind: finder.Place, ID: 1}, Slug: "a", Title: "Old Mine", At: &in},
		{Ref: finder.Ref{Kind: finder.Place, ID: 2}, Slug: "b", Title: "Other Mine", At: &out},
		{Ref: finder.Ref{Kind: finder.Destination, ID: 3}, Slug: "x/ruhr", Title: "Ruhr", In: []string{"x"}},
	}, nil)
	ids := func(cards []finder.Card) (out []int64) {
		for _, c := range cards {
			out = append(out, c.ID)
		}
		return out
	}
	if r := f.Search("mine", finder.SearchOptions{In: "x/ruhr"}); !slices.Equal(ids(r.Cards), []int64{1}) {
		t.Errorf("narrowed to the area, a search finds %v", r.Cards)
	}
	if r := f.Search("mine in ruhr", finder.SearchOptions{}); r.In != "x/ruhr" || len(r.Cards) == 0 || r.Cards[0].ID != 1 {
		t.Errorf("a search that names the area finds %v in %q", r.Cards, r.In)
	}
	if c := f.Tile(nil, 64, 0, 0, 0, finder.Filter{In: "x/ruhr"}); len(c) != 1 || c[0].Count != 1 {
		t.Errorf("a tile shows %v", c)
	}
	if h := f.Nearest(out, finder.Filter{In: "x/ruhr"}, 5, 0); len(h) != 1 || h[0].ID != 1 {
		t.Errorf("nearest in the area: %v", h)
	}
	if h, err := f.List(finder.Filter{In: "x/ruhr", Text: "mine"}, finder.Newest, 5, ""); err != nil || h.Total != 1 {
		t.Errorf("words in the area: %v, %v", h, err)
	}
}
