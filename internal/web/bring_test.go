package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"mirabilia/internal/saved"
)

// bring sends a file as a member.
func (a *atlas) bring(member, name string, content []byte) *httptest.ResponseRecorder {
	a.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		a.t.Fatal(err)
	}
	if _, err := part.Write(content); err != nil {
		a.t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		a.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/me/import", &b)
	r.Header.Set("Content-Type", form.FormDataContentType())
	if member != "" {
		r.Header.Set(memberHeader, member)
	}
	w := httptest.NewRecorder()
	a.site.ServeHTTP(w, r)
	return w
}

const savedPlaces = `{"type":"FeatureCollection","features":[
{"type":"Feature","geometry":{"type":"Point","coordinates":[-99.1625,19.3552]},"properties":{"Title":"Casa Azul","Location":{"Address":"Londres 247","Business Name":"Casa Azul"}}},
{"type":"Feature","geometry":{"type":"Point","coordinates":[10,-40]},"properties":{"Title":"My <b>secret</b> bay"}}]}`

// A file is brought, what it may be is shown, what is ticked is marked, once; all
// of it by plain forms.
func TestBring(t *testing.T) {
	a := newAtlas(t, someRecords(), withMembers())
	ada, ben := a.member(1), a.member(2)
	p, err := a.places.BySlug(t.Context(), "casa-azul")
	if err != nil || p.At == nil {
		t.Fatal(err)
	}
	content := strings.Replace(savedPlaces, "[-99.1625,19.3552]", "["+number(p.At.Lon)+","+number(p.At.Lat)+"]", 1)

	if w := a.bring("", "x.json", []byte(content)); w.Code != http.StatusUnauthorized {
		t.Errorf("nobody brings: %d", w.Code)
	}
	if w := a.get("/me/import", memberHeader, ada); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `type="file"`) || strings.Contains(w.Body.String(), "Brought before") {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	w := a.bring(ada, "Saved Places.json", []byte(content))
	path := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(path, "/me/import/") {
		t.Fatalf("%d to %q: %s", w.Code, path, w.Body)
	}
	page := a.get(path, memberHeader, ada).Body.String()
	for _, want := range []string{"One found", `value="` + p.PublicID() + `" checked`, "One that the atlas does not have", "/pitch?lat=" + number(-40) + "&amp;lon=" + number(10) + "&amp;title=My", "&lt;b&gt;secret", `value="want" checked`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if w := a.get("/pitch?lat=-40&lon=10&title=My+bay", memberHeader, ada); !strings.Contains(w.Body.String(), "My bay") && a.site.Desk != nil {
		t.Error("the pitch does not begin with what the file says")
	}
	for path, want := range map[string]int{path: 404, "/me/import/1": 404, "/me/import/x": 404} {
		if w := a.get(path, memberHeader, ben); w.Code != want {
			t.Errorf("another member gets %s: %d", path, w.Code)
		}
		if w := a.send(ben, path, url.Values{"kind": {"want"}, "take": {p.PublicID()}}); w.Code != want {
			t.Errorf("another member settles %s: %d", path, w.Code)
		}
	}
	if w := a.send(ada, path, url.Values{"kind": {"been"}}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "nothing is ticked") || !strings.Contains(w.Body.String(), `value="been" checked`) || strings.Contains(w.Body.String(), `value="`+p.PublicID()+`" checked`) {
		t.Errorf("nothing ticked: %d %s", w.Code, w.Body)
	}
	for range 2 { // a form that is sent again
		if w := a.send(ada, path, url.Values{"kind": {"been"}, "take": {p.PublicID(), "p77", "x"}}); w.Code != http.StatusSeeOther || w.Header().Get("Location") != path {
			t.Fatalf("%d to %s", w.Code, w.Header().Get("Location"))
		}
	}
	if body := a.get(path, memberHeader, ada).Body.String(); !strings.Contains(body, "One place is marked as been to.") || strings.Contains(body, `name="take"`) {
		t.Errorf("not done: %s", body)
	}
	if body := a.get("/users/"+ada+"/been", memberHeader, ada).Body.String(); !strings.Contains(body, "/places/casa-azul") || !strings.Contains(body, "/me/import") {
		t.Error("not marked")
	}
	if body := a.get("/me/import", memberHeader, ada).Body.String(); !strings.Contains(body, "one place marked") {
		t.Error("not listed")
	}
	if w := a.send(ada, path, url.Values{"do": {"forget"}}); w.Code != http.StatusSeeOther || a.get(path, memberHeader, ada).Code != http.StatusNotFound {
		t.Errorf("not thrown away: %d", w.Code)
	}
}

// What cannot be read is refused with its reason beside the field.
func TestBring_refuses(t *testing.T) {
	a := newAtlas(t, someRecords(), withMembers())
	ada := a.member(1)
	for name, c := range map[string]struct {
		content []byte
		status  int
		says    string
	}{
		"empty.gpx":   {nil, http.StatusUnprocessableEntity, "Choose a file first."},
		"none.csv":    {[]byte("title,lat,lon\n"), http.StatusUnprocessableEntity, "Holds no places"},
		"page.html":   {[]byte("<!doctype html><title>x</title>"), http.StatusUnprocessableEntity, "Nothing was read."},
		"huge.csv":    {bytes.Repeat([]byte("a"), saved.MaxFile+2<<20), http.StatusRequestEntityTooLarge, "larger than 16 MB"},
		"archive.zip": {[]byte("PK\x03\x04"), http.StatusUnprocessableEntity, "Nothing was read."},
	} {
		w := a.bring(ada, name, c.content)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
			t.Errorf("%s: %d %.3000s", name, w.Code, w.Body)
		}
	}
	if w := a.send(ada, "/me/import", url.Values{"file": {"x"}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a form without a file: %d", w.Code)
	}
}
