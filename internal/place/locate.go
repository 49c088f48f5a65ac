package place

import (
	"math"

	"mirabilia/internal/gazetteer"
	"mirabilia/internal/geo"
)

// Gazetteer is what places ask of package gazetteer.
type Gazetteer interface {
	Locate(lat, lon float64) gazetteer.Where
	ByPath(path string) (*gazetteer.Node, bool)
	Ancestors(path string) []*gazetteer.Node
	ByHints(countryCode, region, city string) gazetteer.Where
	RegionOf(path string) *gazetteer.Node
}

// locate settles the destination of d, from its position or, where that gives
// none, from its hints. A place that is shown roughly is in a region or a city
// only if the whole disc around its public point is, which depends on nothing
// but that point. The tiers region and hidden show no point, so that their
// region and their country, which is all that they tell, are the true ones: tier
// region stops at the region, tier hidden at the country.
func (d *draft) locate(gaz Gazetteer, h *hidden) {
	var w gazetteer.Where
	switch {
	case d.truth == nil:
		w = gaz.ByHints(d.hints[0], d.hints[1], d.hints[2])
	case d.Tier != Approximate:
		w = gaz.Locate(d.truth.Lat, d.truth.Lon)
	default:
		w = locateDisc(gaz, h.near)
	}
	if w.Country == nil && d.truth != nil {
		w = gaz.ByHints(d.hints[0], d.hints[1], d.hints[2])
		if d.Tier != Exact {
			w.City = nil // a hint is no measured disc
		}
	}
	switch d.Tier {
	case Region:
		w.City = nil
	case Hidden:
		w.Region, w.City = nil, nil
	}
	d.population = 0
	d.CountryCode, d.Destination = "", ""
	if w.Country != nil {
		d.CountryCode, d.Destination = w.Country.CountryCode, w.Country.Path
	}
	if w.Region != nil {
		d.Destination = w.Region.Path
	}
	if w.City != nil {
		d.Destination, d.population = w.City.Path, w.City.Population
	}
}

// locateDisc is the narrowest destination that holds the whole disc, as far as
// its middle and 24 points on two circles show. The country is the middle's:
// a place at a border is still told to be in a country.
func locateDisc(gaz Gazetteer, p geo.Public) gazetteer.Where {
	w := gaz.Locate(p.Lat, p.Lon)
	const spokes = 12
	for i := range 2 * spokes {
		metres := float64(DiscMetres)
		if i >= spokes {
			metres /= 2
		}
		q := travel(geo.True(p), metres, 2*math.Pi*float64(i)/spokes)
		o := gaz.Locate(q.Lat, q.Lon)
		if o.Country == nil {
			continue // the sea belongs to nobody, and nobody lives there
		}
		if w.Country == nil || o.Country.Path != w.Country.Path {
			w.Region, w.City = nil, nil
		}
		if w.Region != nil && (o.Region == nil || o.Region.Path != w.Region.Path) {
			w.Region = nil
		}
		if w.City != nil && (o.City == nil || o.City.Path != w.City.Path) {
			w.City = nil
		}
	}
	return w
}

// name fills in the names of a place's destination.
func (p *Place) name(gaz Gazetteer) {
	for _, n := range gaz.Ancestors(p.Destination) {
		switch n.Level {
		case gazetteer.Country:
			p.Country = n.Name
		case gazetteer.Region:
			p.Region = n.Name
		case gazetteer.City:
			p.City = n.Name
			if p.Tier == Region { // the path that both share means the region here
				p.City, p.Region = "", n.Name
				continue
			}
			// A city that shares its path with its region is in it all the same.
			if r := gaz.RegionOf(n.Path); p.Region == "" && r != nil {
				p.Region = r.Name
			}
		}
	}
}
