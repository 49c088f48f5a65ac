package tiles_test

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"mirabilia/internal/geo"
	"mirabilia/internal/place"
	"mirabilia/internal/web/tiles"
)

func packedSize(t *testing.T, b []byte) int {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}

// wellFormed reads a picture as XML and fails on anything that could run or
// load.
func wellFormed(t *testing.T, name string, svg []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if e, ok := token.(xml.StartElement); ok {
			switch e.Name.Local {
			case "script", "image", "foreignObject", "a", "iframe", "animate", "set":
				t.Errorf("%s: <%s>", name, e.Name.Local)
			}
			for _, a := range e.Attr {
				if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "href" && !strings.HasPrefix(a.Value, "#") {
					t.Errorf("%s: %s=%q", name, a.Name.Local, a.Value)
				}
			}
		}
	}
}

// keep writes pictures for a look at them, when PICTURES names a folder.
func keep(t *testing.T, name string, svg []byte) {
	t.Helper()
	dir := os.Getenv("PICTURES")
	if dir == "" {
		return
	}
	if err := os.WriteFile(dir+"/"+name+".svg", svg, 0o644); err != nil {
		t.Fatal(err)
	}
}

func at(lat, lon float64) *geo.Public { return &geo.Public{Lat: lat, Lon: lon} }

var spots = map[string]tiles.Spot{
	"mexico":     {CountryCode: "MX", At: at(19.3577, -99.1596)},
	"germany":    {CountryCode: "DE", At: at(48.4117, 9.7833)},
	"vatican":    {CountryCode: "VA", At: at(41.9029, 12.4534)},
	"singapore":  {CountryCode: "SG", At: at(1.2816, 103.8636)},
	"malta":      {CountryCode: "MT", At: at(35.8992, 14.5141)},
	"luxembourg": {CountryCode: "LU", At: at(49.61, 6.13)},
	"russia":     {CountryCode: "RU", At: at(66.16, -169.81)},
	"fiji":       {CountryCode: "FJ", At: at(-16.9, -179.97)},
	"newzealand": {CountryCode: "NZ", At: at(-41.29, 174.78)},
	"guiana":     {CountryCode: "GF", At: at(4.93, -52.33)},
	"paris":      {CountryCode: "FR", At: at(48.834, 2.332)},
	"hawaii":     {CountryCode: "US", At: at(19.42, -155.29)},
	"newyork":    {CountryCode: "US", At: at(40.71, -74)},
	"chile":      {CountryCode: "CL", At: at(-22.91, -68.2)},
	"japan":      {CountryCode: "JP", At: at(35.01, 135.77)},
	"svalbard":   {CountryCode: "SJ", At: at(78.22, 15.65)},
	"antarctica": {CountryCode: "AQ", At: at(-77.85, 166.67)},
	"sea":        {At: at(-48.8767, -123.3933)},
	"nothing":    {},
	"rough":      {CountryCode: "AU", At: at(-33.1, 150.5), Rough: true},
	"roughIT":    {CountryCode: "IT", At: at(43.1, 12.5), Rough: true},
	"hidden":     {CountryCode: "PE"},
	"hiddenUS":   {CountryCode: "US"},
	"pole":       {CountryCode: "XX", At: at(90, 0)},
}

func TestLocatorsAreSmallAndHarmless(t *testing.T) {
	d := tiles.NewDrawer()
	for name, s := range spots {
		for _, size := range []tiles.Size{tiles.Thumb, tiles.Card, tiles.Cover, tiles.Where} {
			svg, err := d.Locator(s, size)
			if err != nil {
				t.Fatal(err)
			}
			wellFormed(t, name, svg)
			keep(t, "locator-"+name+"-"+string(size), svg)
			limit := 15 << 10
			if size == tiles.Cover || size == tiles.Where {
				limit = 28 << 10
			}
			if n := packedSize(t, svg); n > limit {
				t.Errorf("%s %s: %d bytes packed", name, size, n)
			}
			if strings.Contains(string(svg), "NaN") || strings.Contains(string(svg), "Inf") {
				t.Errorf("%s %s: a number is missing", name, size)
			}
		}
	}
}

func TestLocatorShowsOnlyWhatTheTierAllows(t *testing.T) {
	d := tiles.NewDrawer()
	draw := func(p place.Place) (string, string) {
		svg, err := d.Locator(tiles.SpotOf(&p), tiles.Card)
		if err != nil {
			t.Fatal(err)
		}
		return string(svg), tiles.LocatorPath(&p, tiles.Card)
	}
	for _, tier := range []place.Tier{place.Region, place.Hidden} {
		// A row that wrongly held a position must not give it away either.
		a, pathA := draw(place.Place{ID: 7, CountryCode: "PE", Region: "Cusco", City: "Cusco", At: at(-13.5, -71.9), Fields: place.Fields{Tier: tier}})
		b, pathB := draw(place.Place{ID: 7, CountryCode: "PE", Region: "Ica", At: at(-14.7, -75.1), Fields: place.Fields{Tier: tier}})
		if a != b || pathA != pathB {
			t.Errorf("%s: the picture tells where in the country", tier)
		}
		if strings.Contains(a, `class="p"`) || strings.Contains(a, `class="q"`) {
			t.Errorf("%s: the picture has a pin", tier)
		}
	}
	rough, _ := draw(place.Place{ID: 7, CountryCode: "PE", At: at(-13.5, -71.9), Fields: place.Fields{Tier: place.Approximate}})
	if strings.Contains(rough, `class="p"`) || !strings.Contains(rough, `class="q"`) {
		t.Error("approximate: want a disc and no pin")
	}
	exact, path := draw(place.Place{ID: 7, CountryCode: "PE", At: at(-13.5, -71.9), Fields: place.Fields{Tier: place.Exact}})
	if !strings.Contains(exact, `class="p"`) {
		t.Error("exact: want a pin")
	}
	if _, moved := draw(place.Place{ID: 7, CountryCode: "PE", At: at(-13.6, -71.9), Fields: place.Fields{Tier: place.Exact}}); moved == path {
		t.Error("a moved place keeps the address of its picture")
	}
}

func TestOtherPictures(t *testing.T) {
	d := tiles.NewDrawer()
	world, err := d.World([]geo.Public{{Lat: 48, Lon: 2}, {Lat: -17, Lon: 178}, {Lat: 65, Lon: -170}})
	if err != nil {
		t.Fatal(err)
	}
	nemo, err := d.Nemo(tiles.Card)
	if err != nil {
		t.Fatal(err)
	}
	pins, err := d.Pins([]geo.Public{{Lat: 50.08, Lon: 14.43}, {Lat: 49.95, Lon: 15.27}, {Lat: 48.98, Lon: 14.47}}, "CZ", tiles.Where)
	if err != nil {
		t.Fatal(err)
	}
	none, err := d.Pins(nil, "", tiles.Card)
	if err != nil {
		t.Fatal(err)
	}
	dateline, err := d.Pins([]geo.Public{{Lat: -17, Lon: 178}, {Lat: -14, Lon: -171}}, "", tiles.Card)
	if err != nil {
		t.Fatal(err)
	}
	for name, svg := range map[string][]byte{"world": world, "nemo": nemo, "pins": pins, "none": none, "dateline": dateline, "sea": d.OpenSea(tiles.Card)} {
		wellFormed(t, name, svg)
		keep(t, name, svg)
		if n := packedSize(t, svg); n > 30<<10 {
			t.Errorf("%s: %d bytes packed", name, n)
		}
	}
}

func BenchmarkLocator(b *testing.B) {
	d := tiles.NewDrawer()
	for b.Loop() {
		if _, err := d.Locator(spots["mexico"], tiles.Card); err != nil {
			b.Fatal(err)
		}
	}
}
