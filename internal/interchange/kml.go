package interchange

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
)

// openKML reads the placemarks of KML 2.x, however deep their folders lie.
// Network links are not followed.
func openKML(src io.Reader) func() (row, error) {
	w := &kmlWalk{document: newDocument(src)}
	return w.next
}

// kmlWalk goes through the folders from placemark to placemark.
type kmlWalk struct {
	*document
	begun   bool
	folders []string // names of those under way, "" for documents and for none
	marks   int      // placemarks so far
	link    int      // line of the first network link
}

func (w *kmlWalk) next() (row, error) {
	if !w.begun {
		if _, err := w.root("kml"); err != nil {
			return row{}, err
		}
		w.begun = true
	}
	for {
		t, err := w.token()
		switch {
		case errors.Is(err, io.EOF) && w.depth == 0:
			return w.end()
		case err != nil && w.depth == 0:
			return row{}, err
		case err != nil:
			return row{}, inside(err)
		}
		switch t := t.(type) {
		case xml.EndElement:
			if n := len(w.folders); n > 0 {
				w.folders = w.folders[:n-1]
			}
		case xml.StartElement:
			if r, done, err := w.element(t); done || err != nil {
				return r, err
			}
		}
	}
}

// element takes an element of a folder; done tells that it was a placemark.
func (w *kmlWalk) element(s xml.StartElement) (r row, done bool, err error) {
	switch s.Name.Local {
	case "Placemark":
		w.marks++
		r, err = w.placemark()
		if err == nil {
			ours(r.values)
			w.inFolder(r.values)
		}
		return r, true, err
	case "Document":
		w.folders = append(w.folders, "") // the name of the file is no theme
		return row{}, false, nil
	case "Folder":
		w.folders = append(w.folders, "?")
		return row{}, false, nil
	case "name":
		v, err := w.text()
		if n := len(w.folders); n > 0 && w.folders[n-1] == "?" {
			w.folders[n-1] = strings.TrimSpace(v)
		}
		return row{}, false, err
	case "NetworkLink":
		if w.link == 0 {
			w.link = w.line
		}
	}
	return row{}, false, w.skip()
}

// end tells of a file that holds nothing but an address where the places are.
func (w *kmlWalk) end() (row, error) {
	if w.marks == 0 && w.link > 0 {
		r := row{line: w.link, bad: "no places here: the file only links to a map on the network, which is not followed; export the map itself"}
		w.link = 0
		return r, nil
	}
	return row{}, io.EOF
}

// inFolder makes a tag of the folder, which is My Maps' layer and other
// programs' category, where the placemark brings no tags.
func (w *kmlWalk) inFolder(values map[string]any) {
	if n := len(w.folders); n > 0 && empty(values["tags"]) {
		name := w.folders[n-1]
		if name != "" && name != "?" && len(name) <= 60 && !strings.HasPrefix(strings.ToLower(name), "untitled") {
			values["tags"] = []any{name}
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
		case "TimeStamp":
			return d.children(func(s xml.StartElement) error {
				v, err := d.text()
				if s.Name.Local == "when" {
					put(r.values, "saved_at", strings.TrimSpace(v))
				}
				return err
			})
		}
		return d.geometry(s, &where)
	})
	if err != nil {
		return row{}, err
	}
	myMaps(r.values)
	if where.line && where.lat == "" && r.values["kind"] == wayKind {
		r.way = true
		return r, nil
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
	var aliases, tags []any
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
				if lang == "default" {
					lang = ""
				}
				if v = strings.TrimSpace(v); v != "" && v != values["name"] {
					aliases = append(aliases, map[string]any{"name": v, "lang": lang})
				}
				return err
			})
		case "featureTypes":
			return d.children(func(xml.StartElement) error {
				v, err := d.text()
				if tag := mapsmeTag(v); tag != "" && !slices.Contains(tags, any(tag)) {
					tags = append(tags, tag)
				}
				return err
			})
		}
		return d.skip()
	})
	if _, taken := values["aliases"]; len(aliases) > 0 && !taken {
		values["aliases"] = aliases
	}
	if len(tags) > 0 {
		putValue(values, "tags", tags)
	}
	return err
}

// mapsmeTag is the telling part of Organic Maps' type of a place:
// "historic-castle", "amenity-place_of_worship-christian".
func mapsmeTag(kind string) string {
	parts := strings.Split(strings.TrimSpace(kind), "-")
	if len(parts) < 2 {
		return strings.ReplaceAll(parts[0], "_", " ")
	}
	return strings.ReplaceAll(parts[1], "_", " ")
}

// place is what is known of a placemark's position: the first point wins, then
// the middle of the first area.
type place struct {
	lat, lon string
	area     bool
	line     bool
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
		p.line = true
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
