package finder_test

import (
	"bufio"
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"mirabilia/internal/finder"
	"mirabilia/internal/geo"
)

// sample reads the real places beside the project; none when they are not
// there, the generated worlds then prove the same.
func sample(t *testing.T) (ds []finder.Doc) {
	t.Helper()
	dir := os.Getenv("MIRABILIA_SHARED")
	for _, up := range []string{"..", "../..", "../../..", "../../../.."} {
		if dir == "" {
			if at := filepath.Join(up, "shared"); exists(filepath.Join(at, "data")) {
				dir = at
			}
		}
	}
	f, err := os.Open(filepath.Join(dir, "data", "places", "places-sample.ndjson"))
	if err != nil {
		return nil
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var r struct {
			Name, Description, Country, City string
			Lat, Lon                         float64
			Tags                             []string
		}
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		id := int64(len(ds) + 1)
		ds = append(ds, finder.Doc{Ref: finder.Ref{ID: id}, Title: r.Name, Body: r.Description, Tags: r.Tags,
			In: []string{r.Country, r.Country + "/" + r.City}, At: &geo.Public{Lat: r.Lat, Lon: r.Lon},
			Rank: float32(len(r.Description)), Published: id % 700, Obscurity: uint8(id % 101)})
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return ds
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// around is a world whose positions lie about the documents'.
func around(ds []finder.Doc) *world {
	w := newWorld(6)
	for range 200 {
		w.centres = append(w.centres, *ds[w.IntN(len(ds))].At)
	}
	return w
}

func TestRealPlacesAreFoundExactly(t *testing.T) {
	ds := sample(t)
	if len(ds) == 0 {
		t.Log("shared data not here: proven on generated places alone")
		return
	}
	m, f := model{}, finder.New()
	m.apply(ds, nil)
	load(f, ds)
	check(t, f, m, around(ds), 12)
	countries := map[finder.Ref]string{}
	for _, d := range ds {
		countries[d.Ref] = d.In[0]
	}
	for i := 0; i < len(ds); i += 50 {
		per := map[string]int{}
		for _, h := range f.Related(ds[i].Ref, 8) {
			if per[countries[h.Ref]]++; per[countries[h.Ref]] > 2 {
				t.Fatalf("more than two of %s are related to %q", countries[h.Ref], ds[i].Title)
			}
		}
	}
}

func TestManyPlacesAreFoundExactly(t *testing.T) {
	const n = 100_000
	a, f := newAtlas(8), finder.New()
	ds := make([]finder.Doc, n)
	for i := range ds {
		ds[i] = a.doc(int64(i))
		ds[i].Body, ds[i].Subtitle = "", ""
	}
	load(f, ds[:n*3/4])
	for at := n * 3 / 4; at < n; at += 5000 {
		f.Apply(ds[at:at+5000], nil)
		f.Merge()
	}
	w := around(ds)
	lost := finder.Filter{Status: []string{"lost"}} // 1 in 100
	for range 5 {
		p, q := w.position(), w.position()
		byDistance := make([]finder.Hit, n)
		for i, d := range ds {
			byDistance[i] = finder.Hit{Ref: d.Ref, Metres: geo.Metres(p, *d.At)}
		}
		slices.SortFunc(byDistance, func(a, b finder.Hit) int {
			return cmp.Or(cmp.Compare(a.Metres, b.Metres), cmp.Compare(a.ID, b.ID))
		})
		for _, flt := range []finder.Filter{{}, lost, {In: ds[w.IntN(n)].In[0], Photos: true}} {
			want := slices.DeleteFunc(slices.Clone(byDistance), func(h finder.Hit) bool { return !keeps(&flt, &ds[h.ID]) })
			if got := f.Nearest(p, flt, 20, 0); !slices.Equal(got, want[:min(20, len(want))]) {
				t.Fatalf("near %v, %+v:\n%v, want\n%v", p, flt, got, want[:20])
			}
			box := geo.Box{West: p.Lon, East: q.Lon, South: min(p.Lat, q.Lat), North: max(p.Lat, q.Lat)}
			flt.Box = &box
			inBox := 0
			for _, h := range want {
				if box.Contains(*ds[h.ID].At) {
					inBox++
				}
			}
			if got := f.Count(flt); got != inBox {
				t.Fatalf("%d in %+v, want %d", got, flt, inBox)
			}
			flt.Box, flt.Near, flt.Radius = nil, &p, want[min(w.IntN(2000), len(want)-1)].Metres
			within := 0
			for within < len(want) && want[within].Metres <= flt.Radius {
				within++
			}
			if got := f.Count(flt); got != within {
				t.Fatalf("%d in %+v, want %d", got, flt, within)
			}
		}
	}
	sum := 0
	for _, c := range f.Tile(0, 0, 0, finder.Filter{}) {
		sum += c.Count
	}
	if sum != n {
		t.Errorf("the world's tile counts %d, want %d", sum, n)
	}
}
