package app

import (
	"context"
	"io"

	"mirabilia/internal/actor"
	"mirabilia/internal/config"
	"mirabilia/internal/destination"
	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/polygon"
)

// operator is who works on the command line: whoever may read the data
// directory may do everything, and has no account.
var operator = actor.Actor{Role: actor.Admin}

// drawAreas gives the finder the areas as the database has them.
func (a *App) drawAreas(ctx context.Context) error {
	areas, err := a.destinations.Areas(ctx)
	if err == nil {
		a.finder.SetAreas(found(areas, a.destinations))
	}
	return err
}

// found is areas as the finder takes them, without those whose path the tree
// has taken since they were drawn: doctor tells of them.
func found(areas []destination.Area, d *destination.Destinations) []finder.Area {
	var out []finder.Area
	for i := range areas {
		if d.CheckPath(areas[i].Path) == nil {
			out = append(out, areas[i].Found())
		}
	}
	return out
}

// areaDocs are the documents of the areas that the finder has otherwise or not
// at all. Also what holds nothing is found by its name: an editor drew it.
func (a *App) areaDocs() []finder.Doc {
	var docs []finder.Doc
	for _, c := range a.finder.Areas("") {
		d := a.destinations.AreaDoc(c.Area, c.Count)
		card, ok := a.finder.Doc(d.Ref)
		if rank, _ := a.finder.Rank(d.Ref); !ok || rank != d.Rank || card.Title != d.Title {
			docs = append(docs, d)
		}
	}
	return docs
}

// redraw makes the finder's areas agree with the database where the log names
// them, and gives the documents to put and to drop.
func (a *App) redraw(ctx context.Context, ids []int64) (docs []finder.Doc, drop []finder.Ref, err error) {
	if len(ids) == 0 {
		return nil, nil, nil
	}
	list, err := a.destinations.AreasByID(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	there := map[int64]bool{}
	for _, area := range found(list, a.destinations) {
		there[destination.ID(area.Path)] = true
		a.finder.PutArea(area)
		docs = append(docs, a.destinations.AreaDoc(area, a.finder.CountIn(area.Path)))
	}
	for _, id := range ids {
		ref := finder.Ref{Kind: finder.Destination, ID: id}
		card, ok := a.finder.Doc(ref)
		if !ok || there[id] {
			continue
		}
		if _, tree := a.gazetteer.ByPath(card.Slug); tree {
			continue
		}
		a.finder.DropArea(card.Slug)
		drop = append(drop, ref)
	}
	return docs, drop, nil
}

// Areas lists the areas of an atlas with the number of places in each.
func Areas(ctx context.Context, c config.Storage) ([]finder.AreaCount, error) {
	s, err := openStorage(ctx, c, false)
	if err != nil {
		return nil, err
	}
	defer s.db.Close()
	f := finder.New()
	if err := s.fill(ctx, f); err != nil {
		return nil, err
	}
	return f.Areas(""), nil
}

// AreaOptions says what of an area is put; what is "" stays as it is.
type AreaOptions struct{ Path, Kind, Name, Intro string }

// PutArea keeps an area with the outline that a GeoJSON file has. It may run
// beside a server.
func PutArea(ctx context.Context, c config.Storage, o AreaOptions, outline io.Reader) (created bool, err error) {
	shape, err := polygon.Parse(outline)
	if err != nil {
		return false, err
	}
	s, err := openStorage(ctx, c, true)
	if err != nil {
		return false, err
	}
	defer s.db.Close()
	a := destination.Area{Path: o.Path, Kind: destination.KindArea}
	before, err := s.destinations.Area(ctx, o.Path)
	switch {
	case err == nil:
		a = *before
	case !errs.Is(err, errs.NotFound):
		return false, err
	}
	a.Outline = shape
	for _, f := range []struct {
		given string
		into  *string
	}{{o.Kind, &a.Kind}, {o.Name, &a.Name}, {o.Intro, &a.Intro}} {
		if f.given != "" {
			*f.into = f.given
		}
	}
	return s.destinations.PutArea(ctx, operator, a)
}

// ReadArea reads one area of an atlas.
func ReadArea(ctx context.Context, c config.Storage, path string) (*destination.Area, error) {
	s, err := openStorage(ctx, c, false)
	if err != nil {
		return nil, err
	}
	defer s.db.Close()
	return s.destinations.Area(ctx, path)
}

// RemoveArea takes an area away. It may run beside a server.
func RemoveArea(ctx context.Context, c config.Storage, path string) error {
	s, err := openStorage(ctx, c, false)
	if err != nil {
		return err
	}
	defer s.db.Close()
	return s.destinations.RemoveArea(ctx, operator, path)
}

// examineAreas holds each area against the places, one by one: the finder must
// have in it just what its outline holds.
func (s *storage) examineAreas(ctx context.Context, f *finder.Finder, fault func(string, ...any)) error {
	areas, err := s.destinations.Areas(ctx)
	if err != nil {
		return err
	}
	counts := make([]int, len(areas))
	err = s.places.EachDoc(ctx, func(d finder.Doc) error {
		for i := range areas {
			if d.At == nil || !d.At.Valid() {
				continue
			}
			if d.Rough && areas[i].Outline.HoldsDisc(*d.At, finder.RoughMetres) || !d.Rough && areas[i].Outline.Holds(*d.At) {
				counts[i]++
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i := range areas {
		a := &areas[i]
		if err := s.destinations.CheckPath(a.Path); err != nil {
			fault("areas: %s is not shown, as its path %v; draw it under another one", a.Path, err)
		} else if n := f.CountIn(a.Path); n != counts[i] {
			fault("finder: %d places in %s, its outline holds %d", n, a.Path, counts[i])
		}
	}
	return nil
}
