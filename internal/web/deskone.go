package web

import (
	"context"
	"math"
	"net/url"
	"slices"
	"strings"
	"time"

	"mirabilia/internal/desk"
	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/geo"
	"mirabilia/internal/place"
	"mirabilia/internal/proposal"
	"mirabilia/internal/revision"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// standingOf is a submission held against the place it is about: as it is now,
// as it would be, and where both the place and the submission have changed.
type standingOf struct {
	place     *place.Place
	now, then revision.Fields
	conflicts []revision.Conflict
	// base is the place as an edit was written on it, revision the one that it is
	// held against; 0 for none.
	base     revision.Fields
	revision int
	// as is what the checks looked at, nil where they were not run.
	as *desk.Submission
}

func (s *Site) standingOf(ctx context.Context, sub *desk.Submission) (x standingOf, err error) {
	x.now, x.then, x.as = revision.Fields{}, sub.Fields, sub
	if sub.Kind == desk.Import {
		return s.standingOfImport(ctx, sub)
	}
	if sub.Place == 0 || sub.Kind != desk.Edit {
		return x, nil
	}
	if x.place, err = s.Places.ByID(ctx, place.PublicID(sub.Place)); err != nil {
		if tellable(err) || errs.Is(err, errs.Moved) { // not public any more: only the words of the submission are left
			return x, nil
		}
		return x, err
	}
	base, err := s.Places.Revision(ctx, sub.Place, sub.Base)
	if err != nil {
		return x, err
	}
	if sub.Status == desk.Published { // what it did, not what it would do now
		x.now, x.then = base, base.With(sub.Fields)
		return x, nil
	}
	x.base = base
	return s.standingAt(ctx, sub, x, x.place.Revision)
}

// standingAt holds an edit against another revision of its place.
func (s *Site) standingAt(ctx context.Context, sub *desk.Submission, x standingOf, at int) (standingOf, error) {
	var err error
	if x.now, err = s.Places.Revision(ctx, sub.Place, at); err != nil {
		return x, err
	}
	x.revision = at
	x.then, x.conflicts = place.MergeRules.Merge(x.base, x.base.With(sub.Fields), x.now)
	ours(x.then, x.conflicts)
	return x, nil
}

// standingOfImport is an imported record against its place, with what the
// checks say of it: an import has none of its own.
func (s *Site) standingOfImport(ctx context.Context, sub *desk.Submission) (x standingOf, err error) {
	if x.now, x.then, err = s.Places.Imported(ctx, sub.Place); errs.Is(err, errs.NotFound) {
		return standingOf{}, nil
	}
	if err != nil || !sub.Open() {
		return x, err
	}
	x.as = &desk.Submission{Kind: desk.Place, Place: sub.Place, Fields: x.then}
	if len(x.now) > 0 {
		x.as.Kind = desk.Edit
	}
	sub.Findings, err = s.Proposals.Findings(ctx, x.as)
	x.as.Findings = sub.Findings
	return x, err
}

// deskOne fills one submission for its editor.
func (s *Site) deskOne(ctx context.Context, o Own, sub *desk.Submission, typed url.Values) (*view.DeskOne, error) {
	x, err := s.standingOf(ctx, sub)
	if err != nil {
		return nil, err
	}
	claimed := sub.Claim.By.ID != 0 && sub.Claim.Until.After(s.now())
	v := &view.DeskOne{
		ID: desk.PublicID(sub.ID), Path: address(deskPath(sub), along(o.Query)), Kicker: sentWords(ctx, sub), Title: sub.Title, Summary: sub.Summary,
		Badges: []ui.Badge{badgeOf(ctx, sub)}, Claim: s.claimWords(ctx, o.Actor, sub), Mine: claimed && sub.Claim.By.ID == o.Actor.ID, Taken: claimed && sub.Claim.By.ID != o.Actor.ID,
		Open: sub.Open() || sub.Sampled, Talk: s.talk(ctx, o.Actor, sub),
		Publish: say.T(ctx, "Publish"), Decline: say.T(ctx, "Decline"),
	}
	if v.Title == "" {
		v.Title = say.T(ctx, "Without a name")
	}
	if sub.Sampled {
		v.Badges = append(v.Badges, ui.Badge{Text: say.T(ctx, "live, to be looked at"), Tone: "info"})
		v.Publish = say.T(ctx, "It is good")
	}
	if x.place != nil {
		v.Page = x.place.Path()
	}
	v.Changes, v.Mended = differences(ctx, x.now, x.then), mendedChanges(ctx, sub, x.now)
	photos, err := s.rewordedPhotos(ctx, o.Actor, sub)
	if err != nil {
		return nil, err
	}
	v.Mended = append(v.Mended, photos...)
	if v.Since, err = s.sinceAsked(ctx, sub); err != nil {
		return nil, err
	}
	s.markFindings(ctx, sub, x, v)
	if x.as != nil {
		if err := s.markPassed(ctx, x.as, v); err != nil {
			return nil, err
		}
	}
	if err := s.markLinks(ctx, sub, v); err != nil {
		return nil, err
	}
	if sub.Kind == desk.Edit && sub.Open() {
		v.Publish = say.T(ctx, "Publish what is ticked")
		v.EditPath = address(deskPath(sub)+"/edit", along(o.Query))
		for i := range v.Changes {
			v.Changes[i].Pick, v.Changes[i].On = true, typed == nil || slices.Contains(typed["only"], v.Changes[i].Field)
		}
	} else if (sub.Kind == desk.Place || sub.Kind == desk.Import) && sub.Open() {
		v.EditPath = address(deskPath(sub)+"/edit", along(o.Query))
	}
	if err := s.deskMatter(ctx, o, sub, typed, v); err != nil {
		return nil, err
	}
	if v.Enclosed, err = s.enclosedViews(ctx, o, sub, typed); err != nil {
		return nil, err
	}
	if sub.Kind == desk.Pitch {
		v.Publish = say.T(ctx, "Accept it")
	}
	if sub.Kind == desk.Import && sub.Open() {
		v.Text = say.T(ctx, "This came by an import and waits to be published.")
	}
	s.decisionFields(ctx, sub, typed, v)
	if err := s.neighbours(ctx, sub, x, v); err != nil {
		return nil, err
	}
	if err := s.contributor(ctx, o, sub, v); err != nil {
		return nil, err
	}
	return v, s.facesOfTalk(ctx, v.Talk, &v.Author.Person)
}

// decisionFields are the controls of a decision, with what was typed.
func (s *Site) decisionFields(ctx context.Context, sub *desk.Submission, typed url.Values, v *view.DeskOne) {
	label := say.T(ctx, "Message")
	if sub.Author.Name != "" {
		label = say.T(ctx, "Message to %s", sub.Author.Name)
	}
	v.Message = ui.Field{ID: "f-text", Name: "text", Label: label, Lines: 3, Class: "low", Value: typed.Get("text")}
	v.Of = ui.Field{ID: "f-of", Name: "of", Label: say.T(ctx, "Duplicate of"), Hint: say.T(ctx, "The address or number of the place"), Value: typed.Get("of")}
	v.Until = ui.Field{ID: "f-until", Name: "until", Label: say.T(ctx, "Hold until"), Type: "date", Value: typed.Get("until"), Hint: say.T(ctx, "Left empty: two weeks")}
	for _, r := range reasonsOf(sub.Kind) {
		v.Reasons = append(v.Reasons, view.Reason{Code: r, Name: say.T(ctx, reasonNames[r]), Text: say.T(ctx, reasonText(sub.Kind, r)), Chosen: typed.Get("reason") == r})
	}
}

// markFindings puts what the checks noticed at its field and into the list.
func (s *Site) markFindings(ctx context.Context, sub *desk.Submission, x standingOf, v *view.DeskOne) {
	for _, f := range sub.Findings {
		t := ui.Todo{State: "open", Text: upperFirst(f.Message)}
		if f.Blocking {
			t.State = "fail"
		}
		name := f.Field
		if name == "lon" {
			name = "lat"
		}
		for i := range v.Changes {
			if v.Changes[i].ID == "only-"+name {
				v.Changes[i].Badge = &ui.Badge{Text: strings.ReplaceAll(f.Check, "_", " "), Tone: "warn", Icon: "triangle-alert"}
				t.Path = "#only-" + name
			}
		}
		if !hasAnchor(v.Changes, t.Path) {
			t.Path = ""
		}
		v.Checks = append(v.Checks, t)
	}
	for _, c := range x.conflicts {
		name := c.Field
		if name == "lon" {
			continue
		}
		v.Checks = append(v.Checks, ui.Todo{State: "fail", Text: say.T(ctx, "%s was changed meanwhile", fieldLabel(ctx, name))})
		for i := range v.Changes {
			if v.Changes[i].ID == "only-"+name {
				v.Changes[i].Badge = &ui.Badge{Text: say.T(ctx, "changed meanwhile"), Tone: "bad", Icon: "triangle-alert"}
			}
		}
	}
	if len(v.Checks) == 0 {
		v.Checks = append(v.Checks, ui.Todo{State: "done", Text: say.T(ctx, "The checks noticed nothing")})
	}
}

// hasAnchor reports whether a change has a box to tick that can be jumped to.
func hasAnchor(list []ui.Changed, path string) bool {
	return slices.ContainsFunc(list, func(c ui.Changed) bool { return c.Pick && "#"+c.ID == path })
}

// neighboursWithin is how far a neighbour on the desk's map may lie, in metres.
const neighboursWithin = 20_000

// neighbours are the map with what lies around, and likely duplicates.
func (s *Site) neighbours(ctx context.Context, sub *desk.Submission, x standingOf, v *view.DeskOne) error {
	at := positionOf(x.then)
	if sub.Kind == desk.Place || sub.Kind == desk.Pitch || sub.Kind == desk.Import && len(x.now) == 0 {
		found, err := s.Proposals.Alike(ctx, proposal.NamesOf(x.then), at, sub.Place)
		if err != nil {
			return err
		}
		if v.Alike, err = s.alikeViews(ctx, found, nil); err != nil {
			return err
		}
		for _, a := range v.Alike {
			v.Likely = append(v.Likely, ui.Option{Value: a.Slug, Text: a.Card.Title + ", " + alikeLine(ctx, a)})
		}
	}
	if at == nil {
		return nil
	}
	hits := s.Finder.Nearest(*at, finder.Filter{Kinds: []finder.Kind{finder.Place, finder.Eatery}}, nearbyShown+1, neighboursWithin)
	hits = without(hits, sub.Place, nearbyShown)
	f, err := s.look(ctx, hits)
	if err != nil {
		return err
	}
	places := f.of(hits)
	v.NearRows = s.rows(places, f.metres)
	v.Chart = chart(ctx, *at, places, v.Alike)
	return nil
}

// chart draws neighbours around a position: rings of distance, a dot each.
func chart(ctx context.Context, at geo.Public, places []*place.Place, alike []view.Alike) *view.Chart {
	c := &view.Chart{}
	far := 100.0
	for _, p := range places {
		if p.At != nil {
			far = max(far, geo.Metres(at, *p.At))
		}
	}
	ring := 100.0
	for _, r := range []float64{100, 250, 500, 1000, 2500, 5000, 10_000} {
		if ring = r; 3*r >= far {
			break
		}
	}
	c.Rings = []string{geo.FormatDistance(ring, "km"), geo.FormatDistance(2*ring, "km"), geo.FormatDistance(3*ring, "km")}
	var names []string
	for _, p := range places {
		if p.At == nil {
			continue
		}
		m := geo.Metres(at, *p.At)
		east := (p.At.Lon - at.Lon) * math.Cos(at.Lat*math.Pi/180)
		if p.At.Lon-at.Lon > 180 || p.At.Lon-at.Lon < -180 {
			east = math.Copysign(360-math.Abs(p.At.Lon-at.Lon), -(p.At.Lon-at.Lon)) * math.Cos(at.Lat*math.Pi/180)
		}
		bearing := math.Atan2(east, p.At.Lat-at.Lat)
		r := min(m/ring, 3.05) * view.ChartRing
		c.Dots = append(c.Dots, view.ChartDot{
			X: int(view.ChartMiddle + r*math.Sin(bearing)), Y: int(view.ChartMiddle - r*math.Cos(bearing)), Label: p.Title,
			Doubt: slices.ContainsFunc(alike, func(a view.Alike) bool { return a.Slug == p.Slug }),
		})
		names = append(names, p.Title+", "+geo.FormatDistance(m, "km"))
	}
	c.Alt = say.T(ctx, "The proposed position with nothing near it.")
	if len(names) > 0 {
		c.Alt = say.T(ctx, "The proposed position with its neighbours: %s.", strings.Join(names, "; "))
	}
	return c
}

// contributor is the record of who sent it.
func (s *Site) contributor(ctx context.Context, o Own, sub *desk.Submission, v *view.DeskOne) error {
	v.Author.Person = ui.Person{Name: sub.Author.Name, Path: sub.Author.Path}
	if sub.Author.ID == 0 && sub.Kind == desk.Report {
		v.Author.Person = ui.Person{Name: say.T(ctx, "A reader")}
		v.Author.Line = say.T(ctx, "Without an account.")
		return nil
	}
	if sub.Author.ID == 0 {
		v.Author.Person = ui.Person{Name: say.T(ctx, "Import")}
		v.Author.Line = say.T(ctx, "Nobody’s own work.")
		return nil
	}
	v.Author.More = address("/desk", url.Values{"by": {strings.TrimPrefix(sub.Author.Path, "/users/")}}.Encode())
	if s.Users == nil {
		return nil
	}
	if o.Actor.Everywhere() && sub.Author.ID != o.Actor.ID && sub.Author.Path != "" {
		v.Author.Whole = deskMemberPath(sub.Author.Path)
	}
	m, err := s.Users.ByID(ctx, sub.Author.ID)
	if err != nil {
		return err
	}
	v.Author.Accepted, v.Author.Declined = m.Accepted, m.Declined
	if n := m.Accepted + m.Declined; n > 0 {
		v.Author.Percent = 100 * m.Accepted / n
	}
	v.Author.Line = say.T(ctx, "%s since %s. %d accepted, %d declined.", upperFirst(say.T(ctx, string(m.Level))), say.Date(ctx, m.Created), m.Accepted, m.Declined)
	return nil
}

// untilDay reads the day until which something is held.
func untilDay(s string, now time.Time) (time.Time, bool) {
	if s == "" {
		return time.Time{}, true
	}
	t, err := time.Parse("2006-01-02", s)
	return t, err == nil && t.After(now)
}
