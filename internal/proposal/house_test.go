package proposal_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/desk"
	"mirabilia/internal/errs"
	"mirabilia/internal/finder"
	"mirabilia/internal/gazetteer"
	"mirabilia/internal/place"
	"mirabilia/internal/proposal"
	"mirabilia/internal/revision"
	"mirabilia/internal/setting"
	"mirabilia/internal/user"
)

// clock is the time of a test.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

// house is an atlas with a desk.
type house struct {
	*testing.T
	db        *db.DB
	clock     *clock
	users     *user.Users
	places    *place.Places
	finder    *finder.Finder
	settings  *setting.Book
	proposals *proposal.Proposals
	desk      *desk.Desk
	news      []desk.News
	ada       actor.Actor // a member
	eve, max  actor.Actor // editors
	rome      actor.Actor // an editor of Italy
}

// each runs body in a fresh house on each engine.
func each(t *testing.T, body func(h *house)) {
	c := &clock{time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)}
	dbtest.EachConfig(t, db.Config{Now: c.now}, func(t *testing.T, d *db.DB) { body(open(t, d, c)) })
}

func open(t *testing.T, d *db.DB, c *clock) *house {
	h := &house{T: t, db: d, clock: c, users: user.New(d), places: place.New(d, gazetteer.Open()), finder: finder.New(), settings: setting.Open(d)}
	h.proposals = proposal.New(h.places, h.finder, h.settings)
	h.desk = desk.New(d, h.settings, h.proposals)
	h.desk.Tell = func(_ *db.Tx, _ int64, n desk.News) error { h.news = append(h.news, n); return nil }
	h.places.SetQueue(proposal.Imports(h.desk))
	h.ada = h.member("Ada", actor.Member)
	h.eve, h.max = h.member("Eve", actor.Editor), h.member("Max", actor.Admin)
	h.rome = h.member("Romolo", actor.Editor)
	h.rome.Regions = []string{"italy"}
	return h
}

func (h *house) member(name string, role actor.Role) actor.Actor {
	h.Helper()
	m, err := h.users.Add(context.Background(), actor.Actor{}, user.Account{Email: name + "@example.org", Name: name, Role: role})
	if err != nil {
		h.Fatal(err)
	}
	return m.Actor()
}

// fields reads fields from JSON.
func fields(s string) revision.Fields {
	var f revision.Fields
	if err := json.Unmarshal([]byte(s), &f); err != nil {
		panic(err)
	}
	return f
}

const catacombs = `{"title":"Catacombs","lat":48.8338,"lon":2.3324,"body":"Bones, stacked in rows. They are old.","tags":["Bones"],"website":"https://example.org/"}`

func (h *house) submit(a actor.Actor, kind desk.Kind, json string) *desk.Submission {
	h.Helper()
	s, err := h.desk.Submit(context.Background(), a, desk.Proposal{Kind: kind, Fields: fields(json)})
	if err != nil {
		h.Fatal(err)
	}
	return s
}

func (h *house) edit(a actor.Actor, of int64, base int, json string) *desk.Submission {
	h.Helper()
	s, err := h.desk.Submit(context.Background(), a, desk.Proposal{Kind: desk.Edit, Place: of, Base: base, Fields: fields(json), Summary: "Because"})
	if err != nil {
		h.Fatal(err)
	}
	return s
}

func (h *house) decide(a actor.Actor, s *desk.Submission, v desk.Verdict) *desk.Submission {
	h.Helper()
	out, err := h.desk.Decide(context.Background(), a, s.ID, v)
	if err != nil {
		h.Fatal(err)
	}
	return out
}

// published is a place that Ada wrote and Eve published.
func (h *house) published() *place.Place {
	h.Helper()
	s := h.decide(h.eve, h.submit(h.ada, desk.Place, catacombs), desk.Verdict{Action: desk.Publish})
	return h.place(s.Place)
}

func (h *house) place(id int64) *place.Place {
	h.Helper()
	p, err := h.places.ByID(context.Background(), place.PublicID(id))
	if err != nil {
		h.Fatal(err)
	}
	return p
}

// index puts what is published into the finder.
func (h *house) index() {
	h.Helper()
	var docs []finder.Doc
	err := h.places.EachDoc(context.Background(), func(d finder.Doc) error { docs = append(docs, d); return nil })
	if err != nil {
		h.Fatal(err)
	}
	h.finder.Apply(docs, nil)
}

// fails wants an error of a code that names these fields.
func (h *house) fails(err error, code errs.Code, names ...string) {
	h.Helper()
	if !errs.Is(err, code) {
		h.Errorf("got %v, want %s", err, code)
		return
	}
	e, _ := err.(*errs.Error)
	for _, want := range names {
		found := false
		for _, f := range e.Fields {
			found = found || f.Field == want
		}
		if !found {
			h.Errorf("%v does not name %s: %v", err, want, e.Fields)
		}
	}
}

func (h *house) count(table, condition string) (n int) {
	h.Helper()
	err := h.db.Read(context.Background(), func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT count(*) FROM ` + table + ` WHERE ` + condition).Scan(&n)
	})
	if err != nil {
		h.Fatal(err)
	}
	return n
}
