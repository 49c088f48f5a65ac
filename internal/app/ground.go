package app

import (
	"context"
	"fmt"
	"hash/fnv"
	"os"
	"slices"
	"strings"
	"time"

	"mirabilia/internal/errs"
	"mirabilia/internal/outbound"
	"mirabilia/internal/web"
	"mirabilia/internal/web/tiles"
	"mirabilia/internal/web/view/ui"
)

// ownTiles is where the operator's basemap is served. Tiles are kept for a week,
// so another file has another address: v is made of its size and time.
const ownTiles = "/tiles/own/{z}/{x}/{y}"

// styleTimeout is how long the start waits for a foreign style.
const styleTimeout = 10 * time.Second

// ground opens the operator's own map, if he named one, and tells the site of it.
func (a *App) ground(ctx context.Context, d *web.Deps) error {
	switch name := a.config.Tiles; {
	case name == "":
		return nil
	case strings.HasSuffix(name, ".pmtiles"):
		return a.ownGround(name, d)
	default:
		ctx, cancel := context.WithTimeout(ctx, styleTimeout)
		defer cancel()
		origins, err := outbound.StyleOrigins(ctx, name)
		if err != nil { // its server may be back when a reader comes
			a.log.Warn("MIRABILIA_TILES: the style could not be read whole; pages may ask only the servers it was seen to name", "error", err, "origins", origins)
		}
		d.Ground, d.GroundOrigins = ui.Ground{Style: name, MaxZoom: tiles.MaxZoom}, origins
		return nil
	}
}

func (a *App) ownGround(name string, d *web.Deps) error {
	info, err := os.Stat(name)
	if err != nil {
		return errs.Wrap(err, errs.NotFound, "MIRABILIA_TILES: %s cannot be read: name a .pmtiles file", name)
	}
	archive, err := tiles.OpenArchive(name)
	if err != nil {
		return errs.New(errs.Invalid, "MIRABILIA_TILES: %v", err)
	}
	a.closers = append(a.closers, archive.Close)
	known := []string{"earth", "water", "landuse", "roads", "boundaries", "places"} // of the Protomaps basemap
	if !slices.ContainsFunc(archive.Layers, func(l string) bool { return slices.Contains(known, l) }) {
		return errs.New(errs.Invalid, "MIRABILIA_TILES: %s holds the layers %q and none of the Protomaps basemap (%s), which our style draws", name, archive.Layers, strings.Join(known, ", "))
	}
	version := fnv.New32a()
	fmt.Fprint(version, info.Size(), info.ModTime().UnixNano())
	d.Ground = ui.Ground{Tiles: ownTiles + fmt.Sprintf(".mvt?v=%08x", version.Sum32()), MaxZoom: archive.MaxZoom, Credit: archive.Credit}
	d.Mounts = append(d.Mounts, web.Mount{Pattern: "GET " + ownTiles, Kind: web.Tile, Handler: tiles.Basemap(archive)})
	return nil
}
