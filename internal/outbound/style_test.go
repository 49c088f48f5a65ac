package outbound

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
)

func TestStyleOrigins(t *testing.T) {
	var self string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/style.json":
			fmt.Fprintf(w, `{"version":8,"glyphs":"https://faces.example/{fontstack}/{range}.pbf","sprite":[{"id":"a","url":"https://icons.example/sprite"}],
				"sources":{"a":{"type":"vector","url":"%s/tiles.json"},"b":{"type":"raster","tiles":["https://pictures.example/{z}/{x}/{y}.png"]},"c":{"type":"geojson","url":"javascript:alert(1)"}}}`, self)
		case "/tiles.json":
			fmt.Fprint(w, `{"tiles":["https://tiles.example/{z}/{x}/{y}.mvt"]}`)
		case "/broken.json":
			fmt.Fprint(w, `<html>`)
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	self = server.URL
	got, err := StyleOrigins(t.Context(), self+"/style.json")
	slices.Sort(got)
	want := []string{self, "https://faces.example", "https://icons.example", "https://pictures.example", "https://tiles.example"}
	slices.Sort(want)
	if !slices.Equal(got, want) || err == nil {
		t.Errorf("%v, %v (the third source cannot be asked)", got, err)
	}
	for _, path := range []string{"/nothing.json", "/broken.json"} {
		if got, err := StyleOrigins(t.Context(), self+path); err == nil || !slices.Equal(got, []string{self}) {
			t.Errorf("%s: %v, %v", path, got, err)
		}
	}
}
