package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/place"
)

// memberHeader names the member who asks, in tests of pages about members.
const memberHeader = "X-Test-Member"

// withMembers lets a test's requests come from members: those that memberHeader
// names, made by a.member.
func withMembers(also ...func(*Deps)) func(*Deps) {
	return func(d *Deps) {
		d.Who = func(r *http.Request) (actor.Actor, error) {
			var id int64
			if name := r.Header.Get(memberHeader); name != "" {
				if _, err := fmt.Sscanf(name, "m%d", &id); err != nil {
					return actor.Actor{}, err
				}
				return actor.Actor{ID: id, Name: name, Shown: "Member " + name, Role: actor.Member}, nil
			}
			return actor.Actor{}, nil
		}
		for _, fn := range also {
			fn(d)
		}
	}
}

// member makes a member of the atlas and gives the name.
func (a *atlas) member(id int64) string {
	a.t.Helper()
	name := fmt.Sprint("m", id)
	err := a.db.Write(a.t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO members (id, name, shown, verified_at, password, role, level, regions, state, state_reason, bio, links, avatar,
			settings, accepted, declined, created_at, seen_at, revision)
			VALUES ($1, $2, $3, 1, '', 'member', 'new', '[]', 'active', '', '', '[]', '', '{}', 0, 0, 1, 1, 1)`, id, name, "Member "+name)
		return err
	})
	if err != nil {
		a.t.Fatal(err)
	}
	return name
}

// send sends a form as a member, or as nobody.
func (a *atlas) send(member, path string, fields url.Values, headers ...string) *httptest.ResponseRecorder {
	a.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if member != "" {
		r.Header.Set(memberHeader, member)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	a.site.ServeHTTP(w, r)
	return w
}

func (a *atlas) publicID(slug string) string {
	a.t.Helper()
	p, err := a.places.BySlug(a.t.Context(), slug)
	if err != nil {
		a.t.Fatal(err)
	}
	return place.PublicID(p.ID)
}

func TestMark_byForms(t *testing.T) {
	a := newAtlas(t, someRecords(), withMembers())
	ada, ben := a.member(1), a.member(2)
	const page = "/places/casa-azul/mark"
	public := a.get("/places/casa-azul").Body.String()

	if w := a.send("", page, url.Values{"mark": {"been"}}); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/login?next=%2Fplaces%2Fcasa-azul%2Fmark" {
		t.Errorf("nobody marks: %d to %s", w.Code, w.Header().Get("Location"))
	}
	if w := a.get(page); w.Code != http.StatusSeeOther {
		t.Errorf("nobody sees the page of marks: %d", w.Code)
	}
	for range 2 { // a form that is sent again
		if w := a.send(ada, page, url.Values{"mark": {"been"}}); w.Code != http.StatusSeeOther || w.Header().Get("Location") != page {
			t.Fatalf("%d to %s", w.Code, w.Header().Get("Location"))
		}
	}
	w := a.get(page, memberHeader, ada)
	if !strings.Contains(w.Body.String(), "You have been here.") || !strings.Contains(w.Body.String(), "not marked that you want to go") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if c := w.Header().Get("Cache-Control"); !strings.Contains(c, "no-store") {
		t.Errorf("the page of marks may be kept: %q", c)
	}
	if w := a.get(page, memberHeader, ben); strings.Contains(w.Body.String(), "You have been here.") {
		t.Error("another's mark is shown")
	}
	if w := a.get("/places/casa-azul", memberHeader, ada); w.Body.String() != public {
		t.Error("the public page is another for who has marked it")
	}
	if w := a.send(ada, page, url.Values{"mark": {"liked"}}); w.Code != http.StatusBadRequest {
		t.Errorf("an unknown mark: %d", w.Code)
	}
	if w := a.send(ada, "/places/nowhere/mark", url.Values{"mark": {"been"}}); w.Code != http.StatusNotFound {
		t.Errorf("a place that is not there: %d", w.Code)
	}
	if w := a.send(ada, page, url.Values{"mark": {"been"}}, "Sec-Fetch-Site", "cross-site"); w.Code != http.StatusForbidden {
		t.Errorf("another site marks: %d", w.Code)
	}
	a.send(ada, page, url.Values{"mark": {"been"}, "on": {"no"}})
	if w := a.get(page, memberHeader, ada); strings.Contains(w.Body.String(), "You have been here.") {
		t.Error("it was not undone")
	}
}

// The member's choice for all visits goes before what is chosen for one.
func TestVisit_saysWhoTrulySeesIt(t *testing.T) {
	a := newAtlas(t, someRecords(), withMembers())
	ada := a.member(1)
	a.send(ada, "/places/casa-azul/visits", url.Values{"day": {"2021"}, "outcome": {"found"}, "privacy": {"public"}})
	body := a.get("/places/casa-azul/mark", memberHeader, ada).Body.String()
	if strings.Contains(body, `<span class="small muted">Everyone sees it`) || !strings.Contains(body, `<span class="small muted">Only you see it`) || !strings.Contains(body, "show your visits to you alone") {
		t.Error("a visit is said to be seen by more than its member lets see any:", body)
	}
}

func TestVisit_byForm(t *testing.T) {
	a := newAtlas(t, someRecords(), withMembers())
	ada, ben := a.member(1), a.member(2)
	const page, visits = "/places/casa-azul/mark", "/places/casa-azul/visits"
	w := a.send(ada, visits, url.Values{"day": {"some day"}, "outcome": {"closed"}, "privacy": {"public"}, "note": {"Shut & <b>barred</b>"}})
	body := w.Body.String()
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "Write the date as") || !strings.Contains(body, "Shut &amp; &lt;b&gt;barred&lt;/b&gt;") || !strings.Contains(body, `value="some day"`) {
		t.Errorf("%d %s", w.Code, body)
	}
	if w := a.send(ada, visits, url.Values{"day": {"2020-02"}, "outcome": {"found"}, "privacy": {"me"}, "note": {"It rained."}}); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	body = a.get(page, memberHeader, ada).Body.String()
	if !strings.Contains(body, "It rained.") || !strings.Contains(body, "February 2020") || !strings.Contains(body, "You have been here.") {
		t.Error("the visit is not there:", body)
	}
	_, id, _ := strings.Cut(body, `name="delete" value="`)
	id, _, _ = strings.Cut(id, `"`)
	if w := a.send(ben, visits, url.Values{"delete": {id}}); w.Code != http.StatusNotFound {
		t.Errorf("another deletes it: %d", w.Code)
	}
	if w := a.send(ada, visits, url.Values{"delete": {id}}); w.Code != http.StatusSeeOther || strings.Contains(a.get(page, memberHeader, ada).Body.String(), "It rained.") {
		t.Errorf("it is not deleted: %d", w.Code)
	}
}

func TestMark_byScript(t *testing.T) {
	a := newAtlas(t, someRecords(), withMembers())
	ada, ben := a.member(1), a.member(2)
	azul, sedlec := a.publicID("casa-azul"), a.publicID("sedlec-ossuary")
	read := func(w *httptest.ResponseRecorder) (m mine) {
		t.Helper()
		if err := json.Unmarshal(w.Body.Bytes(), &m); err != nil || w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/json" {
			t.Fatalf("%d %s %s", w.Code, w.Header().Get("Content-Type"), w.Body)
		}
		return m
	}
	if m := read(a.get("/me/overlay?path=/&id=" + azul)); m.Member != "" || len(m.Marks) != 0 {
		t.Errorf("nobody has %+v", m)
	}
	m := read(a.send(ada, "/me/marks", url.Values{"as": {ada}, "change": {azul + " been on", sedlec + " want on", sedlec + " want off", azul + " want on", "p5 been on"}}))
	if m.Marks[azul] != (ofMine{true, true, [2]int{1, 1}}) || m.Marks[sedlec] != (ofMine{}) || len(m.Marks) != 2 {
		t.Errorf("%+v", m)
	}
	if m := read(a.get("/me/overlay?path=/&id="+azul+"&id=nonsense&id=p7", memberHeader, ben)); m.Member != ben || m.Marks[azul] != (ofMine{false, false, [2]int{1, 1}}) || len(m.Marks) != 1 {
		t.Errorf("%+v", m)
	}
	for want, fields := range map[int]url.Values{
		http.StatusConflict:   {"as": {ada}, "change": {azul + " been on"}},
		http.StatusBadRequest: {"change": {azul + " been maybe"}},
	} {
		if w := a.send(ben, "/me/marks", fields); w.Code != want {
			t.Errorf("%v: %d, want %d", fields, w.Code, want)
		}
	}
	if w := a.send("", "/me/marks", url.Values{"change": {azul + " been on"}}); w.Code != http.StatusUnauthorized {
		t.Errorf("nobody sends marks: %d", w.Code)
	}
	if m := read(a.get("/me/overlay?path=/&id="+azul, memberHeader, ben)); m.Marks[azul].Been {
		t.Error("what was refused is there")
	}
}
