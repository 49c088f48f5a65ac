package web

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/desk"
	"mirabilia/internal/photo"
	"mirabilia/internal/place"
	"mirabilia/internal/report"
	"mirabilia/internal/setting"
	"mirabilia/internal/takedown"
	"mirabilia/internal/user"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
	"mirabilia/internal/web/view/ui"
)

// deeds say what each action of the audit log is, by the kind of what it was done
// to and its name: who did it stands before, what it was done to after.
var deeds = map[string]map[string]string{
	user.LogKind: {
		"join": "joined", "add": "made an account:", "verify": "confirmed their mail address", "email": "changed their mail address", "password": "changed their password",
		"sign-in": "signed in", "leave": "deleted an account", "mail.refused": "got mails back from the address of",
		"appoint": "appointed", string(user.Suspended): "suspended", string(user.Banned): "banned", string(user.Active): "let back in",
		"token-add": "made a token", "token-revoke": "took a token back", "invite": "made an invitation",
		"set-rules": "changed the rules of contributing", "require-factor": "changed who must sign in with a second factor",
		"identity-add": "joined an account at another provider", "identity-remove": "parted an account at another provider",
		"passkey-add": "added a passkey", "passkey-remove": "removed a passkey", "factor-add": "set up an authenticator", "factor-remove": "removed the authenticator",
		"codes-new": "made new recovery codes", "code-use": "used a recovery code",
		"report": "reported", "report.upheld": "agreed with a report of", "report.kept": "looked at a report and left as it is", "take-down": "took down", "give-back": "gave back",
	},
	"submission": {
		"submission.submit": "sent to the desk:", "submission.withdraw": "took back what they had sent:", "submission.appeal": "asked for a second look at", "submission.undo": "took back a decision about",
		"submission.rollback": "rolled back", "submission." + string(desk.Publish): "published", "submission." + string(desk.AskChanges): "asked for changes to", "submission." + string(desk.Decline): "declined",
		"submission." + string(desk.MarkDuplicate): "marked as here already:", "submission." + string(desk.Hold): "put on hold",
	},
	place.LogKind: {
		"place.restore": "restored an earlier revision of", "place.join": "joined with another entry:", "place.part": "made an entry of its own again:",
	},
	photo.LogKind: {
		"add": "added a photo to", string(photo.Waiting): "set back to wait a photo of", string(photo.Public): "published a photo of", string(photo.Hidden): "hid a photo of", string(photo.Down): "took down a photo of",
		"retract": "took back", "describe": "changed the words of", "order": "put in order the photos of",
	},
	setting.LogKind: {"change": "changed the settings of the atlas:"},
	"page":          {"write": "rewrote the page", "reset": "gave its first words back to the page"},
	"webhook":       {"add": "added a webhook to", "rotate": "gave a new secret to", "greet": "tried", "remove": "removed", "switch-on": "switched on", "switch-off": "switched off"},
	"campaign":      {"campaign.make": "began the campaign", "campaign.close": "closed the campaign"},
}

// reported are the deeds that can be done to whatever can be reported.
var reported = []string{"report", "report." + string(report.Upheld), "report." + string(report.Kept), "take-down", "give-back"}

// subjects name what the log's line gives no name of.
var subjects = map[string]string{
	"submission": "a submission", "webhook": "a webhook", "campaign": "a campaign", "page": "a page", photo.LogKind: "a photo", place.LogKind: "a place",
	string(report.List): "a list", string(report.Note): "a note", string(report.Visit): "a visit", string(report.Message): "a message",
}

// deed is what an action is in words; an action that has none, such as one of a
// program of another version, is told by its own name.
func deed(ctx context.Context, kind, action string) string {
	words := deeds[kind][action]
	if words == "" && slices.Contains(reported, action) {
		words = deeds[user.LogKind][action]
	}
	if words == "" {
		return strings.NewReplacer("-", " ", ".", " ").Replace(action)
	}
	return say.T(ctx, words)
}

// logged are the details of a line that are told.
type logged struct {
	Title, Kind, Place, Reason, Why, Public, Code, To, From, By, Part, Page, Address, Scope string
	Until                                                                                   string
	Regions                                                                                 []string
	On, Factor                                                                              bool
	Revision                                                                                int
}

// detailsOf reads what a line says beside its action. A detail of another form
// than it has today is not told; the others are.
func detailsOf(e *audit.Entry) (d logged) {
	var all map[string]json.RawMessage
	_ = json.Unmarshal(e.Details, &all) // the log's own writing
	for name, into := range map[string]any{
		"title": &d.Title, "kind": &d.Kind, "place": &d.Place, "reason": &d.Reason, "why": &d.Why, "public": &d.Public, "code": &d.Code, "to": &d.To, "from": &d.From, "by": &d.By,
		"part": &d.Part, "page": &d.Page, "address": &d.Address, "scope": &d.Scope, "until": &d.Until, "regions": &d.Regions, "on": &d.On, "factor": &d.Factor, "revision": &d.Revision,
	} {
		if raw := all[name]; len(raw) > 0 {
			_ = json.Unmarshal(raw, into)
		}
	}
	return d
}

// logRows are the lines of the audit log as sentences.
func (s *Site) logRows(ctx context.Context, log []user.LogEntry) (rows []view.LogRow, err error) {
	titles, err := s.loggedPlaces(ctx, log)
	if err != nil {
		return nil, err
	}
	for i := range log {
		e := &log[i]
		d := detailsOf(&e.Entry)
		row := view.LogRow{At: view.Moment(ctx, e.At), Who: say.T(ctx, "The atlas"), What: deed(ctx, e.Kind, e.Action), Rest: s.restOf(ctx, e, &d)}
		switch {
		case e.By != nil:
			row.Who = e.By.Shown
		case e.Kind == user.LogKind && (e.Action == "add" || e.Action == "token-add"):
			row.Who = say.T(ctx, "The command line")
		}
		switch {
		case e.Kind != user.LogKind:
			row.Whom = subjectOf(ctx, e, &d, titles)
		case e.Of != nil && (e.By == nil || e.By.ID != e.Of.ID):
			row.Whom = ui.Link{Text: e.Of.Shown, Path: "/admin/members/" + e.Of.Name}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// subjectOf names what a line is about, with the way there.
func subjectOf(ctx context.Context, e *user.LogEntry, d *logged, titles map[int64]*place.Place) ui.Link {
	switch e.Kind {
	case "submission":
		l := ui.Link{Text: d.Title, Path: "/desk/" + desk.PublicID(e.Subject)}
		if l.Text == "" {
			l.Text = say.T(ctx, kindNames[desk.Kind(d.Kind)])
		}
		if l.Text == "" {
			l.Text = say.T(ctx, subjects[e.Kind])
		}
		return l
	case place.LogKind, photo.LogKind:
		if p := titles[placeOf(e, d)]; p != nil {
			return ui.Link{Text: p.Title, Path: p.Path()}
		}
	case "campaign":
		if d.Title != "" {
			return ui.Link{Text: "“" + d.Title + "”"}
		}
	case "page":
		return ui.Link{Text: d.Page, Path: textsPath + d.Page}
	case "webhook":
		if d.Address != "" {
			return ui.Link{Text: d.Address, Path: webhooksPath}
		}
	case setting.LogKind:
		for _, part := range atlasParts() {
			if part.name == d.Part {
				return ui.Link{Text: say.T(ctx, part.title), Path: part.path}
			}
		}
		return ui.Link{Text: say.T(ctx, "Logo and colours"), Path: atlasPath + "/look"}
	}
	return ui.Link{Text: say.T(ctx, subjects[e.Kind])}
}

// placeOf is the place that a line is about, 0 for none that it names.
func placeOf(e *user.LogEntry, d *logged) int64 {
	if e.Kind == place.LogKind || e.Kind == photo.LogKind && e.Action == "order" {
		return e.Subject
	}
	if e.Kind == photo.LogKind {
		id, _ := place.ParseID(d.Place)
		return id
	}
	return 0
}

func (s *Site) loggedPlaces(ctx context.Context, log []user.LogEntry) (map[int64]*place.Place, error) {
	var ids []int64
	for i := range log {
		d := detailsOf(&log[i].Entry)
		if id := placeOf(&log[i], &d); id != 0 && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	titles := map[int64]*place.Place{}
	if len(ids) == 0 {
		return titles, nil
	}
	list, err := s.Places.Cards(ctx, ids)
	for _, p := range list {
		titles[p.ID] = p
	}
	return titles, err
}

// restOf is what a line adds: why, until when, as what.
func (s *Site) restOf(ctx context.Context, e *user.LogEntry, d *logged) string {
	var parts []string
	add := func(part string) {
		if part != "" {
			parts = append(parts, part)
		}
	}
	switch {
	case e.Action == "appoint":
		add(roleWord(ctx, actor.Role(d.To)))
		for _, path := range d.Regions {
			if n, ok := s.Gazetteer.ByPath(path); ok {
				add(n.Name)
			} else {
				add(path)
			}
		}
	case e.Action == "sign-in" && d.Factor:
		add(say.T(ctx, "with a second factor"))
	case e.Action == "require-factor" && d.On:
		add(say.T(ctx, "editors and admins"))
	case e.Action == "require-factor":
		add(say.T(ctx, "nobody by rule"))
	case e.Kind == user.LogKind && e.Action == string(user.Active) && d.By == "appeal":
		add(say.T(ctx, "after their appeal"))
	case e.Kind == user.LogKind && e.Action == string(user.Active) && d.By == "time":
		add(say.T(ctx, "since the time was over"))
	case d.Scope != "":
		add(say.T(ctx, "scope %s", d.Scope))
	case e.Action == "place.restore" && d.Revision != 0:
		add(say.T(ctx, "Revision %s", strconv.Itoa(d.Revision)))
	}
	if reason := reasonNames[d.Reason]; reason != "" {
		add(say.T(ctx, reason))
	} else {
		add(d.Reason)
	}
	add(say.T(ctx, downNames[takedown.Code(d.Why)]))
	add(d.Public)
	add(say.T(ctx, reportCodes[report.Code(d.Code)]))
	if until, err := time.Parse(time.RFC3339Nano, d.Until); err == nil {
		add(say.T(ctx, "until %s", view.Moment(ctx, until)))
	}
	return strings.Join(parts, " · ")
}
