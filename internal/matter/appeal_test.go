package matter_test

import (
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/desk"
	"mirabilia/internal/errs"
	"mirabilia/internal/report"
	"mirabilia/internal/user"
)

// A member who is suspended appeals, one appeal at a time; editors of the whole
// atlas find it among the appeals and end the suspension or let it stand.
func TestAppeal_againstASuspension(t *testing.T) {
	each(t, func(h *house) {
		users := user.New(h.db)
		standing := func() user.Standing {
			t.Helper()
			m, err := users.ByID(t.Context(), h.ada.ID)
			if err != nil {
				t.Fatal(err)
			}
			return user.Standing{State: m.State, Reason: m.Reason, Until: m.Until}
		}
		appeal := func() (*report.Report, error) {
			r, _, err := h.reports.File(t.Context(), h.ada, report.Filing{Kind: report.Member, Thing: h.ada.ID, Code: report.Appeal, Text: "It was my brother."})
			return r, err
		}
		if _, err := appeal(); !errs.Is(err, errs.Invalid) {
			t.Errorf("who is not suspended appeals: %v", err)
		}
		until := h.at.Add(30 * 24 * time.Hour).UTC()
		if err := users.SetState(t.Context(), h.max, h.ada.ID, user.Standing{State: user.Suspended, Reason: "Links to a shop.", Until: until}); err != nil {
			t.Fatal(err)
		}
		h.ada.Suspended = true
		// What others report of them is no part of the appeal, nor the appeal of that.
		h.reported(h.member("Ben", actor.Member), report.Member, h.ada.ID, report.Abuse)
		first, err := appeal()
		if err != nil || first.Item != first.ID {
			t.Fatal(first, err)
		}
		if _, err := appeal(); !errs.Is(err, errs.Conflict) {
			t.Errorf("two appeals wait: %v", err)
		}
		if r := h.reported(h.member("Cy", actor.Member), report.Member, h.ada.ID, report.Abuse); r.Item == first.Item {
			t.Error("a report joined the appeal")
		}
		if list := h.queue(desk.Filter{Appeals: true}); len(list) != 1 || list[0].ID != first.Item {
			t.Fatalf("the appeals on the desk: %+v", list)
		}
		h.decide(h.eve, first.Item, desk.Verdict{Action: desk.Decline, Text: "It stays."})
		last, err := h.reports.Appealed(t.Context(), h.ada)
		if err != nil || last == nil || last.State != report.Kept || standing().State != user.Suspended {
			t.Fatalf("let stand: %+v, %v, %+v", last, err, standing())
		}
		h.news, h.concerned = nil, nil
		again, err := appeal()
		if err != nil {
			t.Fatalf("a second appeal, when the first is answered: %v", err)
		}
		region := h.member("Lia", actor.Editor)
		region.Regions = []string{"italy"}
		grant := desk.Verdict{Action: desk.Publish, How: report.Restore}
		if _, err := h.desk.Decide(t.Context(), region, again.Item, grant); !errs.Is(err, errs.Denied) {
			t.Errorf("an editor of a region grants it: %v", err)
		}
		h.decide(h.eve, again.Item, grant)
		if s := standing(); s != (user.Standing{State: user.Active}) || len(h.news) != 1 || !h.news[0].Appeal {
			t.Fatalf("granted: %+v, told %+v", s, h.news)
		}
		if _, err := h.desk.Undo(t.Context(), h.eve, again.Item); err != nil {
			t.Fatal(err)
		}
		if s := standing(); s.State != user.Suspended || s.Reason != "Links to a shop." || !s.Until.Equal(until) {
			t.Errorf("undone: %+v", s)
		}
		if err := h.reports.TakeDown(t.Context(), h.max, report.Member, h.ada.ID, report.Restore, private); !errs.Is(err, errs.Invalid) {
			t.Errorf("given back without an appeal: %v", err)
		}
	})
}

// A member who is suspended appeals what was decided about what they gave, and
// files nothing else, whatever way they take.
func TestAppeal_whileSuspended(t *testing.T) {
	each(t, func(h *house) {
		p := h.send(h.ada, 2, "Noon")
		q := h.send(h.ada, 5, "Night")
		ben := h.member("Ben", actor.Member)
		theirs := h.send(ben, 9, "Dawn")
		for _, id := range []int64{p.ID, theirs.ID} {
			h.decide(h.eve, id, desk.Verdict{Action: desk.Publish})
			if err := h.reports.TakeDown(t.Context(), h.eve, report.Photo, id, report.Down, private); err != nil {
				t.Fatal(err)
			}
		}
		dusk := h.send(ben, 11, "Dusk")
		for _, id := range []int64{q.ID, dusk.ID} {
			h.decide(h.eve, id, desk.Verdict{Action: desk.Decline, Reason: "rights"})
		}
		if err := user.New(h.db).SetState(t.Context(), h.max, h.ada.ID, user.Standing{State: user.Suspended, Reason: "Links to a shop."}); err != nil {
			t.Fatal(err)
		}
		h.ada.Suspended = true
		file := func(k report.Kind, id int64, c report.Code) error {
			_, _, err := h.reports.File(t.Context(), h.ada, report.Filing{Kind: k, Thing: id, Code: c, Text: "It is mine."})
			return err
		}
		if err := file(report.Place, h.well.ID, report.Wrong); !errs.Is(err, errs.Denied) {
			t.Errorf("a report: %v", err)
		}
		if err := file(report.Photo, theirs.ID, report.Appeal); err == nil {
			t.Error("another's photo is appealed")
		}
		if err := h.reports.TakeDown(t.Context(), h.eve, report.Place, h.well.ID, report.Down, private); err != nil {
			t.Fatal(err)
		}
		if err := file(report.Place, h.well.ID, report.Appeal); !errs.Is(err, errs.Denied) {
			t.Errorf("an entry of somebody else: %v", err)
		}
		if err := file(report.Photo, p.ID, report.Appeal); err != nil {
			t.Errorf("their photo: %v", err)
		}
		if err := file(report.Photo, p.ID, report.Appeal); !errs.Is(err, errs.Conflict) {
			t.Errorf("their photo, twice: %v", err)
		}
		if _, err := h.desk.AppealTo(t.Context(), h.ada, q.ID, "I took it."); err != nil {
			t.Errorf("what was declined: %v", err)
		}
		if _, err := h.desk.AppealTo(t.Context(), h.ada, q.ID, "I did."); !errs.Is(err, errs.Conflict) {
			t.Errorf("what was declined, twice: %v", err)
		}
		if err := h.desk.Say(t.Context(), h.ada, q.ID, "Hello?"); !errs.Is(err, errs.Denied) {
			t.Errorf("a letter: %v", err)
		}
		if err := user.New(h.db).SetState(t.Context(), h.max, ben.ID, user.Standing{State: user.Banned, Reason: "Spam."}); err != nil {
			t.Fatal(err)
		}
		if _, err := h.desk.AppealTo(t.Context(), ben, dusk.ID, "Mine."); !errs.Is(err, errs.Denied) {
			t.Errorf("who is banned appeals: %v", err)
		}
	})
}

// A photo that was taken down is appealed once: on the page of its submission, or
// by the form that its notice leads to.
func TestAppeal_ofAPhotoIsOne(t *testing.T) {
	each(t, func(h *house) {
		file := func(id int64) error {
			_, _, err := h.reports.File(t.Context(), h.ada, report.Filing{Kind: report.Photo, Thing: id, Code: report.Appeal, Text: "It is mine."})
			return err
		}
		down := func(n int, caption string) int64 {
			t.Helper()
			p := h.send(h.ada, n, caption)
			h.decide(h.eve, p.ID, desk.Verdict{Action: desk.Publish})
			if err := h.reports.TakeDown(t.Context(), h.eve, report.Photo, p.ID, report.Down, private); err != nil {
				t.Fatal(err)
			}
			return p.ID
		}
		one := down(2, "Noon")
		if err := file(one); err != nil {
			t.Fatal(err)
		}
		if _, err := h.desk.AppealTo(t.Context(), h.ada, one, "It is."); !errs.Is(err, errs.Conflict) {
			t.Errorf("by its submission, after the form: %v", err)
		}
		if list := h.queue(desk.Filter{Appeals: true}); len(list) != 1 {
			t.Errorf("the appeals on the desk: %d", len(list))
		}
		other := down(5, "Night")
		if _, err := h.desk.AppealTo(t.Context(), h.ada, other, "I took it."); err != nil {
			t.Fatal(err)
		}
		if err := file(other); !errs.Is(err, errs.Conflict) {
			t.Errorf("by the form, after its submission: %v", err)
		}
		h.decide(h.max, other, desk.Verdict{Action: desk.Decline, Reason: "rights", Text: "It stays."})
		if err := file(other); !errs.Is(err, errs.Conflict) {
			t.Errorf("by the form, when the first is answered: %v", err)
		}
	})
}
