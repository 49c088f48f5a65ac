package api

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/setting"
)

// What is too much for one day is refused with the exact number of seconds until
// more may come, for submissions and photos alike.
func TestDailyLimit_retryAfterIsExact(t *testing.T) {
	now := time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC)
	clock := now
	dbtest.EachConfig(t, db.Config{Now: func() time.Time { return clock }}, func(t *testing.T, d *db.DB) {
		clock = now
		a := atlas(t, d)
		rules := setting.Open(d)
		if err := rules.Update(t.Context(), func(s *setting.Settings) { s.Contributing.DailyNew, s.Contributing.PhotosNew = 2, 2 }); err != nil {
			t.Fatal(err)
		}
		a.Photos.Join(nil, rules)
		member := signedIn(t, a, actor.Member, actor.Contribute)
		for name, send := range map[string]func(n int) *httptest.ResponseRecorder{
			"submissions": func(n int) *httptest.ResponseRecorder {
				return write(a, "POST", "/submissions", strings.Replace(grotto, "Grotto", fmt.Sprintf("Grotto %d", n), 1), member...)
			},
			"photos": func(n int) *httptest.ResponseRecorder {
				img := image.NewGray(image.Rect(0, 0, 40, 30))
				for i := range img.Pix {
					img.Pix[i] = uint8(i * (n + 3))
				}
				var b bytes.Buffer
				if err := jpeg.Encode(&b, img, nil); err != nil {
					t.Fatal(err)
				}
				return sendPhoto(t, a, "/places/catacombs/photos", b.Bytes(), map[string]string{"licence": "CC0-1.0"}, member...)
			},
		} {
			begun := clock
			for n, at := range []time.Duration{0, 90 * time.Minute} {
				clock = begun.Add(at)
				if w := send(n); w.Code != http.StatusCreated {
					t.Fatalf("%s %d: %d %s", name, n, w.Code, w.Body)
				}
			}
			for _, left := range []time.Duration{22*time.Hour + 30*time.Minute, time.Second} {
				clock = begun.Add(24*time.Hour - left)
				w := send(2)
				if want := strconv.Itoa(int(left / time.Second)); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != want || w.Header().Get("Content-Type") != problemType {
					t.Errorf("%s with %v left: %d, Retry-After %q: %s", name, left, w.Code, w.Header().Get("Retry-After"), w.Body)
				}
			}
			clock = begun.Add(24 * time.Hour)
			if w := send(2); w.Code != http.StatusCreated {
				t.Errorf("%s after the day: %d %s", name, w.Code, w.Body)
			}
			if w := send(3); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "5400" {
				t.Errorf("%s, the next: %d, Retry-After %q", name, w.Code, w.Header().Get("Retry-After"))
			}
		}
	})
}
