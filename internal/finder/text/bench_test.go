package text

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	fold "mirabilia/internal/text"
)

// million is the corpus of the benchmarks, made once; -short makes a
// twentieth of it.
var million = sync.OnceValue(func() (m struct {
	index                   *Index
	perSecond               float64
	titles                  []string
	questions, begin, typos []string
	right                   []string
}) {
	n := 1_000_000
	if testing.Short() {
		n = 50_000
	}
	c := newCorpus()
	b := NewBuilder()
	var spent time.Duration
	for i := range n {
		d := c.document()
		m.titles = append(m.titles, d.Title)
		if i%(n/3000) == 0 {
			m.questions = append(m.questions, c.question(d))
			m.begin = append(m.begin, c.beginning(d))
			typo, word := c.misspelt(d)
			m.typos, m.right = append(m.typos, typo), append(m.right, word)
		}
		t := time.Now()
		b.Add(d)
		spent += time.Since(t)
	}
	t := time.Now()
	m.index = b.Build()
	spent += time.Since(t)
	m.perSecond = float64(n) / spent.Seconds()
	return m
})

// ask runs the questions in turn and reports the times that half and 99 of a
// hundred of them stay below.
func ask(b *testing.B, questions []string, o Options, see func(i int, a Answer)) {
	m := million()
	parts := []Part{{Index: m.index}}
	var took []time.Duration
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		q := questions[i%len(questions)]
		t := time.Now()
		a := Search(parts, fold.Words(q), o)
		took = append(took, time.Since(t))
		if see != nil {
			see(i%len(questions), a)
		}
	}
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1e6, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds())/1e6, "p99-ms")
}

func BenchmarkBuild(b *testing.B) {
	m := million()
	for range b.N {
		b.ReportMetric(m.perSecond, "docs/s")
		b.ReportMetric(float64(m.index.Size())/(1<<20), "MiB")
	}
}

func BenchmarkSearch(b *testing.B) { ask(b, million().questions, Options{Limit: 20}, nil) }

func BenchmarkSearchAndCount(b *testing.B) {
	n := 0
	ask(b, million().questions, Options{Limit: 20, Visit: func(_ int, ords []uint32) bool { n += len(ords); return n%10_000 >= len(ords) }}, nil)
}

func BenchmarkSuggest(b *testing.B) {
	ask(b, million().begin, Options{Limit: 10, Typing: true}, nil)
}

func BenchmarkSuggestMisspelt(b *testing.B) {
	ask(b, million().typos, Options{Limit: 10, Typing: true}, nil)
}

func BenchmarkMisspelt(b *testing.B) {
	m := million()
	right, asked := 0, 0
	ask(b, m.typos, Options{Limit: 20}, func(i int, a Answer) {
		asked++
		for _, h := range a.Hits {
			if strings.Contains(m.titles[h.Ord], m.right[i]) {
				right++
				break
			}
		}
	})
	b.ReportMetric(100*float64(right)/float64(asked), "%right")
}

// BenchmarkHostile asks what costs most: sixteen long words that nothing has,
// but much is near to, or that everything has.
func BenchmarkHostile(b *testing.B) {
	c := newCorpus()
	var questions []string
	for i := range 200 {
		var words []string
		for range maxTerms {
			switch w := c.words[40_000+c.r.IntN(20_000)]; {
			case i%3 == 0:
				words = append(words, c.edit(c.edit(w+w)))
			case i%3 == 1:
				words = append(words, c.edit(c.edit(w)))
			default:
				words = append(words, c.words[c.r.IntN(100)])
			}
		}
		questions = append(questions, strings.Join(words, " "))
	}
	for _, typing := range []bool{false, true} {
		b.Run(map[bool]string{false: "search", true: "suggest"}[typing], func(b *testing.B) {
			n := 0
			ask(b, questions, Options{Limit: 20, Typing: typing, Visit: func(_ int, ords []uint32) bool { n += len(ords); return n%10_000 >= len(ords) }}, nil)
		})
	}
}
