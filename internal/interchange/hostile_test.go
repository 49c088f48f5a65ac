package interchange_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"mirabilia/internal/interchange"
)

// endless repeats a text n times without holding it.
type endless struct {
	text string
	n    int
	at   int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.n == 0 {
		return 0, io.EOF
	}
	n := copy(p, e.text[e.at:])
	if e.at += n; e.at == len(e.text) {
		e.at = 0
		e.n--
	}
	return n, nil
}

func kmz(t testing.TB, entries int, kml io.Reader) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := range entries - 1 {
		if _, err := z.Create(fmt.Sprintf("../../x%d.png", i)); err != nil {
			t.Fatal(err)
		}
	}
	w, err := z.Create("../../../etc/doc.kml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(w, kml); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// claiming is an archive whose entry says it is of sizes that it is not.
func claiming(t testing.TB, size, packed uint64) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.CreateRaw(&zip.FileHeader{Name: "doc.kml", Method: zip.Deflate, UncompressedSize64: size, CompressedSize64: packed})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(make([]byte, 1<<10)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestKMZ(t *testing.T) {
	got := readAll(t, "f.kmz", bytes.NewReader(kmz(t, 3, strings.NewReader(kml))), "")
	if got.format != interchange.KMZ || len(got.records) != 3 || got.end != nil {
		t.Errorf("%+v", got)
	}
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"entries":    {kmz(t, 1200, strings.NewReader(kml)), "entries"},
		"ratio":      {kmz(t, 1, &endless{text: strings.Repeat(" ", 4096), n: 4 << 8}), "packed"},
		"size":       {claiming(t, 201<<20, 3<<20), "MiB"},
		"lying":      {claiming(t, 1<<10, 1<<10), "not "},
		"nothing":    {kmz(t, 1, strings.NewReader("")), "no <kml>"},
		"cut":        {kmz(t, 3, strings.NewReader(kml))[:200], "cut off"},
		"two layers": {kmz(t, 1, bytes.NewReader(kmz(t, 1, strings.NewReader(kml)))), "not "},
	} {
		got := readAll(t, "f.kmz", bytes.NewReader(c.data), "")
		if got.end == nil || !strings.Contains(got.end.Error(), c.want) || len(got.records) > 0 {
			t.Errorf("%s: %v, want %q", name, got.end, c.want)
		}
	}
}

func TestBombs(t *testing.T) {
	laughs := `<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><gpx><wpt lat="1" lon="2"><name>&b;</name></wpt></gpx>`
	external := `<!DOCTYPE gpx [<!ENTITY x SYSTEM "file:///etc/passwd">]><gpx><wpt lat="1" lon="2"><name>&x;</name></wpt></gpx>`
	for name, c := range map[string]struct {
		file string
		src  io.Reader
		want string
	}{
		"laughs":       {"f.gpx", strings.NewReader(laughs), "DOCTYPE"},
		"external":     {"f.kml", strings.NewReader(strings.ReplaceAll(external, "gpx", "kml")), "DOCTYPE"},
		"own entity":   {"f.gpx", strings.NewReader("<gpx><wpt lat='1' lon='2'><name>&x;</name></wpt></gpx>"), "not XML"},
		"deep xml":     {"f.gpx", strings.NewReader("<gpx>" + strings.Repeat("<a>", 100_000)), "nested deeper"},
		"deep kml":     {"f.kml", strings.NewReader("<kml>" + strings.Repeat("<Folder>", 100_000)), "nested deeper"},
		"deep json":    {"f.geojson", strings.NewReader(`{"type":"FeatureCollection","features":[` + strings.Repeat("[", 200_000)), "nested deeper"},
		"long text":    {"f.gpx", io.MultiReader(strings.NewReader("<gpx><wpt lat='1' lon='2'><name>"), &endless{text: strings.Repeat("x", 1<<16), n: 3200}), "too large"},
		"long name":    {"f.gpx", io.MultiReader(strings.NewReader("<gpx><"), &endless{text: strings.Repeat("x", 1<<16), n: 3200}), "too large"},
		"long feature": {"f.geojson", io.MultiReader(strings.NewReader(`{"features":[{"type":"Feature","properties":{"name":"`), &endless{text: strings.Repeat("x", 1<<16), n: 3200}), "too large"},
		"long column":  {"f.csv", io.MultiReader(strings.NewReader("name,"), &endless{text: strings.Repeat("x", 1<<16), n: 3200}), "1 MiB"},
	} {
		before := heap()
		got := readAll(t, c.file, c.src, "")
		if got.end == nil || !strings.Contains(got.end.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, got.end, c.want)
		}
		if grown := heap() - before; grown > 96<<20 {
			t.Errorf("%s: the heap grew by %d MiB", name, grown>>20)
		}
	}
}

// heap is all memory asked for and not yet given back.
func heap() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// Memory does not grow with the file: thousands of records pass, compressed,
// and the heap stays where it is.
func TestMemoryIsConstant(t *testing.T) {
	body := strings.Repeat("word ", 60)
	for name, c := range map[string][3]string{
		"f.ndjson":  {"", `{"name":"x","lat":1,"lon":2,"body":"` + body + `"}` + "\n", ""},
		"f.csv":     {"name,lat,lon,body\n", "x,1,2," + body + "\n", ""},
		"f.geojson": {`{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null}`, `,{"type":"Feature","properties":{"name":"x","body":"` + body + `"},"geometry":{"type":"Point","coordinates":[1,2]}}`, `]}`},
		"f.gpx":     {"<gpx>", "<wpt lat='1' lon='2'><name>x</name><desc>" + body + "</desc></wpt>", "</gpx>"},
		"f.kml":     {"<kml>", "<Placemark><name>x</name><description>" + body + "</description><Point><coordinates>1,2</coordinates></Point></Placemark>", "</kml>"},
	} {
		const n = 12_000
		pr, pw := io.Pipe()
		done := make(chan error, 1)
		go func() {
			z := gzip.NewWriter(pw)
			_, err := io.Copy(z, io.MultiReader(strings.NewReader(c[0]), &endless{text: c[1], n: n}, strings.NewReader(c[2])))
			if err == nil {
				err = z.Close()
			}
			done <- err
			_ = pw.CloseWithError(err)
		}()
		rd, err := interchange.Open(name, pr, "")
		if err != nil {
			t.Fatal(err)
		}
		runtime.GC()
		before, most, records := heap(), int64(0), 0
		for {
			_, err := rd.Next()
			if err == io.EOF {
				break
			}
			if _, bad := err.(*interchange.RecordError); err != nil && !bad {
				t.Fatal(err)
			}
			if records++; records%3_000 == 0 {
				runtime.GC()
				most = max(most, heap()-before)
			}
		}
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if records < n || most > 8<<20 {
			t.Errorf("%s: %d records, the heap grew by %d KiB", name, records, most>>10)
		}
	}
}

// Everything in the shared folder passes through the readers.
func TestSharedFiles(t *testing.T) {
	dir := sharedData(t)
	if dir == "" {
		return
	}
	want := map[string][2]int{ // good, bad
		"places-sample.ndjson": {5000, 0}, "places-sample.csv": {5000, 0},
		"wikivoyage-de-with-bad-coordinates.osmand.gpx": {120, 120}, "wikivoyage-fr-1200.osmand.gpx": {1200, 0},
		"wikivoyage-ru-600.osmand.gpx": {600, 0}, "osmand-favourites.gpx": {2, 0}, "bookmarks-abridged.kml": {2, 1},
		"Saved Places.json": {10, 0}, "Want to go.csv": {0, 2}, "networklink.kml": {0, 1}, "dc-memorials.geojson": {239, 0}, "styles.kmz": {2, 0}, "styles.kml": {2, 0},
	}
	ended := map[string]string{
		"gpx-200mb.gpx.gz": "too large", "gpx-billion-laughs.gpx": "DOCTYPE", "gpx-external-entity.gpx": "DOCTYPE",
		"kmz-200mb-of-spaces.kmz": "packed", "zip-20000-entries.zip": "entries", "geojson-deeply-nested.json": "nested deeper",
	}
	files := 0
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.Contains(path, "photos") {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		got := readAll(t, path, f, "")
		files++
		if w, ok := want[d.Name()]; ok && (len(got.records) != w[0] || len(got.bad) != w[1] || got.end != nil) {
			t.Errorf("%s: %d good, %d bad, %v", d.Name(), len(got.records), len(got.bad), got.end)
		}
		if w, ok := ended[d.Name()]; ok && (got.end == nil || !strings.Contains(got.end.Error(), w)) {
			t.Errorf("%s: %v, want %q", d.Name(), got.end, w)
		}
		return nil
	})
	if err != nil || files == 0 {
		t.Fatalf("%d files, %v", files, err)
	}
}
