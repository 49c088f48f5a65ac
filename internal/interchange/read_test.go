package interchange_test

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"mirabilia/internal/interchange"
)

func TestNDJSON(t *testing.T) {
	full := `{"source":"s","id":"1","name":"Casa","description":"A house.","alt_names":["Haus",{"name":"Maison","lang":"fr"}],` +
		`"lat":19.3577,"lon":-99.1596,"tags":["museum","house"],"url":"https://x.example","sources":["https://y.example",{"title":"Guide","date":"1940"}],` +
		`"facts":{"free":"yes","hours":{"value":"10-17","checked":"2024-01-02","source":"sign"}},"country_code":"MX","wing":{"n":12345678901234567890},"empty":"","extra":{"k":"v"}}`
	got := readText(t, "places.ndjson", full+"\n")
	want := interchange.Record{
		Source: "s", ID: "1", Title: "Casa", Body: "A house.", Lat: ptr(19.3577), Lon: ptr(-99.1596), CountryCode: "MX",
		Aliases: []interchange.Alias{{Name: "Haus"}, {Name: "Maison", Lang: "fr"}}, Tags: []string{"museum", "house"},
		Website: "https://x.example", Sources: []interchange.Source{{URL: "https://y.example"}, {Title: "Guide", Date: "1940"}},
		Facts: map[string]interchange.Fact{"free": {Value: "yes"}, "hours": {Value: "10-17", Checked: "2024-01-02", Source: "sign"}},
	}
	if len(got.records) != 1 {
		t.Fatalf("%+v", got)
	}
	extra := got.records[0].Extra
	if fmt.Sprint(extra) != "map[k:v wing:map[n:12345678901234567890]]" {
		t.Errorf("extra: %v", extra)
	}
	got.records[0].Extra = nil
	if !reflect.DeepEqual(got.records[0], want) {
		t.Errorf("got  %+v\nwant %+v", got.records[0], want)
	}
}

func TestBadRecordsFailAlone(t *testing.T) {
	const good = `{"name":"good","lat":1,"lon":2}`
	for line, reason := range map[string]string{
		`{"name":"x","lat":91,"lon":0}`:                "latitude 91 is outside ±90",
		`{"name":"x","lat":0,"lon":-180.5}`:            "longitude -180.5 is outside ±180",
		`{"name":"x","lat":"north","lon":0}`:           `lat "north" is not a number`,
		`{"name":"x","lat":1e400,"lon":0}`:             "not a number that can be used",
		`{"name":"x","lat":true,"lon":0}`:              "lat is not a number",
		`{"name":"x","lat":[1],"lon":0}`:               "lat is not a number",
		`{"name":"x","lat":1}`:                         "lon is missing",
		`{"name":"x"}`:                                 "no position",
		`{"lat":1,"lon":2}`:                            "no name",
		`{"name":"  ","lat":1,"lon":2}`:                "no name",
		`{"name":"\u0000","lat":1,"lon":2}`:            "no name",
		`{"name":"caf` + "\xe9" + `","lat":1,"lon":2}`: "invalid UTF-8",
		`{"name":"x","lat":1,"lon":2`:                  "not JSON",
		`{"name":"x","lat":NaN,"lon":2}`:               "not JSON",
		`{"name":"x","lat":1,"lon":2} {}`:              "more than one value",
		`[1,2]`:                                        "not a JSON object",
		`null`:                                         "not a JSON object",
		`x`:                                            "not a JSON object",
		`{"name":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`:       "nested deeper",
		`{"name":"x","lat":1,"lon":2,"body":"` + strings.Repeat("a", 1<<20) + `"}`: "over 1 MiB",
	} {
		got := readText(t, "f.ndjson", good+"\n"+line+"\r\n\n"+good)
		if len(got.records) != 2 || got.end != nil {
			t.Errorf("%.60s: %d good records, end %v", line, len(got.records), got.end)
		}
		if len(got.bad) != 1 || !strings.Contains(got.bad[0], reason) || got.lines[0] != 2 {
			t.Errorf("%.60s: %q at %v, want %q at line 2", line, got.bad, got.lines, reason)
		}
	}
}

func TestUnusableOptionalValuesAreLeftOut(t *testing.T) {
	got := readText(t, "f.ndjson", `{"name":"x","lat":"1.5","lon":"-2","body":{"a":1},"facts":[1],"tags":[["x"],"y"]}`)
	if len(got.records) != 1 || len(got.warned) != 3 || *got.records[0].Lat != 1.5 || fmt.Sprint(got.records[0].Tags) != "[y]" {
		t.Errorf("%+v", got)
	}
}

func TestIdentity(t *testing.T) {
	first := readText(t, "dir/walks.ndjson.gz", `{"name":"x","lat":1,"lon":2}`).records[0]
	again := readText(t, "walks.ndjson", "\n\n"+`{"lat":1.0,"lon":2,"title":"x"}`).records[0]
	other := readText(t, "walks.ndjson", `{"lat":1.1,"lon":2,"title":"x"}`).records[0]
	if first.Source != "walks.ndjson.gz" && first.Source != "walks.ndjson" || again.Source != "walks.ndjson" {
		t.Errorf("sources %q, %q", first.Source, again.Source)
	}
	if len(first.ID) != 16 || first.ID != again.ID || first.ID == other.ID {
		t.Errorf("ids %q, %q, %q", first.ID, again.ID, other.ID)
	}
}

func TestProtectedPlacesNeedNoPosition(t *testing.T) {
	got := readText(t, "f.ndjson", `{"name":"x","location_tier":"hidden"}`+"\n"+`{"name":"x","location_tier":"region"}`+"\n"+`{"name":"x","location_tier":"exact"}`)
	if len(got.records) != 2 || len(got.bad) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestTables(t *testing.T) {
	rows := [][]string{{"name", "lat", "lon", "description", "tags"}, {"Łódź", "51.77", "19.46", "a, b; c|d\te", "mill|city"}, {"Two", "1", "2", "line one\nline \"two\"", ""}}
	for _, sep := range []string{",", ";", "\t", "|"} {
		var b strings.Builder
		for _, r := range rows {
			for i, c := range r {
				if i > 0 {
					b.WriteString(sep)
				}
				b.WriteString(`"` + strings.ReplaceAll(c, `"`, `""`) + `"`)
			}
			b.WriteString("\r\n")
		}
		for name, content := range encodings(t, b.String()) {
			got := readAll(t, "f.csv", bytes.NewReader(content), "")
			if len(got.records) != 2 || len(got.bad) != 0 || got.end != nil {
				t.Errorf("%q %s: %+v", sep, name, got)
				continue
			}
			r := got.records[0]
			if r.Title != "Łódź" || *r.Lat != 51.77 || r.Body != rows[1][3] || fmt.Sprint(r.Tags) != "[mill city]" || got.records[1].Body != rows[2][3] {
				t.Errorf("%q %s: %+v", sep, name, got.records)
			}
		}
	}
}

func encodings(t *testing.T, s string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{"utf-8": []byte(s), "bom": []byte("\ufeff" + s), "gzip": gz(t, s)}
	for name, e := range map[string]interface{ Bytes([]byte) ([]byte, error) }{
		"utf-16le":     unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder(),
		"utf-16be":     unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder(),
		"utf-16 plain": unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder(),
	} {
		b, err := e.Bytes([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		out[name] = b
	}
	return out
}

func TestWindows1252(t *testing.T) {
	b, err := charmap.Windows1252.NewEncoder().Bytes([]byte("name;lat;lon\nCafé “Größe”;48,85;2,35\n"))
	if err != nil {
		t.Fatal(err)
	}
	got := readAll(t, "f.csv", bytes.NewReader(b), "")
	if len(got.records) != 1 || got.records[0].Title != "Café “Größe”" || *got.records[0].Lat != 48.85 {
		t.Errorf("%+v", got)
	}
}

func TestTableRows(t *testing.T) {
	head := "Name,Latitude,Long,Description,Opened\n"
	for body, want := range map[string]string{
		"A,1,2,x,1900\n":           "A|x|map[Opened:1900]",
		"A,1,2\n":                  "A||map[]",
		"A,1,2,x,,more\n":          "A|x|map[column 6:more]",
		"'=A,1,2,'+x,'-1\n":        "=A|+x|map[Opened:-1]",
		"''=A,1,2,'t Hooft,\n":     "'=A|'t Hooft|map[]",
		"A 5\" gun,1,2,x,\n":       "A 5\" gun|x|map[]",
		"A,1\n":                    "! no position: lon is missing",
		",1,2,x,\n":                "! no name",
		"A,\"48,85\",\"2,35\",x\n": "! latitude \"48,85\" is not a number",
		"A,48°51'N,2,x\n":          "! latitude \"48°51'N\" is not a number",
		"\"A\"b,1,2,x\n":           "! text follows a closing quote",
		"é\xe9é,1,2,x\n":           "! invalid UTF-8",
		"\"A,1,2,x\n":              "! a quoted cell does not end",
		"A\x00\x01,1,2,x\n":        "A|x|map[]",
	} {
		got := readText(t, "f.csv", head+body+"Last,3,4,é,\n")
		line := "nothing"
		switch {
		case len(got.bad) == 1:
			line = "! " + got.bad[0]
		case len(got.records) == 2:
			r := got.records[0]
			line = fmt.Sprintf("%s|%s|%v", r.Title, r.Body, r.Extra)
			if r.Extra == nil {
				line = r.Title + "|" + r.Body + "|map[]"
			}
		}
		if !strings.HasPrefix(line, want) {
			t.Errorf("%q: %s, want %s", body, line, want)
		}
		if n := len(got.records); n == 0 || got.records[n-1].Title != "Last" || got.end != nil {
			t.Errorf("%q: the row after it is not read: %+v", body, got)
		}
	}
}

func TestOneStrayQuoteCostsOneRecord(t *testing.T) {
	var b strings.Builder
	b.WriteString("name,lat,lon,description\n\"stray,1,2,x\n")
	for i := range 40_000 {
		fmt.Fprintf(&b, "n%d,1,2,%s\n", i, strings.Repeat("x", 40))
	}
	got := readText(t, "f.csv", b.String())
	if len(got.records) != 40_000 || len(got.bad) != 1 || got.lines[0] != 2 {
		t.Errorf("%d records, bad %q at %v", len(got.records), got.bad, got.lines)
	}
}

func TestOtherColumnNames(t *testing.T) {
	got := readText(t, "f.csv", "id_no,name_en,name_fr,short_description_en,longitude,latitude\n208,Bamiyan,Bamiyan (fr),Text,67.8,34.8\n")
	if len(got.records) != 1 || got.records[0].Title != "Bamiyan" || got.records[0].Lang != "en" || got.records[0].Body != "Text" {
		t.Errorf("%+v", got)
	}
	got = readText(t, "f.csv", "Title of Work;geo_point_2d\nLovers;49.26, -123.11\n")
	if len(got.records) != 1 || got.records[0].Title != "Lovers" || *got.records[0].Lat != 49.26 || *got.records[0].Lon != -123.11 {
		t.Errorf("%+v", got)
	}
}

func TestGeoJSON(t *testing.T) {
	feature := func(geometry string) string {
		return `{"type":"Feature","id":7,"properties":{"name":"x","title":"T"},"geometry":` + geometry + `}`
	}
	for geometry, want := range map[string]string{
		`{"type":"Point","coordinates":[2.35,48.85,30]}`:                                                                                      "48.85 2.35",
		`{"type":"MultiPoint","coordinates":[[2.35,48.85],[0,0]]}`:                                                                            "48.85 2.35",
		`{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,2],[0,2],[0,0]]]}`:                                                                  "1 2",
		`{"type":"MultiPolygon","coordinates":[[[[9,9],[9.1,9],[9,9.1],[9,9]]],[[[0,0],[4,0],[4,2],[0,2],[0,0]]]]}`:                           "1 2",
		`{"type":"GeometryCollection","geometries":[{"type":"LineString","coordinates":[[1,1],[2,2]]},{"type":"Point","coordinates":[3,4]}]}`: "4 3",
		`{"type":"LineString","coordinates":[[1,1],[2,2]]}`:                                                                                   "! no position: a LineString",
		`{"type":"Point","coordinates":["1","2"]}`:                                                                                            "! no position: the coordinates are not numbers",
		`{"type":"Point","coordinates":[1e400,2]}`:                                                                                            "! lon 1e400",
		`{"type":"Point","coordinates":[]}`:                                                                                                   "! no position: two numbers",
		`{"type":"Point"}`:                                                                                                                    "! no position: the coordinates are missing",
		`{"type":"Polygon","coordinates":[[]]}`:                                                                                               "! no position: the coordinates are empty",
		`{"type":"Point","coordinates":[0,91]}`:                                                                                               "! latitude 91",
		`null`:                                                                                                                                "! no position",
	} {
		whole := `{"type":"FeatureCollection","crs":{"a":[1,{}]},"features":[` + feature(geometry) + "," +
			feature(`{"type":"Point","coordinates":[1,2]}`) + `],"after":[1,2]}`
		for name, content := range map[string]string{
			"collection": whole,
			"lines":      feature(geometry) + "\n" + feature(`{"type":"Point","coordinates":[1,2]}`) + "\n",
			"sequence":   "\x1e" + feature(geometry) + "\n\x1e" + feature(`{"type":"Point","coordinates":[1,2]}`) + "\n",
		} {
			got := readText(t, "f.geojson", content)
			if got.end != nil || got.format != interchange.GeoJSON || len(got.records)+len(got.bad) != 2 {
				t.Errorf("%s %s: %+v", name, geometry, got)
				continue
			}
			line := ""
			if len(got.bad) > 0 {
				line = "! " + got.bad[0]
			} else {
				line = fmt.Sprint(*got.records[0].Lat, *got.records[0].Lon)
				if got.records[0].Title != "T" || got.records[0].ID != "7" {
					t.Errorf("%s: %+v", name, got.records[0])
				}
			}
			if !strings.HasPrefix(line, want) {
				t.Errorf("%s %s: %s, want %s", name, geometry, line, want)
			}
		}
	}
}

const gpx = `<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><metadata><name>m</name></metadata>
<wpt lat="52.0" lon="19.1"><ele>1</ele><name>One &amp; only</name><desc>Text</desc><link href="https://x.example"><text>x</text></link><type>Castle</type>
<extensions><o:address xmlns:o="https://o.example">Street 1</o:address><deep><er>v</er></deep></extensions></wpt>
<wpt lat="52,0" lon="19.1"><name>bad</name></wpt><wpt lon="1"><name>bad</name></wpt><wpt lat="1" lon="2"/>
<rte><rtept lat="1" lon="2"><name>no</name></rtept></rte><trk><trkseg><trkpt lat="1" lon="2"/></trkseg></trk></gpx>`

func TestGPX(t *testing.T) {
	got := readText(t, "f.gpx", gpx)
	if len(got.records) != 1 || len(got.bad) != 3 || got.end != nil {
		t.Fatalf("%+v", got)
	}
	r := got.records[0]
	if r.Title != "One & only" || r.Body != "Text" || r.Website != "https://x.example" || r.Address != "Street 1" || fmt.Sprint(r.Tags) != "[Castle]" || *r.Lat != 52 {
		t.Errorf("%+v", r)
	}
}

const kml = `<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>d</name><NetworkLink><Link><href>http://127.0.0.1/</href></Link></NetworkLink><Folder><Placemark>
<name>One</name><description><![CDATA[<p>First <b>bold</b> <a href="https://x.example/(a)">link</a></p><script>alert(1)</script><p>2 * 3<br>three&nbsp;four</p><img src="https://y.example/p.png">]]></description>
<ExtendedData><Data name="tags"><value>a|b</value></Data><SchemaData><SimpleData name="opened">1900</SimpleData></SchemaData><m:name xmlns:m="m"><m:lang code="fr">Un</m:lang></m:name></ExtendedData>
<Point><coordinates> 2.35,48.85,0 </coordinates></Point></Placemark></Folder>
<Placemark><name>Area</name><Polygon><outerBoundaryIs><LinearRing><coordinates>0,0 4,0 4,2 0,2 0,0</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>
<Placemark><name>Line</name><LineString><coordinates>0,0 1,1</coordinates></LineString></Placemark>
<Placemark><name>Both</name><MultiGeometry><LineString><coordinates>0,0 1,1</coordinates></LineString><Point><coordinates>5,6</coordinates></Point></MultiGeometry></Placemark>
<Placemark><name>None</name></Placemark></Document></kml>`

func TestKML(t *testing.T) {
	got := readText(t, "f.kml", kml)
	if len(got.records) != 3 || len(got.bad) != 2 || got.end != nil {
		t.Fatalf("%+v", got)
	}
	r := got.records[0]
	wantBody := "First bold [link](https://x.example/%28a%29)\n\n2 \\* 3\nthree four\n\n[picture](https://y.example/p.png)"
	if r.Title != "One" || r.Body != wantBody || fmt.Sprint(r.Tags) != "[a b]" || *r.Lat != 48.85 || *r.Lon != 2.35 || fmt.Sprint(r.Extra) != "map[opened:1900]" ||
		len(r.Aliases) != 1 || r.Aliases[0] != (interchange.Alias{Name: "Un", Lang: "fr"}) {
		t.Errorf("%+v\nbody %q", r, r.Body)
	}
	if a := got.records[1]; *a.Lat != 1 || *a.Lon != 2 {
		t.Errorf("the middle of the area is %v, %v", *a.Lat, *a.Lon)
	}
	if b := got.records[2]; *b.Lat != 6 || *b.Lon != 5 {
		t.Errorf("the point beside a line is %v, %v", *b.Lat, *b.Lon)
	}
}

func TestFormatIsTold(t *testing.T) {
	for _, c := range []struct{ name, content, want string }{
		{"a.json", `{"type": "FeatureCollection", "features": []}`, interchange.GeoJSON},
		{"a", `{"features":[]}`, interchange.GeoJSON},
		{"a.json", `{"name":"x","lat":1,"lon":2}`, interchange.NDJSON},
		{"-", `{"name":"x","lat":1,"lon":2}`, interchange.NDJSON},
		{"a.json", `[{"name":"x","lat":1,"lon":2}]`, interchange.JSON},
		{"a.txt", "name\tlat\tlon\nx\t1\t2", interchange.CSV},
		{"a", gpx, interchange.GPX},
		{"a.xml", "\ufeff" + kml, interchange.KML},
		{"a.gpx", kml, interchange.KML},
	} {
		if got := readText(t, c.name, c.content); got.format != c.want || got.end != nil {
			t.Errorf("%s %.30q is read as %q (%v), want %s", c.name, c.content, got.format, got.end, c.want)
		}
	}
	for name, format := range map[string]string{"a.ndjson": "", "-": "", "a": interchange.NDJSON} {
		if got := readAll(t, name, strings.NewReader(""), format); got.end != nil || got.format != interchange.NDJSON || len(got.records) > 0 {
			t.Errorf("no records in %s: %+v", name, got)
		}
	}
	for _, c := range []struct{ name, content, format, want string }{
		{"a", "", "", "empty"},
		{"a", "  \n", "", "empty"},
		{"a.csv", "", "", "empty"},
		{"a.gpx", "", "", "empty"},
		{"a.csv", "x,y\n1,2\n", "", "no column"},
		{"a", "x", "exe", "not known"},
		{"a", "PK\x03\x04", "csv", "ZIP"},
		{"a.kmz", "PK\x03\x04", "", "cut off"},
		{"a", "\x1f\x8bxxxxxxxx", "", "gzip"},
		{"a.gpx", "<html></html>", "", "begins with <html>"},
		{"a.gpx", "<gpx><wpt", "", "ends in the middle"},
		{"a.gpx", "<gpx><wpt lat='1' lon='2'><name>x</name></wpt>", "", "ends in the middle"},
		{"a.kml", "<kml><Document>", "", "ends in the middle"},
		{"a.geojson", `{"type":"FeatureCollection","features":[{"type":"Feature","prop`, "", "ends in the middle"},
		{"a.geojson", `{"type":"FeatureCollection","features":[`, "", "ends in the middle"},
		{"a.geojson", `{"type":"FeatureCollection","features":7}`, "", "expected"},
		{"a.json", `[{"name":"x"`, "", "ends in the middle"},
	} {
		got := readAll(t, c.name, strings.NewReader(c.content), c.format)
		if got.end == nil || !strings.Contains(got.end.Error(), c.want) || strings.Contains(got.end.Error(), "\n") {
			t.Errorf("%s %q: %v, want %q", c.name, c.content, got.end, c.want)
		}
	}
}
