package api

import (
	"net/http"

	"mirabilia/internal/outward"
	"mirabilia/internal/query"
)

// itemsKept is the memory for the items of lists, in bytes.
const itemsKept = 64 << 20

// listRoad answers the list of places from items kept as JSON: the call that
// maps and other programs make all the time. What it does not answer, errors
// above all, takes the long road and is the same there; the bytes of both are
// the same, which a test holds.
func (a *API) listRoad(out *answer, r *http.Request) bool {
	if r.URL.Path != Prefix+"/places" || r.URL.RawPath != "" || !wantsJSON(r.Header["Accept"]) {
		return false
	}
	v, err := query.Parse(r.URL.RawQuery)
	if err != nil {
		return false
	}
	q, err := query.ParsePlaces(v)
	if err != nil || q.Unvisited {
		return false
	}
	page, err := a.Finder.List(q.Filter(), q.Order(), q.Limit, q.Cursor)
	if err != nil {
		return false
	}
	ids := make([]int64, len(page.Hits))
	for i, h := range page.Hits {
		ids[i] = h.ID
	}
	items, err := a.items.Of(r.Context(), ids)
	if err != nil {
		return false
	}
	body, err := outward.AppendPlaces(out.body.AvailableBuffer(), page, items, q.Near != nil)
	if err != nil {
		return false
	}
	out.status = http.StatusOK
	out.header["Content-Type"] = jsonType
	_, _ = out.body.Write(body)
	return true
}

var jsonType = []string{"application/json"}

// wantsJSON reports whether an Accept header surely means JSON.
func wantsJSON(accept []string) bool {
	return len(accept) == 0 || len(accept) == 1 && (accept[0] == "*/*" || accept[0] == "application/json")
}
