package web

import (
	"cmp"
	"context"
	"net/http"
	"strconv"

	"mirabilia/internal/errs"
	"mirabilia/internal/mark"
	"mirabilia/internal/photo"
	"mirabilia/internal/place"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// visitPhotoRoutes are the ways to a visit's photographs; a new visit may bring
// some along.
func (s *Site) visitPhotoRoutes() []*Route {
	write := ownRoute(http.MethodPost, "/places/{slug}/visits", Members, s.withFiles(s.writeVisit))
	more := ownRoute(http.MethodPost, "/places/{slug}/visits/{visit}/photos", Members, s.withFiles(s.sendAtVisit))
	for _, route := range []*Route{write, more} {
		route.Body, route.Files = maxPhotos*photo.MaxFile+(1<<20), true
	}
	return []*Route{write, more, ownRoute(http.MethodPost, "/places/{slug}/visits/{visit}/photos/{photo}", Members, s.changeAtVisit)}
}

// visitID is the number of the visit that a path names.
func visitID(o Own) (int64, error) {
	id, ok := place.ParseID("p" + o.Request.PathValue("visit"))
	if !ok {
		return 0, errs.New(errs.NotFound, "There is no such visit of yours.")
	}
	return id, nil
}

// sendAtVisit takes more photographs of a visit.
func (s *Site) sendAtVisit(ctx context.Context, o Own) (Answer, error) {
	p, err := s.Places.BySlug(ctx, o.Slug)
	if err != nil {
		return Answer{}, err
	}
	id, err := visitID(o)
	if err != nil {
		return Answer{}, err
	}
	if len(o.files) == 0 {
		return s.renderMarks(ctx, o, newVisit(), nil, []view.PhotoResult{{Text: say.T(ctx, "No file was chosen.")}})
	}
	return s.takeAtVisit(ctx, o, p, id)
}

// takeAtVisit takes the files of a form, each for itself, and shows the visits:
// with the reasons beside the names of those that could not be taken.
func (s *Site) takeAtVisit(ctx context.Context, o Own, p *place.Place, visit int64) (Answer, error) {
	var refused []view.PhotoResult
	var first error
	for _, f := range o.files {
		var added *photo.Added
		err := f.err
		if err == nil {
			added, err = s.Photos.TakeAt(ctx, o.Actor, visit, photo.About{}, photo.Sent{Name: f.name, From: f.file.Reader()})
		}
		if errs.Is(err, errs.NotFound) { // of the visit, not of a file
			return Answer{}, err
		}
		out, err := s.photoSent(ctx, f.name, added, err)
		if err != nil {
			return Answer{}, err
		}
		if out.State == "" {
			refused = append(refused, view.PhotoResult{Name: out.Name, Text: out.Text})
			first = cmp.Or(first, out.refused)
		}
	}
	if len(refused) > 0 {
		a, err := s.renderMarks(ctx, o, newVisit(), nil, refused)
		if len(refused) == len(o.files) {
			a.tooMany(ctx, first)
		}
		return a, err
	}
	return See(p.Path() + "/mark"), nil
}

// notTaken are the files that came with a visit that was not kept.
func notTaken(ctx context.Context, files []arrived) (list []view.PhotoResult) {
	for _, f := range files {
		list = append(list, view.PhotoResult{Name: f.name, Text: say.T(ctx, "Not kept, since the visit was not. Choose it again.")})
	}
	return list
}

// changeAtVisit keeps what is written about a photograph of a visit, or throws
// it away.
func (s *Site) changeAtVisit(ctx context.Context, o Own) (Answer, error) {
	p, err := s.Places.BySlug(ctx, o.Slug)
	if err != nil {
		return Answer{}, err
	}
	id, ok := photoID(o)
	if !ok {
		return Answer{}, errs.New(errs.NotFound, "There is no such photo.")
	}
	switch o.Form.Get("do") {
	case "describe":
		err = s.Photos.DescribeAt(ctx, o.Actor, id, photo.About{Caption: o.Form.Get("caption"), Alt: o.Form.Get("alt")})
	case "remove":
		err = s.Photos.RemoveAt(ctx, o.Actor, id)
	default:
		err = errs.InField("do", "is none of describe, remove")
	}
	if err != nil {
		return Answer{}, err
	}
	return See(p.Path() + "/mark"), nil
}

// photosOf are the photographs of visits that the reader sees, by visit.
func (s *Site) photosOf(ctx context.Context, o Own, visits []mark.Visit) (map[int64][]*photo.Photo, error) {
	if s.Photos == nil || len(visits) == 0 {
		return nil, nil
	}
	ids := make([]int64, len(visits))
	for i, v := range visits {
		ids[i] = v.ID
	}
	return s.Photos.AtVisits(ctx, o.Actor, ids)
}

// visitPhotos shows them to their member.
func (s *Site) visitPhotos(ctx context.Context, list []*photo.Photo) (out []view.VisitPhoto) {
	for _, ph := range list {
		id := itoa64(ph.ID)
		v := view.VisitPhoto{ID: id, Picture: visitPicture(ph), Work: s.photoWork(ctx, ph),
			Caption: ui.Field{ID: "vp-caption-" + id, Name: "caption", Label: say.T(ctx, "Caption"), Value: ph.Caption},
			Alt:     ui.Field{ID: "vp-alt-" + id, Name: "alt", Label: say.T(ctx, "Description for those who cannot see it"), Value: ph.Alt, Lines: 2}}
		if ph.Becomes == photo.Refused {
			v.Reason = ph.File + ": " + say.T(ctx, ph.Reason)
		}
		out = append(out, v)
	}
	return out
}

// visitPicture is a photograph as who sees the visit sees it: its files have no
// address that everybody may keep.
func visitPicture(ph *photo.Photo) ui.Picture {
	of := ph.Photo
	of.URLs = make(map[int]string, len(ph.URLs))
	for w := range ph.URLs {
		of.URLs[w] = "/photos/" + itoa64(ph.ID) + "/" + strconv.Itoa(w)
	}
	return photograph(of, "(min-width:62rem) 30vw, 100vw")
}
