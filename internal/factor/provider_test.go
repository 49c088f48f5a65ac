package factor_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/oauth2-proxy/mockoidc"

	"mirabilia/internal/errs"
	"mirabilia/internal/factor"
)

const back = base + "/login/provider/return"

// person is somebody at the provider, with a way for it to lie about them.
type person struct {
	mockoidc.MockUser
	lie func(jwt.MapClaims)
}

func (p *person) Claims(_ []string, base *mockoidc.IDTokenClaims) (jwt.Claims, error) {
	m := jwt.MapClaims{"iss": base.Issuer, "sub": base.Subject, "aud": base.Audience[0], "exp": base.ExpiresAt.Unix(), "iat": base.IssuedAt.Unix(), "nonce": base.Nonce,
		"email": p.Email, "email_verified": p.EmailVerified, "name": "Jane Doe"}
	if p.lie != nil {
		p.lie(m)
	}
	return m, nil
}

// provider starts a provider; token may change the token as it leaves.
func provider(t *testing.T, h *house, token func(string) string) (*mockoidc.MockOIDC, *factor.Provider) {
	t.Helper()
	m, err := mockoidc.NewServer(nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != nil {
		err = m.AddMiddleware(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !strings.HasSuffix(r.URL.Path, "/token") {
					next.ServeHTTP(w, r)
					return
				}
				rec := httptest.NewRecorder()
				next.ServeHTTP(rec, r)
				var answer map[string]any
				if err := json.Unmarshal(rec.Body.Bytes(), &answer); err != nil {
					t.Errorf("%v in %s", err, rec.Body)
				}
				if id, ok := answer["id_token"].(string); ok {
					answer["id_token"] = token(id)
				}
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(rec.Code)
				_ = json.NewEncoder(w).Encode(answer)
			})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	l := httptest.NewUnstartedServer(nil).Listener
	if err := m.Start(l, nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Shutdown() })
	return m, h.factors.NewProvider(m.Issuer(), m.ClientID, m.ClientSecret, back)
}

// visit goes to the provider as a browser does and gives its answer.
func visit(t *testing.T, address string) url.Values {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	if q.Get("code_challenge_method") != "S256" || len(q.Get("state")) < 40 || len(q.Get("nonce")) < 40 || q.Get("redirect_uri") != back {
		t.Fatalf("asked with %v", q)
	}
	c := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := c.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	to, err := resp.Location()
	if err != nil {
		t.Fatalf("%d, %v", resp.StatusCode, err)
	}
	return to.Query()
}

func TestProviderSignsIn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		m, p := provider(t, h, nil)
		m.QueueUser(&person{MockUser: mockoidc.MockUser{Subject: "s1", Email: "jane@example.com", EmailVerified: true}})
		address, flow, err := p.Begin(t.Context(), h.ida.ID, "/places/stairs")
		if err != nil {
			t.Fatal(err)
		}
		answer := visit(t, address)
		c, member, next, err := p.End(t.Context(), flow, answer)
		want := factor.Claims{Issuer: m.Issuer(), Subject: "s1", Email: "jane@example.com", Verified: true, Name: "Jane Doe"}
		if err != nil || c != want || member != h.ida.ID || next != "/places/stairs" {
			t.Fatalf("%+v, %d, %s, %v", c, member, next, err)
		}
		if _, _, _, err := p.End(t.Context(), flow, answer); !errs.Is(err, errs.Invalid) {
			t.Errorf("the same answer again: %v", err)
		}
		if _, err := h.factors.MemberOf(t.Context(), c); !errs.Is(err, errs.NotFound) {
			t.Errorf("nobody has joined it: %v", err)
		}
		if err := h.factors.Join(t.Context(), h.ida, c); err != nil {
			t.Fatal(err)
		}
		if err := h.factors.Join(t.Context(), h.otto, c); !errs.Is(err, errs.Conflict) {
			t.Errorf("one identity of two: %v", err)
		}
		if of, err := h.factors.MemberOf(t.Context(), c); err != nil || of != h.ida.ID {
			t.Errorf("%d, %v", of, err)
		}
		// The address plays no part: another subject with Ida's address is nobody.
		if of, err := h.factors.MemberOf(t.Context(), factor.Claims{Issuer: c.Issuer, Subject: "s2", Email: "m0@example.org", Verified: true}); !errs.Is(err, errs.NotFound) {
			t.Errorf("%d, %v", of, err)
		}
		if err := h.factors.Part(t.Context(), h.otto, c.Issuer, c.Subject); err != nil {
			t.Fatal(err)
		}
		if has, err := h.factors.Of(t.Context(), h.ida.ID); err != nil || len(has.Identities) != 1 {
			t.Errorf("parted by another: %+v, %v", has, err)
		}
		if err := h.factors.Part(t.Context(), h.ida, c.Issuer, c.Subject); err != nil {
			t.Fatal(err)
		}
		if has, err := h.factors.Of(t.Context(), h.ida.ID); err != nil || len(has.Identities) != 0 {
			t.Errorf("%+v, %v", has, err)
		}
	})
}

// Whatever the provider, or who stands between, changes in turn: no.
func TestLyingProvider(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		lies := map[string]func(jwt.MapClaims){
			"issuer":         func(m jwt.MapClaims) { m["iss"] = "https://evil.example" },
			"audience":       func(m jwt.MapClaims) { m["aud"] = "another" },
			"two audiences":  func(m jwt.MapClaims) { m["aud"] = []string{m["aud"].(string), "another"} },
			"party":          func(m jwt.MapClaims) { m["azp"] = "another" },
			"nonce":          func(m jwt.MapClaims) { m["nonce"] = "another" },
			"no nonce":       func(m jwt.MapClaims) { delete(m, "nonce") },
			"expired":        func(m jwt.MapClaims) { m["exp"] = h.now().Add(-2 * time.Minute).Unix() },
			"of tomorrow":    func(m jwt.MapClaims) { m["iat"] = h.now().Add(time.Hour).Unix() },
			"not yet":        func(m jwt.MapClaims) { m["nbf"] = h.now().Add(time.Hour).Unix() },
			"nobody":         func(m jwt.MapClaims) { m["sub"] = "" },
			"claims no text": func(m jwt.MapClaims) { m["email"] = 7 },
		}
		m, p := provider(t, h, nil)
		end := func(p *factor.Provider, m *mockoidc.MockOIDC, lie func(jwt.MapClaims), change func(url.Values)) (factor.Claims, error) {
			m.QueueUser(&person{MockUser: mockoidc.MockUser{Subject: "s1", Email: "jane@example.com", EmailVerified: true}, lie: lie})
			address, flow, err := p.Begin(t.Context(), 0, "/")
			if err != nil {
				t.Fatal(err)
			}
			answer := visit(t, address)
			if change != nil {
				change(answer)
			}
			c, _, _, err := p.End(t.Context(), flow, answer)
			return c, err
		}
		for name, lie := range lies {
			if c, err := end(p, m, lie, nil); !errs.Is(err, errs.Denied) || c != (factor.Claims{}) {
				t.Errorf("%s: %+v, %v", name, c, err)
			}
		}
		for name, change := range map[string]func(url.Values){
			"state": func(v url.Values) { v.Set("state", "another") }, "no state": func(v url.Values) { v.Del("state") },
			"iss": func(v url.Values) { v.Set("iss", "https://evil.example") }, "code": func(v url.Values) { v.Set("code", "another") },
			"no code": func(v url.Values) { v.Del("code") }, "error": func(v url.Values) { v.Set("error", "access_denied") },
		} {
			if c, err := end(p, m, nil, change); !errs.Is(err, errs.Denied) || c != (factor.Claims{}) {
				t.Errorf("%s: %+v, %v", name, c, err)
			}
		}
		for word, want := range map[any]bool{true: true, false: false, "true": false, 1: false} {
			if c, err := end(p, m, func(m jwt.MapClaims) { m["email_verified"] = word }, nil); err != nil || c.Verified != want {
				t.Errorf("email_verified %v: %+v, %v", word, c, err)
			}
		}
		for name, token := range map[string]func(string) string{
			"no signature": func(s string) string { return s[:strings.LastIndexByte(s, '.')+1] },
			"no algorithm": func(s string) string {
				return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + s[strings.IndexByte(s, '.'):strings.LastIndexByte(s, '.')+1]
			},
			"our secret as key": func(s string) string {
				parts := strings.Split(s, ".")
				b, _ := base64.RawURLEncoding.DecodeString(parts[1])
				var claims jwt.MapClaims
				_ = json.Unmarshal(b, &claims)
				signed, _ := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte("secret"))
				return signed
			},
			"other bytes": func(s string) string {
				i := strings.IndexByte(s, '.') + 10
				return s[:i] + string(rune('A'+(s[i]-'A'+1)%26)) + s[i+1:]
			},
			"none": func(string) string { return "" },
		} {
			m, p := provider(t, h, token)
			if c, err := end(p, m, nil, nil); !errs.Is(err, errs.Denied) || c != (factor.Claims{}) {
				t.Errorf("token with %s: %+v, %v", name, c, err)
			}
		}
	})
}

// A provider that is down is said to be, and is not asked for each visitor.
func TestProviderThatIsDown(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		asked := 0
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { asked++; w.WriteHeader(http.StatusBadGateway) }))
		defer s.Close()
		p := h.factors.NewProvider(s.URL, "id", "secret", back)
		for range 5 {
			if _, _, err := p.Begin(t.Context(), 0, "/"); !errs.Is(err, errs.Unavailable) {
				t.Error(err)
			}
		}
		h.forward(11 * time.Second)
		_, _, _ = p.Begin(t.Context(), 0, "/")
		if asked != 2 {
			t.Errorf("asked %d times", asked)
		}
	})
}
