package matter_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/db"
	"mirabilia/internal/desk"
	"mirabilia/internal/errs"
	"mirabilia/internal/list"
	"mirabilia/internal/mark"
	"mirabilia/internal/photo"
	"mirabilia/internal/report"
	"mirabilia/internal/takedown"
	"mirabilia/internal/user"
)

// reported files a report, which must be taken.
func (h *house) reported(a actor.Actor, k report.Kind, id int64, code report.Code) *report.Report {
	h.Helper()
	r, _, err := h.reports.File(h.Context(), a, report.Filing{Kind: k, Thing: id, Code: code, Text: "Look at this."})
	if err != nil {
		h.Fatalf("reporting %s %d: %v", k, id, err)
	}
	return r
}

// state is where a photo stands.
func (h *house) state(id int64) photo.State {
	h.Helper()
	p, err := h.photos.Find(h.Context(), h.max, id)
	if err != nil {
		h.Fatal(err)
	}
	return p.State
}

// shown is a photo of a member's that everyone sees.
func (h *house) shown(by actor.Actor, seed int) int64 {
	h.Helper()
	p := h.send(by, seed, "Noon")
	h.decide(h.eve, p.ID, desk.Verdict{Action: desk.Publish})
	return p.ID
}

var private = takedown.Reason{Code: takedown.Private, Text: "It stands in somebody’s garden."}

func down(why takedown.Reason) desk.Verdict {
	return desk.Verdict{Action: desk.Publish, How: report.Down, Why: string(why.Code), Public: why.Text}
}

func TestReports_hideAtThreeOrOneTrusted(t *testing.T) {
	each(t, func(h *house) {
		id := h.shown(h.ada, 2)
		var who []actor.Actor
		for _, name := range []string{"Ben", "Cy", "Dee"} {
			who = append(who, h.member(name, actor.Member))
		}
		first := h.reported(who[0], report.Photo, id, report.Rights)
		second := h.reported(who[1], report.Photo, id, report.Privacy)
		if first.Hid || second.Hid || second.Item != first.ID || h.state(id) != photo.Public {
			t.Fatalf("two readers hide nothing: %+v, %+v, %s", first, second, h.state(id))
		}
		if _, _, err := h.reports.File(t.Context(), who[0], report.Filing{Kind: report.Photo, Thing: id, Code: report.Rights, Text: "Again."}); !errs.Is(err, errs.Conflict) {
			t.Errorf("one reader twice: %v", err)
		}
		if third := h.reported(who[2], report.Photo, id, report.Other); !third.Hid || h.state(id) != photo.Hidden || h.pictured() != 0 {
			t.Fatalf("three readers hide it: %+v, %s", third, h.state(id))
		}
		waiting := h.queue(desk.Filter{Kind: desk.Report})
		if len(waiting) != 1 || waiting[0].Title != "Well" || len(waiting[0].Findings) != 1 {
			t.Fatalf("the desk has %+v", waiting)
		}
		// Kept: it is shown again, everybody is told, and readers cannot hide it anew.
		h.news, h.concerned = nil, nil
		h.decide(h.eve, first.ID, desk.Verdict{Action: desk.Decline, Reason: "other", Text: "It may stay."})
		if h.state(id) != photo.Public || h.pictured() != 1 {
			t.Fatal("what is kept is shown again")
		}
		if len(h.news) != 3 || len(h.concerned) != 1 || h.concerned[0].Author != h.ada.ID || h.concerned[0].How != "" {
			t.Errorf("told: %+v, %+v", h.news, h.concerned)
		}
		trusted := h.member("Fay", actor.Member)
		trusted.Level = actor.Trusted
		if r := h.reported(trusted, report.Photo, id, report.Rights); r.Hid || h.state(id) != photo.Public {
			t.Error("what an editor has kept is hidden again by readers")
		}
		h.at = h.at.Add(91 * 24 * time.Hour)
		other := h.member("Gus", actor.Member)
		other.Level = actor.Trusted
		if r := h.reported(other, report.Photo, id, report.Rights); !r.Hid || h.state(id) != photo.Hidden {
			t.Error("a trusted reader hides it once that is long ago")
		}
	})
}

func TestReports_keptTakenDownUndoneRestored(t *testing.T) {
	each(t, func(h *house) {
		id := h.shown(h.ada, 2)
		r := h.reported(h.max, report.Photo, id, report.Rights)
		if !r.Hid || h.state(id) != photo.Hidden {
			t.Fatal("an editor's report hides at once")
		}
		if _, err := h.desk.Decide(t.Context(), h.max, r.ID, down(private)); !errs.Is(err, errs.Denied) {
			t.Errorf("who reports decides: %v", err)
		}
		if _, err := h.desk.Decide(t.Context(), h.eve, r.ID, desk.Verdict{Action: desk.Publish, How: report.Down, Why: "private"}); !errs.Is(err, errs.Invalid) {
			t.Errorf("taken down without words: %v", err)
		}
		if _, err := h.desk.Decide(t.Context(), h.eve, r.ID, desk.Verdict{Action: desk.Publish, How: "closed"}); !errs.Is(err, errs.Invalid) {
			t.Errorf("a photo is no place: %v", err)
		}
		h.decide(h.eve, r.ID, down(private))
		if h.state(id) != photo.Down || h.down(report.Photo, id) == nil {
			t.Fatal("it is not taken down")
		}
		if _, err := h.desk.Decide(t.Context(), h.member("Zoe", actor.Editor), r.ID, desk.Verdict{Action: desk.Decline}); !errs.Is(err, errs.Conflict) {
			t.Errorf("decided twice: %v", err)
		}
		if _, err := h.desk.Undo(t.Context(), h.eve, r.ID); err != nil {
			t.Fatal(err)
		}
		if h.state(id) != photo.Hidden || h.down(report.Photo, id) != nil {
			t.Errorf("undone it is hidden as before: %s, %v", h.state(id), h.down(report.Photo, id))
		}
		h.decide(h.eve, r.ID, down(private))
		// Its sender asks for a second look, once.
		h.reported(h.ada, report.Photo, id, report.Appeal)
		if _, _, err := h.reports.File(t.Context(), h.member("Ben", actor.Member), report.Filing{Kind: report.Photo, Thing: id, Code: report.Appeal, Text: "I too."}); !errs.Is(err, errs.NotFound) {
			t.Errorf("a stranger asks for it: %v", err)
		}
		appeal := h.queue(desk.Filter{Kind: desk.Report})
		if len(appeal) != 1 {
			t.Fatalf("%+v", appeal)
		}
		h.decide(h.max, appeal[0].ID, desk.Verdict{Action: desk.Publish, How: report.Restore})
		if h.state(id) != photo.Public || h.down(report.Photo, id) != nil {
			t.Error("an appeal that is granted shows it again")
		}
		h.audited("photo", id, "report", "report.upheld", "down", "hidden", "public")
	})
}

// down is what is written for everybody about a thing, nil for nothing.
func (h *house) down(k report.Kind, id int64) (d *takedown.Down) {
	h.Helper()
	err := h.db.Read(h.Context(), func(tx *db.Tx) (err error) {
		d, err = takedown.Of(tx, string(k), id)
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
	return d
}

// audited holds the book of decisions to what must stand in it about a thing.
func (h *house) audited(kind string, id int64, actions ...string) {
	h.Helper()
	list, err := audit.Of(h.Context(), h.db, h.max, kind, id, 100)
	if err != nil {
		h.Fatal(err)
	}
	for _, want := range actions {
		found := false
		for _, e := range list {
			found = found || e.Action == want
		}
		if !found {
			h.Errorf("the book has no %q of %s %d: %+v", want, kind, id, list)
		}
	}
}

func TestReports_ofPlaces(t *testing.T) {
	each(t, func(h *house) {
		r := h.reported(h.ada, report.Place, h.well.ID, report.Closed)
		h.decide(h.eve, r.ID, desk.Verdict{Action: desk.Publish, How: "closed"})
		if h.place("well").Status != "closed" {
			t.Error("a report that it is closed closes it")
		}
		if _, err := h.desk.Undo(t.Context(), h.eve, r.ID); err != nil || h.place("well").Status == "closed" {
			t.Errorf("undone: %v", err)
		}
		h.decide(h.eve, r.ID, down(private))
		_, err := h.places.BySlug(t.Context(), "well")
		if e := new(errs.Error); !as(err, &e) || e.Code != errs.Gone || e.Message != private.Text || !e.Since.Equal(h.at) || e.Location != "/report?of="+report.Name(report.Place, h.well.ID) {
			t.Fatalf("taken down: %+v", err)
		}
		// Anybody may ask for a second look, once each; a refused one stays refused.
		h.reported(h.ada, report.Place, h.well.ID, report.Appeal)
		appeal := h.queue(desk.Filter{Kind: desk.Report})[0]
		if _, err := h.desk.Decide(t.Context(), h.max, appeal.ID, down(private)); !errs.Is(err, errs.Invalid) {
			t.Errorf("taken down twice: %v", err)
		}
		h.decide(h.max, appeal.ID, desk.Verdict{Action: desk.Decline, Text: "It stays down."})
		if _, _, err := h.reports.File(t.Context(), h.ada, report.Filing{Kind: report.Place, Thing: h.well.ID, Code: report.Appeal, Text: "Please."}); !errs.Is(err, errs.Conflict) {
			t.Errorf("appealed twice: %v", err)
		}
		if err := h.reports.TakeDown(t.Context(), h.eve, report.Place, h.well.ID, report.Restore, takedown.Reason{}); err != nil {
			t.Fatal(err)
		}
		if p := h.place("well"); p.Title != "Well" || h.down(report.Place, h.well.ID) != nil {
			t.Errorf("given back: %+v", p)
		}
		h.audited("place", h.well.ID, "report", "report.upheld", "report.kept", "give-back")
	})
}

func as(err error, e **errs.Error) bool {
	x, ok := err.(*errs.Error)
	*e = x
	return ok
}

func TestReports_byAnEditorsOwnWish(t *testing.T) {
	each(t, func(h *house) {
		joins := h.reported(h.ada, report.Place, h.well.ID, report.Danger)
		if err := h.reports.TakeDown(t.Context(), h.ada, report.Place, h.well.ID, report.Down, private); !errs.Is(err, errs.Denied) {
			t.Errorf("a member takes down: %v", err)
		}
		region := h.member("Ida", actor.Editor)
		region.Regions = []string{"japan"}
		if err := h.reports.TakeDown(t.Context(), region, report.Place, h.well.ID, report.Down, private); !errs.Is(err, errs.Denied) {
			t.Errorf("an editor of elsewhere takes down: %v", err)
		}
		for _, bad := range []takedown.Reason{{}, {Code: "because", Text: "x"}, {Code: takedown.Legal}, {Code: takedown.Legal, Text: strings.Repeat("x", takedown.MaxText+1)}} {
			if err := h.reports.TakeDown(t.Context(), h.eve, report.Place, h.well.ID, report.Down, bad); !errs.Is(err, errs.Invalid) {
				t.Errorf("with the reason %+v: %v", bad, err)
			}
		}
		h.news = nil
		if err := h.reports.TakeDown(t.Context(), h.eve, report.Place, h.well.ID, report.Down, private); err != nil {
			t.Fatal(err)
		}
		if s, err := h.desk.Of(t.Context(), h.eve, joins.ID); err != nil || s.Status != desk.Published || len(h.news) != 1 {
			t.Errorf("the report that waited is decided by it and its sender told: %+v, %v, %+v", s, err, h.news)
		}
		list, err := takedown.New(h.db).Newest(t.Context(), h.eve, takedown.Down{}, 10)
		if err != nil || len(list) != 1 || list[0].Title != "Well" || list[0].By != h.eve.ID || list[0].Code != takedown.Private {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

func TestReports_ofListsVisitsMembersLetters(t *testing.T) {
	each(t, func(h *house) {
		lists, marks := list.New(h.db), mark.New(h.db)
		l, err := lists.Make(t.Context(), h.ada, list.Details{Title: "Wells", Privacy: list.Public})
		if err != nil {
			t.Fatal(err)
		}
		v, err := marks.Write(t.Context(), h.ada, mark.Visit{Place: h.well.ID, Day: "2026", Outcome: mark.Found, Privacy: mark.Public, Note: "Deep."})
		if err != nil {
			t.Fatal(err)
		}
		if err := h.users.Describe(t.Context(), h.ada, user.Profile{Shown: "Ada", Bio: "I sell wells."}); err != nil {
			t.Fatal(err)
		}
		ben := h.member("Ben", actor.Member)
		for _, x := range []struct {
			kind   report.Kind
			id     int64
			public func() bool
		}{
			{report.List, l.ID, func() bool { _, _, err := lists.Public(t.Context(), l.Slug); return err == nil }},
			{report.Visit, v.ID, func() bool {
				seen, err := marks.VisitsOf(t.Context(), h.ada.ID, mark.Public)
				return err == nil && len(seen) == 1
			}},
			{report.Member, h.ada.ID, func() bool { m, err := h.users.ByID(t.Context(), h.ada.ID); return err == nil && m.Bio != "" }},
		} {
			h.concerned = nil
			r := h.reported(ben, x.kind, x.id, report.Abuse)
			if !x.public() {
				t.Errorf("%s: a report alone hides it", x.kind)
			}
			h.decide(h.eve, r.ID, down(private))
			if x.public() || len(h.concerned) != 1 || h.concerned[0].Author != h.ada.ID || h.concerned[0].Why != private {
				t.Errorf("%s: taken down, but public is %v, told %+v", x.kind, x.public(), h.concerned)
			}
			if _, err := h.desk.Undo(t.Context(), h.eve, r.ID); err != nil || !x.public() {
				t.Errorf("%s: undone, but public is %v: %v", x.kind, x.public(), err)
			}
			h.decide(h.eve, r.ID, down(private))
			if x.kind == report.Member {
				continue // they write anew
			}
			if err := h.reports.TakeDown(t.Context(), h.max, x.kind, x.id, report.Restore, takedown.Reason{}); err != nil || !x.public() {
				t.Errorf("%s: given back, but public is %v: %v", x.kind, x.public(), err)
			}
		}
	})
}

// What was taken down cannot be shown again by whose it is.
func TestReports_downStaysDown(t *testing.T) {
	each(t, func(h *house) {
		lists, marks := list.New(h.db), mark.New(h.db)
		l, err := lists.Make(t.Context(), h.ada, list.Details{Title: "Wells", Privacy: list.Public})
		if err != nil {
			t.Fatal(err)
		}
		v, err := marks.Write(t.Context(), h.ada, mark.Visit{Place: h.well.ID, Day: "2026", Outcome: mark.Found, Privacy: mark.Public, Note: "Deep."})
		if err != nil {
			t.Fatal(err)
		}
		for k, id := range map[report.Kind]int64{report.List: l.ID, report.Visit: v.ID} {
			if err := h.reports.TakeDown(t.Context(), h.eve, k, id, report.Down, private); err != nil {
				t.Fatal(err)
			}
		}
		if err := lists.Rewrite(t.Context(), h.ada, l.Slug, l.Edition, list.Details{Title: "Wells", Privacy: list.Public}); !errs.Is(err, errs.Invalid) {
			t.Errorf("its owner shows the list again: %v", err)
		}
		if err := lists.Rewrite(t.Context(), h.ada, l.Slug, l.Edition, list.Details{Title: "Wells of mine", Privacy: list.Private}); err != nil {
			t.Errorf("its owner may go on with it alone: %v", err)
		}
		if _, _, err := lists.Public(t.Context(), l.Slug); !errs.Is(err, errs.Gone) {
			t.Errorf("everybody else is told why: %v", err)
		}
		v.Privacy = mark.Followers
		if _, err := marks.Write(t.Context(), h.ada, v); !errs.Is(err, errs.Invalid) {
			t.Errorf("the visit is shown again: %v", err)
		}
	})
}

func TestReports_byStrangers(t *testing.T) {
	each(t, func(h *house) {
		id := h.shown(h.ada, 2)
		file := func(network, contact string, code report.Code) error {
			_, _, err := h.reports.File(t.Context(), actor.Actor{}, report.Filing{Kind: report.Photo, Thing: id, Code: code, Text: "Mine.", Network: network, Contact: contact})
			return err
		}
		if err := file("198.51.100.1", "", report.Legal); !errs.Is(err, errs.Invalid) {
			t.Errorf("a notice without an address: %v", err)
		}
		if err := file("198.51.100.1", "a@b", report.Rights); err != nil {
			t.Fatal(err)
		}
		if err := file("198.51.100.1", "", report.Rights); !errs.Is(err, errs.Conflict) {
			t.Errorf("the same network twice: %v", err)
		}
		for i := 2; i <= 3; i++ {
			if err := file(fmt.Sprintf("198.51.100.%d", i), "", report.Rights); err != nil {
				t.Fatal(err)
			}
		}
		if h.state(id) != photo.Hidden {
			t.Error("three networks hide it")
		}
		item := h.queue(desk.Filter{Kind: desk.Report})[0]
		h.decide(h.eve, item.ID, down(private))
		if len(h.answered) != 1 || h.answered[0] != "a@b" {
			t.Errorf("answered: %q", h.answered)
		}
		m, err := h.reports.Of(t.Context(), h.eve, item.ID)
		if err != nil || len(m.Reports) != 3 || !m.Thing.Down {
			t.Fatalf("%+v, %v", m, err)
		}
		h.at = h.at.Add(31 * 24 * time.Hour)
		if err := h.reports.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if m, err = h.reports.Of(t.Context(), h.eve, item.ID); err != nil || m.Reports[0].Contact != "" {
			t.Errorf("the address is kept: %+v, %v", m.Reports[0], err)
		}
		// A network that goes on and on is stopped.
		for i, code := 0, errs.Code(""); code != errs.TooMany; i++ {
			if i > 5 {
				t.Fatal("nobody stops a network")
			}
			p := h.shown(h.ada, 20+i)
			_, _, err := h.reports.File(t.Context(), actor.Actor{}, report.Filing{Kind: report.Photo, Thing: p, Code: report.Other, Text: "x", Network: "203.0.113.9"})
			if code = ""; err != nil {
				code = errs.CodeOf(err)
			}
		}
	})
}

// Two first reports at once are one matter, and two editors decide it once.
func TestReports_atOnce(t *testing.T) {
	each(t, func(h *house) {
		id := h.shown(h.ada, 2)
		ben, cy := h.member("Ben", actor.Member), h.member("Cy", actor.Member)
		var all sync.WaitGroup
		for _, who := range []actor.Actor{ben, cy} {
			all.Go(func() {
				if _, _, err := h.reports.File(t.Context(), who, report.Filing{Kind: report.Photo, Thing: id, Code: report.Rights, Text: "x"}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		waiting := h.queue(desk.Filter{Kind: desk.Report})
		if len(waiting) != 1 {
			t.Fatalf("%d matters wait", len(waiting))
		}
		decided := make(chan error, 2)
		for _, who := range []actor.Actor{h.eve, h.max} {
			all.Go(func() {
				_, err := h.desk.Decide(t.Context(), who, waiting[0].ID, down(private))
				decided <- err
			})
		}
		all.Wait()
		one, two := <-decided, <-decided
		if (one == nil) == (two == nil) || one != nil && !errs.Is(one, errs.Conflict) || two != nil && !errs.Is(two, errs.Conflict) {
			t.Errorf("%v, %v", one, two)
		}
	})
}

// A report that its sender withdraws shows the photo again.
func TestReports_withdrawn(t *testing.T) {
	each(t, func(h *house) {
		id := h.shown(h.ada, 2)
		ben := h.member("Ben", actor.Member)
		ben.Level = actor.Trusted
		r := h.reported(ben, report.Photo, id, report.Rights)
		if h.state(id) != photo.Hidden {
			t.Fatal("it is not hidden")
		}
		if err := h.desk.Withdraw(t.Context(), ben, r.ID); err != nil {
			t.Fatal(err)
		}
		if h.state(id) != photo.Public {
			t.Error("it is hidden still")
		}
		mine, err := h.reports.Mine(t.Context(), ben)
		if err != nil || len(mine) != 1 || mine[0].State != report.TakenBack || mine[0].Title != "Well" {
			t.Errorf("%+v, %v", mine, err)
		}
	})
}
