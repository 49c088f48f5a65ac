package query

import (
	"errors"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
)

func parse(t *testing.T, raw string) url.Values {
	t.Helper()
	v, err := Parse(raw)
	if err != nil {
		t.Fatalf("Parse(%q): %v", raw, err)
	}
	return v
}

func TestEveryBadValueOfPlacesNamesItsField(t *testing.T) {
	long := strings.Repeat("a", 500)
	cases := map[string][]string{
		"q":         {strings.Repeat("x", MaxText+1), "a%01b", "a&q=b"},
		"tag":       {"Caves", "a b", "ünder", long, "../x"},
		"in":        {"a/b/c/d", "Mexico", "a//b", "..", long, "mexico&in=france"},
		"bbox":      {"1,2,3", "1,2,3,4,5", "a,b,c,d", "0,50,10,40", "-181,0,0,1", "0,-91,0,1", "NaN,0,0,0", "0,0,Inf,1", "0x1,0,1,1", "1,2,3,4&bbox=1,2,3,4"},
		"near":      {"1", "91,0", "0,181", "a,b", "NaN,NaN", "1,2,3", "1;2", "1e400,0"},
		"radius":    {"-1", "0", "20039", "x", "1e9", "NaN", "1_0", "0x10"},
		"status":    {"shut", "OPEN", "open,closed"},
		"kind":      {"destination", "places", "PLACE"},
		"photos":    {"no", "true", "1"},
		"unvisited": {"no", "true"},
		"obscurity": {"5", "-1-4", "10-5", "0-101", "a-b", "1-2-3", "0-"},
		"free":      {"true", "maybe"},
		"stepfree":  {"1"},
		"dogs":      {"all"},
		"sort":      {"best", "near", "NEWEST"},
		"limit":     {"0", "-1", "101", "1.5", "x", "99999999999999999999", "1&limit=2"},
		"cursor":    {"a b", "é", strings.Repeat("c", 513), "<script>"},
	}
	for field, values := range cases {
		for _, value := range values {
			raw := field + "=" + strings.NewReplacer(" ", "%20", "<", "%3C", ">", "%3E").Replace(value)
			v, err := Parse(raw)
			if err == nil {
				_, err = ParsePlaces(v)
			}
			var e *errs.Error
			if !errors.As(err, &e) || e.Code != errs.Invalid || len(e.Fields) == 0 || e.Fields[0].Field != field {
				t.Errorf("%.60s: %v, want an Invalid error in %s", raw, err, field)
			}
		}
	}
	for _, f := range PlaceParams {
		if _, ok := cases[f]; !ok && f != "booking" && f != "parking" && f != "children" {
			t.Errorf("parameter %s has no bad value in this table", f)
		}
	}
}

func TestGoodValuesOfPlaces(t *testing.T) {
	p, err := ParsePlaces(parse(t, "q=bone+church&tag=ruins&tag=caves&tag=ruins&in=/mexico/mexico-city/&bbox=170,-20,-170,10&near=+19.5,-99&radius=2.5&status=open&kind=place&photos=yes&obscurity=0-100&free=yes&dogs=partly&limit=100&cursor=abc_-&utm_source=x&utm_source=y"))
	if err != nil {
		t.Fatal(err)
	}
	if p.Q != "bone church" || !reflect.DeepEqual(p.Tags, []string{"caves", "ruins"}) || p.In != "mexico/mexico-city" ||
		p.Box.West != 170 || p.Near.Lat != 19.5 || p.Limit != 100 || p.Facts["dogs"] != "partly" || p.Order() != finder.Near {
		t.Errorf("read as %+v", p)
	}
	f := p.Filter()
	if f.Radius != 2500 || f.Text != "bone church" || len(f.Kinds) != 2 || f.Obscurity[1] != 100 {
		t.Errorf("filter is %+v", f)
	}
	if d, _ := ParsePlaces(url.Values{}); d.Order() != finder.Newest || d.Limit != DefaultLimit || d.Encode() != "" || d.Narrowed() != 0 {
		t.Errorf("the empty query reads as %+v", d)
	}
}

func TestUnknownParametersAreIgnored(t *testing.T) {
	a, err1 := ParsePlaces(parse(t, "tag=ruins"))
	b, err2 := ParsePlaces(parse(t, "x=1&tag=ruins&x=2&limit2=900&TAG=Bad+Tag"))
	if err1 != nil || err2 != nil || a.Encode() != b.Encode() {
		t.Errorf("%q (%v) and %q (%v) should mean the same", a.Encode(), err1, b.Encode(), err2)
	}
}

func TestBrokenQueries(t *testing.T) {
	for _, raw := range []string{"q=%ff", "q=%00", "q=%zz", "%", "%c3=1", "a=%e2%82"} {
		if _, err := Parse(raw); !errs.Is(err, errs.Invalid) {
			t.Errorf("Parse(%q) = %v, want Invalid", raw, err)
		}
	}
	if v := parse(t, "q=a;b&&=&x"); v.Get("q") != "a;b" {
		t.Errorf("a semicolon is text: %v", v)
	}
}

func TestNear(t *testing.T) {
	for _, raw := range []string{"lat=91&lon=0", "lat=1", "lon=1", "lat=a&lon=1", "radius=-1", "unit=miles", "lat=1&lat=2&lon=1", "radius=13000&unit=mi"} {
		if _, err := ParseNear(parse(t, raw)); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v, want Invalid", raw, err)
		}
	}
	n, err := ParseNear(parse(t, "lat=48.85&lon=2.35&radius=10&unit=mi"))
	if err != nil || n.Metres(n.Unit) != 16093.44 || n.At.Lat != 48.85 {
		t.Errorf("%+v, %v", n, err)
	}
}

func TestOtherQueries(t *testing.T) {
	for _, raw := range []string{"kind=dragon", "page=0", "page=21", "limit=1000", "in=A", "tag=%20x%21", "q=a&q=b"} {
		if _, err := ParseSearch(parse(t, raw)); !errs.Is(err, errs.Invalid) {
			t.Errorf("search %s: %v, want Invalid", raw, err)
		}
	}
	s, err := ParseSearch(parse(t, "q=skulls&kind=place&page=3&in=czechia"))
	if err != nil || len(s.Kinds()) != 2 || s.Values().Encode() != "in=czechia&kind=place&page=3&q=skulls" {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := ParseRandom(parse(t, "in=a/b/c/d")); err == nil {
		t.Error("random took a path of four parts")
	}
	for _, raw := range []string{"lat=1", "z=23", "z=-1", "lat=x&lon=1", "bbox=1"} {
		if _, err := ParseMap(parse(t, raw)); !errs.Is(err, errs.Invalid) {
			t.Errorf("map %s: %v, want Invalid", raw, err)
		}
	}
}

func TestLinksKeepTheQueryAndStartAgain(t *testing.T) {
	p, _ := ParsePlaces(parse(t, "tag=ruins&cursor=abc"))
	if got := p.WithTag("caves").Encode(); got != "tag=caves&tag=ruins" {
		t.Errorf("with a tag: %s", got)
	}
	if got := p.WithTag("ruins").Encode(); got != "" {
		t.Errorf("the tag taken away: %s", got)
	}
	if got := p.WithFact("free", "yes").WithFact("free", "").Encode(); got != "tag=ruins" {
		t.Errorf("a fact and back: %s", got)
	}
	if p.Encode() != "cursor=abc&tag=ruins" || p.After("d").Encode() != "cursor=d&tag=ruins" {
		t.Errorf("the query itself changed: %s", p.Encode())
	}
}

// Whatever is understood is written so that it is understood the same again.
func TestEncodingIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := url.Values{}
		for _, name := range PlaceParams {
			if rapid.Bool().Draw(t, name) {
				v.Set(name, rapid.OneOf(rapid.SampledFrom([]string{"yes", "no", "ruins", "1,2", "1,2,3,4", "5", "0-9", "open", "near", "place", "a/b"}), rapid.String()).Draw(t, name+" value"))
			}
		}
		p, err := ParsePlaces(v)
		if err != nil {
			return
		}
		again, err := ParsePlaces(parseRapid(t, p.Encode()))
		if err != nil || again.Encode() != p.Encode() {
			t.Fatalf("%q read again is %q, %v", p.Encode(), again.Encode(), err)
		}
	})
}

func parseRapid(t *rapid.T, raw string) url.Values {
	v, err := Parse(raw)
	if err != nil {
		t.Fatalf("Parse(%q): %v", raw, err)
	}
	return v
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "q=a&tag=b", "%", "bbox=1,2,3,4&near=1,2", "q=%F0%9F%97%BA", "lat=1&lon=2&radius=3", "limit=1e3", "a=%00", "obscurity=0-100"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		v, err := Parse(raw)
		if err != nil {
			if errs.CodeOf(err) != errs.Invalid {
				t.Fatalf("not Invalid: %v", err)
			}
			return
		}
		p, err := ParsePlaces(v)
		if err != nil && errs.CodeOf(err) != errs.Invalid {
			t.Fatalf("not Invalid: %v", err)
		}
		if err == nil {
			if !utf8.ValidString(p.Q) || p.Limit < 1 || p.Limit > MaxLimit {
				t.Fatalf("understood %+v", p)
			}
			if w, err := ParsePlaces(mustParse(t, p.Encode())); err != nil || w.Encode() != p.Encode() {
				t.Fatalf("%q is not stable: %q %v", p.Encode(), w.Encode(), err)
			}
		}
		for _, err := range []error{second(ParseNear(v)), second(ParseSearch(v)), second(ParseMap(v)), second(ParseRandom(v))} {
			if err != nil && errs.CodeOf(err) != errs.Invalid {
				t.Fatalf("not Invalid: %v", err)
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }

func mustParse(t *testing.T, raw string) url.Values {
	v, err := Parse(raw)
	if err != nil {
		t.Fatalf("Parse(%q): %v", raw, err)
	}
	return v
}
