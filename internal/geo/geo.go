// Package geo holds positions, boxes and distances on the sphere, and the
// notations in which people write them.
//
// A position that may be shown is a Public; the true position of a protected
// place is a True. There is no conversion between them: only package place,
// which knows the tier, turns one into the other.
package geo

import "math"

// EarthRadius is the mean radius of the Earth in metres (IUGG R1).
const EarthRadius = 6371008.8

// Public is a position anyone may see: WGS 84 degrees, latitude in ±90,
// longitude in ±180.
type Public struct{ Lat, Lon float64 }

// True is where a thing really is; it must not reach an outward form.
type True struct{ Lat, Lon float64 }

// Valid reports whether both numbers are finite and in range.
func (p Public) Valid() bool { return valid(p.Lat, p.Lon) }

// Valid reports whether both numbers are finite and in range.
func (p True) Valid() bool { return valid(p.Lat, p.Lon) }

func valid(lat, lon float64) bool {
	return lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180
}

// Metres is the great-circle distance between two public positions, by the
// haversine formula (Sinnott 1984), which is exact enough at every distance.
func Metres(a, b Public) float64 {
	const rad = math.Pi / 180
	sLat := math.Sin((b.Lat - a.Lat) * rad / 2)
	sLon := math.Sin((b.Lon - a.Lon) * rad / 2)
	h := sLat*sLat + math.Cos(a.Lat*rad)*math.Cos(b.Lat*rad)*sLon*sLon
	return 2 * EarthRadius * math.Asin(math.Min(1, math.Sqrt(h)))
}

// Unit is the position on the unit sphere: x to 0°N 0°E, z to the north pole.
func (p Public) Unit() (x, y, z float64) {
	sLat, cLat := math.Sincos(p.Lat * math.Pi / 180)
	sLon, cLon := math.Sincos(p.Lon * math.Pi / 180)
	return cLat * cLon, cLat * sLon, sLat
}

// Box is a rectangle in degrees. West greater than East crosses the date line.
type Box struct{ West, South, East, North float64 }

// Valid reports whether the numbers are in range and south is not above north.
func (b Box) Valid() bool {
	return valid(b.South, b.West) && valid(b.North, b.East) && b.South <= b.North
}

// Contains reports whether p lies in the box, its edges included.
func (b Box) Contains(p Public) bool {
	if p.Lat < b.South || p.Lat > b.North {
		return false
	}
	if b.West <= b.East {
		return p.Lon >= b.West && p.Lon <= b.East
	}
	return p.Lon >= b.West || p.Lon <= b.East
}
