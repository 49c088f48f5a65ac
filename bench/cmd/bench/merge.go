package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"mirabilia/bench/draw"
	"mirabilia/internal/revision"
)

// essayWords is the length of the texts that are compared and merged.
const essayWords = 2000

// mergeCommand compares and merges texts of 2,000 words: two that were edited
// here and there, half rewritten, wholly different, and two that repeat few
// words endlessly, which is the worst that a stranger can send.
func mergeCommand([]string) error {
	r := rand.New(rand.NewPCG(draw.DataSeed, 7))
	texts := draw.NewWorld().NewTexts(draw.DataSeed)
	essay := func() []string {
		var words []string
		for len(words) < essayWords {
			words = append(words, strings.Fields(texts.Next().Body)...)
		}
		return words[:essayWords]
	}
	rewritten := func(from []string, oneIn int) string {
		other, out := essay(), make([]string, len(from))
		for i, w := range from {
			if out[i] = w; r.IntN(oneIn) == 0 {
				out[i] = other[i]
			}
		}
		return strings.Join(out, " ")
	}
	base := essay()
	whole := strings.Join(base, " ")
	var compared, merged []string
	for _, p := range []struct{ base, mine, theirs string }{
		{whole, rewritten(base, 50), rewritten(base, 50)},
		{whole, rewritten(base, 3), rewritten(base, 3)},
		{whole, strings.Join(essay(), " "), strings.Join(essay(), " ")},
		{strings.Repeat("a b ", essayWords/2), strings.Repeat("b a a ", essayWords/3), strings.Repeat("a c b ", essayWords/3)},
	} {
		words, err := each(200, 5*time.Second, func(int) error { revision.Words(p.base, p.mine); return nil })
		if err != nil {
			return err
		}
		text, err := each(200, 5*time.Second, func(int) error { revision.Text(p.base, p.mine, p.theirs); return nil })
		if err != nil {
			return err
		}
		compared = append(compared, fmt.Sprintf("%.1f", ms(at(words.own, .5))))
		merged = append(merged, fmt.Sprintf("%.1f", ms(at(text.own, .5))))
	}
	tableLine("two texts of 2,000 words, CPU: edited, half rewritten, unlike, repeating", "", "compared "+strings.Join(compared, ", ")+" ms; merged "+strings.Join(merged, ", ")+" ms", "", "≤ 5 ms")
	return nil
}
