package text

import (
	"math/rand/v2"
	"strings"
)

// corpus makes documents of the shape of the side-by-side benchmark: titles
// and 60-word texts of a vocabulary of 60,000 made words whose frequencies
// follow Zipf's law with exponent 1.07, three tags, a city. Its seed is fixed.
type corpus struct {
	r      *rand.Rand
	words  []string
	known  map[string]bool
	zipf   *rand.Zipf
	cities []string
	city   *rand.Zipf
}

func newCorpus() *corpus {
	c := &corpus{r: rand.New(rand.NewPCG(5, 5)), known: map[string]bool{}}
	onset := strings.Fields("b br c ch d dr f fl g gr h j k kl l m n p pr qu r s st sh t tr v w z th")
	vowel := strings.Fields("a e i o u ai ea ou io y")
	coda := strings.Fields("n r s l t m nd rt ck x ng")
	for len(c.words) < 60_000 {
		var b strings.Builder
		for range 1 + c.r.IntN(3) + len(c.words)/30_000 {
			b.WriteString(onset[c.r.IntN(len(onset))])
			b.WriteString(vowel[c.r.IntN(len(vowel))])
			if c.r.IntN(2) == 0 {
				b.WriteString(coda[c.r.IntN(len(coda))])
			}
		}
		if w := b.String(); len(w) > 2 && !c.known[w] {
			c.known[w] = true
			c.words = append(c.words, w)
		}
	}
	c.zipf = rand.NewZipf(c.r, 1.07, 3, uint64(len(c.words)-1))
	for range 20_000 {
		c.cities = append(c.cities, c.words[c.r.IntN(len(c.words))]+" "+c.words[c.r.IntN(len(c.words))])
	}
	c.city = rand.NewZipf(c.r, 1.1, 50, uint64(len(c.cities)-1))
	return c
}

func (c *corpus) some(n int) string {
	a := make([]string, n)
	for i := range a {
		a[i] = c.words[c.zipf.Uint64()]
	}
	return strings.Join(a, " ")
}

func (c *corpus) document() Document {
	return Document{
		Title:  c.some(1+c.r.IntN(4)) + " " + c.words[c.r.IntN(len(c.words))],
		Tags:   []string{c.some(1), c.some(1), c.some(1)},
		Places: []string{c.cities[c.city.Uint64()]},
		Body:   c.some(60),
	}
}

// words is a question of one to three words of a document's text.
func (c *corpus) question(d Document) string {
	body, title := strings.Fields(d.Body), strings.Fields(d.Title)
	var q []string
	for range 1 + c.r.IntN(3) {
		if w := body[c.r.IntN(len(body))]; len(w) > 4 {
			q = append(q, w)
		}
	}
	if len(q) == 0 {
		q = title[len(title)-1:]
	}
	return strings.Join(q, " ")
}

// beginning is the first two to eight letters of a title.
func (c *corpus) beginning(d Document) string {
	return strings.TrimSpace(d.Title[:min(len(d.Title), 2+c.r.IntN(7))])
}

// misspelt is a word of a title with one edit, and the word.
func (c *corpus) misspelt(d Document) (typo, word string) {
	title := strings.Fields(d.Title)
	word = title[len(title)-1]
	for len(word) < 6 {
		word = c.words[30_000+c.r.IntN(30_000)]
	}
	return c.edit(word), word
}

// edit makes one mistake in a word, not at its ends.
func (c *corpus) edit(w string) string {
	p := 1 + c.r.IntN(len(w)-2)
	letter := string(rune('a' + c.r.IntN(26)))
	switch c.r.IntN(4) {
	case 0:
		return w[:p] + w[p+1:]
	case 1:
		return w[:p] + letter + w[p:]
	case 2:
		return w[:p] + letter + w[p+1:]
	}
	return w[:p] + w[p+1:p+2] + w[p:p+1] + w[p+2:]
}
