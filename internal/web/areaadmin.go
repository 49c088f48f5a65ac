package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"mirabilia/internal/destination"
	"mirabilia/internal/errs"
	"mirabilia/internal/geo"
	"mirabilia/internal/polygon"
	"mirabilia/internal/query"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// areasPath is where editors find what they have drawn.
const areasPath = "/admin/areas"

// areaRoutes are the pages on which editors draw areas and metros.
func (s *Site) areaRoutes() []*Route {
	put := ownRoute(http.MethodPost, areasPath, Editors, s.putArea)
	put.Body = polygon.MaxBytes + polygon.MaxBytes/2 // a file, or as much as text, and the rest of the form
	return []*Route{
		ownRoute(http.MethodGet, areasPath, Editors, s.areasPage, "done"),
		ownRoute(http.MethodGet, areasPath+"/new", Editors, s.newArea),
		ownRoute(http.MethodGet, areasPath+"/edit", Editors, s.editArea, "path"),
		put,
		ownRoute(http.MethodPost, areasPath+"/remove", Editors, s.removeArea),
	}
}

// areasPage lists the areas.
func (s *Site) areasPage(ctx context.Context, o Own) (Answer, error) {
	b, err := s.baseFor(ctx, o, say.T(ctx, "Areas and metros"), "")
	if err != nil {
		return Answer{}, err
	}
	b.NoIndex = true
	v := view.AreasPage{Base: b, Crumbs: areaCrumbs(ctx, ""), New: ui.Link{Text: say.T(ctx, "Draw an area"), Path: areasPath + "/new", Icon: "plus"},
		Empty: ui.Empty{Title: say.T(ctx, "Nothing is drawn yet."), Text: say.T(ctx, "The first one could be an island, or a large city with all that belongs to it.")}}
	switch o.Query.Get("done") {
	case "kept":
		v.Done = say.T(ctx, "The area is kept.")
	case "removed":
		v.Done = say.T(ctx, "The area is removed.")
	}
	for _, a := range s.Finder.Areas("") {
		v.Rows = append(v.Rows, view.AreaRow{Name: a.Name, Kind: kindOfArea(ctx, a.Kind), Path: a.Path, Guide: destination.Href(a.Path),
			Edit: address(areasPath+"/edit", url.Values{"path": {a.Path}}.Encode()), Points: say.Number(ctx, a.Shape.Points()), Places: say.Number(ctx, a.Count)})
	}
	return s.render(ctx, view.Areas(v))
}

func kindOfArea(ctx context.Context, kind string) string {
	if kind == destination.KindMetro {
		return say.T(ctx, "Metro")
	}
	return say.T(ctx, "Area")
}

func areaCrumbs(ctx context.Context, name string) []ui.Crumb {
	out := []ui.Crumb{{Name: say.T(ctx, "Destinations"), Path: "/destinations"}, {Name: say.T(ctx, "Areas and metros")}}
	if name != "" {
		out[1].Path = areasPath
		out = append(out, ui.Crumb{Name: name})
	}
	return out
}

// areaForm is what was typed on the page where an area is drawn.
type areaForm struct {
	path, kind, name, intro, outline string
	revision                         int64
	shape                            *polygon.Shape // of outline, nil when it is none
	preview                          string
	fault                            error
}

func (s *Site) newArea(ctx context.Context, o Own) (Answer, error) {
	return s.renderArea(ctx, o, areaForm{kind: destination.KindArea})
}

func (s *Site) editArea(ctx context.Context, o Own) (Answer, error) {
	a, err := s.Destinations.Area(ctx, o.Query.Get("path"))
	if err != nil {
		return Answer{}, err
	}
	return s.renderArea(ctx, o, areaForm{path: a.Path, kind: a.Kind, name: a.Name, intro: a.Intro, outline: string(a.Outline.GeoJSON()), revision: a.Revision, shape: a.Outline})
}

// putArea keeps what was drawn, or only looks it over.
func (s *Site) putArea(ctx context.Context, o Own) (Answer, error) {
	f, err := readAreaForm(o)
	if err != nil {
		return Answer{}, err
	}
	if f.shape, f.fault = polygon.Parse(strings.NewReader(f.outline)); f.fault != nil {
		f.fault = errs.InField("outline", "%s", f.fault.Error())
		return s.renderArea(ctx, o, f)
	}
	f.outline = string(f.shape.GeoJSON())
	if o.Form.Get("do") == "preview" {
		n := s.Finder.CountInside(f.shape)
		f.preview = say.T(ctx, "The outline has %s points and holds %s. Nothing is kept yet.", say.Number(ctx, f.shape.Points()), say.N(ctx, n, "%s place", "%s places"))
		return s.renderArea(ctx, o, f)
	}
	a := destination.Area{Path: f.path, Kind: f.kind, Name: f.name, Intro: f.intro, Outline: f.shape, Revision: f.revision}
	if f.revision == 0 { // a new one takes nobody's place
		if _, err := s.Destinations.Area(ctx, f.path); err == nil {
			f.fault = errs.InField("path", "is the address of another area already")
			return s.renderArea(ctx, o, f)
		} else if !errs.Is(err, errs.NotFound) {
			return Answer{}, err
		}
	}
	_, err = s.Destinations.PutArea(ctx, o.Actor, a)
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict) {
		f.fault = err
		return s.renderArea(ctx, o, f)
	}
	if err != nil {
		return Answer{}, err
	}
	return See(areasPath + "?done=kept"), s.caughtUp(ctx)
}

// caughtUp waits until this node shows what was just written.
func (s *Site) caughtUp(ctx context.Context) error {
	if s.Published == nil {
		return nil
	}
	return s.Published(ctx)
}

// readAreaForm reads the fields; a file stands for the text of the outline.
func readAreaForm(o Own) (areaForm, error) {
	get := func(name string) string { return strings.TrimSpace(o.Form.Get(name)) }
	f := areaForm{path: strings.Trim(get("path"), "/"), kind: get("kind"), name: get("name"), intro: get("intro"), outline: get("outline")}
	f.revision, _ = strconv.ParseInt(get("revision"), 10, 64)
	file, head, err := o.Request.FormFile("file")
	switch {
	case errors.Is(err, http.ErrMissingFile), errors.Is(err, http.ErrNotMultipart):
		return f, nil
	case err != nil:
		return f, formError(err)
	case head.Size == 0:
		return f, nil
	}
	defer file.Close()
	shape, err := polygon.Parse(file)
	if err != nil {
		f.outline = "" // what is wrong is said of the file, by reading it again
		var raw strings.Builder
		if _, seek := file.Seek(0, 0); seek == nil {
			_, _ = io.Copy(&raw, io.LimitReader(file, polygon.MaxBytes))
		}
		f.outline = strings.ToValidUTF8(raw.String(), "\uFFFD")
		return f, nil
	}
	f.outline = string(shape.GeoJSON())
	return f, nil
}

// removeArea takes an area away.
func (s *Site) removeArea(ctx context.Context, o Own) (Answer, error) {
	if o.Form.Get("sure") != "yes" {
		return Answer{}, errs.InField("sure", "must be ticked: an outline cannot be brought back")
	}
	if err := s.Destinations.RemoveArea(ctx, o.Actor, o.Form.Get("path")); err != nil {
		return Answer{}, err
	}
	return See(areasPath + "?done=removed"), s.caughtUp(ctx)
}

// renderArea shows the page with what was typed, and what is wrong with it.
func (s *Site) renderArea(ctx context.Context, o Own, f areaForm) (Answer, error) {
	heading := say.T(ctx, "Draw an area")
	if f.revision != 0 {
		heading = say.T(ctx, "Change %s", f.name)
	}
	b, err := s.baseFor(ctx, o, heading, "")
	if err != nil {
		return Answer{}, err
	}
	b.NoIndex = true
	at, zoom := worldMiddle, worldZoom
	if f.shape != nil {
		at, zoom = f.shape.Centre(), boxZoom(f.shape.Box())
	}
	v := view.AreaFormPage{
		Base: b, Crumbs: areaCrumbs(ctx, heading), Heading: heading, Action: areasPath, Revision: strconv.FormatInt(f.revision, 10), Preview: f.preview,
		Name:    ui.Field{ID: "a-name", Name: "name", Label: say.T(ctx, "Name"), Value: f.name, Required: true},
		Path:    ui.Field{ID: "a-path", Name: "path", Label: say.T(ctx, "Address"), Hint: say.T(ctx, "The country's part, a slash, then lower-case letters and hyphens, as in france/massif-central."), Value: f.path, Required: true},
		Kind:    ui.Field{ID: "a-kind", Name: "kind", Label: say.T(ctx, "What it is"), Options: []ui.Option{{Value: destination.KindArea, Text: say.T(ctx, "Area: an island, a park, a landscape"), Selected: f.kind != destination.KindMetro}, {Value: destination.KindMetro, Text: say.T(ctx, "Metro: a large city with all that belongs to it"), Selected: f.kind == destination.KindMetro}}},
		File:    ui.Field{ID: "a-file", Name: "file", Type: "file", Label: say.T(ctx, "Or upload a GeoJSON file"), Hint: say.T(ctx, "With a Polygon or MultiPolygon, up to %s points; it takes the place of what is drawn.", say.Number(ctx, polygon.MaxPoints))},
		Outline: ui.Field{ID: "a-outline", Name: "outline", Label: say.T(ctx, "The outline as GeoJSON"), Value: f.outline, Lines: 5, Class: "code"},
		Intro:   ui.Field{ID: "a-intro", Name: "intro", Label: say.T(ctx, "What its guide says first"), Hint: say.T(ctx, "A sentence or two, in Markdown. It may stay empty."), Value: f.intro, Lines: 4},
		Map:     *s.movable(worldPicture(ctx), geo.Public{Lat: at.Lat, Lon: at.Lon}, zoom, query.Places{}),
	}
	if f.revision != 0 {
		v.Remove = f.path
	}
	if f.fault != nil {
		v.Refused = say.T(ctx, "The area was not kept.")
		for _, field := range []*ui.Field{&v.Name, &v.Path, &v.Kind, &v.Outline, &v.Intro} {
			if faults, ok := faultsOf(f.fault); ok && faults[0].Field == field.Name {
				field.Error = say.T(ctx, faults[0].Message)
				v.Bad = append(v.Bad, *field)
			}
		}
		if len(v.Bad) == 0 {
			v.Refused = say.T(ctx, f.fault.Error())
		}
	}
	a, err := s.render(ctx, view.AreaForm(v))
	if f.fault != nil {
		a.Status = http.StatusUnprocessableEntity
	}
	return a, err
}
