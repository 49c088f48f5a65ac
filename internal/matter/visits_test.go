package matter_test

import (
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/desk"
	"mirabilia/internal/errs"
	"mirabilia/internal/mark"
	"mirabilia/internal/place"
	"mirabilia/internal/setting"
)

// tell writes a visit that says how the well was, and gives the one thing that
// then waits.
func (h *house) tell(a actor.Actor, s mark.Still, words string) (mark.Visit, *desk.Submission) {
	h.Helper()
	v, err := h.marks.Write(h.Context(), a, mark.Visit{Place: h.well.ID, Day: "2026-04-30", Outcome: mark.Found, Privacy: mark.Me, Still: s, Told: words})
	if err != nil {
		h.Fatal(err)
	}
	list := h.queue(desk.Filter{Kind: desk.Visit})
	if len(list) != 1 {
		h.Fatalf("%d wait", len(list))
	}
	return v, list[0]
}

func TestVisits_becomeEdits(t *testing.T) {
	each(t, func(h *house) {
		_, s := h.tell(h.ada, mark.Shut, "Bricked up.")
		if s.Title != "Well" || s.Summary != "Closed or gone" || s.Author.ID != h.ada.ID || s.Destination != h.well.Destination || s.Place != h.well.ID {
			t.Fatalf("on the desk: %+v", s)
		}
		if _, err := h.desk.Decide(h.Context(), h.eve, s.ID, desk.Verdict{Action: desk.Publish, How: "open"}); !errs.Is(err, errs.Invalid) {
			t.Errorf("an open place is not what was found: %v", err)
		}
		h.decide(h.eve, s.ID, desk.Verdict{Action: desk.Publish, How: string(place.Lost)})
		p := h.place("well")
		if p.Status != place.Lost || p.StatusDate != "2026-04" || p.Revision != 2 {
			t.Errorf("the entry says %s since %s in revision %d", p.Status, p.StatusDate, p.Revision)
		}
		for _, c := range p.EditedBy {
			if c.Name == h.ada.Shown {
				t.Error("who was there is named, though the visit is private")
			}
		}
		if n := h.news[len(h.news)-1]; n.Action != desk.Publish || n.Kind != desk.Visit || n.Title != "Well" {
			t.Errorf("the visitor is told %+v", n)
		}
		if _, err := h.desk.Undo(h.Context(), h.eve, s.ID); err != nil {
			t.Fatal(err)
		}
		if p := h.place("well"); p.Status == place.Lost || p.StatusDate != h.well.StatusDate {
			t.Errorf("after undoing it says %s since %q", p.Status, p.StatusDate)
		}
		h.decide(h.eve, s.ID, desk.Verdict{Action: desk.Publish})
		if p := h.place("well"); p.Status != h.well.Status {
			t.Errorf("taken up without a status it says %s", p.Status)
		}
	})
}

func TestVisits_dismissedAppealedWithdrawn(t *testing.T) {
	each(t, func(h *house) {
		_, s := h.tell(h.ada, mark.Changed, "See https://spam.example/x")
		h.decide(h.eve, s.ID, desk.Verdict{Action: desk.Decline, Reason: "unverifiable", Text: "It stood last week."})
		if m, err := h.users.ByID(h.Context(), h.ada.ID); err != nil || m.Declined != 0 {
			t.Errorf("a field note that was dismissed counts against its visitor: %+v, %v", m, err)
		}
		if _, err := h.desk.AppealTo(h.Context(), h.ada, s.ID, "I have a photo."); err != nil {
			t.Fatal(err)
		}
		h.decide(h.max, s.ID, desk.Verdict{Action: desk.Publish, How: string(place.Altered)})
		if p := h.place("well"); p.Status != place.Altered {
			t.Errorf("after the appeal it says %s", p.Status)
		}
		// What its visitor does not stand by any more waits no more.
		v, s := h.tell(h.ada, mark.Shut, "")
		if err := h.marks.Forget(h.Context(), h.ada, v.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := h.desk.Decide(h.Context(), h.eve, s.ID, desk.Verdict{Action: desk.Publish}); !errs.Is(err, errs.Conflict) {
			t.Errorf("what was taken back is decided: %v", err)
		}
		_, s = h.tell(h.ada, mark.Shut, "")
		if err := h.desk.Withdraw(h.Context(), h.ada, s.ID); err != nil || len(h.queue(desk.Filter{Kind: desk.Visit})) != 0 {
			t.Errorf("withdrawn: %v", err)
		}
	})
}

func TestVisits_dayAndBlockedWords(t *testing.T) {
	each(t, func(h *house) {
		err := h.settings.Update(h.Context(), func(s *setting.Settings) {
			s.Contributing.DailyNew, s.Contributing.BlockedWords = 1, []string{"Casino"}
		})
		if err != nil {
			t.Fatal(err)
		}
		_, s := h.tell(h.ada, mark.Changed, "A casino now.")
		if len(s.Findings) != 1 || !s.Findings[0].Blocking {
			t.Errorf("a blocked word: %+v", s.Findings)
		}
		write := func(still mark.Still) error {
			_, err := h.marks.Write(h.Context(), h.ada, mark.Visit{Place: h.place("mill").ID, Day: "2026", Outcome: mark.Found, Privacy: mark.Me, Still: still})
			return err
		}
		if err := write(mark.Shut); !errs.Is(err, errs.TooMany) {
			t.Errorf("a second field note of a day: %v", err)
		}
		if err := write(mark.Same); err != nil {
			t.Errorf("a confirmation is no submission: %v", err)
		}
	})
}
