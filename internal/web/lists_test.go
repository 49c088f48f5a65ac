package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"mirabilia/internal/outward"
)

// makeList makes a list as a member and gives the path of its page.
func (a *atlas) makeList(member, title, privacy, place string) string {
	a.t.Helper()
	w := a.send(member, "/me/lists", url.Values{"title": {title}, "privacy": {privacy}, "place": {place}})
	path, ok := strings.CutSuffix(w.Header().Get("Location"), "/edit")
	if w.Code != http.StatusSeeOther || !ok {
		a.t.Fatalf("%d to %q: %s", w.Code, w.Header().Get("Location"), w.Body)
	}
	return path
}

func TestList_fromAPlaceToEveryForm(t *testing.T) {
	a := newAtlas(t, someRecords(), withMembers())
	ada := a.member(1)
	azul, sedlec := a.publicID("casa-azul"), a.publicID("sedlec-ossuary")
	if w := a.send(ada, "/me/lists", url.Values{"title": {" "}, "intro": {"Kept <i>words</i>"}, "privacy": {"private"}}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "Give it a title.") || !strings.Contains(w.Body.String(), "Kept &lt;i&gt;words&lt;/i&gt;") {
		t.Errorf("a list without title: %d", w.Code)
	}
	path := a.makeList(ada, "Blue & <bony>", "public", azul)
	if path != "/lists/blue-bony" {
		t.Errorf("the list is at %s", path)
	}
	do := func(fields ...string) {
		t.Helper()
		v := url.Values{}
		for i := 0; i < len(fields); i += 2 {
			v.Set(fields[i], fields[i+1])
		}
		if w := a.send(ada, path+"/edit", v); w.Code != http.StatusSeeOther {
			t.Fatalf("%v: %d %s", fields, w.Code, w.Body)
		}
	}
	do("do", "add", "place", sedlec)
	do("do", "note", "place", sedlec, "was", "", "note", "Look *up*.")
	do("do", "up", "place", sedlec)
	if body := a.get("/places/casa-azul/lists", memberHeader, ada).Body.String(); !strings.Contains(body, "Take off the list") {
		t.Error("the page of a place's lists does not say that it stands on one")
	}
	body := a.get(path).Body.String()
	if !strings.Contains(body, "Blue &amp; &lt;bony&gt;") || !strings.Contains(body, "<em>up</em>") || strings.Index(body, "Sedlec Ossuary</a>") > strings.Index(body, "Casa Azul</a>") {
		t.Errorf("the page: %s", body)
	}
	for _, form := range listForms {
		w := a.get(path + form)
		if w.Code != http.StatusOK || form != ".json" && countIn(t, form, w.Body.String()) != 2 {
			t.Errorf("%s: %d %.200s", form, w.Code, w.Body)
		}
	}
	var l outward.List
	if err := json.Unmarshal(a.get(path+".json").Body.Bytes(), &l); err != nil || len(l.Items) != 2 || l.Items[0].Place.Title != "Sedlec Ossuary" || l.Items[0].Note != "Look *up*." || l.By.Name != "Member m1" {
		t.Errorf("%+v, %v", l, err)
	}
	if body := a.get("/lists").Body.String(); !strings.Contains(body, "Blue &amp; &lt;bony&gt;") {
		t.Error("the page of lists does not have it")
	}
}

// What is private stays so, in pages and in every other form.
func TestList_private(t *testing.T) {
	a := newAtlas(t, someRecords(), withMembers())
	ada, ben := a.member(1), a.member(2)
	path := a.makeList(ada, "Quiet doors", "link", a.publicID("casa-azul"))
	for _, form := range append([]string{"", "/edit"}, listForms...) {
		for _, who := range []string{"", ben} {
			w := a.get(path+form, memberHeader, who)
			if w.Code != http.StatusNotFound && !(form == "/edit" && who == "" && w.Code == http.StatusSeeOther) || strings.Contains(w.Body.String(), "Quiet doors") {
				t.Errorf("%s%s for %q: %d", path, form, who, w.Code)
			}
		}
	}
	if w := a.send(ben, path+"/edit", url.Values{"do": {"delete"}, "sure": {"yes"}}); w.Code != http.StatusNotFound {
		t.Errorf("another deletes it: %d", w.Code)
	}
	if strings.Contains(a.get("/lists").Body.String(), "Quiet doors") {
		t.Error("it is among the public lists")
	}
	_, link, _ := strings.Cut(a.get(path+"/edit", memberHeader, ada).Body.String(), testURL+"/shared/lists/")
	link, _, _ = strings.Cut(link, `"`)
	w := a.get("/shared/lists/" + link)
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Casa Azul") || w.Header().Get("X-Robots-Tag") != "noindex" || !strings.Contains(w.Header().Get("Cache-Control"), "no-store") {
		t.Errorf("by its link: %d %v", w.Code, w.Header())
	}
	a.send(ada, path+"/edit", url.Values{"do": {"revoke"}})
	if w := a.get("/shared/lists/" + link); w.Code != http.StatusNotFound {
		t.Errorf("by a link that was taken away: %d", w.Code)
	}
}

func TestList_conflictKeepsWhatWasTyped(t *testing.T) {
	a := newAtlas(t, someRecords(), withMembers())
	ada, ben := a.member(1), a.member(2)
	azul := a.publicID("casa-azul")
	path := a.makeList(ada, "Wells", "private", azul)
	if w := a.send(ada, path+"/edit", url.Values{"do": {"invite"}, "name": {ben}, "role": {"editor"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if w := a.send(ada, path+"/edit", url.Values{"do": {"invite"}, "name": {"nobody-here"}, "role": {"editor"}}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "no other member of that name") {
		t.Errorf("%d", w.Code)
	}
	a.send(ada, path+"/edit", url.Values{"do": {"note"}, "place": {azul}, "was": {""}, "note": {"deep"}})
	w := a.send(ben, path+"/edit", url.Values{"do": {"note"}, "place": {azul}, "was": {""}, "note": {"dry & dusty"}})
	if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "dry &amp; dusty") || !strings.Contains(w.Body.String(), "deep") {
		t.Errorf("a note over another's: %d", w.Code)
	}
	a.send(ada, path+"/edit", url.Values{"do": {"details"}, "edition": {"1"}, "title": {"Deep wells"}, "privacy": {"private"}})
	w = a.send(ben, path+"/edit", url.Values{"do": {"details"}, "edition": {"1"}, "title": {"Dry wells"}, "privacy": {"private"}})
	if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "Dry wells") || !strings.Contains(w.Body.String(), "Now: Deep wells") || !strings.Contains(w.Body.String(), `role="alert" tabindex="-1"`) {
		t.Errorf("a title over another's: %d", w.Code)
	}
}

// Who orders a list by its buttons goes on where they were: the page that comes
// back gives the focus to the button that was pressed, and where that can do no
// more to the one beside it.
func TestList_keepsTheFocus(t *testing.T) {
	a := newAtlas(t, someRecords(), withMembers())
	ada := a.member(1)
	azul, ossuary := a.publicID("casa-azul"), a.publicID("sedlec-ossuary")
	path := a.makeList(ada, "Bones and blue", "private", azul)
	a.send(ada, path+"/edit", url.Values{"do": {"add"}, "place": {ossuary}})
	focus := regexp.MustCompile(`value="(up|down)"[^>]* autofocus`)
	for _, step := range []struct{ do, place, focus string }{{"up", ossuary, "down"}, {"down", ossuary, "up"}} {
		w := a.send(ada, path+"/edit", url.Values{"do": {step.do}, "place": {step.place}})
		page := a.get(w.Header().Get("Location"), memberHeader, ada).Body.String()
		row := page[strings.Index(page, `data-place="`+step.place):]
		row, _, _ = strings.Cut(row, "</form>")
		if got := focus.FindStringSubmatch(row); got == nil || got[1] != step.focus || strings.Count(page, " autofocus") != 1 {
			t.Errorf("%s: the focus is at %q, want %s", step.do, got, step.focus)
		}
	}
}

// A list leads on: as a way, on a map, in a frame of another site, to a list of
// one's own; with a cover that its editors choose.
func TestList_leadsOn(t *testing.T) {
	a := newAtlas(t, someRecords(), withMembers())
	ada, ben := a.member(1), a.member(2)
	path := a.makeList(ada, "Bones and blue", "public", a.publicID("casa-azul"))
	a.send(ada, path+"/edit", url.Values{"do": {"add"}, "place": {a.publicID("sedlec-ossuary")}})
	body := a.get(path).Body.String()
	for _, want := range []string{`data-found="` + path + `.geojson"`, "/along?stop=casa-azul&amp;stop=sedlec-ossuary", path + ".gpx?route=yes", "/embed/lists/bones-and-blue", `href="/users/` + ada + `"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the page has no %s", want)
		}
	}
	plain, way := a.get(path+".gpx").Body.String(), a.get(path+".gpx?route=yes").Body.String()
	if strings.Contains(plain, "<rte>") || strings.Count(way, "<rtept ") != 2 || strings.Count(way, "<wpt ") != 2 || strings.Index(way, "<rte>") < strings.LastIndex(way, "</wpt>") {
		t.Errorf("the way as GPX: %s", way)
	}
	w := a.get("/embed" + path)
	if csp := w.Header().Get("Content-Security-Policy"); w.Code != http.StatusOK || !strings.Contains(csp, "frame-ancestors *") || !strings.Contains(csp, "form-action 'none'") || len(w.Result().Cookies()) > 0 || !strings.Contains(w.Body.String(), "Bones and blue") {
		t.Errorf("in a frame: %d %v", w.Code, w.Header())
	}
	if w := a.get("/oembed?url=" + url.QueryEscape(testURL+path)); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "/embed/lists/bones-and-blue") {
		t.Errorf("oEmbed: %d %s", w.Code, w.Body)
	}
	w = a.send(ben, "/me/lists/copy", url.Values{"list": {"bones-and-blue"}})
	copied, ok := strings.CutSuffix(w.Header().Get("Location"), "/edit")
	if w.Code != http.StatusSeeOther || !ok || copied == path {
		t.Fatalf("copied to %q: %d", copied, w.Code)
	}
	if body := a.get(copied+"/edit", memberHeader, ben).Body.String(); !strings.Contains(body, "Casa Azul") || !strings.Contains(body, "a list by Member m1") {
		t.Error("the copy does not hold what the list does")
	}
	if w := a.send("", "/me/lists/copy", url.Values{"list": {"bones-and-blue"}}); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/login?next=%2Flists%2F") {
		t.Errorf("nobody copies: %d to %s", w.Code, w.Header().Get("Location"))
	}
	for who, want := range map[string]bool{ada: true, ben: false, "": false} {
		if got := strings.Contains(a.get("/me/overlay?path="+path, memberHeader, who).Body.String(), path+"/edit"); got != want {
			t.Errorf("%q is shown where the list is changed: %v", who, got)
		}
	}
}

// What is private has its files too, for those who may read it, kept by nobody.
func TestList_privateForms(t *testing.T) {
	a := newAtlas(t, someRecords(), withMembers())
	ada, ben := a.member(1), a.member(2)
	path := a.makeList(ada, "Quiet doors", "link", a.publicID("casa-azul"))
	_, link, _ := strings.Cut(a.get(path+"/edit", memberHeader, ada).Body.String(), testURL+"/shared/lists/")
	link, _, _ = strings.Cut(link, `"`)
	for _, form := range append([]string{""}, privateForms...) {
		for _, at := range []struct {
			path, who string
			status    int
		}{{"/shared/lists/" + link, "", 200}, {"/me" + path, ada, 200}, {"/me" + path, ben, 404}, {"/me" + path, "", 303}, {"/shared" + path, "", 404}} {
			w := a.get(at.path+form, memberHeader, at.who)
			if w.Code != at.status || strings.Contains(w.Body.String(), "Casa Azul") != (at.status == 200) {
				t.Errorf("%s%s for %q: %d", at.path, form, at.who, w.Code)
			}
			if w.Code == 200 && w.Header().Get("Cache-Control") != "private, no-store" {
				t.Errorf("%s%s may be kept: %s", at.path, form, w.Header().Get("Cache-Control"))
			}
		}
	}
	if w := a.get("/embed" + path); w.Code != http.StatusNotFound {
		t.Errorf("a list that is not public in a frame: %d", w.Code)
	}
	if w := a.send(ben, "/me/lists/copy", url.Values{"secret": {link}}); w.Code != http.StatusSeeOther {
		t.Errorf("copied by its link: %d", w.Code)
	}
}
