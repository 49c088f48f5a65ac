package user_test

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/audit"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/user"
)

func TestLink_goodOnceForOneThing(t *testing.T) {
	c := newClock()
	dbtest.EachConfig(t, c.config(), func(t *testing.T, d *db.DB) {
		u, p := user.New(d), &post{}
		u.WithPost(p.send)
		add(t, u, "ada@example.org", "Ada", actor.Member)
		ask := func(purpose user.Purpose) string {
			t.Helper()
			c.pass(time.Hour) // the address gets so many mails an hour
			if err := u.Ask(t.Context(), purpose, "ada@example.org", "192.0.2.1"); err != nil {
				t.Fatal(err)
			}
			return p.secret(t, purpose)
		}
		old := ask(user.Magic)
		secret := ask(user.Magic)
		for _, wrong := range []struct {
			p      user.Purpose
			secret string
		}{{user.Magic, old}, {user.Verify, secret}, {user.Undo, secret}, {user.Magic, "x"}, {user.Magic, ""}} {
			if _, err := u.Follow(t.Context(), wrong.p, wrong.secret); !errs.Is(err, errs.NotFound) {
				t.Errorf("%v: %v", wrong, err)
			}
		}
		for range 3 { // looking spends nothing
			if m, _, err := u.Linked(t.Context(), user.Magic, secret); err != nil || m.Name != "ada" {
				t.Fatal(m, err)
			}
		}
		var won atomic.Int64
		var wg sync.WaitGroup
		for range 24 {
			wg.Go(func() {
				if _, err := u.Follow(t.Context(), user.Magic, secret); err == nil {
					won.Add(1)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Errorf("%d followed one link", won.Load())
		}
		late := ask(user.Magic)
		c.pass(11 * time.Minute)
		if _, err := u.Follow(t.Context(), user.Magic, late); !errs.Is(err, errs.NotFound) {
			t.Errorf("an old link: %v", err)
		}
		reset := ask(user.Reset)
		if _, err := u.ResetPassword(t.Context(), reset, "password1"); !errs.Is(err, errs.Invalid) {
			t.Errorf("a weak password: %v", err)
		}
		m, err := u.ResetPassword(t.Context(), reset, "nine blue lanterns sing")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := u.Prove(t.Context(), m.Email, goodPassword, here); !errs.Is(err, errs.Invalid) {
			t.Errorf("the old password: %v", err)
		}
		if _, err := u.Prove(t.Context(), m.Email, "nine blue lanterns sing", here); err != nil {
			t.Errorf("the new password: %v", err)
		}
		if _, err := u.ResetPassword(t.Context(), reset, "ten blue lanterns sing"); !errs.Is(err, errs.NotFound) {
			t.Errorf("twice: %v", err)
		}
	})
}

func TestJoin_confirmedByMail(t *testing.T) {
	c := newClock()
	dbtest.EachConfig(t, c.config(), func(t *testing.T, d *db.DB) {
		u, p := user.New(d), &post{}
		u.WithPost(p.send).WithKey([]byte("key"))
		challenge, err := u.Challenge()
		if err != nil {
			t.Fatal(err)
		}
		j := user.Joining{Name: "Ada", Email: "ada@example.org", Password: goodPassword, Network: "192.0.2.1", Proof: user.Work(challenge)}
		bad := j
		bad.Proof += "0"
		if err := u.Join(t.Context(), bad); !errs.Is(err, errs.Invalid) {
			t.Errorf("a wrong proof: %v", err)
		}
		if err := u.Join(t.Context(), j); err != nil {
			t.Fatal(err)
		}
		again := j
		again.Email = "bob@example.org"
		if err := u.Join(t.Context(), again); !errs.Is(err, errs.Invalid) {
			t.Errorf("the proof twice: %v", err)
		}
		if _, err := u.Prove(t.Context(), j.Email, goodPassword, here); !errs.Is(err, errs.Denied) {
			t.Errorf("before the address is confirmed: %v", err)
		}
		if _, err := u.ByName(t.Context(), "ada"); !errs.Is(err, errs.NotFound) {
			t.Errorf("the page of nobody yet: %v", err)
		}
		m, err := u.Follow(t.Context(), user.Verify, p.secret(t, user.Verify))
		if err != nil || m.Verified.IsZero() {
			t.Fatal(m, err)
		}
		if _, err := u.Prove(t.Context(), j.Email, goodPassword, here); err != nil {
			t.Error(err)
		}
		late, err := u.Challenge()
		if err != nil {
			t.Fatal(err)
		}
		again.Proof = user.Work(late)
		c.pass(time.Hour)
		if err := u.Join(t.Context(), again); !errs.Is(err, errs.Invalid) {
			t.Errorf("an old challenge: %v", err)
		}
		again.Proof = ""
		for i := range 6 { // without a proof, few
			again.Email = string(rune('c'+i)) + "@example.org"
			if err := u.Join(t.Context(), again); (err == nil) != (i < 5) {
				t.Errorf("%d without a proof: %v", i, err)
			}
		}
		fields := user.Joining{Email: "x", Password: "short", Network: "192.0.2.3"}
		var e *errs.Error
		if err := u.Join(t.Context(), fields); !asErr(err, &e) || len(e.Fields) != 3 {
			t.Errorf("every field is named: %v", err)
		}
	})
}

func TestChangeEmail_bothEndsAndBack(t *testing.T) {
	c := newClock()
	dbtest.EachConfig(t, c.config(), func(t *testing.T, d *db.DB) {
		u, p := user.New(d), &post{}
		u.WithPost(p.send)
		ada := add(t, u, "ada@example.org", "Ada", actor.Member)
		secret, err := u.Open(t.Context(), ada, here, "")
		if err != nil {
			t.Fatal(err)
		}
		a, _ := u.BySession(t.Context(), secret)
		if err := u.ChangeEmail(t.Context(), a, "new@example.org"); err != nil {
			t.Fatal(err)
		}
		coming, leaving := p.secret(t, user.Coming), p.secret(t, user.Leaving)
		if _, err := u.Follow(t.Context(), user.Coming, coming); err != nil {
			t.Fatal(err)
		}
		if m, _ := u.ByID(t.Context(), ada.ID); m.Email != "ada@example.org" {
			t.Errorf("one end was enough: %s", m.Email)
		}
		m, err := u.Follow(t.Context(), user.Leaving, leaving)
		if err != nil || m.Email != "new@example.org" {
			t.Fatal(m, err)
		}
		if a, _ := u.BySession(t.Context(), secret); a.SignedIn() {
			t.Error("a session outlives the change")
		}
		c.pass(6 * 24 * time.Hour)
		if m, err = u.Follow(t.Context(), user.Undo, p.secret(t, user.Undo)); err != nil || m.Email != "ada@example.org" || m.HasPassword {
			t.Errorf("taken back: %+v, %v", m, err)
		}
	})
}

func TestDecide_aboutOthers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := &post{}
		u := user.New(d).WithPost(p.send)
		ada := add(t, u, "ada@example.org", "Ada", actor.Member)
		ed, lazio, boss := add(t, u, "ed@example.org", "Ed", actor.Editor), add(t, u, "l@example.org", "Lia", actor.Editor), add(t, u, "boss@example.org", "Boss", actor.Admin)
		if err := u.Appoint(t.Context(), boss.Actor(), lazio.ID, actor.Editor, []string{"italy/lazio"}); err != nil {
			t.Fatal(err)
		}
		lazio, _ = u.ByID(t.Context(), lazio.ID)
		secret, _ := u.Open(t.Context(), ada, here, "")
		for name, c := range map[string]struct {
			err  error
			want errs.Code
		}{
			"a member appoints":         {u.Appoint(t.Context(), ada.Actor(), ed.ID, actor.Member, nil), errs.Denied},
			"an editor appoints":        {u.Appoint(t.Context(), ed.Actor(), ada.ID, actor.Editor, nil), errs.Denied},
			"an admin appoints herself": {u.Appoint(t.Context(), boss.Actor(), boss.ID, actor.Member, nil), errs.Denied},
			"a regional editor bans":    {u.SetState(t.Context(), lazio.Actor(), ada.ID, user.Standing{State: user.Banned, Reason: "spam"}), errs.Denied},
			"an editor bans an editor":  {u.SetState(t.Context(), ed.Actor(), lazio.ID, user.Standing{State: user.Banned, Reason: "spam"}), errs.Denied},
			"without a reason":          {u.SetState(t.Context(), ed.Actor(), ada.ID, user.Standing{State: user.Banned, Reason: " "}), errs.Invalid},
			"an editor suspends":        {u.SetState(t.Context(), ed.Actor(), ada.ID, user.Standing{State: user.Suspended, Reason: "spam"}), ""},
		} {
			if errs.CodeOf(c.err) != c.want && (c.want != "" || c.err != nil) {
				t.Errorf("%s: %v", name, c.err)
			}
		}
		if a, _ := u.BySession(t.Context(), secret); a.SignedIn() {
			t.Error("a session outlives a decision")
		}
		m, err := u.Prove(t.Context(), ada.Email, goodPassword, here)
		if err != nil || !m.Actor().Suspended {
			t.Errorf("suspended: %+v, %v", m, err)
		}
		if err := u.SetState(t.Context(), boss.Actor(), ada.ID, user.Standing{State: user.Banned, Reason: "more spam"}); err != nil {
			t.Fatal(err)
		}
		if _, err := u.Prove(t.Context(), ada.Email, goodPassword, here); !errs.Is(err, errs.Denied) {
			t.Errorf("banned: %v", err)
		}
		// Each decision is told by mail with its reason, and again to who asks for a way in.
		if err := u.Ask(t.Context(), user.Magic, ada.Email, "n"); err != nil {
			t.Fatal(err)
		}
		var told []string
		for _, l := range p.list {
			if l.To == ada.Email && l.Reason != "" {
				told = append(told, l.Kind+": "+l.Reason)
			}
		}
		// The newest letter leads to an appeal, as long as the account is closed.
		last := p.list[len(p.list)-1]
		linked := func(purpose user.Purpose) error {
			_, _, err := u.Linked(t.Context(), purpose, strings.TrimPrefix(last.Path, "/link/appeal/"))
			return err
		}
		if _, err := u.Follow(t.Context(), user.Appeal, strings.TrimPrefix(last.Path, "/link/appeal/")); !errs.Is(err, errs.NotFound) {
			t.Errorf("an appeal signs in: %v", err)
		}
		if linked(user.Appeal) != nil || !errs.Is(linked(user.Magic), errs.NotFound) {
			t.Errorf("the link of the letter: %v, as one to sign in: %v", linked(user.Appeal), linked(user.Magic))
		}
		if err := u.SetState(t.Context(), boss.Actor(), ada.ID, user.Standing{State: user.Active}); err != nil {
			t.Fatal(err)
		}
		if err := linked(user.Appeal); !errs.Is(err, errs.NotFound) {
			t.Errorf("an open account appeals: %v", err)
		}
		if want := []string{"suspended: spam", "banned: more spam", "banned: more spam"}; !slices.Equal(told, want) {
			t.Errorf("told %q", told)
		}
		book, err := audit.Of(t.Context(), d, boss.Actor(), user.LogKind, ada.ID, 10)
		if err != nil || len(book) < 3 || book[1].Action != "banned" {
			t.Errorf("audit: %+v, %v", book, err)
		}
	})
}
