// Package draw makes up what the benchmarks work on: clustered points, places
// with texts, and questions about both. The same seed gives the same data.
package draw

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"sort"

	"mirabilia/internal/gazetteer"
)

// The seeds: data and questions are drawn from the same law, never the same
// numbers.
const (
	DataSeed     = 1
	QuestionSeed = 99
)

// Point is a position in degrees.
type Point struct{ Lat, Lon float64 }

// centre is a town that points gather around.
type centre struct {
	Point
	name string
}

// World draws positions as a real atlas has them: seven in ten around towns,
// the larger the more, the others in the wide country.
type World struct {
	centres []centre
	weight  []float64 // running sums of population^0.7
}

// soundings is how many positions are tried to find the towns.
const soundings = 150_000

// NewWorld finds towns by asking the gazetteer about positions spread evenly
// over the globe.
func NewWorld() *World {
	g := gazetteer.Open()
	r := rand.New(rand.NewPCG(7, 7))
	found := map[string]*gazetteer.Node{}
	for range soundings {
		lat := math.Asin(2*r.Float64()-1) * 180 / math.Pi
		if w := g.Locate(lat, r.Float64()*360-180); w.City != nil {
			found[w.City.Path] = w.City
		}
	}
	list := make([]*gazetteer.Node, 0, len(found))
	for _, n := range found {
		list = append(list, n)
	}
	slices.SortFunc(list, func(a, b *gazetteer.Node) int { // the largest first
		return cmp.Or(cmp.Compare(b.Population, a.Population), cmp.Compare(a.Path, b.Path))
	})
	w := &World{}
	sum := 0.0
	for _, n := range list {
		sum += math.Pow(float64(n.Population)+1, 0.7)
		w.centres = append(w.centres, centre{Point{n.Lat, n.Lon}, n.Name})
		w.weight = append(w.weight, sum)
	}
	return w
}

// Points draws n positions with six decimals.
func (w *World) Points(seed uint64, n int) []Point {
	r := rand.New(rand.NewPCG(seed, 7))
	out := make([]Point, n)
	for i := range out {
		out[i] = w.point(r)
	}
	return out
}

func (w *World) point(r *rand.Rand) Point {
	i, km := r.IntN(len(w.centres)), r.ExpFloat64()*60
	if r.Float64() < 0.7 {
		i = sort.SearchFloat64s(w.weight, r.Float64()*w.weight[len(w.weight)-1])
		km = r.ExpFloat64() * (3 + 37*r.Float64()*r.Float64())
	}
	c := w.centres[min(i, len(w.centres)-1)]
	angle := r.Float64() * 2 * math.Pi
	lat := c.Lat + km*math.Sin(angle)/111.2
	lon := c.Lon + km*math.Cos(angle)/(111.2*max(0.05, math.Cos(c.Lat*math.Pi/180)))
	return Point{six(max(-84, min(84, lat))), six(math.Mod(lon+540, 360) - 180)}
}

func six(v float64) float64 { return math.Round(v*1e6) / 1e6 }
