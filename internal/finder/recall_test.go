package finder

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mirabilia/internal/text"
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

// samplePlaces is the sample as documents, with the destinations they lie in.
func samplePlaces(t testing.TB, dir string) (docs []Doc, ids map[string]int64) {
	f, err := os.Open(filepath.Join(dir, "places", "places-sample.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	ids = map[string]int64{}
	names := map[string]string{}
	count := map[string]int{}
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var p struct {
			ID, Name, Description, Country, Region, City string
			AltNames                                     []string `json:"alt_names"`
			Tags                                         []string
		}
		if err := json.Unmarshal(sc.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		d := Doc{Ref: Ref{Place, int64(len(docs) + 1)}, Slug: p.ID, Title: p.Name, Body: p.Description, Tags: p.Tags}
		for _, a := range p.AltNames {
			d.Aliases = append(d.Aliases, Alias{Name: a})
		}
		path := ""
		for _, name := range []string{p.Country, p.Region, p.City} {
			if name != "" {
				path = strings.TrimPrefix(path+"/"+text.Slug(name), "/")
				d.In = append(d.In, path)
				names[path] = name
				count[path]++
			}
		}
		ids[p.ID] = d.ID
		docs = append(docs, d)
	}
	for path, name := range names {
		docs = append(docs, Doc{Ref: Ref{Destination, int64(len(docs) + 1)}, Slug: path, Title: name, Rank: float32(count[path])})
	}
	return docs, ids
}

// TestRecallAmongDestinations asks the sample's queries of a finder that knows
// the destinations too: reading some words as a place must not lose what has
// them in its name.
func TestRecallAmongDestinations(t *testing.T) {
	dir := sharedData()
	if dir == "" {
		t.Log("shared data not here: the text index proves its recall on made names")
		return
	}
	docs, ids := samplePlaces(t, dir)
	f := searchable(t, docs)
	raw, err := os.ReadFile(filepath.Join(dir, "queries", "place-queries-sample.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{"typo": .95, "typo-real": .93, "prefix": .75, "diacritics": .99, "exonym": .97, "translation": .93, "partial-reordered": .90}
	found, asked := map[string]int{}, map[string]int{}
	for i, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		row := strings.Split(line, "\t")
		if i == 0 {
			continue
		}
		ok := map[int64]bool{ids[row[1]]: true}
		for _, id := range strings.Split(row[8], "|") {
			ok[ids[id]] = true
		}
		for kind, r := range map[string]Result{row[3]: f.Search(row[0], SearchOptions{Limit: 10}), row[3] + "/typing": f.Suggest(row[0], nil, 10)} {
			hit := false
			for _, c := range r.Cards {
				hit = hit || c.Kind == Place && ok[c.ID]
			}
			asked[kind]++
			if hit {
				found[kind]++
			} else {
				t.Logf("%s: %q did not find %q but %v", kind, row[0], row[2], titlesOf(r.Cards))
			}
		}
	}
	for kind, n := range asked {
		share := float64(found[kind]) / float64(n)
		t.Logf("%-25s %3d of %3d: %.3f", kind, found[kind], n, share)
		if share < want[kind] {
			t.Errorf("%s: found %.3f, want %.3f", kind, share, want[kind])
		}
	}
}

func titlesOf(cards []Card) (s []string) {
	for _, c := range cards[:min(len(cards), 4)] {
		s = append(s, c.Title)
	}
	return s
}
