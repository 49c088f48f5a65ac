package interchange

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"strconv"

	"mirabilia/internal/text"
)

// xmlFile writes XML through the standard encoder alone, so that every text is
// escaped and every tag closed. The first failure is kept and told by done.
type xmlFile struct {
	out *bufio.Writer
	enc *xml.Encoder
	err error
}

func newXMLFile(out *bufio.Writer) *xmlFile {
	f := &xmlFile{out: out, enc: xml.NewEncoder(out)}
	_, f.err = out.WriteString(xml.Header)
	return f
}

func (f *xmlFile) token(t xml.Token) {
	if f.err == nil {
		f.err = f.enc.EncodeToken(t)
	}
}

// open begins an element; attributes come in pairs of name and value.
func (f *xmlFile) open(name string, attributes ...string) {
	s := xml.StartElement{Name: xml.Name{Local: name}}
	for i := 0; i+1 < len(attributes); i += 2 {
		s.Attr = append(s.Attr, xml.Attr{Name: xml.Name{Local: attributes[i]}, Value: text.Clean(attributes[i+1])})
	}
	f.token(s)
}

func (f *xmlFile) close(name string) { f.token(xml.EndElement{Name: xml.Name{Local: name}}) }

// leaf writes an element with a text, or nothing for no text.
func (f *xmlFile) leaf(name, value string, attributes ...string) {
	if value = text.Clean(value); value == "" {
		return
	}
	f.open(name, attributes...)
	f.token(xml.CharData(value))
	f.close(name)
}

func (f *xmlFile) line() { f.token(xml.CharData("\n")) }

func (f *xmlFile) done() error {
	f.line()
	if f.err == nil {
		f.err = f.enc.Close()
	}
	if f.err == nil {
		f.err = f.out.Flush()
	}
	return f.err
}

type gpxWriter struct {
	*xmlFile
	meta Meta
	way  []turn // of the route, where one was asked for
}

// turn is a point of a route.
type turn struct{ name, lat, lon string }

// writtenBy is how our files name who wrote them.
const writtenBy = "Mirabilia"

// newGPXWriter begins GPX 1.1 (topografix.com/GPX/1/1). Its schema fixes the
// order of elements.
func newGPXWriter(out *bufio.Writer, meta Meta) *gpxWriter {
	w := &gpxWriter{xmlFile: newXMLFile(out), meta: meta}
	w.open("gpx", "version", "1.1", "creator", writtenBy, "xmlns", "http://www.topografix.com/GPX/1/1")
	w.line()
	w.open("metadata")
	w.leaf("name", meta.Name)
	w.leaf("desc", meta.Description)
	if meta.URL != "" {
		w.open("link", "href", meta.URL)
		w.close("link")
	}
	w.leaf("keywords", meta.Licence)
	w.close("metadata")
	return w
}

func (w *gpxWriter) Write(r Record) error {
	if r.Lat == nil || r.Lon == nil {
		return w.err
	}
	w.line()
	w.open("wpt", "lat", fixed(*r.Lat), "lon", fixed(*r.Lon))
	w.leaf("name", r.Title)
	w.leaf("cmt", r.Subtitle)
	body := text.Plain(r.Body)
	if body == "" {
		body = r.Subtitle
	}
	w.leaf("desc", body)
	w.leaf("src", r.Licence)
	link := ""
	if w.meta.Link != nil {
		link = w.meta.Link(r)
	}
	for _, href := range []string{link, r.Website} {
		if href != "" {
			w.open("link", "href", href)
			w.close("link")
		}
	}
	w.leaf("type", r.Kind)
	w.close("wpt")
	if w.meta.Route {
		w.way = append(w.way, turn{r.Title, fixed(*r.Lat), fixed(*r.Lon)})
	}
	return w.err
}

func (w *gpxWriter) Close() error {
	if len(w.way) > 1 {
		w.line()
		w.open("rte")
		w.leaf("name", w.meta.Name)
		for _, t := range w.way {
			w.line()
			w.open("rtept", "lat", t.lat, "lon", t.lon)
			w.leaf("name", t.name)
			w.close("rtept")
		}
		w.close("rte")
	}
	w.track()
	w.line()
	w.close("gpx")
	return w.done()
}

// fixed is a number without exponent, as xsd:decimal needs it.
func fixed(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

type kmlWriter struct {
	*xmlFile
	meta Meta
}

// newKMLWriter begins KML 2.2 (OGC 07-147r2).
func newKMLWriter(out *bufio.Writer, meta Meta) *kmlWriter {
	w := &kmlWriter{newXMLFile(out), meta}
	w.open("kml", "xmlns", "http://www.opengis.net/kml/2.2", "xmlns:atom", "http://www.w3.org/2005/Atom")
	w.line()
	w.open("Document")
	w.leaf("name", meta.Name)
	if meta.URL != "" {
		w.open("atom:link", "href", meta.URL)
		w.close("atom:link")
	}
	w.leaf("description", meta.Description)
	if meta.Licence != "" {
		w.open("ExtendedData")
		w.data("licence", meta.Licence)
		w.close("ExtendedData")
	}
	return w
}

func (w *kmlWriter) Write(r Record) error {
	if r.Lat == nil || r.Lon == nil {
		return w.err
	}
	w.line()
	if w.meta.ID != nil {
		w.open("Placemark", "id", w.meta.ID(r))
	} else {
		w.open("Placemark")
	}
	w.leaf("name", r.Title)
	if w.meta.Link != nil {
		if href := w.meta.Link(r); href != "" {
			w.open("atom:link", "href", href)
			w.close("atom:link")
		}
	}
	w.leaf("address", r.Address)
	w.leaf("Snippet", r.Subtitle, "maxLines", "2")
	w.leaf("description", string(text.Markdown(r.Body))) // balloons show HTML
	if err := w.extended(r); err != nil {
		return err
	}
	w.open("Point")
	w.leaf("coordinates", fixed(*r.Lon)+","+fixed(*r.Lat))
	w.close("Point")
	w.close("Placemark")
	return w.err
}

// extended writes what KML has no element for, under the names of the import
// record.
func (w *kmlWriter) extended(r Record) error {
	aliases, err := nameCell(r.Aliases)
	if err != nil {
		return fmt.Errorf("aliases: %w", err)
	}
	tags, err := listCell(r.Tags)
	if err != nil {
		return fmt.Errorf("tags: %w", err)
	}
	pairs := [][2]string{
		{"subtitle", r.Subtitle}, {"kind", r.Kind}, {"status", r.Status}, {"status_date", r.StatusDate}, {"tags", tags},
		{"aliases", aliases}, {"lang", r.Lang}, {"website", r.Website}, {"country_code", r.CountryCode},
		{"region", r.Region}, {"city", r.City}, {"location_tier", r.LocationTier}, {"licence", r.Licence},
		{"source", r.Source}, {"id", r.ID}, {"slug", r.Slug}, {"know_before_you_go", r.KnowBeforeYouGo}, {"source_url", r.SourceURL}, {"updated_at", r.UpdatedAt},
	}
	w.open("ExtendedData")
	for _, p := range pairs {
		w.data(p[0], p[1])
	}
	w.close("ExtendedData")
	return nil
}

func (f *xmlFile) data(name, value string) {
	if value = text.Clean(value); value == "" {
		return
	}
	f.open("Data", "name", name)
	f.leaf("value", value)
	f.close("Data")
}

func (w *kmlWriter) Close() error {
	w.road()
	w.line()
	w.close("Document")
	w.line()
	w.close("kml")
	return w.done()
}
