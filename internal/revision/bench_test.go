package revision

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// essay is a text of so many words as people write them: a few words often,
// many seldom.
func essay(r *rand.Rand, words int) []string {
	list := make([]string, words)
	for i := range list {
		list[i] = fmt.Sprintf("word%d", int(50*r.ExpFloat64()*r.ExpFloat64()))
		if i%12 == 11 {
			list[i] += "."
		}
	}
	return list
}

// rewritten changes every nth word.
func rewritten(r *rand.Rand, list []string, nth int) string {
	out := make([]string, len(list))
	for i, w := range list {
		if r.IntN(nth) == 0 {
			w = fmt.Sprintf("new%d", r.IntN(1000))
		}
		out[i] = w
	}
	return strings.Join(out, " ")
}

// pairs are two texts of 2,000 words that have much, little and nothing in
// common, and two made to be slow.
func pairs() map[string][3]string {
	r := rand.New(rand.NewPCG(1, 2))
	base := essay(r, 2000)
	whole := strings.Join(base, " ")
	return map[string][3]string{
		"edited":    {whole, rewritten(r, base, 50), rewritten(r, base, 50)},
		"rewritten": {whole, rewritten(r, base, 3), rewritten(r, base, 3)},
		"unrelated": {whole, strings.Join(essay(r, 2000), " "), strings.Join(essay(r, 2000), " ")},
		"repeating": {strings.Repeat("a b ", 1000), strings.Repeat("b a a ", 667), strings.Repeat("a c b ", 667)},
	}
}

func BenchmarkWords(b *testing.B) {
	for name, p := range pairs() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Words(p[0], p[1])
			}
		})
	}
}

func BenchmarkMerge(b *testing.B) {
	for name, p := range pairs() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Text(p[0], p[1], p[2])
			}
		})
	}
}
