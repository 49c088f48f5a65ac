package revision

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var rules = Rules{Texts: []string{"body"}, Together: [][]string{{"lat", "lon"}}}

func fields(t *testing.T, s string) Fields {
	t.Helper()
	var f Fields
	if err := json.Unmarshal([]byte(s), &f); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestMerge_cases(t *testing.T) {
	for name, c := range map[string]struct{ base, mine, theirs, merged, conflicts string }{
		"different fields":     {`{"title":"A","website":"x"}`, `{"title":"B","website":"x"}`, `{"title":"A","website":"y"}`, `{"title":"B","website":"y"}`, ""},
		"the same change":      {`{"title":"A"}`, `{"title":"B"}`, `{"title":"B"}`, `{"title":"B"}`, ""},
		"one text, two titles": {`{"title":"A"}`, `{"title":"B"}`, `{"title":"C"}`, `{"title":"C"}`, "title"},
		"title in halves":      {`{"title":"old hill of crosses"}`, `{"title":"new hill of crosses"}`, `{"title":"old hill of stars"}`, `{"title":"old hill of stars"}`, "title"},
		"words apart":          {`{"body":"An old hill with many crosses."}`, `{"body":"A green old hill with many crosses."}`, `{"body":"An old hill with many crosses and bells."}`, `{"body":"A green old hill with many crosses and bells."}`, ""},
		"the same words":       {`{"body":"An old hill."}`, `{"body":"A young hill."}`, `{"body":"An ancient hill."}`, `{"body":"An ancient hill."}`, "body"},
		"words that touch":     {`{"body":"one two three four"}`, `{"body":"one TWO three four"}`, `{"body":"one two THREE four"}`, `{"body":"one two THREE four"}`, "body"},
		"cleared and changed":  {`{"body":"one two"}`, `{}`, `{"body":"one two three"}`, `{"body":"one two three"}`, "body"},
		"cleared":              {`{"body":"one two","title":"A"}`, `{"title":"A"}`, `{"body":"one two","title":"B"}`, `{"title":"B"}`, ""},
		"halves of a position": {`{"lat":1,"lon":2}`, `{"lat":1.5,"lon":2}`, `{"lat":1,"lon":2.5}`, `{"lat":1,"lon":2.5}`, "lat lon"},
		"one moved it":         {`{"lat":1,"lon":2}`, `{"lat":1.5,"lon":2}`, `{"lat":1.0,"lon":2}`, `{"lat":1.5,"lon":2}`, ""},
		"tags":                 {`{"tags":["a","b","c"]}`, `{"tags":["a","c","d"]}`, `{"tags":["z","a","b","c"]}`, `{"tags":["z","a","c","d"]}`, ""},
		"tags put in order":    {`{"tags":["a","b","c"]}`, `{"tags":["c","b","a"]}`, `{"tags":["a","b","c","d"]}`, `{"tags":["c","d","b","a"]}`, ""},
		"two orders":           {`{"tags":["a","b","c"]}`, `{"tags":["c","b","a"]}`, `{"tags":["b","a","c"]}`, `{"tags":["b","a","c"]}`, "tags"},
		"facts apart":          {`{"facts":{"free":{"value":"no"}}}`, `{"facts":{"free":{"value":"yes"}}}`, `{"facts":{"free":{"value":"no"},"dogs":{"value":"no"}}}`, `{"facts":{"dogs":{"value":"no"},"free":{"value":"yes"}}}`, ""},
		"one fact":             {`{"facts":{"free":{"value":"no"}}}`, `{"facts":{"free":{"value":"yes"}}}`, `{"facts":{"free":{"value":"partly"}}}`, `{"facts":{"free":{"value":"partly"}}}`, "facts"},
		"both add the same":    {`{}`, `{"sources":[{"url":"u","title":"t"}]}`, `{"sources":[{"title":"t","url":"u"}]}`, `{"sources":[{"title":"t","url":"u"}]}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			merged, conflicts := rules.Merge(fields(t, c.base), fields(t, c.mine), fields(t, c.theirs))
			if Changed(merged, fields(t, c.merged)) != nil {
				b, _ := json.Marshal(merged)
				t.Errorf("merged is %s, want %s", b, c.merged)
			}
			var names []string
			for _, x := range conflicts {
				names = append(names, x.Field)
			}
			if got := strings.Join(names, " "); got != c.conflicts {
				t.Errorf("conflicts in %q, want %q", got, c.conflicts)
			}
		})
	}
}

func TestWords_oneChangeForOnePhrase(t *testing.T) {
	got := Words("The blue cat sat, quite still.", "The red fox sat, quite still there.")
	want := []Piece{{Kept, "The "}, {Removed, "blue cat"}, {Added, "red fox"}, {Kept, " sat, quite still"}, {Added, " there"}, {Kept, "."}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	if got := Words("富士山の湖", "富士山の池"); !slices.Equal(got, []Piece{{Kept, "富士山の"}, {Removed, "湖"}, {Added, "池"}}) {
		t.Errorf("a script without spaces: %v", got)
	}
	if Words("same", "same")[0] != (Piece{Kept, "same"}) || Words("", "") != nil {
		t.Error("equal texts are one kept piece, empty ones none")
	}
}

// edited is base with words of a side's own put in and words taken out; words
// of base are all different, so what a side did can be told from the result.
func edited(t *rapid.T, side string, base []string) (text string, added, gone []string) {
	var out []string
	for i := 0; i <= len(base); i++ {
		if rapid.IntRange(0, 5).Draw(t, side+" adds") == 0 {
			w := fmt.Sprintf("%s%d", side, i)
			out, added = append(out, w), append(added, w)
		}
		if i == len(base) {
			break
		}
		if rapid.IntRange(0, 5).Draw(t, side+" removes") == 0 {
			gone = append(gone, base[i])
			continue
		}
		out = append(out, base[i])
	}
	return strings.Join(out, " "), added, gone
}

func TestText_losesNothingSilently(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var base []string
		for i := range rapid.IntRange(0, 40).Draw(t, "words") {
			base = append(base, fmt.Sprintf("w%d", i))
		}
		mine, mineAdded, mineGone := edited(t, "m", base)
		theirs, theirsAdded, theirsGone := edited(t, "t", base)
		merged, ok := Text(strings.Join(base, " "), mine, theirs)
		other, okOther := Text(strings.Join(base, " "), theirs, mine)
		if ok != okOther || ok && merged != other {
			t.Fatalf("it matters who is first: %q, %v; %q, %v", merged, ok, other, okOther)
		}
		if !ok {
			return
		}
		has := map[string]bool{}
		for _, w := range strings.Fields(merged) {
			if has[w] {
				t.Fatalf("%s stands twice in %q", w, merged)
			}
			has[w] = true
		}
		for _, w := range append(mineAdded, theirsAdded...) {
			if !has[w] {
				t.Fatalf("%s was added and is missing from %q", w, merged)
			}
		}
		gone := map[string]bool{}
		for _, w := range append(mineGone, theirsGone...) {
			gone[w] = true
			if has[w] {
				t.Fatalf("%s was removed and is in %q", w, merged)
			}
		}
		for _, w := range base {
			if !gone[w] && !has[w] {
				t.Fatalf("%s was removed by nobody and is missing from %q", w, merged)
			}
		}
	})
}

// anyFields is a state with fields of every shape, of few values, so that
// sides often agree and often do not.
func anyFields() *rapid.Generator[Fields] {
	word := rapid.SampledFrom([]string{"", "a", "b", "a b", "a b c", "b c d e", "x a b y"})
	return rapid.Custom(func(t *rapid.T) Fields {
		f := Fields{}
		f.Set("title", word.Draw(t, "title"))
		f.Set("body", word.Draw(t, "body"))
		if rapid.Bool().Draw(t, "placed") {
			f["lat"] = json.RawMessage(rapid.SampledFrom([]string{"1", "2"}).Draw(t, "lat"))
			f["lon"] = json.RawMessage(rapid.SampledFrom([]string{"1", "2"}).Draw(t, "lon"))
		}
		f.Set("tags", rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"p", "q", "r", "s"}), 0, 4, func(s string) string { return s }).Draw(t, "tags"))
		f.Set("facts", rapid.MapOf(rapid.SampledFrom([]string{"free", "dogs"}), word).Draw(t, "facts"))
		return f
	})
}

func TestMerge_laws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base, mine, theirs := anyFields().Draw(t, "base"), anyFields().Draw(t, "mine"), anyFields().Draw(t, "theirs")
		equal := func(law string, want Fields) func(Fields, []Conflict) {
			return func(got Fields, conflicts []Conflict) {
				if len(conflicts) > 0 || Changed(got, want) != nil {
					t.Fatalf("%s: %v, %v", law, got, conflicts)
				}
			}
		}
		equal("nobody else changed it", mine)(rules.Merge(base, mine, base))
		equal("I changed nothing", theirs)(rules.Merge(base, base, theirs))
		equal("both changed the same", mine)(rules.Merge(base, mine, mine))
		merged, conflicts := rules.Merge(base, mine, theirs)
		named := map[string]bool{}
		for _, c := range conflicts {
			named[c.Field] = true
			if !Same(c.Mine, mine[c.Field]) || !Same(c.Theirs, theirs[c.Field]) || !Same(merged[c.Field], theirs[c.Field]) {
				t.Fatalf("the conflict %+v tells something else", c)
			}
		}
		_, swapped := rules.Merge(base, theirs, mine)
		if len(swapped) != len(conflicts) {
			t.Fatalf("it matters who is first: %v, %v", conflicts, swapped)
		}
		// What one side alone changed stands, and what both changed was named,
		// agreed upon, or joined; a thing added to a list by either is there.
		for _, name := range union(base, mine, theirs) {
			byMe, byThem := !Same(base[name], mine[name]), !Same(base[name], theirs[name])
			switch {
			case named[name] || len(rules.groupOf(name)) > 1:
			case byMe && !byThem && !Same(merged[name], mine[name]), byThem && !byMe && !Same(merged[name], theirs[name]):
				t.Fatalf("a change of %s by one side is lost", name)
			}
		}
		if !named["tags"] {
			b, _ := listOf(base["tags"])
			m, _ := listOf(mine["tags"])
			h, _ := listOf(theirs["tags"])
			got, _ := listOf(merged["tags"])
			for _, x := range slices.Concat(b, m, h) {
				want := has(m, x) && has(h, x) || !has(b, x)
				if has(got, x) != want {
					t.Fatalf("tag %s: %v, want %v", x.key, has(got, x), want)
				}
			}
		}
	})
}

func TestWords_isBothTexts(t *testing.T) {
	text := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", " ", "  ", ".", "\n\n", "é", "山", "川", "word", "\xff"}), 0, 60).Draw(t, "tokens"), "")
	})
	rapid.Check(t, func(t *rapid.T) {
		old, new := text.Draw(t, "old"), text.Draw(t, "new")
		var a, b strings.Builder
		for i, p := range Words(old, new) {
			if p.Text == "" {
				t.Fatalf("piece %d is empty", i)
			}
			if p.Op != Added {
				a.WriteString(p.Text)
			}
			if p.Op != Removed {
				b.WriteString(p.Text)
			}
		}
		if a.String() != old || b.String() != new {
			t.Fatalf("%q and %q came back as %q and %q", old, new, a.String(), b.String())
		}
	})
}

func FuzzText(f *testing.F) {
	f.Add("one two", "one two three", "zero one two")
	f.Fuzz(func(t *testing.T, base, mine, theirs string) {
		if got, ok := Text(base, mine, base); !ok || got != mine {
			t.Errorf("nobody else changed it: %q, %v", got, ok)
		}
		a, okA := Text(base, mine, theirs)
		b, okB := Text(base, theirs, mine)
		if okA != okB || a != b {
			t.Errorf("%q, %v; %q, %v", a, okA, b, okB)
		}
	})
}
