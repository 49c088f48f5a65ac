package geo

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// ErrNoPosition is what ParsePosition gives for text that is no position at
// all: a name, an address. Text that is one, but a wrong one, gives an error
// that says what is wrong with it.
var ErrNoPosition = errors.New("this is not a position")

// maxPosition is the longest text that is looked at; map addresses are long.
const maxPosition = 4096

// ParsePosition reads a position in the notations people use:
//
//   - decimal degrees, with point or comma, and with hemispheres before or
//     behind: 19.3577,-99.1596 · 48,85 2,35 · N 19.3577 W 99.1596;
//   - degrees and minutes, with seconds or without, with any kind of signs or
//     none: 19°21′27.7″N 99°9′34.6″W · N 19 21.46 W 099 09.57;
//   - hemispheres as words or letters of several languages; O is west (oeste,
//     ouest, ovest), Ost and Oost are east;
//   - geo: URIs (RFC 5870), ISO 6709, full plus codes (Open Location Code), also
//     with a space where an address lost the plus: 8FVC9G8F+6W · 8FVC9G8F 6W;
//   - UTM and MGRS: 32U 389863 5820312 · 33UUU8900020000;
//   - addresses of Google, OpenStreetMap, Apple, Bing, Yandex, Waze and HERE
//     maps and of GeoHack.
//
// Without hemispheres latitude comes first.
func ParsePosition(s string) (Public, error) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > maxPosition {
		return Public{}, ErrNoPosition
	}
	low := strings.ToLower(s)
	switch {
	case strings.HasPrefix(low, "geo:"):
		return parseGeoURI(s[len("geo:"):])
	case strings.Contains(low, "://") || strings.HasPrefix(low, "www.") || mapHost.MatchString(low):
		return parseMapURL(s)
	}
	return parseNotation(s)
}

var mapHost = regexp.MustCompile(`^(maps\.|goo\.gl/|osm\.org/|openstreetmap\.org/|google\.[a-z.]+/maps)`)

// parseNotation reads everything but addresses.
func parseNotation(s string) (Public, error) {
	if len(s) > 200 {
		return Public{}, ErrNoPosition
	}
	s = plainSigns(s)
	if m := scientific.FindStringSubmatch(s); m != nil {
		return numbers(m[1], m[2])
	}
	if m := iso6709.FindStringSubmatch(s); m != nil {
		return parseISO6709(m)
	}
	if looksPlusCode(s) {
		return parsePlusCode(s)
	}
	if p, err := parseGrid(s); !errors.Is(err, ErrNoPosition) {
		return p, err
	}
	if code := withPlus(s); code != s {
		return parsePlusCode(code)
	}
	return parseDegrees(s)
}

// scientific is how programs write very small numbers; its e is no east.
var scientific = regexp.MustCompile(`^([+-]?\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?)\s*,\s*([+-]?\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?)$`)

// plainSigns writes the many forms of the same sign as one: digits, degree
// signs, primes and quotes, minus, comma and point.
func plainSigns(s string) string {
	s = signs.Replace(s)
	return strings.Map(func(r rune) rune {
		for _, zero := range []rune{0x0660, 0x06F0, 0x0966, 0x09E6, 0xFF10} {
			if r >= zero && r <= zero+9 {
				return '0' + r - zero
			}
		}
		return r
	}, s)
}

var signs = strings.NewReplacer(
	"º", "°", "˚", "°", "∘", "°", "⁰", "°", "&deg;", "°", "\u00a0", " ", "\u2009", " ", "\u202f", " ", "\u3000", " ",
	"′′", `"`, "''", `"`, "’’", `"`, "‘‘", `"`, "´´", `"`, "ʹʹ", `"`, "``", `"`,
	"′", "'", "’", "'", "‘", "'", "´", "'", "`", "'", "ʹ", "'", "ʼ", "'", "＇", "'", "‛", "'", "′", "'",
	"″", `"`, "”", `"`, "“", `"`, "˝", `"`, "ʺ", `"`, "„", `"`, "〃", `"`, "＂", `"`,
	"−", "-", "–", "-", "—", "-", "﹣", "-", "－", "-", "＋", "+",
	"，", ",", "、", ",", "٫", ".", "．", ".", "；", ";", "（", "(", "）", ")", "度", "°", "分", "'", "秒", `"`,
)

// checked is the position, if its numbers are in range.
func checked(lat, lon float64) (Public, error) {
	switch {
	case !(lat >= -90 && lat <= 90):
		return Public{}, fmt.Errorf("latitude %s is outside ±90", short(lat))
	case !(lon >= -180 && lon <= 180):
		return Public{}, fmt.Errorf("longitude %s is outside ±180", short(lon))
	}
	return Public{Lat: lat + 0, Lon: lon + 0}, nil // + 0: no negative zero
}

func short(v float64) string {
	if math.Abs(v) >= 1e9 {
		return "of that size"
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// parseGeoURI reads what follows "geo:" (RFC 5870), with Android's ?q=.
func parseGeoURI(s string) (Public, error) {
	path, query, _ := strings.Cut(s, "?")
	coordinates, parameters, _ := strings.Cut(path, ";")
	for _, p := range strings.Split(parameters, ";") {
		if name, value, _ := strings.Cut(strings.ToLower(p), "="); name == "crs" && value != "wgs84" {
			return Public{}, errors.New("only WGS 84 is read in geo: addresses")
		}
	}
	p, err := twoDecimals(coordinates)
	if err == nil && p != (Public{}) || query == "" {
		return p, err
	}
	// geo:0,0?q=48.85,2.35(Label)
	for _, pair := range strings.Split(query, "&") {
		if value, ok := strings.CutPrefix(pair, "q="); ok {
			value, _, _ = strings.Cut(value, "(")
			return twoDecimals(unescaped(value))
		}
	}
	return p, err
}

var decimals = regexp.MustCompile(`^\s*([+-]?\d{1,3}(?:\.\d+)?)\s*[,+ ]\s*([+-]?\d{1,3}(?:\.\d+)?)(?:\s*,\s*[+-]?\d+(?:\.\d+)?z?)?\s*$`)

// twoDecimals reads "lat,lon", as programs write it.
func twoDecimals(s string) (Public, error) {
	m := decimals.FindStringSubmatch(s)
	if m == nil {
		return Public{}, ErrNoPosition
	}
	lat, err1 := strconv.ParseFloat(m[1], 64)
	lon, err2 := strconv.ParseFloat(m[2], 64)
	if err1 != nil || err2 != nil {
		return Public{}, ErrNoPosition
	}
	return checked(lat, lon)
}

// iso6709 is Annex H: ±DD.D±DDD.D, ±DDMM.M±DDDMM.M or ±DDMMSS.S±DDDMMSS.S, then
// a height and a reference system.
var iso6709 = regexp.MustCompile(`^([+-])(\d{2}|\d{4}|\d{6})(\.\d+)?([+-])(\d{3}|\d{5}|\d{7})(\.\d+)?(?:[+-]\d+(?:\.\d+)?)?(CRS[^/]*)?/?$`)

func parseISO6709(m []string) (Public, error) {
	if len(m[5]) != len(m[2])+1 {
		return Public{}, ErrNoPosition
	}
	if m[7] != "" && !strings.Contains(m[7], "WGS") {
		return Public{}, errors.New("only WGS 84 is read")
	}
	lat, ok1 := packed(m[2], m[3], 2)
	lon, ok2 := packed(m[5], m[6], 3)
	if !ok1 || !ok2 {
		return Public{}, errors.New("minutes and seconds go up to 59")
	}
	if m[1] == "-" {
		lat = -lat
	}
	if m[4] == "-" {
		lon = -lon
	}
	return checked(lat, lon)
}

// packed reads DD, DDMM or DDMMSS, the degrees having so many digits.
func packed(digits, fraction string, degrees int) (float64, bool) {
	value, scale := 0.0, 1.0
	for i := 0; i < len(digits); {
		n := 2
		if i == 0 {
			n = degrees
		}
		part := digits[i : i+n]
		if i += n; i == len(digits) {
			part += fraction
		}
		v, err := strconv.ParseFloat(part, 64)
		if err != nil || scale < 1 && v >= 60 {
			return 0, false
		}
		value += v * scale
		scale /= 60
	}
	return value, true
}
