package finder_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"mirabilia/internal/finder"
)

// BenchmarkSearch1M asks words of texts, beginnings of titles and misspelt
// words of a million places, each with its own rank, and reports the times
// that half and 99 of a hundred stay below.
func BenchmarkSearch1M(b *testing.B) {
	f := million()
	a := newAtlas(3)
	var words, begun, misspelt []string
	for i := range 1500 {
		d := a.doc(int64(i))
		body := strings.Fields(d.Body)
		words = append(words, strings.Join(body[:1+i%3], " "))
		begun = append(begun, d.Title[:min(len(d.Title), 2+i%7)])
		w := body[10] + body[11]
		at := 1 + i%(len(w)-2)
		misspelt = append(misspelt, body[12]+" "+body[11][:len(body[11])-1]+"x")
		words = append(words, w[:at]+w[at+1:])
	}
	for name, ask := range map[string]func(i int){
		"words":            func(i int) { f.Search(words[i%len(words)], finder.SearchOptions{}) },
		"words/in country": func(i int) { f.Search(words[i%len(words)], finder.SearchOptions{In: "country-7"}) },
		"misspelt":         func(i int) { f.Search(misspelt[i%len(misspelt)], finder.SearchOptions{}) },
		"suggest":          func(i int) { f.Suggest(begun[i%len(begun)], nil, 10) },
		"suggest/kinds":    func(i int) { f.Suggest(begun[i%len(begun)], []finder.Kind{finder.Place, finder.Destination}, 10) },
	} {
		b.Run(name, func(b *testing.B) {
			var took []time.Duration
			for i := range b.N {
				t := time.Now()
				ask(i)
				took = append(took, time.Since(t))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1e6, "p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds())/1e6, "p99-ms")
		})
	}
}
