package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"mirabilia/internal/actor"
	"mirabilia/internal/errs"
	"mirabilia/internal/report"
	"mirabilia/internal/text"
	"mirabilia/internal/user"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// reportRoutes are the form for reports, what becomes of them, and what editors
// take down.
func (s *Site) reportRoutes() []*Route {
	if s.Reports == nil || s.Downs == nil || s.Desk == nil {
		return nil
	}
	send := ownRoute(http.MethodPost, "/report", Everyone, s.sendReport)
	send.Appeals = func(form url.Values) bool { return form.Get("code") == string(report.Appeal) }
	return []*Route{
		ownRoute(http.MethodGet, "/report", Everyone, s.reportPage, "of", "sent"),
		send,
		ownRoute(http.MethodGet, "/places/{slug}/report", Everyone, s.reportPlace),
		ownRoute(http.MethodGet, "/me/reports", Members, s.myReports),
		ownRoute(http.MethodGet, "/takedowns", Editors, s.downList, "before", "done"),
		ownRoute(http.MethodGet, "/takedowns/{thing}", Editors, s.downPage),
		ownRoute(http.MethodPost, "/takedowns/{thing}", Editors, s.takeDown),
	}
}

// reportPath is the form for a thing.
func reportPath(k report.Kind, id int64) string { return "/report?of=" + report.Name(k, id) }

// reportKinds and reportCodes name what is reported and why, as people read it.
var (
	reportKinds = map[report.Kind]string{
		report.Place: "Place", report.Photo: "Photograph", report.List: "List", report.Note: "Note", report.Visit: "Visit", report.Member: "Member", report.Message: "Message",
	}
	reportCodes = map[report.Code]string{
		report.Wrong: "What it says is not so", report.Closed: "It is closed, or no longer there", report.Rights: "It belongs to somebody else",
		report.Privacy: "It shows or names somebody who does not wish it", report.Danger: "It leads people into danger, or harms the place", report.Abuse: "It insults or threatens",
		report.Promoted: "It advertises", report.Legal: "A notice under the law", report.Other: "Something else", report.Appeal: "It should be looked at again",
	}
)

// reportPlace leads from a place to the form.
func (s *Site) reportPlace(ctx context.Context, o Own) (Answer, error) {
	p, err := s.Places.BySlug(ctx, o.Request.PathValue("slug"))
	if err != nil {
		return Answer{}, err
	}
	return See(reportPath(report.Place, p.ID)), nil
}

// named is the thing that a form or an address names, as the reader may see it.
func (s *Site) named(ctx context.Context, a actor.Actor, name string) (report.Thing, error) {
	k, id, ok := report.ParseName(name)
	if !ok {
		return report.Thing{}, errs.New(errs.NotFound, "There is nothing like that to report.")
	}
	return s.Reports.About(ctx, a, k, id)
}

func (s *Site) reportPage(ctx context.Context, o Own) (Answer, error) {
	if o.Query.Get("sent") != "" {
		return s.reportSent(ctx, o)
	}
	t, err := s.named(ctx, o.Actor, o.Query.Get("of"))
	if err != nil {
		return Answer{}, err
	}
	return s.showReport(ctx, o, t, nil, nil)
}

// reportSent says that a report has arrived. What was reported may be hidden by
// now, and is not shown again.
func (s *Site) reportSent(ctx context.Context, o Own) (Answer, error) {
	p := view.AccountPage{Heading: say.T(ctx, "Thank you"), Text: say.T(ctx, "Your report is with the editors."), Ways: []ui.Link{{Text: say.T(ctx, "All places"), Path: "/places"}}}
	if o.Actor.SignedIn() {
		p.Text = say.T(ctx, "Your report is with the editors. You are told what becomes of it.")
		p.Ways = append([]ui.Link{{Text: say.T(ctx, "What you reported"), Path: "/me/reports"}}, p.Ways...)
	}
	return s.account(ctx, o, p, 0)
}

// showReport shows the form; refused is why it was not taken, over what was typed.
func (s *Site) showReport(ctx context.Context, o Own, t report.Thing, typed url.Values, refused error) (Answer, error) {
	kind := say.T(ctx, reportKinds[t.Kind])
	title := say.T(ctx, "Report: %s", t.Title)
	b, err := s.ownBase(ctx, o, title, "")
	if err != nil {
		return Answer{}, err
	}
	p := view.ReportPage{Base: b, Heading: title, Of: t.Name(), Crumbs: []ui.Crumb{{Name: t.Title, Path: t.Path}, {Name: say.T(ctx, "Report")}}, Button: say.T(ctx, "Send the report"),
		Lead:    say.T(ctx, "Tell the editors what is wrong. Nobody else reads it, and its author does not learn who you are."),
		Codes:   ui.Field{ID: "code", Name: "code", Label: say.T(ctx, "What is wrong?")},
		Text:    ui.Field{ID: "text", Name: "text", Label: say.T(ctx, "What should an editor look at?"), Hint: say.T(ctx, "A sentence or two, and where you know it from."), Lines: 4, Class: "low", Value: typed.Get("text")},
		Ways:    []ui.Link{{Text: say.T(ctx, "Back"), Path: t.Path}},
		Refused: "",
	}
	if own := t.Author != 0 && t.Author == o.Actor.ID; own && t.Kind == report.Photo && !t.Down {
		p.Heading, p.Lead = say.T(ctx, "Take down your photo: %s", t.Title), say.T(ctx, "You sent it, and it is public. Say why it should not be shown any more, and an editor decides; you are told.")
		p.Codes.Label, p.Text.Label, p.Text.Hint, p.Button = say.T(ctx, "Why?"), say.T(ctx, "What should an editor know?"), "", say.T(ctx, "Ask for it to be taken down")
	}
	if t.Down {
		p.Heading, p.Lead = say.T(ctx, "A second look: %s", t.Title), say.T(ctx, "It was taken down. Say why it should be shown again, and another editor decides; you can ask once.")
		p.Crumbs, p.Ways = nil, nil
		p.Text.Label, p.Text.Hint, p.Button = say.T(ctx, "Why should it be shown again?"), "", say.T(ctx, "Ask for a second look")
	}
	for _, c := range report.CodesOf(t) {
		p.Codes.Options = append(p.Codes.Options, ui.Option{Value: string(c), Text: say.T(ctx, reportCodes[c]), Selected: t.Down || typed.Get("code") == string(c)})
	}
	if !o.Actor.SignedIn() {
		if err := s.askStranger(ctx, o, typed, &p); err != nil {
			return Answer{}, err
		}
	} else if o.Actor.Role.AtLeast(actor.Editor) {
		p.Ways = append(p.Ways, ui.Link{Text: say.T(ctx, "Take it down, or give it back"), Path: "/takedowns/" + t.Name()})
	}
	if p.Thing, err = s.reportThing(ctx, o.Actor, t); err != nil {
		return Answer{}, err
	}
	p.Thing.Kind = kind
	status := 0
	if refused != nil {
		fields := []*ui.Field{&p.Codes, &p.Text}
		if p.Contact != nil {
			fields = append(fields, p.Contact)
		}
		ok := false
		if p.Refused, p.Faults, status, ok = shownAs(ctx, refused, fields...); !ok {
			return Answer{}, refused
		}
	}
	a, err := s.render(ctx, view.Report(p))
	a.Status = status
	return a, err
}

// askStranger adds what who is not signed in is asked for.
func (s *Site) askStranger(ctx context.Context, o Own, typed url.Values, p *view.ReportPage) (err error) {
	p.Challenge, err = s.Users.Challenge()
	p.WorkBits = user.WorkBits()
	p.Contact = &ui.Field{ID: "contact", Name: "contact", Label: say.T(ctx, "Mail address, if you want an answer"), Hint: say.T(ctx, "It is used for this one answer and then forgotten. A notice under the law needs it."),
		Type: "email", Autocomplete: "email", Inputmode: "email", Value: typed.Get("contact")}
	p.Ways = append(p.Ways, ui.Link{Text: say.T(ctx, "Sign in, and be told on the site"), Path: signInPath(&url.URL{Path: "/report", RawQuery: "of=" + p.Of})})
	return err
}

// wordsShown is how much of what is reported is shown, in characters.
const wordsShown = 600

// reportThing is what is reported as the reader sees it.
func (s *Site) reportThing(ctx context.Context, a actor.Actor, t report.Thing) (v view.ReportThing, err error) {
	v = view.ReportThing{Kind: say.T(ctx, reportKinds[t.Kind]), Title: t.Title, Path: t.Path, Says: text.Excerpt(text.Plain(t.Says), wordsShown)}
	if t.Kind == report.Photo && s.Photos != nil {
		ph, err := s.Photos.Find(ctx, a, t.ID)
		switch {
		case err == nil:
			picture := s.previewOf(ph)
			v.Picture = &picture
		case !tellable(err):
			return v, err
		}
	}
	if t.Kind == report.Visit && s.Photos != nil {
		at, err := s.Photos.AtVisits(ctx, a, []int64{t.ID})
		if err != nil {
			return v, err
		}
		for _, ph := range at[t.ID] {
			if len(ph.URLs) > 0 {
				v.Pictures = append(v.Pictures, visitPicture(ph))
			}
		}
	}
	if t.Author == 0 {
		return v, nil
	}
	m, err := s.Users.ByID(ctx, t.Author)
	switch {
	case err == nil && m.State != user.Deleted:
		v.Author = &ui.Person{Name: m.Shown, Path: m.Path()}
		return v, s.withFaces(ctx, v.Author)
	case err != nil && !tellable(err):
		return v, err
	}
	return v, nil
}

func (s *Site) sendReport(ctx context.Context, o Own) (Answer, error) {
	f := o.Form
	t, err := s.named(ctx, o.Actor, f.Get("of"))
	if err != nil {
		return Answer{}, err
	}
	_, _, err = s.Reports.File(ctx, o.Actor, report.Filing{Kind: t.Kind, Thing: t.ID, Code: report.Code(f.Get("code")), Text: f.Get("text"), Contact: f.Get("contact"),
		Proof: f.Get("proof"), Network: s.door(o).Network})
	if err != nil {
		return s.showReport(ctx, o, t, f, err)
	}
	if err := s.published(ctx); err != nil { // it may be hidden from now on
		return Answer{}, err
	}
	return See("/report?sent=yes"), nil
}

// reportStates say what became of a report.
var reportStates = map[report.State]ui.Badge{
	report.Open: {Text: "Waiting", Tone: "info"}, report.Upheld: {Text: "Acted on", Tone: "been", Icon: "check"}, report.Kept: {Text: "Left as it is"}, report.TakenBack: {Text: "Withdrawn"},
}

func (s *Site) myReports(ctx context.Context, o Own) (Answer, error) {
	list, err := s.Reports.Mine(ctx, o.Actor)
	if err != nil {
		return Answer{}, err
	}
	b, err := s.ownBase(ctx, o, say.T(ctx, "What you reported"), "")
	if err != nil {
		return Answer{}, err
	}
	p := view.MyReportsPage{Base: b, Crumbs: settingsCrumbs(ctx, say.T(ctx, "What you reported")), Empty: ui.Empty{
		Title: say.T(ctx, "You have reported nothing."), Text: say.T(ctx, "Where something should not stand as it does, a link beside it tells the editors."),
		Ways: []ui.Link{{Text: say.T(ctx, "All places"), Path: "/places"}}, Picture: openSea(),
	}}
	for _, r := range list {
		badge := reportStates[r.State]
		badge.Text = say.T(ctx, badge.Text)
		p.Rows = append(p.Rows, view.ReportRow{Title: r.Title, Badge: badge, When: when(ctx, r.At),
			What: strings.Join([]string{say.T(ctx, reportKinds[r.Kind]), say.T(ctx, reportCodes[r.Code])}, ": ")})
	}
	return s.render(ctx, view.MyReports(p))
}

func itemName(o Own) string { return o.Request.PathValue("thing") }

func parseBefore(s string) (at, id int64, ok bool) {
	a, b, ok := strings.Cut(s, "-")
	at, err1 := strconv.ParseInt(a, 10, 64)
	id, err2 := strconv.ParseInt(b, 10, 64)
	return at, id, ok && err1 == nil && err2 == nil && at > 0
}
