package geo

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestPlusCodesAsTheyArrive(t *testing.T) {
	zurich := Public{Lat: 47.3656, Lon: 8.5250}
	for _, s := range []string{"8FVC9G8F+6X", "8fvc9g8f+6x", "8FVC9G8F 6X", "8FVC9G8F+6X Zürich", "8FVC9G8F 6X, Zurich, Switzerland"} {
		p, err := ParsePosition(s)
		if err != nil || Metres(p, zurich) > 30 {
			t.Errorf("%q is read as %v, %v", s, p, err)
		}
	}
	for _, s := range []string{"9G8F+6X Zurich", "9G8F 6X Zurich", "Zurich 9G8F+6X", "9g8f+6x, Zürich, Switzerland"} {
		code, town, ok := ShortPlusCode(s)
		if !ok || code != "9G8F+6X" || town == "" {
			t.Errorf("%q parts into %q, %q, %v", s, code, town, ok)
		}
		if _, err := ParsePosition(s); err == nil {
			t.Errorf("%q is read without its town", s)
		}
	}
	if _, err := ParsePosition("9G8F+6X"); !errors.Is(err, ErrShortPlusCode) {
		t.Errorf("a short code alone: %v", err)
	}
	for _, s := range []string{"9G8F+6X", "8FVC9G8F+6X Zürich", "C+C Music Factory", "Café 22", "FCC 22 Washington", "", "+", "2222 22 Oslo"} {
		if code, town, ok := ShortPlusCode(s); ok {
			t.Errorf("%q parts into %q, %q", s, code, town)
		}
	}
}

func TestShortCodesAreRecoveredNextToTheirTown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Public{Lat: rapid.Float64Range(-85, 85).Draw(t, "lat"), Lon: rapid.Float64Range(-180, 179.999).Draw(t, "lon")}
		missing := rapid.SampledFrom([]int{2, 4}).Draw(t, "missing")
		reach := 0.49 * 400 / math.Pow(20, float64(missing)/2)
		town := Public{
			Lat: math.Max(-90, math.Min(90, p.Lat+rapid.Float64Range(-reach, reach).Draw(t, "dlat"))),
			Lon: p.Lon + rapid.Float64Range(-reach, reach).Draw(t, "dlon"),
		}
		town.Lon = math.Mod(town.Lon+540, 360) - 180
		got, err := RecoverPlusCode(PlusCode(p)[missing:], town)
		if err != nil || Metres(got, p) > 15 {
			t.Fatalf("%v by %q next to %v is %v, %v", p, PlusCode(p)[missing:], town, got, err)
		}
	})
}

func FuzzShortPlusCode(f *testing.F) {
	for _, s := range []string{"9G8F+6X Zurich", "Zurich 9G8F 6X", "+", "2+2 x", "CC 22 \x00", "９G8F+6X 東京"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		code, town, ok := ShortPlusCode(s)
		if !ok {
			return
		}
		if town == "" {
			t.Fatalf("%q has no town", s)
		}
		if p, err := RecoverPlusCode(code, Public{Lat: 47, Lon: 8}); err == nil && (math.Abs(p.Lat) > 90 || math.Abs(p.Lon) > 180) {
			t.Fatalf("%q is at %v", s, p)
		}
	})
}
