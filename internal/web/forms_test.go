package web

import (
	"archive/zip"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"strings"
	"testing"
)

// Every form of a list holds the same places, and parses.
func TestFormsHoldTheSamePlaces(t *testing.T) {
	a := newAtlas(t, someRecords(), nil)
	for path, want := range map[string]int{"/places%s": 5, "/places%s?tag=museums": 2, "/destinations/mexico%s": 3, "/tags/museums%s": 2, "/tags/museums/in/mexico%s": 2, "/places%s?in=france": 0, "/places%s?limit=2": 2} {
		for _, form := range listForms {
			if form == ".json" && strings.HasPrefix(path, "/destinations") {
				continue // a destination is told as such, not as a list
			}
			w := a.get(strings.Replace(path, "%s", form, 1))
			if n := countIn(t, form, w.Body.String()); w.Code != http.StatusOK || n != want {
				t.Errorf("%s as %s: %d with %d places, want %d: %.200s", path, form, w.Code, n, want, w.Body)
			}
		}
	}
	for _, form := range placeForms {
		if w := a.get("/places/casa-azul" + form); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Casa Azul") && !strings.Contains(w.Body.String(), "places/casa-azul.html") {
			t.Errorf("one place as %s: %d", form, w.Code)
		}
	}
	for path, field := range map[string]string{"/places.json?q=azul": `"website":"https://www.museofridakahlo.org.mx/"`, "/places.json?tag=history": `"name":"Leon Trotsky House"`} {
		if w := a.get(path); !strings.Contains(w.Body.String(), field) {
			t.Errorf("%s has no %s: %s", path, field, w.Body)
		}
	}
	if l := a.get("/places.json?limit=2").Header().Get("Link"); !strings.Contains(l, testURL+"/places.json?cursor=") || !strings.Contains(l, `rel="next"`) {
		t.Errorf("Link is %q", l)
	}
}

// countIn counts the places in a file by its own grammar.
func countIn(t *testing.T, form, body string) int {
	t.Helper()
	switch form {
	case ".json", ".feed.json", ".geojson", ".pack.json":
		var doc struct {
			Items    []json.RawMessage
			Features []json.RawMessage
		}
		if err := json.Unmarshal([]byte(body), &doc); err != nil {
			t.Errorf("%s: %v", form, err)
		}
		return len(doc.Items) + len(doc.Features)
	case ".zip":
		z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
		if err != nil {
			t.Fatalf("zip: %v", err)
		}
		n := 0
		for _, f := range z.File {
			if strings.HasPrefix(f.Name, "places/") {
				n++
			}
		}
		return n
	case ".csv":
		rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
		if err != nil {
			t.Errorf("csv: %v", err)
		}
		return len(rows) - 1
	}
	element := map[string]string{".gpx": "wpt", ".kml": "Placemark", ".atom": "entry", ".rss": "item"}[form]
	n := 0
	for d := xml.NewDecoder(strings.NewReader(body)); ; {
		tok, err := d.Token()
		if err == io.EOF {
			return n
		}
		if err != nil {
			t.Errorf("%s: %v", form, err)
			return n
		}
		if s, ok := tok.(xml.StartElement); ok && s.Name.Local == element {
			n++
		}
	}
}
