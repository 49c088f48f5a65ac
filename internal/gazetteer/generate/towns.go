package main

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	"mirabilia/internal/gazetteer/table"
	"mirabilia/internal/text"
)

// city is a town as it goes into the table.
type city struct {
	town
	english string
	region  int
	cell    int
	suffix  uint8
	section bool
	asserts bool
	seat    bool
}

// cityNames are English names where the sources have an outdated or a
// diplomatic one.
var cityNames = map[int64]string{
	4140963: "Washington, D.C.", 1526273: "Astana", 5128581: "New York City",
	292968: "Abu Dhabi", 3687925: "Cali", 1790645: "Xiamen", 3991164: "Querétaro", 3703443: "Panama City",
}

// admin1Of corrects the divisions of towns that GeoNames has in another.
var admin1Of = map[int64]string{7280711: "09"} // Lindavista, in the north of Mexico City

// englishName prefers the English catalogue over GeoNames' main name, except
// where it would mistake a city for its state (New York City, New York).
func (a *atlas) englishName(t town, region string) string {
	if name := cityNames[t.id]; name != "" {
		return name
	}
	name := a.names["en"][strconv.FormatInt(t.id, 10)]
	if name == "" || name == region && strings.HasPrefix(t.name, region+" ") || name == t.name+" City" {
		return plainQuotes(t.name)
	}
	return plainQuotes(name)
}

// plainQuotes replaces what GeoNames writes for an apostrophe.
func plainQuotes(name string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '’', '‘', 'ʼ', 'ʻ', '`', '´':
			return '\''
		}
		return r
	}, name)
}

// makeTowns chooses the towns, and gives each its region, name and place in
// the tree.
func (a *atlas) makeTowns() error {
	a.modernise()
	regionOf := map[string]int{}
	for _, t := range a.towns {
		if t.feature == "PPLQ" || t.feature == "PPLH" || t.feature == "PPLW" || t.feature == "PPLCH" || a.number[t.country] == 0 {
			continue // abandoned, historical, destroyed
		}
		if t.population == 0 {
			if t.feature != "PPLC" && t.feature != "PPLA" {
				continue
			}
			t.population = 1_000 // a seat whose inhabitants GeoNames does not know
		}
		if right := admin1Of[t.id]; right != "" {
			t.admin1 = right
		}
		code := t.country + "." + t.admin1
		name, mistaken := a.regionName(code)
		if undivided[t.country] || name == "" {
			code, name, mistaken = t.country, "", false
		}
		n, ok := regionOf[code]
		if !ok {
			n = len(a.regions)
			regionOf[code] = n
			a.regions = append(a.regions, region{code: code, country: t.country, name: name, sameName: -1, oldNamesMistaken: mistaken})
		}
		a.cities = append(a.cities, city{
			town: t, english: a.englishName(t, name), region: n,
			cell: table.Cell(t.lat, t.lon), section: t.feature == "PPLX",
			seat: t.feature == "PPLC" || t.feature == "PPLA" && !undivided[t.country],
		})
	}
	a.sortTowns()
	a.markSections()
	a.markAssertions()
	return a.makePaths()
}

// sortTowns orders towns by grid cell and the largest first, and regions by
// country and name.
func (a *atlas) sortTowns() {
	order := make([]int, len(a.regions))
	for i := range order {
		order[i] = i
	}
	sort.Slice(order, func(i, j int) bool {
		x, y := a.regions[order[i]], a.regions[order[j]]
		return x.country+" "+text.Fold(x.name)+x.code < y.country+" "+text.Fold(y.name)+y.code
	})
	now := make([]int, len(order))
	regions := make([]region, len(order))
	for i, was := range order {
		now[was], regions[i] = i, a.regions[was]
	}
	a.regions = regions
	for i := range a.cities {
		a.cities[i].region = now[a.cities[i].region]
	}
	sort.Slice(a.cities, func(i, j int) bool {
		x, y := a.cities[i], a.cities[j]
		if x.cell != y.cell {
			return x.cell < y.cell
		}
		if x.population != y.population {
			return x.population > y.population
		}
		return x.id < y.id
	})
	for i, c := range a.cities {
		a.regions[c.region].towns = append(a.regions[c.region].towns, i)
	}
	for i := range a.regions {
		towns := a.regions[i].towns
		sort.SliceStable(towns, func(i, j int) bool {
			return a.cities[towns[i]].population > a.cities[towns[j]].population
		})
	}
}

// markSections marks towns that by the rule for positions are not the city of
// their own centre, and so nobody's.
func (a *atlas) markSections() {
	for _, r := range a.regions {
		for _, i := range r.towns {
			if a.cities[i].seat && !a.cities[i].section {
				a.cities[i].seat = a.staysSeat(i, r.towns)
			}
		}
		for k, i := range r.towns {
			c := &a.cities[i]
			if c.section || c.seat {
				continue
			}
			largest := c.population
			for _, j := range r.towns[:k] {
				if !a.cities[j].section && a.reaches(j, i, 1) {
					c.section, largest = true, a.cities[j].population
					break
				}
			}
			for _, j := range r.towns {
				other := a.cities[j]
				if other.seat && table.SeatWins(other.population, largest) && a.reaches(j, i, table.SeatReach) {
					c.section = true
				}
			}
		}
	}
}

// staysSeat reports whether a seat holds its own centre against larger towns.
func (a *atlas) staysSeat(i int, towns []int) bool {
	for _, j := range towns {
		other := a.cities[j]
		if j == i {
			break // the rest are smaller
		}
		if other.section {
			continue
		}
		if a.reaches(j, i, 1) && !table.SeatWins(a.cities[i].population, other.population) || other.seat && a.reaches(j, i, table.SeatReach) {
			return false
		}
	}
	return true
}

// reaches reports whether a part of a town's radius reaches another's centre.
func (a *atlas) reaches(from, to int, part float64) bool {
	x, y := a.cities[from], a.cities[to]
	return table.Distance(x.lat, x.lon, y.lat, y.lon) <= part*table.Radius(x.population)
}

// markAssertions marks towns that the borders, or the outlines of states,
// give to another country, there or some steps aside.
func (a *atlas) markAssertions() {
	const aside = 0.0015 // degrees
	for i := range a.cities {
		c := &a.cities[i]
		for _, d := range [][2]float64{{0, 0}, {aside, 0}, {-aside, 0}, {0, aside}, {0, -aside}} {
			lat, lon := c.lat+d[0], c.lon+d[1]
			land, _ := a.borders.At(lat, lon)
			if c.country == "CA" || c.country == "MX" {
				if _, on := a.outlines.At(lat, lon); on {
					land = a.number["US"]
				}
			}
			c.asserts = c.asserts || land != a.number[c.country]
		}
	}
}

// makePaths gives regions and towns their slugs, unique below their parent:
// among equals the largest keeps the plain one.
func (a *atlas) makePaths() error {
	taken := map[string]bool{}
	for i := range a.regions {
		r := &a.regions[i]
		place, people := 0.0, 0.0
		for _, t := range r.towns {
			c := a.cities[t]
			if !c.section {
				r.population += c.population
			}
			people++
			place += c.lat
			r.lon += c.lon
		}
		r.lat, r.lon = a.middleTown(r.towns, place/people, r.lon/people)
		if r.name == "" {
			continue
		}
		r.slug = text.Slug(r.name)
		for n := 2; taken[r.country+"/"+r.slug]; n++ {
			r.slug = text.Slug(r.name) + "-" + strconv.Itoa(n)
		}
		taken[r.country+"/"+r.slug] = true
	}
	for i := range a.regions {
		if err := a.makeRegionPaths(&a.regions[i], taken); err != nil {
			return err
		}
	}
	return nil
}

func (a *atlas) makeRegionPaths(r *region, taken map[string]bool) error {
	for _, t := range r.towns {
		c := &a.cities[t]
		if c.section {
			continue
		}
		slug := text.Slug(c.english)
		if r.name != "" && slug == text.Slug(r.name) && r.sameName < 0 {
			r.sameName = t
			continue
		}
		parent := r.country + "/" + r.slug
		for n := 1; ; n++ {
			if n > 255 {
				return fmt.Errorf("too many towns named %s in %s", c.english, r.code)
			}
			path := parent + "/" + slug
			if r.name == "" {
				path = r.country + "/" + slug
			}
			if n > 1 {
				path += "-" + strconv.Itoa(n)
				c.suffix = uint8(n)
			}
			if !taken[path] {
				taken[path] = true
				break
			}
		}
	}
	return nil
}

// middleTown is the position of the town nearest to a point.
func (a *atlas) middleTown(towns []int, lat, lon float64) (float64, float64) {
	best, at := 1e18, a.cities[towns[0]]
	for _, t := range towns {
		c := a.cities[t]
		if d := table.Distance(lat, lon, c.lat, c.lon); d < best {
			best, at = d, c
		}
	}
	return at.lat, at.lon
}
