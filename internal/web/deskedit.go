package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"mirabilia/internal/desk"
	"mirabilia/internal/draft"
	"mirabilia/internal/place"
	"mirabilia/internal/revision"
	"mirabilia/internal/web/entry"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// mending is the form in which an editor publishes a submission with changes of
// their own, on its way.
type mending struct {
	*writing
	sub *desk.Submission
	x   standingOf // as it stands now
	was standingOf // as it stood when the form was opened
	// refused is why it was not taken, and status what the page is answered with.
	refused string
	status  int
}

// deskEdit is that form. What was typed is never lost to what somebody else did
// meanwhile: the form is shown again with it.
func (s *Site) deskEdit(ctx context.Context, o Own) (Answer, error) {
	sub, err := s.submission(ctx, o)
	if err != nil {
		return Answer{}, err
	}
	if o.Form == nil && !sub.Open() || sub.Kind != desk.Edit && sub.Kind != desk.Place && sub.Kind != desk.Import {
		return See(address(deskPath(sub), along(o.Query))), nil
	}
	m, err := s.mend(ctx, o, sub)
	if err != nil {
		return Answer{}, err
	}
	if o.Form != nil {
		m.read(o.Form)
	}
	s.locate(ctx, m.writing, true)
	m.typed["rights"] = "yes" // its author has said so
	if o.Form == nil || o.Form.Get("do") != "send" {
		return s.showDeskEdit(ctx, o, m)
	}
	if !sub.Open() {
		m.refused, m.status = say.T(ctx, "Another editor has decided this meanwhile. What you wrote stands below."), http.StatusConflict
		return s.showDeskEdit(ctx, o, m)
	}
	s.checkParts(ctx, m.writing)
	s.checkPosition(ctx, m.writing)
	if _, err := s.Places.CheckFields(entry.Changed(m.was.then, m.fields()), false); err != nil && !m.blame(err) {
		return Answer{}, err
	}
	if len(m.faults) > 0 {
		m.refused, m.status = say.N(ctx, len(m.faults), "One thing needs you.", "%s things need you."), http.StatusUnprocessableEntity
		return s.showDeskEdit(ctx, o, m)
	}
	return s.publishMended(ctx, o, m)
}

// mend begins the form from what the submission comes to, at the revision of the
// place that its editor has before them.
func (s *Site) mend(ctx context.Context, o Own, sub *desk.Submission) (*mending, error) {
	x, err := s.standingOf(ctx, sub)
	if err != nil {
		return nil, err
	}
	m := &mending{sub: sub, x: x, was: x}
	seen, err := strconv.Atoi(o.Form.Get("base"))
	if err == nil && x.place != nil && sub.Open() && seen > 0 && seen < x.place.Revision {
		if m.was, err = s.standingAt(ctx, sub, x, seen); err != nil {
			return nil, err
		}
	}
	names, err := s.tagWords(ctx, m.was.then)
	if err != nil {
		return nil, err
	}
	m.writing = &writing{path: address(deskPath(sub)+"/edit", along(o.Query)), place: x.place, base: m.was.then, typed: entry.Of(m.was.then, names),
		Draft: draft.Draft{Kind: writtenAs(sub, x), Place: sub.Place, Base: sub.Base}}
	return m, nil
}

// publishMended publishes what the form says. Where the place has changed since
// it was opened, both are joined first; what both changed, its editor looks at
// again.
func (s *Site) publishMended(ctx context.Context, o Own, m *mending) (Answer, error) {
	final := m.fields()
	var met []revision.Conflict
	if m.was.revision != m.x.revision {
		final, met = place.MergeRules.Merge(m.was.now, final, m.x.now)
		ours(final, met)
		names, err := s.tagWords(ctx, final)
		if err != nil {
			return Answer{}, err
		}
		m.base, m.typed, m.was = m.x.then, entry.Of(final, names), m.x
		s.locate(ctx, m.writing, true)
		m.typed["rights"] = "yes"
	}
	why := &told{message: say.T(ctx, "Somebody changed this meanwhile. Look it over and publish it again.")}
	if len(met) == 0 {
		v := desk.Verdict{Action: desk.Publish, Fields: entry.Changed(m.x.then, final)}
		if m.sub.Kind == desk.Edit && m.x.place != nil {
			v.Over = &desk.Over{Base: m.x.revision, Fields: entry.Changed(m.x.now, final)}
		}
		var a Answer
		var err error
		if a, why, err = s.verdict(ctx, o, m.sub, v); err != nil || why == nil {
			return a, err
		}
	}
	for _, c := range met {
		if !slices.ContainsFunc(m.x.conflicts, func(x revision.Conflict) bool { return x.Field == c.Field }) {
			m.x.conflicts = append(m.x.conflicts, c)
		}
	}
	m.refused, m.status = why.message, http.StatusConflict
	if why.text != "" {
		m.fault(why.text, why.message)
		m.status = http.StatusUnprocessableEntity
	}
	return s.showDeskEdit(ctx, o, m)
}

// ours puts one's own version into what was merged, wherever there is a conflict.
func ours(merged revision.Fields, conflicts []revision.Conflict) {
	for _, c := range conflicts {
		merged[c.Field] = c.Mine
		if len(c.Mine) == 0 {
			delete(merged, c.Field)
		}
	}
}

// writtenAs is the kind of form in which an editor changes a submission. Where an
// import says something new of a public place, or protects where it is, the
// position need not be said.
func writtenAs(sub *desk.Submission, x standingOf) draft.Kind {
	switch {
	case sub.Kind != desk.Import:
		return draft.Kind(sub.Kind)
	case len(x.now) > 0 || positionOf(x.then) == nil:
		return draft.Edit
	}
	return draft.Place
}

// metViews are the conflicts of a submission with what the place says now, for
// an editor who writes what should stand.
func (s *Site) metViews(ctx context.Context, m *mending) ([]view.Conflict, error) {
	if m.x.place == nil || !m.sub.Open() {
		return nil, nil
	}
	w := *m.writing
	w.conflicts, w.now, w.base = m.x.conflicts, m.x.now, m.x.base
	list, err := s.conflictViews(ctx, &w)
	for i := range list {
		list[i].Told = true
	}
	return list, err
}

func (s *Site) showDeskEdit(ctx context.Context, o Own, m *mending) (Answer, error) {
	sub, w := m.sub, m.writing
	b, err := s.baseFor(ctx, o, say.T(ctx, "Publish with changes: %s", sub.Title), "")
	if err != nil {
		return Answer{}, err
	}
	b.NoIndex = true
	lead := say.T(ctx, "Change what you would change. It is published as it stands here, under its author’s name.")
	if sub.Kind == desk.Import {
		lead = say.T(ctx, "Change what you would change. It is published as it stands here; its history names you for what you changed.")
	}
	v := view.PlaceFormPage{
		Base: b, Heading: sub.Title, Lead: lead, Action: w.path,
		Crumbs:  []ui.Crumb{{Name: say.T(ctx, "Review desk"), Path: "/desk"}, {Name: sub.Title, Path: address(deskPath(sub), along(o.Query))}, {Name: say.T(ctx, "With my changes")}},
		Refused: m.refused, Where: view.Understood{Said: w.said, Good: w.at != nil, Choices: w.choices}, Map: s.formMap(ctx, w), Ready: s.readiness(ctx, w, nil), Words: wordsOf(ctx, w),
		Licence: ui.LicenceName(b.Site.Licence), Rights: true, Given: true, Send: say.T(ctx, "Publish it so"),
	}
	if m.was.revision != 0 {
		v.From = strconv.Itoa(m.was.revision)
	}
	if v.Conflicts, err = s.metViews(ctx, m); err != nil {
		return Answer{}, err
	}
	fillForm(ctx, w, &v)
	a, err := s.render(ctx, view.PlaceForm(v))
	a.Status = m.status
	return a, err
}
