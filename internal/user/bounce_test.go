package user_test

import (
	"strings"
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/user"
)

// An address that letters came back from is closed until its member has
// confirmed it anew, or another one.
func TestBounced(t *testing.T) {
	c := newClock()
	dbtest.EachConfig(t, c.config(), func(t *testing.T, d *db.DB) {
		u, p := user.New(d), &post{}
		u.WithPost(p.send)
		ada, ben := add(t, u, "ada@example.org", "Ada", actor.Member), add(t, u, "ben@example.org", "Ben", actor.Member)
		closed := func(email string, want bool) {
			t.Helper()
			if is, err := u.Closed(t.Context(), email); err != nil || is != want {
				t.Errorf("%s closed: %t, %v", email, is, err)
			}
		}
		if err := u.ConfirmAnew(t.Context(), ada.Actor()); !errs.Is(err, errs.Conflict) {
			t.Errorf("nothing to confirm: %v", err)
		}
		for range 2 { // letters of a moment come back together
			if err := u.Bounced(t.Context(), "ada@example.org", "550 no such\n mailbox "+strings.Repeat("é", 400)); err != nil {
				t.Fatal(err)
			}
		}
		if err := u.Bounced(t.Context(), "nobody@example.org", "550"); err != nil {
			t.Error(err)
		}
		closed("ada@example.org", true)
		closed("ben@example.org", false)
		m, err := u.ByID(t.Context(), ada.ID)
		if err != nil || m.Bounced.IsZero() || !strings.HasPrefix(m.BouncedWords, "550 no such mailbox é") || len(m.BouncedWords) > 300 {
			t.Errorf("%v %q, %v", m.Bounced, m.BouncedWords, err)
		}
		if err := u.ConfirmAnew(t.Context(), ada.Actor()); err != nil {
			t.Fatal(err)
		}
		if _, err := u.Follow(t.Context(), user.Verify, p.secret(t, user.Verify)); err != nil {
			t.Fatal(err)
		}
		closed("ada@example.org", false)

		// Another address is confirmed by itself: nobody reads the old one.
		if err := u.Bounced(t.Context(), "ben@example.org", "550"); err != nil {
			t.Fatal(err)
		}
		c.pass(time.Hour)
		session, err := u.Open(t.Context(), ben, here, "")
		if err != nil {
			t.Fatal(err)
		}
		who, err := u.BySession(t.Context(), session)
		if err != nil {
			t.Fatal(err)
		}
		if err := u.ChangeEmail(t.Context(), who, "ben@example.net"); err != nil {
			t.Fatal(err)
		}
		if m, err = u.Follow(t.Context(), user.Coming, p.secret(t, user.Coming)); err != nil || m.Email != "ben@example.net" || !m.Bounced.IsZero() {
			t.Errorf("%+v, %v", m, err)
		}
		closed("ben@example.org", false)
	})
}
