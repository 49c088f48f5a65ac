package search

import (
	"testing"

	"mirabilia/internal/finder"
)

// What understanding the world's names adds to a search, for a query that the
// atlas answers by itself and for some that it does not.
func BenchmarkFind(b *testing.B) {
	s := atlas(b)
	for _, q := range []string{"museums in mexico city", "skulls prague", "one two three four five six seven eight"} {
		b.Run(q, func(b *testing.B) {
			for b.Loop() {
				s.Find(q, finder.SearchOptions{})
			}
		})
	}
}

func BenchmarkSuggest(b *testing.B) {
	s := atlas(b)
	for _, q := range []string{"trots", "pragu", "กรุงเทพ", "san"} {
		b.Run(q, func(b *testing.B) {
			for b.Loop() {
				s.Suggest(q, nil, 8)
			}
		})
	}
}
