package geo

import (
	"fmt"
	"math"
	"strconv"
)

// MetresPerMile is the international mile, MetresPerFoot the international
// foot (both exact, 1959).
const (
	MetresPerMile = 1609.344
	MetresPerFoot = 0.3048
)

// The units a distance is shown in.
const (
	Kilometres = "km"
	Miles      = "mi"
)

// ToMetres turns an amount of the unit into metres. Any unit but Miles is
// Kilometres.
func ToMetres(amount float64, unit string) float64 {
	if unit == Miles {
		return amount * MetresPerMile
	}
	return amount * 1000
}

// FromMetres turns metres into an amount of the unit.
func FromMetres(metres float64, unit string) float64 {
	if unit == Miles {
		return metres / MetresPerMile
	}
	return metres / 1000
}

// FormatDecimal writes p as latitude and longitude in decimal degrees with
// five decimals, about a metre: "19.35770, -99.15960".
func FormatDecimal(p Public) string {
	return decimal(p.Lat) + ", " + decimal(p.Lon)
}

func decimal(v float64) string {
	if math.Abs(v) < 0.000005 {
		v = 0 // never "-0.00000"
	}
	return strconv.FormatFloat(v, 'f', 5, 64)
}

// FormatDMS writes p in degrees, minutes and seconds with a tenth of a second,
// about three metres: "19°21′27.7″N 99°9′34.6″W".
func FormatDMS(p Public) string {
	return dms(p.Lat, "N", "S") + " " + dms(p.Lon, "E", "W")
}

func dms(v float64, positive, negative string) string {
	hemisphere := positive
	if v < 0 {
		hemisphere = negative
	}
	tenths := int64(math.Round(math.Abs(v) * 36000))
	return fmt.Sprintf("%d°%d′%d.%d″%s", tenths/36000, tenths/600%60, tenths/10%60, tenths%10, hemisphere)
}

// FormatDistance writes a distance as people say it, in the unit "km" or "mi":
// "80 m", "350 m", "1.2 km", "14 km", "1,240 km"; "260 ft", "0.7 mi", "9 mi".
// The number and the unit are joined by a no-break space.
func FormatDistance(metres float64, unit string) string {
	if math.IsNaN(metres) || metres < 0 {
		metres = 0
	}
	if unit == Miles {
		miles := metres / MetresPerMile
		if miles < 0.095 {
			return strconv.Itoa(int(math.Round(metres/MetresPerFoot/10)*10)) + "\u00a0ft"
		}
		return amount(miles) + "\u00a0mi"
	}
	switch {
	case metres < 100:
		return strconv.Itoa(int(math.Round(metres))) + "\u00a0m"
	case metres < 995:
		return strconv.Itoa(int(math.Round(metres/10)*10)) + "\u00a0m"
	}
	return amount(metres/1000) + "\u00a0km"
}

// amount has one decimal below ten and groups of thousands above.
func amount(v float64) string {
	if v < 9.95 {
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	s := strconv.FormatFloat(math.Round(min(v, 1e9)), 'f', 0, 64)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
