package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Whoever is signed in finds what they sent and what they keep from every page
// of their own, without script; the overlay gives the same ways to the script.
func TestOwnWays_onEveryOwnPage(t *testing.T) {
	h := newHouse(t)
	ways := []string{`<details class="mine"`, `href="/drafts"`, `href="/me/lists"`, `href="/settings"`}
	for _, path := range []string{"/drafts", "/places/new", "/pitch", "/places/casa-azul/edit", "/places/casa-azul/history", "/places/casa-azul/photos", "/me/lists", "/me/lists/new", "/queue"} {
		w := h.as("ines", path)
		h.has(w, http.StatusOK, ways...)
		h.hasNot(w, `href="/login"`, `href="/join"`)
	}
	h.has(h.as("tomasz", "/desk"), http.StatusOK, append(ways, `class="signin" href="/desk"`)...)
	h.has(h.get("/queue"), http.StatusOK, `href="/login"`)
	var o struct {
		Links []struct {
			Path string
			Bar  bool
		}
	}
	if err := json.Unmarshal(h.as("tomasz", "/me/overlay?path=/").Body.Bytes(), &o); err != nil {
		t.Fatal(err)
	}
	in := map[string]bool{}
	for _, l := range o.Links {
		in[l.Path] = l.Bar
	}
	for path, bar := range map[string]bool{"/users/tomasz": false, "/desk": true, "/drafts": false, "/me/lists": false, "/settings": false} {
		if got, there := in[path]; !there || got != bar {
			t.Errorf("%s: there %v, in the bar %v; want it there, in the bar %v", path, there, got, bar)
		}
	}
}

// Who comes back from a closed browser begins at the empty form, and is told
// there of what was begun.
func TestForm_tellsOfDrafts(t *testing.T) {
	h := newHouse(t)
	h.hasNot(h.as("ines", "/places/new"), "You have begun")
	f := lighthouse()
	f.Set("do", "save")
	h.sends("ines", "/places/new", f)
	w := h.as("ines", "/places/new")
	h.has(w, http.StatusOK, "You have begun “Rubjerg Knude Fyr”", `href="/places/new?draft=77"`)
	h.hasNot(w, "more draft")
	f.Set("draft", "78")
	f.Set("title", "")
	h.sends("ines", "/places/new", f)
	h.has(h.as("ines", "/places/new"), http.StatusOK, "One more draft of yours waits.")
	h.hasNot(h.as("ines", "/places/new?draft=77"), "You have begun")
	h.hasNot(h.as("mario", "/places/new"), "You have begun")
}

// The tick beside the text is the licence that the desk sees.
func TestForm_givesTheLicence(t *testing.T) {
	h := newHouse(t)
	sub, _, _ := strings.Cut(h.sends("ines", "/places/new", lighthouse()), "?")
	w := h.as("tomasz", strings.Replace(sub, "/submissions/", "/desk/", 1))
	h.has(w, http.StatusOK, "Licence of the text", "CC-BY-SA-4.0")
	h.hasNot(w, "says nothing of the rights")
}

// What an editor leaves out of an edit is named to who wrote it.
func TestSubmission_namesWhatWasLeftOut(t *testing.T) {
	h := newHouse(t)
	f := formOf(t, h.as("ines", "/places/casa-azul/edit").Body.String())
	f.Set("subtitle", "A must-see, blue inside and out.")
	f.Set("website", "https://example.org/blue")
	f.Set("summary", "Two things")
	f.Set("rights", "yes")
	f.Set("do", "send")
	sub, _, _ := strings.Cut(h.sends("ines", "/places/casa-azul/edit", f), "?")
	onDesk := strings.Replace(sub, "/submissions/", "/desk/", 1)
	h.sends("tomasz", onDesk, url.Values{"do": {"publish"}, "only": {"website"}})
	h.has(h.as("ines", sub), http.StatusOK, "It is public.", "Left out by the editor: Hook.")
	h.sends("tomasz", onDesk, url.Values{"do": {"undo"}})
	h.hasNot(h.as("ines", sub), "Left out by the editor")
	h.sends("tomasz", onDesk, url.Values{"do": {"publish"}, "only": {"website", "subtitle"}})
	h.has(h.as("ines", sub), http.StatusOK, "It is public.")
	h.hasNot(h.as("ines", sub), "Left out by the editor")
}

// Appeals are found by themselves on the desk.
func TestDesk_appeals(t *testing.T) {
	h := newHouse(t)
	send := func(draft, title string) string {
		f := lighthouse()
		f.Set("draft", draft)
		f.Set("title", title)
		sub, _, _ := strings.Cut(h.sends("ines", "/places/new", f), "?")
		return sub
	}
	one := send("1", "First lighthouse")
	send("2", "Second lighthouse")
	h.sends("tomasz", strings.Replace(one, "/submissions/", "/desk/", 1), url.Values{"do": {"decline"}, "reason": {"well-known"}})
	w := h.as("tomasz", "/desk?appeal=yes")
	h.has(w, http.StatusOK, "Nothing is waiting here.")
	h.sends("ines", one, url.Values{"do": {"appeal"}, "text": {"It was moved on rails."}})
	w = h.as("tomasz", "/desk?appeal=yes")
	h.has(w, http.StatusOK, "First lighthouse", "Appeals")
	h.hasNot(w, "Second lighthouse")
}
