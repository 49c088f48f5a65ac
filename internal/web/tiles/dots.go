package tiles

import (
	"mirabilia/internal/finder"
	"mirabilia/internal/geo"
	"mirabilia/internal/query"
)

// Dots are the dots of the map of the world: one for each group of places on
// the grid.
func Dots(places Clusterer) []geo.Public { return DotsOf(places, query.Places{}.Filter()) }

// DotsOf is Dots of the places that a filter leaves.
func DotsOf(places Clusterer, f finder.Filter) []geo.Public {
	var dots []geo.Public
	for i := range 4 {
		for _, c := range places.Tile(nil, grid, 1, i&1, i>>1, f) {
			dots = append(dots, c.At())
		}
	}
	return dots
}
