package interchange_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"mirabilia/internal/interchange"
)

// fuzz reads data as one format: no panic, an end, and records that keep their
// promises; what was read and is written is read again.
func fuzz(f *testing.F, format string, seeds ...string) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	if dir := sharedData(f); dir != "" {
		for _, pattern := range []string{"hostile/*.txt", "hostile/*.csv", "hostile/*.ndjson", "hostile/svg/*", "interchange/" + format + "/*"} {
			files, _ := filepath.Glob(filepath.Join(dir, pattern))
			for _, name := range files {
				if raw, err := os.ReadFile(name); err == nil && len(raw) < 20_000 {
					f.Add(raw)
				}
			}
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got := readAll(t, "f", bytes.NewReader(data), format)
		if len(got.records)+len(got.bad) > 2*len(data)+2 {
			t.Fatalf("%d records in %d bytes", len(got.records)+len(got.bad), len(data))
		}
		if len(got.records) == 0 {
			return
		}
		again := readAll(t, "f", bytes.NewReader(write(t, interchange.NDJSON, interchange.Meta{}, got.records...)), interchange.NDJSON)
		if len(again.records) != len(got.records) || again.end != nil {
			t.Fatalf("%d records were read, %d after writing: %v %v", len(got.records), len(again.records), again.bad, again.end)
		}
	})
}

func FuzzNDJSON(f *testing.F) {
	fuzz(f, interchange.NDJSON, `{"name":"x","lat":1,"lon":2,"tags":"a|b","facts":{"free":"yes"},"extra":{"a":[1,{"b":null}]}}`+"\n", "{}\n[]\nnull\n\xff", `{"name":"\ud800","lat":"1","lon":-0.0}`)
}

func FuzzArray(f *testing.F) {
	fuzz(f, interchange.JSON, `[{"name":"x","lat":1,"lon":2},{},7,[[]]]`, `[`, `{}`)
}

func FuzzCSV(f *testing.F) {
	fuzz(f, interchange.CSV, "name,lat,lon,tags\nx,1,2,a|b\n\"y\ny\",3,4,\"[\"\"a\"\"]\"\n", "name;lat;lon\r\n'=x;1,5;2,5\r\n", "name\tlat\tlon\n\"", "\xff\xfen\x00a\x00m\x00e\x00", "name,lat\xe9\n\"a\"b,1\n\"\"\"\"")
}

func FuzzGeoJSON(f *testing.F) {
	fuzz(f, interchange.GeoJSON, `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"x"},"geometry":{"type":"Point","coordinates":[1,2]}}]}`,
		`{"type":"Feature","properties":{"name":"x"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}`, "\x1e{}", `{"features":{}}`)
}

func FuzzGPX(f *testing.F) {
	fuzz(f, interchange.GPX, gpx, "<gpx/>", "<!DOCTYPE gpx><gpx/>", "<gpx><wpt lat='1' lon='2'><name>&lt;&#0;")
}

func FuzzKML(f *testing.F) {
	fuzz(f, interchange.KML, kml, "<kml/>", "<?xml version='1.0' encoding='windows-1252'?><kml><Placemark><name>\xe9</name><Point><coordinates>1,2</coordinates></Point></Placemark></kml>")
}

func FuzzKMZ(f *testing.F) {
	f.Add(kmz(f, 2, bytes.NewReader([]byte(kml))))
	fuzz(f, interchange.KMZ, "PK\x03\x04", "PK\x05\x06")
}

func FuzzOpen(f *testing.F) {
	f.Add(gz(f, "name,lat,lon\nx,1,2\n"))
	fuzz(f, "", gpx, kml, "name,lat,lon\nx,1,2\n", `{"name":"x","lat":1,"lon":2}`, `{"features":[]}`, "\x1f\x8b")
}

func FuzzWikivoyage(f *testing.F) {
	fuzz(f, interchange.Wikivoyage, wikitextPage, "{{see|name=x|lat=1|long=2}}", "{{see|{{see|name={{{x}}}|lat=1|lon=2}}", "<mediawiki><page><title>a</title><revision><text>{{do|name=y|lat=3|long=4}}</text></revision></page></mediawiki>", "<!--{{see|", "{{se loger|nom=[[x|y|lat=1}}")
}

// What single programs write is told by content, so their files are the seeds.
func FuzzPrograms(f *testing.F) {
	fuzz(f, "", takeoutOld, takeoutNew, takeoutTable, myMapsKML, osmandGPX, organicKML, `{"version":0.6,"elements":[{"type":"way","id":7,"center":{"lat":1,"lon":2},"tags":{`+osmTagsJSON+`}}]}`,
		`{"type":"Feature","id":"node/1","properties":{"@id":"node/1",`+osmTagsJSON+`},"geometry":{"type":"Point","coordinates":[1,2]}}`, `{"items":[{"id":"p7","url":"https://a.example/places/x","slug":"x","title":"x","lat":1,"lon":2}]}`)
}
