package space_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"mirabilia/internal/finder/facet"
	"mirabilia/internal/finder/space"
	"mirabilia/internal/geo"
)

// world makes points around cluster centres, among them the poles, the date
// line and the null island, with many at exactly the same position.
func world(r *rand.Rand, n int) []geo.Public {
	centres := []geo.Public{{Lat: 90}, {Lat: -90}, {Lat: 10, Lon: 180}, {Lat: -17, Lon: -180}, {}, {Lat: 85.06, Lon: 20}, {Lat: -85.1, Lon: -70}}
	for range 40 {
		centres = append(centres, anywhere(r))
	}
	ps := make([]geo.Public, 0, n)
	for len(ps) < n {
		switch c := centres[r.IntN(len(centres))]; r.IntN(8) {
		case 0:
			ps = append(ps, anywhere(r))
		case 1:
			ps = append(ps, c)
		case 2:
			if len(ps) > 0 {
				ps = append(ps, ps[r.IntN(len(ps))])
			}
		default:
			d := r.ExpFloat64() * []float64{1e-5, 0.01, 0.5}[r.IntN(3)]
			ps = append(ps, around(c, d, r.Float64()*2*math.Pi, r.IntN(2) == 0))
		}
	}
	return ps
}

func anywhere(r *rand.Rand) geo.Public {
	return geo.Public{Lat: math.Asin(2*r.Float64()-1) * 180 / math.Pi, Lon: r.Float64()*360 - 180}
}

func around(c geo.Public, degrees, angle float64, rounded bool) geo.Public {
	p := geo.Public{Lat: c.Lat + degrees*math.Sin(angle), Lon: c.Lon + degrees*math.Cos(angle)}
	p.Lat = max(-90, min(90, p.Lat))
	if p.Lon > 180 {
		p.Lon -= 360
	} else if p.Lon < -180 {
		p.Lon += 360
	}
	if rounded {
		p.Lat, p.Lon = math.Round(p.Lat*1e6)/1e6, math.Round(p.Lon*1e6)/1e6
	}
	return p
}

func positions(ps []geo.Public) *space.Positions {
	var at space.Positions
	for i := range ps {
		at.Append(&ps[i])
	}
	return &at
}

func all(uint32) bool { return true }

func TestPositionsComeBackExactly(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	ps := world(r, 20_000)
	ps = append(ps, geo.Public{Lat: math.Copysign(0, -1), Lon: math.Copysign(0, -1)}, geo.Public{Lat: 19.3577012, Lon: -99.1596001})
	at := positions(ps)
	at.Append(nil)
	at.Append(&geo.Public{Lat: math.NaN()})
	var again space.Positions
	for o := range uint32(at.Len()) {
		again.AppendFrom(at, o)
	}
	for i, p := range ps {
		for _, q := range []geo.Public{at.At(uint32(i)), again.At(uint32(i))} {
			if math.Float64bits(p.Lat) != math.Float64bits(q.Lat) || math.Float64bits(p.Lon) != math.Float64bits(q.Lon) {
				t.Fatalf("position %d is %v, was %v", i, q, p)
			}
		}
	}
	for o := len(ps); o < at.Len(); o++ {
		if again.Has(uint32(o)) {
			t.Errorf("ordinal %d has a position, want none", o)
		}
	}
}

// bruteNearest is Nearest by the definition.
func bruteNearest(ps []geo.Public, p geo.Public, k int, w space.Within) []space.Hit {
	var hits []space.Hit
	for i, q := range ps {
		o := uint32(i)
		m := geo.Metres(p, q)
		if w.Keep != nil && !w.Keep.Has(o) || w.Not.Has(o) || w.Max > 0 && m > w.Max || m < w.Least {
			continue
		}
		hits = append(hits, space.Hit{Ord: o, Metres: m})
	}
	slices.SortFunc(hits, func(a, b space.Hit) int {
		if a.Metres != b.Metres {
			if a.Metres < b.Metres {
				return -1
			}
			return 1
		}
		return int(a.Ord) - int(b.Ord)
	})
	for len(hits) > k && hits[len(hits)-1].Metres > hits[k-1].Metres {
		hits = hits[:len(hits)-1]
	}
	return hits
}

func TestNearestIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for _, n := range []int{1, 2, 15, 16, 17, 18, 33, 500, 20_000} {
		ps := world(r, n)
		x := space.Build(positions(ps), all)
		for q := range 150 {
			p := anywhere(r)
			if q%2 == 0 {
				p = ps[r.IntN(n)]
			}
			if q%16 == 1 { // the antipode of a point
				a := ps[r.IntN(n)]
				p = geo.Public{Lat: -a.Lat, Lon: a.Lon - math.Copysign(180, a.Lon)}
			}
			k := []int{1, 3, 20, 150, n + 1}[r.IntN(5)]
			w := narrow(r, ps, p)
			got, want := x.Nearest(p, k, w), bruteNearest(ps, p, k, w)
			if !slices.Equal(got, want) {
				t.Fatalf("%d points, the %d nearest to %v within max %v least %v:\n got %v\nwant %v", n, k, p, w.Max, w.Least, head(got), head(want))
			}
		}
	}
}

func narrow(r *rand.Rand, ps []geo.Public, p geo.Public) (w space.Within) {
	if r.IntN(2) == 0 {
		w.Keep = facet.NewBits(len(ps))
		share := []float64{0.001, 0.01, 0.1, 0.9}[r.IntN(4)]
		north := r.IntN(3) == 0 // all far away from what is in the south
		for i := range ps {
			if r.Float64() < share && (!north || ps[i].Lat > 0) {
				w.Keep.Set(uint32(i))
			}
		}
	}
	if r.IntN(3) == 0 {
		w.Not = facet.NewBits(len(ps))
		for i := range ps {
			if r.IntN(3) == 0 {
				w.Not.Set(uint32(i))
			}
		}
	}
	some := geo.Metres(p, ps[r.IntN(len(ps))])
	switch r.IntN(4) {
	case 0:
		w.Max = some
	case 1:
		w.Least = some
	}
	return w
}

func head(h []space.Hit) []space.Hit { return h[:min(len(h), 5)] }

func TestCircleIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	ps := world(r, 5000)
	x := space.Build(positions(ps), all)
	for range 300 {
		p := ps[r.IntN(len(ps))]
		radius := geo.Metres(p, ps[r.IntN(len(ps))])
		got := facet.NewBits(len(ps))
		x.Circle(p, radius, got)
		for i, q := range ps {
			if in := geo.Metres(p, q) <= radius; in != got.Has(uint32(i)) {
				t.Fatalf("%v within %v m of %v: got %v, want %v", q, radius, p, !in, in)
			}
		}
	}
}

func TestBoxIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	ps := world(r, 20_000)
	x := space.Build(positions(ps), all)
	boxes := []geo.Box{{West: -180, South: -90, East: 180, North: 90}, {West: 179, South: -90, East: -179, North: 90},
		{West: -180, South: 86, East: 180, North: 90}, {West: 180, South: -90, East: -180, North: 90}, {}}
	for range 300 {
		a, b := ps[r.IntN(len(ps))], ps[r.IntN(len(ps))]
		if r.IntN(2) == 0 {
			b = around(a, r.ExpFloat64(), r.Float64()*7, true)
		}
		boxes = append(boxes, geo.Box{West: a.Lon, East: b.Lon, South: min(a.Lat, b.Lat), North: max(a.Lat, b.Lat)})
	}
	for _, box := range boxes {
		got := facet.NewBits(len(ps))
		x.Box(box, got)
		for i, p := range ps {
			if in := box.Contains(p); in != got.Has(uint32(i)) {
				t.Fatalf("%v in %+v: got %v, want %v", p, box, !in, in)
			}
		}
	}
}

// pixel is the place of a position in the 64 × 64 grids of a zoom.
func pixel(p geo.Public, z int) (x, y int) {
	n := math.Exp2(float64(z + 6))
	s := math.Sin(p.Lat * math.Pi / 180)
	fx := (p.Lon + 180) / 360 * n
	fy := (0.5 - math.Log((1+s)/(1-s))/(4*math.Pi)) * n
	return int(max(0, min(n-1, math.Floor(fx)))), int(max(0, min(n-1, math.Floor(fy))))
}

func TestTileCountsAreExact(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	ps := world(r, 30_000)
	x := space.Build(positions(ps), all)
	sparse, dense, not := facet.NewBits(len(ps)), facet.NewBits(len(ps)), facet.NewBits(len(ps))
	for i := range ps {
		if r.IntN(100) == 0 {
			sparse.Set(uint32(i))
		}
		if r.IntN(2) == 0 {
			dense.Set(uint32(i))
		}
		if r.IntN(50) == 0 {
			not.Set(uint32(i))
		}
	}
	cases := []struct{ keep, not facet.Bits }{{nil, nil}, {nil, not}, {sparse, nil}, {dense, nil}, {sparse, not}, {dense, not}}
	var g space.Grid
	for _, z := range []int{0, 1, 2, 5, 10, 14, 18, space.MaxZoom} {
		for range 12 {
			px, py := pixel(ps[r.IntN(len(ps))], z)
			tx, ty := px>>6, py>>6
			for ci, c := range cases {
				g.Reset()
				g.Halved = r.IntN(4)
				x.Tile(z, tx, ty, c.keep, c.not, &g)
				if err := checkGrid(ps, z, tx, ty, c.keep, c.not, &g); err != nil {
					t.Fatalf("tile %d/%d/%d, case %d: %v", z, tx, ty, ci, err)
				}
			}
		}
	}
}

func checkGrid(ps []geo.Public, z, tx, ty int, keep, not facet.Bits, g *space.Grid) error {
	type cell struct {
		n    uint32
		best uint32
	}
	want := map[[2]int]cell{}
	coarse := func(n int) int { return n & 63 >> g.Halved }
	for i, p := range ps {
		o := uint32(i)
		x, y := pixel(p, z)
		if x>>6 != tx || y>>6 != ty || keep != nil && !keep.Has(o) || not.Has(o) {
			continue
		}
		c, ok := want[[2]int{coarse(x), coarse(y)}]
		if !ok {
			c.best = o
		}
		c.n++
		want[[2]int{coarse(x), coarse(y)}] = c
	}
	var err error
	got := 0
	g.Each(func(i int, c *space.Cell) {
		got++
		x, y := 0, 0
		for b := range 6 {
			x |= i >> (2 * b) & 1 << b
			y |= i >> (2*b + 1) & 1 << b
		}
		w := want[[2]int{x, y}]
		if w.n != c.Count || w.best != c.Best {
			err = fmt.Errorf("cell %d,%d has %d, best %d; want %d, best %d", x, y, c.Count, c.Best, w.n, w.best)
		}
		if mx, my := pixel(c.At(), z); z < 20 && c.Count > 0 && (mx>>6 != tx || my>>6 != ty || coarse(mx) != x || coarse(my) != y) {
			err = fmt.Errorf("cell %d,%d has its mean in another, at %v", x, y, c.At())
		}
	})
	if err == nil && got != len(want) {
		err = fmt.Errorf("%d cells hold something, want %d", got, len(want))
	}
	return err
}

func TestOnlyMembersAreFound(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	ps := world(r, 3000)
	even := func(o uint32) bool { return o%2 == 0 }
	x := space.Build(positions(ps), even)
	keep := facet.NewBits(len(ps))
	for i := range 400 {
		keep.Set(uint32(i))
	}
	for _, h := range append(x.Nearest(ps[1], 3, space.Within{Keep: keep}), x.Nearest(ps[1], 2000, space.Within{})...) {
		if !even(h.Ord) {
			t.Fatalf("found %d, which is no member", h.Ord)
		}
	}
	var g space.Grid
	x.Tile(0, 0, 0, keep, nil, &g)
	n := uint32(0)
	g.Each(func(_ int, c *space.Cell) { n += c.Count })
	if n != 200 {
		t.Errorf("tile counts %d members, want 200", n)
	}
}

func TestPointsAreSmall(t *testing.T) {
	ps := clustered(50_000, 3)
	at := positions(ps)
	x := space.Build(at, all)
	if got := float64(x.Bytes()) / float64(len(ps)); got > 40 {
		t.Errorf("a point takes %.1f bytes, want 40 at most", got)
	}
}
