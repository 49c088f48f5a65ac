package web

import (
	"context"
	"sort"
	"strconv"
	"strings"

	"mirabilia/internal/finder"
	"mirabilia/internal/place"
	"mirabilia/internal/web/tiles"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/ui"
)

// found is the places of an answer of the finder: what it proposes, as far as
// the rows say that it is still public.
type found struct {
	places []*place.Place
	metres map[int64]float64
}

// look reads the rows of hits. The order of the finder is kept.
func (s *Site) look(ctx context.Context, hits ...[]finder.Hit) (f found, err error) {
	ids := f.note(hits...)
	f.places, err = s.Places.Cards(ctx, ids)
	return f, err
}

// note takes the distances of hits and gives their ids, each once.
func (f *found) note(hits ...[]finder.Hit) (ids []int64) {
	f.metres = map[int64]float64{}
	for _, list := range hits {
		for _, h := range list {
			if _, twice := f.metres[h.ID]; !twice {
				ids = append(ids, h.ID)
				f.metres[h.ID] = h.Metres
			}
		}
	}
	return ids
}

// of picks the places of one of the lists of hits that were looked up, in its
// order.
func (f found) of(hits []finder.Hit) []*place.Place {
	byID := make(map[int64]*place.Place, len(f.places))
	for _, p := range f.places {
		byID[p.ID] = p
	}
	var out []*place.Place
	for _, h := range hits {
		if p := byID[h.ID]; p != nil {
			out = append(out, p)
		}
	}
	return out
}

// card is a place as lists show it.
func (s *Site) card(ctx context.Context, p *place.Place) ui.Card {
	return ui.Card{
		Path: p.Path(), Title: p.Title, Lang: p.Lang, Hook: p.Subtitle, Where: whereLine(p),
		Picture: s.cover(p, "(min-width:62rem) 20rem, (min-width:44rem) 45vw, 92vw"),
		Badge:   view.StatusBadge(ctx, p.Status),
	}
}

func (s *Site) cards(ctx context.Context, places []*place.Place) []ui.Card {
	out := make([]ui.Card, len(places))
	for i, p := range places {
		out[i] = s.card(ctx, p)
	}
	return out
}

// cardsWith is cards with the distance of each.
func (s *Site) cardsWith(ctx context.Context, f found) []ui.Card {
	out := s.cards(ctx, f.places)
	for i, p := range f.places {
		m := f.metres[p.ID]
		out[i].Metres = &m
	}
	return out
}

// rows are neighbours with their distances.
func (s *Site) rows(places []*place.Place, metres map[int64]float64) []ui.Row {
	out := make([]ui.Row, len(places))
	for i, p := range places {
		out[i] = s.row(p, metres[p.ID])
	}
	return out
}

// row is a neighbour with its distance.
func (s *Site) row(p *place.Place, metres float64) ui.Row {
	return ui.Row{Path: p.Path(), Title: p.Title, Lang: p.Lang, Hook: p.Subtitle, Metres: &metres, Picture: s.thumbnail(p)}
}

// whereLine is the narrowest and the widest that may be told: "Mexico City,
// Mexico".
func whereLine(p *place.Place) string {
	var parts []string
	switch {
	case p.City != "":
		parts = append(parts, p.City)
	case p.Region != "":
		parts = append(parts, p.Region)
	}
	if p.Country != "" {
		parts = append(parts, p.Country)
	}
	return strings.Join(parts, ", ")
}

// cover is the first picture of a place, or the map that stands in for it.
func (s *Site) cover(p *place.Place, sizes string) ui.Picture {
	if len(p.Photos) > 0 {
		pic := photograph(p.Photos[0], sizes)
		pic.Alt = "" // the title beside it says it already
		return pic
	}
	pic := s.locator(p, locatorCard)
	pic.Square = tiles.LocatorPath(p, locatorSquare)
	return pic
}

// thumbnail is the square picture of a place in a list of neighbours.
func (s *Site) thumbnail(p *place.Place) ui.Picture {
	if len(p.Photos) > 0 {
		pic := photograph(p.Photos[0], "5rem")
		pic.Alt = ""
		return pic
	}
	return s.locator(p, locatorSquare)
}

// photograph is a picture with its variants and its rights.
func photograph(ph place.Photo, sizes string) ui.Picture {
	widths := make([]int, 0, len(ph.URLs))
	for w := range ph.URLs {
		widths = append(widths, w)
	}
	sort.Ints(widths)
	pic := ui.Picture{Alt: ph.Alt, Caption: ph.Caption, Credit: ph.Credit, Licence: ui.LicenceName(ph.Licence), LicenceURL: ui.LicenceURL(ph.Licence), Sizes: sizes}
	if pic.Blur = ph.Blur; ph.Blur != "" { // a photograph that was sent, not a drawing
		pic.Focus = ui.FocusClass(float64(ph.FocusX)/4, float64(ph.FocusY)/4)
	}
	if len(widths) == 0 {
		return pic
	}
	show := widths[0]
	var set []string
	for _, w := range widths {
		if w <= 960 {
			show = w
		}
		set = append(set, ph.URLs[w]+" "+strconv.Itoa(w)+"w")
	}
	pic.Src, pic.Full = ph.URLs[show], ph.URLs[widths[len(widths)-1]]
	if len(widths) > 1 {
		pic.Srcset = strings.Join(set, ", ")
	} else {
		pic.Sizes = ""
	}
	if ph.Width > 0 {
		pic.Width, pic.Height = show, max(1, show*ph.Height/ph.Width)
	}
	return pic
}

// refs are the things that an answer shows.
func refs(places ...*place.Place) []finder.Ref {
	out := make([]finder.Ref, len(places))
	for i, p := range places {
		out[i] = p.Ref()
	}
	return out
}
