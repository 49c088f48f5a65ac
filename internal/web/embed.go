package web

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"mirabilia/internal/errs"
	"mirabilia/internal/query"
	"mirabilia/internal/text"
	"mirabilia/internal/web/tiles"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// The sizes of frames, in CSS pixels. A card narrower than cardTurns stands
// upright.
const (
	frameWidth       = 640
	cardHeight       = 260
	cardTurns        = 480
	cardHeightNarrow = 430
	mapHeight        = 460
)

// embedPlace is a place as a card in a frame of another site.
func (s *Site) embedPlace(ctx context.Context, q Public) (Answer, error) {
	p, err := s.Places.BySlug(ctx, q.Slug)
	if err != nil {
		return Answer{}, framed(err, "/places/", "/embed/places/")
	}
	b, err := s.embedBase(ctx, q, p.Title, p.Path())
	if err != nil {
		return Answer{}, err
	}
	b.Assets.Scripts = nil
	c := s.card(ctx, p)
	c.Want = ""
	a, err := s.render(ctx, view.EmbedPlace(view.EmbedCard{Base: b, Card: c}))
	a.Kind, a.Shows, a.NoIndex = Embed, refs(p), true
	return a, err
}

// framed keeps who follows a redirect inside the frame.
func framed(err error, from, to string) error {
	var e *errs.Error
	if errors.As(err, &e) && e.Code == errs.Moved && strings.HasPrefix(e.Location, from) {
		return errs.MovedTo(to + strings.TrimPrefix(e.Location, from))
	}
	return err
}

// embedMap is the map of a query in a frame of another site.
func (s *Site) embedMap(ctx context.Context, q Public) (Answer, error) {
	q.Query.Del("unvisited") // a frame knows no reader
	m, err := query.ParseMap(q.Query)
	if err != nil {
		return Answer{}, err
	}
	heading, err := s.embedHeading(ctx, m.Places)
	if err != nil {
		return Answer{}, err
	}
	b, err := s.embedBase(ctx, q, heading.Text, heading.Path)
	if err != nil {
		return Answer{}, err
	}
	picture, err := s.embedPicture(ctx, m)
	if err != nil {
		return Answer{}, err
	}
	v := view.EmbedMap{Base: b, Map: *picture, Heading: heading, Total: s.Finder.Count(m.Places.Filter()), Credit: tiles.Credit}
	a, err := s.render(ctx, view.EmbedMapPage(v))
	a.Kind, a.Whole, a.NoIndex = Embed, true, true
	return a, err
}

// embedBase is the head of a frame: it names the page that it is a part of.
func (s *Site) embedBase(ctx context.Context, q Public, title, path string) (view.Base, error) {
	b, err := s.base(ctx, q, title, "")
	b.Canonical, b.NoIndex = s.absolute((&url.URL{Path: path}).EscapedPath()), true
	b.Assets.Preload = uprights(b.Assets.Preload)
	return b, err
}

// uprights are the faces that are not italic: frames have no footer, and nothing
// else in them leans.
func uprights(faces []string) []string {
	var out []string
	for _, face := range faces {
		if !strings.Contains(face, "-italic-") {
			out = append(out, face)
		}
	}
	return out
}

// embedHeading names the places of a query, and their page.
func (s *Site) embedHeading(ctx context.Context, p query.Places) (ui.Link, error) {
	where := ""
	if p.In != "" {
		n, ok := s.node(p.In)
		if !ok {
			return ui.Link{}, errs.New(errs.NotFound, "There is no such destination.")
		}
		where = n.Name
	}
	named := len(p.Tags)
	if p.In != "" {
		named++
	}
	plain := p.Narrowed() == named // by nothing that has no page of its own
	switch {
	case plain && len(p.Tags) == 0 && where == "":
		return ui.Link{Text: say.T(ctx, "All places"), Path: "/places"}, nil
	case plain && len(p.Tags) == 0:
		return ui.Link{Text: where, Path: "/destinations/" + p.In}, nil
	case plain && len(p.Tags) == 1:
		t, err := s.Tags.BySlug(ctx, p.Tags[0])
		if err != nil {
			return ui.Link{}, err
		}
		if where == "" {
			return ui.Link{Text: t.Name, Path: t.Path()}, nil
		}
		return ui.Link{Text: say.T(ctx, "%s in %s", t.Name, where), Path: t.Path() + "/in/" + p.In}, nil
	}
	text := say.T(ctx, "Some places")
	if where != "" {
		text = say.T(ctx, "Some places in %s", where)
	}
	return ui.Link{Text: text, Path: address("/places", p.After("").Encode())}, nil
}

// embedPicture is the map's picture, and where the moving map begins.
func (s *Site) embedPicture(ctx context.Context, m query.Map) (*ui.MapPicture, error) {
	p := m.Places.After("")
	var out *ui.MapPicture
	if p.In != "" {
		g, err := s.Destinations.ByPath(ctx, p.In)
		if err != nil {
			return nil, err
		}
		out = s.guideMap(ctx, g, p)
		out.Alt = say.T(ctx, "Map of %s.", g.Name)
	} else {
		out = s.movable(worldPicture(ctx), worldMiddle, worldZoom, p)
	}
	out.Query, out.Priority = p.Encode(), true
	if m.At != nil {
		out.Lat, out.Lon, out.Zoom = m.At.Lat, m.At.Lon, 11
	}
	if m.Zoom > 0 {
		out.Zoom = m.Zoom
	}
	return out, nil
}

// placeEmbed and mapEmbed are what others may paste into their pages.
func (s *Site) placeEmbed(slug, title string) *view.Embed {
	return &view.Embed{Src: s.absolute("/embed/places/" + slug), Title: text.Plain(title), Width: frameWidth, Height: cardHeight}
}

func (s *Site) mapEmbed(p query.Places, title string) *view.Embed {
	return &view.Embed{Src: s.absolute(address("/embed/map", p.Encode())), Title: title, Width: frameWidth, Height: mapHeight}
}
