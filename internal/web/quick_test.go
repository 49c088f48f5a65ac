package web

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// fromMemory is an API that knows one answer by heart.
type fromMemory struct{ asked []string }

func (f *fromMemory) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.ReadyHeader(w.Header())
	w.Header().Set("ETag", `"tag"`)
	_, _ = w.Write([]byte("answer to " + r.URL.RawQuery))
}

func (f *fromMemory) Ready(query, encodings string, b []byte) (body []byte, tag string, zip, ok bool) {
	f.asked = append(f.asked, query+"|"+encodings)
	return append(b, "answer to "+query...), `"tag"`, false, query != "unknown=1"
}

func (f *fromMemory) ReadyHeader(h http.Header) { h.Set("Content-Type", "application/json") }

func TestCallsFromMemory(t *testing.T) {
	calls := &fromMemory{}
	a := newAtlas(t, nil, func(d *Deps) { d.Now, d.API = time.Now, calls })
	const known = "/api/v1/places?near=1,2&limit=3"
	requests := []string{get("/healthz"), get(known), get(known, "Accept-Encoding: gzip", "Accept: */*"),
		// From here on net/http answers.
		get("/api/v1/places?unknown=1"), get(known, "Authorization: Bearer x"), get(known, "Accept: text/html"), get(known, "Accept: */*", "Accept: */*"),
		get(known, "If-None-Match: x"), get("/api/v1/places"), get("/api/v1/places/p1?near=1,2"), get("/api/v1/places?q=a|b"),
		"HEAD " + known + " HTTP/1.1\r\nHost: x\r\n\r\n", get(known, "Connection: close")}
	want := talk(t, served(t, a, false), requests...)
	if len(calls.asked) > 0 {
		t.Fatalf("net/http asks for %q", calls.asked)
	}
	address := served(t, a, true)
	const memory = "near=1,2&limit=3| near=1,2&limit=3|gzip unknown=1|"
	// A request that comes while net/http still ends the answer before it belongs
	// to net/http, with all after it, so that another connection may have to be tried.
	for try := 0; try < 20 && strings.Join(calls.asked, " ") != memory; try++ {
		calls.asked = nil
		got := talk(t, address, requests...)
		if len(want) != len(requests) || len(got) != len(requests) {
			t.Fatalf("%d and %d answers", len(want), len(got))
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("answer %d:\n%s\nand by net/http alone\n%s", i, got[i], want[i])
			}
		}
	}
	if have := strings.Join(calls.asked, " "); have != memory {
		t.Errorf("asked for %q", have)
	}
}
