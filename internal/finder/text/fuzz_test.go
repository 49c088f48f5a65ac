package text

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	fold "mirabilia/internal/text"
)

// strange is text as strangers send it.
func strange() []string {
	list := []string{"", " ", "\x00", "\xff\xfe\xfd", "a\x00b", "é\u0301\u0301", "\u202e reversed", "👩‍👩‍👧‍👦", "ก็็็็็็", "ﷺ", "İıŁß", "\ufeffbom", "a'b'c", "U.S.A.",
		strings.Repeat("x", 1<<20), strings.Repeat("ab ", 5000), strings.Repeat("漢", 3000), strings.Repeat("\u0300", 2000), "' OR 1=1 --", "*", "te*t", "%00"}
	if dir := sharedData(); dir != "" {
		if raw, err := os.ReadFile(filepath.Join(dir, "hostile", "blns.txt")); err == nil {
			list = append(list, strings.Split(string(raw), "\n")...)
		}
	}
	return list
}

// FuzzSearch asks anything of an index of ordinary names: no panic, no work
// without bound, no hit that is not a document.
func FuzzSearch(f *testing.F) {
	docs := titles("Łódź Film School", "Museum of Death|Totenmuseum", "東京タワー|Tokyo Tower", "วัดอรุณ", "Bone Church", "a", "ab", "abc abd abe abf")
	parts := []Part{{Index: buildAll(docs[:5])}, {Index: buildAll(docs[5:]), Only: []uint32{0, 2}}, {Index: buildAll(nil)}}
	for _, s := range strange() {
		f.Add(s, false)
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, q string, typing bool) {
		a := Search(parts, fold.Words(q), Options{Limit: 10, Typing: typing, Visit: func(part int, ords []uint32) bool {
			for _, ord := range ords {
				if int(ord) >= parts[part].Index.Len() {
					t.Fatalf("%q visits %d of part %d", q, ord, part)
				}
			}
			return true
		}})
		for _, h := range a.Hits {
			if int(h.Ord) >= parts[h.Part].Index.Len() || h.Part == 1 && h.Ord == 1 {
				t.Fatalf("%q found %+v", q, h)
			}
		}
	})
}

// FuzzBuild indexes anything, merges it, and asks for it.
func FuzzBuild(f *testing.F) {
	for i, s := range strange() {
		f.Add(s, strange()[i/2], "museum "+s)
	}
	f.Fuzz(func(t *testing.T, title, alias, body string) {
		d := Document{Title: title, Aliases: []string{alias, title}, Subtitle: alias, Body: body, Tags: []string{title}, Places: []string{alias, ""}}
		one, two := buildAll([]Document{d, {Title: "Museum"}}), buildAll([]Document{{}, d})
		merged := Merge([]*Index{one, two}, []Source{{1, 1}, {0, 1}, {0, 0}})
		if merged.Len() != 3 {
			t.Fatalf("%d documents", merged.Len())
		}
		for _, text := range []string{title, alias} {
			words := fold.Words(text)
			if len(words) == 0 || len(words) > maxTerms {
				continue
			}
			for name, ix := range map[string]*Index{"one": one, "two": two, "merged": merged} {
				hits := Search([]Part{{Index: ix}}, words, Options{Limit: 5}).Hits
				if len(hits) == 0 || hits[0].Name < 0 {
					t.Fatalf("%s: %q (%q) not found: %+v", name, text, words, hits)
				}
			}
		}
		for ord := range uint32(3) {
			merged.Similar(ord, 3)
		}
	})
}

// FuzzNear holds the walk along the trie against the plain table of edits.
func FuzzNear(f *testing.F) {
	f.Add("museum muesum mseum musem muzeum xmuseum museumx", "museum")
	f.Add("a ab abc abcd b ba", "abdc")
	f.Add("東京 京都 東都", "京東")
	f.Fuzz(func(t *testing.T, terms, word string) {
		ix := buildAll(titles(terms))
		runes := []rune(word)
		if len(runes) == 0 || len(runes) > 20 || ix.Terms() > 200 {
			return
		}
		for limit := range 4 {
			got := map[string]int{}
			ix.dict.near(runes, limit, false, maxVisits, func(lo, hi uint32, edits, _ int) {
				for ; lo < hi; lo++ {
					got[string(ix.dict.term(lo))] = edits
				}
			})
			for i := range uint32(ix.Terms()) {
				term := string(ix.dict.term(i))
				want := alignment([]rune(term), runes)
				if edits, ok := got[term]; ok != (want <= limit) || ok && edits != want {
					t.Fatalf("%q to %q: %d %v within %d, want %d", word, term, edits, ok, limit, want)
				}
			}
		}
	})
}

// alignment is the optimal string alignment distance, by its whole table.
func alignment(a, b []rune) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}
