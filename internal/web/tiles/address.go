package tiles

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// MaxZoom is the highest zoom of a tile that can be asked for.
const MaxZoom = 22

// address is the place of a tile in the usual scheme: zoom, column from the
// west, row from the north.
type address struct{ z, x, y int }

// parseAddress reads "z", "x" and "y.mvt" as they stand in a path. Only the
// plain decimal form is taken, so that a tile has one address.
func parseAddress(z, x, y string) (address, bool) {
	y, ok := strings.CutSuffix(y, ".mvt")
	if !ok {
		return address{}, false
	}
	var a address
	for _, part := range []struct {
		to *int
		s  string
	}{{&a.z, z}, {&a.x, x}, {&a.y, y}} {
		if len(part.s) > 7 || part.s == "" || part.s != "0" && part.s[0] == '0' {
			return address{}, false
		}
		for _, c := range []byte(part.s) {
			if c < '0' || c > '9' {
				return address{}, false
			}
		}
		n, err := strconv.Atoi(part.s)
		if err != nil {
			return address{}, false
		}
		*part.to = n
	}
	if a.z > MaxZoom || a.x >= 1<<a.z || a.y >= 1<<a.z {
		return address{}, false
	}
	return a, true
}

// problem answers with a problem document (RFC 9457) that no cache keeps: the
// headers of a tile or picture, set before, allow weeks.
func problem(w http.ResponseWriter, status int, detail string) {
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	h.Del("Content-Encoding")
	h.Del("Etag")
	body, err := json.Marshal(struct {
		Title  string `json:"title"`
		Status int    `json:"status"`
		Detail string `json:"detail"`
	}{http.StatusText(status), status, detail})
	if err != nil {
		body = []byte("{}")
	}
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
