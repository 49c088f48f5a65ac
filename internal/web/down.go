package web

import (
	"context"
	"net/url"
	"strconv"

	"mirabilia/internal/db"
	"mirabilia/internal/desk"
	"mirabilia/internal/errs"
	"mirabilia/internal/matter"
	"mirabilia/internal/place"
	"mirabilia/internal/report"
	"mirabilia/internal/takedown"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// downNames name the kinds of public reasons, downTexts are the words that stand
// for them where an editor writes none.
var (
	downNames = map[takedown.Code]string{
		takedown.Legal: "A notice under the law", takedown.Private: "Private property", takedown.Protected: "A protected place", takedown.Danger: "Danger", takedown.Rights: "Rights",
		takedown.Privacy: "Privacy", takedown.Abuse: "Insult", takedown.Promotion: "Advertisement", takedown.False: "Not so", takedown.Other: "Something else",
	}
	downTexts = map[takedown.Code]string{
		takedown.Legal: "A notice under the law asks for this to be taken down.", takedown.Private: "This is on private property, and its owner wishes no visitors.",
		takedown.Protected: "Visits harm what is here, so the atlas does not lead there.", takedown.Danger: "It leads people into danger.",
		takedown.Rights: "It belongs to somebody who has not given it to the atlas.", takedown.Privacy: "It shows or names somebody who does not wish it.",
		takedown.Abuse: "It insults or threatens somebody.", takedown.Promotion: "It advertises something.", takedown.False: "What it says is not so.",
	}
	// reasonFor is the public reason that a report suggests.
	reasonFor = map[report.Code]takedown.Code{
		report.Legal: takedown.Legal, report.Danger: takedown.Danger, report.Rights: takedown.Rights, report.Privacy: takedown.Privacy, report.Abuse: takedown.Abuse,
		report.Promoted: takedown.Promotion, report.Wrong: takedown.False,
	}
	wayNames = map[string]string{
		report.Noted: "It is seen to otherwise: nothing more is done here", report.Down: "Take it down, with the reason below", report.Restore: "Give it back to the public",
		string(place.Closed): "Mark it as closed for good", string(place.TemporarilyClosed): "Mark it as closed for a time", string(place.NoAccess): "Mark it as without access",
		string(place.Lost): "Mark it as gone", string(place.Altered): "Mark it as altered", string(place.Moved): "Mark it as moved",
	}
)

// noted is the value of a form for what is seen to otherwise: an empty one would
// be what a form gives in which nothing was chosen.
const noted = "noted"

// readWay reads what an editor wants to do about a report.
func readWay(ctx context.Context, form url.Values, v *desk.Verdict) *told {
	switch v.How = form.Get("how"); v.How {
	case "":
		return &told{message: say.T(ctx, "Choose what to do about it.")}
	case noted:
		v.How = report.Noted
	case report.Down:
		v.Why, v.Public = form.Get("why"), publicWords(ctx, form)
	}
	return nil
}

// publicWords are what an editor wrote for everyone, or the words that go with
// the kind of reason.
func publicWords(ctx context.Context, form url.Values) string {
	if w := form.Get("public"); w != "" {
		return w
	}
	if w := downTexts[takedown.Code(form.Get("why"))]; w != "" {
		return say.T(ctx, w)
	}
	return ""
}

// downFields are the controls of a public reason.
func downFields(ctx context.Context, chosen takedown.Code, words string) (why, public ui.Field) {
	why = ui.Field{ID: "f-why", Name: "why", Label: say.T(ctx, "Reason")}
	for _, c := range takedown.Codes {
		why.Options = append(why.Options, ui.Option{Value: string(c), Text: say.T(ctx, downNames[c]), Selected: c == chosen})
	}
	return why, ui.Field{ID: "f-public", Name: "public", Label: say.T(ctx, "What everyone may read"), Hint: say.T(ctx, "Left empty, usual words for the reason are shown."), Lines: 2, Class: "low", Value: words}
}

// whyDown names the kind of reason for which what an error is about was taken
// down; "" when it is not known.
func (s *Site) whyDown(ctx context.Context, path string) string {
	u, err := url.Parse(path)
	if err != nil {
		return ""
	}
	k, id, ok := report.ParseName(u.Query().Get("of"))
	if !ok {
		return ""
	}
	d, err := s.Downs.Find(ctx, string(k), id)
	if err != nil || d == nil || d.Code == takedown.Other {
		return ""
	}
	return say.T(ctx, downNames[d.Code])
}

// deskReport is what was reported, for its editor.
func (s *Site) deskReport(ctx context.Context, o Own, sub *desk.Submission, typed url.Values, v *view.DeskOne) error {
	m, err := s.Reports.Of(ctx, o.Actor, sub.ID)
	if err != nil {
		return err
	}
	r := &view.DeskReport{Missing: m.Missing}
	if r.Thing, err = s.reportThing(ctx, o.Actor, m.Thing); err != nil {
		return err
	}
	if !m.Missing {
		v.Page = m.Thing.Path
	}
	if r.Reports, err = s.reportedBy(ctx, m.Reports, false); err != nil {
		return err
	}
	if r.Earlier, err = s.reportedBy(ctx, m.Earlier, true); err != nil {
		return err
	}
	first := m.Reports[0].Code
	chosen := typed.Get("how")
	if chosen == "" {
		chosen = suggested(m.Thing, first)
	}
	ways := []string{report.Noted}
	if !m.Missing {
		ways = matter.Ways(m.Thing, first)
	}
	for _, w := range ways {
		value := w
		if w == report.Noted {
			value = noted
		}
		r.Ways = append(r.Ways, ui.Option{Value: value, Text: say.T(ctx, wayNames[w]), Selected: value == chosen || len(ways) == 1})
	}
	if !m.Missing && !m.Thing.Down {
		code := reasonFor[first]
		if typed.Has("why") {
			code = takedown.Code(typed.Get("why"))
		}
		r.Why, r.Public = downFields(ctx, code, typed.Get("public"))
	}
	v.Report, v.Publish, v.Decline = r, say.T(ctx, "Act on it"), say.T(ctx, "Leave it")
	if m.Thing.Kind == report.Member && first == report.Appeal && !m.Missing {
		return s.deskAppeal(ctx, m, r, v)
	}
	return nil
}

// suggested is what a report most likely leads to.
func suggested(t report.Thing, c report.Code) string {
	switch {
	case t.Down:
		return report.Restore
	case c == report.Closed:
		return string(place.Closed)
	case t.Kind == report.Place && (c == report.Wrong || c == report.Other):
		return noted
	}
	return report.Down
}

// reportedBy names who reported.
func (s *Site) reportedBy(ctx context.Context, list []*report.Report, state bool) (out []view.Reported, err error) {
	var ids []int64
	for _, r := range list {
		if r.Member != 0 {
			ids = append(ids, r.Member)
		}
	}
	members, err := s.Users.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, r := range list {
		x := view.Reported{By: ui.Person{Name: say.T(ctx, "A reader")}, Code: say.T(ctx, reportCodes[r.Code]), Text: r.Text, When: when(ctx, r.At)}
		if m := members[r.Member]; m != nil {
			x.By = personOf(m)
		}
		if r.Contact != "" {
			x.To = say.T(ctx, "Is answered by mail.")
		}
		if state {
			b := reportStates[r.State]
			b.Text = say.T(ctx, b.Text)
			x.Badge = &b
		}
		out = append(out, x)
	}
	return out, nil
}

// downShown is how many things a page of what is taken down has.
const downShown = 50

func (s *Site) downList(ctx context.Context, o Own) (Answer, error) {
	var before takedown.Down
	if q := o.Query.Get("before"); q != "" {
		at, id, ok := parseBefore(q)
		if !ok {
			return Answer{}, errs.InField("before", "is not one of ours")
		}
		before.At, before.Thing = db.Time(at), id
	}
	list, err := s.Downs.Newest(ctx, o.Actor, before, downShown+1)
	if err != nil {
		return Answer{}, err
	}
	b, err := s.ownBase(ctx, o, say.T(ctx, "Taken down"), "")
	if err != nil {
		return Answer{}, err
	}
	p := view.DownListPage{Base: b, Crumbs: []ui.Crumb{{Name: say.T(ctx, "Review desk"), Path: "/desk"}, {Name: say.T(ctx, "Taken down")}}}
	switch o.Query.Get("done") {
	case report.Down:
		p.Notice = &ui.Banner{Tone: "ok", Statement: say.T(ctx, "It is taken down.")}
	case report.Restore:
		p.Notice = &ui.Banner{Tone: "ok", Statement: say.T(ctx, "It is given back.")}
	}
	if len(list) > downShown {
		list = list[:downShown]
		last := list[downShown-1]
		p.Pager = ui.Pager{Text: say.T(ctx, "%s shown", say.Number(ctx, downShown)), More: say.T(ctx, "Those before"),
			Next: "/takedowns?before=" + strconv.FormatInt(db.Millis(last.At), 10) + "-" + strconv.FormatInt(last.Thing, 10)}
	}
	p.Rows, err = s.downRows(ctx, list)
	if err != nil {
		return Answer{}, err
	}
	return s.render(ctx, view.DownList(p))
}

func (s *Site) downRows(ctx context.Context, list []*takedown.Down) (rows []view.DownRow, err error) {
	var ids []int64
	for _, d := range list {
		if d.By != 0 {
			ids = append(ids, d.By)
		}
	}
	members, err := s.Users.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, d := range list {
		r := view.DownRow{Kind: say.T(ctx, reportKinds[report.Kind(d.Kind)]), Title: d.Title, Why: say.T(ctx, downNames[d.Code]), Text: d.Text, When: when(ctx, d.At),
			Path: "/takedowns/" + report.Name(report.Kind(d.Kind), d.Thing)}
		if m := members[d.By]; m != nil {
			r.By = personOf(m)
		}
		rows = append(rows, r)
	}
	return rows, nil
}

func (s *Site) downPage(ctx context.Context, o Own) (Answer, error) {
	t, err := s.named(ctx, o.Actor, itemName(o))
	if err != nil {
		return Answer{}, err
	}
	return s.showDown(ctx, o, t, nil)
}

func (s *Site) showDown(ctx context.Context, o Own, t report.Thing, refused error) (Answer, error) {
	heading := say.T(ctx, "Take down: %s", t.Title)
	lead := say.T(ctx, "Nobody but its author and editors sees it from then on. Everyone who asks for it reads the reason, and the author is told.")
	if t.Kind == report.Place {
		lead = say.T(ctx, "Its page is gone from then on, for its author and for editors too: everyone who asks for it reads the reason. The author is told.")
	}
	if t.Down {
		heading, lead = say.T(ctx, "Taken down: %s", t.Title), say.T(ctx, "It can be given back as it was.")
	}
	b, err := s.ownBase(ctx, o, heading, "")
	if err != nil {
		return Answer{}, err
	}
	p := view.DownPage{Base: b, Heading: heading, Lead: lead, Action: "/takedowns/" + t.Name(), Down: t.Down,
		Crumbs: []ui.Crumb{{Name: say.T(ctx, "Review desk"), Path: "/desk"}, {Name: say.T(ctx, "Taken down"), Path: "/takedowns"}, {Name: t.Title}}}
	if p.Thing, err = s.reportThing(ctx, o.Actor, t); err != nil {
		return Answer{}, err
	}
	if t.Down {
		d, err := s.Downs.Find(ctx, string(t.Kind), t.ID)
		if err != nil {
			return Answer{}, err
		}
		if d != nil {
			p.Reason = d.Text
		}
	}
	p.Why, p.Public = downFields(ctx, takedown.Code(o.Form.Get("why")), o.Form.Get("public"))
	status := 0
	if refused != nil {
		ok := false
		if p.Refused, p.Faults, status, ok = shownAs(ctx, refused, &p.Why, &p.Public); !ok {
			return Answer{}, refused
		}
	}
	a, err := s.render(ctx, view.Down(p))
	a.Status = status
	return a, err
}

func (s *Site) takeDown(ctx context.Context, o Own) (Answer, error) {
	t, err := s.named(ctx, o.Actor, itemName(o))
	if err != nil {
		return Answer{}, err
	}
	how, why := o.Form.Get("do"), takedown.Reason{}
	if how == report.Down {
		why = takedown.Reason{Code: takedown.Code(o.Form.Get("why")), Text: publicWords(ctx, o.Form)}
	}
	if err := s.Reports.TakeDown(ctx, o.Actor, t.Kind, t.ID, how, why); err != nil {
		return s.showDown(ctx, o, t, err)
	}
	if err := s.published(ctx); err != nil {
		return Answer{}, err
	}
	return See("/takedowns?done=" + how), nil
}
