package main

import (
	"fmt"
	"sort"

	"mirabilia/internal/gazetteer/table"
)

// packTowns writes countries, regions, the grid, the towns, and the great
// towns' grid and list.
func (a *atlas) packTowns() ([]byte, error) {
	var countries, regions, towns []byte
	for _, c := range a.countries {
		countries = fmt.Appendf(countries, "%s\t%s\t%s\t%.4f\t%.4f\t%d\n", c.code, c.slug, c.name, c.lat, c.lon, c.population)
	}
	for _, r := range a.regions {
		regions = fmt.Appendf(regions, "%s\t%s\t%s\t%.3f\t%.3f\t%d\t%d\t%d\n",
			r.code, r.slug, r.name, r.lat, r.lon, r.population, r.sameName+1, r.outline)
	}
	cells := make([]int, len(a.cities))
	for i, c := range a.cities {
		cells[i] = c.cell
		t := table.Town{
			Lat: c.lat, Lon: c.lon, Population: c.population, Region: c.region,
			Suffix: c.suffix, Section: c.section, Asserts: c.asserts, Seat: c.seat && !c.section,
		}
		if !t.Fits() {
			return nil, fmt.Errorf("%s (%d) does not fit a town's record", c.name, c.id)
		}
		towns = table.AppendTown(towns, t)
	}
	greatGrid, great := a.packGreat()
	return table.Pack(countries, regions, table.BuildGrid(cells), towns, greatGrid, great), nil
}

func (a *atlas) packGreat() (grid, list []byte) {
	type touch struct{ cell, town int }
	var all []touch
	for i, c := range a.cities {
		radius := table.Radius(c.population)
		if c.section || c.population < table.GreatPopulation && !(c.seat && table.SeatWins(c.population, table.GreatPopulation)) {
			continue
		}
		seen := map[int]bool{}
		const fine = 40 // points of the square around the circle, each way
		for dy := -fine; dy <= fine; dy++ {
			for dx := -fine; dx <= fine; dx++ {
				high := 1.01 * radius / table.MetresPerDegree
				wide := high * table.MetresPerDegree / table.Distance(c.lat, 0, c.lat, 1)
				cell := table.Cell(c.lat+high*float64(dy)/fine, c.lon+wide*float64(dx)/fine)
				if !seen[cell] {
					seen[cell] = true
					all = append(all, touch{cell, i})
				}
			}
		}
	}
	sort.Slice(all, func(i, j int) bool {
		if all[i].cell != all[j].cell {
			return all[i].cell < all[j].cell
		}
		return a.cities[all[i].town].population > a.cities[all[j].town].population
	})
	cells := make([]int, len(all))
	for i, t := range all {
		cells[i] = t.cell
		list = table.AppendUint24(list, uint32(t.town))
	}
	return table.BuildGrid(cells), list
}
