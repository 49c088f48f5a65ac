package web

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"mirabilia/internal/actor"
	"mirabilia/internal/errs"
	"mirabilia/internal/mark"
	"mirabilia/internal/place"
	"mirabilia/internal/profile"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// marksRoutes are the ways to a reader's own marks: one page a place, whose
// forms need no script, and one address to which scripts send what was queued;
// what is marked comes with the overlay.
func (s *Site) marksRoutes() []*Route {
	if s.Marks == nil {
		return nil
	}
	list := []*Route{
		ownRoute(http.MethodGet, "/places/{slug}/mark", Members, s.markPage),
		// Everyone may press the button: who is not signed in yet is led there.
		ownRoute(http.MethodPost, "/places/{slug}/mark", Everyone, s.setMark),
		ownRoute(http.MethodPost, "/me/marks", Members, s.syncMarks),
	}
	if s.Photos == nil {
		return append(list, ownRoute(http.MethodPost, "/places/{slug}/visits", Members, s.writeVisit))
	}
	return append(list, s.visitPhotoRoutes()...)
}

// setMark sets or takes away one mark and shows how it stands.
func (s *Site) setMark(ctx context.Context, o Own) (Answer, error) {
	p, err := s.Places.BySlug(ctx, o.Slug)
	if err != nil {
		return Answer{}, err
	}
	if !o.Actor.SignedIn() {
		return See(signInPath(&url.URL{Path: p.Path() + "/mark"})), nil
	}
	if err := s.Marks.Set(ctx, o.Actor, p.ID, mark.Kind(o.Form.Get("mark")), o.Form.Get("on") != "no"); err != nil {
		return Answer{}, err
	}
	return See(p.Path() + "/mark"), nil
}

// markPage is what a member says of one place: marks and visits.
func (s *Site) markPage(ctx context.Context, o Own) (Answer, error) {
	return s.renderMarks(ctx, o, newVisit(), nil, nil)
}

// newVisit is what the form of a visit begins with.
func newVisit() mark.Visit { return mark.Visit{Outcome: mark.Found, Privacy: mark.Me} }

// renderMarks shows the page with a visit in its form, and what is wrong with it
// and with the files that came along.
func (s *Site) renderMarks(ctx context.Context, o Own, v mark.Visit, faults []errs.Field, sent []view.PhotoResult) (Answer, error) {
	p, err := s.Places.BySlug(ctx, o.Slug)
	if err != nil {
		return Answer{}, err
	}
	own, err := s.Marks.Of(ctx, o.Actor, []int64{p.ID})
	if err != nil {
		return Answer{}, err
	}
	visits, err := s.Marks.VisitsAt(ctx, o.Actor, p.ID)
	if err != nil {
		return Answer{}, err
	}
	b, err := s.baseFor(ctx, o, say.T(ctx, "Your marks: %s", p.Title), say.T(ctx, "Whether you have been here, whether you want to go, and what you found."))
	if err != nil {
		return Answer{}, err
	}
	b.NoIndex = true
	photos, err := s.photosOf(ctx, o, visits)
	if err != nil {
		return Answer{}, err
	}
	m, err := s.Users.ByID(ctx, o.Actor.ID)
	if err != nil {
		return Answer{}, err
	}
	page := view.MarkPage{Base: b, Results: sent, Photos: s.Photos != nil, Place: s.card(ctx, p), Action: p.Path(), Been: own[p.ID].Been, Want: own[p.ID].Want, Form: visitForm(ctx, v, faults),
		Crumbs: []ui.Crumb{{Name: say.T(ctx, "All"), Path: "/places"}, {Name: p.Title, Path: p.Path()}, {Name: say.T(ctx, "Your marks")}}}
	most := profile.Chosen(m, profile.Visits)
	page.Form.Privacy.Hint = visitsSeen(ctx, most)
	for _, x := range visits {
		page.Visits = append(page.Visits, view.Visit{ID: place.PublicID(x.ID)[1:], Photos: s.visitPhotos(ctx, photos[x.ID]), Day: say.Day(ctx, x.Day), Outcome: outcomeBadge(ctx, x.Outcome), Note: x.Note, Still: stillBadge(ctx, x.Still), Seen: say.T(ctx, privacyWords[narrower(x.Privacy, most)])})
	}
	a, err := s.render(ctx, view.Mark(page))
	if len(faults)+len(sent) > 0 {
		a.Status = http.StatusUnprocessableEntity
	}
	return a, err
}

// writeVisit keeps or deletes a visit.
func (s *Site) writeVisit(ctx context.Context, o Own) (Answer, error) {
	p, err := s.Places.BySlug(ctx, o.Slug)
	if err != nil {
		return Answer{}, err
	}
	if id, ok := place.ParseID("p" + o.Form.Get("delete")); ok {
		if err := s.Marks.Forget(ctx, o.Actor, id); err != nil {
			return Answer{}, err
		}
		return See(p.Path() + "/mark"), s.published(ctx)
	}
	v := mark.Visit{Place: p.ID, Day: o.Form.Get("day"), Outcome: mark.Outcome(o.Form.Get("outcome")), Privacy: mark.Privacy(o.Form.Get("privacy")), Note: o.Form.Get("note"),
		Still: mark.Still(o.Form.Get("still")), Told: o.Form.Get("told")}
	kept, err := s.Marks.Write(ctx, o.Actor, v)
	if e, ok := faultsOf(err); ok {
		return s.renderMarks(ctx, o, v, e, notTaken(ctx, o.files))
	}
	if err != nil {
		return Answer{}, err
	}
	if v.Still != mark.Unsaid {
		if err := s.published(ctx); err != nil {
			return Answer{}, err
		}
	}
	return s.takeAtVisit(ctx, o, p, kept.ID)
}

// mine is what a script learns of the reader's marks.
type mine struct {
	// Member is who is signed in, "" for nobody: what was queued on the device
	// belongs to the member who queued it.
	Member string            `json:"member"`
	Marks  map[string]ofMine `json:"marks"`
}

type ofMine struct {
	Been   bool   `json:"been"`
	Want   bool   `json:"want"`
	Counts [2]int `json:"counts"` // of all members: been, want
}

// maxAsked is how many places a script may ask about at once.
const maxAsked = 200

// tellMarks answers a script.
func (s *Site) tellMarks(ctx context.Context, a actor.Actor, ids []int64) (Answer, error) {
	m, err := s.mineOf(ctx, a, ids)
	if err != nil {
		return Answer{}, err
	}
	body, err := json.Marshal(m)
	return Answer{Kind: Personal, Type: "application/json", Body: body}, err
}

func (s *Site) mineOf(ctx context.Context, a actor.Actor, ids []int64) (mine, error) {
	m := mine{Member: a.Name, Marks: map[string]ofMine{}}
	if !a.SignedIn() {
		return m, nil
	}
	list, err := s.Marks.Shown(ctx, a, ids)
	for _, x := range list {
		m.Marks[place.PublicID(x.Place)] = ofMine{x.Been, x.Want, x.Counts}
	}
	return m, err
}

// syncMarks takes what a script sends: changes such as "p12 been on", in their
// order, made by the member who is named. Changes of what is no longer there are
// dropped: nobody could do anything about them.
func (s *Site) syncMarks(ctx context.Context, o Own) (Answer, error) {
	if as := o.Form.Get("as"); as != "" && as != o.Actor.Name {
		return Answer{}, errs.New(errs.Conflict, "These marks belong to another member.")
	}
	var list []mark.Change
	var ids []int64
	for _, text := range o.Form["change"] {
		c, ok := parseChange(text)
		if !ok || len(list) == maxAsked {
			return Answer{}, errs.InField("change", "is not such as “p12 been on”, or there are more than %d", maxAsked)
		}
		list = append(list, c)
		if !slices.Contains(ids, c.Place) {
			ids = append(ids, c.Place)
		}
	}
	if err := s.Marks.SetAll(ctx, o.Actor, list); err != nil && !errs.Is(err, errs.NotFound) {
		return Answer{}, err
	}
	return s.tellMarks(ctx, o.Actor, ids)
}

func parseChange(text string) (c mark.Change, ok bool) {
	f := strings.Fields(text)
	if len(f) != 3 {
		return c, false
	}
	id, ok := place.ParseID(f[0])
	c = mark.Change{Place: id, Kind: mark.Kind(f[1]), On: f[2] == "on"}
	return c, ok && c.Kind.Valid() && (f[2] == "on" || f[2] == "off")
}
