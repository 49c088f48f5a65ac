package feed

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"mirabilia/internal/text"
)

func sample(title string) *Feed {
	lat, lon := 19.5, -99.25
	at := time.Date(2026, 11, 3, 10, 0, 0, 0, time.UTC)
	return &Feed{
		ID: "https://a.example/places", Title: "A & <b>", Home: "https://a.example/places", Self: "https://a.example/places.atom?tag=x&in=y", Lang: "en", Updated: at,
		Entries: []Entry{{
			ID: "tag:a.example,2026:p1", Title: title, URL: "https://a.example/places/one", Summary: "x ]]> y", HTML: text.SafeHTML("<p>" + "a</p>"), Author: "Ann",
			Tags: []string{"ruins"}, Image: "https://a.example/p/1.webp", Published: at, Updated: at, Lat: &lat, Lon: &lon,
		}, {ID: "tag:a.example,2026:p2", Title: "bare", URL: "https://a.example/places/two", Published: at, Updated: at}},
	}
}

func TestFormsSayTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		title := rapid.String().Draw(t, "title")
		f := sample(title)
		raw, err := f.Atom()
		if err != nil {
			t.Fatal(err)
		}
		var a struct {
			XMLName xml.Name
			Title   string `xml:"http://www.w3.org/2005/Atom title"`
			Entry   []struct {
				ID    string `xml:"http://www.w3.org/2005/Atom id"`
				Title string `xml:"http://www.w3.org/2005/Atom title"`
				Point string `xml:"http://www.georss.org/georss point"`
			} `xml:"http://www.w3.org/2005/Atom entry"`
		}
		if err := xml.Unmarshal(raw, &a); err != nil {
			t.Fatalf("%v in %s", err, raw)
		}
		// XML reads CR and CR LF as LF; the encoder writes them as references.
		if a.Title != "A & <b>" || len(a.Entry) != 2 || a.Entry[0].Title != clean(title) || a.Entry[0].Point != "19.5 -99.25" {
			t.Fatalf("read %+v of title %q", a, title)
		}
		raw, err = f.RSS()
		if err != nil {
			t.Fatal(err)
		}
		var r struct {
			Channel struct {
				Items []struct {
					Title string `xml:"title"`
					GUID  string `xml:"guid"`
				} `xml:"item"`
			} `xml:"channel"`
		}
		if err := xml.Unmarshal(raw, &r); err != nil || len(r.Channel.Items) != 2 || r.Channel.Items[0].Title != clean(title) || r.Channel.Items[0].GUID != "tag:a.example,2026:p1" {
			t.Fatalf("%v: read %+v", err, r)
		}
		raw, err = f.JSON()
		if err != nil {
			t.Fatal(err)
		}
		var j struct {
			Version string
			Items   []struct{ ID, Title, Content_text string }
		}
		if err := json.Unmarshal(raw, &j); err != nil || !strings.Contains(j.Version, "1.1") || len(j.Items) != 2 || j.Items[1].Content_text != "bare" {
			t.Fatalf("%v: read %+v", err, j)
		}
	})
}

func TestNoControlCharacters(t *testing.T) {
	f := sample("a\x00b\x0bc\ufffed\u2028")
	for name, make := range map[string]func() ([]byte, error){"atom": f.Atom, "rss": f.RSS} {
		raw, err := make()
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(raw), "abcd\u2028") {
			t.Errorf("%s does not drop what XML does not know: %s", name, raw)
		}
	}
}
