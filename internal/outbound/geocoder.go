// Package outbound holds the calls that the atlas makes to other servers. Each
// is bounded in time and size, uses no proxy of the environment and tells the
// other side nothing about the reader. Geocoder, router and map are named by the
// operator; what strangers name is called through Guard alone.
package outbound

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	// patience is how long a reader waits for another server.
	patience = 4 * time.Second
	// maxAnswer is what is read of an answer, in bytes.
	maxAnswer = 512 << 10
	agent     = "Mirabilia atlas"
)

// Address is a point that a geocoder found. The numbers are in range.
type Address struct {
	Name     string
	Lat, Lon float64
}

// Geocoder asks a Nominatim or Photon server for street addresses; which of
// the two it is shows in its answers.
type Geocoder struct {
	base   string
	client *http.Client
	slots  chan struct{} // public servers want few questions at once
}

// NewGeocoder makes a geocoder for the server at base ("https://host/path").
func NewGeocoder(base string) *Geocoder {
	return &Geocoder{
		base:   strings.TrimRight(base, "/"),
		client: newClient(),
		slots:  make(chan struct{}, 2),
	}
}

// newClient is a client that is patient for a reader's patience, follows no
// redirect and uses no proxy.
func newClient() *http.Client {
	return &http.Client{
		Timeout: patience,
		Transport: &http.Transport{
			DialContext:            (&net.Dialer{Timeout: 2 * time.Second}).DialContext,
			TLSHandshakeTimeout:    2 * time.Second,
			ResponseHeaderTimeout:  patience,
			MaxIdleConnsPerHost:    2,
			IdleConnTimeout:        30 * time.Second,
			MaxResponseHeaderBytes: 32 << 10,
			DisableCompression:     true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Find asks for an address; at most limit points come back, best first. An
// error is for the log: it names no reader and no question.
func (g *Geocoder) Find(ctx context.Context, q string, limit int) ([]Address, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case g.slots <- struct{}{}:
		defer func() { <-g.slots }()
	case <-ctx.Done():
		return nil, errors.New("geocoder: too many questions at once")
	}
	for _, path := range g.paths(q, limit) {
		found, known, err := g.ask(ctx, path)
		if err != nil {
			return nil, err
		}
		if known {
			return found[:min(len(found), limit)], nil
		}
	}
	return nil, errors.New("geocoder: the server answers neither as Nominatim nor as Photon")
}

// paths are the questions in the order to try: the form of Nominatim, unless
// the address itself ends as Photon's does.
func (g *Geocoder) paths(q string, limit int) []string {
	v := url.Values{"q": {q}, "limit": {strconv.Itoa(limit)}}
	base, photon := strings.CutSuffix(g.base, "/api")
	paths := []string{base + "/api/?" + v.Encode(), base + "/api?" + v.Encode()} // servers know one, or both
	if photon {
		return paths
	}
	v.Set("format", "jsonv2")
	return append([]string{base + "/search?" + v.Encode()}, paths...)
}

// ask puts one question. known is false when the server does not know the
// path, so that the other form may be tried.
func (g *Geocoder) ask(ctx context.Context, address string) (found []Address, known bool, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, false, errors.New("geocoder: the address is no URL")
	}
	req.Header.Set("User-Agent", agent)
	req.Header.Set("Accept", "application/json")
	resp, err := g.client.Do(req)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err // without the question
		}
		return nil, false, fmt.Errorf("geocoder: %w", err)
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusNotFound, http.StatusBadRequest, http.StatusMethodNotAllowed: // another kind of server
		return nil, false, nil
	}
	if resp.StatusCode != http.StatusOK {
		return nil, false, fmt.Errorf("geocoder: status %d", resp.StatusCode)
	}
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, false, errors.New("geocoder: the answer broke off")
	}
	found, err = readAddresses(raw)
	return found, err == nil, err
}

// readAddresses reads an answer of either server: Nominatim's array, or the
// GeoJSON of Photon.
func readAddresses(raw []byte) ([]Address, error) {
	var list []struct {
		Name string          `json:"display_name"`
		Lat  json.RawMessage `json:"lat"` // a text of Nominatim's, a number of others'
		Lon  json.RawMessage `json:"lon"`
	}
	if json.Unmarshal(raw, &list) == nil {
		var out []Address
		for _, one := range list {
			lat, err1 := strconv.ParseFloat(strings.Trim(string(one.Lat), `"`), 64)
			lon, err2 := strconv.ParseFloat(strings.Trim(string(one.Lon), `"`), 64)
			if err1 == nil && err2 == nil {
				out = keep(out, Address{one.Name, lat, lon})
			}
		}
		return out, nil
	}
	var doc struct {
		Features []struct {
			Geometry struct {
				Coordinates []float64 `json:"coordinates"`
			} `json:"geometry"`
			Properties struct {
				Name, Street, HouseNumber, City, Country string
			} `json:"properties"`
		} `json:"features"`
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		return nil, errors.New("geocoder: the answer is no JSON")
	}
	var out []Address
	for _, f := range doc.Features {
		if len(f.Geometry.Coordinates) < 2 {
			continue
		}
		p := f.Properties
		var parts []string
		for _, s := range []string{p.Name, strings.TrimSpace(p.Street + " " + p.HouseNumber), p.City, p.Country} {
			if s != "" {
				parts = append(parts, s)
			}
		}
		out = keep(out, Address{strings.Join(parts, ", "), f.Geometry.Coordinates[1], f.Geometry.Coordinates[0]})
	}
	return out, nil
}

// keep appends a point that is one: a lying server must not put nonsense on a
// page.
func keep(out []Address, a Address) []Address {
	ok := !math.IsNaN(a.Lat) && !math.IsNaN(a.Lon) && math.Abs(a.Lat) <= 90 && math.Abs(a.Lon) <= 180
	if r := []rune(strings.ToValidUTF8(a.Name, "")); len(r) > 300 {
		a.Name = string(r[:300])
	} else {
		a.Name = string(r)
	}
	if !ok || len(out) >= 20 {
		return out
	}
	return append(out, a)
}
