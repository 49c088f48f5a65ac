package app

import (
	"mirabilia/internal/web"
	"mirabilia/internal/web/tiles"
)

// mounts are the tiles and drawn pictures, which write their own answers.
func (a *App) mounts(world *tiles.Archive) []web.Mount {
	return []web.Mount{
		{Pattern: "GET /tiles/places/{z}/{x}/{y}", Kind: web.Tile, Handler: tiles.Places(a.finder)},
		{Pattern: "GET /tiles/world/{z}/{x}/{y}", Kind: web.Tile, Handler: tiles.Basemap(world)},
	}
}
