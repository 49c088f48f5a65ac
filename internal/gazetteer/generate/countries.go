package main

import (
	"math"
	"sort"

	"mirabilia/internal/gazetteer/border"
	"mirabilia/internal/text"
)

// atlas is what the generator makes of the sources.
type atlas struct {
	sources
	countries []country
	number    map[string]border.Land // by code; the sea is "" and 0
	borders   *border.Index
	outlines  *border.Index // of states, numbered as they come
	regions   []region
	cities    []city
	langs     []string // see languages
}

type country struct {
	code, name, slug string
	population       int64
	lat, lon         float64
}

// inEnglish holds common English names where the catalogue has another.
var inEnglish = map[string]string{
	"CD": "Democratic Republic of the Congo", "CG": "Republic of the Congo", "CV": "Cape Verde",
	"CZ": "Czechia", "GM": "Gambia", "HK": "Hong Kong", "HM": "Heard Island and McDonald Islands",
	"JO": "Jordan", "KN": "Saint Kitts and Nevis", "KR": "South Korea", "LT": "Lithuania",
	"MC": "Monaco", "MD": "Moldova", "MO": "Macau", "SH": "Saint Helena",
	"UM": "United States Minor Outlying Islands", "US": "United States",
	"VC": "Saint Vincent and the Grenadines", "VI": "United States Virgin Islands",
}

// gone are codes of countries that are no more.
var gone = map[string]bool{"AN": true, "CS": true}

func (a *atlas) makeCountries() {
	a.number = map[string]border.Land{"": 0}
	for code, name := range a.names["en"] {
		if len(code) != 2 || gone[code] {
			continue
		}
		if common := inEnglish[code]; common != "" {
			name = common
		}
		a.countries = append(a.countries, country{
			code: code, name: name, slug: text.Slug(name), population: a.population[code],
		})
	}
	sort.Slice(a.countries, func(i, j int) bool { return a.countries[i].code < a.countries[j].code })
	for i := range a.countries {
		c := &a.countries[i]
		a.number[c.code] = border.Land(i + 1)
		c.lat, c.lon = a.labelPoint(c.code)
	}
}

// dwarf is the area in square degrees below which a country's label stands
// at its largest town, for the map draws such countries roughly.
const dwarf = 0.004

// labelPoint is the centroid of a land's largest part if that lies inside,
// else the middle of the longest stretch of land at its latitude. Dwarfs and
// what the map has not got take their largest town.
func (a *atlas) labelPoint(code string) (lat, lon float64) {
	var ring []border.Point
	largest := 0.0
	for _, p := range a.parts {
		if p.code != code {
			continue
		}
		pts := unwrap(ringPoints(p.rings[0], a.arcs))
		if area, _, _ := centroid(pts); math.Abs(area) > largest {
			largest, ring = math.Abs(area), pts
		}
	}
	if largest < dwarf {
		most := int64(-1)
		for _, t := range a.towns {
			if t.country == code && t.population > most {
				most, lat, lon = t.population, t.lat, t.lon
			}
		}
		if most >= 0 {
			return lat, lon
		}
	}
	if ring == nil {
		return 0, 0
	}
	if code == "AQ" {
		return -82, 30
	}
	_, lon, lat = centroid(ring)
	cuts := stretches(ring, lat)
	best := -1.0
	mid := lon
	for i := 0; i+1 < len(cuts); i += 2 {
		if cuts[i] <= lon && lon <= cuts[i+1] {
			mid = lon
			break
		}
		if wide := cuts[i+1] - cuts[i]; wide > best {
			best, mid = wide, (cuts[i]+cuts[i+1])/2
		}
	}
	return lat, math.Mod(mid+540, 360) - 180
}

// unwrap continues longitudes over the date line.
func unwrap(ring []border.Point) []border.Point {
	out := append([]border.Point(nil), ring...)
	for i := 1; i < len(out); i++ {
		for out[i].Lon-out[i-1].Lon > 180 {
			out[i].Lon -= 360
		}
		for out[i].Lon-out[i-1].Lon < -180 {
			out[i].Lon += 360
		}
	}
	return out
}

// centroid is the signed area of a ring, weighted by latitude, and its centre.
func centroid(ring []border.Point) (area, lon, lat float64) {
	for i := range ring {
		p, q := ring[i], ring[(i+1)%len(ring)]
		c := (p.Lon*q.Lat - q.Lon*p.Lat)
		area += c
		lon += (p.Lon + q.Lon) * c
		lat += (p.Lat + q.Lat) * c
	}
	if area == 0 {
		return 0, ring[0].Lon, ring[0].Lat
	}
	lon, lat = lon/(3*area), lat/(3*area)
	return area / 2 * math.Cos(lat*math.Pi/180), lon, lat
}

// stretches lists the longitudes at which a ring meets a latitude.
func stretches(ring []border.Point, lat float64) []float64 {
	var cuts []float64
	for i := range ring {
		p, q := ring[i], ring[(i+1)%len(ring)]
		if (p.Lat > lat) != (q.Lat > lat) {
			cuts = append(cuts, p.Lon+(lat-p.Lat)/(q.Lat-p.Lat)*(q.Lon-p.Lon))
		}
	}
	sort.Float64s(cuts)
	return cuts
}
