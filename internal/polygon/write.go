package polygon

import "strconv"

// GeoJSON is the outline as a Polygon or MultiPolygon by RFC 7946, to seven
// decimals: outer rings counterclockwise, each ring closed. Where it crosses
// the date line its longitudes run on beyond 180°, so that a map draws it in
// one piece. Parse reads it back to the same.
func (s *Shape) GeoJSON() []byte {
	if len(s.parts) == 1 {
		return append(appendPart([]byte(`{"type":"Polygon","coordinates":`), s.parts[0]), '}')
	}
	b := []byte(`{"type":"MultiPolygon","coordinates":[`)
	for i, p := range s.parts {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendPart(b, p)
	}
	return append(b, "]}"...)
}

func appendPart(b []byte, p part) []byte {
	b = append(b, '[')
	for i, r := range p {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '[')
		for _, at := range r {
			b = append(appendPoint(b, at), ',')
		}
		b = append(appendPoint(b, r[0]), ']')
	}
	return append(b, ']')
}

func appendPoint(b []byte, p point) []byte {
	b = append(appendSteps(append(b, '['), p.x), ',')
	return append(appendSteps(b, p.y), ']')
}

// appendSteps writes steps of the grid as degrees, exactly.
func appendSteps(b []byte, n int64) []byte {
	if n < 0 {
		b = append(b, '-')
		n = -n
	}
	b = strconv.AppendInt(b, n/unit, 10)
	if n %= unit; n == 0 {
		return b
	}
	digits := strconv.Itoa(int(n + unit))[1:]
	for digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
	}
	return append(append(b, '.'), digits...)
}
