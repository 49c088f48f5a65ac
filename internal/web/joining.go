package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"mirabilia/internal/errs"
	"mirabilia/internal/place"
	"mirabilia/internal/proposal"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// joiningRoutes are where an editor makes two entries of one place one.
func (s *Site) joiningRoutes() []*Route {
	if s.Proposals == nil {
		return nil
	}
	return []*Route{
		ownRoute(http.MethodGet, "/places/{slug}/join", Editors, s.joinPlacesPage, "into"),
		ownRoute(http.MethodPost, "/places/{slug}/join", Editors, s.joinPlaces),
	}
}

// joinPlacesPage asks which other entry tells of the same place and, once that
// is said, shows both beside each other.
func (s *Site) joinPlacesPage(ctx context.Context, o Own) (Answer, error) {
	p, err := s.Places.BySlug(ctx, o.Slug)
	if err != nil {
		return Answer{}, err
	}
	if o.Query.Get("into") == "" {
		return s.showJoining(ctx, o, p, nil, nil)
	}
	other, err := s.otherPlace(ctx, p, o.Query.Get("into"))
	return s.showJoining(ctx, o, p, other, err)
}

// joinPlaces makes the place a part of the other and leads there.
func (s *Site) joinPlaces(ctx context.Context, o Own) (Answer, error) {
	p, err := s.Places.BySlug(ctx, o.Slug)
	if err != nil {
		return Answer{}, err
	}
	if o.Form.Has("part") {
		return s.partPlaces(ctx, o)
	}
	other, err := s.otherPlace(ctx, p, o.Form.Get("into"))
	if err == nil {
		err = s.Proposals.Join(ctx, o.Actor, p.ID, other.ID, o.Form.Get("why"))
	}
	if errs.Is(err, errs.Invalid) {
		return s.showJoining(ctx, o, p, other, err)
	}
	if err != nil {
		return Answer{}, err
	}
	if err := s.published(ctx); err != nil {
		return Answer{}, err
	}
	return See(other.Path() + "/history"), nil
}

// partPlaces makes two entries of a joined one again and leads to the one that
// had ended.
func (s *Site) partPlaces(ctx context.Context, o Own) (Answer, error) {
	joint, err := strconv.ParseInt(o.Form.Get("part"), 10, 64)
	if err != nil {
		return Answer{}, errs.InField("part", "is the number of no joining")
	}
	from, _, err := s.Proposals.Part(ctx, o.Actor, joint)
	if err == nil {
		err = s.published(ctx)
	}
	if err != nil {
		return Answer{}, err
	}
	p, err := s.Places.ByID(ctx, place.PublicID(from))
	if err != nil {
		return Answer{}, err
	}
	return See(p.Path() + "/history"), nil
}

// otherPlace finds the entry that is named by its address, slug or number; the
// error says in the field why it cannot be the other one.
func (s *Site) otherPlace(ctx context.Context, p *place.Place, name string) (*place.Place, error) {
	other, err := s.Places.Find(ctx, slugIn(strings.TrimSpace(name)))
	switch {
	case errs.Is(err, errs.NotFound), errs.Is(err, errs.Gone), errs.Is(err, errs.Moved), errs.Is(err, errs.Invalid):
		return nil, errs.InField("into", "%s", say.T(ctx, "There is no such place. Its address or its number, such as p123, will do."))
	case err == nil && other.ID == p.ID:
		return nil, errs.InField("into", "%s", say.T(ctx, "That is this entry itself."))
	}
	return other, err
}

// showJoining shows the page; other is nil while it is not known, refused what
// was wrong with the form.
func (s *Site) showJoining(ctx context.Context, o Own, p, other *place.Place, refused error) (Answer, error) {
	b, err := s.ownBase(ctx, o, say.T(ctx, "Join with another entry: %s", p.Title), "")
	if err != nil {
		return Answer{}, err
	}
	typed := o.Form
	if typed == nil {
		typed = o.Query
	}
	v := view.JoinPlaces{Base: b, Path: p.Path() + "/join", One: s.joined(ctx, p), Back: p.Path() + "/history",
		Crumbs: []ui.Crumb{{Name: say.T(ctx, "All"), Path: "/places"}, {Name: p.Title, Path: p.Path()}, {Name: say.T(ctx, "Join")}},
		Into:   ui.Field{ID: "f-into", Name: "into", Label: say.T(ctx, "The entry that stays"), Hint: say.T(ctx, "The address or number of the place"), Value: typed.Get("into"), Required: true},
		Why:    ui.Field{ID: "f-why", Name: "why", Label: say.T(ctx, "Why"), Hint: say.T(ctx, "For the audit log; may stay empty"), Value: typed.Get("why")},
	}
	status := 0
	if refused != nil {
		var ok bool
		if _, _, status, ok = shownAs(ctx, refused, &v.Into, &v.Why); !ok {
			return Answer{}, refused
		}
	}
	if other == nil {
		v.Likely, err = s.likelySame(ctx, p)
	} else {
		v.Other, v.OtherSlug = s.joined(ctx, other), other.Slug
	}
	if err != nil {
		return Answer{}, err
	}
	a, err := s.render(ctx, view.JoinPlacesPage(v))
	a.Status = status
	return a, err
}

// likelySame are the entries that look like the same place, the likeliest first.
func (s *Site) likelySame(ctx context.Context, p *place.Place) ([]view.Alike, error) {
	fields, err := s.Places.Revision(ctx, p.ID, p.Revision)
	if err != nil {
		return nil, err
	}
	found, err := s.Proposals.Alike(ctx, proposal.NamesOf(fields), p.At, p.ID)
	if err != nil {
		return nil, err
	}
	return s.alikeViews(ctx, found, nil)
}

// joined is what one of the two says of itself.
func (s *Site) joined(ctx context.Context, p *place.Place) *view.JoinSide {
	c := s.card(ctx, p)
	c.Want = ""
	return &view.JoinSide{Card: c, Lines: []string{
		say.N(ctx, p.PhotoCount, "One photo", "%s photos"),
		say.T(ctx, "%s have been, %s want to go", say.Number(ctx, p.Been), say.Number(ctx, p.Want)),
		say.N(ctx, p.Revision, "One revision", "%s revisions"),
		say.N(ctx, len(strings.Fields(p.Body)), "One word", "%s words"),
	}}
}
