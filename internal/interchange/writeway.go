package interchange

import (
	"math"
	"strings"

	"mirabilia/internal/geo"
)

// wayKind is how our files call the line itself among what lies beside it:
// KML and GeoJSON have one list for both. Our reader passes it over, as it does
// the tracks of a GPX.
const wayKind = "way"

// degree is a coordinate of a line: to the decimetre, which is more than any
// line of ours is true to, and without exponent.
func degree(v float64) string { return fixed(math.Round(v*1e6)/1e6 + 0) } // no negative zero

// partsOf cuts a line where it crosses the date line, as RFC 7946 (3.1.9) asks
// for; maps would draw a line around the Earth else. Every part has two points
// or more.
func partsOf(line []geo.Public) (parts [][]geo.Public) {
	var part []geo.Public
	for i, p := range line {
		if i > 0 {
			before := line[i-1]
			if turn := p.Lon - before.Lon; math.Abs(turn) > 180 {
				edge := math.Copysign(180, before.Lon)
				share := 0.0 // of the way to p that lies before the date line
				if whole := 360 - math.Abs(turn); whole > 0 {
					share = math.Abs(edge-before.Lon) / whole
				}
				lat := before.Lat + share*(p.Lat-before.Lat)
				parts = append(parts, append(part, geo.Public{Lat: lat, Lon: edge}))
				part = []geo.Public{{Lat: lat, Lon: -edge}}
			}
		}
		part = append(part, p)
	}
	return append(parts, part)
}

// track writes the line as GPX has it: one track of one segment. Receivers
// take a new segment for a gap, so the date line cuts nothing here.
func (w *gpxWriter) track() {
	if len(w.meta.Way) < 2 {
		return
	}
	w.line()
	w.open("trk")
	w.leaf("name", w.meta.Name)
	w.open("trkseg")
	for _, p := range w.meta.Way {
		w.line()
		w.open("trkpt", "lat", degree(p.Lat), "lon", degree(p.Lon))
		w.close("trkpt")
	}
	w.close("trkseg")
	w.close("trk")
}

// road writes the line as a placemark.
func (w *kmlWriter) road() {
	if len(w.meta.Way) < 2 {
		return
	}
	w.line()
	w.open("Placemark", "id", wayKind)
	w.leaf("name", w.meta.Name)
	w.open("ExtendedData")
	w.data("kind", wayKind)
	w.close("ExtendedData")
	w.open("MultiGeometry")
	for _, part := range partsOf(w.meta.Way) {
		var b strings.Builder
		for i, p := range part {
			if i > 0 {
				b.WriteByte('\n')
			}
			b.WriteString(degree(p.Lon) + "," + degree(p.Lat))
		}
		w.open("LineString")
		w.leaf("tessellate", "1") // along the ground, not through the hills
		w.leaf("coordinates", b.String())
		w.close("LineString")
	}
	w.close("MultiGeometry")
	w.close("Placemark")
}

// outLine is a line as GeoJSON has it.
type outLine struct {
	Type        string `json:"type"`
	Coordinates any    `json:"coordinates"`
}

// way writes the line as the last feature.
func (w *geojsonWriter) way() error {
	if len(w.meta.Way) < 2 {
		return nil
	}
	parts := partsOf(w.meta.Way)
	lines := make([][][2]float64, len(parts))
	for i, part := range parts {
		for _, p := range part {
			lines[i] = append(lines[i], [2]float64{math.Round(p.Lon*1e6)/1e6 + 0, math.Round(p.Lat*1e6)/1e6 + 0})
		}
	}
	shape := outLine{"MultiLineString", lines}
	if len(lines) == 1 {
		shape = outLine{"LineString", lines[0]}
	}
	return w.feature(struct {
		Type       string            `json:"type"`
		ID         string            `json:"id"`
		Geometry   outLine           `json:"geometry"`
		Properties map[string]string `json:"properties"`
	}{"Feature", wayKind, shape, map[string]string{"title": w.meta.Name, "kind": wayKind}})
}
