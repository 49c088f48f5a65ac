package place

import (
	"encoding/binary"
	"io"
	"math"

	"mirabilia/internal/geo"
)

// The disc of a protected place: its one public point lies between 1 and 5 km
// from the truth, so the truth lies in the disc of 5 km around the point.
const (
	nearestMetres = 1000
	DiscMetres    = 5000
)

// Where another atlas's public point stands in the extra of a private record:
// a place that moves house keeps its point.
const (
	extraNearLat = "public_lat"
	extraNearLon = "public_lon"
)

// hidden is what the public must not know of a place, with its one public
// point.
type hidden struct {
	at        geo.True
	near      geo.Public
	address   string
	sourceURL string
	imageURL  string
	extra     string
}

// protect settles what the public may see of d, given what was hidden of the
// place so far (nil: nothing) and, of a new place, the point that came with
// it. It returns what is to be hidden now, nil for nothing.
//
// The public point is drawn once. It is kept for as long as the truth lies in
// its disc, also while the place is shown exactly, so that going there and
// back draws no second one; two points of one place would give it away.
func (d *draft) protect(before *hidden, random io.Reader) (*hidden, error) {
	if d.truth == nil { // and nothing to keep what is beside it with
		d.At = nil
		d.conceal()
		return nil, nil
	}
	if d.Tier == Exact {
		d.At = &geo.Public{Lat: d.truth.Lat, Lon: d.truth.Lon}
		if before == nil {
			return nil, nil
		}
		return &hidden{at: *d.truth, near: before.near}, nil
	}
	now := &hidden{
		at: *d.truth, address: d.Address, sourceURL: d.SourceURL, imageURL: d.ImageURL, extra: d.extraJSON,
	}
	switch {
	case before != nil && metresOf(*d.truth, before.near) <= DiscMetres:
		now.near = before.near
	case before == nil && d.givenNear != nil && metresOf(*d.truth, *d.givenNear) <= DiscMetres:
		now.near = *d.givenNear
	default:
		p, err := drawNear(*d.truth, random)
		if err != nil {
			return nil, err
		}
		now.near = p
	}
	d.conceal()
	d.At = nil
	if d.Tier == Approximate {
		near := now.near
		d.At = &near
	}
	return now, nil
}

// conceal takes away what may tell where a protected place is.
func (d *draft) conceal() {
	d.Address, d.SourceURL, d.ImageURL, d.Extra, d.extraJSON = "", "", "", nil, ""
}

// metresOf measures between a truth and a public point, which only the keeping
// of the point may do.
func metresOf(t geo.True, p geo.Public) float64 {
	return geo.Metres(geo.Public{Lat: t.Lat, Lon: t.Lon}, p)
}

// drawNear draws a point uniformly by area from the ring of 1 to 5 km around t,
// rounded to five decimals (about a metre).
func drawNear(t geo.True, random io.Reader) (geo.Public, error) {
	for {
		u, err := uniform(random)
		if err != nil {
			return geo.Public{}, err
		}
		v, err := uniform(random)
		if err != nil {
			return geo.Public{}, err
		}
		// Area grows with the square of the radius; over 5 km the curvature of
		// the Earth changes it by less than one in a million.
		metres := math.Sqrt(nearestMetres*nearestMetres + u*(DiscMetres*DiscMetres-nearestMetres*nearestMetres))
		p := travel(t, metres, 2*math.Pi*v)
		p.Lat, p.Lon = math.Round(p.Lat*1e5)/1e5, math.Round(p.Lon*1e5)/1e5
		if m := metresOf(t, p); m >= nearestMetres && m <= DiscMetres {
			return p, nil
		}
		// Rounding has carried it over the edge: draw again.
	}
}

// uniform is a number in [0, 1) of 53 random bits.
func uniform(random io.Reader) (float64, error) {
	var b [8]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return 0, err
	}
	return float64(binary.LittleEndian.Uint64(b[:])>>11) / (1 << 53), nil
}

// travel is where one arrives going metres from t towards bearing (radians,
// clockwise from north) on a great circle.
func travel(t geo.True, metres, bearing float64) geo.Public {
	const rad = math.Pi / 180
	d := metres / geo.EarthRadius
	sLat, cLat := math.Sincos(t.Lat * rad)
	sD, cD := math.Sincos(d)
	lat := math.Asin(math.Max(-1, math.Min(1, sLat*cD+cLat*sD*math.Cos(bearing))))
	lon := t.Lon*rad + math.Atan2(math.Sin(bearing)*sD*cLat, cD-sLat*math.Sin(lat))
	lon = math.Mod(lon/rad+540, 360) - 180
	return geo.Public{Lat: lat / rad, Lon: lon}
}
