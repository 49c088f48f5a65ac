package entry

import (
	"encoding/json"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"mirabilia/internal/geo"
	"mirabilia/internal/place"
	"mirabilia/internal/revision"
	"mirabilia/internal/text"
)

func whole() revision.Fields {
	f := revision.Fields{}
	f.Set("title", "Casa Azul")
	f.Set("subtitle", "Blue on the outside.")
	f.Set("body", "Frida Kahlo was born here.\n\nShe died here.")
	f.Set("kind", "place")
	f.Set("location_tier", "exact")
	f.Set("status", "open")
	f.Set("lat", 19.3551)
	f.Set("lon", -99.1625)
	f.Set("licence", "CC-BY-4.0")
	f.Set("tags", []string{"museums", "blue-things"})
	f.Set("facts", map[string]place.Fact{"free": {Value: "no", Checked: "2026-10-01"}, "wheelchairs": {Value: "two"}})
	f.Set("sources", []place.Source{{Title: "A book", Author: "A. Writer"}, {URL: "https://example.org/", Archived: "https://archive.example.org/1"}})
	f.Set("aliases", []place.Alias{{Name: "Blue House", Lang: "en"}})
	return f
}

// A form that is sent as it came proposes nothing: also what it does not show
// stays.
func TestUntouchedFormProposesNothing(t *testing.T) {
	base := whole()
	v := Of(base, func(slug string) string { return slug })
	if v["position"] != geo.FormatDecimal(geo.Public{Lat: 19.3551, Lon: -99.1625}) || v["sources.1.archived"] == "" || v["tags"] != "museums, blue-things" {
		t.Fatalf("the form holds %v", v)
	}
	sent := url.Values{}
	for name, s := range v {
		sent.Set(name, s)
	}
	sent.Set("body", "Frida Kahlo was born here.\r\n\r\nShe died here.") // as browsers send it
	now := Read(sent).Fields(base, nil, false)
	if c := Changed(base, now); len(c) != 0 {
		t.Errorf("an untouched form proposes %s", c)
	}
}

func TestOnlyWhatChangedIsProposed(t *testing.T) {
	base := whole()
	v := Of(base, func(slug string) string { return slug })
	v["subtitle"] = " Blue inside and out. "
	v["website"] = "https://example.org/"
	v["aliases.0.name"] = ""
	v["facts.free.value"], v["facts.price.value"] = "", "120 pesos"
	c := Changed(base, v.Fields(base, &geo.Public{Lat: 19.3551, Lon: -99.2}, true))
	want := map[string]string{
		"subtitle": `"Blue inside and out."`, "website": `"https://example.org/"`, "aliases": "null", "lat": "19.3551", "lon": "-99.2",
		"facts": `{"price":{"value":"120 pesos"},"wheelchairs":{"value":"two"}}`,
	}
	if len(c) != len(want) {
		t.Errorf("proposed %s", c)
	}
	for name, w := range want {
		if string(c[name]) != w {
			t.Errorf("%s is %s, want %s", name, c[name], w)
		}
	}
}

func TestReadTakesOnlyTheFormsOwn(t *testing.T) {
	v := Read(url.Values{"title": {"A", "B"}, "slug": {"x"}, "facts.free.value": {"yes"}, "facts.nonsense.value": {"x"}, "sources.3.url": {"u"}, "sources.03.url": {"u"}, "sources.999.url": {"u"}, "keep.body": {"mine"}, "keep.id": {"mine"}, "body": {"a\r\nb"}})
	want := Values{"title": "B", "facts.free.value": "yes", "sources.3.url": "u", "keep.body": "mine", "body": "a\nb"}
	if !reflect.DeepEqual(v, want) {
		t.Errorf("read %v, want %v", v, want)
	}
}

// Whatever one writes about a place that turns out to be there already, every
// word of it is in the form of that place afterwards.
func TestJoinLosesNothing(t *testing.T) {
	word := rapid.StringMatching(`[a-z]{3,9}( [a-z]{3,9}){0,3}`)
	rapid.Check(t, func(t *rapid.T) {
		there, typed := Values{"title": "There"}, Values{}
		for _, n := range []string{"title", "subtitle", "body", "know_before_you_go", "tags"} {
			if rapid.Bool().Draw(t, n) {
				typed[n] = word.Draw(t, n+" typed")
			}
			if n != "title" && rapid.Bool().Draw(t, n+" is there") {
				there[n] = word.Draw(t, n+" there")
			}
		}
		for i := range rapid.IntRange(0, 3).Draw(t, "sources") {
			typed["sources."+strconv.Itoa(i)+".title"] = word.Draw(t, "source")
		}
		out := Join(there, typed)
		raw, _ := json.Marshal(out)
		for n, s := range typed {
			if n == "tags" {
				s = text.Slug(s)
			}
			if !contains(out, s) {
				t.Fatalf("%s %q is not in %s", n, s, raw)
			}
		}
		for n, s := range there {
			if !contains(out, s) {
				t.Fatalf("%s %q was there and is not in %s", n, s, raw)
			}
		}
	})
}

func contains(v Values, s string) bool {
	for _, have := range v {
		if strings.Contains(have, s) {
			return true
		}
	}
	return false
}

func TestControl(t *testing.T) {
	v := Values{"sources.0.date": "1911", "sources.1.title": "A plaque", "sources.4.url": "x", "aliases.2.name": "B"}
	for part, want := range map[string]string{
		"sources[0].date": "sources.1.date", "sources[1].url": "sources.4.url", "sources[2].url": "sources", "sources[1]": "sources[1]", "aliases[0].name": "aliases.2.name",
		"facts.dogs.checked": "facts.dogs.checked", "title": "title", "sources[99999999999999999999].url": "sources",
	} {
		if got := v.Control(part); got != want {
			t.Errorf("%s is said by %s, want %s", part, got, want)
		}
	}
}

func TestHalves(t *testing.T) {
	base := revision.Fields{}
	base.Set("facts", map[string]place.Fact{"dogs": {Value: "yes", Checked: "2026"}})
	v := Values{
		"facts.dogs.checked": "2026", "facts.price.source": "the till", "facts.hours.value": "9 to 5", "facts.hours.checked": "2026",
		"sources.0.title": "A plaque", "sources.0.date": "1911", "sources.2.date": "1911", "sources.4.archived": "https://archive.example/1",
		"aliases.0.name": "B", "aliases.1.lang": "de",
	}
	if got, want := v.Halves(base), []string{"facts.price.value", "aliases.1.name", "sources.2.title", "sources.4.title"}; !reflect.DeepEqual(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestEmptyAndRows(t *testing.T) {
	if !(Values{"status": "open", "kind": "place", "title": " "}).Empty() || (Values{"tags": "x"}).Empty() {
		t.Error("what is empty")
	}
	v := Values{"sources.4.url": "x"}
	if n := v.RowsOf("sources", SourceParts); n != 5 {
		t.Errorf("%d rows", n)
	}
	if got := (Values{"tags": "Museums, blue things; Museums\nfrida"}).Tags(); !reflect.DeepEqual(got, []string{"museums", "blue-things", "frida"}) {
		t.Errorf("tags %v", got)
	}
}
