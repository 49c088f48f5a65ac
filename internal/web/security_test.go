package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"
	"github.com/pquerna/otp/totp"

	"mirabilia/internal/actor"
)

// visitor is one browser, which keeps the cookies that it is given.
type visitor struct {
	*accounts
	cookies map[string]*http.Cookie
}

func (a *accounts) visitor(cookies ...*http.Cookie) *visitor {
	v := &visitor{a, map[string]*http.Cookie{}}
	v.keep(cookies)
	return v
}

func (v *visitor) keep(cookies []*http.Cookie) {
	for _, c := range cookies {
		if c.MaxAge < 0 {
			delete(v.cookies, c.Name)
			continue
		}
		v.cookies[c.Name] = c
	}
}

func (v *visitor) send(r *http.Request) *httptest.ResponseRecorder {
	for _, c := range v.cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	v.site.ServeHTTP(w, r)
	v.keep(w.Result().Cookies())
	return w
}

func (v *visitor) look(path string) *httptest.ResponseRecorder {
	return v.send(httptest.NewRequest(http.MethodGet, path, nil))
}

func (v *visitor) post(path string, pairs ...string) *httptest.ResponseRecorder {
	f := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		f.Set(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(f.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.send(r)
}

// signedIn says whether the visitor's settings open.
func (v *visitor) signedIn() bool { return v.look("/settings").Code == http.StatusOK }

var (
	secretCode    = regexp.MustCompile(`<code class="wrap-any">([A-Z2-7 ]+)</code>`)
	recoveryCode  = regexp.MustCompile(`<li><code>([A-Z2-7 ]+)</code></li>`)
	wantSomewhere = func(t *testing.T, what string, w *httptest.ResponseRecorder, status int, location string) {
		t.Helper()
		if w.Code != status || location != "" && w.Header().Get("Location") != location {
			t.Fatalf("%s: %d to %q: %.300s", what, w.Code, w.Header().Get("Location"), words(w.Body.String()))
		}
	}
)

// setUp sets up an authenticator through the page, and gives its secret and the
// recovery codes.
func (v *visitor) setUp() (secret string, codes []string) {
	v.t.Helper()
	wantStatus(v.t, v.post(securityPath, "do", "begin"), http.StatusSeeOther)
	page := v.look(securityPath).Body.String()
	found := secretCode.FindStringSubmatch(page)
	if found == nil || !strings.Contains(page, `<svg class="square"`) {
		v.t.Fatalf("no secret on the page: %s", words(page))
	}
	secret = strings.ReplaceAll(found[1], " ", "")
	w := v.post(securityPath, "do", "confirm", "code", v.code(secret))
	wantStatus(v.t, w, http.StatusCreated)
	for _, c := range recoveryCode.FindAllStringSubmatch(w.Body.String(), -1) {
		codes = append(codes, c[1])
	}
	if len(codes) != 10 {
		v.t.Fatalf("%d recovery codes", len(codes))
	}
	if !strings.Contains(w.Body.String(), "Your recovery codes for Mirabilia") {
		v.t.Error("what is printed does not say what the codes are for")
	}
	return secret, codes
}

func wantStatus(t testing.TB, w *httptest.ResponseRecorder, status int) {
	t.Helper()
	if w.Code != status {
		t.Fatalf("%d, want %d: %.400s", w.Code, status, words(w.Body.String()))
	}
}

// code is what the authenticator shows now.
func (v *visitor) code(secret string) string {
	v.t.Helper()
	code, err := totp.GenerateCode(secret, v.now)
	if err != nil {
		v.t.Fatal(err)
	}
	return code
}

// later moves the clock on, so that the authenticator shows another code.
func (a *atlas) later(d time.Duration) { a.now = a.now.Add(d) }

func TestSecondFactor_isAskedBeforeAnybodyIsIn(t *testing.T) {
	a := newAccounts(t)
	m, cookie := a.add("ada", actor.Member)
	ada := a.visitor(cookie)
	wantSomewhere(t, "a code where none is set up", ada.post(securityPath, "do", "confirm", "code", "123456"), http.StatusUnprocessableEntity, "")
	wantSomewhere(t, "codes without an authenticator", ada.post(securityPath, "do", "codes"), http.StatusUnprocessableEntity, "")
	secret, codes := ada.setUp()
	if page := ada.look(securityPath).Body.String(); strings.Contains(page, secret[:4]+" "+secret[4:8]) || recoveryCode.MatchString(page) {
		t.Error("secrets are shown a second time")
	}
	if w := a.page("/settings", cookie); w.Code != http.StatusSeeOther {
		t.Errorf("the cookie from before the second factor is worth something: %d", w.Code)
	}

	bob := a.visitor()
	signIn := func() {
		t.Helper()
		wantSomewhere(t, "the password", bob.post("/login", "email", m.Email, "password", goodPassword, "next", "/tags", "stay", "yes"), http.StatusSeeOther, "/login/second")
	}
	signIn()
	flow := bob.cookies["flow"]
	if flow == nil || !flow.HttpOnly || flow.MaxAge > 600 || bob.cookies["session"] != nil || bob.signedIn() {
		t.Fatalf("signed in by the password alone: %v", bob.cookies)
	}
	if w := bob.look("/login/second"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "one-time-code") {
		t.Errorf("the page: %d", w.Code)
	}
	if w := a.visitor().look("/login/second"); w.Code != http.StatusNotFound {
		t.Errorf("the page in a browser that has begun nothing: %d", w.Code)
	}
	a.later(time.Minute)
	if w := a.visitor().post("/login/second", "code", bob.code(secret)); w.Code != http.StatusNotFound || len(w.Result().Cookies()) != 0 {
		t.Errorf("a code in another browser: %d", w.Code)
	}
	wantSomewhere(t, "a wrong code", bob.post("/login/second", "code", "000000"), http.StatusUnprocessableEntity, "")
	code := bob.code(secret)
	w := bob.post("/login/second", "code", code)
	wantSomewhere(t, "the right code", w, http.StatusSeeOther, "/tags")
	if c := bob.cookies["session"]; c == nil || c.MaxAge == 0 || bob.cookies["flow"] != nil || !bob.signedIn() {
		t.Fatalf("%v", bob.cookies)
	}
	again := a.visitor(flow)
	wantSomewhere(t, "the same flow", again.post("/login/second", "code", code), http.StatusNotFound, "")

	signIn()
	wantSomewhere(t, "the same code", bob.post("/login/second", "code", code), http.StatusUnprocessableEntity, "")
	wantSomewhere(t, "a recovery code", bob.post("/login/second", "code", strings.ToLower(codes[0])), http.StatusSeeOther, "/tags")
	a.told(m.Email, "factor-add", "code-use")
	if !strings.Contains(bob.look(securityPath).Body.String(), "9 recovery codes are left") {
		t.Error("the page does not say how many are left")
	}
	bob = a.visitor()
	signIn()
	wantSomewhere(t, "the same recovery code", bob.post("/login/second", "code", codes[0]), http.StatusUnprocessableEntity, "")
	for range 4 {
		bob.post("/login/second", "code", "000000")
	}
	wantSomewhere(t, "the sixth try", bob.post("/login/second", "code", codes[1]), http.StatusTooManyRequests, "")
	a.later(20 * time.Minute)
	wantSomewhere(t, "an old flow", bob.post("/login/second", "code", codes[1]), http.StatusNotFound, "")

	// A link by mail is one proof, too.
	a.form("/forgotten", nil, url.Values{"email": {m.Email}, "send": {"magic"}})
	wantSomewhere(t, "a link by mail", bob.post(a.link()), http.StatusSeeOther, "/login/second")
	if bob.signedIn() {
		t.Error("a link by mail signs in alone")
	}
	wantSomewhere(t, "a link and a code", bob.post("/login/second", "code", bob.code(secret)), http.StatusSeeOther, "/settings?done=magic")
}

func TestSecondFactor_changesOnlyAfterAProof(t *testing.T) {
	a := newAccounts(t)
	m, cookie := a.add("ada", actor.Member)
	ada := a.visitor(cookie)
	a.later(20 * time.Minute)
	for _, do := range []string{"begin", "codes", "remove", "passkey", "connect"} {
		if w := ada.post(securityPath, "do", do); w.Code < 400 {
			t.Errorf("%s without a proof: %d", do, w.Code)
		}
	}
	if w := ada.post(securityPath + "/passkey"); w.Code != http.StatusForbidden {
		t.Errorf("a passkey without a proof: %d", w.Code)
	}
	wantSomewhere(t, "a wrong password", ada.post(securityPath, "do", "prove", "password", "guessed"), http.StatusUnprocessableEntity, "")
	old := ada.cookies["session"]
	wantSomewhere(t, "the password", ada.post(securityPath, "do", "prove", "password", goodPassword), http.StatusSeeOther, securityPath+"?done=prove")
	if a.page("/settings", old).Code != http.StatusSeeOther || !ada.signedIn() {
		t.Error("the cookie was not renewed")
	}
	if said := words(ada.look("/settings").Body.String()); !strings.Contains(said, "last seen 3 November 2026, 12:20 UTC") {
		t.Error("the sessions do not say at what time they were seen: ", said)
	}
	wantSomewhere(t, "beginning", ada.post(securityPath, "do", "begin"), http.StatusSeeOther, "")
	wantSomewhere(t, "rather not", ada.post(securityPath, "do", "stop"), http.StatusSeeOther, "")
	if secretCode.MatchString(ada.look(securityPath).Body.String()) {
		t.Error("the secret is still shown")
	}
	secret, codes := ada.setUp()
	a.later(20 * time.Minute)
	wantSomewhere(t, "removing without a proof", ada.post(securityPath, "do", "remove"), http.StatusForbidden, "")
	wantSomewhere(t, "the password where there is an authenticator", ada.post(securityPath, "do", "prove", "password", goodPassword), http.StatusUnprocessableEntity, "")
	wantSomewhere(t, "a code", ada.post(securityPath, "do", "prove", "code", ada.code(secret)), http.StatusSeeOther, "")
	w := ada.post(securityPath, "do", "codes")
	wantSomewhere(t, "new codes", w, http.StatusCreated, "")
	if strings.Contains(w.Body.String(), codes[0]) || !recoveryCode.MatchString(w.Body.String()) {
		t.Error("the new codes are the old ones")
	}
	wantSomewhere(t, "removing", ada.post(securityPath, "do", "remove"), http.StatusSeeOther, securityPath+"?done=remove")
	a.told(m.Email, "factor-add", "codes-new", "factor-remove")
	wantSomewhere(t, "signing in", a.visitor().post("/login", "email", m.Email, "password", goodPassword), http.StatusSeeOther, "/")
	wantSomewhere(t, "nothing", ada.post(securityPath, "do", "nothing"), http.StatusBadRequest, "")
}

// told fails the test when the letters about changes to an account are not these.
func (a *accounts) told(to string, changes ...string) {
	a.t.Helper()
	var got []string
	for _, l := range a.letters {
		if l.To == to && l.Path == "" {
			got = append(got, l.Kind)
		}
	}
	if !slices.Equal(got, changes) {
		a.t.Errorf("told of %q, not of %q", got, changes)
	}
}

// phone is a device that holds passkeys.
type phone struct {
	virtualwebauthn.Authenticator
	party virtualwebauthn.RelyingParty
	key   virtualwebauthn.Credential
}

// newKey makes a key of whose coordinates neither begins with a zero byte:
// virtualwebauthn leaves such a byte out, which no real authenticator does.
func newKey() virtualwebauthn.Credential {
	for {
		c := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
		if len(c.Key.AttestationData()) == wholeKey {
			return c
		}
	}
}

// wholeKey is the length of a COSE key with two coordinates of 32 bytes.
const wholeKey = 77

func newPhone() *phone {
	return &phone{virtualwebauthn.NewAuthenticator(), virtualwebauthn.RelyingParty{Name: "atlas", ID: "atlas.example", Origin: testURL}, newKey()}
}

func (p *phone) make(t *testing.T, options string) string {
	t.Helper()
	o, err := virtualwebauthn.ParseAttestationOptions(options)
	if err != nil {
		t.Fatalf("%v: %s", err, options)
	}
	p.Options.UserHandle = []byte(o.UserID)
	return virtualwebauthn.CreateAttestationResponse(p.party, p.Authenticator, p.key, *o)
}

func (p *phone) answer(t *testing.T, options string) string {
	t.Helper()
	o, err := virtualwebauthn.ParseAssertionOptions(options)
	if err != nil {
		t.Fatalf("%v: %s", err, options)
	}
	return virtualwebauthn.CreateAssertionResponse(p.party, p.Authenticator, p.key, *o)
}

func TestPasskey_standsForBothFactors(t *testing.T) {
	a := newAccounts(t)
	m, cookie := a.add("ada", actor.Member)
	ada, p := a.visitor(cookie), newPhone()
	if text := ada.look(securityPath).Body.String(); !strings.Contains(text, "you need script") || !strings.Contains(a.page("/login", nil).Body.String(), `data-passkey="get"`) {
		t.Error("the pages do not offer passkeys")
	}
	wantSomewhere(t, "without script", ada.post(securityPath, "do", "passkey", "name", "My phone", "answer", ""), http.StatusUnprocessableEntity, "")
	options := ada.post(securityPath + "/passkey")
	wantSomewhere(t, "the options", options, http.StatusOK, "")
	made := p.make(t, options.Body.String())
	wantSomewhere(t, "another browser", a.visitor(cookie).post(securityPath, "do", "passkey", "answer", made), http.StatusUnprocessableEntity, "")
	wantSomewhere(t, "the passkey", ada.post(securityPath, "do", "passkey", "name", "My <b>phone", "answer", made), http.StatusSeeOther, securityPath+"?done=passkey")
	page := ada.look(securityPath).Body.String()
	if !strings.Contains(page, "My &lt;b&gt;phone") {
		t.Error("the passkey is not listed by its name")
	}
	ada.setUp()
	a.told(m.Email, "passkey-add", "factor-add")

	eve := a.visitor()
	begun := eve.post("/login/passkey/begin")
	wantSomewhere(t, "the options", begun, http.StatusOK, "")
	answer := p.answer(t, begun.Body.String())
	wantSomewhere(t, "another browser", a.visitor().post("/login/passkey", "answer", answer), http.StatusUnprocessableEntity, "")
	wantSomewhere(t, "the passkey", eve.post("/login/passkey", "answer", answer, "next", "/tags"), http.StatusSeeOther, "/tags")
	if !eve.signedIn() || eve.cookies["flow"] != nil {
		t.Error("the passkey does not sign in without the authenticator")
	}
	wantSomewhere(t, "the same answer", a.visitor().post("/login/passkey", "answer", answer), http.StatusUnprocessableEntity, "")
	begun = eve.post("/login/passkey/begin")
	other := newPhone()
	other.Options.UserHandle = p.Options.UserHandle
	wantSomewhere(t, "another phone", eve.post("/login/passkey", "answer", other.answer(t, begun.Body.String())), http.StatusForbidden, "")

	id := regexp.MustCompile(`name="id" value="(\d+)"`).FindStringSubmatch(page)
	if id == nil {
		t.Fatal("no button to remove it")
	}
	wantSomewhere(t, "another's", ada.post(securityPath, "do", "remove-passkey", "id", "1"), http.StatusNotFound, "")
	wantSomewhere(t, "removing", ada.post(securityPath, "do", "remove-passkey", "id", id[1]), http.StatusSeeOther, "")
	begun = eve.post("/login/passkey/begin")
	wantSomewhere(t, "a removed one", eve.post("/login/passkey", "answer", p.answer(t, begun.Body.String())), http.StatusForbidden, "")
	limited := false
	for range 80 {
		if w := a.visitor().post("/login/passkey/begin"); w.Code == http.StatusTooManyRequests {
			limited = true
			if w.Header().Get("Retry-After") == "" {
				t.Fatal("who is limited is not told when to come back")
			}
		}
	}
	if !limited {
		t.Error("a network may begin for ever")
	}
}

func TestStaff_areAskedForASecondFactorOrNeedOne(t *testing.T) {
	a := newAccounts(t)
	_, c1 := a.add("boss", actor.Admin)
	_, c2 := a.add("ed", actor.Editor)
	boss, ed := a.visitor(c1), a.visitor(c2)
	const asks = "Your password alone guards"
	for path, who := range map[string]*visitor{"/desk": ed, "/admin": boss} {
		if w := who.look(path); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), asks) {
			t.Errorf("%s does not ask for a second factor: %d", path, w.Code)
		}
	}
	if strings.Contains(ed.look("/settings").Body.String(), asks) {
		t.Error("a page that is not of editors asks")
	}
	require := func(want int) {
		t.Helper()
		wantSomewhere(t, "requiring it", boss.post("/admin", "do", "factor", "factor", "yes"), want, "")
	}
	require(http.StatusForbidden)
	if !strings.Contains(boss.post("/admin", "do", "factor", "factor", "yes").Body.String(), "lock you out") {
		t.Error("the refusal does not say why")
	}
	boss.setUp()
	if strings.Contains(boss.look("/admin").Body.String(), asks) {
		t.Error("an admin with a second factor is asked for one")
	}
	require(http.StatusSeeOther)
	if s, _ := a.set.Now(context.Background()); !s.RequireFactor {
		t.Fatal("it is not required")
	}
	if !strings.Contains(boss.look("/admin").Body.String(), "changed who must sign in with a second factor") {
		t.Error("the audit log does not tell")
	}
	for _, path := range []string{"/desk", "/desk/1"} {
		wantSomewhere(t, path, ed.look(path), http.StatusSeeOther, securityPath+"?need=factor")
	}
	if text := ed.look(securityPath + "?need=factor").Body.String(); !strings.Contains(text, "sign in with a second factor") {
		t.Error("the page does not say why one was led to it")
	}
	wantSomewhere(t, "deciding", ed.post("/desk/1", "do", "publish"), http.StatusForbidden, "")
	if w := ed.post("/settings", "do", "token", "name", "x", "scope", "edit"); strings.Contains(ed.look("/settings").Body.String(), `value="edit"`) || w.Code == http.StatusCreated {
		t.Errorf("a token of an editor's rights is made: %d", w.Code)
	}
	if !strings.Contains(ed.look("/me/overlay?path=/").Body.String(), `"/desk"`) {
		t.Error("the bar leads no more to the desk, which says what is missing")
	}
	ed.setUp()
	wantSomewhere(t, "the desk with a second factor", ed.look("/desk"), http.StatusOK, "")
	wantSomewhere(t, "no longer required", boss.post("/admin", "do", "factor"), http.StatusSeeOther, "")
	if s, _ := a.set.Now(context.Background()); s.RequireFactor {
		t.Error("it is still required")
	}
	wantSomewhere(t, "by an editor", ed.post("/admin", "do", "factor", "factor", "yes"), http.StatusForbidden, "")
}

func TestSignOut_clearsWhatTheBrowserKept(t *testing.T) {
	a := newAccounts(t)
	_, cookie := a.add("ada", actor.Member)
	if w := a.form("/logout", cookie, nil); w.Header().Get("Clear-Site-Data") != `"cache"` {
		t.Errorf("signed out with %v", w.Header())
	}
	for address, want := range map[string]string{"https://atlas.example": "no-referrer", "http://127.0.0.1:8080": "no-referrer", "http://localhost": "no-referrer", "http://atlas.lan": "same-origin"} {
		a := newAccounts(t, func(d *Deps) { d.URL = address })
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			w := a.do(method, "/link/magic/nothing")
			if w.Code != http.StatusNotFound || w.Header().Get("Referrer-Policy") != want || w.Header().Get("X-Robots-Tag") != "noindex, noarchive" || w.Header().Get("Cache-Control") != "private, no-store" {
				t.Errorf("%s %s: %d %v", method, address, w.Code, w.Header())
			}
		}
	}
}

func TestSquare_isWhatTelephonesScan(t *testing.T) {
	s, err := newSquare("otpauth://totp/Mirabilia:ada?secret=JBSWY3DPEHPK3PXP&issuer=Mirabilia")
	if err != nil || s.Size < 29 || (s.Size-17)%4 != 0 {
		t.Fatalf("%d cells, %v", s.Size, err)
	}
	// The finder patterns in three corners: a frame of seven cells.
	for _, bar := range []string{"M0 0h7v1h-7z", "M0 6h7v1h-7z"} {
		if !strings.Contains(s.Path, bar) {
			t.Errorf("no %s in %s", bar, s.Path)
		}
	}
	if _, err := newSquare(strings.Repeat("x", 4000)); err == nil {
		t.Error("a text that no square holds")
	}
}
