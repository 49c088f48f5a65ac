package interchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
)

// centre is the centroid of the largest outer ring among the coordinates of a
// Polygon or MultiPolygon. Rings are found by depth: the innermost arrays are
// points, those around them rings.
func centre(raw json.RawMessage) (lon, lat json.Number, reason string) {
	var best, ring ringSum
	dec := json.NewDecoder(bytes.NewReader(raw))
	var point []float64
	depth, seen := 0, 0
	for {
		t, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", "", "no position: the coordinates are not numbers"
		}
		switch v := t.(type) {
		case json.Delim:
			if v == '[' {
				depth++
				if len(point) > 0 {
					point = point[:0]
				}
				continue
			}
			depth--
			switch {
			case len(point) >= 2:
				ring.add(point[0], point[1])
				point = point[:0]
			case ring.n > 0:
				if ring.size() > best.size() || best.n == 0 {
					best = ring
				}
				ring = ringSum{}
			}
		case float64:
			if seen++; seen > maxPoints {
				return "", "", "the shape has too many points"
			}
			point = append(point, v)
		default:
			return "", "", "no position: the coordinates are not numbers"
		}
	}
	if best.n == 0 {
		return "", "", "no position: the coordinates are empty"
	}
	x, y := best.centroid()
	return number(x), number(y), ""
}

func number(v float64) json.Number {
	return json.Number(strconv.FormatFloat(math.Round(v*1e7)/1e7, 'f', -1, 64))
}

// ringSum adds up a ring by the shoelace formula, relative to its first point
// so that small rings far from 0°, 0° keep their digits.
type ringSum struct {
	n            int
	x0, y0       float64
	px, py       float64
	area, cx, cy float64
	sumX, sumY   float64
}

func (r *ringSum) add(x, y float64) {
	if r.n == 0 {
		r.x0, r.y0 = x, y
	}
	x, y = x-r.x0, y-r.y0
	cross := r.px*y - x*r.py
	r.area += cross
	r.cx += (r.px + x) * cross
	r.cy += (r.py + y) * cross
	r.sumX += x
	r.sumY += y
	r.px, r.py = x, y
	r.n++
}

func (r *ringSum) size() float64 { return math.Abs(r.area) }

func (r *ringSum) centroid() (x, y float64) {
	if r.size() < 1e-14 {
		return r.x0 + r.sumX/float64(r.n), r.y0 + r.sumY/float64(r.n)
	}
	return r.x0 + r.cx/(3*r.area), r.y0 + r.cy/(3*r.area)
}

// pair reads "lon,lat[,height]".
func pair(s string) (x, y float64, ok bool) {
	first, rest, _ := strings.Cut(s, ",")
	second, _, _ := strings.Cut(rest, ",")
	x, err1 := strconv.ParseFloat(first, 64)
	y, err2 := strconv.ParseFloat(second, 64)
	return x, y, err1 == nil && err2 == nil && !math.IsNaN(x+y) && !math.IsInf(x+y, 0)
}
