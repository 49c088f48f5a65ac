package interchange

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"mirabilia/internal/geo"
	"mirabilia/internal/text"
)

// position fills in Lat and Lon. Only places of the tiers region and hidden
// may be without.
func (b *builder) position(rec *Record) error {
	lat, latName, okLat := b.take(latNames...)
	lon, lonName, okLon := b.take(lonNames...)
	if !okLat && !okLon {
		if p, ok := b.pointColumn(); ok {
			rec.Lat, rec.Lon = &p.Lat, &p.Lon
			return nil
		}
		if rec.LocationTier == "region" || rec.LocationTier == "hidden" {
			return nil
		}
		return errors.New("no position: lat and lon are needed")
	}
	if !okLat || !okLon {
		missing := "lat"
		if okLat {
			missing = "lon"
		}
		return fmt.Errorf("no position: %s is missing", missing)
	}
	y, err := b.number(latName, lat)
	if err != nil {
		return err
	}
	x, err := b.number(lonName, lon)
	if err != nil {
		return err
	}
	if !(y >= -90 && y <= 90) {
		return fmt.Errorf("latitude %v is outside ±90", y)
	}
	if !(x >= -180 && x <= 180) {
		return fmt.Errorf("longitude %v is outside ±180", x)
	}
	rec.Lat, rec.Lon = &y, &x
	return nil
}

// pointColumn is a position written into one column.
func (b *builder) pointColumn() (geo.Public, bool) {
	for _, name := range pointNames {
		s, ok := b.values[name].(string)
		if !ok || s == "" {
			continue
		}
		first, second := 1, 2
		m := twoNumbers.FindStringSubmatch(s)
		if m == nil { // WKT, as My Maps writes tables: longitude first
			m, first, second = wktPoint.FindStringSubmatch(s), 2, 1
		}
		if m != nil {
			lat, _ := strconv.ParseFloat(m[first], 64)
			lon, _ := strconv.ParseFloat(m[second], 64)
			if p := (geo.Public{Lat: lat, Lon: lon}); p.Valid() {
				delete(b.values, name)
				return p, true
			}
		}
	}
	return geo.Public{}, false
}

var (
	twoNumbers   = regexp.MustCompile(`^\s*([+-]?\d{1,3}(?:\.\d+)?)\s*[,; ]\s*([+-]?\d{1,3}(?:\.\d+)?)\s*$`)
	wktPoint     = regexp.MustCompile(`(?i)^\s*POINT\s*(?:Z\s*)?\(\s*([+-]?\d{1,3}(?:\.\d+)?)\s+([+-]?\d{1,3}(?:\.\d+)?)(?:\s+[+-]?[\d.]+)?\s*\)\s*$`)
	plainNumber  = regexp.MustCompile(`^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$`)
	decimalComma = regexp.MustCompile(`^[+-]?\d{1,3},\d+$`)
)

func (b *builder) number(name string, v any) (float64, error) {
	var s string
	switch v := v.(type) {
	case json.Number:
		s = v.String()
	case string:
		s = strings.TrimSpace(strings.Replace(v, "\u2212", "-", 1))
		if b.lenient && decimalComma.MatchString(s) {
			s = strings.Replace(s, ",", ".", 1)
		}
	default:
		return 0, fmt.Errorf("%s is not a number", name)
	}
	if !plainNumber.MatchString(s) {
		return 0, fmt.Errorf("%s %q is not a number; write decimal degrees", name, cut(text.CleanLine(s), 40))
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return 0, fmt.Errorf("%s %s is not a number that can be used", name, cut(s, 40))
	}
	if f == 0 {
		f = 0 // no negative zero
	}
	return f, nil
}
