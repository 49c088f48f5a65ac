package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"mirabilia/internal/actor"
)

// one gives the number of the only submission of a kind that waits.
func (h *house) one(kind string) string {
	h.t.Helper()
	page := h.as("tomasz", "/desk?kind="+kind).Body.String()
	found := regexp.MustCompile(`/desk/(s[0-9]+)\?`).FindAllStringSubmatch(page, -1)
	if len(found) != 1 {
		h.t.Fatalf("%d of kind %s wait: %s", len(found), kind, words(page))
	}
	return found[0][1]
}

func TestDesk_photos(t *testing.T) {
	h := newHouse(t)
	about := map[string]string{"licence": "CC-BY-SA-4.0", "caption": "The blue wall", "alt": ""}
	if w := h.upload("ines", "/places/casa-azul/photos", "", about, sentFile{"a.jpg", someShot(t, 3)}); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code, words(w.Body.String()))
	}
	h.work()
	id := h.one("photo")
	h.has(h.as("tomasz", "/desk/"+id), 200, "Casa Azul", "The blue wall", "It has no description", "/photos/"+id[1:]+"/", `data-key="p"`, `data-key="x"`)
	if page := h.as("tomasz", "/desk/"+id).Body.String(); strings.Contains(page, `value="duplicate" data-key`) || strings.Contains(page, `value="changes"`) {
		t.Error("a photo can be published or declined, nothing else")
	}
	h.has(h.as("ines", "/drafts"), 200, "Photo", "Casa Azul", "Waiting")
	h.has(h.as("ines", "/submissions/"+id), 200, "queue", "Withdraw it")
	// Published with another caption and a description, undone, and published again.
	changed := url.Values{"do": {"publish"}, "caption": {"The blue wall at noon"}, "alt": {"A wall as blue as the sky"}, "credit": {"Ines"}, "licence": {"CC-BY-SA-4.0"}}
	h.sends("tomasz", "/desk/"+id, changed)
	h.has(h.get("/places/casa-azul"), 200, "A wall as blue as the sky")
	h.sends("tomasz", "/desk/"+id, url.Values{"do": {"undo"}})
	if page := h.get("/places/casa-azul").Body.String(); strings.Contains(page, "blue wall") {
		t.Error("an undone photo is public still")
	}
	h.has(h.as("tomasz", "/desk/"+id), 200, `value="The blue wall"`)
	if w := h.post("tomasz", "/desk/"+id, url.Values{"do": {"publish"}, "licence": {"?"}, "caption": {"Kept as typed"}}); w.Code != 422 || !strings.Contains(w.Body.String(), "Kept as typed") {
		t.Error("a bad licence is refused with what was typed:", w.Code)
	}
	h.has(h.post("tomasz", "/desk/"+id, url.Values{"do": {"decline"}}), 422, "Choose a reason")
	h.sends("tomasz", "/desk/"+id, url.Values{"do": {"decline"}, "reason": {"rights"}})
	h.has(h.as("ines", "/submissions/"+id), 200, "belongs to somebody else", "Declined", "Why it should be looked at again")
	h.has(h.as("ines", "/places/casa-azul/photos"), 200, "Taken down")
	h.sends("ines", "/submissions/"+id, url.Values{"do": {"appeal"}, "text": {"I took it myself."}})
	h.has(h.as("olga", "/desk/"+h.one("photo")), 200, "I took it myself.", "appeal")
	h.sends("olga", "/desk/"+id, url.Values{"do": {"publish"}})
	h.has(h.as("ines", "/submissions/"+id), 200, "It is public")
	// What is decided on the photos' own page is decided on the desk too.
	h.sends("tomasz", "/places/casa-azul/photos/"+id[1:], url.Values{"do": {"down"}, "reason": {"Its author asked for it."}})
	h.has(h.as("ines", "/submissions/"+id), 200, "Declined", "Its author asked for it.")
}

func TestDesk_photosOfTheTrusted(t *testing.T) {
	h := newHouse(t)
	who := h.who["mario"]
	who.Level = actor.Trusted
	h.who["mario"] = who
	h.blocks([]string{"casino"}, nil)
	about := map[string]string{"licence": "CC-BY-SA-4.0", "caption": "Noon", "alt": "A wall"}
	h.upload("mario", "/places/casa-azul/photos", "", about, sentFile{"a.jpg", someShot(t, 5)})
	h.work()
	h.has(h.get("/places/casa-azul"), 200, "A wall")
	about["caption"] = "The Casino beside it"
	h.upload("mario", "/places/casa-azul/photos", "", about, sentFile{"b.jpg", someShot(t, 9)})
	h.work()
	h.has(h.as("tomasz", "/desk/"+h.one("photo")), 200, "It has a blocked word: “casino”.")
	if page := h.get("/places/casa-azul").Body.String(); strings.Contains(page, "The Casino") {
		t.Error("a blocked word holds a trusted member's photo too")
	}
	// Its sender takes it back.
	id := h.one("photo")
	h.sends("mario", "/submissions/"+id, url.Values{"do": {"withdraw"}})
	h.has(h.post("tomasz", "/desk/"+id, url.Values{"do": {"publish"}}), http.StatusConflict, "withdrawn")
	h.has(h.as("tomasz", "/desk/"+id), 200, "Withdrawn")
	h.has(h.as("mario", "/submissions/"+id), 200, "Withdrawn")
	// And where it stands among the others: it waits no more and nothing of it is left.
	h.upload("ines", "/places/casa-azul/photos", "", about, sentFile{"c.jpg", someShot(t, 70)})
	h.work()
	id = h.one("photo")
	form := `action="/places/casa-azul/photos/` + id[1:] + `"`
	h.has(h.as("ines", "/places/casa-azul/photos"), 200, form, "Remove it")
	h.sends("ines", "/places/casa-azul/photos/"+id[1:], url.Values{"do": {"remove"}})
	h.hasNot(h.as("ines", "/places/casa-azul/photos"), form)
	h.has(h.as("ines", "/submissions/"+id), 200, "Withdrawn")
	h.hasNot(h.as("tomasz", "/desk?kind=photo"), "Casa Azul")
	h.has(h.as("ines", "/photos/"+id[1:]+"/320"), 404)
}

// Of a public photo of one's own one asks the editors to take it down.
func TestPhotos_oneAsksForOnesOwnToGo(t *testing.T) {
	h := newHouse(t)
	h.upload("ines", "/places/casa-azul/photos", "", map[string]string{"licence": "CC-BY-SA-4.0"}, sentFile{"a.jpg", someShot(t, 3)})
	h.work()
	id := h.one("photo")
	h.sends("tomasz", "/desk/"+id, url.Values{"do": {"publish"}})
	way := "/report?of=photo-" + id[1:]
	h.has(h.as("ines", "/places/casa-azul/photos"), 200, `href="`+way+`"`, "ask for it to be taken down")
	h.hasNot(h.as("ines", "/places/casa-azul/photos"), "Remove it", "Report this photo")
	h.has(h.post("ines", "/places/casa-azul/photos/"+id[1:], url.Values{"do": {"remove"}}), http.StatusConflict)
	h.has(h.as("ines", way), 200, "You sent it, and it is public.", "Ask for it to be taken down")
	h.sends("ines", "/report", url.Values{"of": {"photo-" + id[1:]}, "code": {"other"}, "text": {"It shows my car."}})
	h.sends("tomasz", "/desk/"+h.one("report"), url.Values{"do": {"publish"}, "how": {"down"}, "why": {"other"}, "public": {"Its author asked for it."}})
	h.hasNot(h.get("/places/casa-azul/photos"), "/photos/"+id[1:])
	h.has(h.as("ines", "/places/casa-azul/photos"), 200, "Taken down", "Its author asked for it.")
}
