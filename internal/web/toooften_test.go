package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"mirabilia/internal/setting"
)

// The most submissions of a day is told with the second from which another may
// come: not a second earlier, and not one later.
func TestDailyLimit_saysWhenExactly(t *testing.T) {
	h := newHouse(t)
	if err := h.set.Update(t.Context(), func(s *setting.Settings) { s.Contributing.DailyNew = 2 }); err != nil {
		t.Fatal(err)
	}
	send := func(n int) (int, string, string) {
		t.Helper()
		f := lighthouse()
		f.Set("draft", strconv.Itoa(70+n))
		f.Set("title", "Lighthouse "+strconv.Itoa(n))
		f["same"] = []string{"another"}
		w := h.post("ines", "/places/new", f)
		return w.Code, w.Header().Get("Retry-After"), w.Body.String()
	}
	begun := h.now
	for n, at := range []time.Duration{0, 90 * time.Minute} {
		h.now = begun.Add(at)
		if code, _, body := send(n); code != http.StatusSeeOther {
			t.Fatalf("submission %d: %d %s", n, code, words(body))
		}
	}
	for _, left := range []time.Duration{22*time.Hour + 30*time.Minute, time.Hour, time.Second} {
		h.now = begun.Add(24*time.Hour - left)
		code, wait, body := send(2)
		if code != http.StatusTooManyRequests || wait != strconv.Itoa(int(left/time.Second)) || !strings.Contains(body, "the most for now") || !strings.Contains(body, "Lighthouse 2") {
			t.Errorf("with %v left: %d, Retry-After %q: %s", left, code, wait, words(body))
		}
	}
	h.now = begun.Add(24 * time.Hour)
	if code, _, body := send(2); code != http.StatusSeeOther {
		t.Fatalf("after the day: %d %s", code, words(body))
	}
	if code, wait, _ := send(3); code != http.StatusTooManyRequests || wait != "5400" { // the second was sent 90 minutes after the first
		t.Errorf("the next: %d, Retry-After %q", code, wait)
	}
	if w := h.post("ines", "/places/casa-azul/note", url.Values{"text": {"Shut on Mondays."}}); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "5400" || !strings.Contains(w.Body.String(), "Shut on Mondays.") {
		t.Errorf("a note: %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
	if err := h.set.Update(t.Context(), func(s *setting.Settings) { s.Contributing.PhotosNew = 1 }); err != nil {
		t.Fatal(err)
	}
	about := map[string]string{"licence": "CC0-1.0", "caption": "A wall"}
	if w := h.upload("ines", "/places/casa-azul/photos", "", about, sentFile{"a.jpg", someShot(t, 3)}); w.Code != http.StatusSeeOther {
		t.Fatalf("a photo: %d", w.Code)
	}
	h.now = h.now.Add(23 * time.Hour)
	if w := h.upload("ines", "/places/casa-azul/photos", "", about, sentFile{"b.jpg", someShot(t, 5)}); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "3600" || !strings.Contains(w.Body.String(), "A wall") {
		t.Errorf("another: %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
	visit := map[string]string{"day": "2026", "outcome": "found", "privacy": "me", "still": "", "note": "By bus."}
	if w := h.upload("ines", "/places/casa-azul/visits", "", visit, sentFile{"v.jpg", someShot(t, 6)}); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "3600" || !strings.Contains(w.Body.String(), "By bus.") || !strings.Contains(w.Body.String(), "v.jpg") {
		t.Errorf("a photo with a visit: %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
	if w := h.post("tomasz", "/places/new", url.Values{"do": {"keep"}, "title": {"x"}, "draft": {"99"}}); w.Code == http.StatusTooManyRequests {
		t.Error("keeping a draft is held to it")
	}
}
