package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/user"
)

const goodPassword = "tin kettle on the moor"

// accounts is an atlas whose members are real, with the letters they get.
type accounts struct {
	*atlas
	users   *user.Users
	letters []user.Letter
}

func newAccounts(t testing.TB, change ...func(*Deps)) *accounts {
	t.Helper()
	a := &accounts{}
	a.atlas = newAtlas(t, someRecords(), func(d *Deps) {
		a.users = d.Users.WithKey([]byte("key")).WithPost(func(_ *db.Tx, l user.Letter) error {
			a.letters = append(a.letters, l)
			return nil
		})
		d.Factors.WithTell(a.users.Tell)
		d.Who = Sessions(d.Users, d.URL)
		for _, fn := range change {
			fn(d)
		}
	})
	return a
}

// add makes a member with a role and signs them in.
func (a *accounts) add(name string, role actor.Role, regions ...string) (*user.Member, *http.Cookie) {
	a.t.Helper()
	m, err := a.users.Add(context.Background(), actor.Actor{}, user.Account{Email: name + "@example.org", Name: name, Role: role, Password: goodPassword, Verified: true})
	if err != nil {
		a.t.Fatal(err)
	}
	if len(regions) > 0 {
		if err := a.users.Appoint(context.Background(), actor.Actor{ID: 1, Role: actor.Admin}, m.ID, role, regions); err != nil {
			a.t.Fatal(err)
		}
	}
	w := a.form("/login", nil, url.Values{"email": {m.Email}, "password": {goodPassword}})
	for _, c := range w.Result().Cookies() {
		return m, c
	}
	a.t.Fatalf("no cookie: %d %s", w.Code, w.Body)
	return nil, nil
}

// form sends one with a cookie, nil for none.
func (a *accounts) form(path string, cookie *http.Cookie, fields url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return a.serve(r, cookie)
}

func (a *accounts) page(path string, cookie *http.Cookie) *httptest.ResponseRecorder {
	return a.serve(httptest.NewRequest(http.MethodGet, path, nil), cookie)
}

func (a *accounts) serve(r *http.Request, cookie *http.Cookie) *httptest.ResponseRecorder {
	if cookie != nil {
		r.AddCookie(cookie)
	}
	w := httptest.NewRecorder()
	a.site.ServeHTTP(w, r)
	return w
}

// link is the path in the newest letter.
func (a *accounts) link() string {
	a.t.Helper()
	if len(a.letters) == 0 || a.letters[len(a.letters)-1].Path == "" {
		a.t.Fatalf("no letter with a link: %v", a.letters)
	}
	return a.letters[len(a.letters)-1].Path
}

func TestAccount_fromJoiningToLeaving(t *testing.T) {
	a := newAccounts(t)
	joining := url.Values{"name": {"Ada <b>"}, "email": {"ada@example.org"}, "password": {"short"}}
	w := a.form("/join", nil, joining)
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `value="ada@example.org"`) || strings.Contains(w.Body.String(), "short") || strings.Contains(w.Body.String(), "<b>\"") {
		t.Fatalf("a bad form: %d", w.Code)
	}
	joining = url.Values{"name": {"Ada"}, "email": {"ada@example.org"}, "password": {goodPassword}}
	first := a.form("/join", nil, joining)
	if first.Code != http.StatusOK || len(first.Result().Cookies()) != 0 || !strings.Contains(first.Body.String(), "Look into your mail") {
		t.Fatalf("joined: %d %v", first.Code, first.Result().Cookies())
	}
	link := a.link()
	for range 2 { // a program that reads mails spends nothing
		if w := a.page(link, nil); w.Code != http.StatusOK || len(w.Result().Cookies()) != 0 || w.Header().Get("Cache-Control") != "private, no-store" {
			t.Fatalf("looked at the link: %d", w.Code)
		}
	}
	w = a.form(link, nil, nil)
	cookies := w.Result().Cookies()
	if w.Code != http.StatusSeeOther || len(cookies) != 1 || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteLaxMode || cookies[0].Path != "/" {
		t.Fatalf("followed the link: %d %v", w.Code, cookies)
	}
	if again := a.form(link, nil, nil); again.Code != http.StatusNotFound || len(again.Result().Cookies()) != 0 {
		t.Errorf("twice: %d", again.Code)
	}
	if again := a.form("/join", nil, joining); again.Body.String() != first.Body.String() {
		t.Error("joining with a known address looks otherwise")
	}
	if kind := a.letters[len(a.letters)-1].Kind; kind != user.KnownAlready {
		t.Errorf("its owner got a letter of kind %s", kind)
	}
	ada := cookies[0]
	if w := a.page("/settings", ada); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "ada@example.org") {
		t.Fatalf("settings: %d", w.Code)
	}
	if w := a.page("/me/overlay?path=/", ada); !strings.Contains(w.Body.String(), `"member":"ada"`) || w.Header().Get("Cache-Control") != "private, no-store" {
		t.Errorf("overlay: %s", w.Body)
	}
	if w := a.page("/me/overlay?path=/", nil); !strings.Contains(w.Body.String(), `"member":""`) {
		t.Errorf("nobody's overlay: %s", w.Body)
	}
	if w := a.form("/settings", ada, url.Values{"do": {"profile"}, "name": {"Ada L."}, "bio": {"Looks for *engines*. <script>x</script>"}, "url1": {"https://example.org/"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("profile: %d %s", w.Code, w.Body)
	}
	if text := a.page("/users/ada", nil).Body.String(); !strings.Contains(text, "<em>engines</em>") || strings.Contains(text, "<script>x") || !strings.Contains(text, "ugc nofollow") || strings.Contains(text, "ada@example.org") {
		t.Error("the page of a member")
	}
	if w := a.form("/settings", ada, url.Values{"do": {"profile"}, "name": {"Ada"}, "url1": {"javascript:alert(1)"}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a link that is none: %d", w.Code)
	}
	made := a.form("/settings", ada, url.Values{"do": {"token"}, "name": {"script"}, "scope": {"contribute"}})
	if made.Code != http.StatusCreated || !strings.Contains(made.Body.String(), "mir_") || strings.Contains(a.page("/settings", ada).Body.String(), "mir_") {
		t.Errorf("a token: %d", made.Code)
	}
	if text := made.Body.String(); strings.Index(text, "mir_") > strings.Index(text, "Your page") {
		t.Error("a new token stands where nobody looks for it")
	}
	out := a.form("/logout", ada, nil)
	if out.Code != http.StatusSeeOther || out.Result().Cookies()[0].MaxAge >= 0 {
		t.Errorf("signed out: %d", out.Code)
	}
	if w := a.page("/settings", ada); w.Code != http.StatusSeeOther {
		t.Errorf("the cookie lives on: %d", w.Code)
	}
}

// A change of address is told to the old one as what it is, and each end is told
// what its agreement did.
func TestChangeOfAddress(t *testing.T) {
	a := newAccounts(t)
	m, cookie := a.add("ada", actor.Member)
	wantSomewhere(t, "asking", a.form("/settings", cookie, url.Values{"do": {"email"}, "email": {"new@example.org"}}), http.StatusSeeOther, "/settings?done=email")
	sent := map[string]user.Letter{}
	for _, l := range a.letters {
		sent[l.Kind] = l
	}
	leaving, coming := sent["leaving"], sent["coming"]
	if leaving.To != m.Email || leaving.About != "new@example.org" || coming.To != "new@example.org" || coming.About != "" {
		t.Fatalf("%+v, %+v", leaving, coming)
	}
	if said := a.form(coming.Path, nil, nil).Body.String(); !strings.Contains(said, "Agreed") || !strings.Contains(said, "when the other one has agreed") {
		t.Error("the first end: ", words(said))
	}
	if said := a.form(leaving.Path, nil, nil).Body.String(); !strings.Contains(said, "Your address is changed") || !strings.Contains(said, "new@example.org now") {
		t.Error("the last end: ", words(said))
	}
}

func TestLogin_tellsNothingAndLeadsOnlyHome(t *testing.T) {
	a := newAccounts(t)
	_, old := a.add("ada", actor.Member)
	known := a.form("/login", nil, url.Values{"email": {"ada@example.org"}, "password": {"wrong"}})
	unknown := a.form("/login", nil, url.Values{"email": {"bob@example.org"}, "password": {"wrong"}})
	if known.Code != http.StatusUnprocessableEntity || unknown.Code != known.Code || strings.ReplaceAll(known.Body.String(), "ada@", "bob@") != unknown.Body.String() {
		t.Errorf("known %d, unknown %d", known.Code, unknown.Code)
	}
	for next, want := range map[string]string{"/places?tag=x": "/places?tag=x", "//evil.example": "/", `/\evil.example`: "/", "https://evil.example/": "/", "": "/", "javascript:alert(1)": "/"} {
		w := a.form("/login", old, url.Values{"email": {"ada@example.org"}, "password": {goodPassword}, "next": {next}})
		if w.Code != http.StatusSeeOther || w.Header().Get("Location") != want {
			t.Errorf("next=%q leads to %q", next, w.Header().Get("Location"))
		}
	}
	if w := a.page("/settings", old); w.Code != http.StatusSeeOther {
		t.Errorf("the cookie from before signing in is worth something: %d", w.Code)
	}
	for _, path := range []string{"/login", "/logout", "/join", "/settings", "/forgotten"} {
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader("email=x"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		r.Header.Set("Origin", "https://evil.example")
		if w := a.serve(r, nil); w.Code != http.StatusForbidden {
			t.Errorf("%s from another site: %d", path, w.Code)
		}
	}
}

func TestJoin_closedAndByInvitation(t *testing.T) {
	joining := url.Values{"name": {"Ada"}, "email": {"ada@example.org"}, "password": {goodPassword}}
	a := newAccounts(t, func(d *Deps) { d.Registration = ClosedToAll })
	if w := a.form("/join", nil, joining); w.Code != http.StatusForbidden || len(a.letters) != 0 {
		t.Errorf("closed: %d", w.Code)
	}
	a = newAccounts(t, func(d *Deps) { d.Registration = ByInvitation })
	if w := a.form("/join", nil, joining); w.Code != http.StatusForbidden || len(a.letters) != 0 {
		t.Errorf("without an invitation: %d", w.Code)
	}
	_, ed := a.add("boss", actor.Admin)
	w := a.form("/admin", ed, url.Values{"do": {"invite"}})
	_, secret, ok := strings.Cut(w.Header().Get("Location"), "invitation=")
	if !ok {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	joining.Set("invitation", secret)
	if w := a.page("/join?invitation="+secret, nil); !strings.Contains(w.Body.String(), "Password") {
		t.Error("the form does not open")
	}
	if w := a.form("/join", nil, joining); w.Code != http.StatusOK || len(a.letters) != 1 {
		t.Errorf("invited: %d", w.Code)
	}
	joining.Set("email", "bob@example.org")
	if w := a.form("/join", nil, joining); w.Code != http.StatusForbidden {
		t.Errorf("the same invitation: %d", w.Code)
	}
}

func TestSuspended_readsAndWritesNothing(t *testing.T) {
	a := newAccounts(t)
	m, _ := a.add("ada", actor.Member)
	_, boss := a.add("boss", actor.Admin)
	if w := a.form("/admin/members/ada", boss, url.Values{"do": {"state"}, "state": {"suspended"}, "reason": {"links to a shop"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("suspending: %d %s", w.Code, w.Body)
	}
	w := a.form("/login", nil, url.Values{"email": {m.Email}, "password": {goodPassword}})
	if len(w.Result().Cookies()) != 1 {
		t.Fatalf("a suspended member cannot see why: %d", w.Code)
	}
	ada := w.Result().Cookies()[0]
	if w := a.page("/settings", ada); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "links to a shop") {
		t.Errorf("settings: %d", w.Code)
	}
	for _, route := range a.site.Routes() {
		if route.Method == http.MethodPost && route.Own != nil && !route.Anyway {
			if w := a.form(examplePath(route.Pattern), ada, nil); w.Code != http.StatusForbidden {
				t.Errorf("POST %s: %d", route.Pattern, w.Code)
			}
		}
	}
	if log := a.page("/admin", boss).Body.String(); !strings.Contains(log, "suspended") || !strings.Contains(log, "links to a shop") {
		t.Error("the audit log does not tell")
	}
}

// examplePath fills the parts of a pattern.
func examplePath(pattern string) string {
	for _, p := range [][2]string{{"{slug}", "casa-azul"}, {"{name}", "ada"}, {"{$}", ""}} {
		pattern = strings.ReplaceAll(pattern, p[0], p[1])
	}
	for strings.Contains(pattern, "{") {
		head, rest, _ := strings.Cut(pattern, "{")
		_, rest, _ = strings.Cut(rest, "}")
		pattern = head + "1" + rest
	}
	return pattern
}

// Every route about the reader answers each kind of reader as its rule says: who
// may not is led to signing in or refused before anything is done.
func TestEveryOwnRoute_byWhoAsks(t *testing.T) {
	a := newAccounts(t)
	_, member := a.add("ada", actor.Member)
	_, region := a.add("lia", actor.Editor, "italy/lazio")
	_, editor := a.add("ed", actor.Editor)
	_, admin := a.add("boss", actor.Admin)
	order := []Access{Everyone, Members, Editors, Admins}
	readers := []struct {
		name   string
		cookie *http.Cookie
		may    Access
	}{{"nobody", nil, Everyone}, {"a member", member, Members}, {"a regional editor", region, Editors}, {"an editor", editor, Editors}, {"an admin", admin, Admins}}
	seen := 0
	for _, route := range a.site.Routes() {
		if route.Own == nil || route.Access == Everyone {
			continue
		}
		seen++
		for _, who := range readers {
			var w *httptest.ResponseRecorder
			if path := examplePath(route.Pattern); route.Method == http.MethodPost {
				w = a.form(path, who.cookie, url.Values{"do": {"nothing"}})
			} else {
				w = a.page(path, who.cookie)
			}
			allowed := slices.Index(order, who.may) >= slices.Index(order, route.Access)
			toLogin := w.Code == http.StatusSeeOther && strings.HasPrefix(w.Header().Get("Location"), "/login?next=")
			switch {
			case !allowed && who.cookie == nil && !(toLogin && route.Method == http.MethodGet) && w.Code != http.StatusUnauthorized:
				t.Errorf("%s %s by %s: %d", route.Method, route.Pattern, who.name, w.Code)
			case !allowed && who.cookie != nil && w.Code != http.StatusForbidden:
				t.Errorf("%s %s by %s: %d", route.Method, route.Pattern, who.name, w.Code)
			case allowed && (toLogin || w.Code == http.StatusUnauthorized || w.Code >= 500):
				t.Errorf("%s %s by %s: %d %.200s", route.Method, route.Pattern, who.name, w.Code, w.Body)
			}
		}
	}
	if seen < 5 {
		t.Errorf("only %d routes ask who it is", seen)
	}
}

func TestCaller_believesOurProxiesOnly(t *testing.T) {
	a := newAccounts(t, func(d *Deps) { d.Proxies = prefixes("10.0.0.0/8", "192.168.1.1/32") })
	for _, c := range []struct{ peer, chain, want string }{
		{"192.0.2.1:5", "", "192.0.2.1"}, {"192.0.2.1:5", "198.51.100.7", "192.0.2.1"}, {"10.0.0.1:5", "198.51.100.7", "198.51.100.7"},
		{"10.0.0.1:5", "203.0.113.9, 198.51.100.7", "198.51.100.7"}, {"10.0.0.1:5", "198.51.100.7, 192.168.1.1", "198.51.100.7"},
		{"10.0.0.1:5", "", "10.0.0.1"}, {"10.0.0.1:5", "nonsense", "10.0.0.1"}, {"10.0.0.1:5", "10.0.0.2, 10.0.0.3", "10.0.0.2"}, {"[2001:db8::1]:5", "198.51.100.7", "2001:db8::1"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.peer
		if c.chain != "" {
			r.Header.Set("X-Forwarded-For", c.chain)
		}
		if got := a.site.caller(r).String(); got != c.want {
			t.Errorf("%s behind %q is %s, want %s", c.peer, c.chain, got, c.want)
		}
	}
}

func prefixes(list ...string) (out []netip.Prefix) {
	for _, p := range list {
		out = append(out, netip.MustParsePrefix(p))
	}
	return out
}

// A form that was sent too often says when to come back, as programs read it too;
// whoever is signed in signs out from any page of their own.
func TestTooOften_andSigningOut(t *testing.T) {
	a := newAccounts(t)
	ask := func() *httptest.ResponseRecorder {
		return a.form("/forgotten", nil, url.Values{"email": {"nobody@example.org"}, "do": {"link"}})
	}
	again := func() int { return ask().Code }
	for i := 0; ; i++ {
		w := ask()
		if w.Code == http.StatusTooManyRequests {
			wait, err := strconv.Atoi(w.Header().Get("Retry-After"))
			if err != nil || wait < 1 || !strings.Contains(w.Body.String(), "<form") {
				t.Fatalf("after %d: %v", i, w.Header())
			}
			a.now = a.now.Add(time.Duration(wait-1) * time.Second)
			if again() != http.StatusTooManyRequests {
				t.Errorf("a second before the %d seconds have passed it goes on", wait)
			}
			a.now = a.now.Add(time.Second)
			if again() == http.StatusTooManyRequests {
				t.Errorf("after %d seconds it is still too soon", wait)
			}
			break
		}
		if i == 100 {
			t.Fatalf("a network asks for letters for ever: %d", w.Code)
		}
	}
	_, cookie := a.add("ada", actor.Member)
	for path, want := range map[string]int{"/settings": 3, "/me/reports": 2} {
		if n := strings.Count(a.page(path, cookie).Body.String(), `action="/logout"`); n != want {
			t.Errorf("%s has %d ways out, not %d", path, n, want)
		}
	}
	if strings.Contains(a.page("/places", cookie).Body.String(), "/logout") {
		t.Error("a public page knows who reads it")
	}
}

// What is wrong with a field is said to people, not in the words of programs.
func TestSettings_saysWhatIsWrongInSentences(t *testing.T) {
	a := newAccounts(t)
	_, ada := a.add("ada", actor.Member)
	w := a.form("/settings", ada, url.Values{"do": {"email"}, "email": {"zebra"}})
	body := w.Body.String()
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "One thing needs you.") || !strings.Contains(body, "Is no mail address; one looks like name@example.org.") || strings.Contains(body, "email: is") || !strings.Contains(body, `value="zebra"`) {
		t.Errorf("a bad address: %d %s", w.Code, words(body))
	}
}
