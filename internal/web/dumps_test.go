package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"mirabilia/internal/dump"
)

func TestDumps(t *testing.T) {
	a := newAtlas(t, someRecords(), nil)
	set, err := a.site.Dumps.Latest()
	if err != nil {
		t.Fatal(err)
	}
	body := a.get("/dumps").Body.String()
	for _, f := range set.Files {
		path := "/dumps/" + f.Name
		if !strings.Contains(body, path) || !strings.Contains(body, f.SHA256) {
			t.Errorf("the page does not list %s with its sum", f.Name)
		}
		whole := a.get(path)
		if whole.Code != http.StatusOK || int64(whole.Body.Len()) != f.Size || whole.Header().Get("Content-Encoding") != "" || whole.Header().Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %d, %d bytes, %v", path, whole.Code, whole.Body.Len(), whole.Header())
		}
		if w := a.get(path, "If-None-Match", whole.Header().Get("ETag")); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
			t.Errorf("%s with its tag: %d", path, w.Code)
		}
		if w := a.get(path, "Range", "bytes=10-19", "If-Range", whole.Header().Get("ETag")); w.Code != http.StatusPartialContent || w.Body.String() != whole.Body.String()[10:20] || w.Header().Get("Content-Range") != fmt.Sprintf("bytes 10-19/%d", f.Size) {
			t.Errorf("%s in parts: %d %v", path, w.Code, w.Header())
		}
		if w := a.do(http.MethodHead, path); w.Code != http.StatusOK || w.Body.Len() != 0 {
			t.Errorf("HEAD %s: %d", path, w.Code)
		}
	}
	for _, path := range []string{"/dumps/latest.json", "/dumps/x", "/dumps.csv"} {
		if w := a.get(path); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	var out struct {
		Licence string
		Places  int
		Files   []struct{ URL, SHA256 string }
	}
	if err := json.Unmarshal(a.get("/dumps.json").Body.Bytes(), &out); err != nil || out.Licence != "CC-BY-SA-4.0" || out.Places != len(someRecords()) || out.Files[0].URL != testURL+"/dumps/places.ndjson.gz" || out.Files[0].SHA256 != set.Files[0].SHA256 {
		t.Errorf("%+v, %v", out, err)
	}
	none := newAtlas(t, nil, func(d *Deps) { d.Dumps = dump.Open(t.TempDir()) })
	if w := none.get("/dumps"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "coming night") {
		t.Errorf("before the first: %d", w.Code)
	}
	for _, path := range []string{"/dumps.json", "/dumps/places.csv.gz"} {
		if w := none.get(path); w.Code != http.StatusNotFound {
			t.Errorf("%s before the first: %d", path, w.Code)
		}
	}
}
