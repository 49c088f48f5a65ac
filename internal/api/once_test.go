package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/errs"
)

type aNote struct {
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"20"`
	}
}

type aNoted struct {
	Location string `header:"Location"`
	Body     struct {
		Text string `json:"text"`
		By   string `json:"by"`
		N    int64  `json:"n"`
	}
}

// noting gives an API one more call, which counts how often it was done.
func noting(t *testing.T, a *API) *atomic.Int64 {
	t.Helper()
	var n atomic.Int64
	huma.Register(a.huma, a.writes(http.MethodPost, "/test-notes", "testNote", "Note", actor.Contribute), act(a, actor.Contribute,
		func(_ context.Context, who actor.Actor, in *aNote) (*aNoted, error) {
			out := &aNoted{Location: "/x"}
			out.Body.Text, out.Body.By, out.Body.N = in.Body.Text, who.Name, n.Add(1)
			switch in.Body.Text {
			case "broken":
				return nil, errors.New("out of ink")
			case "odd":
				return nil, errs.InField("text", "is odd")
			}
			return out, nil
		}))
	return &n
}

func TestOnce_repeatsTheAnswer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := atlas(t, d)
		done := noting(t, a)
		ada := signedIn(t, a, actor.Member, actor.Contribute)
		key := append([]string{keyHeader, "k1"}, ada...)
		first := write(a, "POST", "/test-notes", `{"text":"hello"}`, key...)
		again := write(a, "POST", "/test-notes", `{"text":"hello"}`, key...)
		if first.Code != http.StatusCreated || again.Code != first.Code || again.Body.String() != first.Body.String() || again.Header().Get("Location") != "/x" ||
			again.Header().Get("Content-Type") != "application/json" || done.Load() != 1 || again.Header().Get("Idempotency-Replayed") != "true" {
			t.Errorf("%d %s\n%d %s, done %d times", first.Code, first.Body, again.Code, again.Body, done.Load())
		}
		if first.Header().Get("Cache-Control") != "private, no-store" || first.Header().Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("headers: %v", first.Header())
		}
		if w := write(a, "POST", "/test-notes", `{"text":"other"}`, key...); w.Code != http.StatusConflict {
			t.Errorf("another body: %d %s", w.Code, w.Body)
		}
		other := append([]string{keyHeader, "k1"}, signedIn(t, a, actor.Editor, actor.Edit)...)
		if w := write(a, "POST", "/test-notes", `{"text":"hello"}`, other...); w.Code != http.StatusCreated || !strings.Contains(w.Body.String(), "the-editor") {
			t.Errorf("another member's key: %d %s", w.Code, w.Body)
		}
		// What broke on our side is tried again, what was refused is not.
		broken := append([]string{keyHeader, "k2"}, ada...)
		before := done.Load()
		for range 2 {
			if w := write(a, "POST", "/test-notes", `{"text":"broken"}`, broken...); w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "ink") {
				t.Errorf("broken: %d %s", w.Code, w.Body)
			}
		}
		if done.Load() != before+2 {
			t.Error("a failure of ours was kept")
		}
		odd := append([]string{keyHeader, "k3"}, ada...)
		for range 2 {
			w := write(a, "POST", "/test-notes", `{"text":"odd"}`, odd...)
			var p Problem
			if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != http.StatusUnprocessableEntity || len(p.Errors) != 1 || p.Errors[0].Field != "text" {
				t.Errorf("odd: %d %s", w.Code, w.Body)
			}
		}
		if done.Load() != before+3 {
			t.Error("a refusal was not kept")
		}
	})
}

func TestOnce_together(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := atlas(t, d)
		done := noting(t, a)
		key := append([]string{keyHeader, "same"}, signedIn(t, a, actor.Member, actor.Contribute)...)
		var wg sync.WaitGroup
		answers := make([]string, 16)
		for i := range answers {
			wg.Go(func() {
				w := write(a, "POST", "/test-notes", `{"text":"hello"}`, key...)
				if answers[i] = w.Body.String(); w.Code != http.StatusCreated {
					t.Errorf("%d %s", w.Code, w.Body)
				}
			})
		}
		wg.Wait()
		for _, answer := range answers {
			if answer != answers[0] {
				t.Errorf("answered %s and %s", answers[0], answer)
			}
		}
		if len(a.turns.keys) != 0 {
			t.Errorf("%d keys are still waited for", len(a.turns.keys))
		}
		if done.Load() != 1 {
			t.Errorf("done %d times", done.Load())
		}
	})
}

func TestWrite_refusesWhatCanBeReadTwoWays(t *testing.T) {
	a := atlasOnSQLite(t)
	done := noting(t, a)
	ada := signedIn(t, a, actor.Member, actor.Contribute)
	for sent, want := range map[string]int{
		`{"text":"x","text":"y"}`: 422, `{"Text":"x"}`: 422, `{"text":"x","role":"admin"}`: 422, `{"text":""}`: 422, `{"text":7}`: 422, `{}`: 422,
		`{"text":"a","b":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`: 422, `{"text":`: 400, `[`: 400,
		`{"text":"` + strings.Repeat("x", 1<<20) + `"}`: 413,
	} {
		w := write(a, "POST", "/test-notes", sent, ada...)
		var p Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != want || w.Header().Get("Content-Type") != problemType || p.Code == "" || p.Status != want {
			t.Errorf("%.60s: %d %s", sent, w.Code, w.Body)
		}
		if want == 422 && (len(p.Errors) == 0 || p.Errors[0].Field == "") {
			t.Errorf("%.60s names no field: %s", sent, w.Body)
		}
	}
	if done.Load() != 0 {
		t.Error("something was written")
	}
	if w := write(a, "DELETE", "/test-notes", "", ada...); w.Code != http.StatusMethodNotAllowed || !strings.Contains(w.Header().Get("Allow"), "POST") {
		t.Errorf("DELETE: %d %s", w.Code, w.Header().Get("Allow"))
	}
}

func TestToken_hasItsPace(t *testing.T) {
	var p paces
	h, now := http.Header{}, dbtest.SQLite(t).Now()
	for i := range tokenRate {
		if !p.take(h, 1, now) {
			t.Fatalf("call %d was refused", i)
		}
	}
	if p.take(h, 1, now) || h.Get("RateLimit-Remaining") != "0" {
		t.Errorf("one too many: %v", h)
	}
	if !p.take(h, 2, now) {
		t.Error("another token waits for the first")
	}
	if !p.take(h, 1, now.Add(1e9/tokenRate)) {
		t.Error("no call comes back")
	}
}
