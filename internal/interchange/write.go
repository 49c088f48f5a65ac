package interchange

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"mirabilia/internal/geo"
)

// Writer writes records one by one; what it has written is whole only after
// Close. Close does not close what is written to.
type Writer interface {
	Write(Record) error
	Close() error
}

// Meta is what a file says about itself, where its format has room for it, and
// how records are linked.
type Meta struct {
	Name        string // "Tokyo"
	Description string
	URL         string // of the page or atlas the file is from
	Licence     string // of the whole: an SPDX id or a sentence

	// Link gives the address of a record's page. It becomes <link> in GPX and
	// KML and "url" in GeoJSON and CSV; nil leaves them out.
	Link func(Record) string
	// ID gives the id of a record in the atlas: "id" of a GeoJSON feature and
	// of a placemark. nil leaves it out.
	ID func(Record) string
	// Route says that the order of the records is that of a way: GPX then has
	// it as <rte> too.
	Route bool
	// Way is the line that the records lie beside, nil for none. GPX has it as a
	// track, KML and GeoJSON as a line after the points; CSV and NDJSON have no
	// room for it.
	Way []geo.Public
}

// NewWriter begins a file in one of WriteFormats.
//
// NDJSON holds import records and nothing else, the keys of each in a fixed
// order. CSV has one column a field; lists and objects in it are JSON where a
// plain list would not come back. GPX and KML hold only records that have a
// position; what they have no element for lies in KML's ExtendedData.
func NewWriter(w io.Writer, format string, meta Meta) (Writer, error) {
	out := bufio.NewWriterSize(w, 32<<10)
	switch format {
	case NDJSON:
		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		return &ndjsonWriter{out, enc}, nil
	case CSV:
		return newCSVWriter(out, meta), nil
	case GeoJSON:
		return newGeoJSONWriter(out, meta), nil
	case GPX:
		return newGPXWriter(out, meta), nil
	case KML:
		return newKMLWriter(out, meta), nil
	}
	return nil, fmt.Errorf("format %q is not known; use one of %s", cut(format, 40), strings.Join(WriteFormats, ", "))
}

// ContentType is the media type of a format, "" for one that is not known.
func ContentType(format string) string {
	switch format {
	case NDJSON:
		return "application/x-ndjson"
	case JSON:
		return "application/json"
	case CSV:
		return "text/csv; charset=utf-8; header=present"
	case GeoJSON:
		return "application/geo+json"
	case GPX:
		return "application/gpx+xml"
	case KML:
		return "application/vnd.google-earth.kml+xml"
	case KMZ:
		return "application/vnd.google-earth.kmz"
	}
	return ""
}

type ndjsonWriter struct {
	out *bufio.Writer
	enc *json.Encoder
}

func (w *ndjsonWriter) Write(r Record) error { return w.enc.Encode(r) }
func (w *ndjsonWriter) Close() error         { return w.out.Flush() }

// marshal is compact JSON that leaves <, > and & alone.
func marshal(v any) ([]byte, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return []byte(strings.TrimSuffix(b.String(), "\n")), nil
}

type geojsonWriter struct {
	out   *bufio.Writer
	meta  Meta
	count int
}

func newGeoJSONWriter(out *bufio.Writer, meta Meta) *geojsonWriter {
	return &geojsonWriter{out: out, meta: meta}
}

func (w *geojsonWriter) head() error {
	head := struct {
		Type        string `json:"type"`
		Name        string `json:"name,omitempty"`
		Description string `json:"description,omitempty"`
		URL         string `json:"url,omitempty"`
		Licence     string `json:"licence,omitempty"`
	}{"FeatureCollection", w.meta.Name, w.meta.Description, w.meta.URL, w.meta.Licence}
	raw, err := marshal(head)
	if err != nil {
		return err
	}
	_, err = w.out.WriteString(strings.TrimSuffix(string(raw), "}") + `,"features":[`)
	return err
}

type outFeature struct {
	Type       string    `json:"type"`
	ID         string    `json:"id,omitempty"`
	Geometry   *outPoint `json:"geometry"`
	Properties any       `json:"properties"`
}

type outPoint struct {
	Type        string     `json:"type"`
	Coordinates [2]float64 `json:"coordinates"`
}

// linked is a record with the address of its page beside it.
type linked struct {
	Record
	URL string `json:"url,omitempty"`
}

func (w *geojsonWriter) Write(r Record) error {
	f := outFeature{Type: "Feature"}
	if w.meta.ID != nil {
		f.ID = w.meta.ID(r)
	}
	if r.Lat != nil && r.Lon != nil {
		f.Geometry = &outPoint{"Point", [2]float64{*r.Lon, *r.Lat}}
	}
	properties := linked{Record: r}
	properties.Lat, properties.Lon = nil, nil
	if w.meta.Link != nil {
		properties.URL = w.meta.Link(r)
	}
	f.Properties = properties
	return w.feature(f)
}

// feature writes one of the list.
func (w *geojsonWriter) feature(f any) error {
	if w.count == 0 {
		if err := w.head(); err != nil {
			return err
		}
	} else if err := w.out.WriteByte(','); err != nil {
		return err
	}
	w.count++
	raw, err := marshal(f)
	if err != nil {
		return err
	}
	if err := w.out.WriteByte('\n'); err != nil {
		return err
	}
	_, err = w.out.Write(raw)
	return err
}

func (w *geojsonWriter) Close() error {
	if err := w.way(); err != nil {
		return err
	}
	if w.count == 0 {
		if err := w.head(); err != nil {
			return err
		}
	}
	if _, err := w.out.WriteString("\n]}\n"); err != nil {
		return err
	}
	return w.out.Flush()
}
