package interchange_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"mirabilia/internal/interchange"
)

// place60 is an import record with sixty words, as the import benchmark has it.
var place60 = `{"source":"bench","id":"bench:%d","name":"The house of a thousand clocks","lat":48.8566,"lon":2.3522,"country_code":"FR","tags":["museum","clocks"],"body":"` +
	strings.Repeat("a house with many rooms where the clocks are kept and wound ", 5) + `"}` + "\n"

func BenchmarkRead(b *testing.B) {
	ndjson := fmt.Sprintf(place60, 1)
	for name, c := range map[string][3]string{
		"ndjson":  {"", ndjson, ""},
		"csv":     {"source,id,name,lat,lon,country_code,tags,body\n", "bench,1,The house of a thousand clocks,48.8566,2.3522,FR,museum|clocks," + strings.Repeat("a house with many rooms where the clocks are kept and wound ", 5) + "\n", ""},
		"geojson": {`{"features":[{"type":"Feature"}`, `,{"type":"Feature","properties":` + strings.TrimSpace(ndjson) + `,"geometry":{"type":"Point","coordinates":[2.3522,48.8566]}}`, "]}"},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			rd, err := interchange.Open("f", io.MultiReader(strings.NewReader(c[0]), &endless{text: c[1], n: 1 << 30}, strings.NewReader(c[2])), name)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := rd.Next(); err == io.EOF {
					b.Fatal("the endless file ended")
				}
			}
		})
	}
}

func BenchmarkWriteNDJSON(b *testing.B) {
	rd, err := interchange.Open("f", strings.NewReader(fmt.Sprintf(place60, 1)), "ndjson")
	if err != nil {
		b.Fatal(err)
	}
	rec, err := rd.Next()
	if err != nil {
		b.Fatal(err)
	}
	w, err := interchange.NewWriter(io.Discard, "ndjson", interchange.Meta{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := w.Write(rec); err != nil {
			b.Fatal(err)
		}
	}
}
