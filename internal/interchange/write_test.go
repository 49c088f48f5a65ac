package interchange_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/paulmach/orb/geojson"
	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"mirabilia/internal/interchange"
	"mirabilia/internal/text"
)

// anyText is a text as the atlas keeps it, with what spreadsheets, XML and
// lists stumble over made likely.
func anyText() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`['=+\-@\t|;,"<>&\[{ \na-zé]{0,12}`), rapid.SampledFrom([]string{"", "]]>", "</script>", "'t Hooft", "''=1", "\n"})).Draw(t, "s")
		return text.Clean(s)
	})
}

func someText() *rapid.Generator[string] {
	return anyText().Filter(func(s string) bool { return strings.TrimSpace(s) != "" })
}

func anyRecord() *rapid.Generator[interchange.Record] {
	return rapid.Custom(func(t *rapid.T) interchange.Record {
		r := interchange.Record{
			Source: someText().Draw(t, "source"), ID: someText().Draw(t, "id"), Title: someText().Draw(t, "title"),
			Slug: anyText().Draw(t, "slug"), Subtitle: anyText().Draw(t, "subtitle"), Body: anyText().Draw(t, "body"),
			KnowBeforeYouGo: anyText().Draw(t, "know"), Address: anyText().Draw(t, "address"), CountryCode: anyText().Draw(t, "code"),
			Website: anyText().Draw(t, "website"), Status: anyText().Draw(t, "status"), StatusDate: anyText().Draw(t, "date"),
			Licence: anyText().Draw(t, "licence"), PublishedAt: anyText().Draw(t, "published"), TierReason: anyText().Draw(t, "reason"),
			// + 0: the atlas knows no negative zero.
			Lat: ptr(rapid.Float64Range(-90, 90).Draw(t, "lat") + 0), Lon: ptr(rapid.Float64Range(-180, 180).Draw(t, "lon") + 0),
			LocationTier: "exact", Kind: "place",
		}
		for range rapid.IntRange(0, 3).Draw(t, "tags") {
			r.Tags = append(r.Tags, someText().Draw(t, "tag"))
		}
		for range rapid.IntRange(0, 3).Draw(t, "aliases") {
			r.Aliases = append(r.Aliases, interchange.Alias{Name: someText().Draw(t, "alias"), Lang: anyText().Draw(t, "lang")})
		}
		for range rapid.IntRange(0, 2).Draw(t, "sources") {
			r.Sources = append(r.Sources, interchange.Source{URL: someText().Draw(t, "url"), Title: anyText().Draw(t, "source title")})
		}
		if rapid.Bool().Draw(t, "facts") {
			r.Facts = map[string]interchange.Fact{someText().Draw(t, "fact"): {Value: someText().Draw(t, "value"), Source: anyText().Draw(t, "by")}}
		}
		if rapid.Bool().Draw(t, "extra") {
			r.Extra = map[string]any{someText().Draw(t, "key"): someText().Draw(t, "extra"), "number": json.Number("12345678901234567890"), "deep": map[string]any{"a": []any{true, "b"}}}
		}
		return r
	})
}

// What is written is read again as it was, to the last character.
func TestRoundTrip(t *testing.T) {
	for _, format := range []string{interchange.NDJSON, interchange.CSV, interchange.GeoJSON} {
		t.Run(format, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				records := rapid.SliceOfN(anyRecord(), 1, 3).Draw(rt, "records")
				out := write(t, format, interchange.Meta{Name: "x"}, records...)
				got := readAll(t, "f", bytes.NewReader(out), format)
				if got.end != nil || len(got.bad) > 0 || len(got.warned) > 0 {
					rt.Fatalf("%s\n%+v", out, got)
				}
				for i := range records {
					if i >= len(got.records) || !reflect.DeepEqual(got.records[i], records[i]) {
						rt.Fatalf("record %d\nwrote %+v\nread  %+v\n%s", i, records[i], got.records, out)
					}
				}
				if again := write(t, format, interchange.Meta{Name: "x"}, got.records...); !bytes.Equal(again, out) {
					rt.Fatalf("written again:\n%s\n%s", out, again)
				}
				if told := readAll(t, "f."+format, bytes.NewReader(out), ""); told.format != format {
					rt.Fatalf("%s is told to be %s", format, told.format)
				}
			})
		})
	}
}

// No cell of text may begin with what a spreadsheet reads as a formula, as an
// independent reader of CSV sees it.
func TestNoFormulaInTables(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := anyRecord().Draw(rt, "record")
		r.Title = rapid.SampledFrom([]string{"=", "+", "-", "@", "\t=", "'=", "''+"}).Draw(rt, "sign") + r.Title
		rows, err := csv.NewReader(bytes.NewReader(write(t, interchange.CSV, interchange.Meta{}, r))).ReadAll()
		if err != nil {
			rt.Fatal(err)
		}
		for i, cell := range rows[1] {
			name := rows[0][i]
			if name != "lat" && name != "lon" && cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				rt.Fatalf("%s begins with a sign: %q", name, cell)
			}
		}
	})
}

func TestGeoJSONIsReadByOthers(t *testing.T) {
	link := func(r interchange.Record) string { return "https://atlas.example/places/" + r.Slug }
	id := func(interchange.Record) string { return "p7" }
	raw := write(t, interchange.GeoJSON, interchange.Meta{Name: "A </script>", Link: link, ID: id},
		interchange.Record{Source: "s", ID: "1", Title: "<b>", Slug: "b", Lat: ptr(1.5), Lon: ptr(-2)}, interchange.Record{Source: "s", ID: "2", Title: "hidden"})
	fc, err := geojson.UnmarshalFeatureCollection(raw)
	if err != nil || len(fc.Features) != 2 {
		t.Fatalf("%v: %s", err, raw)
	}
	f := fc.Features[0]
	if p := f.Point(); p.Lat() != 1.5 || p.Lon() != -2 || f.ID != "p7" || f.Properties["title"] != "<b>" || f.Properties["url"] != "https://atlas.example/places/b" {
		t.Errorf("%+v", f)
	}
	if fc.Features[1].Geometry != nil {
		t.Errorf("a place without position has %v", fc.Features[1].Geometry)
	}
	if _, err := geojson.UnmarshalFeatureCollection(write(t, interchange.GeoJSON, interchange.Meta{})); err != nil {
		t.Errorf("an empty collection: %v", err)
	}
}

type gpxFile struct {
	XMLName xml.Name `xml:"http://www.topografix.com/GPX/1/1 gpx"`
	Version string   `xml:"version,attr"`
	Name    string   `xml:"metadata>name"`
	Points  []struct {
		Lat  float64 `xml:"lat,attr"`
		Lon  float64 `xml:"lon,attr"`
		Name string  `xml:"name"`
		Desc string  `xml:"desc"`
		Link []struct {
			Href string `xml:"href,attr"`
		} `xml:"link"`
	} `xml:"wpt"`
}

func TestGPXIsReadByOthers(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := anyRecord().Draw(rt, "record")
		r.Title += rapid.SampledFrom([]string{"", "]]>", "\x00", "&#0;", "<x>"}).Draw(rt, "odd")
		raw := write(t, interchange.GPX, interchange.Meta{Name: "N", Link: func(interchange.Record) string { return "https://a.example/?a=1&b=2" }}, r, interchange.Record{Title: "none"})
		var got gpxFile
		if err := xml.Unmarshal(raw, &got); err != nil {
			rt.Fatalf("%v\n%s", err, raw)
		}
		if got.Version != "1.1" || got.Name != "N" || len(got.Points) != 1 {
			rt.Fatalf("%+v", got)
		}
		p := got.Points[0]
		if p.Lat != *r.Lat || p.Lon != *r.Lon || p.Name != text.Clean(r.Title) || p.Link[0].Href != "https://a.example/?a=1&b=2" {
			rt.Fatalf("%+v of %+v", p, r)
		}
		back := readAll(t, "f.gpx", bytes.NewReader(raw), "")
		if back.end != nil || len(back.records) != 1 || back.records[0].Title != strings.TrimSpace(p.Name) {
			rt.Fatalf("%+v", back)
		}
	})
}

type kmlFile struct {
	XMLName xml.Name `xml:"http://www.opengis.net/kml/2.2 kml"`
	Marks   []struct {
		ID          string `xml:"id,attr"`
		Name        string `xml:"name"`
		Description string `xml:"description"`
		Link        struct {
			Href string `xml:"href,attr"`
		} `xml:"http://www.w3.org/2005/Atom link"`
		Coordinates string `xml:"Point>coordinates"`
		Data        []struct {
			Name  string `xml:"name,attr"`
			Value string `xml:"value"`
		} `xml:"ExtendedData>Data"`
	} `xml:"Document>Placemark"`
}

func TestKMLIsReadByOthers(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := anyRecord().Draw(rt, "record")
		r.Body += "\n\n<script>alert(1)</script> [x](javascript:alert(1)) ]]>"
		raw := write(t, interchange.KML, interchange.Meta{
			Name: "N", URL: "https://a.example", Licence: "CC0-1.0",
			Link: func(interchange.Record) string { return "https://a.example/p" }, ID: func(interchange.Record) string { return "p1" },
		}, r)
		var got kmlFile
		if err := xml.Unmarshal(raw, &got); err != nil {
			rt.Fatalf("%v\n%s", err, raw)
		}
		if len(got.Marks) != 1 {
			rt.Fatalf("%s", raw)
		}
		m := got.Marks[0]
		if m.ID != "p1" || m.Name != text.Clean(r.Title) || m.Link.Href != "https://a.example/p" {
			rt.Fatalf("%+v", m)
		}
		nodes, err := html.Parse(strings.NewReader(m.Description))
		if err != nil || strings.Contains(strings.ToLower(m.Description), "<script") || hasScheme(nodes, "javascript") {
			rt.Fatalf("description %q", m.Description)
		}
		back := readAll(t, "f.kml", bytes.NewReader(raw), "")
		if back.end != nil || len(back.records) != 1 {
			rt.Fatalf("%+v\n%s", back, raw)
		}
		b := back.records[0]
		if b.Title != strings.TrimSpace(m.Name) || *b.Lat != *r.Lat || *b.Lon != *r.Lon || len(b.Tags) != len(r.Tags) {
			rt.Fatalf("read again: %+v\n%s", b, raw)
		}
	})
}

func hasScheme(n *html.Node, scheme string) bool {
	for _, a := range n.Attr {
		if strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), scheme+":") {
			return true
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if hasScheme(c, scheme) {
			return true
		}
	}
	return false
}

func TestNDJSONKeys(t *testing.T) {
	raw := write(t, interchange.NDJSON, interchange.Meta{Name: "x", Link: func(interchange.Record) string { return "no" }},
		interchange.Record{Source: "s", ID: "1", Title: "<&>", Lat: ptr(-0.5), Lon: ptr(2), Extra: map[string]any{"b": 1, "a": 2}})
	want := `{"source":"s","id":"1","title":"<&>","lat":-0.5,"lon":2,"extra":{"a":2,"b":1}}` + "\n"
	if string(raw) != want {
		t.Errorf("got  %swant %s", raw, want)
	}
}

func TestEmptyFiles(t *testing.T) {
	for _, format := range interchange.WriteFormats {
		raw := write(t, format, interchange.Meta{Name: "x"})
		got := readAll(t, "f", bytes.NewReader(raw), format)
		if len(got.records) != 0 || len(got.bad) != 0 || got.end != nil && format != interchange.NDJSON {
			t.Errorf("%s: %q gives %+v", format, raw, got)
		}
		if interchange.ContentType(format) == "" {
			t.Errorf("%s has no media type", format)
		}
	}
	if _, err := interchange.NewWriter(&bytes.Buffer{}, "kmz", interchange.Meta{}); err == nil {
		t.Error("kmz is written")
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, fmt.Errorf("no space") }

func TestAFullDiskIsTold(t *testing.T) {
	for _, format := range interchange.WriteFormats {
		w, err := interchange.NewWriter(full{}, format, interchange.Meta{})
		if err != nil {
			t.Fatal(err)
		}
		for range 2000 {
			err = w.Write(interchange.Record{Title: "x", Lat: ptr(1), Lon: ptr(2), Body: "text"})
			if err != nil {
				break
			}
		}
		if cerr := w.Close(); err == nil || cerr == nil {
			t.Errorf("%s: writing %v, closing %v", format, err, cerr)
		}
	}
}
