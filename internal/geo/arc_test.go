package geo_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"mirabilia/internal/geo"
)

var anywhere = rapid.Custom(func(t *rapid.T) geo.Public {
	if rapid.IntRange(0, 9).Draw(t, "special") == 0 {
		return rapid.SampledFrom([]geo.Public{{Lat: 90}, {Lat: -90}, {Lon: 180}, {Lon: -180}, {}, {Lat: 90, Lon: 77}, {Lat: 1e-9}}).Draw(t, "which")
	}
	return geo.Public{Lat: rapid.Float64Range(-90, 90).Draw(t, "lat"), Lon: rapid.Float64Range(-180, 180).Draw(t, "lon")}
})

// No point of an arc is nearer than the nearest, and the point that Along names
// is it.
func TestArc_nearestIsNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, p := anywhere.Draw(t, "a"), anywhere.Draw(t, "b"), anywhere.Draw(t, "p")
		if rapid.Bool().Draw(t, "short") {
			d := rapid.Float64Range(-1e-4, 1e-4)
			b = geo.Public{Lat: math.Max(-90, math.Min(90, a.Lat+d.Draw(t, "dlat"))), Lon: math.Max(-180, math.Min(180, a.Lon+d.Draw(t, "dlon")))}
		}
		arc := geo.NewArc(a.Vec(), b.Vec())
		if d := math.Abs(arc.Angle*geo.EarthRadius - geo.Metres(a, b)); d > 0.5 { // haversine itself is off by so much near the antipode
			t.Fatalf("from %v to %v is %f rad long, off by %f m", a, b, arc.Angle, d)
		}
		got := geo.ChordMetres(arc.Chord2(p.Vec()))
		at := arc.At(arc.Along(p.Vec()))
		if m := geo.ChordMetres(at.Chord2(p.Vec())); math.Abs(m-got) > 0.2 {
			t.Fatalf("the nearest point is %f m away, Along names one %f m away", got, m)
		}
		for i := range 101 {
			q := arc.At(arc.Angle * float64(i) / 100)
			if m := geo.ChordMetres(q.Chord2(p.Vec())); m < got-0.2 {
				t.Fatalf("%v to %v: %v is %f m from it, but %f m from its point %d", a, b, p, got, m, i)
			}
		}
		if d := geo.ChordMetres(arc.At(arc.Angle).Chord2(b.Vec())); d > 0.2 {
			t.Fatalf("the arc ends %f m off its end", d)
		}
	})
}

func TestArc_betweenOpposites(t *testing.T) {
	for _, c := range []struct{ a, b, over geo.Public }{
		{geo.Public{Lat: 10, Lon: 20}, geo.Public{Lat: -10, Lon: -160}, geo.Public{Lat: 90}},
		{geo.Public{Lat: 90}, geo.Public{Lat: -90}, geo.Public{}},
		{geo.Public{}, geo.Public{Lon: 180}, geo.Public{Lat: 90}},
	} {
		arc := geo.NewArc(c.a.Vec(), c.b.Vec())
		if m := geo.ChordMetres(arc.Chord2(c.over.Vec())); m > 0.2 {
			t.Errorf("%v to %v passes %v at %f m", c.a, c.b, c.over, m)
		}
		if math.Abs(arc.Angle-math.Pi) > 1e-7 {
			t.Errorf("%v to %v is %f rad", c.a, c.b, arc.Angle)
		}
	}
	var none = geo.NewArc(geo.Public{Lat: 5}.Vec(), geo.Public{Lat: 5}.Vec())
	if m := geo.ChordMetres(none.Chord2(geo.Public{Lat: 6}.Vec())); math.Abs(m-geo.Metres(geo.Public{Lat: 5}, geo.Public{Lat: 6})) > 1e-6 || none.Along(geo.Public{}.Vec()) != 0 {
		t.Errorf("an arc of no length: %f m", m)
	}
}
