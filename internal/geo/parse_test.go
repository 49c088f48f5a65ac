package geo_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"mirabilia/internal/geo"
)

// casa is where most of the notations below point to.
var casa = geo.Public{Lat: 19.3577, Lon: -99.1596}

func TestParsePosition(t *testing.T) {
	paris := geo.Public{Lat: 48.85, Lon: 2.35}
	for _, c := range []struct {
		in   string
		want geo.Public
		near float64 // degrees
	}{
		{"19.3577,-99.1596", casa, 0},
		{" 19.3577 , -99.1596 ", casa, 0},
		{"19.3577 -99.1596", casa, 0},
		{"19.3577; -99.1596", casa, 0},
		{"19.3577/-99.1596", casa, 0},
		{"(19.3577, -99.1596)", casa, 0},
		{"[19.3577, -99.1596]", casa, 0},
		{"+19.3577 −99.1596", casa, 0},
		{"lat: 19.3577, lon: -99.1596", casa, 0},
		{"lon=-99.1596 lat=19.3577", casa, 0},
		{"Latitude: 19.3577° N, Longitude: 99.1596° W", casa, 0},
		{"19.3577N 99.1596W", casa, 0},
		{"19.3577° N, 99.1596° W", casa, 0},
		{"N 19.3577, W 99.1596", casa, 0},
		{"N19.3577 W99.1596", casa, 0},
		{"99.1596 W 19.3577 N", casa, 0},
		{"W 99.1596 N 19.3577", casa, 0},
		{"N, 19.3577, W, 99.1596", casa, 0},
		{"19,3577 -99,1596", casa, 0},
		{"19,3577, -99,1596", casa, 0},
		{"19,3577; -99,1596", casa, 0},
		{"19,3577,-99,1596", casa, 0},
		{"19,3577° N 99,1596° O", casa, 0},
		{"48,85° N, 2,35° E", paris, 0},
		{"48,85 2,35", paris, 0},
		{"48,2", geo.Public{Lat: 48, Lon: 2}, 0},
		{"48, 2", geo.Public{Lat: 48, Lon: 2}, 0},
		{"48 2", geo.Public{Lat: 48, Lon: 2}, 0},
		{"-33.8568 151.2153", geo.Public{Lat: -33.8568, Lon: 151.2153}, 0},
		{"-33.8568-151.2153", geo.Public{Lat: -33.8568, Lon: -151.2153}, 0},
		{"19°21′27.7″N 99°9′34.6″W", casa, 1e-4},
		{`19°21'27.7"N 99°9'34.6"W`, casa, 1e-4},
		{`19° 21' 27.7" N, 99° 9' 34.6" W`, casa, 1e-4},
		{"19º21’27,7”N 99º09’34,6”O", casa, 1e-4},
		{"19°21''... ", geo.Public{}, -1},
		{"19°21′27.7′′N, 99°9′34.6′′W", casa, 1e-4},
		{"51°13'55''N 6°46′22″E", geo.Public{Lat: 51.231944, Lon: 6.772778}, 1e-5},
		{"36° 8'.1N 5° 21'.3W", geo.Public{Lat: 36.135, Lon: -5.355}, 1e-9},
		{"12° 42.690' N 104° 53.312' E", geo.Public{Lat: 12.7115, Lon: 104.888533}, 1e-5},
		{"N 19 21.46 W 099 09.57", casa, 1e-4},
		{"19 21.46 N 099 09.57 W", casa, 1e-4},
		{"19 21.46 -99 09.57", casa, 1e-4},
		{"19 21 27.7 N 99 9 34.6 W", casa, 1e-4},
		{"19 21 27.7 99 9 34.6", geo.Public{Lat: 19.3577, Lon: 99.1596}, 1e-4},
		{"19 deg 21 min 27.7 sec N, 99 deg 9 min 34.6 sec W", casa, 1e-4},
		{"19° 21.462' -99° 9.576'", casa, 1e-5},
		{"-19°21′27.7″ -99°9′34.6″", geo.Public{Lat: -19.3577, Lon: -99.1596}, 1e-4},
		{"-0°30′ -0°15′", geo.Public{Lat: -0.5, Lon: -0.25}, 0},
		{"48°51′N 2°21′E", paris, 0},
		{"52° 31′ Nord, 13° 24′ Ost", geo.Public{Lat: 52.516667, Lon: 13.4}, 1e-5},
		{"40° 25′ norte, 3° 42′ oeste", geo.Public{Lat: 40.416667, Lon: -3.7}, 1e-5},
		{"48° 51′ nord 2° 21′ est", paris, 1e-9},
		{"55°45′ с. ш. 37°37′ в. д.", geo.Public{Lat: 55.75, Lon: 37.616667}, 1e-5},
		{"北纬39.9° 东经116.4°", geo.Public{Lat: 39.9, Lon: 116.4}, 0},
		{"北緯35度39分31秒 東経139度44分44秒", geo.Public{Lat: 35.658611, Lon: 139.745556}, 1e-5},
		{"١٩٫٣٥٧٧، -٩٩٫١٥٩٦", geo.Public{}, -1},
		{"１９．３５７７，－９９．１５９６", casa, 0},
		{"geo:19.3577,-99.1596", casa, 0},
		{"geo:19.3577,-99.1596,2240;crs=wgs84;u=35", casa, 0},
		{"geo:0,0?q=19.3577,-99.1596(Casa)", casa, 0},
		{"GEO:19.3577,-99.1596?z=17", casa, 0},
		{"+19.3577-099.1596/", casa, 0},
		{"+1921.462-09909.576/", casa, 1e-6},
		{"+192127.72-0990934.56+2240CRSWGS_84/", casa, 1e-6},
		{"76F29R5R+3485", geo.Public{Lat: 19.3577, Lon: -99.1596}, 0.002},
		{"8FVC9G8F+6X", geo.Public{Lat: 47.365562, Lon: 8.5249375}, 1e-5},
		{"8fvc9g8f+6x", geo.Public{Lat: 47.365562, Lon: 8.5249375}, 1e-5},
		{"7FG49Q00+", geo.Public{Lat: 20.375, Lon: 2.775}, 1e-6},
		{"33U 391776 5820073", geo.Public{Lat: 52.52, Lon: 13.405}, 1e-3},
		{"33UUU9177620073", geo.Public{Lat: 52.52, Lon: 13.405}, 1e-3},
		{"33U UU 91776 20073", geo.Public{Lat: 52.52, Lon: 13.405}, 1e-3},
		{"56H 334873 6252266", geo.Public{Lat: -33.8568, Lon: 151.2153}, 1e-3},
		{"56HLH3487352266", geo.Public{Lat: -33.8568, Lon: 151.2153}, 1e-3},
		{"https://www.google.com/maps/@19.3577,-99.1596,17z", casa, 0},
		{"https://www.google.com/maps/place/Museo/@19.30,-99.10,17z/data=!3m1!4b1!4m5!3m4!1s0x0:0x0!8m2!3d19.3577!4d-99.1596", casa, 0},
		{"https://www.google.com/maps?q=19.3577,-99.1596", casa, 0},
		{"https://maps.google.com/?ll=19.3577,-99.1596&z=12", casa, 0},
		{"https://www.google.com/maps/search/?api=1&query=19.3577%2C-99.1596", casa, 0},
		{"https://www.google.com/maps/dir/?api=1&destination=19.3577,-99.1596", casa, 0},
		{"https://www.google.com/maps/search/19.3577,+-99.1596?entry=tts", casa, 0},
		{"https://www.google.com/maps/place/19%C2%B021'27.7%22N+99%C2%B009'34.6%22W/@19.3,-99.1,17z", casa, 1e-4},
		{"www.google.com/maps/@19.3577,-99.1596,17z", casa, 0},
		{"maps.google.com/?q=loc:19.3577,-99.1596", casa, 0},
		{"https://www.openstreetmap.org/#map=17/19.3577/-99.1596", casa, 0},
		{"https://www.openstreetmap.org/?mlat=19.3577&mlon=-99.1596#map=17/19.3/-99.1", casa, 0},
		{"https://osm.org/?mlat=19.3577&mlon=-99.1596", casa, 0},
		{"https://maps.apple.com/?ll=19.3577,-99.1596&q=Museo", casa, 0},
		{"https://maps.apple.com/place?coordinate=19.3577,-99.1596", casa, 0},
		{"https://www.bing.com/maps?cp=19.3577~-99.1596&lvl=16", casa, 0},
		{"https://yandex.com/maps/?ll=-99.1596%2C19.3577&z=16", casa, 0},
		{"https://waze.com/ul?ll=19.3577,-99.1596&navigate=yes", casa, 0},
		{"https://share.here.com/l/19.3577,-99.1596", casa, 0},
		{"https://wego.here.com/?map=19.3577,-99.1596,15", geo.Public{}, -1},
		{"https://geohack.toolforge.org/geohack.php?params=19_21_27.7_N_99_9_34.6_W_type:landmark", casa, 1e-4},
		{"https://geohack.toolforge.org/geohack.php?params=19.3577;-99.1596", casa, 0},
		{"https://plus.codes/8FVC9G8F+6X", geo.Public{Lat: 47.365562, Lon: 8.5249375}, 1e-5},
		{"90,180", geo.Public{Lat: 90, Lon: 180}, 0},
		{"-90,-180", geo.Public{Lat: -90, Lon: -180}, 0},
	} {
		got, err := geo.ParsePosition(c.in)
		if c.near < 0 {
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.in, err)
			continue
		}
		if math.Abs(got.Lat-c.want.Lat) > c.near+1e-9 || math.Abs(got.Lon-c.want.Lon) > c.near+1e-9 {
			t.Errorf("%s: %v, want %v", c.in, got, c.want)
		}
	}
}

func TestParsePositionRefuses(t *testing.T) {
	for in, reason := range map[string]string{
		"":                          "",
		"Paris":                     "",
		"12 Rue de Rivoli, Paris":   "",
		"10115 Berlin":              "",
		"48.85":                     "",
		"1,2,3":                     "",
		"1 2 3":                     "",
		"1 2 3 4 5 6 7 8":           "",
		"48 85 2 35":                "",
		"48°85′N 2°35′E":            "",
		"48.5°30′N 2°E":             "",
		"48″51′N 2°E":               "",
		"91,0":                      "latitude",
		"0,181":                     "longitude",
		"48 N 49 N":                 "axis",
		"-48 S 2 E":                 "minus",
		"1e5,2":                     "latitude",
		"NaN,NaN":                   "",
		"Inf,2":                     "",
		"0x10,2":                    "",
		"9G8F+6X Paris":             "short",
		"8FVC9G8F+6":                "plus code",
		"geo:91,0":                  "latitude",
		"geo:1,2;crs=moon":          "WGS 84",
		"+99.0-200.0/":              "latitude",
		"99U 389863 5820312":        "zones",
		"https://maps.app.goo.gl/x": "short",
		"https://example.org/":      "",
		"http://[::1":               "",
		strings.Repeat("1", 5000):   "",
		"\x00\xff":                  "",
		"48° 2° 3°":                 "",
		"NNN":                       "",
		"°′″":                       "",
		",,,":                       "",
	} {
		p, err := geo.ParsePosition(in)
		if err == nil {
			t.Errorf("%q is taken for %v", in, p)
			continue
		}
		if reason == "" && !errors.Is(err, geo.ErrNoPosition) || !strings.Contains(err.Error(), reason) {
			t.Errorf("%q: %v, want %q", in, err, reason)
		}
	}
}

func anyPosition(t *rapid.T) geo.Public {
	return geo.Public{
		Lat: float64(rapid.IntRange(-9_000_000, 9_000_000).Draw(t, "lat")) / 1e5,
		Lon: float64(rapid.IntRange(-18_000_000, 18_000_000).Draw(t, "lon")) / 1e5,
	}
}

// Whatever is written is read as the same place, in every notation.
func TestWrittenPositionsAreRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPosition(t)
		for _, c := range []struct {
			in   string
			near float64
		}{
			{geo.FormatDecimal(p), 6e-6},
			{geo.FormatDMS(p), 1.5e-5},
			{fmt.Sprintf("%v,%v", p.Lat, p.Lon), 0},
			{fmt.Sprintf("%.5f %.5f", p.Lat, p.Lon), 1e-9},
			{strings.ReplaceAll(fmt.Sprintf("%.5f; %.5f", p.Lat, p.Lon), ".", ","), 1e-9},
			{strings.ReplaceAll(fmt.Sprintf("%.5f %.5f", p.Lat, p.Lon), ".", ","), 1e-9},
			{fmt.Sprintf("geo:%.5f,%.5f", p.Lat, p.Lon), 1e-9},
			{fmt.Sprintf("https://www.openstreetmap.org/#map=5/%.5f/%.5f", p.Lat, p.Lon), 1e-9},
			{fmt.Sprintf("%+09.5f%+010.5f/", p.Lat, p.Lon), 1e-9},
			{geo.PlusCode(p), 1.0 / 8000},
		} {
			got, err := geo.ParsePosition(c.in)
			if err != nil {
				t.Fatalf("%v written as %q: %v", p, c.in, err)
			}
			if math.Abs(got.Lat-p.Lat) > c.near+1e-12 || lonApart(got.Lon, p.Lon) > c.near+1e-12 {
				t.Fatalf("%v written as %q is read as %v", p, c.in, got)
			}
		}
	})
}

func lonApart(a, b float64) float64 {
	d := math.Abs(a - b)
	return math.Min(d, 360-d)
}

func FuzzParsePosition(f *testing.F) {
	for _, s := range []string{
		"19.3577,-99.1596", "19°21′27.7″N 99°9′34.6″W", "N 19 21.46 W 099 09.57", "geo:1,2;u=3?q=1,2(x)", "+19.3577-099.1596/",
		"8FVC9G8F+6X", "33UUU9177620073", "33U 391776 5820073", "https://www.google.com/maps/@19.3577,-99.1596,17z", "48,85,2,35",
		"北緯35度39分31秒 東経139度44分44秒", "36° 8'.1N 5° 21'.3W", "https://x/?params=1_2_3_N_4_5_6_E", "\xff\x00", "55°45′ с. ш. 37°37′ в. д.",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := geo.ParsePosition(s)
		if err != nil {
			return
		}
		if !p.Valid() {
			t.Fatalf("%q gives %v", s, p)
		}
		if again, err := geo.ParsePosition(geo.FormatDecimal(p)); err != nil || geo.Metres(p, again) > 2 {
			t.Fatalf("%q gives %v, which is written and read as %v (%v)", s, p, again, err)
		}
	})
}

func TestFormat(t *testing.T) {
	if got := geo.FormatDecimal(casa); got != "19.35770, -99.15960" {
		t.Error(got)
	}
	if got := geo.FormatDMS(casa); got != "19°21′27.7″N 99°9′34.6″W" {
		t.Error(got)
	}
	if got := geo.FormatDMS(geo.Public{Lat: 59.99999999, Lon: -0.00000001}); got != "60°0′0.0″N 0°0′0.0″W" {
		t.Error(got)
	}
	if got := geo.FormatDecimal(geo.Public{Lat: -0.000001, Lon: 0}); got != "0.00000, 0.00000" {
		t.Error(got)
	}
	for _, c := range []struct {
		metres float64
		unit   string
		want   string
	}{
		{0, "km", "0 m"}, {80.4, "km", "80 m"}, {352, "km", "350 m"}, {996, "km", "1.0 km"}, {1234, "km", "1.2 km"},
		{9960, "km", "10 km"}, {14499, "km", "14 km"}, {1240499, "km", "1,240 km"}, {math.NaN(), "km", "0 m"},
		{80, "mi", "260 ft"}, {1100, "mi", "0.7 mi"}, {16093.44, "mi", "10 mi"}, {5e6, "mi", "3,107 mi"},
	} {
		if got := strings.ReplaceAll(geo.FormatDistance(c.metres, c.unit), "\u00a0", " "); got != c.want {
			t.Errorf("%v m in %s: %q, want %q", c.metres, c.unit, got, c.want)
		}
	}
	if geo.ToMetres(2, geo.Miles) != 3218.688 || geo.FromMetres(3218.688, geo.Miles) != 2 || geo.ToMetres(2, geo.Kilometres) != 2000 {
		t.Error("units")
	}
}

func TestMercator(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPosition(t)
		p.Lat = math.Max(-85, math.Min(85, p.Lat))
		x, y := geo.Project(p)
		back := geo.Unproject(x, y)
		if math.Abs(back.Lat-p.Lat) > 1e-9 || math.Abs(back.Lon-p.Lon) > 1e-9 {
			t.Fatalf("%v is projected and back %v", p, back)
		}
		z := rapid.IntRange(0, 20).Draw(t, "z")
		tx, ty := geo.Tile(p, z)
		box := geo.TileBox(z, tx, ty)
		const eps = 1e-9
		if p.Lat < box.South-eps || p.Lat > box.North+eps || p.Lon < box.West-eps || p.Lon > box.East+eps {
			t.Fatalf("%v is not in its tile %d/%d/%d: %+v", p, z, tx, ty, box)
		}
	})
	world := geo.TileBox(0, 0, 0)
	if world.West != -180 || world.East != 180 || math.Abs(world.North-geo.MaxMercatorLat) > 1e-9 || math.Abs(world.South+geo.MaxMercatorLat) > 1e-9 {
		t.Errorf("the world tile is %+v", world)
	}
	if x, y := geo.Tile(geo.Public{Lat: -90, Lon: 180}, 3); x != 7 || y != 7 {
		t.Errorf("the south pole is in tile %d/%d", x, y)
	}
}
