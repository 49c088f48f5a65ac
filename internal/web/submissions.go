package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/desk"
	"mirabilia/internal/draft"
	"mirabilia/internal/errs"
	"mirabilia/internal/place"
	"mirabilia/internal/report"
	"mirabilia/internal/revision"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// kindNames and statusBadges name submissions as people read them.
var (
	kindNames    = map[desk.Kind]string{desk.Pitch: "Pitch", desk.Place: "New place", desk.Edit: "Edit", desk.Import: "Import", desk.Photo: "Photo", desk.Note: "Note", desk.Report: "Report", desk.Visit: "Field note"}
	statusBadges = map[desk.Status]ui.Badge{
		desk.Draft: {Text: "Draft"}, desk.Waiting: {Text: "Waiting", Tone: "info"}, desk.Changes: {Text: "Changes asked", Tone: "warn"}, desk.Held: {Text: "Held", Tone: "info"},
		desk.Published: {Text: "Published", Tone: "been", Icon: "check"}, desk.Declined: {Text: "Declined", Tone: "bad"}, desk.Duplicate: {Text: "Duplicate", Tone: "warn"}, desk.Withdrawn: {Text: "Withdrawn"},
	}
	reasonNames = map[string]string{
		"promotional": "Promotional", "well-known": "Well known", "duplicate": "Here already", "unverifiable": "Cannot be verified", "rights": "Rights", "too-short": "Too short", "other": "Something else",
	}
	reasonTexts = map[string]string{
		"promotional":  "We will not publish this one: it reads as an advertisement. If there is a story behind the place, tell us that and we will look again.",
		"well-known":   "We will not publish this one: a well-known place without a hidden side. If you know one, tell us and we will look again.",
		"duplicate":    "This one is here already. What you know and its page does not is welcome as an edit.",
		"unverifiable": "We could not verify this, and nothing we found says the same. With a source we will look again.",
		"rights":       "We cannot publish this: the text, or a part of it, was written by somebody else. In your own words it is welcome.",
		"too-short":    "There is too little here to send somebody off with. Some more about what it is and how it came to be, and we will look again.",
		"other":        "",
	}
)

func statusBadge(ctx context.Context, s desk.Status) ui.Badge {
	b := statusBadges[s]
	b.Text = say.T(ctx, b.Text)
	return b
}

// badgeOf says where a submission stands: a pitch is accepted, not published, and a
// report acted on or left.
func badgeOf(ctx context.Context, sub *desk.Submission) ui.Badge {
	b := statusBadge(ctx, sub.Status)
	switch {
	case sub.Kind == desk.Pitch && sub.Status == desk.Published:
		b.Text = say.T(ctx, "Accepted")
	case sub.Kind == desk.Report && sub.Status == desk.Published:
		b.Text = say.T(ctx, "Acted on")
	case sub.Kind == desk.Report && sub.Status == desk.Declined: // nobody asked for it to be published
		b.Text, b.Tone = say.T(ctx, "Left as it is"), ""
	}
	return b
}

// queueLine says how many wait and how long it takes.
func (s *Site) queueLine(ctx context.Context) (string, error) {
	n, err := s.Desk.Numbers(ctx)
	if err != nil {
		return "", err
	}
	line := say.T(ctx, "You would be %s in the queue.", view.Ordinal(ctx, n.Waiting+1))
	if n.Median > 0 {
		line += " " + say.T(ctx, "Half of all hear within %s.", spell(ctx, n.Median))
	}
	return line, nil
}

// spell writes a length of time in whole minutes, hours or days.
func spell(ctx context.Context, d time.Duration) string {
	switch {
	case d < time.Hour:
		return say.N(ctx, max(1, int(d.Round(time.Minute).Minutes())), "one minute", "%s minutes")
	case d < 48*time.Hour:
		return say.N(ctx, int(d.Round(time.Hour).Hours()), "one hour", "%s hours")
	}
	return say.N(ctx, int(d.Round(24*time.Hour).Hours()/24), "one day", "%s days")
}

// submissionPage is what became of something that was sent.
func (s *Site) submissionPage(ctx context.Context, o Own) (Answer, error) {
	sub, err := s.submission(ctx, o)
	if err != nil {
		return Answer{}, err
	}
	if sub.Author.ID != o.Actor.ID {
		return See(deskPath(sub)), nil // only editors see another's
	}
	return s.showSubmission(ctx, o, sub, nil)
}

// told are the fields of a form that was refused, with their messages.
type told struct {
	do, text, message string
}

func (s *Site) showSubmission(ctx context.Context, o Own, sub *desk.Submission, refused *told) (Answer, error) {
	title := sub.Title
	if title == "" {
		title = say.T(ctx, kindNames[sub.Kind])
	}
	b, err := s.baseFor(ctx, o, title, "")
	if err != nil {
		return Answer{}, err
	}
	b.NoIndex = true
	v := view.SubmissionPage{
		Base: b, Heading: title, Path: sub.Path(), Badge: badgeOf(ctx, sub), Summary: sub.Summary,
		Crumbs: []ui.Crumb{{Name: say.T(ctx, "Your contributions"), Path: "/drafts"}, {Name: title}},
		What:   sentWords(ctx, sub), Talk: s.talk(ctx, o.Actor, sub),
		Answer: sub.Open() || sub.Status == desk.Changes, Resubmit: sub.Status == desk.Changes || sub.Status == desk.Draft, ResubmitPath: sub.Path() + "/edit",
		Withdraw: sub.Open() || sub.Status == desk.Changes || sub.Status == desk.Draft,
		Appeal:   !sub.Appealed && (!sub.Live || sub.Kind == desk.Photo || sub.Kind == desk.Note || sub.Kind == desk.Visit) && (sub.Status == desk.Declined || sub.Status == desk.Duplicate),
		Reply:    ui.Field{ID: "f-say", Name: "text", Label: say.T(ctx, "Your message"), Lines: 3, Class: "low"}, AppealText: ui.Field{ID: "f-appeal", Name: "text", Label: say.T(ctx, "Why it should be looked at again"), Lines: 4, Class: "low"},
	}
	if v.Lines, err = s.standing(ctx, sub); err != nil {
		return Answer{}, err
	}
	if v.Was = say.T(ctx, "Now"); sub.Status == desk.Published {
		v.Was = say.T(ctx, "Before") // since then it is now what was proposed
	}
	base := revision.Fields{}
	if sub.Place != 0 {
		p, err := s.Places.ByID(ctx, place.PublicID(sub.Place))
		switch {
		case err == nil:
			if sub.Status == desk.Published {
				v.Published = &ui.Link{Text: say.T(ctx, "Read it"), Path: p.Path()}
			}
			if sub.Kind == desk.Edit {
				if base, err = s.Places.Revision(ctx, p.ID, sub.Base); err != nil && !errs.Is(err, errs.Invalid) {
					return Answer{}, err
				}
			}
		case !tellable(err) && !errs.Is(err, errs.Moved):
			return Answer{}, err
		}
	}
	if v.Published == nil {
		if v.Published, err = s.repeated(ctx, sub); err != nil {
			return Answer{}, err
		}
	}
	if id := sub.WrittenOut(); id != 0 {
		v.Published = &ui.Link{Text: say.T(ctx, "Write it out"), Path: "/submissions/" + desk.PublicID(id) + "/edit", Icon: "pencil"}
	}
	v.Changes, v.Mended = differences(ctx, base, base.With(sub.Fields)), mendedChanges(ctx, sub, base)
	photos, err := s.rewordedPhotos(ctx, o.Actor, sub)
	if err != nil {
		return Answer{}, err
	}
	v.Mended = append(v.Mended, photos...)
	if v.Since, err = s.sinceAsked(ctx, sub); err != nil {
		return Answer{}, err
	}
	if left := s.leftOut(ctx, sub); sub.Status == desk.Published && left != "" {
		v.Lines = append(v.Lines, say.T(ctx, "Left out by the editor: %s. Your words stand below.", left))
	}
	if v.Photos, err = s.enclosedViews(ctx, o, sub, nil); err != nil {
		return Answer{}, err
	}
	if refused != nil {
		f := &v.Reply
		if refused.do == "appeal" {
			f, v.Appeal = &v.AppealText, true
		} else {
			v.Answer = true
		}
		f.Value, f.Error = refused.text, refused.message
		v.Refused, v.Bad = say.T(ctx, "It was not sent."), []ui.Field{*f}
	}
	if err := s.facesOfTalk(ctx, v.Talk); err != nil {
		return Answer{}, err
	}
	a, err := s.render(ctx, view.Submission(v))
	if refused != nil {
		a.Status = http.StatusUnprocessableEntity
	}
	return a, err
}

// repeated leads to the place that a submission was found to repeat, nil for none
// that is to be seen.
func (s *Site) repeated(ctx context.Context, sub *desk.Submission) (*ui.Link, error) {
	if sub.Status != desk.Duplicate {
		return nil, nil
	}
	for _, x := range slices.Backward(sub.Decisions) {
		if x.Of == 0 || !x.Undone.IsZero() {
			continue
		}
		p, err := s.Places.Find(ctx, place.PublicID(x.Of))
		if err == nil {
			return &ui.Link{Text: say.T(ctx, "Here already: %s", p.Title), Path: p.Path()}, nil
		}
		if !tellable(err) && !errs.Is(err, errs.Moved) {
			return nil, err
		}
	}
	return nil, nil
}

// leftOut names the fields that an editor did not take when they published the
// others, "" where everything was taken.
func (s *Site) leftOut(ctx context.Context, sub *desk.Submission) string {
	var taken []string
	for _, x := range sub.Decisions {
		if x.Undone.IsZero() && x.Action == desk.Publish {
			taken = x.Only
		}
	}
	if len(taken) == 0 {
		return ""
	}
	taken = append(slices.Clone(taken), s.Proposals.Needed(sub.Kind)...)
	var names []string
	for _, name := range place.FieldNames {
		if _, sent := sub.Fields[name]; sent && name != "lon" && !slices.Contains(taken, name) {
			names = append(names, fieldLabel(ctx, name))
		}
	}
	return strings.Join(names, ", ")
}

func sentWords(ctx context.Context, sub *desk.Submission) string {
	what := say.T(ctx, kindNames[sub.Kind])
	if sub.Kind == desk.Edit && sub.Base > 0 {
		what = say.T(ctx, "Edit of revision %d", sub.Base)
	}
	if !sub.Submitted.IsZero() {
		what += ", " + say.T(ctx, "sent %s", view.Moment(ctx, sub.Submitted))
	}
	return what
}

// standing says in sentences where a submission stands.
func (s *Site) standing(ctx context.Context, sub *desk.Submission) ([]string, error) {
	switch sub.Status {
	case desk.Waiting:
		at, err := s.Desk.Place(ctx, sub)
		if err != nil {
			return nil, err
		}
		n, err := s.Desk.Numbers(ctx)
		if err != nil {
			return nil, err
		}
		line := say.T(ctx, "Thank you. It is %s in the queue.", view.Ordinal(ctx, at))
		if at == desk.FarBack {
			line = say.T(ctx, "Thank you. More than a thousand are before it in the queue.")
		}
		if n.Median > 0 {
			line += " " + say.T(ctx, "Half of all hear within %s.", spell(ctx, n.Median))
		}
		out := []string{line}
		if sub.Claim.By.ID != 0 && sub.Claim.Until.After(s.now()) {
			out = append(out, say.T(ctx, "%s is reading it.", sub.Claim.By.Name))
		}
		if sub.Appealed {
			out = append(out, say.T(ctx, "It is looked at a second time, as you asked."))
		}
		return out, nil
	case desk.Held:
		return []string{say.T(ctx, "It is held until %s; then it is read again.", say.Date(ctx, sub.HeldUntil))}, nil
	case desk.Changes:
		return []string{say.T(ctx, "An editor would publish it with some changes. Mend it and send it again; it keeps its place.")}, nil
	case desk.Published:
		if sub.Kind == desk.Pitch {
			return []string{say.T(ctx, "It belongs here: we would like to read it. What you told us waits in a draft for you to go on with.")}, nil
		}
		if sub.Kind == desk.Visit || sub.Kind == desk.Note {
			return []string{say.T(ctx, "An editor has taken it up. Thank you: that is how the atlas stays true.")}, nil
		}
		if sub.Live {
			return []string{say.T(ctx, "It is public at once, since your work has been found good so often. Thank you.")}, nil
		}
		if len(sub.Mended()) > 0 {
			return []string{say.T(ctx, "It is public, with some changes by an editor: they stand below, word by word. Thank you.")}, nil
		}
		return []string{say.T(ctx, "It is public. Thank you.")}, nil
	case desk.Declined, desk.Duplicate:
		if sub.Appealed {
			return []string{say.T(ctx, "It is not published. You have asked for a second look; one is all there is.")}, nil
		}
		if sub.Status == desk.Duplicate {
			return []string{say.T(ctx, "It is in the atlas already. What you know and its page does not is welcome there as an edit. If they are two, ask once for a second look.")}, nil
		}
		return []string{say.T(ctx, "It is not published; why, the editor says below. If that is not right, ask once for a second look.")}, nil
	case desk.Withdrawn:
		return []string{say.T(ctx, "You took it back: nobody looks at it any more. What you wrote stays here.")}, nil
	case desk.Draft:
		return []string{say.T(ctx, "It is a draft: nobody reads it before you send it.")}, nil
	}
	return nil, nil
}

var actionWords = map[desk.Action]struct{ text, tone string }{
	desk.Publish: {"published it", "been"}, desk.AskChanges: {"asks for changes", "warn"}, desk.Decline: {"declined it", "bad"},
	desk.MarkDuplicate: {"found it here already", "warn"}, desk.Hold: {"holds it", "info"}, desk.Appeal: {"asks for a second look", "info"},
}

// talk is the conversation about a submission with its decisions, oldest first.
// Of a decision only the reason's words are told where the editor wrote none.
func (s *Site) talk(ctx context.Context, who actor.Actor, sub *desk.Submission) []view.Said {
	var out []view.Said
	i := 0
	letters := func(before time.Time) {
		for i < len(sub.Messages) && (before.IsZero() || !sub.Messages[i].At.After(before)) {
			m := sub.Messages[i]
			said := view.Said{By: ui.Person{Name: m.By.Name, Path: m.By.Path}, When: view.Moment(ctx, m.At), Text: m.Text, Staff: m.By.ID != sub.Author.ID, Gone: m.Text == ""}
			if s.Reports != nil && !said.Gone && m.By.ID != who.ID {
				said.Report = reportPath(report.Message, m.ID)
			}
			out = append(out, said)
			i++
		}
	}
	for _, x := range sub.Decisions {
		if !x.Undone.IsZero() {
			continue
		}
		letters(x.At)
		w := actionWords[x.Action]
		what := say.T(ctx, w.text)
		if sub.Kind == desk.Pitch && x.Action == desk.Publish {
			what = say.T(ctx, "accepted it")
		}
		if x.Reason != "" && x.Reason != "other" {
			what += ": " + say.T(ctx, reasonNames[x.Reason])
		}
		said := view.Said{By: ui.Person{Name: x.By.Name, Path: x.By.Path}, When: view.Moment(ctx, x.At), What: what, Tone: w.tone, Text: x.Text, Staff: x.By.ID != sub.Author.ID}
		if said.By.Name == "" {
			said.By.Name = say.T(ctx, "An editor")
		}
		out = append(out, said)
	}
	letters(time.Time{})
	return out
}

// maxLetter is how long a letter is at most, in bytes.
const maxLetter = 5000

// actOnSubmission does what its author wants: a message, taking it back, an
// appeal.
func (s *Site) actOnSubmission(ctx context.Context, o Own) (Answer, error) {
	sub, err := s.submission(ctx, o)
	if err != nil {
		return Answer{}, err
	}
	do, words := o.Form.Get("do"), strings.TrimSpace(o.Form.Get("text"))
	switch do {
	case "say":
		err = s.Desk.Say(ctx, o.Actor, sub.ID, words)
	case "appeal":
		_, err = s.Desk.AppealTo(ctx, o.Actor, sub.ID, words)
	case "withdraw":
		err = s.Desk.Withdraw(ctx, o.Actor, sub.ID)
	default:
		err = errs.New(errs.Invalid, "There is nothing of that name to do here.")
	}
	if err == nil {
		return See(sub.Path()), nil
	}
	if tellable(err) && (do == "say" || do == "appeal") && sub.Author.ID == o.Actor.ID {
		return s.unsaid(ctx, o, do, words, err)
	}
	return Answer{}, err
}

// unsaid shows a letter that was not taken, with what was typed, on the page as
// it stands by now.
func (s *Site) unsaid(ctx context.Context, o Own, do, words string, err error) (Answer, error) {
	sub, again := s.submission(ctx, o)
	if again != nil {
		return Answer{}, again
	}
	message := say.T(ctx, err.Error())
	if errs.Is(err, errs.Invalid) {
		message = say.T(ctx, "Write something, and not more than 5,000 letters.")
		if list, ok := faultsOf(err); ok && words != "" && len(words) <= maxLetter {
			message = say.T(ctx, list[0].Message)
		}
	}
	a, again := s.showSubmission(ctx, o, sub, &told{do, words, message})
	if status := statuses[errs.CodeOf(err)]; !errs.Is(err, errs.Invalid) {
		a.Status = status
	}
	a.tooMany(ctx, err)
	return a, again
}

// draftsPage lists what a member has begun and what they have sent.
func (s *Site) draftsPage(ctx context.Context, o Own) (Answer, error) {
	b, err := s.baseFor(ctx, o, say.T(ctx, "Your contributions"), "")
	if err != nil {
		return Answer{}, err
	}
	b.NoIndex = true
	v := view.DraftsPage{Base: b}
	if err := s.fillDrafts(ctx, o.Actor, &v); err != nil {
		return Answer{}, err
	}
	list, err := s.Desk.Mine(ctx, o.Actor)
	if err != nil {
		return Answer{}, err
	}
	for _, sub := range list {
		title := sub.Title
		if title == "" {
			title = say.T(ctx, "Without a name")
		}
		if sub.Status == desk.Draft {
			v.Drafts = append(v.Drafts, view.DraftRow{Title: title, What: say.T(ctx, kindNames[sub.Kind]), Kept: view.Moment(ctx, sub.Updated), Path: sub.Path() + "/edit", Discard: desk.PublicID(sub.ID)})
			continue
		}
		v.Sent = append(v.Sent, view.SentRow{Title: title, What: say.T(ctx, kindNames[sub.Kind]), When: view.Moment(ctx, sub.Submitted), Path: sub.Path(), Badge: badgeOf(ctx, sub)})
	}
	return s.render(ctx, view.Drafts(v))
}

func (s *Site) fillDrafts(ctx context.Context, who actor.Actor, v *view.DraftsPage) error {
	list, err := s.Drafts.Mine(ctx, who)
	if err != nil {
		return err
	}
	for _, d := range list {
		row := view.DraftRow{Title: d.Title, What: say.T(ctx, kindNames[desk.Kind(d.Kind)]), Kept: view.Moment(ctx, d.Kept), Discard: itoa64(d.ID)}
		if row.Title == "" {
			row.Title = say.T(ctx, "Without a name")
		}
		if row.Path, err = s.draftPath(ctx, d); err != nil {
			return err
		}
		v.Drafts = append(v.Drafts, row)
	}
	return nil
}

// discardDraft throws a draft away: one of the form, or one of the desk.
func (s *Site) discardDraft(ctx context.Context, o Own) (Answer, error) {
	name := o.Form.Get("discard")
	if id, ok := desk.ParseID(name); ok {
		sub, err := s.Desk.Of(ctx, o.Actor, id)
		if err != nil {
			return Answer{}, err
		}
		if sub.Status == desk.Draft {
			if err := s.Desk.Withdraw(ctx, o.Actor, id); err != nil {
				return Answer{}, err
			}
		}
		return See("/drafts"), nil
	}
	id, err := parseNumber(name)
	if err != nil {
		return Answer{}, err
	}
	return See("/drafts"), s.Drafts.Discard(ctx, o.Actor, id)
}

func parseNumber(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 {
		return 0, errs.New(errs.NotFound, "There is no such draft of yours.")
	}
	return n, nil
}

// draftPath is where a draft is gone on with.
func (s *Site) draftPath(ctx context.Context, d *draft.Draft) (string, error) {
	path := "/places/new"
	switch {
	case d.Mends != 0:
		path = "/submissions/" + desk.PublicID(d.Mends) + "/edit"
	case d.Kind == draft.Pitch:
		path = "/pitch"
	case d.Kind == draft.Edit:
		p, err := s.Places.ByID(ctx, place.PublicID(d.Place))
		var e *errs.Error
		switch {
		case err == nil:
			path = p.Path() + "/edit"
		case errors.As(err, &e) && e.Code == errs.Moved: // it became a part of another
			path = e.Location + "/edit"
		case errs.Is(err, errs.Gone) || errs.Is(err, errs.NotFound):
			path = "/places/new"
		default:
			return "", err
		}
	}
	return address(path, "draft="+itoa64(d.ID)), nil
}
