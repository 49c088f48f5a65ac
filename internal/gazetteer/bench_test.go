package gazetteer

import "testing"

var benchQueries = []string{"Kopenhagn", "Philadelphai", "Reykjavik", "Санкт-Петербург", "Prgue", "münchen", "Santiago de Compostella", "ヴィエルニ"}

func BenchmarkSearch(b *testing.B) {
	g := Open()
	for i := 0; b.Loop(); i++ {
		g.Search(benchQueries[i%len(benchQueries)], 10)
	}
}
