package tiles

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"net/http"
	"strconv"
	"strings"
)

//go:embed world.pmtiles
var worldFile []byte

// WorldMaxZoom is the highest zoom of the embedded basemap; a map may be drawn
// larger from its tiles.
const WorldMaxZoom = 5

// WorldTiles is where the embedded basemap is served.
const WorldTiles = "/tiles/world/{z}/{x}/{y}.mvt"

// OpenWorld is the embedded basemap.
func OpenWorld() (*Archive, error) { return readArchive(bytes.NewReader(worldFile)) }

// Basemap serves the tiles of an archive, as on "GET /tiles/world/{z}/{x}/{y}".
// Where the archive has no tile inside its zooms, the answer is an empty one:
// open sea. The bytes go out as they lie in the archive.
func Basemap(a *Archive) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t, ok := parseAddress(r.PathValue("z"), r.PathValue("x"), r.PathValue("y"))
		if !ok || t.z < a.MinZoom || t.z > a.MaxZoom {
			problem(w, http.StatusNotFound, "There is no tile at this address. Tiles are {z}/{x}/{y}.mvt with z from "+strconv.Itoa(a.MinZoom)+" to "+strconv.Itoa(a.MaxZoom)+".")
			return
		}
		data, packed, err := a.Tile(t.z, t.x, t.y)
		if err != nil {
			problem(w, http.StatusInternalServerError, "The map archive cannot be read.")
			return
		}
		h := w.Header()
		h.Set("Content-Type", "application/vnd.mapbox-vector-tile")
		h.Set("Cache-Control", "public, max-age=604800")
		h.Set("Vary", "Accept-Encoding")
		if packed && takesGzip(r) {
			h.Set("Content-Encoding", "gzip")
		} else if packed {
			if data, err = unpack(data); err != nil {
				problem(w, http.StatusInternalServerError, "The map archive cannot be read.")
				return
			}
		}
		h.Set("Content-Length", strconv.Itoa(len(data)))
		_, _ = w.Write(data)
	})
}

func unpack(data []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(z, 4*maxTile))
}

// takesGzip reports whether the client named gzip without refusing it
// (RFC 9110, 12.5.3).
func takesGzip(r *http.Request) bool {
	for _, line := range r.Header.Values("Accept-Encoding") {
		for part := range strings.SplitSeq(line, ",") {
			name, weight, _ := strings.Cut(part, ";")
			if !strings.EqualFold(strings.TrimSpace(name), "gzip") {
				continue
			}
			q, found := strings.CutPrefix(strings.ReplaceAll(strings.ToLower(weight), " ", ""), "q=")
			v, err := strconv.ParseFloat(q, 64)
			return !found || err == nil && v > 0
		}
	}
	return false
}
