package web

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"
)

// bare is the reference of the kept page: a handler that sends the same ready
// bytes and nothing more.
func bare(body []byte, coding string) http.Handler {
	length := strconv.Itoa(len(body))
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Encoding", coding)
		h.Set("Content-Length", length)
		_, _ = w.Write(body)
	})
}

// dumb is a response writer that costs next to nothing.
type dumb struct{ h http.Header }

func (d *dumb) Header() http.Header         { return d.h }
func (d *dumb) Write(b []byte) (int, error) { return len(b), nil }
func (d *dumb) WriteHeader(int)             {}

func BenchmarkKeptPage(b *testing.B) {
	a := newAtlas(b, someRecords(), func(d *Deps) { d.Now = time.Now })
	r := httptest.NewRequest(http.MethodGet, "/places/casa-azul", nil)
	r.Header.Set("Accept-Encoding", "gzip, deflate, br")
	w := httptest.NewRecorder()
	a.site.ServeHTTP(w, r)
	ready := bytes.Clone(w.Body.Bytes())
	for name, h := range map[string]http.Handler{"kept": a.site, "bare": bare(ready, "br")} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				h.ServeHTTP(&dumb{make(http.Header, 4)}, r)
			}
		})
	}
}

func BenchmarkRenderedPage(b *testing.B) {
	a := newAtlas(b, someRecords(), func(d *Deps) { d.Now, d.Keep = time.Now, 0 })
	r := httptest.NewRequest(http.MethodGet, "/places/casa-azul", nil)
	b.ReportAllocs()
	for b.Loop() {
		a.site.ServeHTTP(&dumb{make(http.Header, 4)}, r)
	}
}
