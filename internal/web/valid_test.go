package web

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/piprate/json-gold/ld"
	"golang.org/x/net/html"

	"mirabilia/internal/place"
)

// Forms are held here against parsers that others wrote, or against the rules
// of their schemas where there is none: our own readers would forgive what our
// own writers do.

// oddRecords are the usual places and one whose every text tries the form it
// is written into.
func oddRecords() []place.Record {
	return append(someRecords(), place.Record{ID: "odd", Title: `Tom & "Jerry" <b>; 日本`, Subtitle: "]]> & \u00a0 =1+1", Body: "A *line*,\n\n- one\n- two ]]> <script>alert(1)</script> \u2028 end", Lat: f64(-0.5), Lon: f64(179.99999),
		Tags: []string{"Museums", "Ü & Ö"}, Website: "https://example.org/?a=1&b=2", PublishedAt: "2026-03-04T05:06:07Z", Address: "=cmd|' /C calc'!A0", Licence: "CC-BY-4.0", Aliases: []place.Alias{{Name: "Том", Lang: "ru"}}})
}

// feedPaths are lists that have feeds.
var feedPaths = []string{"/places%s", "/places%s?tag=museums", "/tags/museums%s", "/destinations/mexico%s"}

func TestFeedsByAnotherParser(t *testing.T) {
	a := newAtlas(t, oddRecords(), nil)
	kinds := map[string]string{".atom": "atom", ".rss": "rss", ".feed.json": "json"}
	for _, shape := range feedPaths {
		var same []string
		for form, kind := range kinds {
			path := fmt.Sprintf(shape, form)
			f, err := gofeed.NewParser().Parse(bytes.NewReader(a.get(path).Body.Bytes()))
			if err != nil {
				t.Errorf("%s: %v", path, err)
				continue
			}
			if f.FeedType != kind || f.Title == "" || !strings.HasPrefix(f.Link, testURL) || len(f.Items) == 0 {
				t.Errorf("%s: %s %q at %q, %d items", path, f.FeedType, f.Title, f.Link, len(f.Items))
			}
			var titles []string
			ids := map[string]bool{}
			for _, item := range f.Items {
				titles = append(titles, item.Title)
				if ids[item.GUID] || item.GUID == "" || !strings.HasPrefix(item.Link, testURL+"/places/") || item.PublishedParsed == nil {
					t.Errorf("%s: item %q: id %q, link %q, published %v", path, item.Title, item.GUID, item.Link, item.PublishedParsed)
				}
				ids[item.GUID] = true
			}
			if same == nil {
				same = titles
			}
			if !slices.Equal(same, titles) {
				t.Errorf("%s: %v, another form has %v", path, titles, same)
			}
		}
	}
}

// order is the sequence that a schema demands of the children of an element.
var order = map[string][]string{
	// topografix.com/GPX/1/1/gpx.xsd
	"gpx":          {"metadata", "wpt", "rte", "trk", "extensions"},
	"gpx/metadata": {"name", "desc", "author", "copyright", "link", "time", "keywords", "bounds", "extensions"},
	"gpx/wpt":      {"ele", "time", "magvar", "geoidheight", "name", "cmt", "desc", "src", "link", "sym", "type", "fix", "sat", "hdop", "vdop", "pdop", "ageofdgpsdata", "dgpsid", "extensions"},
	"gpx/link":     {"text", "type"},
	"gpx/rte":      {"name", "cmt", "desc", "src", "link", "number", "type", "extensions", "rtept"},
	"gpx/trk":      {"name", "cmt", "desc", "src", "link", "number", "type", "extensions", "trkseg"},
	"gpx/trkseg":   {"trkpt", "extensions"},
	// OGC 07-147r2, ogckml22.xsd: AbstractFeature, then what each adds
	"kml":               {"NetworkLinkControl", "Document", "Folder", "Placemark"},
	"kml/Document":      {"name", "visibility", "open", "author", "link", "address", "AddressDetails", "phoneNumber", "Snippet", "snippet", "description", "LookAt", "TimeStamp", "styleUrl", "Style", "Region", "Metadata", "ExtendedData", "Schema", "Folder", "Placemark"},
	"kml/Placemark":     {"name", "visibility", "open", "author", "link", "address", "AddressDetails", "phoneNumber", "Snippet", "snippet", "description", "LookAt", "TimeStamp", "styleUrl", "Style", "Region", "Metadata", "ExtendedData", "Point", "MultiGeometry"},
	"kml/MultiGeometry": {"LineString"},
	"kml/LineString":    {"extrude", "tessellate", "altitudeMode", "coordinates"},
	"kml/Point":         {"extrude", "altitudeMode", "coordinates"},
	"kml/ExtendedData":  {"Data", "SchemaData"},
	"kml/Data":          {"displayName", "value"},
	"urlset/url":        {"loc", "lastmod", "changefreq", "priority", "image"},
}

// node is an element as the standard parser sees it.
type node struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Text    string     `xml:",chardata"`
	Nodes   []node     `xml:",any"`
}

func (n *node) attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// inOrder holds every element's children against the schema's sequence.
func inOrder(t *testing.T, path, root string, n *node) {
	t.Helper()
	key := root
	if n.XMLName.Local != root {
		key += "/" + n.XMLName.Local
	}
	if want, ok := order[key]; ok {
		at := 0
		for _, c := range n.Nodes {
			i := slices.Index(want, c.XMLName.Local)
			if i < at {
				t.Errorf("%s: <%s> stands in <%s> where its schema has no place for it", path, c.XMLName.Local, n.XMLName.Local)
			}
			at = max(at, i)
		}
	} else if len(n.Nodes) > 0 && root != "urlset" {
		t.Errorf("%s: nothing is known of the children of <%s>", path, n.XMLName.Local)
	}
	for i := range n.Nodes {
		inOrder(t, path, root, &n.Nodes[i])
	}
}

func (a *atlas) xml(path string) *node {
	a.t.Helper()
	n := new(node)
	if err := xml.Unmarshal(a.get(path).Body.Bytes(), n); err != nil {
		a.t.Fatalf("%s: %v", path, err)
	}
	return n
}

func TestGPXAndKMLKeepTheirSchemas(t *testing.T) {
	a := newAtlas(t, oddRecords(), nil)
	for _, path := range []string{"/places.gpx", "/places/casa-azul.gpx", "/tags/museums.gpx", "/destinations/mexico.gpx"} {
		n := a.xml(path)
		if n.XMLName.Space != "http://www.topografix.com/GPX/1/1" || n.attr("version") != "1.1" || n.attr("creator") == "" {
			t.Errorf("%s begins with %v %v", path, n.XMLName, n.Attrs)
		}
		inOrder(t, path, "gpx", n)
		for _, w := range n.Nodes[1:] {
			decimalIn(t, path, w.attr("lat"), -90, 90)
			decimalIn(t, path, w.attr("lon"), -180, 180)
		}
	}
	for _, path := range []string{"/places.kml", "/places/casa-azul.kml", "/tags/museums.kml"} {
		n := a.xml(path)
		if n.XMLName.Space != "http://www.opengis.net/kml/2.2" {
			t.Errorf("%s begins with %v", path, n.XMLName)
		}
		inOrder(t, path, "kml", n)
		ids := map[string]bool{}
		for _, p := range n.Nodes[0].Nodes {
			if p.XMLName.Local != "Placemark" {
				continue
			}
			if id := p.attr("id"); ids[id] || id == "" || strings.ContainsAny(id, " :<") {
				t.Errorf("%s: id %q is no xsd:ID of its own", path, id)
			}
			ids[p.attr("id")] = true
			point := p.Nodes[len(p.Nodes)-1].Nodes[0]
			lon, lat, _ := strings.Cut(point.Text, ",")
			decimalIn(t, path, lon, -180, 180)
			decimalIn(t, path, lat, -90, 90)
		}
	}
}

// decimalIn holds a text against xsd:decimal, which knows no exponents, and a
// range.
func decimalIn(t *testing.T, path, s string, from, to float64) {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || strings.Trim(s, "-.0123456789") != "" || v < from || v > to {
		t.Errorf("%s: %q is no decimal from %v to %v", path, s, from, to)
	}
}

func TestGeoJSONByAnotherParser(t *testing.T) {
	a := newAtlas(t, oddRecords(), nil)
	for _, path := range []string{"/places.geojson", "/tags/museums.geojson", "/destinations/mexico.geojson"} {
		c, err := geojson.UnmarshalFeatureCollection(a.get(path).Body.Bytes())
		if err != nil || len(c.Features) == 0 {
			t.Errorf("%s: %v", path, err)
			continue
		}
		for _, f := range c.Features {
			p, ok := f.Geometry.(orb.Point)
			if !ok || p.Lon() < -180 || p.Lon() > 180 || p.Lat() < -90 || p.Lat() > 90 || f.ID == nil || f.Properties.MustString("title", "") == "" {
				t.Errorf("%s: %+v", path, f)
			}
		}
	}
	if f, err := geojson.UnmarshalFeature(a.get("/places/casa-azul.geojson").Body.Bytes()); err != nil || f.Properties["title"] != "Casa Azul" {
		if c, err2 := geojson.UnmarshalFeatureCollection(a.get("/places/casa-azul.geojson").Body.Bytes()); err2 != nil || len(c.Features) != 1 {
			t.Errorf("one place: %v, %v", err, err2)
		}
	}
}

func TestCSVByAnotherParser(t *testing.T) {
	a := newAtlas(t, oddRecords(), nil)
	body := a.get("/places.csv").Body.String()
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil || len(rows) != len(oddRecords())+1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if !strings.Contains(body, "\r\n") {
		t.Error("lines do not end as RFC 4180 has them")
	}
	for _, row := range rows[1:] {
		for i, cell := range row {
			if _, err := strconv.ParseFloat(cell, 64); err != nil && cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
				t.Errorf("a spreadsheet would run %s %q", rows[0][i], cell)
			}
		}
	}
}

// Sitemaps keep the rules of sitemaps.org 0.9 and of Google's image extension.
func TestSitemapsKeepTheirRules(t *testing.T) {
	a := newAtlas(t, oddRecords(), nil)
	index := a.xml("/sitemap.xml")
	const ns = "http://www.sitemaps.org/schemas/sitemap/0.9"
	if index.XMLName.Local != "sitemapindex" || index.XMLName.Space != ns || len(index.Nodes) == 0 {
		t.Fatalf("the index is %v", index.XMLName)
	}
	seen := map[string]bool{}
	for _, s := range index.Nodes {
		loc := s.Nodes[0].Text
		body := a.get(strings.TrimPrefix(loc, testURL)).Body
		if body.Len() > 50<<20 {
			t.Errorf("%s is over 50 MiB", loc)
		}
		set := a.xml(strings.TrimPrefix(loc, testURL))
		if set.XMLName.Local != "urlset" || set.XMLName.Space != ns || len(set.Nodes) > 50_000 {
			t.Errorf("%s: %v with %d addresses", loc, set.XMLName, len(set.Nodes))
		}
		inOrder(t, loc, "urlset", set)
		for _, u := range set.Nodes {
			for _, c := range u.Nodes {
				switch c.XMLName.Local {
				case "loc":
					if at, err := url.Parse(c.Text); err != nil || !strings.HasPrefix(c.Text, testURL) || seen[c.Text] || len(c.Text) > 2048 || at.Fragment != "" {
						t.Errorf("%s: address %q", loc, c.Text)
					}
					seen[c.Text] = true
				case "lastmod":
					if _, err := time.Parse(time.RFC3339, c.Text); err != nil {
						if _, err := time.Parse(time.DateOnly, c.Text); err != nil {
							t.Errorf("%s: lastmod %q", loc, c.Text)
						}
					}
				case "image":
					if c.XMLName.Space != "http://www.google.com/schemas/sitemap-image/1.1" || len(c.Nodes) == 0 || c.Nodes[0].XMLName.Local != "loc" {
						t.Errorf("%s: image %v", loc, c)
					}
				}
			}
		}
	}
	if !seen[testURL+"/places/casa-azul"] {
		t.Error("a place is in no sitemap")
	}
}

// schemaOrg is a stand-in for schema.org's context: every name is a term of its
// vocabulary. The network is not asked.
type schemaOrg struct{}

func (schemaOrg) LoadDocument(u string) (*ld.RemoteDocument, error) {
	if strings.TrimRight(u, "/") != "https://schema.org" {
		return nil, fmt.Errorf("%s is asked for", u)
	}
	return &ld.RemoteDocument{DocumentURL: u, Document: map[string]any{"@context": map[string]any{"@vocab": "https://schema.org/", "id": "@id", "type": "@type"}}}, nil
}

func TestJSONLDByAnotherProcessor(t *testing.T) {
	a := newAtlas(t, oddRecords(), nil)
	options := ld.NewJsonLdOptions(testURL)
	options.DocumentLoader = schemaOrg{}
	for path, kind := range map[string]string{"/": "WebSite", "/places/casa-azul": "TouristAttraction", "/places/tom-jerry-b": "", "/destinations/mexico": "", "/tags/museums": ""} {
		types := map[string]bool{}
		root, err := html.Parse(a.get(path).Body)
		if err != nil {
			t.Fatal(err)
		}
		for n := range root.Descendants() {
			if n.Data != "script" || attribute(n, "type") != "application/ld+json" {
				continue
			}
			var doc any
			if err := json.Unmarshal([]byte(n.FirstChild.Data), &doc); err != nil {
				t.Errorf("%s: %v", path, err)
				continue
			}
			expanded, err := ld.NewJsonLdProcessor().Expand(doc, options)
			if err != nil || len(expanded) == 0 {
				t.Errorf("%s: %v", path, err)
			}
			raw, _ := json.Marshal(expanded)
			for _, name := range []string{"WebSite", "TouristAttraction", "BreadcrumbList"} {
				types[name] = types[name] || bytes.Contains(raw, []byte(`"https://schema.org/`+name+`"`))
			}
		}
		if kind != "" && !types[kind] {
			t.Errorf("%s says %v, want %s", path, types, kind)
		}
	}
}
