package web

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
)

// A visitor's word: that all is well is counted without a name, that it is not
// is decided on the desk.
func TestDesk_fieldNotes(t *testing.T) {
	h := newHouse(t)
	const visits = "/places/casa-azul/visits"
	form := url.Values{"day": {"2026-11-01"}, "outcome": {"found"}, "privacy": {"me"}, "still": {"same"}, "note": {"A secret of mine"}}
	h.has(h.get("/places/casa-azul"), 200, "Not yet confirmed by a visitor", `href="/places/casa-azul/mark#h-visit"`)
	h.sends("ines", visits, form)
	page := h.get("/places/casa-azul")
	h.has(page, 200, "Last confirmed November 2026 by one visitor", "Fresh")
	h.hasNot(page, "A secret", h.who["ines"].Path())
	if w := h.as("mario", "/places/casa-azul"); w.Body.String() != page.Body.String() {
		t.Error("the public page is another for a member")
	}
	h.sends("mario", visits, form)
	h.has(h.get("/places/casa-azul"), 200, "Last confirmed November 2026 by 2 visitors")
	var whole struct {
		Confirmed struct {
			Month, Health string
			Visitors      int
		}
	}
	if err := json.Unmarshal(h.get("/places/casa-azul.json").Body.Bytes(), &whole); err != nil || whole.Confirmed.Month != "2026-11" || whole.Confirmed.Visitors != 2 || whole.Confirmed.Health != "fresh" {
		t.Errorf("as JSON: %+v, %v", whole, err)
	}
	if list := h.get("/places.csv").Body.String(); strings.Contains(list, "confirmed") {
		t.Error("an export says what it has no name for")
	}
	h.has(h.as("ines", "/places/casa-azul/mark"), 200, "Still there as described")

	form.Set("told", "Words without a choice")
	h.has(h.post("ines", visits, form), 422, "editors read your words with that", "Words without a choice")
	form.Set("still", "closed")
	form.Set("told", "Bricked <b>up</b>.")
	h.sends("ines", visits, form)
	h.has(h.get("/places/casa-azul"), 200, "by one visitor")
	id := h.one("visit")
	h.has(h.as("tomasz", "/desk/"+id), 200, "Casa Azul", "Closed or gone", "Found 1 November 2026", "Bricked &lt;b&gt;up&lt;/b&gt;.", "The entry says: Open", `<option value="closed" selected>`, `href="/places/casa-azul/edit"`)
	h.hasNot(h.as("tomasz", "/desk/"+id), "A secret of mine")
	h.has(h.post("tomasz", "/desk/"+id, url.Values{"do": {"publish"}, "how": {"haunted"}}), 422, "a status that a visitor can have found")
	h.sends("tomasz", "/desk/"+id, url.Values{"do": {"publish"}, "how": {"closed"}})
	h.has(h.get("/places/casa-azul"), 200, "Closed for good since November 2026")
	h.has(h.as("ines", "/submissions/"+id), 200, "An editor has taken it up")
	h.sends("tomasz", "/desk/"+id, url.Values{"do": {"undo"}})
	h.hasNot(h.get("/places/casa-azul"), "Closed for good")
	h.has(h.post("tomasz", "/desk/"+id, url.Values{"do": {"decline"}}), 422, "Choose a reason")
	h.sends("tomasz", "/desk/"+id, url.Values{"do": {"decline"}, "reason": {"duplicate"}})
	h.has(h.as("ines", "/submissions/"+id), 200, "The entry says so already.")
}
