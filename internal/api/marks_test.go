package api

import (
	"encoding/json"
	"net/http"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
)

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
