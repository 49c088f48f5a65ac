package app

import (
	"bytes"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"golang.org/x/image/webp"

	"mirabilia/internal/demo"
)

func TestDemoPictures_servesBothForms(t *testing.T) {
	mux := http.NewServeMux()
	mux.Handle("GET "+demoPath+"{file}", newDemoPictures())
	get := func(path, tag string) *http.Response {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		if tag != "" {
			r.Header.Set("If-None-Match", tag)
		}
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		return w.Result()
	}
	drawings, err := demo.Drawings()
	if err != nil || len(drawings) == 0 {
		t.Fatal(len(drawings), err)
	}
	file := drawings[0].Files[320]
	res := get(demoPath+file, "")
	img, err := webp.Decode(res.Body)
	if err != nil || res.Header.Get("Content-Type") != "image/webp" {
		t.Fatalf("%v as %s", err, res.Header.Get("Content-Type"))
	}
	tag := res.Header.Get("Etag")
	if res := get(demoPath+file, tag); tag == "" || res.StatusCode != http.StatusNotModified || res.ContentLength > 0 {
		t.Errorf("what the reader has already is sent again: %q, %d", tag, res.StatusCode)
	}
	for range 2 {
		res := get(demoPath+strings.TrimSuffix(file, ".webp")+".jpg", "")
		var b bytes.Buffer
		if _, err := b.ReadFrom(res.Body); err != nil {
			t.Fatal(err)
		}
		same, err := jpeg.Decode(&b)
		if err != nil || same.Bounds() != img.Bounds() || res.Header.Get("Content-Type") != "image/jpeg" {
			t.Errorf("JPEG: %v, %v", err, res.Header)
		}
	}
	for _, name := range []string{"nothing.webp", "nothing.jpg", file + ".jpg", ".jpg", "%2e%2e%2fplaces%2fparis.toml"} {
		res := get(demoPath+name, "")
		if res.StatusCode != http.StatusNotFound || res.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d, kept %q", name, res.StatusCode, res.Header.Get("Cache-Control"))
		}
	}
}
