package web

import (
	"net/http"
	"net/http/httptest"
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
	has(a.page("/places/new", ada).Body.String(), "Your account is suspended: nothing that you write here can be kept.", `href="/me/appeal"`)
	if strings.Contains(a.page("/places/new", ed).Body.String(), "Your account is suspended") {
		t.Error("an editor is told that they are suspended")
	}
	const kept = "Everything here is kept as you type."
	if strings.Contains(a.page("/places/new", ada).Body.String(), kept) || !strings.Contains(a.page("/places/new", ed).Body.String(), kept) {
		t.Error("a form promises to keep what it cannot, or no longer what it can")
	}
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

// Who is suspended may ask for a second look at what was taken down or declined
// of theirs, once each, and send nothing else to the same addresses.
func TestAppeal_ofTheSuspended(t *testing.T) {
	h := newHouse(t)
	photo, _ := h.publicPhoto("ines", 3)
	other, _ := h.publicPhoto("ines", 5)
	sub, _, _ := strings.Cut(h.sends("ines", "/places/new", lighthouse()), "?")
	h.sends("tomasz", strings.Replace(sub, "/submissions/", "/desk/", 1), url.Values{"do": {"decline"}, "reason": {"promotional"}})
	h.sends("tomasz", "/takedowns/photo-"+photo, url.Values{"do": {"down"}, "why": {"rights"}, "public": {"It is in a book."}})
	h.sends("tomasz", "/users/ines/desk", url.Values{"do": {"state"}, "state": {"suspended"}, "reason": {"Links to a shop."}})
	who := h.who["ines"]
	who.Suspended = true
	h.who["ines"] = who
	h.has(h.as("ines", "/me/appeal"), http.StatusOK, "you can ask about once", `href="/drafts"`)

	h.has(h.as("ines", "/report?of=photo-"+photo), http.StatusOK, "A second look", "It should be looked at again")
	appeal := url.Values{"of": {"photo-" + photo}, "code": {"appeal"}, "text": {"The book is mine."}}
	h.sends("ines", "/report", appeal)
	h.has(h.post("ines", "/report", appeal), http.StatusUnprocessableEntity, "One is all there is")
	for name, form := range map[string]url.Values{
		"a report":                 {"of": {"photo-" + other}, "code": {"rights"}, "text": {"Not mine."}},
		"no code":                  {"of": {"photo-" + other}, "text": {"x"}},
		"a place that is not hers": {"of": {"place-1"}, "code": {"wrong"}, "text": {"x"}},
	} {
		if w := h.post("ines", "/report", form); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "suspended") {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	if w := h.post("ines", "/report", url.Values{"of": {"photo-" + other}, "code": {"appeal"}, "text": {"x"}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("an appeal of what stands: %d", w.Code)
	}

	h.has(h.as("ines", sub), http.StatusOK, "Ask for a second look")
	for _, do := range []string{"say", "withdraw", "", "publish"} {
		h.has(h.post("ines", sub, url.Values{"do": {do}, "text": {"Hello?"}}), http.StatusForbidden, "suspended")
	}
	h.sends("ines", sub, url.Values{"do": {"appeal"}, "text": {"It is no shop."}})
	h.has(h.as("ines", sub), http.StatusOK, "It is looked at a second time")
	if w := h.post("ines", sub, url.Values{"do": {"appeal"}, "text": {"Again."}}); w.Code == http.StatusSeeOther {
		t.Error("two appeals of one decision")
	}
	queue := h.as("olga", "/desk?appeal=yes").Body.String()
	if !strings.Contains(queue, "Casa Azul") || !strings.Contains(queue, "Rubjerg") {
		t.Errorf("the appeals on the desk: %s", words(queue))
	}
}

// Who is banned reads why by the link of the mail about it, without signing in,
// and appeals; whoever holds no such link appeals for nobody.
func TestAppeal_ofTheBanned(t *testing.T) {
	a := newAccounts(t)
	m, _ := a.add("ada", actor.Member)
	_, ed := a.add("ed", actor.Editor)
	has := func(w *httptest.ResponseRecorder, status int, parts ...string) {
		t.Helper()
		if w.Code != status {
			t.Errorf("%d: %s", w.Code, words(w.Body.String()))
		}
		for _, p := range parts {
			if !strings.Contains(w.Body.String(), p) {
				t.Errorf("the page has no %q: %s", p, words(w.Body.String()))
			}
		}
	}
	has(a.form("/users/ada/desk", ed, url.Values{"do": {"state"}, "state": {"banned"}, "reason": {"Links to a <shop>."}}), http.StatusSeeOther)
	link := a.link()
	first := a.page(link, nil)
	has(first, http.StatusOK, "Your account is closed", "Links to a &lt;shop&gt;.", "Why should it be looked at again?", `action="`+link+`"`)
	if first.Header().Get("Referrer-Policy") != "same-origin" || first.Header().Get("Cache-Control") != "private, no-store" || len(first.Result().Cookies()) != 0 {
		t.Errorf("the page of a secret: %v", first.Header())
	}
	has(a.form(link, nil, url.Values{"text": {" "}}), http.StatusUnprocessableEntity, "The appeal was not sent.", "Say in a sentence or two")
	has(a.form(link+"x", nil, url.Values{"text": {"Me too."}}), http.StatusNotFound, "does nothing any more")
	has(a.form(link, nil, url.Values{"text": {"It was my brother."}}), http.StatusSeeOther)
	has(a.page(link, nil), http.StatusOK, "Your appeal waits for an editor")
	has(a.form(link, nil, url.Values{"text": {"And again."}}), http.StatusUnprocessableEntity, "Your appeal waits already")

	on := func() string {
		t.Helper()
		_, rest, _ := strings.Cut(a.page("/desk?appeal=yes", ed).Body.String(), `href="/desk/s`)
		id, _, _ := strings.Cut(rest, "?")
		return "/desk/s" + id
	}
	has(a.page(on(), ed), http.StatusOK, "A ban", "It was my brother.", "Links to a &lt;shop&gt;.", "Open the account again", "Let it stand")
	has(a.form(on(), ed, url.Values{"do": {"decline"}, "text": {"It stays."}}), http.StatusSeeOther)
	has(a.page(link, nil), http.StatusOK, "An editor has looked at your last appeal, and left it so.", "Why should it be looked at again?")

	has(a.form(link, nil, url.Values{"text": {"Look at the times."}}), http.StatusSeeOther)
	has(a.form(on(), ed, url.Values{"do": {"publish"}, "how": {"restore"}}), http.StatusSeeOther)
	if now, err := a.users.ByID(t.Context(), m.ID); err != nil || now.State != user.Active {
		t.Errorf("granted: %+v, %v", now, err)
	}
	has(a.page(link, nil), http.StatusNotFound, "does nothing any more")
	has(a.form("/login", nil, url.Values{"email": {m.Email}, "password": {goodPassword}}), http.StatusSeeOther)
}
