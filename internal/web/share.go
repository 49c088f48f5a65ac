package web

import (
	"context"
	"errors"
	"hash/fnv"
	"image"
	"net/url"
	"strconv"
	"strings"
	"time"

	"mirabilia/internal/destination"
	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/geo"
	"mirabilia/internal/place"
	"mirabilia/internal/tag"
	"mirabilia/internal/web/share"
	"mirabilia/internal/web/tiles"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
)

// sharePath is where the pictures for networks are.
const sharePath = "/pictures/share"

// shareKeep is how long such a picture is kept as long as nothing on it
// changes.
const shareKeep = 24 * time.Hour

// shareRoutes are the pictures that networks show of a shared page.
func (s *Site) shareRoutes() []*Route {
	list := []*Route{
		{Pattern: sharePath + "/places/{slug}", Public: s.sharedPlace},
		{Pattern: sharePath + "/destinations/{path...}", Public: s.sharedGuide},
		{Pattern: sharePath + "/tags/{tag}", Public: s.sharedTag},
		{Pattern: sharePath + "/pages/{slug}", Public: s.sharedPage},
	}
	for _, r := range list {
		r.Method, r.Access, r.Kind, r.Forms = "GET", Everyone, Photo, []string{".png"}
	}
	return list
}

// sharedAt is the picture at a path below sharePath, whose address changes with
// what is on it, so that networks fetch it again.
func (s *Site) sharedAt(path, alt string, seen ...string) view.Share {
	h := fnv.New32a()
	_, _ = h.Write([]byte(strings.Join(seen, "\x00"))) // a hash takes all
	address := (&url.URL{Path: sharePath + path + ".png"}).EscapedPath() + "?v=" + strconv.FormatUint(uint64(h.Sum32()), 36)
	return view.Share{Image: s.absolute(address), Width: share.Width, Height: share.Height, Alt: alt}
}

// drawShared draws a card. One is drawn at a time: each takes about 10 MB and a
// tenth of a second, and is kept afterwards.
func (s *Site) drawShared(ctx context.Context, q Public, c share.Card, picture func() (image.Image, error), shows ...finder.Ref) (Answer, error) {
	if q.Form != ".png" {
		return Answer{}, errs.New(errs.NotFound, "There is no picture at this address.")
	}
	if s.faces == nil {
		return Answer{}, errs.New(errs.Unavailable, "Pictures for sharing cannot be drawn: the assets were not built.")
	}
	set, err := s.Settings.Now(ctx)
	if err != nil {
		return Answer{}, err
	}
	c.Atlas = set.Name
	select {
	case s.drawing <- struct{}{}:
		defer func() { <-s.drawing }()
	case <-ctx.Done():
		return Answer{}, errs.New(errs.Unavailable, "Too much is asked for at once. Try again.")
	}
	if c.Picture, err = picture(); err != nil {
		return Answer{}, err
	}
	body, err := s.faces.PNG(c)
	return Answer{Kind: Photo, Type: "image/png", Body: body, Shows: shows, Keep: shareKeep}, err
}

// placeCard is what stands on the picture of a place.
func placeCard(ctx context.Context, p *place.Place) share.Card {
	c := share.Card{Kicker: say.T(ctx, "Place"), Line: whereLine(p), Titles: []string{p.Title}}
	if p.Kind == place.KindEatery {
		c.Kicker = say.T(ctx, "Place to eat")
	}
	for _, a := range p.Aliases {
		c.Titles = append(c.Titles, a.Name)
	}
	// Scripts that our faces lack: the address is Latin always.
	words := strings.Split(p.Slug, "-")
	for i, w := range words {
		if w != "" {
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	c.Titles = append(c.Titles, strings.Join(words, " "))
	return c
}

// shareOf is what networks show of a place.
func (s *Site) shareOf(ctx context.Context, p *place.Place) view.Share {
	c := placeCard(ctx, p)
	seen := append([]string{c.Kicker, c.Line, tiles.LocatorPath(p, tiles.Share)}, c.Titles...)
	for _, ph := range p.Photos[:min(1, len(p.Photos))] {
		seen = append(seen, photograph(ph, "").Full)
	}
	alt := say.T(ctx, "%s, with a map of where it is.", p.Title)
	if len(p.Photos) > 0 && p.Photos[0].Alt != "" {
		alt = p.Photos[0].Alt
	}
	out := s.sharedAt("/places/"+p.Slug, alt, seen...)
	out.Type = "place"
	return out
}

func (s *Site) sharedPlace(ctx context.Context, q Public) (Answer, error) {
	p, err := s.Places.BySlug(ctx, q.Slug)
	if err != nil {
		return Answer{}, sharedElsewhere(err)
	}
	return s.drawShared(ctx, q, placeCard(ctx, p), func() (image.Image, error) {
		if pic := s.coverPixels(ctx, p); pic != nil {
			return pic, nil
		}
		return s.Drawer.Paint(tiles.SpotOf(p))
	}, p.Ref())
}

// sharedElsewhere turns the new address of a page into that of its picture.
func sharedElsewhere(err error) error {
	var e *errs.Error
	if errors.As(err, &e) && e.Code == errs.Moved {
		return errs.MovedTo(sharePath + e.Location)
	}
	return err
}

// coverPixels is the first picture of a place, in the smallest form that fills
// the frame; nil where there is none that can be read.
func (s *Site) coverPixels(ctx context.Context, p *place.Place) image.Image {
	if s.Pixels == nil || len(p.Photos) == 0 {
		return nil
	}
	best := 0
	for w := range p.Photos[0].URLs {
		enough, was := w >= share.PictureWidth, best >= share.PictureWidth
		if best == 0 || enough && (!was || w < best) || !enough && !was && w > best {
			best = w
		}
	}
	img, err := s.Pixels(ctx, p.Photos[0].URLs[best])
	if err != nil {
		return nil // the map stands in, as on the page
	}
	return img
}

// countLine says how much there is: "12 places".
func countLine(ctx context.Context, n int) string { return say.N(ctx, n, "%s place", "%s places") }

func (s *Site) shareOfGuide(ctx context.Context, n *gazetteer.Node) view.Share {
	return s.sharedAt("/destinations/"+n.Path, say.T(ctx, "A map of where %s is.", n.Name), n.Name, countLine(ctx, s.Finder.CountIn(n.Path)))
}

func (s *Site) sharedGuide(ctx context.Context, q Public) (Answer, error) {
	g, err := s.Destinations.ByPath(ctx, q.Dest)
	if err != nil {
		return Answer{}, sharedElsewhere(err)
	}
	c := share.Card{Kicker: say.T(ctx, "Guide"), Titles: []string{g.Name}, Line: countLine(ctx, s.Finder.CountIn(g.Path))}
	spot := tiles.Spot{CountryCode: g.CountryCode}
	if g.Level != gazetteer.Country {
		spot.At = &geo.Public{Lat: g.Lat, Lon: g.Lon}
	}
	return s.drawShared(ctx, q, c, func() (image.Image, error) { return s.Drawer.Paint(spot) },
		finder.Ref{Kind: finder.Destination, ID: destination.ID(g.Path)})
}

// world draws the Earth with its places.
func (s *Site) world() (image.Image, error) { return s.Drawer.PaintWorld(tiles.Dots(s.Finder)) }

// tagCount is how much a theme holds in the whole atlas, with the filter that
// says what.
func (s *Site) tagCount(t tag.Tag) (finder.Filter, int) {
	f := finder.Filter{Kinds: []finder.Kind{finder.Place, finder.Eatery}, Tags: []string{t.Slug}}
	return f, s.Finder.Count(f)
}

func (s *Site) shareOfTag(ctx context.Context, t tag.Tag) view.Share {
	_, n := s.tagCount(t)
	return s.sharedAt("/tags/"+t.Slug, say.T(ctx, "A map of the world with a dot for every place of the theme %s.", t.Name), t.Name, countLine(ctx, n))
}

func (s *Site) sharedTag(ctx context.Context, q Public) (Answer, error) {
	t, err := s.Tags.BySlug(ctx, q.Tag)
	if err != nil {
		return Answer{}, sharedElsewhere(err)
	}
	f, n := s.tagCount(t)
	c := share.Card{Kicker: say.T(ctx, "Theme"), Titles: []string{t.Name, t.Slug}, Line: countLine(ctx, n)}
	return s.drawShared(ctx, q, c, func() (image.Image, error) { return s.Drawer.PaintWorld(tiles.DotsOf(s.Finder, f)) },
		finder.Ref{Kind: finder.Tag, ID: t.ID()})
}

// sharedLists are the pages without a subject of their own that have a picture;
// all others share that of the atlas.
func sharedLists() map[string]string {
	return map[string]string{
		"places": "All places", "places-to-eat": "Places to eat", "destinations": "Destinations", "tags": "Themes", "map": "Map", "near": "Near me", "search": "Search",
	}
}

// shareOfPage is the picture of a page by its path.
func (s *Site) shareOfPage(ctx context.Context, path, tagline string) view.Share {
	name := strings.Trim(path, "/")
	if _, ok := sharedLists()[name]; !ok {
		name = "atlas"
	}
	return s.sharedAt("/pages/"+name, say.T(ctx, "A map of the world with a dot for every place."), name, tagline, countLine(ctx, s.Finder.CountIn("")))
}

func (s *Site) sharedPage(ctx context.Context, q Public) (Answer, error) {
	set, err := s.Settings.Now(ctx)
	if err != nil {
		return Answer{}, err
	}
	c := share.Card{Titles: []string{set.Tagline, set.Name}, Line: countLine(ctx, s.Finder.CountIn(""))}
	if title, ok := sharedLists()[q.Slug]; ok {
		c.Titles = []string{say.T(ctx, title)}
	} else if q.Slug != "atlas" {
		return Answer{}, errs.New(errs.NotFound, "There is no picture at this address.")
	}
	return s.drawShared(ctx, q, c, s.world)
}
