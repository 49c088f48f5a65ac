package pack

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

const (
	// maxTiles and maxTileBytes bound the map of a pack: a city gets it closer
	// than a continent.
	maxTiles     = 100
	maxTileBytes = 8 << 20
	// edge is the latitude at which Mercator's world ends.
	edge = 85.0511287798
)

// Around is the smallest box about positions; it may cross the date line. nil
// where there is none.
func Around(items []Item) *Box {
	b := &Box{South: 90, North: -90}
	var lons []float64
	for _, i := range items {
		if i.Lat != nil && i.Lon != nil {
			b.South, b.North = math.Min(b.South, *i.Lat), math.Max(b.North, *i.Lat)
			lons = append(lons, *i.Lon)
		}
	}
	if len(lons) == 0 {
		return nil
	}
	slices.Sort(lons)
	// The box leaves out the widest gap between neighbours round the world.
	b.West, b.East = lons[0], lons[len(lons)-1]
	gap := 360 - (b.East - b.West)
	for i := 1; i < len(lons); i++ {
		if g := lons[i] - lons[i-1]; g > gap {
			gap, b.West, b.East = g, lons[i], lons[i-1]
		}
	}
	return b
}

// Cut finds the tiles of a basemap about a box: whole levels from the world
// down, as long as they stay few and small. size gives the bytes of a tile, as
// it lies on a device, and reports whether the basemap goes that close; source is
// the path of a tile with {z}, {x} and {y}.
func Cut(b *Box, source string, size func(path string) (bytes int, ok bool)) (t Tiles, bytes int) {
	t.Box, t.Source = b, source
	if b == nil {
		return t, 0
	}
	for z := 0; z <= 22; z++ {
		level := levelOf(b, source, z)
		if len(level) == 0 || len(t.Paths)+len(level) > maxTiles {
			return t, bytes
		}
		sum := 0
		for _, path := range level {
			n, ok := size(path)
			if !ok {
				return t, bytes
			}
			sum += n
		}
		if bytes+sum > maxTileBytes {
			return t, bytes
		}
		t.Zoom, t.Paths, bytes = z, append(t.Paths, level...), bytes+sum
	}
	return t, bytes
}

// levelOf lists the tiles of one zoom that a box touches, and those beside
// them: a screen shows more than the box. nil when they are too many.
func levelOf(b *Box, source string, z int) []string {
	n := 1 << z
	west, east := int(column(b.West, n)), int(column(b.East, n))
	if b.West > b.East {
		east += n
	}
	west, east = west-1, east+1
	if east-west >= n {
		west, east = 0, n-1
	}
	north, south := max(0, int(row(b.North, n))-1), min(n-1, int(row(b.South, n))+1)
	if (east-west+1)*(south-north+1) > maxTiles {
		return nil
	}
	var out []string
	for x := west; x <= east; x++ {
		for y := north; y <= south; y++ {
			at := strings.NewReplacer("{z}", strconv.Itoa(z), "{x}", strconv.Itoa((x%n+n)%n), "{y}", strconv.Itoa(y))
			out = append(out, at.Replace(source))
		}
	}
	return out
}

func column(lon float64, n int) float64 {
	return math.Min(float64(n-1), math.Max(0, math.Floor((lon+180)/360*float64(n))))
}

func row(lat float64, n int) float64 {
	lat = math.Min(edge, math.Max(-edge, lat)) * math.Pi / 180
	return math.Min(float64(n-1), math.Max(0, math.Floor((1-math.Asinh(math.Tan(lat))/math.Pi)/2*float64(n))))
}
