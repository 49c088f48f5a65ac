package proposal_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/desk"
	"mirabilia/internal/errs"
	"mirabilia/internal/place"
	"mirabilia/internal/revision"
	"mirabilia/internal/setting"
)

var ctx = context.Background()

func TestRoad_fromPitchToEdit(t *testing.T) {
	each(t, func(h *house) {
		pitch := h.submit(h.ada, desk.Pitch, `{"title":"Catacombs","body":"Bones under the city","address":"Paris"}`)
		if pitch.Status != desk.Waiting {
			t.Fatal(pitch.Status)
		}
		h.decide(h.eve, pitch, desk.Verdict{Action: desk.Publish, Text: "Do write it."})
		mine, err := h.desk.Mine(ctx, h.ada)
		if err != nil || len(mine) != 2 || mine[0].Status != desk.Draft && mine[1].Status != desk.Draft {
			t.Fatalf("an accepted pitch becomes a draft: %v, %v", mine, err)
		}
		draft := mine[0]
		if draft.Status != desk.Draft {
			draft = mine[1]
		}
		sent, err := h.desk.Submit(ctx, h.ada, desk.Proposal{ID: draft.ID, Version: draft.Version, Kind: desk.Place, Fields: fields(catacombs)})
		if err != nil {
			t.Fatal(err)
		}
		asked := h.decide(h.eve, sent, desk.Verdict{Action: desk.AskChanges, Text: "Where is the door?"})
		if asked.Status != desk.Changes {
			t.Fatal(asked.Status)
		}
		again, err := h.desk.Submit(ctx, h.ada, desk.Proposal{ID: draft.ID, Version: asked.Version, Kind: desk.Place, Fields: fields(catacombs)})
		if err != nil || again.Status != desk.Waiting {
			t.Fatal(again, err)
		}
		done := h.decide(h.eve, again, desk.Verdict{Action: desk.Publish})
		p := h.place(done.Place)
		if p.Title != "Catacombs" || p.Destination != "france/ile-de-france/paris" || p.Tags[0] != "bones" || p.AddedBy != (place.Credit{Name: "Ada", URL: "/users/ada"}) {
			t.Errorf("published as %+v", p)
		}
		if len(done.Decisions) != 2 || done.Decisions[0].Text != "Where is the door?" || done.Decisions[1].By.Name != "Eve" {
			t.Errorf("decisions: %+v", done.Decisions)
		}
		if h.count("changes", "kind = 'place'") != 1 || h.count("audit", "action = 'submission.publish'") != 2 || len(h.news) != 4 {
			t.Error("the log, the audit log or the news are missing a line")
		}
		if back := h.news[2]; !back.ToEditor || back.Action != desk.SentAgain || back.Path != "/desk/"+desk.PublicID(done.ID) || back.By.ID != h.ada.ID {
			t.Errorf("who asked for changes is told: %+v", back)
		}
		h.edit(h.max, p.ID, 0, `{"subtitle":"Six million rest here"}`)
		e := h.edit(h.member("Bob", actor.Member), p.ID, 1, `{"title":"Catacombs","subtitle":"Bones in rows"}`)
		if len(e.Fields) != 1 {
			t.Errorf("what an edit leaves as it is was proposed: %v", e.Fields)
		}
		h.decide(h.eve, e, desk.Verdict{Action: desk.Publish})
		p = h.place(p.ID)
		if p.Subtitle != "Bones in rows" || p.Revision != 2 || len(p.EditedBy) != 1 || p.EditedBy[0].Name != "Bob" {
			t.Errorf("edited: %+v", p)
		}
		list, err := h.places.History(ctx, p.ID)
		if err != nil || len(list) != 2 || list[0].Author.Name != "Bob" || list[0].Summary != "Because" || list[1].Author.Name != "Ada" {
			t.Errorf("history: %+v, %v", list, err)
		}
		first, err := h.places.Revision(ctx, p.ID, 1)
		if err != nil || first.Text("subtitle") != "" || first.Text("title") != "Catacombs" {
			t.Errorf("revision 1: %v, %v", first, err)
		}
	})
}

// A fact that only an import knows stays when somebody edits another.
func TestSubmit_importedFactsMayStay(t *testing.T) {
	each(t, func(h *house) {
		lat, lon := 48.83, 2.33
		_, err := h.places.Import(ctx, []place.Record{{Source: "list", ID: "1", Title: "Catacombs", Lat: &lat, Lon: &lon, Facts: map[string]place.Fact{"wifi": {Value: "none"}}}}, place.ImportOptions{Publish: true})
		if err != nil {
			h.Fatal(err)
		}
		p, err := h.places.Find(ctx, "catacombs")
		if err != nil {
			h.Fatal(err)
		}
		h.decide(h.eve, h.edit(h.ada, p.ID, 0, `{"facts":{"wifi":"none","free":true}}`), desk.Verdict{Action: desk.Publish})
		if p = h.place(p.ID); p.Facts["wifi"].Value != "none" || p.Facts["free"].Value != "yes" {
			t.Errorf("facts: %v", p.Facts)
		}
	})
}

func TestSubmit_badFieldsAreNamed(t *testing.T) {
	each(t, func(h *house) {
		for want, json := range map[string]string{
			"title":                               `{"lat":1,"lon":2}`,
			"lat lon":                             `{"title":"A"}`,
			"lat":                                 `{"title":"A","lat":91,"lon":0}`,
			"lon":                                 `{"title":"A","lat":1}`,
			"website":                             `{"title":"A","lat":1,"lon":2,"website":"javascript:alert(1)"}`,
			"status":                              `{"title":"A","lat":1,"lon":2,"status":"haunted"}`,
			"status_date":                         `{"title":"A","lat":1,"lon":2,"status_date":"soon"}`,
			"location_tier":                       `{"title":"A","lat":1,"lon":2,"location_tier":"vague"}`,
			"tags":                                `{"title":"A","lat":1,"lon":2,"tags":"bones"}`,
			"sources[1].url":                      `{"title":"A","lat":1,"lon":2,"sources":["https://a.example",{"url":"ftp://x"}]}`,
			"colour":                              `{"title":"A","lat":1,"lon":2,"colour":"red"}`,
			"facts.free.checked":                  `{"title":"A","lat":1,"lon":2,"facts":{"free":{"value":"yes","checked":"once"}}}`,
			"sources[1]":                          `{"title":"A","lat":1,"lon":2,"sources":["A plaque",7]}`,
			"sources[0].date sources[2].archived": `{"title":"A","lat":1,"lon":2,"sources":[{"title":"A","date":"soon"},{},{"title":"B","archived":"no"}]}`,
			"aliases[1]":                          `{"title":"A","lat":1,"lon":2,"aliases":["B",{"name":3}]}`,
			"facts.dogs":                          `{"title":"A","lat":1,"lon":2,"facts":{"free":true,"dogs":7}}`,
			"facts.smell facts.wifi":              `{"title":"A","lat":1,"lon":2,"facts":{"free":true,"wifi":"yes","smell":"of tar"}}`,
		} {
			_, err := h.desk.Submit(ctx, h.ada, desk.Proposal{Kind: desk.Place, Fields: fields(json)})
			h.fails(err, errs.Invalid, strings.Fields(want)...)
		}
		_, err := h.desk.Submit(ctx, h.ada, desk.Proposal{Kind: desk.Pitch, Fields: fields(`{"title":"A"}`)})
		h.fails(err, errs.Invalid, "lat")
		_, err = h.desk.Submit(ctx, h.ada, desk.Proposal{Kind: desk.Edit, Fields: fields(`{"title":"A"}`)})
		h.fails(err, errs.Invalid, "place")
		_, err = h.desk.Submit(ctx, h.ada, desk.Proposal{Kind: desk.Edit, Place: 77, Fields: fields(`{"title":"A"}`)})
		h.fails(err, errs.Invalid, "place")
		p := h.published()
		_, err = h.desk.Submit(ctx, h.ada, desk.Proposal{Kind: desk.Edit, Place: p.ID, Base: 9, Fields: fields(`{"title":"A"}`)})
		h.fails(err, errs.Invalid, "base")
		_, err = h.desk.Submit(ctx, h.ada, desk.Proposal{Kind: desk.Edit, Place: p.ID, Fields: fields(`{"facts":{"wifi":"yes"}}`)})
		h.fails(err, errs.Invalid, "facts.wifi")
		_, err = h.desk.Submit(ctx, h.ada, desk.Proposal{Kind: desk.Edit, Place: p.ID, Fields: fields(`{"title":""}`)})
		h.fails(err, errs.Invalid, "title")
		_, err = h.desk.Submit(ctx, h.ada, desk.Proposal{Kind: desk.Edit, Place: p.ID, Fields: fields(`{"title":"Catacombs"}`)})
		h.fails(err, errs.Invalid, "fields")
		_, err = h.desk.Submit(ctx, actor.Actor{}, desk.Proposal{Kind: desk.Place, Fields: fields(catacombs)})
		h.fails(err, errs.Unsigned)
		short := h.submit(h.ada, desk.Place, `{"title":"B","lat":1,"lon":2,"sources":["https://example.org/a"],"facts":{"free":true},"aliases":["Beta"],"photos":[],"revision":3}`)
		if string(short.Fields["facts"]) != `{"free":{"value":"yes"}}` || string(short.Fields["sources"]) != `[{"url":"https://example.org/a"}]` {
			t.Errorf("short forms: %s", short.Fields)
		}
	})
}

func TestEdits_mergeAndConflict(t *testing.T) {
	each(t, func(h *house) {
		p := h.published()
		a := h.edit(h.ada, p.ID, 1, `{"body":"Many bones, stacked in rows. They are old."}`)
		b := h.edit(h.member("Bob", actor.Member), p.ID, 1, `{"body":"Bones, stacked in rows. They are very old.","website":null}`)
		c := h.edit(h.member("Cleo", actor.Member), p.ID, 1, `{"body":"Skulls, stacked in rows. They are old.","tags":["bones","skulls"]}`)
		h.decide(h.eve, a, desk.Verdict{Action: desk.Publish, Only: []string{"body"}})
		if told := h.news[len(h.news)-1]; told.Mended {
			t.Errorf("all of it was taken, one by one, and its author is told otherwise: %+v", told)
		}
		h.decide(h.eve, b, desk.Verdict{Action: desk.Publish})
		p = h.place(p.ID)
		if p.Body != "Many bones, stacked in rows. They are very old." || p.Website != "" {
			t.Errorf("both edits stand: %q %q", p.Body, p.Website)
		}
		_, err := h.desk.Decide(ctx, h.eve, c.ID, desk.Verdict{Action: desk.Publish})
		h.fails(err, errs.Conflict, "body")
		still, err := h.desk.Of(ctx, h.eve, c.ID)
		if err != nil || still.Status != desk.Waiting || len(still.Decisions) != 0 {
			t.Errorf("a conflict decides nothing: %+v, %v", still, err)
		}
		h.decide(h.eve, c, desk.Verdict{Action: desk.Publish, Only: []string{"tags"}})
		if told := h.news[len(h.news)-1]; !told.Mended {
			t.Errorf("only the tags were taken, and their author is told of all: %+v", told)
		}
		if p = h.place(p.ID); len(p.Tags) != 2 || !strings.HasPrefix(p.Body, "Many") || len(p.EditedBy) != 2 {
			t.Errorf("only the tags: %+v", p)
		}
	})
}

func TestDecide_twiceOnce(t *testing.T) {
	each(t, func(h *house) {
		s := h.submit(h.ada, desk.Place, catacombs)
		if _, err := h.desk.Claim(ctx, h.eve, s.ID); err != nil {
			t.Fatal(err)
		}
		_, err := h.desk.Decide(ctx, h.max, s.ID, desk.Verdict{Action: desk.Publish})
		h.fails(err, errs.Conflict)
		_, err = h.desk.Claim(ctx, h.max, s.ID)
		h.fails(err, errs.Conflict)
		h.clock.at = h.clock.at.Add(16 * time.Minute) // the lease is over
		h.decide(h.max, s, desk.Verdict{Action: desk.Publish})
		_, err = h.desk.Decide(ctx, h.eve, s.ID, desk.Verdict{Action: desk.Decline, Reason: "other", Text: "Not here."})
		h.fails(err, errs.Conflict)
		if !strings.Contains(err.Error(), "published") || !strings.Contains(err.Error(), "Max") {
			t.Errorf("it does not tell what stands: %v", err)
		}
		s = h.decide(h.max, h.submit(h.ada, desk.Place, catacombs), desk.Verdict{Action: desk.AskChanges, Text: "More?"})
		_, err = h.desk.Decide(ctx, h.eve, s.ID, desk.Verdict{Action: desk.Publish})
		if h.fails(err, errs.Conflict); err != nil && !strings.HasSuffix(err.Error(), "by Max: changes are asked for.") {
			t.Errorf("it does not tell what stands: %v", err)
		}
		// Many at once.
		s = h.submit(h.ada, desk.Place, catacombs)
		results := make(chan error, 16)
		for i := range cap(results) {
			a := h.eve
			if i%2 == 1 {
				a = h.max
			}
			go func() {
				_, err := h.desk.Decide(ctx, a, s.ID, desk.Verdict{Action: desk.Publish})
				results <- err
			}()
		}
		done := 0
		for range cap(results) {
			if err := <-results; err == nil {
				done++
			} else {
				h.fails(err, errs.Conflict)
			}
		}
		if done != 1 || h.count("places", "state = 'published'") != 2 || h.count("decisions", "action = 'publish'") != 2 {
			t.Errorf("%d of the decisions were made", done)
		}
		m, err := h.users.ByID(ctx, h.ada.ID)
		if err != nil || m.Accepted != 2 || m.Level != actor.Known {
			t.Errorf("trust: %+v, %v", m, err)
		}
	})
}

func TestDecide_whoMay(t *testing.T) {
	each(t, func(h *house) {
		s := h.submit(h.ada, desk.Place, catacombs)
		for _, a := range []struct {
			actor.Actor
			want errs.Code
		}{{actor.Actor{}, errs.Unsigned}, {h.ada, errs.Denied}, {h.rome, errs.Denied}} {
			_, err := h.desk.Decide(ctx, a.Actor, s.ID, desk.Verdict{Action: desk.Publish})
			h.fails(err, a.want)
		}
		own := h.submit(h.eve, desk.Place, catacombs)
		_, err := h.desk.Decide(ctx, h.eve, own.ID, desk.Verdict{Action: desk.Publish})
		h.fails(err, errs.Denied)
		_, err = h.desk.Of(ctx, h.member("Bob", actor.Member), s.ID)
		h.fails(err, errs.NotFound)
		roman := h.submit(h.ada, desk.Place, `{"title":"Pyramid","lat":41.8764,"lon":12.4809}`)
		if q, err := h.desk.Queue(ctx, h.rome, desk.Filter{}); err != nil || len(q.Items) != 1 || q.Items[0].ID != roman.ID {
			t.Errorf("a regional editor's queue: %+v, %v", q, err)
		}
		r := h.decide(h.rome, roman, desk.Verdict{Action: desk.Publish})
		away := h.edit(h.ada, r.Place, 0, `{"lat":48.85,"lon":2.35}`)
		_, err = h.desk.Decide(ctx, h.rome, away.ID, desk.Verdict{Action: desk.Publish})
		h.fails(err, errs.Denied)
		for _, v := range []desk.Verdict{{Action: "burn"}, {Action: desk.Decline, Reason: "ugly"}, {Action: desk.MarkDuplicate}, {Action: desk.Publish, Only: []string{"colour"}}} {
			_, err := h.desk.Decide(ctx, h.max, s.ID, v)
			h.fails(err, errs.Invalid)
		}
	})
}

func TestUndo_window(t *testing.T) {
	each(t, func(h *house) {
		s := h.decide(h.eve, h.submit(h.ada, desk.Place, catacombs), desk.Verdict{Action: desk.Publish})
		slug := h.place(s.Place).Slug
		back, err := h.desk.Undo(ctx, h.eve, s.ID)
		if err != nil || back.Status != desk.Waiting || back.Decisions[0].Undone.IsZero() {
			t.Fatalf("undone: %+v, %v", back, err)
		}
		_, err = h.places.BySlug(ctx, slug)
		h.fails(err, errs.NotFound)
		if m, err := h.users.ByID(ctx, h.ada.ID); err != nil || m.Accepted != 0 || m.Level != actor.New {
			t.Errorf("trust is taken back: %+v, %v", m, err)
		}
		again := h.decide(h.eve, back, desk.Verdict{Action: desk.Publish})
		if again.Place != s.Place || h.place(s.Place).Slug != slug {
			t.Error("published again it is another place")
		}
		p := h.place(s.Place)
		e := h.decide(h.eve, h.edit(h.member("Bob", actor.Member), p.ID, 0, `{"title":"Ossuary","website":null}`), desk.Verdict{Action: desk.Publish})
		h.decide(h.eve, h.edit(h.member("Cleo", actor.Member), p.ID, 0, `{"subtitle":"Deep"}`), desk.Verdict{Action: desk.Publish})
		if _, err := h.desk.Undo(ctx, h.eve, e.ID); err != nil {
			t.Fatal(err)
		}
		p = h.place(p.ID)
		if p.Title != "Catacombs" || p.Website == "" || p.Subtitle != "Deep" || len(p.EditedBy) != 1 || p.EditedBy[0].Name != "Cleo" {
			t.Errorf("an edit undone leaves the later one: %+v", p)
		}
		_, err = h.desk.Undo(ctx, h.max, again.ID)
		h.fails(err, errs.Denied)
		h.clock.at = h.clock.at.Add(31 * time.Second)
		_, err = h.desk.Undo(ctx, h.eve, again.ID)
		h.fails(err, errs.Conflict)
	})
}

func TestAppeal_once(t *testing.T) {
	each(t, func(h *house) {
		s := h.decide(h.eve, h.submit(h.ada, desk.Place, catacombs), desk.Verdict{Action: desk.Decline, Reason: "well-known", Text: "Everybody knows it."})
		if _, err := h.desk.AppealTo(ctx, h.ada, s.ID, "Not the ones I mean."); err != nil {
			t.Fatal(err)
		}
		h.submit(h.ada, desk.Place, `{"title":"Grotto","lat":1,"lon":32}`)
		for _, f := range []desk.Filter{{Appeals: true}, {Appeals: true, Kind: desk.Place, Author: h.ada.ID}} {
			if q, err := h.desk.Queue(ctx, h.max, f); err != nil || len(q.Items) != 1 || q.Items[0].ID != s.ID {
				t.Errorf("the appeals of %+v: %+v, %v", f, q.Items, err)
			}
		}
		s = h.decide(h.max, s, desk.Verdict{Action: desk.Decline, Reason: "other", Text: "Not here."})
		if s.Decisions[2].Reason != "other" || s.Decisions[1].Action != desk.Appeal {
			t.Errorf("decisions: %+v", s.Decisions)
		}
		_, err := h.desk.AppealTo(ctx, h.ada, s.ID, "Please!")
		h.fails(err, errs.Conflict)
		n, err := h.desk.Numbers(ctx)
		if err != nil || n.Waiting != 1 || n.Accepted != 0 || n.Reasons["other"] != 0 {
			t.Errorf("numbers: %+v, %v", n, err)
		}
	})
}

// Of two windows that mend the same submission the second is told of the first.
func TestSubmit_twoWindows(t *testing.T) {
	each(t, func(h *house) {
		const text = `{"title":"Grotto","lat":1,"lon":32}`
		s := h.decide(h.eve, h.submit(h.ada, desk.Place, text), desk.Verdict{Action: desk.AskChanges, Text: "More?"})
		again := desk.Proposal{ID: s.ID, Version: s.Version, Kind: desk.Place, Fields: fields(text)}
		b, err := h.desk.Submit(ctx, h.ada, again)
		if err != nil || b.Status != desk.Waiting {
			t.Fatal(b, err)
		}
		_, err = h.desk.Submit(ctx, h.ada, again)
		h.fails(err, errs.Conflict)
		h.decide(h.eve, b, desk.Verdict{Action: desk.AskChanges, Text: "And more?"})
		_, err = h.desk.Submit(ctx, h.ada, again)
		h.fails(err, errs.Conflict)
		if err := h.desk.Withdraw(ctx, h.ada, b.ID); err != nil {
			t.Fatal(err)
		}
		h.fails(h.desk.Withdraw(ctx, h.ada, b.ID), errs.Conflict)
		h.fails(h.desk.Withdraw(ctx, h.eve, b.ID), errs.NotFound)
	})
}

func TestTrust_levelsLimitsAndLive(t *testing.T) {
	each(t, func(h *house) {
		err := h.settings.Update(ctx, func(s *setting.Settings) {
			s.Contributing.TrustedAfter, s.Contributing.DailyNew, s.Contributing.DailyKnown, s.Contributing.SampleOneIn = 3, 2, 3, 1
			s.Contributing.BlockedDomains = []string{"spam.example"}
		})
		if err != nil {
			t.Fatal(err)
		}
		first, second := h.submit(h.ada, desk.Place, catacombs), h.submit(h.ada, desk.Place, catacombs)
		_, err = h.desk.Submit(ctx, h.ada, desk.Proposal{Kind: desk.Place, Fields: fields(catacombs)})
		h.fails(err, errs.TooMany)
		s := h.decide(h.eve, first, desk.Verdict{Action: desk.Publish})
		h.ada.Level = actor.Known
		h.decide(h.eve, h.submit(h.ada, desk.Place, catacombs), desk.Verdict{Action: desk.Publish})
		h.decide(h.eve, second, desk.Verdict{Action: desk.Publish})
		m, err := h.users.ByID(ctx, h.ada.ID)
		if err != nil || m.Level != actor.Trusted {
			t.Fatalf("%+v, %v", m, err)
		}
		h.ada = m.Actor()
		live := h.edit(h.ada, s.Place, 0, `{"facts":{"free":{"value":"no"}},"website":"https://catacombs.example/"}`)
		if live.Status != desk.Published || !live.Live || h.place(s.Place).Website != "https://catacombs.example/" {
			t.Errorf("a trusted member's fact is not live: %+v", live)
		}
		if slow := h.edit(h.ada, s.Place, 0, `{"title":"Ossuary"}`); slow.Status != desk.Waiting {
			t.Error("a title went live")
		}
		if spam := h.edit(h.ada, s.Place, 0, `{"website":"https://www.spam.example/"}`); spam.Status != desk.Waiting || len(spam.Findings) == 0 {
			t.Error("a blocked link went live")
		}
		q, err := h.desk.Queue(ctx, h.eve, desk.Filter{Sampled: true})
		if err != nil || len(q.Items) != 1 || q.Items[0].ID != live.ID {
			t.Fatalf("sampled: %+v, %v", q, err)
		}
		h.decide(h.eve, live, desk.Verdict{Action: desk.Decline, Reason: "unverifiable"})
		if h.place(s.Place).Website != "https://example.org/" {
			t.Error("what was live and declined still stands")
		}
		if m, _ := h.users.ByID(ctx, h.ada.ID); m.Level != actor.Known {
			t.Error("a declined sample did not lower the trust:", m.Level)
		}
	})
}

func TestImports_waitOnTheDesk(t *testing.T) {
	each(t, func(h *house) {
		rec := func(id, title string) place.Record {
			lat, lon := 48.0, 2.0
			return place.Record{Source: "s", ID: id, Title: title, Lat: &lat, Lon: &lon}
		}
		in := func(o place.ImportOptions, list ...place.Record) {
			if _, err := h.places.Import(ctx, list, o); err != nil {
				t.Fatal(err)
			}
		}
		in(place.ImportOptions{}, rec("1", "One"), rec("2", "Two"), rec("3", "Three"))
		q, err := h.desk.Queue(ctx, h.eve, desk.Filter{Kind: desk.Import, In: "france"})
		if err != nil || len(q.Items) != 3 {
			t.Fatalf("%+v, %v", q, err)
		}
		s := h.decide(h.eve, q.Items[0], desk.Verdict{Action: desk.Publish})
		if h.place(s.Place).State != place.Published {
			t.Error("not published")
		}
		h.decide(h.eve, q.Items[1], desk.Verdict{Action: desk.Decline, Reason: "other", Text: "Not here."})
		in(place.ImportOptions{Publish: true}, rec("1", "One"), rec("2", "Two"), rec("3", "Three"))
		if q, _ = h.desk.Queue(ctx, h.eve, desk.Filter{}); len(q.Items) != 0 {
			t.Errorf("still waiting: %+v", q.Items)
		}
		in(place.ImportOptions{}, rec("1", "One anew"))
		q, _ = h.desk.Queue(ctx, h.eve, desk.Filter{})
		if len(q.Items) != 1 || q.Items[0].Title != "One anew" {
			t.Fatalf("a newer record of a public place waits: %+v", q.Items)
		}
		n := h.decide(h.eve, q.Items[0], desk.Verdict{Action: desk.Publish})
		if h.place(n.Place).Title != "One anew" {
			t.Error("the newer record was not taken over")
		}
		if _, err := h.desk.Undo(ctx, h.eve, n.ID); err != nil || h.place(n.Place).Title != "One" {
			t.Error("not undone:", err)
		}
		h.decide(h.eve, n, desk.Verdict{Action: desk.Publish})
		if h.place(n.Place).Title != "One anew" {
			t.Error("not taken over again")
		}
	})
}

// What protects a place reaches its past, its edits and what may be read of
// them.
func TestProtected_leaksNowhere(t *testing.T) {
	each(t, func(h *house) {
		p := h.published()
		e := h.edit(h.ada, p.ID, 1, `{"subtitle":"Deep","lat":48.8338,"lon":2.3324,"title":"Catacombs"}`)
		if err := h.places.SetTier(ctx, p.ID, place.Approximate, "Fragile"); err != nil {
			t.Fatal(err)
		}
		near := h.place(p.ID).At
		h.decide(h.eve, e, desk.Verdict{Action: desk.Publish})
		p = h.place(p.ID)
		truth, err := h.places.TruePosition(ctx, p.ID)
		if err != nil || truth.Lat != 48.8338 || *p.At != *near || p.Subtitle != "Deep" {
			t.Errorf("an edit moved it: %v, %v, %v", truth, p.At, err)
		}
		for n := 1; n <= p.Revision; n++ {
			f, err := h.places.Revision(ctx, p.ID, n)
			if err != nil || f["lat"] != nil || f["lon"] != nil {
				t.Errorf("revision %d tells a position: %s, %v", n, f, err)
			}
		}
		if h.count("place_revisions", "lat IS NOT NULL") != 0 || h.count("place_revisions", "snapshot LIKE '%48.83%'") != 0 {
			t.Error("the past tells a position")
		}
		err = h.db.Write(ctx, func(tx *db.Tx) error {
			_, err := h.places.Restore(tx, p.ID, 1, place.Credit{Name: "Eve", URL: "/users/eve"}, "Back")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if now := h.place(p.ID); now.Subtitle != "" || *now.At != *near || now.Tier != place.Approximate {
			t.Errorf("restored: %+v", now)
		}
		hidden := h.decide(h.eve, h.submit(h.ada, desk.Place, `{"title":"Grove","lat":48.123456,"lon":2.123456,"location_tier":"hidden","body":"Near 48.123456, 2.123456 it is"}`), desk.Verdict{Action: desk.Publish})
		if g := h.place(hidden.Place); g.At != nil || g.Destination != "france" {
			t.Errorf("a hidden place shows %v in %s", g.At, g.Destination)
		}
		if len(hidden.Findings) == 0 || !has(hidden.Findings, "position-in-text") {
			t.Errorf("coordinates in its text were not noticed: %+v", hidden.Findings)
		}
	})
}

func has(list []desk.Finding, check string) bool {
	for _, f := range list {
		if f.Check == check {
			return true
		}
	}
	return false
}

func TestEdit_undoneMergeKeepsRevisionFields(t *testing.T) {
	each(t, func(h *house) {
		p := h.published()
		before := place.FieldsOf(p)
		e := h.decide(h.eve, h.edit(h.ada, p.ID, 0, `{"title":"X","tags":[],"facts":{"dogs":{"value":"no"}},"status":"closed","status_date":"2026"}`), desk.Verdict{Action: desk.Publish})
		if _, err := h.desk.Undo(ctx, h.eve, e.ID); err != nil {
			t.Fatal(err)
		}
		if changed := revision.Changed(before, place.FieldsOf(h.place(p.ID))); changed != nil {
			t.Errorf("undone, it still differs in %v", changed)
		}
	})
}

func TestRollback_leavesOthersWork(t *testing.T) {
	each(t, func(h *house) {
		p := h.published()
		bob, cleo := h.member("Bob", actor.Member), h.member("Cleo", actor.Member)
		publish := func(a actor.Actor, json string) {
			h.decide(h.eve, h.edit(a, p.ID, 0, json), desk.Verdict{Action: desk.Publish})
		}
		publish(bob, `{"title":"Bob's Bones"}`)
		publish(cleo, `{"subtitle":"Deep"}`)
		publish(bob, `{"website":"https://bob.example/"}`)
		publish(bob, `{"tags":["bob"]}`)
		publish(cleo, `{"website":"https://cleo.example/"}`)
		spam := h.decide(h.eve, h.submit(bob, desk.Place, `{"title":"Bob's Bar","lat":1,"lon":32}`), desk.Verdict{Action: desk.Publish})
		_, err := h.desk.Rollback(ctx, h.rome, bob.ID, "Spam")
		h.fails(err, errs.Denied)
		done, err := h.desk.Rollback(ctx, h.eve, bob.ID, "Spam")
		if err != nil || done.Undone != 3 || len(done.Left) != 1 {
			t.Fatalf("%+v, %v", done, err)
		}
		p = h.place(p.ID)
		if p.Title != "Catacombs" || p.Subtitle != "Deep" || p.Website != "https://cleo.example/" || len(p.Tags) != 1 || p.Tags[0] != "bones" {
			t.Errorf("rolled back: %+v", p)
		}
		_, err = h.places.ByID(ctx, place.PublicID(spam.Place))
		h.fails(err, errs.NotFound)
		if m, err := h.users.ByID(ctx, bob.ID); err != nil || m.Accepted != 1 || m.Declined != 3 {
			t.Errorf("trust: %+v, %v", m, err)
		}
	})
}

func TestJoin_carriesOver(t *testing.T) {
	each(t, func(h *house) {
		p := h.published()
		other := h.decide(h.eve, h.submit(h.member("Bob", actor.Member), desk.Place, `{"title":"Paris Catacombs","lat":48.8339,"lon":2.3325}`), desk.Verdict{Action: desk.Publish})
		for id, n := range map[int64]int{p.ID: 1, other.Place: 2} {
			if err := h.places.Illustrate(ctx, id, make([]place.Photo, n)); err != nil {
				t.Fatal(err)
			}
		}
		carried := int64(0)
		h.places.SetCarriers(place.Carrier{
			Carry: func(_ *db.Tx, j place.Joint) error { carried = j.From; return nil },
			Back:  func(_ *db.Tx, j place.Joint) error { carried = -j.From; return nil },
		})
		h.fails(h.proposals.Join(ctx, h.rome, other.Place, p.ID, ""), errs.Denied)
		h.fails(h.proposals.Join(ctx, h.eve, p.ID, p.ID, ""), errs.Invalid)
		if err := h.proposals.Join(ctx, h.eve, other.Place, p.ID, "The same"); err != nil {
			t.Fatal(err)
		}
		now := h.place(p.ID)
		if len(now.Photos) != 3 || now.PhotoCount != 3 || len(now.EditedBy) != 1 || now.EditedBy[0].Name != "Bob" || carried != other.Place {
			t.Errorf("joined: %d pictures, %+v, carried %d", len(now.Photos), now.EditedBy, carried)
		}
		_, err := h.places.BySlug(ctx, "paris-catacombs")
		h.fails(err, errs.Moved)
		joints, err := h.places.Joined(ctx, p.ID)
		if err != nil || len(joints) != 1 || joints[0].Slug != "paris-catacombs" {
			t.Fatal(joints, err)
		}
		_, _, err = h.proposals.Part(ctx, h.rome, joints[0].ID)
		h.fails(err, errs.Denied)
		_, _, err = h.proposals.Part(ctx, h.ada, joints[0].ID)
		h.fails(err, errs.Denied)
		if _, _, err = h.proposals.Part(ctx, h.eve, joints[0].ID); err != nil {
			t.Fatal(err)
		}
		_, _, err = h.proposals.Part(ctx, h.eve, joints[0].ID)
		h.fails(err, errs.NotFound)
		one, two := h.place(p.ID), h.place(other.Place)
		if len(one.Photos) != 1 || one.PhotoCount != 1 || len(one.EditedBy) != 0 || len(two.Photos) != 2 || two.AddedBy.Name != "Bob" || carried != -other.Place {
			t.Errorf("two again: %d and %d pictures, %+v, carried %d", len(one.Photos), len(two.Photos), one.EditedBy, carried)
		}
		if found, err := h.places.BySlug(ctx, "paris-catacombs"); err != nil || found.ID != other.Place {
			t.Errorf("%+v, %v", found, err)
		}
		if faults, err := h.places.Check(ctx); err != nil || len(faults) != 0 {
			t.Errorf("faults: %v, %v", faults, err)
		}
	})
}

func TestDecide_onlySomeOfAPlace(t *testing.T) {
	each(t, func(h *house) {
		s := h.submit(h.ada, desk.Place, `{"title":"Grove","lat":48.12,"lon":2.12,"location_tier":"hidden","body":"Old oaks.","website":"https://example.org/"}`)
		s = h.decide(h.eve, s, desk.Verdict{Action: desk.Publish, Only: []string{"body"}})
		if p := h.place(s.Place); p.Title != "Grove" || p.Body != "Old oaks." || p.Website != "" || p.Tier != place.Hidden || p.At != nil {
			t.Errorf("published as %+v", p)
		}
	})
}
