package place_test

import (
	"strings"

	"mirabilia/internal/gazetteer"
	"mirabilia/internal/geo"
)

// tiny is a gazetteer of three countries, each a box, so that these tests say
// what they mean without knowing the real borders.
type tiny struct{}

type patch struct {
	node gazetteer.Node
	box  geo.Box
}

var patches = []patch{
	{gazetteer.Node{Level: gazetteer.Country, Path: "mexico", Name: "Mexico", CountryCode: "MX"}, geo.Box{West: -117, South: 14, East: -86, North: 32}},
	{gazetteer.Node{Level: gazetteer.Region, Path: "mexico/oaxaca", Name: "Oaxaca", CountryCode: "MX"}, geo.Box{West: -98.5, South: 15.6, East: -93.8, North: 18.7}},
	{gazetteer.Node{Level: gazetteer.City, Path: "mexico/mexico-city", Name: "Mexico City", CountryCode: "MX", Population: 12_294_193}, geo.Box{West: -99.4, South: 19.1, East: -98.9, North: 19.6}},
	{gazetteer.Node{Level: gazetteer.Country, Path: "france", Name: "France", CountryCode: "FR"}, geo.Box{West: -5, South: 42, East: 8, North: 51}},
	{gazetteer.Node{Level: gazetteer.City, Path: "france/paris", Name: "Paris", CountryCode: "FR", Population: 2_138_551}, geo.Box{West: 2.2, South: 48.8, East: 2.5, North: 48.95}},
	{gazetteer.Node{Level: gazetteer.Country, Path: "fiji", Name: "Fiji", CountryCode: "FJ"}, geo.Box{West: 176, South: -20, East: -178, North: -15}},
}

func (tiny) Locate(lat, lon float64) (w gazetteer.Where) {
	for i := range patches {
		if p := &patches[i]; p.box.Contains(geo.Public{Lat: lat, Lon: lon}) {
			set(&w, &p.node)
		}
	}
	return w
}

func set(w *gazetteer.Where, n *gazetteer.Node) {
	switch n.Level {
	case gazetteer.Country:
		w.Country = n
	case gazetteer.Region:
		w.Region = n
	case gazetteer.City:
		w.City = n
	}
}

func (tiny) ByPath(path string) (*gazetteer.Node, bool) {
	for i := range patches {
		if patches[i].node.Path == path {
			return &patches[i].node, true
		}
	}
	return nil, false
}

func (g tiny) Ancestors(path string) (list []*gazetteer.Node) {
	parts := strings.Split(path, "/")
	for i := range parts {
		if n, ok := g.ByPath(strings.Join(parts[:i+1], "/")); ok {
			list = append(list, n)
		}
	}
	return list
}

func (tiny) ByHints(code, region, city string) (w gazetteer.Where) {
	for i := range patches {
		n := &patches[i].node
		if n.CountryCode != code {
			continue
		}
		if n.Level == gazetteer.Country || n.Level == gazetteer.Region && n.Name == region || n.Level == gazetteer.City && n.Name == city {
			set(&w, n)
		}
	}
	return w
}

// RegionOf knows one region that a city shares its path with.
func (tiny) RegionOf(path string) *gazetteer.Node {
	if path == "mexico/mexico-city" {
		return &gazetteer.Node{Level: gazetteer.Region, Path: path, Name: "Mexico City", CountryCode: "MX"}
	}
	return nil
}
