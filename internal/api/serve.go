package api

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"sync"

	"mirabilia/internal/errs"
)

// squeezed is the size from which an answer is worth compressing, in bytes.
const squeezed = 1400

// answer gathers an answer, so that its tag can be made of its bytes.
type answer struct {
	header http.Header
	body   bytes.Buffer
	status int
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(b)
}

var (
	answers = sync.Pool{New: func() any { return &answer{} }}
	zippers = sync.Pool{New: func() any { z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed); return z }}
)

// ServeHTTP answers a call. Everything here is public and the same for all, so
// any origin may read it and any cache may keep it, asking again by its tag.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	open(w.Header())
	switch r.Method {
	case http.MethodGet, http.MethodHead:
	case http.MethodOptions:
		preflight(w)
		return
	default:
		if r.Method == http.MethodPost && r.URL.Path == alongPath {
			if !readLine(w, r) {
				return
			}
			break // reads as a GET does; its question is only too long for an address
		}
		w.Header().Set("Allow", "GET, HEAD, OPTIONS")
		made(http.StatusMethodNotAllowed, errs.Invalid, "Nothing can be written here yet; use GET.", nil).write(w)
		return
	}
	out := answers.Get().(*answer)
	defer answers.Put(out)
	out.header, out.status = w.Header(), 0
	out.body.Reset()
	if a.listRoad(out, r) {
		out.send(w, r)
		return
	}
	if _, pattern := a.mux.Handler(r); pattern == "" {
		made(http.StatusNotFound, errs.NotFound, "There is no such call; "+a.URL+Prefix+"/openapi.json lists them.", nil).write(w)
		return
	}
	a.mux.ServeHTTP(out, r)
	out.send(w, r)
}

// open sets the headers of every answer.
func open(h http.Header) {
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", "ETag, Location, Link, Retry-After")
	h.Set("Cache-Control", "public, no-cache")
	h.Set("Vary", "Accept-Encoding, Authorization")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
}

func preflight(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", "GET, HEAD, POST")
	h.Set("Access-Control-Allow-Headers", "Accept, Content-Type, If-None-Match")
	h.Set("Access-Control-Max-Age", "86400")
	w.WriteHeader(http.StatusNoContent)
}

// send writes the answer: nothing when the caller has it already, compressed
// when he can read that and it pays.
func (a *answer) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	body := a.body.Bytes()
	if a.status != http.StatusOK {
		if h.Get("Location") == "" {
			h.Set("Cache-Control", "no-store")
		}
		w.WriteHeader(a.status)
		_, _ = w.Write(body)
		return
	}
	sum := sha256.Sum256(body)
	tag := base64.RawURLEncoding.EncodeToString(sum[:12])
	zip := len(body) >= squeezed && accepts(r.Header.Get("Accept-Encoding"))
	if zip {
		tag += "-g" // a strong tag names bytes, so each encoding has its own
	}
	tag = `"` + tag + `"`
	h.Set("ETag", tag)
	if matches(r.Header.Get("If-None-Match"), tag) {
		h.Del("Content-Type")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if !zip {
		h["Content-Length"] = []string{itoa(len(body))}
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write(body)
		return
	}
	h.Set("Content-Encoding", "gzip")
	w.WriteHeader(http.StatusOK)
	z := zippers.Get().(*gzip.Writer)
	defer zippers.Put(z)
	z.Reset(w)
	_, _ = z.Write(body)
	_ = z.Close()
}

func accepts(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(part, ";")
		name = strings.TrimSpace(name)
		if (name == "gzip" || name == "*") && strings.Trim(strings.TrimSpace(weight), "q=0. ") != "" || (name == "gzip" && weight == "") {
			return true
		}
	}
	return false
}

func matches(header, tag string) bool {
	for part := range strings.SplitSeq(header, ",") {
		part = strings.TrimPrefix(strings.TrimSpace(part), "W/")
		if part == tag || part == "*" {
			return true
		}
	}
	return false
}
