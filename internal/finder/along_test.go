package finder_test

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"syscall"
	"testing"
	"time"

	"pgregory.net/rapid"

	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/geo"
)

// passed measures a point against every arc of a line, one after the other.
func passed(line []geo.Public, p geo.Public) (metres, along float64) {
	best, from := math.Inf(1), 0.0
	for i := 1; i < len(line); i++ {
		arc := geo.NewArc(line[i-1].Vec(), line[i].Vec())
		if m := geo.ChordMetres(arc.Chord2(p.Vec())); m < best-1e-6 {
			best, along = m, from+arc.Along(p.Vec())*geo.EarthRadius
		}
		from += arc.Angle * geo.EarthRadius
	}
	return best, along
}

// bruteAlong is Along by the definition.
func (m model) bruteAlong(line []geo.Public, most float64, flt *finder.Filter) []finder.Hit {
	var out []finder.Hit
	for _, d := range m.kept(flt) {
		if !entry(d.Kind) || d.At == nil {
			continue
		}
		if metres, along := passed(line, *d.At); metres <= most {
			out = append(out, finder.Hit{Ref: d.Ref, Metres: metres, Along: along})
		}
	}
	slices.SortStableFunc(out, func(a, b finder.Hit) int { return cmp.Compare(a.Along, b.Along) })
	return out
}

// aLine walks from somewhere: short steps, leaps, points twice, the date line
// and the poles.
func aLine(r *rand.Rand, points int) []geo.Public {
	p := geo.Public{Lat: r.Float64()*180 - 90, Lon: r.Float64()*360 - 180}
	if r.IntN(3) == 0 {
		p = []geo.Public{{Lat: 89.9, Lon: 10}, {Lat: 0, Lon: 179.9}, {Lat: -89, Lon: -179}, {Lat: 52, Lon: 5}}[r.IntN(4)]
	}
	line := []geo.Public{p}
	step := math.Pow(10, r.Float64()*4-3) // degrees
	for len(line) < points {
		switch r.IntN(12) {
		case 0: // stands still
		case 1:
			p = geo.Public{Lat: -p.Lat, Lon: math.Mod(p.Lon+360, 360) - 180} // the other side of the Earth
		case 2:
			p = line[r.IntN(len(line))]
		default:
			p.Lat = max(-90, min(90, p.Lat+(r.Float64()-.5)*step))
			p.Lon = math.Mod(p.Lon+(r.Float64()-.5)*step+540, 360) - 180
		}
		line = append(line, p)
	}
	return line
}

func TestAlong_asByDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		r := rand.New(rand.NewPCG(seed, 3))
		line := aLine(r, 2+r.IntN(30))
		m, f := model{}, finder.New()
		var docs []finder.Doc
		for id := range int64(400) {
			at := geo.Public{Lat: r.Float64()*180 - 90, Lon: r.Float64()*360 - 180}
			if near := line[r.IntN(len(line))]; id%2 == 0 {
				at = geo.Public{Lat: max(-90, min(90, near.Lat+r.NormFloat64())), Lon: math.Mod(near.Lon+r.NormFloat64()+540, 360) - 180}
			} else if id%11 == 0 {
				at = near
			}
			d := finder.Doc{Ref: finder.Ref{ID: id}, At: &at, Status: "open", Rank: r.Float32()}
			if id%17 == 0 {
				d.At = nil
			}
			if id%5 == 0 {
				d.Tags = []string{"ruins"}
			}
			docs = append(docs, d)
		}
		f.Apply(docs[:300], nil)
		f.Apply(docs[300:], []finder.Ref{{ID: 7}, {ID: 8}})
		m.apply(docs, nil)
		m.apply(nil, []finder.Ref{{ID: 7}, {ID: 8}})
		flt := finder.Filter{Kinds: []finder.Kind{finder.Place}}
		if r.IntN(2) == 0 {
			flt.Tags = []string{"ruins"}
		}
		most := math.Pow(10, 2+r.Float64()*4)
		route, err := finder.NewRoute(line)
		for err != nil { // too long: as much of it as is taken
			line = line[:len(line)-1]
			route, err = finder.NewRoute(line)
		}
		want := m.bruteAlong(line, most, &flt)
		got := pagesAlong(t, f, route, most, flt, 1+r.IntN(50))
		if len(got) != len(want) {
			t.Fatalf("%d are beside the route, want %d", len(got), len(want))
		}
		byID := map[int64]finder.Hit{}
		for _, h := range want {
			byID[h.ID] = h
		}
		for i, h := range got {
			w, ok := byID[h.ID]
			if !ok || math.Abs(h.Metres-w.Metres) > 1e-3 {
				t.Fatalf("%v is %f m off, want %f", h.Ref, h.Metres, w.Metres)
			}
			// Near a pole of the route the nearest points lie far apart.
			if math.Abs(h.Along-w.Along) > 1+1e-6*w.Metres && w.Metres > 0 && h.Metres < 9.9e6 && !ambiguous(line, *docs[h.ID].At, h) {
				t.Fatalf("%v is passed at %f m, want %f (%f m off)", h.Ref, h.Along, w.Along, w.Metres)
			}
			if i > 0 && h.Along < got[i-1].Along {
				t.Fatalf("%v comes after what is passed later", h.Ref)
			}
		}
	})
}

// ambiguous says whether the point of the line that a hit names is as near as
// the nearest, to a millimetre.
func ambiguous(line []geo.Public, p geo.Public, h finder.Hit) bool {
	from := 0.0
	for i := 1; i < len(line); i++ {
		arc := geo.NewArc(line[i-1].Vec(), line[i].Vec())
		if length := arc.Angle * geo.EarthRadius; h.Along <= from+length+1e-6 {
			v := arc.At((h.Along - from) / geo.EarthRadius)
			return math.Abs(geo.ChordMetres(v.Chord2(p.Vec()))-h.Metres) < 1e-3
		} else {
			from += length
		}
	}
	return false
}

type fataler interface{ Fatal(args ...any) }

// pagesAlong goes through all pages.
func pagesAlong(t fataler, f *finder.Finder, r finder.Route, most float64, flt finder.Filter, limit int) []finder.Hit {
	var out []finder.Hit
	for cursor := ""; ; {
		page, err := f.Along(r, most, flt, limit, cursor)
		if err != nil {
			t.Fatal(err)
		}
		if out = append(out, page.Hits...); page.Next == "" {
			if len(out) != page.Total {
				t.Fatal("the pages hold ", len(out), " of ", page.Total)
			}
			return out
		}
		cursor = page.Next
	}
}

func TestNewRoute_refusesWhatIsNone(t *testing.T) {
	many := make([]geo.Public, finder.MaxRoutePoints+1)
	var long []geo.Public
	for i := range 12 {
		long = append(long, geo.Public{Lat: 10, Lon: float64(i%2)*178 - 89})
	}
	for name, line := range map[string][]geo.Public{
		"empty": nil, "one point": {{}}, "too many": many, "too long": long,
		"off the globe": {{}, {Lat: 91}}, "not a number": {{}, {Lon: math.NaN()}},
	} {
		if _, err := finder.NewRoute(line); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v, want Invalid", name, err)
		}
	}
	f := finder.New()
	at := geo.Public{Lat: 1, Lon: 1}
	f.Apply([]finder.Doc{{Ref: finder.Ref{ID: 1}, At: &at}}, nil)
	still, err := finder.NewRoute([]geo.Public{at, at})
	if err != nil {
		t.Fatal(err)
	}
	page, err := f.Along(still, 0, finder.Filter{}, 5, "")
	if err != nil || len(page.Hits) != 1 || page.Hits[0].Metres != 0 || page.Hits[0].Along != 0 {
		t.Errorf("a line that stands still passes %+v, %v", page, err)
	}
	if _, err := f.Along(still, 5, finder.Filter{}, 5, "nonsense"); !errs.Is(err, errs.Invalid) {
		t.Errorf("a forged cursor: %v", err)
	}
}

// aWayHome goes out and comes back: places are met on the way out.
func TestAlong_outAndBack(t *testing.T) {
	f := finder.New()
	var docs []finder.Doc
	for i := range int64(9) {
		at := geo.Public{Lat: 0.05 * float64(i%3), Lon: float64(i)}
		docs = append(docs, finder.Doc{Ref: finder.Ref{ID: i}, At: &at})
	}
	f.Apply(docs, nil)
	line := []geo.Public{{Lon: -1}, {Lon: 9}, {Lon: -1}}
	route, err := finder.NewRoute(line)
	if err != nil {
		t.Fatal(err)
	}
	for i, h := range pagesAlong(t, f, route, 20_000, finder.Filter{}, 4) {
		if want := geo.Metres(line[0], geo.Public{Lon: float64(i)}); h.ID != int64(i) || math.Abs(h.Along-want) > 0.01 {
			t.Errorf("number %d is %d at %f m, want at %f", i, h.ID, h.Along, want)
		}
	}
}

// wander is a line of n points and some metres that turns as roads do.
func wander(n int, metres float64) []geo.Public {
	r := rand.New(rand.NewPCG(4, 4))
	p, course := geo.Public{Lat: 38, Lon: -8}, 1.2
	line := []geo.Public{p}
	step := metres / float64(n-1) / 111_195
	for len(line) < n {
		course += r.NormFloat64() * 0.05
		if p.Lat > 66 {
			course = -0.6
		} else if p.Lat < -30 {
			course = 0.6
		}
		p.Lat += step * math.Sin(course)
		p.Lon = math.Mod(p.Lon+step*math.Cos(course)/math.Cos(p.Lat*math.Pi/180)+540, 360) - 180
		line = append(line, p)
	}
	return line
}

// BenchmarkAlong1M is a line of 50,000 points and 10,000 km among a million
// places, made a route each time, and the first hundred places along it.
func BenchmarkAlong1M(b *testing.B) {
	f := million()
	line := wander(finder.MaxRoutePoints, 10_000_000)
	for _, km := range []float64{5, 25, 100, 250, 500} {
		for name, flt := range map[string]finder.Filter{"all": {Kinds: []finder.Kind{finder.Place, finder.Eatery}}, "tag": {Tags: []string{"tag-3"}}} {
			b.Run(fmt.Sprintf("%gkm/%s", km, name), func(b *testing.B) {
				total := 0
				began, asked := cpu(b), 0
				each(b, func(int) {
					asked++
					route, err := finder.NewRoute(line)
					if err != nil {
						b.Fatal(err)
					}
					page, err := f.Along(route, km*1000, flt, 100, "")
					if err != nil {
						b.Fatal(err)
					}
					total = page.Total
				})
				b.ReportMetric(float64((cpu(b)-began).Microseconds())/1000/float64(asked), "cpu-ms")
				b.ReportMetric(float64(total), "places")
			})
		}
	}
}

// cpu is what the process has used of the processors; on a busy machine the
// clock says little.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
