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

func TestToken_scopeAndEnd(t *testing.T) {
	now := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	dbtest.EachConfig(t, db.Config{Now: func() time.Time { return now }}, func(t *testing.T, d *db.DB) {
		start := now
		defer func() { now = start }()
		p := &post{}
		u := user.New(d).WithPost(p.send)
		ada := add(t, u, "ada@example.org", "Ada", actor.Editor)
		secret, err := u.AddToken(t.Context(), ada.Actor(), user.Token{Member: ada.ID, Name: "script", Scope: actor.Edit, Lasts: time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		if len(p.list) != 1 || p.list[0].Kind != user.TokenMade || p.list[0].To != "ada@example.org" {
			t.Errorf("its owner is told %+v", p.list)
		}
		a, err := u.ByToken(t.Context(), secret)
		if err != nil || a.ID != ada.ID || a.Scope != actor.Edit || a.Token == 0 || a.Session != 0 {
			t.Fatalf("%+v, %v", a, err)
		}
		if list, err := u.Tokens(t.Context(), ada.Actor()); err != nil || len(list) != 1 || !list[0].Used.Equal(now) || list[0].Name != "script" {
			t.Errorf("%+v, %v", list, err)
		}
		for _, bad := range []string{"", "mir_", secret[:len(secret)-1], secret + "0", "mir_" + secret[4:12] + other(secret[12:14]) + secret[14:]} {
			if _, err := u.ByToken(t.Context(), bad); !errs.Is(err, errs.Unsigned) {
				t.Errorf("%q: %v", bad, err)
			}
		}
		if _, err := u.AddToken(t.Context(), ada.Actor(), user.Token{Member: ada.ID, Scope: actor.Administer}); !errs.Is(err, errs.Invalid) {
			t.Errorf("more than the role: %v", err)
		}
		// The operator writes down what is to come; until then the role decides.
		tall, err := u.AddToken(t.Context(), actor.Actor{}, user.Token{Member: ada.ID, Scope: actor.Administer})
		if err != nil {
			t.Fatal(err)
		}
		if a, err := u.ByToken(t.Context(), tall); err != nil || !errs.Is(a.NeedsScope(actor.Administer), errs.Denied) || a.NeedsScope(actor.Edit) != nil {
			t.Errorf("a token above the role: %+v, %v", a, err)
		}
		now = now.Add(time.Hour)
		if _, err := u.ByToken(t.Context(), secret); !errs.Is(err, errs.Unsigned) {
			t.Errorf("expired: %v", err)
		}
		again, err := u.AddToken(t.Context(), ada.Actor(), user.Token{Member: ada.ID, Scope: actor.Edit})
		if err != nil {
			t.Fatal(err)
		}
		bob := add(t, u, "bob@example.org", "Bob", actor.Member)
		if err := u.RevokeToken(t.Context(), bob.Actor(), a.Token); !errs.Is(err, errs.NotFound) {
			t.Errorf("another's token: %v", err)
		}
		b, err := u.ByToken(t.Context(), again)
		if err != nil {
			t.Fatal(err)
		}
		if err := u.RevokeToken(t.Context(), ada.Actor(), b.Token); err != nil {
			t.Fatal(err)
		}
		if _, err := u.ByToken(t.Context(), again); !errs.Is(err, errs.Unsigned) {
			t.Errorf("revoked: %v", err)
		}
	})
}

// other is two digits that are not these.
func other(digits string) string {
	if digits == "00" {
		return "11"
	}
	return "00"
}
