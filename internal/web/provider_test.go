package web

import (
	"context"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/oauth2-proxy/mockoidc"

	"mirabilia/internal/actor"
	"mirabilia/internal/user"
)

// provided is an atlas with a provider that runs, at its own address.
type provided struct {
	*accounts
	provider *mockoidc.MockOIDC
}

func newProvided(t *testing.T, change ...func(*Deps)) *provided {
	t.Helper()
	m, err := mockoidc.NewServer(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Start(httptest.NewUnstartedServer(nil).Listener, nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Shutdown() })
	p := &provided{provider: m}
	p.accounts = newAccounts(t, append(change, func(d *Deps) {
		d.Provider = d.Factors.NewProvider(m.Issuer(), m.ClientID, m.ClientSecret, testURL+"/login/provider/return")
	})...)
	p.now = time.Now() // the provider's clock is the machine's
	return p
}

// claimed is somebody at the provider.
type claimed struct {
	mockoidc.MockUser
	name string
}

func (c *claimed) Claims(_ []string, base *mockoidc.IDTokenClaims) (jwt.Claims, error) {
	return jwt.MapClaims{"iss": base.Issuer, "sub": base.Subject, "aud": base.Audience[0], "exp": base.ExpiresAt.Unix(), "iat": base.IssuedAt.Unix(), "nonce": base.Nonce,
		"email": c.Email, "email_verified": c.EmailVerified, "name": c.name}, nil
}

var leadsTo = regexp.MustCompile(`http-equiv="refresh" content="0;url=([^"]+)"`)

// through goes to the provider as somebody, and comes back.
func (p *provided) through(v *visitor, subject, email string, verified bool, pairs ...string) *httptest.ResponseRecorder {
	p.t.Helper()
	p.provider.QueueUser(&claimed{mockoidc.MockUser{Subject: subject, Email: email, EmailVerified: verified}, "Jane Doe"})
	at := "/login/provider"
	if len(pairs) > 0 && pairs[0] == "do" {
		at = securityPath
	}
	w := v.post(at, pairs...)
	found := leadsTo.FindStringSubmatch(w.Body.String())
	if w.Code != http.StatusOK || found == nil {
		p.t.Fatalf("does not lead to the provider: %d %s", w.Code, words(w.Body.String()))
	}
	address := html.UnescapeString(found[1])
	if !strings.HasPrefix(address, p.provider.Issuer()+"/") || !strings.Contains(address, "code_challenge_method=S256") {
		p.t.Fatalf("leads to %s", address)
	}
	c := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := c.Get(address)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	back, err := resp.Location()
	if err != nil {
		p.t.Fatalf("%d, %v", resp.StatusCode, err)
	}
	return v.look(back.RequestURI())
}

func TestProvider_newcomerAndSigningInAgain(t *testing.T) {
	p := newProvided(t)
	if text := p.page("/login", nil).Body.String(); !strings.Contains(text, "Sign in through 127.0.0.1") || !strings.Contains(p.page("/join", nil).Body.String(), "Join through 127.0.0.1") {
		t.Error("the pages do not offer the provider")
	}
	jane := p.visitor()
	wantSomewhere(t, "an address nobody vouches for", p.through(jane, "s0", "jane@example.org", false), http.StatusForbidden, "")
	wantSomewhere(t, "joining", p.through(jane, "s1", "Jane@example.org", true, "next", "/tags"), http.StatusSeeOther, "/settings?done=verify")
	if !jane.signedIn() {
		t.Fatal("not signed in")
	}
	m, err := p.users.ByEmail(context.Background(), "jane@example.org")
	if err != nil || m.Shown != "Jane Doe" || m.HasPassword || m.Verified.IsZero() || m.Role != actor.Member {
		t.Fatalf("%+v, %v", m, err)
	}
	again := p.visitor()
	wantSomewhere(t, "signing in", p.through(again, "s1", "other@example.org", false, "next", "/tags"), http.StatusSeeOther, "/tags")
	if !again.signedIn() {
		t.Error("not signed in")
	}
	// The answer is spent, and is this browser's alone.
	for _, path := range []string{"/login/provider/return", "/login/provider/return?state=x&code=y", "/login/provider/return?error=access_denied"} {
		if w := p.visitor().look(path); w.Code != http.StatusUnprocessableEntity || strings.Contains(w.Body.String(), "access_denied") {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	// With a second factor the provider is one proof.
	secret, _ := jane.setUp()
	p.later(time.Minute)
	third := p.visitor()
	wantSomewhere(t, "the provider", p.through(third, "s1", "jane@example.org", true), http.StatusSeeOther, "/login/second")
	if third.signedIn() {
		t.Error("the provider alone signs in")
	}
	wantSomewhere(t, "and a code", third.post("/login/second", "code", third.code(secret)), http.StatusSeeOther, "/")
}

// An address at the provider is no proof of being the member with that address.
func TestProvider_takesNoAccountOver(t *testing.T) {
	p := newProvided(t)
	m, cookie := p.add("ada", actor.Member)
	ada := p.visitor(cookie)
	secret, _ := ada.setUp()
	eve := p.visitor()
	wantSomewhere(t, "a member's address", p.through(eve, "s1", m.Email, true, "next", "/tags"), http.StatusSeeOther, "/login/provider/join")
	if eve.signedIn() {
		t.Fatal("an address at the provider signs in")
	}
	if text := eve.look("/login/provider/join").Body.String(); !strings.Contains(text, m.Email) {
		t.Error("the page does not say which account")
	}
	wantSomewhere(t, "a wrong password", eve.post("/login/provider/join", "password", "guessed"), http.StatusUnprocessableEntity, "")
	wantSomewhere(t, "another browser", p.visitor().post("/login/provider/join", "password", goodPassword), http.StatusNotFound, "")
	wantSomewhere(t, "the password", eve.post("/login/provider/join", "password", goodPassword), http.StatusSeeOther, "/login/second")
	if has, err := p.site.Factors.Of(context.Background(), m.ID); err != nil || len(has.Identities) != 0 {
		t.Fatalf("joined before the second factor: %+v, %v", has, err)
	}
	p.later(time.Minute)
	wantSomewhere(t, "and the code", eve.post("/login/second", "code", eve.code(secret)), http.StatusSeeOther, "/tags")
	has, err := p.site.Factors.Of(context.Background(), m.ID)
	if err != nil || len(has.Identities) != 1 {
		t.Fatalf("not joined: %+v, %v", has, err)
	}

	// Joined and parted in the settings, by who is signed in.
	bob, bobs := p.add("bob", actor.Member)
	b := p.visitor(bobs)
	wantSomewhere(t, "an identity that is Ada's", p.through(b, "s1", "x@example.org", true, "do", "connect"), http.StatusUnprocessableEntity, "")
	wantSomewhere(t, "one's own", p.through(b, "s2", "x@example.org", true, "do", "connect"), http.StatusSeeOther, securityPath+"?done=connect")
	if text := b.look(securityPath).Body.String(); !strings.Contains(text, "x@example.org") {
		t.Error("it is not listed")
	}
	wantSomewhere(t, "signing in by it", p.through(p.visitor(), "s2", bob.Email, false), http.StatusSeeOther, "/")
	wantSomewhere(t, "parting", b.post(securityPath, "do", "disconnect", "issuer", p.provider.Issuer(), "subject", "s2"), http.StatusSeeOther, "")
	wantSomewhere(t, "signing in by what is parted", p.through(p.visitor(), "s2", "x@example.org", false), http.StatusForbidden, "")
	p.later(20 * time.Minute)
	wantSomewhere(t, "connecting without a proof", b.post(securityPath, "do", "connect"), http.StatusForbidden, "")

	// Who signed out meanwhile joins nothing.
	b.post(securityPath, "do", "prove", "password", goodPassword)
	p.provider.QueueUser(&claimed{mockoidc.MockUser{Subject: "s3", Email: "y@example.org", EmailVerified: true}, "Y"})
	delete(b.cookies, "flow")
	wantSomewhere(t, "without the flow", b.look("/login/provider/return?state=x&code=y"), http.StatusUnprocessableEntity, "")
}

// Somebody joined with another's address and waits for them to come.
func TestProvider_whoVouchesEndsWhatStrangersSet(t *testing.T) {
	p := newProvided(t)
	p.form("/join", nil, url.Values{"name": {"Eve"}, "email": {"jane@example.org"}, "password": {goodPassword}})
	wantSomewhere(t, "the owner of the address", p.through(p.visitor(), "s1", "jane@example.org", true), http.StatusSeeOther, "/settings?done=verify")
	wantSomewhere(t, "the stranger's password", p.visitor().post("/login", "email", "jane@example.org", "password", goodPassword), http.StatusUnprocessableEntity, "")
	wantSomewhere(t, "the link that was sent before", p.visitor().post(p.link()), http.StatusNotFound, "")
}

func TestProvider_keepsTheRuleOfJoining(t *testing.T) {
	p := newProvided(t, func(d *Deps) { d.Registration = ClosedToAll })
	wantSomewhere(t, "closed", p.through(p.visitor(), "s1", "jane@example.org", true), http.StatusForbidden, "")
	p = newProvided(t, func(d *Deps) { d.Registration = ByInvitation })
	wantSomewhere(t, "without an invitation", p.through(p.visitor(), "s1", "jane@example.org", true), http.StatusForbidden, "")
	path, err := p.users.Invite(context.Background(), actor.Actor{ID: p.boss().ID, Role: actor.Admin})
	if err != nil {
		t.Fatal(err)
	}
	page := p.page(path, nil).Body.String()
	next := regexp.MustCompile(`name="next" value="(/join[^"]+)"`).FindStringSubmatch(page)
	if next == nil {
		t.Fatal("the page of joining does not take the invitation along")
	}
	wantSomewhere(t, "invited", p.through(p.visitor(), "s1", "jane@example.org", true, "next", html.UnescapeString(next[1])), http.StatusSeeOther, "/settings?done=verify")
	wantSomewhere(t, "the same invitation", p.through(p.visitor(), "s2", "june@example.org", true, "next", html.UnescapeString(next[1])), http.StatusForbidden, "")
	if _, err := p.users.ByEmail(context.Background(), "june@example.org"); err == nil {
		t.Error("an account was made")
	}
}

func (p *provided) boss() *user.Member {
	m, _ := p.add("boss", actor.Admin)
	return m
}

func TestProvider_thatIsDown(t *testing.T) {
	down := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }))
	defer down.Close()
	var log strings.Builder
	a := newAccounts(t, func(d *Deps) {
		d.Provider = d.Factors.NewProvider(down.URL, "id", "secret", testURL)
		d.Log = slog.New(slog.NewTextHandler(&log, nil))
	})
	w := a.visitor().post("/login/provider")
	wantSomewhere(t, "a provider that is down", w, http.StatusServiceUnavailable, "")
	if !strings.Contains(w.Body.String(), "cannot be reached") {
		t.Error("the page does not say why")
	}
	if !strings.Contains(log.String(), "502") {
		t.Errorf("the operator is not told why: %s", &log)
	}
}
