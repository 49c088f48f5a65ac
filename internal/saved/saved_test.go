package saved_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/mark"
	"mirabilia/internal/place"
	"mirabilia/internal/saved"
)

var world = gazetteer.Open()

type atlas struct {
	*testing.T
	places *place.Places
	marks  *mark.Marks
	saved  *saved.Saved
	ada    actor.Actor
	ben    actor.Actor
}

func f64(v float64) *float64 { return &v }

func newAtlas(t *testing.T, d *db.DB) *atlas {
	t.Helper()
	a := &atlas{T: t, places: place.New(d, world), marks: mark.New(d)}
	f := finder.New()
	a.saved = saved.New(d, a.places, f, a.marks)
	records := []place.Record{
		{ID: "1", Title: "Casa Azul", Aliases: []place.Alias{{Name: "Museo Frida Kahlo"}}, Lat: f64(19.35516), Lon: f64(-99.16236)},
		{ID: "2", Title: "Sedlec Ossuary", Lat: f64(49.96194), Lon: f64(15.28822)},
		{ID: "3", Title: "Sedlec Cathedral", Lat: f64(49.9613), Lon: f64(15.2899)},
		{ID: "4", Title: "The osprey nest", LocationTier: "approximate", TierReason: "wildlife", Lat: f64(57.2741), Lon: f64(-3.6913)},
	}
	_, err := a.places.Import(t.Context(), records, place.ImportOptions{Publish: true, Source: "t", Report: func(_ int, _ bool, reason string) { t.Error(reason) }})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.places.EachDoc(t.Context(), func(d finder.Doc) error { f.Apply([]finder.Doc{d}, nil); return nil }); err != nil {
		t.Fatal(err)
	}
	for _, id := range []int64{1, 2} {
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO members (id, name, shown, verified_at, password, role, level, regions, state, state_reason, bio, links, avatar,
				settings, accepted, declined, created_at, seen_at, revision)
				VALUES ($1, $2, $2, 1, '', 'member', 'new', '[]', 'active', '', '', '[]', '', '{}', 0, 0, 1, 1, 1)`, id, fmt.Sprint("m", id))
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	a.ada, a.ben = actor.Actor{ID: 1, Name: "m1", Role: actor.Member}, actor.Actor{ID: 2, Name: "m2", Role: actor.Member}
	return a
}

func (a *atlas) id(slug string) int64 {
	a.Helper()
	p, err := a.places.BySlug(a.Context(), slug)
	if err != nil {
		a.Fatal(err)
	}
	return p.ID
}

func (a *atlas) bring(name, content string) *saved.Import {
	a.Helper()
	f, err := saved.Read(a.Context(), name, []byte(content))
	if err != nil {
		a.Fatal(err)
	}
	id, err := a.saved.Bring(a.Context(), a.ada, name, f)
	if err != nil {
		a.Fatal(err)
	}
	m, err := a.saved.Mine(a.Context(), a.ada, id)
	if err != nil {
		a.Fatal(err)
	}
	return m
}

const table = `Title,Note,URL,Comment
Sedlec Osuary,,https://www.google.com/maps/place/Sedlec/data=!4m2!3m1!1s0x8085808941977519:0x6a23af223bffdaf8,
Chubby Noodle North Beach,,https://www.google.com/maps/place/Chubby+Noodle+North+Beach/data=!4m2!3m1!1s0x808580f3f7a0ee1f:0x6cff0ef558beff7d,
`

const track = `<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">
<wpt lat="19.3553" lon="-99.1622"><name>Museo Frida Kahlo</name></wpt>
<wpt lat="19.3553" lon="-99.1622"><name>Museo Frida Kahlo</name></wpt>
<wpt lat="49.9619" lon="15.2882"><name>Kostnice</name></wpt>
<wpt lat="57.2741" lon="-3.6913"><name>The osprey nest</name></wpt>
<wpt lat="-10" lon="-120"><name>Casa Azul</name></wpt>
</gpx>`

// Entries are found by where they lie and what they are called: sure where both
// agree, offered where one does, and never elsewhere.
func TestMatching(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d)
		casa, ossuary, nest := a.id("casa-azul"), a.id("sedlec-ossuary"), a.id("the-osprey-nest")
		m := a.bring("trip.gpx", track)
		if len(m.Entries) != 4 || m.Name != "trip.gpx" || !m.Applied.IsZero() {
			t.Fatalf("%+v", m)
		}
		for i, want := range []struct {
			place int64
			sure  bool
		}{{casa, true}, {ossuary, false}, {nest, false}, {0, false}} {
			e := m.Entries[i]
			switch {
			case want.place == 0 && len(e.Found) > 0:
				t.Errorf("%s far away is taken for %+v", e.Title, e.Found)
			case want.place != 0 && (len(e.Found) == 0 || e.Found[0].Place != want.place || e.Found[0].Sure != want.sure):
				t.Errorf("%s: %+v, want %d, sure %v", e.Title, e.Found, want.place, want.sure)
			}
		}
		m = a.bring("Want to go.csv", table)
		if len(m.Entries) != 2 || len(m.Entries[0].Found) == 0 || m.Entries[0].Found[0].Place != ossuary || m.Entries[0].Found[0].Sure || m.Entries[0].Found[0].Metres != -1 || len(m.Entries[1].Found) != 0 {
			t.Errorf("by name alone: %+v", m.Entries)
		}
	})
}

// What is confirmed is marked, once; only its member sees and applies a file, and
// only what the file may be.
func TestApply(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := newAtlas(t, d)
		casa, cathedral := a.id("casa-azul"), a.id("sedlec-cathedral")
		m := a.bring("trip.gpx", track)
		if _, err := a.saved.Mine(t.Context(), a.ben, m.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("another member sees it: %v", err)
		}
		if err := a.saved.Apply(t.Context(), a.ben, m.ID, mark.Want, []int64{casa}); !errs.Is(err, errs.NotFound) {
			t.Errorf("another member applies it: %v", err)
		}
		for _, err := range []error{a.saved.Apply(t.Context(), a.ada, m.ID, mark.Want, nil), a.saved.Apply(t.Context(), a.ada, m.ID, "seen", []int64{casa}), a.saved.Apply(t.Context(), a.ada, m.ID, mark.Want, []int64{999})} {
			if !errs.Is(err, errs.Invalid) {
				t.Errorf("applied all the same: %v", err)
			}
		}
		marks := func() mark.Own {
			t.Helper()
			own, err := a.marks.Of(t.Context(), a.ada, []int64{casa})
			if err != nil {
				t.Fatal(err)
			}
			return own[casa]
		}
		if err := a.saved.Apply(t.Context(), a.ada, m.ID, mark.Want, []int64{casa, casa, 999}); err != nil || !marks().Want || marks().Been {
			t.Fatalf("%v %+v", err, marks())
		}
		if err := a.marks.Set(t.Context(), a.ada, casa, mark.Want, false); err != nil {
			t.Fatal(err)
		}
		if err := a.saved.Apply(t.Context(), a.ada, m.ID, mark.Want, []int64{casa}); err != nil || marks().Want {
			t.Errorf("a form that is sent again is applied again: %v", err)
		}
		if m, err := a.saved.Mine(t.Context(), a.ada, m.ID); err != nil || m.Applied.IsZero() || m.Taken != 1 || m.Kind != mark.Want {
			t.Errorf("%+v %v", m, err)
		}
		if own, err := a.marks.Of(t.Context(), a.ada, []int64{cathedral}); err != nil || len(own) != 0 {
			t.Errorf("more was marked: %v %v", own, err)
		}
		if err := a.saved.Forget(t.Context(), a.ada, m.ID); err != nil {
			t.Fatal(err)
		}
		for range 7 {
			a.bring("Want to go.csv", table)
		}
		if list, err := a.saved.All(t.Context(), a.ada); err != nil || len(list) != 5 {
			t.Errorf("%d files are kept: %v", len(list), err)
		}
	})
}

func packed(t *testing.T, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// What cannot be read is refused with its reason, and what is too much is cut.
func TestRead_limits(t *testing.T) {
	for name, c := range map[string]struct {
		content []byte
		want    string
	}{
		"empty.gpx": {[]byte(" "), "empty"}, "cut.gpx": {[]byte(`<gpx><wpt lat="1"`), ""}, "list.zip": {[]byte("PK\x03\x04 and more"), "KMZ"},
		"no.gz": {[]byte{0x1F, 0x8B, 1}, "gzip"}, "spaces.csv.gz": {packed(t, append([]byte("title,lat,lon\n"), bytes.Repeat([]byte("\n"), 33<<20)...)), "more than 32 MB"},
		"none.csv": {[]byte("lat,lon\n1,2\n3,4\n"), ""}, "quotes.csv": {append([]byte("title,lat,lon\n"), bytes.Repeat([]byte("\"\n"), 1<<20)...), ""}, "huge.csv": {bytes.Repeat([]byte("a"), saved.MaxFile+1), "larger than"},
	} {
		f, err := saved.Read(t.Context(), name, c.content)
		if !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %+v %v", name, f, err)
			continue
		}
		if e := err.(*errs.Error); len(e.Fields) != 1 || !strings.Contains(e.Fields[0].Message, c.want) {
			t.Errorf("%s: %v, want %q", name, e.Fields, c.want)
		}
	}
	var many strings.Builder
	many.WriteString("title,lat,lon\n")
	for i := range saved.MaxEntries + 10 {
		fmt.Fprintf(&many, "Place %d,%f,2\n", i, float64(i%80))
	}
	f, err := saved.Read(t.Context(), "many.csv", []byte(many.String()))
	if err != nil || len(f.Entries) != saved.MaxEntries || !f.Cut {
		t.Errorf("%d entries, cut %v: %v", len(f.Entries), f.Cut, err)
	}
	f, err = saved.Read(t.Context(), "half.csv", []byte("title,lat,lon\nGood,1,2\n,3,4\nBad,north,2\n"))
	if err != nil || len(f.Entries) != 2 || len(f.Bad) != 1 || f.Entries[1].Title != "Bad" || f.Entries[1].Lat != nil {
		t.Errorf("%+v %v", f, err)
	}
}

// sharedData is the folder of real files kept beside the project, "" if it is not
// there.
func sharedData() string {
	tries := []string{filepath.Join(os.Getenv("MIRABILIA_SHARED"), "data")}
	for up := "../../"; len(up) < 20; up += "../" {
		tries = append(tries, filepath.Join(up, "shared", "data"))
	}
	i := slices.IndexFunc(tries, func(dir string) bool {
		info, err := os.Stat(filepath.Join(dir, "interchange"))
		return err == nil && info.IsDir()
	})
	if i < 0 {
		return ""
	}
	return tries[i]
}

// Real files of programs are read, and hostile ones end in a reason, in bounded
// memory.
func TestRead_realFiles(t *testing.T) {
	dir := sharedData()
	if dir == "" {
		t.Log("the real files are not here")
		return
	}
	read := 0
	for _, pattern := range []string{"interchange/takeout/*", "interchange/gpx/*", "interchange/kml/*", "interchange/osmand/*", "interchange/organicmaps/*", "hostile/*.csv", "hostile/*.ndjson", "hostile/*.txt", "hostile/bombs/*"} {
		names, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				continue // a folder
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			f, err := saved.Read(t.Context(), filepath.Base(name), data)
			runtime.ReadMemStats(&after)
			if err == nil {
				read++
			}
			if len(f.Entries) > saved.MaxEntries || len(f.Bad) > 20 || err != nil && !errs.Is(err, errs.Invalid) {
				t.Errorf("%s: %d entries, %d reasons, %v", name, len(f.Entries), len(f.Bad), err)
			}
			if strings.Contains(name, "takeout") && (err != nil || len(f.Entries) < 2) {
				t.Errorf("%s: %d entries, %v", name, len(f.Entries), err)
			}
			if grown := int64(after.HeapInuse) - int64(before.HeapInuse); grown > 256<<20 {
				t.Errorf("%s holds %d MB", name, grown>>20)
			}
		}
	}
	if read < 10 {
		t.Errorf("only %d files were read", read)
	}
}

// FuzzRead holds what strangers send to the limits.
func FuzzRead(f *testing.F) {
	f.Add("a.csv", []byte(table))
	f.Add("a.gpx", []byte(track))
	f.Add("a.json", []byte(`{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"properties":{"Title":"x"}}]}`))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		list, err := saved.Read(t.Context(), name, data)
		if err != nil && !errs.Is(err, errs.Invalid) {
			t.Fatal(err)
		}
		for _, e := range list.Entries {
			if e.Title == "" || strings.ContainsAny(e.Title, "\n\x00") || (e.Lat == nil) != (e.Lon == nil) {
				t.Fatalf("%+v", e)
			}
		}
	})
}

// A member's file is matched while nobody else waits long.
func BenchmarkBring(b *testing.B) {
	d := dbtest.Open(b, db.Config{Dir: b.TempDir()})
	places, f := place.New(d, world), finder.New()
	var records []place.Record
	for i := range 20_000 {
		records = append(records, place.Record{ID: fmt.Sprint(i), Title: fmt.Sprintf("Old mill %d of the valley", i), Lat: f64(float64(i%140) - 60), Lon: f64(float64(i/140) - 70)})
	}
	if _, err := places.Import(context.Background(), records, place.ImportOptions{Publish: true, Source: "t"}); err != nil {
		b.Fatal(err)
	}
	var docs []finder.Doc
	if err := places.EachDoc(context.Background(), func(d finder.Doc) error { docs = append(docs, d); return nil }); err != nil {
		b.Fatal(err)
	}
	f.Apply(docs, nil)
	s := saved.New(d, places, f, mark.New(d))
	var file saved.File
	for i := range saved.MaxEntries {
		file.Entries = append(file.Entries, saved.Entry{Title: fmt.Sprintf("Old mill %d of the valley", i*7), Lat: f64(float64(i%140) - 60), Lon: f64(float64(i/140) - 70)})
	}
	if err := d.Write(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO members (id, name, shown, verified_at, password, role, level, regions, state, state_reason, bio, links, avatar,
			settings, accepted, declined, created_at, seen_at, revision) VALUES (1, 'a', 'a', 1, '', 'member', 'new', '[]', 'active', '', '', '[]', '', '{}', 0, 0, 1, 1, 1)`)
		return err
	}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := s.Bring(context.Background(), actor.Actor{ID: 1, Name: "a", Role: actor.Member}, "x", file); err != nil {
			b.Fatal(err)
		}
	}
}
