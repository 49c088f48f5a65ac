package app

import (
	"context"
	"net/http"

	"mirabilia/internal/actor"
	"mirabilia/internal/destination"
	"mirabilia/internal/errs"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/geo"
	"mirabilia/internal/mark"
	"mirabilia/internal/web"
	"mirabilia/internal/web/tiles"
)

// mounts are the tiles and drawn pictures, which write their own answers.
func (a *App) mounts(world *tiles.Archive, drawer *tiles.Drawer, tools http.Handler) []web.Mount {
	list := []web.Mount{
		{Pattern: "GET /tiles/places/{z}/{x}/{y}", Kind: web.Tile, Handler: tiles.Places(a.finder, a.beenTo())},
		{Pattern: "GET /tiles/world/{z}/{x}/{y}", Kind: web.Tile, Handler: tiles.Basemap(world)},
		{Pattern: "/mcp", Kind: web.API, Handler: tools},
		{Pattern: "GET " + demoPath + "{file}", Kind: web.Photo, Handler: newDemoPictures()},
	}
	pictures := &tiles.Pictures{Drawer: drawer, Spot: a.spot, Destination: a.spotOf, Places: a.finder}
	for pattern, handler := range pictures.Handlers() {
		list = append(list, web.Mount{Pattern: pattern, Kind: web.Drawing, Handler: handler})
	}
	return list
}

// beenTo tells where the reader of a request has been.
func (a *App) beenTo() tiles.Been {
	who := web.Sessions(a.users, a.config.URL)
	return func(r *http.Request) ([]int64, error) {
		asks, err := who(r)
		if err != nil {
			return nil, err
		}
		if err := asks.Needs(actor.Member); err != nil {
			return nil, err
		}
		return a.marks.All(r.Context(), asks.ID, mark.Been)
	}
}

// spot is what may be drawn of a published place.
func (a *App) spot(ctx context.Context, id int64) (tiles.Spot, error) {
	found, err := a.places.Cards(ctx, []int64{id})
	if err != nil {
		return tiles.Spot{}, err
	}
	if len(found) == 0 {
		return tiles.Spot{}, errs.New(errs.NotFound, "There is no such place.")
	}
	return tiles.SpotOf(found[0]), nil
}

// spotOf is what is drawn of a destination: a country whole, a region or a
// city by a point in its country.
func (a *App) spotOf(path string) (tiles.Spot, bool) {
	n, ok := destination.Node(a.gazetteer, a.finder, path)
	if !ok {
		return tiles.Spot{}, false
	}
	s := tiles.Spot{CountryCode: n.CountryCode}
	if n.Level != gazetteer.Country {
		s.At = &geo.Public{Lat: n.Lat, Lon: n.Lon}
	}
	return s, true
}
