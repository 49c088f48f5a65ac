package api

import (
	"encoding/json"
	"net/http"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
)

// cutOff leaves of a call what a kill leaves: behind its commit, or before it.
func cutOff(t *testing.T, d *db.DB, committed bool) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		text := `UPDATE idempotency SET status = 0, type = '', location = '', answer = '', node = 'ended', at = at - 600000`
		if !committed {
			text += `, made = 0`
		}
		_, err := tx.Exec(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A call that was killed between its commit and the keeping of its answer is
// answered as it would have been, and done once; one killed before it is done.
func TestOnce_resumes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := atlas(t, d)
		ada, eve := signedIn(t, a, actor.Member, actor.Contribute), signedIn(t, a, actor.Editor, actor.Edit)
		count := func(table string) (n int) {
			t.Helper()
			if err := d.Read(t.Context(), func(tx *db.Tx) error { return tx.QueryRow(`SELECT count(*) FROM ` + table).Scan(&n) }); err != nil {
				t.Fatal(err)
			}
			return n
		}
		id := func(body []byte) string {
			t.Helper()
			var x struct {
				ID string `json:"id"`
			}
			if err := json.Unmarshal(body, &x); err != nil || x.ID == "" {
				t.Fatalf("%s: %v", body, err)
			}
			return x.ID
		}
		again := func(path, body string, status int, who []string, key string) (first, second string) {
			t.Helper()
			with := append([]string{keyHeader, key}, who...)
			w := write(a, "POST", path, body, with...)
			if w.Code != status {
				t.Fatalf("%s: %d %s", path, w.Code, w.Body)
			}
			cutOff(t, d, true)
			r := write(a, "POST", path, body, with...)
			if r.Code != status || r.Header().Get("Location") != w.Header().Get("Location") {
				t.Fatalf("%s again: %d %s", path, r.Code, r.Body)
			}
			kept := write(a, "POST", path, body, with...)
			if kept.Code != status || kept.Body.String() != r.Body.String() || kept.Header().Get("Idempotency-Replayed") != "true" {
				t.Errorf("%s: its answer was not kept: %d", path, kept.Code)
			}
			return w.Body.String(), r.Body.String()
		}
		pitch := `{"kind":"pitch","fields":{"title":"A mill","body":"By the river.","lat":48.1,"lon":2.1}}`
		one, two := again("/submissions", pitch, http.StatusCreated, ada, "s")
		if id([]byte(one)) != id([]byte(two)) || count("submissions") != 1 {
			t.Errorf("%s\n%s: %d submissions", one, two, count("submissions"))
		}
		l1, l2 := again("/lists", `{"title":"Mills"}`, http.StatusCreated, ada, "l")
		if id([]byte(l1)) != id([]byte(l2)) || count("lists") != 1 {
			t.Errorf("%s\n%s: %d lists", l1, l2, count("lists"))
		}
		_, decided := again("/submissions/"+id([]byte(one))+"/decision", `{"action":"decline","reason":"other","text":"No."}`, http.StatusOK, eve, "d")
		if count("decisions") != 1 {
			t.Errorf("decided %d times: %s", count("decisions"), decided)
		}
		// Before the commit nothing was done: the same call does it.
		with := append([]string{keyHeader, "n"}, ada...)
		if w := write(a, "POST", "/lists", `{"title":"Wells"}`, with...); w.Code != http.StatusCreated {
			t.Fatal(w.Code, w.Body)
		}
		cutOff(t, d, false)
		if w := write(a, "POST", "/lists", `{"title":"Wells"}`, with...); w.Code != http.StatusCreated || count("lists") != 3 {
			t.Errorf("%d %s, %d lists", w.Code, w.Body, count("lists"))
		}
		// What another program is still at is waited for.
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE idempotency SET status = 0, node = $1`, a.node)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if w := write(a, "POST", "/lists", `{"title":"Wells"}`, with...); w.Code != http.StatusConflict || w.Header().Get("Retry-After") == "" {
			t.Errorf("under way: %d %s", w.Code, w.Body)
		}
	})
}
