package factor_test

import (
	"bytes"
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"mirabilia/internal/actor"
	"mirabilia/internal/db"
	"mirabilia/internal/db/dbtest"
	"mirabilia/internal/factor"
	"mirabilia/internal/user"
)

const base = "https://atlas.example.org"

// house is an atlas with two members and a clock that tests move.
type house struct {
	db        *db.DB
	factors   *factor.Factors
	ida, otto actor.Actor
	at        *atomic.Int64
}

func (h *house) now() time.Time          { return time.UnixMilli(h.at.Load()) }
func (h *house) forward(d time.Duration) { h.at.Add(d.Milliseconds()) }

func each(t *testing.T, body func(t *testing.T, h *house)) {
	t.Helper()
	at := &atomic.Int64{}
	at.Store(time.Now().UnixMilli())
	dbtest.EachConfig(t, db.Config{Now: func() time.Time { return time.UnixMilli(at.Load()) }}, func(t *testing.T, d *db.DB) {
		h := &house{db: d, factors: open(t, d, 1), at: at}
		users := user.New(d)
		for i, a := range []*actor.Actor{&h.ida, &h.otto} {
			m, err := users.Add(t.Context(), actor.Actor{}, user.Account{Email: fmt.Sprintf("m%d@example.org", i), Name: []string{"Ida", "Otto"}[i], Role: actor.Member, Verified: true})
			if err != nil {
				t.Fatal(err)
			}
			*a = m.Actor()
			a.Session = m.ID
			h.sign(t, *a)
		}
		body(t, h)
	})
}

// sign makes the browser of a member one that has just been signed in.
func (h *house) sign(t *testing.T, a actor.Actor) {
	t.Helper()
	err := h.db.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO sessions (id, member, hash, factor, stays, agent, network, created_at, seen_at, proven_at) VALUES ($1, $1, $2, FALSE, FALSE, '', '', 1, 1, $3)
			ON CONFLICT (id) DO UPDATE SET proven_at = excluded.proven_at`, a.ID, a.Name, h.now().UnixMilli())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, d *db.DB, key byte) *factor.Factors {
	t.Helper()
	f, err := factor.New(d, bytes.Repeat([]byte{key}, 32), base, func(context.Context) string { return "Atlas of Łódź" })
	if err != nil {
		t.Fatal(err)
	}
	return f
}
