package text

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	fold "mirabilia/internal/text"
	"pgregory.net/rapid"
)

// found lists the ordinals of an answer, best first.
func found(parts []Part, q string, o Options) []uint32 {
	if o.Limit == 0 {
		o.Limit = 10
	}
	var ords []uint32
	for _, h := range Search(parts, fold.Words(q), o).Hits {
		ords = append(ords, h.Ord)
	}
	return ords
}

func titles(names ...string) []Document {
	var docs []Document
	for _, n := range names {
		title, others, _ := strings.Cut(n, "|")
		d := Document{Title: title}
		if others != "" {
			d.Aliases = strings.Split(others, "|")
		}
		docs = append(docs, d)
	}
	return docs
}

func TestForgives(t *testing.T) {
	docs := titles("Łódź Film School", "Øresund Bridge", "Ærø Harbour", "Topkapı Palace", "Château d'Utsunomiya",
		"Köln|Cologne|Colonia|Кёльн|ケルン", "Museum of Death", "東京タワー|Tokyo Tower", "วัดอรุณ|Wat Arun", "سوق واقف|Souq Waqif",
		"Μετέωρα|Meteora", "Храм Василия Блаженного|Saint Basil's Cathedral", "Straße der Romanik", "Þingvellir", "경복궁|Gyeongbokgung", "Winchester Mystery House")
	parts := []Part{{Index: buildAll(docs)}}
	for _, c := range []struct {
		q    string
		want uint32
	}{
		{"lodz film school", 0}, {"LODZ", 0}, {"oresund", 1}, {"aero harbour", 2}, {"topkapi", 3}, {"chateau utsunomiya", 4},
		{"cologne", 5}, {"кельн", 5}, {"ケルン", 5}, {"death museum", 6}, {"東京", 7}, {"タワー", 7}, {"อรุณ", 8}, {"سوق", 9},
		{"μετεωρα", 10}, {"василия", 11}, {"strasse romanik", 12}, {"thingvellir", 13}, {"경복궁", 14},
		{"mysetry house", 15}, {"mistery house", 15}, {"winchestre", 15}, {"vinchester", 15}, {"winhcesetr", 15}, {"winchestermystery", 15},
		{"deth", 6}, {"edath", 6}, {"museumof death", 6}, {"cathedrall saint basils", 11}, {"toky tower", 7}, {"winch", 15}, {"mystery hou", 15},
	} {
		if got := found(parts, c.q, Options{}); len(got) == 0 || got[0] != c.want {
			t.Errorf("%q found %v, want %d (%s)", c.q, got, c.want, docs[c.want].Title)
		}
	}
	for _, q := range []string{"dxxth", "mse", "wxnxhxster"} {
		if got := found(parts, q, Options{}); len(got) != 0 {
			t.Errorf("%q found %v: too many edits were forgiven", q, got)
		}
	}
}

func TestOrder(t *testing.T) {
	docs := []Document{
		{Title: "A house", Body: "Near the bone church, a museum of everything."},
		{Title: "Another", Tags: []string{"bone church"}},
		{Title: "Church of the Bone"},
		{Title: "The Old Bone Church of Sedlec"},
		{Title: "Sedlec", Aliases: []string{"Bone Church"}},
		{Title: "Bone Church Museum"},
		{Title: "Bone Church"},
	}
	parts := []Part{{Index: buildAll(docs)}}
	if got, want := found(parts, "bone church", Options{}), []uint32{6, 4, 5, 3, 2, 1, 0}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	a := Search(parts, []string{"bone", "church"}, Options{Limit: 3})
	if a.Hits[0].Name != 0 || a.Hits[1].Name != 1 {
		t.Errorf("names %d and %d, want the title and the first alias", a.Hits[0].Name, a.Hits[1].Name)
	}
}

func TestWholeNames(t *testing.T) {
	docs := titles("Bora Bora", "Bora")
	for range 100 {
		docs = append(docs, Document{Title: "Bora Bay Museum"})
	}
	docs = append(docs, titles("Museum", "Bora  bora!", "Tahiti|Bora Bora")...)
	parts := []Part{{Index: buildAll(docs)}}
	if got := found(parts, "bora bora", Options{Limit: 3}); !slices.Equal(got, []uint32{0, 103, 104}) {
		t.Errorf("bora bora: %v", got)
	}
	if got := found(parts, "museum qqqqqq", Options{Limit: 3}); len(got) == 0 || got[0] != 102 {
		t.Errorf("museum, with a word that nothing has: %v", got)
	}
}

func TestRankOrdersEquals(t *testing.T) {
	var docs []Document
	for i := range 3000 {
		docs = append(docs, Document{Title: fmt.Sprint("Lighthouse number", i), Rank: float32(3000 - i)})
	}
	parts := []Part{{Index: buildAll(docs)}}
	for _, o := range []Options{{}, {Typing: true}} {
		for _, q := range []string{"lighthouse", "lightho", "ligthouse"} {
			if got := found(parts, q, o); !slices.Equal(got, []uint32{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}) {
				t.Errorf("%q %+v: got %v", q, o, got)
			}
		}
	}
}

func TestAnswerTellsWhatItDid(t *testing.T) {
	parts := []Part{{Index: buildAll(titles("Museum of Death", "House of Bones", "Bone House"))}}
	for _, c := range []struct {
		q                  string
		words              string
		corrected, partial bool
	}{
		{"museum death", "museum death", false, false},
		{"musuem death", "museum death", true, false},
		{"museum qqqqqqq death", "museum death", false, true},
		{"musuem qqqqqqq death", "museum death", true, true},
		{"death bones", "", false, true},
		{"bones bones", "bones bones", false, false},
		{"vvvvv", "", false, true},
		{"musxxm", "museum", true, true},
	} {
		a := Search(parts, fold.Words(c.q), Options{Limit: 10})
		if strings.Join(a.Words, " ") != c.words || a.Corrected != c.corrected || a.Partial != c.partial {
			t.Errorf("%q: words %q corrected %v partial %v", c.q, a.Words, a.Corrected, a.Partial)
		}
	}
}

// TestFindsAllThatHaveTheWords holds a search against a look at every
// document, with the documents in one index, in several, and merged.
func TestFindsAllThatHaveTheWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom(strings.Fields("ant bee cat dog eel fox gnu hen ibis jay kiwi lark moth newt owl"))
		some := rapid.Map(rapid.SliceOfN(word, 0, 6), func(w []string) string { return strings.Join(w, " ") })
		n := rapid.IntRange(1, 700).Draw(t, "n")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		pool := rapid.SliceOfN(some, 3, 12).Draw(t, "texts")
		docs := make([]Document, n)
		for i := range docs {
			p := func() string { return pool[r.IntN(len(pool))] }
			docs[i] = Document{Title: p(), Aliases: []string{p()}, Body: p(), Tags: []string{p()}, Places: []string{p()}, Rank: float32(n - i)}
		}
		whole := []Part{{Index: buildAll(docs)}}
		cut := r.IntN(n)
		split := []Part{{Index: buildAll(docs[:cut])}, {Index: buildAll(docs[cut:])}}
		var order []Source
		for i := range docs {
			if i < cut {
				order = append(order, Source{0, i})
			} else {
				order = append(order, Source{1, i - cut})
			}
		}
		merged := []Part{{Index: Merge([]*Index{split[0].Index, split[1].Index}, order)}}
		q := strings.Fields(some.Draw(t, "query"))
		want := having(docs, q)
		for name, parts := range map[string][]Part{"whole": whole, "split": split, "merged": merged} {
			got := map[uint32]bool{}
			a := Search(parts, q, Options{Limit: 500, All: true, Visit: func(part int, ords []uint32) bool {
				for _, ord := range ords {
					got[ord+uint32(part*cut)] = true
				}
				return true
			}})
			if len(want) == 0 {
				if len(q) > 0 && !a.Partial && len(a.Hits) > 0 {
					t.Fatalf("%s: %v found %v, nothing has it all", name, q, a.Hits)
				}
				continue
			}
			for ord := range want {
				if !got[ord] {
					t.Fatalf("%s: %v did not find %d %+v", name, q, ord, docs[ord])
				}
			}
			if len(want) < 500 && len(a.Hits) < len(want) {
				t.Fatalf("%s: %v: %d hits of %d", name, q, len(a.Hits), len(want))
			}
			if !slices.IsSortedFunc(a.Hits, better) {
				t.Fatalf("%s: hits out of order", name)
			}
		}
		// The split may weigh nothing differently: the same best documents.
		a, b := Search(whole, q, Options{Limit: 20}), Search(merged, q, Options{Limit: 20})
		if fmt.Sprint(plain(a.Hits)) != fmt.Sprint(plain(b.Hits)) {
			t.Fatalf("merged differs: %v and %v", plain(a.Hits), plain(b.Hits))
		}
	})
}

func plain(hits []Hit) (out []string) {
	for _, h := range hits {
		out = append(out, fmt.Sprintf("%d %.4f", h.Ord, h.Score))
	}
	return out
}

func having(docs []Document, q []string) map[uint32]bool {
	want := map[uint32]bool{}
	for i, d := range docs {
		has := map[string]bool{}
		for _, s := range slices.Concat([]string{d.Title, d.Body}, d.Aliases, d.Tags, d.Places) {
			for _, w := range strings.Fields(s) {
				has[w] = true
			}
		}
		all := len(q) > 0
		for _, w := range q {
			all = all && has[w]
		}
		if all {
			want[uint32(i)] = true
		}
	}
	return want
}

// TestBestOfMany holds the early ending of a search against one that ranks
// everything, on documents whose words are common.
func TestBestOfMany(t *testing.T) {
	c := newCorpus()
	var docs []Document
	for i := range 20_000 {
		d := c.document()
		d.Rank = float32(20_000-i) / 1000
		docs = append(docs, d)
	}
	parts := []Part{{Index: buildAll(docs)}}
	for range 200 {
		q := fold.Words(c.question(docs[c.r.IntN(len(docs))]))
		few := Search(parts, q, Options{Limit: 10})
		many := Search(parts, q, Options{Limit: 500})
		n := min(10, len(many.Hits))
		if len(few.Hits) < n {
			t.Fatalf("%v: %d hits of %d", q, len(few.Hits), n)
		}
		for i := range n {
			// Patience may leave out a document of a lower tier, not one of
			// those with all the words in names.
			if many.Hits[i].Name >= 0 && few.Hits[i].Score < many.Hits[i].Score-1e-5 {
				t.Errorf("%v: hit %d scores %.4f, among more it is %.4f", q, i, few.Hits[i].Score, many.Hits[i].Score)
			}
		}
	}
}

func TestKeepAndOnly(t *testing.T) {
	var docs []Document
	for i := range 2000 {
		docs = append(docs, Document{Title: fmt.Sprint("Stone circle ", i), Body: "stones", Tags: []string{"stone"}})
	}
	ix := buildAll(docs)
	odd := func(ord uint32) bool { return ord%2 == 1 }
	for _, q := range []string{"stone", "stone circle", "stones circle", "stnoe circle", "circle 77"} {
		for _, typing := range []bool{false, true} {
			for _, ord := range found([]Part{{Index: ix, Keep: odd}}, q, Options{Typing: typing, Limit: 50}) {
				if !odd(ord) {
					t.Errorf("%q: found %d, which is not to be found", q, ord)
				}
			}
			for _, ord := range found([]Part{{Index: ix, Only: []uint32{5, 77, 1999}}}, q, Options{Typing: typing}) {
				if ord != 5 && ord != 77 && ord != 1999 {
					t.Errorf("%q: found %d, which is not among the few", q, ord)
				}
			}
		}
	}
	if got := found([]Part{{Index: ix, Only: []uint32{}}}, "stone", Options{}); len(got) != 0 {
		t.Errorf("found %v of nothing", got)
	}
}

func TestSimilar(t *testing.T) {
	docs := []Document{
		{Title: "Winchester", Body: "a sprawling mansion of staircases to nowhere built by a rifle heiress"},
		{Title: "Elsewhere", Body: "ordinary words about an ordinary thing"},
		{Title: "Folly", Body: "another heiress with staircases to nowhere"},
	}
	near := buildAll(docs).Similar(0, 5)
	if len(near) == 0 || near[0].Ord != 2 {
		t.Errorf("near %v, want the other with staircases first", near)
	}
	if got := buildAll(nil).Similar(7, 5); len(got) != 0 {
		t.Errorf("an empty index knows %v", got)
	}
}

// TestRecall proves on made names what TestRecallOfSample does on real ones.
func TestRecall(t *testing.T) {
	c := newCorpus()
	var docs []Document
	for range 4000 {
		d := c.document()
		d.Title = c.words[c.r.IntN(len(c.words))] + " " + d.Title
		d.Aliases = []string{c.words[30_000+c.r.IntN(30_000)] + " " + c.words[30_000+c.r.IntN(30_000)]}
		docs = append(docs, d)
	}
	parts := []Part{{Index: buildAll(docs)}}
	for kind, ask := range map[string]func(d Document) string{
		"typo": func(d Document) string {
			w := strings.Fields(d.Title)
			i := longest(w)
			w[i] = c.edit(w[i])
			return strings.Join(w, " ")
		},
		"beginning":  func(d Document) string { return d.Title[:min(len(d.Title), len(strings.Fields(d.Title)[0])+4)] },
		"other name": func(d Document) string { return d.Aliases[0] },
		"reordered": func(d Document) string {
			w := strings.Fields(d.Title)
			slices.Reverse(w)
			return strings.Join(w, " ")
		},
		"accents": func(d Document) string {
			return strings.NewReplacer("a", "á", "o", "ø", "l", "ł", "i", "ı").Replace(d.Title)
		},
	} {
		right, asked := 0, 0
		for ord, d := range docs[:500] {
			asked++
			if slices.Contains(found(parts, ask(d), Options{}), uint32(ord)) {
				right++
			}
		}
		want := 0.97
		if kind == "beginning" {
			want = 0.90
		}
		if share := float64(right) / float64(asked); share < want {
			t.Errorf("%s: found %.3f, want %.2f", kind, share, want)
		}
	}
}

func longest(words []string) int {
	best := 0
	for i, w := range words {
		if utf8.RuneCountInString(w) > utf8.RuneCountInString(words[best]) {
			best = i
		}
	}
	return best
}
