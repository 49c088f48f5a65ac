package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/user"
)

// Who is suspended reads why and until when, and appeals; an editor answers from
// the desk.
func TestAppeal_fromSuspensionToItsEnd(t *testing.T) {
	a := newAccounts(t)
	m, _ := a.add("ada", actor.Member)
	_, ed := a.add("ed", actor.Editor)
	has := func(page string, parts ...string) {
		t.Helper()
		for _, p := range parts {
			if !strings.Contains(page, p) {
				t.Errorf("the page has no %q: %s", p, words(page))
			}
		}
	}
	day := a.now.Add(40 * 24 * time.Hour)
	suspend := url.Values{"do": {"state"}, "state": {"suspended"}, "reason": {"Links to a shop."}, "until": {"2001-01-01"}}
	if w := a.form("/users/ada/desk", ed, suspend); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "a day that lies ahead") {
		t.Fatalf("a day long gone: %d", w.Code)
	}
	suspend.Set("until", day.Format(time.DateOnly))
	if w := a.form("/users/ada/desk", ed, suspend); w.Code != http.StatusSeeOther {
		t.Fatalf("suspending: %d %s", w.Code, words(w.Body.String()))
	}
	has(a.page("/users/ada/desk", ed).Body.String(), `value="`+day.Format(time.DateOnly)+`"`)
	in := func() *http.Cookie {
		t.Helper()
		w := a.form("/login", nil, url.Values{"email": {m.Email}, "password": {goodPassword}})
		if len(w.Result().Cookies()) != 1 {
			t.Fatalf("signing in: %d", w.Code)
		}
		return w.Result().Cookies()[0]
	}
	ada := in()
	has(a.page("/settings", ada).Body.String(), `href="/me/appeal"`)
	has(a.page("/me/appeal", ada).Body.String(), "Your account is suspended", "Links to a shop.", "until "+day.Format("2 January 2006"), "Why should it be looked at again?")
	if w := a.form("/me/appeal", ada, url.Values{"text": {" "}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("an appeal without words: %d", w.Code)
	}
	if w := a.form("/me/appeal", ada, url.Values{"text": {"It was my brother."}}); w.Code != http.StatusSeeOther {
		t.Fatalf("appealing: %d %s", w.Code, words(w.Body.String()))
	}
	page := a.page("/me/appeal", ada).Body.String()
	has(page, "Your appeal waits for an editor")
	if strings.Contains(page, "Why should it be looked at again?") {
		t.Error("a second appeal is offered while one waits")
	}
	if w := a.form("/me/appeal", ada, url.Values{"text": {"And again."}}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "Your appeal waits already") {
		t.Errorf("two appeals: %d", w.Code)
	}
	queue := a.page("/desk?appeal=yes", ed).Body.String()
	has(queue, "ada", "appeal")
	_, rest, _ := strings.Cut(queue, `href="/desk/s`)
	id, _, _ := strings.Cut(rest, "?")
	on := "/desk/s" + id
	has(a.page(on, ed).Body.String(), "It was my brother.", "Links to a shop.", "End the suspension", "Let it stand")
	if w := a.form(on, ed, url.Values{"do": {"publish"}, "how": {"restore"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("granting: %d %s", w.Code, words(w.Body.String()))
	}
	if now, err := a.users.ByID(t.Context(), m.ID); err != nil || now.State != user.Active {
		t.Errorf("granted: %+v, %v", now, err)
	}
	has(a.page("/me/appeal", ada).Body.String(), "Your account is not suspended")
	if w := a.form("/me/appeal", ada, url.Values{"text": {"Why?"}}); w.Code != http.StatusSeeOther {
		t.Errorf("appealing against nothing: %d", w.Code)
	}
}
