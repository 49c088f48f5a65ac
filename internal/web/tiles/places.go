package tiles

import (
	"errors"
	"hash/crc32"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"

	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/query"
)

// Clusterer is the part of the finder that tiles need.
type Clusterer interface {
	Tile(into []finder.Cluster, cells, z, x, y int, f finder.Filter) []finder.Cluster
}

// grid is the usual number of cells along a tile's edge.
const grid = 64

// gzipFrom is the size in bytes from which a tile is worth packing.
const gzipFrom = 600

// Been tells where the reader of a request has been, for the tiles of what is
// left (unvisited=yes). Its error is errs.Unsigned where nobody is signed in.
type Been func(*http.Request) ([]int64, error)

// Places serves clusters of places on "GET /tiles/places/{z}/{x}/{y}": a layer
// "places" of points, one a cell of 64 × 64 in the tile, or of 8, 16 or 32 with
// ?cells=8. The filters of /places narrow what is counted. Nothing is kept; a
// cache in front may keep it for a minute, but for those of what a reader has
// not been to, which are theirs alone; without been nobody has been anywhere.
func Places(f Clusterer, been Been) http.Handler {
	p := &placeTiles{from: f, been: been}
	p.encoders.New = func() any { return newEncoder() }
	p.packers.New = func() any {
		z, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
		if err != nil {
			panic(err) // the level is a constant of the library
		}
		return z
	}
	return p
}

type placeTiles struct {
	from     Clusterer
	been     Been
	encoders sync.Pool // *encoder
	packers  sync.Pool // *gzip.Writer
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// ServeHTTP answers with one tile.
func (p *placeTiles) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	t, ok := parseAddress(r.PathValue("z"), r.PathValue("x"), r.PathValue("y"))
	if !ok {
		problem(w, http.StatusNotFound, "There is no tile at this address. Tiles are /tiles/places/{z}/{x}/{y}.mvt with z from 0 to 22 and x and y below 2^z.")
		return
	}
	asked, cells, err := readTileQuery(r.URL.RawQuery)
	if err != nil {
		problem(w, http.StatusBadRequest, messageOf(err))
		return
	}
	own := asked.Unvisited && p.been != nil
	if own {
		if asked.Without, err = p.been(r); err != nil {
			status := http.StatusInternalServerError
			if errs.Is(err, errs.Unsigned) {
				status = http.StatusUnauthorized
			}
			problem(w, status, "Sign in to see where you have not been.")
			return
		}
	}
	e := p.encoders.Get().(*encoder)
	defer p.encoders.Put(e)
	clusters := p.from.Tile(e.room[:0], cells, t.z, t.x, t.y, asked.Filter())
	e.room = clusters
	defer clear(clusters) // the finder's texts are not to be held
	p.send(w, r, e.tile(t, clusters), own)
}

func (p *placeTiles) send(w http.ResponseWriter, r *http.Request, body []byte, own bool) {
	h := w.Header()
	h.Set("Content-Type", "application/vnd.mapbox-vector-tile")
	h.Set("Cache-Control", "public, max-age=60")
	h.Set("Vary", "Accept-Encoding")
	if own {
		h.Set("Cache-Control", "private, no-store")
		h.Set("Vary", "Cookie")
		h.Del("Access-Control-Allow-Origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
	}
	packed := len(body) >= gzipFrom && takesGzip(r)
	tag := strconv.AppendUint([]byte{'"'}, uint64(crc32.Checksum(body, castagnoli))<<24^uint64(len(body)), 36)
	if packed {
		tag = append(tag, "-gz"...)
	}
	etag := string(append(tag, '"'))
	h.Set("Etag", etag)
	if matches(r.Header.Values("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if !packed {
		h.Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body)
		return
	}
	h.Set("Content-Encoding", "gzip")
	if r.Method == http.MethodHead {
		return
	}
	z := p.packers.Get().(*gzip.Writer)
	defer p.packers.Put(z)
	z.Reset(w)
	if _, err := z.Write(body); err == nil {
		_ = z.Close() // the reader has gone
	}
}

// matches reports whether a list of entity tags holds ours (RFC 9110, 13.1.2).
func matches(lines []string, etag string) bool {
	for _, line := range lines {
		for part := range strings.SplitSeq(line, ",") {
			part = strings.TrimSpace(part)
			if part == "*" || strings.TrimPrefix(part, "W/") == etag {
				return true
			}
		}
	}
	return false
}

// readTileQuery reads the filters and the grid; the usual tile has none.
func readTileQuery(raw string) (query.Places, int, error) {
	if raw == "" {
		return query.Places{}, grid, nil
	}
	v, err := query.Parse(raw)
	if err != nil {
		return query.Places{}, 0, err
	}
	cells := grid
	switch s := v["cells"]; {
	case len(s) == 0:
	case len(s) == 1 && (s[0] == "8" || s[0] == "16" || s[0] == "32" || s[0] == "64"):
		cells, _ = strconv.Atoi(s[0])
	default:
		return query.Places{}, 0, errs.InField("cells", "is 8, 16, 32 or 64")
	}
	q, err := query.ParsePlaces(v)
	if err != nil {
		return query.Places{}, 0, err
	}
	return q, cells, nil
}

func messageOf(err error) string {
	var e *errs.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return "The query of this address cannot be read."
}
