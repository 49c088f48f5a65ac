package web

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/cespare/xxhash/v2"
	"github.com/maypok86/otter/v2"

	"mirabilia/internal/finder"
	"mirabilia/internal/readership"
)

// holds is how long a kept page is shown after something it does not list
// itself has changed: a new neighbour appears on a place's page within it.
const holds = 5 * time.Second

// keptKey names a kept answer: the path and the known part of the query.
type keptKey struct{ path, query string }

// coding is one way the bytes of an answer can travel.
type coding uint8

const (
	plain coding = iota
	gzipped
	brotlied
	codings
)

var codingNames = [codings]string{"", "gzip", "br"}

// variant is the answer in one coding, with the headers that differ.
type variant struct {
	body   []byte
	tag    string
	etag   []string
	length []string
	coded  []string // nil for plain
	head   []byte   // status line and headers as the short road sends them
}

// kept is an answer ready to be sent: bytes, headers, what they depend on.
type kept struct {
	route   *Route
	status  int
	headers []pair
	hash    string // of the plain bytes, the heart of every ETag
	plain   variant
	packed  [codings]atomic.Pointer[variant]
	packing sync.Mutex
	small   bool // not worth compressing

	read     *readership.Page // nil for what is not counted
	shows    []finder.Ref
	whole    bool
	epoch    uint64
	rendered time.Time
	keep     time.Duration
}

// newKept makes the ready form of bytes. headers are those of the kind, with
// the type.
func newKept(route *Route, status int, headers []pair, body []byte) *kept {
	// A tag need not resist whoever forges one: they would mislead readers of
	// their own page alone.
	sum := binary.BigEndian.AppendUint64(nil, xxhash.Sum64(body))
	k := &kept{route: route, status: status, headers: headers, hash: base64.RawURLEncoding.EncodeToString(sum)}
	k.plain = k.variant(plain, body)
	k.small = len(body) < 600
	return k
}

func (k *kept) variant(c coding, body []byte) variant {
	v := variant{body: body, length: []string{strconv.Itoa(len(body))}}
	tag := k.hash
	if c != plain {
		tag += "-" + codingNames[c]
		v.coded = []string{codingNames[c]}
	}
	v.tag = `"` + tag + `"`
	v.etag = []string{v.tag}
	v.head = k.head(&v)
	return v
}

// as is the answer in a coding, compressed the first time it is asked for.
// Levels are those where a page of 45 KB costs about 2 ms, once; the highest
// ones cost fifty times that for 5 % less.
func (k *kept) as(c coding) *variant {
	if c == plain || k.small {
		return &k.plain
	}
	if v := k.packed[c].Load(); v != nil {
		return v
	}
	k.packing.Lock()
	defer k.packing.Unlock()
	if v := k.packed[c].Load(); v != nil {
		return v
	}
	v := k.variant(c, compress(c, k.plain.body))
	k.packed[c].Store(&v)
	return &v
}

// compress writes body in a coding. Writing to memory cannot fail.
func compress(c coding, body []byte) []byte {
	var out bytes.Buffer
	out.Grow(len(body)/3 + 64)
	if c == brotlied {
		w := brotli.NewWriterLevel(&out, 5)
		_, _ = w.Write(body)
		_ = w.Close()
		return out.Bytes()
	}
	w, _ := gzip.NewWriterLevel(&out, 6)
	_, _ = w.Write(body)
	_ = w.Close()
	return out.Bytes()
}

// write sends the answer as the reader's browser asks, or 304 when it has it.
func (k *kept) write(w http.ResponseWriter, r *http.Request) int {
	k.read.Read()
	c := accepted(r.Header["Accept-Encoding"])
	v := k.as(c)
	h := w.Header()
	for _, x := range k.headers {
		h[x.key] = x.values
	}
	if k.status == http.StatusOK {
		h["Etag"] = v.etag
		if match := r.Header["If-None-Match"]; len(match) > 0 && k.matches(match) {
			w.WriteHeader(http.StatusNotModified)
			return http.StatusNotModified
		}
	}
	h["Content-Length"] = v.length
	if v.coded != nil {
		h["Content-Encoding"] = v.coded
	}
	w.WriteHeader(k.status)
	if r.Method != http.MethodHead {
		// An error here is a reader who went away.
		_, _ = w.Write(v.body)
	}
	return k.status
}

// matches reports whether one of the tags in If-None-Match is this answer's,
// in whatever coding it travelled (RFC 9110: weak comparison).
func (k *kept) matches(lines []string) bool {
	for _, line := range lines {
		for _, tag := range strings.Split(line, ",") {
			tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/")
			if tag == "*" {
				return true
			}
			if rest, ok := strings.CutPrefix(tag, `"`+k.hash); ok && (rest == `"` || rest == `-gzip"` || rest == `-br"`) {
				return true
			}
		}
	}
	return false
}

// accepted is the best coding that an Accept-Encoding header allows.
func accepted(lines []string) coding {
	if len(lines) == 0 {
		return plain
	}
	best := plain
	for _, line := range lines {
		for line != "" {
			var item string
			item, line, _ = strings.Cut(line, ",")
			name, params, _ := strings.Cut(item, ";")
			c := plain
			switch strings.TrimSpace(name) {
			case "br":
				c = brotlied
			case "gzip", "x-gzip":
				c = gzipped
			}
			if c > best && !refused(params) {
				best = c
			}
		}
	}
	return best
}

// refused reports whether the parameters of a coding say q=0.
func refused(params string) bool {
	if params == "" {
		return false
	}
	q, ok := strings.CutPrefix(strings.TrimSpace(params), "q=")
	if !ok {
		return false
	}
	f, err := strconv.ParseFloat(strings.TrimSpace(q), 64)
	return err != nil || f == 0
}

// weight is what the answer costs in memory: the plain bytes, room for its
// compressed forms, and the rest.
func (k *kept) weight() uint32 {
	return uint32(len(k.plain.body)+len(k.plain.body)/2+16*len(k.shows)) + 1024
}

// store keeps ready answers within a number of bytes.
type store struct {
	cache *otter.Cache[keptKey, *kept]
	// news counts what Forget was told, so that an answer that was being made
	// meanwhile is not kept.
	news atomic.Uint64
}

// newStore makes a store of so many bytes; 0 keeps nothing.
func newStore(size uint64) (*store, error) {
	s := &store{}
	if size == 0 {
		return s, nil
	}
	var err error
	s.cache, err = otter.New(&otter.Options[keptKey, *kept]{
		MaximumWeight: size,
		Weigher:       func(_ keptKey, k *kept) uint32 { return k.weight() },
		// Upkeep runs on the request that caused it: no goroutine of our own.
		Executor: func(fn func()) { fn() },
	})
	return s, err
}

// get is the kept answer that still holds, nil for none.
func (s *store) get(key keptKey, epoch uint64, now time.Time) *kept {
	if s.cache == nil {
		return nil
	}
	k, ok := s.cache.GetIfPresent(key)
	if !ok {
		return nil
	}
	if k.epoch == epoch || (!k.whole && now.Sub(k.rendered) < k.keep) {
		return k
	}
	return nil
}

// put keeps an answer unless news came since the mark was taken.
func (s *store) put(key keptKey, k *kept, mark uint64) {
	if s.cache == nil || s.news.Load() != mark || k.weight() > uint32(s.cache.GetMaximum()/16) {
		return
	}
	s.cache.Set(key, k)
	if s.news.Load() != mark {
		s.cache.Invalidate(key)
	}
}

// forget throws away all that shows one of the things named; a place and an
// eatery of one id are one thing.
func (s *store) forget(refs []finder.Ref) {
	s.news.Add(1)
	if s.cache == nil || len(refs) == 0 {
		return
	}
	named := make(map[finder.Ref]bool, len(refs))
	for _, r := range refs {
		named[family(r)] = true
	}
	var stale []keptKey
	for key, k := range s.cache.All() {
		for _, r := range k.shows {
			if named[family(r)] {
				stale = append(stale, key)
				break
			}
		}
	}
	for _, key := range stale {
		s.cache.Invalidate(key)
	}
}

// forgetAll empties the store.
func (s *store) forgetAll() {
	s.news.Add(1)
	if s.cache != nil {
		s.cache.InvalidateAll()
	}
}

func family(r finder.Ref) finder.Ref {
	if r.Kind == finder.Eatery {
		r.Kind = finder.Place
	}
	return r
}
