package notice_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/job"
	"mirabilia/internal/notice"
	"mirabilia/internal/user"
)

// house is an atlas with two members, its crew, and the letters that left.
type house struct {
	t        *testing.T
	db       *db.DB
	now      time.Time
	x        *notice.Notices
	crew     *job.Crew
	ada, ben actor.Actor
	letters  []string
	gone     map[int64]bool // subjects that are no longer to be seen
	silent   map[int64]bool
}

func inHouse(t *testing.T, body func(h *house)) {
	t.Helper()
	inHouseWith(t, db.Config{}, body)
}

func inHouseWith(t *testing.T, c db.Config, body func(h *house)) {
	t.Helper()
	h := &house{now: time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)}
	c.Now = func() time.Time { return h.now }
	dbtest.EachConfig(t, c, func(t *testing.T, d *db.DB) {
		h.t, h.db, h.letters = t, d, nil
		h.now = time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)
		h.gone, h.silent = map[int64]bool{}, map[int64]bool{}
		users := user.New(d)
		for _, a := range []*actor.Actor{&h.ada, &h.ben} {
			name := "Ada"
			if a == &h.ben {
				name = "Ben"
			}
			m, err := users.Add(t.Context(), actor.Actor{}, user.Account{Email: name + "@example.org", Name: name, Role: actor.Member, Verified: true})
			if err != nil {
				t.Fatal(err)
			}
			*a = m.Actor()
		}
		h.x = notice.New(d, []byte("a key of thirty-two bytes length"), notice.Joins{Post: h.post, Digest: h.digest, Fresh: h.fresh, Silent: h.quiet})
		h.crew = job.NewCrew(d, slog.New(slog.NewTextHandler(io.Discard, nil)))
		h.x.Work(h.crew, time.UTC)
		h.drain()
		body(h)
	})
}

func (h *house) post(_ *db.Tx, to *user.Member, n notice.Notice, stop string) error {
	h.letters = append(h.letters, fmt.Sprintf("%s %s %s", to.Name, n.Action, n.Title))
	if stop != h.x.StopPath(to.ID, n.Kind) {
		h.t.Errorf("the way out is %s", stop)
	}
	return nil
}

func (h *house) digest(_ *db.Tx, to *user.Member, list []notice.Notice, _ string) error {
	var titles []string
	for _, n := range list {
		titles = append(titles, n.Title)
	}
	h.letters = append(h.letters, to.Name+" weekly "+strings.Join(titles, ","))
	return nil
}

func (h *house) fresh(_ context.Context, list []notice.Notice) (out []notice.Notice, err error) {
	for _, n := range list {
		if n.About != "place" || !h.gone[n.Subject] {
			out = append(out, n)
		}
	}
	return out, nil
}

func (h *house) quiet(_ *db.Tx, _ int64, _ []int64) (map[int64]bool, error) { return h.silent, nil }

func (h *house) drain() {
	h.t.Helper()
	if _, err := h.crew.Drain(context.Background()); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) write(fn func(tx *db.Tx) error) {
	h.t.Helper()
	if err := h.db.Write(context.Background(), fn); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) tell(n notice.Notice, after time.Time) {
	h.t.Helper()
	h.write(func(tx *db.Tx) error { return h.x.Tell(tx, n, after) })
}

func (h *house) choose(a actor.Actor, k notice.Kind, c notice.Choice) {
	h.t.Helper()
	if err := h.x.Choose(context.Background(), a, map[notice.Kind]notice.Choice{k: c}); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) titles(a actor.Actor) (list []string) {
	h.t.Helper()
	p, err := h.x.Newest(context.Background(), a, 0, 100)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, n := range p.Items {
		list = append(list, n.Title)
	}
	return list
}

func (h *house) unread(a actor.Actor, want int) {
	h.t.Helper()
	if n, err := h.x.Unread(context.Background(), a); n != want || err != nil {
		h.t.Errorf("%d unread, want %d; %v", n, want, err)
	}
}

func (h *house) left(want ...string) {
	h.t.Helper()
	if got := strings.Join(h.letters, "|"); got != strings.Join(want, "|") {
		h.t.Errorf("letters %q, want %q", h.letters, want)
	}
	h.letters = nil
}

func (h *house) decided(id int64) notice.Notice {
	return notice.Notice{Member: h.ada.ID, Kind: notice.Decision, Action: "publish", About: "submission", Subject: 5, Once: notice.Onces("decision", id), Title: "Stairs", Path: "/submissions/s5"}
}

var back = notice.Notice{Kind: notice.Decision, Action: "undo", About: "submission", Subject: 5, Title: "Stairs", Path: "/submissions/s5"}

// The site tells at once, the letter waits until the decision stands.
func TestTell_atOnceAndByMailLater(t *testing.T) {
	inHouse(t, func(h *house) {
		h.tell(h.decided(1), h.now.Add(30*time.Second))
		h.tell(h.decided(1), h.now.Add(30*time.Second)) // the same again
		h.unread(h.ada, 1)
		h.drain()
		h.left()
		h.now = h.now.Add(31 * time.Second)
		h.drain()
		h.left("ada publish Stairs")
		h.drain()
		h.left()
	})
}

// What is taken back in time is as if it had never been told; what was seen or
// mailed is taken back in the same way.
func TestTakeBack(t *testing.T) {
	inHouse(t, func(h *house) {
		take := func(id int64) {
			h.write(func(tx *db.Tx) error { return h.x.TakeBack(tx, h.ada.ID, notice.Onces("decision", id), back) })
		}
		later := func() time.Time { return h.now.Add(30 * time.Second) }
		h.tell(h.decided(1), later())
		take(1)
		take(1)
		h.now = h.now.Add(time.Minute)
		h.drain()
		h.left()
		h.unread(h.ada, 0)

		h.tell(h.decided(2), later()) // read, not mailed
		p, err := h.x.Newest(t.Context(), h.ada, 0, 10)
		if err != nil || len(p.Items) != 1 {
			t.Fatal(p, err)
		}
		if err := h.x.Read(t.Context(), h.ada, p.Items[0].ID); err != nil {
			t.Fatal(err)
		}
		take(2)
		h.now = h.now.Add(time.Minute)
		h.drain()
		h.left()
		h.unread(h.ada, 1)
		if p, err := h.x.Newest(t.Context(), h.ada, 0, 10); err != nil || len(p.Items) != 1 || p.Items[0].Action != "undo" {
			t.Errorf("%+v, %v", p, err)
		}

		h.tell(h.decided(3), time.Time{}) // mailed
		h.drain()
		take(3)
		h.drain()
		h.left("ada publish Stairs", "ada undo Stairs")
	})
}

// Each kind is told as its member chose, also when they chose between the news
// and its letter.
func TestChoices(t *testing.T) {
	inHouse(t, func(h *house) {
		c, err := h.x.Choices(t.Context(), h.ada)
		if err != nil || len(c) != len(notice.Kinds) || c[notice.Decision] != (notice.Choice{Site: true, Mail: true}) || c[notice.Followed].Mail {
			t.Fatalf("%v, %v", c, err)
		}
		h.choose(h.ada, notice.Decision, notice.Choice{Mail: true})
		h.tell(h.decided(1), time.Time{})
		h.unread(h.ada, 0)
		if len(h.titles(h.ada)) != 0 {
			t.Error("on the site all the same")
		}
		h.drain()
		h.left("ada publish Stairs")
		h.choose(h.ada, notice.Decision, notice.Choice{})
		h.tell(h.decided(2), time.Time{})
		h.choose(h.ada, notice.Decision, notice.Choice{Site: true, Mail: true})
		h.tell(h.decided(3), h.now.Add(time.Minute))
		h.choose(h.ada, notice.Decision, notice.Choice{Site: true})
		h.now = h.now.Add(time.Hour)
		h.drain()
		h.left()
		h.unread(h.ada, 1)
		if err := h.x.Choose(t.Context(), h.ada, map[notice.Kind]notice.Choice{"weather": {}}); !errs.Is(err, errs.Invalid) {
			t.Errorf("an unknown kind: %v", err)
		}
		if err := h.x.Choose(t.Context(), actor.Actor{}, nil); !errs.Is(err, errs.Unsigned) {
			t.Errorf("nobody: %v", err)
		}
	})
}

// Of a conversation one letter is enough until it was looked at.
func TestConversation_oneLetterUntilRead(t *testing.T) {
	inHouse(t, func(h *house) {
		say := func(id int64) {
			h.tell(notice.Notice{Member: h.ada.ID, Kind: notice.Message, Action: "message", About: "submission", Subject: 5, Once: notice.Onces("message", id), Title: fmt.Sprint(id), Path: "/x"}, time.Time{})
			h.drain()
		}
		say(1)
		say(2)
		h.left("ada message 1")
		h.unread(h.ada, 2)
		if err := h.x.ReadAll(t.Context(), h.ada, 1<<62); err != nil {
			t.Fatal(err)
		}
		say(3)
		h.left("ada message 3")
	})
}

func (h *house) news(id int64, title string) notice.Notice {
	return notice.Notice{Kind: notice.Followed, Action: "new", About: "place", Subject: id, Once: notice.Onces("new", id), Title: title, Path: "/places/x"}
}

// tellAll tells both members and gives how many had not known.
func (h *house) tellAll(n notice.Notice) (told int) {
	h.t.Helper()
	h.write(func(tx *db.Tx) (err error) {
		told, err = h.x.TellAll(tx, n, []int64{h.ada.ID, h.ben.ID, h.ada.ID})
		return err
	})
	return told
}

// Many are told once each; neither who did it nor who will not hear of them.
func TestTellAll(t *testing.T) {
	inHouse(t, func(h *house) {
		if n := h.tellAll(h.news(1, "One")); n != 2 {
			t.Errorf("told %d", n)
		}
		if n := h.tellAll(h.news(1, "One")); n != 0 {
			t.Errorf("told %d again", n)
		}
		by := h.news(2, "Two")
		by.By.ID = h.ada.ID
		if n := h.tellAll(by); n != 1 {
			t.Errorf("told %d", n)
		}
		h.silent[h.ben.ID] = true
		by = h.news(3, "Three")
		by.By.ID = h.ada.ID
		if n := h.tellAll(by); n != 0 {
			t.Errorf("told %d who will not hear", n)
		}
		h.gone[1] = true
		if got := h.titles(h.ben); len(got) != 1 || got[0] != "Two" {
			t.Errorf("%v", got)
		}
		h.write(func(tx *db.Tx) error { return notice.Withdraw(tx, "place", 2) })
		if got := h.titles(h.ben); len(got) != 0 {
			t.Errorf("%v", got)
		}
	})
}

// After a restore no letter of before leaves. What waits for the weekly letter
// goes on waiting for it, unless its time has passed since the backup.
func TestHoldBack(t *testing.T) {
	for name, passed := range map[string]bool{"before Monday": false, "after Monday": true} {
		t.Run(name, func(t *testing.T) {
			inHouse(t, func(h *house) {
				monday := time.Date(2026, 11, 9, 7, 0, 0, 0, time.UTC)
				h.choose(h.ada, notice.Followed, notice.Choice{Mail: true})
				h.choose(h.ada, notice.Decision, notice.Choice{Site: true, Mail: true})
				h.tellAll(h.news(1, "One"))
				h.tell(notice.Notice{Member: h.ada.ID, Kind: notice.Decision, Action: "accept", About: "submission.pitch", Subject: 7, Once: "decision:7", Title: "Mill"}, time.Time{})
				h.now = monday.Add(-time.Hour)
				if passed {
					h.now = monday.Add(time.Hour)
				}
				h.write(func(tx *db.Tx) error {
					n, err := notice.HoldBack(tx, "held")
					if n != 1 {
						t.Errorf("%d letters are held back", n)
					}
					return err
				})
				h.drain()
				h.left()
				h.tellAll(h.news(2, "Two"))
				h.now = monday.AddDate(0, 0, 7)
				h.drain()
				if passed {
					h.left("ada weekly Two")
				} else {
					h.left("ada weekly Two,One")
				}
				if got := h.titles(h.ada); len(got) != 1 || got[0] != "Mill" {
					t.Errorf("the site shows %q", got)
				}
			})
		})
	}
}

// The weekly letter comes once a week to who wishes it, with what is still to
// be seen, and not at all where there is nothing.
func TestWeekly(t *testing.T) {
	inHouse(t, func(h *house) {
		h.choose(h.ada, notice.Followed, notice.Choice{Mail: true})
		h.tellAll(h.news(1, "One"))
		h.tellAll(h.news(2, "Two"))
		h.gone[2] = true
		h.drain()
		h.left()
		monday := time.Date(2026, 11, 9, 7, 0, 0, 0, time.UTC)
		h.now = monday
		h.drain()
		h.left("ada weekly One")
		h.drain()
		h.left()
		h.tellAll(h.news(3, "Three"))
		h.tellAll(h.news(4, "Four"))
		h.now = monday.Add(time.Hour)
		h.write(func(tx *db.Tx) error { // the job once more, as after a crash
			_, err := tx.Exec(`UPDATE job_schedules SET next_at = 0 WHERE name = 'notice.weekly'`)
			return err
		})
		h.drain()
		h.left()
		h.now = monday.AddDate(0, 0, 7)
		h.drain()
		h.left("ada weekly Four,Three")
		h.now = monday.AddDate(0, 0, 14)
		h.drain()
		h.left()
		h.tellAll(h.news(5, "Five"))
		h.choose(h.ada, notice.Followed, notice.Choice{Site: true})
		h.now = monday.AddDate(0, 0, 21)
		h.drain()
		h.left()
	})
}

// Pages follow each other without gap or repetition; reading is one's own.
func TestNewest_pagesAndReading(t *testing.T) {
	inHouse(t, func(h *house) {
		for id := int64(1); id <= 7; id++ {
			h.tellAll(h.news(id, fmt.Sprint(id)))
			h.now = h.now.Add(time.Second)
		}
		var got []string
		var first notice.Page
		for before := int64(0); ; {
			p, err := h.x.Newest(t.Context(), h.ada, before, 3)
			if err != nil {
				t.Fatal(err)
			}
			if before == 0 {
				first = p
			}
			for _, n := range p.Items {
				got = append(got, n.Title)
			}
			if before = p.Older; before == 0 {
				break
			}
		}
		if strings.Join(got, "") != "7654321" {
			t.Errorf("%v", got)
		}
		if err := h.x.Read(t.Context(), h.ben, first.Items[0].ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("another's notice was read: %v", err)
		}
		h.unread(h.ada, 7)
		if err := h.x.Read(t.Context(), h.ada, first.Items[1].ID); err != nil {
			t.Fatal(err)
		}
		h.unread(h.ada, 6)
		h.tellAll(h.news(8, "8"))
		if err := h.x.ReadAll(t.Context(), h.ada, first.Newest); err != nil {
			t.Fatal(err)
		}
		h.unread(h.ada, 1)
		h.unread(h.ben, 8)
		h.now = h.now.AddDate(0, 7, 0)
		h.drain() // the nightly sweep
		if got := h.titles(h.ada); len(got) != 0 {
			t.Errorf("kept for ever: %v", got)
		}
	})
}

// A signed way out ends mails of its kind, and nothing else opens it.
func TestStop(t *testing.T) {
	inHouse(t, func(h *house) {
		part := strings.Split(strings.TrimPrefix(h.x.StopPath(h.ada.ID, notice.Decision), "/unsubscribe/"), "/")
		other := strings.Split(h.x.StopPath(h.ben.ID, notice.Decision), "/")
		for _, forged := range [][3]string{{part[0], part[1], other[4]}, {"message", part[1], part[2]}, {part[0], part[1], ""}, {part[0], "nobody!", part[2]}, {"weather", part[1], part[2]}} {
			if _, err := h.x.Stop(t.Context(), forged[0], forged[1], forged[2]); !errs.Is(err, errs.NotFound) {
				t.Errorf("%v: %v", forged, err)
			}
		}
		for range 2 {
			if k, err := h.x.Stop(t.Context(), part[0], part[1], part[2]); k != notice.Decision || err != nil {
				t.Fatal(k, err)
			}
		}
		c, err := h.x.Choices(t.Context(), h.ada)
		if err != nil || c[notice.Decision] != (notice.Choice{Site: true}) || !c[notice.Message].Mail {
			t.Errorf("%v, %v", c, err)
		}
		if c, err := h.x.Choices(t.Context(), h.ben); err != nil || !c[notice.Decision].Mail {
			t.Errorf("another's: %v, %v", c, err)
		}
	})
}

// Letters go to confirmed addresses of open accounts.
func TestMail_onlyWhereItMay(t *testing.T) {
	inHouse(t, func(h *house) {
		for i, set := range []string{"verified_at = 0", "verified_at = 1, state = 'banned'", "state = 'deleted', email = NULL"} {
			h.write(func(tx *db.Tx) error {
				_, err := tx.Exec(`UPDATE members SET `+set+` WHERE id = $1`, h.ada.ID)
				return err
			})
			h.tell(h.decided(int64(i+1)), time.Time{})
			h.drain()
			h.left()
		}
	})
}
