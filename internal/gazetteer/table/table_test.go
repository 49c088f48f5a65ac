package table

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestTownComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := Town{
			Lat: rapid.Float64Range(-90, 90).Draw(t, "lat"), Lon: rapid.Float64Range(-180, 180).Draw(t, "lon"),
			Population: rapid.Int64Range(0, 1<<25-1).Draw(t, "population"), Region: rapid.IntRange(0, 4095).Draw(t, "region"),
			Suffix: rapid.Uint8Range(0, 31).Draw(t, "suffix"), Section: rapid.Bool().Draw(t, "section"),
			Asserts: rapid.Bool().Draw(t, "asserts"), Seat: rapid.Bool().Draw(t, "seat"),
		}
		record := AppendTown(nil, want)
		got := ReadTown(record)
		if len(record) != TownSize || !want.Fits() || math.Abs(got.Lat-want.Lat) > 1e-4 || math.Abs(got.Lon-want.Lon) > 1e-4 {
			t.Fatalf("%d bytes, %+v for %+v", len(record), got, want)
		}
		got.Lat, got.Lon = want.Lat, want.Lon
		if got != want {
			t.Fatalf("%+v for %+v", got, want)
		}
	})
}

func TestTownsThatDoNotFit(t *testing.T) {
	for _, town := range []Town{{Population: 1 << 25}, {Region: 4096}, {Suffix: 32}} {
		if town.Fits() {
			t.Errorf("%+v fits", town)
		}
	}
}

func TestSectionsComeBack(t *testing.T) {
	want := [][]byte{{1, 2}, {}, {3}}
	file := Pack(want...)
	got, ok := Unpack(file, 3)
	if !ok || !reflect.DeepEqual(got, want) {
		t.Fatalf("%v, %v", got, ok)
	}
	for _, damaged := range [][]byte{nil, file[:5], file[:len(file)-1], append([]byte{9}, file[1:]...)} {
		if _, ok := Unpack(damaged, 3); ok {
			t.Errorf("%v is taken for a file", damaged)
		}
	}
}

// TestAroundMissesNothing compares the grid with all positions' distances, at
// the poles and the date line too.
func TestAroundMissesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		near := rapid.SampledFrom([][2]float64{{0, 0}, {48, 2}, {-17, 180}, {66, -180}, {88, 30}, {-89, 170}}).Draw(t, "near")
		position := rapid.Custom(func(t *rapid.T) [2]float64 {
			lat := near[0] + rapid.Float64Range(-3, 3).Draw(t, "lat")
			lon := near[1] + rapid.Float64Range(-6, 6).Draw(t, "lon")
			return [2]float64{min(max(lat, -90), 90), math.Mod(lon+540, 360) - 180}
		})
		at := rapid.SliceOfN(position, 1, 80).Draw(t, "positions")
		slices.SortFunc(at, func(a, b [2]float64) int { return Cell(a[0], a[1]) - Cell(b[0], b[1]) })
		cells := make([]int, len(at))
		for i, p := range at {
			cells[i] = Cell(p[0], p[1])
		}
		grid := OpenGrid(BuildGrid(cells))
		from, metres := position.Draw(t, "from"), rapid.Float64Range(0, 150_000).Draw(t, "metres")
		seen := map[int]int{}
		grid.Around(from[0], from[1], metres, func(from, to int) {
			for i := from; i < to; i++ {
				seen[i]++
			}
		})
		for i, p := range at {
			if seen[i] > 1 {
				t.Fatalf("%v is visited %d times", p, seen[i])
			}
			wide := math.Cos(from[0] * math.Pi / 180)
			if math.Abs(from[0]) < 85 && Squared(from[0], from[1], p[0], p[1], wide) <= 0.9*metres*metres && seen[i] == 0 {
				t.Fatalf("%v is missed from %v within %.0f m", p, from, metres)
			}
		}
	})
}

func TestRadiusGrows(t *testing.T) {
	last := 0.0
	for _, population := range []int64{0, 1, 1_000, 46_999, 47_000, 47_001, 100_000, 1_000_000, 30_000_000} {
		r := Radius(population)
		if r < last || r < 4_000 || r > 60_000 {
			t.Errorf("Radius(%d) = %.0f after %.0f", population, r, last)
		}
		last = r
	}
	if r := Radius(GreatPopulation); r < 7_990 || r > 8_100 {
		t.Errorf("a great town reaches %.0f m", r)
	}
}
