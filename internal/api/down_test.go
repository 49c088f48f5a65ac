package api

import (
	"encoding/json"
	"net/http"
	"testing"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/takedown"
)

// A place that was taken down is a problem of its own, which tells the reason,
// under its name and its number.
func TestPlace_takenDown(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := atlas(t, d)
		p, err := a.Places.BySlug(t.Context(), "bone-chapel")
		if err != nil {
			t.Fatal(err)
		}
		const why = "Its owner wishes no visitors."
		err = d.Write(t.Context(), func(tx *db.Tx) error {
			return a.Places.TakeDown(tx, actor.Actor{}, p.ID, takedown.Reason{Code: takedown.Private, Text: why})
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"bone-chapel", p.PublicID()} {
			w := call(a, http.MethodGet, Prefix+"/places/"+name)
			var got Problem
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusGone || got.Status != http.StatusGone || got.Detail != why || got.Code != "gone" {
				t.Errorf("%s: %d %s", name, w.Code, w.Body)
			}
		}
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return a.Places.Return(tx, p.ID) }); err != nil {
			t.Fatal(err)
		}
		if w := call(a, http.MethodGet, Prefix+"/places/bone-chapel"); w.Code != http.StatusOK {
			t.Errorf("given back: %d", w.Code)
		}
	})
}
