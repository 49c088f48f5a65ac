package walk

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
)

func site(secret string) http.Handler {
	mux := http.NewServeMux()
	page := func(pattern, body string) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, body)
		})
	}
	page("/{$}", `<a href="/a?x=1#top">a</a> <img srcset="/i.webp 1x, /j.webp 2x"> <a href="https://elsewhere.example/">no</a> <a href="//elsewhere.example/">no</a> <a href="mailto:x">no</a>`)
	page("/a", `<form action="/b"></form>`+secret)
	mux.HandleFunc("/a.json", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"at":"19.355"}`) })
	return mux
}

func TestVisitFollowsEverything(t *testing.T) {
	got := Visit(site(""), Options{Seeds: []string{"/"}, Forms: []string{".json"}})
	for _, want := range []string{"/", "/a?x=1", "/a.json?x=1", "/i.webp", "/j.webp", "/b"} {
		if _, ok := got[want]; !ok {
			t.Errorf("%s was not visited; got %d answers", want, len(got))
		}
	}
	if len(got) != 6 {
		t.Errorf("visited %d addresses", len(got))
	}
	if got["/b"].Status != 404 {
		t.Errorf("/b: %d", got["/b"].Status)
	}
}

func TestDifferenceAndFind(t *testing.T) {
	o := Options{Seeds: []string{"/"}}
	a, b := Visit(site("one"), o), Visit(site("two"), o)
	if Difference(a, a) != "" || Difference(a, b) == "" {
		t.Errorf("same: %q, other: %q", Difference(a, a), Difference(a, b))
	}
	o.Forms = []string{".json"}
	if where := Find(Visit(site(""), o), Traces(19.35512, -99.16234)); where == "" {
		t.Error("the position in /a.json was not found")
	}
	if where := Find(a, Traces(19.35512, -99.16234)); where != "" {
		t.Errorf("found %s, which is not there", where)
	}
}

// Known values: a geohash and a plus code that others publish.
func TestTraces(t *testing.T) {
	got := Traces(57.64911, 10.40744)
	for _, want := range []string{"57.649", "10.407", "57°38′", "u4pruyd"} {
		if !slices.Contains(got, want) {
			t.Errorf("no %s in %v", want, got)
		}
	}
	if p := plusCode(47.365590, 8.524997); p != "8FVC9G8F" {
		t.Errorf("plus code %s", p)
	}
}
