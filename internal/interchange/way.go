package interchange

import (
	"bufio"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"mirabilia/internal/geo"
)

// errNoWay says that a file has no line in it.
var errNoWay = errors.New("there is no line in it: a way needs a track, a route or a line of two points or more")

// ReadWay reads the line in a GPX, KML, KMZ or GeoJSON file, told by its first
// bytes: all its tracks one after the other; where it has none, its routes; in
// a GPX without either, its waypoints in their order. More points than most,
// and a position that is none, are errors. Every point is valid.
func ReadWay(name string, data []byte, most int) ([]geo.Public, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, errors.New("the file is empty")
	}
	head := data[:min(len(data), sniffSize)]
	w := &way{most: most}
	format := detect(name, head)
	var err error
	if format == KMZ {
		var doc io.Reader
		if doc, err = kmlOf(bytes.NewReader(data)); err == nil {
			err = w.kml(newDocument(doc))
		}
		return w.end(err)
	}
	src, err := decoded(bufio.NewReader(bytes.NewReader(data)), head, false)
	if err != nil {
		return nil, err
	}
	switch start := bytes.TrimLeft(bytes.TrimPrefix(plainHead(head), []byte("\ufeff")), " \t\r\n"); {
	case format == GPX:
		err = w.gpx(newDocument(src))
	case format == KML:
		err = w.kml(newDocument(src))
	case len(start) > 0 && start[0] == '{':
		var raw []byte
		if raw, err = io.ReadAll(src); err == nil {
			err = w.geoJSON(raw)
		}
	default:
		err = errors.New("this is neither GPX nor KML nor GeoJSON")
	}
	return w.end(err)
}

// ReadLineString reads a GeoJSON LineString, or a Feature that has one, and
// nothing else.
func ReadLineString(data []byte, most int) ([]geo.Public, error) {
	w := &way{most: most}
	if tooDeep(data) {
		return nil, fmt.Errorf("JSON is nested deeper than %d", maxNesting)
	}
	var g wayGeometry
	if err := json.Unmarshal(data, &g); err != nil {
		return nil, errors.New("this is not GeoJSON: " + jsonReason(err))
	}
	if g.Type == "Feature" && g.Geometry != nil {
		g = *g.Geometry
	}
	if g.Type != "LineString" {
		return nil, fmt.Errorf("a LineString is wanted, not %q", cut(g.Type, 40))
	}
	return w.end(w.coordinates(g.Coordinates, 1))
}

// maxLine is the longest text of one line's coordinates, in bytes; a part of
// an XML document cannot be longer.
const maxLine = maxToken - 1

// way gathers the points of a file.
type way struct {
	most   int
	points []geo.Public
}

func (w *way) end(err error) ([]geo.Public, error) {
	if err == nil && len(w.points) < 2 {
		err = errNoWay
	}
	if err != nil {
		return nil, err
	}
	return w.points, nil
}

func (w *way) add(lat, lon float64) error {
	p := geo.Public{Lat: lat, Lon: lon}
	if !p.Valid() {
		return errors.New("a position is outside latitude ±90 or longitude ±180")
	}
	if len(w.points) == w.most {
		return fmt.Errorf("there are more than %d points; thin the line out first", w.most)
	}
	w.points = append(w.points, p)
	return nil
}

func (w *way) text(lat, lon string) error {
	y, err1 := strconv.ParseFloat(strings.TrimSpace(lat), 64)
	x, err2 := strconv.ParseFloat(strings.TrimSpace(lon), 64)
	if err1 != nil || err2 != nil {
		return errors.New("a position is no pair of numbers")
	}
	return w.add(y, x)
}

// gpx takes tracks before routes before waypoints: many devices write all
// three of one way.
func (w *way) gpx(d *document) error {
	if _, err := d.root("gpx"); err != nil {
		return err
	}
	kinds := map[string]*way{"trkpt": {most: w.most}, "rtept": {most: w.most}, "wpt": {most: w.most}}
	var inside func(s xml.StartElement) error
	inside = func(s xml.StartElement) error {
		switch s.Name.Local {
		case "trk", "trkseg", "rte":
			return d.children(inside)
		case "trkpt", "rtept", "wpt":
			lat, _ := attr(s, "lat")
			lon, _ := attr(s, "lon")
			if err := kinds[s.Name.Local].text(lat, lon); err != nil {
				return err
			}
		}
		return d.skip()
	}
	if err := d.children(inside); err != nil {
		return err
	}
	for _, kind := range []string{"trkpt", "rtept", "wpt"} {
		if w.points = kinds[kind].points; len(w.points) >= 2 {
			return nil
		}
	}
	return nil
}

// kml takes every LineString and gx:Track, however deep.
func (w *way) kml(d *document) error {
	if _, err := d.root("kml"); err != nil {
		return err
	}
	var inside func(s xml.StartElement) error
	inside = func(s xml.StartElement) error {
		switch s.Name.Local {
		case "Document", "Folder", "Placemark", "MultiGeometry", "MultiTrack", "LineString", "Track":
			return d.children(inside)
		case "coordinates", "coord":
			v, err := d.textUpTo(maxLine)
			if err != nil {
				return err
			}
			if len(v) >= maxLine {
				return errors.New("a line in it is longer than 4 MiB")
			}
			return w.kmlText(v, s.Name.Local == "coord")
		}
		return d.skip() // points and areas are no way
	}
	return d.children(inside)
}

// kmlText takes "lon,lat[,height] lon,lat …", or "lon lat [height]" of a track.
func (w *way) kmlText(v string, track bool) error {
	if track {
		if f := strings.Fields(v); len(f) >= 2 {
			return w.text(f[1], f[0])
		}
		return nil
	}
	for c := range strings.FieldsSeq(v) {
		lon, rest, _ := strings.Cut(c, ",")
		lat, _, _ := strings.Cut(rest, ",")
		if err := w.text(lat, lon); err != nil {
			return err
		}
	}
	return nil
}

// wayGeometry is any GeoJSON object, as far as lines go.
type wayGeometry struct {
	Type        string          `json:"type"`
	Coordinates json.RawMessage `json:"coordinates"`
	Geometry    *wayGeometry    `json:"geometry"`
	Geometries  []wayGeometry   `json:"geometries"`
	Features    []wayGeometry   `json:"features"`
}

func (w *way) geoJSON(raw []byte) error {
	if tooDeep(raw) {
		return fmt.Errorf("JSON is nested deeper than %d", maxNesting)
	}
	var g wayGeometry
	if err := json.Unmarshal(raw, &g); err != nil {
		return errors.New("this is not GeoJSON: " + jsonReason(err))
	}
	return w.geometry(&g)
}

func (w *way) geometry(g *wayGeometry) error {
	switch g.Type {
	case "LineString":
		return w.coordinates(g.Coordinates, 1)
	case "MultiLineString":
		return w.coordinates(g.Coordinates, 2)
	}
	for _, list := range [][]wayGeometry{g.Features, g.Geometries} {
		for i := range list {
			if err := w.geometry(&list[i]); err != nil {
				return err
			}
		}
	}
	if g.Geometry != nil {
		return w.geometry(g.Geometry)
	}
	return nil
}

// coordinates takes the positions out of nested arrays, which lie depth deep.
// The text is JSON already; taking it apart by hand is ten times faster than a
// decoder that makes a value of each number.
func (w *way) coordinates(raw []byte, depth int) error {
	errShape := errors.New("the coordinates are no list of positions")
	level, n := 0, 0
	var pair [2]float64
	for i := 0; i < len(raw); {
		switch c := raw[i]; {
		case c == '[':
			if level++; level > depth+1 {
				return errShape
			}
			n = 0
			i++
		case c == ']':
			if level == depth+1 {
				if n < 2 {
					return errShape
				}
				if err := w.add(pair[1], pair[0]); err != nil {
					return err
				}
			}
			level--
			i++
		case c == ',' || c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case c == '-' || c >= '0' && c <= '9':
			j := i + 1
			for j < len(raw) && strings.IndexByte("0123456789+-.eE", raw[j]) >= 0 {
				j++
			}
			if level != depth+1 {
				return errShape
			}
			if n < 2 {
				f, err := strconv.ParseFloat(string(raw[i:j]), 64)
				if err != nil {
					return errors.New("a position is no pair of numbers")
				}
				pair[n] = f
			}
			n++
			i = j
		default:
			return errShape
		}
	}
	return nil
}
