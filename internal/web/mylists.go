package web

import (
	"context"
	"net/http"
	"strconv"

	"mirabilia/internal/errs"
	lists "mirabilia/internal/list"
	"mirabilia/internal/outward"
	"mirabilia/internal/place"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

var (
	listPrivacyWords = map[lists.Privacy]string{lists.Private: "Private: those who work on it", lists.Link: "Whoever has its secret link", lists.Public: "Public: everyone"}
	listRoleWords    = map[lists.Role]string{lists.Editor: "Editor", lists.Suggester: "Suggester"}
)

// myLists are the lists that a member owns or works on.
func (s *Site) myLists(ctx context.Context, o Own) (Answer, error) {
	lists, err := s.Lists.Of(ctx, o.Actor)
	if err != nil {
		return Answer{}, err
	}
	b, err := s.baseFor(ctx, o, say.T(ctx, "Your lists"), say.T(ctx, "The lists that you own or work on."))
	if err != nil {
		return Answer{}, err
	}
	b.NoIndex = true
	v := view.ListsPage{Base: b, Heading: say.T(ctx, "Your lists"), Dek: say.T(ctx, "The lists that you own or work on."), Mine: true, Empty: ui.Empty{
		Title: say.T(ctx, "You have no list yet."), Text: say.T(ctx, "Make one here, or from the page of any place."),
		Ways: []ui.Link{{Text: say.T(ctx, "All places"), Path: "/places"}},
	}}
	for _, l := range lists {
		c := view.ListCard{Path: l.EditPath(), Title: l.Title, Places: placesIn(ctx, l.Entries), Privacy: say.T(ctx, listPrivacyWords[l.Privacy])}
		if l.Owner != o.Actor.ID {
			c.By = l.By
		}
		v.Lists = append(v.Lists, c)
	}
	return s.render(ctx, view.Lists(v))
}

// newList is the form of a new list.
func (s *Site) newList(ctx context.Context, o Own) (Answer, error) {
	return s.renderNewList(ctx, o, lists.Details{Privacy: lists.Private}, o.Query.Get("place"), nil)
}

func (s *Site) renderNewList(ctx context.Context, o Own, d lists.Details, placeID string, faults []errs.Field) (Answer, error) {
	b, err := s.baseFor(ctx, o, say.T(ctx, "Make a list"), say.T(ctx, "A list of places, in your order."))
	if err != nil {
		return Answer{}, err
	}
	b.NoIndex = true
	v := view.ListNew{Base: b, Place: placeID}
	v.Title, v.Intro, v.Privacy = detailFields(ctx, d)
	for _, f := range []*ui.Field{&v.Title, &v.Intro, &v.Privacy} {
		for _, x := range faults {
			if x.Field == f.Name {
				f.Error = say.T(ctx, x.Message)
				v.Faults = append(v.Faults, *f)
			}
		}
	}
	a, err := s.render(ctx, view.NewList(v))
	if len(faults) > 0 {
		a.Status = http.StatusUnprocessableEntity
	}
	return a, err
}

func detailFields(ctx context.Context, d lists.Details) (title, intro, privacy ui.Field) {
	title = ui.Field{ID: "l-title", Name: "title", Label: say.T(ctx, "Title"), Value: d.Title, Required: true}
	intro = ui.Field{ID: "l-intro", Name: "intro", Label: say.T(ctx, "Introduction"), Hint: say.T(ctx, "What belongs on it, and why. Markdown."), Value: d.Intro, Lines: 4}
	privacy = ui.Field{ID: "l-privacy", Name: "privacy", Label: say.T(ctx, "Who sees it")}
	for _, p := range lists.Privacies {
		privacy.Options = append(privacy.Options, ui.Option{Value: string(p), Text: say.T(ctx, listPrivacyWords[p]), Selected: p == d.Privacy})
	}
	return title, intro, privacy
}

func sentDetails(o Own) lists.Details {
	return lists.Details{Title: o.Form.Get("title"), Intro: o.Form.Get("intro"), Privacy: lists.Privacy(o.Form.Get("privacy"))}
}

// makeList makes a list, with a first place where it began at one.
func (s *Site) makeList(ctx context.Context, o Own) (Answer, error) {
	d := sentDetails(o)
	l, err := s.Lists.Make(ctx, o.Actor, d)
	if faults, ok := faultsOf(err); ok {
		return s.renderNewList(ctx, o, d, o.Form.Get("place"), faults)
	}
	if err != nil {
		return Answer{}, err
	}
	if id, ok := place.ParseID(o.Form.Get("place")); ok {
		if err := s.Lists.Add(ctx, o.Actor, l.Slug, id, ""); err != nil {
			return Answer{}, err
		}
	}
	return See(l.EditPath()), nil
}

// chooseList shows on which of a member's lists a place stands.
func (s *Site) chooseList(ctx context.Context, o Own) (Answer, error) {
	p, err := s.Places.BySlug(ctx, o.Slug)
	if err != nil {
		return Answer{}, err
	}
	list, err := s.Lists.Of(ctx, o.Actor)
	if err != nil {
		return Answer{}, err
	}
	on, err := s.Lists.Holding(ctx, o.Actor, p.ID)
	if err != nil {
		return Answer{}, err
	}
	b, err := s.baseFor(ctx, o, say.T(ctx, "Add to list: %s", p.Title), say.T(ctx, "On which of your lists this place stands."))
	if err != nil {
		return Answer{}, err
	}
	b.NoIndex = true
	v := view.PlaceLists{Base: b, Place: s.card(ctx, p), ID: p.PublicID(), Crumbs: []ui.Crumb{{Name: say.T(ctx, "All"), Path: "/places"}, {Name: p.Title, Path: p.Path()}, {Name: say.T(ctx, "Add to list")}}}
	for _, l := range list {
		v.Lists = append(v.Lists, view.PlaceList{Path: l.Path(), Title: l.Title, Places: placesIn(ctx, l.Entries), On: on[l.ID].On, Waits: on[l.ID].Waits, Edits: on[l.ID].Role.AtLeast(lists.Editor), Mine: on[l.ID].Own})
	}
	return s.render(ctx, view.ChooseList(v))
}

// turnedDown is what a form of a list was refused for: the answer is the page
// again, with everything that was typed.
type turnedDown struct {
	err     error
	details *lists.Details
	place   string // whose note it is
	note    string
}

// editList is a list for those who work on it.
func (s *Site) editList(ctx context.Context, o Own) (Answer, error) {
	return s.renderListEdit(ctx, o, turnedDown{})
}

func (s *Site) renderListEdit(ctx context.Context, o Own, r turnedDown) (Answer, error) {
	l, entries, workers, role, err := s.Lists.Mine(ctx, o.Actor, o.Slug)
	if err != nil {
		return Answer{}, err
	}
	b, err := s.baseFor(ctx, o, l.Title, say.T(ctx, "A list that you work on."))
	if err != nil {
		return Answer{}, err
	}
	b.NoIndex = true
	places, err := s.Places.Cards(ctx, entryIDs(entries))
	if err != nil {
		return Answer{}, err
	}
	v := view.ListEdit{Base: b, Path: l.Path(), View: "/me/lists/" + l.Slug, Heading: l.Title, Edits: role.AtLeast(lists.Editor), Owns: role == lists.Owner, Edition: strconv.FormatInt(l.Edition, 10),
		Crumbs:  []ui.Crumb{{Name: say.T(ctx, "Your lists"), Path: "/me/lists"}, {Name: l.Title}},
		Entries: s.listEntries(ctx, entries, places), At: o.Query.Get("at"),
		Name: ui.Field{ID: "w-name", Name: "name", Label: say.T(ctx, "A member, by the name in the address of the profile"), Required: true, Value: o.Form.Get("name")},
		Role: ui.Field{ID: "w-role", Name: "role", Label: say.T(ctx, "As"), Options: []ui.Option{
			{Value: string(lists.Editor), Text: say.T(ctx, listRoleWords[lists.Editor])}, {Value: string(lists.Suggester), Text: say.T(ctx, listRoleWords[lists.Suggester])}}},
	}
	own := map[string]bool{}
	for _, e := range entries {
		own[place.PublicID(e.Place)] = e.AddedBy == o.Actor.ID
	}
	for i := range v.Entries {
		v.Entries[i].Mine = own[v.Entries[i].ID]
	}
	if c := outward.Cover(l, standing(entries, places)); c != nil {
		for i := range v.Entries {
			v.Entries[i].Covers = v.Entries[i].ID == c.PublicID()
		}
	}
	if l.Privacy == lists.Public {
		v.View = l.Path()
		v.Crumbs[1].Path = l.Path()
		v.Crumbs = append(v.Crumbs, ui.Crumb{Name: say.T(ctx, "Change")})
	}
	if l.Secret != "" && v.Owns {
		v.Link = s.absolute("/shared/lists/" + l.Secret)
	}
	for _, w := range workers {
		v.Workers = append(v.Workers, view.ListWorker{Name: w.Name, Shown: w.Shown, Role: say.T(ctx, listRoleWords[w.Role])})
	}
	d := lists.Details{Title: l.Title, Intro: l.Intro, Privacy: l.Privacy}
	if r.details != nil {
		d = *r.details
	}
	v.Title, v.Intro, v.Privacy = detailFields(ctx, d)
	if errs.Is(r.err, errs.Conflict) && r.details != nil {
		nowBeside(ctx, &v.Title, l.Title)
		nowBeside(ctx, &v.Intro, l.Intro)
	}
	s.refuseOnPage(ctx, &v, r)
	a, err := s.render(ctx, view.EditList(v))
	switch {
	case errs.Is(r.err, errs.Conflict):
		a.Status = http.StatusConflict
	case r.err != nil:
		a.Status = http.StatusUnprocessableEntity
	}
	return a, err
}

// nowBeside says beside what was typed what somebody else has put there.
func nowBeside(ctx context.Context, f *ui.Field, now string) {
	if now == f.Value {
		return
	}
	if now == "" {
		now = say.T(ctx, "nothing")
	}
	f.Hint = say.T(ctx, "Now: %s", now)
}

// refuseOnPage puts what is wrong beside what was typed.
func (s *Site) refuseOnPage(ctx context.Context, v *view.ListEdit, r turnedDown) {
	if r.err == nil {
		return
	}
	faults, _ := faultsOf(r.err)
	for _, f := range []*ui.Field{&v.Title, &v.Intro, &v.Privacy, &v.Name} {
		for _, x := range faults {
			if x.Field == f.Name {
				f.Error = say.T(ctx, x.Message)
				v.Faults = append(v.Faults, *f)
			}
		}
	}
	v.Refused = messageOf(r.err)
	if r.place == "" {
		return
	}
	for i := range v.Entries {
		if e := &v.Entries[i]; e.ID == r.place {
			e.Error, e.Sent = v.Refused, r.note
			if len(faults) > 0 {
				e.Error = say.T(ctx, faults[0].Message)
			}
			v.Refused = say.T(ctx, "The note was not kept.")
			v.Faults = []ui.Field{{ID: "note-" + e.ID, Label: e.Card.Title, Error: e.Error}}
			return
		}
	}
	v.Refused += " " + r.note // the entry is gone: what was typed is not
}
