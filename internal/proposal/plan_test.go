package proposal_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/desk"
)

// crowded puts so many imports onto the desk, in many countries.
func (h *house) crowded(n int) {
	h.Helper()
	where := []string{"", "france", "france/ile-de-france/paris", "italy/lazio/rome", "japan", "peru/cusco"}
	err := h.db.Write(context.Background(), func(tx *db.Tx) error {
		columns := []string{"id", "kind", "status", "author", "place", "base", "title", "destination", "turn", "version", "created_at",
			"submitted_at", "updated_at", "decided_at", "held_until", "claimed_by", "claimed_until", "appealed", "live", "sampled", "summary", "findings", "fields"}
		return tx.Insert("submissions", columns, n, func(i int, into []any) {
			kind := []desk.Kind{desk.Place, desk.Edit, desk.Pitch}[i%3]
			copy(into, []any{h.db.NewID(), string(kind), "waiting", h.ada.ID, nil, int64(0), fmt.Sprint("Title ", i), where[i%len(where)],
				int64(i * 7919 % 1_000_003), int64(1), int64(1), int64(1), int64(1), int64(0), int64(0), nil, int64(0), false, false, false,
				"", "", `{"title":"x","body":"` + strings.Repeat("word ", 400) + `"}`})
		})
	})
	if err != nil {
		h.Fatal(err)
	}
}

var filters = []desk.Filter{
	{}, {Kind: desk.Edit}, {In: "france"}, {In: "peru/cusco", Kind: desk.Pitch}, {Author: -1}, {Author: -1, Kind: desk.Place, In: "italy"},
	{Status: desk.Declined}, {Sampled: true}, {Appeals: true}, {Appeals: true, Kind: desk.Edit, In: "france"}, {Limit: 200}, {Status: desk.Held, In: "japan"},
}

// Ten thousand waiting are read by every filter, page by page; that each page
// is served by an index holds TestStatements_servedByIndexes.
func TestQueue_withTenThousand(t *testing.T) {
	h := open(t, dbtest.SQLite(t), &clock{time.Now()})
	h.crowded(10_000)
	for _, who := range []actor.Actor{h.max, h.rome} {
		for _, f := range filters {
			if f.Author < 0 {
				f.Author = h.ada.ID
			}
			if _, err := h.desk.Queue(ctx, who, f); err != nil {
				t.Fatalf("%+v: %v", f, err)
			}
		}
	}
	first, err := h.desk.Queue(ctx, h.max, desk.Filter{Limit: 3})
	if err != nil {
		t.Fatal(err)
	}
	rest, err := h.desk.Queue(ctx, h.max, desk.Filter{Limit: 3, Cursor: first.Next})
	if err != nil || len(rest.Items) != 3 || rest.Items[0].ID == first.Items[2].ID {
		t.Errorf("the next page: %+v, %v", rest, err)
	}
}

// What is behind each filter is counted as the queue shows it, to a thousand.
func TestCounts_behindFilters(t *testing.T) {
	each(t, func(h *house) {
		h.crowded(120)
		abroad := h.rome
		abroad.Regions = []string{"italy/lazio/rome", "peru"}
		for _, who := range []actor.Actor{h.max, h.rome, abroad} {
			list := append([]desk.Filter{{In: "italy"}, {In: "italy/lazio/rome/centre"}, {Status: desk.Draft}}, filters...)
			for i := range list {
				list[i].Limit = 200
				if list[i].Author < 0 {
					list[i].Author = h.ada.ID
				}
			}
			counts, err := h.desk.Counts(ctx, who, list)
			if err != nil {
				h.Fatal(err)
			}
			for i, f := range list {
				q, err := h.desk.Queue(ctx, who, f)
				if err != nil || len(q.Items) != counts[i] {
					h.Errorf("%s, %+v: %d in the queue, %d counted, %v", who.Name, f, len(q.Items), counts[i], err)
				}
			}
		}
		h.crowded(2 * desk.FarBack)
		counts, err := h.desk.Counts(ctx, h.max, []desk.Filter{{}, {Kind: desk.Edit, In: "japan"}})
		if err != nil || counts[0] != desk.FarBack || counts[1] == 0 || counts[1] >= desk.FarBack {
			h.Errorf("far back: %v, %v", counts, err)
		}
		if _, err := h.desk.Counts(ctx, h.ada, filters); err == nil {
			h.Error("a member counts the desk")
		}
	})
}

// A place in the queue is counted as far as anybody counts.
func TestPlace_inTheQueue(t *testing.T) {
	each(t, func(h *house) {
		place := func(s *desk.Submission, want int) {
			h.Helper()
			if n, err := h.desk.Place(ctx, s); err != nil || n != want {
				h.Errorf("place %d, %v; want %d", n, err, want)
			}
		}
		pitch := func(title string) *desk.Submission {
			h.clock.at = h.clock.at.Add(time.Minute)
			return h.submit(h.eve, desk.Pitch, `{"title":"`+title+`","lat":41.9,"lon":12.5}`)
		}
		first, second := pitch("A well"), pitch("Another well")
		place(first, 1)
		place(second, 2)
		place(h.decide(h.max, first, desk.Verdict{Action: desk.Decline, Reason: "well-known"}), 0)
		place(second, 1)
		h.crowded(desk.FarBack - 3)
		place(second, desk.FarBack-2)
		third := pitch("A third well")
		place(third, desk.FarBack-1)
		place(pitch("A fourth well"), desk.FarBack)
		last := pitch("A fifth well")
		place(last, desk.FarBack)
		h.decide(h.max, second, desk.Verdict{Action: desk.Decline, Reason: "well-known"})
		h.decide(h.max, third, desk.Verdict{Action: desk.Decline, Reason: "well-known"})
		h.clock.at = h.clock.at.Add(time.Minute)
		place(last, desk.FarBack-1)
	})
}

// Every statement of the desk finds its rows by an index, on both engines.
func TestStatements_servedByIndexes(t *testing.T) {
	var asked dbtest.Statements
	c := &clock{time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)}
	dbtest.EachConfig(t, db.Config{Trace: asked.Trace, Now: c.now}, func(t *testing.T, d *db.DB) {
		asked.Forget()
		h := open(t, d, c)
		h.crowded(50)
		for _, f := range filters {
			if f.Author < 0 {
				f.Author = h.ada.ID
			}
			for _, cursor := range []string{"", "5-7"} {
				f.Cursor = cursor
				for _, who := range []actor.Actor{h.max, h.rome} {
					if _, err := h.desk.Queue(ctx, who, f); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		p := h.published()
		e := h.decide(h.eve, h.edit(h.ada, p.ID, 0, `{"title":"Other"}`), desk.Verdict{Action: desk.Publish})
		_, err1 := h.desk.Undo(ctx, h.eve, e.ID)
		_, err2 := h.desk.Mine(ctx, h.ada)
		_, err3 := h.desk.Numbers(ctx)
		_, err4 := h.desk.Place(ctx, e)
		_, err5 := h.places.History(ctx, p.ID)
		_, err6 := h.desk.Counts(ctx, h.max, filters)
		_, err7 := h.desk.Counts(ctx, h.rome, filters)
		for _, err := range []error{err1, err2, err3, err4, err5, err6, err7} {
			if err != nil {
				t.Fatal(err)
			}
		}
		asked.ServedByIndexes(t, d, dbtest.Served{Least: 25, Whole: []string{"counted"}, Of: func(text string) bool { return !strings.HasPrefix(text, "SELECT slug, name") }})
	})
}
