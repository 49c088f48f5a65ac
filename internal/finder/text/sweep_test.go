package text

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestSweepsLoseNothing holds the sweeps, which look only at what may reach the
// top, against one that scores every document.
func TestSweepsLoseNothing(t *testing.T) {
	vocabulary := strings.Fields("ant bee cat dog eel fox gnu hen ibis jay kiwi lark moth newt owl pike quail rook stoat toad")
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		zipf := rand.NewZipf(r, 1.3, 2, uint64(len(vocabulary)-1))
		some := func(most int) string {
			words := make([]string, r.IntN(most+1))
			for i := range words {
				words[i] = vocabulary[zipf.Uint64()]
			}
			return strings.Join(words, " ")
		}
		docs := make([]Document, rapid.IntRange(1, 2500).Draw(t, "n"))
		for i := range docs {
			docs[i] = Document{Title: "x", Body: some(14), Rank: 1 - float32(i)/float32(len(docs))}
			if r.IntN(4) == 0 {
				docs[i].Title = some(3)
			}
			if r.IntN(6) == 0 {
				docs[i].Tags, docs[i].Places = []string{some(1)}, []string{some(2)}
			}
		}
		parts := []Part{{Index: buildAll(docs)}}
		words := slices.Compact(strings.Fields(some(3)))
		if len(words) == 0 {
			return
		}
		scores := func(limit int) (list []float32) {
			if !knowAll(parts, words) {
				return nil
			}
			s := newSearcher(parts, words, Options{Limit: limit})
			s.whole()
			s.run(s.combinations(false))
			for _, h := range s.top.sorted() {
				list = append(list, h.Score)
			}
			return list
		}
		all := scores(len(docs))
		limit := rapid.IntRange(1, 40).Draw(t, "limit")
		if got, want := scores(limit), all[:min(limit, len(all))]; !slices.Equal(got, want) {
			t.Fatalf("%v: the best %d score %v, want %v", words, limit, got, want)
		}
	})
}
