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
