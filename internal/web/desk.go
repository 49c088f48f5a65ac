package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"mirabilia/internal/actor"
	"mirabilia/internal/desk"
	"mirabilia/internal/errs"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// deskQuery are the parameters of the queue, which its links carry along.
var deskQuery = []string{"kind", "status", "in", "by", "sampled", "appeal", "cursor", "done"}

// deskRoutes are the review desk, and its figures for everyone.
func (s *Site) deskRoutes() []*Route {
	if s.Desk == nil {
		return nil
	}
	wide := func(r *Route) *Route { r.Body = maxWriting; return r }
	return []*Route{
		ownRoute(http.MethodGet, "/desk", Editors, s.deskPage, deskQuery...),
		ownRoute(http.MethodGet, "/desk/{id}", Editors, s.deskOnePage, deskQuery...),
		wide(ownRoute(http.MethodPost, "/desk/{id}", Editors, s.decide, deskQuery...)),
		ownRoute(http.MethodGet, "/desk/{id}/edit", Editors, s.deskEdit, deskQuery...),
		wide(ownRoute(http.MethodPost, "/desk/{id}/edit", Editors, s.deskEdit, deskQuery...)),
		ownRoute(http.MethodGet, "/queue", Everyone, s.queuePage),
	}
}

func deskPath(sub *desk.Submission) string { return "/desk/" + desk.PublicID(sub.ID) }

// along is the query of the queue as its links carry it.
func along(q url.Values, but ...string) string {
	out := url.Values{}
	for name, v := range q {
		if slices.Contains(deskQuery, name) && name != "done" && !slices.Contains(but, name) && v[0] != "" {
			out.Set(name, v[0])
		}
	}
	return out.Encode()
}

func withValue(query, name, value string) string {
	q, _ := url.ParseQuery(query)
	if value == "" {
		q.Del(name)
	} else {
		q.Set(name, value)
	}
	return q.Encode()
}

// deskFilter reads which part of the queue is asked for.
func (s *Site) deskFilter(ctx context.Context, who actor.Actor, q url.Values) (f desk.Filter, err error) {
	f = desk.Filter{Kind: desk.Kind(q.Get("kind")), Status: desk.Status(q.Get("status")), Sampled: q.Get("sampled") == "yes", Appeals: q.Get("appeal") == "yes", Cursor: q.Get("cursor"), Limit: 50}
	if f.Kind != "" && !slices.Contains(desk.Kinds, f.Kind) {
		return f, errs.InField("kind", "is none that the desk knows")
	}
	if f.Status != "" && !slices.Contains(desk.Statuses, f.Status) {
		return f, errs.InField("status", "is one that a submission can have")
	}
	if f.In, err = s.destinationMeant(q.Get("in")); err != nil {
		return f, err
	}
	if by := strings.ToLower(strings.TrimSpace(q.Get("by"))); by != "" {
		if f.Author, err = s.Users.Number(ctx, who, by); errs.Is(err, errs.NotFound) {
			return f, errs.InField("by", "is the name in the address of nobody’s page")
		}
	}
	return f, err
}

// destinationMeant is the path of a destination that is typed as a path or
// letter by letter by name; nothing typed is none.
func (s *Site) destinationMeant(typed string) (path string, err error) {
	typed = strings.Trim(strings.TrimSpace(typed), "/")
	if _, known := s.Gazetteer.ByPath(typed); known || typed == "" {
		return typed, nil
	}
	if found := s.Gazetteer.Search(typed, 1); len(found) > 0 && found[0].Score >= 1 {
		return found[0].Path, nil
	}
	return "", errs.InField("in", "is no destination")
}

// deskFrame fills what every page of the desk has: figures, filters, the queue.
func (s *Site) deskFrame(ctx context.Context, o Own) (v view.DeskPage, q desk.Queue, err error) {
	f, err := s.deskFilter(ctx, o.Actor, o.Query)
	if err != nil {
		return v, q, err
	}
	if v.Base, err = s.baseFor(ctx, o, say.T(ctx, "Review desk"), ""); err != nil {
		return v, q, err
	}
	v.Base = scripted(v.Base, s.Assets.URL("desk.js"))
	if q, err = s.Desk.Queue(ctx, o.Actor, f); err != nil {
		return v, q, err
	}
	n, err := s.Desk.Numbers(ctx)
	if err != nil {
		return v, q, err
	}
	v.Stats = append(v.Stats, say.T(ctx, "%s waiting", say.Number(ctx, n.Waiting)))
	if !n.First.IsZero() {
		v.Stats = append(v.Stats, say.T(ctx, "the next has waited %s", spell(ctx, s.now().Sub(n.First))))
	}
	if n.Median > 0 {
		v.Stats = append(v.Stats, say.T(ctx, "median %s", spell(ctx, n.Median)))
	}
	query := along(o.Query, "cursor")
	if v.Filters, err = s.deskChips(ctx, o, f); err != nil {
		return v, q, err
	}
	v.Search.In = ui.Field{ID: "f-in", Name: "in", Label: say.T(ctx, "Destination"), Value: f.In, Hint: say.T(ctx, "A name, or a path such as italy/lazio")}
	v.Search.By = ui.Field{ID: "f-by", Name: "by", Label: say.T(ctx, "Contributor"), Value: o.Query.Get("by"), Hint: say.T(ctx, "The name in the address of their page")}
	for _, name := range []string{"kind", "status", "sampled", "appeal"} {
		if x := o.Query.Get(name); x != "" {
			v.Search.Keep = append(v.Search.Keep, ui.Option{Value: name, Text: x})
		}
	}
	for _, sub := range q.Items {
		v.Queue = append(v.Queue, s.queueRow(ctx, o.Actor, sub, query))
	}
	if q.Next != "" || f.Cursor != "" {
		v.Pager = ui.Pager{Text: say.N(ctx, len(q.Items), "%s shown", "%s shown"), More: say.T(ctx, "Those behind")}
		if q.Next != "" {
			v.Pager.Next = address("/desk", withValue(query, "cursor", q.Next))
		}
		if f.Cursor != "" {
			v.Pager.Prev = address("/desk", query)
		}
	}
	return v, q, s.fillUndo(ctx, o, &v)
}

var kindIcons = map[desk.Kind]string{desk.Pitch: "lightbulb", desk.Place: "plus", desk.Edit: "pencil", desk.Import: "download", desk.Photo: "camera", desk.Note: "message-square-text", desk.Report: "flag", desk.Visit: "footprints"}

func (s *Site) queueRow(ctx context.Context, who actor.Actor, sub *desk.Submission, query string) view.QueueRow {
	r := view.QueueRow{Path: address(deskPath(sub), query), Title: sub.Title, What: say.T(ctx, kindNames[sub.Kind]), Icon: kindIcons[sub.Kind]}
	if r.Title == "" {
		r.Title = say.T(ctx, "Without a name")
	}
	if sub.Author.Name != "" {
		r.What = say.T(ctx, "%s by %s", r.What, sub.Author.Name)
	}
	if sub.Destination != "" {
		r.What += " · " + s.whereabouts(sub.Destination)
	}
	if !sub.Submitted.IsZero() {
		r.Age = view.Age(ctx, s.now().Sub(sub.Submitted))
	}
	if sub.Appealed && sub.Open() {
		r.Badges = append(r.Badges, ui.Badge{Text: say.T(ctx, "appeal"), Tone: "warn"})
	}
	blocking, noted := 0, 0
	for _, f := range sub.Findings {
		if f.Blocking {
			blocking++
		} else {
			noted++
		}
	}
	if blocking > 0 {
		r.Badges = append(r.Badges, ui.Badge{Text: say.N(ctx, blocking, "%s warning", "%s warnings"), Tone: "bad"})
	} else if noted > 0 {
		r.Badges = append(r.Badges, ui.Badge{Text: say.N(ctx, noted, "%s note", "%s notes"), Tone: "warn"})
	}
	if sub.Claim.By.ID != 0 && sub.Claim.Until.After(s.now()) {
		r.Badges = append(r.Badges, ui.Badge{Text: s.claimWords(ctx, who, sub)})
	}
	if sub.Status != desk.Waiting {
		r.Badges = append(r.Badges, badgeOf(ctx, sub))
	}
	return r
}

// whereabouts names a destination with its country.
func (s *Site) whereabouts(path string) string {
	country, _, within := strings.Cut(path, "/")
	if !within {
		return s.Gazetteer.NameOf(country)
	}
	return s.Gazetteer.NameOf(path) + ", " + s.Gazetteer.NameOf(country)
}

// claimWords say who has a submission.
func (s *Site) claimWords(ctx context.Context, who actor.Actor, sub *desk.Submission) string {
	switch {
	case sub.Claim.By.ID == 0 || !sub.Claim.Until.After(s.now()):
		return ""
	case sub.Claim.By.ID == who.ID:
		return say.T(ctx, "yours for %s", spell(ctx, sub.Claim.Until.Sub(s.now())))
	}
	return say.T(ctx, "%s has it", sub.Claim.By.Name)
}

// fillUndo tells what was decided just now, and how to take it back.
func (s *Site) fillUndo(ctx context.Context, o Own, v *view.DeskPage) error {
	id, ok := desk.ParseID(o.Query.Get("done"))
	if !ok {
		return nil
	}
	sub, err := s.Desk.Of(ctx, o.Actor, id)
	if err != nil {
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		return err
	}
	v.Undo = &view.Undo{Text: say.T(ctx, "%s: “%s”.", badgeOf(ctx, sub).Text, sub.Title)}
	if n := len(sub.Decisions); n > 0 {
		last := sub.Decisions[n-1]
		if last.By.ID == o.Actor.ID && last.Undone.IsZero() && s.now().Sub(last.At) < desk.UndoWindow {
			v.Undo.Path = address(deskPath(sub), along(o.Query))
		}
	}
	return nil
}

// deskPage is the queue.
func (s *Site) deskPage(ctx context.Context, o Own) (Answer, error) {
	v, _, err := s.deskFrame(ctx, o)
	if err != nil {
		return Answer{}, err
	}
	return s.render(ctx, view.Desk(v))
}

// deskOnePage is one submission on the desk.
func (s *Site) deskOnePage(ctx context.Context, o Own) (Answer, error) {
	sub, err := s.submission(ctx, o)
	if err != nil {
		return Answer{}, err
	}
	return s.showOne(ctx, o, sub, nil, nil)
}

// showOne shows a submission; refused is what the editor was told, over what
// they had typed.
func (s *Site) showOne(ctx context.Context, o Own, sub *desk.Submission, refused *told, typed url.Values) (Answer, error) {
	v, q, err := s.deskFrame(ctx, o)
	if err != nil {
		return Answer{}, err
	}
	query := along(o.Query, "cursor")
	at := slices.IndexFunc(q.Items, func(x *desk.Submission) bool { return x.ID == sub.ID })
	if at >= 0 {
		v.Queue[at].Current = true
	}
	if at > 0 {
		v.Before = address(deskPath(q.Items[at-1]), query)
	}
	if at+1 < len(q.Items) {
		v.Next = address(deskPath(q.Items[at+1]), query)
	}
	one, err := s.deskOne(ctx, o, sub, typed)
	if err != nil {
		return Answer{}, err
	}
	if one.After = v.Next; one.After == "" {
		one.After = address("/desk", query)
	}
	if refused != nil {
		one.Refused = refused.message
		fields := []*ui.Field{&one.Message, &one.Of, &one.Until}
		if one.Report != nil {
			fields = append(fields, &one.Report.Why, &one.Report.Public)
		}
		for _, f := range fields {
			if f.Name == refused.text {
				f.Error = refused.message
				one.Bad = []ui.Field{*f}
			}
		}
	}
	v.One = one
	a, err := s.render(ctx, view.Desk(v))
	if refused != nil {
		a.Status = http.StatusUnprocessableEntity
		if refused.do == "conflict" {
			a.Status = http.StatusConflict
		}
	}
	return a, err
}

// queuePage is what everybody may know of the desk.
func (s *Site) queuePage(ctx context.Context, o Own) (Answer, error) {
	n, err := s.Desk.Numbers(ctx)
	if err != nil {
		return Answer{}, err
	}
	b, err := s.baseFor(ctx, o, say.T(ctx, "The queue"), say.T(ctx, "How much waits for an editor, how long it takes, and how much is published."))
	if err != nil {
		return Answer{}, err
	}
	v := view.QueuePage{Base: b, Lead: say.T(ctx, "Everything that is sent is read by an editor, the oldest and easiest first. These are the figures of the last decisions.")}
	add := func(list *[]view.Figure, name, value string) {
		*list = append(*list, view.Figure{Name: name, Value: value})
	}
	add(&v.Figures, say.T(ctx, "waiting"), say.Number(ctx, n.Waiting))
	if n.Median > 0 {
		add(&v.Figures, say.T(ctx, "half hear within"), spell(ctx, n.Median))
	}
	if !n.First.IsZero() {
		add(&v.Figures, say.T(ctx, "the next one has waited"), spell(ctx, s.now().Sub(n.First)))
	}
	if n.Decided > 0 {
		add(&v.Figures, say.T(ctx, "published of the last %s", say.Number(ctx, n.Decided)), say.T(ctx, "%d %%", (100*n.Accepted+n.Decided/2)/n.Decided))
	} else {
		v.Lead = say.T(ctx, "Everything that is sent is read by an editor, the oldest and easiest first. Nothing has been decided yet.")
	}
	for _, r := range desk.Reasons {
		if c := n.Reasons[r]; c > 0 {
			add(&v.Kinds, say.T(ctx, reasonNames[r]), say.Number(ctx, c))
		}
	}
	return s.render(ctx, view.Queue(v))
}
