package interchange_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mirabilia/internal/geo"
	"mirabilia/internal/interchange"
)

const (
	trackGPX = `<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><metadata><name>x</name></metadata>
<wpt lat="1" lon="1"><name>a</name></wpt><rte><rtept lat="2" lon="2"/><rtept lat="3" lon="3"/></rte>
<trk><name>day</name><trkseg><trkpt lat="48.85" lon="2.35"><ele>35</ele></trkpt></trkseg><trkseg><trkpt lat="45.76" lon="4.83"/></trkseg></trk></gpx>`
	lineKML = `<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><Folder><Placemark><Point><coordinates>9,9</coordinates></Point></Placemark>
<Placemark><MultiGeometry><LineString><coordinates> 2.35,48.85,10
4.83,45.76 </coordinates></LineString></MultiGeometry></Placemark></Folder></Document></kml>`
	trackKML = `<kml xmlns:gx="http://www.google.com/kml/ext/2.2"><Placemark><gx:Track><when>x</when><gx:coord>2.35 48.85 1</gx:coord><gx:coord>4.83 45.76 1</gx:coord></gx:Track></Placemark></kml>`
	lineJSON = `{"type":"LineString","coordinates":[[2.35,48.85],[4.83,45.76,200]]}`
)

func TestReadWay(t *testing.T) {
	want := []geo.Public{{Lat: 48.85, Lon: 2.35}, {Lat: 45.76, Lon: 4.83}}
	for name, data := range map[string]string{
		"a.gpx": trackGPX, "b.gpx": strings.NewReplacer("trkpt", "rtept", "trkseg", "rte", "trk>", "extensions>", "rte>", "rte>").Replace(`<gpx><rte><rtept lat="48.85" lon="2.35"/><rtept lat="45.76" lon="4.83"/></rte></gpx>`),
		"waypoints.gpx": `<gpx><wpt lat="48.85" lon="2.35"/><wpt lat="45.76" lon="4.83"><name>Lyon</name></wpt></gpx>`,
		"a.kml":         lineKML, "b.kml": trackKML, "a.geojson": lineJSON, "no name": lineJSON,
		"feature":    `{"type":"Feature","properties":{"a":[1]},"geometry":` + lineJSON + `}`,
		"collection": `{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[1,1]}},{"type":"Feature","geometry":{"type":"MultiLineString","coordinates":[[[2.35,48.85]],[[4.83,45.76]]]}}]}`,
		"geometries": "\ufeff" + ` {"type":"GeometryCollection","geometries":[` + lineJSON + `]}`,
	} {
		got, err := interchange.ReadWay(name, []byte(data), 10)
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestReadWay_refuses(t *testing.T) {
	deep := strings.Repeat("<Folder>", 5000)
	laughs := `<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]>`
	for name, data := range map[string]string{
		"empty": " \n", "words.gpx": "words", "laughs.gpx": `<?xml version="1.0"?>` + laughs + `<gpx><name>&lol2;</name></gpx>`,
		"laughs.kml": laughs + `<kml><name>&lol2;</name></kml>`, "deep.kml": `<kml>` + deep, "deep.json": strings.Repeat(`{"geometry":`, 5000),
		"arrays.json": `{"type":"LineString","coordinates":` + strings.Repeat("[", 5000), "cut.gpx": trackGPX[:200], "none.gpx": `<gpx></gpx>`,
		"nan.gpx": `<gpx><wpt lat="NaN" lon="2"/><wpt lat="1" lon="2"/></gpx>`, "off.gpx": `<gpx><wpt lat="91" lon="2"/><wpt lat="1" lon="2"/></gpx>`,
		"inf.kml": `<kml><Placemark><LineString><coordinates>Inf,1 2,2</coordinates></LineString></Placemark></kml>`, "point.kml": `<kml><Placemark><Point><coordinates>1,1</coordinates></Point></Placemark></kml>`,
		"flat.json": `{"type":"LineString","coordinates":[1,2,3,4]}`, "words.json": `{"type":"LineString","coordinates":[["a","b"],["c","d"]]}`, "null.json": `{"type":"LineString","coordinates":null}`,
		"one.json": `{"type":"LineString","coordinates":[[1,2]]}`, "huge.json": `{"type":"LineString","coordinates":[[1e999,2],[1,2]]}`, "area.json": `{"type":"Polygon","coordinates":[[[1,2],[2,2],[2,1],[1,2]]]}`,
		"many.json": `{"type":"LineString","coordinates":[` + strings.Repeat("[1,2],", 11) + `[1,2]]}`, "zip.kmz": "PK\x03\x04rubbish",
	} {
		if got, err := interchange.ReadWay(name, []byte(data), 10); err == nil {
			t.Errorf("%s gave %v", name, got)
		} else if strings.ContainsAny(err.Error(), "\n") || len(err.Error()) > 300 {
			t.Errorf("%s: %q is not a line for a reader", name, err)
		}
	}
	for _, data := range []string{lineKML, `[]`, `{"type":"MultiLineString","coordinates":[[[1,2],[2,3]]]}`, `{"type":"Feature","geometry":null}`} {
		if _, err := interchange.ReadLineString([]byte(data), 10); err == nil {
			t.Errorf("%.40s is taken for a LineString", data)
		}
	}
}

// The files that people have.
func TestReadWay_shared(t *testing.T) {
	dir := sharedData(t)
	if dir == "" {
		t.Log("shared/data is not there; the cases above stand for it")
		return
	}
	files, _ := filepath.Glob(filepath.Join(dir, "interchange", "*", "*"))
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil || len(raw) > 16<<20 {
			continue
		}
		if points, err := interchange.ReadWay(filepath.Base(name), raw, 100_000); err == nil {
			t.Logf("%s: %d points", filepath.Base(name), len(points))
		}
	}
}

func FuzzReadWay(f *testing.F) {
	for _, s := range []string{trackGPX, lineKML, trackKML, lineJSON, `{"features":[{"geometry":` + lineJSON + `}]}`, "PK\x03\x04", "\xff\xfe<\x00", "[", "{"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		points, err := interchange.ReadWay("f", data, 100)
		if err != nil {
			return
		}
		if len(points) < 2 || len(points) > 100 {
			t.Fatalf("%d points", len(points))
		}
		for _, p := range points {
			if !p.Valid() {
				t.Fatalf("%v is no position", p)
			}
		}
	})
}
