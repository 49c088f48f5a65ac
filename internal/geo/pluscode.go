package geo

import (
	"errors"
	"math"
	"regexp"
	"strings"
)

// codeDigits are the digits of Open Location Code, base 20
// (github.com/google/open-location-code, specification).
const codeDigits = "23456789CFGHJMPQRVWX"

var plusCode = regexp.MustCompile(`^([23456789CFGHJMPQRVWX0]{0,8})\+([23456789CFGHJMPQRVWX]{0,7})$`)

func looksPlusCode(s string) bool {
	first, _, _ := strings.Cut(strings.ReplaceAll(strings.TrimSpace(s), ",", " "), " ")
	return len(first) >= 4 && plusCode.MatchString(strings.ToUpper(first)) && strings.ContainsFunc(first, func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '+'
	}) && !strings.HasPrefix(first, "+")
}

// parsePlusCode gives the centre of the area of a full code; the name of a town
// behind it says nothing more.
func parsePlusCode(s string) (Public, error) {
	code, rest, _ := strings.Cut(strings.ReplaceAll(strings.TrimSpace(s), ",", " "), " ")
	m := plusCode.FindStringSubmatch(strings.ToUpper(code))
	if m == nil {
		return Public{}, ErrNoPosition
	}
	if len(m[1]) < 8 {
		return Public{}, ErrShortPlusCode
	}
	if rest = strings.TrimSpace(rest); strings.ContainsAny(rest, "0123456789+") {
		return Public{}, ErrNoPosition // a town may follow, more numbers may not
	}
	digits := strings.TrimRight(m[1], "0")
	if strings.Contains(digits, "0") || len(digits)%2 != 0 || len(digits) == 0 || len(digits) < 8 && m[2] != "" || len(m[2]) == 1 {
		return Public{}, errors.New("this is not a plus code")
	}
	digits += m[2]
	south, west := -90.0, -180.0
	high, wide := 400.0, 400.0 // the size of the area, after each step
	for i := 0; i < len(digits); {
		if i < 10 {
			high, wide = high/20, wide/20
			south += high * float64(strings.IndexByte(codeDigits, digits[i]))
			west += wide * float64(strings.IndexByte(codeDigits, digits[i+1]))
			i += 2
			continue
		}
		// Beyond ten digits each is a cell of a grid of five rows, four columns.
		v := strings.IndexByte(codeDigits, digits[i])
		high, wide = high/5, wide/4
		south += high * float64(v/4)
		west += wide * float64(v%4)
		i++
	}
	if south >= 90 || west >= 180 {
		return Public{}, errors.New("this is not a plus code")
	}
	return checked(math.Min(south+high/2, 90), west+wide/2)
}

// PlusCode is the full plus code of p with ten digits, an area of about 14 m.
func PlusCode(p Public) string {
	const step = 8000 // units of the last pair in a degree
	lat := int64(math.Floor((math.Min(p.Lat, 90) + 90) * step))
	if lat >= 180*step {
		lat = 180*step - 1 // the pole belongs to the row below it
	}
	lon := int64(math.Floor((p.Lon + 180) * step))
	lon = (lon%(360*step) + 360*step) % (360 * step)
	var code [11]byte
	for i := 4; i >= 0; i-- {
		at := 2 * i
		if i == 4 {
			at++ // behind the plus sign
		}
		code[at], code[at+1] = codeDigits[lat%20], codeDigits[lon%20]
		lat, lon = lat/20, lon/20
	}
	code[8] = '+'
	return string(code[:])
}
