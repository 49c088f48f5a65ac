package gazetteer

import "strings"

// ByHints finds a destination by what a record says of it, where it has no
// position: the country by code or name, region and city by names in any
// language within it, letter by letter but for accents and case. Of cities of
// one name the most populous is meant. A hint that is not understood is
// passed over; without a country there is no answer.
func (g *Gazetteer) ByHints(countryCode, regionName, cityName string) Where {
	var where Where
	number := g.countryHint(countryCode)
	if number < 0 {
		return where
	}
	where.Country = &g.countries[number].node
	region := -1
	g.index.Find(keyOf(regionName), func(v uint32) {
		i := int(v) - len(g.nodes)
		if i >= 0 && i < len(g.regions) && g.regions[i].country == number && g.regions[i].node.Name != "" {
			region = i
		}
	})
	if town := g.cityHint(cityName, number, region); town >= 0 {
		where.City = g.cityNode(town)
		region = g.town(town).Region
	}
	if region >= 0 && g.regions[region].node.Name != "" {
		where.Region = &g.regions[region].node
	}
	return where
}

func (g *Gazetteer) countryHint(code string) int {
	code = strings.TrimSpace(code)
	for i := range g.countries {
		if strings.EqualFold(g.countries[i].node.CountryCode, code) {
			return i
		}
	}
	number, first := -1, len(g.nodes)+len(g.regions)
	g.index.Find(keyOf(code), func(v uint32) {
		if i := int(v) - first; i >= 0 && i < len(g.countries) {
			number = i
		}
	})
	return number
}

// cityHint finds the most populous town of that name; a section stands for
// the city it is part of.
func (g *Gazetteer) cityHint(name string, country, region int) int {
	best, most := -1, int64(-1)
	g.index.Find(keyOf(name), func(v uint32) {
		i := int(v)
		if i >= len(g.nodes) {
			return
		}
		t := g.town(i)
		if t.Population <= most || g.regions[t.Region].country != country || region >= 0 && t.Region != region {
			return
		}
		best, most = i, t.Population
	})
	if best < 0 || !g.town(best).Section {
		return best
	}
	t := g.town(best)
	s := sight{g: g, lat: t.Lat, lon: t.Lon, wide: wideness(t.Lat), country: country}
	return s.city(t.Region)
}
