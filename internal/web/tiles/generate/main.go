// Command generate makes the two files of map data that package tiles embeds:
// world.pmtiles, the basemap as vector tiles, and outlines.bin, the table from
// which the server draws locator pictures.
//
// Both come from Natural Earth (public domain): shores and countries from the
// npm package world-atlas, the rest from a folder of Natural Earth GeoJSON
// files, of which these are read:
//
//	lakes-50m  rivers-50m  urban-areas-50m  marine-labels-50m
//	populated-places-10m  countries-50m  admin1-50m-9-large-countries
//
// The same input gives the same bytes.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	atlas := flag.String("atlas", "node_modules/world-atlas", "folder of the npm package world-atlas 2.0.2")
	facts := flag.String("facts", "", "folder of Natural Earth GeoJSON files")
	out := flag.String("out", "internal/web/tiles", "folder to write into")
	flag.Parse()
	if err := run(*atlas, *facts, *out); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run(atlas, facts, out string) error {
	if facts == "" {
		return fmt.Errorf("name the folder of Natural Earth GeoJSON files with -facts")
	}
	src, err := readSources(atlas, facts)
	if err != nil {
		return err
	}
	table := encodeOutlines(src)
	if err := os.WriteFile(filepath.Join(out, "outlines.bin"), table, 0o644); err != nil {
		return err
	}
	fmt.Printf("outlines.bin: %d bytes\n", len(table))
	archive, err := buildWorld(src)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(out, "world.pmtiles"), archive, 0o644); err != nil {
		return err
	}
	fmt.Printf("world.pmtiles: %d bytes\n", len(archive))
	return nil
}
