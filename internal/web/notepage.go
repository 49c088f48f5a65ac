package web

import (
	"context"
	"net/http"
	"strings"

	"mirabilia/internal/desk"
	"mirabilia/internal/errs"
	"mirabilia/internal/place"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// noteRoutes are where members leave a line on an entry.
func (s *Site) noteRoutes() []*Route {
	if s.Notes == nil {
		return nil
	}
	return []*Route{
		ownRoute(http.MethodGet, "/places/{slug}/note", Members, s.notePage),
		ownRoute(http.MethodPost, "/places/{slug}/note", Members, s.leaveNote),
	}
}

// notePage is where one line is left on an entry, for the editors.
func (s *Site) notePage(ctx context.Context, o Own) (Answer, error) {
	p, err := s.Places.BySlug(ctx, o.Slug)
	if err != nil {
		return Answer{}, err
	}
	return s.showNote(ctx, o, p, "")
}

// leaveNote leaves the line and leads to where it stands.
func (s *Site) leaveNote(ctx context.Context, o Own) (Answer, error) {
	p, err := s.Places.BySlug(ctx, o.Slug)
	if err != nil {
		return Answer{}, err
	}
	id, err := s.Notes.Leave(ctx, o.Actor, p.ID, o.Form.Get("text"))
	switch {
	case err == nil:
		return See("/submissions/" + desk.PublicID(id) + "?sent=yes"), nil
	case errs.Is(err, errs.Invalid):
		return s.showNote(ctx, o, p, say.T(ctx, "Write one line, of 300 characters at most."))
	case tellable(err):
		a, shown := s.showNote(ctx, o, p, err.Error())
		a.tooMany(ctx, err)
		return a, shown
	}
	return Answer{}, err
}

// showNote shows the form with what was typed; refused is why that was not taken.
func (s *Site) showNote(ctx context.Context, o Own, p *place.Place, refused string) (Answer, error) {
	b, err := s.ownBase(ctx, o, say.T(ctx, "Leave a note: %s", p.Title), "")
	if err != nil {
		return Answer{}, err
	}
	v := view.NotePage{Base: b, Place: s.card(ctx, p), Action: p.Path() + "/note", Visit: p.Path() + "/mark#h-visit", Edit: p.Path() + "/edit",
		Crumbs: []ui.Crumb{{Name: say.T(ctx, "All"), Path: "/places"}, {Name: p.Title, Path: p.Path()}, {Name: say.T(ctx, "Leave a note")}},
		Line: ui.Field{ID: "n-text", Name: "text", Label: say.T(ctx, "What should the entry know?"), Required: true, Error: refused,
			Hint: say.T(ctx, "One line: the entrance has moved, the price is another, it is shut on Mondays.")}}
	if o.Form != nil {
		v.Line.Value = o.Form.Get("text")
	}
	if refused != "" {
		v.Refused = say.T(ctx, "The note was not left.")
	}
	a, err := s.render(ctx, view.LeaveNote(v))
	if refused != "" {
		a.Status = http.StatusUnprocessableEntity
	}
	return a, err
}

// deskNote is a note as an editor reads it, beside what the entry says.
func (s *Site) deskNote(ctx context.Context, sub *desk.Submission, v *view.DeskOne) error {
	v.Publish = say.T(ctx, "Take it up")
	f := &view.DeskFound{Says: say.T(ctx, "A note"), Words: sub.Summary}
	p, err := s.Places.ByID(ctx, place.PublicID(sub.Place))
	switch {
	case err == nil:
		v.Page = p.Path()
		f.Now = strings.TrimSpace(p.Subtitle)
		f.Edit = ui.Link{Text: say.T(ctx, "Edit the entry"), Path: p.Path() + "/edit"}
	case !tellable(err) && !errs.Is(err, errs.Moved):
		return err
	}
	v.Found = f
	return nil
}
