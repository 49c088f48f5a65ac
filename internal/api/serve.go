package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/binary"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/cespare/xxhash/v2"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// squeezed is the size from which an answer is worth compressing, in bytes.
const squeezed = 1400

// answer gathers an answer, so that its tag can be made of its bytes.
type answer struct {
	header http.Header
	body   bytes.Buffer
	status int
	own    bool // it answers a token
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

// ServeHTTP answers a call. What comes without a token is public and the same
// for all, so any origin may read it and any cache may keep it, asking again by
// its tag; what comes with one is its member's alone.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	open(w.Header())
	if r.Method == http.MethodOptions {
		preflight(w)
		return
	}
	who, err := a.signIn(r)
	if err != nil {
		a.refuse(w, err)
		return
	}
	if who.SignedIn() {
		own(w.Header())
		if !a.paces.take(w.Header(), who.Token, a.DB.Now()) {
			w.Header().Set("Retry-After", "1")
			a.refuse(w, errs.New(errs.TooMany, "A token may make %d calls a second.", tokenRate))
			return
		}
		r = r.WithContext(context.WithValue(r.Context(), whoKey{}, who))
	}
	out := answers.Get().(*answer)
	defer answers.Put(out)
	out.header, out.status, out.own = w.Header(), 0, who.SignedIn()
	out.body.Reset()
	read := r.Method == http.MethodGet || r.Method == http.MethodHead
	if read && !who.SignedIn() && !counted(r.URL.Path) {
		r = r.WithContext(db.FromReplica(r.Context()))
	}
	if read && a.listRoad(out, r) {
		out.send(w, r)
		return
	}
	_, pattern := a.mux.Handler(r)
	if pattern == "" {
		a.uncalled(w, r)
		return
	}
	if !read {
		if err = a.write(out, w, r, who, pattern); err != nil {
			a.refuse(w, err)
			return
		}
	} else {
		a.mux.ServeHTTP(out, r)
	}
	if out.status != 0 {
		out.send(w, r)
	}
}

// counted reports whether a call may show how often places are marked, which is
// exact at once, on whatever node they were marked: no replica answers it.
func counted(path string) bool {
	part, _, _ := strings.Cut(strings.TrimPrefix(path, Prefix+"/"), "/")
	switch part {
	case "places", "random", "along", "lists", "itineraries", "trips", "foods":
		return true
	}
	return false
}

// write does a call that is no GET. Nothing is left in out when it answered by
// itself.
func (a *API) write(out *answer, w http.ResponseWriter, r *http.Request, who actor.Actor, pattern string) error {
	if r.URL.Path == alongPath { // reads as a GET does; its question is only too long for an address
		if readLine(w, r) {
			a.mux.ServeHTTP(out, r)
		}
		return nil
	}
	if !who.SignedIn() { // before anything of it is read
		return errs.New(errs.Unsigned, "This call needs a token: Authorization: Bearer TOKEN.")
	}
	content, done, err := a.prepare(r, who, pattern)
	if err != nil {
		return a.unprocessable(err)
	}
	defer done()
	if key := r.Header.Get(keyHeader); key != "" && r.Method == http.MethodPost {
		return a.once(out, r, who, key, content)
	}
	a.mux.ServeHTTP(out, r)
	return nil
}

// uncalled answers what is no call: another method's path with 405.
func (a *API) uncalled(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if list := a.allowed(r); len(list) > 0 {
		w.Header().Set("Allow", strings.Join(append(list, http.MethodOptions), ", "))
		made(http.StatusMethodNotAllowed, errs.Invalid, "This call does not take that method.", nil).write(w)
		return
	}
	made(http.StatusNotFound, errs.NotFound, "There is no such call; "+a.URL+Prefix+"/openapi.json lists them.", nil).write(w)
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
		if h.Get("Location") == "" || a.status == http.StatusCreated {
			h.Set("Cache-Control", "no-store")
		}
		if a.own {
			h.Set("Cache-Control", "private, no-store")
		}
		if a.status == http.StatusUnauthorized {
			h.Set("WWW-Authenticate", `Bearer realm="Mirabilia"`)
		}
		w.WriteHeader(a.status)
		_, _ = w.Write(body)
		return
	}
	tag, zip := tagOf(body, r.Header.Get("Accept-Encoding"))
	if version := strings.Trim(h.Get("ETag"), `"`); version != "" { // of what a call with If-Match changes
		tag = version + "." + tag
	}
	tag = `"` + tag + `"`
	h.Set("ETag", tag)
	if !a.own && matches(r.Header.Get("If-None-Match"), tag) {
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
	squeeze(w, body)
}

// tagOf names the bytes of an answer, and says whether they are worth
// compressing for who reads such encodings.
func tagOf(body []byte, encodings string) (tag string, zip bool) {
	sum := binary.BigEndian.AppendUint64(nil, xxhash.Sum64(body)) // nobody gains by forging one
	tag = base64.RawURLEncoding.EncodeToString(sum)
	if zip = len(body) >= squeezed && accepts(encodings); zip {
		tag += "-g" // a strong tag names bytes, so each encoding has its own
	}
	return tag, zip
}

func squeeze(w io.Writer, body []byte) {
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
