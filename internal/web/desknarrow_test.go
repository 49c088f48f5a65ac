package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// The queue says where each thing is, and is narrowed by destination, typed as
// a path or by name, and by who sent it.
func TestDesk_narrowed(t *testing.T) {
	h := newHouse(t)
	pitch := func(who, title, at string) {
		h.sends(who, "/pitch", url.Values{"do": {"send"}, "title": {title}, "body": {"It hums when one walks away."}, "position": {at}})
	}
	pitch("ines", "The humming dunes", "41.89193, 12.51133")
	pitch("mario", "The round house", "48.8566, 2.3522")
	h.has(h.as("tomasz", "/desk"), http.StatusOK, "Rome, Italy", "Paris, France")
	for query, only := range map[string]string{
		"in=italy": "dunes", "in=France": "round house", "in=/france/": "round house", "in=PARIS": "round house",
		"by=ines": "dunes", "by=+MARIO+": "round house", "by=ines&in=france": "",
	} {
		page := h.as("tomasz", "/desk?"+query)
		h.has(page, http.StatusOK)
		for _, title := range []string{"dunes", "round house"} {
			if got := strings.Contains(page.Body.String(), title); got != (title == only) {
				t.Errorf("%s: shows %q: %v", query, title, got)
			}
		}
	}
	for _, query := range []string{"in=Pariss", "by=nobody-of-that-name", "by=%00"} {
		h.has(h.as("tomasz", "/desk?"+query), http.StatusBadRequest)
	}
	if one := h.as("tomasz", "/desk/"+h.one("pitch&by=ines")); !strings.Contains(one.Body.String(), `href="/desk?by=ines"`) {
		t.Error("the record of a contributor does not lead to what else they sent")
	}
}
