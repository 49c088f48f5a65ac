package interchange

import (
	"encoding/xml"
	"io"
	"strings"
)

// openGPX reads the waypoints of GPX 1.0 and 1.1. Routes and tracks are ways,
// not places, and are passed over.
func openGPX(src io.Reader) func() (row, error) {
	d := newDocument(src)
	begun, ended := false, false
	creator := ""
	return func() (row, error) {
		if !begun {
			root, err := d.root("gpx")
			if err != nil {
				return row{}, err
			}
			begun = true
			creator, _ = attr(root, "creator")
		}
		for !ended {
			t, err := d.token()
			if err != nil {
				return row{}, inside(err)
			}
			switch t := t.(type) {
			case xml.StartElement:
				if t.Name.Local == "wpt" {
					r, err := d.waypoint(t)
					if err == nil {
						fromWriter(r.values, creator)
					}
					return r, err
				}
				if err := d.skip(); err != nil {
					return row{}, err
				}
			case xml.EndElement:
				ended = true
			}
		}
		return row{}, io.EOF
	}
}

func (d *document) waypoint(start xml.StartElement) (row, error) {
	r := row{line: d.line, values: map[string]any{}}
	for _, name := range []string{"lat", "lon"} {
		if v, ok := attr(start, name); ok {
			r.values[name] = v
		}
	}
	err := d.children(func(s xml.StartElement) error {
		switch name := s.Name.Local; name {
		case "link":
			if href, ok := attr(s, "href"); ok {
				put(r.values, "url", href)
				if href != r.values["url"] {
					put(r.values, "link", href)
				}
			}
			return d.skip()
		case "extensions":
			return d.extensions(r.values)
		case "name", "desc", "cmt", "src", "url", "time", "ele", "sym", "type", "urlname":
			v, err := d.text()
			put(r.values, name, strings.TrimSpace(v))
			return err
		}
		return d.skip()
	})
	if err != nil {
		return row{}, err
	}
	rename(r.values, "desc", "description")
	if _, ok := r.values["description"]; !ok && r.values["cmt"] != r.values["name"] {
		rename(r.values, "cmt", "description")
	}
	if kind, ok := r.values["type"].(string); ok {
		if kind == "place" || kind == "eatery" {
			r.values["kind"] = kind
		} else {
			r.values["tags"] = []any{kind}
		}
		delete(r.values, "type")
	}
	return r, nil
}

// extensions keeps the texts of a waypoint's extensions; an address is one.
func (d *document) extensions(values map[string]any) error {
	return d.children(func(s xml.StartElement) error {
		v, err := d.text()
		if v = strings.TrimSpace(v); v == "" || len(values) > 60 {
			return err
		}
		switch name := s.Name.Local; {
		case name == "address":
			put(values, "address", v)
		case !known[name]:
			put(values, name, cut(v, 1000))
		}
		return err
	})
}

// put keeps the first value of a name.
func put(values map[string]any, name, v string) {
	if _, taken := values[name]; !taken && v != "" {
		values[name] = v
	}
}

func rename(values map[string]any, from, to string) {
	if v, ok := values[from]; ok {
		values[to] = v
		delete(values, from)
	}
}
