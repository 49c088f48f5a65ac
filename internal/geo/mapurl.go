package geo

import (
	"errors"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

var (
	googlePlace = regexp.MustCompile(`!3d(-?\d{1,2}(?:\.\d+)?)!4d(-?\d{1,3}(?:\.\d+)?)`)
	atSign      = regexp.MustCompile(`@(-?\d{1,2}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?)`)
	hashMap     = regexp.MustCompile(`map=[\d.]+/(-?\d{1,2}(?:\.\d+)?)/(-?\d{1,3}(?:\.\d+)?)`)
	hereMap     = regexp.MustCompile(`/l/(-?\d{1,2}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?)`)
	geoHack     = regexp.MustCompile(`^([\d.]+(?:_[\d.]+){0,2}_[NS])_([\d.]+(?:_[\d.]+){0,2}_[EW])`)
	geoHackPair = regexp.MustCompile(`^(-?[\d.]+);(-?[\d.]+)`)
)

// parseMapURL finds the position in the address of a map: the marked place
// before what was searched, and that before the middle of the view.
func parseMapURL(s string) (Public, error) {
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil {
		return Public{}, ErrNoPosition
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	// A ; parts no parameters; GeoHack has it inside one.
	u.RawQuery = strings.ReplaceAll(u.RawQuery, ";", "%3B")
	query := u.Query()
	path := unescaped(u.EscapedPath())
	if m := googlePlace.FindAllStringSubmatch(path+"!"+query.Get("data"), -1); m != nil {
		last := m[len(m)-1] // of a route, its end
		return numbers(last[1], last[2])
	}
	if p, ok, err := namedPair(query, host); ok {
		return p, err
	}
	if p, ok, err := fromQuery(query, host); ok {
		return p, err
	}
	if p, ok := fromPath(path); ok {
		return p, nil
	}
	for _, form := range []*regexp.Regexp{atSign, hereMap, hashMap} {
		if m := form.FindStringSubmatch(path + "#" + u.Fragment + "&map=" + query.Get("map")); m != nil {
			return numbers(m[1], m[2])
		}
	}
	switch host {
	case "goo.gl", "maps.app.goo.gl", "osm.org", "bit.ly", "g.co":
		return Public{}, errors.New("short addresses of maps carry no position; open it and copy the long one")
	}
	return Public{}, ErrNoPosition
}

// namedPair reads a latitude and a longitude of their own parameters.
func namedPair(q url.Values, host string) (Public, bool, error) {
	pairs := [][2]string{{"mlat", "mlon"}, {"lat", "lon"}, {"lat", "lng"}, {"latitude", "longitude"}}
	if strings.HasSuffix(host, "mapy.cz") || strings.HasSuffix(host, "mapy.com") {
		pairs = append(pairs, [2]string{"y", "x"})
	}
	for _, names := range pairs {
		if lat, lon := q.Get(names[0]), q.Get(names[1]); lat != "" && lon != "" {
			p, err := numbers(lat, lon)
			return p, true, err
		}
	}
	return Public{}, false, nil
}

// fromQuery reads the parameters that hold a whole position.
func fromQuery(q url.Values, host string) (Public, bool, error) {
	if strings.Contains(host, "yandex.") { // longitude first
		for _, name := range []string{"pt", "whatshere[point]", "ll"} {
			if p, err := twoDecimals(q.Get(name)); err == nil {
				p, err := checked(p.Lon, p.Lat)
				return p, true, err
			}
			lon, lat, ok := strings.Cut(q.Get(name), ",")
			if ok {
				p, err := numbers(lat, lon)
				return p, true, err
			}
		}
	}
	for _, name := range []string{"coordinate", "q", "query", "destination", "daddr", "viewpoint", "center", "ll", "sll", "cp", "params", "to"} {
		value := q.Get(name)
		if value == "" {
			continue
		}
		if m := geoHack.FindStringSubmatch(value); m != nil {
			value = strings.ReplaceAll(m[1]+", "+m[2], "_", " ")
		} else if m := geoHackPair.FindStringSubmatch(value); m != nil {
			value = m[1] + "," + m[2]
		}
		value = strings.TrimPrefix(value, "loc:")
		if name == "cp" || name == "to" {
			value = strings.NewReplacer("~", ",", "ll.", "").Replace(value)
		}
		if p, err := parseNotation(value); !errors.Is(err, ErrNoPosition) {
			return p, true, err
		}
	}
	return Public{}, false, nil
}

// fromPath reads /maps/place/…, /maps/search/… and /maps/dir/…/…; of a route,
// its end.
func fromPath(path string) (Public, bool) {
	segments := strings.Split(path, "/")
	for i := len(segments) - 1; i >= 0; i-- {
		s := strings.ReplaceAll(segments[i], "+", " ")
		if looksPlusCode(segments[i]) {
			s = segments[i]
		}
		if s == "" || s[0] == '@' {
			continue
		}
		if p, err := parseNotation(s); err == nil {
			return p, true
		}
	}
	return Public{}, false
}

func numbers(lat, lon string) (Public, error) {
	y, err1 := strconv.ParseFloat(strings.TrimSpace(lat), 64)
	x, err2 := strconv.ParseFloat(strings.TrimSpace(lon), 64)
	if err1 != nil || err2 != nil {
		return Public{}, ErrNoPosition
	}
	return checked(y, x)
}

// unescaped undoes %XX; a + stays, plus codes hold one.
func unescaped(s string) string {
	if out, err := url.PathUnescape(s); err == nil {
		return out
	}
	return s
}
