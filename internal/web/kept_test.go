package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/andybalholm/brotli"

	"mirabilia/internal/finder"
	"mirabilia/internal/place"
)

func unpacked(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	var r io.Reader = bytes.NewReader(w.Body.Bytes())
	switch w.Header().Get("Content-Encoding") {
	case "br":
		r = brotli.NewReader(r)
	case "gzip":
		z, err := gzip.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		r = z
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestCodingsAreTheSamePage(t *testing.T) {
	a := newAtlas(t, someRecords(), nil)
	plain := a.get("/places/casa-azul")
	tags := map[string]bool{plain.Header().Get("Etag"): true}
	for accept, want := range map[string]string{"gzip": "gzip", "br, gzip": "br", "gzip, deflate, br, zstd": "br", "br;q=0, gzip": "gzip", "deflate": "", "*": "", "gzip;q=0": ""} {
		for range 2 { // rendered, then kept
			w := a.get("/places/casa-azul", "Accept-Encoding", accept)
			if got := w.Header().Get("Content-Encoding"); got != want {
				t.Errorf("asked for %q, got %q", accept, got)
			}
			if unpacked(t, w) != plain.Body.String() {
				t.Errorf("%q is another page", accept)
			}
			tags[w.Header().Get("Etag")] = true
			if w.Header().Get("Content-Length") != fmt.Sprint(w.Body.Len()) {
				t.Errorf("%q: length %s of %d", accept, w.Header().Get("Content-Length"), w.Body.Len())
			}
		}
	}
	if len(tags) != 3 {
		t.Errorf("three codings have the tags %v", tags)
	}
	for tag := range tags {
		w := a.get("/places/casa-azul", "If-None-Match", `"other", W/`+tag, "Accept-Encoding", "br")
		if w.Code != http.StatusNotModified || w.Body.Len() > 0 || w.Header().Get("Etag") == "" || w.Header().Get("Cache-Control") == "" {
			t.Errorf("%s: %d with %d bytes", tag, w.Code, w.Body.Len())
		}
	}
	if w := a.get("/places/casa-azul", "If-None-Match", `"nothing"`); w.Code != http.StatusOK {
		t.Errorf("an unknown tag: %d", w.Code)
	}
}

// What one reader sends must not change what the next one gets.
func TestNoHeaderReachesAKeptPage(t *testing.T) {
	for _, path := range []string{"/", "/places/casa-azul", "/places?tag=museums", "/places.atom", "/search?q=skulls", "/destinations/mexico", "/nowhere"} {
		clean := newAtlas(t, someRecords(), nil).get(path)
		a := newAtlas(t, someRecords(), nil)
		headers := []string{"Cookie", "session=secret", "Authorization", "Bearer x", "X-Forwarded-Host", "evil.example", "X-Forwarded-Proto", "https", "X-Forwarded-For", "6.6.6.6",
			"Forwarded", "host=evil.example", "X-Original-URL", "/admin", "X-Rewrite-URL", "/admin", "Accept-Language", "tlh", "User-Agent", "canary-agent", "Referer", "http://evil.example/", "Origin", "http://evil.example",
			"X-Host", "evil.example", "Via", "canary", "DNT", "1", "Range", "bytes=0-3", "If-Modified-Since", "Tue, 24 Nov 2026 00:00:00 GMT", "Accept", "application/json", "X-HTTP-Method-Override", "DELETE"}
		for i := range 40 {
			headers = append(headers, fmt.Sprintf("X-Canary-%d", i), "canary-value")
		}
		odd := a.get(path+"", headers...)
		next := a.get(path)
		for name, w := range map[string]*httptest.ResponseRecorder{"the one who sent them": odd, "the next": next} {
			if w.Body.String() != clean.Body.String() || w.Code != clean.Code {
				t.Errorf("%s: headers changed what %s gets", path, name)
			}
			for h := range clean.Header() {
				if w.Header().Get(h) != clean.Header().Get(h) {
					t.Errorf("%s: header %s is %q for %s, %q without", path, h, w.Header().Get(h), name, clean.Header().Get(h))
				}
			}
		}
	}
}

func TestUnknownQueryIsNeitherKeptNorEchoed(t *testing.T) {
	a := newAtlas(t, someRecords(), nil)
	want := a.get("/places?tag=museums").Body.String()
	if got := a.get("/places?utm=canary&tag=museums&x=canary").Body.String(); got != want {
		t.Error("an unknown parameter changes the page")
	}
	n := a.site.kept.cache.EstimatedSize()
	for i := range 50 {
		a.get(fmt.Sprintf("/places?tag=museums&bust=%d", i))
	}
	if got := a.site.kept.cache.EstimatedSize(); got != n {
		t.Errorf("unknown parameters made %d entries of %d", got, n)
	}
}

func TestAKeptPageIsForgottenWithWhatItShows(t *testing.T) {
	a := newAtlas(t, someRecords(), nil)
	ctx := context.Background()
	p, err := a.places.BySlug(ctx, "casa-azul")
	if err != nil {
		t.Fatal(err)
	}
	trotsky := a.get("/places/museo-casa-de-leon-trotsky").Body.String()
	r := someRecords()[1]
	r.Title = "Casa Roja"
	if _, err := a.places.Import(ctx, []place.Record{r}, place.ImportOptions{Publish: true, Source: "test"}); err != nil {
		t.Fatal(err)
	}
	if got := a.get("/places/museo-casa-de-leon-trotsky").Body.String(); got != trotsky {
		t.Error("the page changed before the log named its neighbour: it was not kept")
	}
	a.site.Forget([]finder.Ref{{Kind: finder.Eatery, ID: p.ID}}) // a place and an eatery of one id are one thing
	if got := a.get("/places/museo-casa-de-leon-trotsky").Body.String(); !bytes.Contains([]byte(got), []byte("Casa Roja")) {
		t.Error("the page still shows the old name of its neighbour")
	}
}

func TestListsHoldUntilAnythingChanges(t *testing.T) {
	a := newAtlas(t, someRecords(), nil)
	before := a.get("/places").Body.String()
	r := someRecords()[0]
	r.ID, r.Title = "9", "A new museum"
	if _, err := a.places.Import(context.Background(), []place.Record{r}, place.ImportOptions{Publish: true, Source: "test"}); err != nil {
		t.Fatal(err)
	}
	if a.get("/places").Body.String() != before {
		t.Error("the list was not kept")
	}
	a.follow()
	if after := a.get("/places").Body.String(); after == before || !bytes.Contains([]byte(after), []byte("A new museum")) {
		t.Error("the list does not show the new place")
	}
	// A place's page does not list the newcomer by name, so it may wait a moment.
	a.get("/places/casa-azul")
	a.now = a.now.Add(holds + time.Second)
	if !bytes.Contains(a.get("/places/casa-azul").Body.Bytes(), []byte("A new museum")) {
		t.Error("the new neighbour is missing")
	}
}

func TestWithdrawnWhileTheFinderLags(t *testing.T) {
	a := newAtlas(t, someRecords(), nil)
	p, err := a.places.BySlug(context.Background(), "casa-azul")
	if err != nil {
		t.Fatal(err)
	}
	if err := a.places.Withdraw(context.Background(), p.ID); err != nil {
		t.Fatal(err)
	}
	a.site.Forget([]finder.Ref{p.Ref()}) // the log names it; the finder still proposes it
	for _, path := range []string{"/places", "/places/museo-casa-de-leon-trotsky", "/destinations/mexico", "/tags/museums", "/search?q=azul", "/places.geojson", "/places.atom", "/near?lat=19.355&lon=-99.16", "/"} {
		if bytes.Contains(a.get(path).Body.Bytes(), []byte("/places/casa-azul")) {
			t.Errorf("%s still shows it", path)
		}
	}
	if w := a.get("/places/casa-azul"); w.Code != http.StatusGone {
		t.Errorf("the withdrawn page: %d", w.Code)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	a := newAtlas(t, someRecords(), func(d *Deps) { d.Keep = 1 << 20 })
	for i := range 300 {
		a.get(fmt.Sprintf("/places?obscurity=%d-100&limit=%d", i%100, 1+i%100))
	}
	if got := a.site.kept.cache.WeightedSize(); got > 1<<20 {
		t.Errorf("%d bytes are kept of %d", got, 1<<20)
	}
}
