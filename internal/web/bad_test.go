package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// badValues are values that no parameter of the kind takes.
var badValues = map[string][]string{
	"/places":                 {"q=" + strings.Repeat("x", 201), "tag=Bad%20Tag", "in=A/B", "bbox=1,2,3", "bbox=0,50,0,40", "near=91,0", "near=x", "radius=-1", "radius=0", "radius=99999", "status=shut", "kind=dragon", "photos=maybe", "unvisited=no", "obscurity=9-1", "obscurity=5", "free=perhaps", "stepfree=1", "dogs=x", "children=x", "parking=x", "booking=x", "sort=best", "sort=near", "limit=0", "limit=101", "limit=x", "cursor=%3Cx%3E", "cursor=AAAA", "q=a&q=b", "limit=1&limit=2", "q=%ff", "q=%00", "q=%zz", "x=%ff"},
	"/near":                   {"lat=91&lon=0", "lat=1", "lon=1", "lat=a&lon=b", "lat=1&lon=181", "radius=-1", "unit=parsec", "limit=0", "cursor=@", "lat=1&lon=1&cursor=AAAA", "q=" + strings.Repeat("y", 201), "lat=NaN&lon=1"},
	"/search":                 {"kind=dragon", "page=0", "page=99", "limit=1000", "in=A", "tag=X%20Y", "q=a&q=b", "q=%01", "q=" + strings.Repeat("z", 201)},
	"/map":                    {"lat=1", "lat=100&lon=1", "z=99", "z=x", "bbox=1", "lat=1&lon=1&z=-1"},
	"/random":                 {"in=a/b/c/d", "tag=X"},
	"/places-to-eat":          {"limit=0", "sort=near"},
	"/destinations/mexico":    {"limit=0", "cursor=AAAA", "sort=x"},
	"/tags/museums":           {"limit=0", "cursor=AAAA", "sort=x"},
	"/tags/museums/in/mexico": {"limit=x"},
}

func TestBadValuesAreSaidPlainly(t *testing.T) {
	a := newAtlas(t, someRecords(), nil)
	for path, queries := range badValues {
		for _, q := range queries {
			w := a.get(path + "?" + q)
			if w.Code != http.StatusBadRequest || !strings.Contains(w.Header().Get("Content-Type"), "text/html") || !strings.Contains(w.Body.String(), "<h1") {
				t.Errorf("%s?%.60s: %d", path, q, w.Code)
			}
		}
	}
	for _, q := range badValues["/places"] {
		for _, form := range listForms {
			w := a.get("/places" + form + "?" + q)
			var doc struct {
				Status int
				Title  string
				Errors []struct{ Field, Message string }
			}
			if err := json.Unmarshal(w.Body.Bytes(), &doc); w.Code != http.StatusBadRequest || err != nil || doc.Status != 400 || w.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("/places%s?%.60s: %d %v", form, q, w.Code, err)
			}
			if !strings.Contains(q, "%ff") && !strings.Contains(q, "%00") && !strings.Contains(q, "%zz") && len(doc.Errors) == 0 {
				t.Errorf("/places%s?%.60s names no field", form, q)
			}
		}
	}
}

func TestOddRequests(t *testing.T) {
	a := newAtlas(t, someRecords(), nil)
	for _, c := range []struct {
		method, path string
		want         int
	}{
		{"GET", "/nowhere", 404}, {"GET", "/places/nothing-here", 404}, {"GET", "/places/p999999", 404}, {"GET", "/places/Casa-Azul", 404},
		{"GET", "/places/casa-azul.xlsx", 404}, {"GET", "/places/casa-azul.csv", 404}, {"GET", "/places.", 404}, {"GET", "/places.exe", 404}, {"GET", "/tags/nope", 404},
		{"GET", "/destinations/no-such-country", 404}, {"GET", "/destinations/mexico/atlantis", 404}, {"GET", "/destinations/a/b/c/d/e", 404}, {"GET", "/tags/museums/in/atlantis", 404},
		{"GET", "/destinations/", 301}, {"GET", "/places/", 301}, {"GET", "/tags/museums/", 301}, {"GET", "//places", 301}, {"GET", "/places/../tags", 301},
		{"GET", "/%ff", 400}, {"GET", "/places/%00", 400}, {"GET", "/places/a%0ab", 400}, {"GET", "/places/%2e%2e%2fetc", 301}, {"GET", "/places/casa%2Fazul", 404},
		{"GET", "/places/casa-azul/", 301}, {"GET", "/destinations/mexico/", 301}, {"GET", "/tags/museums/in/mexico/?limit=5", 301}, {"GET", "/assets/../site.go", 301}, {"GET", "/assets/none.css", 404}, {"GET", "/sitemaps/places-9.xml", 404}, {"GET", "/sitemaps/pages", 404},
		{"GET", "/.well-known/change-password", 302}, {"GET", "/oembed?url=x", 400}, {"GET", "/stories.atom", 404}, {"GET", "/foods/pizza", 404}, {"GET", "/tiles/places/99/0/0.mvt", 404},
		{"POST", "/places", 405}, {"DELETE", "/places/casa-azul", 405}, {"PUT", "/nowhere", 404}, {"TRACE", "/", 405}, {"OPTIONS", "/places", 204}, {"BREW", "/places", 405}, {"HEAD", "/places", 200},
		{"GET", "/places?" + strings.Repeat("a", 9000), 414}, {"GET", "/" + strings.Repeat("a", 9000), 414},
	} {
		w := a.do(c.method, c.path)
		if w.Code != c.want {
			t.Errorf("%s %.60s: %d, want %d", c.method, c.path, w.Code, c.want)
		}
		if w.Code == 405 && !strings.Contains(w.Header().Get("Allow"), "GET") {
			t.Errorf("%s %s: Allow is %q", c.method, c.path, w.Header().Get("Allow"))
		}
		if l := w.Header().Get("Location"); l != "" && (!strings.HasPrefix(l, "/") || strings.HasPrefix(l, "//")) {
			t.Errorf("%s leads away, to %s", c.path, l)
		}
		if c.method == "HEAD" && w.Body.Len() > 0 {
			t.Errorf("HEAD %s has a body", c.path)
		}
	}
	for _, c := range []struct{ path, want string }{
		{"/nowhere", `role="search"`}, {"/places?limit=0", "<code>limit</code>"},
	} {
		if body := a.get(c.path).Body.String(); !strings.Contains(body, c.want) {
			t.Errorf("%s lacks %s", c.path, c.want)
		}
	}
}

func TestForgedPostsAreRefused(t *testing.T) {
	a := newAtlas(t, nil, nil)
	w := a.do("POST", "/places", "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example")
	if w.Code != http.StatusForbidden {
		t.Errorf("a forged POST: %d", w.Code)
	}
	if w := a.do("POST", "/places", "Content-Type", "application/x-www-form-urlencoded"); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("a POST without an origin: %d", w.Code)
	}
}

func FuzzPath(f *testing.F) {
	for _, s := range []string{"/", "/places/x", "/places?q=a", "/destinations/%F0%9F%97%BA", "//evil", "/places.json?bbox=1,2,3,4", "/tags/a/in/b/c", "/near?lat=1&lon=2", "/\\evil", "/places/..%2f", "/random?in=mexico", "/search?q=%27%22%3E%3Csvg%20onload=1%3E"} {
		f.Add(s)
	}
	a := newAtlas(f, someRecords(), nil)
	f.Fuzz(func(t *testing.T, path string) {
		if !strings.HasPrefix(path, "/") {
			path = "/" + path
		}
		w := request(a.site, "GET", path)
		if w.Code >= 500 {
			t.Fatalf("%q: %d", path, w.Code)
		}
		if l := w.Header().Get("Location"); l != "" && (!strings.HasPrefix(l, "/") || strings.HasPrefix(l, "//") || strings.HasPrefix(l, "/\\")) {
			t.Fatalf("%q leads to %q", path, l)
		}
		if strings.Contains(w.Body.String(), "<svg onload") {
			t.Fatalf("%q is echoed as markup", path)
		}
	})
}

func ExampleRoute() {
	fmt.Println(Page, Feed, Tile)
	// Output: page feed tile
}
