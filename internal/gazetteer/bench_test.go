package gazetteer

import (
	"math/rand"
	"slices"
	"testing"
	"time"
)

// benchQueries are misspelt for the most part, which costs most.
var benchQueries = []string{"Kopenhagn", "Philadelphai", "Reykjavik", "Санкт-Петербург", "Prgue", "münchen", "Santiago de Compostella", "ヴィエルニ", "Paris, Texas", "san antonio",
	"Clermont-Ferand", "Thessalonikki", "Ouagadugu", "xyzzyxyzzy"}

// BenchmarkLocate asks for positions around towns, as an import does.
func BenchmarkLocate(b *testing.B) {
	g := Open()
	rng := rand.New(rand.NewSource(1))
	var at [4096][2]float64
	for i := range at {
		t := g.town(rng.Intn(len(g.nodes)))
		at[i] = [2]float64{t.Lat + rng.NormFloat64()*0.05, max(-180, min(180, t.Lon+rng.NormFloat64()*0.05))}
	}
	for i := 0; b.Loop(); i++ {
		p := at[i%len(at)]
		g.Locate(p[0], p[1])
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "positions/s")
}

func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		Open()
	}
}

func BenchmarkByPath(b *testing.B) {
	g := Open()
	for b.Loop() {
		g.ByPath("united-states/california/los-angeles")
	}
}

func BenchmarkNames(b *testing.B) {
	g := Open()
	for b.Loop() {
		g.Names("germany/bavaria/munich")
	}
}

// BenchmarkSearch reports the slowest of a hundred too.
func BenchmarkSearch(b *testing.B) {
	g := Open()
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		g.Search(benchQueries[i%len(benchQueries)], 10)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100])/1e6, "p99-ms")
}
