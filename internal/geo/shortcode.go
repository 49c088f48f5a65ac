package geo

import (
	"errors"
	"math"
	"regexp"
	"strings"
)

// Plus codes as they arrive: whole or short, and with a space where the plus
// was, for in the query of an address a plus is a space.
var (
	anyPlusCode   = regexp.MustCompile(`^([23456789CFGHJMPQRVWX]{2,8})\+([23456789CFGHJMPQRVWX]{2,7})$`)
	spacePlusCode = regexp.MustCompile(`^([23456789CFGHJMPQRVWX]{4}|[23456789CFGHJMPQRVWX]{6}|[23456789CFGHJMPQRVWX]{8}) ([23456789CFGHJMPQRVWX]{2,3})(?: |,|$)`)
)

// ErrShortPlusCode is what ParsePosition gives for a plus code that means
// nothing without the town it goes with.
var ErrShortPlusCode = errors.New("this plus code is short; write the town behind it (9G8F+6W Zurich), or the full one with eight characters before the +")

// withPlus puts the plus back that an address made a space: "8FVC9G8F 6W".
// Text that is no such code stays as it is.
func withPlus(s string) string {
	m := spacePlusCode.FindStringSubmatch(strings.ToUpper(s) + " ")
	if m == nil || !strings.ContainsFunc(m[1], func(r rune) bool { return r >= 'A' }) || !strings.ContainsAny(m[1], "23456789") {
		return s
	}
	return s[:len(m[1])] + "+" + s[len(m[1])+1:]
}

// IsPlusCode reports whether text begins with a plus code or is a short one
// with its town.
func IsPlusCode(s string) bool {
	s = strings.TrimSpace(s)
	if len(s) > 200 {
		return false
	}
	_, _, short := ShortPlusCode(s)
	return short || looksPlusCode(s) || withPlus(s) != s
}

// ShortPlusCode parts a short plus code from the town it goes with, which may
// stand behind or before it: "9G8F+6W Zurich", "Zürich, 9G8F+6W".
func ShortPlusCode(s string) (code, town string, ok bool) {
	s = strings.TrimSpace(s)
	if len(s) > 200 {
		return "", "", false
	}
	words := strings.FieldsFunc(withPlus(s), func(r rune) bool { return r == ' ' || r == ',' || r == '\u3000' })
	for i, w := range words {
		m := anyPlusCode.FindStringSubmatch(strings.ToUpper(w))
		if m == nil || len(m[1])%2 != 0 || len(m[1]) == 8 || len(words) == 1 {
			continue
		}
		rest := append(words[:i:i], words[i+1:]...)
		return strings.ToUpper(w), strings.Join(rest, " "), true
	}
	return "", "", false
}

// RecoverPlusCode is the position of a short plus code next to a point: the
// one of all that end so that is nearest (Open Location Code, "recover
// nearest").
func RecoverPlusCode(short string, near Public) (Public, error) {
	m := anyPlusCode.FindStringSubmatch(strings.ToUpper(short))
	if m == nil || len(m[1])%2 != 0 {
		return Public{}, ErrNoPosition
	}
	missing := 8 - len(m[1])
	if missing == 0 {
		return parsePlusCode(short)
	}
	p, err := parsePlusCode(PlusCode(near)[:missing] + strings.ToUpper(short))
	if err != nil {
		return Public{}, err
	}
	// The size of the area that what is missing names: the answer is at most
	// half of it away.
	size := 400 / math.Pow(20, float64(missing)/2)
	switch {
	case p.Lat-near.Lat > size/2 && p.Lat-size >= -90:
		p.Lat -= size
	case near.Lat-p.Lat > size/2 && p.Lat+size <= 90:
		p.Lat += size
	}
	switch {
	case p.Lon-near.Lon > size/2:
		p.Lon -= size
	case near.Lon-p.Lon > size/2:
		p.Lon += size
	}
	if p.Lon < -180 {
		p.Lon += 360
	} else if p.Lon > 180 {
		p.Lon -= 360
	}
	return checked(p.Lat, p.Lon)
}
