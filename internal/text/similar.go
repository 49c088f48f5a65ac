package text

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Similarity is how alike two names are, 0 to 1, whatever their case, accents,
// punctuation and order of words. It is the better of two measures:
//
//   - the words of one paired with the nearest words of the other, each pair
//     weighed by its length and its edits (an insertion, a deletion, a change or
//     a swap of neighbours is one), pairs less than 60 % alike not counted;
//   - where the numbers of words differ, the edits between the names written
//     without spaces, so that "Kinkaku-ji" is "Kinkakuji".
//
// Names that carry different numbers ("Pier 7", "Pier 9") are never 0.8 alike.
func Similarity(a, b string) float64 {
	wa, wb := nameWords(a), nameWords(b)
	if len(wa) == 0 || len(wb) == 0 {
		return 0
	}
	score := paired(wa, wb)
	if len(wa) != len(wb) {
		score = max(score, alike(strings.Join(wa, ""), strings.Join(wb, "")))
	}
	if !slices.Equal(numbers(wa), numbers(wb)) {
		score = min(score, 0.75)
	}
	return score
}

// nameWords are the words of a name with its usual abbreviations written out.
func nameWords(s string) []string {
	if len(s) > 400 { // a name, not a text: bounds the pairing below
		s = strings.ToValidUTF8(s[:400], "")
	}
	words := Words(s)
	for i, w := range words {
		if long, ok := abbreviated[w]; ok {
			words[i] = long
		}
	}
	return words
}

var abbreviated = map[string]string{
	"st": "saint", "ste": "sainte", "mt": "mount", "mts": "mountains", "ft": "fort", "pt": "point",
	"str": "strasse", "dr": "doctor", "bldg": "building", "natl": "national", "intl": "international", "nat": "national",
}

func numbers(words []string) []string {
	var n []string
	for _, w := range words {
		if w[0] >= '0' && w[0] <= '9' {
			n = append(n, w)
		}
	}
	slices.Sort(n)
	return n
}

// paired pairs words greedily, best pairs first: with names this is as good as
// the best assignment and needs no more than a sort.
func paired(a, b []string) float64 {
	type pair struct {
		i, j int
		like float64
	}
	total := 0
	for _, w := range a {
		total += utf8.RuneCountInString(w)
	}
	for _, w := range b {
		total += utf8.RuneCountInString(w)
	}
	var pairs []pair
	for i, w := range a {
		for j, v := range b {
			if like := alike(w, v); like >= 0.6 {
				pairs = append(pairs, pair{i, j, like})
			}
		}
	}
	slices.SortStableFunc(pairs, func(x, y pair) int {
		switch {
		case x.like > y.like:
			return -1
		case x.like < y.like:
			return 1
		}
		return 0
	})
	usedA, usedB := make([]bool, len(a)), make([]bool, len(b))
	sum := 0.0
	for _, p := range pairs {
		if usedA[p.i] || usedB[p.j] {
			continue
		}
		usedA[p.i], usedB[p.j] = true, true
		sum += p.like * float64(utf8.RuneCountInString(a[p.i])+utf8.RuneCountInString(b[p.j]))
	}
	return sum / float64(total)
}

// alike is one less the share of edits in the longer word.
func alike(a, b string) float64 {
	if a == b {
		return 1
	}
	ra, rb := []rune(a), []rune(b)
	longer := max(len(ra), len(rb))
	if longer == 0 {
		return 0
	}
	return 1 - float64(edits(ra, rb))/float64(longer)
}

// edits is the optimal string alignment distance.
func edits(a, b []rune) int {
	before, prev, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, prev, row = prev, row, before
	}
	return prev[len(b)]
}
