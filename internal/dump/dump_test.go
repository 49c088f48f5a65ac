package dump_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb/geojson"

	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/dump"
	"mirabilia/internal/errs"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/place"
)

var night = time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)

var licence = dump.Atlas{Name: "Atlas", URL: "https://atlas.example", Licence: "CC-BY-SA-4.0", LicenceURL: "https://creativecommons.org/licenses/by-sa/4.0/"}

// places fills an atlas with n places, of which one is of each protected tier,
// its truth moved by move.
func places(t *testing.T, d *db.DB, n int, move float64) *place.Places {
	t.Helper()
	s := place.New(d, gazetteer.Open())
	var records []place.Record
	for i := range n {
		lat, lon := 10+float64(i%70), 20+float64(i)/100
		records = append(records, place.Record{Source: "t", ID: fmt.Sprint(i), Title: fmt.Sprint("Place ", i), Body: "=words, \"quoted\"\n<b>", Tags: []string{"Ruins"}, Lat: &lat, Lon: &lon, PublishedAt: "2026-01-01T00:00:00Z",
			Extra: map[string]any{"keyholder": "0123 456"}, ImageURL: "https://i.example/x.jpg"})
	}
	for i, tier := range []string{"approximate", "region", "hidden"} {
		lat, lon := 57.2741+move, -3.6913-move
		records = append(records, place.Record{Source: "t", ID: tier, Title: "Guarded " + tier, LocationTier: tier, Lat: &lat, Lon: &lon, CountryCode: "GB", PublishedAt: "2026-01-01T00:00:00Z",
			Address: fmt.Sprint("Lane ", move), Extra: map[string]any{"public_lat": 57.2611 + float64(i)/1000, "public_lon": -3.6713, "note": fmt.Sprint(move)}})
	}
	total, err := s.Import(t.Context(), records, place.ImportOptions{Publish: true, Report: func(_ int, failed bool, reason string) {
		if failed {
			t.Error(reason)
		}
	}})
	if err != nil || total.Created != len(records) {
		t.Fatalf("%+v, %v", total, err)
	}
	return s
}

// files reads the newest dump, its packed files unpacked by the standard
// library, and holds each against its size and sum.
func files(t *testing.T, s *dump.Store) (dump.Set, map[string][]byte) {
	t.Helper()
	set, err := s.Latest()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, f := range set.Files {
		in, info, _, err := s.File(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(in)
		in.Close()
		sum := sha256.Sum256(raw)
		if err != nil || int64(len(raw)) != info.Size || hex.EncodeToString(sum[:]) != info.SHA256 {
			t.Errorf("%s: %d bytes, %v, not what was said: %+v", f.Name, len(raw), err, info)
		}
		if strings.HasSuffix(f.Name, ".gz") {
			z, err := gzip.NewReader(bytes.NewReader(raw))
			if err != nil {
				t.Fatal(err)
			}
			if raw, err = io.ReadAll(z); err != nil {
				t.Fatal(err)
			}
		}
		out[f.Name] = raw
	}
	return set, out
}

func TestMake_everyFormatHoldsTheSame(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dump.Open(filepath.Join(t.TempDir(), "dumps"))
		if _, err := s.Latest(); !errs.Is(err, errs.NotFound) {
			t.Errorf("before the first: %v", err)
		}
		if _, err := s.Make(t.Context(), places(t, d, 40, 0), licence, night); err != nil {
			t.Fatal(err)
		}
		set, got := files(t, s)
		if set.Places != 43 || !set.Made.Equal(night) || len(set.Files) != 5 {
			t.Errorf("%+v", set)
		}
		if n := bytes.Count(got["places.ndjson.gz"], []byte("\n")); n != 43 {
			t.Errorf("%d lines", n)
		}
		for line := range bytes.Lines(got["places.ndjson.gz"]) {
			var r map[string]any
			if err := json.Unmarshal(line, &r); err != nil || r["title"] == "" || r["extra"] != nil {
				t.Errorf("%s: %v", line, err)
			}
		}
		rows, err := csv.NewReader(bytes.NewReader(got["places.csv.gz"])).ReadAll()
		if err != nil || len(rows) != 44 {
			t.Errorf("%d rows, %v", len(rows), err)
		}
		points, err := geojson.UnmarshalFeatureCollection(bytes.Replace(got["places.geojson.gz"], []byte(`"geometry":null`), []byte(`"geometry":{"type":"Point","coordinates":[0,0]}`), -1))
		if err != nil || len(points.Features) != 43 {
			t.Errorf("%v", err)
		}
		if text := string(got[dump.Licence]); !strings.Contains(text, licence.Licence) || !strings.Contains(text, licence.LicenceURL) {
			t.Errorf("the licence is %q", text)
		}
		var sums []string
		for _, f := range set.Files[:4] {
			sums = append(sums, f.SHA256+"  "+f.Name+"\n")
		}
		if string(got[dump.Sums]) != strings.Join(sums, "") {
			t.Errorf("the sums are %s", got[dump.Sums])
		}
		for name, body := range got {
			if bytes.Contains(body, []byte("keyholder")) {
				t.Errorf("%s tells what the importer kept", name)
			}
		}
	})
}

// Two atlases that differ only in where the protected places really are give
// the same dump, to the byte; one that differs in what is public does not.
func TestMake_twins(t *testing.T) {
	dumped := func(move float64, n int) map[string][]byte {
		var got map[string][]byte
		s := dump.Open(t.TempDir())
		d := dbtest.Open(t, db.Config{Dir: t.TempDir(), Now: func() time.Time { return night }})
		if _, err := s.Make(t.Context(), places(t, d, n, move), licence, night); err != nil {
			t.Fatal(err)
		}
		_, got = files(t, s)
		return got
	}
	one, two, other := dumped(0, 3), dumped(0.004, 3), dumped(0, 4)
	for name := range one {
		if !bytes.Equal(one[name], two[name]) {
			t.Errorf("%s tells the truth:\n%s\n%s", name, one[name], two[name])
		}
		if bytes.Contains(one[name], []byte("57.274")) || bytes.Contains(one[name], []byte("3.691")) || bytes.Contains(one[name], []byte("Lane")) {
			t.Errorf("%s holds digits of the truth", name)
		}
	}
	if bytes.Equal(one["places.ndjson.gz"], other["places.ndjson.gz"]) {
		t.Error("the instrument sees no difference")
	}
}

func TestMake_theOneBeforeStaysUntilItIsWhole(t *testing.T) {
	d := dbtest.SQLite(t)
	all := places(t, d, 500, 0)
	dir := t.TempDir()
	s := dump.Open(dir)
	if _, err := s.Make(t.Context(), all, licence, night); err != nil {
		t.Fatal(err)
	}
	stop, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Make(stop, all, licence, night.Add(time.Hour)); err == nil {
		t.Errorf("a stopped dump: %v", err)
	}
	if set, _ := files(t, s); !set.Made.Equal(night) {
		t.Errorf("after a stopped one: %v", set.Made)
	}
	open, _, _, err := s.File("places.csv.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close()
	for i := range 4 { // also twice in one second
		if _, err := s.Make(t.Context(), all, licence, night.Add(time.Duration(i/2)*24*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	if set, _ := files(t, s); !set.Made.Equal(night.Add(24 * time.Hour)) {
		t.Errorf("the newest is of %v", set.Made)
	}
	if n, err := io.Copy(io.Discard, open); err != nil || n == 0 {
		t.Errorf("a download under way ended after %d bytes: %v", n, err)
	}
	list, err := os.ReadDir(dir)
	if err != nil || len(list) != 3 {
		t.Errorf("%d entries are left, want two dumps and the pointer: %v, %v", len(list), list, err)
	}
	// What a killed run left goes once it is a day old.
	left := filepath.Join(dir, ".unfinished-1")
	if err := os.Mkdir(left, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, days := range []int{0, 3} {
		if _, err := s.Make(t.Context(), all, licence, time.Now().AddDate(0, 0, days)); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(left); (err == nil) != (days == 0) {
			t.Errorf("after %d days: %v", days, err)
		}
	}
}

func TestFile_onlyWhatIsListed(t *testing.T) {
	s := dump.Open(t.TempDir())
	if _, err := s.Make(t.Context(), places(t, dbtest.SQLite(t), 1, 0), licence, night); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", "..", "../latest.json", "latest.json", "places.ndjson", "/etc/passwd", "SHA256SUMS\x00"} {
		if f, _, _, err := s.File(name); !errs.Is(err, errs.NotFound) {
			t.Errorf("%q: %v, %v", name, f, err)
		}
	}
}
