package outbound

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"mirabilia/internal/geo"
)

const (
	// maxRoute is what is read of a router's answer, in bytes: across a
	// continent by every bend.
	maxRoute = 8 << 20
	// maxRoutePoints bounds the points of an answer before they are thinned.
	maxRoutePoints = 400_000
	// routesKept and routePointsKept bound what is remembered.
	routesKept      = 200
	routePointsKept = 1_000_000
	// routeHolds is how long an answer is remembered: roads change slowly.
	routeHolds = 24 * time.Hour
	// routeStrays is how far from the stops a way may begin and end, in metres: a
	// stop at sea is far from a road, but a way elsewhere is no answer.
	routeStrays = 200_000
	// routeRests is how long a router that failed is left alone, so that a
	// reader does not wait for it again and again.
	routeRests = 15 * time.Second
)

// Router asks an OSRM or a Valhalla server for the roads between points.
// Answers are remembered, so that widening a corridor asks for nothing.
type Router struct {
	base     string
	valhalla bool // known to be one; else OSRM is tried first
	osrm     bool // known to be one
	client   *http.Client
	slots    chan struct{}
	now      func() time.Time

	mu     sync.Mutex
	routes map[string]keptRoute
	points int
	rests  time.Time // until when nothing is asked
}

type keptRoute struct {
	line  []geo.Public
	until time.Time
}

// NewRouter makes a router for the server at base. "osrm+https://…" and
// "valhalla+https://…" say which of the two it is; without, the answers do.
func NewRouter(base string, now func() time.Time) *Router {
	r := &Router{client: newClient(), slots: make(chan struct{}, 4), now: now, routes: map[string]keptRoute{}}
	base = strings.TrimRight(base, "/")
	base, r.osrm = cutPrefix(base, "osrm+")
	base, r.valhalla = cutPrefix(base, "valhalla+")
	r.base = base
	return r
}

func cutPrefix(s, prefix string) (string, bool) {
	rest, ok := strings.CutPrefix(s, prefix)
	return rest, ok
}

// Find is the way by road through the points, at most 50,000 points of it. An
// error is for the log: it names no reader and no position.
func (r *Router) Find(ctx context.Context, through []geo.Public) ([]geo.Public, error) {
	key := routeKey(through)
	if line, err := r.recall(key); line != nil || err != nil {
		return line, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
	case <-ctx.Done():
		return nil, errors.New("router: too many questions at once")
	}
	line, err := r.find(ctx, through)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		var no *noRoute
		if !errors.As(err, &no) {
			r.rests = r.now().Add(routeRests)
		}
		return nil, err
	}
	r.keep(key, line)
	return line, nil
}

// noRoute says that the server answered well, and that there is no road.
type noRoute struct{ code string }

func (e *noRoute) Error() string { return "router: no road: " + e.code }

// NoRoad says of an error of Find that the server looked and knows no road
// between the points, so that asking again later would not help.
func NoRoad(err error) bool {
	var e *noRoute
	return errors.As(err, &e) && slices.Contains(roadless, e.code)
}

// roadless are the servers' words for points that no road joins or comes near.
var roadless = []string{"NoRoute", "NoSegment", "171", "442"}

func routeKey(through []geo.Public) string { return geo.EncodeLine(through) }

// recall is a remembered answer; an error while the router rests.
func (r *Router) recall(key string) ([]geo.Public, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	if k, ok := r.routes[key]; ok && now.Before(k.until) {
		return k.line, nil
	}
	if now.Before(r.rests) {
		return nil, errors.New("router: it failed a moment ago and is left alone")
	}
	return nil, nil
}

// keep remembers an answer; when there are too many, some go, whichever.
func (r *Router) keep(key string, line []geo.Public) {
	if old, ok := r.routes[key]; ok {
		r.points -= len(old.line)
		delete(r.routes, key)
	}
	for other, k := range r.routes {
		if len(r.routes) < routesKept && r.points+len(line) <= routePointsKept {
			break
		}
		r.points -= len(k.line)
		delete(r.routes, other)
	}
	r.routes[key] = keptRoute{line, r.now().Add(routeHolds)}
	r.points += len(line)
}

func (r *Router) find(ctx context.Context, through []geo.Public) ([]geo.Public, error) {
	if !r.valhalla {
		line, known, err := r.askOSRM(ctx, through)
		if known || err != nil || r.osrm {
			if err == nil && !known {
				err = errors.New("router: the server does not answer as OSRM")
			}
			return followed(line, through, err)
		}
	}
	line, known, err := r.askValhalla(ctx, through)
	if err == nil && !known {
		err = errors.New("router: the server answers neither as OSRM nor as Valhalla")
	}
	return followed(line, through, err)
}

// followed is an answer as it may be drawn: it joins the stops, and has not too
// many points.
func followed(line, through []geo.Public, err error) ([]geo.Public, error) {
	if err == nil && !joins(line, through) {
		err = errors.New("router: the way of the answer is not between the stops")
	}
	if err != nil {
		return nil, err
	}
	return thinned(line), nil
}

// joins says whether a line begins and ends about where it should.
func joins(line, through []geo.Public) bool {
	return geo.Metres(line[0], through[0]) <= routeStrays && geo.Metres(line[len(line)-1], through[len(through)-1]) <= routeStrays
}

// thinned brings a line down to the points of a route.
func thinned(line []geo.Public) []geo.Public {
	const most = 50_000
	if len(line) <= most {
		return line
	}
	kept, _ := geo.Simplify(line, func(l []geo.Public) bool { return len(l) <= most })
	return append([]geo.Public(nil), kept...)
}

func (r *Router) askOSRM(ctx context.Context, through []geo.Public) (line []geo.Public, known bool, err error) {
	var at []string
	for _, p := range through {
		at = append(at, degrees(p.Lon)+","+degrees(p.Lat))
	}
	address := r.base + "/route/v1/driving/" + strings.Join(at, ";") + "?overview=full&geometries=polyline6&steps=false"
	raw, status, err := r.ask(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, false, err
	}
	var a struct {
		Code   string
		Routes []struct{ Geometry json.RawMessage }
	}
	if json.Unmarshal(raw, &a) != nil || a.Code == "" {
		switch status {
		case http.StatusOK, http.StatusNotFound, http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusNotImplemented:
			return nil, false, nil // another kind of server
		}
		return nil, false, fmt.Errorf("router: status %d", status)
	}
	if a.Code != "Ok" || len(a.Routes) == 0 {
		return nil, true, &noRoute{word(a.Code)}
	}
	line, err = readGeometry(a.Routes[0].Geometry, through)
	return line, true, err
}

// readGeometry reads the line of OSRM's answer: the encoded one that was asked
// for, or what servers that only look like OSRM give to every question, which
// is GeoJSON, or the encoded one in steps of 1e-5 degrees.
func readGeometry(raw json.RawMessage, through []geo.Public) ([]geo.Public, error) {
	var encoded string
	if json.Unmarshal(raw, &encoded) == nil {
		line, err := decodePolyline(encoded, 1e6)
		if err != nil || !joins(line, through) {
			if coarse, e := decodePolyline(encoded, 1e5); e == nil && joins(coarse, through) {
				return coarse, nil
			}
		}
		return line, err
	}
	bad := errors.New("router: the line of the answer is none")
	var g struct {
		Type        string
		Coordinates [][]float64
	}
	if json.Unmarshal(raw, &g) != nil || g.Type != "LineString" || len(g.Coordinates) < 2 || len(g.Coordinates) > maxRoutePoints {
		return nil, bad
	}
	out := make([]geo.Public, len(g.Coordinates))
	for i, c := range g.Coordinates {
		if len(c) < 2 {
			return nil, bad
		}
		if out[i] = (geo.Public{Lat: c[1], Lon: c[0]}); !out[i].Valid() {
			return nil, bad
		}
	}
	return out, nil
}

func (r *Router) askValhalla(ctx context.Context, through []geo.Public) (line []geo.Public, known bool, err error) {
	type at struct {
		Lat float64 `json:"lat"`
		Lon float64 `json:"lon"`
	}
	question := struct {
		Locations  []at   `json:"locations"`
		Costing    string `json:"costing"`
		Directions string `json:"directions_type"`
	}{Costing: "auto", Directions: "none"}
	for _, p := range through {
		question.Locations = append(question.Locations, at{p.Lat, p.Lon})
	}
	body, err := json.Marshal(question)
	if err != nil {
		return nil, false, errors.New("router: the question cannot be written")
	}
	raw, status, err := r.ask(ctx, http.MethodPost, r.base+"/route", body)
	if err != nil {
		return nil, false, err
	}
	var a struct {
		Trip *struct {
			Legs []struct{ Shape string }
		}
		ErrorCode int `json:"error_code"`
	}
	if json.Unmarshal(raw, &a) != nil || a.Trip == nil && a.ErrorCode == 0 {
		if status != http.StatusOK && status != http.StatusNotFound {
			return nil, false, fmt.Errorf("router: status %d", status)
		}
		return nil, false, nil
	}
	if a.Trip == nil {
		return nil, true, &noRoute{strconv.Itoa(a.ErrorCode)}
	}
	for _, leg := range a.Trip.Legs {
		part, err := decodePolyline(leg.Shape, 1e6)
		if err != nil {
			return nil, true, err
		}
		if line = append(line, part...); len(line) > maxRoutePoints {
			return nil, true, errors.New("router: the way has too many points")
		}
	}
	if len(line) < 2 {
		return nil, true, &noRoute{"empty"}
	}
	return line, true, nil
}

// ask puts one question and reads the answer, whatever its status.
func (r *Router) ask(ctx context.Context, method, address string, body []byte) (raw []byte, status int, err error) {
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, 0, errors.New("router: the address is no URL")
	}
	req.Header.Set("User-Agent", agent)
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := r.client.Do(req)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err // without the positions
		}
		return nil, 0, fmt.Errorf("router: %w", err)
	}
	defer resp.Body.Close()
	raw, err = io.ReadAll(io.LimitReader(resp.Body, maxRoute+1))
	switch {
	case err != nil:
		return nil, 0, errors.New("router: the answer broke off")
	case len(raw) > maxRoute:
		return nil, 0, errors.New("router: the answer is larger than 8 MiB")
	}
	return raw, resp.StatusCode, nil
}

// degrees writes a coordinate to about a metre.
func degrees(v float64) string { return strconv.FormatFloat(v, 'f', 5, 64) }

// word is a server's word for the log: letters and digits only.
func word(s string) string {
	s = strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
			return c
		}
		return -1
	}, s)
	return s[:min(len(s), 40)]
}

// decodePolyline reads the encoded polyline of both servers: differences of
// latitude and longitude in steps, so many a degree, five bits a letter from 63
// on.
func decodePolyline(s string, steps float64) ([]geo.Public, error) {
	bad := errors.New("router: the line of the answer is none")
	var out []geo.Public
	var sum [2]int64
	for i := 0; i < len(s); {
		for k := range sum {
			var u uint64
			for shift := uint(0); ; shift += 5 {
				if i == len(s) || s[i] < 63 || s[i] > 126 || shift > 35 {
					return nil, bad
				}
				d := uint64(s[i] - 63)
				i++
				u |= d & 31 << shift
				if d < 32 {
					break
				}
			}
			sum[k] += int64(u>>1) ^ -int64(u&1)
		}
		p := geo.Public{Lat: float64(sum[0]) / steps, Lon: float64(sum[1]) / steps}
		if !p.Valid() || len(out) == maxRoutePoints {
			return nil, bad
		}
		out = append(out, p)
	}
	if len(out) < 2 {
		return nil, bad
	}
	return out, nil
}
