package web

import (
	"context"

	"mirabilia/internal/destination"
	"mirabilia/internal/finder"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/geo"
	"mirabilia/internal/place"
	"mirabilia/internal/query"
	"mirabilia/internal/web/tiles"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// The sizes of the map that stands in for a missing picture.
const (
	locatorSquare = tiles.Thumb
	locatorCard   = tiles.Card
	locatorCover  = tiles.Cover
)

// drawn is the picture at a path, in a size.
func drawn(path string, size tiles.Size) ui.Picture {
	w, h := size.Pixels()
	return ui.Picture{Src: path + "/" + string(size) + ".svg", Width: w, Height: h, Locator: true}
}

// locator is the map that shows where a place is, as far as that may be told.
func (s *Site) locator(p *place.Place, size tiles.Size) ui.Picture {
	w, h := size.Pixels()
	return ui.Picture{Src: tiles.LocatorPath(p, size), Width: w, Height: h, Locator: true}
}

// openSea is the drawing of empty states: the sea about Point Nemo.
func openSea() *ui.Picture {
	pic := drawn("/pictures/sea", locatorCard)
	return &pic
}

// destinationPicture is the map of a country, a region or a city.
func (s *Site) destinationPicture(n *gazetteer.Node) ui.Picture {
	return drawn("/pictures/destinations/"+n.Path, locatorCard)
}

// guidePicture is the picture of a guide: a photograph of one of its places,
// or its map.
func (s *Site) guidePicture(ctx context.Context, g *destination.Guide, places []*place.Place) ui.Picture {
	for _, p := range places {
		if len(p.Photos) > 0 {
			pic := photograph(p.Photos[0], "(min-width:62rem) 60vw, 100vw")
			if pic.Caption == "" {
				pic.Caption = p.Title
			}
			return pic
		}
	}
	pic := drawn("/pictures/destinations/"+g.Path, locatorCover)
	pic.Alt = say.T(ctx, "A map of where %s is.", g.Name)
	return pic
}

// movable makes a picture a map that can be moved.
func (s *Site) movable(pic ui.Picture, at geo.Public, zoom float64, narrowed query.Places) *ui.MapPicture {
	a := s.builtPaths()
	m := &ui.MapPicture{
		Src: pic.Src, Width: pic.Width, Height: pic.Height, Alt: pic.Alt, Lat: at.Lat, Lon: at.Lon, Zoom: zoom, Query: narrowed.Encode(),
		Script: a.MapScript, Style: a.MapStyle, Worker: a.MapWorker, Ground: s.Ground,
	}
	m.Path = "/map?lat=" + number(at.Lat) + "&lon=" + number(at.Lon) + "&z=" + decimal(zoom)
	if m.Query != "" {
		m.Path += "&" + m.Query
	}
	return m
}

// zooms at which a city, a region and a country fill a map.
var levelZooms = map[gazetteer.Level]float64{gazetteer.Country: 4, gazetteer.Region: 6.5, gazetteer.City: 10}

// guideMap is the map of a destination with its places.
func (s *Site) guideMap(ctx context.Context, g *destination.Guide, p query.Places) *ui.MapPicture {
	pic := drawn("/pictures/destinations/"+g.Path, locatorCover)
	pic.Alt = say.T(ctx, "Map of %s. The same places are listed below.", g.Name)
	m := s.movable(pic, labelPoint(g.Node), levelZooms[g.Level], query.Places{In: p.In, Tags: p.Tags})
	if a, ok := s.Finder.Area(g.Path); ok && destination.IsArea(&g.Node) {
		m.Outline, m.Zoom = outlinePath(g.Path), boxZoom(a.Shape.Box())
	}
	return m
}

// worldMap is the map of everything, nil for an empty atlas.
func (s *Site) worldMap(ctx context.Context) *ui.MapPicture {
	if s.Finder.CountIn("") == 0 {
		return nil
	}
	return s.movable(worldPicture(ctx), worldMiddle, worldZoom, query.Places{})
}

// worldMiddle and worldZoom show the inhabited world.
var worldMiddle = geo.Public{Lat: 25, Lon: 10}

const worldZoom = 1.6

// worldPicture is the drawing of all places.
func worldPicture(ctx context.Context) ui.Picture {
	return ui.Picture{Src: "/pictures/world.svg", Width: 1280, Height: 666, Alt: say.T(ctx, "A map of the world with a dot for every place.")}
}

// placeMap is the map at the side of a place's page; nil where none may be
// drawn.
func (s *Site) placeMap(ctx context.Context, p *place.Place) *ui.MapPicture {
	if p.Destination == "" && p.At == nil {
		return nil
	}
	pic := s.locator(p, tiles.Where)
	if p.At == nil {
		pic.Alt = say.T(ctx, "A map of the country or region; the position itself is not shown.")
		m := &ui.MapPicture{Src: pic.Src, Width: pic.Width, Height: pic.Height, Alt: pic.Alt}
		return m
	}
	zoom := 14.0
	pic.Alt = say.T(ctx, "A map of where it is.")
	if p.Tier == place.Approximate {
		zoom, pic.Alt = 10, say.T(ctx, "A map of roughly where it is.")
	}
	return s.movable(pic, *p.At, zoom, query.Places{})
}

// pointMap is the map around a point with the nearest places.
func (s *Site) pointMap(ctx context.Context, at geo.Public, hits []finder.Hit) *ui.MapPicture {
	// The picture is of the city the point is in, so that the point itself
	// stands in no address of a kept picture.
	w := s.Gazetteer.Locate(at.Lat, at.Lon)
	n := w.City
	if n == nil {
		n = w.Region
	}
	if n == nil {
		n = w.Country
	}
	if n == nil {
		return nil
	}
	zoom := 11.0
	if len(hits) > 0 && hits[min(len(hits), 6)-1].Metres > 30_000 {
		zoom = 8
	}
	pic := drawn("/pictures/destinations/"+n.Path, locatorCard)
	pic.Alt = say.T(ctx, "A map of where %s is. The same places are listed beside it.", n.Name)
	return s.movable(pic, at, zoom, query.Places{})
}

// destinationNames are the destinations of the front page: the popular ones,
// and the countries that hold most.
func (s *Site) destinationNames(popular []ui.Name, n int) []ui.Name {
	out := append([]ui.Name(nil), popular...)
	for _, c := range s.Finder.Children("") {
		if node, ok := s.Gazetteer.ByPath(c.Path); ok && len(out) < n {
			out = append(out, ui.Name{Text: node.Name, Path: destination.Href(c.Path), Count: c.Count})
		}
	}
	return out
}
