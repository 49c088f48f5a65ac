package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"mirabilia/internal/db"
)

// Two entries of one place become one: an editor compares them and joins them,
// and the one that ended leads to the other; and they are made two again.
func TestJoinPlaces(t *testing.T) {
	h := newHouse(t)
	page := "/places/sedlec-ossuary/join"
	h.has(h.as("tomasz", "/places/sedlec-ossuary/history"), http.StatusOK, `href="`+page+`"`)
	h.hasNot(h.as("ines", "/places/sedlec-ossuary/history"), page)
	h.has(h.as("tomasz", page), http.StatusOK, "The entry that stays")
	for name, says := range map[string]string{"nowhere-at-all": "no such place", "sedlec-ossuary": "this entry itself", "p0": "no such place"} {
		h.has(h.as("tomasz", page+"?into="+name), http.StatusUnprocessableEntity, says, `value="`+name+`"`)
	}
	h.has(h.as("tomasz", page+"?into="+url.QueryEscape(testURL+"/places/casa-azul")), http.StatusOK, "This one ends", "This one stays", "Casa Azul", "Make them one")
	into := url.Values{"into": {"casa-azul"}, "why": {strings.Repeat("x", 301)}}
	h.has(h.post("tomasz", page, into), http.StatusUnprocessableEntity, "Is longer than 300 characters", "Make them one")
	into.Set("why", "The same house")
	if w := h.post("ines", page, into); w.Code != http.StatusForbidden {
		t.Errorf("a member joins places: %d", w.Code)
	}
	if to := h.sends("tomasz", page, into); to != "/places/casa-azul/history" {
		t.Errorf("it leads to %s", to)
	}
	if w := h.get("/places/sedlec-ossuary"); w.Code != http.StatusMovedPermanently || w.Header().Get("Location") != "/places/casa-azul" {
		t.Errorf("the entry that ended: %d to %q", w.Code, w.Header().Get("Location"))
	}
	if w := h.post("tomasz", page, into); w.Code != http.StatusMovedPermanently {
		t.Errorf("joined again: %d", w.Code)
	}
	h.hasNot(h.get("/search?q=sedlec"), "/places/sedlec-ossuary")
	history := h.as("tomasz", "/places/casa-azul/history")
	h.has(history, http.StatusOK, "Entries that became part of this one", "/places/sedlec-ossuary")
	h.hasNot(h.as("ines", "/places/casa-azul/history"), "became part of this one")
	var told int
	if err := h.db.Read(t.Context(), func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT count(*) FROM audit WHERE action = 'place.join'`).Scan(&told)
	}); err != nil || told != 1 {
		t.Errorf("the audit log tells of it %d times: %v", told, err)
	}
	joint := regexp.MustCompile(`name="part" value="(\d+)"`).FindStringSubmatch(history.Body.String())
	if joint == nil {
		t.Fatal("no way back on the history")
	}
	back := url.Values{"part": {joint[1]}}
	if w := h.post("ines", "/places/casa-azul/join", back); w.Code != http.StatusForbidden {
		t.Errorf("a member parts places: %d", w.Code)
	}
	if to := h.sends("tomasz", "/places/casa-azul/join", back); to != "/places/sedlec-ossuary/history" {
		t.Errorf("it leads to %s", to)
	}
	h.has(h.get("/places/sedlec-ossuary"), http.StatusOK, "Sedlec")
	h.has(h.get("/search?q=sedlec"), http.StatusOK, "/places/sedlec-ossuary")
	h.hasNot(h.as("tomasz", "/places/casa-azul/history"), "became part of this one")
	if w := h.post("tomasz", "/places/casa-azul/join", back); w.Code != http.StatusNotFound {
		t.Errorf("parted again: %d", w.Code)
	}
}
