package matter_test

import (
	"strings"
	"testing"

	"mirabilia/internal/desk"
	"mirabilia/internal/errs"
	"mirabilia/internal/matter"
)

// A line that is left on an entry waits on the desk once, is taken up or not,
// and counts neither for nor against who wrote it.
func TestNotes(t *testing.T) {
	each(t, func(h *house) {
		leave := func(line string) int64 {
			h.Helper()
			id, err := h.notes.Leave(h.Context(), h.ada, h.well.ID, line)
			if err != nil {
				h.Fatal(err)
			}
			return id
		}
		one := leave("  The entrance is\nin the yard now. ")
		if again := leave("The entrance is in the yard now."); again != one {
			t.Errorf("the same line twice is %d and %d", one, again)
		}
		list := h.queue(desk.Filter{Kind: desk.Note})
		if len(list) != 1 || list[0].ID != one || list[0].Summary != "The entrance is in the yard now." || list[0].Title != "Well" || list[0].Place != h.well.ID || list[0].Author.ID != h.ada.ID {
			t.Fatalf("on the desk: %+v", list)
		}
		for _, line := range []string{"", " \n", strings.Repeat("x", matter.MaxNote+1)} {
			if _, err := h.notes.Leave(h.Context(), h.ada, h.well.ID, line); !errs.Is(err, errs.Invalid) {
				t.Errorf("%.5q: %v", line, err)
			}
		}
		h.decide(h.eve, one, desk.Verdict{Action: desk.Publish})
		if n := h.news[len(h.news)-1]; n.Action != desk.Publish || n.Kind != desk.Note {
			t.Errorf("told: %+v", n)
		}
		if _, err := h.desk.Undo(h.Context(), h.eve, one); err != nil {
			t.Fatal(err)
		}
		h.decide(h.eve, one, desk.Verdict{Action: desk.Decline, Reason: "unverifiable", Text: "It is where it was."})
		if _, err := h.desk.AppealTo(h.Context(), h.ada, one, "I stood in it."); err != nil {
			t.Fatal(err)
		}
		h.decide(h.max, one, desk.Verdict{Action: desk.Publish})
		if m, err := h.users.ByID(h.Context(), h.ada.ID); err != nil || m.Accepted != 0 || m.Declined != 0 {
			t.Errorf("trust by notes: %+v, %v", m, err)
		}
		// What was taken up is no work that could be taken back.
		if out, err := h.desk.Rollback(h.Context(), h.eve, h.ada.ID, "All of it"); err != nil || out.Undone != 0 || len(out.Left) != 0 {
			t.Errorf("taken back: %+v, %v", out, err)
		}
		two := leave("The entrance is in the yard now.")
		if two == one {
			t.Error("a note that was decided keeps a new one away")
		}
		if err := h.desk.Withdraw(h.Context(), h.ada, two); err != nil {
			t.Fatal(err)
		}
	})
}
