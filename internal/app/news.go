package app

import (
	"context"
	"strings"
	"time"

	"mirabilia/internal/db"
	"mirabilia/internal/desk"
	"mirabilia/internal/destination"
	"mirabilia/internal/follow"
	"mirabilia/internal/job"
	"mirabilia/internal/list"
	"mirabilia/internal/mail"
	"mirabilia/internal/mail/letters"
	"mirabilia/internal/notice"
	"mirabilia/internal/place"
	"mirabilia/internal/tag"
	"mirabilia/internal/user"
)

// openNews joins what members follow and are told with those who have news.
func (a *App) openNews(key []byte) {
	a.follows = follow.New(a.db)
	a.notices = notice.New(a.db, key, notice.Joins{Post: a.noticeLetter, Digest: a.weeklyLetter, Fresh: a.freshNews, Silent: follow.Silent, Outside: aboutAppeal})
	a.notices.Work(a.jobs, a.config.Zone())
	a.follows.Begun = a.tellFollowed
	a.follows.Hushed = a.notices.Hush
	a.lists.Invited, a.lists.Proposed = a.tellInvited, a.tellProposed
	a.desk.Tell = a.tellOfSubmission
	a.desk.Announce = func(tx *db.Tx, p desk.Publication) error {
		return job.Enqueue(tx, spreading{Place: p.Place, New: p.Kind != desk.Edit, Author: p.Author, Decision: p.Decision, Day: tx.DB().Now().UTC().Format(time.DateOnly)},
			job.At(p.After.Add(afterUndo)))
	}
	job.Work(a.jobs, a.spread, job.Limits{Together: 2, Time: 10 * time.Minute})
}

// afterUndo keeps what follows a decision clear of the last moment at which it
// can be undone.
const afterUndo = time.Second

// tellFollowed tells a member of a new follower.
func (a *App) tellFollowed(tx *db.Tx, by, of int64) error {
	return a.notices.Tell(tx, notice.Notice{Member: of, Kind: notice.Follower, Action: "follower", About: "member", Subject: by, By: notice.Person{ID: by},
		Once: notice.Onces("follower", by)}, time.Time{})
}

// tellInvited tells a member of a list of another's that is theirs to work on.
func (a *App) tellInvited(tx *db.Tx, by, member int64, l *list.List) error {
	return a.notices.Tell(tx, notice.Notice{Member: member, Kind: notice.Lists, Action: "invited", About: list.LogKind, Subject: l.ID, By: notice.Person{ID: by},
		Once: notice.Onces("invited", l.ID), Title: l.Title, Path: l.EditPath()}, time.Time{})
}

// tellProposed tells the owner of a list that somebody proposes places for it:
// once a day, however many.
func (a *App) tellProposed(tx *db.Tx, by int64, l *list.List) error {
	return a.notices.Tell(tx, notice.Notice{Member: l.Owner, Kind: notice.Lists, Action: "proposed", About: list.LogKind, Subject: l.ID, By: notice.Person{ID: by},
		Once: notice.Onces("proposed "+tx.DB().Now().UTC().Format(time.DateOnly), l.ID, by), Title: l.Title, Path: l.EditPath()}, time.Time{})
}

// tellOfSubmission tells an author, or an editor, of what became of a submission.
func (a *App) tellOfSubmission(tx *db.Tx, member int64, n desk.News) error {
	x := notice.Notice{Member: member, Kind: notice.Decision, Action: string(n.Action), About: aboutSubmission + string(n.Kind), Subject: n.Submission, By: notice.Person{ID: n.By.ID},
		Once: notice.Onces("decision", n.Decision), Title: n.Title, Reason: n.Reason, Words: n.Text, Path: n.Path}
	if n.Appeal {
		x.About = appealed
	}
	if n.Mended {
		x.Action = string(desk.Mended)
	}
	after := n.After
	if !after.IsZero() {
		after = after.Add(afterUndo)
	}
	if n.Action == desk.Undo {
		return a.notices.TakeBack(tx, member, x.Once, x)
	}
	if n.ToEditor {
		x.Kind = notice.Desk
	} else if n.Action == desk.Wrote {
		x.Kind = notice.Message
	}
	switch n.Action {
	case desk.Wrote:
		x.Once = notice.Onces("message", n.Message)
	case desk.Reworded: // what is mended twice on a day is one piece of news
		if n.Decision == 0 {
			x.Once = notice.Onces("reworded "+tx.DB().Now().UTC().Format(time.DateOnly), n.Thing)
		}
	case desk.SentAgain, desk.Appeal:
		x.Once = notice.Onces(string(n.Action), n.Submission, n.Version)
	}
	return a.notices.Tell(tx, x, after)
}

// aboutSubmission begins what notices of submissions are about; their kind
// follows.
const (
	aboutSubmission = "submission."
	appealed        = aboutSubmission + "appeal"
)

// aboutAppeal reports whether a notice answers an appeal.
func aboutAppeal(n notice.Notice) bool { return n.About == appealed }

// spreading is the job that tells followers of a place that was published or
// changed.
type spreading struct {
	Place    int64  `json:"place"`
	New      bool   `json:"new"`
	Author   int64  `json:"author,omitempty"`
	Decision int64  `json:"decision"`
	Day      string `json:"day"`
}

// Kind implements job.Args.
func (spreading) Kind() string { return "news.spread" }

// batch is how many followers are told in one transaction.
const batch = 500

// spread tells everybody who follows the place's author, a destination or area
// that it lies in, or a tag of it: once, however many of these they follow. Done
// twice it tells nobody twice. Many changes of one place on one day are one
// piece of news.
func (a *App) spread(ctx context.Context, s spreading) error {
	stands, err := a.desk.Stands(ctx, s.Decision)
	if err != nil || !stands {
		return err
	}
	docs, _, err := a.places.Docs(ctx, []int64{s.Place})
	if err != nil || len(docs) == 0 {
		return err
	}
	d := docs[0]
	n := notice.Notice{Kind: notice.Followed, Action: "new", About: place.LogKind, Subject: s.Place, By: notice.Person{ID: s.Author},
		Once: notice.Onces("new", s.Place), Title: d.Title, Path: "/places/" + d.Slug}
	if !s.New {
		n.Action, n.Once = "edit", notice.Onces("edit "+s.Day, s.Place)
	}
	var subjects []follow.Subject
	if s.Author != 0 {
		subjects = append(subjects, follow.Subject{Kind: follow.Member, ID: s.Author})
	}
	for _, path := range d.In {
		subjects = append(subjects, follow.Subject{Kind: follow.Destination, ID: destination.ID(path)})
	}
	for _, area := range a.finder.AreasOf(d.Ref) {
		subjects = append(subjects, follow.Subject{Kind: follow.Destination, ID: destination.ID(area.Path)})
	}
	for _, slug := range d.Tags {
		subjects = append(subjects, follow.Subject{Kind: follow.Tag, ID: tag.ID(slug)})
	}
	for _, subject := range subjects {
		if err := a.tellFollowers(ctx, subject, n); err != nil {
			return err
		}
	}
	return nil
}

// tellFollowers tells all followers of a subject, a batch a transaction.
func (a *App) tellFollowers(ctx context.Context, s follow.Subject, n notice.Notice) error {
	for after := int64(0); ; {
		var some []int64
		err := a.db.Write(ctx, func(tx *db.Tx) (err error) {
			if some, err = a.follows.After(tx, s, after, batch); err != nil {
				return err
			}
			_, err = a.notices.TellAll(tx, n, some)
			return err
		})
		if err != nil || len(some) < batch {
			return err
		}
		after = some[len(some)-1]
	}
}

// freshNews leaves out news of what is no longer public, and names what is by
// its present title and address.
func (a *App) freshNews(ctx context.Context, told []notice.Notice) (out []notice.Notice, err error) {
	var ids []int64
	for _, n := range told {
		if n.About == place.LogKind {
			ids = append(ids, n.Subject)
		}
	}
	cards, err := a.places.Cards(ctx, ids)
	if err != nil {
		return nil, err
	}
	now := make(map[int64]*place.Place, len(cards))
	for _, p := range cards {
		now[p.ID] = p
	}
	worked := map[int64]map[int64]*list.List{} // by member
	for _, n := range told {
		if n.About == place.LogKind {
			p := now[n.Subject]
			if p == nil {
				continue
			}
			n.Title, n.Path = p.Title, p.Path()
		}
		if n.About == list.LogKind {
			if worked[n.Member] == nil {
				if worked[n.Member], err = a.workedOn(ctx, n.Member); err != nil {
					return nil, err
				}
			}
			l := worked[n.Member][n.Subject]
			if l == nil { // it is gone, or theirs no more
				continue
			}
			n.Title, n.Path = l.Title, l.EditPath()
		}
		if n.About == "member" {
			n.Path = n.By.Path
		}
		out = append(out, n)
	}
	return out, nil
}

func (a *App) workedOn(ctx context.Context, member int64) (map[int64]*list.List, error) {
	lists, err := a.lists.WorkedOn(ctx, member)
	out := make(map[int64]*list.List, len(lists))
	for _, l := range lists {
		out[l.ID] = l
	}
	return out, err
}

// noticeLetter writes the letter of one notice.
func (a *App) noticeLetter(tx *db.Tx, to *user.Member, n notice.Notice, stop string) error {
	from := a.letterhead(tx.Context())
	s := letters.Submission{Shown: to.Shown, Title: n.Title, Path: n.Path, Kind: n.About[min(len(n.About), len(aboutSubmission)):]}
	if to.State == user.Banned { // who cannot open a page of their own
		s.Path = ""
	}
	var m mail.Message
	if strings.HasPrefix(n.About, aboutReport) {
		return mail.Enqueue(tx, a.concernedLetter(from, to.Email, to.Shown, n, stop))
	}
	switch n.Kind {
	case notice.Follower:
		m = letters.Follows(from, to.Email, to.Shown, n.By.Name, n.By.Path, stop)
	case notice.Lists:
		if n.Action == "proposed" {
			m = letters.Proposed(from, to.Email, to.Shown, n.By.Name, n.Title, n.Path, stop)
			break
		}
		m = letters.Invited(from, to.Email, to.Shown, n.By.Name, n.Title, n.Path, stop)
	case notice.Message:
		m = letters.Written(from, to.Email, s, n.By.Name, n.Words, stop)
	case notice.Desk:
		m = letters.ToEditor(from, to.Email, s, n.Action, n.By.Name, n.Words, stop)
	default:
		reason := ""
		if n.Words == "" {
			reason = reasonLines[n.Reason]
		}
		m = letters.Decided(from, to.Email, s, n.Action, reason, n.Words, stop)
	}
	return mail.Enqueue(tx, m)
}

// reasonLines say a coded reason where the editor said nothing in words.
var reasonLines = map[string]string{
	"promotional": "It reads as an advertisement.", "well-known": "The place is known to everybody who goes there.",
	"duplicate": "The place has an entry already.", "unverifiable": "We could not find out whether it is so.",
	"rights": "Words or pictures in it are not yours to give.", "too-short": "It is too short to bring somebody there.",
}

// weeklyLetter writes the letter that gathers a week's news.
func (a *App) weeklyLetter(tx *db.Tx, to *user.Member, list []notice.Notice, stop string) error {
	news := make([]letters.News, len(list))
	for i, n := range list {
		news[i] = letters.News{Title: n.Title, Path: n.Path, Text: newsLine(n)}
	}
	return mail.Enqueue(tx, letters.Weekly(a.letterhead(tx.Context()), to.Email, to.Shown, news, stop))
}

// newsLine says in a few words what happened.
func newsLine(n notice.Notice) string {
	by := ""
	if n.By.Name != "" {
		by = ", by " + n.By.Name
	}
	if n.Action == "edit" {
		return "Changed" + by
	}
	return "New" + by
}
