package app_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mirabilia/internal/app"
)

// The embedded world, as a file of the operator's, is served and drawn in its
// place, with the credit that it names.
func TestOwnMap(t *testing.T) {
	c := configOf(t, t.TempDir(), "")
	c.Tiles = "../web/tiles/world.pmtiles"
	a := open(t, c)
	run(t, a)
	_, body := ask(a, "/map")
	if !strings.Contains(body, `data-tiles="/tiles/own/{z}/{x}/{y}.mvt?v=`) || !strings.Contains(body, `data-credit="`) || strings.Contains(body, `data-credit=""`) {
		t.Error("the map page does not use the operator's map and its credit")
	}
	if code, tile := ask(a, "/tiles/own/2/1/1.mvt"); code != http.StatusOK || len(tile) == 0 {
		t.Errorf("a tile answers %d with %d bytes", code, len(tile))
	}
}

// A foreign style may be asked for by the pages, and nothing else of others.
func TestForeignStyle(t *testing.T) {
	style := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"version":8,"sources":{"a":{"type":"raster","tiles":["https://tiles.example/{z}/{x}/{y}.png"]}},"layers":[]}`)
	}))
	defer style.Close()
	c := configOf(t, t.TempDir(), "")
	c.Tiles = style.URL + "/style.json"
	a := open(t, c)
	run(t, a)
	res, err := http.Get("http://" + a.Addr() + "/map")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	csp := res.Header.Get("Content-Security-Policy")
	for _, want := range []string{"connect-src 'self' " + style.URL + " https://tiles.example;", "img-src 'self' data: blob: " + style.URL + " https://tiles.example;"} {
		if !strings.Contains(csp, want) {
			t.Errorf("the policy lacks %q: %s", want, csp)
		}
	}
	if !strings.Contains(string(body), `data-foreign="`+c.Tiles+`"`) {
		t.Error("the map page does not name the style")
	}
}

func TestMapsThatCannotBeUsed(t *testing.T) {
	dir := t.TempDir()
	broken := filepath.Join(dir, "broken.pmtiles")
	if err := os.WriteFile(broken, []byte("PMTiles\x03 and nothing more"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{filepath.Join(dir, "none.pmtiles"), broken, dir + ".pmtiles"} {
		c := configOf(t, t.TempDir(), "")
		c.Tiles = name
		a, err := app.Open(context.Background(), c, app.Options{Log: slog.New(slog.DiscardHandler), Version: "test"})
		if err == nil {
			a.Close()
			t.Errorf("%s was opened", name)
		} else if !strings.Contains(err.Error(), "MIRABILIA_TILES") {
			t.Errorf("%s: the error does not name the setting: %v", name, err)
		}
	}
}
