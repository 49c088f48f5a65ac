package trie

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// distance is the plain table of the optimal string alignment distance, which
// Walk must agree with; while the key a is short more than one edit is too far.
func distance(a, b []rune) int {
	const far = 1000
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		for j := range d[i] {
			d[i][j] = far
		}
	}
	d[0][0] = 0
	for j := 1; j <= min(len(b), 1); j++ {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		d[i][0] = d[i-1][0] + 1
		for j := 0; j <= len(b); j++ {
			if i <= sureLetters && d[i][j] > 1 {
				d[i][j] = far
			}
			if j == 0 {
				continue
			}
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
			if i <= sureLetters && d[i][j] > 1 {
				d[i][j] = far
			}
		}
		if slices.Min(d[i]) >= far {
			return far // a swap cannot make good for letters already too wrong
		}
	}
	return d[len(a)][len(b)]
}

// names draws from few letters of all three code lengths, so that keys share
// beginnings and lie near each other.
func names() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		letters := rapid.SliceOfN(rapid.SampledFrom([]rune("ab c0жяאიกก京서ーア")), 1, 12).Draw(t, "letters")
		return string(letters)
	})
}

func TestWalkAgreesWithTheTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOfN(names(), 1, 60).Draw(t, "keys")
		query := rapid.OneOf(names(), rapid.SampledFrom(keys)).Draw(t, "query")
		edits := rapid.IntRange(0, 2).Draw(t, "edits")
		trie, entries := build(keys)
		var want, got []string
		for _, e := range entries {
			if d := distance([]rune(e.Key), []rune(query)); d <= edits {
				want = append(want, fmt.Sprint(e, d))
			}
		}
		trie.Walk(query, edits, func(h Hit, v uint32) bool {
			got = append(got, fmt.Sprint(Entry{h.Key, v}, h.Edits))
			return true
		})
		same(t, want, got)
	})
}

func TestFindAndBegins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOfN(names(), 1, 60).Draw(t, "keys")
		query := rapid.OneOf(names(), rapid.SampledFrom(keys)).Draw(t, "query")
		trie, entries := build(keys)
		var want, got, wantLonger, gotLonger []string
		for _, e := range entries {
			if e.Key == query {
				want = append(want, fmt.Sprint(e.Value))
			}
			if strings.HasPrefix(e.Key, query) {
				wantLonger = append(wantLonger, fmt.Sprint(e))
			}
		}
		trie.Find(query, func(v uint32) { got = append(got, fmt.Sprint(v)) })
		trie.Begins(query, func(key string, v uint32) bool {
			gotLonger = append(gotLonger, fmt.Sprint(Entry{key, v}))
			return true
		})
		same(t, want, got)
		same(t, wantLonger, gotLonger)
	})
}

// build gives every key its number and that of its length as values.
func build(keys []string) (Trie, []Entry) {
	seen := map[Entry]bool{}
	var entries []Entry
	for i, k := range keys {
		for _, v := range []uint32{uint32(i), uint32(1<<20 + len(k))} {
			if e := (Entry{k, v}); !seen[e] {
				seen[e] = true
				entries = append(entries, e)
			}
		}
	}
	return Open(Build(entries)), entries
}

func same(t *rapid.T, want, got []string) {
	sort.Strings(want)
	sort.Strings(got)
	if !slices.Equal(want, got) {
		t.Fatalf("want %q\n got %q", want, got)
	}
}

func TestWalkEndsWhenToldTo(t *testing.T) {
	trie, _ := build([]string{"paris", "parys", "parms"})
	n := 0
	trie.Walk("paris", 2, func(Hit, uint32) bool { n++; return false })
	if n != 1 {
		t.Fatalf("visited %d times, want 1", n)
	}
}

func TestLongLabels(t *testing.T) {
	long := strings.Repeat("abcdefghij", 7)
	trie, _ := build([]string{long, long + "x"})
	n := 0
	trie.Find(long, func(uint32) { n++ })
	if n != 2 {
		t.Fatalf("a long key has %d values, want 2", n)
	}
}

// FuzzDamage reads tables that Build never made: any answer, no panic.
func FuzzDamage(f *testing.F) {
	_, entries := build([]string{"paris", "parma", "praha", "прага", "京都"})
	f.Add(Build(entries), "parys")
	f.Add([]byte{0x51, 'a', 1, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x0f}, "a")
	f.Fuzz(func(t *testing.T, data []byte, query string) {
		trie := Open(data)
		n := 0
		trie.Walk(query, 2, func(Hit, uint32) bool { n++; return n < 1000 })
		trie.Find(query, func(uint32) {})
		trie.Begins(query, func(string, uint32) bool { n++; return n < 2000 })
	})
}
