package interchange

import (
	"encoding/xml"
	"io"
	"strings"
)

// openKML reads the placemarks of KML 2.x, however deep their folders lie.
// Network links are not followed.
func openKML(src io.Reader) func() (row, error) {
	d := newDocument(src)
	begun := false
	return func() (row, error) {
		if !begun {
			if err := d.root("kml"); err != nil {
				return row{}, err
			}
			begun = true
		}
		for {
			t, err := d.token()
			if err != nil {
				if d.depth == 0 {
					return row{}, err
				}
				return row{}, inside(err)
			}
			s, ok := t.(xml.StartElement)
			if !ok {
				continue
			}
			switch s.Name.Local {
			case "Placemark":
				return d.placemark()
			case "Document", "Folder":
				// Their placemarks come next.
			default:
				if err := d.skip(); err != nil {
					return row{}, err
				}
			}
		}
	}
}

func (d *document) placemark() (row, error) {
	r := row{line: d.line, values: map[string]any{}}
	var where place
	err := d.children(func(s xml.StartElement) error {
		switch name := s.Name.Local; name {
		case "name":
			v, err := d.text()
			put(r.values, "name", strings.TrimSpace(v))
			return err
		case "address":
			v, err := d.text()
			put(r.values, "address", strings.TrimSpace(v))
			return err
		case "description":
			v, err := d.text()
			put(r.values, "description", fromHTML(v))
			return err
		case "link":
			if href, ok := attr(s, "href"); ok {
				put(r.values, "url", href)
			}
			return d.skip()
		case "ExtendedData":
			return d.extendedData(r.values)
		}
		return d.geometry(s, &where)
	})
	if err != nil {
		return row{}, err
	}
	if where.reason != "" && where.lat == "" {
		r.bad = where.reason
		return r, nil
	}
	if where.lat != "" {
		r.values["lat"], r.values["lon"] = where.lat, where.lon
	}
	return r, nil
}

// extendedData takes Data, SchemaData and the multilingual names of Organic
// Maps.
func (d *document) extendedData(values map[string]any) error {
	var aliases []any
	err := d.children(func(s xml.StartElement) error {
		key, _ := attr(s, "name")
		switch s.Name.Local {
		case "Data":
			return d.children(func(s xml.StartElement) error {
				v, err := d.text()
				if s.Name.Local == "value" {
					put(values, key, strings.TrimSpace(v))
				}
				return err
			})
		case "SchemaData":
			return d.children(func(s xml.StartElement) error {
				key, _ := attr(s, "name")
				v, err := d.text()
				put(values, key, strings.TrimSpace(v))
				return err
			})
		case "name", "customName":
			return d.children(func(s xml.StartElement) error {
				lang, _ := attr(s, "code")
				v, err := d.text()
				if v = strings.TrimSpace(v); v != "" && lang != "default" && v != values["name"] {
					aliases = append(aliases, map[string]any{"name": v, "lang": lang})
				}
				return err
			})
		}
		return d.skip()
	})
	if _, taken := values["aliases"]; len(aliases) > 0 && !taken {
		values["aliases"] = aliases
	}
	return err
}

// place is what is known of a placemark's position: the first point wins, then
// the middle of the first area.
type place struct {
	lat, lon string
	area     bool
	reason   string
}

func (d *document) geometry(s xml.StartElement, p *place) error {
	switch s.Name.Local {
	case "Point":
		return d.children(func(s xml.StartElement) error {
			if s.Name.Local != "coordinates" {
				return d.skip()
			}
			v, err := d.text()
			if p.lat == "" || p.area {
				p.point(v)
			}
			return err
		})
	case "Polygon":
		return d.polygon(p)
	case "MultiGeometry":
		return d.children(func(s xml.StartElement) error { return d.geometry(s, p) })
	case "LineString", "LinearRing", "Track", "MultiTrack":
		p.fail("no position: a line is not a place")
	case "Model":
		p.fail("no position: a model is not a place")
	}
	return d.skip()
}

func (p *place) fail(reason string) {
	if p.reason == "" {
		p.reason = reason
	}
}

// point takes "lon,lat[,height]".
func (p *place) point(coordinates string) {
	parts := strings.FieldsFunc(coordinates, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\t' || r == '\r' })
	if len(parts) < 2 {
		p.fail("no position: two numbers are needed, longitude and latitude")
		return
	}
	p.lon, p.lat, p.area = parts[0], parts[1], false
}

func (d *document) polygon(p *place) error {
	return d.children(func(s xml.StartElement) error {
		if s.Name.Local != "outerBoundaryIs" {
			return d.skip()
		}
		v, err := d.text()
		if err != nil || p.lat != "" {
			return err
		}
		var ring ringSum
		for i, c := range strings.Fields(v) {
			x, y, ok := pair(c)
			if !ok || i >= maxPoints {
				p.fail("no position: the coordinates are not numbers, or too many")
				return nil
			}
			ring.add(x, y)
		}
		if ring.n == 0 {
			p.fail("no position: the coordinates are empty")
			return nil
		}
		x, y := ring.centroid()
		p.lon, p.lat, p.area = number(x).String(), number(y).String(), true
		return nil
	})
}
