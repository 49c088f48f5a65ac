package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/config"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/desk"
	"mirabilia/internal/destination"
	"mirabilia/internal/follow"
	"mirabilia/internal/list"
	"mirabilia/internal/notice"
	"mirabilia/internal/report"
	"mirabilia/internal/revision"
	"mirabilia/internal/tag"
	"mirabilia/internal/user"
)

// newsroom is an atlas whose jobs are worked when the test says so, on a clock
// that stands still.
type newsroom struct {
	*testing.T
	*App
	at time.Time
}

var ctx = context.Background()

func eachNewsroom(t *testing.T, body func(h *newsroom)) {
	t.Helper()
	start := func(t *testing.T, database string) {
		h := &newsroom{T: t, at: time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)}
		c := config.Config{Storage: config.Storage{Data: t.TempDir(), Database: database}}
		c.Listen = "127.0.0.1:0"
		if err := c.Validate(); err != nil {
			t.Fatal(err)
		}
		a, err := Open(ctx, c, Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Version: "test", Now: func() time.Time { return h.at }})
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		h.App = a
		if err := a.fill(ctx); err != nil {
			t.Fatal(err)
		}
		h.work()
		body(h)
	}
	t.Run("sqlite", func(t *testing.T) { start(t, "") })
	if dbtest.HasPostgres() {
		t.Run("postgres", func(t *testing.T) { start(t, dbtest.PostgresURL(t)) })
	}
}

// work works what is due.
func (h *newsroom) work() {
	h.Helper()
	if _, err := h.jobs.Drain(ctx); err != nil {
		h.Fatal(err)
	}
}

func (h *newsroom) pass(d time.Duration) {
	h.Helper()
	h.at = h.at.Add(d)
	h.work()
}

func (h *newsroom) join(name string, role actor.Role) actor.Actor {
	h.Helper()
	m, err := h.users.Add(ctx, actor.Actor{}, user.Account{Email: name + "@example.org", Name: name, Role: role, Verified: true})
	if err != nil {
		h.Fatal(err)
	}
	return m.Actor()
}

// mails gives the letters that left since the last call: "ada: Published: Well".
func (h *newsroom) mails(want ...string) {
	h.Helper()
	files, err := filepath.Glob(filepath.Join(h.config.Data, "outbox", "*.eml"))
	if err != nil {
		h.Fatal(err)
	}
	var got []string
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			h.Fatal(err)
		}
		to, subject := "", ""
		for line := range strings.Lines(string(b)) {
			if x, ok := strings.CutPrefix(line, "To: <"); ok {
				to, _, _ = strings.Cut(x, "@")
			}
			if x, ok := strings.CutPrefix(line, "Subject: "); ok {
				subject = strings.TrimSpace(x)
			}
		}
		got = append(got, to+": "+subject)
		if err := os.Remove(f); err != nil {
			h.Fatal(err)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if strings.Join(got, "|") != strings.Join(want, "|") {
		h.Errorf("letters %q, want %q", got, want)
	}
}

// told gives what a member was told, the newest first: "publish Well".
func (h *newsroom) told(a actor.Actor, want ...string) {
	h.Helper()
	p, err := h.notices.Newest(ctx, a, 0, 50)
	if err != nil {
		h.Fatal(err)
	}
	got := []string{}
	for _, n := range p.Items {
		got = append(got, strings.TrimSpace(n.Action+" "+n.Title))
	}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		h.Errorf("%s was told %q, want %q", a.Name, got, want)
	}
}

func (h *newsroom) propose(a actor.Actor, kind desk.Kind, place int64, text string) *desk.Submission {
	h.Helper()
	var f revision.Fields
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		h.Fatal(err)
	}
	s, err := h.desk.Submit(ctx, a, desk.Proposal{Kind: kind, Place: place, Fields: f})
	if err != nil {
		h.Fatal(err)
	}
	return s
}

func (h *newsroom) decide(a actor.Actor, s *desk.Submission, v desk.Verdict) *desk.Submission {
	h.Helper()
	s, err := h.desk.Decide(ctx, a, s.ID, v)
	if err != nil {
		h.Fatal(err)
	}
	return s
}

func (h *newsroom) follow(a actor.Actor, s follow.Subject) {
	h.Helper()
	if err := h.follows.Set(ctx, a, s, true); err != nil {
		h.Fatal(err)
	}
}

const well = `{"title":"The dry well","lat":48.8338,"lon":2.3324,"body":"It holds a spoon. Nobody knows whose.","tags":["Wells"],"website":"https://example.org/"}`

// From the desk to the author and to those who follow: the site at once, the
// mail and the followers when the decision can no longer be undone, everybody
// once.
func TestNews_publishedAndFollowersTold(t *testing.T) {
	eachNewsroom(t, func(h *newsroom) {
		ada, eve := h.join("ada", actor.Member), h.join("eve", actor.Editor)
		far, near, theme, fan, all := h.join("far", actor.Member), h.join("near", actor.Member), h.join("theme", actor.Member), h.join("fan", actor.Member), h.join("all", actor.Member)
		france := follow.Subject{Kind: follow.Destination, ID: destination.ID("france"), Name: "france"}
		paris := follow.Subject{Kind: follow.Destination, ID: destination.ID("france/ile-de-france/paris"), Name: "france/ile-de-france/paris"}
		wells := follow.Subject{Kind: follow.Tag, ID: tag.ID("wells"), Name: "wells"}
		toAda := follow.Subject{Kind: follow.Member, ID: ada.ID}
		h.follow(far, france)
		h.follow(near, paris)
		h.follow(theme, wells)
		h.follow(fan, toAda)
		for _, s := range []follow.Subject{france, paris, wells, toAda} {
			h.follow(all, s)
		}
		h.follow(ada, france) // her own doing is no news to her
		h.told(ada, "follower", "follower")
		elsewhere := h.join("elsewhere", actor.Member)
		h.follow(elsewhere, follow.Subject{Kind: follow.Destination, ID: destination.ID("japan"), Name: "japan"})

		s := h.decide(eve, h.propose(ada, desk.Place, 0, well), desk.Verdict{Action: desk.Publish})
		h.told(ada, "publish The dry well", "follower", "follower")
		h.pass(29 * time.Second)
		h.mails()
		h.told(far)
		h.pass(2 * time.Second)
		h.mails("ada: Published: The dry well")
		for _, who := range []actor.Actor{far, near, theme, fan, all} {
			h.told(who, "new The dry well")
		}
		h.told(elsewhere)
		h.told(eve)
		h.told(ada, "publish The dry well", "follower", "follower")

		e := h.propose(ada, desk.Edit, s.Place, `{"title":"The deep well"}`)
		h.decide(eve, e, desk.Verdict{Action: desk.Publish})
		h.pass(time.Minute)
		h.mails("ada: Published: your edit of The dry well")   // as it was called
		h.told(all, "edit The deep well", "new The deep well") // by its present name
		h.decide(eve, h.propose(ada, desk.Edit, s.Place, `{"title":"The dry well"}`), desk.Verdict{Action: desk.Publish})
		h.pass(time.Minute)
		h.mails("ada: Published: your edit of The deep well")
		h.told(all, "edit The dry well", "new The dry well") // one day, one piece of news
	})
}

// Who is let into a list is told, by its name and address of now, for as long as
// it is theirs to work on.
func TestNews_invitedToAList(t *testing.T) {
	eachNewsroom(t, func(h *newsroom) {
		ada, ben := h.join("ada", actor.Member), h.join("ben", actor.Member)
		l, err := h.lists.Make(ctx, ada, list.Details{Title: "Wells", Privacy: list.Private})
		if err != nil {
			h.Fatal(err)
		}
		invite := func(role list.Role) {
			h.Helper()
			if err := h.lists.Invite(ctx, ada, l.Slug, ben.Name, role); err != nil {
				h.Fatal(err)
			}
		}
		invite(list.Suggester)
		invite(list.Editor) // one piece of news
		h.told(ben, "invited Wells")
		h.mails()
		if err := h.lists.Rewrite(ctx, ada, l.Slug, l.Edition, list.Details{Title: "Dry wells", Privacy: list.Private}); err != nil {
			h.Fatal(err)
		}
		h.told(ben, "invited Dry wells")
		invite(list.Stranger)
		h.told(ben)
	})
}

// Who is banned gets the answer to their appeal by mail, which leads to no page
// that they cannot open, and no other news.
func TestNews_toTheBanned(t *testing.T) {
	eachNewsroom(t, func(h *newsroom) {
		ada, eve := h.join("ada", actor.Member), h.join("eve", actor.Editor)
		s := h.propose(ada, desk.Place, 0, well)
		if err := h.users.SetState(ctx, eve, ada.ID, user.Standing{State: user.Banned, Reason: "Spam."}); err != nil {
			h.Fatal(err)
		}
		h.work()
		h.mails("ada: Your account on Mirabilia is closed")
		h.decide(eve, s, desk.Verdict{Action: desk.Decline, Reason: "too-short"})
		h.pass(time.Minute)
		h.mails()
		barred := ada
		barred.Suspended = true
		r, _, err := h.reports.File(ctx, barred, report.Filing{Kind: report.Member, Thing: ada.ID, Code: report.Appeal, Text: "It was my brother."})
		if err != nil {
			h.Fatal(err)
		}
		if _, err := h.desk.Decide(ctx, eve, r.Item, desk.Verdict{Action: desk.Decline, Text: "It stays."}); err != nil {
			h.Fatal(err)
		}
		h.pass(time.Minute)
		h.mails("ada: Your appeal about ada")
	})
}

// Who blocks a member reads nothing more of what that member did before, and gets
// no letter about it that had not left yet; what others did stays.
func TestNews_blocked(t *testing.T) {
	eachNewsroom(t, func(h *newsroom) {
		ada, ben, cyd := h.join("ada", actor.Member), h.join("ben", actor.Member), h.join("cyd", actor.Member)
		if err := h.notices.Choose(ctx, ada, map[notice.Kind]notice.Choice{notice.Follower: {Site: true, Mail: true}}); err != nil {
			h.Fatal(err)
		}
		h.follow(cyd, follow.Subject{Kind: follow.Member, ID: ada.ID})
		h.work()
		h.mails("ada: cyd follows you on Mirabilia")
		h.follow(ben, follow.Subject{Kind: follow.Member, ID: ada.ID})
		h.told(ada, "follower", "follower")
		if err := h.follows.Block(ctx, ada, ben.ID, true); err != nil {
			h.Fatal(err)
		}
		h.told(ada, "follower")
		h.work()
		h.mails()
	})
}

// The owner of a list is told of who proposes something for it, once a day, and by
// mail if wished; what editors of the list add is no news.
func TestNews_proposedForAList(t *testing.T) {
	eachNewsroom(t, func(h *newsroom) {
		ada, ben, cyd, eve := h.join("ada", actor.Member), h.join("ben", actor.Member), h.join("cyd", actor.Member), h.join("eve", actor.Editor)
		one, other := h.decide(eve, h.propose(cyd, desk.Place, 0, well), desk.Verdict{Action: desk.Publish}), h.decide(eve, h.propose(cyd, desk.Place, 0, well), desk.Verdict{Action: desk.Publish})
		l, err := h.lists.Make(ctx, ada, list.Details{Title: "Wells", Privacy: list.Private})
		if err != nil {
			h.Fatal(err)
		}
		for who, role := range map[string]list.Role{ben.Name: list.Suggester, cyd.Name: list.Editor} {
			if err := h.lists.Invite(ctx, ada, l.Slug, who, role); err != nil {
				h.Fatal(err)
			}
		}
		if err := h.notices.Choose(ctx, ada, map[notice.Kind]notice.Choice{notice.Lists: {Site: true, Mail: true}}); err != nil {
			h.Fatal(err)
		}
		add := func(who actor.Actor, s *desk.Submission) {
			h.Helper()
			if err := h.lists.Add(ctx, who, l.Slug, s.Place, ""); err != nil {
				h.Fatal(err)
			}
		}
		add(ben, one)
		h.told(ada, "proposed Wells")
		add(ben, one) // it is there already
		add(ben, other)
		h.told(ada, "proposed Wells")
		h.at = h.at.Add(time.Second)
		h.work()
		h.mails("ada: ben proposes something for your list on Mirabilia")
		if err := h.lists.Delete(ctx, ada, l.Slug); err != nil {
			h.Fatal(err)
		}
		h.told(ada)
	})
}

// A decision that is undone in time is mailed to nobody and told to no follower.
func TestNews_undone(t *testing.T) {
	eachNewsroom(t, func(h *newsroom) {
		ada, eve, fan := h.join("ada", actor.Member), h.join("eve", actor.Editor), h.join("fan", actor.Member)
		h.follow(fan, follow.Subject{Kind: follow.Member, ID: ada.ID})
		s := h.decide(eve, h.propose(ada, desk.Place, 0, well), desk.Verdict{Action: desk.Publish})
		h.at = h.at.Add(10 * time.Second)
		if _, err := h.desk.Undo(ctx, eve, s.ID); err != nil {
			t.Fatal(err)
		}
		h.told(ada, "follower")
		h.decide(eve, s, desk.Verdict{Action: desk.Decline, Reason: "too-short"})
		h.pass(time.Minute)
		h.mails("ada: Not published: The dry well")
		h.told(ada, "decline The dry well", "follower")
		h.told(fan)
	})
}

// The conversation is told both ways: to the author, and to the editors who have
// had to do with the submission.
func TestNews_conversation(t *testing.T) {
	eachNewsroom(t, func(h *newsroom) {
		ada, eve, max, rome := h.join("ada", actor.Member), h.join("eve", actor.Editor), h.join("max", actor.Editor), h.join("rome", actor.Editor)
		s := h.propose(ada, desk.Place, 0, well)
		say := func(a actor.Actor, text string) {
			t.Helper()
			if err := h.desk.Say(ctx, a, s.ID, text); err != nil {
				t.Fatal(err)
			}
			h.work()
		}
		say(ada, "Is anybody there?") // nobody has had to do with it yet
		h.mails()
		say(eve, "I am. Where is the lid?")
		h.mails("ada: About The dry well")
		h.told(ada, "message The dry well")
		say(ada, "Gone.")
		h.mails("eve: An answer about The dry well")
		h.told(max)
		h.decide(max, s, desk.Verdict{Action: desk.AskChanges, Text: "Say so."})
		h.pass(time.Minute)
		h.mails("ada: A question about The dry well")
		now, err := h.desk.Of(ctx, ada, s.ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.desk.Submit(ctx, ada, desk.Proposal{ID: s.ID, Version: now.Version, Kind: desk.Place, Fields: now.Fields}); err != nil {
			t.Fatal(err)
		}
		h.work()
		h.mails("max: Sent again: The dry well", "eve: Sent again: The dry well")
		h.decide(max, s, desk.Verdict{Action: desk.Decline, Reason: "other", Text: "Not here."})
		h.pass(time.Minute)
		h.mails("ada: Not published: The dry well")
		if err := h.users.Appoint(ctx, h.join("boss", actor.Admin), eve.ID, actor.Member, nil); err != nil {
			t.Fatal(err)
		}
		h.mails()
		if _, err := h.desk.AppealTo(ctx, ada, s.ID, "Look again."); err != nil {
			t.Fatal(err)
		}
		h.work()
		h.mails("max: An appeal: The dry well") // eve is no editor any more
		h.told(rome)
	})
}

// Whatever is cut short and done again tells nobody twice and forgets nobody.
func TestNews_spreadAgain(t *testing.T) {
	eachNewsroom(t, func(h *newsroom) {
		ada, eve := h.join("ada", actor.Member), h.join("eve", actor.Editor)
		const many = batch + 7
		err := h.db.Write(ctx, func(tx *db.Tx) error {
			for id := int64(1); id <= many; id++ {
				_, err := tx.Exec(`INSERT INTO members (id, name, shown, verified_at, password, role, level, regions, state, state_reason, bio, links, avatar,
					settings, accepted, declined, created_at, seen_at, revision)
					VALUES ($1, $2, $2, 1, '', 'member', 'new', '', 'active', '', '', '', '', '', 0, 0, 1, 1, 1)`, id, fmt.Sprint("m", id))
				if err != nil {
					return err
				}
			}
			return tx.Insert("follows", []string{"member", "kind", "subject", "name", "at"}, many, func(i int, into []any) {
				copy(into, []any{int64(i + 1), "tag", tag.ID("wells"), "wells", int64(1)})
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		s := h.decide(eve, h.propose(ada, desk.Place, 0, well), desk.Verdict{Action: desk.Publish})
		h.at = h.at.Add(time.Minute)
		// The first batch, then the end of the program.
		err = h.db.Write(ctx, func(tx *db.Tx) error {
			some, err := h.follows.After(tx, follow.Subject{Kind: follow.Tag, ID: tag.ID("wells")}, 0, 100)
			if err != nil {
				return err
			}
			_, err = h.notices.TellAll(tx, notice.Notice{Kind: notice.Followed, Action: "new", About: "place", Subject: s.Place, Once: notice.Onces("new", s.Place), Path: "/x"}, some)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		h.work()
		if err := h.spread(ctx, spreading{Place: s.Place, New: true, Author: ada.ID, Decision: s.Decisions[0].ID}); err != nil {
			t.Fatal(err)
		}
		var notices, members int
		err = h.db.Read(ctx, func(tx *db.Tx) error {
			return tx.QueryRow(`SELECT count(*), count(DISTINCT member) FROM notices WHERE action = 'new'`).Scan(&notices, &members)
		})
		if err != nil || notices != many || members != many {
			t.Errorf("%d notices for %d members, want %d; %v", notices, members, many, err)
		}
	})
}

// The weekly letter names what is new and has its way out in its headers.
func TestNews_weeklyLetter(t *testing.T) {
	eachNewsroom(t, func(h *newsroom) {
		ada, eve, fan := h.join("ada", actor.Member), h.join("eve", actor.Editor), h.join("fan", actor.Member)
		h.follow(fan, follow.Subject{Kind: follow.Member, ID: ada.ID})
		if err := h.notices.Choose(ctx, fan, map[notice.Kind]notice.Choice{notice.Followed: {Site: true, Mail: true}}); err != nil {
			t.Fatal(err)
		}
		h.decide(eve, h.propose(ada, desk.Place, 0, well), desk.Verdict{Action: desk.Publish})
		h.pass(time.Minute)
		h.mails("ada: Published: The dry well")
		h.at = time.Date(2026, 11, 9, 12, 0, 0, 0, time.UTC) // the Monday after
		h.work()
		files, err := filepath.Glob(filepath.Join(h.config.Data, "outbox", "*.eml"))
		if err != nil || len(files) != 1 {
			t.Fatalf("%d letters, %v", len(files), err)
		}
		b, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		plain := strings.NewReplacer("\r\n ", "", "=\r\n", "").Replace(string(b))
		for _, want := range []string{"To: <fan@example.org>", "The dry well", "/places/the-dry-well", "List-Unsubscribe-Post: List-Unsubscribe=One-Click", h.notices.StopPath(fan.ID, notice.Followed) + ">"} {
			if !strings.Contains(plain, want) {
				t.Errorf("%q is not in %s", want, plain)
			}
		}
		h.mails("fan: The dry well, on Mirabilia")
		h.pass(7 * 24 * time.Hour)
		h.mails()
	})
}

// What is decided about photos is told each time, also where it was decided on
// another page than the desk's.
func TestNews_photos(t *testing.T) {
	eachNewsroom(t, func(h *newsroom) {
		ada, eve := h.join("ada", actor.Member), h.join("eve", actor.Editor)
		for id, action := range map[int64]desk.Action{71: desk.Publish, 72: desk.Decline} {
			err := h.db.Write(ctx, func(tx *db.Tx) error {
				if err := h.desk.Put(tx, desk.Waits{ID: id, Kind: desk.Photo, Author: ada.ID, Title: "The dry well"}); err != nil {
					return err
				}
				return h.desk.Close(tx, eve, id, action, "")
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		h.work()
		h.mails("ada: Published: your photo of The dry well", "ada: Not published: The dry well")
	})
}

// That an editor changed what is written about a photo is told once a day, and
// mailed as what it is.
func TestNews_photoReworded(t *testing.T) {
	eachNewsroom(t, func(h *newsroom) {
		ada := h.join("ada", actor.Member)
		write := func(fn func(tx *db.Tx) error) {
			t.Helper()
			if err := h.db.Write(ctx, fn); err != nil {
				t.Fatal(err)
			}
		}
		write(func(tx *db.Tx) error {
			return h.desk.Put(tx, desk.Waits{ID: 71, Kind: desk.Photo, Author: ada.ID, Title: "The dry well", Live: true})
		})
		reword := func(tx *db.Tx) error { return h.desk.Reworded(tx, 71, 71) }
		write(reword)
		write(reword)
		write(func(tx *db.Tx) error { return h.desk.Reworded(tx, 99, 99) }) // never came to the desk
		h.work()
		h.mails("ada: Your photo of The dry well")
		h.told(ada, "reworded The dry well")
		h.pass(25 * time.Hour)
		write(reword)
		h.work()
		h.mails("ada: Your photo of The dry well")
		h.told(ada, "reworded The dry well", "reworded The dry well")
	})
}
