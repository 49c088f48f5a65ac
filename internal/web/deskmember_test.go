package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// An editor takes back in one action all that a member published, suspends them,
// and is told what others have built upon; the member reads why.
func TestDesk_takesAllOfAMemberBack(t *testing.T) {
	h := newHouse(t)
	edit := func(who, slug string, change func(url.Values)) string {
		f := formOf(t, h.as(who, "/places/"+slug+"/edit").Body.String())
		f.Set("summary", "As it is")
		f.Set("rights", "yes")
		f.Set("do", "send")
		change(f)
		sub, _, _ := strings.Cut(h.sends(who, "/places/"+slug+"/edit", f), "?")
		onDesk := strings.Replace(sub, "/submissions/", "/desk/", 1)
		form := url.Values{"do": {"publish"}, "only": controlsAll(h.as("tomasz", onDesk).Body.String())}
		h.sends("tomasz", onDesk, form)
		return sub
	}
	one := edit("ines", "casa-azul", func(f url.Values) { f.Set("website", "https://shop.example/azul") })
	two := edit("ines", "casa-azul", func(f url.Values) { f.Set("subtitle", "Buy here.") })
	edit("mario", "casa-azul", func(f url.Values) { f.Set("subtitle", "Buy nothing here.") })

	onDesk := strings.Replace(one, "/submissions/", "/desk/", 1)
	h.has(h.as("tomasz", onDesk), http.StatusOK, `href="/users/ines/desk"`)
	w := h.as("tomasz", "/users/ines/desk")
	h.has(w, http.StatusOK, "2 accepted, 0 declined", `href="/desk?by=ines"`, "Take everything back")
	h.has(h.post("tomasz", "/users/ines/desk", url.Values{"do": {"back"}}), http.StatusUnprocessableEntity, "Say why: the member reads it.")
	to := h.sends("tomasz", "/users/ines/desk", url.Values{"do": {"back"}, "text": {"Links to a shop."}})
	h.has(h.as("tomasz", to), http.StatusOK, "One contribution was taken back.", "One is left: others have built upon it since.", "/desk?by=ines&amp;status=published")
	page := h.get("/places/casa-azul")
	h.has(page, http.StatusOK, "Buy nothing here.")
	h.hasNot(page, "shop.example")
	h.has(h.as("ines", one), http.StatusOK, "Declined", "Links to a shop.", "Ask for a second look")
	h.has(h.as("ines", two), http.StatusOK, "It is public.")
	// Done once more, there is nothing left to do.
	h.has(h.as("tomasz", h.sends("tomasz", "/users/ines/desk", url.Values{"do": {"back"}, "text": {"Again."}})), http.StatusOK, "0 contributions were taken back.")

	h.has(h.post("tomasz", "/users/ines/desk", url.Values{"do": {"state"}, "state": {"suspended"}}), http.StatusUnprocessableEntity, "Is needed: the member is told it")
	h.has(h.as("tomasz", h.sends("tomasz", "/users/ines/desk", url.Values{"do": {"state"}, "state": {"suspended"}, "reason": {"Links to a shop."}})), http.StatusOK, "Decided.", "Links to a shop.")
	h.has(h.as("tomasz", "/users/olga/desk"), http.StatusOK, "Only an admin decides about editors.")
	for _, do := range []url.Values{{"do": {"back"}, "text": {"x"}}, {"do": {"state"}, "state": {"banned"}, "reason": {"x"}}} {
		if w := h.post("tomasz", "/users/olga/desk", do); w.Code != http.StatusForbidden {
			t.Errorf("an editor about another, %v: %d", do, w.Code)
		}
	}
	if w := h.as("mario", "/users/ines/desk"); w.Code != http.StatusForbidden {
		t.Errorf("a member: %d", w.Code)
	}
	if w := h.as("tomasz", "/users/nobody/desk"); w.Code != http.StatusNotFound {
		t.Errorf("nobody: %d", w.Code)
	}
}

// controlsAll are the fields that a page of the desk offers to take.
func controlsAll(page string) (names []string) {
	for _, part := range strings.Split(page, `name="only" value="`)[1:] {
		name, _, _ := strings.Cut(part, `"`)
		names = append(names, name)
	}
	return names
}
