package place_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"mirabilia/internal/changes"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/geo"
	"mirabilia/internal/place"
	"mirabilia/internal/text"
)

func at(lat, lon float64) (*float64, *float64) { return &lat, &lon }

func rec(source, id, title string, lat, lon float64) place.Record {
	r := place.Record{Source: source, ID: id, Title: title}
	r.Lat, r.Lon = at(lat, lon)
	return r
}

func trotsky() place.Record {
	r := rec("demo", "trotsky", "Museo Casa de León Trotsky", 19.3577, -99.1596)
	r.Subtitle = "The house where an exile was killed"
	r.Body = "Bullet holes are **still** in the walls."
	r.Tags = []string{"Museums", "houses of the famous", "museums"}
	r.Aliases = []place.Alias{{Name: "Leon Trotsky House Museum", Lang: "en"}, {Name: "Museo Casa de León Trotsky"}}
	r.Facts = map[string]place.Fact{"free": {Value: "No", Checked: "2026-01-05", Source: "the museum"}, "Bad Name": {Value: "x"}}
	r.Sources = []place.Source{{URL: "https://example.org/trotsky", Title: "A book", Date: "1940"}, {URL: "javascript:alert(1)"}}
	r.Website = "https://example.org/"
	r.Status = "seasonal"
	r.Extra = map[string]any{"inscribed": "1982"}
	r.Licence = "CC-BY-4.0"
	return r
}

// take imports and fails on an error.
func take(t *testing.T, s *place.Places, o place.ImportOptions, list ...place.Record) place.Total {
	t.Helper()
	total, err := s.Import(t.Context(), list, o)
	if err != nil {
		t.Fatal(err)
	}
	return total
}

var publish = place.ImportOptions{Publish: true}

func TestImportedPlaceIsRead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := place.New(d, tiny{})
		var told []string
		o := publish
		o.Report = func(n int, failed bool, reason string) { told = append(told, fmt.Sprint(n, failed, " ", reason)) }
		if got := take(t, s, o, trotsky()); got != (place.Total{Read: 1, Created: 1}) {
			t.Fatalf("total %+v", got)
		}
		if len(told) != 2 { // the bad source and the bad name of a fact
			t.Errorf("warnings: %q", told)
		}
		p, err := s.BySlug(t.Context(), "museo-casa-de-leon-trotsky")
		if err != nil {
			t.Fatal(err)
		}
		if p.City != "Mexico City" || p.Country != "Mexico" || p.Destination != "mexico/mexico-city" || p.CountryCode != "MX" {
			t.Errorf("it is in %q %q %q", p.City, p.Country, p.Destination)
		}
		if strings.Join(p.Tags, " ") != "museums houses-of-the-famous" || len(p.Aliases) != 1 || len(p.Sources) != 1 {
			t.Errorf("tags %q, aliases %v, sources %v", p.Tags, p.Aliases, p.Sources)
		}
		if f := p.Facts["free"]; f.Value != "no" || f.Checked != "2026-01-05" {
			t.Errorf("facts %v", p.Facts)
		}
		if p.Status != place.Seasonal || p.Extra["inscribed"] != "1982" || p.At == nil || p.At.Lat != 19.3577 {
			t.Errorf("status %q, extra %v, at %v", p.Status, p.Extra, p.At)
		}
		again, err := s.ByID(t.Context(), p.PublicID())
		if err != nil || again.Slug != p.Slug {
			t.Errorf("by id: %v", err)
		}
		list, err := changes.Since(t.Context(), d, 0, 10)
		if err != nil || len(list) != 3 { // the place and its two tags
			t.Errorf("the log: %v, %v", list, err)
		}
		cards, err := s.Cards(t.Context(), []int64{5, p.ID, 9})
		if err != nil || len(cards) != 1 || cards[0].Body != "" || cards[0].City != "Mexico City" {
			t.Errorf("cards %v, %v", cards, err)
		}
		docs, drop, err := s.Docs(t.Context(), []int64{p.ID, 9})
		if err != nil || len(docs) != 1 || len(drop) != 1 || strings.Join(docs[0].In, " ") != "mexico mexico/mexico-city" || docs[0].Facts["free"] != "no" {
			t.Errorf("docs %+v, drop %v, %v", docs, drop, err)
		}
	})
}

func TestSecondImportUpdates(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := place.New(d, tiny{})
		a, b := trotsky(), rec("demo", "b", "Second", 19.4, -99.1)
		take(t, s, publish, a, b)
		if got := take(t, s, publish, a, b); got != (place.Total{Read: 2, Unchanged: 2}) {
			t.Errorf("the same again: %+v", got)
		}
		a.Title, a.Tags = "Trotsky's house", append(a.Tags, "Gardens")
		if got := take(t, s, publish, a, b); got != (place.Total{Read: 2, Updated: 1, Unchanged: 1}) {
			t.Errorf("one changed: %+v", got)
		}
		p, err := s.BySlug(t.Context(), "museo-casa-de-leon-trotsky")
		if err != nil || p.Title != "Trotsky's house" || p.Revision != 2 || len(p.Tags) != 3 {
			t.Errorf("after the update: %+v, %v", p, err)
		}
		if got := take(t, s, publish, a, a, b); got != (place.Total{Read: 3, Unchanged: 3}) {
			t.Errorf("one file with a repeat: %+v", got)
		}
	})
}

// What has a default is not set back by a record that does not speak of it.
func TestSecondImport_silenceChangesNoState(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := place.New(d, tiny{})
		r := rec("demo", "a", "Inn", 19.4, -99.1)
		r.Kind, r.Status, r.StatusDate, r.LocationTier, r.TierReason = "eatery", "closed", "2020", "approximate", "Private home"
		take(t, s, publish, r)
		silent := rec("demo", "a", "The inn", 19.4, -99.1)
		odd := rec("demo", "a", "An inn", 19.4, -99.1)
		odd.Kind = "pub"
		for _, r := range []place.Record{silent, odd} {
			if got := take(t, s, publish, r); got.Updated != 1 {
				t.Fatalf("%+v", got)
			}
			p, err := s.BySlug(t.Context(), "inn")
			if err != nil || p.Title != r.Title || p.Kind != place.KindEatery || p.Status != place.Closed || p.StatusDate != "2020" || p.Tier != place.Approximate || p.TierReason != "Private home" {
				t.Errorf("after %q: %+v, %v", r.Title, p, err)
			}
		}
		said := rec("demo", "a", "An inn", 19.4, -99.1)
		said.Kind = "place"
		take(t, s, publish, said)
		if p, err := s.BySlug(t.Context(), "inn"); err != nil || p.Kind != place.KindPlace {
			t.Errorf("said to be a place: %+v, %v", p, err)
		}
	})
}

// What lies beside a protected position tells it too, also where the position
// itself is not known here.
func TestHiddenPlaceWithoutPosition_tellsNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := place.New(d, tiny{})
		r := place.Record{Source: "demo", ID: "n", Title: "Nest", CountryCode: "FR", LocationTier: "hidden", Address: "5 rue Basse", SourceURL: "https://x.example/48.1,2.1", ImageURL: "https://x.example/48.1.jpg", Extra: map[string]any{"at": "48.1"}}
		var told []string
		o := publish
		o.Report = func(_ int, _ bool, reason string) { told = append(told, reason) }
		if got := take(t, s, o, r); got.Created != 1 || len(told) != 3 || !strings.HasPrefix(told[0], "address was left out") {
			t.Errorf("%+v, told %q", got, told)
		}
		if out := strings.Join(lines(t, s, true), ""); strings.Contains(out, "Basse") || strings.Contains(out, "48.1") {
			t.Error(out)
		}
		if faults, err := s.Check(t.Context()); err != nil || len(faults) > 0 {
			t.Errorf("%q, %v", faults, err)
		}
	})
}

func TestRenamedPlaceRedirects(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := place.New(d, tiny{})
		a := rec("demo", "a", "Old name", 19.4, -99.1)
		take(t, s, publish, a)
		a.Title, a.Slug = "New name", "new-name"
		take(t, s, publish, a)
		_, err := s.BySlug(t.Context(), "old-name")
		var e *errs.Error
		if !errs.Is(err, errs.Moved) || !asError(err, &e) || e.Location != "/places/new-name" {
			t.Fatalf("the old slug: %v", err)
		}
		now, err := s.BySlug(t.Context(), "new-name")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.BySlug(t.Context(), place.PublicID(now.ID)); !asError(err, &e) || e.Code != errs.Moved || e.Location != "/places/new-name" {
			t.Errorf("its id in the place of a slug: %v", err)
		}
		if _, err := s.BySlug(t.Context(), "p1"); !errs.Is(err, errs.NotFound) {
			t.Errorf("the id of nothing: %v", err)
		}
		take(t, s, publish, rec("demo", "b", "Old name", 48.85, 2.3))
		if p, err := s.BySlug(t.Context(), "old-name-paris"); err != nil || p.SourceID != "b" {
			t.Errorf("an old slug was given away: %v", err)
		}
		a.Slug = "old-name" // back again
		take(t, s, publish, a)
		if p, err := s.BySlug(t.Context(), "old-name"); err != nil || p.SourceID != "a" {
			t.Errorf("back to the old slug: %v", err)
		}
		if _, err := s.BySlug(t.Context(), "new-name"); !errs.Is(err, errs.Moved) {
			t.Errorf("the slug between: %v", err)
		}
	})
}

func TestEqualTitlesGetDifferentSlugs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := place.New(d, tiny{})
		var list []place.Record
		for i := range 6 {
			list = append(list, rec("demo", fmt.Sprint(i), "Bench", 48.85, 2.3))
		}
		take(t, s, publish, list[:3]...)
		take(t, s, publish, list...)
		for _, slug := range []string{"bench", "bench-paris", "bench-2", "bench-3", "bench-4", "bench-5"} {
			if _, err := s.BySlug(t.Context(), slug); err != nil {
				t.Errorf("%s: %v", slug, err)
			}
		}
	})
}

func TestWaitingIsNotPublic(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := place.New(d, tiny{})
		a := trotsky()
		take(t, s, place.ImportOptions{}, a)
		if _, err := s.BySlug(t.Context(), "museo-casa-de-leon-trotsky"); !errs.Is(err, errs.NotFound) {
			t.Errorf("a waiting place: %v", err)
		}
		n := 0
		if err := s.Export(t.Context(), true, func(place.Record) error { n++; return nil }); err != nil || n != 0 {
			t.Errorf("%d waiting places exported, %v", n, err)
		}
		if got := take(t, s, publish, a); got.Updated != 1 {
			t.Errorf("publishing it: %+v", got)
		}
		a.Title = "Changed"
		if got := take(t, s, place.ImportOptions{}, a); got.Updated != 1 {
			t.Errorf("a change that waits: %+v", got)
		}
		if got := take(t, s, place.ImportOptions{}, a); got.Unchanged != 1 {
			t.Errorf("the same change again: %+v", got)
		}
		if p, err := s.BySlug(t.Context(), "museo-casa-de-leon-trotsky"); err != nil || p.Title == "Changed" {
			t.Errorf("a change without review is public: %v", err)
		}
	})
}

func TestBadRecordsFail(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := place.New(d, tiny{})
		inf := 1.0
		for range 2000 {
			inf *= 10
		}
		bad := map[string]place.Record{
			"no name":          rec("x", "1", " \t", 1, 1),
			"latitude 91":      rec("x", "2", "A", 91, 1),
			"longitude -180.5": rec("x", "3", "A", 1, -180.5),
			"not a number":     rec("x", "4", "A", inf, 1),
			"lat is missing":   {Source: "x", ID: "5", Title: "A"},
			"UTF-8":            rec("x", "6", "A\xff", 1, 1),
		}
		for want, r := range bad {
			var told string
			o := place.ImportOptions{Report: func(_ int, failed bool, reason string) {
				if failed {
					told = reason
				}
			}}
			if got := take(t, s, o, r); got.Failed != 1 || got.Created != 0 || !strings.Contains(told, want) {
				t.Errorf("%s: %+v, %q", want, got, told)
			}
		}
		r := rec("x", "7", "NUL\x00 and\u202e turned", 1, 1)
		r.Website, r.Status, r.StatusDate, r.Kind, r.Lang, r.PublishedAt = "ftp://x", "weird", "yesterday", "food", "!!", "now"
		r.Body, r.CountryCode = "a\x00b", "Narnia"
		warned := 0
		o := publish
		o.Report = func(int, bool, string) { warned++ }
		if got := take(t, s, o, r); got.Created != 1 || warned != 7 {
			t.Errorf("unusable optional values: %+v, %d warnings", got, warned)
		}
		if p, err := s.BySlug(t.Context(), "nul-and-turned"); err != nil || p.Body != "ab" || p.Status != place.Open {
			t.Errorf("read back: %+v, %v", p, err)
		}
		inn := rec("x", "8", "The inn", 2, 1)
		inn.Kind = " Eatery"
		take(t, s, o, inn)
		if p, err := s.BySlug(t.Context(), "the-inn"); err != nil || p.Kind != place.KindEatery || warned != 7 {
			t.Errorf("a kind in capitals: %+v, %v, %d warnings", p, err, warned)
		}
	})
}

func TestDuplicates(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := place.New(d, tiny{})
		eiffel := rec("one", "1", "Eiffel Tower", 48.8583, 2.2944)
		eiffel.Aliases = []place.Alias{{Name: "Tour Eiffel", Lang: "fr"}}
		take(t, s, publish, eiffel)
		same := rec("one", "2", "Eiffel Tower", 48.8583, 2.2944) // the source itself knows best
		far := rec("two", "1", "Eiffel Tower", 48.8610, 2.2944)  // 300 m
		other := rec("two", "2", "Bouillon Chartier", 48.8583, 2.2944)
		alias := rec("two", "3", "La tour Eiffel", 48.8584, 2.2950)       // by its other name
		within := rec("three", "1", "Chartier Bouillon", 48.8584, 2.2945) // like one of this run
		dry := publish
		dry.DryRun = true
		list := []place.Record{same, far, other, alias, within}
		want := place.Total{Read: 5, Created: 5, Duplicates: 2}
		if got := take(t, s, dry, list...); got != want {
			t.Errorf("dry run: %+v, want %+v", got, want)
		}
		skip := dry
		skip.SkipDuplicates = true
		if got := take(t, s, skip, list...); got != (place.Total{Read: 5, Created: 3, Duplicates: 2}) {
			t.Errorf("skipping, dry: %+v", got)
		}
		if n, err := s.Count(t.Context()); err != nil || n != 1 {
			t.Errorf("a dry run wrote: %d places, %v", n, err)
		}
		if got := take(t, s, publish, list...); got != want {
			t.Errorf("real run: %+v, want %+v", got, want)
		}
	})
}

// Across the date line the neighbours are on the other side of the world's map.
func TestDuplicatesAtTheDateLine(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := place.New(d, tiny{})
		take(t, s, publish, rec("one", "1", "Line marker", -16.8, 179.9999), rec("one", "2", "Polar hut", 89.9995, 10))
		got := take(t, s, publish, rec("two", "1", "Line marker", -16.8, -179.9999), rec("two", "2", "Polar hut", 89.9995, -170))
		if got.Duplicates != 2 {
			t.Errorf("%+v", got)
		}
	})
}

func TestExportComesBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := place.New(d, tiny{})
		hidden := rec("demo", "orchid", "The orchid", 17.0512345, -96.7123456)
		hidden.LocationTier, hidden.Address, hidden.SourceURL = "approximate", "Calle 5", "https://example.org/17.0512345"
		deep := rec("demo", "nest", "The nest", 17.1534567, -96.9345678)
		deep.LocationTier = "hidden"
		region := rec("demo", "cave", "The cave", 17.2534567, -96.9345678)
		region.LocationTier = "region"
		take(t, s, publish, trotsky(), hidden, deep, region, rec("an older one", "z", "Zed", 48.85, 2.3))
		first := lines(t, s, true)
		again := place.New(dbtest.Open(t, other(t, d)), tiny{})
		var list []place.Record
		for _, line := range first {
			var r place.Record
			if err := json.Unmarshal([]byte(line), &r); err != nil {
				t.Fatal(err)
			}
			list = append(list, r)
		}
		if got := take(t, again, publish, list...); got.Created != 5 || got.Failed != 0 {
			t.Fatalf("taking the export in: %+v", got)
		}
		second := lines(t, again, true)
		if strings.Join(first, "\n") != strings.Join(second, "\n") {
			t.Errorf("the exports differ:\n%s\n--\n%s", strings.Join(first, "\n"), strings.Join(second, "\n"))
		}
		if a, b := lines(t, s, false), lines(t, again, false); strings.Join(a, "\n") != strings.Join(b, "\n") {
			t.Errorf("the public exports differ: the public point was drawn again:\n%s\n--\n%s", a, b)
		}
		if got := take(t, s, publish, list...); got.Unchanged != 5 {
			t.Errorf("an export into its own atlas: %+v", got)
		}
		for _, line := range lines(t, s, false) {
			for _, secret := range []string{"17.0512", "-96.7123", "17.1534", "17.2534", "-96.9345", "Calle 5", "example.org/17"} {
				if strings.Contains(line, secret) {
					t.Errorf("%s stands in the public export: %s", secret, line)
				}
			}
		}
	})
}

func lines(t *testing.T, s *place.Places, private bool) (list []string) {
	t.Helper()
	err := s.Export(t.Context(), private, func(r place.Record) error {
		b, err := json.Marshal(r)
		list = append(list, string(b))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// other is the configuration of a second database of the same engine.
func other(t *testing.T, d *db.DB) db.Config {
	if d.Engine() == db.Postgres {
		return db.Config{URL: dbtest.PostgresURL(t)}
	}
	return db.Config{Dir: t.TempDir()}
}

func asError(err error, into **errs.Error) bool {
	e, ok := err.(*errs.Error)
	*into = e
	return ok
}

// Duplicates are exactly those of the contract: found by comparing all with
// all, at every latitude and across the date line.
func TestDuplicatesAgainstBruteForce(t *testing.T) {
	names := []string{"Old Mill", "The Old Mill", "Alte Mühle", "Alte Muhle", "Mill Cafe", "Stone Arch", "Arch of Stone", "Pier 7", "Pier 9"}
	d := dbtest.SQLite(t)
	s := place.New(d, tiny{})
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		word := fmt.Sprint(" ", 1000+run) // with no number of a name in it: "Pier 7 9" is alike to "Pier 9 7"
		lat := rapid.SampledFrom([]float64{0, 0.0001, 48.85, -60, 83.3, 89.998, -89.9985}).Draw(t, "lat")
		lon := rapid.SampledFrom([]float64{0, 2.35, 179.999, -179.9995}).Draw(t, "lon")
		// Each run has a patch of its own, so that earlier ones do not count.
		if lat < 80 && lat > -80 {
			lat += float64(run%97) * 0.1
		}
		prefix := fmt.Sprint("run", run, "-")
		var list []place.Record
		n := rapid.IntRange(2, 25).Draw(t, "n")
		for i := range n {
			r := rec(prefix+rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "source"), fmt.Sprint(i),
				rapid.SampledFrom(names).Draw(t, "name")+word, 0, 0)
			*r.Lat = min(max(lat+rapid.Float64Range(-0.002, 0.002).Draw(t, "dlat"), -90), 90)
			wide := min(0.002/math.Max(math.Cos(lat*math.Pi/180), 1e-5), 180)
			*r.Lon = math.Mod(lon+wide*rapid.Float64Range(-1, 1).Draw(t, "dlon")+540, 360) - 180
			if rapid.Bool().Draw(t, "aliased") {
				r.Aliases = []place.Alias{{Name: rapid.SampledFrom(names).Draw(t, "alias") + word}}
			}
			list = append(list, r)
		}
		want := 0
		for i, r := range list {
			if slices.ContainsFunc(list[:i], func(o place.Record) bool { return looksLike(r, o) }) {
				want++
			}
		}
		got := place.Total{}
		for _, part := range [][]place.Record{list[:n/2], list[n/2:]} { // some are in the database, some in the run
			total, err := s.Import(context.Background(), part, publish)
			if err != nil {
				t.Fatal(err)
			}
			got.Duplicates += total.Duplicates
		}
		if got.Duplicates != want {
			t.Fatalf("%d duplicates, %d by brute force", got.Duplicates, want)
		}
	})
}

func looksLike(a, b place.Record) bool {
	if a.Source == b.Source || geo.Metres(geo.Public{Lat: *a.Lat, Lon: *a.Lon}, geo.Public{Lat: *b.Lat, Lon: *b.Lon}) > 150 {
		return false
	}
	all := func(r place.Record) []string {
		list := []string{r.Title}
		for _, x := range r.Aliases {
			list = append(list, x.Name)
		}
		return list
	}
	for _, x := range all(a) {
		for _, y := range all(b) {
			if text.Similarity(x, y) >= 0.8 {
				return true
			}
		}
	}
	return false
}
