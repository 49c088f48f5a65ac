package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"mirabilia/internal/actor"
	lists "mirabilia/internal/list"
	"mirabilia/internal/user"
)

// publicPhoto sends a photo of a member's, has it published and gives its number
// and the address of a variant.
func (h *house) publicPhoto(by string, seed int) (id, variant string) {
	h.t.Helper()
	about := map[string]string{"licence": "CC-BY-SA-4.0", "caption": "The blue wall", "alt": "A wall"}
	if w := h.upload(by, "/places/casa-azul/photos", "", about, sentFile{"a.jpg", someShot(h.t.(*testing.T), seed)}); w.Code != http.StatusSeeOther {
		h.t.Fatal(w.Code, words(w.Body.String()))
	}
	h.work()
	id = h.one("photo")
	h.sends("tomasz", "/desk/"+id, url.Values{"do": {"publish"}})
	variant = regexp.MustCompile(`/photos/[0-9a-f]{32}-[0-9]+\.webp`).FindString(h.get("/places/casa-azul").Body.String())
	if variant == "" {
		h.t.Fatal("the place shows no photo")
	}
	return id[1:], variant
}

func (h *house) trusts(name string) {
	who := h.who[name]
	who.Level = actor.Trusted
	h.who[name] = who
}

func TestReport_hiddenKeptTakenDown(t *testing.T) {
	h := newHouse(t)
	id, variant := h.publicPhoto("ines", 3)
	h.has(h.as("mario", "/places/casa-azul/photos"), 200, "/report?of=photo-"+id)
	if page := h.as("ines", "/places/casa-azul/photos").Body.String(); strings.Contains(page, "Report this photo") || !strings.Contains(page, "ask for it to be taken down") {
		t.Error("one’s own photo is not reported: one asks for it to go")
	}
	h.trusts("mario")
	h.has(h.as("mario", "/report?of=photo-"+id), 200, "It belongs to somebody else", "The blue wall", `name="text"`)
	h.has(h.post("mario", "/report", url.Values{"of": {"photo-" + id}, "text": {"Kept as typed"}}), 422, "Choose what is wrong.", "Kept as typed")
	h.sends("mario", "/report", url.Values{"of": {"photo-" + id}, "code": {"rights"}, "text": {"It is in a book of my father’s."}})
	h.has(h.post("mario", "/report", url.Values{"of": {"photo-" + id}, "code": {"rights"}, "text": {"Again."}}), 422, "reported this already")
	h.hasNot(h.get("/places/casa-azul"), "blue wall", variant)
	h.has(h.get(variant), http.StatusNotFound)
	h.has(h.as("mario", "/me/reports"), 200, "Casa Azul", "Waiting")

	item := h.one("report")
	h.has(h.as("tomasz", "/desk/"+item), 200, "It is in a book of my father’s.", "It is hidden until this is decided.", "/photos/"+id+"/", "Take it down", "Leave it", "mario", "ines")
	h.sends("tomasz", "/desk/"+item, url.Values{"do": {"decline"}})
	h.has(h.as("tomasz", "/desk?done="+item), 200, "Left as it is: “")
	h.has(h.get("/places/casa-azul"), 200, variant)
	h.has(h.get(variant), 200)
	h.has(h.as("mario", "/me/reports"), 200, "Left as it is")
	h.sends("tomasz", "/desk/"+item, url.Values{"do": {"undo"}})
	h.has(h.get(variant), http.StatusNotFound)

	h.has(h.post("tomasz", "/desk/"+item, url.Values{"do": {"publish"}}), 422, "Choose what to do about it.")
	h.has(h.post("tomasz", "/desk/"+item, url.Values{"do": {"publish"}, "how": {"down"}, "why": {"other"}}), 422, "for everyone to read")
	h.sends("tomasz", "/desk/"+item, url.Values{"do": {"publish"}, "how": {"down"}, "why": {"rights"}})
	h.has(h.post("olga", "/desk/"+item, url.Values{"do": {"decline"}}), http.StatusConflict, "decided already")
	h.has(h.get(variant), http.StatusGone, "This photo was taken down: It belongs to somebody")
	h.has(h.as("ines", "/places/casa-azul/photos"), 200, "Taken down")
	h.has(h.as("tomasz", "/takedowns"), 200, "Casa Azul", "Rights", "/takedowns/photo-"+id)
	h.sends("olga", "/takedowns/photo-"+id, url.Values{"do": {"restore"}})
	h.has(h.get(variant), 200)
	h.hasNot(h.as("tomasz", "/takedowns"), "Casa Azul")
}

func TestReport_byStrangers(t *testing.T) {
	h := newHouse(t)
	id, _ := h.publicPhoto("ines", 3)
	w := h.get("/report?of=photo-" + id)
	h.has(w, 200, "data-work=", `name="contact"`)
	challenge := regexp.MustCompile(`data-work="([^"]+)"`).FindStringSubmatch(w.Body.String())[1]
	form := url.Values{"of": {"photo-" + id}, "code": {"legal"}, "text": {"It is mine."}}
	h.has(h.post("", "/report", form), 422, "needs an address")
	form.Set("contact", "father@example.org")
	form.Set("proof", "nonsense:1")
	h.has(h.post("", "/report", form), 422, "lain open for too long")
	form.Set("proof", user.Work(challenge))
	h.sends("", "/report", form)
	h.has(h.as("tomasz", "/desk/"+h.one("report")), 200, "It is a notice under the law: it should not wait.", "A reader", "Is answered by mail.")
	if body := h.as("tomasz", "/desk/"+h.one("report")).Body.String(); strings.Contains(body, "father@example.org") {
		t.Error("an editor need not know the address")
	}
	h.has(h.get("/report?of=photo-999"), 404)
	h.has(h.get("/report?of=place-x"), 404)
	h.has(h.get("/report"), 404)
	if to := h.get("/places/casa-azul/report").Header().Get("Location"); !strings.HasPrefix(to, "/report?of=place-") {
		t.Errorf("a place leads to %q", to)
	}
}

// A place that was taken down answers 410 with its reason in every outward form,
// and none of the others names it; given back, all is as it was.
func TestTakeDown_everywhere(t *testing.T) {
	h := newHouse(t)
	_, variant := h.publicPhoto("ines", 3)
	p, err := h.places.BySlug(t.Context(), "casa-azul")
	if err != nil {
		t.Fatal(err)
	}
	l, err := h.site.Lists.Make(t.Context(), h.who["ines"], lists.Details{Title: "Blue houses", Privacy: lists.Public}, lists.Written{Place: p.ID})
	if err != nil {
		t.Fatal(err)
	}
	near := "/near?lat=19.3551&lon=-99.1625"
	own := []string{"/places/casa-azul", "/places/casa-azul.json", "/places/casa-azul.geojson", "/places/casa-azul.gpx", "/places/casa-azul.kml", "/places/casa-azul/history",
		"/places/casa-azul/photos", "/embed/places/casa-azul", variant}
	others := []string{"/", "/places", "/places.json", "/places.geojson", "/places.csv", "/places.gpx", "/places.kml", "/places.atom", "/places.rss", "/places.feed.json", "/places.pack.json",
		"/search?q=casa+azul", "/search.json?q=casa+azul", near, "/map", "/destinations/mexico", "/destinations/mexico.geojson", "/tags", "/sitemaps/places-1.xml", "/lists/" + l.Slug, "/lists/" + l.Slug + ".json"}
	const why = "Its owner wishes no visitors."
	for range 2 { // once to fill what is kept ready
		for _, path := range append(own, others...) {
			if w := h.get(path); w.Code != 200 && w.Code != 404 {
				t.Errorf("%s before: %d", path, w.Code)
			}
		}
	}
	before := map[string]string{}
	for _, path := range append(own, others...) {
		before[path] = h.get(path).Body.String()
	}
	thing := "/takedowns/place-" + p.PublicID()[1:]
	h.has(h.as("ines", thing), http.StatusForbidden)
	h.has(h.as("tomasz", thing), 200, "Casa Azul", "Private property", "for its author and for editors too")
	h.has(h.post("tomasz", thing, url.Values{"do": {"down"}, "why": {"other"}}), 422, "for everyone to read")
	h.sends("tomasz", thing, url.Values{"do": {"down"}, "why": {"private"}, "public": {why}})
	for _, who := range []string{"ines", "tomasz"} {
		h.has(h.as(who, "/places/casa-azul"), http.StatusGone, why)
	}
	for _, path := range own {
		w := h.get(path)
		if before[path] == "" || w.Code != http.StatusGone {
			t.Errorf("%s answers %d", path, w.Code)
		}
		if !strings.Contains(w.Body.String(), why) {
			t.Errorf("%s does not tell why: %s", path, words(w.Body.String()))
		}
	}
	h.has(h.get("/places/casa-azul"), 410, "Private property", "3 November 2026", "Ask for a second look", thing[len("/takedowns/"):])
	for _, path := range others {
		if w := h.get(path); strings.Contains(w.Body.String(), "casa-azul") || strings.Contains(w.Body.String(), "Casa Azul") && !strings.HasPrefix(path, "/search") {
			t.Errorf("%s names it still", path)
		}
	}
	h.has(h.get("/report?of="+thing[len("/takedowns/"):]), 200, "A second look")
	h.sends("olga", thing, url.Values{"do": {"restore"}})
	for _, path := range own {
		if w := h.get(path); w.Code != 200 {
			t.Errorf("%s given back answers %d", path, w.Code)
		}
	}
	for _, path := range others {
		if named, now := strings.Contains(before[path], "casa-azul"), strings.Contains(h.get(path).Body.String(), "casa-azul"); named != now {
			t.Errorf("%s named it before: %v, now: %v", path, named, now)
		}
	}
}

func TestTakeDown_lists(t *testing.T) {
	h := newHouse(t)
	l, err := h.site.Lists.Make(t.Context(), h.who["ines"], lists.Details{Title: "Bad words", Privacy: lists.Public})
	if err != nil {
		t.Fatal(err)
	}
	h.follow()
	h.has(h.get(l.Path()), 200, "Bad words", "/report?of=list-")
	h.has(h.get("/lists"), 200, "Bad words")
	of := regexp.MustCompile(`list-[0-9]+`).FindString(h.get(l.Path()).Body.String())
	h.sends("tomasz", "/takedowns/"+of, url.Values{"do": {"down"}, "why": {"abuse"}})
	for _, path := range []string{l.Path(), l.Path() + ".json", l.Path() + ".gpx", l.Path() + ".atom"} {
		h.has(h.get(path), http.StatusGone, "It insults or threatens somebody.")
	}
	h.hasNot(h.get("/lists"), "Bad words")
	h.has(h.as("ines", l.EditPath()), 200, "Bad words")
	h.sends("tomasz", "/takedowns/"+of, url.Values{"do": {"restore"}})
	h.has(h.get(l.Path()), 200, "Bad words")
}

func TestReport_messages(t *testing.T) {
	h := newHouse(t)
	h.sends("ines", "/pitch", url.Values{"do": {"send"}, "title": {"A round house"}, "body": {"It is round and has no corner."}, "position": {"48.8566, 2.3522"}})
	pitch := h.one("pitch")
	h.sends("tomasz", "/submissions/"+pitch, url.Values{"do": {"say"}, "text": {"What a stupid idea."}})
	page := h.as("ines", "/submissions/"+pitch)
	h.has(page, 200, "What a stupid idea.", "Report this message")
	of := regexp.MustCompile(`message-[0-9]+`).FindString(page.Body.String())
	h.has(h.as("mario", "/report?of="+of), 404)
	h.sends("ines", "/report", url.Values{"of": {of}, "code": {"abuse"}, "text": {"Not so."}})
	item := h.one("report")
	h.has(h.post("tomasz", "/desk/"+item, url.Values{"do": {"publish"}, "how": {"down"}, "why": {"abuse"}}), http.StatusForbidden)
	h.sends("olga", "/desk/"+item, url.Values{"do": {"publish"}, "how": {"down"}, "why": {"abuse"}})
	page = h.as("ines", "/submissions/"+pitch)
	h.has(page, 200, "These words were taken away.")
	h.hasNot(page, "stupid")
}

func TestBlock_pages(t *testing.T) {
	h := newHouse(t)
	h.has(h.get("/users/mario"), 200, `href="/users/mario/block"`)
	h.has(h.as("ines", "/users/mario/block"), 200, "Block mario", "/report?of=member-")
	h.hasNot(h.get("/users/mario/block"), `name="on"`)
	h.hasNot(h.as("mario", "/users/mario/block"), `name="on"`)
	h.sends("ines", "/users/mario/block", url.Values{"on": {"yes"}})
	page := h.as("ines", "/settings/blocked")
	h.has(page, 200, "mario", "Unblock")
	h.has(h.as("ines", "/users/mario/block"), 200, "Unblock mario")
	h.has(h.post("mario", "/follow", url.Values{"kind": {"member"}, "name": {"ines"}}), http.StatusForbidden)
	l, err := h.site.Lists.Make(t.Context(), h.who["mario"], lists.Details{Title: "Ours", Privacy: lists.Private})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.site.Lists.Invite(t.Context(), h.who["mario"], l.Slug, "ines", lists.Editor); err == nil {
		t.Error("a blocked member asks who blocked them to a list")
	}
	id := regexp.MustCompile(`name="id" value="([0-9]+)"`).FindStringSubmatch(page.Body.String())[1]
	h.sends("ines", "/settings/blocked", url.Values{"id": {id}})
	h.has(h.as("ines", "/settings/blocked"), 200, "Nobody.")
	if err := h.site.Lists.Invite(t.Context(), h.who["mario"], l.Slug, "ines", lists.Editor); err != nil {
		t.Error(err)
	}
	h.sends("mario", "/follow", url.Values{"kind": {"member"}, "name": {"ines"}})
	h.has(h.post("", "/users/mario/block", url.Values{}), http.StatusUnauthorized)
}
