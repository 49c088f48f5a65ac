package finder

import (
	"slices"
	"strings"
	"sync"
	"testing"
)

// world is a few documents of every kind that search tests ask about.
func world() []Doc {
	id := int64(0)
	doc := func(k Kind, slug, title string, rank float32, in ...string) Doc {
		id++
		return Doc{Ref: Ref{k, id}, Slug: slug, Title: title, Rank: rank, In: in}
	}
	dest := func(path, title string, rank float32, names ...string) Doc {
		d := doc(Destination, path, title, rank)
		for _, n := range names {
			d.Aliases = append(d.Aliases, Alias{Name: n})
		}
		return d
	}
	with := func(d Doc, body string, tags ...string) Doc {
		d.Body, d.Tags = body, tags
		return d
	}
	return []Doc{
		dest("czechia", "Czechia", 8, "Tschechien", "Česko"),
		dest("czechia/prague", "Prague", 9, "Praha", "Prag", "Прага", "プラハ", "Praga"),
		dest("mexico", "Mexico", 9, "México", "Mexiko"),
		dest("mexico/mexico-city", "Mexico City", 9, "Ciudad de México", "Mexiko-Stadt"),
		dest("france/paris", "Paris", 9, "Париж", "パリ"),
		dest("united-states/texas", "Texas", 7),
		dest("united-states/texas/paris", "Paris", 2),
		dest("united-kingdom/bath", "Bath", 3),
		with(doc(Place, "cabinet", "Cabinet of Skulls", 1, "czechia", "czechia/prague"), "Heads of murderers.", "skulls", "museums"),
		with(doc(Place, "bone-church", "Bone Church", 2, "czechia", "czechia/kutna-hora"), "Skulls and bones, an hour from Prague.", "skulls"),
		with(doc(Place, "trotsky", "Museo Casa de León Trotsky", 3, "mexico", "mexico/mexico-city"), "The fortress house.", "museums"),
		with(doc(Place, "toys", "Museum of Old Toys", 2, "mexico", "mexico/mexico-city"), "Toys.", "toys"),
		with(doc(Place, "toys-fr", "Museum of Old Toys", 2, "france", "france/paris"), "Toys.", "toys"),
		doc(Place, "eiffel", "Eiffel Tower in Paris, Texas", 1, "united-states", "united-states/texas", "united-states/texas/paris"),
		doc(Place, "bath-house", "Bath House", 1, "mexico", "mexico/mexico-city"),
		doc(Place, "lodz", "Łódź Film School", 1, "poland"),
		doc(Place, "tower", "東京タワー", 1, "japan"),
		doc(Place, "temple", "วัดอรุณ", 1, "thailand"),
		doc(Place, "petra", "البتراء", 1, "jordan"),
		doc(Place, "delphi", "Μαντείο των Δελφών", 1, "greece"),
		doc(Tag, "skulls", "skulls", 1),
		doc(Story, "a-night", "A Night Among the Skulls of Prague", 1),
	}
}

func searchable(t *testing.T, docs []Doc) *Finder {
	t.Helper()
	f := New()
	f.Load(func() (Doc, bool) {
		if len(docs) == 0 {
			return Doc{}, false
		}
		d := docs[0]
		docs = docs[1:]
		return d, true
	})
	return f
}

func slugs(cards []Card) []string {
	var s []string
	for _, c := range cards {
		s = append(s, c.Slug)
	}
	return s
}

// What lies in the city that is asked for by name comes before a first page
// full of what only resembles the word.
func TestSearchPutsWhatIsThereBeforeWhatResembles(t *testing.T) {
	docs := []Doc{{Ref: Ref{Destination, 1}, Slug: "austria/vienna", Title: "Vienna", Rank: 9, Aliases: []Alias{{Name: "Wien"}}},
		{Ref: Ref{Place, 2}, Slug: "josephinum", Title: "Josephinum", In: []string{"austria", "austria/vienna"}}}
	for i := range int64(30) {
		docs = append(docs, Doc{Ref: Ref{Place, 10 + i}, Slug: "elsewhere", Title: "Elsewhere", Body: "When they came, when they went.", In: []string{"france"}})
	}
	r := searchable(t, docs).Search("Wien", SearchOptions{Limit: 10})
	if got := slugs(r.Cards); len(got) != 10 || got[0] != "austria/vienna" || got[1] != "josephinum" {
		t.Errorf("Wien: %v", got)
	}
}

func TestSearchUnderstands(t *testing.T) {
	f := searchable(t, world())
	for _, c := range []struct {
		q, first, in, rest, suggestion string
		also                           []string
		not                            []string
	}{
		{q: "prague", first: "czechia/prague", in: "czechia/prague"},
		{q: "Прага", first: "czechia/prague", in: "czechia/prague", also: []string{"cabinet"}, not: []string{"toys"}},
		{q: "in Prag", first: "czechia/prague", in: "czechia/prague", also: []string{"cabinet"}, not: []string{"toys"}},
		{q: "プラハ", first: "czechia/prague", in: "czechia/prague"},
		{q: "skulls prague", first: "a-night", in: "czechia/prague", rest: "skulls", also: []string{"cabinet", "bone-church"}},
		{q: "museums in mexico city", first: "toys", in: "mexico/mexico-city", rest: "museums", also: []string{"trotsky"}, not: []string{"toys-fr"}},
		{q: "Museen Prag", first: "cabinet", in: "czechia/prague", rest: "Museen", not: []string{"toys", "toys-fr"}},
		{q: "paris texas", first: "eiffel", in: "united-states/texas/paris"},
		{q: "zeppelins in prague", first: "czechia/prague", in: "czechia/prague", rest: "zeppelins", also: []string{"cabinet"}},
		{q: "skulls bath", first: "united-kingdom/bath", in: "united-kingdom/bath", rest: "skulls", also: []string{"skulls", "cabinet"}},
		{q: "bath house", first: "bath-house", in: "united-kingdom/bath"},
		{q: "house bath", first: "bath-house", in: "united-kingdom/bath"},
		{q: "trotzky", first: "trotsky", suggestion: "trotsky"},
		{q: "Leon Trotzky", first: "trotsky", suggestion: "Leon Trotsky"},
		{q: "lodz film shcool", first: "lodz", suggestion: "lodz film school"},
		{q: "東京", first: "tower"},
		{q: "タワー", first: "tower"},
		{q: "อรุณ", first: "temple"},
		{q: "البتراء", first: "petra"},
		{q: "δελφων", first: "delphi"},
		{q: "bone chur", first: "bone-church"},
		{q: "cabinet qqqqqq skulls", first: "cabinet"},
	} {
		r := f.Search(c.q, SearchOptions{})
		got := slugs(r.Cards)
		if len(got) == 0 || got[0] != c.first {
			t.Errorf("%q: got %v, want first %s", c.q, got, c.first)
		}
		for _, s := range c.also {
			if !slices.Contains(got, s) {
				t.Errorf("%q: %v lacks %s", c.q, got, s)
			}
		}
		for _, s := range c.not {
			if slices.Contains(got, s) {
				t.Errorf("%q: %v has %s", c.q, got, s)
			}
		}
		if r.In != c.in || r.Rest != c.rest || r.Suggestion != c.suggestion {
			t.Errorf("%q: in %q rest %q suggestion %q, want %q %q %q", c.q, r.In, r.Rest, r.Suggestion, c.in, c.rest, c.suggestion)
		}
	}
}

func TestSearchOfNothing(t *testing.T) {
	f := searchable(t, world())
	for _, q := range []string{"", "   ", "?!", "xylqzzwv", "\x00\xff"} {
		if r := f.Search(q, SearchOptions{}); len(r.Cards) != 0 || r.Counts != [kinds]int{} {
			t.Errorf("%q: %v", q, slugs(r.Cards))
		}
		if r := f.Suggest(q, nil, 10); len(r.Cards) != 0 {
			t.Errorf("suggest %q: %v", q, slugs(r.Cards))
		}
	}
	if r := f.Search("muzzeum", SearchOptions{}); len(r.Cards) != 0 || r.Suggestion != "museum" {
		t.Errorf("an empty answer suggests %q with %v", r.Suggestion, slugs(r.Cards))
	}
	if r := New().Search("prague", SearchOptions{}); len(r.Cards) != 0 || r.In != "" {
		t.Errorf("an empty finder answers %+v", r)
	}
}

func TestSearchFilters(t *testing.T) {
	f := searchable(t, world())
	r := f.Search("skulls", SearchOptions{})
	if r.Counts[Place] != 2 || r.Counts[Tag] != 1 || r.Counts[Story] != 1 {
		t.Errorf("counts %v", r.Counts)
	}
	for _, c := range []struct {
		o    SearchOptions
		want []string
	}{
		{SearchOptions{Kinds: []Kind{Story}}, []string{"a-night"}},
		{SearchOptions{In: "czechia/prague"}, []string{"cabinet"}},
		{SearchOptions{Tags: []string{"museums"}}, []string{"cabinet"}},
		{SearchOptions{Kinds: []Kind{Member}}, nil},
		{SearchOptions{Limit: 1, Offset: 1}, slugs(r.Cards[1:2])},
	} {
		if got := slugs(f.Search("skulls", c.o).Cards); !slices.Equal(got, c.want) {
			t.Errorf("%+v: got %v, want %v", c.o, got, c.want)
		}
	}
}

func TestSuggest(t *testing.T) {
	f := searchable(t, world())
	for q, first := range map[string]string{
		"pra": "czechia/prague", "prg": "", "prauge": "czechia/prague", "mex": "mexico", "mexico c": "mexico/mexico-city",
		"ciud": "mexico/mexico-city", "musem": "trotsky", "skulls pra": "a-night", "bone ch": "bone-church", "łod": "lodz", "東": "tower",
	} {
		r := f.Suggest(q, nil, 8)
		got := ""
		if len(r.Cards) > 0 {
			got = r.Cards[0].Slug
		}
		if got != first {
			t.Errorf("%q: got %v, want %q first", q, slugs(r.Cards), first)
		}
	}
	if r := f.Suggest("ciud", nil, 8); r.Cards[0].Alias != "Ciudad de México" {
		t.Errorf("alias %q", r.Cards[0].Alias)
	}
	if r := f.Suggest("p", []Kind{Destination}, 8); len(r.Cards) == 0 || slices.ContainsFunc(r.Cards, func(c Card) bool { return c.Kind != Destination }) {
		t.Errorf("kinds: %v", slugs(r.Cards))
	}
}

// What is published later is found as what was loaded, and what is withdrawn
// is not found, in whichever segment it lies.
func TestSearchFollowsChanges(t *testing.T) {
	f := searchable(t, world())
	for i := range int64(40) {
		f.Apply([]Doc{{Ref: Ref{Place, 1000 + i}, Slug: "late", Title: "Zoetrope Parlour", Rank: float32(i)}}, nil)
		if r := f.Search("zoetrop parlour", SearchOptions{Limit: 100}); len(r.Cards) != int(i)+1 || r.Counts[Place] != int(i)+1 {
			t.Fatalf("after %d: %d found, counts %v", i+1, len(r.Cards), r.Counts)
		}
		if i%8 == 0 {
			f.Merge()
		}
	}
	for i := range int64(39) {
		f.Apply(nil, []Ref{{Place, 1000 + i}})
	}
	for f.Merge() {
	}
	r := f.Search("parlor zoetrope", SearchOptions{})
	if len(r.Cards) != 1 || r.Cards[0].ID != 1039 {
		t.Errorf("found %v", r.Cards)
	}
}

func TestMatchText(t *testing.T) {
	f := searchable(t, world())
	for q, n := range map[string]int{"skulls prague": 3, "toys": 2, "musem": 3, "nothing of this": 0} {
		if got := f.Count(Filter{Text: q}); got != n {
			t.Errorf("%q: %d, want %d", q, got, n)
		}
	}
}

// Readers see one whole state, whatever is written meanwhile; the race
// detector watches.
func TestSearchWhileChanging(t *testing.T) {
	f := searchable(t, world())
	var readers sync.WaitGroup
	stop := make(chan struct{})
	for range 2 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if r := f.Search("skulls prague", SearchOptions{}); len(r.Cards) < 3 || r.Cards[0].Slug != "a-night" {
					t.Errorf("found %v", slugs(r.Cards))
					return
				}
				f.Suggest("prauge", nil, 5)
				f.Count(Filter{Text: "skulls"})
			}
		})
	}
	for i := range int64(100) {
		f.Apply([]Doc{{Ref: Ref{Place, 2000 + i%10}, Slug: "other", Title: "Something else", Body: "zoetrope"}}, []Ref{{Place, 2000 + (i+5)%10}})
		f.Merge()
	}
	close(stop)
	readers.Wait()
}

// Quoted finds what has all the words of a phrase as they are, and forgives nothing.
func TestQuoted(t *testing.T) {
	f := searchable(t, world())
	for words, want := range map[string][]string{
		"skulls and bones an hour":     {"bone-church"},
		"toys":                         {"toys", "toys-fr"},
		"skulls and bones / toys":      {"bone-church", "toys", "toys-fr"},
		"skulls and dragons / an hour": {"bone-church"},
		"skuls and bones":              {}, // Search would find it
		"skulls and dragons":           {},
		"skull and bones":              {},
	} {
		var phrases [][]string
		for phrase := range strings.SplitSeq(words, " / ") {
			phrases = append(phrases, Words(phrase))
		}
		var got []string
		for _, c := range f.Quoted(phrases, []Kind{Place}, 5) {
			got = append(got, c.Slug)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, not %v", words, got, want)
		}
	}
}
