package factor_test

import (
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"

	"mirabilia/internal/errs"
	"mirabilia/internal/factor"
)

// ofOtherHands starts a provider of other hands, with its page to sign in. It keeps the
// address out of its tokens and tells it when asked; told may change that.
func ofOtherHands(t *testing.T, h *house, told func(map[string]any)) *factor.Provider {
	t.Helper()
	var inner http.Handler
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if told == nil || r.URL.Path != "/userinfo" {
			inner.ServeHTTP(w, r)
			return
		}
		rec := httptest.NewRecorder()
		inner.ServeHTTP(rec, r)
		answer := map[string]any{}
		if err := json.Unmarshal(rec.Body.Bytes(), &answer); err != nil {
			t.Errorf("%v in %s", err, rec.Body)
		}
		told(answer)
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(answer)
	}))
	t.Cleanup(srv.Close)
	client := storage.WebClient("atlas", "its secret", back)
	kept := storage.NewStorageWithClients(storage.NewUserStore(srv.URL), map[string]*storage.Client{client.GetID(): client})
	inner = exampleop.SetupServer(srv.URL, kept, nil, false, op.WithAllowInsecure())
	return h.factors.NewProvider(srv.URL, "atlas", "its secret", back)
}

// signInAt goes to the provider as a browser does, signs in on its page, and
// gives what it sends back to the atlas.
func signInAt(t *testing.T, address, name, password string) url.Values {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	var answer url.Values
	c := http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), back) {
			answer = r.URL.Query()
			return http.ErrUseLastResponse
		}
		return nil
	}}
	page, err := c.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	_ = page.Body.Close()
	form := *page.Request.URL
	id := form.Query().Get("authRequestID")
	form.RawQuery = ""
	done, err := c.PostForm(form.String(), url.Values{"id": {id}, "username": {name}, "password": {password}})
	if err != nil {
		t.Fatal(err)
	}
	_ = done.Body.Close()
	return answer
}

func TestProvider_ofOtherHands(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		p := ofOtherHands(t, h, nil)
		address, flow, err := p.Begin(t.Context(), 0, "/places")
		if err != nil {
			t.Fatal(err)
		}
		if answer := signInAt(t, address, "test-user2", "a wrong password"); answer != nil {
			t.Fatalf("a wrong password leads back with %v", answer)
		}
		answer := signInAt(t, address, "test-user2", "verysecure")
		c, _, next, err := p.End(t.Context(), flow, answer)
		want := factor.Claims{Issuer: p.Issuer, Subject: "id2", Email: "test-user2@zitadel.ch", Verified: true, Name: "Test User2"}
		if err != nil || c != want || next != "/places" {
			t.Fatalf("%+v, %s, %v; want %+v", c, next, err, want)
		}
		// The same code in a flow of its own is refused by the provider.
		address, flow, err = p.Begin(t.Context(), 0, "/")
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		answer.Set("state", u.Query().Get("state"))
		if c, _, _, err := p.End(t.Context(), flow, answer); !errs.Is(err, errs.Denied) {
			t.Errorf("a code used twice: %+v, %v", c, err)
		}
	})
}

// What the provider tells beside its token is believed of the token's subject
// alone, and an address only where it says outright that it is theirs.
func TestProvider_tells(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		var told atomic.Pointer[func(map[string]any)]
		p := ofOtherHands(t, h, func(answer map[string]any) { (*told.Load())(answer) })
		for _, c := range []struct {
			change   func(map[string]any)
			denied   bool
			email    string
			verified bool
		}{
			{func(m map[string]any) {}, false, "test-user2@zitadel.ch", true},
			{func(m map[string]any) { m["email_verified"] = "true" }, false, "test-user2@zitadel.ch", false},
			{func(m map[string]any) { delete(m, "email_verified") }, false, "test-user2@zitadel.ch", false},
			{func(m map[string]any) { delete(m, "email") }, false, "", true},
			{func(m map[string]any) { m["sub"] = "id1" }, true, "", false},
			{func(m map[string]any) { delete(m, "sub") }, true, "", false},
			{func(m map[string]any) { m["email"] = 7 }, true, "", false},
		} {
			told.Store(&c.change)
			address, flow, err := p.Begin(t.Context(), 0, "/")
			if err != nil {
				t.Fatal(err)
			}
			got, _, _, err := p.End(t.Context(), flow, signInAt(t, address, "test-user2", "verysecure"))
			if errs.Is(err, errs.Denied) != c.denied || got.Email != c.email || got.Verified != c.verified {
				t.Errorf("%+v, %v; want %+v", got, err, c)
			}
		}
	})
}
