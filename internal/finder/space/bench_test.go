package space_test

import (
	"bufio"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"mirabilia/internal/finder/facet"
	"mirabilia/internal/finder/space"
	"mirabilia/internal/geo"
)

// clustered draws n points as an atlas has them: most around towns, whose
// sizes follow Zipf's law, the rest in the country around.
func clustered(n int, seed uint64) []geo.Public {
	towns := rand.New(rand.NewPCG(7, 7))
	centre := make([]geo.Public, 50_000)
	for i := range centre {
		centre[i] = geo.Public{Lat: math.Asin(1.6*towns.Float64()-0.65) * 180 / math.Pi, Lon: towns.Float64()*360 - 180}
	}
	r := rand.New(rand.NewPCG(seed, 8))
	big := rand.NewZipf(r, 1.05, 20, uint64(len(centre)-1))
	ps := make([]geo.Public, n)
	for i := range ps {
		c, km := centre[r.IntN(len(centre))], r.ExpFloat64()*60
		if r.Float64() < 0.7 {
			c, km = centre[big.Uint64()], r.ExpFloat64()*(3+37*r.Float64()*r.Float64())
		}
		a := r.Float64() * 2 * math.Pi
		p := geo.Public{Lat: c.Lat + km*math.Sin(a)/111.2, Lon: c.Lon + km*math.Cos(a)/(111.2*math.Max(0.05, math.Cos(c.Lat*math.Pi/180)))}
		p.Lat = max(-84, min(84, math.Round(p.Lat*1e6)/1e6))
		p.Lon = math.Round((math.Mod(p.Lon+540, 360)-180)*1e6) / 1e6
		ps[i] = p
	}
	return ps
}

// Points of the bench tools (id, latitude, longitude by tabs) can be measured
// instead: name the files in these variables.
const pointsFile, queriesFile = "MIRABILIA_BENCH_POINTS", "MIRABILIA_BENCH_QUERIES"

var million = sync.OnceValues(func() (points, queries []geo.Public) {
	points, queries = clustered(1_000_000, 1), clustered(20_000, 99)
	if p, q := read(os.Getenv(pointsFile)), read(os.Getenv(queriesFile)); len(p) > 0 && len(q) > 0 {
		points, queries = p, q
	}
	return points, queries
})

func read(file string) (ps []geo.Public) {
	f, err := os.Open(file)
	if err != nil {
		return nil
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		var id int
		var p geo.Public
		if _, err := fmt.Sscan(s.Text(), &id, &p.Lat, &p.Lon); err != nil {
			return nil
		}
		ps = append(ps, p)
	}
	return ps
}

var millionIndex = sync.OnceValue(func() *space.Index {
	points, _ := million()
	return space.Build(positions(points), all)
})

// quantiles reports the median and the 99th percentile of single questions,
// timed one by one.
func quantiles(b *testing.B, ask func(i int)) {
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

func BenchmarkNearest1M(b *testing.B) {
	x := millionIndex()
	_, queries := million()
	b.Run("all", func(b *testing.B) {
		quantiles(b, func(i int) { x.Nearest(queries[i%len(queries)], 20, space.Within{}) })
	})
	for _, every := range []int{2, 10, 100, 1000, 10_000} {
		keep := facet.NewBits(x.Len())
		r := rand.New(rand.NewPCG(5, 5))
		for range x.Len() / every {
			keep.Set(uint32(r.IntN(x.Len())))
		}
		b.Run(fmt.Sprintf("1in%d", every), func(b *testing.B) {
			quantiles(b, func(i int) { x.Nearest(queries[i%len(queries)], 20, space.Within{Keep: keep}) })
		})
	}
}

func BenchmarkBuild1M(b *testing.B) {
	points, _ := million()
	at := positions(points)
	var x *space.Index
	for b.Loop() {
		x = space.Build(at, all)
	}
	b.ReportMetric(float64(x.Bytes())/float64(x.Len()), "B/point")
}

func BenchmarkTile1M(b *testing.B) {
	x := millionIndex()
	points, _ := million()
	keep := facet.NewBits(x.Len())
	for i := 0; i < x.Len(); i += 100 {
		keep.Set(uint32(i))
	}
	dense, some, many := facet.NewBits(x.Len()), facet.NewBits(x.Len()), facet.NewBits(x.Len())
	r := rand.New(rand.NewPCG(6, 6))
	for i := range uint32(x.Len()) {
		if r.IntN(2) == 0 {
			dense.Set(i)
		}
		if r.IntN(1000) == 0 {
			some.Set(i)
		}
		if r.IntN(4) == 0 {
			many.Set(i)
		}
	}
	var g space.Grid
	for _, z := range []int{0, 5, 10, 14} {
		for name, w := range map[string]space.Within{"all": {}, "1in100": {Keep: keep}, "1in2": {Keep: dense}, "dead1in1000": {Not: some}, "dead1in4": {Not: many}} {
			b.Run(fmt.Sprintf("z%d/%s", z, name), func(b *testing.B) {
				quantiles(b, func(i int) {
					px, py := pixel(points[i*7919%len(points)], z)
					g.Reset()
					x.Tile(z, px>>6, py>>6, w.Keep, w.Not, &g)
				})
			})
		}
	}
}
