package border

import (
	"math"
	"math/rand"
	"testing"

	"pgregory.net/rapid"
)

// blocks is a world of square lands on a raster of whole degrees, which can
// be asked by arithmetic: land[x][y] fills longitude x to x+1.
type blocks map[[2]int]Land

// lines are the blocks' borders, each split at random places and nudged by
// nothing: the raster is off the table's grid by a third of a degree.
const offset = 1.0 / 3

func (b blocks) lines(rng *rand.Rand) []Line {
	var out []Line
	side := func(here, there [2]int, x0, y0, x1, y1 float64) {
		if b[here] == b[there] {
			return
		}
		pts := []Point{{wrap(x0 + offset), y0 + offset}}
		for t := rng.Float64(); t < 1; t += rng.Float64() {
			pts = append(pts, Point{wrap(x0 + t*(x1-x0) + offset), y0 + t*(y1-y0) + offset})
		}
		pts = append(pts, Point{wrap(x1 + offset), y1 + offset})
		out = append(out, Line{b[here], b[there], pts})
	}
	for x := -180; x < 180; x++ {
		for y := -90; y < 89; y++ {
			fx, fy := float64(x), float64(y)
			side([2]int{x, y}, [2]int{east(x), y}, fx+1, fy, fx+1, fy+1)
			side([2]int{x, y}, [2]int{x, y + 1}, fx, fy+1, fx+1, fy+1)
		}
	}
	return out
}

func east(x int) int { return (x+181)%360 - 180 }

func wrap(lon float64) float64 {
	if lon > 180 {
		return lon - 360
	}
	return lon
}

func TestLandOfAWorldOfBlocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Int64().Draw(t, "seed")
		rng := rand.New(rand.NewSource(seed))
		world := blocks{}
		for range 40 {
			// Clusters of lands, at the date line and near the poles too.
			x, y := rng.Intn(360)-180, rng.Intn(174)-88
			for range 6 {
				world[[2]int{x, min(max(y, -88), 86)}] = Land(1 + rng.Intn(5))
				x, y = east(x+rng.Intn(2)-1), y+rng.Intn(3)-1
			}
		}
		index := Open(Build(world.lines(rng)))
		for range 300 {
			lat, lon := rng.Float64()*178-89, rng.Float64()*360-180
			if rng.Intn(2) == 0 { // near some block
				for c := range world {
					lon, lat = wrap(float64(c[0])+offset+rng.Float64()*1.2), float64(c[1])+offset+rng.Float64()*1.2
					break
				}
			}
			fx, fy := lon-offset, lat-offset
			if fx < -180 {
				fx += 360
			}
			if d := math.Abs(math.Remainder(fx, 1)); d < 0.001 || math.Abs(math.Remainder(fy, 1)) < 0.001 {
				continue // on a border, to the table's accuracy
			}
			want := world[[2]int{int(math.Floor(fx)), int(math.Floor(fy))}]
			land, on := index.At(lat, lon)
			if want != 0 && (land != want || !on) || want == 0 && on {
				t.Fatalf("at %f,%f: land %d (on land %v), want %d", lat, lon, land, on, want)
			}
		}
	})
}

// TestShoreAgreesWithEveryStep compares with the distance to each piece of a
// coast, drawn fine.
func TestShoreAgreesWithEveryStep(t *testing.T) {
	for _, lat := range []float64{-75, 0, 40, 70} {
		for _, lon := range []float64{-179.95, 10.2, 179.97} {
			var ring []Point
			for a := 0; a <= 360; a += 2 {
				s, c := math.Sincos(float64(a) * math.Pi / 180)
				p := Point{lon + 0.1*c/math.Cos(lat*math.Pi/180), lat + 0.1*s}
				if p.Lon > 180 {
					p.Lon -= 360
				} else if p.Lon < -180 {
					p.Lon += 360
				}
				ring = append(ring, p)
			}
			ring[len(ring)-1] = ring[0]
			index := Open(Build([]Line{{A: 0, B: 7, Points: ring}}))
			for metres := 1_000.0; metres < 30_000; metres += 1_500 {
				out := 0.1 + metres/111_195
				for a := 15; a < 360; a += 30 {
					s, c := math.Sincos(float64(a) * math.Pi / 180)
					p, q := lat+out*s, lon+out*c/math.Cos((lat+out*s/2)*math.Pi/180)
					q = math.Mod(q+540, 360) - 180
					land, on := index.At(p, q)
					near := metres < Reach-900
					far := metres > Reach+900
					if on || near && land != 7 || far && land != 0 {
						t.Fatalf("%.0f m off the shore at %f,%f: land %d, on land %v", metres, p, q, land, on)
					}
				}
			}
			if land, on := index.At(lat, lon); land != 7 || !on {
				t.Fatalf("in the middle at %f,%f: land %d, %v", lat, lon, land, on)
			}
		}
	}
}

func TestNowhere(t *testing.T) {
	index := Open(Build([]Line{{A: 0, B: 1, Points: []Point{{-10, -10}, {10, -10}, {10, 10}, {-10, 10}, {-10, -10}}}}))
	for _, p := range [][2]float64{
		{math.NaN(), 0}, {0, math.NaN()}, {math.Inf(1), 0}, {0, math.Inf(-1)}, {90.1, 0}, {-91, 0}, {0, 181}, {0, -180.5},
	} {
		if land, on := index.At(p[0], p[1]); land != 0 || on {
			t.Errorf("At(%v) = %d, %v; want the sea", p, land, on)
		}
	}
	for _, p := range [][2]float64{{90, 0}, {-90, 0}, {0, 180}, {0, -180}} {
		if land, _ := index.At(p[0], p[1]); land != 0 {
			t.Errorf("At(%v) = %d; want the sea", p, land)
		}
	}
}

// FuzzDamage reads tables that Build never made: any answer, no panic.
func FuzzDamage(f *testing.F) {
	f.Add(Build([]Line{{A: 0, B: 1, Points: []Point{{-1, -1}, {1, -1}, {0, 1}, {-1, -1}}}}), 0.1, 0.1)
	f.Add([]byte{}, 0.0, 0.0)
	f.Fuzz(func(t *testing.T, table []byte, lat, lon float64) {
		Open(table).At(lat, lon)
	})
}
