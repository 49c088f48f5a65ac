package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/notice"
	"mirabilia/internal/web/view"
)

// newsAtlas is an atlas with two members.
func newsAtlas(t *testing.T) (a *atlas, ada, ben string) {
	t.Helper()
	a = newAtlas(t, someRecords(), withMembers())
	return a, a.member(1), a.member(2)
}

func (a *atlas) overlaid(member, query string) (out overlaid) {
	a.t.Helper()
	w := a.get("/me/overlay?"+query, memberHeader, member)
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != http.StatusOK {
		a.t.Fatalf("%d %s, %v", w.Code, w.Body, err)
	}
	return out
}

// tell tells members something and gives the number that the first got.
func (a *atlas) tell(n notice.Notice, members ...int64) {
	a.t.Helper()
	err := a.db.Write(a.t.Context(), func(tx *db.Tx) error {
		_, err := a.site.Notices.TellAll(tx, n, members)
		return err
	})
	if err != nil {
		a.t.Fatal(err)
	}
}

// Destinations, themes and members are followed by a plain form; the public page
// is the same whether or not, and the overlay tells.
func TestFollow_byForms(t *testing.T) {
	a, ada, ben := newsAtlas(t)
	for _, c := range []struct{ kind, name, path string }{{"destination", "mexico", "/destinations/mexico"}, {"tag", "bones", "/tags/bones"}} {
		before := a.get(c.path)
		if before.Code != http.StatusOK || !strings.Contains(before.Body.String(), `data-follow="`+c.kind+"/"+c.name+`"`) || strings.Contains(before.Body.String(), "aria-pressed") {
			t.Fatalf("%s: %d, or no button", c.path, before.Code)
		}
		fields := url.Values{"kind": {c.kind}, "name": {c.name}, "on": {"yes"}}
		if w := a.send("", "/follow", fields); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/login?next=%2Ffollow%3Fkind%3D"+c.kind) {
			t.Errorf("nobody is led to %d %s", w.Code, w.Header().Get("Location"))
		}
		w := a.send(ada, "/follow", fields)
		if w.Code != http.StatusSeeOther {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		if state := a.get(w.Header().Get("Location"), memberHeader, ada).Body.String(); !strings.Contains(state, "You follow ") {
			t.Errorf("%s is not followed: %s", c.name, state)
		}
		if state := a.get(w.Header().Get("Location"), memberHeader, ben).Body.String(); !strings.Contains(state, "You do not follow ") {
			t.Error("another follows too")
		}
		if a.get(c.path, memberHeader, ada).Body.String() != before.Body.String() {
			t.Error("the public page knows who reads it")
		}
		if !a.overlaid(ada, "path="+c.path).Follows || a.overlaid(ben, "path="+c.path).Follows || a.overlaid(ada, "path=/places").Follows {
			t.Error("the overlay tells otherwise")
		}
		fields.Set("on", "no")
		a.send(ada, "/follow", fields)
		if a.overlaid(ada, "path="+c.path).Follows {
			t.Error("still followed")
		}
	}
	if w := a.send(ada, "/follow", url.Values{"kind": {"member"}, "name": {ben}, "on": {"yes"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("a member: %d %s", w.Code, w.Body)
	}
	if !a.overlaid(ada, "path=/users/"+ben).Follows || !a.overlaid(ada, "path=/users/"+ben+"/added").Follows || a.overlaid(ben, "path=/users/"+ada).Follows {
		t.Error("the overlay of a member's page tells otherwise")
	}
	if own := a.overlaid(ada, "path=/users/"+ada); own.Follows || own.Edit == nil || own.Edit.Path != "/settings" {
		t.Errorf("one's own page: %+v", own)
	}
	if page := a.get("/users/" + ben); page.Body.String() != a.get("/users/"+ben, memberHeader, ada).Body.String() || !strings.Contains(page.Body.String(), `data-follow="member/m2"`) {
		t.Error("the page of a member knows who reads it, or has no button")
	}
	for want, f := range map[int]url.Values{
		http.StatusNotFound: {"kind": {"tag"}, "name": {"no-such-tag"}}, http.StatusBadRequest: {"kind": {"story"}, "name": {"x"}},
	} {
		if w := a.send(ada, "/follow", f); w.Code != want {
			t.Errorf("%v: %d, want %d", f, w.Code, want)
		}
	}
	// Whom one may not follow is told in words, and of another's block nothing.
	cleo := a.member(3)
	follow := func(who, whom string) *httptest.ResponseRecorder {
		return a.send(who, "/follow", url.Values{"kind": {"member"}, "name": {whom}, "on": {"yes"}})
	}
	if w := a.send(cleo, "/users/"+ada+"/block", url.Values{"on": {"yes"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if w := follow(ada, cleo); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "You cannot follow Member "+cleo) || strings.Contains(w.Body.String(), "block") || strings.Contains(w.Body.String(), "not yours to open") {
		t.Errorf("blocked: %d %s", w.Code, w.Body)
	}
	if w := follow(cleo, ada); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "You have blocked this member.") || !strings.Contains(w.Body.String(), "/users/"+ada+"/block") {
		t.Errorf("blocking: %d %s", w.Code, w.Body)
	}
	list := a.get("/settings/following", memberHeader, ada).Body.String()
	if !strings.Contains(list, "Member "+ben) || !strings.Contains(list, `name="name" value="2"`) {
		t.Errorf("not listed: %s", list)
	}
	if w := a.send(ada, "/settings/following", url.Values{"kind": {"member"}, "name": {"2"}, "on": {"no"}}); w.Code != http.StatusSeeOther {
		t.Errorf("%d", w.Code)
	}
	if list := a.get("/settings/following", memberHeader, ada).Body.String(); !strings.Contains(list, "You follow nothing yet") {
		t.Error("still listed")
	}
}

// Notices are one's own, the newest first, page by page, and are read one by one
// or all that were seen.
func TestNotices(t *testing.T) {
	a, ada, ben := newsAtlas(t)
	if page := a.get("/notifications", memberHeader, ada).Body.String(); !strings.Contains(page, "Nothing yet.") {
		t.Errorf("the empty page: %s", page)
	}
	for i := range noticesShown + 2 {
		a.tell(notice.Notice{Kind: notice.Decision, Action: "publish", About: "submission.place", Once: fmt.Sprint(i), Title: fmt.Sprintf("Well %d <b>", i), Path: "/submissions/s1"}, 1)
	}
	w := a.get("/notifications", memberHeader, ada)
	page := w.Body.String()
	if strings.Count(page, `class="told unread"`) != noticesShown || !strings.Contains(page, "“Well 31 &lt;b&gt;” is in the atlas.") || strings.Contains(page, "Well 1 ") || w.Header().Get("Cache-Control") != "private, no-store" {
		t.Errorf("the first page: %s", page)
	}
	_, older, _ := strings.Cut(page, `href="/notifications?before=`)
	older, _, _ = strings.Cut(older, `"`)
	second := a.get("/notifications?before="+older, memberHeader, ada).Body.String()
	if strings.Count(second, `class="told unread"`) != 2 || !strings.Contains(second, "Well 0 ") || strings.Contains(second, "Well 2 ") {
		t.Errorf("the second page: %s", second)
	}
	id := func(page, field string) string {
		_, rest, _ := strings.Cut(page, `name="`+field+`" value="`)
		value, _, _ := strings.Cut(rest, `"`)
		return value
	}
	if o := a.overlaid(ada, "path=/"); o.Unread != noticesShown+2 || !slices.ContainsFunc(o.Links, func(l overlayLink) bool { return l.Path == view.NotificationsPath && l.Count == "32" && l.InBar }) {
		t.Errorf("%+v", o)
	}
	if w := a.send(ben, "/notifications", url.Values{"do": {"read"}, "id": {id(page, "id")}}); w.Code != http.StatusNotFound {
		t.Errorf("another's is read: %d", w.Code)
	}
	if w := a.send(ada, "/notifications", url.Values{"do": {"read"}, "id": {id(page, "id")}}); w.Code != http.StatusSeeOther || a.overlaid(ada, "path=/").Unread != noticesShown+1 {
		t.Errorf("one is read: %d", w.Code)
	}
	a.tell(notice.Notice{Kind: notice.Follower, Action: "follower", About: "member", Subject: 2, By: notice.Person{ID: 2}, Once: "follower:2"}, 1)
	if w := a.send(ada, "/notifications", url.Values{"do": {"all"}, "upto": {id(page, "upto")}}); w.Code != http.StatusSeeOther || a.overlaid(ada, "path=/").Unread != 1 {
		t.Errorf("what came since is read too: %d", w.Code)
	}
	if page := a.get("/notifications", memberHeader, ada).Body.String(); !strings.Contains(page, "Member m2 follows you.") {
		t.Error("the follower is not named")
	}
	for _, f := range []url.Values{{"do": {"read"}, "id": {"x"}}, {"do": {"all"}}, {}} {
		if w := a.send(ada, "/notifications", f); w.Code != http.StatusBadRequest {
			t.Errorf("%v: %d", f, w.Code)
		}
	}
	if w := a.get("/notifications?before=-1", memberHeader, ada); w.Code != http.StatusBadRequest {
		t.Errorf("a bad cursor: %d", w.Code)
	}
}

// Every action is put into a sentence of its own.
func TestNoticeSays(t *testing.T) {
	seen := map[string]string{}
	for _, k := range []notice.Kind{notice.Message, notice.Desk} {
		for _, action := range []string{"publish", "changes", "decline", "duplicate", "hold", "undo", "message", "again", "appeal", "follower", "edit", "new"} {
			says, icon := noticeSays(t.Context(), notice.Notice{Kind: k, Action: action, Title: "Stairs", By: notice.Person{Name: "Ida"}})
			if other, twice := seen[says]; twice && other != action || icon == "" || strings.Contains(says, "%!") {
				t.Errorf("%s says %q, as %s does", action, says, other)
			}
			seen[says] = action
		}
	}
}

// What comes is chosen kind by kind; what only editors hear is chosen by them.
func TestNoticeSettings(t *testing.T) {
	a, ada, _ := newsAtlas(t)
	page := a.get("/settings/notifications", memberHeader, ada).Body.String()
	if !strings.Contains(page, `name="decision-mail" value="yes" checked`) || strings.Contains(page, "desk-mail") || !strings.Contains(page, "one mail a week") {
		t.Fatalf("%s", page)
	}
	if w := a.send(ada, "/settings/notifications", url.Values{"decision-site": {"yes"}, "followed-mail": {"yes"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	c, err := a.site.Notices.Choices(t.Context(), actor.Actor{ID: 1, Role: actor.Member})
	want := map[notice.Kind]notice.Choice{notice.Decision: {Site: true}, notice.Followed: {Mail: true}, notice.Message: {}, notice.Follower: {}, notice.Desk: {Site: true, Mail: true}}
	for k, w := range want {
		if c[k] != w || err != nil {
			t.Errorf("%s: %+v, want %+v; %v", k, c[k], w, err)
		}
	}
}

// The way out of a mail asks when it is looked at and acts when it is pressed,
// by whomever: mail programs send no cookie.
func TestUnsubscribe(t *testing.T) {
	a, _, _ := newsAtlas(t)
	path := a.site.Notices.StopPath(1, notice.Decision)
	mailed := func() bool {
		t.Helper()
		c, err := a.site.Notices.Choices(t.Context(), actor.Actor{ID: 1, Role: actor.Member})
		if err != nil {
			t.Fatal(err)
		}
		return c[notice.Decision].Mail
	}
	w := a.get(path)
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `action="`+path+`"`) || w.Header().Get("Cache-Control") != "private, no-store" || w.Header().Get("X-Robots-Tag") != "noindex" || !mailed() {
		t.Errorf("looked at: %d %s", w.Code, w.Body)
	}
	if strings.Contains(w.Body.String(), "Member m1") {
		t.Error("it tells whose it is")
	}
	for _, forged := range []string{path + "x", strings.Replace(path, "/decision/", "/message/", 1), strings.Replace(path, "/1/", "/2/", 1)} {
		if w := a.send("", forged, url.Values{"List-Unsubscribe": {"One-Click"}}); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", forged, w.Code)
		}
	}
	if !mailed() {
		t.Error("a forged one did it")
	}
	for range 2 {
		if w := a.send("", path, url.Values{"List-Unsubscribe": {"One-Click"}}); w.Code != http.StatusOK {
			t.Errorf("pressed: %d %s", w.Code, w.Body)
		}
	}
	if mailed() {
		t.Error("mails still come")
	}
}

// The overlay is for our own pages.
func TestOverlay_refusesOtherSites(t *testing.T) {
	a, ada, _ := newsAtlas(t)
	for site, want := range map[string]int{"cross-site": http.StatusForbidden, "same-origin": http.StatusOK, "": http.StatusOK} {
		if w := a.get("/me/overlay?path=/", memberHeader, ada, "Sec-Fetch-Site", site); w.Code != want {
			t.Errorf("from %q: %d, want %d", site, w.Code, want)
		}
	}
}
