package api

import (
	"bytes"
	"context"
	"net/http"
	"os"

	"mirabilia/internal/finder"
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
	body, ok := a.list(r.URL.RawQuery, out.body.AvailableBuffer(), func(ids []int64) ([]outward.Item, bool) {
		items, err := a.items.Of(r.Context(), ids)
		return items, err == nil
	})
	if !ok {
		return false
	}
	out.status = http.StatusOK
	out.header["Content-Type"] = jsonType
	_, _ = out.body.Write(body)
	return true
}

// list adds to b the answer to a query of the list of places, with the items
// that are got for it; false for the long road.
func (a *API) list(raw string, b []byte, items func([]int64) ([]outward.Item, bool)) ([]byte, bool) {
	v, err := query.Parse(raw)
	if err != nil {
		return nil, false
	}
	q, err := query.ParsePlaces(v)
	if err != nil || q.Unvisited {
		return nil, false
	}
	page, err := a.Finder.List(q.Filter(), q.Order(), q.Limit, q.Cursor)
	if err != nil {
		return nil, false
	}
	ids := make([]int64, len(page.Hits))
	for i, h := range page.Hits {
		ids[i] = h.ID
	}
	list, ok := items(ids)
	if !ok {
		return nil, false
	}
	b, err = outward.AppendPlaces(b, page, list, q.Near != nil)
	return b, err == nil
}

// Ready adds to b what GET /places answers to a query of nobody in particular,
// where all of it lies in memory and is what the database says now: the same
// status, headers (those of ReadyHeader, and the tag and the coding that are
// returned) and body as through ServeHTTP. encodings is the value of
// Accept-Encoding.
func (a *API) Ready(raw, encodings string, b []byte) (body []byte, tag string, zip, ok bool) {
	body, ok = a.list(raw, b, a.items.Kept)
	if !ok {
		return b, "", false, false
	}
	tag, zip = tagOf(body, encodings)
	if !zip {
		return body, `"` + tag + `"`, false, true
	}
	var out bytes.Buffer
	squeeze(&out, body)
	return append(body[:0], out.Bytes()...), `"` + tag + `"`, true, true
}

// ReadyHeader sets the headers that every answer of Ready has.
func (a *API) ReadyHeader(h http.Header) {
	open(h)
	h["Content-Type"] = jsonType
}

// Shelve gives the items of lists a file of their own for what memory has no
// room for, before the first call. Fill makes them all, resting between; then
// no list waits for the database's rows.
func (a *API) Shelve(file *os.File, most int64) {
	a.items.Shelve(file, most, func(b []byte, i outward.Item) []byte { return i.Pack(b) }, outward.UnpackItem)
}

// Fill makes the items that are not kept yet, as far as Shelve left room: of
// neighbours one after another, who are asked for together.
func (a *API) Fill(ctx context.Context, rest func()) error {
	return a.items.Fill(ctx, a.Finder.Laid(finder.Place), rest)
}

var jsonType = []string{"application/json"}

// wantsJSON reports whether an Accept header surely means JSON.
func wantsJSON(accept []string) bool {
	return len(accept) == 0 || len(accept) == 1 && (accept[0] == "*/*" || accept[0] == "application/json")
}
