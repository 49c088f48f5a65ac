package finder_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mirabilia/internal/finder"
	"mirabilia/internal/geo"
)

// atlas streams n places as a large atlas has them: clustered, a few tags and
// three destinations each, bodies of 60 words by Zipf's law.
type atlas struct {
	*rand.Rand
	zipf, city, tag *rand.Zipf
	vocabulary      []string
	cities          []geo.Public
}

func newAtlas(seed uint64) *atlas {
	r := rand.New(rand.NewPCG(seed, 21))
	a := &atlas{Rand: r, zipf: rand.NewZipf(r, 1.07, 3, 59_999), city: rand.NewZipf(r, 1.05, 20, 49_999), tag: rand.NewZipf(r, 1.2, 4, 4_999)}
	v := rand.New(rand.NewPCG(5, 5))
	syllables := strings.Fields("ba ke ti lo mu san dor vel qui ra ne pos tar gi fu lan che wy zo mer")
	for i := range 60_000 {
		w := ""
		for range 1 + v.IntN(3) + i/30_000 {
			w += syllables[v.IntN(len(syllables))]
		}
		a.vocabulary = append(a.vocabulary, w)
	}
	for range 50_000 {
		a.cities = append(a.cities, geo.Public{Lat: math.Asin(1.6*v.Float64()-0.65) * 180 / math.Pi, Lon: v.Float64()*360 - 180})
	}
	return a
}

func (a *atlas) words(n int) string {
	w := make([]string, n)
	for i := range w {
		w[i] = a.vocabulary[a.zipf.Uint64()]
	}
	return strings.Join(w, " ")
}

func (a *atlas) doc(id int64) finder.Doc {
	c := int(a.city.Uint64())
	km, angle := a.ExpFloat64()*(3+37*a.Float64()*a.Float64()), a.Float64()*2*math.Pi
	p := geo.Public{Lat: a.cities[c].Lat + km*math.Sin(angle)/111.2, Lon: a.cities[c].Lon + km*math.Cos(angle)/111.2/math.Max(0.05, math.Cos(a.cities[c].Lat*math.Pi/180))}
	p.Lat = math.Round(max(-84, min(84, p.Lat))*1e6) / 1e6
	p.Lon = math.Round((math.Mod(p.Lon+540, 360)-180)*1e6) / 1e6
	country := fmt.Sprintf("country-%d", c%200)
	region := fmt.Sprintf("%s/region-%d", country, c%2000/200)
	d := finder.Doc{Ref: finder.Ref{ID: id}, Slug: fmt.Sprintf("place-number-%d", id), Title: a.words(3), Subtitle: a.words(8), Body: a.words(60),
		In: []string{country, region, fmt.Sprintf("%s/city-%d", region, c)}, At: &p, Status: "open",
		HasPhotos: id%3 == 0, Obscurity: uint8(a.IntN(101)), Rank: a.Float32(), Published: 1.7e12 + id}
	for range 3 {
		d.Tags = append(d.Tags, fmt.Sprintf("tag-%d", a.tag.Uint64()))
	}
	if a.IntN(4) == 0 {
		d.Facts = map[string]string{"free": "yes"}
	}
	if a.IntN(100) == 0 {
		d.Status = "lost"
	}
	return d
}

const millionDocs = 1_000_000

var million = sync.OnceValue(func() *finder.Finder {
	f := finder.New()
	load1M(f)
	return f
})

// load1M loads a million documents and is quiet about the time it took to
// make them up: it returns what the finder took.
func load1M(f *finder.Finder) (took time.Duration) {
	a := newAtlas(1)
	started := time.Now()
	var drawing time.Duration
	id := int64(0)
	f.Load(func() (finder.Doc, bool) {
		if id == millionDocs {
			return finder.Doc{}, false
		}
		t := time.Now()
		id++
		d := a.doc(id)
		drawing += time.Since(t)
		return d, true
	})
	return time.Since(started) - drawing
}

// BenchmarkLoad1M measures the load without the making up of documents, and
// what memory the finder then holds.
func BenchmarkLoad1M(b *testing.B) {
	for b.Loop() {
		f := finder.New()
		b.ReportMetric(load1M(f).Seconds(), "s/load")
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.HeapAlloc)/(1<<20), "MiB-heap")
		runtime.KeepAlive(f)
	}
}

// each times single questions and reports the median and the 99th percentile.
func each(b *testing.B, ask func(i int)) {
	took := make([]time.Duration, 0, b.N)
	for i := 0; b.Loop(); i++ {
		t := time.Now()
		ask(i)
		took = append(took, time.Since(t))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1e3, "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds())/1e3, "p99-µs")
}

func BenchmarkQuestions1M(b *testing.B) {
	f := million()
	a := newAtlas(2)
	var at []geo.Public
	for i := range 2000 {
		at = append(at, *a.doc(int64(i)).At)
	}
	lost := finder.Filter{Status: []string{"lost"}}
	places := finder.Filter{Kinds: []finder.Kind{finder.Place, finder.Eatery}}
	country := finder.Filter{In: "country-7"}
	tag := finder.Filter{Tags: []string{"tag-3"}, In: "country-7"}
	list := func(flt finder.Filter, o finder.Order) func(int) {
		return func(int) {
			if _, err := f.List(flt, o, 20, ""); err != nil {
				b.Fatal(err)
			}
		}
	}
	questions := []struct {
		name string
		ask  func(i int)
	}{
		{"nearest", func(i int) { f.Nearest(at[i%len(at)], finder.Filter{}, 20, 0) }},
		{"nearest/1in100", func(i int) { f.Nearest(at[i%len(at)], lost, 20, 0) }},
		{"newest", list(finder.Filter{}, finder.Newest)},
		{"newest/places", list(places, finder.Newest)},
		{"newest/country", list(country, finder.Newest)},
		{"obscure/tag in country", list(tag, finder.Obscure)},
		{"facets", func(int) { f.Facets(finder.Filter{}) }},
		{"facets/country", func(int) { f.Facets(country) }},
		{"children", func(int) { f.Children("") }},
		{"children/country", func(int) { f.Children("country-7") }},
		{"tags/country", func(int) { f.Tags("country-7") }},
		{"random/country", func(i int) { f.Random(country, uint64(i)) }},
		{"related", func(i int) { f.Related(finder.Ref{ID: int64(1 + i*7919%millionDocs)}, 8) }},
	}
	for _, z := range []int{0, 5, 10, 14} {
		questions = append(questions, struct {
			name string
			ask  func(i int)
		}{fmt.Sprintf("tile/z%d", z), func(i int) {
			x, y := tileOf(at[i%len(at)], z)
			f.Tile(nil, 64, z, x, y, finder.Filter{})
		}}, struct {
			name string
			ask  func(i int)
		}{fmt.Sprintf("tile/z%d/1in100", z), func(i int) {
			x, y := tileOf(at[i%len(at)], z)
			f.Tile(nil, 64, z, x, y, lost)
		}})
	}
	for _, q := range questions {
		b.Run(q.name, func(b *testing.B) { each(b, q.ask) })
	}
}

func tileOf(p geo.Public, z int) (x, y int) {
	n := math.Exp2(float64(z))
	s := math.Sin(p.Lat * math.Pi / 180)
	return int((p.Lon + 180) / 360 * n), int((0.5 - math.Log((1+s)/(1-s))/(4*math.Pi)) * n)
}

// BenchmarkApply1M publishes one document after another into a million.
func BenchmarkApply1M(b *testing.B) {
	f := million()
	a := newAtlas(3)
	each(b, func(i int) { f.Apply([]finder.Doc{a.doc(int64(1 + i*7919%millionDocs))}, nil) })
}

// BenchmarkStream200k imports in batches of 500 into a running finder that
// merges as it goes.
func BenchmarkStream200k(b *testing.B) {
	a := newAtlas(4)
	for b.Loop() {
		f := finder.New()
		var apply, merge time.Duration
		for id := int64(0); id < 200_000; id += 500 {
			var ds []finder.Doc
			for i := range int64(500) {
				ds = append(ds, a.doc(id+i))
			}
			t := time.Now()
			f.Apply(ds, nil)
			apply += time.Since(t)
			t = time.Now()
			for f.Merge() {
			}
			merge += time.Since(t)
		}
		b.ReportMetric(apply.Seconds()/200, "s-apply/1k-docs")
		b.ReportMetric(merge.Seconds()/200, "s-merge/1k-docs")
	}
}
