package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"mirabilia/internal/desk"
	"mirabilia/internal/notice"
	"mirabilia/internal/place"
	"mirabilia/internal/proposal"
	"mirabilia/internal/setting"
)

// What was sent again is compared with what its editor had read, for both of them;
// what others changed in the place meanwhile is nobody's doing here.
func TestSentAgain_showsWhatChanged(t *testing.T) {
	h := newHouse(t)
	f := formOf(t, h.as("ines", "/places/casa-azul/edit").Body.String())
	f.Set("subtitle", "A must-see, blue inside and out.")
	f.Set("summary", "Two things")
	f.Set("rights", "yes")
	f.Set("do", "send")
	sub, _, _ := strings.Cut(h.sends("ines", "/places/casa-azul/edit", f), "?")
	on := strings.Replace(sub, "/submissions/", "/desk/", 1)
	h.hasNot(h.as("tomasz", on), "Changed since it was sent back")
	h.sends("tomasz", on, url.Values{"do": {"changes"}, "text": {"We avoid “must-see”."}})

	other := formOf(t, h.as("mario", "/places/casa-azul/edit").Body.String())
	for name, v := range map[string]string{"website": "https://example.org/mario", "summary": "Its website", "rights": "yes", "do": "send"} {
		other.Set(name, v)
	}
	theirs, _, _ := strings.Cut(h.sends("mario", "/places/casa-azul/edit", other), "?")
	h.sends("tomasz", strings.Replace(theirs, "/submissions/", "/desk/", 1), url.Values{"do": {"publish"}, "only": {"website"}})

	mend := formOf(t, h.as("ines", sub+"/edit").Body.String())
	mend.Set("subtitle", "A museum, blue inside and out.")
	mend.Set("summary", "One thing")
	mend.Set("do", "send")
	h.sends("ines", sub+"/edit", mend)
	for who, path := range map[string]string{"tomasz": on, "ines": sub} {
		page := h.as(who, path)
		h.has(page, http.StatusOK, "Changed since it was sent back", "<del>must-see</del>", "<ins>museum</ins>", "<del>Two things</del>", "<ins>One thing</ins>")
		since := page.Body.String()
		since = since[strings.Index(since, `id="since"`):]
		if since = since[:strings.Index(since, "</section>")]; strings.Contains(since, "mario") {
			t.Errorf("%s: what another changed is taken for theirs: %s", who, words(since))
		}
	}
}

// What an editor changed on the way is told to the author, word by word.
func TestPublishedWithChanges_isTold(t *testing.T) {
	h := newHouse(t)
	sub, _, _ := strings.Cut(h.sends("ines", "/places/new", lighthouse()), "?")
	on := strings.Replace(sub, "/submissions/", "/desk/", 1)
	edit := controls(t, h.as("tomasz", on+"/edit").Body.String(), "contribute")
	edit.Set("subtitle", "The lighthouse that was rolled inland before the cliff could take it.")
	edit.Set("do", "send")
	h.sends("tomasz", on+"/edit", edit)
	for _, page := range []string{sub, on} {
		who := map[string]string{sub: "ines", on: "tomasz"}[page]
		w := h.as(who, page)
		h.has(w, http.StatusOK, "What the editor changed", "<del>wheeled</del>", "<ins>rolled</ins>")
		if strings.Contains(w.Body.String(), "<ins>1968</ins>") {
			t.Error("what stayed as it was is said to be changed")
		}
	}
	h.has(h.as("ines", sub), http.StatusOK, "with some changes by an editor")
	says, _ := noticeSays(t.Context(), notice.Notice{Action: string(desk.Mended), About: "submission.place", Title: "Rubjerg"})
	if says != "“Rubjerg” is in the atlas, not all of it as you sent it." {
		t.Errorf("told as %q", says)
	}

	// What is published as it was sent is not.
	f := lighthouse()
	f.Set("draft", "78")
	f.Set("title", "Another lighthouse")
	sub, _, _ = strings.Cut(h.sends("ines", "/places/new", f), "?")
	h.sends("tomasz", strings.Replace(sub, "/submissions/", "/desk/", 1), url.Values{"do": {"publish"}})
	h.hasNot(h.as("ines", sub), "What the editor changed", "with some changes")
}

// An imported record is changed and published in one step, by the form that
// submissions have; where it is protected, without its position.
func TestDesk_importWithChanges(t *testing.T) {
	h := newHouse(t)
	h.places.SetQueue(proposal.Imports(desk.New(h.db, setting.Open(h.db), nil)))
	wait := func(r place.Record) string {
		t.Helper()
		if total, err := h.places.Import(t.Context(), []place.Record{r}, place.ImportOptions{Source: "test"}); err != nil || total.Failed > 0 {
			t.Fatal(total, err)
		}
		return "/desk/" + h.one("import")
	}
	one := wait(place.Record{ID: "80", Title: "The humming stair", Body: "It hums when the tram goes by.", Lat: f64(19.3552), Lon: f64(-99.1626)})
	h.has(h.as("tomasz", one), http.StatusOK, one+"/edit", `data-key="e"`)
	edit := controls(t, h.as("tomasz", one+"/edit").Body.String(), "contribute")
	if edit.Get("title") != "The humming stair" || edit.Get("position") == "" {
		t.Fatalf("the form does not hold the record: %v", edit)
	}
	edit.Set("title", "")
	edit.Set("do", "send")
	h.has(h.post("tomasz", one+"/edit", edit), http.StatusUnprocessableEntity, "It hums when the tram goes by.")
	edit.Set("title", "The stair that hums")
	h.sends("tomasz", one+"/edit", edit)
	h.has(h.get("/places?q=stair"), http.StatusOK, "The stair that hums")
	h.has(h.get("/places/the-humming-stair/history"), http.StatusOK, "tomasz", "Changed when it was published", "stair that hums")

	one = wait(place.Record{ID: "81", Title: "The owl’s nest", Body: "Nobody is told where.", Lat: f64(47.123456), Lon: f64(11.654321), LocationTier: "region", TierReason: "nesting"})
	page := h.as("tomasz", one+"/edit")
	h.hasNot(page, "47.12", "11.65")
	edit = controls(t, page.Body.String(), "contribute")
	edit.Set("subtitle", "Where the owl comes back each spring, and nobody is told.")
	edit.Set("do", "send")
	h.sends("tomasz", one+"/edit", edit)
	page = h.get("/places/the-owls-nest")
	h.has(page, http.StatusOK, "comes back each spring")
	h.hasNot(page, "47.12", "11.65")
	if w := h.as("ines", one+"/edit"); w.Code != http.StatusForbidden {
		t.Errorf("a member: %d", w.Code)
	}
}

// What an editor changes in the words about a photo is told to who sent it, word
// by word, where the photo was sent: by itself, or along with a place.
func TestPhotoMended_isTold(t *testing.T) {
	h := newHouse(t)
	about0 := map[string]string{"licence": "CC-BY-SA-4.0", "caption": "The blue wall", "alt": "A wall", "credit": "Ines"}
	h.upload("ines", "/places/casa-azul/photos", "", about0, sentFile{"a.jpg", someShot(t, 3)})
	h.work()
	id := h.one("photo")
	h.sends("tomasz", "/desk/"+id, url.Values{"do": {"publish"}, "caption": {"The azure wall"}, "alt": {"A wall"}, "credit": {"Ines"}, "licence": {"CC-BY-SA-4.0"}})
	h.has(h.as("ines", "/submissions/"+id), http.StatusOK, "with some changes by an editor", "What the editor changed", "Caption", "<del>blue</del>", "<ins>azure</ins>")
	h.has(h.as("tomasz", "/desk/"+id), http.StatusOK, "What the editor changed", "<ins>azure</ins>")
	h.hasNot(h.as("ines", "/submissions/"+id), "Description for those", "<del>Ines")

	one := h.sendBeside("ines", "/places/new", sentFile{"tower.jpg", someShot(t, 9)})
	h.work()
	form := about(lighthouse(), one.ID, "CC-BY-4.0")
	form.Set("do", "send")
	at, _, _ := strings.Cut(h.sends("ines", "/places/new", form), "?")
	h.sends("tomasz", strings.Replace(at, "/submissions/", "/desk/", 1), url.Values{"do": {"publish"}, "photos": {"yes"}, "photo": {one.ID}})
	h.follow()
	h.hasNot(h.as("ines", at), "What the editor changed")
	h.sends("tomasz", "/places/rubjerg-knude-fyr/photos/"+one.ID, url.Values{"do": {"describe"}, "caption": {"The tower <i>"}, "alt": {"A white tower in sand"}, "licence": {"CC0-1.0"}, "focus": {"2-2"}})
	h.has(h.as("ines", at), http.StatusOK, "What the editor changed", "Photograph 1: Caption", "&lt;i&gt;", "Photograph 1: Licence")
	h.hasNot(h.as("ines", at), "Photograph 1: Whose picture")
	for n, want := range map[notice.Notice]string{
		{Action: "reworded", About: "submission.place", Title: "Rubjerg"}: "An editor changed what is written about your photo of “Rubjerg”.",
		{Action: "mended", About: "submission.photo", Title: "Azul"}:      "Your photo of “Azul” is published; an editor changed what is written about it.",
	} {
		if says, _ := noticeSays(t.Context(), n); says != want {
			t.Errorf("told as %q", says)
		}
	}
}
