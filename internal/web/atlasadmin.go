package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"

	"mirabilia/internal/errs"
	"mirabilia/internal/logo"
	"mirabilia/internal/page"
	"mirabilia/internal/setting"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// atlasRoutes are where admins say what the atlas is called and looks like, and
// the style sheet and the picture that come of it.
func (s *Site) atlasRoutes() (list []*Route) {
	list = append(list, &Route{Method: http.MethodGet, Pattern: themePath + "{file}", Access: Everyone, Kind: Asset, Raw: http.HandlerFunc(s.theme)})
	if s.Users == nil {
		return list
	}
	for _, part := range atlasParts() {
		list = append(list,
			ownRoute(http.MethodGet, part.path, Admins, func(ctx context.Context, o Own) (Answer, error) { return s.atlasPage(ctx, o, part) }, "done"),
			ownRoute(http.MethodPost, part.path, Admins, func(ctx context.Context, o Own) (Answer, error) { return s.setAtlas(ctx, o, part) }))
	}
	list = append(list,
		ownRoute(http.MethodGet, textsPath+"{page}", Admins, s.wordsPage, "done"),
		ownRoute(http.MethodPost, textsPath+"{page}", Admins, s.setWords))
	if s.Logos != nil {
		choose := ownRoute(http.MethodPost, atlasPath+"/logo", Admins, s.chooseLogo)
		choose.Body, choose.Files = logo.MaxFile+(1<<20), true
		list = append(list, choose, &Route{Method: http.MethodGet, Pattern: logo.Path + "{file}", Access: Everyone, Kind: Photo, Raw: http.HandlerFunc(s.logoFile)})
	}
	return list
}

const textsPath = atlasPath + "/texts/"

func (s *Site) atlasPage(ctx context.Context, o Own, part *atlasPart) (Answer, error) {
	p, err := s.atlas(ctx, o, part, nil)
	if err != nil {
		return Answer{}, err
	}
	if o.Query.Get("done") != "" {
		p.Notice = &ui.Banner{Tone: "ok", Statement: say.T(ctx, "Kept.")}
	}
	return s.render(ctx, view.Atlas(p))
}

// atlas fills a page, with what was typed where it was refused.
func (s *Site) atlas(ctx context.Context, o Own, part *atlasPart, typed url.Values) (p view.AtlasPage, err error) {
	if p.Base, err = s.ownBase(ctx, o, say.T(ctx, part.title), ""); err != nil {
		return p, err
	}
	set, err := s.Settings.Present(ctx)
	if err != nil {
		return p, err
	}
	p.Crumbs = []ui.Crumb{{Name: say.T(ctx, "Administration"), Path: "/admin"}, {Name: say.T(ctx, "Settings of the atlas")}}
	p.Heading, p.Action, p.Seen, p.Keep = say.T(ctx, part.title), part.path, set.Stamp(), say.T(ctx, "Keep it so")
	if part.lead != "" {
		p.Lead = say.T(ctx, part.lead)
	}
	for _, x := range atlasParts() {
		p.Parts = append(p.Parts, ui.Link{Text: say.T(ctx, x.title), Path: x.path, Current: x.path == part.path})
	}
	p.Parts = append(p.Parts, ui.Link{Text: say.T(ctx, "Rules of contributing"), Path: rulesPath})
	p.Groups = part.show(ctx, set)
	if typed != nil {
		retype(p.Groups, typed)
	}
	switch part.name {
	case "colours":
		if s.Logos != nil {
			p.Logo = &view.LogoForm{Logo: s.frame(set).Logo, File: ui.Field{ID: "file", Name: "file", Label: say.T(ctx, "A picture"),
				Hint: say.T(ctx, "PNG or WebP is best, also JPEG, GIF or AVIF; no SVG. It is shown up to 240 × 40 pixels; what is larger is made smaller, and what one sees through stays so. By night it stands on a piece of light paper.")}}
		}
	case "texts":
		for _, slug := range s.Pages.Slugs() {
			if one, ok := s.Pages.BySlug(slug); ok {
				p.Texts = append(p.Texts, ui.Link{Text: one.Title, Path: textsPath + slug, Current: s.Pages.IsOwn(slug)})
			}
		}
	}
	return p, nil
}

// retype puts what was typed into the fields of a form.
func retype(groups []view.AtlasGroup, typed url.Values) {
	for _, g := range groups {
		for i := range g.Fields {
			f := &g.Fields[i]
			f.Value = typed.Get(f.Name)
			for j := range f.Options {
				f.Options[j].Selected = f.Options[j].Value == f.Value
			}
		}
	}
}

// setAtlas keeps a part of the settings, or shows it again with what is wrong.
func (s *Site) setAtlas(ctx context.Context, o Own, part *atlasPart) (Answer, error) {
	set, err := s.Settings.Now(ctx)
	if err != nil {
		return Answer{}, err
	}
	faults := part.take(s, ctx, o.Form, &set)
	var e *errs.Error
	if errors.As(set.Check(), &e) {
		faults = append(faults, others(e.Fields, faults)...)
	}
	if len(faults) > 0 {
		err = &errs.Error{Code: errs.Invalid, Message: say.T(ctx, "Nothing was kept."), Fields: faults}
	} else {
		err = s.Users.SetAtlas(ctx, o.Actor, s.Settings, part.name, o.Form.Get("seen"), func(now *setting.Settings) { part.take(s, ctx, o.Form, now) })
	}
	if err == nil {
		return See(part.path + "?done=yes"), s.caughtUp(ctx)
	}
	p, e2 := s.atlas(ctx, o, part, o.Form)
	if e2 != nil {
		return Answer{}, e2
	}
	return s.atlasAgain(ctx, p, err)
}

// others are the faults in fields that no other of those known is in. The
// columns of the footer are told by take, which knows which of them was typed
// where.
func others(more, known []errs.Field) (list []errs.Field) {
	told := map[string]bool{}
	for _, f := range known {
		told[f.Field] = true
	}
	for _, f := range more {
		if !told[f.Field] && (len(f.Field) < 7 || f.Field[:6] != "footer") {
			list = append(list, f)
		}
	}
	return list
}

// atlasAgain shows a form again with what was wrong.
func (s *Site) atlasAgain(ctx context.Context, p view.AtlasPage, err error) (Answer, error) {
	var fields []*ui.Field
	for _, g := range p.Groups {
		for i := range g.Fields {
			fields = append(fields, &g.Fields[i])
		}
	}
	title, faults, status, ok := shownAs(ctx, err, fields...)
	if !ok {
		return Answer{}, err
	}
	p.Refused, p.Faults = title, faults
	a, err := s.render(ctx, view.Atlas(p))
	a.Status = status
	return a, err
}

func (s *Site) wordsPage(ctx context.Context, o Own) (Answer, error) {
	p, _, err := s.words(ctx, o, nil)
	if err != nil {
		return Answer{}, err
	}
	if o.Query.Get("done") != "" {
		p.Notice = &ui.Banner{Tone: "ok", Statement: say.T(ctx, "Kept.")}
	}
	return s.render(ctx, view.Atlas(p))
}

// words fills the form of one page's words.
func (s *Site) words(ctx context.Context, o Own, typed url.Values) (p view.AtlasPage, slug string, err error) {
	slug = o.Request.PathValue("page")
	one, ok := s.Pages.BySlug(slug)
	if !ok {
		return p, slug, errs.New(errs.NotFound, "There is no page of this name.")
	}
	if p.Base, err = s.ownBase(ctx, o, one.Title, ""); err != nil {
		return p, slug, err
	}
	p.Crumbs = []ui.Crumb{{Name: say.T(ctx, "Administration"), Path: "/admin"}, {Name: say.T(ctx, "Texts"), Path: atlasPath + "/texts"}, {Name: one.Title}}
	p.Heading, p.Action, p.Seen, p.Keep, p.Reset = one.Title, textsPath+slug, one.Words().Stamp(), say.T(ctx, "Keep these words"), s.Pages.IsOwn(slug)
	p.Groups = []view.AtlasGroup{{Title: say.T(ctx, "Words of /%s", slug), Fields: []ui.Field{
		{ID: "title", Name: "title", Label: say.T(ctx, "Heading"), Value: one.Title, Required: true},
		{ID: "description", Name: "description", Label: say.T(ctx, "Description"), Hint: say.T(ctx, "One sentence, for search engines."), Value: one.Description, Required: true},
		{ID: "source", Name: "source", Label: say.T(ctx, "Text"), Hint: say.T(ctx, "Markdown."), Value: one.Source, Lines: 24, Required: true},
	}}}
	if typed != nil {
		retype(p.Groups, typed)
	}
	return p, slug, nil
}

func (s *Site) setWords(ctx context.Context, o Own) (Answer, error) {
	slug := o.Request.PathValue("page")
	var err error
	switch o.Form.Get("do") {
	case "":
		err = s.Pages.Write(ctx, o.Actor, slug, o.Form.Get("seen"), page.Words{Title: o.Form.Get("title"), Description: o.Form.Get("description"), Source: o.Form.Get("source")})
	case "reset":
		err = s.Pages.Reset(ctx, o.Actor, slug, o.Form.Get("seen"))
	default:
		err = errs.InField("do", "is nothing that this page does")
	}
	if err == nil {
		return See(textsPath + slug + "?done=yes"), s.caughtUp(ctx)
	}
	p, _, e := s.words(ctx, o, o.Form)
	if e != nil {
		return Answer{}, e
	}
	return s.atlasAgain(ctx, p, err)
}

// chooseLogo takes the first file of the form; the button that removes the logo
// sends none.
func (s *Site) chooseLogo(ctx context.Context, o Own) (Answer, error) {
	err := s.readLogo(ctx, o)
	if err == nil {
		return See(atlasPath + "/look?done=yes"), s.caughtUp(ctx)
	}
	var e *errs.Error
	if !errors.As(err, &e) || e.Code != errs.Invalid && e.Code != errs.TooLarge {
		return Answer{}, err
	}
	for _, part := range atlasParts() {
		if part.name != "colours" {
			continue
		}
		p, err := s.atlas(ctx, o, part, nil)
		if err != nil {
			return Answer{}, err
		}
		p.Logo.File.Error = say.T(ctx, e.Message)
		p.Refused, p.Faults = say.T(ctx, "The picture was not taken."), []ui.Field{p.Logo.File}
		a, err := s.render(ctx, view.Atlas(p))
		a.Status = http.StatusUnprocessableEntity
		return a, err
	}
	return Answer{}, err
}

func (s *Site) readLogo(ctx context.Context, o Own) error {
	parts, err := o.Request.MultipartReader()
	if err != nil {
		return errs.InField("file", "was not sent as a form with files")
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return errs.New(errs.Invalid, "Choose a picture first.")
		}
		if err != nil {
			return partError(err)
		}
		switch {
		case part.FormName() == "do":
			b, err := io.ReadAll(io.LimitReader(part, 16))
			if err != nil {
				return partError(err)
			}
			if string(b) == "remove" {
				return s.Logos.Remove(ctx, o.Actor)
			}
		case part.FormName() == "file" && part.FileName() != "":
			err := s.Logos.Choose(ctx, o.Actor, part)
			var cut *http.MaxBytesError
			if errors.As(err, &cut) {
				return partError(err)
			}
			return err
		}
	}
}

// logoFile serves a logo. Its name says what is in it, so it is the same for
// ever.
func (s *Site) logoFile(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	content, kind, err := s.Logos.Open(r.Context(), name)
	if err != nil {
		s.noFile(w, err, "There is no picture at this address.", "a logo cannot be served", name)
		return
	}
	defer content.Close()
	giveFile(w, r, content, kind, name)
}
