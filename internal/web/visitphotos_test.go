package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"mirabilia/internal/place"
)

var photoAt = regexp.MustCompile(`/places/casa-azul/visits/([0-9]+)/photos/([0-9]+)"`)

func TestVisitPhotos_byForms(t *testing.T) {
	a := newAtlas(t, someRecords(), withMembers())
	ada, ben := a.member(1), a.member(2)
	const page, visits = "/places/casa-azul/mark", "/places/casa-azul/visits"
	fields := map[string]string{"day": "soon", "outcome": "found", "privacy": "public", "note": "It rained.", "still": ""}

	w := a.upload(ada, visits, "text/html", fields, sentFile{"rain<i>.jpg", someShot(t, 1)})
	if body := w.Body.String(); w.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "Write the date as") || !strings.Contains(body, "rain&lt;i&gt;.jpg") || !strings.Contains(body, "It rained.") {
		t.Fatalf("a visit that is refused: %d %s", w.Code, body)
	}
	fields["day"] = "2025-06"
	w = a.upload(ada, visits, "text/html", fields, sentFile{"rain.jpg", someShot(t, 1)}, sentFile{"note.txt", []byte("dear atlas")})
	if body := w.Body.String(); w.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "note.txt") || !strings.Contains(body, "It is being prepared") || strings.Count(body, "It rained.") != 1 {
		t.Fatalf("one of two files: %d %s", w.Code, body)
	}
	a.work()
	body := a.get(page, memberHeader, ada).Body.String()
	m := photoAt.FindStringSubmatch(body)
	if m == nil || !strings.Contains(body, "/photos/"+m[2]+"/320") {
		t.Fatal("the photo is not shown:", body)
	}
	at := visits + "/" + m[1] + "/photos"
	if w := a.upload(ben, at, "text/html", nil, sentFile{"b.jpg", someShot(t, 2)}); w.Code != http.StatusNotFound {
		t.Errorf("another adds to it: %d", w.Code)
	}
	if w := a.upload(ada, at, "text/html", nil, sentFile{"b.jpg", someShot(t, 2)}); w.Code != http.StatusSeeOther || w.Header().Get("Location") != page {
		t.Errorf("one more: %d %s", w.Code, w.Body)
	}
	if w := a.upload(ada, at, "text/html", nil); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "No file was chosen") {
		t.Errorf("no file: %d", w.Code)
	}
	if w := a.send(ada, at+"/"+m[2], url.Values{"do": {"describe"}, "caption": {"After <b>rain</b>"}, "alt": {"A wet wall"}}); w.Code != http.StatusSeeOther {
		t.Errorf("described: %d %s", w.Code, w.Body)
	}
	a.work()

	// Who sees the visit sees its photographs, on the page of its member.
	file, list := "/photos/"+m[2]+"/320", "/users/"+ada+"/visits"
	for _, reader := range []string{"", ben} {
		if body := a.get(list, memberHeader, reader).Body.String(); strings.Contains(body, file) {
			t.Errorf("%q sees the photos of visits that are not shown", reader)
		}
	}
	if w := a.get(file); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/login") {
		t.Errorf("nobody opens its file: %d", w.Code)
	}
	if w := a.get(file, memberHeader, ben); w.Code != http.StatusNotFound {
		t.Errorf("another opens its file: %d", w.Code)
	}
	a.choose(ada, map[string]string{"visits": "public"})
	for _, reader := range []string{"", ben} {
		body := a.get(list, memberHeader, reader).Body.String()
		if !strings.Contains(body, file) || !strings.Contains(body, "After &lt;b&gt;rain&lt;/b&gt;") || !strings.Contains(body, `alt="A wet wall"`) {
			t.Errorf("%q does not see the photos of a public visit", reader)
		}
		w := a.get(file, memberHeader, reader)
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "image/webp" || !strings.Contains(w.Header().Get("Cache-Control"), "no-store") {
			t.Errorf("its file by %q: %d %v", reader, w.Code, w.Header())
		}
	}
	if body := a.get("/report?of=visit-"+visitNumber(t, m[1]), memberHeader, ben).Body.String(); !strings.Contains(body, file) {
		t.Error("who reports it does not see its photos")
	}
	if body := a.get("/places/casa-azul").Body.String(); strings.Contains(body, "/photos/"+m[2]) {
		t.Error("the place shows the photos of a visit")
	}

	if w := a.send(ada, at+"/"+m[2], url.Values{"do": {"remove"}}); w.Code != http.StatusSeeOther {
		t.Errorf("removed: %d", w.Code)
	}
	if w := a.get(file); w.Code == http.StatusOK {
		t.Error("a removed photo is still served")
	}
	if w := a.send(ada, visits, url.Values{"delete": {m[1]}}); w.Code != http.StatusSeeOther || photoAt.MatchString(a.get(page, memberHeader, ada).Body.String()) {
		t.Errorf("deleted with its photos: %d", w.Code)
	}
}

// visitNumber is the number of a visit as reports name it.
func visitNumber(t *testing.T, public string) string {
	t.Helper()
	id, ok := place.ParseID("p" + public)
	if !ok {
		t.Fatal(public)
	}
	return itoa64(id)
}

// Of a visit to a protected place others learn the month alone.
func TestVisits_atProtectedPlaces(t *testing.T) {
	records := append(someRecords(), place.Record{ID: "82", Title: "Owl nest", Body: "Nobody is told where.", Lat: f64(47.1), Lon: f64(11.6), LocationTier: "region", TierReason: "nesting"})
	a := newAtlas(t, records, withMembers())
	ada, ben := a.member(1), a.member(2)
	for _, slug := range []string{"casa-azul", "owl-nest"} {
		visit := url.Values{"day": {"2025-06-17"}, "outcome": {"found"}, "privacy": {"public"}, "note": {"At " + slug}}
		if w := a.send(ada, "/places/"+slug+"/visits", visit); w.Code != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", slug, w.Code, w.Body)
		}
	}
	a.choose(ada, map[string]string{"visits": "public"})
	for reader, days := range map[string]int{"": 1, ben: 1, ada: 2} {
		body := a.get("/users/"+ada+"/visits", memberHeader, reader).Body.String()
		if n := strings.Count(body, "17 June 2025"); n != days || strings.Count(body, "June 2025") != 2 {
			t.Errorf("%q reads %d days, not %d", reader, n, days)
		}
	}
}
