package interchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// openGeoJSON reads a FeatureCollection, a single Feature, or features one
// after the other (a line each, or RFC 8142 text sequences).
func openGeoJSON(src io.Reader) func() (row, error) {
	s := newJSONStream(noSeparators{src})
	inside := false
	return func() (row, error) {
		for {
			if inside {
				raw, err := s.element(maxFeature)
				if err == nil {
					return featureRow(raw), nil
				}
				if !errors.Is(err, io.EOF) {
					return row{}, err
				}
				inside = false
				if err := s.leave(); err != nil {
					return row{}, err
				}
				continue
			}
			raw, found, err := s.enter("features")
			if err != nil {
				return row{}, err
			}
			if found {
				inside = true
				continue
			}
			return featureRow(raw), nil
		}
	}
}

// noSeparators drops the record separators of RFC 8142.
type noSeparators struct{ r io.Reader }

func (s noSeparators) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	for i, c := range p[:n] {
		if c == 0x1E {
			p[i] = ' '
		}
	}
	return n, err
}

// enter opens the next object at the top of the file. Found tells that the
// elements of its list of one of the names are next; else raw is the whole
// object, put together again.
func (s *jsonStream) enter(lists ...string) (raw []byte, found bool, err error) {
	s.limit.renew(maxFeature)
	if _, err := s.dec.Token(); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, false, io.EOF // no further document
		}
		return nil, false, fileReason(err)
	}
	whole := []byte{'{'}
	for s.dec.More() {
		key, err := s.token()
		if err != nil {
			return nil, false, err
		}
		name, ok := key.(string)
		if !ok {
			return nil, false, errors.New("not JSON of the right kind: an object was expected")
		}
		if slices.Contains(lists, name) {
			return nil, true, s.expect('[')
		}
		var value json.RawMessage
		s.limit.renew(maxFeature)
		if err := s.dec.Decode(&value); err != nil {
			return nil, false, fileReason(err)
		}
		if len(whole)+len(value) > maxFeature {
			return nil, false, errors.New("a record is too large")
		}
		quoted, err := json.Marshal(name)
		if err != nil {
			return nil, false, fmt.Errorf("not JSON: %w", err)
		}
		if len(whole) > 1 {
			whole = append(whole, ',')
		}
		whole = append(append(append(whole, quoted...), ':'), value...)
	}
	if _, err := s.token(); err != nil {
		return nil, false, err
	}
	return append(whole, '}'), false, nil
}

// leave passes over what follows the features of a collection.
func (s *jsonStream) leave() error {
	for s.dec.More() {
		if _, err := s.token(); err != nil { // the key
			return err
		}
		if err := s.skip(); err != nil {
			return err
		}
	}
	_, err := s.token()
	return err
}

type feature struct {
	Type       string
	ID         any
	Geometry   *geometry
	Properties map[string]any
}

type geometry struct {
	Type        string
	Coordinates json.RawMessage
	Geometries  []geometry
}

func featureRow(raw []byte) row {
	if !utf8.Valid(raw) {
		return row{bad: "invalid UTF-8"}
	}
	var f feature
	if err := unmarshal(raw, &f); err != nil {
		return row{bad: jsonReason(err)}
	}
	if f.Type != "Feature" && f.Geometry == nil && f.Properties == nil {
		return row{bad: fmt.Sprintf("%q is not a Feature", cut(f.Type, 40))}
	}
	values := f.Properties
	if values == nil {
		values = map[string]any{}
	}
	takeoutFeature(values)
	ours(values)
	osmFeature(values, f.ID)
	switch id := f.ID.(type) {
	case string, json.Number:
		if _, ok := values["id"]; !ok {
			values["id"] = id
		}
	}
	if f.Geometry == nil {
		return row{values: values} // a place whose position is protected, or none
	}
	if kind := f.Geometry.Type; (kind == "LineString" || kind == "MultiLineString") && values["kind"] == wayKind {
		return row{way: true}
	}
	lon, lat, reason := f.Geometry.point()
	if reason != "" {
		return row{bad: reason}
	}
	values["lat"], values["lon"] = lat, lon
	return row{values: values}
}

// point is where a shape is: a point itself, the middle of an area. A line is
// a way, not a place.
func (g *geometry) point() (lon, lat json.Number, reason string) {
	switch g.Type {
	case "Point":
		return position(g.Coordinates)
	case "MultiPoint":
		var first []json.RawMessage
		if json.Unmarshal(g.Coordinates, &first) != nil || len(first) == 0 {
			return "", "", "no position: the coordinates are empty"
		}
		return position(first[0])
	case "Polygon", "MultiPolygon":
		return centre(g.Coordinates)
	case "GeometryCollection":
		for i := range g.Geometries {
			if lon, lat, reason = g.Geometries[i].point(); reason == "" {
				return lon, lat, ""
			}
		}
		return "", "", "no position: the geometry collection holds no point or area"
	}
	return "", "", fmt.Sprintf("no position: a %s is not a place", cut(strings.TrimSpace(g.Type), 40))
}

func position(raw json.RawMessage) (lon, lat json.Number, reason string) {
	if len(bytes.TrimSpace(raw)) == 0 {
		return "", "", "no position: the coordinates are missing"
	}
	var numbers []any
	if err := unmarshal(raw, &numbers); err != nil || len(numbers) < 2 {
		return "", "", "no position: two numbers are needed, longitude and latitude"
	}
	lon, ok1 := numbers[0].(json.Number)
	lat, ok2 := numbers[1].(json.Number)
	if !ok1 || !ok2 {
		return "", "", "no position: the coordinates are not numbers"
	}
	return lon, lat, ""
}
