package draw

import (
	"math/rand/v2"
	"strings"
)

// Text is what a place says.
type Text struct {
	ID    int
	Title string // one to five words
	Tags  []string
	City  string
	Body  string // 60 words
}

// words is the size of the vocabulary; common words follow Zipf's law with
// exponent 1.07, so that the commonest stand in most texts.
const words = 60_000

// Texts draws texts one after another.
type Texts struct {
	r          *rand.Rand
	vocabulary []string
	word, city *rand.Zipf
	cities     []centre
	id         int
}

// NewTexts starts a sequence of texts.
func (w *World) NewTexts(seed uint64) *Texts {
	r := rand.New(rand.NewPCG(seed, 5))
	return &Texts{r: r, vocabulary: vocabulary(), cities: w.centres,
		word: rand.NewZipf(r, 1.07, 3, words-1), city: rand.NewZipf(r, 1.1, 50, uint64(len(w.centres)-1))}
}

// vocabulary makes up words of two letters and more, the common ones short.
func vocabulary() []string {
	r := rand.New(rand.NewPCG(5, 5))
	begin := strings.Fields("b br c ch d dr f fl g gr h j k kl l m n p pr qu r s st sh t tr v w z th")
	middle := strings.Fields("a e i o u ai ea ou io y")
	end := strings.Fields("n r s l t m nd rt ck x ng")
	seen := make(map[string]bool, words)
	out := make([]string, 0, words)
	for len(out) < words {
		var b strings.Builder
		for range 1 + r.IntN(3) + len(out)/(words/2) {
			b.WriteString(begin[r.IntN(len(begin))])
			b.WriteString(middle[r.IntN(len(middle))])
			if r.IntN(2) == 0 {
				b.WriteString(end[r.IntN(len(end))])
			}
		}
		if w := b.String(); len(w) > 2 && !seen[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}

// Next draws a text; ids count from 1.
func (t *Texts) Next() Text {
	t.id++
	title := t.some(1+t.r.IntN(4)) + " " + t.vocabulary[t.r.IntN(words)]
	return Text{ID: t.id, Title: title, Tags: strings.Fields(t.some(3)), City: t.cities[t.city.Uint64()].name, Body: t.some(60)}
}

func (t *Texts) some(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = t.vocabulary[t.word.Uint64()]
	}
	return strings.Join(list, " ")
}

// Questions are what readers type.
type Questions struct {
	Words  []string    // one to three words of one body
	Prefix []string    // the first two to eight letters of a title
	Typo   [][2]string // a title's word of six letters or more with one edit, and the right word
}

// Ask takes questions from a text that is in the data.
func (q *Questions) Ask(r *rand.Rand, t Text) {
	body, title := strings.Fields(t.Body), strings.Fields(t.Title)
	var some []string
	for range 1 + r.IntN(3) {
		if w := body[r.IntN(len(body))]; len(w) > 4 {
			some = append(some, w)
		}
	}
	last := title[len(title)-1]
	if len(some) == 0 {
		some = []string{last}
	}
	q.Words = append(q.Words, strings.Join(some, " "))
	q.Prefix = append(q.Prefix, strings.TrimSpace(t.Title[:min(len(t.Title), 2+r.IntN(7))]))
	if len(last) >= 6 {
		q.Typo = append(q.Typo, [2]string{edit(r, last), last})
	}
}

// edit leaves out, puts in, changes or swaps one letter inside a word.
func edit(r *rand.Rand, w string) string {
	at, letter := 1+r.IntN(len(w)-2), string(rune('a'+r.IntN(26)))
	switch r.IntN(4) {
	case 0:
		return w[:at] + w[at+1:]
	case 1:
		return w[:at] + letter + w[at:]
	case 2:
		return w[:at] + letter + w[at+1:]
	}
	return w[:at] + w[at+1:at+2] + w[at:at+1] + w[at+2:]
}
