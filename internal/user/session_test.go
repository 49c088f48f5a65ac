package user_test

import (
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
	"mirabilia/internal/user"
)

// clock is a time that a test moves.
type clock struct{ at atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.at.Store(time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC).UnixMilli())
	return c
}

func (c *clock) now() time.Time          { return time.UnixMilli(c.at.Load()).UTC() }
func (c *clock) pass(d time.Duration)    { c.at.Add(d.Milliseconds()) }
func (c *clock) config() (cfg db.Config) { cfg.Now = c.now; return cfg }

// post keeps the letters that accounts send.
type post struct {
	mu   sync.Mutex
	list []user.Letter
}

func (p *post) send(_ *db.Tx, l user.Letter) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.list = append(p.list, l)
	return nil
}

// secret is that of the newest letter of a kind.
func (p *post) secret(t *testing.T, kind user.Purpose) string {
	t.Helper()
	for _, l := range slices.Backward(p.list) {
		if l.Kind == string(kind) {
			return l.Path[strings.LastIndexByte(l.Path, '/')+1:]
		}
	}
	t.Fatalf("no letter of kind %s among %v", kind, p.list)
	return ""
}

var here = user.Door{Network: "192.0.2.1", Agent: "Browser"}

func TestSignIn_sessionsLiveAndEnd(t *testing.T) {
	c := newClock()
	dbtest.EachConfig(t, c.config(), func(t *testing.T, d *db.DB) {
		u, p := user.New(d), &post{}
		u.WithPost(p.send)
		ada, ed := add(t, u, "ada@example.org", "Ada", actor.Member), add(t, u, "ed@example.org", "Ed", actor.Editor)
		m, err := u.Prove(t.Context(), " ADA@example.org", goodPassword, here)
		if err != nil || m.ID != ada.ID {
			t.Fatalf("%v, %v", m, err)
		}
		first, err := u.Open(t.Context(), m, here, "")
		if err != nil {
			t.Fatal(err)
		}
		who := func(secret string) actor.Actor {
			t.Helper()
			a, err := u.BySession(t.Context(), secret)
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		a := who(first)
		if a.ID != ada.ID || a.Session == 0 || a.Scope != "" || u.NeedsProof(a) != nil {
			t.Fatalf("%+v", a)
		}
		if who("").SignedIn() || who(strings.Repeat("x", 43)).SignedIn() {
			t.Error("a stranger's cookie signs in")
		}
		second, err := u.Open(t.Context(), m, here, first)
		if err != nil || who(first).SignedIn() || !who(second).SignedIn() || first == second {
			t.Errorf("the old secret outlives a sign-in: %v", err)
		}
		third, _ := u.Open(t.Context(), m, user.Door{Network: "x", Agent: "Telephone"}, "")
		if list, err := u.Sessions(t.Context(), a); err != nil || len(list) != 2 || list[0].Agent != "Telephone" {
			t.Errorf("%+v, %v", list, err)
		}
		if err := u.EndSession(t.Context(), who(second), 0); err != nil || who(third).SignedIn() || !who(second).SignedIn() {
			t.Errorf("the others did not end: %v", err)
		}
		edSecret, _ := u.Open(t.Context(), ed, here, "")
		if err := u.EndSession(t.Context(), who(second), who(edSecret).Session); !errs.Is(err, errs.NotFound) {
			t.Errorf("another's session: %v", err)
		}
		c.pass(16 * time.Minute)
		if u.NeedsProof(who(second)) == nil {
			t.Error("an old proof counts")
		}
		if err := u.ChangePassword(t.Context(), who(second), "another tin kettle moor"); !errs.Is(err, errs.Denied) {
			t.Errorf("the password changes without a proof: %v", err)
		}
		c.pass(13 * time.Hour)
		if who(edSecret).SignedIn() || !who(second).SignedIn() {
			t.Error("an editor's session lasts as long as a member's")
		}
		c.pass(31 * 24 * time.Hour)
		if who(second).SignedIn() {
			t.Error("a session without a sign of life lasts")
		}
		if err := u.Sweep(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// What is known of an account is not told: same answer, same work, same rows.
func TestSignIn_noAccountLooksTheSame(t *testing.T) {
	c := newClock()
	statements := atomic.Int64{}
	cfg := c.config()
	cfg.Trace = func(string, []any) { statements.Add(1) }
	dbtest.EachConfig(t, cfg, func(t *testing.T, d *db.DB) {
		u, p := user.New(d), &post{}
		u.WithPost(p.send)
		add(t, u, "ada@example.org", "Ada", actor.Member)
		work := func(fn func() error) (string, int64, int64, int) {
			s, h, l := statements.Load(), u.Hashed.Load(), len(p.list)
			err := fn()
			text := "fine"
			if err != nil {
				text = err.Error()
			}
			return text, statements.Load() - s, u.Hashed.Load() - h, len(p.list) - l
		}
		for _, pair := range [][2]func() error{
			{func() error { _, err := u.Prove(t.Context(), "ada@example.org", "wrong", here); return err }, func() error { _, err := u.Prove(t.Context(), "bob@example.org", "wrong", here); return err }},
		} {
			t1, s1, h1, l1 := work(pair[0])
			t2, s2, h2, l2 := work(pair[1])
			if t1 != t2 || s1 != s2 || h1 != h2 || l1 != l2 || h1 != 1 {
				t.Errorf("known: %s, %d statements, %d hashes, %d letters; unknown: %s, %d, %d, %d", t1, s1, h1, l1, t2, s2, h2, l2)
			}
		}
		join := func(email string) func() error {
			return func() error {
				return u.Join(t.Context(), user.Joining{Name: "Eve", Email: email, Password: goodPassword, Network: "192.0.2.9"})
			}
		}
		t1, _, h1, l1 := work(join("ada@example.org"))
		t2, _, h2, l2 := work(join("eve@example.org"))
		if t1 != "fine" || t1 != t2 || h1 != h2 || l1 != l2 || l1 != 1 {
			t.Errorf("joining: %s, %d, %d; %s, %d, %d", t1, h1, l1, t2, h2, l2)
		}
		ask := func(email string) func() error {
			return func() error { return u.Ask(t.Context(), user.Magic, email, "192.0.2.10") }
		}
		t1, _, _, l1 = work(ask("ada@example.org"))
		t2, _, _, l2 = work(ask("nobody@example.org"))
		if t1 != "fine" || t1 != t2 || l1 != l2 || l1 != 1 {
			t.Errorf("asking: %s, %d; %s, %d", t1, l1, t2, l2)
		}
	})
}

func TestSignIn_failuresAreLimited(t *testing.T) {
	c := newClock()
	dbtest.EachConfig(t, c.config(), func(t *testing.T, d *db.DB) {
		u := user.New(d)
		add(t, u, "ada@example.org", "Ada", actor.Member)
		try := func(password, network string) error {
			_, err := u.Prove(t.Context(), "ada@example.org", password, user.Door{Network: network})
			return err
		}
		for i := range 10 {
			if err := try("wrong", "192.0.2.1"); !errs.Is(err, errs.Invalid) {
				t.Fatalf("try %d: %v", i, err)
			}
		}
		before := u.Hashed.Load()
		if err := try(goodPassword, "192.0.2.1"); !errs.Is(err, errs.TooMany) || u.Hashed.Load() != before {
			t.Errorf("the eleventh: %v", err)
		}
		if err := try(goodPassword, "192.0.2.2"); err != nil {
			t.Errorf("the owner, elsewhere: %v", err)
		}
		if err := func() error { // another node, after a restart
			_, err := user.New(d).Prove(t.Context(), "ada@example.org", goodPassword, user.Door{Network: "192.0.2.1"})
			return err
		}(); !errs.Is(err, errs.TooMany) {
			t.Errorf("a restart forgets: %v", err)
		}
		c.pass(3 * time.Minute)
		if err := try(goodPassword, "192.0.2.1"); err != nil {
			t.Errorf("later: %v", err)
		}
		for i := range 20 { // good sign-ins are not counted
			if err := try(goodPassword, "192.0.2.1"); err != nil {
				t.Fatalf("good one %d: %v", i, err)
			}
		}
	})
}

func TestNetworkOf(t *testing.T) {
	for address, want := range map[string]string{"192.0.2.1": "192.0.2.1", "::ffff:192.0.2.1": "192.0.2.1", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64"} {
		if got := user.NetworkOf(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s is of %s, want %s", address, got, want)
		}
	}
	if user.NetworkOf(netip.Addr{}) != "unknown" {
		t.Error("no address has a network")
	}
}
