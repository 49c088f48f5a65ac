package api

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"mirabilia/internal/actor"
	"mirabilia/internal/errs"
	"mirabilia/internal/outward"
	"mirabilia/internal/photo"
	"mirabilia/internal/place"
)

// maxPhotoBody is what a call that brings a photo may carry, in bytes.
const maxPhotoBody = photo.MaxFile + 1<<20

func (a *API) photoOperations() {
	op := a.writes(http.MethodPost, "/places/{id}/photos", "addPhoto", "Send a photo of a place", actor.Contribute)
	op.Description += " JPEG up to 100 megapixels, PNG, WebP and GIF up to 50, HEIC and AVIF up to 25, 30 MB. An editor's or a trusted member's is public when this answers; another's waits for an editor. The same bytes at the same place are one photo. It answers when the sizes are made; with Prefer: respond-async it answers as soon as the file is kept, and the sizes follow."
	op.MaxBodyBytes = maxPhotoBody
	// The scope is asked for before thirty megabytes are read.
	a.takesForm(op.Method, op.Path, func(who actor.Actor) error {
		if err := who.NeedsScope(actor.Contribute); err != nil {
			return err
		}
		a.Photos.Expect()
		return nil
	})
	huma.Register(a.huma, op, act(a, actor.Contribute, a.addPhoto))
}

type photoUpload struct {
	ID      string `path:"id" doc:"Id of the place." example:"p123"`
	Prefer  string `header:"Prefer" doc:"respond-async: answer before the sizes are made."`
	RawBody huma.MultipartFormFiles[struct {
		File    huma.FormFile `form:"file" required:"true" doc:"The picture."`
		Caption string        `form:"caption" required:"false" doc:"What one sees, and when."`
		Alt     string        `form:"alt" required:"false" doc:"What someone who cannot see it wants to know."`
		Credit  string        `form:"credit" required:"false" doc:"Whose picture it is; the member's name without it."`
		Licence string        `form:"licence" required:"false" doc:"SPDX id such as CC-BY-SA-4.0, or permission." example:"CC-BY-SA-4.0"`
	}]
}

// sentPhoto is a photo as its sender is told of it.
type sentPhoto struct {
	outward.Photo
	State  string   `json:"state" enum:"waiting,public,hidden" doc:"Whether everyone sees it; the addresses of one that is not public answer 404."`
	Making bool     `json:"making,omitempty" doc:"Its sizes are being made: they and its width and height follow."`
	Alike  string   `json:"alike,omitempty" doc:"Id of a photo that looks nearly the same."`
	Lat    *float64 `json:"taken_lat,omitempty" doc:"Where the camera was, told to the sender alone."`
	Lon    *float64 `json:"taken_lon,omitempty"`
}

func (a *API) addPhoto(ctx context.Context, who actor.Actor, in *photoUpload) (*body[sentPhoto], error) {
	form := in.RawBody.Data()
	if !form.File.IsSet {
		return nil, errs.InField("file", "is missing")
	}
	defer form.File.Close()
	p, err := a.Places.Find(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	about := photo.About{Caption: form.Caption, Alt: form.Alt, Credit: form.Credit, Licence: form.Licence, FocusX: 2, FocusY: 2}
	var added *photo.Added
	if id, ok := resumed(ctx); ok {
		added = new(photo.Added)
		added.Photo, err = a.Photos.Find(ctx, who, id)
	} else if strings.Contains(in.Prefer, "respond-async") {
		added, err = a.Photos.Take(ctx, who, p.ID, about, photo.Sent{Name: form.File.Filename, From: form.File})
	} else {
		added, err = a.Photos.Add(ctx, who, p.ID, about, form.File)
	}
	if err != nil {
		return nil, aboutFile(err)
	}
	if added.State == photo.Public {
		if err := a.published(ctx); err != nil {
			return nil, err
		}
	}
	out := sentPhoto{Photo: outward.PhotoOf(added.Photo.Photo, a.URL), State: string(added.State), Making: added.Making()}
	if added.Alike != 0 {
		out.Alike = place.PublicID(added.Alike)[1:]
	}
	if added.Taken != nil && added.Member == who.ID {
		out.Lat, out.Lon = &added.Taken.Lat, &added.Taken.Lon
	}
	return &body[sentPhoto]{out}, nil
}

// aboutFile names the field file in a reason not to take a file, so that it is
// answered as every other field that is wrong.
func aboutFile(err error) error {
	var e *errs.Error
	if errors.As(err, &e) && e.Code == errs.Invalid && len(e.Fields) == 0 {
		return errs.InField("file", "%s", e.Message)
	}
	return err
}
