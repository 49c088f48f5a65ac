package web

import (
	"bytes"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// metas are the OpenGraph and Twitter properties of a page.
func metas(t *testing.T, body string) map[string]string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for n := range doc.Descendants() {
		if n.Data != "meta" {
			continue
		}
		at := map[string]string{}
		for _, a := range n.Attr {
			at[a.Key] = a.Val
		}
		if name := at["property"] + at["name"]; strings.HasPrefix(name, "og:") || strings.HasPrefix(name, "twitter:") {
			out[name] = at["content"]
		}
	}
	return out
}

// Every type of page names a picture of its own, and there it is.
func TestSharePictures(t *testing.T) {
	a := newAtlas(t, someRecords(), nil)
	const house = "/places/museo-casa-de-leon-trotsky"
	seen := map[string]bool{}
	for _, page := range []string{"/", "/places", "/tags", "/destinations", "/map", "/about", house, "/tags/museums", "/destinations/mexico"} {
		m := metas(t, a.get(page).Body.String())
		for name, want := range map[string]string{"og:image:width": "1200", "og:image:height": "630", "og:image:type": "image/png", "twitter:card": "summary_large_image"} {
			if m[name] != want {
				t.Errorf("%s: %s is %q, want %q", page, name, m[name], want)
			}
		}
		path, ok := strings.CutPrefix(m["og:image"], testURL)
		if !ok || m["og:image:alt"] == "" || m["og:title"] == "" {
			t.Errorf("%s: picture %q, alt %q, title %q", page, m["og:image"], m["og:image:alt"], m["og:title"])
			continue
		}
		if seen[path] {
			continue
		}
		seen[path] = true
		res := a.get(path)
		if !a.site.Assets.Built() {
			if res.Code != http.StatusServiceUnavailable {
				t.Errorf("%s without faces: %d", path, res.Code)
			}
			continue
		}
		c, err := png.DecodeConfig(bytes.NewReader(res.Body.Bytes()))
		if err != nil || c.Width != 1200 || c.Height != 630 || res.Header().Get("Content-Type") != "image/png" {
			t.Errorf("%s: %d, %v, %v", path, res.Code, c, err)
		}
		if res.Header().Get("Content-Encoding") != "" {
			t.Errorf("%s is packed twice", path)
		}
	}
	for _, path := range []string{"/pictures/share/places/nothing.png", "/pictures/share" + house, "/pictures/share" + house + ".svg", "/pictures/share/pages/nothing.png"} {
		if res := a.get(path); res.Code != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", path, res.Code)
		}
	}
}
