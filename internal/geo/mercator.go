package geo

import "math"

// MaxMercatorLat is where the square of Web Mercator (EPSG:3857) ends.
const MaxMercatorLat = 85.05112877980659

// Project maps p onto the square of Web Mercator: x from 0 at 180°W to 1 at
// 180°E, y from 0 in the north to 1 in the south. Latitudes beyond
// MaxMercatorLat lie on the edge.
func Project(p Public) (x, y float64) {
	lat := math.Max(-MaxMercatorLat, math.Min(MaxMercatorLat, p.Lat))
	s := math.Sin(lat * math.Pi / 180)
	x = p.Lon/360 + 0.5
	y = 0.5 - math.Log((1+s)/(1-s))/(4*math.Pi)
	return x, math.Max(0, math.Min(1, y))
}

// Unproject is the position of a point of the square, the inverse of Project.
func Unproject(x, y float64) Public {
	return Public{
		Lat: math.Atan(math.Sinh(math.Pi*(1-2*y))) * 180 / math.Pi,
		Lon: (x - 0.5) * 360,
	}
}

// TileBox is the rectangle that tile x, y of zoom z covers; x counts from the
// west, y from the north, as in XYZ tile addresses.
func TileBox(z, x, y int) Box {
	n := math.Ldexp(1, z)
	northWest := Unproject(float64(x)/n, float64(y)/n)
	southEast := Unproject(float64(x+1)/n, float64(y+1)/n)
	return Box{West: northWest.Lon, South: southEast.Lat, East: southEast.Lon, North: northWest.Lat}
}

// Tile is the tile of zoom z that holds p.
func Tile(p Public, z int) (x, y int) {
	n := math.Ldexp(1, z)
	fx, fy := Project(p)
	edge := func(v float64) int { return int(math.Max(0, math.Min(n-1, math.Floor(v*n)))) }
	return edge(fx), edge(fy)
}
