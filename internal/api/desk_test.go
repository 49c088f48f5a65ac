package api

import (
	"net/http"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
)

func TestDesk_claimUndoAppeal(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := atlas(t, d)
		member, editor := signedIn(t, a, actor.Member, actor.Contribute), signedIn(t, a, actor.Editor, actor.Edit)
		admin := signedIn(t, a, actor.Admin, actor.Edit)
		s := reads[sent](t, write(a, "POST", "/submissions", grotto, member...), http.StatusCreated)
		at := "/submissions/" + s.ID

		type claimed struct {
			Status    string
			ClaimedBy struct{ Name string } `json:"claimed_by"`
		}
		if c := reads[claimed](t, write(a, "POST", at+"/claim", "", editor...), http.StatusOK); c.ClaimedBy.Name != "The editor" {
			t.Errorf("claimed: %+v", c)
		}
		if r := reads[refused](t, write(a, "POST", at+"/claim", "", admin...), http.StatusConflict); r.Submission == nil || r.Submission.Status != "waiting" {
			t.Errorf("claimed by two: %+v", r)
		}
		reads[refused](t, write(a, "DELETE", at+"/claim", "", admin...), http.StatusConflict)
		if c := reads[claimed](t, write(a, "DELETE", at+"/claim", "", editor...), http.StatusOK); c.ClaimedBy.Name != "" {
			t.Errorf("released: %+v", c)
		}

		reads[sent](t, write(a, "POST", at+"/decision", `{"action":"publish"}`, editor...), http.StatusOK)
		reads[refused](t, write(a, "POST", at+"/undo", "", admin...), http.StatusForbidden)
		keyed := append([]string{"Idempotency-Key", "once"}, editor...)
		back := reads[sent](t, write(a, "POST", at+"/undo", "", keyed...), http.StatusOK)
		if back.Status != "waiting" {
			t.Errorf("undone: %+v", back)
		}
		// The same call again does nothing more, and answers the same.
		again := write(a, "POST", at+"/undo", "", keyed...)
		if r := reads[sent](t, again, http.StatusOK); r.Status != "waiting" || again.Header().Get("Idempotency-Replayed") != "true" {
			t.Errorf("undone again: %+v", r)
		}
		if r := reads[refused](t, write(a, "POST", at+"/undo", "", editor...), http.StatusConflict); r.Submission == nil || r.Submission.Status != "waiting" {
			t.Errorf("nothing is left to undo: %+v", r)
		}

		reads[refused](t, write(a, "POST", at+"/appeal", `{"text":"Now"}`, member...), http.StatusConflict)
		reads[sent](t, write(a, "POST", at+"/decision", `{"action":"decline","reason":"unverifiable"}`, editor...), http.StatusOK)
		if r := reads[refused](t, write(a, "POST", at+"/appeal", `{"text":""}`, member...), http.StatusUnprocessableEntity); !r.names("text") {
			t.Errorf("an appeal without words: %+v", r)
		}
		if w := write(a, "POST", at+"/appeal", `{"text":"Mine"}`, admin...); w.Code != http.StatusNotFound {
			t.Error("another appeals:", w.Code)
		}
		appealed := reads[sent](t, write(a, "POST", at+"/appeal", `{"text":"I was there."}`, member...), http.StatusOK)
		if n := len(appealed.Decisions); appealed.Status != "waiting" || n == 0 || appealed.Decisions[n-1].Action != "appeal" || appealed.Decisions[n-1].Text != "I was there." {
			t.Errorf("appealed: %+v", appealed)
		}
		reads[refused](t, write(a, "POST", at+"/appeal", `{"text":"Again."}`, member...), http.StatusConflict)
		if w := write(a, "DELETE", at, "", editor...); w.Code != http.StatusNotFound {
			t.Error("an editor withdraws another's:", w.Code)
		}
		if r := reads[sent](t, write(a, "DELETE", at, "", member...), http.StatusOK); r.Status != "withdrawn" {
			t.Errorf("withdrawn: %+v", r)
		}
	})
}

func TestDesk_scopes(t *testing.T) {
	a := atlas(t, dbtest.SQLite(t))
	member := signedIn(t, a, actor.Member, actor.Contribute)
	narrow := signedIn(t, a, actor.Editor, actor.Contribute)
	s := reads[sent](t, write(a, "POST", "/submissions", grotto, member...), http.StatusCreated)
	for _, c := range [][2]string{{"POST", "/claim"}, {"DELETE", "/claim"}, {"POST", "/undo"}} {
		for who, headers := range map[string][]string{"a member": member, "an editor's token that may contribute": narrow} {
			if w := write(a, c[0], "/submissions/"+s.ID+c[1], "", headers...); w.Code != http.StatusForbidden {
				t.Errorf("%s: %s %s: %d", who, c[0], c[1], w.Code)
			}
		}
		if w := write(a, c[0], "/submissions/"+s.ID+c[1], ""); w.Code != http.StatusUnauthorized {
			t.Errorf("nobody: %s %s: %d", c[0], c[1], w.Code)
		}
	}
	if w := write(a, "POST", "/submissions/x/claim", "", signedIn(t, a, actor.Admin, actor.Edit)...); w.Code != http.StatusNotFound {
		t.Error("no such submission:", w.Code)
	}
}
