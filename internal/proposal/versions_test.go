package proposal_test

import (
	"testing"

	"mirabilia/internal/desk"
	"mirabilia/internal/errs"
	"mirabilia/internal/place"
	"mirabilia/internal/revision"
)

// What an editor had read when they asked for changes is kept beside what is sent
// again, each time anew.
func TestVersions_whatTheEditorHadRead(t *testing.T) {
	each(t, func(h *house) {
		s := h.submit(h.ada, desk.Place, catacombs)
		again := func(s *desk.Submission, body, summary string) *desk.Submission {
			t.Helper()
			asked := h.decide(h.eve, s, desk.Verdict{Action: desk.AskChanges, Text: "More, please."})
			f := fields(catacombs)
			f.Set("body", body)
			s, err := h.desk.Submit(ctx, h.ada, desk.Proposal{ID: s.ID, Version: asked.Version, Kind: desk.Place, Fields: f, Summary: summary})
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		if s.Earlier != nil {
			t.Error("what was sent once has an earlier version")
		}
		second := again(s, "Bones, stacked in rows. They are very old.", "Age")
		third := again(second, "Bones in rows.", "Shorter")
		read, err := h.desk.Of(ctx, h.eve, s.ID)
		if err != nil {
			t.Fatal(err)
		}
		for who, got := range map[string]*desk.Version{"sent": third.Earlier, "read": read.Earlier} {
			if got == nil || got.Fields.Text("body") != "Bones, stacked in rows. They are very old." || got.Summary != "Age" || !got.At.Equal(h.clock.at) {
				t.Errorf("%s: %+v", who, got)
			}
		}
		if h.count("submission_versions", "author IS NOT NULL") != 2 {
			t.Error("not every version is kept")
		}
		if _, err := h.desk.Of(ctx, h.member("Bob", "member"), s.ID); !errs.Is(err, errs.NotFound) {
			t.Error("a stranger reads it:", err)
		}
	})
}

// The author is told when an editor changed something in what they published, and
// reads what; what was published as it was sent is told as such.
func TestMended_toldToTheAuthor(t *testing.T) {
	each(t, func(h *house) {
		last := func() desk.News { return h.news[len(h.news)-1] }
		s := h.submit(h.ada, desk.Place, catacombs)
		same := fields(`{"title":"Catacombs","body":"Bones, in rows.","website":null}`)
		done := h.decide(h.eve, s, desk.Verdict{Action: desk.Publish, Fields: same})
		if m := done.Mended(); len(m) != 2 || m.Text("body") != "Bones, in rows." || string(m["website"]) != "null" || !last().Mended {
			t.Errorf("mended: %s, news %+v", m, last())
		}
		if p := h.place(done.Place); p.Body != "Bones, in rows." || p.Website != "" || p.AddedBy.Name != "Ada" {
			t.Errorf("published: %+v", p)
		}
		e := h.edit(h.ada, done.Place, 1, `{"subtitle":"Deep","website":"https://example.org/deep"}`)
		done = h.decide(h.eve, e, desk.Verdict{Action: desk.Publish})
		if done.Mended() != nil || last().Mended {
			t.Errorf("nothing was changed, and told: %s", done.Mended())
		}
		// A field that the edit left alone, cleared by the editor, is cleared.
		e = h.edit(h.ada, done.Place, 2, `{"subtitle":"Deeper"}`)
		done = h.decide(h.eve, e, desk.Verdict{Action: desk.Publish, Fields: fields(`{"website":null}`)})
		if p := h.place(done.Place); p.Website != "" || p.Subtitle != "Deeper" || string(done.Mended()["website"]) != "null" {
			t.Errorf("not cleared: %q, %s", p.Website, done.Mended())
		}
		if _, err := h.desk.Undo(ctx, h.eve, done.ID); err != nil {
			t.Fatal(err)
		}
		if back, _ := h.desk.Of(ctx, h.ada, done.ID); back.Mended() != nil {
			t.Error("what was undone is still told")
		}
		// Where a protected place lies is no news for its author.
		hidden := h.submit(h.ada, desk.Place, `{"title":"Grove","lat":48.1,"lon":2.1,"location_tier":"hidden","tier_reason":"nesting"}`)
		done = h.decide(h.eve, hidden, desk.Verdict{Action: desk.Publish, Fields: fields(`{"lat":48.123,"lon":2.123,"subtitle":"Green"}`)})
		if m := done.Mended(); len(m) != 1 || m.Text("subtitle") != "Green" {
			t.Errorf("told of a protected place: %s", m)
		}
	})
}

// An editor of a region cannot move a place out of it by changes of their own.
func TestMended_withinTheRegion(t *testing.T) {
	each(t, func(h *house) {
		s := h.submit(h.ada, desk.Place, `{"title":"Fountain","lat":41.9,"lon":12.48,"body":"Water."}`)
		_, err := h.desk.Decide(ctx, h.rome, s.ID, desk.Verdict{Action: desk.Publish, Fields: fields(`{"lat":48.8,"lon":2.3}`)})
		h.fails(err, errs.Denied)
		done := h.decide(h.rome, s, desk.Verdict{Action: desk.Publish, Fields: fields(`{"lat":41.91,"lon":12.49}`)})
		if p := h.place(done.Place); p.At.Lat != 41.91 {
			t.Errorf("within the region it did not move: %v", p.At)
		}
	})
}

// An imported record is changed and published in one step: a revision of the
// editor's over what was imported, which goes with the decision when that is
// undone.
func TestImports_publishedWithChanges(t *testing.T) {
	each(t, func(h *house) {
		lat, lon := 48.0, 2.0
		in := func(r place.Record) *desk.Submission {
			t.Helper()
			if _, err := h.places.Import(ctx, []place.Record{r}, place.ImportOptions{}); err != nil {
				t.Fatal(err)
			}
			q, err := h.desk.Queue(ctx, h.eve, desk.Filter{Kind: desk.Import})
			if err != nil || len(q.Items) != 1 {
				t.Fatal(q, err)
			}
			return q.Items[0]
		}
		rec := place.Record{Source: "s", ID: "1", Title: "One", Body: "It hums.", Website: "https://one.example/", Lat: &lat, Lon: &lon}
		s := in(rec)
		changed := desk.Verdict{Action: desk.Publish, Fields: fields(`{"title":"One, mended","website":null}`)}
		done := h.decide(h.eve, s, changed)
		p := h.place(done.Place)
		if p.Title != "One, mended" || p.Website != "" || p.Body != "It hums." || p.Revision != 2 || len(p.EditedBy) != 1 || p.EditedBy[0].Name != "Eve" {
			t.Errorf("published: %+v", p)
		}
		list, err := h.places.History(ctx, p.ID)
		if err != nil || len(list) != 2 || list[0].Author.Name != "Eve" || list[0].Summary == "" {
			t.Errorf("history: %+v, %v", list, err)
		}
		if _, err := h.desk.Undo(ctx, h.eve, done.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := h.places.ByID(ctx, place.PublicID(p.ID)); !errs.Is(err, errs.NotFound) {
			t.Error("undone, and public still:", err)
		}
		if _, then, err := h.places.Imported(ctx, p.ID); err != nil || then.Text("title") != "One" || then.Text("website") != "https://one.example/" {
			t.Errorf("it does not wait as it came: %s, %v", then, err)
		}
		if h.count("place_credits", "part = 'edited'") != 0 {
			t.Error("a credit is left of what was undone")
		}
		h.decide(h.eve, done, changed)
		if p = h.place(p.ID); p.Title != "One, mended" {
			t.Errorf("published again: %q", p.Title)
		}
		// The same record again is no news; a newer one waits beside the place.
		if total, err := h.places.Import(ctx, []place.Record{rec}, place.ImportOptions{Publish: true}); err != nil || total.Unchanged != 1 {
			t.Errorf("%+v, %v", total, err)
		}
		rec.Title = "One anew"
		n := h.decide(h.eve, in(rec), desk.Verdict{Action: desk.Publish, Fields: fields(`{"subtitle":"It hums at noon."}`)})
		if p = h.place(p.ID); p.Title != "One anew" || p.Subtitle != "It hums at noon." {
			t.Errorf("taken over with a change: %+v", p)
		}
		if _, err := h.desk.Undo(ctx, h.eve, n.ID); err != nil {
			t.Fatal(err)
		}
		if p = h.place(p.ID); p.Title != "One, mended" || p.Subtitle != "" {
			t.Errorf("not as it was: %+v", p)
		}
		if now, then, err := h.places.Imported(ctx, p.ID); err != nil || then.Text("title") != "One anew" || revision.Same(now["title"], then["title"]) {
			t.Errorf("the newer record does not wait any more: %s, %v", then, err)
		}
	})
}
