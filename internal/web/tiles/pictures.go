package tiles

import (
	"bytes"
	"context"
	"encoding/base64"
	"hash/fnv"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"

	"mirabilia/internal/errs"
	"mirabilia/internal/query"
)

// Pictures is what the drawn pictures are made from.
type Pictures struct {
	Drawer *Drawer
	// Spot is what may be drawn of the place with an id; an error of code
	// NotFound or Gone where there is none.
	Spot func(ctx context.Context, id int64) (Spot, error)
	// Destination is what stands for a destination: its country and, of a
	// region or city, a point in it.
	Destination func(path string) (Spot, bool)
	// Places gives the dots of the map of the world.
	Places Clusterer
}

// Handlers are the handlers of the pictures by the pattern under which they
// expect to be mounted. Every one answers with a drawing.
func (p *Pictures) Handlers() map[string]http.Handler {
	l := &locators{Pictures: p, kept: map[string][]byte{}}
	return map[string]http.Handler{
		"GET /pictures/locator/{file}":         http.HandlerFunc(l.locator),
		"GET /pictures/destinations/{path...}": http.HandlerFunc(l.destination),
		"GET /pictures/sea/{file}":             http.HandlerFunc(l.sea),
		"GET /pictures/nemo/{file}":            http.HandlerFunc(l.nemo),
		"GET /pictures/way/{file}":             http.HandlerFunc(l.way),
		"GET /pictures/world.svg":              http.HandlerFunc(l.world),
		"GET /pictures/dots.svg":               http.HandlerFunc(l.dots),
	}
}

// keptPictures is how many packed pictures stay in memory: about 8 MB.
const keptPictures = 1000

// locators serves drawings and keeps the last ones, packed.
type locators struct {
	*Pictures
	mu   sync.Mutex
	kept map[string][]byte
}

const (
	forEver = "public, max-age=2592000, s-maxage=86400, immutable"
	aWhile  = "public, max-age=300"
)

func (l *locators) locator(w http.ResponseWriter, r *http.Request) {
	id, size, version, ok := parseLocator(r.PathValue("file"))
	if !ok {
		problem(w, http.StatusNotFound, "There is no picture at this address.")
		return
	}
	s, err := l.Spot(r.Context(), id)
	if err != nil {
		l.fail(w, err)
		return
	}
	caching := aWhile
	if version == s.version() {
		caching = forEver
	}
	l.send(w, r, "l"+strconv.FormatInt(id, 36)+string(size)+s.version(), caching, func() ([]byte, error) { return l.Drawer.Locator(s, size) })
}

// fail turns an error of a use case into an answer.
func (l *locators) fail(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	switch errs.CodeOf(err) {
	case errs.NotFound, errs.Moved:
		status = http.StatusNotFound
	case errs.Gone:
		status = http.StatusGone
	case errs.Unavailable:
		status = http.StatusServiceUnavailable
	}
	problem(w, status, "This picture cannot be drawn.")
}

func (l *locators) destination(w http.ResponseWriter, r *http.Request) {
	whole := r.PathValue("path")
	cut := strings.LastIndexByte(whole, '/')
	if cut < 1 || !query.IsPath(whole[:cut]) {
		problem(w, http.StatusNotFound, "There is no picture at this address.")
		return
	}
	size, ok := parseSize(whole[cut+1:])
	var s Spot
	if ok {
		s, ok = l.Destination(whole[:cut])
	}
	if !ok {
		problem(w, http.StatusNotFound, "There is no picture at this address.")
		return
	}
	l.send(w, r, "d"+string(size)+whole[:cut]+s.version(), "public, max-age=86400", func() ([]byte, error) { return l.Drawer.Locator(s, size) })
}

// parseSize reads "card.svg".
func parseSize(file string) (Size, bool) {
	stem, ok := strings.CutSuffix(file, ".svg")
	w, _ := Size(stem).Pixels()
	return Size(stem), ok && w > 0
}

func (l *locators) sea(w http.ResponseWriter, r *http.Request) {
	size, ok := parseSize(r.PathValue("file"))
	if !ok {
		problem(w, http.StatusNotFound, "There is no picture at this address.")
		return
	}
	l.send(w, r, "s"+string(size), "public, max-age=86400", func() ([]byte, error) { return l.Drawer.OpenSea(size), nil })
}

func (l *locators) nemo(w http.ResponseWriter, r *http.Request) {
	size, ok := parseSize(r.PathValue("file"))
	if !ok {
		problem(w, http.StatusNotFound, "There is no picture at this address.")
		return
	}
	l.send(w, r, "n"+string(size), "public, max-age=86400", func() ([]byte, error) { return l.Drawer.Nemo(size) })
}

// world draws the Earth with a dot for each group of places on a grid of 128
// by 128. It follows what is published, so it is drawn anew each time: caches
// in front keep it for five minutes.
func (l *locators) world(w http.ResponseWriter, r *http.Request) {
	dots := Dots(l.Places)
	h := fnv.New64a()
	for _, d := range dots {
		_, _ = h.Write([]byte(strconv.Itoa(int(d.Lat*10)) + "," + strconv.Itoa(int(d.Lon*10)) + ";"))
	}
	l.send(w, r, "w"+strconv.FormatUint(h.Sum64(), 36), aWhile, func() ([]byte, error) { return l.Drawer.World(dots) })
}

// send answers with the picture of a key, drawn when it is not kept.
func (l *locators) send(w http.ResponseWriter, r *http.Request, key, caching string, draw func() ([]byte, error)) {
	packed, ok := l.find(key)
	if !ok {
		svg, err := draw()
		if err == nil {
			packed, err = squeeze(svg)
		}
		if err != nil {
			l.fail(w, err)
			return
		}
		l.keep(key, packed)
	}
	h := w.Header()
	h.Set("Content-Type", "image/svg+xml")
	h.Set("Cache-Control", caching)
	h.Set("Vary", "Accept-Encoding")
	sum := fnv.New64a()
	_, _ = sum.Write(packed)
	etag := `"` + base64.RawURLEncoding.EncodeToString(sum.Sum(nil)) + `"`
	h.Set("Etag", "W/"+etag) // packed or not, the picture is the same
	if matches(r.Header.Values("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	out := packed
	if takesGzip(r) {
		h.Set("Content-Encoding", "gzip")
	} else {
		var err error
		if out, err = unpack(packed); err != nil {
			l.fail(w, err)
			return
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(out)))
	_, _ = w.Write(out)
}

func squeeze(svg []byte) ([]byte, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.DefaultCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(svg); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func (l *locators) find(key string) ([]byte, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b, ok := l.kept[key]
	return b, ok
}

// keep keeps a picture; when there are too many, some go, whichever.
func (l *locators) keep(key string, packed []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for other := range l.kept {
		if len(l.kept) < keptPictures {
			break
		}
		delete(l.kept, other)
	}
	l.kept[key] = packed
}
