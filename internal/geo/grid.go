package geo

import (
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"
)

var (
	utmForm  = regexp.MustCompile(`^(?:utm\s*)?(\d{1,2})\s*([c-hj-np-x])\s+(\d{5,7}(?:\.\d+)?)\s*(?:m?\s*e)?[\s,]+(\d{1,8}(?:\.\d+)?)\s*(?:m?\s*n)?$`)
	mgrsForm = regexp.MustCompile(`^(?:mgrs\s*)?(\d{1,2})\s*([c-hj-np-x])\s*([a-hj-np-z])([a-hj-np-v])\s*((?:\d\s*){2,10})$`)
)

// parseGrid reads UTM (32U 389863 5820312) and MGRS (33UUU8900020000). The
// letter is the band of latitude, so S is north of the equator.
func parseGrid(s string) (Public, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	if m := utmForm.FindStringSubmatch(s); m != nil {
		zone, _ := strconv.Atoi(m[1])
		easting, _ := strconv.ParseFloat(m[3], 64)
		northing, _ := strconv.ParseFloat(m[4], 64)
		return fromUTM(zone, m[2][0] >= 'n', easting, northing)
	}
	if m := mgrsForm.FindStringSubmatch(s); m != nil {
		return fromMGRS(m)
	}
	return Public{}, ErrNoPosition
}

// Krüger's series to the third order for WGS 84, after Karney, Transverse
// Mercator with an accuracy of a few nanometers (2011): errors below a
// millimetre within a zone.
const (
	flattening = 1 / 298.257223563
	scaleUTM   = 0.9996
)

func fromUTM(zone int, north bool, easting, northing float64) (Public, error) {
	if zone < 1 || zone > 60 || easting < 100_000 || easting > 900_000 || northing < 0 || northing > 10_000_000 {
		return Public{}, errors.New("this is not a position of the UTM grid: zones go from 1 to 60, eastings from 100000 to 900000")
	}
	const n = flattening / (2 - flattening)
	const radius = 6378137 / (1 + n) * (1 + n*n/4 + n*n*n*n/64)
	beta := [3]float64{n/2 - 2*n*n/3 + 37*n*n*n/96, n*n/48 + n*n*n/15, 17 * n * n * n / 480}
	delta := [3]float64{2*n - 2*n*n/3 - 2*n*n*n, 7*n*n/3 - 8*n*n*n/5, 56 * n * n * n / 15}
	if !north {
		northing -= 10_000_000
	}
	xi, eta := northing/(scaleUTM*radius), (easting-500_000)/(scaleUTM*radius)
	xi1, eta1 := xi, eta
	for j := range 3 {
		k := 2 * float64(j+1)
		xi1 -= beta[j] * math.Sin(k*xi) * math.Cosh(k*eta)
		eta1 -= beta[j] * math.Cos(k*xi) * math.Sinh(k*eta)
	}
	chi := math.Asin(math.Sin(xi1) / math.Cosh(eta1))
	lat := chi
	for j := range 3 {
		lat += delta[j] * math.Sin(2*float64(j+1)*chi)
	}
	lon := float64(zone)*6 - 183 + math.Atan2(math.Sinh(eta1), math.Cos(xi1))*180/math.Pi
	if lon > 180 {
		lon -= 360
	} else if lon < -180 {
		lon += 360
	}
	return checked(lat*180/math.Pi, lon)
}

const (
	bands       = "cdefghjklmnpqrstuvwx"
	gridRows    = "abcdefghjklmnpqrstuv"
	gridColumns = "abcdefghjklmnpqrstuvwxyz"
)

// fromMGRS reads a grid reference: the middle of the square its digits name.
func fromMGRS(m []string) (Public, error) {
	zone, _ := strconv.Atoi(m[1])
	digits := strings.Join(strings.Fields(m[5]), "")
	if zone < 1 || zone > 60 || len(digits)%2 != 0 {
		return Public{}, errors.New("this is not an MGRS reference: the digits come in two equal halves")
	}
	half := len(digits) / 2
	size := math.Pow10(5 - half)
	x, _ := strconv.ParseFloat(digits[:half], 64)
	y, _ := strconv.ParseFloat(digits[half:], 64)
	column := strings.IndexByte(gridColumns, m[3][0]) - (zone-1)%3*8
	if column < 0 || column > 7 {
		return Public{}, errors.New("this is not an MGRS reference: its square is not in that zone")
	}
	row := strings.IndexByte(gridRows, m[4][0])
	if zone%2 == 0 {
		row -= 5
	}
	band := strings.IndexByte(bands, m[2][0])
	easting := float64(column+1)*100_000 + (x+0.5)*size
	// Rows repeat every 2,000 km; the band tells which of them is meant.
	north := band >= 10
	low := math.Abs(float64(band-10)*8) * 110_574
	if !north {
		low = 10_000_000 - low
	}
	northing := float64((row+20)%20)*100_000 + (y+0.5)*size
	for northing < low-150_000 {
		northing += 2_000_000
	}
	return fromUTM(zone, north, easting, northing)
}
