package web

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"mirabilia/internal/actor"
)

// someShot is a photograph; another seed is another one.
func someShot(t *testing.T, seed int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 330, 200))
	for y := range 200 {
		for x := range 330 {
			img.SetRGBA(x, y, color.RGBA{R: uint8(x * seed), G: uint8(y * 2), B: uint8(seed * 30), A: 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type sentFile struct {
	name string
	body []byte
}

// upload sends photographs as the form does.
func (a *atlas) upload(member, path, accept string, fields map[string]string, files ...sentFile) *httptest.ResponseRecorder {
	r := a.uploadRequest(path, fields, files...)
	r.Header.Set("Accept", accept)
	if member != "" {
		r.Header.Set(memberHeader, member)
		r.Header.Set("Test-Who", member)
	}
	w := httptest.NewRecorder()
	a.site.ServeHTTP(w, r)
	return w
}

func (a *atlas) uploadRequest(path string, fields map[string]string, files ...sentFile) *http.Request {
	a.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for name, v := range fields {
		if err := form.WriteField(name, v); err != nil {
			a.t.Fatal(err)
		}
	}
	for _, f := range files {
		w, err := form.CreateFormFile("file", f.name)
		if err != nil {
			a.t.Fatal(err)
		}
		if _, err := w.Write(f.body); err != nil {
			a.t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		a.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &b)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return r
}

func asEditor(d *Deps) {
	who := d.Who
	d.Who = func(r *http.Request) (actor.Actor, error) {
		a, err := who(r)
		if a.ID == 9 {
			a.Role = actor.Editor
		}
		return a, err
	}
}

func TestPhotos_sentSeenAndServed(t *testing.T) {
	a := newAtlas(t, someRecords(), withMembers(asEditor))
	ada, ed := a.member(1), a.member(9)
	const page = "/places/casa-azul/photos"
	fields := map[string]string{"licence": "CC-BY-4.0", "caption": "The blue wall <b>", "alt": "A wall", "credit": "Ada"}

	if w := a.upload("", page, "text/html", fields, sentFile{"a.jpg", someShot(t, 1)}); w.Code != http.StatusUnauthorized {
		t.Errorf("nobody sends: %d", w.Code)
	}
	w := a.upload(ada, page, "text/html", fields, sentFile{"a.jpg", someShot(t, 1)}, sentFile{"../../<i>note.txt", []byte("dear atlas")})
	body := w.Body.String()
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "&lt;i&gt;note.txt") || strings.Contains(body, "<i>note") || !strings.Contains(body, "no picture that can be read") || !strings.Contains(body, `value="The blue wall`) {
		t.Errorf("one of two: %d %s", w.Code, body)
	}
	if !strings.Contains(body, "It is being prepared") || !strings.Contains(body, "data-making") {
		t.Errorf("the sender does not see that it is being prepared: %s", body)
	}
	a.work()
	if body := a.get(page, memberHeader, ada).Body.String(); !strings.Contains(body, "Waits for an editor") || strings.Contains(body, "being prepared") {
		t.Error("the sender does not see what waits")
	}
	if w := a.get(page); strings.Contains(w.Body.String(), "Waits for an editor") || !strings.Contains(w.Body.String(), "Sign in") {
		t.Error("everyone sees what waits")
	}
	w = a.upload(ed, page, "application/json", fields, sentFile{"b.jpg", someShot(t, 5)})
	var out struct {
		Photos []struct{ ID, Name, State, Text string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || len(out.Photos) != 1 || out.Photos[0].State != "waiting" || out.Photos[0].ID == "" || out.Photos[0].Name != "b.jpg" {
		t.Fatalf("the script is told %s, %v", w.Body, err)
	}
	if w := a.upload(ed, page, "text/html", fields, sentFile{"b.jpg", someShot(t, 5)}); w.Code != http.StatusSeeOther || w.Header().Get("Location") != page+"?sent=1" {
		t.Errorf("without script: %d %s", w.Code, w.Header())
	}
	a.work()
	a.follow()
	p, err := a.places.BySlug(t.Context(), "casa-azul")
	if err != nil || len(p.Photos) != 1 {
		t.Fatalf("%+v, %v", p.Photos, err)
	}
	url := p.Photos[0].URLs[320]
	for end, kind := range map[string]string{".webp": "image/webp", ".jpg": "image/jpeg"} {
		w := a.get(strings.TrimSuffix(url, ".webp") + end)
		h := w.Header()
		if w.Code != http.StatusOK || h.Get("Content-Type") != kind || h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Cache-Control"), "immutable") ||
			!strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || h.Get("Etag") == "" || w.Body.Len() == 0 {
			t.Errorf("%s: %d %v", end, w.Code, h)
		}
	}
	for _, bad := range []string{"/photos/x.webp", "/photos/" + strings.Repeat("0", 32) + "-320.webp", "/photos/" + strings.Repeat("0", 32) + "-320.svg"} {
		if w := a.get(bad); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", bad, w.Code)
		}
	}
	if w := a.get("/places/casa-azul"); !strings.Contains(w.Body.String(), url) || !strings.Contains(w.Body.String(), "The blue wall &lt;b&gt;") {
		t.Error("the place's page does not show the photo")
	}
}

func TestPhotos_decidedOnThePage(t *testing.T) {
	a := newAtlas(t, someRecords(), withMembers(asEditor))
	ada, ed := a.member(1), a.member(9)
	const page = "/places/casa-azul/photos"
	a.upload(ada, page, "text/html", map[string]string{"licence": "CC-BY-4.0"}, sentFile{"a.jpg", someShot(t, 1)})
	a.work()
	at := func(who string) string {
		r := httptest.NewRequest(http.MethodGet, page, nil)
		r.Header.Set(memberHeader, who)
		w := httptest.NewRecorder()
		a.site.ServeHTTP(w, r)
		return w.Body.String()
	}
	body := at(ed)
	_, rest, ok := strings.Cut(body, `action="`+page+`/`)
	id, _, _ := strings.Cut(rest, `"`)
	if !ok || id == "" {
		t.Fatalf("the editor has nothing to decide: %s", body)
	}
	if w := a.send(ada, page+"/"+id, map[string][]string{"do": {"publish"}}); w.Code != http.StatusForbidden {
		t.Errorf("the sender publishes: %d", w.Code)
	}
	if w := a.send(ed, page+"/"+id, map[string][]string{"do": {"publish"}}); w.Code != http.StatusSeeOther {
		t.Errorf("publish: %d %s", w.Code, w.Body)
	}
	if w := a.send(ed, page+"/"+id, map[string][]string{"do": {"describe"}, "licence": {"CC0-1.0"}, "alt": {"A blue wall"}, "focus": {"4-0"}}); w.Code != http.StatusSeeOther {
		t.Errorf("describe: %d %s", w.Code, w.Body)
	}
	p, err := a.places.BySlug(t.Context(), "casa-azul")
	if err != nil || len(p.Photos) != 1 || p.Photos[0].Alt != "A blue wall" || p.Photos[0].FocusX != 4 || p.Photos[0].FocusY != 0 {
		t.Fatalf("%+v, %v", p.Photos, err)
	}
	if w := a.send(ed, page+"/"+id, map[string][]string{"do": {"down"}, "reason": {"Asked for."}}); w.Code != http.StatusSeeOther {
		t.Errorf("down: %d", w.Code)
	}
	if w := a.get(p.Photos[0].URLs[320]); w.Code != http.StatusGone || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("what was taken down: %d %v", w.Code, w.Header())
	}
	if body := at(ada); !strings.Contains(body, "Taken down") || !strings.Contains(body, "Asked for.") {
		t.Error("the sender is not told why")
	}
}

// A file that is found out only when its sizes are made is named to who sent it.
func TestPhotos_nameTheFileThatCannotBeRead(t *testing.T) {
	a := newAtlas(t, someRecords(), withMembers())
	ada := a.member(1)
	const page = "/places/casa-azul/photos"
	whole := someShot(t, 1)
	a.upload(ada, page, "text/html", map[string]string{"licence": "CC-BY-4.0"}, sentFile{"half.jpg", whole[:len(whole)/2]})
	a.work()
	body := a.get(page, memberHeader, ada).Body.String()
	if !strings.Contains(body, "<b><bdi>half.jpg</bdi></b>") || !strings.Contains(body, "cut off before its end") {
		t.Error(body)
	}
	if body := a.get(page+"?sent=1", memberHeader, ada).Body.String(); strings.Contains(body, "Your photos are kept") || !strings.Contains(body, "what could not is marked below") {
		t.Error("half of one is said to be kept")
	}
}
