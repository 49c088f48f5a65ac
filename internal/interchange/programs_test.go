package interchange_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"mirabilia/internal/interchange"
)

// told is a record in one line: what a test of a program's files looks at.
func told(r interchange.Record) string {
	at := "nowhere"
	if r.Lat != nil {
		at = fmt.Sprintf("%v,%v", *r.Lat, *r.Lon)
	}
	return fmt.Sprintf("%s @%s %s/%s kind=%s tags=%v aliases=%v site=%s from=%s licence=%s", r.Title, at, r.Source, r.ID, r.Kind, r.Tags, r.Aliases, r.Website, r.SourceURL, r.Licence)
}

func one(t *testing.T, name, content string) interchange.Record {
	t.Helper()
	got := readText(t, name, content)
	if len(got.records) != 1 || len(got.bad) != 0 || got.end != nil {
		t.Fatalf("%s: %d records, bad %q, end %v", name, len(got.records), got.bad, got.end)
	}
	return got.records[0]
}

const takeoutOld = `{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[-99.14,19.43]},"properties":{
"Google Maps URL":"http://maps.google.com/?cid=976791363579655493","Location":{"Address":"Donceles 42","Business Name":"Callejón","Country Code":"MX","Geo Coordinates":{"Latitude":"19.43","Longitude":"-99.14"}},
"Published":"2017-12-01T00:00:00Z","Title":"Librería","Updated":"2017-12-02T00:00:00Z"}}]}`

const takeoutNew = `{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[-99.14,19.43]},"properties":{
"date":"2023-01-05T10:00:00Z","google_maps_url":"http://maps.google.com/?cid=976791363579655493","location":{"address":"Donceles 42","country_code":"MX","name":"Librería"},"Comment":"Second floor"}}]}`

func TestTakeoutPlaces(t *testing.T) {
	const want = "Librería @19.43,-99.14 Google Maps/976791363579655493 kind= tags=[] aliases=[] site= from=http://maps.google.com/?cid=976791363579655493 licence="
	for name, content := range map[string]string{"Saved Places.json": takeoutOld, "Gespeicherte Orte.json": takeoutNew} {
		r := one(t, name, content)
		if told(r) != want || r.Address != "Donceles 42" || r.CountryCode != "MX" || r.Extra["saved_at"] == nil || r.PublishedAt != "" {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if r := one(t, "x.json", takeoutNew); r.Body != "Second floor" {
		t.Errorf("the comment is lost: %+v", r)
	}
}

const takeoutTable = "Title,Note,URL,Tags,Comment\n" +
	"Known,Ask for Ana,https://www.google.com/maps/place/Known/data=!4m2!3m1!1s0x8085808941977519:0x6a23af223bffdaf8!3d37.7896!4d-122.4058,food;view,And Luis\n" +
	"Dropped pin,,\"https://www.google.com/maps/search/37.5,-122.25\",,\n" +
	"Unknown,,https://www.google.com/maps/place/E%26O/data=!4m2!3m1!1s0x8085808941977519:0x6a23af223bffdaf8,,\n"

func TestTakeoutTable(t *testing.T) {
	got := readText(t, "Want to go.csv", takeoutTable)
	if len(got.records) != 2 || len(got.bad) != 1 || got.lines[0] != 4 || !strings.Contains(got.bad[0], "Saved Places.json") {
		t.Fatalf("%d records, bad %q at %v", len(got.records), got.bad, got.lines)
	}
	r := got.records[0]
	// The id is Google's number of the place, as ?cid= has it in decimal.
	if r.ID != "7648149153775606520" || *r.Lat != 37.7896 || *r.Lon != -122.4058 || r.Body != "Ask for Ana\n\nAnd Luis" || r.Website != "" || fmt.Sprint(r.Tags) != "[food view]" {
		t.Errorf("%+v", r)
	}
	if p := got.records[1]; *p.Lat != 37.5 || *p.Lon != -122.25 {
		t.Errorf("%+v", p)
	}
}

const myMapsKML = `<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>Clocks of Prague</name>
<Folder><name>Astronomical</name><Placemark><name>Orloj</name><description><![CDATA[<img src="https://mymaps.example/p.jpg" height="200" width="auto" /><br><br>description: Since 1410.<br>Hours: 9-21<br>Fee *: 250]]></description><styleUrl>#icon-1899</styleUrl>
<ExtendedData><Data name="Hours"><value>9-21</value></Data><Data name="Fee *"><value>250</value></Data><Data name="gx_media_links"><value><![CDATA[https://mymaps.example/p.jpg https://mymaps.example/q.jpg]]></value></Data></ExtendedData>
<Point><coordinates>14.4206,50.0870,0</coordinates></Point></Placemark></Folder>
<Folder><name>Untitled layer</name><Placemark><name>Loreta</name><description>Bells: twenty-seven</description><Point><coordinates>14.3917,50.0892</coordinates></Point></Placemark></Folder></Document></kml>`

func TestMyMaps(t *testing.T) {
	got := readText(t, "map.kml", myMapsKML)
	if len(got.records) != 2 || len(got.bad) != 0 {
		t.Fatalf("%+v", got)
	}
	r, plain := got.records[0], got.records[1]
	if r.Body != "Since 1410." || fmt.Sprint(r.Tags) != "[Astronomical]" || r.ImageURL != "https://mymaps.example/p.jpg" || r.Extra["Hours"] != "9-21" || *r.Lat != 50.087 {
		t.Errorf("%+v", r)
	}
	if plain.Body != "Bells: twenty-seven" || len(plain.Tags) != 0 {
		t.Errorf("%+v", plain)
	}
	link := `<kml><Document><NetworkLink><Link><href>https://www.google.com/maps/d/kml?mid=x</href></Link></NetworkLink></Document></kml>`
	if got := readText(t, "map.kml", link); len(got.bad) != 1 || !strings.Contains(got.bad[0], "export the map itself") || got.end != nil {
		t.Errorf("a map that is only linked: %+v", got)
	}
	table := "WKT,name,description\n\"POINT (14.4206 50.0870)\",Orloj,Since 1410.\n\"LINESTRING (1 2, 3 4)\",Way,\n"
	if got := readText(t, "map.csv", table); len(got.records) != 1 || len(got.bad) != 1 || *got.records[0].Lat != 50.087 || *got.records[0].Lon != 14.4206 {
		t.Errorf("My Maps' table: %+v", got)
	}
}

const osmandGPX = `<gpx version="1.1" creator="OsmAnd~ 4.4.7" xmlns="http://www.topografix.com/GPX/1/1" xmlns:osmand="https://osmand.net"><wpt lat="52.1" lon="19.2"><time>2023-06-26T12:46:49Z</time><name>Mill</name><desc>Ask next door</desc><type>Favourites</type>
<extensions><osmand:address>Road 3</osmand:address><osmand:amenity_subtype>wind_mill</osmand:amenity_subtype><osmand:amenity_name>Wiatrak</osmand:amenity_name><osmand:osm_tag_website>https://mill.example/</osmand:osm_tag_website><osmand:osm_tag_opening_hours>Mo-Fr</osmand:osm_tag_opening_hours><osmand:icon>special_star</osmand:icon></extensions></wpt></gpx>`

func TestOsmAndFavourites(t *testing.T) {
	r := one(t, "favourites.gpx", osmandGPX)
	if r.Title != "Mill" || r.Body != "Ask next door" || r.Address != "Road 3" || r.Website != "https://mill.example/" || fmt.Sprint(r.Tags) != "[Favourites wind mill]" || r.Facts["hours"].Value != "Mo-Fr" || r.Aliases[0].Name != "Wiatrak" || r.Extra["icon"] != "special_star" {
		t.Errorf("%+v", r)
	}
}

func TestWikivoyageWaypoints(t *testing.T) {
	got := readText(t, "w.osmand.gpx", `<gpx version="1.1" creator="wikivoyage-pois-converter"><wpt lat="50.77503" lon="6.0828"><name>Dom (Aachen, see)</name></wpt><wpt lat="50.77503" lon="6.0828"><name>Dom (Aachen/Mitte, eat)</name></wpt><wpt lat="1" lon="2"><name>Odd (name)</name></wpt></gpx>`)
	if len(got.records) != 3 {
		t.Fatalf("%+v", got)
	}
	a, b := got.records[0], got.records[1]
	if a.Title != "Dom" || a.City != "Aachen" || fmt.Sprint(a.Tags) != "[sights]" || b.Kind != "eatery" || b.City != "Aachen" || a.ID == b.ID || a.Licence != "CC-BY-SA-3.0" || got.records[2].Title != "Odd (name)" {
		t.Errorf("%+v", got.records)
	}
}

const organicKML = `<kml xmlns="http://earth.google.com/kml/2.2"><Document><name>My list</name><Placemark><name>Мой замок</name><description>note</description><TimeStamp><when>2024-01-02T03:04:05Z</when></TimeStamp><styleUrl>#placemark-red</styleUrl><Point><coordinates>45.9,49.3</coordinates></Point>
<ExtendedData xmlns:mwm="https://omaps.app"><mwm:name><mwm:lang code="ru">Замок</mwm:lang><mwm:lang code="default">Castle</mwm:lang></mwm:name><mwm:featureTypes><mwm:value>historic-castle</mwm:value><mwm:value>amenity-place_of_worship-christian</mwm:value></mwm:featureTypes><mwm:customName><mwm:lang code="default">Мой замок</mwm:lang></mwm:customName></ExtendedData></Placemark></Document></kml>`

func TestOrganicMapsBookmarks(t *testing.T) {
	r := one(t, "list.kml", organicKML)
	if r.Title != "Мой замок" || fmt.Sprint(r.Aliases) != "[{Замок ru} {Castle }]" || fmt.Sprint(r.Tags) != "[castle place of worship]" || r.Body != "note" || r.Extra["saved_at"] != "2024-01-02T03:04:05Z" {
		t.Errorf("%+v", r)
	}
}

const osmTagsJSON = `"name":"Kaiser's Mill","name:de":"Kaisermühle","alt_name":"Old mill; The mill","tourism":"museum","historic":"yes","website":"https://mill.example/","opening_hours":"Mo-Su","wheelchair":"limited","fee":"no","addr:street":"Mill Lane","addr:housenumber":"3","addr:postcode":"10115","addr:city":"Berlin","image":"https://i.example/m.jpg","start_date":"1801"`

func TestOpenStreetMap(t *testing.T) {
	point := `"geometry":{"type":"Point","coordinates":[13.4,52.5]}`
	for name, content := range map[string]string{
		"turbo.geojson":  `{"type":"FeatureCollection","generator":"overpass-turbo","features":[{"type":"Feature","properties":{"@id":"node/240",` + osmTagsJSON + `},` + point + `,"id":"node/240"}]}`,
		"osmtogeo.json":  `{"type":"FeatureCollection","features":[{"type":"Feature","id":"node/240","properties":{"type":"node","id":240,"tags":{` + osmTagsJSON + `},"relations":[],"meta":{}},` + point + `}]}`,
		"osmium.geojson": `{"type":"FeatureCollection","features":[{"type":"Feature","id":"n240","properties":{` + osmTagsJSON + `},` + point + `}]}`,
		"attrs.geojson":  `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"@type":"node","@id":240,` + osmTagsJSON + `},` + point + `}]}`,
		"overpass.json":  `{"version":0.6,"generator":"Overpass API","osm3s":{},"elements":[{"type":"node","id":240,"lat":52.5,"lon":13.4,"tags":{` + osmTagsJSON + `}}]}`,
	} {
		r := one(t, name, content)
		const want = "Kaiser's Mill @52.5,13.4 OpenStreetMap/node/240 kind= tags=[museum historic] aliases=[{Kaisermühle de} {Old mill } {The mill }] site=https://mill.example/ from=https://www.openstreetmap.org/node/240 licence=ODbL-1.0"
		if told(r) != want {
			t.Errorf("%s:\n%s\n%s", name, told(r), want)
		}
		if r.Facts["hours"].Value != "Mo-Su" || r.Facts["stepfree"].Value != "partly" || r.Facts["free"].Value != "yes" || r.Address != "Mill Lane 3, 10115 Berlin" || r.Extra["start_date"] != "1801" || !strings.Contains(r.Sources[0].Title, "OpenStreetMap") {
			t.Errorf("%s: %+v", name, r)
		}
	}
	r := one(t, "way.json", `{"version":0.6,"elements":[{"type":"way","id":7,"center":{"lat":1,"lon":2},"nodes":[1,2],"tags":{"name":"Bar","amenity":"bar"}}]}`)
	if r.ID != "way/7" || r.Kind != "eatery" || *r.Lat != 1 {
		t.Errorf("%+v", r)
	}
	// A file of others that happens to number its features is not taken for one.
	if r := one(t, "x.geojson", `{"type":"Feature","id":"n240","properties":{"name":"x"},`+point+`}`); r.Source == "OpenStreetMap" {
		t.Errorf("%+v", r)
	}
}

const wikitextPage = "==See==\n<!-- {{see|name=Gone|lat=1|long=2}} -->\n* {{see\n| name='''Dom''' | alt=Aachen [[Cathedral|cathedral]] | url=https://dom.example/ | wikidata=Q5908\n| lat=50.7747 | long=6.0838 | hours=daily 7-19 | price=free | lastedit=2024-05-01 | image=Aachener Dom.jpg\n| directions=by [[bus]] {{rint|5}} | content=Built by ''Charlemagne'', see [https://x.example the site] & more. {{lang|de|Dom}}\n}}\n{{infobox|x={{y}}}}\n" +
	"* {{eat|name=No position|content=x}}\n* {{vCard|type=drink|name=Kneipe|lat=50.7|long=6.1|beschreibung=x|description=Bier}}\n* {{Voir|nom=Musée|latitude=48.1|longitude=2.2|site=https://m.example/|description=Beau}}\n{{see|name=open"

func TestWikivoyageListings(t *testing.T) {
	xml := `<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" xml:lang="en"><siteinfo><base>https://en.wikivoyage.org/wiki/Main_Page</base></siteinfo><page><title>Aachen/Mitte</title><revision><id>1</id><text>` +
		strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(wikitextPage) + `</text></revision></page><page><title>Empty</title><revision><text/></revision></page></mediawiki>`
	for name, content := range map[string]string{"Aachen.wiki": wikitextPage, "Aachen.txt": wikitextPage, "export.xml": xml} {
		got := readText(t, name, content)
		if len(got.records) != 3 || len(got.bad) != 2 || got.end != nil || got.format != interchange.Wikivoyage {
			t.Fatalf("%s: %d records, bad %q, end %v, %s", name, len(got.records), got.bad, got.end, got.format)
		}
		r := got.records[0]
		const body = "Built by Charlemagne, see [the site](https://x.example) \\& more. de Dom"
		if r.Title != "Dom" || r.Aliases[0].Name != "Aachen cathedral" || r.Body != body || r.KnowBeforeYouGo != "by bus 5" || r.Facts["hours"].Value != "daily 7-19" || r.Facts["price"].Checked != "2024-05-01" || fmt.Sprint(r.Tags) != "[sights]" || r.Licence != "CC-BY-SA-4.0" || r.ImageURL != "https://commons.wikimedia.org/wiki/Special:FilePath/Aachener%20Dom.jpg" || r.Extra["wikidata"] != "Q5908" {
			t.Errorf("%s: %+v", name, r)
		}
		if got.records[1].Kind != "eatery" || got.records[2].Title != "Musée" || *got.records[2].Lon != 2.2 {
			t.Errorf("%s: %+v", name, got.records[1:])
		}
		if name == "export.xml" && (r.SourceURL != "https://en.wikivoyage.org/wiki/Aachen%2FMitte" || r.City != "Aachen" || r.Lang != "en") {
			t.Errorf("%+v", r)
		}
	}
	table := "article,type,title,alt,url,hours,latitude,longitude,description\nAachen,see,Dom,,https://dom.example/,7-19,50.7747,6.0838,Old\nAachen,do,Nowhere,,,,,,\n"
	if got := readText(t, "listings.csv", table); len(got.records) != 1 || len(got.bad) != 1 || told(got.records[0]) != "Dom @50.7747,6.0838 Wikivoyage/"+got.records[0].ID+" kind= tags=[sights] aliases=[] site=https://dom.example/ from= licence=CC-BY-SA-4.0" || got.records[0].City != "Aachen" {
		t.Errorf("%+v", got)
	}
}

// What one atlas writes another reads as the same places, and takes no page of
// the first for the website of a place.
func TestAnotherAtlas(t *testing.T) {
	r := interchange.Record{
		Source: "s", ID: "1", Title: "Casa", Slug: "casa", Subtitle: "A house.", Body: "Long *text*.", Lat: ptr(19.5), Lon: ptr(-99.25), Tags: []string{"museums"},
		Aliases: []interchange.Alias{{Name: "Haus", Lang: "de"}}, Facts: map[string]interchange.Fact{"free": {Value: "yes"}}, Kind: "place", Status: "open", Licence: "CC-BY-4.0",
	}
	meta := interchange.Meta{Link: func(r interchange.Record) string { return "https://atlas.example/places/" + r.Slug }, ID: func(interchange.Record) string { return "p1" }}
	for _, website := range []string{"", "https://casa.example/"} {
		r.Website = website
		for _, format := range interchange.WriteFormats {
			got := readAll(t, "f."+format, strings.NewReader(string(write(t, format, meta, r))), "")
			if len(got.records) != 1 {
				t.Fatalf("%s: %+v", format, got)
			}
			g := got.records[0]
			if g.Title != r.Title || *g.Lat != *r.Lat || *g.Lon != *r.Lon || g.Website != website || g.Subtitle != r.Subtitle {
				t.Errorf("%s: %+v", format, g)
			}
			if format != interchange.NDJSON && g.SourceURL != "https://atlas.example/places/casa" {
				t.Errorf("%s: from %q", format, g.SourceURL)
			}
			if format == interchange.NDJSON || format == interchange.CSV || format == interchange.GeoJSON {
				g.SourceURL, r.SourceURL = "", ""
				a, _ := json.Marshal(g)
				b, _ := json.Marshal(r)
				if string(a) != string(b) {
					t.Errorf("%s:\n%s\n%s", format, a, b)
				}
			}
		}
	}
	api := `{"items":[{"id":"p7","slug":"casa","url":"https://atlas.example/places/casa","kind":"place","title":"Casa","lat":19.5,"lon":-99.25,"country":"Mexico","destination":"mexico","tags":["museums"],"facts":{"free":{"value":"yes","checked":"","source":""}},"website":"","been":3,"want":4,"added_by":{"name":"","url":""},"edited_by":[],"photos":[],"revision":1}],"next":null}`
	g := one(t, "places.json", api)
	if told(g) != "Casa @19.5,-99.25 https://atlas.example/p7 kind=place tags=[museums] aliases=[] site= from=https://atlas.example/places/casa licence=" || g.Extra != nil || g.Facts["free"].Value != "yes" {
		t.Errorf("%+v", g)
	}
}
