package finder_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"

	"mirabilia/internal/finder"
	"mirabilia/internal/geo"
)

// check asks the finder and the model many questions and compares.
func check(t *testing.T, f *finder.Finder, m model, w *world, questions int) {
	t.Helper()
	if f.Len() != len(m) {
		t.Fatalf("holds %d documents, want %d", f.Len(), len(m))
	}
	for range questions {
		flt := w.filter()
		what := fmt.Sprintf("filter %+v", flt)
		if got, want := f.Count(flt), len(m.kept(&flt)); got != want {
			t.Fatalf("%s: counts %d, want %d", what, got, want)
		}
		checkList(t, f, m, w, flt, what)
		p := w.position()
		k, most := 1+w.IntN(40), 0.0
		if w.IntN(3) == 0 {
			most = w.ExpFloat64() * 1e6
		}
		if got, want := f.Nearest(p, flt, k, most), m.nearest(p, flt, k, most); !slices.Equal(got, want) {
			t.Fatalf("%s: the %d nearest to %v within %v are\n%v, want\n%v", what, k, p, most, got, want)
		}
		if got, want := flat(f.Facets(flt)), m.facets(&flt); !maps.Equal(got, want) {
			t.Fatalf("%s: facets\n%v, want\n%v", what, got, want)
		}
		checkTile(t, f, m, w, flt, what)
	}
	checkPlaces(t, f, m)
}

// checkList follows the cursors of a list to its end, or three pages far.
func checkList(t *testing.T, f *finder.Finder, m model, w *world, flt finder.Filter, what string) {
	t.Helper()
	o := finder.Order(w.IntN(5))
	if o == finder.Near && flt.Near == nil {
		p := w.position()
		flt.Near = &p
	}
	want := m.list(&flt, o)
	limit, cursor, at := 1+w.IntN(30), "", 0
	for range 3 {
		page, err := f.List(flt, o, limit, cursor)
		if err != nil {
			t.Fatalf("%s in order %d: %v", what, o, err)
		}
		end := min(at+limit, len(want))
		if page.Total != len(want) || !slices.Equal(page.Hits, want[at:end]) {
			t.Fatalf("%s in order %d from %d: of %d\n%v, want of %d\n%v", what, o, at, page.Total, page.Hits, len(want), want[at:end])
		}
		if at = end; (page.Next == "") != (at == len(want)) {
			t.Fatalf("%s in order %d: after %d of %d the next cursor is %q", what, o, at, len(want), page.Next)
		}
		if cursor = page.Next; cursor == "" {
			return
		}
	}
}

func checkTile(t *testing.T, f *finder.Finder, m model, w *world, flt finder.Filter, what string) {
	t.Helper()
	z, depth := []int{0, 1, 4, 9}[w.IntN(4)], 3+w.IntN(4)
	cell := func(p geo.Public) [2]int {
		n := math.Exp2(float64(z + depth))
		s := math.Sin(p.Lat * math.Pi / 180)
		x, y := (p.Lon+180)/360*n, (0.5-math.Log((1+s)/(1-s))/(4*math.Pi))*n
		return [2]int{int(max(0, min(n-1, x))), int(max(0, min(n-1, y)))}
	}
	c := cell(w.position())
	tx, ty := c[0]>>depth, c[1]>>depth
	type group struct {
		n    int
		best finder.Doc
	}
	want := map[[2]int]group{}
	for _, d := range m.kept(&flt) { // by id
		if d.At == nil || !entry(d.Kind) {
			continue
		}
		c := cell(*d.At)
		if c[0]>>depth != tx || c[1]>>depth != ty {
			continue
		}
		g := want[c]
		if g.n == 0 || d.Rank > g.best.Rank {
			g.best = d
		}
		g.n++
		want[c] = g
	}
	// What is there stays, and what the room held before does not show.
	used := finder.Cluster{Title: "used", Slug: "used", Status: "used", Rough: true, Exact: w.position()}
	got := f.Tile(slices.Repeat([]finder.Cluster{used}, 300)[:1], 1<<depth, z, tx, ty, flt)
	if got[0] != used {
		t.Fatalf("%s: what was there is %+v", what, got[0])
	}
	if got = got[1:]; len(got) != len(want) {
		t.Fatalf("%s: tile %d/%d/%d has %d clusters, want %d", what, z, tx, ty, len(got), len(want))
	}
	for _, k := range got {
		g, ok := want[cell(k.At())]
		if !ok {
			t.Fatalf("%s: tile %d/%d/%d: a cluster at %v, where no place is", what, z, tx, ty, k.At())
		}
		delete(want, cell(k.At()))
		exact := *g.best.At
		if g.n > 1 {
			exact, g.best.Title, g.best.Slug, g.best.Status, g.best.Rough = geo.Public{}, "", "", "", false
		}
		if k.Count != g.n || k.Best != g.best.Ref || k.Exact != exact || k.Title != g.best.Title ||
			k.Slug != g.best.Slug || k.Status != g.best.Status || k.Rough != g.best.Rough || k.Rank != g.best.Rank {
			t.Fatalf("%s: tile %d/%d/%d has %+v, want %d, best %+v", what, z, tx, ty, k, g.n, g.best)
		}
	}
}

// checkPlaces compares what guides show.
func checkPlaces(t *testing.T, f *finder.Finder, m model) {
	t.Helper()
	for _, path := range []string{"", "country-1", "country-2/region", "country-2/region/city-1", "nowhere"} {
		flt := finder.Filter{Kinds: []finder.Kind{finder.Place, finder.Eatery}, In: path}
		if got, want := f.CountIn(path), len(m.kept(&flt)); got != want {
			t.Fatalf("%d places in %q, want %d", got, path, want)
		}
		want := m.facets(&flt)
		maps.DeleteFunc(want, func(k string, _ int) bool { return k[:3] != "tag" && k[:3] != "in:" })
		got := flat(finder.Facets{Tags: f.Tags(path), Destinations: f.Children(path)})
		if !maps.Equal(got, want) {
			t.Fatalf("tags and children of %q are\n%v, want\n%v", path, got, want)
		}
	}
	everywhere := map[string]int{}
	for _, d := range m {
		if d.Kind == finder.Place || d.Kind == finder.Eatery {
			for _, path := range d.In {
				everywhere[path]++
			}
		}
	}
	if got := f.Destinations(); !maps.Equal(got, everywhere) {
		t.Fatalf("places by destination are\n%v, want\n%v", got, everywhere)
	}
	for ref, d := range m {
		card, ok := f.Doc(d.Ref)
		if rank, has := f.Rank(ref); !has || rank != d.Rank {
			t.Fatalf("the rank of %v is %v, want %v", ref, rank, d.Rank)
		}
		if !ok || !f.Has(ref) || card.Ref != d.Ref || card.Title != d.Title || card.Slug != d.Slug || card.Subtitle != d.Subtitle {
			t.Fatalf("the card of %v is %+v, %v", d.Ref, card, ok)
		}
	}
	if f.Has(finder.Ref{Kind: finder.Place, ID: math.MinInt64}) {
		t.Fatal("has what was never published")
	}
}

func load(f *finder.Finder, ds []finder.Doc) {
	f.Load(func() (finder.Doc, bool) {
		if len(ds) == 0 {
			return finder.Doc{}, false
		}
		d := ds[0]
		ds = ds[1:]
		return d, true
	})
}

func TestEmptyFinder(t *testing.T) {
	f := finder.New()
	check(t, f, model{}, newWorld(1), 20)
	load(f, nil)
	check(t, f, model{}, newWorld(2), 20)
	f.Apply(nil, []finder.Ref{{Kind: finder.Place, ID: 1}})
	if f.Merge() {
		t.Error("merged nothing")
	}
	if _, ok := f.Random(finder.Filter{}, 1); ok {
		t.Error("drew something from nothing")
	}
	if got := f.Related(finder.Ref{Kind: finder.Place, ID: 1}, 8); len(got) != 0 {
		t.Errorf("related to nothing: %v", got)
	}
}

func TestLoadedAnswersAreExact(t *testing.T) {
	w := newWorld(3)
	ds := w.docs(4000)
	m, f := model{}, finder.New()
	m.apply(ds, nil)
	load(f, ds)
	check(t, f, m, w, 120)
}

func TestAnswersStayExactUnderChange(t *testing.T) {
	w := newWorld(4)
	m, f := model{}, finder.New()
	load(f, nil)
	epoch := f.Epoch()
	for step := range 120 {
		var put []finder.Doc
		var drop []finder.Ref
		size := []int{1, 1, 3, 60, 400}[w.IntN(5)]
		for range size {
			d := w.doc(1 + int64(w.IntN(3000)))
			put = append(put, d)
		}
		for range w.IntN(size + 1) {
			drop = append(drop, finder.Ref{Kind: finder.Place, ID: 1 + int64(w.IntN(3000))})
		}
		f.Apply(put, drop)
		m.apply(put, drop)
		if e := f.Epoch(); e <= epoch {
			t.Fatalf("epoch %d after %d", e, epoch)
		} else {
			epoch = e
		}
		for range w.IntN(3) {
			f.Merge()
		}
		if step%6 == 0 {
			check(t, f, m, w, 6)
		}
	}
	for f.Merge() {
	}
	check(t, f, m, w, 30)
	if f.Epoch() != epoch {
		t.Error("merging changed the epoch")
	}
	var all []finder.Ref
	for r := range m {
		all = append(all, r)
	}
	f.Apply(nil, all)
	check(t, f, model{}, w, 5)
}

func TestDropAndPutTogether(t *testing.T) {
	f := finder.New()
	ref := finder.Ref{Kind: finder.Place, ID: 7}
	f.Apply([]finder.Doc{{Ref: ref, Title: "First"}, {Ref: ref, Title: "Second"}}, []finder.Ref{ref})
	if c, ok := f.Doc(ref); !ok || c.Title != "Second" || f.Len() != 1 {
		t.Errorf("holds %d documents, %+v", f.Len(), c)
	}
	f.Apply([]finder.Doc{{Ref: finder.Ref{Kind: finder.Eatery, ID: 7}, Title: "Now an eatery"}}, nil)
	if c, ok := f.Doc(ref); !ok || c.Kind != finder.Eatery || f.Len() != 1 {
		t.Errorf("a place that became an eatery: %d documents, %+v", f.Len(), c)
	}
}

// Laid names every document of a kind once, neighbours mostly one after the
// other.
func TestLaidIsAllInTheMapsOrder(t *testing.T) {
	w := newWorld(17)
	m, f := model{}, finder.New()
	for range 3 { // several parts, of which some documents are dead
		ds := w.docs(2000)
		f.Apply(ds, nil)
		m.apply(ds, nil)
	}
	var want []int64
	where := map[int64]geo.Public{}
	for ref, d := range m {
		if ref.Kind == finder.Place {
			want = append(want, ref.ID)
			if d.At != nil {
				where[ref.ID] = *d.At
			}
		}
	}
	got := f.Laid(finder.Place)
	steps := func(ids []int64) (sum float64) {
		for i, id := range ids[1:] {
			a, ok := where[ids[i]]
			b, okay := where[id]
			if ok && okay {
				sum += geo.Metres(a, b)
			}
		}
		return sum
	}
	slices.Sort(want)
	if by, way := steps(want), steps(got); way > by/4 {
		t.Errorf("from one to the next it is %.0f km, in the order of their numbers %.0f km", way/1000, by/1000)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%d ids, want %d", len(got), len(want))
	}
}

func TestRandomIsUniform(t *testing.T) {
	w := newWorld(5)
	m, f := model{}, finder.New()
	for range 4 {
		ds := w.docs(300)
		f.Apply(ds, nil)
		m.apply(ds, nil)
	}
	for _, flt := range []finder.Filter{{}, {Kinds: []finder.Kind{finder.Place}, Tags: []string{"skulls"}}} {
		want := m.kept(&flt)
		drawn := map[finder.Ref]int{}
		const each = 200
		for n := range each * len(want) {
			ref, ok := f.Random(flt, uint64(n))
			if !ok {
				t.Fatal("drew nothing")
			}
			drawn[ref]++
		}
		for _, d := range want {
			// Five standard deviations of a Poisson law.
			if n := drawn[d.Ref]; math.Abs(float64(n-each)) > 5*math.Sqrt(each) {
				t.Errorf("%v was drawn %d times of some %d", d.Ref, n, each)
			}
			delete(drawn, d.Ref)
		}
		if len(drawn) > 0 {
			t.Errorf("drew %d that the filter does not keep", len(drawn))
		}
	}
}
