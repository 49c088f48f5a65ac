package web

import (
	"net/http"
	"net/url"
	"regexp"
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

// How much is behind each part of the desk stands on it, of the destination and
// the contributor that the queue is narrowed to.
func TestDesk_counts(t *testing.T) {
	h := newHouse(t)
	for who, where := range map[string]string{"ines": "41.89193, 12.51133", "mario": "48.8566, 2.3522"} {
		h.sends(who, "/pitch", url.Values{"do": {"send"}, "title": {"The dunes of " + who}, "body": {"It hums when one walks away."}, "position": {where}})
	}
	h.sends("tomasz", "/desk/"+h.one("pitch&by=mario"), url.Values{"do": {"decline"}, "reason": {"well-known"}})
	for query, want := range map[string]string{
		"": "All that waits 1 · Pitches 1 · Declined 1", "?in=france": "Declined 1", "?by=ines": "All that waits 1 · Pitches 1", "?status=declined": "All that waits 1 · Pitches 1 · Declined 1",
	} {
		page := h.as("tomasz", "/desk"+query).Body.String()
		var got []string
		for _, m := range regexp.MustCompile(`(?s)<a class="chip"[^>]*>\s*<span>([^<]*)</span>\s*<b>([^<]*)</b>`).FindAllStringSubmatch(page, -1) {
			if m[2] != "0" {
				got = append(got, m[1]+" "+m[2])
			}
		}
		if strings.Join(got, " · ") != want {
			t.Errorf("%q: %s, want %s", query, strings.Join(got, " · "), want)
		}
	}
}

// The checks that found nothing are told too, but no check that had nothing to
// look at.
func TestDesk_passedChecks(t *testing.T) {
	h := newHouse(t)
	sub, _, _ := strings.Cut(h.sends("ines", "/places/new", lighthouse()), "?")
	page := h.as("tomasz", strings.Replace(sub, "/submissions/", "/desk/", 1))
	h.has(page, http.StatusOK, "checks passed", "The position is on land", "It names a source", "It does not sound like an advertisement", "most that are accepted have more")
	h.hasNot(page, "It is long enough", "where a protected place lies")
	h.sends("ines", "/pitch", url.Values{"do": {"send"}, "title": {"A nook"}, "body": {"It hums."}, "position": {"41.89193, 12.51133"}})
	page = h.as("tomasz", "/desk/"+h.one("pitch"))
	h.has(page, http.StatusOK, "The position is on land")
	h.hasNot(page, "It names a source", "Its text stands in no other entry")
}
