package web

import (
	"context"
	"errors"
	"io"
	"net/http"

	"mirabilia/internal/errs"
	"mirabilia/internal/portrait"
	"mirabilia/internal/user"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// portraitRoutes are where a member chooses a picture of themselves, and its
// files.
func (s *Site) portraitRoutes() []*Route {
	if s.Portraits == nil {
		return nil
	}
	choose := ownRoute(http.MethodPost, "/settings/picture", Members, s.choosePicture)
	choose.Body, choose.Files = portrait.MaxFile+(1<<20), true
	return []*Route{choose, {Method: http.MethodGet, Pattern: user.PicturePath + "{file}", Access: Everyone, Kind: Photo, Raw: http.HandlerFunc(s.portraitFile)}}
}

// choosePicture takes the first file of the form; the button that removes the
// picture sends none.
func (s *Site) choosePicture(ctx context.Context, o Own) (Answer, error) {
	remove, err := s.readPicture(ctx, o)
	if err == nil && remove {
		err = s.Portraits.Remove(ctx, o.Actor)
	}
	if err == nil {
		err = s.caughtUp(ctx)
	}
	var e *errs.Error
	if errors.As(err, &e) && (e.Code == errs.Invalid || e.Code == errs.TooLarge || e.Code == errs.TooMany) {
		return s.pictureAgain(ctx, o, e)
	}
	if err != nil {
		return Answer{}, err
	}
	return See("/settings?done=picture"), nil
}

// readPicture reads the form as it arrives, and makes its file the picture.
func (s *Site) readPicture(ctx context.Context, o Own) (remove bool, err error) {
	parts, err := o.Request.MultipartReader()
	if err != nil {
		return false, errs.InField("file", "was not sent as a form with files")
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return false, errs.New(errs.Invalid, "Choose a picture first.")
		}
		if err != nil {
			return false, partError(err)
		}
		switch {
		case part.FormName() == "do":
			b, err := io.ReadAll(io.LimitReader(part, 16))
			if err != nil {
				return false, partError(err)
			}
			if string(b) == "remove" {
				return true, nil
			}
		case part.FormName() == "file" && part.FileName() != "":
			err := s.Portraits.Choose(ctx, o.Actor, part)
			var cut *http.MaxBytesError
			if errors.As(err, &cut) {
				return false, partError(err)
			}
			return false, err
		}
	}
}

// pictureAgain shows the page of settings with what was wrong with the file.
func (s *Site) pictureAgain(ctx context.Context, o Own, e *errs.Error) (Answer, error) {
	p, err := s.settings(ctx, o)
	if err != nil || p.Picture == nil {
		return Answer{}, errors.Join(e, err)
	}
	p.Picture.File.Error = say.T(ctx, e.Message)
	p.Refused, p.Faults = say.T(ctx, "The picture was not taken."), []ui.Field{p.Picture.File}
	a, err := s.render(ctx, view.Settings(p))
	a.Status = http.StatusUnprocessableEntity
	a.tooMany(ctx, e)
	return a, err
}

// portraitFile serves a picture. Its name says what is in it, so it is the same
// for ever; it is gone when no member has it any more.
func (s *Site) portraitFile(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	content, _, kind, err := s.Portraits.Open(r.Context(), name)
	if err != nil {
		s.noFile(w, err, "There is no picture at this address.", "a picture cannot be served", name)
		return
	}
	defer content.Close()
	giveFile(w, r, content, kind, name)
}

// personOf is a member as pages name them.
func personOf(m *user.Member) ui.Person {
	p := ui.Person{Name: m.Shown, Path: m.Path()}
	if m.State == user.Active {
		p.Picture = user.Small(m.Avatar)
	}
	return p
}

// withFaces gives people on a page the pictures that they chose.
func (s *Site) withFaces(ctx context.Context, people ...*ui.Person) error {
	if s.Users == nil {
		return nil
	}
	pages := make([]string, 0, len(people))
	for _, p := range people {
		if p != nil && p.Path != "" {
			pages = append(pages, p.Path)
		}
	}
	faces, err := s.Users.Faces(ctx, pages)
	for _, p := range people {
		if p != nil && p.Path != "" {
			p.Picture = faces[p.Path]
		}
	}
	return err
}

// facesOfTalk is withFaces for a conversation and who else is on its page.
func (s *Site) facesOfTalk(ctx context.Context, talk []view.Said, others ...*ui.Person) error {
	for i := range talk {
		others = append(others, &talk[i].By)
	}
	return s.withFaces(ctx, others...)
}
