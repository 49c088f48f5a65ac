package gazetteer

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"mirabilia/internal/gazetteer/table"
)

// shared finds a file of the shared test data, which lies beside the project
// or where MIRABILIA_SHARED says. Without it the tests here have nothing to
// add to those on the embedded tables.
func shared(t *testing.T, name string) (*os.File, bool) {
	t.Helper()
	roots := []string{os.Getenv("MIRABILIA_SHARED")}
	for up := "../.."; len(up) < 30; up += "/.." {
		roots = append(roots, filepath.Join(up, "shared"))
	}
	for _, root := range roots {
		if f, err := os.Open(filepath.Join(root, "data", name)); root != "" && err == nil {
			t.Cleanup(func() { f.Close() })
			return f, true
		}
	}
	t.Logf("shared data not here: %s", name)
	return nil, false
}

// otherwise lists where the sample, made from coarse borders, follows another
// view than GeoNames' codes: it has no codes for parts overseas, and gives
// Crimea and Western Sahara to who holds them.
var otherwise = map[[2]string]bool{
	{"FR", "RE"}: true, {"FR", "GF"}: true, {"FR", "GP"}: true, {"FR", "MQ"}: true, {"FR", "YT"}: true,
	{"NO", "SJ"}: true, {"NO", "BV"}: true, {"NL", "BQ"}: true, {"RU", "UA"}: true, {"MA", "EH"}: true,
}

func TestCountriesOfTheSample(t *testing.T) {
	f, ok := shared(t, "places/places-sample.ndjson")
	if !ok {
		return
	}
	g := Open()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	all, other := 0, 0
	for lines.Scan() {
		var p struct {
			ID          string
			Lat, Lon    float64
			CountryCode string `json:"country_code"`
		}
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		if p.CountryCode == "" {
			continue // it misses what is farther than its own tolerance from a coarse shore
		}
		all++
		code := ""
		if w := g.Locate(p.Lat, p.Lon); w.Country != nil {
			code = w.Country.CountryCode
		}
		if code != p.CountryCode && !otherwise[[2]string{p.CountryCode, code}] {
			other++
			t.Logf("%s (%v, %v) is in %q, the sample says %q", p.ID, p.Lat, p.Lon, code, p.CountryCode)
		}
	}
	if all == 0 || float64(other) > 0.005*float64(all) {
		t.Errorf("%d of %d countries differ, more than 0.5 %%", other, all)
	}
}

func TestCityQueriesOfTheSample(t *testing.T) {
	f, ok := shared(t, "queries/city-queries-sample.tsv")
	if !ok {
		return
	}
	g := Open()
	lines := bufio.NewScanner(f)
	lines.Scan()
	asked, found := map[string]int{}, map[string]int{}
	for lines.Scan() {
		q := strings.Split(strings.TrimSpace(lines.Text()), "\t")
		lat, err1 := strconv.ParseFloat(q[7], 64)
		lon, err2 := strconv.ParseFloat(q[8], 64)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		kind, _, _ := strings.Cut(q[3], "-")
		hit := false
		for _, m := range g.Search(q[0], 10) {
			hit = hit || table.Distance(lat, lon, m.Lat, m.Lon) < 10_000
		}
		for _, k := range []string{"all", kind, q[3]} {
			asked[k]++
			if hit {
				found[k]++
			}
		}
		if !hit {
			t.Logf("%s (%s, %s) is not found", q[0], q[2], q[3])
		}
	}
	for kind, n := range asked {
		if float64(found[kind]) < 0.95*float64(n) {
			t.Errorf("%s: %d of %d found", kind, found[kind], n)
		}
	}
}
