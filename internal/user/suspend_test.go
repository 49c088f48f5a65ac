package user_test

import (
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/user"
)

// A suspension that has a day ends by itself on it, and no other.
func TestLift_endsWhatIsOver(t *testing.T) {
	c := newClock()
	dbtest.EachConfig(t, c.config(), func(t *testing.T, d *db.DB) {
		p := &post{}
		u := user.New(d).WithPost(p.send)
		boss := add(t, u, "boss@example.org", "Boss", actor.Admin)
		until := c.now().Add(48 * time.Hour)
		short, long, ever := add(t, u, "a@example.org", "A", actor.Member), add(t, u, "b@example.org", "B", actor.Member), add(t, u, "c@example.org", "C", actor.Member)
		for m, day := range map[*user.Member]time.Time{short: until, long: until.Add(time.Hour), ever: {}} {
			if err := u.SetState(t.Context(), boss.Actor(), m.ID, user.Standing{State: user.Suspended, Reason: "spam", Until: day}); err != nil {
				t.Fatal(err)
			}
		}
		if err := u.SetState(t.Context(), boss.Actor(), short.ID, user.Standing{State: user.Suspended, Reason: "spam", Until: c.now()}); !errs.Is(err, errs.Invalid) {
			t.Errorf("a day that is over: %v", err)
		}
		state := func(m *user.Member) user.State {
			now, err := u.ByID(t.Context(), m.ID)
			if err != nil {
				t.Fatal(err)
			}
			return now.State
		}
		lift := func() {
			if err := u.Lift(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		lift()
		if state(short) != user.Suspended {
			t.Error("ended too soon")
		}
		c.pass(48 * time.Hour)
		lift()
		if n := len(p.list); n != 4 || p.list[n-1].To != "a@example.org" || p.list[n-1].Kind != string(user.Active) {
			t.Errorf("its owner is told %+v", p.list)
		}
		if state(short) != user.Active || state(long) != user.Suspended || state(ever) != user.Suspended {
			t.Errorf("after two days: %s, %s, %s", state(short), state(long), state(ever))
		}
		if m, _ := u.ByID(t.Context(), short.ID); m.Reason != "" || !m.Until.IsZero() {
			t.Errorf("a trace is left: %q, %s", m.Reason, m.Until)
		}
		log, err := u.LogOf(t.Context(), boss.Actor(), short.ID, 5)
		if err != nil || len(log) == 0 || log[0].Action != string(user.Active) {
			t.Errorf("the audit log: %+v, %v", log, err)
		}
		// Whoever is banned meanwhile stays so.
		if err := u.SetState(t.Context(), boss.Actor(), long.ID, user.Standing{State: user.Banned, Reason: "more", Until: until.Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
		c.pass(48 * time.Hour)
		lift()
		if state(long) != user.Banned {
			t.Errorf("a ban ended by itself: %s", state(long))
		}
		c.pass(-96 * time.Hour)
	})
}

// What is decided about an account whose address nobody has confirmed is not told
// there: somebody may have joined with another's.
func TestSetState_unconfirmed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := &post{}
		u := user.New(d).WithPost(p.send)
		boss := add(t, u, "boss@example.org", "Boss", actor.Admin)
		m, err := u.Add(t.Context(), actor.Actor{}, user.Account{Email: "eve@example.org", Name: "Eve", Role: actor.Member, Password: goodPassword})
		if err != nil {
			t.Fatal(err)
		}
		p.list = nil
		for _, state := range []user.State{user.Suspended, user.Active, user.Banned} {
			if err := u.SetState(t.Context(), boss.Actor(), m.ID, user.Standing{State: state, Reason: "spam"}); err != nil {
				t.Fatal(err)
			}
		}
		if len(p.list) != 0 {
			t.Errorf("told %+v", p.list)
		}
		if err := u.Ask(t.Context(), user.Magic, m.Email, "192.0.2.1"); err != nil {
			t.Fatal(err)
		}
		if len(p.list) != 1 || p.list[0].Kind != user.NoAccount || p.list[0].Shown != "" {
			t.Errorf("who asks is told %+v", p.list)
		}
	})
}
