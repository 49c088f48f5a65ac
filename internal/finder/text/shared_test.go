package text

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	fold "mirabilia/internal/text"
)

// sharedData is the folder of real places and queries that lies beside the
// project on its developers' machines; "" elsewhere.
func sharedData() string {
	if dir := os.Getenv("MIRABILIA_SHARED"); dir != "" {
		return filepath.Join(dir, "data")
	}
	dir, err := os.Getwd()
	for err == nil {
		at := filepath.Join(dir, "shared", "data")
		if _, e := os.Stat(at); e == nil {
			return at
		}
		up := filepath.Dir(dir)
		if up == dir {
			break
		}
		dir = up
	}
	return ""
}

type samplePlace struct {
	ID          string
	Name        string
	AltNames    []string `json:"alt_names"`
	Description string
	Tags        []string
	City        string
	Region      string
	Country     string
}

func readPlaces(t testing.TB, dir string) (docs []Document, ids map[string]uint32) {
	f, err := os.Open(filepath.Join(dir, "places", "places-sample.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	ids = map[string]uint32{}
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var p samplePlace
		if err := json.Unmarshal(sc.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		ids[p.ID] = uint32(len(docs))
		docs = append(docs, Document{Title: p.Name, Aliases: p.AltNames, Body: p.Description, Tags: p.Tags,
			Places: []string{p.City, p.Region, p.Country}})
	}
	return docs, ids
}

// TestRecallOfSample asks the sample's queries: the place meant must be among
// the first ten.
func TestRecallOfSample(t *testing.T) {
	dir := sharedData()
	if dir == "" {
		t.Log("shared data not here: TestRecall proves the same on made names")
		return
	}
	docs, ids := readPlaces(t, dir)
	parts := []Part{{Index: buildAll(docs)}}
	raw, err := os.ReadFile(filepath.Join(dir, "queries", "place-queries-sample.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{"typo": .95, "typo-real": .93, "prefix": .90, "diacritics": .99, "exonym": .97, "translation": .93, "partial-reordered": .97}
	found, asked := map[string]int{}, map[string]int{}
	for i, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		f := strings.Split(line, "\t")
		if i == 0 {
			continue
		}
		query, kind := f[0], f[3]
		ok := map[uint32]bool{ids[f[1]]: true}
		for _, id := range strings.Split(f[8], "|") {
			if ord, is := ids[id]; is {
				ok[ord] = true
			}
		}
		others := sharing(docs, query, kind)
		for _, typing := range []bool{false, true} {
			kind := kind
			if typing {
				kind += "/typing"
			}
			a := Search(parts, fold.Words(query), Options{Limit: 10, Typing: typing})
			hit := false
			for _, h := range a.Hits {
				hit = hit || ok[h.Ord]
			}
			if !hit && others > 10 {
				continue // more names hold the words than an answer has room for
			}
			asked[kind]++
			if hit {
				found[kind]++
			} else {
				t.Logf("%s: %q did not find %q (others %d)", kind, query, f[2], others)
				for _, h := range a.Hits[:min(3, len(a.Hits))] {
					t.Logf("    %.3f %s", h.Score, docs[h.Ord].Title)
				}
			}
		}
	}
	for kind, n := range asked {
		share := float64(found[kind]) / float64(n)
		t.Logf("%-20s %3d of %3d: %.3f", kind, found[kind], n, share)
		if share < want[kind] {
			t.Errorf("%s: found %.3f, want %.3f", kind, share, want[kind])
		}
	}
}

// sharing counts the names that hold all the words of a query whose words are
// only part of the name.
func sharing(docs []Document, query, kind string) int {
	if kind != "prefix" && kind != "partial-reordered" {
		return 0
	}
	words := fold.Words(query)
	n := 0
	for _, d := range docs {
		for _, name := range append([]string{d.Title}, d.Aliases...) {
			have, all := fold.Words(name), true
			for i, w := range words {
				one := false
				for _, h := range have {
					one = one || h == w || kind == "prefix" && i == len(words)-1 && strings.HasPrefix(h, w)
				}
				all = all && one
			}
			if all {
				n++
				break
			}
		}
	}
	return n
}

func buildAll(docs []Document) *Index {
	b := NewBuilder()
	for _, d := range docs {
		b.Add(d)
	}
	return b.Build()
}
