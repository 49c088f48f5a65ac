package finder

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzSearch asks anything of a small atlas in two segments: what it finds
// exists, once, and the words of a suggestion find something.
func FuzzSearch(f *testing.F) {
	atlas := New()
	docs := world()
	atlas.Apply(docs[:9], nil)
	atlas.Apply(docs[9:], nil)
	for _, s := range []string{"", "skulls prague", "museums in mexico city", "Museen Prag", "in", "in in in prague", "prague prague", "paris paris texas texas",
		"\x00", "\xff\xfe", strings.Repeat("prague ", 100), strings.Repeat("x", 5000), "東京タワー", "อรุณ", "البتراء", "muzzeum", "p", "'", "d'", "\u202epraga", "bath in bath"} {
		f.Add(s, 10, 0)
	}
	f.Fuzz(func(t *testing.T, q string, limit, offset int) {
		for name, r := range map[string]Result{
			"search":  atlas.Search(q, SearchOptions{Limit: limit, Offset: offset}),
			"suggest": atlas.Suggest(q, nil, limit),
			"places":  atlas.Search(q, SearchOptions{Kinds: []Kind{Place}, In: "mexico"}),
		} {
			seen := map[Ref]bool{}
			for i, c := range r.Cards {
				if !atlas.Has(c.Ref) || seen[c.Ref] || i > 0 && c.Score > r.Cards[i-1].Score {
					t.Fatalf("%s %q: card %d is %+v", name, q, i, c)
				}
				seen[c.Ref] = true
				if name == "places" && c.Kind != Place {
					t.Fatalf("%q: a %s among places", q, c.Kind)
				}
			}
			if !utf8.ValidString(r.Suggestion) {
				t.Fatalf("%s %q suggests %q", name, q, r.Suggestion)
			}
			if r.Suggestion != "" && name == "search" && len(atlas.Search(r.Suggestion, SearchOptions{}).Cards) == 0 {
				t.Fatalf("%q: the suggestion %q finds nothing", q, r.Suggestion)
			}
		}
		atlas.Count(Filter{Text: q})
	})
}
