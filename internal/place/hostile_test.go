package place_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/place"
)

var nasty = []string{
	"'; DROP TABLE places; --", "\" OR \"\"=\"", "$1", "?1", "%s%n", "a\x00b", "\x00", "\xff\xfe", "\xed\xa0\x80", "\u202eevil", "\ufeffbom",
	"<script>alert(1)</script>", "]]>", "{{.}}", "${x}", "../../etc/passwd", "p123", "new", "NULL", "undefined", "NaN", "1e309", "-0",
	"Ω≈ç√∫˜µ≤≥÷", "田中さんにあげて下さい", "الكل في المجمو عة", "👩‍👩‍👧‍👦", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘", "ı İ ﬀ ẞ", "\u2028\u2029", strings.Repeat("long ", 1000),
	"\\", "\n\r\t", "=1+1", "a;b|c", "http://[::1", "//evil.example", "javascript:alert(1)", "data:text/html,x", "https://ex ample.org",
}

// Whatever stands in every field of a record: it goes in or fails with a
// reason, is read back clean on both engines, and comes back from its export
// unchanged.
func TestHostileTexts(t *testing.T) {
	list := append(append([]string(nil), nasty...), sharedLines(t, "hostile/blns.txt")...)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := place.New(d, tiny{})
		var records []place.Record
		for i, text := range list {
			records = append(records, everywhere(text, i))
		}
		failed := 0
		o := publish
		o.Report = func(_ int, f bool, _ string) {
			if f {
				failed++
			}
		}
		total := take(t, s, o, records...)
		if total.Created+total.Failed+total.Unchanged+total.Updated != len(records) || total.Failed != failed || total.Created < len(records)/2 {
			t.Errorf("%+v of %d records, %d reported", total, len(records), failed)
		}
		var again []place.Record
		for _, line := range lines(t, s, true) {
			var r place.Record
			if err := json.Unmarshal([]byte(line), &r); err != nil {
				t.Fatal(err)
			}
			again = append(again, r)
			links := []string{r.Website, r.SourceURL, r.ImageURL}
			for _, src := range r.Sources {
				links = append(links, src.URL, src.Archived)
			}
			for _, link := range links {
				if link != "" && !strings.HasPrefix(link, "http://") && !strings.HasPrefix(link, "https://") {
					t.Errorf("the address %q was kept", link)
				}
			}
			if strings.ContainsAny(r.Title+r.Subtitle+r.Address, "\x00\n\u202e\u2028") || strings.Contains(r.Body, "\x00") {
				t.Errorf("unclean text was kept in %q", r.Title)
			}
		}
		if got := take(t, s, o, again...); got.Unchanged != len(again) {
			t.Errorf("the export into its own atlas: %+v of %d", got, len(again))
		}
		if faults, err := s.Check(t.Context()); err != nil || len(faults) > 0 {
			t.Errorf("afterwards: %q, %v", faults, err)
		}
	})
}

func everywhere(text string, i int) place.Record {
	r := rec("src "+text, text, text, float64(i%80), float64(i%170))
	r.Slug, r.Subtitle, r.Body, r.KnowBeforeYouGo, r.Address = text, text, text, text, text
	r.LocationTier, r.TierReason, r.CountryCode, r.Region, r.City = text, text, text, text, text
	r.Lang, r.Website, r.Status, r.StatusDate, r.Licence = text, text, text, text, text
	r.SourceURL, r.ImageURL, r.Kind, r.PublishedAt, r.UpdatedAt = text, text, text, text, text
	r.Tags = []string{text, "ok"}
	r.Aliases = []place.Alias{{Name: text, Lang: text}}
	r.Sources = []place.Source{{URL: text, Title: text, Author: text, Date: text, Archived: text}}
	r.Facts = map[string]place.Fact{text: {Value: text}, "free": {Value: text, Checked: text, Source: text}}
	r.Extra = map[string]any{text: text, "k": []any{text}}
	return r
}

// FuzzImport does the same for one record with two texts nobody thought of.
func FuzzImport(f *testing.F) {
	for i, text := range nasty {
		f.Add(text, nasty[(i*7+3)%len(nasty)], 48.85, 2.3)
	}
	d, err := db.Open(f.Context(), db.Config{Dir: f.TempDir()})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = d.Close() })
	if err := d.Migrate(f.Context()); err != nil {
		f.Fatal(err)
	}
	s := place.New(d, tiny{})
	f.Fuzz(func(t *testing.T, title, other string, lat, lon float64) {
		r := everywhere(other, 1)
		r.Source, r.ID, r.Title, *r.Lat, *r.Lon = "fuzz", "one", title, lat, lon
		r.Slug = ""
		var why []string
		o := publish
		o.Report = func(_ int, failed bool, reason string) { why = append(why, fmt.Sprint(failed, reason)) }
		total, err := s.Import(t.Context(), []place.Record{r}, o)
		if err != nil {
			t.Fatal(err)
		}
		if total.Failed == 1 {
			if len(why) == 0 {
				t.Fatal("it failed and no reason was told")
			}
			return
		}
		var out []place.Record
		if err := s.Export(t.Context(), true, func(r place.Record) error { out = append(out, r); return nil }); err != nil {
			t.Fatal(err)
		}
		if total, err = s.Import(t.Context(), out, o); err != nil || total.Unchanged != 1 {
			t.Fatalf("the export came back as %+v, %v: %+v", total, err, out)
		}
	})
}

// sharedLines are those of a file of the data that may lie beside the project;
// where it does not, the texts above have proven the same.
func sharedLines(t *testing.T, name string) (list []string) {
	t.Helper()
	dir := os.Getenv("MIRABILIA_SHARED")
	for up := "../.."; dir == "" && len(up) < 20; up += "/.." {
		if _, err := os.Stat(filepath.Join(up, "shared/data")); err == nil {
			dir = filepath.Join(up, "shared")
		}
	}
	f, err := os.Open(filepath.Join(dir, "data", name))
	if dir == "" || err != nil {
		t.Logf("shared data not here: %s", name)
		return nil
	}
	defer f.Close()
	scan := bufio.NewScanner(f)
	scan.Buffer(nil, 1<<20)
	for scan.Scan() {
		list = append(list, scan.Text())
	}
	return list
}
