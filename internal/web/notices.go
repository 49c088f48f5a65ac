package web

import (
	"context"
	"strconv"
	"strings"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/errs"
	"mirabilia/internal/notice"
	"mirabilia/internal/report"
	"mirabilia/internal/text"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// noticesShown is how many notices a page has.
const noticesShown = 30

// unread counts the reader's unread notices.
func (s *Site) unread(ctx context.Context, a actor.Actor) (int, error) {
	if s.Notices == nil {
		return 0, nil
	}
	return s.Notices.Unread(ctx, a)
}

// noticesPage is what the reader was told, the newest first.
func (s *Site) noticesPage(ctx context.Context, o Own) (Answer, error) {
	before, err := noticeNumber(o.Query.Get("before"))
	if err != nil {
		return Answer{}, err
	}
	list, err := s.Notices.Newest(ctx, o.Actor, before, noticesShown)
	if err != nil {
		return Answer{}, err
	}
	b, err := s.ownBase(ctx, o, say.T(ctx, "Notifications"), "")
	if err != nil {
		return Answer{}, err
	}
	p := view.NoticesPage{Base: b, Ways: s.newsLinks(ctx), All: strconv.FormatInt(list.Newest, 10), Empty: ui.Empty{
		Title: say.T(ctx, "Nothing yet."), Text: say.T(ctx, "When something that you sent is decided, or something is new in what you follow, it stands here."),
		Ways: []ui.Link{{Text: say.T(ctx, "Destinations"), Path: "/destinations"}, {Text: say.T(ctx, "Add a place"), Path: "/places/new", Icon: "plus"}}, Picture: openSea(),
	}}
	if b.Me != nil {
		p.Unread = b.Me.Unread
	}
	for _, n := range list.Items {
		p.Rows = append(p.Rows, noticeRow(ctx, n))
	}
	if list.Older != 0 {
		p.Older = view.NotificationsPath + "?before=" + strconv.FormatInt(list.Older, 10)
	}
	return s.render(ctx, view.Notices(p))
}

func noticeNumber(s string) (int64, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 {
		return 0, errs.InField("before", "is the number of a notice")
	}
	return n, nil
}

// noticeWords is how much of what somebody wrote is shown, in characters.
const noticeWords = 280

func noticeRow(ctx context.Context, n notice.Notice) view.NoticeRow {
	r := view.NoticeRow{ID: strconv.FormatInt(n.ID, 10), Path: n.Path, When: when(ctx, n.At), At: n.At.UTC().Format(time.RFC3339), Unread: !n.Read, Words: text.Excerpt(n.Words, noticeWords)}
	r.Says, r.Icon = noticeSays(ctx, n)
	return r
}

// noticeSays puts a notice into a sentence, with the picture that stands beside
// it.
func noticeSays(ctx context.Context, n notice.Notice) (says, icon string) {
	title, by := n.Title, n.By.Name
	if kind, ok := strings.CutPrefix(n.About, "report."); ok {
		return concernedSays(ctx, report.Kind(kind), n.Action, title)
	}
	switch n.Action {
	case "publish":
		switch n.About {
		case "submission.pitch":
			return say.T(ctx, "Your pitch “%s” is accepted: it waits among your drafts as a place, for you to write.", title), "check"
		case "submission.edit":
			return say.T(ctx, "Your edit of “%s” is published.", title), "check"
		case "submission.photo":
			return say.T(ctx, "Your photo of “%s” is published.", title), "image"
		case "submission.note":
			return say.T(ctx, "Your note on “%s” is taken up.", title), "check"
		case "submission.report":
			return say.T(ctx, "Your report about “%s” was acted on.", title), "check"
		case "submission.appeal":
			return say.T(ctx, "Your appeal about “%s” is granted.", title), "check"
		case "submission.visit":
			return say.T(ctx, "What you found at “%s” is taken up.", title), "footprints"
		}
		return say.T(ctx, "“%s” is in the atlas.", title), "check"
	case "mended":
		switch n.About {
		case "submission.pitch":
			return say.T(ctx, "Your pitch “%s” is accepted: it waits among your drafts as a place, for you to write.", title), "check"
		case "submission.edit":
			return say.T(ctx, "Your edit of “%s” is published, not all of it as you sent it.", title), "check"
		case "submission.photo":
			return say.T(ctx, "Your photo of “%s” is published; an editor changed what is written about it.", title), "image"
		}
		return say.T(ctx, "“%s” is in the atlas, not all of it as you sent it.", title), "check"
	case "reworded":
		return say.T(ctx, "An editor changed what is written about your photo of “%s”.", title), "pencil"
	case "changes":
		return say.T(ctx, "An editor asks for a change in “%s”.", title), "pencil"
	case "decline":
		switch n.About {
		case "submission.photo":
			return say.T(ctx, "Your photo of “%s” is not shown.", title), "x"
		case "submission.note":
			return say.T(ctx, "An editor read your note on “%s”: the entry stays as it is.", title), "x"
		case "submission.report":
			return say.T(ctx, "What you reported about “%s” stays as it is.", title), "x"
		case "submission.appeal":
			return say.T(ctx, "An editor looked at your appeal about “%s”: what was decided stays.", title), "x"
		case "submission.visit":
			return say.T(ctx, "An editor looked at what you found at “%s”: the entry stays as it is.", title), "footprints"
		}
		return say.T(ctx, "“%s” was not published.", title), "x"
	case "duplicate":
		return say.T(ctx, "“%s” is in the atlas already.", title), "copy"
	case "hold":
		return say.T(ctx, "“%s” waits a little: an editor has put it aside.", title), "clock"
	case "undo":
		return say.T(ctx, "What was decided about “%s” was taken back: it waits again.", title), "undo-2"
	case "message":
		if n.Kind == notice.Desk {
			return say.T(ctx, "%s has answered about “%s”.", by, title), "message-square-text"
		}
		return say.T(ctx, "%s has written to you about “%s”.", orWord(by, say.T(ctx, "An editor")), title), "message-square-text"
	case "again":
		return say.T(ctx, "%s has sent “%s” again.", by, title), "upload"
	case "appeal":
		return say.T(ctx, "%s appeals about “%s”.", by, title), "flag"
	case "follower":
		return say.T(ctx, "%s follows you.", by), "footprints"
	case "invited":
		return say.T(ctx, "%s lets you work on the list “%s”.", by, title), "list"
	case "proposed":
		return say.T(ctx, "%s proposes something for your list “%s”.", by, title), "list-plus"
	case "edit":
		if by == "" {
			return say.T(ctx, "Changed: %s.", title), "pencil"
		}
		return say.T(ctx, "%s has changed %s.", by, title), "pencil"
	}
	if by == "" {
		return say.T(ctx, "New in the atlas: %s.", title), "map-pin"
	}
	return say.T(ctx, "%s has added %s.", by, title), "map-pin"
}

// concernedSays tells an author what became of something of theirs that was
// reported or taken down.
func concernedSays(ctx context.Context, kind report.Kind, action, title string) (says, icon string) {
	what := say.T(ctx, "“%s”", title)
	switch kind {
	case report.Photo:
		what = say.T(ctx, "Your photo of “%s”", title)
	case report.Visit:
		what = say.T(ctx, "Your visit of “%s”", title)
	case report.Note:
		what = say.T(ctx, "Your note on “%s”", title)
	case report.Message:
		what = say.T(ctx, "Your message about “%s”", title)
	case report.Member:
		what = say.T(ctx, "What you say of yourself")
	}
	switch action {
	case "taken-down":
		return say.T(ctx, "%s was taken down.", what), "x"
	case "given-back":
		return say.T(ctx, "%s is shown again as it was.", what), "check"
	case "undo":
		return say.T(ctx, "%s is looked at once more: what we told you about it was taken back.", what), "undo-2"
	}
	return say.T(ctx, "%s was reported. An editor has looked at it, and it stays.", what), "check"
}

// readNotices marks one notice as read, or all that the page had.
func (s *Site) readNotices(ctx context.Context, o Own) (Answer, error) {
	field := "id"
	if o.Form.Get("do") == "all" {
		field = "upto"
	}
	n, err := noticeNumber(o.Form.Get(field))
	if err == nil && n == 0 {
		err = errs.InField(field, "is the number of a notice")
	}
	if err != nil {
		return Answer{}, err
	}
	if field == "upto" {
		err = s.Notices.ReadAll(ctx, o.Actor, n)
	} else {
		err = s.Notices.Read(ctx, o.Actor, n)
	}
	if err != nil {
		return Answer{}, err
	}
	return See(view.NotificationsPath), nil
}

// noticeKinds are the kinds as the settings name them.
var noticeKinds = map[notice.Kind]struct{ label, hint, mail string }{
	notice.Decision: {"What becomes of what you sent", "Published, changes asked, not published.", "By mail, when it can no longer be undone"},
	notice.Message:  {"Letters of the editors to you", "What they write about something that you sent.", "By mail"},
	notice.Desk:     {"Answers of authors", "About submissions that you have had to do with.", "By mail"},
	notice.Followed: {"What you follow", "Places that are new or have changed.", "By one mail a week, when there is something"},
	notice.Follower: {"Who follows you", "", "By mail"},
	notice.Lists:    {"Lists that you share", "Who lets you work on theirs, and who proposes a place for yours.", "By mail"},
}

func (s *Site) noticeSettingsPage(ctx context.Context, o Own) (Answer, error) {
	chosen, err := s.Notices.Choices(ctx, o.Actor)
	if err != nil {
		return Answer{}, err
	}
	b, err := s.ownBase(ctx, o, say.T(ctx, "What comes, and how"), "")
	if err != nil {
		return Answer{}, err
	}
	p := view.NoticeSettingsPage{Base: b, Crumbs: settingsCrumbs(ctx, say.T(ctx, "What comes, and how")),
		Ways: []ui.Link{{Text: say.T(ctx, "Notifications"), Path: view.NotificationsPath}, {Text: say.T(ctx, "What you follow"), Path: "/settings/following"}}}
	if o.Query.Get("done") != "" {
		p.Notice = &ui.Banner{Tone: "ok", Statement: say.T(ctx, "Kept.")}
	}
	for _, k := range kindsOf(o.Actor) {
		w, c := noticeKinds[k], chosen[k]
		choice := view.NoticeChoice{Name: string(k), Label: say.T(ctx, w.label),
			Site: ui.Option{Value: "yes", Text: say.T(ctx, "Among the notifications"), Selected: c.Site}, Mail: ui.Option{Value: "yes", Text: say.T(ctx, w.mail), Selected: c.Mail}}
		if w.hint != "" {
			choice.Hint = say.T(ctx, w.hint)
		}
		p.Choices = append(p.Choices, choice)
	}
	return s.render(ctx, view.NoticeSettings(p))
}

// kindsOf are the kinds of news that a member can have.
func kindsOf(a actor.Actor) (list []notice.Kind) {
	for _, k := range notice.Kinds {
		if k != notice.Desk || a.Role.AtLeast(actor.Editor) {
			list = append(list, k)
		}
	}
	return list
}

func (s *Site) chooseNotices(ctx context.Context, o Own) (Answer, error) {
	choices := map[notice.Kind]notice.Choice{}
	for _, k := range kindsOf(o.Actor) {
		choices[k] = notice.Choice{Site: o.Form.Get(string(k)+"-site") == "yes", Mail: o.Form.Get(string(k)+"-mail") == "yes"}
	}
	if err := s.Notices.Choose(ctx, o.Actor, choices); err != nil {
		return Answer{}, err
	}
	return See("/settings/notifications?done=yes"), nil
}

// stopPage asks whether mails of a kind are to end; only its button ends them,
// since programs that look for harm in mails ask for every address in them.
func (s *Site) stopPage(ctx context.Context, o Own) (Answer, error) {
	_, k, err := s.Notices.Stoppable(o.Request.PathValue("kind"), o.Request.PathValue("member"), o.Request.PathValue("signed"))
	if err != nil {
		return Answer{}, err
	}
	return s.account(ctx, o, view.AccountPage{Heading: say.T(ctx, "No more mails of this kind?"), Action: o.Path, Button: say.T(ctx, "No more of these mails"),
		Text: say.T(ctx, "It is about: %s. What is new still stands among your notifications.", say.T(ctx, noticeKinds[k].label)),
		Ways: []ui.Link{{Text: say.T(ctx, "Choose what comes, and how"), Path: "/settings/notifications"}}}, 0)
}

// stop ends them; mail programs press the button by themselves (RFC 8058).
func (s *Site) stop(ctx context.Context, o Own) (Answer, error) {
	k, err := s.Notices.Stop(ctx, o.Request.PathValue("kind"), o.Request.PathValue("member"), o.Request.PathValue("signed"))
	if err != nil {
		return Answer{}, err
	}
	return s.account(ctx, o, view.AccountPage{Heading: say.T(ctx, "No more of these mails"),
		Text: say.T(ctx, "None will come about: %s. A mail that has left already may still arrive.", say.T(ctx, noticeKinds[k].label)),
		Ways: []ui.Link{{Text: say.T(ctx, "Choose what comes, and how"), Path: "/settings/notifications"}, {Text: say.T(ctx, "All places"), Path: "/places"}}}, 0)
}
