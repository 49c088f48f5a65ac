package polygon

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"strings"

	"mirabilia/internal/errs"
)

// maxDepth is how deep collections may lie in each other.
const maxDepth = 4

// object is what matters of a GeoJSON object.
type object struct {
	Type        string            `json:"type"`
	Coordinates json.RawMessage   `json:"coordinates"`
	Geometry    json.RawMessage   `json:"geometry"`
	Geometries  []json.RawMessage `json:"geometries"`
	Features    []json.RawMessage `json:"features"`
	CRS         *struct {
		Properties struct {
			Name string `json:"name"`
		} `json:"properties"`
	} `json:"crs"`
}

// Parse reads a Polygon or MultiPolygon, bare, in a Feature, or several in a
// collection, which then are one outline. What is wrong is said in a sentence.
func Parse(from io.Reader) (*Shape, error) {
	text, err := io.ReadAll(io.LimitReader(from, MaxBytes+1))
	if err != nil {
		return nil, err
	}
	if len(text) > MaxBytes {
		return nil, invalid("The outline is larger than %d MiB. Simplify it and try again.", MaxBytes>>20)
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	r := reader{}
	if err := r.object(text, 0); err != nil {
		return nil, err
	}
	if len(r.parts) == 0 {
		return nil, invalid("The file holds no Polygon and no MultiPolygon.")
	}
	for _, p := range r.parts {
		if err := p.check(); err != nil {
			return nil, err
		}
	}
	return newShape(r.parts), nil
}

func invalid(format string, args ...any) error { return errs.New(errs.Invalid, format, args...) }

// reader gathers polygons and counts what they hold.
type reader struct {
	parts         []part
	points, rings int
}

func (r *reader) object(text []byte, depth int) error {
	if depth > maxDepth {
		return invalid("The file's collections lie too deep in each other.")
	}
	var o object
	if err := json.Unmarshal(text, &o); err != nil {
		return invalid("The file is no GeoJSON: it cannot be read as JSON with a type and coordinates.")
	}
	if o.CRS != nil && !worldwide(o.CRS.Properties.Name) {
		return invalid("The file's coordinates are of another system (%.60q). Convert it to longitude and latitude, WGS 84.", o.CRS.Properties.Name)
	}
	var inner []json.RawMessage
	switch o.Type {
	case "FeatureCollection":
		inner = o.Features
	case "GeometryCollection":
		inner = o.Geometries
	case "Feature":
		if len(o.Geometry) == 0 || string(o.Geometry) == "null" {
			return nil
		}
		inner = []json.RawMessage{o.Geometry}
	case "Polygon", "MultiPolygon":
		return r.polygons(o.Coordinates, o.Type == "MultiPolygon")
	case "":
		return invalid("The file is no GeoJSON: it has no type.")
	default:
		return invalid("The file holds a %.40s; an outline is a Polygon or a MultiPolygon.", o.Type)
	}
	for _, t := range inner {
		if err := r.object(t, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// worldwide reports whether a system of coordinates is longitude and latitude.
func worldwide(name string) bool {
	return name == "" || strings.HasSuffix(name, "CRS84") || strings.HasSuffix(name, ":4326")
}

// polygons reads coordinates as they come, and stops at the limits.
func (r *reader) polygons(text []byte, many bool) error {
	d := json.NewDecoder(bytes.NewReader(text))
	if !many {
		return r.polygon(d)
	}
	return each(d, func() error { return r.polygon(d) })
}

func (r *reader) polygon(d *json.Decoder) error {
	var p part
	err := each(d, func() error {
		if r.rings++; r.rings > MaxRings {
			return invalid("The outline has more than %d rings. Simplify it and try again.", MaxRings)
		}
		line, err := r.line(d)
		if err != nil {
			return err
		}
		one, err := newRing(line)
		if err == nil {
			p = append(p, one)
		}
		return err
	})
	if err != nil || len(p) == 0 {
		return err
	}
	if p, err = p.align(); err == nil {
		r.parts = append(r.parts, p)
	}
	return err
}

func (r *reader) line(d *json.Decoder) ([]point, error) {
	var line []point
	err := each(d, func() error {
		if r.points++; r.points > MaxPoints {
			return invalid("The outline has more than %d points. Simplify it and try again.", MaxPoints)
		}
		var at [2]float64
		n := 0
		err := each(d, func() error {
			t, err := d.Token()
			v, ok := t.(float64)
			if err != nil || !ok || n > 8 {
				return malformed()
			}
			if n < 2 {
				at[n] = v
			}
			n++
			return nil
		})
		if err != nil {
			return err
		}
		if n < 2 {
			return malformed()
		}
		if math.Abs(at[0]) > 900 || math.Abs(at[1]) > 90 {
			return invalid("%v, %v is no position: GeoJSON has the longitude first, then the latitude, in degrees.", at[0], at[1])
		}
		line = append(line, point{steps(at[0]), steps(at[1])})
		return nil
	})
	return line, err
}

func malformed() error {
	return invalid("The coordinates are not those of polygons: rings of positions of a longitude and a latitude.")
}

// each reads an array, calling fn where an element begins.
func each(d *json.Decoder, fn func() error) error {
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		return malformed()
	}
	for d.More() {
		if err := fn(); err != nil {
			return err
		}
	}
	if t, err := d.Token(); err != nil || t != json.Delim(']') {
		return malformed()
	}
	return nil
}

// steps is degrees on the grid.
func steps(degrees float64) int64 { return int64(math.Round(degrees * unit)) }
