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

// What has expired goes, what lives stays, and an address that nobody confirmed
// is free again.
func TestSweep(t *testing.T) {
	c := newClock()
	dbtest.EachConfig(t, c.config(), func(t *testing.T, d *db.DB) {
		u, p := user.New(d), &post{}
		u.WithPost(p.send)
		ada := add(t, u, "ada@example.org", "Ada", actor.Member)
		if err := u.Join(t.Context(), user.Joining{Name: "Eve", Email: "eve@example.org", Password: goodPassword, Network: "192.0.2.1"}); err != nil {
			t.Fatal(err)
		}
		old, err := u.Open(t.Context(), ada, here, "")
		if err != nil {
			t.Fatal(err)
		}
		c.pass(6 * 24 * time.Hour)
		if err := u.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := u.ByEmail(t.Context(), "eve@example.org"); err != nil {
			t.Errorf("gone too soon: %v", err)
		}
		c.pass(25 * 24 * time.Hour)
		fresh, err := u.Open(t.Context(), ada, here, "")
		if err != nil {
			t.Fatal(err)
		}
		if err := u.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := u.ByEmail(t.Context(), "eve@example.org"); !errs.Is(err, errs.NotFound) {
			t.Errorf("never confirmed, and still there: %v", err)
		}
		a, err := u.BySession(t.Context(), fresh)
		if err != nil || !a.SignedIn() {
			t.Fatalf("a session that lives was swept: %v", err)
		}
		if list, err := u.Sessions(t.Context(), a); err != nil || len(list) != 1 {
			t.Errorf("%d sessions, %v", len(list), err)
		}
		if gone, _ := u.BySession(t.Context(), old); gone.SignedIn() {
			t.Error("a session without a sign of life was kept")
		}
	})
}
