package interchange_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"mirabilia/internal/interchange"
	"mirabilia/internal/text"
)

// result is all that a file gave.
type result struct {
	records []interchange.Record
	bad     []string // reasons of records that failed
	lines   []int
	end     error // what ended the file before its time
	format  string
	warned  []string
}

// readAll reads a file to its end and holds every record against what a reader
// promises.
func readAll(t testing.TB, name string, r io.Reader, format string) result {
	t.Helper()
	rd, err := interchange.Open(name, r, format)
	if err != nil {
		return result{end: err}
	}
	out := result{format: rd.Format()}
	for {
		rec, err := rd.Next()
		var bad *interchange.RecordError
		switch {
		case errors.Is(err, io.EOF) && err == io.EOF:
			return out
		case errors.As(err, &bad):
			if bad.Reason == "" || bad.Record == 0 || strings.Contains(bad.Error(), "\n") {
				t.Fatalf("%s: a failure without reason or place: %#v", name, bad)
			}
			out.bad, out.lines = append(out.bad, bad.Reason), append(out.lines, bad.Line)
			continue
		case err != nil:
			out.end = err
			if _, again := rd.Next(); again == nil {
				t.Fatalf("%s goes on after %v", name, err)
			}
			return out
		}
		checkRecord(t, rec)
		out.records = append(out.records, rec)
		out.warned = append(out.warned, rd.Warnings()...)
	}
}

func checkRecord(t testing.TB, r interchange.Record) {
	t.Helper()
	if strings.TrimSpace(r.Title) == "" || r.Source == "" || r.ID == "" {
		t.Fatalf("a record without title, source or id: %+v", r)
	}
	if (r.Lat == nil) != (r.Lon == nil) {
		t.Fatalf("half a position: %+v", r)
	}
	if r.Lat != nil && !(*r.Lat >= -90 && *r.Lat <= 90 && *r.Lon >= -180 && *r.Lon <= 180) {
		t.Fatalf("position %v, %v", *r.Lat, *r.Lon)
	}
	for _, s := range append([]string{r.Title, r.Body, r.Address, r.Website, r.ID, r.Source}, r.Tags...) {
		if !utf8.ValidString(s) || text.Clean(s) != s {
			t.Fatalf("a text that is not clean: %q", s)
		}
	}
}

func readText(t testing.TB, name, content string) result {
	t.Helper()
	return readAll(t, name, strings.NewReader(content), "")
}

func write(t testing.TB, format string, meta interchange.Meta, records ...interchange.Record) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := interchange.NewWriter(&b, format, meta)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gz(t testing.TB, content string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, content); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func ptr(v float64) *float64 { return &v }

// sharedData is the folder of real files kept beside the project, "" if it is
// not there.
func sharedData(t testing.TB) string {
	t.Helper()
	tries := []string{filepath.Join(os.Getenv("MIRABILIA_SHARED"), "data")}
	for _, up := range []string{"../..", "../../..", "../../../.."} {
		tries = append(tries, filepath.Join(up, "shared", "data"))
	}
	for _, dir := range tries {
		if st, err := os.Stat(filepath.Join(dir, "interchange")); err == nil && st.IsDir() {
			return dir
		}
	}
	t.Log("shared data not here: only generated files are read")
	return ""
}
