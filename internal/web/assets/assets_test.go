package assets

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

func built(t *testing.T) *Set {
	t.Helper()
	s, err := load(fstest.MapFS{
		"dist/manifest.json":         {Data: []byte(`{"files":{"site.css":"site-AB.css","map-worker.js":"map-worker-CD.js"},"preload":["face-EF.woff2"],"words":["title-latin.ttf"]}`)},
		"dist/site-AB.css":           {Data: []byte("plain")},
		"dist/site-AB.css.br":        {Data: []byte("brotli")},
		"dist/site-AB.css.gz":        {Data: []byte("gzip")},
		"dist/map-worker-CD.js":      {Data: []byte("js")},
		"dist/face-EF.woff2":         {Data: []byte("face")},
		"dist/.gitignore":            {Data: []byte("*")},
		"dist/words/title-latin.ttf": {Data: []byte("ttf")},
	}, "dist")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestURL(t *testing.T) {
	s := built(t)
	for name, want := range map[string]string{"site.css": "/assets/site-AB.css", "none.js": "/assets/none.js"} {
		if got := s.URL(name); got != want {
			t.Errorf("URL(%s) = %s, want %s", name, got, want)
		}
	}
	if got := s.Preload(); len(got) != 1 || got[0] != "/assets/face-EF.woff2" {
		t.Errorf("Preload() = %v", got)
	}
}

func TestWords(t *testing.T) {
	s := built(t)
	if got := s.Words("title"); len(got) != 1 || string(got[0]) != "ttf" {
		t.Errorf("Words(title) = %q", got)
	}
	if got := s.Words("line"); got != nil {
		t.Errorf("Words(line) = %q, want none", got)
	}
}

func TestHandler(t *testing.T) {
	s := built(t)
	for _, c := range []struct {
		path, accept, body, kind, encoding, policy string
		status                                     int
	}{
		{"/assets/site-AB.css", "", "plain", "text/css; charset=utf-8", "", "same-origin", 200},
		{"/assets/site-AB.css", "gzip, deflate, br", "brotli", "text/css; charset=utf-8", "br", "same-origin", 200},
		{"/assets/site-AB.css", "gzip", "gzip", "text/css; charset=utf-8", "gzip", "same-origin", 200},
		{"/assets/site-AB.css", "br;q=0, gzip;q=0.5", "gzip", "text/css; charset=utf-8", "gzip", "same-origin", 200},
		{"/assets/face-EF.woff2", "br", "face", "font/woff2", "", "cross-origin", 200},
		{"/assets/site-AB.css.br", "", "", "", "", "", 404},
		{"/assets/manifest.json", "", "", "", "", "", 404},
		{"/assets/.gitignore", "", "", "", "", "", 404},
		{"/assets/words/title-latin.ttf", "", "", "", "", "", 404},
		{"/assets/../assets.go", "", "", "", "", "", 404},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.URL.Path = c.path
		r.Header.Set("Accept-Encoding", c.accept)
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		if w.Code != c.status {
			t.Errorf("%s: status %d, want %d", c.path, w.Code, c.status)
			continue
		}
		if c.status != http.StatusOK {
			continue
		}
		h := w.Header()
		if w.Body.String() != c.body || h.Get("Content-Type") != c.kind || h.Get("Content-Encoding") != c.encoding || h.Get("Cross-Origin-Resource-Policy") != c.policy {
			t.Errorf("%s (%s): %q %v", c.path, c.accept, w.Body, h)
		}
		if h.Get("Cache-Control") != "public, max-age=31536000, immutable" || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", c.path, h)
		}
	}
}

func TestWorkerBringsItsOwnPolicy(t *testing.T) {
	w := httptest.NewRecorder()
	built(t).Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/assets/map-worker-CD.js", nil))
	if w.Header().Get("Content-Security-Policy") == "" {
		t.Error("the map's worker has no content policy")
	}
}

func TestNotBuiltYet(t *testing.T) {
	s, err := load(fstest.MapFS{"dist/.gitignore": {Data: []byte("*")}}, "dist")
	if err != nil || s.Built() || s.URL("site.css") != "/assets/site.css" {
		t.Errorf("an empty dist: %v, built %v, %s", err, s.Built(), s.URL("site.css"))
	}
	if _, err := load(fstest.MapFS{"dist/manifest.json": {Data: []byte("{")}}, "dist"); err == nil {
		t.Error("a broken manifest is no error")
	}
}

// What a first view of a page weighs, compressed as browsers ask.
func TestBudgets(t *testing.T) {
	s, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if !s.Built() {
		t.Log("not built here; make test builds first")
		return
	}
	for name, most := range map[string]int{"site.css": 30_000, "site.js": 15_000} {
		f := s.files[s.manifest.Files[name]]
		if f.br == nil || len(f.gzip) > most {
			t.Errorf("%s: %d bytes compressed, at most %d", name, len(f.gzip), most)
		}
	}
	faces := 0
	for _, name := range s.manifest.Preload {
		faces += len(s.files[name].plain)
	}
	if len(s.manifest.Preload) != 3 || faces > 60_000 {
		t.Errorf("%d faces of %d bytes at first view, at most 3 of 60,000", len(s.manifest.Preload), faces)
	}
	// What is beyond Latin is of another family: build/faces.mjs says why.
	of := map[string]int{}
	for _, face := range regexp.MustCompile(`@font-face{[^}]*-wght-[^}]*}`).FindAllString(string(s.files[s.manifest.Files["site.css"]].plain), -1) {
		family := ` beyond Latin"`
		if strings.Contains(face, "-latin-wght-") {
			family = ` Variable"`
		}
		if !strings.Contains(face, family) {
			t.Errorf("a face that is not of the family %s: %s", family, face)
		}
		of[family]++
	}
	if of[` Variable"`] != 6 || of[` beyond Latin"`] == 0 {
		t.Errorf("faces of the families: %v; 6 of Latin are wanted", of)
	}
}
