package finder_test

import (
	"bufio"
	"cmp"
	"encoding/json"
	"math"
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
	for _, c := range f.Tile(nil, 64, 0, 0, 0, finder.Filter{}) {
		sum += c.Count
	}
	if sum != n {
		t.Errorf("the world's tile counts %d, want %d", sum, n)
	}
}

// TestAMillionPointsAreFoundExactly asks for the nearest of a million points
// and compares with all of them. The points are few words, so that the text
// index, which has tests of its own, costs little.
func TestAMillionPointsAreFoundExactly(t *testing.T) {
	if raced || testing.Short() {
		t.Skip("a million points under the race detector take minutes; a hundred thousand are asked for there")
	}
	const n = 1_000_000
	a, f := newAtlas(9), finder.New()
	at, lost := make([]geo.Public, n), make([]bool, n)
	i := 0
	f.Load(func() (finder.Doc, bool) {
		if i == n {
			return finder.Doc{}, false
		}
		c := a.cities[a.city.Uint64()]
		p := geo.Public{Lat: max(-90, min(90, c.Lat+a.NormFloat64()*0.2)), Lon: math.Mod(c.Lon+a.NormFloat64()*0.2+540, 360) - 180}
		switch i % 5000 { // the poles and both sides of the date line
		case 0:
			p = geo.Public{Lat: 90 - a.ExpFloat64()*0.1, Lon: p.Lon}
		case 1:
			p = geo.Public{Lat: -90 + a.ExpFloat64()*0.1, Lon: p.Lon}
		case 2:
			p.Lon = 180 - a.Float64()*0.01
		case 3:
			p.Lon = -180 + a.Float64()*0.01
		}
		d := finder.Doc{Ref: finder.Ref{ID: int64(i)}, Title: "x", At: &p, Status: "open"}
		if lost[i] = i%100 == 7; lost[i] {
			d.Status = "lost"
		}
		at[i] = p
		i++
		return d, true
	})
	questions := []geo.Public{{Lat: 90, Lon: 0}, {Lat: -90, Lon: 17}, {Lat: 0, Lon: 180}, {Lat: -17, Lon: -180}, at[77], at[123_456], at[999_999], {Lat: 51.5, Lon: -0.1}}
	for _, q := range questions {
		for _, only := range []bool{false, true} {
			flt := finder.Filter{}
			if only {
				flt.Status = []string{"lost"}
			}
			want := nearestOf(at, q, 20, func(i int) bool { return !only || lost[i] })
			if got := f.Nearest(q, flt, 20, 0); !slices.Equal(got, want) {
				t.Fatalf("near %v, lost only %v:\n%v, want\n%v", q, only, got, want)
			}
			flt.Near, flt.Radius = &q, want[19].Metres
			within := 0
			for i := range at {
				if (!only || lost[i]) && geo.Metres(q, at[i]) <= flt.Radius {
					within++
				}
			}
			if got := f.Count(flt); got != within {
				t.Fatalf("%d within %v m of %v, want %d", got, flt.Radius, q, within)
			}
		}
		box := geo.Box{West: q.Lon - 1, East: q.Lon + 1, South: max(q.Lat-1, -90), North: min(q.Lat+1, 90)}
		if box.East > 180 {
			box.East -= 360
		}
		if box.West < -180 {
			box.West += 360
		}
		in := 0
		for i := range at {
			if box.Contains(at[i]) {
				in++
			}
		}
		if got := f.Count(finder.Filter{Box: &box}); got != in {
			t.Fatalf("%d in %+v, want %d", got, box, in)
		}
	}
	for _, c := range [][3]int{{0, 0, 0}, {1, 1, 0}} {
		sum := 0
		for _, cl := range f.Tile(nil, 64, c[0], c[1], c[2], finder.Filter{}) {
			sum += cl.Count
		}
		if c[0] == 0 && sum != n {
			t.Errorf("the world's tile counts %d, want %d", sum, n)
		}
	}
}

// nearestOf is the k nearest by looking at all.
func nearestOf(at []geo.Public, q geo.Public, k int, keep func(i int) bool) []finder.Hit {
	var best []finder.Hit
	for i := range at {
		if !keep(i) {
			continue
		}
		h := finder.Hit{Ref: finder.Ref{ID: int64(i)}, Metres: geo.Metres(q, at[i])}
		if len(best) == k && h.Metres > best[k-1].Metres {
			continue
		}
		where, _ := slices.BinarySearchFunc(best, h, func(a, b finder.Hit) int {
			return cmp.Or(cmp.Compare(a.Metres, b.Metres), cmp.Compare(a.ID, b.ID))
		})
		best = slices.Insert(best, where, h)
		best = best[:min(len(best), k)]
	}
	return best
}
