package query

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"mirabilia/internal/errs"
	"mirabilia/internal/geo"
)

func TestEveryBadValueOfAlongNamesItsField(t *testing.T) {
	line := geo.EncodeLine([]geo.Public{{Lat: 48, Lon: 2}, {Lat: 45, Lon: 4}})
	for field, values := range map[string][]string{
		"stop":   {strings.Repeat("x", MaxText+1), "a%01b", strings.Repeat("a&stop=", MaxStops) + "b"},
		"line":   {"A", "!", "AA", line + "A", strings.Repeat(line, 1000), line + "&line=" + line, line + "&stop=Paris", "________"},
		"off":    {"-1", "x", "1e3", "1000001"},
		"within": {"0", "-1", "251", "x", "NaN", "Inf", "1e9", "0x10", "5&within=6"},
		"tag":    {"A B"}, "status": {"shut"}, "kind": {"city"}, "limit": {"0", "101"}, "cursor": {"a b"}, "bbox": {"1"}, "free": {"true"},
	} {
		for _, value := range values {
			v, err := Parse(field + "=" + strings.ReplaceAll(value, " ", "%20"))
			if err == nil {
				_, err = ParseAlong(v)
			}
			var e *errs.Error
			if !errors.As(err, &e) || e.Code != errs.Invalid || len(e.Fields) == 0 || e.Fields[0].Field != field {
				t.Errorf("%s=%.60s: %v, want an Invalid error in %s", field, value, err, field)
			}
		}
	}
	if _, err := ParseCorridor(parse(t, "limit=1001")); !errs.Is(err, errs.Invalid) {
		t.Errorf("limit=1001: %v", err)
	}
	if c, err := ParseCorridor(parse(t, "limit=1000&within=0.5&tag=ruins&near=nonsense")); err != nil || c.Places.Limit != 1000 || c.Within != .5 || len(c.Places.Tags) != 1 {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestAlongIsWrittenAsItIsRead(t *testing.T) {
	line := geo.EncodeLine([]geo.Public{{Lat: 48.85, Lon: 2.35}, {Lat: 45.76, Lon: 4.83}})
	for _, raw := range []string{"stop=Paris&stop=Lyon&within=25&tag=ruins", "line=" + line + "&off=40&free=yes", "stop=Z%C3%BCrich&stop=48.1%2C2&limit=5&cursor=abc", ""} {
		a, err := ParseAlong(parse(t, raw))
		if err != nil {
			t.Fatal(err)
		}
		b, err := ParseAlong(parse(t, a.Encode()))
		if err != nil || !reflect.DeepEqual(a, b) {
			t.Errorf("%s is read as %+v and again as %+v, %v", raw, a, b, err)
		}
	}
	a, _ := ParseAlong(parse(t, "stop=Paris&stop=&stop=+Lyon+&sort=near"))
	if !reflect.DeepEqual(a.Stops, []string{"Paris", "Lyon"}) || a.Within != DefaultWithin || a.Title() != "Paris – Lyon" {
		t.Errorf("%+v", a)
	}
	if got := a.Instead(1, "Lyon, France").Wide(50).Encode(); got != "stop=Paris&stop=Lyon%2C+France&within=50" || a.Stops[1] != "Lyon" {
		t.Errorf("%s, and the query itself %v", got, a.Stops)
	}
}
