package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
)

// What a member has not been to is told to that member's token alone.
func TestUnvisited_byToken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := atlas(t, d)
		ada, other := signedIn(t, a, actor.Member, actor.Contribute), signedIn(t, a, actor.Editor, actor.Read)
		call(a, http.MethodPut, Prefix+"/places/catacombs/marks/been", ada...)
		for _, c := range []struct {
			who    []string
			status int
			holds  bool
		}{{ada, 200, false}, {other, 200, true}, {nil, 401, false}, {ada, 200, false}} {
			for method, target := range map[string]string{http.MethodGet: "/places?unvisited=yes", http.MethodPost: "/along?within=20&unvisited=yes " + parisLine} {
				w := call(a, method, Prefix+target, c.who...)
				if w.Code != c.status || strings.Contains(w.Body.String(), "Bones in rows") != c.holds {
					t.Errorf("%s for %v: %d %s", target, c.who, w.Code, w.Body)
				}
				if got := w.Header().Get("Cache-Control"); c.status == 200 && got != "private, no-store" {
					t.Errorf("%s may be kept: %s", target, got)
				}
			}
		}
	})
}

// Marks are their member's, set once however often, and counted at once.
func TestMarks_countedAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := atlas(t, d)
		one, reader := signedIn(t, a, actor.Member, actor.Contribute), signedIn(t, a, actor.Member, actor.Read)
		counts := func() (been, want int) {
			t.Helper()
			var p struct{ Been, Want int }
			if err := json.Unmarshal(call(a, http.MethodGet, Prefix+"/places/catacombs").Body.Bytes(), &p); err != nil {
				t.Fatal(err)
			}
			return p.Been, p.Want
		}
		for _, step := range []struct {
			method, mark       string
			who                []string
			status, been, want int
		}{
			{http.MethodPut, "been", one, 204, 1, 0},
			{http.MethodPut, "been", one, 204, 1, 0},
			{http.MethodPut, "want", one, 204, 1, 1},
			{http.MethodPut, "want", reader, 403, 1, 1},
			{http.MethodPut, "want", nil, 401, 1, 1},
			{http.MethodPut, "seen", one, 404, 1, 1},
			{http.MethodDelete, "been", one, 204, 0, 1},
			{http.MethodDelete, "been", one, 204, 0, 1},
			{http.MethodGet, "want", one, 405, 0, 1},
		} {
			w := call(a, step.method, Prefix+"/places/catacombs/marks/"+step.mark, step.who...)
			if been, want := counts(); w.Code != step.status || been != step.been || want != step.want {
				t.Errorf("%s %s: %d, then %d been and %d want; expected %+v\n%s", step.method, step.mark, w.Code, been, want, step, w.Body)
			}
		}
	})
}
